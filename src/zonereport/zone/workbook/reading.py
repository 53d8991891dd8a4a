"""Reading a filled-in form: from its cells to the data of a zone file, and the cell of every key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zonereport.errors import InputError, Problem, did_you_mean
from zonereport.zone.schema import PLURAL_FORMS
from zonereport.zone.workbook import cells
from zonereport.zone.workbook.layout import FIRST_ROW, HEAD, SHEETS, ZONE, Column
from zonereport.zone.workbook.look import Look, cell_name
from zonereport.zone.workbook.package import open_package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from zonereport.zone.workbook.layout import Sheet

    Grid = list[list[Any]]


@dataclass
class Entry:
    """A row that says something: its values by key, texts by language, and the cell of each."""

    sheet: str
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    percents: set[str] = field(default_factory=set)
    """Keys whose cell is shown as a percentage."""

    def place(self, key: str = "") -> str:
        """Return the cell of a key, or of the row."""
        return self.cells.get(key, f"{self.sheet}!{cell_name(self.row, 0)}")


@dataclass
class Filled:
    """What the sheets of a workbook say, and what in them does not hold."""

    language: str
    head: Entry
    entries: dict[str, list[Entry]]
    problems: list[Problem]

    def find(self, place: str, message: str, hint: str = "") -> None:
        """Note what does not hold."""
        self.problems.append(Problem(message, place=place, hint=hint))


def read_sheets(data: bytes, file: str) -> Filled:
    """Return what a workbook says, sheet by sheet; raise InputError for what is no form of ours."""
    package = open_package(data, file)
    names = (ZONE, *(sheet.name for sheet in SHEETS))
    grids = {name: package.grid(name, file) for name in names if name in package.looks}
    absent = [name for name in names if name not in grids]
    if absent:
        hint = "`zonereport new zone.xlsx` writes the form; its sheets must not be renamed"
        raise InputError(file, [Problem(f"no sheet `{name}`", hint=hint) for name in absent])
    filled = Filled("en", Entry(ZONE, FIRST_ROW), {}, [])
    _read_head(grids[ZONE], package.looks[ZONE], filled)
    for sheet in SHEETS:
        reader = _Table(sheet, grids[sheet.name], package.looks[sheet.name], filled)
        filled.entries[sheet.name] = list(reader.entries())
    return filled


def _read_head(grid: Grid, look: Look, filled: Filled) -> None:
    """Read the sheet on the zone as a whole: a row a key; the language before any text."""
    rows = {_key(row[0]): number for number, row in enumerate(grid) if number >= FIRST_ROW and row}
    known = {column.key: column for column in HEAD}
    for key, number in rows.items():
        if key and key not in known:
            filled.find(
                f"{ZONE}!{cell_name(number, 0)}", f"unknown key `{key[:60]}`", did_you_mean(key, known)
            )
    columns = _Columns(ZONE, [Column("value", ("", ""), "words")], grid, filled, own="")
    place = next((at for at, (_, code) in columns.known.items() if not code), None)
    if place is None:
        return
    if "language" in rows:
        cell = grid[rows["language"]][place]
        filled.language = (
            _taken(cells.read_text, cell, filled, f"{ZONE}!{cell_name(rows['language'], place)}") or "en"
        )
    _find_merged(ZONE, look, columns.known, filled)
    for column in HEAD:
        if column.key not in rows:
            filled.find(f"{ZONE}!A1", f"no row `{column.key}`", "the rows of the form must not be deleted")
            continue
        number = rows[column.key]
        filled.head.cells[column.key] = f"{ZONE}!{cell_name(number, place)}"
        for at, (_, code) in columns.known.items():
            if not code or column.kind == "words":
                _read_cell(filled.head, column, code, grid[number], (number, at), look, filled)
            elif grid[number][at] != "":
                filled.find(
                    f"{ZONE}!{cell_name(number, at)}", "expected nothing here; this is not a text by language"
                )


class _Columns:
    """The columns of a sheet that are read: by their place, the column and the language it is in."""

    def __init__(self, sheet: str, columns: Sequence[Column], grid: Grid, filled: Filled, own: str) -> None:
        self.known: dict[int, tuple[Column, str]] = {}
        by_key = {column.key: column for column in columns}
        taken: set[str] = set()
        for place, cell in enumerate(grid[0] if grid else []):
            if not (key := _key(cell)) or (sheet == ZONE and place == 0):
                continue
            name, _, code = key.rpartition(".")
            where = f"{sheet}!{cell_name(0, place)}"
            column = by_key.get(key)
            if column is None and name in by_key and by_key[name].kind in ("words", "phrase"):
                column = by_key[name]
            else:
                code = ""
            if column is None:
                filled.find(where, f"unknown column `{key[:60]}`", did_you_mean(key, by_key))
            elif key in taken or (code and code == own):
                filled.find(where, f"the column `{key[:60]}` stands twice")
            else:
                taken.add(key)
                self.known[place] = column, code
        for key in by_key:
            if key not in taken:
                filled.find(
                    f"{sheet}!A1", f"no column `{key}`", "the columns of the form must not be deleted"
                )


class _Table:
    """Reads the rows of one sheet."""

    def __init__(self, sheet: Sheet, grid: Grid, look: Look, filled: Filled) -> None:
        self.sheet, self.grid, self.look, self.filled = sheet, grid, look, filled
        columns: Sequence[Column] = sheet.columns
        if sheet.name == "Figures":
            columns = (Column("id", ("", "")), *columns)
        self.columns = _Columns(sheet.name, columns, grid, filled, filled.language)
        _find_merged(sheet.name, look, self.columns.known, filled)

    def entries(self) -> Iterator[Entry]:
        """Yield the rows that say something."""
        # the file's own language first: it is borrowed before the others
        places = sorted(self.columns.known.items(), key=lambda pair: pair[1][1] != "")
        for number in range(FIRST_ROW, len(self.grid)):
            entry = Entry(self.sheet.name, number)
            for at, (column, code) in places:
                entry.cells.setdefault(column.key, f"{self.sheet.name}!{cell_name(number, at)}")
                _read_cell(entry, column, code, self.grid[number], (number, at), self.look, self.filled)
            if entry.values:
                yield entry


def _key(cell: Any) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _find_merged(sheet: str, look: Look, known: Mapping[int, tuple[Column, str]], filled: Filled) -> None:
    for top, left, bottom, right in look.merged:
        if bottom >= FIRST_ROW and any(left <= at <= right for at in known):
            area = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
            filled.find(
                f"{sheet}!{cell_name(top, left)}",
                f"expected one value a cell, found the merged cells {area}",
                "part them, and type each value in its own cell",
            )


def _read_cell(
    entry: Entry,
    column: Column,
    code: str,
    row: Sequence[Any],
    at: tuple[int, int],
    look: Look,
    filled: Filled,
) -> None:
    """Take what a cell says into the entry."""
    place = f"{entry.sheet}!{cell_name(*at)}"
    if fault := look.faults.get(at):
        entry.values.setdefault(column.key, None)
        hint = "open the workbook in a spreadsheet program and save it, or type the value"
        filled.find(place, fault, hint if "formula" in fault else "type the value")
        return
    cell = row[at[1]] if at[1] < len(row) else ""
    if cell == "" or (isinstance(cell, str) and not cell.strip()):
        return
    entry.cells[column.key] = entry.cells.get(column.key, place) if code else place
    if column.kind == "number" and at in look.percents:
        entry.percents.add(column.key)
    value = _taken(_reader(column, is_percentage=column.key in entry.percents), cell, filled, place)
    if column.kind not in ("words", "phrase") or value is None:
        entry.values[column.key] = value
        return
    texts = entry.values.setdefault(column.key, {})
    if (
        isinstance(value, dict)
        and not code
        and not (column.kind == "phrase" and set(value) & {*PLURAL_FORMS[-1:]})
    ):
        texts.update(value)
    else:
        texts[code or filled.language] = value


def _taken(read: Callable[[Any], Any], cell: Any, filled: Filled, place: str) -> Any:
    """Return what a cell says, or None after noting why it says nothing."""
    try:
        return read(cell)
    except cells.CellError as error:
        filled.find(place, str(error), error.hint)
        return None


def _reader(column: Column, *, is_percentage: bool) -> Callable[[Any], Any]:
    match column.kind:
        case "words" | "phrase":
            return cells.read_words
        case "number":
            return lambda cell: cells.read_figure_number(cell, is_percentage=is_percentage)
        case "whole":
            return cells.read_whole
        case "when":
            return cells.read_when
        case "day":
            return cells.read_day
        case "many":
            return cells.read_many
        case "flag":
            return cells.read_flag
        case "choice" | "qualifier":
            return lambda cell: cells.read_choice(cell, column.known)
        case _:
            return cells.read_text
