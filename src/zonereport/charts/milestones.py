"""Milestones on a time axis to scale, each date as precise as it was published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zonereport.charts.axis import in_years, ticked
from zonereport.charts.chart import Chart, Omitted
from zonereport.charts.sheet import LINE, Sheet, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.charts.drawing import Drawing
    from zonereport.charts.style import Style
    from zonereport.language import Language
    from zonereport.measures import Facts

MOST = 12
COLUMNS = 52
AXIS = 9.0
"""Room for the axis below the labels in millimetres."""

SIDE = 6.0
"""Room on either side of the axis, for half the text of a tick."""


@dataclass(frozen=True, slots=True)
class Event:
    """One milestone: the span its date covers, in years, and its words in lines."""

    begin: float
    end: float
    date: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Draws every event on a row of its own, joined to the axis by a line."""

    events: tuple[Event, ...]

    @property
    def height(self) -> float:
        """Height in millimetres."""
        return sum(self._room(event) for event in self.events) + AXIS + 2

    @staticmethod
    def _room(event: Event) -> float:
        return (len(event.lines) + 1) * LINE + 2.5

    def __call__(self, style: Style) -> Drawing:
        """Return the chart as it is drawn in a style."""
        sheet = Sheet(style, self.height)
        axis = self.height - AXIS
        first, last = self.events[0].begin, max(event.end for event in self.events)
        low, high, ticks = ticked(first, last)
        scale = (sheet.width - 2 * SIDE) / max(high - low, 1)

        def place(year: float) -> float:
            return SIDE + (year - low) * scale

        self._axis(sheet, axis, [(place(year), year) for year in ticks])
        top = 0.0
        for event in self.events:
            self._event(sheet, event, place((event.begin + event.end) / 2), top, axis)
            top += self._room(event)
        for event in self.events:
            wide = max(place(event.end) - place(event.begin), 1.6)
            sheet.rectangle(
                (place(event.begin) + place(event.end) - wide) / 2,
                axis - 1.3,
                wide,
                2.6,
                sheet.colours.accent,
            )
        return sheet.drawing()

    @staticmethod
    def _axis(sheet: Sheet, y: float, ticks: list[tuple[float, float]]) -> None:
        sheet.rule([(0, y), (sheet.width, y)], colour=sheet.colours.muted, width=0.9)
        for x, year in ticks:
            sheet.rule([(x, y), (x, y + 1.6)], colour=sheet.colours.muted)
            sheet.text(x, y + 5.4, f"{year:.0f}", align="center", colour=sheet.colours.muted)

    @staticmethod
    def _event(sheet: Sheet, event: Event, x: float, top: float, axis: float) -> None:
        colours = sheet.colours
        sheet.rule([(x, top), (x, axis)], colour=colours.accent, width=0.8)
        side, align = (1.8, "left") if x < sheet.width / 2 else (-1.8, "right")
        words: dict[str, Any] = {"align": align, "halo": 0.8}
        sheet.text(x + side, top + 3, event.date, bold=True, colour=colours.accent, **words)
        for index, line in enumerate(event.lines):
            sheet.text(x + side, top + 3 + (index + 1) * LINE, line, **words)


def plan(facts: Facts, language: Language, headline: Sequence[str]) -> Chart | Omitted:
    """Return the timeline of the dated milestones; omitted with fewer than two."""
    dated = sorted((m for m in facts.zone.milestones if m.date.is_stated), key=lambda m: m.date.start)
    if len(dated) < 2:
        return Omitted("fewer than two dated milestones are published")
    dated = dated[-MOST:]
    rows = [(language.period(milestone.date), language.pick(milestone.title)) for milestone in dated]
    events = tuple(
        Event(
            in_years(milestone.date.start), in_years(milestone.date.end), when, tuple(wrap(title, COLUMNS, 3))
        )
        for milestone, (when, title) in zip(dated, rows, strict=True)
    )
    draw = Timeline(events)
    words = language.sentences(
        language.text("charts.milestones.row", date=when, title=title) for when, title in rows
    )
    sources = dict.fromkeys(milestone.source.id for milestone in dated)
    return Chart(
        id="milestones",
        title=language.text("charts.milestones.title", first=rows[0][0], last=rows[-1][0]),
        subtitle=language.text("charts.milestones.subtitle"),
        source=language.text("charts.source", sources=language.enumerate(sources)),
        alt=language.text("charts.milestones.alt", rows=words),
        header=(language.text("charts.milestones.date"), language.text("charts.milestones.event")),
        rows=tuple(rows),
        figures=(),
        height=draw.height,
        draw=draw,
    )
