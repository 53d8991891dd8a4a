"""A drawing as PNG, for who reads no SVG: drawn by Pillow in few colours, so that it has few bytes.

matplotlib would draw it as well, but takes a fifth of a second and 25 MB to import.
"""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from math import ceil, dist, floor
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from zonereport.charts.drawing import Shape, channels
from zonereport.fonts import outlines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from zonereport.charts.drawing import Drawing, Label, Point, Steps
    from zonereport.fonts import FontSet

FINE = 8
"""Edges are drawn so many times larger, and reduced."""
FINE_LETTERS = 4
"""Letters too, which FreeType has made smooth already."""
LEVELS = 15
"""An edge is blended with what is below it in so many steps, which leaves a chart's palette small."""
LEVEL = bytes(round(value / 255 * LEVELS) for value in range(256))
"""The step of each value of a mask."""
TOUCHED, PARTLY = re.compile(rb"[^\0]"), re.compile(rb"[\1-\x0e]")
WHOLLY = bytes(LEVELS) + b"\xff".ljust(256 - LEVELS, b"\0")
"""255 for the last step, else 0."""
MOST_COLOURS = 256
CHORDS = 16
"""So many straight lines stand for a curve."""
THINNEST = 0.5
"""A line as thin as this, in pixels, is still seen; none is drawn thinner."""
MITRE = 4.0
"""A corner whose point would be longer, in halves of the pen, is cut off, as SVG does."""

Colour = tuple[int, int, int]
Edges = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels."""


def png(drawing: Drawing, fonts: FontSet, dpi: float = 200) -> bytes:
    """Return the drawing as PNG, the same bytes for the same, with its resolution inside.

    A chart has few flat colours, and the blends at the edges of marks and letters are few: it is
    painted in the colours of a palette, which halves the bytes.
    """
    scale = dpi / 72
    canvas = _Canvas((round(drawing.width * scale), round(drawing.height * scale)), drawing)
    for mark in drawing.marks:
        if isinstance(mark, Shape):
            _paint(canvas, mark, scale)
        else:
            _write(canvas, mark, fonts, scale)
    written = BytesIO()
    # Looking for the last twentieth of the bytes, as `optimize` does, takes five times as long.
    canvas.picture().save(written, "PNG", dpi=(dpi, dpi))
    return written.getvalue()


class _Canvas:
    """Pixels that are places in a palette: the drawing's own colours, then blends as they come."""

    def __init__(self, size: tuple[int, int], drawing: Drawing) -> None:
        self.pixels = Image.new("L", size, 0)
        self.palette: dict[Colour, int] = {}
        painted = [shape.fill if shape.alpha == 1 else "" for shape in drawing.shapes]
        for colour in (
            drawing.paper,
            *painted,
            *(shape.stroke for shape in drawing.shapes),
            *(label.colour for label in drawing.labels),
        ):
            if colour:
                self._place(channels(colour))

    def picture(self) -> Image.Image:
        """Return what was painted."""
        picture = Image.frombytes("P", self.pixels.size, self.pixels.tobytes())
        picture.putpalette(bytes(channel for colour in self.palette for channel in colour))
        return picture

    def fill(self, edges: Edges, colour: str, alpha: float) -> None:
        """Fill a rectangle, on whole pixels, and so with sharp edges."""
        left, top, right, bottom = map(_nearest, edges)
        room = (left, top, max(right, left + 1), max(bottom, top + 1))
        if alpha == 1:
            self.pixels.paste(self._place(channels(colour)), room)
            return
        below = self.pixels.crop(room)
        blends = {
            ground: self._blend(ground, channels(colour), alpha) for ground in sorted(set(below.tobytes()))
        }
        self.pixels.paste(below.point([blends.get(value, value) for value in range(256)]), room)

    def stamp(
        self,
        edges: Edges,
        colour: str,
        draw: Callable[[ImageDraw.ImageDraw, Callable[[Point], tuple[int, int]]], None],
        alpha: float = 1.0,
        fine: int = FINE,
    ) -> None:
        """Put a colour where `draw` paints within the edges; it is given a mask and the places on it.

        A place is the fine pixel that a point lies in; what is painted there is filled with 255.
        """
        left, top = max(0, floor(edges[0])), max(0, floor(edges[1]))
        right, bottom = min(self.pixels.width, ceil(edges[2])), min(self.pixels.height, ceil(edges[3]))
        if right <= left or bottom <= top:
            return

        def place(point: Point) -> tuple[int, int]:
            return floor((point[0] - left) * fine), floor((point[1] - top) * fine)

        mask = Image.new("L", ((right - left) * fine, (bottom - top) * fine))
        draw(ImageDraw.Draw(mask), place)
        levels = mask.reduce(fine).tobytes().translate(LEVEL)
        room = (left, top, right, bottom)
        below = self.pixels.crop(room).tobytes()
        painted, known = bytearray(below), {}
        for touched in (PARTLY if alpha == 1 else TOUCHED).finditer(levels):  # few pixels, and few pairs
            at = touched.start()
            pair = levels[at], below[at]
            if pair not in known:
                known[pair] = self._blend(below[at], channels(colour), levels[at] / LEVELS * alpha)
            painted[at] = known[pair]
        size = (right - left, bottom - top)
        self.pixels.paste(Image.frombytes("L", size, bytes(painted)), room)
        if alpha == 1:
            wholly = Image.frombytes("L", size, levels.translate(WHOLLY))
            self.pixels.paste(self._place(channels(colour)), room, wholly)

    def _blend(self, ground: int, colour: Colour, part: float) -> int:
        """Return the place of a ground with so much of a colour over it."""
        below = list(self.palette)[ground]
        red, green, blue = (round(a + (b - a) * part) for a, b in zip(below, colour, strict=True))
        return self._place((red, green, blue))

    def _place(self, colour: Colour) -> int:
        """Return the place of a colour in the palette, or of the nearest one when that is full."""
        if colour not in self.palette and len(self.palette) < MOST_COLOURS:
            self.palette[colour] = len(self.palette)
        if colour in self.palette:
            return self.palette[colour]
        return min(self.palette.items(), key=lambda entry: dist(entry[0], colour))[1]


def _paint(canvas: _Canvas, shape: Shape, scale: float) -> None:
    lines = [[(x * scale, y * scale) for x, y in line] for line in _flattened(shape.steps)]
    if shape.fill:
        _fill(canvas, lines, shape)
    if shape.stroke:
        _stroke(canvas, lines, shape, scale)


def _fill(canvas: _Canvas, lines: list[list[Point]], shape: Shape) -> None:
    edges = _edges(lines)
    if _is_box(lines):
        canvas.fill(edges, shape.fill, shape.alpha)
        return

    def draw(mask: ImageDraw.ImageDraw, place: Callable[[Point], tuple[int, int]]) -> None:
        for line in lines:
            mask.polygon([place(point) for point in line], fill=255)

    canvas.stamp(edges, shape.fill, draw, shape.alpha)


def _stroke(canvas: _Canvas, lines: list[list[Point]], shape: Shape, scale: float) -> None:
    pen = max(shape.width * scale, THINNEST)
    if all(map(_is_upright, lines)):
        # A rule or a frame stands on whole pixels too, in the middle of one if it is an odd number thick.
        odd = _nearest(pen) % 2 / 2
        lines = [[(_nearest(x - odd) + odd, _nearest(y - odd) + odd) for x, y in line] for line in lines]
    dashes = [length * scale for length in shape.dashes]
    drawn = [part for line in lines for part in (_dashed(line, dashes) if dashes else [_joined(line)])]
    # A polygon covers the pixels at both its ends, and so one more than it is wide.
    half = (pen - 1 / FINE) / 2

    def draw(mask: ImageDraw.ImageDraw, place: Callable[[Point], tuple[int, int]]) -> None:
        for line in drawn:
            for polygon in _thick(line, half):
                mask.polygon([place(point) for point in polygon], fill=255)

    left, top, right, bottom = _edges(lines)
    room = MITRE * pen / 2 + 1
    canvas.stamp((left - room, top - room, right + room, bottom + room), shape.stroke, draw)


def _write(canvas: _Canvas, label: Label, fonts: FontSet, scale: float) -> None:
    size = label.size * scale

    def write(draw: ImageDraw.ImageDraw, place: Callable[[Point], tuple[int, int]]) -> None:
        x, middle = label.x * scale, 0.5 / FINE_LETTERS
        for face, text in fonts.split(label.text, bold=label.bold, italic=label.italic):
            known = outlines(face)
            for character in text:
                if known.paths[ord(character)]:
                    letter, offset = _letter(face.path, size * FINE_LETTERS, character)
                    left, baseline = place((x + middle, label.y * scale + middle))
                    draw.bitmap((left + offset[0], baseline + offset[1]), letter, fill=255)
                x += known.advances[ord(character)] / known.units * size

    room = (label.x * scale - size, label.y * scale - size, (label.x + label.width) * scale + size)
    canvas.stamp((*room, label.y * scale + size / 2), label.colour, write, fine=FINE_LETTERS)


@lru_cache(maxsize=1024)
def _letter(path: Path, size: float, character: str) -> tuple[Image.Image, tuple[int, int]]:
    """Return a character as a mask, and how far its upper left corner is from the baseline's left end."""
    font = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
    mask, offset = font.getmask2(character, "L", anchor="ls")
    letter = Image.new("L", mask.size)
    letter.im.paste(mask, (0, 0, *mask.size))
    return letter, (round(offset[0]), round(offset[1]))


def _flattened(steps: Steps) -> list[list[Point]]:
    """Return the lines of a path, its curves as chords."""
    lines: list[list[Point]] = []
    for step, numbers in steps:
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if step == "M":
            lines.append(points)
        elif step == "C":
            lines[-1] += _chords(lines[-1][-1], *points)
        elif step == "L":
            lines[-1] += points
        elif lines[-1][-1] != lines[-1][0]:
            lines[-1].append(lines[-1][0])
    return lines


def _chords(start: Point, one: Point, two: Point, end: Point) -> Iterator[Point]:
    for number in range(1, CHORDS + 1):
        t = number / CHORDS
        weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
        x, y = (
            sum(w * point[axis] for w, point in zip(weights, (start, one, two, end), strict=True))
            for axis in (0, 1)
        )
        yield x, y


def _edges(lines: list[list[Point]]) -> Edges:
    xs, ys = ([point[axis] for line in lines for point in line] for axis in (0, 1))
    return min(xs), min(ys), max(xs), max(ys)


def _is_upright(line: list[Point]) -> bool:
    """Return whether a line has only upright and level sides."""
    return all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(line))


def _is_box(lines: list[list[Point]]) -> bool:
    """Return whether a path is one upright rectangle."""
    return len(lines) == 1 and len(lines[0]) == 5 and lines[0][0] == lines[0][-1] and _is_upright(lines[0])


def _nearest(value: float) -> int:
    return floor(value + 0.5)


def _thick(line: list[Point], half: float) -> Iterator[list[Point]]:
    """Yield polygons that make a line twice `half` thick, with blunt ends and pointed corners."""
    line = [line[0], *(b for a, b in pairwise(line) if a != b)]
    sides = [((b[1] - a[1]) / dist(a, b), (a[0] - b[0]) / dist(a, b)) for a, b in pairwise(line)]

    def beside(point: Point, side: Point, far: float) -> Point:
        return point[0] + side[0] * far, point[1] + side[1] * far

    for (a, b), side in zip(pairwise(line), sides, strict=True):
        yield [beside(a, side, half), beside(b, side, half), beside(b, side, -half), beside(a, side, -half)]
    for corner, (one, other) in zip(line[1:-1], pairwise(sides), strict=True):
        outer = half if one[0] * other[1] > one[1] * other[0] else -half
        point, opening = [], 1 + one[0] * other[0] + one[1] * other[1]
        if opening * MITRE**2 >= 2:
            point = [beside(corner, (one[0] + other[0], one[1] + other[1]), outer / opening)]
        yield [corner, beside(corner, one, outer), *point, beside(corner, other, outer)]


def _joined(line: list[Point]) -> list[Point]:
    """Return a line that is closed with its first side again, so that its ends are joined too."""
    return [*line, line[1]] if len(line) > 2 and line[0] == line[-1] else line


def _dashed(line: list[Point], lengths: list[float]) -> Iterator[list[Point]]:
    """Yield the dashes of a line; `lengths` are those of dashes and gaps in turn."""
    dash, turn, left = [line[0]], 0, lengths[0]
    for start, end in pairwise(line):
        length, done = dist(start, end), 0.0
        while length - done > left:
            done += left
            part = done / length
            cut = (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)
            if turn % 2 == 0:
                yield [*dash, cut]
            turn += 1
            dash, left = [cut], lengths[turn % len(lengths)]
        left -= length - done
        dash.append(end)
    if turn % 2 == 0:
        yield dash
