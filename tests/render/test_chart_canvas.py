from __future__ import annotations

import re
from io import BytesIO

import numpy as np
import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from conftest import composed
from players import (
    BLUE,
    DPI,
    HEIGHT,
    LABELS,
    RED,
    WIDTH,
    drawing_of,
    fonts,
    ink_box,
    look_alike,
    pdf_of,
    pixels_of_pdf,
    pixels_of_png,
    pixels_of_svg,
    plain_pixels,
    samples,
    text_of,
    written,
)
from zonereport.api import _style
from zonereport.briefing.blocks import ChartBlock
from zonereport.charts.drawing import Drawing, Label, Shape, box, circle, line_through
from zonereport.charts.picture import png
from zonereport.charts.svg import svg
from zonereport.errors import RenderError
from zonereport.render.pdf import chart_canvas


def pdf(*drawings: Drawing, compress: bool = True) -> bytes:
    return pdf_of(*drawings, fonts=fonts(), compress=compress)


def test_labels_read_in_the_pdf_as_they_were_written_and_nothing_in_them_acts() -> None:
    assert text_of(pdf(samples()["labels"])).splitlines() == list(LABELS)


def test_a_label_is_one_text_object() -> None:
    drawn = pdf(drawing_of(written(20, 20, LABELS[2])), compress=False)
    assert drawn.count(b"BT ") == 2  # one is ReportLab's preamble


def test_each_font_is_embedded_once_in_a_file_of_many_charts() -> None:
    labels = [written(20, 20, LABELS[0]), written(20, 60, LABELS[1], bold=True), written(20, 90, LABELS[2])]
    embedded = re.findall(rb"/FontName /\w+\+(\S+)", pdf(*[drawing_of(*labels)] * 5))
    signs = dict(map(reversed, fonts().split(LABELS[2])))["⚓"]  # type: ignore[arg-type]
    expected = (fonts().face(), fonts().face(bold=True), signs)
    assert sorted(embedded) == sorted(face.name.rsplit("-", 1)[0].encode() for face in expected)


@pytest.mark.parametrize("name", samples())
def test_the_pdf_shows_what_plain_matplotlib_shows(name: str) -> None:
    assert look_alike(pixels_of_pdf(pdf(samples()[name])), plain_pixels(samples()[name], fonts()))


@pytest.mark.parametrize("name", samples())
def test_pdf_svg_and_png_of_a_drawing_agree_to_a_pixel(name: str) -> None:
    drawing = samples()[name]
    shown = (
        pixels_of_pdf(pdf(drawing)),
        pixels_of_svg(svg(drawing, fonts())),
        pixels_of_png(png(drawing, fonts(), DPI)),
    )
    boxes = np.array([ink_box(pixels) for pixels in shown])
    assert (boxes.max(axis=0) - boxes.min(axis=0) <= 1).all()
    assert all(look_alike(shown[0], other) for other in shown[1:])


@pytest.mark.parametrize(
    "case", ["2022 beside 2021 and 2017", "2023 beside all, annual, Chinese", "beside peers"]
)
def test_pdf_svg_and_png_of_a_briefing_s_charts_agree(case: str) -> None:
    style = _style(briefing := composed(case))
    for drawing in [block.chart.draw(style) for block in briefing.blocks if isinstance(block, ChartBlock)]:
        first = pixels_of_pdf(pdf_of(drawing, fonts=style.fonts))
        for other in (
            pixels_of_svg(svg(drawing, style.fonts)),
            pixels_of_png(png(drawing, style.fonts, DPI)),
        ):
            height, width = (min(sizes) for sizes in zip(first.shape[:2], other.shape[:2], strict=True))
            assert look_alike(first[:height, :width], other[:height, :width])


def test_flat_colours_are_exact() -> None:
    pixels = pixels_of_pdf(pdf(drawing_of(Shape(box(20, 20, 100, 60), "#a9c6d4", BLUE, 0.8))))
    assert (pixels == (0xA9, 0xC6, 0xD4)).all(axis=2).mean() > 0.15


def test_a_shape_is_filled_stroked_or_both_as_it_says() -> None:
    fill, line = Shape(box(1, 1, 9, 9), BLUE), Shape(line_through([(1, 1), (5, 5.5)]), stroke=RED, width=1.5)
    both = Shape(circle(50, 50, 5), BLUE, RED, 0.4, (3, 2))
    drawn = pdf(drawing_of(fill, line, both), compress=False).decode("latin-1")
    assert "1 143 m 10 143 l 10 134 l 1 134 l h f\n" in drawn
    assert "1.5 w 1 143 m 5 138.5 l S\n" in drawn.replace("\n1 143 m 5", " 1 143 m 5")
    assert re.search(
        r"\.4 w\n\[3 2\] 0 d\n55 94 m( [0-9.]+){6} c( [0-9.]+){6} c( [0-9.]+){6} c( [0-9.]+){6} c h B\n",
        drawn,
    )


def test_a_fill_is_as_opaque_as_it_says_and_what_follows_is_opaque_again() -> None:
    pixels = pixels_of_pdf(pdf(drawing_of(Shape(box(20, 20, 30, 30), "#000000", alpha=0.5), Shape(box(90, 20, 30, 30), "#000000"))))  # fmt: skip
    assert pixels[70, 70] == pytest.approx([127, 127, 127], abs=1)
    assert (pixels[70, 210] == 0).all()


def test_the_canvas_is_left_as_it_was() -> None:
    canvas = Canvas(BytesIO(), (WIDTH, HEIGHT))
    state = canvas.__dict__["_currentMatrix"], canvas._fontname, canvas._extgstate.getValue("ca")
    chart_canvas.draw(samples()["translucent"], canvas, fonts())
    chart_canvas.draw(samples()["styles"], canvas, fonts())
    assert (canvas._currentMatrix, canvas._fontname, canvas._extgstate.getValue("ca")) == state
    assert canvas._code.count("q") == canvas._code.count("Q")


def test_a_drawing_stands_at_the_canvas_s_origin() -> None:
    file = BytesIO()
    canvas = Canvas(file, (2 * WIDTH, 2 * HEIGHT))
    canvas.translate(30, 40)
    chart_canvas.draw(drawing_of(Shape(box(0, 0, 20, 10), BLUE)), canvas, fonts())
    canvas.save()
    with pypdfium2.PdfDocument(file.getvalue()) as document:
        pixels = np.asarray(document[0].render(scale=1).to_pil().convert("RGB"), dtype=int)
    assert ink_box(pixels) == (30, HEIGHT - 40, 50, HEIGHT - 30)


def test_the_same_drawing_gives_the_same_bytes() -> None:
    assert pdf(samples()["marks"], samples()["labels"]) == pdf(samples()["marks"], samples()["labels"])


def test_a_character_the_fonts_lack_is_an_error() -> None:
    with pytest.raises(RenderError, match=r"U\+0416"):
        pdf(drawing_of(Label(20, 20, "Ж", 9, BLUE)))


def test_blanks_leave_no_mark() -> None:
    assert (pixels_of_pdf(pdf(drawing_of(Label(20, 20, " \u200b", 9, RED)))) == 255).all()
