from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from zonereport.charts.picture import png

ACCENT = (11, 90, 125)


@pytest.fixture
def chart() -> Figure:
    figure = Figure(figsize=(3, 1.5), dpi=72)
    axes = figure.add_axes((0.2, 0.2, 0.7, 0.6))
    axes.bar([0, 1, 2], [3, 5, 4], color="#0b5a7d")
    axes.set_title("Labels: $5 and $6")
    return figure


def test_a_picture_has_the_figure_s_size_and_says_its_resolution(chart: Figure) -> None:
    picture = Image.open(BytesIO(png(chart, dpi=150)))
    assert picture.size == (450, 225)
    assert picture.info["dpi"] == pytest.approx((150, 150), abs=0.1)
    assert set(picture.info) == {"dpi"}


def test_a_flat_chart_gets_a_palette_and_keeps_its_colours_exactly(chart: Figure) -> None:
    picture = Image.open(BytesIO(png(chart)))
    assert picture.mode == "P"
    colours = {colour for _, colour in picture.convert("RGB").getcolors(100_000) or []}
    assert {ACCENT, (255, 255, 255), (0, 0, 0)} <= colours


def test_no_pixel_is_visibly_off(chart: Figure) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    chart.axes[0].title.set_parse_math(False)
    drawn = np.asarray(Image.open(BytesIO(png(chart, dpi=72))).convert("RGB"), dtype=int)
    canvas = FigureCanvasAgg(chart)
    canvas.draw()
    true = np.asarray(canvas.buffer_rgba(), dtype=int)[..., :3]
    assert np.abs(drawn - true).max() <= 16


def test_a_palette_takes_fewer_bytes(chart: Figure) -> None:
    plain = BytesIO()
    chart.savefig(plain, format="png", dpi=300)
    assert len(png(chart)) < len(plain.getvalue()) / 2


def test_a_picture_of_many_colours_keeps_them() -> None:
    figure = Figure(figsize=(2, 2), dpi=72)
    noise = np.random.default_rng(1).random((100, 100, 3))
    figure.figimage(noise)
    assert Image.open(BytesIO(png(figure, dpi=72))).mode == "RGB"


def test_the_same_figure_gives_the_same_bytes_and_is_left_as_it_was(chart: Figure) -> None:
    canvas = chart.canvas
    assert png(chart) == png(chart)
    assert chart.dpi == 72
    assert chart.canvas is canvas
