"""A drawing as a matplotlib figure: the same ink as everywhere else, and labels to find and to change."""

from __future__ import annotations

import pickle
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from math import ceil

import matplotlib as mpl
import numpy as np
import pytest
from lxml import etree
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from PIL import Image

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
    pixels_of_figure,
    pixels_of_pdf,
    pixels_of_png,
    pixels_of_svg,
    samples,
    text_of,
    written,
)
from zonereport.api import _style, chart_figures, draw_charts
from zonereport.briefing.blocks import ChartBlock
from zonereport.charts.drawing import Drawing, Label, Shape, box
from zonereport.charts.figure import to_figure
from zonereport.charts.svg import svg
from zonereport.errors import RenderError


def saved(drawing: Drawing, format: str) -> bytes:
    file = BytesIO()
    to_figure(drawing, fonts()).savefig(file, format=format, dpi=DPI)
    return file.getvalue()


def texts(drawing: Drawing) -> list[str]:
    return [text.get_text() for text in to_figure(drawing, fonts()).findobj(Text) if text.get_text()]


@pytest.mark.parametrize("name", samples())
def test_a_figure_has_the_ink_of_pdf_and_svg_to_a_pixel(name: str) -> None:
    drawing = samples()[name]
    shown = [
        pixels_of_figure(drawing, fonts()),
        pixels_of_pdf(pdf_of(drawing, fonts=fonts())),
        pixels_of_svg(svg(drawing, fonts())),
    ]
    boxes = np.array([ink_box(pixels) for pixels in shown])
    assert (boxes.max(axis=0) - boxes.min(axis=0) <= 1).all()
    assert all(look_alike(shown[0], other) for other in shown[1:])
    assert np.abs(shown[0] - shown[2]).mean() < 0.5


@pytest.mark.parametrize("case", ["2022 beside 2021 and 2017", "2022 beside 2021, Chinese"])
def test_the_figures_of_a_briefing_show_its_charts(case: str) -> None:
    style = _style(briefing := composed(case))
    for drawing in [block.chart.draw(style) for block in briefing.blocks if isinstance(block, ChartBlock)]:
        whole = replace(drawing, width=ceil(drawing.width), height=ceil(drawing.height))  # in pixels
        assert look_alike(pixels_of_figure(whole, style.fonts), pixels_of_svg(svg(whole, style.fonts)))


def test_a_figure_has_the_drawing_s_size_and_its_axes_all_of_it_in_points_from_the_top() -> None:
    figure = to_figure(samples()["marks"], fonts())
    assert figure.get_size_inches() * 72 == pytest.approx((WIDTH, HEIGHT))
    (axes,) = figure.axes
    assert axes.get_position().bounds == (0, 0, 1, 1)
    assert (axes.get_xlim(), axes.get_ylim()) == ((0, WIDTH), (HEIGHT, 0))
    assert figure.get_facecolor() == (1, 1, 1, 1)


def test_a_shape_is_a_patch_and_a_line_of_one_font_is_a_text() -> None:
    drawing = drawing_of(Shape(box(1, 1, 9, 9), RED), written(20, 40, LABELS[0]), written(20, 80, LABELS[1]))
    (axes,) = to_figure(drawing, fonts()).axes
    assert [type(patch) for patch in axes.patches] == [PathPatch] * 2
    assert [text.get_text() for text in axes.texts] == [LABELS[0], LABELS[1]]


def test_what_looks_like_mathematics_or_markup_stays_as_it_was_written() -> None:
    assert LABELS[0] == "$5 and $6"
    drawing = drawing_of(written(20, 40, LABELS[0]), written(20, 80, LABELS[5]))
    assert texts(drawing) == [LABELS[0], LABELS[5]]
    assert text_of(saved(drawing, "pdf")).splitlines() == [LABELS[0], LABELS[5]]


def test_a_line_of_several_fonts_is_a_text_for_each_where_the_last_one_ends() -> None:
    figure = to_figure(drawing_of(written(20, 40, LABELS[4])), fonts())
    parts = [text for text in figure.findobj(Text) if text.get_text()]
    assert "".join(part.get_text() for part in parts) == LABELS[4] == "包头 Baotou"
    assert len(parts) == 2
    for one, other in pairwise(parts):
        end = one.get_window_extent().x1 / figure.dpi * 72
        assert other.get_position()[0] == pytest.approx(end, abs=4)  # a space has no ink


def test_a_label_can_be_found_and_changed() -> None:
    figure = to_figure(drawing_of(written(20, 40, LABELS[1])), fonts())
    (label,) = figure.findobj(lambda found: isinstance(found, Text) and found.get_text() == LABELS[1])
    assert isinstance(label, Text)
    label.set_text("than more")
    label.set_color(RED)
    figure.axes[0].annotate("more", (20, 80))
    file = BytesIO()
    figure.savefig(file, format="pdf")
    assert text_of(file.getvalue()).splitlines() == ["than more", "more"]


def test_what_is_added_is_painted_over_the_marks() -> None:
    figure = to_figure(drawing_of(Shape(box(0, 0, 100, 100), BLUE)), fonts())
    figure.axes[0].plot([0, 100], [50, 50], color="#ff0000", linewidth=10)
    file = BytesIO()
    figure.savefig(file, format="png", dpi=72)
    assert tuple(pixels_of_png(file.getvalue())[50, 50]) == (255, 0, 0)


def test_a_later_mark_covers_an_earlier_one_texts_too() -> None:
    halo = Shape(box(10, 20, 100, 30), "#ffffff")
    hidden = drawing_of(Shape(box(0, 0, 150, 60), BLUE), written(20, 40, LABELS[1]), halo)
    assert (pixels_of_figure(hidden, fonts())[50:90, 30:200] == 255).all()


@pytest.mark.parametrize(
    ("format", "head"), [("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG"), ("eps", b"%!PS")]
)
def test_a_figure_is_saved_as_what_matplotlib_knows(format: str, head: bytes) -> None:
    assert saved(drawing_of(*samples()["labels"].labels, *samples()["dashed"].shapes), format).startswith(
        head
    )


def test_a_saved_svg_and_png_have_the_drawing_s_size() -> None:
    root = etree.fromstring(saved(samples()["labels"], "svg"))
    assert (root.get("width"), root.get("height")) == (f"{WIDTH}pt", f"{HEIGHT}pt")
    assert Image.open(BytesIO(saved(samples()["labels"], "png"))).size == (WIDTH * 2, HEIGHT * 2)


def test_one_s_own_settings_of_matplotlib_do_not_move_anything() -> None:
    usual = pixels_of_figure(samples()["dashed"], fonts()), pixels_of_figure(samples()["labels"], fonts())
    others = {"lines.scale_dashes": False, "figure.autolayout": True, "text.hinting": "force_autohint"}
    with mpl.rc_context(others | {"font.size": 30, "text.parse_math": True, "lines.dash_capstyle": "round"}):
        set_ = pixels_of_figure(samples()["dashed"], fonts()), pixels_of_figure(samples()["labels"], fonts())
    assert all((one == other).all() for one, other in zip(usual, set_, strict=True))


def test_a_figure_can_be_kept_and_shown_again() -> None:
    figure = pickle.loads(pickle.dumps(to_figure(samples()["labels"], fonts())))
    file = BytesIO()
    figure.savefig(file, format="png", dpi=DPI)
    assert (pixels_of_png(file.getvalue()) == pixels_of_figure(samples()["labels"], fonts())).all()


def test_the_figures_of_a_briefing_have_the_names_and_words_of_its_charts() -> None:
    briefing = composed("2022, Chinese")
    figures = chart_figures(briefing)
    assert list(figures) == list(draw_charts(briefing))
    style = _style(briefing)
    for block in [block for block in briefing.blocks if isinstance(block, ChartBlock)]:
        shown = figures[block.id.removeprefix("chart-")].findobj(Text)
        words = "".join(label.text for label in block.chart.draw(style).labels)
        assert "".join(text.get_text() for text in shown) == words  # type: ignore[attr-defined]
    assert "项" in "".join(text.get_text() for text in figures["workforce"].findobj(Text))  # type: ignore[attr-defined]


def test_chinese_labels_are_shown() -> None:
    han, *_ = fonts().split(LABELS[4])
    shown = ink_box(pixels_of_figure(drawing_of(written(20, 40, han[1], 20)), fonts()))
    assert shown == pytest.approx((40, 50, 122, 86), abs=8)
    assert texts(drawing_of(written(20, 40, han[1], 20))) == [han[1]]


def test_a_character_the_fonts_lack_is_an_error() -> None:
    with pytest.raises(RenderError, match=r"U\+0416"):
        to_figure(drawing_of(Label(20, 20, "Ж", 9, BLUE)), fonts())


def test_blanks_leave_no_mark() -> None:
    assert (pixels_of_figure(drawing_of(Label(20, 20, " \u200b", 9, RED)), fonts()) == 255).all()
