"""Every chart as it is drawn: its marks are to scale, its labels whole, apart and inside the picture."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest

from conftest import composed
from invented_peers import zone
from players import edges, letters
from zonereport.api import compose
from zonereport.briefing.blocks import ChartBlock
from zonereport.briefing.text import every_text
from zonereport.charts.chart import Chart, Omitted
from zonereport.charts.drawing import Label, Shape
from zonereport.charts.registry import CHARTS
from zonereport.charts.sheet import OPEN_END, wrap
from zonereport.charts.style import Style
from zonereport.fonts import prepare_fonts, register_in_reportlab
from zonereport.language import load_language
from zonereport.measures import Facts
from zonereport.theme import MM, load_theme
from zonereport.zone.reading import parse_zone

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Briefing
    from zonereport.charts.drawing import Drawing
    from zonereport.fonts import FontSet

THEME = load_theme("neutral")
ENGLISH = load_language("en")

HEAD = """
format = 1
[zone]
id = "testonia"
name = "Testonia Sample Zone"
place = "Testonia"
host = "Sample City"
[edition]
snapshot = {year}
date = {year}-12-31
[defaults]
source = "S"
as_of = {year}
period = {year}
currency = "XTS"
[sources.S]
title = "Invented for a test"
publisher = "Nobody"
date = {year}
"""


def facts(body: str, year: int = 2002, previous: tuple[Facts, ...] = ()) -> Facts:
    zone = parse_zone(HEAD.format(year=year) + body, "testonia.toml")
    return Facts(zone, tuple(earlier.zone for earlier in previous))


def plan(name: str, known: Facts, headline: tuple[str, ...] = ()) -> Chart:
    chart = CHARTS[name](known, ENGLISH, headline)
    assert isinstance(chart, Chart)
    return chart


def why_omitted(name: str, known: Facts, headline: tuple[str, ...] = ()) -> str:
    chart = CHARTS[name](known, ENGLISH, headline)
    assert isinstance(chart, Omitted)
    return chart.reason


def charts_of(briefing: Briefing) -> dict[str, Chart]:
    return {b.chart.id: b.chart for b in briefing.blocks if isinstance(b, ChartBlock)}


def style_of(chart: Chart) -> Style:
    return Style(THEME, prepare_fonts(every_text(compose_like(chart)), THEME.fonts.text))


def draw(chart: Chart) -> Drawing:
    return chart.draw(style_of(chart))


def compose_like(chart: Chart) -> Briefing:
    """Return a briefing that holds the chart, so that fonts are found for its words."""
    from dataclasses import replace

    from zonereport.briefing.blocks import Caption

    block = ChartBlock("c", Caption("figure", "Figure ", 1, ". ", ()), chart)
    return replace(composed("2022"), blocks=(block,))


def labels(drawing: Drawing) -> list[str]:
    return [label.text for label in drawing.labels]


def bars(drawing: Drawing, colour: str) -> list[Shape]:
    """Return what is filled with a colour, whole and without an edge."""
    return [shape for shape in drawing.shapes if (shape.fill, shape.alpha, shape.stroke) == (colour, 1, "")]


def width(shape: Shape) -> float:
    left, _, right, _ = edges(shape)
    return right - left


LONG = (
    "Institute for the Advancement of Remarkably Long Names in Testonia and Its Neighbouring Sample Districts"
)

FAT = {
    "workforce": 'staff = 91234\nrd-personnel = { about = 40000 }\nrd-professionals = { range = [3000, 3500] }\n'
    'overseas-returnees = { up_to = 329 }\nrd-projects = { more_than = 1 }',
    "patents": "patents-filed = 999999\npatents-granted = { at_least = 10 }\ninvention-patents-held = 0\n"
    "achievements-applied = { less_than = 5 }\nstandards-led = 7\nscience-awards = { more_than = 900000 }",
    "contracts": "technology-contract-turnover = { value = 1.5, scale = 'trillion' }\n"
    "technology-contract-turnover-share-of-city = { about = 99.5 }\ntechnology-contracts = 46",
}  # fmt: skip


def fat_chart(name: str) -> Chart:
    """Return a chart with long names, many marks and every qualifier."""
    if name in FAT:
        return plan(name, facts(f"[figures]\n{FAT[name]}"))
    if name == "milestones":
        entries = "".join(
            f'[[milestones]]\ndate = "{1900 + 9 * i}"\ntitle = "{LONG} {i}"\n' for i in range(11)
        )
        return plan(name, facts(entries))
    if name == "sectors":
        present = "".join(f'{{ id = "p{i}", name = "{LONG} {i}" }},' for i in range(6))
        relations = ("continuing", "widened", "new")
        focus = "".join(
            f'{{ id = "f{i}", name = "{LONG} {i}", relation = "{relations[i % 3]}"'
            + (f', origin = "p{5 - i % 6}" }},' if i % 3 < 2 else " },")
            for i in range(8)
        )
        return plan(
            name,
            facts(
                f'[lists.present-industries]\nlabel = "Now"\nitems = [{present}]\n'
                f'[lists.focus-sectors]\nlabel = "Then"\nitems = [{focus}]\n'
            ),
        )
    if name == "platforms":
        years = [
            facts(f'[figures.innovation-platforms]\nmore_than = {50 * n}\nlabel = "{LONG} {n}"', 1996 + n)
            for n in range(6, 0, -1)
        ]
        return plan(name, facts("[figures]\ninnovation-platforms = { up_to = 158 }", 2003, tuple(years)))
    if name == "peers":
        lines = (
            f'innovation-platforms = {{ value = {{0}}, label = "{LONG}" }}\ntaxes = 12345678901{{0}}\n'
            "exports = { about = 98765432109{0} }\nstaff = 123456{0}\nzone-rank-national = {0}"
        )
        known = [
            zone(lines.replace("{0}", str(10 + place)), f"P{place}", currency="XTS") for place in range(9)
        ]
        return plan(name, Facts(known[4], peers=tuple(known[:4] + known[5:])))
    if name == "trends":
        years = [
            facts(
                f'[figures]\nstaff = {{ more_than = {10**n}, label = "{LONG} {n % 2}", status = "estimated" }}\n'
                f"patents-filed = {{ range = [{n}, {n * n + 2}] }}\nzone-rank-national = {40 - n}\n"
                f"exports = {{ value = {n}.5, scale = 'billion', status = ['provisional', 'break'] }}\n"
                f"rd-projects = {{ value = {n}, period = 'not stated', scope = '{LONG}' }}\n"
                f"revenue = {{ up_to = {n * n}, scale = 'trillion', status = 'forecast' }}",
                1995 + n,
            )
            for n in range(8, 0, -1)
        ]
        return plan(name, Facts(years[0].zone, tuple(year.zone for year in years[1:])))
    ids = ("innovation-platforms", "rd-projects", "exports", "staff", "rd-intensity")
    before = facts(
        "[figures]\ninnovation-platforms = 3\nrd-projects = { more_than = 9 }\nstaff = 1000000", 2001
    )
    now = facts(
        f'[figures]\ninnovation-platforms = {{ value = 4, label = "{LONG}" }}\nrd-projects = {{ about = 8 }}\n'
        "exports = { value = 3, scale = 'billion' }\nstaff = { range = [10, 20] }\nrd-intensity = 3.5",
        2002,
        (before,),
    )
    return plan(name, now, ids)


def ink(label: Label, fonts: FontSet) -> tuple[float, float, float, float]:
    """Return the edges of a label's letters, as FreeType reads them from the fonts."""
    points = np.concatenate([path.vertices for path in letters(label, fonts)])
    return (*points.min(axis=0), *points.max(axis=0))


def meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two boxes of left, top, right, bottom share some room."""
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > 0.01
        and min(one[3], other[3]) - max(one[1], other[1]) > 0.01
    )


def check_labels(chart: Chart) -> None:
    style = style_of(chart)
    drawing = chart.draw(style)
    register_in_reportlab(style.fonts)
    inks = {label: ink(label, style.fonts) for label in drawing.labels}
    for label, (left, top, right, bottom) in inks.items():
        assert left > -0.01, f"{label.text!r} leaves the picture to the left"
        assert right < drawing.width + 0.01, f"{label.text!r} leaves the picture to the right"
        assert top > -0.01, f"{label.text!r} leaves the picture above"
        assert bottom < drawing.height + 0.01, f"{label.text!r} leaves the picture below"
    for one, other in combinations(drawing.labels, 2):
        assert not meet(inks[one], inks[other]), f"{one.text!r} stands on {other.text!r}"
    written: list[Label] = []
    for mark in drawing.marks:
        if isinstance(mark, Label):
            written.append(mark)
        else:
            covered = [label.text for label in written if mark.fill and meet(inks[label], edges(mark))]
            assert not covered, "a later mark covers these labels"


def check_marks(drawing: Drawing) -> None:
    """No mark leaves the picture by more than half of its pen."""
    for shape in drawing.shapes:
        left, top, right, bottom = edges(shape)
        assert min(left, top) > -0.01, shape
        assert right < drawing.width + 0.01, shape
        assert bottom < drawing.height + 0.01, shape


def test_no_label_is_clipped_or_stands_on_another(case: str) -> None:
    for chart in charts_of(composed(case)).values():
        check_labels(chart)


@pytest.mark.parametrize("name", CHARTS)
def test_no_label_is_clipped_with_long_names_and_many_marks(name: str) -> None:
    check_labels(fat_chart(name))


def test_no_mark_leaves_the_picture(case: str) -> None:
    for chart in charts_of(composed(case)).values():
        check_marks(draw(chart))


@pytest.mark.parametrize("name", CHARTS)
def test_no_mark_leaves_the_picture_with_long_names_and_many_marks(name: str) -> None:
    check_marks(draw(fat_chart(name)))


def test_a_drawing_is_as_high_as_its_chart_says_and_in_the_theme_s_colours(case: str) -> None:
    colours = {getattr(THEME.colours, field) for field in THEME.colours.__dataclass_fields__}
    for chart in charts_of(composed(case)).values():
        drawing = draw(chart)
        assert (drawing.width, drawing.height) == pytest.approx(
            (THEME.page.text_width * MM, chart.height * MM)
        )
        painted = {colour for shape in drawing.shapes for colour in (shape.fill, shape.stroke)}
        assert painted | {label.colour for label in drawing.labels} <= {*colours, ""}


def test_the_registry_holds_a_chart_a_file() -> None:
    from pathlib import Path

    import zonereport.charts as package

    helpers = {
        "__init__", "axis", "bars", "chart", "drawing", "figure", "multiples", "pairs", "picture", "registry", "sheet",
        "style", "svg", "words",
    }  # fmt: skip
    files = {path.stem for path in Path(package.__file__).parent.glob("*.py")}
    assert files - helpers == set(CHARTS)


def test_every_chart_says_its_finding_what_is_shown_its_source_and_an_alternative(case: str) -> None:
    for chart in charts_of(composed(case)).values():
        assert chart.title
        assert chart.subtitle
        assert re.fullmatch(
            r"(Source: |来源：|Quelle: )[A-Z0-9, 、和andu]+[.。]( ?(Others: |Andere: |其他园区：).+)?",
            chart.source,
        )
        assert len(chart.alt) > 40
        assert chart.rows
        assert all(len(row) == len(chart.header) for row in chart.rows)


def test_every_value_of_a_chart_s_table_stands_in_its_alternative_text(case: str) -> None:
    for chart in charts_of(composed(case)).values():
        for row in chart.rows:
            for cell in row:
                if re.search(r"\d", cell):
                    assert re.split(r" \(|（", cell)[0] in chart.alt, (chart.id, cell)


def test_bars_are_to_scale_and_a_lower_bound_stays_open() -> None:
    drawing = draw(charts_of(composed("2022"))["patents"])
    patents, achievements = bars(drawing, THEME.colours.accent)
    assert width(patents) / width(achievements) == pytest.approx(1057 / 500, rel=1e-6)
    assert "more than 500" in labels(drawing)
    open_end = [shape for shape in drawing.shapes if shape.alpha < 1]
    assert [shape.alpha for shape in open_end] == sorted({shape.alpha for shape in open_end}, reverse=True)
    assert {shape.fill for shape in open_end} == {THEME.colours.accent}
    ends = [edges(achievements)[2], *(edges(shape)[2] for shape in open_end)]
    assert [edges(shape)[0] for shape in open_end] == pytest.approx(ends[:-1])
    assert ends[-1] - ends[0] == pytest.approx(OPEN_END * MM)


def test_an_upper_bound_is_outlined_not_filled() -> None:
    drawing = draw(charts_of(composed("2022 beside 2017"))["platforms"])
    assert "up to 50" in labels(drawing)
    heights = {edges(bar): edges(bar)[3] - edges(bar)[1] for bar in bars(drawing, THEME.colours.accent)}
    (solid,) = [height for height in heights.values() if height > 0]  # 158 only
    (outline,) = [shape for shape in drawing.shapes if shape.dashes]
    _, top, _, bottom = edges(outline)
    assert (bottom - top) / solid == pytest.approx(50 / 158)
    assert (outline.fill, outline.stroke) == (THEME.colours.paper, THEME.colours.accent)
    assert outline.dashes == pytest.approx((3 * outline.width, 2 * outline.width))


def test_a_range_is_filled_to_its_lower_end_and_outlined_to_its_upper() -> None:
    drawing = draw(
        plan("workforce", facts("[figures]\nstaff = 4000\nrd-professionals = { range = [1000, 3000] }"))
    )
    whole, low = bars(drawing, THEME.colours.accent)
    (outline,) = [shape for shape in drawing.shapes if shape.dashes]
    assert width(low) / width(whole) == pytest.approx(1 / 4)
    assert edges(outline)[::2] == pytest.approx((edges(low)[2], 3 * edges(low)[2]))


def test_the_zone_s_part_of_the_contracts_is_to_scale_and_the_derived_rest_is_hatched() -> None:
    drawing = draw(charts_of(composed("2022"))["contracts"])
    (zone,) = bars(drawing, THEME.colours.accent)
    assert width(zone) / drawing.width == pytest.approx(0.76, rel=1e-3)
    hatch, outline = [shape for shape in drawing.shapes if shape.stroke]
    assert (hatch.fill, hatch.stroke, outline.stroke) == ("", THEME.colours.second, THEME.colours.second)
    half = outline.width / 2  # the outline's pen stays within its part of the bar
    _, top, right, bottom = edges(zone)
    assert edges(outline) == pytest.approx((right + half, top + half, drawing.width - half, bottom - half))
    assert edges(hatch) == pytest.approx(edges(outline))


def test_unlike_counts_of_platforms_are_set_apart_by_a_break() -> None:
    chart = charts_of(composed("2022 beside 2021 and 2017"))["platforms"]
    assert labels(draw(chart)).count("break") == 2
    assert [row[1] for row in chart.rows] == ["R&D centres", "R&D platforms", "Innovation platforms"]


def test_like_counts_of_platforms_have_no_break_between_them() -> None:
    before = facts("[figures]\ninnovation-platforms = 7", 2001)
    chart = plan("platforms", facts("[figures]\ninnovation-platforms = 9", 2002, (before,)))
    assert "break" not in labels(draw(chart))


def test_platforms_with_counted_kinds_are_drawn_by_kind_largest_first() -> None:
    parts = '{ name = "small kind", value = 2 }, { name = "large kind", value = 5 }, { name = "no count" }'
    known = facts(f'[figures.innovation-platforms]\nvalue = 9\n[figures.innovation-platforms.breakdown]\n'
                  f'by = "kind"\nparts = [{parts}]')  # fmt: skip
    chart = plan("platforms", known)
    assert [row[0] for row in chart.rows] == ["large kind", "small kind"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("headline", "no earlier snapshot was given"),
        ("platforms", "the kinds of platform are named without counts, and there is no second date"),
        ("workforce", "fewer than two counts of workforce and projects are published"),
        ("patents", "fewer than two counts of patents and achievements are published"),
        ("contracts", "the contract turnover or its share of the city is not published"),
        ("sectors", "the present industries or the focus sectors are not published"),
        ("milestones", "fewer than two dated milestones are published"),
    ],
)
def test_a_chart_without_data_is_left_out_with_a_reason(name: str, reason: str) -> None:
    assert why_omitted(name, facts("[figures]\narea = 1")) == reason


def test_a_share_known_by_a_bound_only_is_not_drawn_as_a_part() -> None:
    known = facts(
        "[figures]\ntechnology-contract-turnover = 10\n"
        "technology-contract-turnover-share-of-city = { at_least = 50 }"
    )
    assert "bound" in why_omitted("contracts", known)


@pytest.mark.parametrize("name", ["workforce", "patents", "platforms", "headline"])
def test_a_long_name_is_cut_before_its_qualifiers(name: str) -> None:
    status = f'label = "{LONG}", status = ["provisional", "estimated"]'
    body = (
        f"[figures]\ninnovation-platforms = {{ value = 9, {status} }}\nstaff = {{ value = 9, {status} }}\n"
        f"rd-projects = {{ value = 9, {status} }}\npatents-filed = {{ value = 9, {status} }}\n"
        f"patents-granted = {{ value = 9, {status} }}\nexports = {{ value = 9, {status} }}"
    )
    known = facts(body, 2002, (facts("[figures]\ninnovation-platforms = 7", 2001),))
    chart = plan(name, known, ("innovation-platforms", "exports"))
    assert "estimated; provisional" in " ".join(labels(draw(chart)))
    check_labels(chart)


def test_omissions_are_noted_in_the_briefing() -> None:
    from zonereport.api import load

    noted = {omission.what: omission.reason for omission in compose(load("baotou-2022")).omissions}
    assert "without counts" in noted["chart `platforms`"]


@pytest.mark.parametrize(
    ("text", "width", "most", "expected"),
    [
        ("short", 10, 2, ["short"]),
        ("two words", 5, 2, ["two", "words"]),
        ("one two three four", 8, 2, ["one two", "three f…"]),
        ("unbreakable", 5, 2, ["unbr…"]),
        ("包头稀土高新区", 6, 3, ["包头稀", "土高新", "区"]),
    ],
)
def test_names_are_wrapped_by_their_width(text: str, width: int, most: int, expected: list[str]) -> None:
    assert wrap(text, width, most) == expected
