"""A drawn chart as data, in points from the top left: what PDF, SVG and PNG are made of alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Point = tuple[float, float]
Steps = tuple[tuple[str, tuple[float, ...]], ...]
"""A path: "M" and "L" with x and y, "C" with three points, "Z" with nothing, as in SVG."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A path, filled and stroked in colours such as "#0b5a7d"; no colour is no paint."""

    steps: Steps
    fill: str = ""
    stroke: str = ""
    width: float = 0.6
    """Of the stroke, in points."""
    dashes: tuple[float, ...] = ()
    """Lengths of dashes and gaps in points."""
    alpha: float = 1.0
    """Opacity of the fill."""


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text from the left end of its baseline."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    bold: bool = False
    italic: bool = False
    width: float = 0.0
    """As the fonts set it, in points."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is painted, in this order, on paper of one colour."""

    width: float
    height: float
    paper: str
    marks: tuple[Shape | Label, ...]

    @property
    def labels(self) -> list[Label]:
        """The lines of text, in the order they are painted."""
        return [mark for mark in self.marks if isinstance(mark, Label)]

    @property
    def shapes(self) -> list[Shape]:
        """Everything but text, in the order it is painted."""
        return [mark for mark in self.marks if isinstance(mark, Shape)]


def shortest(value: float, decimals: int) -> str:
    """Return a number as short as so many decimals allow."""
    written = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of a colour, of 255."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def line_through(points: Sequence[Point]) -> Steps:
    """Return the open path through points."""
    first, *others = points
    return (("M", first), *(("L", point) for point in others))


def box(x: float, y: float, width: float, height: float) -> Steps:
    """Return the path of a rectangle with its upper left corner at x, y."""
    right, bottom = x + width, y + height
    return (*line_through([(x, y), (right, y), (right, bottom), (x, bottom)]), ("Z", ()))


ROUND = 0.5522847498
"""Where the handles of four cubic curves stand that are nearest to a circle."""


def circle(x: float, y: float, radius: float) -> Steps:
    """Return the path of a circle around x, y."""
    k = ROUND * radius
    right, left, top, bottom = x + radius, x - radius, y - radius, y + radius
    return (
        ("M", (right, y)),
        ("C", (right, y + k, x + k, bottom, x, bottom)),
        ("C", (x - k, bottom, left, y + k, left, y)),
        ("C", (left, y - k, x - k, top, x, top)),
        ("C", (x + k, top, right, y - k, right, y)),
        ("Z", ()),
    )


def hatching(x: float, y: float, width: float, height: float, gap: float) -> Steps:
    """Return rising lines, `gap` apart along an edge, that end at the edges of a rectangle."""
    steps: list[tuple[str, tuple[float, ...]]] = []
    sum_, end = x + y + gap, x + y + width + height
    while sum_ < end:
        low = max(x, sum_ - y - height)
        high = min(x + width, sum_ - y)
        steps += [("M", (low, sum_ - low)), ("L", (high, sum_ - high))]
        sum_ += gap
    return tuple(steps)
