"""Draw a matplotlib Figure onto a ReportLab canvas: vectors, and text in the document's own fonts."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from math import ceil, cos, floor, radians, sin
from typing import TYPE_CHECKING, Any, cast

import matplotlib as mpl
from matplotlib import _path  # the C path writer that matplotlib's own PDF backend uses
from matplotlib.backend_bases import RendererBase
from matplotlib.font_manager import get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.transforms import Affine2D

from zonereport.fonts import register_in_reportlab

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from matplotlib.backend_bases import GraphicsContextBase
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path
    from matplotlib.text import Text
    from matplotlib.transforms import Transform, TransformedPath
    from matplotlib.typing import ColorType

    from zonereport.fonts import Face, FontSet

DPI = 72
"""Dots an inch: one unit of the figure is one point of the page."""
IMAGE_DPI = 300
DECIMALS = 3
HATCH_TILE = 72.0
"""Side in points of the square that matplotlib repeats a hatch pattern in."""
FILLED_HATCHES = frozenset("oO.*")
CAPS = {"butt": 0, "round": 1, "projecting": 2}
JOINS = {"miter": 0, "round": 1, "bevel": 2}
PAINT = {(True, True): "B", (True, False): "f", (False, True): "S"}
"""PDF operator by (fill, stroke), non-zero winding as in Agg."""
BOLD_FROM = 600
WEIGHTS = {
    "semibold": 600,
    "demibold": 600,
    "demi": 600,
    "bold": 700,
    "heavy": 800,
    "extra bold": 800,
    "black": 900,
}


def draw_figure(figure: Figure, canvas: Any, fonts: FontSet, x: float, y: float) -> None:
    """Draw the figure with its lower left corner at (x, y), in points of the canvas's current system.

    All text is set in `fonts`, whatever family the figure names, and never read as mathematics.
    The canvas is left in the state it was found in. Raises RenderError for a character that the
    fonts were not made for.
    """
    register_in_reportlab(fonts)
    before = figure.dpi
    canvas.saveState()
    canvas.translate(x, y)
    try:
        figure.dpi = DPI
        width, height = figure.bbox.size
        # Ticks are made while drawing, so what their labels are is decided here.
        with mpl.rc_context({"text.parse_math": False}):
            figure.draw(CanvasRenderer(canvas, fonts, width, height))
    finally:
        figure.dpi = before
        canvas.restoreState()


class CanvasRenderer(RendererBase):
    """Takes matplotlib's drawing calls and writes PDF operators to a ReportLab canvas."""

    def __init__(self, canvas: Any, fonts: FontSet, width: float, height: float) -> None:
        super().__init__()
        self._canvas = canvas
        self._fonts = fonts
        self._width = width
        self._height = height

    def flipy(self) -> bool:
        """Return False: y grows upwards, as in PDF."""
        return False

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return width and height in points."""
        return self._width, self._height

    def get_image_magnification(self) -> float:
        """Return how much finer than a point the pixels of an image are."""
        return IMAGE_DPI / DPI

    # Paths

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: ColorType | None = None,  # noqa: N803 (matplotlib's name)
    ) -> None:
        """Fill, hatch and stroke a path."""
        hatched = gc.get_hatch_path() is not None
        bare = rgbFace is None and not hatched
        clip = (0.0, 0.0, self._width, self._height) if bare else None
        code = _operators(path, transform, clip=clip, simplify=bare and path.should_simplify)
        with self._state(gc):
            if not hatched:
                self._paint(gc, rgbFace, [code])
                return
            self._paint(gc, rgbFace, [code], stroke=False)
            self._hatch(gc, path, transform, code)
            self._paint(gc, None, [code])

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: ColorType | None = None,  # noqa: N803
    ) -> None:
        """Draw one marker at every vertex of a path, setting colours once."""
        shape = marker_trans.transform_path(marker_path)
        places = (
            Affine2D().translate(*vertices[-2:])
            for vertices, _ in path.iter_segments(trans, simplify=False)
            if len(vertices)
        )
        with self._state(gc):
            self._paint(gc, rgbFace, [_operators(shape, place) for place in places])

    def _paint(
        self,
        gc: GraphicsContextBase,
        face: ColorType | None,
        codes: Iterable[str],
        *,
        stroke: bool = True,
    ) -> None:
        """Fill with `face` and stroke as the context says, each path by itself."""
        fill = self._set_fill(gc, face)
        operator = PAINT.get((fill, stroke and self._set_stroke(gc)))
        if operator:
            self._canvas.addLiteral("\n".join(f"{code} {operator}" for code in codes))

    def _set_fill(self, gc: GraphicsContextBase, face: Any) -> bool:
        """Set the fill colour and return whether it can be seen."""
        if face is None:
            return False
        alpha = _fill_alpha(gc, face)
        if alpha > 0:
            self._canvas.setFillColorRGB(*map(float, face[:3]))
            self._canvas.setFillAlpha(_alpha(alpha))
        return alpha > 0

    def _set_stroke(self, gc: GraphicsContextBase) -> bool:
        """Set colour, width and dashes of the line and return whether it can be seen."""
        red, green, blue, alpha = gc.get_rgb()
        width = gc.get_linewidth()
        if width <= 0 or alpha <= 0:
            return False
        self._canvas.setStrokeColorRGB(float(red), float(green), float(blue))
        self._canvas.setStrokeAlpha(_alpha(alpha))
        self._canvas.setLineWidth(float(width))
        self._canvas.setLineCap(CAPS[gc.get_capstyle()])
        self._canvas.setLineJoin(JOINS[gc.get_joinstyle()])
        offset, dashes = gc.get_dashes()
        if dashes is not None:
            lengths = [float(length) for length in cast("Iterable[float]", dashes)]
            self._canvas.setDash(lengths, float(offset) % sum(lengths))
        return True

    def _hatch(self, gc: GraphicsContextBase, path: Path, transform: Transform, outline: str) -> None:
        """Repeat the hatch pattern inside the outline, in phase with the one Agg draws."""
        tile = gc.get_hatch_path()
        red, green, blue, alpha = mpl.colors.to_rgba(gc.get_hatch_color())
        bounds = path.get_extents(transform)
        if tile is None or not bounds.width * bounds.height:
            return
        alpha = _fill_alpha(gc, (red, green, blue, alpha))
        operator = PAINT[bool(FILLED_HATCHES & set(gc.get_hatch() or "")), True]
        self._canvas.saveState()
        self._canvas.addLiteral(f"{outline} W n")
        self._canvas.setFillColorRGB(red, green, blue)
        self._canvas.setStrokeColorRGB(red, green, blue)
        self._canvas.setFillAlpha(_alpha(alpha))
        self._canvas.setStrokeAlpha(_alpha(alpha))
        self._canvas.setLineWidth(float(gc.get_hatch_linewidth()))
        self._canvas.setDash()
        self._canvas.setLineCap(0)
        # Tiles overlap: painted at once they do not darken each other.
        tiles = [_operators(tile, place) for place in _tiles(bounds.extents, self._height)]
        self._canvas.addLiteral("\n".join([*tiles, operator]))
        self._canvas.restoreState()

    @contextmanager
    def _state(self, gc: GraphicsContextBase) -> Iterator[None]:
        """Save the canvas's state, clip, and restore it."""
        self._canvas.saveState()
        rectangle = gc.get_clip_rectangle()
        if rectangle is not None:
            numbers = " ".join(_number(value) for value in rectangle.bounds)
            self._canvas.addLiteral(f"{numbers} re W n")
        path, transform = gc.get_clip_path()
        if path is not None and transform is not None:
            self._canvas.addLiteral(f"{_operators(path, transform)} W n")
        try:
            yield
        finally:
            self._canvas.restoreState()

    # Images

    def draw_image(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        im: np.typing.ArrayLike,
        transform: Any = None,
    ) -> None:
        """Embed an RGBA image whose rows run upwards, with its lower left corner at (x, y)."""
        from PIL import Image
        from reportlab.lib.utils import ImageReader

        pixels: Any = im
        height, width = pixels.shape[:2]
        picture = Image.fromarray(pixels[::-1])
        if (pixels[..., 3] == 255).all():
            picture = picture.convert("RGB")
        scale = DPI / IMAGE_DPI
        with self._state(gc):
            self._canvas.setFillAlpha(1)  # the pixels carry the artist's opacity already
            self._canvas.drawImage(ImageReader(picture), x, y, width * scale, height * scale, mask="auto")

    # Text

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """Write a line of text from the left end of its baseline, as one text object.

        `ismath` is not asked: a label such as "$5 and $6" is no formula.
        """
        size = float(prop.get_size_in_points())
        red, green, blue, alpha = gc.get_rgb()
        if alpha <= 0:
            return
        cosine, sine = cos(radians(angle)), sin(radians(angle))
        with self._state(gc):
            self._canvas.setFillColorRGB(float(red), float(green), float(blue))
            self._canvas.setFillAlpha(_alpha(alpha))
            line = self._canvas.beginText()
            line.setTextTransform(cosine, sine, -sine, cosine, float(x), float(y))
            for face, text in self._runs(s, prop):
                line.setFont(face.name, size)
                line.textOut(text)
            self._canvas.drawText(line)

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Return the width as the canvas will set it, and height and descent of the ink, in points."""
        from reportlab.pdfbase.pdfmetrics import stringWidth

        size = float(prop.get_size_in_points())
        width = ascent = descent = 0.0
        for face, text in self._runs(s, prop):
            width += stringWidth(text, face.name, size)
            above, below = _ink(face, size, text)
            ascent, descent = max(ascent, above), max(descent, below)
        return width, ascent + descent, descent

    def _runs(self, text: str, prop: FontProperties) -> list[tuple[Face, str]]:
        return self._fonts.split(text, bold=_is_bold(prop), italic=prop.get_style() != "normal")


def _operators(
    path: Path | TransformedPath,
    transform: Transform,
    *,
    clip: tuple[float, float, float, float] | None = None,
    simplify: bool = False,
) -> str:
    """Return the PDF operators that build the path; curves of degree two become cubic."""
    codes = [b"m", b"l", b"", b"c", b"h"]
    written = _path.convert_to_string(  # type: ignore[attr-defined]
        path, transform, clip, simplify, None, DECIMALS, codes, True
    )
    return str(written.decode("ascii")).strip()


def _tiles(extents: Any, height: float) -> Iterator[Affine2D]:
    """Yield where to put a unit square so that its copies cover the extents; a corner is at top left."""
    left, bottom, right, top = extents
    for column in range(floor(left / HATCH_TILE), ceil(right / HATCH_TILE)):
        for row in range(floor((bottom - height) / HATCH_TILE), ceil((top - height) / HATCH_TILE)):
            yield Affine2D().scale(HATCH_TILE).translate(column * HATCH_TILE, height + row * HATCH_TILE)


def _fill_alpha(gc: GraphicsContextBase, colour: Any) -> float:
    """Return the opacity of a fill: the artist's where it has one, else the colour's."""
    if gc.get_forced_alpha() or len(colour) < 4:
        return float(gc.get_alpha())
    return float(colour[3])


def _alpha(value: Any) -> float:
    """Return an opacity fit for PDF: rounded, so that like ones share a graphics state."""
    return round(float(value), 3)


def _number(value: float) -> str:
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")


def _is_bold(prop: FontProperties) -> bool:
    weight = prop.get_weight()
    return (WEIGHTS.get(weight, 400) if isinstance(weight, str) else weight) >= BOLD_FROM


@lru_cache(maxsize=4096)
def _ink(face: Face, size: float, text: str) -> tuple[float, float]:
    """Return how far the ink reaches above and below the baseline, in points."""
    font = get_font(str(face.path))
    font.set_size(size, DPI)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    height, descent = font.get_width_height()[1] / 64, font.get_descent() / 64
    return height - descent, descent
