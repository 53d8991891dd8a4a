"""Planted faults: each is found by its rule, and by no other; what is only unusual is let pass."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from zonereport.api import load
from zonereport.scrutiny.rules import RULES, RULES_BESIDE, find_doubts
from zonereport.zone.reading import bundled_zones, parse_zone

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
currency = "CNY"
[sources.YB]
title = "Invented yearbook of {year}"
publisher = "Nobody"
date = {year}
{body}
"""

OWN = """
[indicators.shops-target]
section = "enterprises"
unit = "number"
kind = "target"
label = "Shops aimed at"
definition = "A sample."
[indicators.shops]
section = "enterprises"
unit = "number"
kind = "stock"
label = "Shops"
definition = "A sample."
change_limit = 1.2
[indicators.shops-open-share]
section = "enterprises"
unit = "percent"
kind = "share"
label = "Shops that are open"
definition = "A sample."
formula = "100 * {shops-open} / {shops}"
[indicators.shops-open]
section = "enterprises"
unit = "number"
kind = "stock"
label = "Open shops"
definition = "A sample."
within = "shops"
"""


class Case(NamedTuple):
    """A file, perhaps beside that of the year before, and where its one fault lies."""

    title: str
    code: str
    place: str
    now: str
    before: str = ""


def figures(**entries: str) -> str:
    """Return figures as a zone file has them, ids with `_` for hyphens."""
    return "[figures]\n" + "\n".join(f"{id.replace('_', '-')} = {entry}" for id, entry in entries.items())


def parts(*counts: str, more: str = "complete = true, ") -> str:
    listed = ", ".join(
        f'{{ name = "kind {index}"{count and ", " + count} }}' for index, count in enumerate(counts)
    )
    return f'{{ by = "kind", {more}parts = [{listed}] }}'


FAULTS = [
    # one file
    Case("parts that come to less than the total", "parts-sum", "figures.rd-projects.breakdown.parts",
         figures(rd_projects=f"{{ value = 158, breakdown = {parts('value = 100', 'value = 55')} }}")),
    Case("parts that come to more than the total", "parts-sum", "figures.rd-projects.breakdown.parts",
         figures(rd_projects=f"{{ value = 158, breakdown = {parts('value = 100', 'value = 59')} }}")),
    Case("more even where one part is not known", "parts-sum", "figures.rd-projects.breakdown.parts",
         figures(rd_projects=f"{{ value = 158, breakdown = {parts('value = 100', 'value = 59', '', more='')} }}")),
    Case("bounds that together exceed the total", "parts-sum", "figures.rd-projects.breakdown.parts",
         figures(rd_projects=f"{{ up_to = 100, breakdown = {parts('more_than = 60', 'at_least = 41', more='')} }}")),
    Case("parts in millions beyond rounding", "parts-sum", "figures.taxes.breakdown.parts",
         figures(taxes='{ value = 20.6, scale = "million", breakdown = { by = "kind", complete = true, parts = ['
                       '{ name = "a", value = 10.1, scale = "million" }, '
                       '{ name = "b", value = 10.1, scale = "million" }] } }')),
    Case("overlapping parts that do not reach the total", "parts-sum", "figures.rd-projects.breakdown.parts",
         figures(rd_projects="{ value = 158, breakdown = "
                 + parts("value = 100", "value = 5", more="complete = true, overlapping = true, ") + " }")),
    Case("an intensity that is not spending by product", "formula-differs", "figures.rd-intensity",
         figures(rd_intensity="4.12", rd_expenditure="3000000", gdp="100000000")),
    Case("a share of another base", "formula-differs", "figures.shops-open-share",
         OWN + figures(shops="200", shops_open="120", shops_open_share="40")),
    Case("a city's total that its share belies", "formula-differs", "figures.contract-turnover-city",
         figures(technology_contract_turnover="{ value = 206, scale = 'million' }",
                 technology_contract_turnover_share_of_city="76",
                 contract_turnover_city="{ value = 206.1, scale = 'million' }")),
    Case("a mean that is not total by number", "formula-differs", "figures.mean-contract-turnover",
         figures(technology_contracts="46", technology_contract_turnover="{ value = 206, scale = 'million' }",
                 mean_contract_turnover="{ value = 44.8, scale = 'million' }")),
    Case("a part that is more than its whole", "exceeds-whole", "figures.rd-centres-national",
         figures(rd_centres="50", rd_centres_national="53")),
    Case("added value above output", "exceeds-whole", "figures.industrial-added-value",
         figures(industrial_output="{ value = 18, scale = 'billion' }",
                 industrial_added_value="{ value = 93.4, scale = 'billion' }")
         + "\nindustrial-added-value-rate = 'not published'"),
    Case("a part of an indicator of one's own", "exceeds-whole", "figures.shops-open",
         OWN + figures(shops="200", shops_open="{ more_than = 300 }")),
    Case("dollars that are ten times too few", "rate-differs", "figures.exports.also",
         figures(taxes="{ value = 206, scale = 'million', also = { value = 29.5, scale = 'million', unit = 'USD' } }",
                 revenue="{ value = 934, scale = 'million', also = { value = 135, scale = 'million', unit = 'USD' } }",
                 exports="{ value = 690, scale = 'million', also = { value = 10, scale = 'million', unit = 'USD' } }")),
    Case("two rates that are far apart", "rate-differs", "figures.taxes.also",
         figures(revenue="{ value = 934, scale = 'million', also = { value = 135, scale = 'million', unit = 'USD' } }",
                 taxes="{ value = 206, scale = 'million', also = { value = 25, scale = 'million', unit = 'USD' } }")),
    Case("a second value in the same currency that is another", "rate-differs", "figures.taxes.also",
         figures(taxes="{ value = 2.06, scale = '亿', also = { value = 206, scale = '万', unit = 'CNY' } }")),
    Case("a target whose year is over", "target-past", "figures.shops-target.as_of",
         OWN + figures(shops_target="{ value = 500, as_of = 2000 }")),
    Case("a forecast whose year is over", "target-past", "figures.exports.period",
         figures(exports="{ value = 5, scale = 'million', period = 2001, status = 'forecast' }")),
    Case("granted as many as filed", "same-number", "figures.patents-granted",
         figures(patents_filed="2410", patents_granted="2410")),
    Case("large-scale as many as registered", "same-number", "figures.enterprises-large-scale",
         figures(enterprises_registered="4612", enterprises_large_scale="4612")),
    Case("a bound taken for a value", "printed-differs", "figures.rd-projects.printed",
         figures(rd_projects="{ value = 500, printed = 'more than 500' }")),
    Case("digits that changed places", "printed-differs", "figures.rd-projects.printed",
         figures(rd_projects="{ value = 1253, printed = '1,235' }")),
    Case("亿 taken for 万", "printed-differs", "figures.taxes.printed",
         figures(taxes="{ value = 2.06, scale = '万', printed = '2.06亿元' }")),
    Case("yuan taken for dollars", "printed-differs", "figures.taxes.printed",
         figures(taxes="{ value = 206, scale = 'million', unit = 'USD', printed = '206 million yuan' }")),
    Case("an upper bound taken for a lower one", "printed-differs", "figures.rd-centres.printed",
         figures(rd_centres="{ at_least = 50, printed = 'as many as 50' }")),
    Case("a second value that is printed otherwise", "printed-differs", "figures.taxes.printed",
         figures(taxes="{ value = 206, scale = 'million', also = { value = 29.9, scale = 'million', unit = 'USD' }, "
                       "printed = '206 million yuan ($29.5 million)' }")),
    Case("a percentage as a fraction", "fraction", "figures.rd-intensity", figures(rd_intensity="0.041")),
    Case("a share as a fraction", "fraction", "figures.basic-research-share",
         figures(basic_research_share="{ about = 0.76 }")),
    Case("a fraction that was a percentage the year before", "fraction", "figures.rd-intensity",
         figures(rd_intensity="0.0412"), figures(rd_intensity="4")),
    Case("a flow of another year", "other-period", "figures.exports.period",
         figures(exports="{ value = 5, scale = 'million', period = 2000 }")),
    Case("a stock of last year", "stale", "figures.staff.as_of",
         figures(staff="{ value = 5000, as_of = '2000-12' }")),
    Case("a source that is older than its figure", "source-early", "figures.staff.source",
         "[sources.OLD]\ntitle = 'Invented almanac'\npublisher = 'Nobody'\ndate = 1999\n"
         + figures(staff="{ value = 5000, source = 'OLD' }", area="120")),
    Case("one source under two names", "source-twice", "sources.AGAIN",
         "[sources.AGAIN]\ntitle = 'Invented yearbook of 2002'\npublisher = 'Nobody'\ndate = 2002\n"
         + figures(staff="{ value = 5000, source = 'AGAIN' }", area="120")),
    Case("one address under two names", "source-twice", "sources.B",
         "".join(f"[sources.{id}]\ntitle = 'Invented {id}'\npublisher = 'Nobody'\ndate = 2002\n"
                 "address = 'https://example.org/same'\n" for id in "AB")
         + figures(staff="{ value = 5000, source = 'A' }", area="{ value = 120, source = ['YB', 'B'] }")),
    Case("a source that nothing is from", "source-unused", "sources.SPARE",
         "[sources.SPARE]\ntitle = 'Invented almanac'\npublisher = 'Nobody'\ndate = 2002\n" + figures(area="120")),
    Case("a source that nobody can find", "source-vague", "sources.SOME",
         "[sources.SOME]\ntitle = 'Some leaflet'\npublisher = 'Nobody'\ndate = 'not stated'\n"
         + figures(staff="{ value = 5000, source = 'SOME' }", area="120")),
    # beside the year before
    Case("growth that the levels belie", "growth-differs", "figures.exports.growth",
         figures(exports="{ value = 322, scale = 'million', growth = 13 }"),
         figures(exports="{ value = 300, scale = 'million' }")),
    Case("growth for a fall", "growth-differs", "figures.staff.growth",
         figures(staff="{ value = 4500, growth = 10 }"), figures(staff="5000")),
    Case("four times as many within a year", "level-jump", "figures.rd-projects",
         figures(rd_projects="480"), figures(rd_projects="120")),
    Case("a sixth of what it was", "level-jump", "figures.taxes",
         figures(taxes="{ value = 5, scale = 'million' }"), figures(taxes="{ value = 30, scale = 'million' }")),
    Case("a jump beyond the indicator's own limit", "level-jump", "figures.staff",
         figures(staff="12500"), figures(staff="5000")),
    Case("a jump beyond the limit that the file sets", "level-jump", "figures.shops",
         OWN + figures(shops="150"), OWN + figures(shops="100")),
    Case("ten times as much", "unit-slip", "figures.rd-projects",
         figures(rd_projects="1235"), figures(rd_projects="118")),
    Case("a hundredth", "unit-slip", "figures.taxes",
         figures(taxes="{ value = 2.2, scale = 'million' }"), figures(taxes="{ value = 206, scale = 'million' }")),
    Case("off by 万", "unit-slip", "figures.revenue",
         figures(revenue="{ value = 9.1, scale = 'billion' }"), figures(revenue="{ value = 870, scale = 'thousand' }")),
    Case("off by 亿", "unit-slip", "figures.exports",
         figures(exports="3.3"), figures(exports="{ value = 3.22, scale = '亿' }")),
    Case("a bound that lost its 万", "unit-slip", "figures.staff",
         figures(staff="{ more_than = 12 }"), figures(staff="{ more_than = 110000 }")),
    Case("fewer patents granted to date than before", "cumulative-falls", "figures.patents-granted",
         figures(patents_granted="2410"), figures(patents_granted="2580")),
    Case("a total that falls to a third", "cumulative-falls", "figures.achievements-applied",
         figures(achievements_applied="150"), figures(achievements_applied="{ more_than = 500 }")),
]  # fmt: skip

FINE = [
    Case("parts that sum", "", "", figures(rd_projects=f"{{ value = 158, breakdown = {parts('value = 100', 'value = 58')} }}")),
    Case("some parts of a total", "", "", figures(rd_projects=f"{{ value = 158, breakdown = {parts('value = 3', more='')} }}")),
    Case("parts that overlap", "", "",
         figures(rd_projects=f"{{ value = 158, breakdown = {parts('value = 100', 'value = 90', more='overlapping = true, ')} }}")),
    Case("percentages that sum to 99.9", "", "",
         figures(high_tech_product_share="{ value = 99.9, breakdown = "
                 + parts("value = 33.3", "value = 33.3", "value = 33.3") + " }")),
    Case("rates of different years' dollars", "", "",
         figures(taxes="{ value = 206, scale = 'million', also = { value = 29.5, scale = 'million', unit = 'USD' } }",
                 revenue="{ value = 93.4, scale = 'billion', also = { value = 13.5, scale = 'billion', unit = 'USD' } }")),
    Case("an intensity that agrees within rounding", "", "",
         figures(rd_intensity="4.1", rd_expenditure="{ value = 4.12, scale = 'million' }", gdp="{ value = 100, scale = 'million' }")),
    Case("a small percentage that is printed so", "", "", figures(rd_intensity="{ value = 0.41, printed = '0.41%' }")),
    Case("nearly, given as a bound", "", "", figures(staff="{ less_than = 5000, printed = 'nearly 5,000' }")),
    Case("a print that nobody can read", "", "", figures(staff="{ more_than = 100, printed = '数百人' }")),
    Case("a number in doubt that can be the value", "", "", figures(revenue="{ value = 36300, printed = '36.300' }")),
    Case("the same small number of two kinds", "", "", figures(enterprises_listed="22", unicorns="22")),
    Case("the same number, said to be in doubt", "", "",
         figures(patents_filed="2410", patents_granted="{ value = 2410, status = 'definition_differs' }")),
    Case("a target to come", "", "", OWN + figures(shops_target="{ value = 500, period = 2005 }")),
    Case("growth that agrees", "", "", figures(exports="{ value = 322, scale = 'million', growth = 7.3 }"),
         figures(exports="{ value = 300, scale = 'million' }")),
    Case("few become several times as many", "", "", figures(unicorns="8"), figures(unicorns="1")),
    Case("a fall that is a break", "", "", figures(patents_granted="{ value = 1057, status = 'break' }"),
         figures(patents_granted="2410")),
    Case("a jump under another name", "", "", figures(rd_projects="{ value = 900, label = 'Other projects' }"),
         figures(rd_projects="100")),
    Case("a cumulative figure corrected downwards", "", "",
         figures(patents_granted="{ value = 2400, status = 'revised' }"), figures(patents_granted="2410")),
    Case("bounds that say nothing of a fall", "", "", figures(achievements_applied="{ more_than = 400 }"),
         figures(achievements_applied="{ more_than = 500 }")),
]  # fmt: skip


def found(case: Case) -> list[tuple[str, str]]:
    now = parse_zone(HEAD.format(year=2002, body=case.now), "now.toml")
    earlier = [parse_zone(HEAD.format(year=2001, body=case.before), "before.toml")] if case.before else []
    return [(finding.code, finding.place) for finding in find_doubts(now, earlier)]


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case.title)
def test_a_planted_fault_is_found_by_its_rule_and_no_other(case: Case) -> None:
    assert found(case) == [(case.code, case.place)]


@pytest.mark.parametrize("case", FINE, ids=lambda case: case.title)
def test_what_is_not_wrong_is_let_pass(case: Case) -> None:
    assert found(case) == []


def test_every_rule_has_its_fault_and_its_paragraph() -> None:
    page = (Path(__file__).parents[2] / "docs" / "checks.md").read_text("utf-8")
    codes = {*RULES, *RULES_BESIDE}
    assert {case.code for case in FAULTS} == codes
    assert set(re.findall(r"^\| `([a-z-]+)`", page, re.MULTILINE)) == codes


def test_the_bundled_zones_raise_nothing_alone_or_together() -> None:
    zones = [load(name) for name in bundled_zones()]
    assert [finding for zone in zones for finding in find_doubts(zone, zones)] == []


def test_a_finding_tells_its_line_its_reason_and_what_to_do() -> None:
    text = HEAD.format(year=2002, body="[figures]\nstaff = 5000\nrd-intensity = 0.041")
    (finding,) = find_doubts(parse_zone(text, "now.toml"))
    assert finding.describe("now.toml") == (
        "now.toml:21: figures.rd-intensity: is 0.041 %: a percentage holds the number as printed, 4.1 for 4.1 % "
        '(fraction)\n  hint: if it is that small, give `printed = "0.041%"`'
    )


def test_only_earlier_snapshots_of_the_same_zone_count() -> None:
    now = parse_zone(HEAD.format(year=2002, body=figures(rd_projects="480")), "now.toml")
    before = HEAD.format(year=2001, body=figures(rd_projects="120"))
    other = parse_zone(before.replace('"testonia"', '"otheria"'), "other.toml")
    later = parse_zone(HEAD.format(year=2003, body=figures(rd_projects="120")), "later.toml")
    assert find_doubts(now, [other, later, now]) == ()
    assert [finding.code for finding in find_doubts(now, [other, parse_zone(before, "before.toml")])] == [
        "level-jump"
    ]


def test_the_latest_earlier_snapshot_that_has_the_figure_counts_and_years_widen_the_limit() -> None:
    now = parse_zone(HEAD.format(year=2004, body=figures(rd_projects="500")), "now.toml")
    two_years_ago = parse_zone(HEAD.format(year=2002, body=figures(rd_projects="100")), "a.toml")
    without = parse_zone(HEAD.format(year=2003, body=figures(area="120")), "b.toml")
    assert find_doubts(now, [two_years_ago, without]) == ()
