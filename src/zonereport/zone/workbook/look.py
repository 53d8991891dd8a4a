"""What the XML of a workbook tells before its cells are read: errors, percentages, merged cells, extent."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    Attributes = dict[str, str]

MAX_CELLS = 2_000_000
MAX_CHARACTERS = 64 * 2**20
"""Of all cells together: one long text may be shared by many."""
MAX_COLUMN_LETTERS = 3

_PERCENT_FORMATS = {9, 10}
"""Of ECMA-376 part 1, 18.8.30: `0%` and `0.00%`."""


@dataclass
class Look:
    """What the cells of one sheet hide; rows and columns count from 0."""

    part: str
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, first column, last row, last column."""


class RefusedError(Exception):
    """A package that is not read, and why."""


def _parse(
    data: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Read XML without its namespaces; a document type, which could name entities, is refused."""
    parser = expat.ParserCreate(namespace_separator="|")

    def refuse(*_: Any) -> None:
        raise RefusedError("the workbook defines entities of its own, which no spreadsheet program does")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    if end:
        parser.EndElementHandler = lambda name: end(_local(name))
    if text:
        parser.CharacterDataHandler = text
    parser.Parse(data, True)


def _local(name: str) -> str:
    return name.rpartition("|")[2]


def _attribute(attributes: Attributes, name: str) -> str:
    return next((value for key, value in attributes.items() if _local(key) == name), "")


_BASE = frozenset(
    {
        "[content_types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
        "xl/styles.xml", "xl/sharedstrings.xml",
    }
)  # fmt: skip


class Book:
    """The parts of a workbook, and which of them the reader needs."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = parts
        self.names = {name.lower(): name for name in parts}
        """A package does not tell capitals from small letters."""
        self.needed = {name for lower, name in self.names.items() if lower in _BASE}
        self.percent_styles = set(self._percent_styles())
        self.lengths = self._text_lengths()
        self.characters = 0

    def sheets(self) -> dict[str, str]:
        """Return the part of each worksheet by the sheet's name."""
        targets: dict[str, str] = {}

        def relation(name: str, attributes: Attributes) -> None:
            if name == "Relationship" and attributes["Type"].endswith("/worksheet"):
                target = posixpath.normpath(posixpath.join("/xl", attributes["Target"]))
                targets[attributes["Id"]] = self.names[target.lstrip("/").lower()]

        _parse(self._part("xl/_rels/workbook.xml.rels"), relation)
        found: dict[str, str] = {}

        def sheet(name: str, attributes: Attributes) -> None:
            if name == "sheet" and (part := targets.get(_attribute(attributes, "id"))):
                found[attributes["name"]] = part

        _parse(self._part("xl/workbook.xml"), sheet)
        self.needed |= set(found.values())
        return found

    def _part(self, lower: str) -> bytes:
        return self.parts[self.names[lower]]

    def _percent_styles(self) -> Iterator[int]:
        """Yield the styles of cells whose number is shown as a percentage."""
        formats: dict[int, str] = {}
        styles: list[int] = []
        within: list[str] = []

        def start(name: str, attributes: Attributes) -> None:
            within.append(name)
            if name == "numFmt" and "cellStyleXfs" not in within:
                formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            elif name == "xf" and "cellXfs" in within:
                styles.append(int(attributes.get("numFmtId", 0)))

        def end(_: str) -> None:
            within.pop()

        if "xl/styles.xml" in self.names:
            _parse(self._part("xl/styles.xml"), start, end)
        for style, number_format in enumerate(styles):
            shown = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", formats.get(number_format, ""))
            if number_format in _PERCENT_FORMATS or "%" in shown:
                yield style

    def _text_lengths(self) -> list[int]:
        lengths: list[int] = []

        def start(name: str, _: Attributes) -> None:
            if name == "si":
                lengths.append(0)

        def text(data: str) -> None:
            if lengths:
                lengths[-1] += len(data)

        if "xl/sharedstrings.xml" in self.names:
            _parse(self._part("xl/sharedstrings.xml"), start, text=text)
        return lengths

    def look(self, name: str, part: str) -> Look:
        """Return what a sheet's cells hide; raise what tells that it is too large."""
        watcher = _Watcher(self, Look(part))
        _parse(self.parts[part], watcher.start, watcher.end, watcher.text)
        if self.characters > MAX_CHARACTERS:
            raise RefusedError(f"the sheet `{name[:60]}` has more than {MAX_CHARACTERS} characters of text")
        if watcher.rows * watcher.columns > MAX_CELLS:
            raise RefusedError(
                f"the sheet `{name[:60]}` reaches to row {watcher.rows}, column {watcher.columns}; "
                f"expected at most {MAX_CELLS} cells: delete what stands far out"
            )
        return watcher.look


class _Watcher:
    """Sees the elements of one sheet go by."""

    def __init__(self, book: Book, look: Look) -> None:
        self.book, self.look = book, look
        self.row, self.column = -1, -1
        self.rows = self.columns = 0
        self.type, self.value, self.within = "", "", ""
        self.has_formula = self.has_value = False

    def start(self, name: str, attributes: Attributes) -> None:
        self.within = name
        if name == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.rows, self.column = max(self.rows, self.row + 1), -1
        elif name == "c":
            self._cell(attributes)
        elif name == "f":
            self.has_formula = True
        elif name == "v":
            self.has_value = True
        elif name == "mergeCell":
            first, _, last = attributes["ref"].partition(":")
            self.look.merged.append((*_place(first), *_place(last or first)))

    def _cell(self, attributes: Attributes) -> None:
        self.row, self.column = _place(attributes["r"]) if "r" in attributes else (self.row, self.column + 1)
        self.rows, self.columns = max(self.rows, self.row + 1), max(self.columns, self.column + 1)
        self.type, self.value, self.has_formula = attributes.get("t", "n"), "", False
        self.has_value = False
        if self.book.percent_styles and int(attributes.get("s", 0)) in self.book.percent_styles:
            self.look.percents.add((self.row, self.column))

    def text(self, data: str) -> None:
        if self.within in ("v", "t"):
            self.value += data

    def end(self, name: str) -> None:
        self.within = ""
        if name != "c":
            return
        place = self.row, self.column
        if self.type == "e":
            self.look.faults[place] = f"expected a value, found the error `{self.value or '#ERROR!'}`"
        elif self.has_formula and not self.value and not (self.type == "str" and self.has_value):
            self.look.faults[place] = "expected a value, found a formula whose result is not saved"
        self.book.characters += (
            self.book.lengths[int(self.value)] if self.type == "s" and self.value else len(self.value)
        )


def _place(reference: str) -> tuple[int, int]:
    """Return row and column of a reference such as `B7`, from 0."""
    found = re.fullmatch(rf"\$?([A-Za-z]{{1,{MAX_COLUMN_LETTERS}}})\$?(\d{{1,7}})", reference, re.ASCII)
    if not found:
        raise RefusedError(f"the workbook names a cell `{reference[:20]}` that cannot be")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def cell_name(row: int, column: int) -> str:
    """Return the reference of a cell, such as `B7`; both count from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
