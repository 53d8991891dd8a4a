"""Small multiples on one time axis: a row an indicator, labels on poles, lines and breaks between points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from zonereport.charts.axis import ticked
from zonereport.charts.sheet import LINE, LONG_DASHES, Sheet, columns, wrap

if TYPE_CHECKING:
    from zonereport.charts.drawing import Drawing
    from zonereport.charts.style import Style

Shape = Literal["exact", "open", "lower", "upper", "range", "aim"]
"""How a figure is known, and so how its mark looks."""
Link = Literal["", "line", "care", "break"]
"""What stands between two points: nothing, a line, a dashed line, or a zigzag."""

TEXT_COLUMNS = 80
"""Columns of text that stand side by side, with air between them: places are planned in these."""
LABEL = 24
"""Columns of a label beside its pole."""
NOTE = 104
"""Columns of a note below a row."""
START = 3.0
"""Columns before the axis begins."""
NAME, PLOT, GAP, AXIS = 4.6, 11.0, 3.4, 7.0
"""Heights in millimetres: a row's name, where its points lie, the air below a row, the axis."""

MARK = 0.97
"""Half the width of a point's mark in millimetres."""
MARKERS = {
    "lower": ((-1, 1), (0, -1), (1, 1)),
    "upper": ((-1, -1), (0, 1), (1, -1)),
    "aim": ((-1, 0), (0, -1), (1, 0), (0, 1)),
}
"""The corners of the marks that are no discs, y downwards."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One point: the span of time it holds for, in years, its value, its look and its label."""

    begin: float
    end: float
    low: float
    high: float
    """Both are the value, or the ends of a range."""
    shape: Shape
    value: str = ""
    """The value with its qualifier and the signs of its notes; empty where no label stands."""
    flags: str = ""
    link: Link = ""
    """How it is joined to the point `after`."""
    after: int = -1

    @property
    def middle(self) -> float:
        """Where it stands in time."""
        return (self.begin + self.end) / 2

    @property
    def lines(self) -> list[str]:
        """The lines of the label."""
        value = wrap(self.value, LABEL, 9) if self.value else []
        return [*value, *(wrap(self.flags, LABEL, 9) if self.flags else [])]

    @property
    def width(self) -> float:
        """Columns of the label, with air behind it."""
        return max(map(columns, self.lines), default=0) + 1.5


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator: its name, its points in order of time, and the notes below them."""

    name: str
    marks: tuple[Mark, ...]
    notes: tuple[str, ...] = ()
    best_is_low: bool = False
    """Whether the lowest value stands highest, as the first of a ranking does."""

    @property
    def note_lines(self) -> list[str]:
        """The notes, each in lines."""
        return [line for note in self.notes for line in wrap(note, NOTE, 9)]


@dataclass(frozen=True)
class Multiples:
    """Draws the rows above one axis."""

    rows: tuple[Row, ...]

    @cached_property
    def axis(self) -> tuple[float, float, list[float]]:
        """Where the axis begins and ends, and the years of its ticks."""
        marks = [mark for row in self.rows for mark in row.marks]
        return ticked(min(mark.begin for mark in marks), max(mark.end for mark in marks))

    @cached_property
    def _scale(self) -> float:
        """Columns a year, so that the axis and every label end within the picture."""
        low, high, _ = self.axis
        ends = [
            (TEXT_COLUMNS - START - mark.width) / (mark.middle - low)
            for row in self.rows
            for mark in row.marks
        ]
        return max(min([(TEXT_COLUMNS - START - 2) / max(high - low, 1), *ends]), 0.1)

    def _place(self, year: float) -> float:
        """Return where a time stands, in columns."""
        return START + (year - self.axis[0]) * self._scale

    def rises(self, row: Row) -> list[int]:
        """Return how many lines each label stands above the plot.

        A label stands to the right of its pole and above those that it would cover: so no pole crosses
        a label.
        """
        rises = [0] * len(row.marks)
        for n, mark in reversed(list(enumerate(row.marks))):
            end = self._place(mark.middle) + mark.width
            covered = [
                rises[other] + len(row.marks[other].lines)
                for other in range(n + 1, len(row.marks))
                if self._place(row.marks[other].middle) < end and row.marks[other].lines and mark.lines
            ]
            rises[n] = max(covered, default=0)
        return rises

    def _band(self, row: Row) -> float:
        """Return the height of a row's labels."""
        lines = [rise + len(mark.lines) for rise, mark in zip(self.rises(row), row.marks, strict=True)]
        return LINE * max(lines)

    def row_height(self, row: Row) -> float:
        """Return the height of a row in millimetres."""
        return NAME + self._band(row) + PLOT + LINE * len(row.note_lines) + GAP

    @property
    def height(self) -> float:
        """Height in millimetres."""
        return sum(map(self.row_height, self.rows)) + AXIS

    def __call__(self, style: Style) -> Drawing:
        """Return the chart as it is drawn in a style."""
        sheet = Sheet(style, self.height)
        column, top = sheet.width / TEXT_COLUMNS, 0.0
        low, high, ticks = self.axis
        bottom = self.height - AXIS
        for year in ticks:
            x = self._place(year) * column
            sheet.rule([(x, bottom), (x, bottom + 1.6)], colour=sheet.colours.muted)
            if year < high:
                middle = (self._place(year) + self._place(year + 1)) / 2 * column
                sheet.text(middle, bottom + 5.4, f"{year:.0f}", align="center", colour=sheet.colours.muted)
        ends = [(self._place(end) * column, bottom) for end in (low, high)]
        sheet.rule(ends, colour=sheet.colours.muted, width=0.9)
        for row in self.rows:
            self._row(sheet, row, top, column)
            top += self.row_height(row)
        return sheet.drawing()

    def _row(self, sheet: Sheet, row: Row, top: float, column: float) -> None:
        colours = sheet.colours
        sheet.text(0, top + 3, row.name, colour=colours.muted)
        labels = top + NAME + self._band(row)
        base = labels + PLOT
        spots = [self._spot(row, mark, base, column) for mark in row.marks]
        for year in self.axis[2]:
            sheet.rule([(self._place(year) * column, y) for y in (top + NAME, base)], width=0.4)
        sheet.rule([(self._place(year) * column, base) for year in self.axis[:2]])
        for mark, rise, (x, y) in zip(row.marks, self.rises(row), spots, strict=True):
            if not mark.lines:
                continue
            sheet.rule([(x, y), (x, labels - LINE * (rise + len(mark.lines)) + 0.8)], colour=colours.light)
            first, values = labels - LINE * (rise + len(mark.lines)) + 3, len(wrap(mark.value, LABEL, 9))
            sheet.lines(x + 1, first, mark.lines[:values], bold=True, halo=0.6)
            sheet.lines(x + 1, first + LINE * values, mark.lines[values:], colour=colours.muted, halo=0.6)
        for mark, spot in zip(row.marks, spots, strict=True):
            if mark.link:
                self._link(sheet, mark, spots[mark.after], spot, (labels + 1.5, base))
        for mark, spot in zip(row.marks, spots, strict=True):
            self._mark(sheet, row, mark, spot, base, column)
        sheet.lines(0, base + LINE, row.note_lines, colour=colours.muted)

    def _spot(self, row: Row, mark: Mark, base: float, column: float) -> tuple[float, float]:
        """Return where a point stands, in millimetres."""
        return self._place(mark.middle) * column, self._level(row, (mark.low + mark.high) / 2, base)

    @staticmethod
    def _level(row: Row, value: float, base: float) -> float:
        """Return the height of a value: from zero, the lowest value below it, or the first place on top."""
        least, most = min(0.0, *(m.low for m in row.marks)), max(0.0, *(m.high for m in row.marks))
        part = (value - least) / (most - least or 1)
        return base - (PLOT - 3) * (1 - part + 1 / (most or 1) if row.best_is_low else part)

    @staticmethod
    def _link(
        sheet: Sheet, mark: Mark, before: tuple[float, float], now: tuple[float, float],
        reach: tuple[float, float],
    ) -> None:  # fmt: skip
        if mark.link == "break":
            sheet.zigzag((before[0] + now[0]) / 2, *reach)
            return
        dashes = LONG_DASHES if mark.link == "care" else ()
        sheet.rule([before, now], colour=sheet.colours.accent, width=1.2, dashes=dashes)

    def _mark(
        self, sheet: Sheet, row: Row, mark: Mark, spot: tuple[float, float], base: float, column: float
    ) -> None:
        """Draw a point: filled where it is exact, else open; a light line is the span it holds for."""
        colours = sheet.colours
        colour = colours.second if mark.shape == "aim" else colours.accent
        span = [(self._place(year) * column, spot[1]) for year in (mark.begin, mark.end)]
        sheet.rule(span, colour=colours.light, width=2.2)
        if mark.shape == "range":
            ends = [(spot[0], self._level(row, value, base)) for value in (mark.low, mark.high)]
            sheet.rule(ends, colour=colour, width=2.2)
        face = colour if mark.shape == "exact" else colours.paper
        if shape := MARKERS.get(mark.shape):
            points = [(spot[0] + x * MARK, spot[1] + y * MARK) for x, y in shape]
            sheet.polygon(points, face, colour, 1.1)
        elif mark.shape == "range":
            sheet.rule([(spot[0] - MARK, spot[1]), (spot[0] + MARK, spot[1])], colour=colour, width=1.1)
        else:
            sheet.dot(*spot, MARK, face, colour, 1.1)
