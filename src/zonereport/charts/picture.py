"""Pictures of charts for formats that cannot draw: SVG, and PNG with as few bytes as look the same."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray
    from PIL.Image import Image

NEAR = 16
"""How far a channel of a pixel may be from the true one, of 255: less than the eye sees at an edge."""
FREQUENT = 32
"""So many of the most frequent colours are kept exactly: paper, ink and the theme's flat colours."""
MANY = 20_000
"""A picture of more colours is no flat chart, and looking for its palette would take seconds."""


def png(figure: Figure, dpi: float = 300) -> bytes:
    """Return the figure as PNG, the same bytes for the same figure, with its resolution inside.

    A chart has few flat colours, the rest are blends at the edges of marks and letters: it gets a
    palette, a third of the bytes. A picture that a palette would visibly change keeps its colours.
    """
    picture = _draw(figure, dpi)
    written = BytesIO()
    (_with_palette(picture) or picture).save(written, "PNG", optimize=True, dpi=(dpi, dpi))
    return written.getvalue()


def svg(figure: Figure, *, as_text: bool = False) -> bytes:
    """Return the figure as SVG in UTF-8, the same bytes for the same figure, its size in points.

    Letters are outlines, so that a reader without the fonts shows the same. With `as_text` they are
    `text` elements that name the figure's font families, to be read, searched and selected; the
    fonts must come with the document then. It holds no style sheet, script or link to outside, and
    the figure is left as it was; its fonts must still be registered.
    """
    from zonereport.charts.svg import write_svg

    return write_svg(figure, as_text=as_text)


def _draw(figure: Figure, dpi: float) -> Image:
    """Return the figure on white paper, drawn by Agg; the figure is left as it was."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    before, canvas_before = figure.dpi, figure.canvas
    try:
        figure.dpi = dpi
        canvas = FigureCanvasAgg(figure)
        # Ticks are made while drawing, so that their labels are no formulas is said here.
        with mpl.rc_context({"text.parse_math": False}):
            canvas.draw()  # type: ignore[no-untyped-call]
        size, pixels = canvas.get_width_height(), bytes(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    finally:
        figure.dpi = before
        figure.set_canvas(canvas_before)
    drawn = Image.frombytes("RGBA", size, pixels)
    return Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn).convert("RGB")


def _with_palette(picture: Image) -> Image | None:
    """Return the picture in at most 256 colours, or None if that would show.

    Pillow's own `quantize` is not used: it mixes frequent colours with their neighbours, so that
    white paper turns grey and a theme's colours shift.
    """
    import numpy as np
    from PIL import Image

    red, green, blue = np.moveaxis(np.asarray(picture, dtype=np.int32), -1, 0)
    packed, where, counts = np.unique(red << 16 | green << 8 | blue, return_inverse=True, return_counts=True)
    if len(packed) > MANY:
        return None
    colours = np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1)
    palette, nearest, furthest = _choose_palette(colours, counts)
    if furthest > NEAR:
        return None
    reduced = Image.frombytes("P", picture.size, nearest[where].astype(np.uint8).tobytes())
    reduced.putpalette(colours[palette].astype(np.uint8).tobytes())
    return reduced


def _choose_palette(
    colours: NDArray[np.int32], counts: NDArray[np.intp]
) -> tuple[list[int], NDArray[np.intp], int]:
    """Return the palette, each colour's place in it, and the largest error, of the n colours (n × 3).

    After the frequent colours comes, again and again, the one that is furthest from the palette,
    until every colour is near or 256 are taken.
    """
    import numpy as np

    frequent = np.lexsort((np.arange(len(counts)), -counts))[:FREQUENT]
    palette: list[int] = []
    distance = np.full(len(colours), 256, dtype=np.int32)
    nearest = np.zeros(len(colours), dtype=np.intp)
    while len(palette) < min(256, len(colours)):
        taken = int(frequent[len(palette)]) if len(palette) < len(frequent) else int(distance.argmax())
        if len(palette) >= len(frequent) and distance[taken] <= NEAR:
            break
        new = np.abs(colours - colours[taken]).max(axis=1)
        nearest[new < distance] = len(palette)
        distance = np.minimum(distance, new)
        palette.append(taken)
    return palette, nearest, int(distance.max())
