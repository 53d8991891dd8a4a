"""A zone beside other zones: what is compared, what follows, and what a reader is told of it."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import composed, rendered
from invented_peers import SECTORS, full, home, others, zone
from players import edges
from reading_back import docx_text, flat, html_text, pdf_pages
from zonereport.api import compose, extract, load_peers, preflight, render
from zonereport.briefing.blocks import ChartBlock, Paragraph, Table, iter_blocks, plain
from zonereport.charts.peers import Strips
from zonereport.charts.style import Style
from zonereport.errors import InputError, TemplateError, UsageError
from zonereport.fonts import prepare_fonts
from zonereport.measures import Facts
from zonereport.peers import FEWEST_JUDGED, FEWEST_TO_JUDGE, ONE_IN, choose_peers, judge, set_beside
from zonereport.quotients import find_quotients
from zonereport.theme import load_theme
from zonereport.zone.quantity import Quantity
from zonereport.zone.writing import write_zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from zonereport.briefing.blocks import Briefing
    from zonereport.peers import Beside, Peers, Reference

D = Decimal


def beside(own: str, *figures: str, more: str = "") -> Peers:
    """Return an invented zone with these figures beside one zone for each of the others."""
    peers = [zone(lines, f"Peer{number}", more=more) for number, lines in enumerate(figures)]
    return set_beside(Facts(zone(own, more=more)), peers)


def only(peers: Peers, id: str) -> Beside:
    (found,) = [each for each in peers.beside if each.figure.id == id]
    return found


def reference(peers: Peers, id: str) -> Reference:
    found = only(peers, id).reference
    assert found is not None
    return found


def staff(*numbers: int) -> Peers:
    own, *rest = (f"staff = {number}" for number in numbers)
    return beside(own, *rest)


def intensity(*numbers: str) -> Peers:
    own, *rest = (f"rd-intensity = {number}" for number in numbers)
    return beside(own, *rest)


# What follows


@pytest.mark.parametrize(
    ("numbers", "median", "rank", "percentile"),
    [
        ((30, 10, 20), 20, 1, 100),
        ((10, 20, 30), 20, 3, 0),
        ((20, 10, 30), 20, 2, 50),
        ((20, 10, 30, 40), 25, 3, D(100) / 3),
        ((20, 20, 20), 20, 1, 50),  # all tie: the first and in the middle
        ((20, 20, 10), 20, 1, 75),
        ((20, 30, 20, 10, 5), 20, 2, D("62.5")),
    ],
)
def test_rank_median_and_percentile(
    numbers: tuple[int, ...], median: int, rank: int, percentile: Decimal
) -> None:
    found = reference(staff(*numbers), "staff")
    assert found.median == Quantity.exact(D(median))
    assert (found.rank, round(found.percentile, 9)) == (rank, round(D(percentile), 9))


def test_fewer_than_three_zones_give_nothing() -> None:
    peers = staff(30, 20)
    assert peers.ranked == ()
    assert only(peers, "staff").n == 2


def test_a_size_has_no_best_value_and_a_ratio_has() -> None:
    assert reference(staff(30, 20, 10), "staff").best == ()
    found = reference(intensity("3.1", "4.25", "2"), "rd-intensity")
    assert found.best_value == Quantity.exact(D("4.25"))
    assert [holder.id for holder in found.best] == ["testonia-peer0"]


def test_where_lower_is_better_the_lowest_is_first_and_best() -> None:
    found = reference(
        beside("zone-rank-national = 4", "zone-rank-national = 9", "zone-rank-national = 30"),
        "zone-rank-national",
    )
    assert (found.rank, found.percentile, found.best_value) == (1, 100, Quantity.exact(D(4)))


def test_zones_that_tie_for_the_best_are_all_named() -> None:
    found = reference(intensity("3", "4", "4", "1"), "rd-intensity")
    assert [holder.id for holder in found.best] == ["testonia-peer0", "testonia-peer1"]


def test_one_approximate_value_makes_what_follows_approximate_but_not_the_best() -> None:
    found = reference(intensity("3", "5", "{ about = 4 }"), "rd-intensity")
    assert found.about
    assert found.median == Quantity.approximate(D(4))
    assert found.best_value == Quantity.exact(D(5))


# What may be compared


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        ("", "missing"),
        ('rd-projects = "not published"', "missing"),
        ("rd-projects = { more_than = 5 }", "bound"),
        ("rd-projects = { up_to = 5 }", "bound"),
        ("rd-projects = { range = [4, 6] }", "bound"),
        ('rd-projects = { value = 5, status = ["definition_differs"] }', "definition"),
        ("rd-projects = { value = 5, as_of = 2001 }", "period"),
        ('rd-projects = { value = 5, as_of = "FY2002" }', "period"),
        ('rd-projects = { value = 5, as_of = "not stated" }', "period"),
        ('rd-projects = { value = 5, label = "Schemes", phrase = { en = "{n} schemes" } }', "label"),
        ('rd-projects = { value = 5, scope = "the host city" }', "scope"),
        ('rd-projects = { value = 5, status = ["forecast"] }', "forecast"),
    ],
)
def test_a_figure_that_is_not_comparable_is_left_out_and_counted(figure: str, reason: str) -> None:
    peers = beside("rd-projects = 7", "rd-projects = 6", "rd-projects = 9", figure)
    found = only(peers, "rd-projects")
    assert found.n == 3
    assert dict(found.left_out) == {reason: 1}
    assert found.reference is not None
    assert found.reference.median == Quantity.exact(D(7))


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        ('taxes = { value = 5, unit = "USD" }', "unit"),
        ("taxes = { value = 5, period = 2001 }", "period"),
        ('taxes = { value = 5, period = "2002-H1" }', "period"),
        ('taxes = { value = 5, period = "not stated" }', "period"),
    ],
)
def test_amounts_need_one_currency_and_the_very_same_period(figure: str, reason: str) -> None:
    found = only(beside("taxes = 7", "taxes = 6", "taxes = 9", figure), "taxes")
    assert (found.n, dict(found.left_out)) == (3, {reason: 1})


@pytest.mark.parametrize("own", ["{ more_than = 7 }", "{ range = [7, 8] }"])
def test_a_zone_s_own_bound_is_compared_with_none(own: str) -> None:
    found = only(beside(f"rd-projects = {own}", "rd-projects = 6", "rd-projects = 9"), "rd-projects")
    assert (found.apart, found.n, found.reference) == ("bound", 0, None)


OWN = """
[indicators.robots-per-100-staff]
section = "workforce"
unit = "per-100-persons"
kind = "ratio"
label = "Robots per 100 staff"
definition = "{definition}"
better = "higher"
"""


def test_an_indicator_of_one_s_own_is_compared_only_under_the_same_definition() -> None:
    figures = "robots-per-100-staff = 7"
    same = [zone(figures, name, more=OWN.format(definition="Robots.")) for name in ("A", "B", "C")]
    other = zone(figures, "D", more=OWN.format(definition="Robots and drones."))
    found = only(set_beside(Facts(same[0]), [*same[1:], other]), "robots-per-100-staff")
    assert (found.n, dict(found.left_out)) == (3, {"definition": 1})


def test_a_ratio_is_compared_with_ratios_derived_from_comparable_figures_only() -> None:
    both = "rd-personnel = 7\nstaff = {}"
    peers = beside(
        both.format(70),
        both.format(80),
        both.format(90),
        'rd-personnel = { value = 7, scope = "the host city" }\nstaff = { value = 70, scope = "the host city" }',
        "rd-personnel-share = 10",
    )
    found = only(peers, "rd-personnel-share")
    assert (found.n, dict(found.left_out)) == (3, {"scope": 1, "derived": 1})


def test_a_derived_amount_takes_no_part() -> None:
    lines = "technology-contracts = 4\ntechnology-contract-turnover = 8"
    ids = {each.figure.id for each in beside(lines, lines, lines).beside}
    assert ids == {"technology-contracts", "technology-contract-turnover"}


def test_the_zone_itself_and_other_snapshots_are_no_peers() -> None:
    peers = [zone("staff = 1"), zone("staff = 2", "A"), zone("staff = 3", "B", year=2001)]
    assert [each.id for each in choose_peers(zone("staff = 9"), peers)] == ["testonia-a"]


# Strengths and weaknesses


def judged(*percentiles: int, n: int = FEWEST_TO_JUDGE) -> tuple[list[int], list[int]]:
    """Return the strengths and weaknesses among figures with these percentiles, by place."""
    sample = only(intensity("3", "2", "1"), "rd-intensity")
    assert sample.reference is not None
    peer = sample.peers[0]
    figures = [
        replace(
            sample, peers=(peer,) * (n - 1), reference=replace(sample.reference, percentile=D(percentile))
        )
        for percentile in percentiles
    ]
    strengths, weaknesses = judge(figures)
    places = {id(figure): place for place, figure in enumerate(figures)}
    return [places[id(each)] for each in strengths], [places[id(each)] for each in weaknesses]


def test_the_best_and_the_worst_of_eight_are_strength_and_weakness() -> None:
    assert judged(10, 90, 60, 40, 70, 30, 55, 45) == ([1], [0])


def test_of_nine_there_are_two_and_ties_are_all_taken() -> None:
    assert judged(10, 90, 80, 80, 70, 20, 55, 45, 20) == ([1, 2, 3], [0, 8, 5])


def test_a_zone_ahead_in_everything_has_no_weakness() -> None:
    assert judged(90, 80, 70, 60) == ([0], [])
    assert judged(10, 20, 30, 40) == ([], [0])


def test_nothing_is_judged_over_few_figures_or_few_zones() -> None:
    assert judged(*range(FEWEST_JUDGED - 1)) == ([], [])
    assert judged(10, 90, 60, 40, n=FEWEST_TO_JUDGE - 1) == ([], [])


def test_the_page_of_the_rules_names_their_numbers() -> None:
    text = (Path(__file__).parents[1] / "docs" / "peers.md").read_text("utf-8")
    assert f"n ≥ {FEWEST_TO_JUDGE}. With fewer than {FEWEST_JUDGED} of them" in flat(text)
    assert ONE_IN == 8
    assert "k is one eighth of their number, rounded up" in text


# Location quotients


def sectors(total: object, robots: object) -> str:
    return (
        f'staff = {{ value = {total}, breakdown = {{ by = "sector",'
        f' parts = [{{ name = "robots", value = {robots} }}, {{ name = "seeds" }}] }} }}'
    )


def test_a_location_quotient_is_the_share_here_over_the_share_in_all_zones() -> None:
    peers = beside(sectors(100, 30), sectors(200, 20), sectors(300, 10), more=SECTORS)
    (quotient,) = find_quotients(zone("", more=SECTORS), peers.beside)
    assert quotient.sector.id == "robots"
    assert quotient.share == Quantity.exact(D("30.0"))
    assert quotient.share_of_all == Quantity.exact(D("10.0"))  # 60 of 600
    assert quotient.value == Quantity.exact(D("3.00"))
    assert quotient.n == 3


@pytest.mark.parametrize(
    "figures",
    [
        (sectors(100, 30), sectors(200, 20), "staff = 300"),
        ("staff = 100", sectors(200, 20), sectors(300, 10)),
        (sectors(100, 0), sectors(200, 0), sectors(300, 0)),
        (sectors(0, 0), sectors(200, 20), sectors(300, 10)),
        (sectors(100, 30), sectors(200, 20), sectors(300, 10).replace("value = 10", "up_to = 10")),
    ],
)
def test_without_three_zones_that_count_a_sector_there_is_no_quotient(figures: tuple[str, ...]) -> None:
    peers = beside(*figures, more=SECTORS)
    assert list(find_quotients(zone("", more=SECTORS), peers.beside)) == []


# The folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the zone and its peers, half of them as TOML."""
    where = tmp_path / "zones"
    where.mkdir()
    for place, each in enumerate((home(), *others())):
        assert each.origin
        suffix, text = ("toml", each.origin.text) if place % 2 else ("json", write_zone(each))
        (where / f"{each.id}.{suffix}").write_text(text, "utf-8")
    (where / "readme.txt").write_text("no zone")
    (where / ".hidden.toml").write_text("no zone")
    return where


def test_generate_sets_a_zone_beside_those_of_a_folder(
    folder: Path, tmp_path: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    output = tmp_path / "out"
    code, out, err = run(
        "generate", folder / "testonia-home.json", "--peers", folder, "-o", output, "-f", "html", "-q"
    )
    assert (code, err) == (0, "")
    text = flat(html_text(Path(out.strip()).read_bytes()))
    assert "rank 3 of 12, ahead of the median of 4.875%" in text


def test_every_file_that_does_not_hold_is_named_and_nothing_is_written(
    folder: Path, tmp_path: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    (folder / "broken.toml").write_text("format = ")
    (folder / "wrong\x1b.json").write_text('{"format": 1}')
    output = tmp_path / "out"
    code, out, err = run("generate", folder / "testonia-home.json", "--peers", folder, "-o", output, "-q")
    assert (code, out, output.exists()) == (1, "", False)
    assert f"{folder}: broken.toml:1: " in err
    assert f"{folder}: wrong\\x1b.json:" in err
    assert "\x1b" not in err
    with pytest.raises(InputError) as caught:
        load_peers(folder)
    assert len({problem.place.split(":")[0] for problem in caught.value.problems}) == 2


@pytest.mark.parametrize("name", ["nowhere", "zones/readme.txt", "\0"])
def test_what_is_no_folder_is_said_to_be_none(name: str, folder: Path) -> None:
    with pytest.raises(UsageError, match="expected a folder of zone files"):
        load_peers(folder.parent / name)


def test_a_folder_without_zone_files_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no zone file"):
        load_peers(tmp_path)


def test_peers_that_are_none_or_given_twice_are_refused() -> None:
    own, other = zone("staff = 1"), zone("staff = 2", "A")
    with pytest.raises(UsageError, match=r"none of the peers is another zone than `testonia-home`"):
        compose(own, peers=[own, zone("staff = 2", "A", year=2001)])
    with pytest.raises(UsageError, match=r"`testonia-a` is given twice"):
        compose(own, peers=[other, other])


# What is said


def tables(briefing: Briefing) -> dict[str, list[list[str]]]:
    return {
        block.id: [[plain(cell) for cell in row] for row in block.rows]
        for block in iter_blocks(briefing.blocks)
        if isinstance(block, Table)
    }


def said(briefing: Briefing) -> str:
    return " ".join(
        plain(block.runs) for block in iter_blocks(briefing.blocks) if isinstance(block, Paragraph)
    )


def test_the_table_says_value_median_best_rank_and_percentile() -> None:
    rows = {row[0]: row[1:] for row in tables(composed("beside peers"))["table-peers"]}
    assert rows["R&D expenditure as a percentage of regional GDP"] == [
        "5.50%",
        "4.875%",
        "6.00% (Testonia North)",
        "3 of 12",
        "77",
    ]
    assert rows["R&D projects"] == ["420", "455", "–", "7 of 10 by size", "28"]
    assert rows["Invention patents held by enterprises"] == [
        "1,120",
        "about 1,020",
        "–",
        "about 3 of 12 by size",
        "about 77",
    ]


def test_the_methods_say_over_how_many_zones_and_why_others_are_left_out() -> None:
    rows = tables(composed("beside peers"))["table-reference"]
    assert ["R&D projects", "10", "a bound or a range (2)"] in rows
    assert ["High-tech enterprises", "7", "no value (5)"] in rows


def test_figures_that_too_few_zones_share_are_listed_with_the_reason() -> None:
    own = zone("staff = 3\nrd-projects = { more_than = 5 }")
    briefing = compose(own, peers=[zone("staff = 4", "A"), zone("staff = { about = 5 }", "B", year=2002)])
    assert "table-peers" in tables(briefing)
    assert tables(briefing)["table-reference"] == [
        ["Employees", "3", "–"],
        ["R&D projects", "0", "This zone’s own figure is compared with none: a bound or a range"],
    ]
    alone = compose(own, peers=[zone("staff = 4", "A")])
    assert tables(alone)["table-reference"][0] == ["Employees", "2 (too few)", "–"]
    assert "No figure can be compared with those of two of them" in said(alone)
    assert "table-peers" not in tables(alone)
    assert any("cannot" in o.reason or "can be compared" in o.reason for o in alone.omissions)


def test_strengths_and_weaknesses_stand_with_their_ranks_and_their_rule() -> None:
    text = said(composed("beside peers"))
    assert (
        "Strengths by the rule below: Rank among national high-tech zones (3 of 12)"
        " and R&D expenditure as a percentage of regional GDP (3 of 12)."
    ) in text
    assert (
        "Weaknesses by the rule below: Invention patents held by enterprises per 10,000 employees"
        " (about 9 of 12)."
    ) in text
    assert "Global Innovation Index 2023" in text


@pytest.mark.parametrize(
    ("case", "kind", "expected"),
    [
        ("beside peers", "pdf", "robots Employees 9.5% 8.6% 1.11 12"),
        ("beside peers", "docx", "rank 3 of 12, ahead of the median of 4.875%"),
        ("beside peers, Chinese", "html", "居12个园区第3位，优于中位数4.875%"),
        (
            "beside peers, annual, German",
            "docx",
            "rund Rang 3 von 12 nach Größe, über dem Median von rund 1.020",
        ),
    ],
)
def test_every_language_words_the_places(case: str, kind: str, expected: str) -> None:
    data = rendered(case)[kind]
    read = {"pdf": lambda d: " ".join(pdf_pages(d)), "docx": docx_text, "html": html_text}[kind]
    assert expected in flat(read(data)).replace("\xa0", " ")


def test_more_than_twelve_peers_are_counted_not_named() -> None:
    peers = [zone(f"staff = {number}", f"P{number}") for number in range(1, 14)]
    text = said(compose(zone("staff = 7"), peers=peers))
    assert "their number is 13" in text
    assert "P3" not in text


def test_the_pdf_carries_every_figure_that_was_looked_at_and_its_standing() -> None:
    (attached,) = [a for a in extract(rendered("beside peers")["pdf"]) if a.name == "peer-figures.csv"]
    rows = list(csv.reader(StringIO(attached.data.decode())))
    assert rows[0] == ["Indicator id", "Zone", "Value", "As of or period", "Standing", "Source"]
    assert ["rd-projects", "Testonia West", "more than 430", "2002", "a bound or a range",
            "Invented for a test. Nobody, 2002."] in rows  # fmt: skip
    assert len(rows) == 1 + 11 * len(tables(composed("beside peers"))["table-reference"])


def test_a_briefing_without_peers_says_nothing_of_them() -> None:
    briefing = composed("2022")
    assert not {"table-peers", "table-reference"} & tables(briefing).keys()
    assert [o for o in briefing.omissions if "peers" in o.what] == []


def test_a_template_that_speaks_of_peers_unasked_is_told_to_ask(tmp_path: Path) -> None:
    (tmp_path / "template.toml").write_text('name = "T"\ndescription = "T"\ntheme = "neutral"\n')
    (tmp_path / "en.md").write_text("# {{ zone.name }}\n\n{{ joined(strengths()) }}\n")
    with pytest.raises(TemplateError, match="no other zones"):
        compose(zone("staff = 1"), template=str(tmp_path))


HOSTILE = "<b>*Z*</b> {{ zone }} [x](http://x) =1+1 $a_b$ \\N{NULL} `|`"


def test_hostile_names_of_peers_stay_text() -> None:
    peers = [replace(each, short_name={"en": f"{HOSTILE} {n}"}) for n, each in enumerate(others())]
    briefing = compose(home(), peers=peers)
    assert f"{HOSTILE} 0, {HOSTILE} 1" in said(briefing)
    assert tables(briefing)["table-peers"][0][3] == f"10 ({HOSTILE} 0)"
    assert HOSTILE in flat(docx_text(render(briefing, "docx")))
    assert "<b>*Z*" not in render(briefing, "html").decode()
    assert "<b>*Z*" in flat(html_text(render(briefing, "html")))


# The chart


def strips(briefing: Briefing) -> Strips:
    (chart,) = [b.chart for b in briefing.blocks if isinstance(b, ChartBlock) and b.id == "chart-peers"]
    assert isinstance(chart.draw, Strips)
    return chart.draw


def test_the_better_end_of_a_strip_is_on_the_right() -> None:
    ranks = [zone(f"zone-rank-national = {place}", f"P{place}") for place in (10, 50, 30)]
    (rank,) = strips(compose(zone("zone-rank-national = 18"), peers=ranks)).strips
    assert (rank.left, rank.right) == ("50", "10")
    assert (rank.own, rank.others) == (0.8, (0.0, 0.5, 1.0))
    drawn = {strip.name: strip for strip in strips(composed("beside peers")).strips}
    intensity = drawn["R&D expenditure as a percentage of regional GDP"]
    assert (intensity.left, intensity.right, intensity.own) == ("3.50%", "6.00%", 0.8)


def test_dots_that_would_cover_each_other_are_drawn_once() -> None:
    many = [zone(f"staff = {number}", f"P{number}") for number in range(1, 1001)]
    (strip,) = strips(compose(zone("staff = 7"), peers=many)).strips
    assert len(strip.others) == 101


def test_every_place_on_a_strip_has_its_dot() -> None:
    theme = load_theme("neutral")
    briefing = composed("beside peers")
    chart = next(b.chart for b in briefing.blocks if isinstance(b, ChartBlock) and b.id == "chart-peers")
    from zonereport.briefing.text import every_text

    style = Style(theme, prepare_fonts(every_text(briefing), theme.fonts.text, theme.fonts.east_asian))
    drawing = chart.draw(style)
    dots = [shape for shape in drawing.shapes if shape.steps[1][0] == "C"]
    places = [place for strip in strips(briefing).strips for place in (*strip.others, strip.own)]
    centres = [sum(edges(dot)[::2]) / 2 for dot in dots]
    left, right = min(centres), max(centres)
    assert [(centre - left) / (right - left) for centre in centres] == pytest.approx(places, abs=1e-6)
    own = [dot for dot in dots if dot.fill == theme.colours.accent]
    assert len(own) == len(strips(briefing).strips)
    assert own[-1] == drawing.shapes[-1], "the zone's own dot lies on top"


def test_equal_values_stand_in_the_middle_of_their_strip() -> None:
    same = [zone("staff = 5", name) for name in ("A", "B")]
    (strip,) = strips(compose(zone("staff = 5"), peers=same)).strips
    assert (strip.own, strip.median, strip.others) == (0.5, 0.5, (0.5,))


@pytest.mark.parametrize("case", ["beside peers", "beside peers, Chinese", "beside peers, annual, German"])
def test_no_reader_stumbles(case: str) -> None:
    assert preflight(composed(case)) == ()


def test_the_full_zones_are_alike_but_for_their_place() -> None:
    assert full("Home", 2) == home()
