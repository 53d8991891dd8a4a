"""Tables over figures: by section, over all with their sources, derived ones with formulas, and two years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zonereport.briefing.blocks import Caption, Column, Run, Table
from zonereport.series import find_growth, find_series
from zonereport.wording import change_in_a_cell, formula, reasons, value_in_full
from zonereport.years import growth_formulas, growth_in_cells, revisions_in_words
from zonereport.zone.model import Missing
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from zonereport.briefing.blocks import Runs
    from zonereport.language import Language
    from zonereport.measures import Facts
    from zonereport.series import Growth, Series
    from zonereport.zone.model import Figure


MOST_YEARS = 5
"""Snapshots side by side in one table; a page is not wider."""


@dataclass(frozen=True, slots=True)
class Tabulator:
    """Makes tables in one language over one zone's facts."""

    facts: Facts
    language: Language

    def indicators(self, id: str, title: str, figures: Iterable[Figure]) -> Table:
        """Return a table of figures: indicator, value with remarks, as of or period."""
        rows = [(self._name(figure), self.value(figure), self._when(figure)) for figure in figures]
        return self.make(id, title, self._headings("indicator", "value", "when"), (5, 4, 2.4), rows)

    def sources(self, id: str, title: str, figures: Iterable[Figure]) -> Table:
        """Return a table of published figures with kind and source."""
        rows: list[tuple[Runs, ...]] = []
        for figure in figures:
            rows += [(self._name(figure), self.value(figure), *self._origin(figure)), *self._parts(figure)]
        return self.make(
            id,
            title,
            self._headings("indicator", "value", "when", "kind", "source"),
            (4.2, 4.0, 2.8, 1.8, 1.5),
            rows,
        )

    def derived(
        self, id: str, title: str, figures: Iterable[Figure], *, with_growth: bool = False
    ) -> Table | None:
        """Return a table of derived figures, and of growth if asked for, with the formula of each."""
        rows: list[tuple[Runs, ...]] = [
            (self._name(figure), self.value(figure), (Run(formula(figure, self.language)),))
            for figure in figures
        ]
        for growth in self._growths() if with_growth else ():
            rows += [tuple((Run(cell),) for cell in row) for row in growth_formulas(growth, self.language)]
        headings = self._headings("indicator", "result", "formula")
        return self.make(id, title, headings, (4, 2.8, 5.4), rows) if rows else None

    def comparison(self, id: str, title: str) -> Table | None:
        """Return the figures of this and the earlier snapshot side by side; None without an earlier one."""
        before = self.facts.before
        if before is None:
            return None
        words = self.language
        rows = []
        for now in self.facts.zone.figures.values():
            found, earlier = self.facts.comparison(now.id), before.zone.figures.get(now.id)
            if earlier is None:
                continue
            change = change_in_a_cell(found, words) if found else words.text("change.not_computed")
            why = reasons(found, words) if found else ""
            rows.append((self._name(now), self.dated(earlier), self.dated(now), (Run(change),), (Run(why),)))
        if not rows:
            return None
        headings = (
            words.text("tables.indicator"),
            words.snapshot(before.zone.edition),
            words.snapshot(self.facts.zone.edition),
            words.text("tables.change"),
            words.text("tables.remarks"),
        )
        return self.make(id, title, headings, (3.2, 2.6, 2.6, 2.2, 4), rows)

    def years(self, id: str, title: str) -> tuple[Table, ...]:
        """Return what several snapshots publish side by side, oldest first, some snapshots a table."""
        snapshots = self.facts.snapshots
        if len(snapshots) < 2:
            return ()
        groups = [snapshots[at : at + MOST_YEARS] for at in range(0, len(snapshots), MOST_YEARS)]
        tables = (self._years(f"{id}-{n}", title, group) for n, group in enumerate(groups, start=1))
        return tuple(table for table in tables if table)

    def _years(self, id: str, title: str, snapshots: Sequence[Facts]) -> Table | None:
        rows = [self._year_row(series, snapshots) for series in find_series(self.facts)]
        if not any(rows):
            return None
        words = self.language
        headings = (
            words.text("tables.indicator"),
            *(words.snapshot(facts.zone.edition) for facts in snapshots),
            words.text("tables.remarks"),
        )
        weights = (3.2, *(2.3 for _ in snapshots), 3.4)
        return self.make(id, title, headings, weights, [row for row in rows if row])

    def _year_row(self, series: Series, snapshots: Sequence[Facts]) -> tuple[Runs, ...]:
        """Return what snapshots publish of an indicator, by the latest statement; nothing if none does."""
        words = self.language
        stated = [facts.published(series.id) for facts in snapshots]
        points = [series.point_of(figure) if figure else None for figure in stated]
        shown = {id(point.figure): point for point in points if point}
        if not shown:
            return ()
        cells = [
            self.dated(point.figure, is_revised=bool(point.revised))
            if point
            else (Run(words.missing(Missing.NOT_PUBLISHED)),)
            for point in points
        ]
        why = [text for point in shown.values() for text in revisions_in_words(point, words)]
        why += [reasons(joint, words) for joint in series.joints if id(joint.now) in shown]
        remarks = words.text("lists.remark").join(dict.fromkeys(filter(None, why)))
        return (self._name([*shown.values()][-1].figure), *cells, (Run(remarks),))

    def growth(self, id: str, title: str) -> Table | None:
        """Return the growth of every series that has one: ends, change, simple and compound growth."""
        words = self.language
        rows = []
        for growth in self._growths():
            span, *cells = growth_in_cells(growth, words)
            now = growth.found.now
            rows.append((self._name(now), (Run(span, figure=now.id),), *((Run(cell),) for cell in cells)))
        headings = (
            words.text("tables.indicator"),
            words.text("growth.span"),
            words.text("tables.change"),
            words.text("growth.simple"),
            words.text("growth.annual"),
            words.text("tables.remarks"),
        )
        return self.make(id, title, headings, (2.8, 3.6, 2, 2.1, 2.3, 2.2), rows) if rows else None

    def _growths(self) -> list[Growth]:
        return [growth for series in find_series(self.facts) for growth in find_growth(series)]

    def annex(self, id: str, title: str, section: str) -> Table | None:
        """Return every published figure of a section in all snapshots, by indicator, oldest first."""
        words = self.language
        rows: list[tuple[Runs, ...]] = []
        for indicator in self._indicators(section):
            for facts in self.facts.snapshots:
                if figure := facts.zone.figures.get(indicator):
                    snapshot = (Run(words.snapshot(facts.zone.edition)),)
                    rows.append((self._name(figure), snapshot, self.value(figure), *self._origin(figure)))
        headings = self._headings("indicator", "snapshot", "value", "when", "kind", "source")
        return self.make(id, title, headings, (3.8, 1.6, 3.6, 2.4, 2, 1.5), rows) if rows else None

    def _indicators(self, section: str = "") -> list[str]:
        """Return the ids of a section's indicators, or of all, in any snapshot, in the catalogue's order."""
        found = {
            id: None
            for facts in reversed(self.facts.snapshots)
            for id, indicator in facts.zone.indicators.items()
            if section in ("", indicator.section)
        }
        return list(found)

    def caveats(self, id: str, title: str, rows: list[tuple[str, str]]) -> Table:
        """Return a table of caveats and what they are about."""
        cells: list[tuple[Runs, ...]] = [((Run(subject),), (Run(note),)) for subject, note in rows]
        headings = (self.language.text("methods.subject"), self.language.text("methods.caveat"))
        return self.make(id, title, headings, (3.6, 6.4), cells)

    # Making a table

    def value(self, figure: Figure) -> Runs:
        """Return a figure's value with everything that must be said with it, as one run."""
        return (Run(value_in_full(figure, self.language), figure=figure.id),)

    def dated(self, figure: Figure, *, is_revised: bool = False) -> Runs:
        """Return a value with its remarks and its own date, which need not be the snapshot's."""
        words = self.language
        remarks = [*words.remarks(figure), *([words.text("status.revised")] if is_revised else [])]
        dated = words.remarked(words.value(figure), [*remarks, words.period(figure.when)])
        return (Run(dated, figure=figure.id),)

    def _parts(self, figure: Figure) -> list[tuple[Runs, ...]]:
        """Return a row for each kind of a breakdown that has counts, its name behind the figure's."""
        breakdown, words = figure.breakdown, self.language
        if breakdown is None or not any(isinstance(part.value, Quantity) for part in breakdown.parts):
            return []
        return [
            (
                (Run(words.text("tables.part", name=words.name(figure), part=words.pick(part.name))),),
                (
                    Run(
                        words.counted(part.value, figure)
                        if isinstance(part.value, Quantity)
                        else words.missing(part.value),
                        figure=figure.id,
                    ),
                ),
                *self._origin(figure),
            )
            for part in breakdown.parts
        ]

    def _origin(self, figure: Figure) -> tuple[Runs, ...]:
        return (
            self._when(figure),
            (Run(self.language.text(f"kinds.{figure.indicator.kind}")),),
            (Run(self.language.text("lists.separator").join(source.id for source in figure.sources)),),
        )

    def _name(self, figure: Figure) -> Runs:
        return (Run(self.language.name(figure)),)

    def _when(self, figure: Figure) -> Runs:
        return (Run(self.language.period(figure.when)),)

    def _headings(self, *names: str) -> tuple[str, ...]:
        return tuple(self.language.text(f"tables.{name}") for name in names)

    def make(
        self,
        id: str,
        title: str,
        headings: tuple[str, ...],
        weights: tuple[float, ...],
        rows: Sequence[tuple[Runs, ...]],
        note: Runs = (),
    ) -> Table:
        """Return a table whose caption is still to be numbered."""
        return make_table(self.language, id, title, headings, weights, rows, note)

    def caption(self, kind: str, runs: Runs) -> Caption:
        """Return a caption that is still to be numbered."""
        return make_caption(self.language, kind, runs)


def make_table(
    words: Language,
    id: str,
    title: str,
    headings: tuple[str, ...],
    weights: tuple[float, ...],
    rows: Sequence[tuple[Runs, ...]],
    note: Runs = (),
) -> Table:
    """Return a table in a language; its caption is still to be numbered."""
    return Table(
        id=id,
        caption=make_caption(words, "table", (Run(title),)),
        columns=tuple(Column(name, "left", weight) for name, weight in zip(headings, weights, strict=True)),
        rows=tuple(rows),
        description=words.text("tables.description", rows=len(rows), columns=words.enumerate(headings)),
        note=note,
    )


def make_caption(words: Language, kind: str, runs: Runs) -> Caption:
    """Return a caption in a language that is still to be numbered."""
    return Caption(
        "figure" if kind == "figure" else "table",
        words.text(f"captions.{kind}.prefix"),
        0,
        words.text(f"captions.{kind}.suffix"),
        runs,
    )
