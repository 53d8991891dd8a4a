"""A sheet to draw on in millimetres from the top left, with the marks that the charts share."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from zonereport.zone.quantity import INFINITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.figure import Figure

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


class Sheet:
    """One axes without frame over the whole figure; a unit is a millimetre, y grows downwards."""

    def __init__(self, figure: Figure, style: Style, height: float) -> None:
        self.style, self.colours = style, style.theme.colours
        self.width, self.height = style.width, height
        self.axes = figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(0, self.width)
        self.axes.set_ylim(height, 0)
        self.axes.set_axis_off()

    def text(self, x: float, y: float, text: str, **settings: Any) -> None:
        """Write a line whose baseline stands at y, not quite at the picture's edge: letters overhang."""
        x = min(max(x, EDGE), self.width - EDGE)
        self.axes.text(x, y, text, **{"va": "baseline", "ha": "left", **settings})

    def lines(self, x: float, y: float, lines: Sequence[str], **settings: Any) -> None:
        """Write lines below one another, the first one's baseline at y."""
        for index, line in enumerate(lines):
            self.text(x, y + index * LINE, line, **settings)

    def rule(self, points: Sequence[tuple[float, float]], **settings: Any) -> None:
        """Draw a line through points."""
        xs, ys = zip(*points, strict=True)
        self.axes.plot(
            xs, ys, **{"color": self.colours.rule, "lw": 0.6, "solid_capstyle": "butt", **settings}
        )

    def rectangle(
        self, x: float, y: float, width: float, height: float, colour: str, **settings: Any
    ) -> None:
        """Fill a rectangle with its upper left corner at x, y."""
        from matplotlib.patches import Rectangle

        self.axes.add_patch(
            Rectangle((x, y), width, height, **{"facecolor": colour, "edgecolor": "none", **settings})
        )

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
        outline = {"edgecolor": colour, "linewidth": 0.8, "linestyle": (0, (3, 2))}
        if quantity.qualifier == "range":
            high = float(quantity.high.value) * scale
        self.rectangle(x, y, max(low, 0.3), thickness, colour)
        if quantity.high.value == INFINITY:
            steps = 6
            for step in range(steps):
                part = OPEN_END / steps
                self.rectangle(
                    x + low + step * part,
                    y,
                    part,
                    thickness,
                    colour,
                    alpha=0.75 * (1 - (step + 1) / (steps + 1)),
                )
            return x + low + OPEN_END
        if high > low:
            self.rectangle(x + low, y, high - low, thickness, self.colours.paper, **outline)
        return x + max(high, low, 0.3)

    def zigzag(self, x: float, top: float, bottom: float) -> None:
        """Draw the vertical zigzag that marks a break in a series."""
        steps = max(2, round((bottom - top) / 2.2))
        points = [
            (x + (0.9 if index % 2 else -0.9), top + (bottom - top) * index / steps)
            for index in range(steps + 1)
        ]
        self.rule(points, color=self.colours.second, lw=0.9)


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
