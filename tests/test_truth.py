"""What a briefing must never say: each case is an untruth that was once printed, or nearly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reading_back import flat
from zonereport.api import compose
from zonereport.briefing.blocks import ChartBlock, Heading, Paragraph, Table, iter_blocks
from zonereport.briefing.text import every_text
from zonereport.errors import InputError
from zonereport.measures import Facts
from zonereport.zone.reading import parse_zone

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Briefing
    from zonereport.zone.model import Zone

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
source = "YB"
as_of = "{year}-12"
period = {year}
currency = "EUR"
[sources.YB]
title = "Invented yearbook of {year}"
publisher = "Nobody"
date = {year}
"""


def zone(body: str, year: int = 2003) -> Zone:
    return parse_zone(HEAD.format(year=year) + body, "testonia.toml")


def briefing(now: str, before: str = "") -> Briefing:
    previous = [zone("[figures]\n" + before, 2001)] if before else []
    return compose(zone("[figures]\n" + now), previous=previous)


def said(now: str, before: str = "") -> str:
    return flat(every_text(briefing(now, before)))


def derived(now: str) -> set[str]:
    return {figure.id for figure in Facts(zone("[figures]\n" + now)).derived}


def test_an_earlier_forecast_stays_a_forecast_wherever_it_is_shown_and_is_no_base_of_a_change() -> None:
    text = said(
        "enterprises-high-tech = 160", 'enterprises-high-tech = { value = 150, status = ["forecast"] }'
    )
    assert "150 in December 2001" not in text
    assert "150 (December 2001)" not in text
    assert "150 (forecast; December 2001)" in text
    assert "up from" not in text
    assert "+10" not in text
    assert "one is a forecast" in text


def test_a_scope_follows_its_figure_and_other_scopes_are_not_divided() -> None:
    now = 'rd-professionals = { value = 900, scope = "the whole city" }\nrd-projects = { value = 90, scope = "the zone" }'
    assert "900 full-time R&D professionals (scope: the whole city)" in said(now)
    assert "rd-projects-per-100-rd-professionals" not in derived(now)


def test_a_figure_under_another_name_gives_no_ratio_under_the_catalogue_s() -> None:
    now = 'rd-professionals = { value = 5, label = "Scientists" }\nrd-projects = 9'
    assert "rd-projects-per-100-rd-professionals" not in derived(now)
    assert "5 full-time R&D professionals" not in said(now)


@pytest.mark.parametrize("period", ['"2003-Q4"', '"FY2003"', '"2003-H1"'])
def test_flows_of_other_periods_are_neither_divided_nor_joined_in_a_sentence(period: str) -> None:
    now = f"technology-contracts = {{ value = 310, period = {period} }}\ntechnology-contract-turnover = 100000000"
    assert "mean-contract-turnover" not in derived(now)
    assert "310 technology contracts with a turnover" not in said(now)


@pytest.mark.parametrize(
    ("now", "before", "reason"),
    [
        ('"2003-H2"', '"2001-H1"', "different parts of the year"),
        ("2001", "2001", "is not earlier"),
        ("2001", "2001", "2001 and 2001"),
    ],
)
def test_only_like_and_later_periods_make_a_change(now: str, before: str, reason: str) -> None:
    text = said(f"exports = {{ value = 9, period = {now} }}", f"exports = {{ value = 8, period = {before} }}")
    assert reason in text
    assert "up from" not in text


def test_a_derived_earlier_figure_is_not_shown_as_published() -> None:
    text = said("rd-intensity = 4.1", "rd-expenditure = 40\ngdp = 1000")
    assert "4.00%" not in text


def test_the_rest_of_the_city_is_not_negative() -> None:
    text = said(
        "technology-contract-turnover = 1000000\ntechnology-contract-turnover-share-of-city = { more_than = 60 }"
    )
    assert "−" not in text.replace("− 1)", "")
    assert "within that rounding" not in text


def test_a_share_keeps_its_status_in_the_chart_s_title() -> None:
    now = "technology-contract-turnover = 10\ntechnology-contract-turnover-share-of-city = {{ value = 40, status = {} }}"
    (chart,) = [
        b.chart for b in briefing(now.format('"provisional"')).blocks
        if isinstance(b, ChartBlock) and b.chart.id == "contracts"
    ]  # fmt: skip
    assert "provisional" in chart.title


def test_what_is_derived_from_a_target_is_a_target() -> None:
    body = (
        '[indicators.staff-goal]\nsection = "workforce"\nunit = "persons"\nkind = "target"\nlabel = "Goal"\n'
        'phrase = { en = "{n} staff", zh = "{n}" }\ndefinition = "x"\n'
        '[indicators.way]\nsection = "workforce"\nunit = "percent"\nkind = "ratio"\nlabel = "Way"\n'
        'definition = "x"\nformula = "100 * {staff} / {staff-goal}"\ndecimals = 0\n'
        "[figures]\nstaff = 25\nstaff-goal = 100\n"
    )
    assert "25% (target)" in flat(every_text(compose(zone(body))))


def test_platforms_without_a_break_are_not_said_to_have_one() -> None:
    text = said("innovation-platforms = 75", "innovation-platforms = 40")
    assert "not one series" not in text
    broken = said('innovation-platforms = { value = 75, status = "break" }', "innovation-platforms = 40")
    assert "not one series" in broken


def test_a_kind_is_never_more_than_the_whole_and_no_largest_is_named_where_one_is_unknown() -> None:
    parts = "innovation-platforms = {{ value = 9, breakdown = {{ by = 'kind', parts = [{}] }} }}"
    with pytest.raises(InputError, match="more than the total"):
        zone("[figures]\n" + parts.format("{ name = 'a', value = 10 }"))
    text = said(parts.format("{ name = 'a', value = 3 }, { name = 'b', value = 2 }, { name = 'c' }"))
    assert "largest" not in text
    assert "b (confidential)" in said(
        parts.format("{ name = 'a', value = 3 }, { name = 'b', missing = 'confidential' }")
    )


def test_counted_kinds_of_any_figure_stand_in_the_methods() -> None:
    text = said(
        "staff = { value = 9, breakdown = { by = 'sex', parts = [{ name = 'women', value = 5 }, { name = 'men' }] } }"
    )
    assert "women" in text
    assert "5" in text


def test_quotations_are_marked_one_by_one_and_need_no_milestone() -> None:
    voices = (
        '[[voices]]\nspeaker = "A"\nrole = "director"\nquotation = "We are pleased"\n'
        '[[voices]]\nspeaker = "B"\nrole = "clerk"\nparaphrase = "on other things"\n'
    )
    text = flat(every_text(compose(zone(voices))))
    assert "“We are pleased” (YB)" in text or "“We are pleased”" in text
    assert "in paraphrase" in text


def test_a_better_rank_is_not_down_and_has_a_name() -> None:
    text = said("zone-rank-national = 2", "zone-rank-national = 3")
    assert "down from" not in text
    assert "+1" not in text
    assert "−1" not in text
    with pytest.raises(InputError, match="a rank from 1"):
        zone("[figures]\nzone-rank-national = 0")


def test_confidential_before_is_said() -> None:
    text = said("staff = 12\nexports = 4", 'staff = "confidential"\nexports = 3')
    assert "confidential" in text


def test_no_per_cent_of_percentage_points() -> None:
    text = said("rd-intensity-gap-national = 0.85", "rd-intensity-gap-national = 1.7")
    assert "−0.85 percentage points" in text
    assert "50.0%" not in text


def test_an_own_indicator_with_another_definition_is_a_break() -> None:
    own = '[indicators.robots]\nsection = "output"\nunit = "number"\nkind = "stock"\nlabel = "Robots"\n' \
          'phrase = {{ en = "{{n}} robots", zh = "{{n}}" }}\ndefinition = "In {}."\n[figures]\nrobots = {}\n'  # fmt: skip
    now, before = zone(own.format("the zone", 5)), zone(own.format("the city", 9), 2001)
    text = flat(every_text(compose(now, previous=[before])))
    assert "break in series" in text or "definition" in text
    assert "down from" not in text


def test_a_part_that_exceeds_its_whole_gives_no_share() -> None:
    assert "rd-personnel-share" not in derived("rd-personnel = 200\nstaff = 100")


def test_two_sources_of_one_id_are_told_apart() -> None:
    text = said("exports = 4", "exports = 3")
    assert "YB: Invented yearbook of 2003" in text or "Invented yearbook of 2003" in text
    assert "YB-2001" in text
    assert "Invented yearbook of 2001" in text


@pytest.mark.parametrize(
    "figures",
    ["zone-rank-national = 7", "incubators = 3", "staff = 9", "pct-applications = 2", "technology-contracts = 5",
     "unicorns = 1", "taxes = 5", "net-profit = -3", "rd-projects = 1"],
)  # fmt: skip
def test_no_section_is_empty_and_the_main_points_say_something(figures: str) -> None:
    blocks = briefing(figures).blocks
    sections = [place for place, block in enumerate(blocks) if isinstance(block, Heading)]
    for place in sections:
        assert place + 1 < len(blocks)
        following = blocks[place + 1]
        assert not isinstance(following, Heading) or following.level > blocks[place].level


def test_every_published_figure_of_the_file_stands_in_the_briefing() -> None:
    from zonereport.zone.catalogue import load_catalogue

    lines = []
    for id, indicator in load_catalogue().indicators.items():
        if not indicator.formula and not indicator.unit.startswith("money"):
            lines.append(f"{id} = {3 if indicator.unit != 'percent' else 4}")
    text = said("\n".join(lines))
    facts = Facts(zone("[figures]\n" + "\n".join(lines)))
    for figure in facts.zone.figures.values():
        assert figure.indicator.label["en"] in text, figure.id


def test_prose_and_tables_hold_only_worded_figures() -> None:
    runs = [
        run for block in iter_blocks(briefing("staff = 7919").blocks)
        for run in (block.runs if isinstance(block, Paragraph) else
                    [r for row in block.rows for cell in row for r in cell] if isinstance(block, Table) else [])
    ]  # fmt: skip
    assert all(run.figure for run in runs if "7,919" in run.text)
