"""From the rows of a filled-in form to the data of a zone file, and from a key back to its cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from zonereport.errors import InputError
from zonereport.zone.catalogue import load_catalogue
from zonereport.zone.schema import MISSING, shorten
from zonereport.zone.workbook.layout import BREAKDOWNS, LISTS
from zonereport.zone.workbook.reading import read_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zonereport.zone.parsing import KeyPath
    from zonereport.zone.workbook.reading import Entry, Filled

VALUE = ("qualifier", "value", "to", "scale")


@dataclass
class Said:
    """The data of a zone file, and the cell of each key in it."""

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[KeyPath, str] = field(default_factory=dict)

    def place(self, path: KeyPath) -> str:
        """Return the cell of a key, or of the nearest that contains it; empty where there is none."""
        heads = (path[:length] for length in range(len(path), 0, -1))
        return next((self.places[head] for head in heads if head in self.places), "")


def read_workbook(data: bytes, file: str) -> Said:
    """Return what a filled-in form says; raise InputError with every cell that says nothing of sense."""
    filled = read_sheets(data, file)
    said = _Assembly(filled).said()
    if filled.problems:
        raise InputError(file, filled.problems)
    return said


class _Assembly:
    """The data while it is put together."""

    def __init__(self, filled: Filled) -> None:
        self.filled = filled
        self.found = Said()
        own = {row.values.get("id"): row.values.get("unit") for row in filled.entries["Indicators"]}
        self.units = {id: entry.unit for id, entry in load_catalogue().indicators.items()} | own

    def said(self) -> Said:
        self._head()
        rows = self.filled.entries
        for section in ("sources", "indicators"):
            for id, row in self._by_id(rows[section.capitalize()], "id"):
                self._put((section, id), row, skip=("id",))
        self._figures(rows["Figures"])
        self._breakdowns(rows["Breakdowns"])
        self._lists(rows["Lists"])
        for index, row in enumerate(rows["Milestones"]):
            self._put(("milestones", index), row)
        for index, row in enumerate(rows["Voices"]):
            self._voice(("voices", index), row)
        return self.found

    def _head(self) -> None:
        head = self.filled.head
        for key, cell in head.cells.items():
            self.found.places[tuple(key.split("."))] = cell
        for table in ("zone", "edition", "defaults"):
            self.found.data[table] = {}
        for key, value in head.values.items():
            if value is not None:
                table, _, name = key.rpartition(".")
                (self.found.data[table] if table else self.found.data)[name] = value

    def _by_id(self, rows: Iterable[Entry], key: str) -> Iterable[tuple[str, Entry]]:
        """Yield rows by their id; one without, or with an id that was there before, is reported."""
        seen: dict[str, Entry] = {}
        for row in rows:
            id = row.values.get(key)
            if id is None:
                if key not in row.values:
                    self.filled.find(row.place(key), f"no {key} in this row, which says something")
            elif id in seen:
                self.filled.find(row.place(key), f"`{shorten(id)}` stands in {seen[id].place(key)} already")
            else:
                seen[id] = row
                yield id, row

    def _put(self, path: KeyPath, row: Entry, skip: Iterable[str] = ()) -> dict[str, Any]:
        """Put a row's values under a path, each with its cell; return them."""
        entry = {key: value for key, value in row.values.items() if key not in skip and value is not None}
        at: Any = self.found.data
        for part, following in pairwise(path):
            at = at.setdefault(part, [] if isinstance(following, int) else {})
        if isinstance(at, list):
            at.append(entry)
        else:
            at[path[-1]] = entry
        self.found.places[path] = row.place("id")
        for key, cell in row.cells.items():
            self.found.places[*path, key] = cell
        return entry

    # Figures

    def _figures(self, rows: Iterable[Entry]) -> None:
        filled = [row for row in rows if set(row.values) - {"id"}]
        for id, row in self._by_id(filled, "id"):
            path: KeyPath = ("figures", id)
            both = [f"{prefix}{key}" for prefix in ("", "also.") for key in VALUE]
            entry = self._put(path, row, skip=("id", "also.unit", *both))
            entry |= self._value(path, row, "", self.units.get(id))
            also = self._value((*path, "also"), row, "also.", None)
            unit = row.values.get("also.unit")
            if also or unit is not None:
                entry["also"] = also | ({} if unit is None else {"unit": unit})
                self.found.places[*path, "also"] = row.place("also.value")
                self.found.places[*path, "also", "unit"] = row.place("also.unit")

    def _value(self, path: KeyPath, row: Entry, prefix: str, unit: str | None) -> dict[str, Any]:
        """Return the keys of a value; what does not go together is reported."""
        qualifier, value, to, scale = (row.values.get(f"{prefix}{key}") for key in VALUE)
        place = row.place(f"{prefix}value")
        given = {key for key in VALUE if f"{prefix}{key}" in row.values}
        if f"{prefix}value" in row.percents and unit not in ("percent", "percentage-points"):
            self.filled.find(
                place,
                f"expected {unit or 'an amount'}, found a percentage",
                "give the cell the format General",
            )
        form = self._form(row, prefix, qualifier, value, to)
        for key in form:
            self.found.places[*path, key] = row.place(f"{prefix}qualifier") if key == "missing" else place
        self.found.places[*path, "scale"] = row.place(f"{prefix}scale")
        if "scale" in given and scale is not None:
            form["scale"] = scale
        return form

    def _form(self, row: Entry, prefix: str, qualifier: Any, value: Any, to: Any) -> dict[str, Any]:
        find, cell = self.filled.find, row.place(f"{prefix}value")
        is_failed = any(row.values.get(f"{prefix}{key}", "") is None for key in VALUE)  # reported already
        if is_failed:
            return {}
        if isinstance(value, str) and qualifier in (None, value):
            return {"missing": value}
        if qualifier in MISSING:
            if value is not None or to is not None:
                find(
                    cell,
                    f"expected no number beside `{qualifier}`, found `{value if value is not None else to}`",
                )
            return {"missing": qualifier}
        if isinstance(value, str):
            find(cell, f"expected a number, found `{value}`")
            return {}
        if qualifier == "range":
            if value is None or to is None:
                find(cell if value is None else row.place(f"{prefix}to"), "expected both ends of the range")
                return {}
            return {"range": [value, to]}
        if to is not None:
            find(row.place(f"{prefix}to"), "expected nothing here unless `range` is chosen")
        if value is None:
            if qualifier is not None:
                find(cell, "expected a number, found nothing")
            return {}
        return {qualifier or "value": value}

    # Groups

    def _heads(self, rows: Iterable[Entry], key: str, keys: Iterable[str]) -> dict[str, list[Entry]]:
        """Return rows by their group; what is said of the group must stand in its first row."""
        groups: dict[str, list[Entry]] = {}
        for row in rows:
            id = row.values.get(key)
            if id is None:
                if key not in row.values:
                    self.filled.find(row.place(key), f"no {key} in this row, which says something")
                continue
            group = groups.setdefault(id, [])
            group.append(row)
            for name in keys if len(group) > 1 else ():
                if name in row.values:
                    self.filled.find(
                        row.place(name), f"expected `{name}` in the first row of `{shorten(id)}` only"
                    )
        return groups

    def _breakdowns(self, rows: Iterable[Entry]) -> None:
        heads = [column.key for column in BREAKDOWNS.columns if column.key not in ("figure", "name", *VALUE)]
        for id, group in self._heads(rows, "figure", heads).items():
            path: KeyPath = ("figures", id, "breakdown")
            if id not in self.found.data.get("figures", {}):
                self.filled.find(group[0].place("figure"), f"no figure `{shorten(id)}` on the sheet Figures")
                continue
            self._put(path, group[0], skip=("figure", "name", *VALUE))
            self.found.places[path] = group[0].place("figure")
            for index, row in enumerate(group):
                part: KeyPath = (*path, "parts", index)
                entry = self._put(part, row, skip=("figure", *heads, *VALUE))
                entry |= self._value(part, row, "", self.units.get(id))
                self.found.places[part] = row.place("name")

    def _lists(self, rows: Iterable[Entry]) -> None:
        of_item = ("id", "name", "relation", "origin")
        heads = [column.key for column in LISTS.columns if column.key not in ("list", *of_item)]
        for id, group in self._heads(rows, "list", heads).items():
            path: KeyPath = ("lists", id)
            self._put(path, group[0], skip=("list", *of_item))
            for index, row in enumerate(group):
                self._put((*path, "items", index), row, skip=("list", *heads))

    def _voice(self, path: KeyPath, row: Entry) -> None:
        entry = self._put(path, row, skip=("how", "text"))
        how, text = row.values.get("how"), row.values.get("text")
        if how is None and "how" not in row.values:
            self.filled.find(row.place("how"), "expected `quotation` or `paraphrase`, found nothing")
        elif how is not None and text is not None:
            entry[how] = text
            self.found.places[*path, how] = row.place("text")
