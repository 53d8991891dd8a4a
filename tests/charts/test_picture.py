"""A drawing as PNG: the colours of the theme exactly, everything else as matplotlib's Agg draws the same marks."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.colors import HexColor

from conftest import composed
from players import (
    BLUE,
    DPI,
    HEIGHT,
    RED,
    WIDTH,
    coarse,
    drawing_of,
    fonts,
    ink_box,
    pixels_of_png,
    plain_pixels,
    samples,
    written,
)
from zonereport.api import _style
from zonereport.briefing.blocks import ChartBlock, iter_blocks
from zonereport.charts.drawing import Drawing, Label, Shape, box, circle, hatching, line_through
from zonereport.charts.picture import MOST_COLOURS, png
from zonereport.errors import RenderError

CHART = drawing_of(
    *(Shape(box(20 + 50 * place, 20, 40, 60), (BLUE, RED)[place % 2]) for place in range(3)),
    written(20, 120, "$5 and $6"),
)


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(HexColor(colour).bitmap_rgb())


def colours(data: bytes) -> set[tuple[int, ...]]:
    return {colour for _, colour in Image.open(BytesIO(data)).convert("RGB").getcolors(100_000) or []}


def ink(*marks: Shape | Label, dpi: float = DPI) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return how dark each pixel is where black marks are drawn on white: 0 for paper, 1 for ink."""
    return 1 - pixels_of_png(png(drawing_of(*marks), fonts(), dpi))[..., 0] / 255


def drawings_of(case: str) -> list[tuple[Drawing, object]]:
    style = _style(briefing := composed(case))
    charts = [block.chart for block in iter_blocks(briefing.blocks) if isinstance(block, ChartBlock)]
    return [(chart.draw(style), style.fonts) for chart in charts]


def test_a_picture_has_the_drawing_s_size_and_says_its_resolution() -> None:
    picture = Image.open(BytesIO(png(CHART, fonts(), 150)))
    assert picture.size == (450, 300)
    assert picture.info["dpi"] == pytest.approx((150, 150), abs=0.1)
    assert set(picture.info) == {"dpi"}


def test_a_flat_chart_gets_a_palette_and_keeps_its_colours_exactly() -> None:
    data = png(CHART, fonts())
    assert Image.open(BytesIO(data)).mode == "P"
    assert {rgb(BLUE), rgb(RED), (255, 255, 255), (0, 0, 0)} <= colours(data)


def test_every_chart_has_a_palette_with_the_theme_s_colours_and_paper_at_its_edge(case: str) -> None:
    for drawing, made in drawings_of(case):
        data = png(drawing, made, 96)
        picture = Image.open(BytesIO(data))
        assert picture.mode == "P"
        assert len(picture.getpalette() or ()) <= 3 * MOST_COLOURS
        assert picture.convert("RGB").getpixel((0, 0)) == rgb(drawing.paper)
        flat = {rgb(shape.fill) for shape in drawing.shapes if shape.fill and shape.alpha == 1}
        assert flat <= colours(data)


@pytest.mark.parametrize("name", samples())
def test_a_picture_is_what_matplotlib_draws_and_its_ink_is_where_that_has_it(name: str) -> None:
    true = plain_pixels(samples()[name], fonts(), snap=True)
    drawn = pixels_of_png(png(samples()[name], fonts(), DPI))
    assert drawn.shape == true.shape
    assert np.abs(drawn - true).mean() < 1.2
    assert np.abs(coarse(drawn) - coarse(true)).max() < 20
    assert ink_box(drawn) == pytest.approx(ink_box(true), abs=1)
    assert (drawn[0, 0] == 255).all()


@pytest.mark.parametrize(
    "case", ["2022 beside 2021 and 2017", "2023 beside all, annual, Chinese", "beside peers"]
)
def test_the_pictures_of_a_briefing_are_what_matplotlib_draws(case: str) -> None:
    for drawing, made in drawings_of(case):
        drawn, true = pixels_of_png(png(drawing, made, DPI)), plain_pixels(drawing, made, snap=True)
        height, width = (min(sizes) for sizes in zip(drawn.shape[:2], true.shape[:2], strict=True))
        assert np.abs(drawn[:height, :width] - true[:height, :width]).mean() < 2


def test_a_letter_is_as_dark_and_stands_where_matplotlib_puts_it() -> None:
    letters = drawing_of(*(written(20.3 + 11.1 * place, 40 + 3.3 * place, "5", 9) for place in range(16)))
    drawn, true = (1 - one[..., 0] / 255 for one in (pixels_of_png(png(letters, fonts(), DPI)), plain_pixels(letters, fonts())))  # fmt: skip
    assert drawn.sum() == pytest.approx(true.sum(), rel=0.03)
    for axis in (0, 1):
        places = np.arange(drawn.shape[axis])
        centres = [(one.sum(axis=1 - axis) * places).sum() / one.sum() for one in (drawn, true)]
        assert centres[0] == pytest.approx(centres[1], abs=0.12)


@pytest.mark.parametrize("dpi", [96, 120, 144, 200, 300])
@pytest.mark.parametrize("end", [(170, 30), (30, 130), (170, 130), (100, 130)])
def test_a_line_is_as_thick_as_its_pen(end: tuple[float, float], dpi: int) -> None:
    scale = dpi / 72
    for pen in (0.4, 0.6, 0.8, 1.1, 3):
        line = Shape(line_through([(30, 30), end]), stroke="#000000", width=pen)
        length = np.hypot(end[0] - 30, end[1] - 30) * scale
        painted = ink(line, dpi=dpi).sum() / length
        assert painted == pytest.approx(max(pen * scale, 0.5), abs=0.15, rel=0.05)


@pytest.mark.parametrize("dpi", [50, 72, 96])
def test_a_thin_line_does_not_vanish(dpi: int) -> None:
    for pen in (0.1, 0.25, 0.4):
        level = ink(Shape(line_through([(20, 60.3), (190, 60.3)]), stroke="#000000", width=pen), dpi=dpi)
        slanted = ink(Shape(line_through([(20, 30), (190, 71)]), stroke="#000000", width=pen), dpi=dpi)
        for drawn in (level, slanted):
            columns = drawn[:, round(21 * dpi / 72) : round(189 * dpi / 72)].max(axis=0)
            assert columns.min() > 0.1


def test_a_thin_box_does_not_vanish() -> None:
    assert (
        ink(Shape(box(20.2, 20.2, 0.1, 30), "#000000"), Shape(box(60, 20.2, 30, 0.1), "#000000")).sum() == 120
    )


def test_a_level_rule_is_sharp() -> None:
    drawn = ink(Shape(line_through([(20, 60.3), (120, 60.3)]), stroke="#000000", width=0.5))
    assert (drawn[:, 100] > 0).sum() == 1
    assert drawn[:, 100].max() == 1


def test_a_corner_is_pointed_unless_its_point_would_be_long() -> None:
    square = ink(Shape(box(20, 20, 60, 60), stroke="#000000", width=8))
    assert ink_box(255 - 255 * np.dstack([square] * 3)) == (32, 32, 168, 168)
    assert square[33, 33] == square[166, 166] == square[33, 166] == square[166, 33] == 1
    needle = ink(Shape(line_through([(20, 60), (120, 64), (20, 68)]), stroke="#000000", width=4))
    assert ink_box(255 - 255 * np.dstack([needle] * 3))[2] < 246


def test_dashes_stand_where_they_should_and_turn_corners() -> None:
    drawn = ink(
        Shape(line_through([(20, 40), (60, 40), (60, 80)]), stroke="#000000", width=2, dashes=(12, 8))
    )
    level, upright = drawn[80, 38:118], drawn[82:162, 120]
    assert [bool(level[2 * place] > 0.5) for place in (5, 12, 16, 25, 35)] == [True, True, False, True, False]
    assert [bool(upright[2 * place] > 0.5) for place in (5, 15, 25, 35)] == [True, False, True, False]
    corner = ink(
        Shape(line_through([(20, 40), (60, 40), (60, 80)]), stroke="#000000", width=8, dashes=(50, 8))
    )
    assert corner[74, 126] == 1


def test_a_curve_is_where_it_should_be() -> None:
    curve = Shape((("M", (20, 100)), ("C", (60, 100, 60, 20, 100, 20))), stroke="#000000", width=1.5)
    drawn = ink(curve)
    assert drawn[119:122, 119:122].max() == 1  # the middle, 60, 60
    assert drawn[:, 120].sum() < 15


def test_a_disc_has_its_size_and_its_edge() -> None:
    drawn = ink(Shape(circle(60, 60, 20), "#000000"))
    assert drawn.sum() == pytest.approx(np.pi * 40**2, rel=0.02)
    ring = pixels_of_png(png(drawing_of(Shape(circle(60, 60, 20), BLUE, RED, 3)), fonts(), DPI))
    assert tuple(ring[120, 120]) == rgb(BLUE)
    assert tuple(ring[120, 160]) == tuple(ring[80, 120]) == rgb(RED)


def test_a_hatch_has_its_lines_and_the_paper_between_them() -> None:
    drawn = ink(Shape(hatching(20, 20, 60, 60, 10), stroke="#000000", width=1))
    row = drawn[100, 40:160]
    assert ((row[1:] > 0.5) & (row[:-1] <= 0.5)).sum() == 6
    assert (row == 0).mean() > 0.6


def test_a_translucent_bar_is_as_sharp_as_the_bar_that_it_continues() -> None:
    bars = [Shape(box(20.2, 20.3, 30.4, 20), BLUE), Shape(box(50.6, 20.3, 10.3, 20), BLUE, alpha=0.5),
            Shape(box(60.9, 20.3, 10.3, 20), BLUE, alpha=0.25)]  # fmt: skip
    half, quarter = (
        {tuple(round(255 + (value - 255) * part) for value in rgb(BLUE))} for part in (0.5, 0.25)
    )
    assert colours(png(drawing_of(*bars), fonts(), DPI)) == {(255, 255, 255), rgb(BLUE)} | half | quarter


@pytest.mark.parametrize("dpi", [100, 144, 200])
def test_marks_reach_the_picture_s_edge(dpi: int) -> None:
    frame = Shape(box(0, 0, WIDTH, HEIGHT), stroke="#000000", width=4)
    bar = Shape(box(WIDTH - 50, 40, 50, 20), "#000000")
    drawn = ink(frame, bar, Shape(circle(0, 100, 10), "#000000"), dpi=dpi)
    assert min(drawn[0].min(), drawn[-1].min(), drawn[:, 0].min(), drawn[:, -1].min()) == 1
    assert ink(Shape(line_through([(-50, -50), (500, 500)]), stroke="#000000"), dpi=dpi)[0, 0] > 0.5
    assert ink(Shape(circle(-50, 20, 10), "#000000"), Shape(box(-9, -9, 3, 3), "#000000")).sum() == 0


def test_a_drawing_of_more_blends_than_a_palette_holds_comes_out_in_the_nearest() -> None:
    own = [f"#{red:02x}{green:02x}40" for red in range(15, 255, 30) for green in range(15, 255, 30)]
    boxes = [
        Shape(box(10 + place % 8 * 24, 5 + place // 8 * 16, 20, 12), colour)
        for place, colour in enumerate(own)
    ]
    drawing = drawing_of(
        *boxes, *(written(10, 16 + 16 * row, "5 and 6 more than 500", 18) for row in range(8))
    )
    data = png(drawing, fonts(), DPI)
    assert len(Image.open(BytesIO(data)).getpalette() or ()) == 3 * MOST_COLOURS
    assert {rgb(colour) for colour in own} <= colours(data)
    assert np.abs(pixels_of_png(data) - plain_pixels(drawing, fonts(), snap=True)).mean() < 8


def test_a_palette_takes_fewer_bytes() -> None:
    drawing, plain = samples()["labels"], BytesIO()
    true = plain_pixels(drawing, fonts(), snap=True).astype(np.uint8)
    Image.fromarray(true).save(plain, "PNG", optimize=True)
    assert len(png(drawing, fonts(), DPI)) < len(plain.getvalue()) * 0.6


def test_paper_of_a_colour_fills_the_picture() -> None:
    paper = Drawing(72, 36, "#fbf6ec", (Shape(box(0, 0, 72, 36), "#fbf6ec"),))
    assert colours(png(paper, fonts(), 100)) == {rgb("#fbf6ec")}


def test_a_character_the_fonts_lack_is_an_error() -> None:
    missing = Label(20, 20, "Ж", 9, BLUE)
    with pytest.raises(RenderError, match=r"U\+0416"):
        png(drawing_of(missing), fonts())


def test_blanks_leave_no_mark() -> None:
    assert ink(Label(20, 20, " \u200b", 9, "#000000")).sum() == 0


@pytest.mark.parametrize("name", samples())
def test_the_same_drawing_gives_the_same_bytes(name: str) -> None:
    assert png(samples()[name], fonts()) == png(samples()[name], fonts())
