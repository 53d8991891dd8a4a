"""Several years together: what is joined, what is parted and why, what was revised, and how it grew."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from conftest import ALL, composed, rendered
from reading_back import docx_text, flat, html_text, pdf_pages
from zonereport.api import compose, load, load_snapshots
from zonereport.briefing.blocks import ChartBlock, Table, iter_blocks, plain
from zonereport.briefing.text import every_text
from zonereport.charts.chart import Chart, Omitted
from zonereport.charts.multiples import Mark, Multiples, Row
from zonereport.charts.platforms import Columns
from zonereport.charts.trends import ROOM, plan
from zonereport.errors import UsageError
from zonereport.language import load_language
from zonereport.measures import Facts, order_snapshots, tell_sources_apart
from zonereport.series import find_growth, find_series
from zonereport.zone.reading import bundled_zones, parse_zone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from zonereport.briefing.blocks import Briefing
    from zonereport.series import Growth, Series
    from zonereport.zone.model import Zone

ENGLISH = load_language("en")
HEAD = """
format = 1
[zone]
id = "testonia"
name = "Testonia Sample Zone"
place = "Testonia"
[edition]
snapshot = {year}
date = {year}-12-31
[defaults]
source = "YB"
as_of = "{year}-12"
period = {year}
currency = "EUR"
[sources.YB]
title = "Invented yearbook of {year}"
publisher = "Nobody"
date = {year}
[indicators.wished-for-staff]
section = "workforce"
unit = "persons"
kind = "target"
label = "Staff wished for"
definition = "Staff that the invented plan asks for."
[figures]
"""


def zones(**figures: str) -> tuple[Zone, ...]:
    """Return a snapshot for each year, such as `y2003="staff = 12"`, the latest first."""
    read = [parse_zone(HEAD.format(year=name[1:]) + body, "testonia.toml") for name, body in figures.items()]
    return order_snapshots(read)


def facts(**figures: str) -> Facts:
    now, *before = zones(**figures)
    return Facts(now, tell_sources_apart(now, before))


def annual(**figures: str) -> Briefing:
    now, *before = zones(**figures)
    return compose(now, previous=before, template="annual")


def chart(**figures: str) -> Chart:
    planned = plan(facts(**figures), ENGLISH, ())
    assert isinstance(planned, Chart)
    return planned


def row(**figures: str) -> Row:
    """Return the only row of the chart."""
    draw = chart(**figures).draw
    assert isinstance(draw, Multiples)
    (only,) = draw.rows
    return only


def links(**figures: str) -> list[str]:
    return [mark.link for mark in row(**figures).marks]


def only_series(**figures: str) -> Series:
    (series,) = find_series(facts(**figures))
    return series


def growth(**figures: str) -> tuple[Growth, ...]:
    return find_growth(only_series(**figures))


def tables(briefing: Briefing, id: str) -> list[list[str]]:
    """Return the cells of all tables whose id begins so, a list a row."""
    found = [b for b in iter_blocks(briefing.blocks) if isinstance(b, Table) and b.id.startswith(id)]
    return [[plain(cell) for cell in cells] for table in found for cells in table.rows]


def charts(briefing: Briefing) -> dict[str, Chart]:
    return {b.chart.id: b.chart for b in iter_blocks(briefing.blocks) if isinstance(b, ChartBlock)}


# The four snapshots of Baotou


BAOTOU = "2023 beside all, annual"


def baotou_chart(case: str = BAOTOU) -> Chart:
    return charts(composed(case))["trends"]


def test_of_the_four_snapshots_only_rd_intensity_is_joined_and_with_care() -> None:
    draw = baotou_chart().draw
    assert isinstance(draw, Multiples)
    assert {row.name: [(mark.value, mark.link) for mark in row.marks] for row in draw.rows} == {
        "Innovation platforms": [("119", ""), ("158 [a]", "break")],
        "R&D expenditure as a percentage of regional GDP": [("4.12%", ""), ("3.5% [b]", "care")],
        "National high-tech enterprises": [("49", ""), ("116 [c]", "break")],
    }
    assert [row.notes for row in draw.rows] == [
        ("[a] December 2022 counts “Innovation platforms”, December 2021 counted “R&D platforms”",),
        ("[b] a period is not stated",),
        ("[c] 2021 counts “National high-tech enterprises”, December 2017 counted “High-tech enterprises”",),
    ]


@pytest.mark.parametrize("pair", [("2,410", "1,057"), ("4,600", "320")])
@pytest.mark.parametrize("case", [BAOTOU, f"{BAOTOU}, Chinese", f"{BAOTOU}, German"])
def test_unlike_counts_share_no_row_of_any_chart_or_table(pair: tuple[str, str], case: str) -> None:
    briefing = composed(case)
    rows = [*tables(briefing, ""), *(list(cells) for c in charts(briefing).values() for cells in c.rows)]
    mark = "." if "German" in case else "" if "Chinese" in case else ","
    one, other = (number.replace(",", mark) for number in pair)
    assert any(one in cell for cells in rows for cell in cells)
    assert not [cells for cells in rows if one in " ".join(cells) and other in " ".join(cells)]
    assert not any(number in cell for c in charts(briefing).values() for r in c.rows for cell in r
                   for number in (one, other))  # fmt: skip
    assert not [r for r in tables(briefing, "table-growth") if one in str(r) or other in str(r)]


def test_the_chart_of_platforms_shows_50_119_and_158_with_a_break_before_each_later_one() -> None:
    draw = charts(composed(BAOTOU))["platforms"].draw
    assert isinstance(draw, Columns)
    assert [(step.label, step.after_break) for step in draw.steps] == [
        ("up to 50", False),
        ("119", True),
        ("158", True),
    ]


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (BAOTOU, ["3.5%, down from 4.12% (period not stated) in 2021", "a period is not stated",
                  "−0.62 percentage points", "the data year is not printed",
                  "up to 50", "119", "158", "a zigzag marks a break"]),
        (f"{BAOTOU}, Chinese", ["3.5%", "4.12%", "有统计期未注明", "−0.62个百分点", "数据年份未注明",
                                "至多50个", "折线标记表示中断"]),
    ],
)  # fmt: skip
def test_the_four_snapshots_say_their_breaks_and_caveats_in_every_format(case: str, said: list[str]) -> None:
    files = rendered(case)
    texts = {
        "pdf": flat("".join(pdf_pages(files["pdf"]))),
        "docx": flat(docx_text(files["docx"])),
        "html": flat(html_text(files["html"])),
    }
    assert {(name, words) for name, text in texts.items() for words in said if words not in text} == set()


def test_the_years_table_has_every_snapshot_and_says_what_is_not_published() -> None:
    (intensity,) = [r for r in tables(composed(BAOTOU), "table-years") if "GDP" in r[0]]
    assert intensity[1:] == [
        "not published",
        "4.12% (period not stated; 2021)",
        "not published",
        "3.5% (2023)",
        "a period is not stated",
    ]


def test_the_snapshots_of_a_zone_may_be_given_in_any_order() -> None:
    orders = list(itertools.permutations(ALL))
    for names in orders[1::5]:
        now, *before = load_snapshots(names)
        assert compose(now, previous=before[::-1], template="annual") == composed(BAOTOU)


def test_the_command_takes_several_snapshots_in_any_order(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    files = [bundled_zones()[name] for name in ("baotou-2021", "baotou-2023", "baotou-2017", "baotou-2022")]
    code, out, _ = run("generate", *files, "-t", "annual", "-f", "html", "-o", tmp_path, "-q")
    assert (code, out.strip()) == (0, str(tmp_path / "baotou-2023-annual-en.html"))
    assert (tmp_path / "baotou-2023-annual-en.html").read_bytes() == rendered(BAOTOU)["html"]


def test_two_files_of_one_snapshot_and_a_snapshot_of_no_time_are_refused() -> None:
    now, *before = load_snapshots(["baotou-2021", "baotou-2021"])
    with pytest.raises(UsageError, match="is given twice"):
        compose(now, previous=before)
    undated = parse_zone(
        HEAD.format(year=2001).replace("snapshot = 2001", 'snapshot = "not stated"'), "t.toml"
    )
    with pytest.raises(UsageError, match="says `not stated`"):
        compose(load("baotou-2021"), previous=[undated])


def test_a_comparison_of_two_snapshots_shows_pairs_and_no_trends() -> None:
    drawn = charts(composed("2023 compared with 2021, German"))
    assert "headline" in drawn
    assert "trends" not in drawn


# Revisions


REVISED = {
    "y2001": "staff = 119",
    "y2003": "staff = { value = 130, as_of = '2001-12' }",
    "y2004": "staff = 140",
}


def test_the_latest_statement_is_shown_with_what_it_was_revised_from_and_its_source() -> None:
    briefing = annual(**REVISED)
    assert tables(briefing, "table-years") == [
        [
            "Employees",
            "130 (revised; December 2001)",
            "130 (revised; December 2001)",
            "140 (December 2004)",
            "December 2001 revised from 119 (YB-2001)",
        ]
    ]
    trends = charts(briefing)["trends"]
    assert isinstance(trends.draw, Multiples)
    (drawn,) = trends.draw.rows
    assert [(mark.value, mark.flags, mark.link) for mark in drawn.marks] == [
        ("130 [a]", "revised", ""),
        ("140", "", "line"),
    ]
    assert drawn.notes == ("[a] December 2001 revised from 119 (YB-2001)",)
    assert "revised from 119 (YB-2001)" in trends.alt
    assert {"YB-2001", "YB-2003", "YB"} <= set(
        trends.source.strip("Source:. ").replace(" and", ",").split(", ")
    )


def test_a_revision_is_the_base_of_growth() -> None:
    (found,) = growth(**REVISED)
    assert (found.found.before.value, found.years) == (only_series(**REVISED).points[0].figure.value, 3)
    assert found.simple is not None
    assert found.simple.number == Decimal("7.7")


def test_a_revision_does_not_heal_a_break_that_was_flagged() -> None:
    series = only_series(
        y2001="staff = 100",
        y2002="staff = { value = 200, status = 'break' }",
        y2003="staff = { value = 210, as_of = '2002-12', status = 'revised' }",
        y2004="staff = 260",
    )
    assert [joint.standing for joint in series.joints] == ["break", "comparable"]
    (found,) = find_growth(series)
    assert found.found.before.value == series.points[1].figure.value


def test_every_earlier_statement_of_a_time_is_named() -> None:
    points = only_series(
        y2001="staff = 119",
        y2003="staff = { value = 125, as_of = '2001-12' }",
        y2004="staff = { value = 130, as_of = '2001-12-31' }",
        y2005="staff = 140",
    ).points
    assert [[figure.value.number for figure in point.revised] for point in points] == [[119, 125], []]  # type: ignore[union-attr]


def test_the_same_statement_again_is_no_revision_and_one_time_is_no_trend() -> None:
    again = {"y2001": "staff = 119", "y2003": "staff = { value = 119, as_of = '2001-12' }"}
    (point,) = only_series(**again).points
    assert (len(point.earlier), point.revised) == (1, ())
    assert isinstance(plan(facts(**again), ENGLISH, ()), Omitted)


def test_a_provisional_figure_that_is_confirmed_was_revised() -> None:
    figures = {"y2001": "staff = { value = 119, status = 'provisional' }",
               "y2003": "staff = { value = 119, as_of = '2001-12' }", "y2004": "staff = 120"}  # fmt: skip
    assert "December 2001 revised from 119 (provisional; YB-2001)" in every_text(annual(**figures))


def test_another_name_for_the_same_time_is_no_revision_but_a_figure_of_its_own() -> None:
    series = only_series(
        y2001="staff = 119", y2003="staff = { value = 130, as_of = '2001-12', label = 'Heads' }"
    )
    assert [point.earlier for point in series.points] == [(), ()]
    assert [joint.standing for joint in series.joints] == ["not_comparable"]


def test_figures_without_any_date_are_not_taken_for_statements_about_one_time() -> None:
    series = only_series(**{
        f"y{year}": f"rd-projects = {{ value = {year}, period = 'not stated', as_of = 'not stated' }}"
        for year in (2001, 2003)
    })  # fmt: skip
    assert [point.earlier for point in series.points] == [(), ()]
    assert [str(point.at) for point in series.points] == ["2001", "2003"]


def test_a_figure_without_a_date_stands_at_its_snapshot_and_says_so() -> None:
    marks = row(y2001="staff = { value = 10, as_of = 'not stated' }", y2003="staff = 12").marks
    assert (marks[0].begin, marks[0].flags) == (2001, "period not stated")


def test_points_stand_at_their_own_dates_whichever_snapshot_states_them() -> None:
    series = only_series(y2003="staff = 120", y2004="staff = { value = 100, as_of = '1999-06' }")
    assert [str(point.at) for point in series.points] == ["1999-06", "2003-12"]
    marks = row(y2003="staff = 120", y2004="staff = { value = 100, as_of = '1999-06' }").marks
    assert [mark.middle for mark in marks] == pytest.approx([1999.455, 2003.957], abs=0.01)


# Lines and breaks


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("staff = 10", "staff = 12", "line"),
        ("staff = { about = 10 }", "staff = 12", "line"),
        ("exports = { value = 9, period = 'FY2001' }", "exports = { value = 8, period = 'FY2004' }", "line"),
        ("exports = { value = 9, period = '2001-H1' }", "exports = { value = 8, period = '2004-H1' }", "line"),
        ("exports = { value = 9, period = '2001-H1' }", "exports = { value = 8, period = '2004-H2' }", "break"),
        ("exports = { value = 9, period = '2001-H1' }", "exports = 8", "break"),
        ("exports = { value = 9, period = 'FY2001' }", "exports = 8", "break"),
        ("exports = { value = 9, unit = 'USD' }", "exports = 8", "break"),
        ("staff = 10", "staff = { value = 12, status = 'break' }", "break"),
        ("staff = 10", "staff = { value = 12, scope = 'city' }", "break"),
        ("staff = { value = 10, status = 'definition_differs' }", "staff = 12", "break"),
        ("rd-intensity = { value = 4.1, period = 'not stated' }", "rd-intensity = 3.5", "care"),
        ("staff = { more_than = 10 }", "staff = 12", ""),
        ("staff = 10", "staff = { up_to = 12 }", ""),
        ("staff = { value = 10, status = 'forecast' }", "staff = 12", ""),
        ("wished-for-staff = 10", "wished-for-staff = 12", ""),
        ("zone-rank-national = 3", "zone-rank-national = 2", "line"),
    ],
)  # fmt: skip
def test_only_comparable_figures_with_a_difference_are_joined(first: str, second: str, expected: str) -> None:
    drawn = row(y2001=first, y2004=second)
    assert [mark.link for mark in drawn.marks] == ["", expected]
    needs_reason = expected in ("break", "care") or "more_than" in first or "up_to" in second
    assert bool(drawn.notes) == needs_reason


def test_a_gap_between_snapshots_is_spanned_to_scale_and_named_in_the_table() -> None:
    figures = {"y2001": "staff = 10", "y2002": "area = 3", "y2005": "staff = 12"}
    assert links(**figures) == ["", "line"]
    marks = row(**figures).marks
    assert marks[1].middle - marks[0].middle == pytest.approx(4, abs=0.01)
    assert tables(annual(**figures), "table-years")[0][2] == "not published"


def test_a_forecast_parts_no_outcomes_and_is_joined_with_none() -> None:
    drawn = row(
        y2001="staff = 10",
        y2002="staff = { value = 30, as_of = '2003-12', status = 'forecast' }",
        y2003="staff = 12",
    )
    assert [(m.value, m.shape, m.link, m.after) for m in drawn.marks] == [
        ("10", "exact", "", -1),
        ("30", "aim", "", -1),
        ("12", "exact", "line", 0),
    ]


@pytest.mark.parametrize(
    ("figure", "shape", "label"),
    [
        ("{ more_than = 500 }", "lower", "more than 500"),
        ("{ at_least = 500 }", "lower", "at least 500"),
        ("{ up_to = 50 }", "upper", "up to 50"),
        ("{ less_than = 50 }", "upper", "less than 50"),
        ("{ range = [40, 50] }", "range", "40 to 50"),
        ("{ about = 50 }", "open", "about 50"),
        ("{ value = 50, status = 'provisional' }", "open", "50 provisional"),
        ("{ value = 50, status = 'estimated' }", "open", "50 estimated"),
        ("{ value = 50, status = 'forecast' }", "aim", "50 forecast"),
        ("50", "exact", "50"),
    ],
)
def test_the_mark_and_the_label_show_how_a_figure_is_known(figure: str, shape: str, label: str) -> None:
    mark = row(y2001=f"staff = {figure}", y2003="staff = 12").marks[0]
    assert (mark.shape, " ".join(mark.lines)) == (shape, label)


def test_a_target_is_a_diamond_and_the_legend_says_so() -> None:
    planned = chart(y2001="wished-for-staff = 10", y2003="wished-for-staff = 12")
    assert isinstance(planned.draw, Multiples)
    assert {mark.shape for mark in planned.draw.rows[0].marks} == {"aim"}
    assert planned.subtitle.endswith("A diamond marks a target or forecast, which no line joins.")
    assert planned.title == "Figures of several snapshots at their own dates"


def test_the_better_rank_stands_higher() -> None:
    drawn = row(y2001="zone-rank-national = 30", y2003="zone-rank-national = 20")
    levels = [Multiples._level(drawn, mark.low, 100) for mark in drawn.marks]
    assert levels[1] < levels[0] <= 100


def test_of_many_points_the_ends_extremes_and_qualified_ones_have_labels() -> None:
    values = {
        2001: "5",
        2002: "6",
        2003: "9",
        2004: "7",
        2005: "{ about = 6 }",
        2006: "2",
        2007: "6",
        2008: "7",
    }
    drawn = row(**{f"y{year}": f"staff = {value}" for year, value in values.items()})
    assert [mark.value for mark in drawn.marks] == ["5", "", "9", "", "about 6", "2", "", "7"]


@pytest.mark.parametrize(
    "years", [[2001, 2002, 2003, 2004], [2001, 2001, 2001], [1990, 2019, 2020], [2001, 2009]]
)
def test_no_pole_crosses_a_label_and_no_label_covers_another(years: list[int]) -> None:
    marks = tuple(
        Mark(year, year + 1, n, n, "exact", f"more than {10 ** (3 * n)}", "provisional")
        for n, year in enumerate(years)
    )
    draw = Multiples((Row("Invented", marks),))
    rises = draw.rises(draw.rows[0])
    spans = [
        (draw._place(m.middle), draw._place(m.middle) + m.width, rise, rise + len(m.lines))
        for m, rise in zip(marks, rises, strict=True)
    ]
    for one, other in itertools.combinations(spans, 2):
        are_apart = one[1] <= other[0] or other[1] <= one[0]
        assert are_apart or one[2] >= other[3]
    assert all(end <= 80.01 for _, end, *_ in spans)


def test_rows_beyond_the_page_are_left_to_the_table_and_counted() -> None:
    ids = ["staff", "researchers-fte", "rd-personnel", "rd-projects", "patents-filed", "patents-granted",
           "technology-contracts", "enterprises-high-tech", "technology-smes", "exports", "revenue"]  # fmt: skip
    known = facts(**{f"y{y}": "\n".join(f"{id} = {n + y}" for n, id in enumerate(ids)) for y in (2001, 2003)})
    planned = plan(known, ENGLISH, ["revenue"])
    assert isinstance(planned, Chart)
    assert planned.height <= ROOM
    assert "revenue" in planned.figures
    assert f"{len(ids) - len(planned.figures)} more indicators stand in the table only." in planned.subtitle
    assert len(planned.figures) < len(ids)


def test_a_figure_alone_in_the_second_table_of_years_is_not_lost() -> None:
    figures = {f"y{year}": "area = 3" for year in range(2001, 2006)}
    rows = tables(
        annual(y2000="staff = 10", **figures, y2006="staff = { value = 12, label = 'Heads' }"), "table-years"
    )
    assert ["Heads", "12 (December 2006)"] in [[cells[0], cells[-2]] for cells in rows]
    assert any("December 2006 counts “Heads”" in cells[-1] for cells in rows)


# Growth


@pytest.mark.parametrize(
    ("first", "last", "years", "expected"),
    [
        ("100", "121", 2, "10.0"),
        ("1000", "1331", 3, "10.0"),
        ("100", "100", 5, "0.0"),
        ("100", "25", 2, "-50.0"),
        ("49", "116", 4, "24.0"),
        ("119", "158", 7, "4.1"),
        ("1", "1.21110025", 2, "10.1"),  # 10.05 exactly: a half is rounded up
        ("1", "1.332815825125", 3, "10.1"),  # and of a third root
        ("1", "1.211100249999999999999999999", 2, "10.0"),
        ("3e-9", "3e20", 2, "31622776601683693.3"),
    ],
)
def test_compound_growth_is_the_exact_root_rounded_half_up(
    first: str, last: str, years: int, expected: str
) -> None:
    figures = {
        "y2001": f"rd-expenditure = {Decimal(first):f}",
        f"y{2001 + years}": f"rd-expenditure = {Decimal(last):f}",
    }
    (found,) = growth(**figures)
    assert found.annual is not None
    assert found.annual.number == Decimal(expected)
    ratio, half = Fraction(last) / Fraction(first), Fraction(1, 20)
    low, high = (1 + (Fraction(expected) + side) / 100 for side in (-half, half))
    assert low**years <= ratio <= high**years


@pytest.mark.parametrize(
    ("first", "second", "simple", "years"),
    [
        ("staff = 100", "staff = 110", "10.0", 3),
        ("exports = { value = 100, period = 'FY2001' }", "exports = { value = 110, period = 'FY2004' }", "10.0", 3),
        ("exports = { value = 100, period = '2001-H1' }", "exports = { value = 110, period = '2004-H1' }", "10.0", 3),
        ("staff = { value = 100, as_of = '2001-06' }", "staff = 110", "10.0", 0),
        ("staff = { value = 100, as_of = '2001' }", "staff = 110", "10.0", 0),
        ("staff = 100", "staff = { value = 110, as_of = '2002-12' }", "10.0", 1),
        ("staff = { value = 100, status = 'provisional' }", "staff = 110", "10.0", 3),
        ("staff = 0", "staff = 110", None, 3),
        ("staff = 100", "staff = 0", None, 3),
        ("rd-intensity = 4", "rd-intensity = 5", None, 3),
    ],
)  # fmt: skip
def test_simple_growth_is_over_the_span_and_compound_growth_needs_whole_years(
    first: str, second: str, simple: str | None, years: int
) -> None:
    (found,) = growth(y2001=first, y2004=second)
    assert (found.simple.number if found.simple else None, found.years) == (simple and Decimal(simple), years)
    assert (found.annual is not None) == (simple is not None and years > 1)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("staff = { more_than = 100 }", "staff = 110"),
        ("staff = { about = 100 }", "staff = 110"),
        ("staff = 100", "staff = { range = [100, 110] }"),
        ("staff = 100", "staff = { value = 110, status = 'forecast' }"),
        ("staff = 100", "staff = { value = 110, label = 'Heads' }"),
        ("wished-for-staff = 100", "wished-for-staff = 110"),
        ("zone-rank-national = 3", "zone-rank-national = 2"),
        ("exports = { value = 100, period = '2001-H1' }", "exports = 110"),
    ],
)
def test_no_growth_is_computed_of_what_is_not_exact_or_not_alike(first: str, second: str) -> None:
    assert growth(y2001=first, y2004=second) == ()


def test_growth_does_not_reach_across_a_break_but_over_a_bound_between_two_exact_figures() -> None:
    found = growth(
        y2001="staff = 100",
        y2002="staff = { more_than = 100 }",
        y2003="staff = 144",
        y2004="staff = { value = 300, status = 'break' }",
        y2005="staff = 330",
    )
    assert [(g.years, g.simple.number, g.annual and g.annual.number) for g in found if g.simple] == [
        (2, Decimal("44.0"), Decimal("20.0")),
        (1, Decimal("10.0"), None),
    ]


def test_the_table_says_why_there_is_no_compound_growth() -> None:
    (row,) = tables(annual(y2001="staff = 100", y2002="staff = 110"), "table-growth")
    assert row[3:] == ["+10.0%", "not computed", "the dates are not two or more whole years apart"]


def test_the_first_of_the_headline_figures_gives_the_title() -> None:
    known = facts(
        y2001="staff = 100\nexports = 7\nrevenue = 8", y2003="staff = 121\nexports = 8\nrevenue = 9"
    )
    planned = plan(known, ENGLISH, ["revenue", "exports"])
    assert isinstance(planned, Chart)
    assert planned.title.startswith("Operating revenue")
    assert planned.figures == ("staff", "revenue", "exports")


def test_growth_is_named_as_what_it_is_and_its_formula_stands_in_the_methods() -> None:
    briefing = annual(y2001="staff = 100", y2003="staff = 121")
    (table,) = [b for b in iter_blocks(briefing.blocks) if isinstance(b, Table) and b.id == "table-growth"]
    assert [column.heading for column in table.columns] == [
        "Indicator", "From → to", "Change", "Simple growth over the whole span",
        "Compound annual growth (CAGR)", "Remarks",
    ]  # fmt: skip
    assert tables(briefing, "table-growth") == [
        ["Employees", "100 (December 2001) → 121 (December 2003)", "+21", "+21.0%",
         "+10.0% a year over 2 years", ""]
    ]  # fmt: skip
    assert tables(briefing, "table-derived") == [
        ["Employees: Simple growth over the whole span", "+21.0%", "100 × (121 ÷ 100 − 1)"],
        ["Employees: Compound annual growth (CAGR)", "+10.0% a year over 2 years",
         "100 × ((121 ÷ 100)^(1 ÷ 2) − 1)"],
    ]  # fmt: skip
