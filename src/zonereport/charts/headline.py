"""Headline figures beside an earlier snapshot, each row on its own scale, breaks marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zonereport.charts.chart import Chart, Omitted
from zonereport.charts.sheet import OPEN_END, Sheet, columns, largest, wrap
from zonereport.charts.wording import named, sources_line
from zonereport.charts.wording import quantity as known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure as Picture

    from zonereport.charts.style import Style
    from zonereport.language import Language
    from zonereport.measures import Facts
    from zonereport.zone.quantity import Quantity

ROW = 15.0
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


@dataclass(frozen=True, slots=True)
class Pairs:
    """Draws the rows: the earlier bar light above, the present one solid below."""

    rows: tuple[Row, ...]

    def __call__(self, figure: Picture, style: Style) -> None:
        """Draw into the figure."""
        sheet = Sheet(figure, style, TOP + ROW * len(self.rows))
        colours, size = style.theme.colours, style.theme.sizes.chart
        for index, row in enumerate(self.rows):
            top = TOP + index * ROW
            sheet.text(0, top + 3, wrap(row.name, 100, 1)[0], color=colours.muted)
            pairs = [row.now, row.before] if row.before else [row.now]
            longest = max(columns(label) for _, label in pairs) + columns(row.note)
            scale = max(30.0, sheet.width - longest * size * 0.21 - OPEN_END - 6) / largest(
                quantity for quantity, _ in pairs
            )
            self._draw(sheet, row, top + 4.2, scale)

    @staticmethod
    def _draw(sheet: Sheet, row: Row, top: float, scale: float) -> None:
        colours = sheet.colours
        if row.before:
            end = sheet.bar(0, top, row.before[0], scale, colours.light, THICKNESS)
            sheet.text(end + 1.6, top + THICKNESS / 2, row.before[1], va="center", color=colours.muted)
        below = top + THICKNESS + 0.4 if row.before else top
        end = sheet.bar(0, below, row.now[0], scale, colours.accent, THICKNESS)
        sheet.text(end + 1.6, below + THICKNESS / 2, row.now[1], va="center", fontweight="bold")
        if row.note:
            y = top + THICKNESS / 2 if row.before else below + THICKNESS / 2
            sheet.text(
                sheet.width,
                y,
                row.note,
                va="center",
                ha="right",
                color=colours.second if row.before else colours.muted,
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
    return Chart(
        id="headline",
        title=language.text(
            "charts.headline.title",
            changed=language.cardinal(len(compared)),
            n=language.cardinal(len(figures)),
            before=before,
        ),
        subtitle=language.text("charts.headline.subtitle", now=now, before=before),
        source=sources_line([*figures, *(comparison.before for comparison in compared)], language),
        alt=language.text("charts.headline.alt", now=now, before=before, rows=" ".join(words)),
        header=(language.text("tables.indicator"), before, now, language.text("tables.remarks")),
        rows=tuple(table),
        figures=tuple(figure.id for figure in figures),
        height=TOP + ROW * len(rows),
        draw=Pairs(tuple(rows)),
    )
