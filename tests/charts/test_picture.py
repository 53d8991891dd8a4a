from __future__ import annotations

import re
from io import BytesIO

import numpy as np
import pytest
from lxml import etree
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from zonereport.charts.picture import png, svg

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


SVG = "{http://www.w3.org/2000/svg}"


def read(figure: Figure, *, as_text: bool = False) -> etree._Element:
    return etree.fromstring(svg(figure, as_text=as_text))


def test_an_svg_has_the_figure_s_size_in_points(chart: Figure) -> None:
    root = read(chart)
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("216pt", "108pt", "0 0 216 108")


def test_an_svg_holds_only_what_draws_and_what_office_reads(chart: Figure) -> None:
    chart.axes[0].bar([3], [2], hatch="//", facecolor="white", edgecolor="#a84a17")
    drawn = svg(chart)
    names = {etree.QName(element).localname for element in etree.fromstring(drawn).iter()}
    assert names == {"svg", "g", "path", "defs", "use", "clipPath", "rect"}
    for absent in (b"<!", b"style", b"matplotlib", b"Matplotlib", b"xml:space"):
        assert absent not in drawn
    assert not re.search(rb'[ "][0-9]+[.][0-9]{3,}[ "]', re.sub(rb"viewBox=.*?>|scale[^)]*", b"", drawn))


def test_every_id_in_an_svg_is_pointed_to_and_every_pointer_leads_somewhere(chart: Figure) -> None:
    root = read(chart)
    ids = root.xpath("//@id")
    links = root.xpath("//@xlink:href", namespaces={"xlink": "http://www.w3.org/1999/xlink"})
    clips = root.xpath("//@clip-path")
    assert len(set(ids)) == len(ids)
    assert {f"#{key}" for key in ids} == {*links, *(clip[4:-1] for clip in clips)}


def test_letters_of_an_svg_are_outlines_or_text_as_asked(chart: Figure) -> None:
    chart.axes[0].title.set_parse_math(False)
    assert not list(read(chart).iter(f"{SVG}text"))
    labels = [label.text for label in read(chart, as_text=True).iter(f"{SVG}text")]
    assert "Labels: $5 and $6" in labels
    assert b"DejaVu Sans" in svg(chart, as_text=True)


def test_a_hatch_in_an_svg_is_lines_clipped_to_the_mark() -> None:
    figure = Figure(figsize=(2, 1), dpi=72)
    figure.patch.set_visible(False)
    figure.patches.append(
        Rectangle((0.25, 0.25), 0.5, 0.5, transform=figure.transFigure, hatch="//", fc="white", ec="#a84a17")
    )
    face, hatch, outline = read(figure).findall(f"{SVG}path")
    assert (face.get("fill"), face.get("stroke")) == ("#ffffff", None)
    assert hatch.get("stroke") == outline.get("stroke") == "#a84a17"
    xs = [float(x) for x in re.findall(r"[ML] (-?[0-9.]+) ", hatch.get("d"))]
    assert (min(xs), max(xs)) == (pytest.approx(36, abs=1.1), pytest.approx(108, abs=1.1))
    assert hatch.get("clip-path")


def test_the_same_figure_gives_the_same_svg_and_is_left_as_it_was(chart: Figure) -> None:
    canvas = chart.canvas
    chart.dpi = 100
    assert svg(chart) == svg(chart)
    assert chart.dpi == 100
    assert chart.canvas is canvas
