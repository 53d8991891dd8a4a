from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.colors import HexColor

from conftest import composed
from players import BLUE, DPI, RED, drawing_of, fonts, pixels_of_png, plain_pixels, samples, written
from zonereport.api import _style
from zonereport.briefing.blocks import ChartBlock
from zonereport.charts.drawing import Drawing, Label, Shape, box
from zonereport.charts.picture import NEAR, png
from zonereport.errors import RenderError

CHART = drawing_of(
    *(Shape(box(20 + 50 * place, 20, 40, 60), (BLUE, RED)[place % 2]) for place in range(3)),
    written(20, 120, "$5 and $6"),
)


def colours(data: bytes) -> set[tuple[int, ...]]:
    return {colour for _, colour in Image.open(BytesIO(data)).convert("RGB").getcolors(100_000) or []}


def test_a_picture_has_the_drawing_s_size_and_says_its_resolution() -> None:
    picture = Image.open(BytesIO(png(CHART, fonts(), 150)))
    assert picture.size == (450, 300)
    assert picture.info["dpi"] == pytest.approx((150, 150), abs=0.1)
    assert set(picture.info) == {"dpi"}


def test_a_flat_chart_gets_a_palette_and_keeps_its_colours_exactly() -> None:
    data = png(CHART, fonts())
    assert Image.open(BytesIO(data)).mode == "P"
    assert {rgb(BLUE), rgb(RED), (255, 255, 255), (0, 0, 0)} <= colours(data)


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(HexColor(colour).bitmap_rgb())


@pytest.mark.parametrize("name", samples())
def test_no_pixel_is_visibly_off_and_paper_not_at_all(name: str) -> None:
    true = plain_pixels(samples()[name], fonts(), snap=True)
    drawn = pixels_of_png(png(samples()[name], fonts(), DPI))
    assert drawn.shape == true.shape
    assert np.abs(drawn - true).max() <= NEAR + 6  # FreeType's letters are in 64ths
    assert (drawn[(true == 255).all(axis=2)] >= 252).all()
    assert (drawn[0, 0] == 255).all()


def test_the_pictures_of_a_briefing_keep_the_theme_s_colours_exactly() -> None:
    briefing = composed("2022 beside 2021 and 2017")
    style = _style(briefing)
    charts = [block.chart for block in briefing.blocks if isinstance(block, ChartBlock)]
    for drawing in (chart.draw(style) for chart in charts):
        flat = {rgb(shape.fill) for shape in drawing.shapes if shape.fill and shape.alpha == 1}
        assert flat <= colours(png(drawing, style.fonts))


def test_a_palette_takes_fewer_bytes() -> None:
    drawing, plain = samples()["labels"], BytesIO()
    Image.fromarray(plain_pixels(drawing, fonts(), snap=True).astype(np.uint8)).save(
        plain, "PNG", optimize=True
    )
    assert len(png(drawing, fonts(), DPI)) < len(plain.getvalue()) * 0.6


def test_paper_of_a_colour_fills_the_picture() -> None:
    paper = Drawing(72, 36, "#fbf6ec", (Shape(box(0, 0, 72, 36), "#fbf6ec"),))
    assert colours(png(paper, fonts(), 100)) == {rgb("#fbf6ec")}


def test_a_character_the_fonts_lack_is_an_error() -> None:
    missing = Label(20, 20, "Ж", 9, BLUE)
    with pytest.raises(RenderError, match=r"U\+0416"):
        png(drawing_of(missing), fonts())


def test_the_same_drawing_gives_the_same_bytes() -> None:
    assert png(CHART, fonts()) == png(CHART, fonts())
