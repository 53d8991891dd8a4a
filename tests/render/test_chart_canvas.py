from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import pypdfium2
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from zonereport.errors import RenderError
from zonereport.fonts import FontSet, prepare_fonts, register_in_matplotlib
from zonereport.render.pdf.chart_canvas import CanvasRenderer, draw_figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

WIDTH, HEIGHT = 216, 144
LABELS = ["$5 and $6", "more than 500", "Labs & incubators ⚓", "−0.15 %"]


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> FontSet:
    made = prepare_fonts("".join(LABELS), "Source Sans 3", cache=tmp_path_factory.mktemp("fonts"))
    register_in_matplotlib(made)
    return made


def figure_of(fonts: FontSet, draw: Callable[[Axes], Any], **frame: Any) -> Figure:
    settings = {"font.family": list(fonts.matplotlib_families()), "font.size": 9, "text.parse_math": False}
    with mpl.rc_context(settings):
        figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72), dpi=72)
        axes = figure.add_axes((0.12, 0.15, 0.8, 0.7), **frame)
        draw(axes)
        figure.draw_without_rendering()
    return figure


def pdf_of(fonts: FontSet, *figures: Figure, compress: bool = True) -> bytes:
    written = BytesIO()
    canvas = Canvas(written, (WIDTH, HEIGHT), invariant=1, pageCompression=int(compress))
    for figure in figures:
        draw_figure(figure, canvas, fonts, 0, 0)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def pixels_of(pdf: bytes) -> np.ndarray[Any, Any]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return np.asarray(document[0].render(scale=2).to_pil().convert("RGB"), dtype=float)
    finally:
        document.close()


def pixels_of_agg(figure: Figure) -> np.ndarray[Any, Any]:
    figure.dpi = 144
    canvas = FigureCanvasAgg(figure)
    with mpl.rc_context({"path.snap": False, "text.hinting": "none"}):  # a PDF knows no pixels to snap to
        canvas.draw()
    figure.dpi = 72
    return np.asarray(canvas.buffer_rgba(), dtype=float)[..., :3]


def write_labels(axes: Axes) -> None:
    axes.set_axis_off()
    for place, label in enumerate(LABELS):
        axes.text(0.1, place / 4, label, fontweight="bold" if place == 1 else "normal")


def draw_bars(axes: Axes) -> None:
    axes.bar([0, 1], [3, 5], color=["#0b5a7d", "#c4622d"])


def draw_hatched_bars(axes: Axes) -> None:
    axes.bar([0, 1], [3, 5], color="#a9c6d4", edgecolor="#0b5a7d", hatch="///")
    axes.bar([2], [4], color="#eef3f6", edgecolor="#c4622d", hatch="o", linewidth=0)
    axes.bar([3], [4], color="#eef3f6", edgecolor="#c4622d", hatch="xx", alpha=0.4)


def draw_translucent_areas(axes: Axes) -> None:
    axes.fill_between([0, 1, 2], [1, 3, 2], alpha=0.5, color="#c4622d")
    axes.fill_between([0, 1, 2], [3, 1, 2], alpha=0.5, color="#0b5a7d")


def draw_clipped_and_dashed_lines(axes: Axes) -> None:
    x = np.linspace(1.8, 8.2, 60)  # leaves the frame, not the page: there Agg begins its dashes anew
    axes.plot(x, np.sin(x), "--", color="#0b5a7d", linewidth=2)
    axes.plot(x, np.cos(x), ":", color="#c4622d", linewidth=3)
    axes.set_xlim(2, 8)
    axes.set_ylim(-0.7, 0.7)


def draw_rotated_text(axes: Axes) -> None:
    axes.set_axis_off()
    axes.text(0.1, 0.1, "more than 500", rotation=90, fontsize=14)
    axes.text(0.4, 0.1, "more than 500", rotation=45, fontsize=14, color="#c4622d")
    axes.text(0.9, 0.9, "Labs", ha="right", va="top", fontsize=20, fontstyle="italic")


def draw_marks(axes: Axes) -> None:
    axes.plot([1, 2, 3], [1, 2, 1.5], "o-", markersize=9, markerfacecolor="white", markeredgewidth=2)
    axes.scatter([1, 2, 3], [2, 1, 2], s=[50, 150, 300], color=["red", "green", "blue"], alpha=0.5)


def draw_clipped_image(axes: Axes) -> None:
    axes.imshow(np.arange(12).reshape(3, 4), aspect="auto", interpolation="nearest")
    image = axes.imshow(np.eye(4), extent=(0, 3, 0, 2), cmap="gray", aspect="auto", interpolation="nearest")
    image.set_clip_path(Circle((1.5, 1), 0.8, transform=axes.transData))
    axes.imshow([[1, 0]], extent=(0, 1, 1.5, 2), alpha=0.5, aspect="auto", interpolation="nearest")
    axes.set_xlim(-0.5, 3.5)
    axes.set_ylim(2.5, -0.5)


def test_labels_read_in_the_pdf_as_they_were_written(fonts: FontSet) -> None:
    lines = text_of(pdf_of(fonts, figure_of(fonts, write_labels))).splitlines()
    assert sorted(lines) == sorted(LABELS)


def test_a_label_that_looks_like_a_formula_stays_text_even_where_matplotlib_would_parse_it(
    fonts: FontSet,
) -> None:
    def draw(axes: Axes) -> None:
        axes.set_axis_off()
        axes.text(0.1, 0.5, "$5 and $6", parse_math=True)

    assert text_of(pdf_of(fonts, figure_of(fonts, draw))) == "$5 and $6"


def test_rotated_text_keeps_its_words_together(fonts: FontSet) -> None:
    def draw(axes: Axes) -> None:
        axes.set_axis_off()
        axes.text(0.5, 0.1, "more than 500", rotation=90)

    assert text_of(pdf_of(fonts, figure_of(fonts, draw))).strip() == "more than 500"


def test_a_label_is_one_text_object(fonts: FontSet) -> None:
    def draw(axes: Axes) -> None:
        axes.set_axis_off()
        axes.text(0.1, 0.5, LABELS[2])

    assert (
        pdf_of(fonts, figure_of(fonts, draw), compress=False).count(b"BT ") <= 2
    )  # one is ReportLab's preamble


def test_each_font_is_embedded_once_in_a_file_of_many_charts(fonts: FontSet) -> None:
    figures = [figure_of(fonts, write_labels) for _ in range(5)]
    embedded = re.findall(rb"/FontName /\w+\+(\S+)", pdf_of(fonts, *figures))
    assert sorted(embedded) == sorted(
        face.name.encode()
        for face in (fonts.families[0].regular, fonts.families[0].bold, fonts.families[1].regular)
    )


@pytest.mark.parametrize(
    "draw",
    [
        write_labels,
        draw_bars,
        draw_hatched_bars,
        draw_translucent_areas,
        draw_clipped_and_dashed_lines,
        draw_rotated_text,
        draw_marks,
        draw_clipped_image,
    ],
)
def test_the_pdf_shows_what_matplotlib_shows(fonts: FontSet, draw: Callable[[Axes], None]) -> None:
    figure = figure_of(fonts, draw)
    ours, theirs = pixels_of(pdf_of(fonts, figure)), pixels_of_agg(figure)
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).mean() < 2
    assert np.abs(coarse(ours) - coarse(theirs)).max() < 40


def coarse(pixels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return means over squares of 8 pixels (4 points), which edges a pixel off do not change much."""
    height, width = pixels.shape[0] // 8, pixels.shape[1] // 8
    return pixels[: height * 8, : width * 8].reshape(height, 8, width, 8, 3).mean(axis=(1, 3))


def test_a_hatched_bar_keeps_its_fill(fonts: FontSet) -> None:
    pixels = pixels_of(pdf_of(fonts, figure_of(fonts, draw_hatched_bars)))
    fill = (pixels == (0xA9, 0xC6, 0xD4)).all(axis=2)
    assert fill.mean() > 0.1


def test_text_is_measured_as_it_is_drawn(fonts: FontSet) -> None:
    renderer = CanvasRenderer(Canvas(BytesIO()), fonts, WIDTH, HEIGHT)
    prop = mpl.font_manager.FontProperties(size=10, weight="bold")
    width, height, descent = renderer.get_text_width_height_descent("more than 500 p", prop, ismath=False)
    assert width == pytest.approx(stringWidth("more than 500 p", fonts.face(bold=True).name, 10))
    assert 6 < height < 12
    assert 1 < descent < 3
    assert renderer.get_text_width_height_descent("⚓ 5", prop, ismath=False)[0] > 5


def test_the_canvas_and_the_figure_are_left_as_they_were(fonts: FontSet) -> None:
    canvas = Canvas(BytesIO(), (WIDTH, HEIGHT))
    canvas.addLiteral("1 0 0 1 0 0 cm 1 0 0 1 0 0 cm")
    state = canvas.__dict__["_currentMatrix"], canvas._fontname, canvas._extgstate.getValue("ca")
    figure = figure_of(fonts, draw_translucent_areas)
    figure.dpi = 100
    draw_figure(figure, canvas, fonts, 30, 40)
    assert (canvas._currentMatrix, canvas._fontname, canvas._extgstate.getValue("ca")) == state
    assert canvas._code.count("q") == canvas._code.count("Q")
    assert figure.dpi == 100


def test_the_same_figure_gives_the_same_bytes(fonts: FontSet) -> None:
    made = {pdf_of(fonts, figure_of(fonts, draw)) for draw in (draw_hatched_bars, draw_hatched_bars)}
    assert len(made) == 1


def test_a_character_the_fonts_lack_is_an_error(fonts: FontSet) -> None:
    figure = Figure(figsize=(3, 2), dpi=72)
    figure.text(0, 0, "Ж")
    with pytest.raises(RenderError, match=r"U\+0416"):
        pdf_of(fonts, figure)


def test_invisible_lines_and_fills_write_nothing(fonts: FontSet) -> None:
    def draw(axes: Axes) -> None:
        axes.set_axis_off()
        axes.figure.patch.set_visible(False)
        axes.bar([0], [1], color="none", edgecolor="red", linewidth=0)
        axes.text(0, 0, "gone", alpha=0)

    assert text_of(pdf_of(fonts, figure_of(fonts, draw))) == ""
    assert (pixels_of(pdf_of(fonts, figure_of(fonts, draw))) == 255).all()
