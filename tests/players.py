"""Drawings, what PDF, SVG and PNG show of them, as pixels, and what plain matplotlib makes of the same marks."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pypdfium2
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D
from PIL import Image
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from zonereport.charts.drawing import Drawing, Label, Shape, box, circle, hatching, line_through
from zonereport.charts.figure import to_figure
from zonereport.fonts import FontSet, prepare_fonts, register_in_reportlab, text_width
from zonereport.render.pdf import chart_canvas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zonereport.charts.drawing import Steps

Pixels = np.ndarray[Any, Any]
CODES = {"M": Path.MOVETO, "L": Path.LINETO, "Q": Path.CURVE3, "C": Path.CURVE4, "Z": Path.CLOSEPOLY}
DPI = 144
WIDTH, HEIGHT = 216, 144
BLUE, RED, GREY = "#0b5a7d", "#c4622d", "#444444"
LABELS = (
    "$5 and $6",
    "more than 500",
    "Labs & incubators ⚓",
    "−0.15 %",
    "包头 Baotou",
    r"<b>$x^2$</b> &lt; \alpha",
)


@cache
def fonts() -> FontSet:
    """Return the fonts of LABELS: one for Latin, one for Chinese, one for signs."""
    return prepare_fonts("".join(LABELS), "Source Sans 3")


def drawing_of(*marks: Shape | Label) -> Drawing:
    """Return a drawing of marks on white paper."""
    return Drawing(WIDTH, HEIGHT, "#ffffff", (Shape(box(0, 0, WIDTH, HEIGHT), "#ffffff"), *marks))


def written(x: float, y: float, text: str, size: float = 12, colour: str = "#000000", **style: bool) -> Label:
    """Return a label that knows its width."""
    return Label(x, y, text, size, colour, **style, width=text_width(fonts(), text, size, **style))


@cache
def samples() -> dict[str, Drawing]:
    """Return drawings that together have every kind of mark."""
    return {
        "labels": drawing_of(*(written(20, 20 + 20 * row, text) for row, text in enumerate(LABELS))),
        "styles": drawing_of(
            written(20, 30, LABELS[1], bold=True),
            written(20, 60, LABELS[1], 9, BLUE, italic=True),
            written(20, 90, LABELS[4], 18, RED, bold=True, italic=True),
        ),
        "bars": drawing_of(Shape(box(20, 20, 100.3, 30.2), BLUE), Shape(box(20, 60, 70, 30), RED)),
        "translucent": drawing_of(Shape(box(20, 60, 50, 30), RED, alpha=0.5), Shape(box(40, 70, 50, 30), BLUE, alpha=0.25)),
        "hatched": drawing_of(
            Shape(hatching(20, 20, 150, 60, 5), stroke=RED), Shape(box(20, 20, 150, 60), stroke=RED, width=0.8)
        ),
        "dashed": drawing_of(
            Shape(line_through([(20, 20), (200, 120)]), stroke=BLUE, width=2, dashes=(6, 4)),
            Shape(box(40, 90, 80, 30), "#ffffff", RED, 0.8, (2.4, 1.6)),
            Shape((("M", (20, 100)), ("C", (60, 100, 90, 20, 200, 20))), stroke=BLUE, width=1.3, dashes=(3.9, 2.6)),
        ),
        "marks": drawing_of(
            Shape(circle(50, 50, 20), BLUE, GREY, 0.4),
            Shape(circle(120, 70, 2.75), "#ffffff", BLUE, 1.1),
            Shape((*line_through([(150, 20), (190, 60), (170, 100)]), ("Z", ())), RED, BLUE, 3),
            Shape(line_through([(20, 80), (30, 100), (20, 120), (30, 140)]), stroke=RED, width=4),
        ),
    }  # fmt: skip


def pdf_of(*drawings: Drawing, fonts: FontSet, compress: bool = True) -> bytes:
    """Return a PDF with each drawing at the top left of a page of whole points."""
    file = BytesIO()
    canvas = Canvas(file, invariant=1, pageCompression=int(compress))
    for drawing in drawings:
        height = ceil(drawing.height)
        canvas.setPageSize((ceil(drawing.width), height))
        canvas.translate(0, height - drawing.height)
        chart_canvas.draw(drawing, canvas, fonts)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF's pages."""
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def pixels_of_pdf(pdf: bytes) -> Pixels:
    """Return the first page as PDFium shows it."""
    with pypdfium2.PdfDocument(pdf) as document:
        return np.asarray(document[0].render(scale=DPI / 72).to_pil().convert("RGB"), dtype=int)


def pixels_of_png(data: bytes) -> Pixels:
    """Return the picture's pixels."""
    return np.asarray(Image.open(BytesIO(data)).convert("RGB"), dtype=int)


def pixels_of_figure(drawing: Drawing, fonts: FontSet) -> Pixels:
    """Return what matplotlib saves of the drawing's figure."""
    file = BytesIO()
    to_figure(drawing, fonts).savefig(file, format="png", dpi=DPI)
    return pixels_of_png(file.getvalue())


def pixels_of_svg(data: bytes) -> Pixels:
    """Return what plain matplotlib shows of an SVG's paths, each where its transformations put it."""
    root = ElementTree.fromstring(data)
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    glyphs = {node.get("id"): node for node in root.iter() if node.get("id")}

    def patches(
        node: ElementTree.Element, placed: Affine2D, inherited: dict[str, str]
    ) -> Iterator[PathPatch]:
        for child in node:
            given = inherited | child.attrib
            place = _transformation(child.get("transform", "")) + placed
            if child.tag.endswith("}path"):
                yield _patch(_steps(given["d"]), place, given)
            elif child.tag.endswith("}use"):
                used = glyphs[given["{http://www.w3.org/1999/xlink}href"][1:]]
                yield _patch(_steps(used.attrib["d"]), place, given)
            elif child.tag.endswith("}g"):
                yield from patches(child, place, given)
            else:
                assert child.tag.endswith("}defs"), child.tag

    return _painted(list(patches(root, Affine2D(), {})), width, height)


def plain_pixels(drawing: Drawing, fonts: FontSet, *, snap: bool = False) -> Pixels:
    """Return what plain matplotlib shows of the marks; the letters are FreeType's."""
    register_in_reportlab(fonts)
    patches = []
    for mark in drawing.marks:
        if isinstance(mark, Shape):
            painted = {
                "fill": mark.fill or "none",
                "fill-opacity": str(mark.alpha),
                "stroke": mark.stroke or "none",
            }
            painted |= {"stroke-width": str(mark.width), "stroke-dasharray": " ".join(map(str, mark.dashes))}
            patches.append(_patch(mark.steps, Affine2D(), painted))
        else:
            patches += [
                PathPatch(path, facecolor=mark.colour, edgecolor="none") for path in letters(mark, fonts)
            ]
    return _painted(patches, drawing.width, drawing.height, snap=snap)


def letters(label: Label, fonts: FontSet) -> Iterator[Path]:
    """Yield the outlines of a label's runs as FreeType reads them from the fonts, where they stand."""
    x = label.x
    for face, run in fonts.split(label.text, bold=label.bold, italic=label.italic):
        for character in run:
            if (path := _letter(str(face.path), character)) is not None:
                scale = label.size / text_to_path.FONT_SCALE
                yield path.transformed(Affine2D().scale(scale, -scale).translate(x, label.y))
            x += stringWidth(character, face.name, label.size)


@cache
def _letter(font: str, character: str) -> Path | None:
    vertices, codes = text_to_path.get_text_path(FontProperties(fname=font), character)
    return Path(vertices, codes) if len(vertices) else None


def ink_box(pixels: Pixels) -> tuple[int, ...]:
    """Return left, top, right and bottom of the pixels that are not like the first one."""
    rows, columns = np.nonzero(np.abs(pixels - pixels[0, 0]).max(axis=2) > 64)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def coarse(pixels: Pixels) -> Pixels:
    """Return means over squares of 8 pixels (4 points), which edges a pixel off do not change much."""
    height, width = pixels.shape[0] // 8, pixels.shape[1] // 8
    return pixels[: height * 8, : width * 8].reshape(height, 8, width, 8, 3).mean(axis=(1, 3))


def look_alike(one: Pixels, other: Pixels) -> bool:
    """Whether two pictures of a size show the same, but for how edges are smoothed."""
    assert one.shape == other.shape
    return bool(np.abs(one - other).mean() < 3.5 and np.abs(coarse(one) - coarse(other)).max() < 48)


def edges(shape: Shape) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a path's points."""
    xs = [value for _, values in shape.steps for value in values[::2]]
    ys = [value for _, values in shape.steps for value in values[1::2]]
    return min(xs), min(ys), max(xs), max(ys)


def _steps(data: str) -> Steps:
    steps: list[tuple[str, tuple[float, ...]]] = []
    for word in data.split():
        if word in CODES:
            steps.append((word, ()))
        else:
            steps[-1] = (steps[-1][0], (*steps[-1][1], float(word)))
    return tuple(steps)


def _patch(steps: Steps, place: Affine2D, given: dict[str, str]) -> PathPatch:
    vertices: list[tuple[float, float]] = []
    codes: list[Any] = []
    for step, values in steps:
        points = list(zip(values[::2], values[1::2], strict=True)) or [(0.0, 0.0)]
        vertices += points
        codes += [CODES[step]] * len(points)
    width, dashes = float(given.get("stroke-width", 1)), given.get("stroke-dasharray", "")
    style = (0, [float(length) / width for length in dashes.split()]) if dashes else "-"
    fill = given.get("fill", "black")
    return PathPatch(
        place.transform_path(Path(vertices, codes)),
        facecolor=(fill, float(given.get("fill-opacity", 1))) if fill != "none" else "none",
        edgecolor=given.get("stroke", "none"),
        linewidth=width,
        linestyle=style,
    )


def _transformation(given: str) -> Affine2D:
    """Return what `translate(…) scale(…)` means: the last is done first."""
    place = Affine2D()
    for part in reversed(given.replace(") ", ")\n").splitlines()):
        kind, _, numbers = part.rstrip(")").partition("(")
        x, y = map(float, numbers.split())
        place = place + (Affine2D().translate(x, y) if kind == "translate" else Affine2D().scale(x, y))
    return place


def _painted(patches: list[PathPatch], width: float, height: float, *, snap: bool = False) -> Pixels:
    width, height = ceil(width), ceil(height)
    figure = Figure(figsize=(width / 72, height / 72), dpi=DPI)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    for place, patch in enumerate(patches):
        patch.set_zorder(place)
        axes.add_patch(patch)
    canvas = FigureCanvasAgg(figure)
    with mpl.rc_context({"path.snap": snap}):
        canvas.draw()
    return np.asarray(canvas.buffer_rgba(), dtype=int)[..., :3]
