"""What a template may say of two snapshots set beside each other: counts, main points, tables, charts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from zonereport.briefing.blocks import Run, Tile, Tiles
from zonereport.changes import STANDINGS, Standing, find_changes
from zonereport.errors import TemplateError, did_you_mean
from zonereport.wording import (
    change_in_a_sentence,
    change_of,
    entries_in_groups,
    remarks_on,
    revision_in_a_sentence,
)
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from zonereport.briefing.blocks import Runs, Table
    from zonereport.briefing.redline import Rewording, Wording
    from zonereport.briefing.tables import Tabulator
    from zonereport.changes import Change, Changes
    from zonereport.language import Language
    from zonereport.measures import Facts
    from zonereport.zone.model import Figure

SUBJECTS = (*STANDINGS, "entries", "rewordings", "passages")
"""What may have changed: figures, by standing; entries of lists and milestones; passages of the
text that both have in other words, and those that only one has."""
MOST_POINTS = 5
MOST_NAMED = 6
"""Figures that are named in one sentence."""
NAMED_ON_A_TILE = 2
WEIGHTS: Mapping[str, tuple[float, ...]] = {
    **dict.fromkeys(("revised", "changed"), (3.2, 2.6, 2.6, 2.2, 4)),
    "new": (3.6, 1.6, 3.6, 3.6),
    "dropped": (3.6, 3.6, 1.6, 3.6),
}
"""The widths of a table's columns, where they are not the usual ones."""
MOST_PAIRED = 8
"""Pairs of bars in one chart."""


@dataclass
class Comparer:
    """Says what differs between a snapshot and the one before it, in one language."""

    facts: Facts
    language: Language
    tables: Tabulator
    headline: Sequence[str]
    """Ids of the figures to lead with."""
    wording: Wording | None
    """What the two texts say in other words, where they were given."""

    @cached_property
    def changes(self) -> Changes:
        """All changes; only a briefing beside an earlier snapshot asks for them."""
        if self.facts.before is None:
            raise TemplateError("there is no earlier snapshot to compare with", hint="ask `{% if before %}`")
        return find_changes(self.facts.zone, self.facts.before.zone)

    def count(self, subject: str) -> int:
        """Return how many figures have a standing, or how many entries or passages differ."""
        if subject not in SUBJECTS:
            hint = did_you_mean(subject, SUBJECTS) or f"there are {', '.join(SUBJECTS)}"
            raise TemplateError(f"unknown kind of change `{subject}`", hint=hint)
        if subject in ("rewordings", "passages"):
            return len(self._passages(subject))
        if subject == "entries":
            return len(self._entry_rows())
        return len(self._of(subject))

    def _of(self, subject: str) -> list[Change]:
        """Return the figures of a standing, those to lead with first, then those that changed most."""

        def rank(change: Change) -> tuple[int, Decimal]:
            percent = change.comparison.percent if change.comparison else None
            place = self.headline.index(change.id) if change.id in self.headline else len(self.headline)
            return place, -abs(percent.number) if percent and percent.number.is_finite() else Decimal(0)

        return sorted((change for change in self.changes.figures if change.standing == subject), key=rank)

    # Sentences

    def main_points(self) -> list[Runs]:
        """Return a sentence for each of the figures with two values that matter most."""
        words = self.language
        points: list[Runs] = []
        for change in self._with_two_values()[:MOST_POINTS]:
            assert change.comparison is not None
            how = (
                revision_in_a_sentence(change, words)
                if change.standing == "revised"
                else change_in_a_sentence(change.comparison, words)
            )
            now = words.titled(change.comparison.now)
            points.append((Run(words.text("changes.point", now=now, change=how), figure=change.id),))
        return points

    def leading(self, subject: str) -> Runs:
        """Return the first figures of a standing as they read in a sentence, and how many more there are."""
        self.count(subject)  # names an unknown one
        changes = self._of(subject)
        words, shown = self.language, changes[:MOST_NAMED]
        runs: list[Run] = []
        for place, change in enumerate(shown):
            is_last = place and place == len(changes) - 1
            between = words.text("lists.last" if is_last else "changes.and_then")
            runs += [Run(between)] if place else []
            has_value = isinstance(change.figure.value, Quantity)
            said = words.titled(change.figure) if has_value else words.name(change.figure)
            runs.append(Run(said, figure=change.id))
        if more := len(changes) - len(shown):
            runs.append(Run(words.text("changes.and_more", n=more)))
        return tuple(runs)

    def paired(self) -> list[str]:
        """Return the ids of the figures to draw beside each other."""
        return [change.id for change in self._with_two_values()][:MOST_PAIRED]

    def _with_two_values(self) -> list[Change]:
        """Return the figures that differ and may stand beside each other, those to lead with first."""
        standings = ("revised", "changed", "break")
        found = [change for standing in standings for change in self._of(standing) if change.comparison]
        return sorted(found, key=lambda change: change.id not in self.headline)

    # Blocks

    def tiles(self) -> Tiles | None:
        """Return how many figures there are of each standing that has any, a tile each."""
        words, counts = self.language, self.changes.counts
        joined: dict[str, tuple[Standing, ...]] = {standing: (standing,) for standing in STANDINGS}
        joined["break"] += joined.pop("not_comparable")
        tiles = []
        for label, standings in joined.items():
            if number := sum(counts[standing] for standing in standings):
                names = [words.name(change.figure) for standing in standings for change in self._of(standing)]
                more = number - NAMED_ON_A_TILE
                notes = [*names[:NAMED_ON_A_TILE], words.text("changes.more", n=more) if more > 0 else ""]
                value = Run(words.number(Decimal(number)))
                tiles.append(Tile(value, words.text(f"changes.tiles.{label}"), tuple(filter(None, notes))))
        return Tiles(tuple(tiles[:5]), words.text("changes.tiles.description")) if tiles else None

    def table(self, subject: str, title: str) -> Table | None:
        """Return the table of the figures of a standing, of entries or of passages; None if there is none."""
        if not self.count(subject):
            return None
        if subject == "rewordings":
            return self._rewordings_table(title)
        if subject == "passages":
            return self._passages_table(title)
        words, id = self.language, f"table-{subject.replace('_', '-')}"
        if subject == "entries":
            headings = tuple(words.text(f"changes.{key}") for key in ("list", "standing", "which"))
            return self.tables.make(id, title, headings, (3, 2, 6.5), self._entry_rows())
        rows = [
            self._row(change, with_change=subject in ("revised", "changed")) for change in self._of(subject)
        ]
        headings = (
            words.text("tables.indicator"),
            *self._snapshots(),
            *([words.text("tables.change")] if subject in ("revised", "changed") else []),
            words.text("tables.remarks"),
        )
        weights = WEIGHTS.get(subject, (3.2, 2.8, 2.8, 4))
        if not any(row[-1][0].text for row in rows):
            rows, headings, weights = [row[:-1] for row in rows], headings[:-1], weights[:-1]
        return self.tables.make(id, title, headings, weights, rows)

    def _row(self, change: Change, *, with_change: bool) -> tuple[Runs, ...]:
        words = self.language
        remarks = words.text("lists.remark").join(remarks_on(change, self.changes, words))
        return (
            (Run(words.name(change.figure)),),
            self.cell(change.before),
            self.cell(change.now),
            *([(Run(change_of(change, words)),)] if with_change else []),
            (Run(remarks),),
        )

    def cell(self, figure: Figure | None) -> Runs:
        """Return a figure with remarks and date, or why there is no value."""
        if figure is None:
            return (Run(self.language.text("changes.absent")),)
        return self.tables.dated(figure) if isinstance(figure.value, Quantity) else self.tables.value(figure)

    # Lists and milestones

    def _entry_rows(self) -> list[tuple[Runs, ...]]:
        between = self.language.text("lists.remark")
        return [
            ((Run(name),), (Run(what),), (Run(between.join(said)),))
            for name, what, said in entries_in_groups(self.changes, self.language)
        ]

    # The wording

    def _passages(self, subject: str) -> list[Rewording]:
        """Return the passages that both texts have in other words, or those that only one has."""
        if self.wording is None:
            return []
        self.language.borrowed.update(self.wording.borrowed)
        rewordings = self.wording.rewordings
        return [each for each in rewordings if (each.standing == "changed") == (subject == "rewordings")]

    def _snapshots(self) -> tuple[str, str]:
        """Return what the earlier and the later snapshot are called."""
        return (
            self.language.snapshot(self.changes.before.edition),
            self.language.snapshot(self.changes.now.edition),
        )

    def _rewordings_table(self, title: str) -> Table:
        rows = [((Run(each.section),), each.before, each.now) for each in self._passages("rewordings")]
        headings = (self.language.text("changes.section"), *self._snapshots())
        note = (Run(self.language.text("changes.bold")),)
        return self.tables.make("table-rewordings", title, headings, (2.4, 5, 5), rows, note)

    def _passages_table(self, title: str) -> Table:
        words, (before, now) = self.language, self._snapshots()
        rows = [
            ((Run(each.section),), (Run(before if each.before else now),), each.before or each.now)
            for each in self._passages("passages")
        ]
        headings = tuple(words.text(f"changes.{key}") for key in ("section", "only_in", "passage"))
        left_out = self.wording.left_out if self.wording else 0
        note = (Run(words.text("changes.left_out", n=left_out)),) if left_out else ()
        return self.tables.make("table-passages", title, headings, (2.4, 1.4, 8.6), rows, note)
