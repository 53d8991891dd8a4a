"""The zones of a compendium under their names: in groups by letter, with figures and links to their files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from zonereport.briefing.blocks import Heading, Paragraph, Run
from zonereport.briefing.collation import OTHER, initial, sort_key
from zonereport.briefing.listed import printable
from zonereport.briefing.tables import make_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zonereport.briefing.blocks import Block, Runs, Table
    from zonereport.briefing.listed import LinkedFile, Listed
    from zonereport.briefing.naming import Names
    from zonereport.language import Language
    from zonereport.measures import Facts
    from zonereport.zone.model import Figure

MOST_FIGURES = 3
"""Figures that stand beside a zone's name; a page is not wider."""
ONE_TABLE = 40
"""So many zones need no letters to be found."""
FEW, MANY = 20, 100
"""Letters are put together until they have FEW zones; one that has more than MANY is cut into parts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A zone of the list, under its name; facts are None where its file could not be read."""

    listed: Listed
    facts: Facts | None
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that stand in one table, and what it is called."""

    title: str
    entries: tuple[Entry, ...]
    link: str = ""
    """What leads to it, where its title is too long for that."""


@dataclass
class ZoneList:
    """Lists zones in one language."""

    entries: Sequence[Entry]
    language: Language
    names: Names
    headline: Sequence[str]
    """Ids of the figures to lead with."""

    def blocks(self) -> tuple[Block, ...]:
        """Return a line of letters that lead to groups, and each group's heading and table."""
        groups = self._groups()
        if len(groups) == 1:
            return (self._table(groups[0], 1),)
        links: list[Run] = []
        blocks: list[Block] = []
        for number, group in enumerate(groups, start=1):
            heading = Heading(2, (Run(group.title),), f"zones-{number}")
            links += [Run(" · "), Run(group.link or group.title, ref=heading.id)]
            blocks += [heading, self._table(group, number)]
        return (Paragraph(tuple(links[1:])), *blocks)

    # Groups

    def _groups(self) -> list[Group]:
        ordered = sorted(self.entries, key=_key)
        if len(ordered) <= ONE_TABLE:
            return [Group(self.language.text("compendium.all"), tuple(ordered))]
        groups: list[Group] = []
        waiting: list[tuple[str, list[Entry]]] = []
        for letter, found in groupby(ordered, lambda entry: initial(entry.name)):
            named = letter if letter != OTHER else self.language.text("compendium.other")
            entries = list(found)
            if len(entries) > MANY:
                groups += [*_together(waiting), *self._parts(named, entries)]
                waiting = []
                continue
            waiting.append((named, entries))
            if sum(len(each) for _, each in waiting) >= FEW:
                groups += _together(waiting)
                waiting = []
        return [*groups, *_together(waiting)]

    def _parts(self, letter: str, entries: list[Entry]) -> Iterator[Group]:
        """Yield the entries of a letter in parts of about one size, each called by its first and last."""
        count = -(-len(entries) // MANY)
        ends = [len(entries) * number // count for number in range(count + 1)]
        for number, (start, end) in enumerate(pairwise(ends), start=1):
            part = entries[start:end]
            span = self.language.text("compendium.span", first=part[0].name, last=part[-1].name)
            title = self.language.text("tables.part", name=letter, part=span)
            yield Group(title, tuple(part), f"{letter}\xa0{number}")

    # Tables

    def _table(self, group: Group, number: int) -> Table:
        words = self.language
        headings = (
            words.text("peers.headings.zone"),
            words.text("tables.snapshot"),
            *self.figures.values(),
            words.text("compendium.files"),
        )
        weights = (2.8, 1.3, *(1.9 for _ in self.figures), 2.7)
        title = words.text("compendium.group", letters=group.title)
        title = title if len(group.entries) < len(self.entries) else group.title
        rows = [self._row(entry) for entry in group.entries]
        return make_table(words, f"table-zones-{number}", title, headings, weights, rows)

    def _row(self, entry: Entry) -> tuple[Runs, ...]:
        words = self.language
        if entry.facts is None:
            unread: Runs = (Run(words.text("compendium.unread")),)
            return ((Run(entry.name, strong=True),), *[unread] * (1 + len(self.figures)), self._files(entry))
        zone = entry.facts.zone
        status = words.pick(zone.edition.status) if zone.edition.status else ""
        name = (self.names.run(zone.name, strong=True), Run("\n"), self.names.run(zone.place))
        snapshot = (Run(words.remarked(words.snapshot(zone.edition), [status])),)
        return (name, snapshot, *(self._figure(entry.facts, id) for id in self.figures), self._files(entry))

    def _figure(self, facts: Facts, id: str) -> Runs:
        """Return a figure with all that must be said with it, or why there is none."""
        words, figure = self.language, facts.figures.get(id)
        if figure is None:
            return (Run(words.text("compendium.not_stated")),)
        is_told = figure.when is None or figure.when.year == facts.zone.edition.snapshot.year
        remarks = [*self._own_name(figure), *words.remarks(figure)]
        if facts.known(id) and not is_told:
            remarks.append(words.period(figure.when))
        return (Run(words.remarked(words.value(figure), remarks), figure=id),)

    def _own_name(self, figure: Figure) -> list[str]:
        name = self.language.name(figure)
        return [] if name == self.language.indicator(figure.indicator) else [name]

    @cached_property
    def figures(self) -> dict[str, str]:
        """The labels of at most MOST_FIGURES figures that more than half of the zones have, by id."""
        all_facts = [entry.facts for entry in self.entries if entry.facts]
        counts = Counter(id for facts in all_facts for id in facts.figures if facts.known(id))
        usual = [id for id in counts if counts[id] * 2 > len(all_facts)]

        def place(id: str) -> tuple[int, int]:
            at = self.headline.index(id) if id in self.headline else len(self.headline)
            return at, -counts[id]

        holder = {id: facts for facts in reversed(all_facts) for id in facts.figures}
        chosen = sorted(usual, key=place)[:MOST_FIGURES]
        return {id: self.language.indicator(holder[id].figures[id].indicator) for id in chosen}

    # Files

    def _files(self, entry: Entry) -> Runs:
        """Return links to a zone's files, by language where there are several, and why one was not made."""
        lines = [
            self._in_language(code, list(files))
            for code, files in groupby(sorted(entry.listed.files, key=_language_of), _language_of)
        ]
        if entry.listed.failure:
            failed = self.language.text("compendium.failed", reason=entry.listed.reason)
            lines.append((Run(failed),))
        separated = [run for line in lines for run in (Run("\n"), *line)]
        return tuple(separated[1:]) or (Run(self.language.text("tables.none")),)

    def _in_language(self, code: str, files: Sequence[LinkedFile]) -> Runs:
        words = self.language
        comma = Run(words.text("lists.separator"))
        links = [run for file in files for run in (comma, Run(file.label, href=file.address))][1:]
        if not self._has_several_languages:
            return tuple(links)
        name = str(words.locale.languages.get(code, printable(code)))
        before, _, after = words.text("compendium.files_in", language=name).partition("{files}")
        return (Run(before), *links, Run(after))

    @cached_property
    def _has_several_languages(self) -> bool:
        return len({file.language for entry in self.entries for file in entry.listed.files}) > 1


def _key(entry: Entry) -> tuple[object, ...]:
    """Return what entries are sorted by: their names, then the latest snapshot first."""
    end = -entry.facts.zone.edition.snapshot.end.toordinal() if entry.facts and _is_dated(entry.facts) else 0
    return *sort_key(entry.name), entry.facts.zone.id if entry.facts else "", end


def _is_dated(facts: Facts) -> bool:
    return facts.zone.edition.snapshot.is_stated


def _language_of(file: LinkedFile) -> str:
    return file.language


def _together(waiting: Sequence[tuple[str, list[Entry]]]) -> list[Group]:
    """Return neighbouring letters as one group, "A–C"; none of none."""
    if not waiting:
        return []
    first, last = waiting[0][0], waiting[-1][0]
    entries = tuple(entry for _, entries in waiting for entry in entries)
    return [Group(first if first == last else f"{first}–{last}", entries)]
