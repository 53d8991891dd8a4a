"""A sheet to draw on in millimetres from the top left, with the marks that the charts share."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from zonereport.charts.drawing import Drawing, Label, Shape, box, circle, hatching, line_through
from zonereport.fonts import text_width
from zonereport.theme import MM
from zonereport.zone.quantity import INFINITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from zonereport.charts.drawing import Point, Steps
    from zonereport.charts.style import Style
    from zonereport.zone.quantity import Quantity

LINE = 3.9
"""Distance of two lines of chart text in millimetres."""
EDGE = 0.5
"""Room between text and the edge of the picture in millimetres."""
BAR = 5.0
"""Thickness of a bar in millimetres."""
OPEN_END = 9.0
"""Length of the fading end that marks a lower bound."""
SHORT_DASHES = (3.0, 2.0)
LONG_DASHES = (4.0, 2.5)
"""Lengths of dashes and gaps in widths of the line."""
HATCH = 5.0
"""Distance of a hatch's lines along an edge in points."""
CAP_HEIGHT = 0.66
"""Height of capitals and figures in ems, by which a line of text is centred."""
ASCENT, DESCENT = 0.75, 0.22
"""How far letters reach above and below the baseline, in ems."""


class Sheet:
    """Marks in the order they are painted, text last; a unit is a millimetre, y grows downwards."""

    def __init__(self, style: Style, height: float) -> None:
        self.style, self.colours = style, style.theme.colours
        self.width, self.height = style.width, height
        self._shapes: list[Shape] = []
        self._labels: list[Shape | Label] = []

    def drawing(self) -> Drawing:
        """Return what was drawn."""
        size = (self.width * MM, self.height * MM)
        paper = Shape(box(0, 0, *size), fill=self.colours.paper)
        return Drawing(*size, self.colours.paper, (paper, *self._shapes, *self._labels))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        colour: str = "",
        align: str = "left",
        bold: bool = False,
        italic: bool = False,
        middle: bool = False,
        halo: float = 0.0,
    ) -> None:
        """Write a line whose baseline, or with `middle` whose centre, stands at y.

        `align` says which part stands at x: "left", "center" or "right"; not quite at the picture's
        edge: letters overhang. A `halo` is so many points of paper around it.
        """
        size = self.style.theme.sizes.chart
        width = text_width(self.style.fonts, text, size, bold=bold, italic=italic)
        x, y = min(max(x, EDGE), self.width - EDGE) * MM, y * MM
        x -= width * {"left": 0.0, "center": 0.5, "right": 1.0}[align]
        y += CAP_HEIGHT / 2 * size if middle else 0.0
        if halo and text:
            around = box(
                x - halo, y - ASCENT * size - halo, width + 2 * halo, (ASCENT + DESCENT) * size + 2 * halo
            )
            self._labels.append(Shape(around, fill=self.colours.paper))
        if text:
            label = Label(x, y, text, size, colour or self.colours.ink, bold, italic, width)
            self._labels.append(label)

    def lines(self, x: float, y: float, lines: Sequence[str], **settings: Any) -> None:
        """Write lines below one another, the first one's baseline at y."""
        for index, line in enumerate(lines):
            self.text(x, y + index * LINE, line, **settings)

    def rule(
        self,
        points: Sequence[Point],
        colour: str = "",
        width: float = 0.6,
        dashes: tuple[float, ...] = (),
    ) -> None:
        """Draw a line through points, `width` points thick, its dashes in widths of the line."""
        self._add(
            line_through(points),
            stroke=colour or self.colours.rule,
            width=width,
            dashes=tuple(length * width for length in dashes),
        )

    def curve(self, points: Sequence[Point], colour: str, width: float, dashes: tuple[float, ...]) -> None:
        """Draw a cubic curve from the first point to the fourth."""
        start, *others = points
        steps: Steps = (("M", start), ("C", tuple(value for point in others for value in point)))
        self._add(steps, stroke=colour, width=width, dashes=tuple(length * width for length in dashes))

    def rectangle(
        self, x: float, y: float, width: float, height: float, colour: str, alpha: float = 1.0
    ) -> None:
        """Fill a rectangle with its upper left corner at x, y."""
        self._add(box(x, y, width, height), fill=colour, alpha=alpha)

    def outlined(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Draw the dashed outline of a rectangle on paper: what lies in it may be or not."""
        dashes = tuple(length * 0.8 for length in SHORT_DASHES)
        self._add(box(x, y, width, height), fill=self.colours.paper, stroke=colour, width=0.8, dashes=dashes)

    def hatched(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Draw a hatched rectangle: what is derived, beside what is published."""
        pen = 0.8
        half = pen / 2 / MM  # so that the whole outline is within the rectangle
        inside = (x + half, y + half, width - 2 * half, height - 2 * half)
        self._add(box(*inside), fill=self.colours.paper)
        self._add(hatching(*inside, HATCH / MM), stroke=colour)
        self._add(box(*inside), stroke=colour, width=pen)

    def dot(self, x: float, y: float, radius: float, fill: str, stroke: str, width: float) -> None:
        """Draw a disc with an edge `width` points thick."""
        self._add(circle(x, y, radius), fill=fill, stroke=stroke, width=width)

    def polygon(self, points: Sequence[Point], fill: str, stroke: str, width: float) -> None:
        """Draw a closed figure with an edge `width` points thick."""
        self._add((*line_through(points), ("Z", ())), fill=fill, stroke=stroke, width=width)

    def bar(
        self, x: float, y: float, quantity: Quantity, scale: float, colour: str, thickness: float = BAR
    ) -> float:
        """Draw a horizontal bar of a quantity at `scale` millimetres a unit; return where it ends.

        A lower bound has an open end of fading steps, an upper bound and a range are outlined where
        the value may lie.
        """
        low, high = (
            float(quantity.low.value) * scale,
            float(min(quantity.high.value, quantity.number)) * scale,
        )
        if quantity.qualifier == "range":
            high = float(quantity.high.value) * scale
        self.rectangle(x, y, max(low, 0.3), thickness, colour)
        if quantity.high.value == INFINITY:
            steps = 6
            for step in range(steps):
                part = OPEN_END / steps
                alpha = 0.75 * (1 - (step + 1) / (steps + 1))
                self.rectangle(x + low + step * part, y, part, thickness, colour, alpha)
            return x + low + OPEN_END
        if high > low:
            self.outlined(x + low, y, high - low, thickness, colour)
        return x + max(high, low, 0.3)

    def zigzag(self, x: float, top: float, bottom: float) -> None:
        """Draw the vertical zigzag that marks a break in a series."""
        steps = max(2, round((bottom - top) / 2.2))
        points = [
            (x + (0.9 if index % 2 else -0.9), top + (bottom - top) * index / steps)
            for index in range(steps + 1)
        ]
        self.rule(points, self.colours.second, 0.9)

    def _add(self, steps: Steps, **paint: Any) -> None:
        """Add a shape given in millimetres."""
        in_points = tuple((step, tuple(value * MM for value in numbers)) for step, numbers in steps)
        self._shapes.append(Shape(in_points, **paint))


def room(quantity: Quantity) -> float:
    """Return the largest number a bar of the quantity reaches to."""
    return float(quantity.high.value if quantity.qualifier == "range" else quantity.number)


def largest(quantities: Iterable[Quantity]) -> float:
    """Return the largest number that bars of the quantities reach to; never zero, to divide by."""
    return max([1e-9, *(room(quantity) for quantity in quantities)])


def columns(text: str) -> int:
    """Return the width of a text in columns: a Chinese character is as wide as two Latin letters."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def wrap(text: str, width: int, most: int = 3) -> list[str]:
    """Return the text in at most `most` lines of at most `width` columns; what does not fit ends in "…"."""
    lines, line = [], ""
    for word in _pieces(text):
        if columns(line + word.rstrip()) > width and line:
            lines.append(line)
            line = ""
        line += word if line else word.lstrip()
    lines = [line for line in (*lines, line) if line.strip()] or [""]
    if len(lines) > most:
        lines = [*lines[: most - 1], "".join(lines[most - 1 :])]
    return [cut(line.rstrip(), width) for line in lines]


def _pieces(text: str) -> list[str]:
    """Return where a line may end: after a space, after a Chinese character."""
    pieces, piece = [], ""
    for character in text:
        piece += character
        if character == " " or unicodedata.east_asian_width(character) in "WF":
            pieces.append(piece)
            piece = ""
    return [*pieces, piece]


def cut(line: str, width: int) -> str:
    """Return the line in at most `width` columns, with "…" where something is left out."""
    if columns(line) <= width:
        return line
    kept = ""
    for character in line:
        if columns(kept + character) > width - 1:
            break
        kept += character
    return kept.rstrip() + "…"
