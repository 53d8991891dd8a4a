"""A zone in canonical form: JSON that is itself a zone file, every figure saying all that holds for it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zonereport.zone.catalogue import load_catalogue
from zonereport.zone.model import Missing
from zonereport.zone.period import Period
from zonereport.zone.quantity import INFINITY, ZERO, Quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zonereport.zone.model import (
        Breakdown,
        Edition,
        Figure,
        Indicator,
        ItemList,
        Milestone,
        Source,
        Voice,
        Zone,
    )

WIDTH = 100
"""Columns that a table may take on one line."""


def write_zone(zone: Zone) -> str:
    """Return the zone as a JSON zone file that `parse_zone` reads as an equal zone, again and again the same.

    Keys stand in one order, figures in that of the catalogue. Nothing is left to defaults or to a scale:
    every figure names its source, dates and currency and gives its number in whole units, with as many
    decimals as it had. A text is given by language. What is absent was not said.
    """
    own = load_catalogue().indicators.keys()
    declared = {id: entry for id, entry in zone.indicators.items() if id not in own}
    data = _said(
        format=1,
        zone=_said(id=zone.id, name=zone.name, short_name=zone.short_name, place=zone.place, host=zone.host),
        edition=_edition(zone.edition),
        sources={id: _source(source) for id, source in zone.sources.items()},
        indicators={id: _indicator(indicator) for id, indicator in declared.items()},
        figures={id: _figure(figure) for id, figure in zone.figures.items()},
        lists={id: _list(entry) for id, entry in zone.lists.items()},
        milestones=[_milestone(milestone) for milestone in zone.milestones],
        voices=[_voice(voice) for voice in zone.voices],
        headline=list(zone.headline),
    )
    return write_json(data)


def _said(**given: Any) -> dict[str, Any]:
    """Return what is said: no None, and nothing empty or false, which the reader takes for granted."""
    unsaid: tuple[Any, ...] = ("", [], {})
    return {key: it for key, it in given.items() if it is not None and it is not False and it not in unsaid}


def _edition(edition: Edition) -> dict[str, Any]:
    return _said(
        snapshot=edition.snapshot,
        date=edition.date.isoformat(),
        as_of=edition.as_of,
        issued_by=edition.issued_by,
        status=edition.status,
        note=edition.note,
    )


def _source(source: Source) -> dict[str, Any]:
    return _said(
        title=source.title,
        publisher=source.publisher,
        date=source.date,
        address=source.address,
        note=source.note,
    )


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return _said(
        section=indicator.section,
        unit=indicator.unit,
        kind=indicator.kind,
        label=indicator.label,
        phrase=_phrases(indicator.phrase),
        measure=indicator.measure,
        definition=indicator.definition,
        family=indicator.family,
        standard=indicator.standard,
        formula=indicator.formula,
        decimals=indicator.decimals,
        significant=indicator.significant,
        about=indicator.about,
        signed=indicator.signed,
        better=indicator.better,
        caveat=indicator.caveat,
        within=indicator.within,
        change_limit=indicator.change_limit,
    )


def _phrases(phrases: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return phrases by language; one that has a single form is the form."""
    return {language: forms["other"] if len(forms) == 1 else forms for language, forms in phrases.items()}


def _figure(figure: Figure) -> dict[str, Any]:
    indicator = figure.indicator
    sources = [source.id for source in figure.sources]
    return {
        **_value(figure.value, signed=indicator.signed),
        **_said(
            unit=figure.unit if indicator.unit.startswith("money") else None,
            as_of=figure.as_of,
            period=figure.period,
            status=sorted(figure.status),
            source=sources[0] if len(sources) == 1 else sources,
            label=figure.label,
            scope=figure.scope,
            printed=figure.printed,
            growth=figure.growth,
        ),
        **({} if figure.phrase is None else {"phrase": _phrases(figure.phrase)}),
        **_said(
            also=figure.also
            and {**_value(figure.also.quantity, signed=indicator.signed), "unit": figure.also.unit},
            note=figure.note,
            breakdown=figure.breakdown and _breakdown(figure.breakdown, signed=indicator.signed),
        ),
    }


def _value(value: Quantity | Missing, *, signed: bool) -> dict[str, Any]:
    """Return the form of a value that is read as the same interval: what is unsigned begins at zero.

    Ends are compared as they are written: 0.0 is a bound that was given, 0 the one that goes without saying.
    """
    if isinstance(value, Missing):
        return {"missing": value.value}
    low, high = value.low, value.high
    if high.value == INFINITY:
        return {"more_than" if low.is_open else "at_least": low.value}
    if high.is_open:
        return {"less_than": high.value}
    if str(low.value) == str(high.value):
        return {"about" if value.about else "value": low.value}
    if str(low.value) == str(-INFINITY if signed else ZERO):
        return {"up_to": high.value}
    return {"range": [low.value, high.value]}


def _breakdown(breakdown: Breakdown, *, signed: bool) -> dict[str, Any]:
    parts = [{"name": part.name, **_value(part.value, signed=signed)} for part in breakdown.parts]
    return _said(
        by=breakdown.by,
        complete=breakdown.complete,
        overlapping=breakdown.overlapping,
        parts=parts,
        note=breakdown.note,
    )


def _list(entry: ItemList) -> dict[str, Any]:
    items = [
        _said(id=item.id, name=item.name, relation=item.relation, origin=item.origin) for item in entry.items
    ]
    return _said(label=entry.label, source=entry.source.id, as_of=entry.as_of, items=items, note=entry.note)


def _milestone(milestone: Milestone) -> dict[str, Any]:
    return _said(
        date=milestone.date,
        title=milestone.title,
        detail=milestone.detail,
        source=milestone.source.id,
        note=milestone.note,
    )


def _voice(voice: Voice) -> dict[str, Any]:
    how = "quotation" if voice.is_quotation else "paraphrase"
    return {"speaker": voice.speaker, "role": voice.role, how: voice.text, "source": voice.source.id}


# The layout


def write_json(data: dict[str, Any]) -> str:
    """Return plain data as JSON: an entry on one line where there is room, numbers with all their digits."""
    return f"{_laid(data)}\n"


def _laid(value: Any, indent: int = 0, taken: int = 0) -> str:
    """Return a value as JSON: on one line where there is room behind what is taken, else an entry a line."""
    line, inner = _line(value), indent + 2
    if not isinstance(value, (dict, list)) or (indent and indent + taken + len(line) <= WIDTH):
        return line
    if isinstance(value, dict):
        rows = [f'"{key}": {_laid(entry, inner, len(key) + 4)}' for key, entry in value.items()]
    else:
        rows = [_laid(entry, inner) for entry in value]
    margin = "\n" + " " * inner
    return line[0] + margin + f",{margin}".join(rows) + "\n" + " " * indent + line[-1]


def _line(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{_line(key)}: {_line(entry)}" for key, entry in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_line, value)) + "]"
        case Decimal():
            return str(value)
        case Period() | date():
            return json.dumps(str(value))
        case _:
            return json.dumps(value, ensure_ascii=False)
