"""One cell's worth of a table: from what stands there to a figure of a zone file."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args

from zonereport.errors import did_you_mean
from zonereport.zone.catalogue import load_catalogue
from zonereport.zone.printed.signs import are_flags
from zonereport.zone.schema import MISSING, SCALES, shorten
from zonereport.zone.tables.mapping import EUROSTAT, Outcome
from zonereport.zone.workbook import cells
from zonereport.zone.workbook.cells import CellError
from zonereport.zone.workbook.layout import QUALIFIERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from zonereport.zone.tables.mapping import TableMap, TargetForm
    from zonereport.zone.workbook.cells import Cell

_FLAGGED = re.compile(r"(?P<value>:|[^A-Za-z]*\d)(?P<space>\s*)(?P<flags>[A-Za-z]{1,4})", re.ASCII)
_SIGNED = re.compile(r"(?P<sign>>=|<=|[<>≤≥~≈])\s*(?P<value>.*\d.*)", re.ASCII)
SIGNS = {
    ">": "more_than", ">=": "at_least", "≥": "at_least", "<": "less_than", "<=": "up_to", "≤": "up_to",
    "~": "about", "≈": "about",
}  # fmt: skip


def read_figure(
    row: Mapping[str, Cell], target: TargetForm, mapping: TableMap, *, percents: Collection[str] = ()
) -> dict[str, Any] | None:
    """Return the data of a figure that a row says of an indicator, or None if it says nothing.

    `row` holds the cells by what their columns mean, `percents` names those that are shown as
    percentages. Raises CellError for what is not taken.
    """
    value, statuses = row.get("value", ""), list(_flags(row, mapping))
    sign = ""
    if isinstance(value, str):
        value, more, sign = _parted(value, mapping)
        statuses += more
    reason = next((status for status in statuses if status in MISSING), None)
    number = _number(value, mapping, target, is_percentage="value" in percents)
    if number is None and not reason:
        return None
    if reason and number not in (None, "not published", reason):
        raise CellError(
            f"found `{number}`, flagged {reason}", "a number that is flagged so is not one to print"
        )
    to = _number(row.get("to", ""), mapping, target, is_percentage="to" in percents)
    figure = _form(row, reason or number, to, sign)
    figure |= _unit(row, target, mapping) if "missing" not in figure else {}
    if kept := list(dict.fromkeys(status for status in statuses if status not in MISSING)):
        figure["status"] = kept
    return figure | _rest(row, mapping)


def _parted(text: str, mapping: TableMap) -> tuple[str, list[str], str]:
    """Return a value's text without its flags and its sign, what the flags mean, and how it is known."""
    statuses: list[str] = []
    if text not in mapping.missing and (flagged := _FLAGGED.fullmatch(text)):
        text, letters = flagged["value"].strip(), flagged["flags"]
        if text != ":" and not (are_flags(letters) and len(letters) <= (2 if flagged["space"] else 4)):
            raise CellError(
                f"`{letters}` can be a unit, or flags", "put units and flags into columns of their own"
            )
        statuses = [_flag(letter, mapping) for letter in letters]
    if signed := _SIGNED.fullmatch(text):
        return signed["value"], statuses, SIGNS[signed["sign"]]
    return text, statuses, ""


def _flags(row: Mapping[str, Cell], mapping: TableMap) -> Iterator[str]:
    for key in ("flag", "status"):
        for entry in cells.read_many(row.get(key, "")):
            for word in entry.split() if key == "flag" else (entry,):
                if word in mapping.flags or not (key == "flag" and word.isalpha() and len(word) <= 3):
                    yield _flag(word, mapping)
                else:
                    yield from (_flag(letter, mapping) for letter in word)


def _flag(word: str, mapping: TableMap) -> str:
    known: dict[str, str] = {**{status: status for status in get_args(Outcome)}, **EUROSTAT, **mapping.flags}
    if word not in known:
        raise CellError(f"unknown flag `{shorten(word)}`", "say what it means under [flags]")
    return known[word]


def _number(
    value: Cell, mapping: TableMap, target: TargetForm, *, is_percentage: bool
) -> Decimal | str | None:
    if isinstance(value, str):
        if value in mapping.missing:
            return mapping.missing[value]
        return cells.read_marked(value, mapping.decimal) if value else None
    unit = _own_unit(target, mapping)
    if is_percentage and unit not in ("percent", "percentage-points"):
        raise CellError(f"expected {unit}, found a percentage")
    return cells.read_figure_number(value, is_percentage=is_percentage)


def _form(
    row: Mapping[str, Cell], number: Decimal | str | None, to: Decimal | str | None, sign: str
) -> dict[str, Any]:
    word = row.get("qualifier", "")
    qualifier = SIGNS.get(str(word)) or (cells.read_choice(word, QUALIFIERS) if word != "" else "")
    if qualifier and sign and qualifier != sign:
        raise CellError(f"the value says `{sign}`, the qualifier `{qualifier}`")
    qualifier = qualifier or sign or "value"
    if isinstance(number, str):
        return {"missing": number}
    if qualifier in MISSING:
        raise CellError(f"expected no number beside `{qualifier}`, found `{number}`")
    if qualifier == "range":
        if not isinstance(to, Decimal):
            raise CellError(f"expected the upper end of the range, found {to or 'nothing'}")
        return {"range": [number, to]}
    if to is not None:
        raise CellError("found an upper end, but no qualifier `range`")
    return {qualifier: number}


def _unit(row: Mapping[str, Cell], target: TargetForm, mapping: TableMap) -> dict[str, str]:
    """Return scale and currency: those of the row, else those of the indicator's line in the mapping."""
    said = {"scale": target.scale, "unit": target.unit}
    if (unit := cells.read_text(row.get("unit", ""))) and unit != _own_unit(target, mapping):
        if entry := mapping.units.get(unit):
            said |= {key: value for key, value in entry.model_dump().items() if value is not None}
        elif unit in SCALES:
            said["scale"] = unit
        elif re.fullmatch("[A-Z]{3}", unit):
            said["unit"] = unit
        else:
            hint = did_you_mean(unit, mapping.units) or "say what it means under [units]"
            raise CellError(f"unknown unit `{shorten(unit)}`", hint)
    if scale := cells.read_text(row.get("scale", "")):
        said["scale"] = scale
    return {key: value for key, value in said.items() if value is not None}


def _own_unit(target: TargetForm, mapping: TableMap) -> str:
    own = mapping.file.get("indicators", {}).get(target.id)
    return str(own["unit"]) if own else load_catalogue().indicators[target.id].unit


def _rest(row: Mapping[str, Cell], mapping: TableMap) -> dict[str, Any]:
    rest: dict[str, Any] = {}
    for key in ("as_of", "period"):
        if when := cells.read_when(row.get(key, "")):
            rest[key] = when
    for key in ("printed", "note"):
        if text := cells.read_text(row.get(key, "")):
            rest[key] = text
    if source := cells.read_text(row.get("source", "")):
        rest["source"] = mapping.sources.get(source, source)
    return rest
