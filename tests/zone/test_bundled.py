"""The bundled zones say what was published about one zone, figure by figure, and nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zonereport.zone.model import Figure, Missing, Zone
from zonereport.zone.quantity import Quantity
from zonereport.zone.reading import bundled_zones, read_zone

CNY, USD = "CNY", "USD"

# id: qualifier, number, unit, as of, period, source; from the project's collection of published figures
FIGURES = {
    "baotou-2017": {
        "area": ("exact", "120", "square-kilometres", "2017-12", None, "CD17"),
        "rd-centres": ("up_to", "50", "number", "2017-12", None, "CD17"),
        "overseas-returnees": ("exact", "329", "persons", "2017-12", None, "CD17"),
        "patents-granted": ("exact", "2410", "number", "2017-12", None, "CD17"),
        "enterprises-registered": ("more_than", "4600", "number", "2017-12", None, "CD17"),
        "enterprises-high-tech": ("exact", "49", "number", "2017-12", None, "CD17"),
        "enterprises-listed": ("exact", "22", "number", "2017-12", None, "CD17"),
        "enterprises-foreign-invested": ("exact", "39", "number", "2017-12", None, "CD17"),
        "rare-earth-enterprises": ("exact", "65", "number", "2017-12", None, "CD17"),
        "industrial-output": ("exact", "93400000000", CNY, None, "2017", "CD18"),
        "industrial-added-value": ("exact", "18000000000", CNY, None, "2017", "CD18"),
        "taxes": ("about", "8000000000", CNY, None, "2017", "CD18"),
        "exports": ("exact", "322000000", USD, None, "2017", "CD18"),
    },
    "baotou-2021": {
        "innovation-platforms": ("exact", "119", "number", "2021-12", None, "SMM21"),
        "rd-intensity": ("exact", "4.12", "percent", "2021", "not stated", "SMM21"),
        "enterprises-high-tech": ("exact", "116", "number", "2021", None, "SMM21"),
        "technology-smes": ("exact", "95", "number", "2021", None, "SMM21"),
        "technology-little-giants": ("exact", "23", "number", "2021", None, "SMM21"),
    },
    "baotou-2022": {
        "innovation-platforms": ("exact", "158", "number", "2022-12", None, "CD22"),
        "rd-professionals": ("exact", "3228", "persons", "2022-12", None, "CD22"),
        "rd-projects": ("exact", "1235", "number", "2022-12", "not stated", "CD22"),
        "invention-patents-held": ("exact", "1057", "number", "2022-12", None, "CD22"),
        "achievements-applied": ("more_than", "500", "number", "2022-12", None, "CD22"),
        "technology-contracts": ("exact", "46", "number", "2022-12", "not stated", "CD22"),
        "technology-contract-turnover": ("exact", "206000000", CNY, "2022-12", "not stated", "CD22"),
        "technology-contract-turnover-share-of-city": (
            "exact", "76", "percent", "2022-12", "not stated", "CD22",
        ),
        "enterprises-large-scale": ("more_than", "320", "number", "2022-12", None, "CD22"),
    },
    "baotou-2023": {
        "rd-intensity": ("exact", "3.5", "percent", "2023", "2023", "BT24"),
        "fiscal-science-technology-spending": ("exact", "367000000", CNY, None, "2023", "BT24"),
    },
}  # fmt: skip

SOURCES = {
    "CD17": ("2017-12-14", "https://govt.chinadaily.com.cn/s/201712/14/WS5b785358498e855160e8d787"),
    "CD18": ("2018-12-12", "https://investinchina.chinadaily.com.cn/s/201812/12/WS5c7cebf1498e27e338039812"),
    "SMM21": ("2021-12-13", "https://news.metal.com/newscontent/101691245"),
    "CD22": ("2022-12-19", "https://innermongolia.chinadaily.com.cn/baotou/2022-12/19/c_840910.htm"),
    "BT24": ("2024", "https://baotounews.com.cn/p/879240.html"),
}

ALSO = {
    ("baotou-2017", "industrial-output"): ("13500000000", USD),
    ("baotou-2022", "technology-contract-turnover"): ("29500000", USD),
}

BREAKDOWNS = {
    ("baotou-2017", "rd-centres"): [("national-level", "3")],
    ("baotou-2022", "innovation-platforms"): [
        ("R&D centers", None),
        ("key laboratories", None),
        ("academician workstations", None),
        ("innovation complexes", None),
        ("industrial technological innovation alliances", None),
    ],
}

STATUS = {("baotou-2017", "patents-granted"): {"definition_differs"}}

LABELS = {
    ("baotou-2021", "innovation-platforms"): "R&D platforms",
    ("baotou-2021", "enterprises-high-tech"): "National high-tech enterprises",
    ("baotou-2021", "technology-smes"): "National science and technology SMEs",
    ("baotou-2022", "invention-patents-held"): "Invention patents held by enterprises",
}

PRINTED = {
    ("baotou-2017", "rd-centres"): "as many as 50",
    ("baotou-2017", "enterprises-registered"): "more than 4,600",
    ("baotou-2017", "industrial-output"): "93.4 billion yuan ($13.5 billion)",
    ("baotou-2017", "taxes"): "about 8 billion yuan",
    ("baotou-2017", "exports"): "$322 million",
    ("baotou-2021", "rd-intensity"): "4.12 percent",
    ("baotou-2022", "rd-professionals"): "3,228",
    ("baotou-2022", "achievements-applied"): "more than 500",
    ("baotou-2022", "technology-contract-turnover"): "206 million yuan ($29.5 million)",
    ("baotou-2022", "technology-contract-turnover-share-of-city"): "76 percent",
    ("baotou-2022", "enterprises-large-scale"): "more than 320",
    ("baotou-2023", "rd-intensity"): "3.5%",
    ("baotou-2023", "fiscal-science-technology-spending"): "3.67亿元",
}

ZONES = {name: read_zone(path) for name, path in bundled_zones().items()}
EACH = [(name, id) for name, figures in FIGURES.items() for id in figures]


def facts(figure: Figure) -> tuple[str, str, str, str | None, str | None, str]:
    assert isinstance(figure.value, Quantity)
    (source,) = figure.sources
    return (
        figure.value.qualifier,
        str(figure.value.number),
        figure.unit,
        str(figure.as_of) if figure.as_of else None,
        str(figure.period) if figure.period else None,
        source.id,
    )


@pytest.mark.parametrize(("name", "id"), EACH)
def test_a_figure_is_the_published_one(name: str, id: str) -> None:
    assert facts(ZONES[name].figures[id]) == FIGURES[name][id]


def test_no_zone_and_no_figure_is_there_that_was_not_published() -> None:
    assert {name: set(zone.figures) for name, zone in ZONES.items()} == {
        name: set(figures) for name, figures in FIGURES.items()
    }
    assert sum(len(zone.figures) for zone in ZONES.values()) == 29


@pytest.mark.parametrize("name", ZONES)
def test_a_second_printed_value_stands_only_where_one_was_printed(name: str) -> None:
    found = {
        (name, id): (str(figure.also.quantity.number), figure.also.unit)
        for id, figure in ZONES[name].figures.items()
        if figure.also
    }
    assert found == {key: value for key, value in ALSO.items() if key[0] == name}


@pytest.mark.parametrize("name", ZONES)
def test_a_total_is_split_only_into_what_was_named(name: str) -> None:
    found = {}
    for id, figure in ZONES[name].figures.items():
        if figure.breakdown:
            assert not figure.breakdown.complete
            found[name, id] = [
                (part.name["en"], None if isinstance(part.value, Missing) else str(part.value.number))
                for part in figure.breakdown.parts
            ]
    assert found == {key: value for key, value in BREAKDOWNS.items() if key[0] == name}


@pytest.mark.parametrize("name", ZONES)
def test_a_status_and_a_label_of_its_own_stand_only_where_the_source_differs(name: str) -> None:
    figures = ZONES[name].figures
    assert {(name, id): set(figure.status) for id, figure in figures.items() if figure.status} == {
        key: value for key, value in STATUS.items() if key[0] == name
    }
    assert {(name, id): figure.label["en"] for id, figure in figures.items() if figure.label} == {
        key: value for key, value in LABELS.items() if key[0] == name
    }


@pytest.mark.parametrize(("name", "id"), EACH)
def test_the_printed_form_is_kept_and_holds_the_number(name: str, id: str) -> None:
    figure = ZONES[name].figures[id]
    assert isinstance(figure.value, Quantity)
    assert figure.printed == PRINTED.get((name, id), figure.printed)
    digits = "".join(c for c in figure.printed.split("(")[0] if c.isdigit() or c == ".")
    ratio = figure.value.number / Decimal(digits)
    assert ratio in (1, 10**6, 10**8, 10**9)


@pytest.mark.parametrize(
    ("name", "snapshot", "date"),
    [
        ("baotou-2017", "2017", "2018-12-12"),
        ("baotou-2021", "2021", "2021-12-13"),
        ("baotou-2022", "2022", "2022-12-19"),
        ("baotou-2023", "2023", "2024-12-31"),
    ],
)
def test_an_edition_is_the_snapshot_it_is_named_after(name: str, snapshot: str, date: str) -> None:
    edition = ZONES[name].edition
    assert (str(edition.snapshot), edition.date.isoformat()) == (snapshot, date)


@pytest.mark.parametrize("name", ZONES)
def test_every_zone_has_the_published_names(name: str) -> None:
    zone = ZONES[name]
    assert zone.id == "baotou"
    assert zone.name == {
        "en": "Baotou Rare Earth High-tech Industrial Development Zone",
        "zh": "包头稀土高新技术产业开发区",
    }


def every_source(zone: Zone) -> set[str]:
    lists = [entry.source for entry in zone.lists.values()]
    others = [entry.source for entry in (*zone.milestones, *zone.voices)]
    figures = [source for figure in zone.figures.values() for source in figure.sources]
    return {source.id for source in (*lists, *others, *figures)}


@pytest.mark.parametrize("name", ZONES)
def test_every_source_is_one_of_the_five_and_is_used(name: str) -> None:
    zone = ZONES[name]
    assert every_source(zone) == set(zone.sources)
    for id, source in zone.sources.items():
        assert (str(source.date), source.address) == SOURCES[id]


def test_the_lists_of_2022_are_the_published_ones_in_their_order() -> None:
    lists = ZONES["baotou-2022"].lists
    assert {id: [item.name["en"] for item in entry.items] for id, entry in lists.items()} == {
        "present-industries": [
            "rare earth new materials",
            "intensive processing of aluminum and copper products",
            "manufacturing of high-end equipment",
            "new energy",
        ],
        "focus-sectors": [
            "new energy",
            "new materials",
            "high-end equipment manufacturing",
            "green development",
            "environmental protection",
        ],
    }


def test_the_milestones_and_voices_are_those_of_2022_and_nobody_is_quoted() -> None:
    zone = ZONES["baotou-2022"]
    assert [str(milestone.date) for milestone in zone.milestones] == ["1990", "2022-09"]
    assert [voice.speaker["en"] for voice in zone.voices] == ["Wu Tieshan", "Cao Cai'e"]
    assert not any(voice.is_quotation for voice in zone.voices)
    others = [other for name, other in ZONES.items() if name != "baotou-2022"]
    assert not any(other.lists or other.milestones or other.voices for other in others)
