"""From a table to zone files: rows are read one by one, gathered by zone and year, checked as files are."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zonereport.errors import InputError, Problem, did_you_mean
from zonereport.zone.catalogue import load_catalogue
from zonereport.zone.period import Period
from zonereport.zone.plain import plain_data
from zonereport.zone.reading import check_data
from zonereport.zone.schema import shorten
from zonereport.zone.tables.lines import MAX_ROWS, open_table
from zonereport.zone.tables.mapping import SAFE, TargetForm, ZoneEntry, head_of, read_map
from zonereport.zone.tables.observation import read_figure
from zonereport.zone.tables.report import Refusal
from zonereport.zone.toml import write_toml
from zonereport.zone.workbook import cells
from zonereport.zone.workbook.cells import CellError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from zonereport.zone.tables.lines import Line
    from zonereport.zone.tables.mapping import TableMap
    from zonereport.zone.workbook.cells import Cell

MAX_TRIES = 3
"""How often a file is checked anew without the figures that do not hold."""


@dataclass(frozen=True, slots=True)
class Imported:
    """The zone files of a table by their names, how many figures are in them, and what was not taken."""

    files: Mapping[str, bytes]
    figures: int
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...] = ()
    """What was taken for granted."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure, and where in the table it stands."""

    figure: dict[str, Any]
    line: int
    column: str


@dataclass
class Gathered:
    """The figures of one zone and year."""

    entry: ZoneEntry
    year: str
    figures: dict[str, Observation] = field(default_factory=dict)


def read_table(path: Path, mapping: Path) -> Imported:
    """Return the zone files that a table says by its mapping, and each row that it does not.

    Raises InputError for a table or a mapping that cannot be used at all.
    """
    importer = _Importer(read_map(mapping))
    importer.read(path)
    files = {}
    count = 0
    for gathered in importer.gathered.values():
        if data := importer.checked(gathered):
            files[f"{gathered.entry.id}-{gathered.year}.toml"] = write_toml(data).encode()
            count += len(data.get("figures", {}))
    return Imported(files, count, tuple(importer.refusals), importer.notes)


class _Importer:
    """Gathers figures, and what was not taken, while a table goes by."""

    def __init__(self, mapping: TableMap) -> None:
        self.mapping = mapping
        self.gathered: dict[tuple[str, str], Gathered] = {}
        self.refusals: list[Refusal] = []
        self.notes: tuple[str, ...] = ()
        self.ids: dict[str, str] = {}
        """What the table calls each zone, by the id that it got."""
        own = mapping.file.get("indicators", {})
        self.indicators = {id: TargetForm(id=id) for id in (*load_catalogue().indicators, *own)}
        self.indicators |= mapping.indicators

    def read(self, path: Path) -> None:
        """Gather what every row says."""
        wanted = self.mapping.columns.model_dump(exclude_none=True)
        headings = {*wanted.values(), *(self.mapping.indicators if self.mapping.shape == "wide" else ())}
        table = open_table(path, self.mapping, headings)
        self.notes = table.notes
        columns, targets = self._columns(table.header, wanted, str(path))
        for count, line in enumerate(table.lines, 1):
            if count > MAX_ROWS:
                raise InputError(str(path), [Problem(f"expected at most {MAX_ROWS} rows, found more")])
            if line.fault:
                self._refuse(line, line.fault, line.hint)
            else:
                self._row(line, columns, targets)

    def _columns(
        self, header: Line, wanted: Mapping[str, str], file: str
    ) -> tuple[dict[str, int], dict[str, int]]:
        """Return the places of the columns by their meaning, and those of indicators by their headings."""
        places: dict[str, int] = {}
        for place, cell in enumerate(header.cells):
            if (heading := str(cell)) in places and heading in {*wanted.values(), *self.mapping.indicators}:
                raise InputError(
                    file, [Problem(f"the column `{shorten(heading)}` stands twice", line=header.number)]
                )
            places[heading] = place
        absent = {key: heading for key, heading in wanted.items() if heading not in places}
        needed = [heading for key, heading in absent.items() if key not in SAFE]
        if needed:
            raise InputError(
                file,
                [
                    Problem(f"no column `{heading}`", line=header.number, hint=did_you_mean(heading, places))
                    for heading in needed
                ],
            )
        targets = self.mapping.indicators if self.mapping.shape == "wide" else {}
        for heading in (*absent.values(), *(heading for heading in targets if heading not in places)):
            reason = f"no column `{heading}`"
            self.refusals.append(Refusal(header.number, reason, did_you_mean(heading, places), heading))
        found = {key: places[heading] for key, heading in wanted.items() if key not in absent}
        return found, {heading: places[heading] for heading in targets if heading in places}

    def _row(self, line: Line, columns: Mapping[str, int], targets: Mapping[str, int]) -> None:
        row = {key: line.cells[place] for key, place in columns.items()}
        percents = {key for key, place in columns.items() if place in line.percents}
        try:
            gathered = self._zone(row)
            if self.mapping.shape == "long":
                heading, target = self._indicator(row)
        except CellError as error:
            self._refuse(line, str(error), error.hint)
            return
        if self.mapping.shape == "long":
            self._figure(line, row, gathered, target, heading, percents)
            return
        for heading, place in targets.items():
            cell = {**row, "value": line.cells[place]}
            shown = percents | ({"value"} if place in line.percents else set())
            self._figure(line, cell, gathered, self.mapping.indicators[heading], heading, shown)

    def _figure(
        self,
        line: Line,
        row: Mapping[str, Cell],
        gathered: Gathered,
        target: TargetForm,
        heading: str,
        percents: Collection[str],
    ) -> None:
        try:
            figure = read_figure(row, target, self.mapping, percents=percents)
            if figure is None and self.mapping.shape == "long":
                raise CellError(
                    "no value in this row", 'say what that means: `"" = "not published"` under [missing]'
                )
        except CellError as error:
            self._refuse(line, str(error), error.hint, heading)
            return
        if figure is None:
            return
        if known := gathered.figures.get(target.id):
            name = f"`{target.id}` of `{gathered.entry.id}` in {gathered.year}"
            reason = f"{name} stands in line {known.line} already"
            self._refuse(line, reason, "", heading)
            return
        gathered.figures[target.id] = Observation(figure, line.number, heading)

    def _indicator(self, row: Mapping[str, Cell]) -> tuple[str, TargetForm]:
        name = cells.read_text(row["indicator"])
        if name not in self.indicators:
            hint = did_you_mean(name, self.indicators) or "say what it is under [indicators]"
            raise CellError(f"unknown indicator `{shorten(name)}`", hint)
        return name, self.indicators[name]

    def _zone(self, row: Mapping[str, Cell]) -> Gathered:
        name = cells.read_text(row["zone"])
        if not name:
            raise CellError("no zone in this row")
        text = cells.read_text(row["year"]) if "year" in row else str(self.mapping.year)
        try:
            year = str(Period.parse(text))
        except ValueError:
            raise CellError(f"expected a year such as `2022`, found `{shorten(text)}`") from None
        entry = self._entry(name, row)
        return self.gathered.setdefault((entry.id, year), Gathered(entry, year))

    def _entry(self, name: str, row: Mapping[str, Cell]) -> ZoneEntry:
        """Return id and names of a zone; two that would get one id are told apart by the mapping only."""
        entry = self.mapping.zones.get(name)
        if entry is None:
            plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
            id = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:80].strip("-")
            if not id or sum(map(str.isalnum, plain)) < sum(map(str.isalnum, name)):
                raise CellError(f"no id for the zone `{shorten(name)}`", "give it one under [zones]")
            entry = ZoneEntry(id=id)
        if (known := self.ids.setdefault(entry.id, name)) != name:
            hint = "give them ids under [zones]"
            raise CellError(f"`{shorten(name)}` and `{shorten(known)}` would both be `{entry.id}`", hint)
        if entry.name is not None:
            return entry
        said = cells.read_text(row.get("name", "")) or name
        return entry.model_copy(update={"name": {self.mapping.file.get("language", "en"): said}})

    # Checking

    def checked(self, gathered: Gathered) -> dict[str, Any] | None:
        """Return the data of a zone's file, less the figures that do not hold; None if nothing is left."""
        head = head_of(self.mapping, gathered.entry, gathered.year)
        for _ in range(MAX_TRIES):
            if not gathered.figures:
                return None
            figures = {id: observation.figure for id, observation in gathered.figures.items()}
            read, findings = check_data({**head, "figures": figures})
            if read is not None and not findings:
                return plain_data(read[0])
            if any(path[:1] != ("figures",) for path, _, _ in findings):
                break
            for path, message, hint in findings:
                if observation := gathered.figures.pop(str(path[1]), None):
                    self.refusals.append(Refusal(observation.line, message, hint, observation.column))
        for observation in gathered.figures.values():
            where, message, hint = findings[0]
            reason = (
                f"the file of `{gathered.entry.id}` does not hold: {'.'.join(map(str, where))}: {message}"
            )
            self.refusals.append(Refusal(observation.line, reason, hint, observation.column))
        return None

    def _refuse(self, line: Line, reason: str, hint: str, column: str = "") -> None:
        self.refusals.append(Refusal(line.number, reason, hint, column, _joined(line.cells)))


def _joined(row: Iterator[Cell] | Any) -> str:
    return " | ".join(str(cell) for cell in row)
