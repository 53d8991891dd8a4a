"""The rows of a table, CSV or XLSX, one after the other: each with its line, or why it cannot be read."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zonereport.errors import InputError, Problem, did_you_mean
from zonereport.zone.parsing import read_data
from zonereport.zone.reading import WORKBOOK
from zonereport.zone.tables.encoding import find_encoding
from zonereport.zone.workbook.package import open_package

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from zonereport.zone.tables.mapping import TableMap
    from zonereport.zone.workbook.cells import Cell

MAX_TABLE = 128 * 2**20
MAX_ROWS = 300_000
DELIMITERS = ",;\t|"
REPLACED = "\ufffd"


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its number as an editor counts it, its cells, and what is wrong with it, if anything."""

    number: int
    cells: Sequence[Cell]
    fault: str = ""
    hint: str = ""
    percents: frozenset[int] = frozenset()
    """The cells that are shown as percentages."""


@dataclass(frozen=True, slots=True)
class Table:
    """The headings of a table, and its rows to come."""

    header: Line
    lines: Iterator[Line]
    notes: tuple[str, ...] = ()
    """What was taken for granted."""


def open_table(path: Path, mapping: TableMap, wanted: Collection[str]) -> Table:
    """Return a table; `wanted` headings tell the delimiter. Raises InputError for what is no table."""
    data = read_data(path, MAX_TABLE)
    if len(data) > MAX_TABLE:
        raise InputError(str(path), [Problem(f"expected at most {MAX_TABLE // 2**20} MB, found more")])
    notes: tuple[str, ...] = ()
    if path.name.lower().endswith(WORKBOOK):
        lines = _workbook_lines(data, str(path), mapping)
    else:
        _check_encoding(mapping.encoding, data, str(path))
        encoding = mapping.encoding or find_encoding(data)
        lines = _text_lines(data, encoding, mapping, wanted)
        if encoding == "gb18030" and not mapping.encoding:
            notes = (f"{path}: read as GB18030; declare `encoding` if that is wrong",)
    header = next((line for line in lines if line.number >= mapping.header), None)
    if header is None:
        raise InputError(str(path), [Problem(f"no headings in line {mapping.header}: the table is empty")])
    width = len(header.cells)
    return Table(
        header, (_fitted(line, width) for line in lines if any(cell != "" for cell in line.cells)), notes
    )


def _fitted(line: Line, width: int) -> Line:
    """Return a row with as many cells as there are headings, or with its fault."""
    if line.fault or len(line.cells) == width:
        return line
    if len(line.cells) > width and not any(line.cells[width:]):
        return replace(line, cells=line.cells[:width])
    fault = f"expected {width} cells, as there are headings, found {len(line.cells)}"
    return Line(line.number, line.cells, fault, "is a delimiter or a quotation mark missing?")


def _check_encoding(declared: str | None, data: bytes, file: str) -> None:
    """Raise InputError where the declared encoding cannot be used, such as UTF-16 without its mark."""
    try:
        codecs.getincrementaldecoder(declared or "utf-8")("replace").decode(data[:4096])
    except UnicodeError:
        hint = "declare `utf-16-le` or `utf-16-be`, or leave `encoding` out"
        raise InputError(
            file, [Problem(f"is not in the declared encoding `{declared}`", hint=hint)]
        ) from None


def _text_lines(data: bytes, encoding: str, mapping: TableMap, wanted: Collection[str]) -> Iterator[Line]:
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        encoding = "utf-8-sig"
    text = io.TextIOWrapper(io.BytesIO(data), encoding, errors="replace", newline="")
    delimiter = mapping.delimiter or _find_delimiter(text, mapping.header, wanted)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            yield Line(
                number, ["…"], f"the row cannot be parted into cells: {error}", "is a quotation mark missing?"
            )
            continue
        if any(REPLACED in cell for cell in cells):
            hint = 'save the table as UTF-8, or declare what it is in, such as `encoding = "cp1252"`'
            yield Line(
                number, cells, f"found bytes that are not {encoding.removesuffix('-sig').upper()}", hint
            )
        else:
            yield Line(number, cells)


def _find_delimiter(text: io.TextIOWrapper, header: int, wanted: Collection[str]) -> str:
    """Return the delimiter that finds the most headings; a comma, if none finds any."""
    for _ in range(header - 1):
        text.readline(MAX_TABLE)
    line = text.readline(MAX_TABLE)
    text.seek(0)

    def found(delimiter: str) -> int:
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            return 0
        return len({cell.strip() for cell in cells} & set(wanted))

    return max(DELIMITERS, key=found)


def _workbook_lines(data: bytes, file: str, mapping: TableMap) -> Iterator[Line]:
    package = open_package(data, file)
    name = mapping.sheet or next(iter(package.looks), "")
    if name not in package.looks:
        hint = did_you_mean(name, package.looks) or f"its sheets are {', '.join(package.looks)}"
        raise InputError(file, [Problem(f"no sheet `{name}`", hint=hint)])
    look = package.looks[name]
    faults: dict[int, str] = {}
    percents: dict[int, set[int]] = {}
    for (row, _), fault in sorted(look.faults.items()):
        faults.setdefault(row, fault)
    for row, column in look.percents:
        percents.setdefault(row, set()).add(column)
    for row, cells in enumerate(package.grid(name, file)):
        stripped = [cell.strip() if isinstance(cell, str) else cell for cell in cells]
        yield Line(row + 1, stripped, faults.get(row, ""), "", frozenset(percents.get(row, ())))
