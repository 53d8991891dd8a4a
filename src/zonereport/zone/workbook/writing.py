"""Writing the form: a workbook that people fill in, locked where nothing is to be typed."""

from __future__ import annotations

import io
from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter

from zonereport.zone.workbook.cells import write_cell, write_words
from zonereport.zone.workbook.earlier import draw_earlier
from zonereport.zone.workbook.heights import fitting_height
from zonereport.zone.workbook.instructions import INSTRUCTIONS as WORDS
from zonereport.zone.workbook.layout import (
    FIGURES,
    FIRST_ROW,
    HEAD,
    INSTRUCTIONS,
    LANGUAGES,
    SHEETS,
    SOURCES,
    ZONE,
    column_key,
)
from zonereport.zone.workbook.look import cell_name
from zonereport.zone.workbook.rows import INDICATOR, SECTION, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from zonereport.zone.model import Zone
    from zonereport.zone.workbook.layout import Column, Sheet
    from zonereport.zone.workbook.rows import Row

CHOICES = "Choices"
A3 = 8
ROWS_OF_CHOICES = 200

_LOOKS: Mapping[str, dict[str, Any]] = {
    "key": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#0A5A7D", "valign": "top"},
    "still": {"font_color": "#666666", "bg_color": "#E8ECEF", "valign": "top", "bold": True},
    "said": {"text_wrap": True, "valign": "top", "font_size": 9, "bg_color": "#E8ECEF"},
    "info": {"text_wrap": True, "valign": "top"},
    "small": {"text_wrap": True, "valign": "top", "font_size": 9, "font_color": "#555555"},
    "section": {"bold": True, "bg_color": "#D5E4EA", "valign": "top"},
    "title": {"bold": True, "font_size": 14},
    "open": {"locked": False, "valign": "top"},
    "text": {"locked": False, "valign": "top", "num_format": "@"},
    "wrapped": {"locked": False, "valign": "top", "num_format": "@", "text_wrap": True},
}
_CELL = {"bg_color": "#FFFBE6", "border": 4, "border_color": "#BBBBBB"}
"""How a cell looks that waits to be filled in."""


def write_workbook(data: Mapping[str, Any], *, earlier: Sequence[Zone] = (), language: str = "en") -> bytes:
    """Return a workbook that says the data of a zone's form, or what there is of it, to be filled in.

    `earlier` snapshots are shown beside one another; `language` is that of lists to choose from, "en" or
    "zh". Everything from the data is written as text or number, never as a formula. Raises CellError for a
    text too long for a cell.
    """
    return _Form(data, 1 if language == "zh" else 0).write(earlier)


class _Form:
    """A workbook while it is written."""

    def __init__(self, data: Mapping[str, Any], place: int) -> None:
        self.place = place
        self.own = data.get("language", "en" if data else LANGUAGES[place])
        self.day = data.get("edition", {}).get("date")
        self.rows = rows_of({"format": 1, "language": self.own, **data})
        self.languages = _languages(self.own, self.rows)
        self.buffer = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.buffer, {"in_memory": True})
        self.formats: dict[str, Format] = {name: self.book.add_format(look) for name, look in _LOOKS.items()}
        self.formats |= {
            f"{name} cell": self.book.add_format({**_LOOKS[name], **_CELL})
            for name in ("open", "text", "wrapped")
        }
        self.choices: dict[tuple[str, ...], str] = {}

    def write(self, earlier: Sequence[Zone]) -> bytes:
        made = datetime.combine(self.day, time()) if self.day else datetime(2000, 1, 1)
        self.book.set_properties({"created": made, "title": "zonereport"})
        self._instructions()
        self._head()
        for sheet in SHEETS:
            self._table(sheet, self.rows[sheet.name])
        if earlier:
            draw_earlier(self._sheet("Earlier"), earlier, self.formats, self.place)
        self._choices()
        self.book.close()
        return self.buffer.getvalue()

    def _sheet(self, name: str) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.set_landscape()
        sheet.set_paper(A3)
        return sheet

    def _instructions(self) -> None:
        sheet = self._sheet(INSTRUCTIONS)
        sheet.set_column(0, 1, 70)
        sheet.write_string(0, 0, "How to fill in this workbook", self.formats["title"])
        sheet.write_string(0, 1, "填写说明", self.formats["title"])
        for row, said in enumerate(WORDS, 2):
            sheet.set_row(row, fitting_height(*((text, 70) for text in said)) + 6)
            for column, text in enumerate(said):
                sheet.write_string(row, column, text, self.formats["info"])

    # The zone as a whole

    def _head(self) -> None:
        sheet = self._sheet(ZONE)
        sheet.set_column(0, 0, 20)
        sheet.set_column(1, 2, 34)
        sheet.set_column(3, 2 + len(self.languages), 44)
        keys = ["key", "", "", *(column_key("value", code, self.own) for code in self.languages)]
        said = ["", "What", "内容", *self.languages]
        for place, (key, word) in enumerate(zip(keys, said, strict=True)):
            sheet.write_string(0, place, key, self.formats["key" if key else "still"])
            sheet.write_string(1, place, word, self.formats["said"])
        for row, column in enumerate(HEAD, FIRST_ROW):
            sheet.write_string(row, 0, column.key, self.formats["info"])
            sheet.write_string(row, 1, column.said[0], self.formats["info"])
            sheet.write_string(row, 2, column.said[1], self.formats["info"])
            texts = self._cells(sheet, row, 3, column, self.rows[ZONE][0].get(column.key))
            sheet.set_row(
                row, fitting_height(*((said, 34) for said in column.said), *((text, 44) for text in texts))
            )
        sheet.freeze_panes(FIRST_ROW, 3)

    # Tables

    def _table(self, spec: Sheet, rows: Sequence[Row]) -> None:
        sheet = self._sheet(spec.name)
        sheet.set_row(1, 42)
        info = _draw_info(sheet, self.formats) if spec is FIGURES else 0
        place = info
        for column in spec.columns:
            self._heading(sheet, spec, place, column)
            place += self._width(column)
        sheet.freeze_panes(FIRST_ROW, 2 if spec is FIGURES else 1)
        sheet.repeat_rows(0, 1)
        sheet.repeat_columns(0, 0)
        sheet.set_print_scale(60)
        for row, entry in enumerate(rows, FIRST_ROW):
            texts = self._info(sheet, row, entry, place) if info else []
            if SECTION not in entry:
                texts += self._row(sheet, row, info, spec, entry)
            sheet.set_row(row, fitting_height(*texts))

    def _row(
        self, sheet: Worksheet, row: int, place: int, spec: Sheet, entry: Row
    ) -> list[tuple[str, float]]:
        """Write an entry, and return its wrapped texts with the widths that they have."""
        texts = []
        for column in spec.columns:
            written = self._cells(sheet, row, place, column, entry.get(column.key))
            texts += [(text, column.width) for text in written if column.wraps]
            place += self._width(column)
        return texts

    def _heading(self, sheet: Worksheet, spec: Sheet, place: int, column: Column) -> None:
        codes = self.languages if _has_languages(column) else (self.own,)
        for offset, code in enumerate(codes):
            at = place + offset
            sheet.set_column(at, at, column.width, self.formats[_look(column)])
            sheet.write_string(0, at, column_key(column.key, code, self.own), self.formats["key"])
            words = "\n".join(column.said) if not offset else code
            sheet.write_string(1, at, words, self.formats["said"])
        if column.choices or column.key == "source":
            last = FIRST_ROW + spec.rows + (ROWS_OF_CHOICES if spec is FIGURES else 0)
            sheet.data_validation(FIRST_ROW, place, last, place, self._validation(column))

    def _validation(self, column: Column) -> dict[str, Any]:
        if column.key == "source":
            source = f"={SOURCES.name}!$A${FIRST_ROW + 1}:$A${FIRST_ROW + SOURCES.rows}"
        else:
            words = [said[self.place] for said in column.known.values()]
            source = self.choices.setdefault(tuple(words), self._next_choices(len(words)))
        return {
            "validate": "list",
            "source": source,
            "show_error": column.kind in ("choice", "flag", "qualifier"),
        }

    def _next_choices(self, count: int) -> str:
        first, last = (cell_name(row, len(self.choices)) for row in (0, count - 1))
        return f"={CHOICES}!${first[0]}${first[1:]}:${last[0]}${last[1:]}"

    def _choices(self) -> None:
        sheet = self._sheet(CHOICES)
        sheet.hide()
        for column, words in enumerate(self.choices):
            for row, word in enumerate(words):
                sheet.write_string(row, column, word)
        self.book.worksheets()[0].activate()

    def _cells(self, sheet: Worksheet, row: int, place: int, column: Column, value: Any) -> list[str]:
        """Write what a column says in a row, in each language that it has; return the texts."""
        look = self.formats[f"{_look(column)} cell"]
        if not _has_languages(column):
            cell = None if value is None else write_cell(column, value, self.place)
            _put(sheet, row, place, cell, look)
            return [cell] if isinstance(cell, str) else []
        texts = {} if value is None else write_words(value, self.languages)
        for offset, code in enumerate(self.languages):
            _put(sheet, row, place + offset, texts.get(code), look)
        return list(texts.values())

    def _width(self, column: Column) -> int:
        return len(self.languages) if _has_languages(column) else 1

    def _info(self, sheet: Worksheet, row: int, entry: Row, width: int) -> list[tuple[str, float]]:
        """Write what is to be known of an indicator, or a section's heading; return it with its widths."""
        if SECTION in entry:
            for place in range(width):
                text = entry[SECTION] if place == 1 else ""
                sheet.write_string(row, place, text, self.formats["section"])
            return []
        indicator = entry[INDICATOR]
        definition = indicator.definition
        words = definition.get(LANGUAGES[self.place]) or next(iter(definition.values()))
        said = (indicator.id, _both(indicator.label), indicator.unit, indicator.kind, words)
        for place, (text, (*_, look)) in enumerate(zip(said, _INFO, strict=True)):
            sheet.write_string(row, place, text, self.formats["info" if look == "text" else look])
        return [
            (text, column[2] * (1.25 if column[3] == "small" else 1))
            for text, column in zip(said, _INFO, strict=True)
        ]


_INFO = (
    ("id", ("Indicator", "指标编号"), 34.0, "text"),
    ("", ("Name", "名称"), 34.0, "info"),
    ("", ("Unit", "单位"), 18.0, "info"),
    ("", ("Kind", "类型"), 11.0, "info"),
    ("", ("Definition", "定义"), 60.0, "small"),
)
"""What explains an indicator: the key, the words, the width and the look of each column."""


def _draw_info(sheet: Worksheet, formats: Mapping[str, Format]) -> int:
    """Write the headings of what explains an indicator, and return how many columns that are."""
    for at, (key, said, width, look) in enumerate(_INFO):
        sheet.set_column(at, at, width, formats[look])
        sheet.write_string(0, at, key, formats["key" if key else "still"])
        sheet.write_string(1, at, "\n".join(said), formats["said"])
    return len(_INFO)


def _look(column: Column) -> str:
    if column.kind in ("number", "whole") and column not in HEAD:
        return "open"
    return "wrapped" if column.wraps or column in HEAD else "text"


def _put(sheet: Worksheet, row: int, place: int, value: str | Decimal | None, look: Format) -> None:
    """Write a text as text, whatever it looks like, and a number as number."""
    if value is None:
        sheet.write_blank(row, place, None, look)
    elif isinstance(value, Decimal):
        sheet.write_number(row, place, float(value), look)
    else:
        sheet.write_string(row, place, value, look)


def _has_languages(column: Column) -> bool:
    return column.kind in ("words", "phrase")


def _both(label: Mapping[str, str]) -> str:
    known = [label[code] for code in LANGUAGES if code in label]
    return "\n".join(known or label.values())


def _languages(own: str, rows: Mapping[str, Sequence[Row]]) -> tuple[str, ...]:
    """Return the languages of all texts: the file's own, those of the form, others in the order they come."""
    texts = {column.key for sheet in SHEETS for column in sheet.columns if _has_languages(column)}
    texts |= {column.key for column in HEAD if _has_languages(column)}
    said = (row[key] for entries in rows.values() for row in entries for key in texts if row.get(key))
    return tuple(dict.fromkeys((own, *LANGUAGES, *(code for words in said for code in words))))
