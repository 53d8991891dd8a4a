from __future__ import annotations

import re

import numpy as np
import pytest
from lxml import etree

from players import BLUE, RED, drawing_of, fonts, pixels_of_svg, plain_pixels, samples, written
from zonereport.charts.drawing import Drawing, Label, Shape, box, hatching
from zonereport.charts.svg import number, svg, svg_tree
from zonereport.errors import RenderError
from zonereport.fonts import outlines

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
ALL = drawing_of(*(mark for drawing in samples().values() for mark in drawing.marks[1:]))


def read(drawing: Drawing) -> etree._Element:
    return etree.fromstring(svg(drawing, fonts()))


def test_an_svg_has_the_drawing_s_size_in_points() -> None:
    root = read(ALL)
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("216pt", "144pt", "0 0 216 144")


def test_an_svg_holds_only_what_draws_and_what_office_reads() -> None:
    drawn = svg(ALL, fonts())
    names = {etree.QName(element).localname for element in etree.fromstring(drawn).iter()}
    assert names == {"svg", "g", "path", "defs", "use"}
    for absent in (b"<!", b"style", b"class", b"pattern", b"font", b"xml:space", b"Baotou"):
        assert absent not in drawn
    assert not re.search(rb"[0-9][.][0-9]{3,}", re.sub(rb"scale[^)]*", b"", drawn))
    assert drawn.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<svg ')


def test_every_id_in_an_svg_is_pointed_to_and_every_pointer_leads_somewhere() -> None:
    root = read(ALL)
    ids, links = root.xpath("//@id"), [use.get(LINK) for use in root.iter(f"{SVG}use")]
    assert len(set(ids)) == len(ids)
    assert {f"#{id}" for id in ids} == set(links)
    assert len(links) > len(ids)


def test_letters_of_an_svg_are_outlines_each_drawn_once_a_face() -> None:
    root = read(drawing_of(written(20, 20, "abba"), written(20, 40, "a b", bold=True)))
    drawn = {path.get("id"): path.get("d") for path in root.iter(f"{SVG}path") if path.get("id")}
    regular, bold = (outlines(fonts().face(bold=bold)).paths for bold in (False, True))
    assert list(drawn.values()) == [regular[97], regular[98], bold[97], bold[98]]
    lines = [[use.get(LINK) for use in group] for group in root.iter(f"{SVG}g")]
    assert lines == [["#g0", "#g1", "#g1", "#g0"], ["#g2", "#g3"]]
    places = [use.get("transform") for use in root.iter(f"{SVG}use")]
    a, b, space = (outlines(fonts().face()).advances[ord(letter)] for letter in "ab ")
    assert places[:4] == [None, f"translate({a} 0)", f"translate({a + b} 0)", f"translate({a + 2 * b} 0)"]
    bold_a, bold_space = (outlines(fonts().face(bold=True)).advances[ord(letter)] for letter in "a ")
    assert places[4:] == [None, f"translate({bold_a + bold_space} 0)"]
    assert space > 0


def test_a_label_of_two_fonts_goes_on_where_the_first_ended() -> None:
    label = written(20, 20, "包头 Baotou")
    chinese, latin = read(drawing_of(label)).iter(f"{SVG}g")
    (face, first), _ = fonts().split(label.text)
    advance = (
        sum(outlines(face).advances[ord(letter)] for letter in first) / outlines(face).units * label.size
    )
    places = [
        float(group.get("transform").split()[0].removeprefix("translate(")) for group in (chinese, latin)
    ]
    assert places == pytest.approx([20, 20 + advance], abs=0.006)


def test_a_drawing_without_letters_has_no_definitions() -> None:
    assert [child.tag for child in svg_tree(samples()["bars"], fonts())] == ["path"] * 3
    assert [child.tag for child in svg_tree(drawing_of(Label(1, 1, " ", 9, BLUE)), fonts())] == ["path"]


def test_a_hatch_in_an_svg_is_lines_that_end_at_the_mark() -> None:
    marks = (Shape(box(54, 27, 108, 54), "#ffffff"), Shape(hatching(54, 27, 108, 54, 5), stroke=RED))
    _, face, hatch = read(drawing_of(*marks)).findall(f"{SVG}path")
    assert (face.get("fill"), face.get("stroke")) == ("#ffffff", None)
    assert (hatch.get("fill"), hatch.get("stroke")) == ("none", RED)
    points = [tuple(map(float, point)) for point in re.findall(r"[ML] ([0-9.]+) ([0-9.]+)", hatch.get("d"))]
    xs, ys = zip(*points, strict=True)
    assert (min(xs), max(xs), min(ys), max(ys)) == (54, 162, 27, 81)
    assert not {"clip-path"} & set(hatch.keys())


def test_paint_is_written_only_where_it_is_not_what_a_reader_assumes() -> None:
    line = Shape(
        (("M", (0, 0)), ("C", (1, 2, 3, 4.125, 5, -0.001))), stroke=RED, width=1.3, dashes=(3.9, 2.6)
    )
    faded = Shape(box(1, 2, 3, 4), BLUE, alpha=0.535714)
    assert [dict(path.attrib) for path in read(drawing_of(line, faded)).findall(f"{SVG}path")[1:]] == [
        {
            "d": "M 0 0 C 1 2 3 4.12 5 0",
            "fill": "none",
            "stroke": RED,
            "stroke-width": "1.3",
            "stroke-dasharray": "3.9 2.6",
        },
        {"d": "M 1 2 L 4 2 L 4 6 L 1 6 Z", "fill": BLUE, "fill-opacity": "0.54"},
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1.0, "1"), (1.25, "1.25"), (0.1 + 0.2, "0.3"), (-0.004, "0"), (100, "100"), (-2.5, "-2.5")],
)
def test_numbers_are_short(value: float, expected: str) -> None:
    assert number(value) == expected


@pytest.mark.parametrize("name", samples())
def test_an_svg_shows_what_plain_matplotlib_shows(name: str) -> None:
    ours, theirs = pixels_of_svg(svg(samples()[name], fonts())), plain_pixels(samples()[name], fonts())
    assert np.abs(ours - theirs).max() < 12


def test_a_character_the_fonts_lack_is_an_error() -> None:
    with pytest.raises(RenderError, match=r"U\+0416"):
        svg(drawing_of(Label(20, 20, "Ж", 9, BLUE)), fonts())


def test_the_same_drawing_gives_the_same_svg() -> None:
    assert svg(ALL, fonts()) == svg(ALL, fonts())
