"""Innovation platforms: by kind where counts exist, else by year, unlike counts set apart by breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zonereport.charts.bars import Bar, Bars, height
from zonereport.charts.chart import Chart, Omitted
from zonereport.charts.sheet import LINE, Sheet, largest, room, wrap
from zonereport.charts.words import dates, named, quantity, sources_line
from zonereport.measures import PLATFORMS, compare
from zonereport.zone.quantity import INFINITY, Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.charts.drawing import Drawing
    from zonereport.charts.style import Style
    from zonereport.language import Language
    from zonereport.measures import Facts
    from zonereport.zone.model import Figure

MAIN = "innovation-platforms"
HEIGHT = 45.0
PLOT = (10.0, 28.5)
"""Top and bottom of the columns in millimetres."""
COLUMN = 20.0
TEXT_COLUMNS = 80
"""Columns of text that stand side by side below the axis, with air between them."""
ROOM_FOR_WORD = 36.0
"""Distance of columns from which the word beside a zigzag does not meet their labels."""


def plan(facts: Facts, language: Language, headline: Sequence[str]) -> Chart | Omitted:
    """Return platforms by kind, or by year; omitted where neither is published."""
    main = facts.known(MAIN)
    counted = (
        [part for part in main.breakdown.parts if isinstance(part.value, Quantity)]
        if main and main.breakdown
        else []
    )
    if main and len(counted) > 1:
        return _by_kind(main, language)
    series = _one_a_snapshot(facts)
    if len(series) > 1:
        return _by_year(series, language)
    return Omitted(language.text("charts.platforms.no_counts"))


def _by_kind(main: Figure, language: Language) -> Chart:
    assert main.breakdown is not None
    counted = [
        Bar(language.pick(part.name), part.value, language.counted(part.value, main))
        for part in main.breakdown.parts
        if isinstance(part.value, Quantity)
    ]
    bars = tuple(sorted(counted, key=lambda bar: room(bar.quantity), reverse=True))
    is_ordered = all(
        isinstance(part.value, Quantity) and part.value.is_exact for part in main.breakdown.parts
    )
    label, by, when = named(main, language), language.pick(main.breakdown.by), dates([main], language)
    rows = language.sentences(
        language.text("charts.platforms.row", name=bar.name, value=bar.label) for bar in bars
    )
    return Chart(
        id="platforms",
        title=language.text(
            f"charts.platforms.title_{'kinds' if is_ordered else 'by'}",
            largest=bars[0].name,
            label=label,
            by=by,
        ),
        subtitle=language.text("charts.platforms.subtitle_kinds", label=label, by=by, when=when),
        source=sources_line([main], language),
        alt=language.text("charts.platforms.alt_kinds", label=label, by=by, rows=rows),
        header=(language.text("tables.indicator"), language.text("tables.value")),
        rows=tuple((bar.name, bar.label) for bar in bars),
        figures=(main.id,),
        height=height(bars),
        draw=Bars(bars),
    )


def _one_a_snapshot(facts: Facts) -> list[Figure]:
    """Return the main figure of each snapshot, or the first of the family where it has no main one."""
    by_snapshot: dict[str, list[Figure]] = {}
    for zone, figure in facts.series(PLATFORMS):
        by_snapshot.setdefault(str(zone.edition.snapshot), []).append(figure)
    return [next((f for f in figures if f.id == MAIN), figures[0]) for figures in by_snapshot.values()]


def _is_break(before: Figure, now: Figure) -> bool:
    """Whether two neighbours count different things, so that no reader may join them."""
    return before.id != now.id or compare(now, before).standing != "comparable"


@dataclass(frozen=True, slots=True)
class Step:
    """One column: when, what it is called, how many, and whether a break stands before it."""

    when: str
    name: str
    flags: str
    """What must be said with the figure: on lines of its own, which are never cut."""
    quantity: Quantity
    label: str
    after_break: bool


def _by_year(series: list[Figure], language: Language) -> Chart:
    steps = tuple(
        Step(
            language.period(figure.when),
            language.name(figure),
            language.text("lists.remark").join(language.flags(figure)),
            quantity(figure),
            language.value(figure),
            index > 0 and _is_break(series[index - 1], figure),
        )
        for index, figure in enumerate(series)
    )
    names = [named(figure, language) for figure in series]
    values = [language.remarked(language.phrase(figure), [language.period(figure.when)]) for figure in series]
    title = (
        language.text("charts.platforms.title_years", counts=language.enumerate(values))
        if any(step.after_break for step in steps)
        else language.text(
            "charts.platforms.title_series", label=steps[-1].name, last=values[-1], first=values[0]
        )
    )
    rows = language.sentences(
        language.text("charts.platforms.row", name=f"{step.when}: {name}", value=step.label)
        for step, name in zip(steps, names, strict=True)
    )
    draw = Columns(steps, language.text("charts.platforms.break"))
    return Chart(
        id="platforms",
        title=title,
        subtitle=language.text(
            f"charts.platforms.subtitle_{'years' if any(step.after_break for step in steps) else 'series'}"
        ),
        source=sources_line(series, language),
        alt=language.text("charts.platforms.alt_years", rows=rows),
        header=(
            language.text("tables.when"),
            language.text("tables.indicator"),
            language.text("tables.value"),
        ),
        rows=tuple((step.when, name, step.label) for step, name in zip(steps, names, strict=True)),
        figures=tuple(dict.fromkeys(figure.id for figure in series)),
        height=draw.height,
        draw=draw,
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """Draws a column a snapshot, a zigzag between columns that count different things."""

    steps: tuple[Step, ...]
    break_word: str

    @property
    def height(self) -> float:
        """Height in millimetres."""
        return HEIGHT + LINE * max(len(self._flags(step)) for step in self.steps)

    @property
    def _pitch(self) -> float:
        """Distance of two columns in columns of text: as many names must stand side by side."""
        return TEXT_COLUMNS / len(self.steps)

    def _flags(self, step: Step) -> list[str]:
        return wrap(step.flags, int(self._pitch), 9) if step.flags else []

    def __call__(self, style: Style) -> Drawing:
        """Return the chart as it is drawn in a style."""
        sheet = Sheet(style, self.height)
        colours = sheet.colours
        top, bottom = PLOT
        scale = (bottom - top) / largest(step.quantity for step in self.steps)
        pitch = sheet.width / len(self.steps)
        width = min(COLUMN, pitch * 0.5)
        for index, step in enumerate(self.steps):
            middle = pitch * (index + 0.5)
            self._column(sheet, step, middle - width / 2, width, scale)
            sheet.text(middle, bottom + 4.5, step.when, align="center", colour=colours.muted)
            names = wrap(step.name, int(self._pitch), 2)
            sheet.lines(middle, bottom + 4.5 + LINE, [*names, *self._flags(step)], align="center")
            if step.after_break:
                sheet.zigzag(pitch * index, top + 4, bottom)
                if pitch > ROOM_FOR_WORD:
                    sheet.text(
                        pitch * index, top + 1.5, self.break_word, align="center", colour=colours.second
                    )
        sheet.rule([(0, bottom), (sheet.width, bottom)], colour=colours.muted)
        return sheet.drawing()

    @staticmethod
    def _column(sheet: Sheet, step: Step, left: float, width: float, scale: float) -> None:
        colours, bottom = sheet.colours, PLOT[1]
        solid, reach = float(step.quantity.low.value) * scale, room(step.quantity) * scale
        sheet.rectangle(left, bottom - solid, width, solid, colours.accent)
        if reach > solid:
            sheet.outlined(left, bottom - reach, width, reach - solid, colours.accent)
        if step.quantity.high.value == INFINITY:
            for part in range(4):
                sheet.rectangle(
                    left, bottom - reach - (part + 1), width, 1, colours.accent, alpha=0.6 - 0.14 * part
                )
        rise = 5.5 if step.quantity.high.value == INFINITY else 1.5
        sheet.text(left + width / 2, bottom - reach - rise, step.label, align="center", bold=True)
