"""A drawing as PNG, for who reads no SVG: drawn by matplotlib, with as few bytes as look the same."""

from __future__ import annotations

import os
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from zonereport.charts.drawing import Shape
from zonereport.fonts import outlines

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.path import Path
    from numpy.typing import NDArray
    from PIL.Image import Image

    from zonereport.charts.drawing import Drawing, Label, Steps
    from zonereport.fonts import Face, FontSet

NEAR = 16
"""How far a channel of a colour may be from one of the palette, of 255: less than the eye sees at an edge."""
FREQUENT = 32
"""So many of the most frequent colours are kept exactly: paper, ink and the theme's flat colours."""


def png(drawing: Drawing, fonts: FontSet, dpi: float = 200) -> bytes:
    """Return the drawing as PNG, the same bytes for the same, with its resolution inside.

    A chart has few flat colours, the rest are blends at the edges of marks and letters: it gets a
    palette, a third of the bytes.
    """
    written = BytesIO()
    # Looking for the last twentieth of the bytes, as `optimize` does, takes five times as long.
    _with_palette(_draw(drawing, fonts, dpi)).save(written, "PNG", dpi=(dpi, dpi))
    return written.getvalue()


class _Pen:
    """What Agg asks of a graphics context. matplotlib's own takes a third of a second to import."""

    _alpha, _forced_alpha, _antialiased, _cliprect = 1.0, False, True, None
    _capstyle, _joinstyle = "butt", "miter"

    def __init__(self, colour: tuple[float, ...], width: float, dashes: tuple[float, ...]) -> None:
        self._rgb, self._linewidth, self._dashes = colour, width, dashes

    def _nothing(self) -> None:
        return None

    def _no_path(self) -> tuple[None, None]:
        return None, None

    get_snap = get_hatch_path = get_sketch_params = _nothing
    get_clip_path = _no_path

    def get_dashes(self) -> tuple[float, list[float] | None]:
        return 0.0, list(self._dashes) or None

    def get_hatch_color(self) -> tuple[float, ...]:
        return self._rgb

    def get_hatch_linewidth(self) -> float:
        return self._linewidth


NO_PEN = _Pen((0.0, 0.0, 0.0, 1.0), 0.0, ())


def _draw(drawing: Drawing, fonts: FontSet, dpi: float) -> Image:
    """Return the drawing as pixels, all of them opaque as the paper is."""
    from PIL import Image

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy reckons nothing here
    from matplotlib.backends import _backend_agg

    scale = dpi / 72
    width, height = round(drawing.width * scale), round(drawing.height * scale)
    agg: Any = _backend_agg.RendererAgg(width, height, dpi)  # type: ignore[attr-defined]
    for mark in drawing.marks:
        if isinstance(mark, Shape):
            # Agg scales the pen itself.
            pen = _Pen(_rgba(mark.stroke), mark.width, mark.dashes) if mark.stroke else NO_PEN
            face = _rgba(mark.fill, mark.alpha) if mark.fill else None
            agg.draw_path(pen, _path(mark.steps), _placed(scale, 0, height, -scale), face)
        else:
            _write(agg, mark, fonts, scale, height)
    return Image.frombuffer("RGBA", (width, height), bytes(memoryview(agg)), "raw", "RGBA", 0, 1)


def _write(agg: Any, label: Label, fonts: FontSet, scale: float, height: float) -> None:
    """Draw a line of text as outlines."""
    x, colour = label.x, _rgba(label.colour)
    for face, text in fonts.split(label.text, bold=label.bold, italic=label.italic):
        known = outlines(face)
        em = label.size / known.units
        for character in text:
            code = ord(character)
            if known.paths[code]:
                place = _placed(scale * em, x * scale, height - label.y * scale, scale * em)
                agg.draw_path(NO_PEN, _glyph(face, code), place, colour)
            x += known.advances[code] * em


def _rgba(colour: str, alpha: float = 1.0) -> tuple[float, ...]:
    return (*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)), alpha)


def _placed(across: float, x: float, y: float, up: float) -> NDArray[np.float64]:
    """Return the transformation to pixels, which Agg counts from the bottom."""
    import numpy as np

    return np.array(((across, 0.0, x), (0.0, up, y), (0.0, 0.0, 1.0)))


def _path(steps: Steps) -> Path:
    """Return a path as matplotlib has it."""
    from matplotlib.path import Path

    codes = {"M": Path.MOVETO, "L": Path.LINETO, "Q": Path.CURVE3, "C": Path.CURVE4}
    vertices: list[tuple[float, float]] = []
    kinds: list[Any] = []
    for step, values in steps:
        points = list(zip(values[::2], values[1::2], strict=True)) or [vertices[-1]]
        vertices += points
        kinds += [codes.get(step, Path.CLOSEPOLY)] * len(points)
    return Path(vertices, kinds)


@lru_cache(maxsize=1024)
def _glyph(face: Face, code: int) -> Path:
    """Return a character's outline, in units of its font."""
    steps: list[tuple[str, tuple[float, ...]]] = []
    for word in outlines(face).paths[code].split():
        if word.isalpha():
            steps.append((word, ()))
        else:
            step, values = steps[-1]
            steps[-1] = (step, (*values, float(word)))
    return _path(tuple(steps))


def _with_palette(picture: Image) -> Image:
    """Return an opaque picture in at most 256 of its colours, each pixel in the one nearest to its own.

    Pillow's own ways are not used: they give a pixel a neighbour of its colour, so that white paper
    turns grey and a theme's colours shift.
    """
    import numpy as np
    from PIL import Image

    counted: Any = picture.getcolors(picture.width * picture.height)
    known = [colour[:3] for _, colour in sorted(counted, key=lambda entry: (-entry[0], entry[1]))]
    colours = np.array(known, dtype=np.int32)
    chosen, nearest = _choose_palette(colours)
    places = np.zeros(1 << 24, dtype=np.uint8)  # the system gives only the pages that are written to
    places[colours[:, 0] | colours[:, 1] << 8 | colours[:, 2] << 16] = nearest
    pixels = np.frombuffer(picture.tobytes(), dtype="<u4") & 0xFFFFFF
    reduced = Image.frombytes("P", picture.size, places[pixels].tobytes())
    reduced.putpalette(colours[chosen].astype(np.uint8).tobytes())
    return reduced


def _choose_palette(colours: NDArray[np.int32]) -> tuple[list[int], NDArray[np.intp]]:
    """Return the palette, and each colour's place in it, of the n colours (n × 3), frequent ones first.

    After the frequent colours comes, again and again, the one that is furthest from all so far, until
    every colour is near one or 256 are taken.
    """
    import numpy as np

    distance = np.full(len(colours), 256, dtype=np.int32)
    nearest = np.zeros(len(colours), dtype=np.intp)
    palette: list[int] = []
    while len(palette) < min(256, len(colours)):
        taken = len(palette) if len(palette) < FREQUENT else int(distance.argmax())
        if len(palette) >= FREQUENT and distance[taken] <= NEAR:
            break
        new = np.abs(colours - colours[taken]).max(axis=1)
        nearest[new < distance] = len(palette)
        distance = np.minimum(distance, new)
        palette.append(taken)
    return palette, nearest
