"""One cell: what a value of the zone file looks like in it, and what its content says.

Whatever can mean two things, or is no value at all, is asked back: docs/workbook.md lists the rules.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zonereport.errors import did_you_mean
from zonereport.zone.model import Missing
from zonereport.zone.numerals import NumeralError, number_of, read_number, write_number
from zonereport.zone.schema import shorten
from zonereport.zone.workbook.layout import FLAGS, QUALIFIERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from zonereport.zone.numerals import DecimalMark
    from zonereport.zone.workbook.layout import Column, Said

Cell = str | float | bool | date | datetime | time | timedelta
"""What the reader of workbooks gives; a cell with nothing in it is an empty text."""

MAX_CELL = 32_767
"""UTF-16 units that a cell holds; a spreadsheet program cuts what is longer."""

UNPUBLISHED = frozenset({"…", "...", "..", "……", ":"})
"""What the United Nations, the Chinese yearbooks and Eurostat print for "not available"."""
UNSURE = frozenset({"-", "–", "—", "--", "——", "/", "x", "n/a", "na", "n.a.", "nil", "none", "无", "空缺"})
"""Zero to some, not published or not applicable to others."""
STATES = frozenset(
    {"在建", "筹建", "拟建", "建设中", "待定", "under construction", "planned", "tbd", "tba", "pending"}
)
"""What is told of a thing that cannot be counted yet."""


class CellError(ValueError):
    """A cell's content that is not taken, with a hint."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


# From a cell


def read_text(value: Cell) -> str:
    """Return the text of a cell; a number is the text of its digits."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        raise CellError(f"expected text, found {_shown(value)}")
    if isinstance(value, (int, float)):
        return str(number_of(value))
    raise CellError(f"expected text, found {_shown(value)}", "format the cell as text and type it again")


def read_words(value: Cell) -> Any:
    """Return a text, or the object that stands in the cell as JSON, such as texts by language."""
    text = read_text(value)
    if not _is_object(text):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise CellError('what begins with `{"` is read as JSON, and this is none') from None


def read_figure_number(value: Cell, *, is_percentage: bool = False) -> Decimal | str:
    """Return the number of a cell, or the reason that there is none, such as "not published"."""
    if isinstance(value, str):
        return read_marked(value.strip())
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        hint = "a spreadsheet makes dates of 3-4 or 1/2; format the cell as text and type it again"
        raise CellError(f"expected a number, found {_shown(value)}", "" if isinstance(value, bool) else hint)
    number = number_of(value)
    return number_of(float(number * 100)) if is_percentage else number


def read_whole(value: Cell) -> int:
    """Return a whole number."""
    number = read_figure_number(value)
    if isinstance(number, str) or number != number.to_integral_value():
        raise CellError(f"expected a whole number, found {_shown(value)}")
    return int(number)


def read_marked(text: str, mark: DecimalMark | None = None) -> Decimal | str:
    """Return the number of a text, or the reason that it tells; `mark` is the decimal mark, if declared."""
    if text in UNPUBLISHED:
        return Missing.NOT_PUBLISHED.value
    if (word := _word(text, QUALIFIERS)) in {missing.value for missing in Missing}:
        return str(word)
    folded = text.casefold()
    if folded in UNSURE:
        raise CellError(
            f"`{text}` means zero to some, and not published or not applicable to others",
            "type 0, or choose `not published` or `not applicable`",
        )
    if folded in STATES:
        raise CellError(
            f"`{text}` is a state, not a number",
            "choose `not published` or `not applicable`, and write the state as a note",
        )
    try:
        return read_number(text, mark)
    except NumeralError as error:
        raise CellError(str(error), error.hint) from None


def read_when(value: Cell) -> str:
    """Return the text of a period; a first of the month is asked back, for that is how a month is stored."""
    if isinstance(value, (date, datetime)):
        day = _day(value)
        if day.day == 1:
            raise CellError(
                f"found the date {day}, which may be how the spreadsheet stored a month",
                f"format the cell as text and type `{day:%Y-%m}` or `{day}`, whichever is meant",
            )
        return day.isoformat()
    return read_text(value)


def read_day(value: Cell) -> str:
    """Return the text of a day."""
    return _day(value).isoformat() if isinstance(value, (date, datetime)) else read_text(value)


def _day(value: date | datetime) -> date:
    if not isinstance(value, datetime):
        return value
    if value.time() != time():
        raise CellError(f"expected a date, found {_shown(value)}", "delete the time of day")
    return value.date()


def read_many(value: Cell) -> list[str]:
    """Return the entries of a cell, parted by commas, semicolons or lines."""
    text = read_text(value)
    for mark in "，、；;\n":
        text = text.replace(mark, ",")
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def read_flag(value: Cell) -> bool:
    """Return yes or no."""
    if isinstance(value, bool):
        return value
    word = _word(read_text(value), FLAGS)
    if word is None:
        raise CellError(f"expected `yes` or `no`, found {_shown(value)}")
    return word == "true"


def read_choice(value: Cell, known: Mapping[str, Said]) -> str:
    """Return the key of a word in either language."""
    text = read_text(value)
    word = _word(text, known)
    if word is None:
        words = [said[0] for said in known.values()]
        hint = did_you_mean(text, words)
        raise CellError(f"expected one of {', '.join(words)}, found {_shown(value)}", hint)
    return word


def _word(text: str, known: Mapping[str, Said]) -> str | None:
    folded = text.casefold()
    return next((key for key, said in known.items() if folded in (key, *map(str.casefold, said))), None)


def _shown(value: Cell) -> str:
    match value:
        case bool():
            return f"`{str(value).upper()}`"
        case str():
            return f"the text `{shorten(value)}`"
        case datetime() | date():
            return f"the date `{value}`"
        case time() | timedelta():
            return f"the time `{value}`"
        case _:
            return f"`{shorten(value)}`"


# Into a cell


def write_words(texts: Mapping[str, Any], order: Sequence[str]) -> dict[str, str]:
    """Return the cells of texts, or of a phrase's forms, by language.

    Languages in another order than the columns', which says what is borrowed first, stand together in the
    first column as JSON; so does what would be read as JSON, and a phrase in no language at all.
    """
    in_order = list(texts) == [language for language in order if language in texts]
    if not texts or not in_order or any(map(_is_object, texts.values())):
        return {order[0]: _fitting(json.dumps(texts, ensure_ascii=False))}
    return {language: _fitting(_one_text(text)) for language, text in texts.items()}


def _one_text(text: Any) -> str:
    if isinstance(text, dict):
        return str(text["other"]) if list(text) == ["other"] else json.dumps(text, ensure_ascii=False)
    return str(text)


def _is_object(text: Any) -> bool:
    return isinstance(text, str) and (text.startswith('{"') or text == "{}")


def write_cell(column: Column, value: Any, place: int) -> str | Decimal:
    """Return what stands in a cell for a value that is no text by language; `place` is the language's."""
    match value:
        case bool():
            return FLAGS[str(value).lower()][place]
        case Decimal() | int():
            number = Decimal(value)
            return number if _same(number) else write_number(number)
        case list():
            return _fitting(", ".join(map(str, value)))
        case str() if column.kind in ("choice", "qualifier"):
            return column.known[value][place]
        case _:
            return _fitting(str(value))


def _same(number: Decimal) -> bool:
    """Whether a spreadsheet's cell keeps a number with all its digits, zeros at the end too."""
    return str(number_of(float(number))) == str(number)


def _fitting(text: str) -> str:
    if len(text.encode("utf-16-le")) // 2 > MAX_CELL:
        raise CellError(f"the text `{shorten(text)}` has more than {MAX_CELL} characters")
    return text
