"""Headline figures beside an earlier snapshot, each row on its own scale, breaks marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zonereport.charts.chart import Chart, Omitted
from zonereport.charts.sheet import LINE, OPEN_END, Sheet, columns, cut, largest, wrap
from zonereport.charts.words import NAME as NAMES
from zonereport.charts.words import quantity as known
from zonereport.charts.words import sources_line
from zonereport.wording import change_in_a_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.charts.drawing import Drawing
    from zonereport.charts.style import Style
    from zonereport.language import Language
    from zonereport.measures import Facts
    from zonereport.zone.model import Figure
    from zonereport.zone.quantity import Quantity

PAIR, SINGLE = 17.0, 6.2
"""Height of a row with an earlier bar, and of one without whose name fits on a line."""
NAME = 42
"""Columns of text beside the value of a row without an earlier bar."""
TOP = 1.5
THICKNESS = 4.2


@dataclass(frozen=True, slots=True)
class Row:
    """One headline figure: now, and before where there is one to draw beside it."""

    name: str
    now: tuple[Quantity, str]
    before: tuple[Quantity, str] | None = None
    note: str = ""
    """That the series is broken."""

    @property
    def height(self) -> float:
        """Height in millimetres."""
        return PAIR if self.before else SINGLE + (len(wrap(self.name, NAME)) - 1) * LINE


@dataclass(frozen=True, slots=True)
class Pairs:
    """Draws the pairs, the earlier bar light above the present one, then the rows without a pair."""

    pairs: tuple[Row, ...]
    ranks: tuple[Row, ...]
    """Rows with an earlier rank: no bar, a longer one would be a worse place."""
    singles: tuple[Row, ...]
    heading: str
    """What is said of the rows without an earlier figure."""

    @property
    def height(self) -> float:
        """Height in millimetres."""
        heading = SINGLE if self.singles else 0
        return TOP + heading + sum(row.height for row in (*self.pairs, *self.ranks, *self.singles))

    def __call__(self, style: Style) -> Drawing:
        """Return the chart as it is drawn in a style."""
        sheet = Sheet(style, self.height)
        top = TOP
        for row in self.pairs:
            self._pair(sheet, row, top)
            top += row.height
        for row in self.ranks:
            self._single(sheet, row, top)
            top += row.height
        if self.singles:
            sheet.text(0, top + 3, self.heading, colour=sheet.colours.muted, italic=True)
            top += SINGLE
        for row in self.singles:
            self._single(sheet, row, top)
            top += row.height
        return sheet.drawing()

    @staticmethod
    def _single(sheet: Sheet, row: Row, top: float) -> None:
        """Write a row without a counterpart: a bar with nothing beside it would say nothing."""
        sheet.rule([(0, top - 1.2), (sheet.width, top - 1.2)])
        sheet.lines(0, top + 3, wrap(row.name, NAME), colour=sheet.colours.muted)
        sheet.text(sheet.width, top + 3, row.now[1], align="right", bold=True)

    @staticmethod
    def _pair(sheet: Sheet, row: Row, top: float) -> None:
        assert row.before is not None
        before, colours, size = row.before, sheet.colours, sheet.style.theme.sizes.chart
        longest = max(columns(row.now[1]), columns(before[1])) + columns(row.note)
        scale = max(30.0, sheet.width - longest * size * 0.21 - OPEN_END - 6) / largest(
            [row.now[0], before[0]]
        )
        sheet.text(0, top + 3, wrap(row.name, 100, 1)[0], colour=colours.muted)
        upper, lower = top + 4.6, top + 5.0 + THICKNESS
        end = sheet.bar(0, upper, before[0], scale, colours.light, THICKNESS)
        sheet.text(end + 1.6, upper + THICKNESS / 2, before[1], middle=True, colour=colours.muted)
        end = sheet.bar(0, lower, row.now[0], scale, colours.accent, THICKNESS)
        sheet.text(end + 1.6, lower + THICKNESS / 2, row.now[1], middle=True, bold=True)
        sheet.text(
            sheet.width, upper + THICKNESS / 2, row.note, middle=True, align="right", colour=colours.second
        )


def _dated(figure: Figure, language: Language) -> str:
    """Return a value with its own flags and date: an earlier forecast is not this year's."""
    return language.remarked(language.value(figure), [*language.flags(figure), language.period(figure.when)])


def plan(facts: Facts, language: Language, headline: Sequence[str]) -> Chart | Omitted:
    """Return the headline figures in pairs; omitted without an earlier snapshot or without a counterpart."""
    if facts.before is None:
        return Omitted(language.text("charts.no_previous"))
    figures = [figure for id in headline if (figure := facts.known(id))]
    found = {figure.id: facts.comparison(figure.id) for figure in figures}
    compared = [
        comparison for comparison in found.values() if comparison and comparison.standing != "not_comparable"
    ]
    before = language.snapshot(facts.before.zone.edition)
    now = language.snapshot(facts.zone.edition)
    if not compared:
        return Omitted(f"no headline figure has a counterpart in the snapshot {before}")
    nothing = language.text("charts.headline.none", before=before)
    pairs, ranks, singles, words, table = [], [], [], [], []
    for figure in figures:
        comparison = found[figure.id]
        earlier = comparison.before if comparison in compared and comparison else None
        earlier_label = _dated(earlier, language) if earlier else nothing
        broken = comparison is not None and comparison.standing == "break"
        note = language.text("charts.headline.break") if broken else ""
        now_label = _dated(figure, language)
        name = cut(language.name(figure), NAMES)
        if earlier and figure.indicator.kind != "rank":
            pairs.append(Row(name, (known(figure), now_label), (known(earlier), earlier_label), note))
        elif earlier:
            both = language.text("charts.headline.rank", now=now_label, before=earlier_label)
            ranks.append(Row(name, (known(figure), both)))
        else:
            singles.append(Row(name, (known(figure), now_label)))
        table.append((name, earlier_label, now_label, note if earlier else ""))
        words.append(
            language.text(
                "charts.headline.row",
                name=name,
                now=now_label,
                before=f"{earlier_label}; {note}" if earlier and note else earlier_label,
            )
        )
    draw = Pairs(tuple(pairs), tuple(ranks), tuple(singles), nothing)
    return Chart(
        id="headline",
        title=language.text(
            "charts.headline.title",
            now=language.titled(compared[0].now),
            change=change_in_a_sentence(compared[0], language),
        ),
        subtitle=language.text("charts.headline.subtitle", now=now, before=before),
        source=sources_line([*figures, *(comparison.before for comparison in compared)], language),
        alt=language.text("charts.headline.alt", now=now, before=before, rows=language.sentences(words)),
        header=(language.text("tables.indicator"), before, now, language.text("tables.remarks")),
        rows=tuple(table),
        figures=tuple(figure.id for figure in figures),
        height=draw.height,
        draw=draw,
    )
