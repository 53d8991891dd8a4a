"""The peers' briefing as zone files: the same figures, with the five snapshots before for what runs over years."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from peers import content

from zonereport.zone.toml import write_toml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TEMPLATE_LANGUAGES = ("en", "zh")
YEARS: tuple[int, ...] = tuple(content.YEARS)
LATEST = YEARS[-1]

CHINESE = {
    "National key laboratories": "国家重点实验室",
    "Engineering research centres": "工程研究中心",
    "Enterprise technology centres": "企业技术中心",
    "Joint university laboratories": "校企联合实验室",
    "Pilot-scale test bases": "中试基地",
    "Incubators and accelerators": "孵化器和加速器",
    "Shared instrument platforms": "仪器共享平台",
    "New-type R&D institutes": "新型研发机构",
    "Electronic information": "电子信息",
    "Advanced materials": "新材料",
    "Biomedicine": "生物医药",
    "New energy": "新能源",
    "Intelligent manufacturing": "智能制造",
    "Aerospace": "航空航天",
    "Modern transport": "现代交通",
    "Environmental protection": "环境保护",
    "Modern agriculture": "现代农业",
    "Marine technology": "海洋技术",
    "Urban services": "城市服务",
    "Nuclear applications": "核应用",
    "Embodied intelligence": "具身智能",
    "Brain-computer interfaces": "脑机接口",
    "Hydrogen storage": "储氢",
    "Quantum information": "量子信息",
    "Synthetic biology": "合成生物",
    "Low-altitude economy": "低空经济",
    "Sixth-generation networks": "第六代通信",
    "Researchers": "研究人员",
    "Engineers": "工程师",
    "Invention": "发明专利申请",
    "Utility model": "实用新型申请",
    "Design": "外观设计申请",
}
CONTINUED = {"Hydrogen storage": "New energy", "Synthetic biology": "Biomedicine"}
"""The future sectors that follow from a present one."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the peers print as text and draw, as numbers."""

    key: dict[str, Decimal]
    platforms: dict[str, int]
    staff: dict[str, list[int]]
    patents: dict[str, list[int]]
    years: dict[str, list[int]]
    """Patents filed, granted and in force, by year."""
    fields: dict[str, Decimal]
    """The value of contracts in millions."""
    scores: dict[str, int]


def read_numbers(n: int) -> Numbers:
    """Return the numbers of the peers' briefing `n`."""
    overview, platforms, staff, patents, contracts, future = content.briefing(n)["sections"]
    table = patents["table"]
    return Numbers(
        {row[0]: _number(row[1]) for row in overview["table"]["rows"]},
        _points(platforms["charts"][0]),
        _lines(staff["charts"][0]),
        _lines(patents["charts"][0]),
        {
            name: [int(_number(row[place])) for row in table["rows"]]
            for place, name in enumerate(table["header"])
        },
        {row[0]: _number(row[2]) for row in contracts["table"]["rows"]},
        _points(future["charts"][0]),
    )


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _points(chart: dict[str, Any]) -> dict[str, int]:
    return dict(zip(chart["labels"], chart["values"], strict=True))


def _lines(chart: dict[str, Any]) -> dict[str, list[int]]:
    return dict(zip(chart["labels"], chart["series"], strict=True))


def write_zones(n: int, folder: Path, *, years: Iterable[int] = YEARS) -> list[Path]:
    """Write the zone files of briefing `n`, one a year, into a folder, and return them, the latest last."""
    numbers = read_numbers(n)
    paths = []
    for year in years:
        path = folder / f"testonia-{n}-{year}.toml"
        path.write_text(write_toml(zone_form(n, numbers, year)), "utf-8")
        paths.append(path)
    return paths


def zone_form(n: int, numbers: Numbers, year: int) -> dict[str, Any]:
    """Return the zone file of a year: the latest with everything, an earlier one with the series."""
    place = YEARS.index(year)
    form = _head(n, year) | {"indicators": _declared(numbers), "figures": _series(numbers, place)}
    if year == LATEST:
        form["headline"] = ["innovation-platforms", "rd-personnel", "patents-filed-in-period",
                            "patents-granted-in-period", "patents-in-force"]  # fmt: skip
        form["figures"] |= _figures_of_latest(n, numbers)
        form["lists"] = _lists(numbers)
    return form


def _head(n: int, year: int) -> dict[str, Any]:
    number = n + 1
    return {
        "format": 1,
        "headline": [],
        "zone": {
            "id": f"testonia-{number}",
            "name": {"en": f"Testonia Innovation Zone {number}", "zh": f"测试国创新区{number}"},
            "short_name": {"en": f"Testonia {number}", "zh": f"测试国{number}"},
            "place": {"en": "Testonia", "zh": "测试国"},
            "host": {"en": "Sample City", "zh": "样例市"},
        },
        "edition": {
            "snapshot": year,
            "date": f"{year}-12-31",
            "issued_by": {"en": "Testonia Statistics Office", "zh": "测试国统计局"},
        },
        "defaults": {"source": "SURVEY", "as_of": year, "period": year, "currency": "EUR"},
        "sources": {
            "SURVEY": {
                "title": {"en": f"Invented annual survey {year}", "zh": f"虚构年度调查{year}"},
                "publisher": {"en": "Testonia Statistics Office", "zh": "测试国统计局"},
                "date": year,
            }
        },
    }


def _series(numbers: Numbers, place: int) -> dict[str, Any]:
    return {
        "rd-personnel": sum(values[place] for values in numbers.staff.values()),
        "researchers": numbers.staff["Researchers"][place],
        "engineers": numbers.staff["Engineers"][place],
        "patents-filed-in-period": numbers.years["Filed"][place],
        "patents-granted-in-period": numbers.years["Granted"][place],
        "patents-in-force": numbers.years["In force"][place],
    }


def _declared(numbers: Numbers) -> dict[str, Any]:
    """Return what the catalogue does not know; each year declares it, as the template names it."""
    declared = {
        _id(name): _own(name, "persons", "stock", "workforce") for name in ("Researchers", "Engineers")
    }
    declared |= {_id(name): _own(name, "number", "flow", "patents") for name in numbers.patents}
    declared |= {_id(name): _own(name, "money", "flow", "contracts") for name in numbers.fields}
    score = {"en": "Highest readiness score", "zh": "最高就绪评分"}
    return declared | {"readiness-score": _own(score, "index", "ratio", "context")}


def _figures_of_latest(n: int, numbers: Numbers) -> dict[str, Any]:
    parts = [{"name": _both(name), "value": value} for name, value in numbers.platforms.items()]
    turnover = numbers.key["Contract value (million)"]
    return {
        "innovation-platforms": {
            "value": int(numbers.key["Innovation platforms"]),
            "breakdown": {"by": {"en": "kind", "zh": "种类"}, "parts": parts, "complete": True},
        },
        "technology-contracts": int(numbers.key["Technology contracts"]),
        "technology-contract-turnover": {"value": turnover, "scale": "million"},
        "technology-contract-turnover-share-of-city": 40 + n % 20,
        "enterprises-high-tech": int(numbers.key["High-tech enterprises"]),
        "rd-intensity": numbers.key["R&D intensity (%)"],
        "readiness-score": max(numbers.scores.values()),
        **{_id(name): values[-1] for name, values in numbers.patents.items()},
        **{_id(name): {"value": value, "scale": "million"} for name, value in numbers.fields.items()},
    }


def _lists(numbers: Numbers) -> dict[str, Any]:
    focus = [
        {"id": f"focus-{_id(name)}", "name": _both(name)}
        | (
            {"relation": "continuing", "origin": _id(CONTINUED[name])}
            if name in CONTINUED
            else {"relation": "new"}
        )
        for name in reversed(numbers.scores)
    ]
    present = [{"id": _id(name), "name": _both(name)} for name in [*numbers.fields][:6]]
    return {
        "present-industries": {"label": {"en": "Industries today", "zh": "现有产业"}, "items": present},
        "focus-sectors": {"label": {"en": "Future focus sectors", "zh": "未来重点产业"}, "items": focus},
    }


def _own(name: str | dict[str, str], unit: str, kind: str, section: str) -> dict[str, Any]:
    """Return an indicator of the zone's own."""
    label = _both(name) if isinstance(name, str) else name
    definition = {code: f"{words}{'.' if code == 'en' else '。'}" for code, words in label.items()}
    phrase = {"en": f"{{n}} ({label['en'].lower()})", "zh": f"{{n}}（{label['zh']}）"}
    return {"section": section, "unit": unit, "kind": kind, "label": label, "definition": definition} | (
        {"phrase": phrase} if unit in ("number", "persons") else {}
    )


def _both(name: str) -> dict[str, str]:
    return {"en": name, "zh": CHINESE[name]}


def _id(name: str) -> str:
    return name.lower().replace(" ", "-")
