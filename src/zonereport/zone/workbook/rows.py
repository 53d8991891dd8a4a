"""From the data of a zone's form to the rows of the workbook's sheets, by the keys of their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zonereport.zone.catalogue import load_catalogue, make_indicator
from zonereport.zone.schema import QUALIFIERS, IndicatorForm
from zonereport.zone.workbook.layout import HEAD, HOW, LANGUAGES, ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from zonereport.zone.model import Indicator

    Data = Mapping[str, Any]

Row = dict[str, Any]
"""What stands in a row, by the keys of its columns; texts by language."""

INDICATOR, SECTION = "(indicator)", "(section)"
"""What else a row of the figures carries: what it is a row of, or the heading that it is instead."""


def rows_of(data: Data) -> dict[str, list[Row]]:
    """Return the rows of each sheet by its name."""
    return {
        ZONE: [{column.key: _at(data, column.key) for column in HEAD}],
        "Figures": list(_figures(data)),
        "Breakdowns": list(_breakdowns(data)),
        "Sources": [{"id": id, **entry} for id, entry in data.get("sources", {}).items()],
        "Lists": list(_lists(data)),
        "Milestones": list(data.get("milestones", [])),
        "Voices": list(_voices(data)),
        "Indicators": [{"id": id, **entry} for id, entry in data.get("indicators", {}).items()],
    }


def _at(data: Any, key: str) -> Any:
    for part in key.split("."):
        data = data.get(part) if data else None
    return data


def _figures(data: Data) -> Iterator[Row]:
    """Yield the catalogue's indicators under their sections, then the zone's own."""
    catalogue = load_catalogue()
    figures = data.get("figures", {})
    for id, title in catalogue.sections.items():
        yield {SECTION: " ".join(title[code] for code in LANGUAGES)}
        for indicator in catalogue.indicators.values():
            if indicator.section == id:
                yield _figure(indicator, figures.get(indicator.id, {}))
    yield {SECTION: "Your own, of the sheet Indicators 自定义指标（见Indicators表）"}
    for id, entry in data.get("indicators", {}).items():
        yield _figure(make_indicator(id, IndicatorForm.model_validate(entry)), figures.get(id, {}))


def _figure(indicator: Indicator, figure: Data) -> Row:
    also = figure.get("also", {})
    return {
        **figure,
        **_value(figure),
        **{f"also.{key}": entry for key, entry in {**also, **_value(also)}.items()},
        "id": indicator.id,
        INDICATOR: indicator,
    }


def _value(value: Data) -> Row:
    """Return the cells of a value; an exact one needs no word for that."""
    form = next((name for name in QUALIFIERS if name in value), "")
    match form:
        case "":
            return {}
        case "missing":
            return {"qualifier": value[form]}
        case "range":
            low, high = value[form]
            return {"qualifier": form, "value": low, "to": high}
        case "value":
            return {"value": value[form]}
        case _:
            return {"qualifier": form, "value": value[form]}


def _breakdowns(data: Data) -> Iterator[Row]:
    for id, figure in data.get("figures", {}).items():
        breakdown = figure.get("breakdown", {"parts": ()})
        head = {key: entry for key, entry in breakdown.items() if key != "parts"}
        for part in breakdown["parts"]:
            yield {"figure": id, **head, **part, **_value(part)}
            head = {}


def _lists(data: Data) -> Iterator[Row]:
    for id, entry in data.get("lists", {}).items():
        head = {key: said for key, said in entry.items() if key != "items"}
        for item in entry["items"]:
            yield {"list": id, **head, **item}
            head = {}


def _voices(data: Data) -> Iterator[Row]:
    for voice in data.get("voices", []):
        how = next(how for how in HOW if how in voice)
        yield {**voice, "how": how, "text": voice[how]}
