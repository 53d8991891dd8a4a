"""A drawing as a matplotlib figure, to edit and annotate in notebooks and slides; no briefing needs it.

matplotlib stands at the top here, so this module is imported only when figures are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text

from zonereport.charts.drawing import Shape
from zonereport.fonts import outlines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.backend_bases import RendererBase

    from zonereport.charts.drawing import Drawing, Label, Steps
    from zonereport.fonts import FontSet

CODES: dict[str, Any] = {"M": Path.MOVETO, "L": Path.LINETO, "C": Path.CURVE4, "Z": Path.CLOSEPOLY}
LAYER = 1
"""The marks' `zorder`: they are painted in their order, and lines and texts added later over them."""


def to_figure(drawing: Drawing, fonts: FontSet) -> Figure:
    """Return the drawing as a figure of its size, with one axes over all of it, in points from the top left.

    A shape is a patch; a line of text is a text, or several where it needs several fonts. Nothing is
    read as mathematics. Raises RenderError for a character that the fonts were not made for.
    """
    figure = Figure((drawing.width / 72, drawing.height / 72), facecolor=drawing.paper)
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, drawing.width), ylim=(drawing.height, 0))
    axes.set_axis_off()
    for mark in drawing.marks:
        if isinstance(mark, Shape):
            axes.add_patch(_patch(mark))
        else:
            for text in _texts(mark, fonts):
                axes.add_artist(text)
    return figure


class _Line(Text):
    """A line of text as wide as it was planned: hinting would round the advance of each letter."""

    def draw(self, renderer: RendererBase) -> None:
        with rc_context({"text.hinting": "no_hinting"}):
            super().draw(renderer)


def _patch(shape: Shape) -> PathPatch:
    dashes = (0.0, [length / shape.width for length in shape.dashes])
    with rc_context({"lines.scale_dashes": True}):
        return PathPatch(
            _path(shape.steps),
            facecolor=(shape.fill, shape.alpha) if shape.fill else "none",
            edgecolor=shape.stroke or "none",
            linewidth=shape.width if shape.stroke else 0.0,
            linestyle=dashes if shape.dashes else "solid",
            capstyle="butt",
            joinstyle="miter",
            zorder=LAYER,
        )


def _path(steps: Steps) -> Path:
    vertices: list[tuple[float, float]] = []
    codes: list[Any] = []
    for step, values in steps:
        points = list(zip(values[::2], values[1::2], strict=True)) or vertices[-1:]
        vertices += points
        codes += [CODES[step]] * len(points)
    return Path(vertices, codes)


def _texts(label: Label, fonts: FontSet) -> Iterator[Text]:
    x = label.x
    for face, text in fonts.split(label.text, bold=label.bold, italic=label.italic):
        yield _Line(
            x,
            label.y,
            text,
            color=label.colour,
            fontproperties=FontProperties(fname=str(face.path), size=label.size),
            usetex=False,
            parse_math=False,
            zorder=LAYER,
        )
        known = outlines(face)
        x += sum(known.advances[ord(character)] for character in text) / known.units * label.size
