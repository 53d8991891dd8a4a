"""Headline figures beside an earlier snapshot, each row on its own scale, breaks marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zonereport.charts.chart import Chart, Omitted
from zonereport.charts.sheet import LINE, OPEN_END, Sheet, columns, largest, wrap
from zonereport.charts.words import named, sources_line
from zonereport.charts.words import quantity as known
from zonereport.wording import change_in_a_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure as Picture

    from zonereport.charts.style import Style
    from zonereport.language import Language
    from zonereport.measures import Facts
    from zonereport.zone.quantity import Quantity

PAIR, SINGLE = 17.0, 6.2
"""Height of a row with an earlier bar, and of one without whose name fits on a line."""
NAME = 54
"""Columns of text beside the value of a row without an earlier bar."""
TOP = 1.5
THICKNESS = 4.2


@dataclass(frozen=True, slots=True)
class Row:
    """One headline figure: now, and before where there is one."""

    name: str
    now: tuple[Quantity, str]
    before: tuple[Quantity, str] | None
    note: str
    """Why there is nothing before, or that the series is broken."""

    @property
    def height(self) -> float:
        """Height in millimetres."""
        return PAIR if self.before else SINGLE + (len(wrap(self.name, NAME)) - 1) * LINE


@dataclass(frozen=True, slots=True)
class Pairs:
    """Draws the rows: the earlier bar light above, the present one solid below."""

    rows: tuple[Row, ...]

    @property
    def height(self) -> float:
        """Height in millimetres."""
        return TOP + sum(row.height for row in self.rows)

    def __call__(self, figure: Picture, style: Style) -> None:
        """Draw into the figure."""
        sheet = Sheet(figure, style, self.height)
        top = TOP
        for row in self.rows:
            if row.before is None:
                self._single(sheet, row, top)
            else:
                self._pair(sheet, row, row.before, top)
            top += row.height

    @staticmethod
    def _single(sheet: Sheet, row: Row, top: float) -> None:
        """Write a row without a counterpart: a bar with nothing beside it would say nothing."""
        sheet.rule([(0, top - 1.2), (sheet.width, top - 1.2)])
        sheet.lines(0, top + 3, wrap(row.name, NAME), color=sheet.colours.muted)
        sheet.text(sheet.width * 0.5, top + 3, row.now[1], fontweight="bold")
        sheet.text(sheet.width, top + 3, row.note, ha="right", color=sheet.colours.muted)

    @staticmethod
    def _pair(sheet: Sheet, row: Row, before: tuple[Quantity, str], top: float) -> None:
        colours, size = sheet.colours, sheet.style.theme.sizes.chart
        longest = max(columns(row.now[1]), columns(before[1])) + columns(row.note)
        scale = max(30.0, sheet.width - longest * size * 0.21 - OPEN_END - 6) / largest(
            [row.now[0], before[0]]
        )
        sheet.text(0, top + 3, wrap(row.name, 100, 1)[0], color=colours.muted)
        upper, lower = top + 4.6, top + 5.0 + THICKNESS
        end = sheet.bar(0, upper, before[0], scale, colours.light, THICKNESS)
        sheet.text(end + 1.6, upper + THICKNESS / 2, before[1], va="center", color=colours.muted)
        end = sheet.bar(0, lower, row.now[0], scale, colours.accent, THICKNESS)
        sheet.text(end + 1.6, lower + THICKNESS / 2, row.now[1], va="center", fontweight="bold")
        sheet.text(
            sheet.width, upper + THICKNESS / 2, row.note, va="center", ha="right", color=colours.second
        )


def plan(facts: Facts, language: Language, headline: Sequence[str]) -> Chart | Omitted:
    """Return the headline figures in pairs; omitted without an earlier snapshot or without a counterpart."""
    if facts.before is None:
        return Omitted(language.text("charts.no_previous"))
    figures = [figure for id in headline if (figure := facts.known(id))]
    found = {figure.id: facts.comparison(figure.id) for figure in figures}
    compared = [
        comparison for comparison in found.values() if comparison and comparison.standing != "not_comparable"
    ]
    before = language.period(facts.before.zone.edition.snapshot)
    now = language.period(facts.zone.edition.snapshot)
    if not compared:
        return Omitted(f"no headline figure has a counterpart in the snapshot {before}")
    nothing = language.text("charts.headline.none", before=before)
    rows, words, table = [], [], []
    for figure in figures:
        comparison = found[figure.id]
        earlier = comparison.before if comparison in compared and comparison else None
        label = language.value(figure)
        earlier_label = (
            language.remarked(language.value(earlier), [language.period(earlier.when)])
            if earlier
            else nothing
        )
        broken = comparison is not None and comparison.standing == "break"
        note = language.text("charts.headline.break") if broken else "" if earlier else nothing
        pair = (known(earlier), earlier_label) if earlier else None
        now_label = language.remarked(label, [language.period(figure.when)])
        rows.append(Row(named(figure, language), (known(figure), now_label), pair, note))
        table.append((named(figure, language), earlier_label, label, note if earlier else ""))
        words.append(
            language.text(
                "charts.headline.row",
                name=named(figure, language),
                now=now_label,
                before=f"{earlier_label}; {note}" if earlier and note else earlier_label,
            )
        )
    draw = Pairs(tuple(rows))
    return Chart(
        id="headline",
        title=language.text(
            "charts.headline.title",
            now=language.sentence(compared[0].now),
            change=change_in_a_sentence(compared[0], language),
        ),
        subtitle=language.text("charts.headline.subtitle", now=now, before=before),
        source=sources_line([*figures, *(comparison.before for comparison in compared)], language),
        alt=language.text("charts.headline.alt", now=now, before=before, rows=" ".join(words)),
        header=(language.text("tables.indicator"), before, now, language.text("tables.remarks")),
        rows=tuple(table),
        figures=tuple(figure.id for figure in figures),
        height=draw.height,
        draw=draw,
    )
