"""What a drawing is made of: paths that are where they should be, and a sheet that puts marks onto it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from players import edges
from zonereport.charts.drawing import Drawing, Label, Shape, box, circle, hatching, line_through
from zonereport.charts.sheet import HATCH, Sheet
from zonereport.charts.style import Style
from zonereport.fonts import prepare_fonts, register_in_reportlab
from zonereport.theme import MM, load_theme

THEME = load_theme("neutral")
STYLE = Style(THEME, prepare_fonts("包", THEME.fonts.text, THEME.fonts.east_asian))
SIZE = THEME.sizes.chart


def ends(steps: tuple[tuple[str, tuple[float, ...]], ...]) -> list[tuple[float, ...]]:
    """Return both ends of each line of a hatch."""
    points = [values for _, values in steps]
    assert "".join(step for step, _ in steps) == "ML" * (len(points) // 2)
    return [(*a, *b) for a, b in zip(points[::2], points[1::2], strict=True)]


def test_a_box_is_closed_and_begins_at_its_upper_left_corner() -> None:
    corners = [("M", (1, 2)), ("L", (4, 2)), ("L", (4, 6)), ("L", (1, 6)), ("Z", ())]
    assert list(box(1, 2, 3, 4)) == corners


def test_a_line_goes_through_its_points_and_stays_open() -> None:
    assert line_through([(1, 2), (3, 4), (5, 6)]) == (("M", (1, 2)), ("L", (3, 4)), ("L", (5, 6)))


def test_a_circle_is_round_to_a_thousandth_of_its_radius_and_closed() -> None:
    (_, start), *curves, end = circle(10, 20, 5)
    assert end == ("Z", ())
    here = start
    for step, (*handles, x, y) in curves:
        assert step == "C"
        points = [here, handles[:2], handles[2:], (x, y)]
        for part in range(11):
            t = part / 10
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            at = [sum(w * p[axis] for w, p in zip(weights, points, strict=True)) for axis in (0, 1)]
            assert abs(complex(at[0] - 10, at[1] - 20)) == pytest.approx(5, rel=1e-3)
        here = (x, y)
    assert here == start


@pytest.mark.parametrize("size", [(30.0, 9.0), (9.0, 30.0), (10.0, 10.0), (3.0, 2.0), (0.4, 9.0)])
def test_a_hatch_s_lines_rise_and_end_at_the_edges(size: tuple[float, float]) -> None:
    width, height = size
    lines = ends(hatching(3, 4, width, height, 2))
    assert lines
    for x, y, right, up in lines:
        assert x == pytest.approx(3) or y == pytest.approx(4 + height)
        assert up == pytest.approx(4) or right == pytest.approx(3 + width)
        assert right - x == pytest.approx(y - up)
        assert x < right


def test_a_hatch_s_lines_stand_equally_far_apart() -> None:
    sums = [x + y for x, y, *_ in ends(hatching(3, 4, 30, 9, 2))]
    assert [b - a for a, b in pairwise(sums)] == pytest.approx([2] * (len(sums) - 1))
    assert (sums[0], sums[-1]) == pytest.approx((9, 45))  # none without length in a corner


def test_a_box_smaller_than_the_distance_of_lines_has_none() -> None:
    assert hatching(0, 0, 0.5, 0.5, 2) == ()


def test_a_drawing_tells_its_labels_from_its_shapes_in_the_order_they_are_painted() -> None:
    shape, label = Shape(box(0, 0, 1, 1), "#000000"), Label(0, 0, "a", 9, "#000000")
    marks = (shape, label, replace(shape, alpha=0.5), replace(label, text="b"))
    drawing = Drawing(1, 1, "#ffffff", marks)
    assert (drawing.shapes, drawing.labels) == ([marks[0], marks[2]], [marks[1], marks[3]])


# The sheet


def test_a_sheet_is_as_wide_as_the_text_and_begins_with_its_paper() -> None:
    drawing = Sheet(STYLE, 40).drawing()
    assert (drawing.width, drawing.height) == pytest.approx((THEME.page.text_width * MM, 40 * MM))
    (paper,) = drawing.marks
    assert isinstance(paper, Shape)
    assert edges(paper) == (0, 0, drawing.width, drawing.height)
    assert (paper.fill, paper.stroke, paper.alpha) == (THEME.colours.paper, "", 1)


def test_a_sheet_counts_in_millimetres_and_a_drawing_in_points() -> None:
    sheet = Sheet(STYLE, 40)
    sheet.rectangle(10, 20, 30, 5, "#123456", 0.5)
    _, shape = sheet.drawing().shapes
    assert edges(shape) == pytest.approx((10 * MM, 20 * MM, 40 * MM, 25 * MM))
    assert (shape.fill, shape.alpha, shape.stroke) == ("#123456", 0.5, "")


def test_text_is_painted_over_all_marks() -> None:
    sheet = Sheet(STYLE, 40)
    sheet.text(10, 10, "over", halo=1)
    sheet.rectangle(0, 0, 30, 20, "#123456")
    paper, rectangle, halo, label = sheet.drawing().marks
    assert isinstance(label, Label)
    assert [shape.fill for shape in (paper, rectangle, halo)] == ["#ffffff", "#123456", "#ffffff"]  # type: ignore[union-attr]


@pytest.mark.parametrize(("align", "part"), [("left", 0), ("center", 0.5), ("right", 1)])
@pytest.mark.parametrize(("bold", "italic"), [(False, False), (True, False), (False, True), (True, True)])
def test_a_label_s_place_is_that_of_its_part(align: str, part: float, bold: bool, italic: bool) -> None:
    sheet = Sheet(STYLE, 40)
    sheet.text(50, 10, "Labels", align=align, bold=bold, italic=italic)
    (label,) = sheet.drawing().labels
    register_in_reportlab(STYLE.fonts)
    assert label.width == pytest.approx(
        stringWidth("Labels", STYLE.fonts.face(bold=bold, italic=italic).name, SIZE), abs=0.05
    )
    assert label.x + part * label.width == pytest.approx(50 * MM)
    assert label.y == pytest.approx(10 * MM)
    assert (label.size, label.colour) == (SIZE, THEME.colours.ink)


def test_a_label_in_the_middle_has_its_figures_around_the_line() -> None:
    sheet = Sheet(STYLE, 40)
    sheet.text(50, 10, "158", middle=True)
    (label,) = sheet.drawing().labels
    assert label.y - 0.66 / 2 * SIZE == pytest.approx(10 * MM)


@pytest.mark.parametrize(("x", "align"), [(0, "left"), (-3, "left"), (THEME.page.text_width, "right")])
def test_a_label_at_the_edge_leaves_room_for_letters_that_overhang(x: float, align: str) -> None:
    sheet = Sheet(STYLE, 40)
    sheet.text(x, 10, "edge", align=align)
    (label,) = sheet.drawing().labels
    assert label.x >= 0.5 * MM - 1e-9
    assert label.x + label.width <= (sheet.width - 0.5) * MM + 1e-9


def test_no_text_is_no_mark() -> None:
    sheet = Sheet(STYLE, 40)
    sheet.lines(10, 10, ["", ""], halo=1)
    assert len(sheet.drawing().marks) == 1


def test_a_halo_goes_around_its_words() -> None:
    sheet = Sheet(STYLE, 40)
    sheet.text(20, 10, "Word", halo=1)
    halo, (label,) = sheet.drawing().shapes[-1], sheet.drawing().labels
    left, top, right, bottom = edges(halo)
    assert (label.x - left, right - label.x - label.width) == pytest.approx((1, 1))
    assert (top, bottom) == pytest.approx((label.y - 0.75 * SIZE - 1, label.y + 0.22 * SIZE + 1))


def test_dashes_are_counted_in_widths_of_the_line() -> None:
    sheet = Sheet(STYLE, 40)
    sheet.rule([(0, 0), (10, 10)], width=1.5, dashes=(4, 2.5))
    sheet.curve([(0, 0), (1, 0), (2, 5), (3, 5)], "#123456", 2, (3, 2))
    _, line, curve = sheet.drawing().shapes
    assert (line.width, line.dashes, line.stroke) == (1.5, (6, 3.75), THEME.colours.rule)
    assert (curve.width, curve.dashes, curve.fill) == (2, (6, 4), "")
    assert [step for step, _ in curve.steps] == ["M", "C"]


def test_a_hatched_mark_is_paper_lines_within_it_and_an_outline() -> None:
    sheet = Sheet(STYLE, 40)
    sheet.hatched(10, 10, 50, 9, "#123456")
    _, ground, lines, outline = sheet.drawing().shapes
    assert (ground.fill, ground.stroke) == (THEME.colours.paper, "")
    assert (lines.fill, lines.stroke, outline.fill, outline.stroke) == ("", "#123456", "", "#123456")
    assert edges(lines) == pytest.approx(edges(ground))
    assert edges(outline) == edges(ground)
    xs = [values[0] + values[1] for _, values in lines.steps[::2]]
    assert xs[1] - xs[0] == pytest.approx(HATCH)
