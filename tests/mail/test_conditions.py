"""Conditions on figures: true or false only where what is published tells."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zonereport.errors import UsageError
from zonereport.mail.conditions import judge
from zonereport.measures import Facts
from zonereport.zone.reading import parse_zone

HEAD = """
format = 1
[zone]
id = "testonia"
name = "Testonia"
place = "Testonia"
[edition]
snapshot = {year}
date = {year}-12-31
[defaults]
source = "S"
as_of = "{year}-12"
currency = "CNY"
[sources.S]
title = "Invented for a test"
publisher = "Nobody"
date = {year}
[figures]
"""
NOW = """
innovation-platforms = 158
rd-professionals = 3228
rd-projects = { value = 1235, period = "not stated" }
achievements-applied = { more_than = 500 }
enterprises-registered = { at_least = 4600 }
enterprises-large-scale = { up_to = 320 }
rd-centres = { less_than = 50 }
technology-smes = { range = [150, 160] }
enterprises-high-tech = { about = 1000 }
invention-patents-held = { about = 1057 }
technology-contract-turnover = { value = 206, scale = "million", period = 2002 }
rd-intensity = { value = 3.50, period = 2002 }
exports = "not published"
"""
BEFORE = """
innovation-platforms = 158
rd-professionals = 3000
achievements-applied = { more_than = 500 }
enterprises-large-scale = { at_least = 321 }
enterprises-high-tech = { about = 900 }
rd-intensity = { value = 3.5, period = 2001 }
technology-smes = { value = 155, label = "Another kind of firm" }
"""


def zone(year: int, figures: str):  # type: ignore[no-untyped-def]
    return parse_zone(HEAD.format(year=year) + figures, "testonia.toml")


FACTS = Facts(zone(2002, NOW), (zone(2001, BEFORE),))
ALONE = Facts(zone(2002, NOW))


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        # a number
        ("innovation-platforms > 157", True),
        ("innovation-platforms > 158", False),
        ("innovation-platforms >= 158", True),
        ("innovation-platforms < 158", False),
        ("innovation-platforms <= 158", True),
        ("innovation-platforms = 158", True),
        ("innovation-platforms != 158", False),
        ("innovation-platforms=158.0", True),
        ("rd-intensity = 3.5", True),
        ("rd-intensity > -1", True),
        ("technology-contract-turnover > 200 million", True),
        ("technology-contract-turnover >= 2.06亿", True),
        ("technology-contract-turnover > 3 亿", False),
        ("innovation-platforms < 1 thousand", True),
        # more than 500
        ("achievements-applied > 400", True),
        ("achievements-applied > 500", True),
        ("achievements-applied >= 501", None),
        ("achievements-applied > 600", None),
        ("achievements-applied <= 500", False),
        ("achievements-applied = 500", False),
        ("achievements-applied != 500", True),
        ("achievements-applied = 501", None),
        # at least 4,600
        ("enterprises-registered >= 4600", True),
        ("enterprises-registered > 4600", None),
        ("enterprises-registered < 4600", False),
        # up to 320, less than 50
        ("enterprises-large-scale <= 320", True),
        ("enterprises-large-scale < 320", None),
        ("enterprises-large-scale > 320", False),
        ("enterprises-large-scale > 100", None),
        ("rd-centres < 50", True),
        ("rd-centres = 50", False),
        ("rd-centres >= 50", False),
        # 150 to 160
        ("technology-smes > 149", True),
        ("technology-smes > 155", None),
        ("technology-smes > 160", False),
        ("technology-smes = 155", None),
        ("technology-smes = 161", False),
        # about 1,000 may be 500 to 1,500, about 1,057 is 1,056.5 to 1,057.5
        ("enterprises-high-tech > 400", True),
        ("enterprises-high-tech > 900", None),
        ("enterprises-high-tech = 1000", None),
        ("enterprises-high-tech < 1501", True),
        ("invention-patents-held > 1056", True),
        ("invention-patents-held > 1057", None),
        # not published
        ("exports > 1", None),
        ("patents-granted > 1", None),
        # derived
        ("rd-projects-per-100-rd-professionals > 38", True),
        ("rd-projects-per-100-rd-professionals > 39", False),
        # joined
        ("innovation-platforms = 158 and rd-professionals > 3000", True),
        ("innovation-platforms = 158 and exports > 1", None),
        ("innovation-platforms = 1 and exports > 1", False),
        ("innovation-platforms = 158 or exports > 1", True),
        ("innovation-platforms = 1 or exports > 1", None),
        ("innovation-platforms = 1 or rd-professionals = 1", False),
        ("not innovation-platforms = 1", True),
        ("not exports > 1", None),
        ("not (innovation-platforms = 1 or rd-professionals = 1) and rd-intensity < 4", True),
        ("innovation-platforms = 1 and rd-intensity = 1 or rd-professionals = 3228", True),
        # changed
        ("changed(innovation-platforms)", False),
        ("changed(rd-professionals)", True),
        ("changed( rd-intensity )", False),
        ("changed(achievements-applied)", None),
        ("changed(enterprises-large-scale)", True),
        ("changed(enterprises-high-tech)", None),
        ("changed(technology-smes)", None),
        ("changed(exports)", None),
        ("changed(rd-centres)", None),
    ],
)  # fmt: skip
def test_a_condition_comes_to(condition: str, holds: bool | None) -> None:
    assert judge(condition, FACTS).holds is holds


def test_without_an_earlier_snapshot_nothing_is_known_to_have_changed() -> None:
    found = judge("changed(rd-professionals)", ALONE)
    assert found.holds is None
    assert found.reasons == (
        "`rd-professionals` is 3,228: `changed`, beside not published or not given is unknown",
    )


def test_it_says_what_each_part_found() -> None:
    found = judge("achievements-applied > 600 and technology-contract-turnover > 0.2 billion", FACTS)
    assert found.holds is None
    assert found.reasons == (
        "`achievements-applied` is more than 500: `> 600` is unknown",
        "`technology-contract-turnover` is 206 million yuan: `> 200,000,000.0` is true",
    )


def test_all_parts_are_looked_at_even_where_the_first_decides() -> None:
    assert len(judge("innovation-platforms = 158 or exports > 1", FACTS).reasons) == 2


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("", "expected a condition"),
        ("  ", "expected a condition"),
        ("x" * 201, "at most 200 characters"),
        ("patents", "unknown indicator `patents`"),
        ("innovation-platform > 1", "unknown indicator `innovation-platform`"),
        ("innovation-platforms", "expected one of `<`"),
        ("innovation-platforms >", "expected a number, found its end"),
        ("innovation-platforms > many", "expected a number, found `many`"),
        ("innovation-platforms > 1,000", "`,000` cannot be read"),
        ("innovation-platforms == 1", "expected a number, found `=`"),
        ("innovation-platforms > 1 rd-professionals > 1", "expected `and`, `or` or its end, found `rd-professionals`"),
        ("innovation-platforms > 1 and", "expected an indicator, found its end"),
        ("(innovation-platforms > 1", "expected `\\)`, found its end"),
        ("innovation-platforms > 1)", "found `\\)`"),
        ("changed innovation-platforms", "unknown indicator `changed`"),
        ("changed()", "expected an indicator, found `\\)`"),
        ("changed(patents)", "unknown indicator `patents`"),
        ("innovation-platforms = 1 or patents > 1", "unknown indicator `patents`"),
        ("__import__('os')", "cannot be read"),
        ("(" * 200, "expected an indicator"),
        ("not " * 50, "expected an indicator"),
        ("innovation-platforms > 1e9", "expected a number, found `1e9`"),
    ],
)  # fmt: skip
def test_what_is_no_condition_is_named_with_a_hint(condition: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as refused:
        judge(condition, FACTS)
    assert refused.value.hint


def test_a_near_name_is_proposed() -> None:
    with pytest.raises(UsageError) as refused:
        judge("innovation-platform > 1", FACTS)
    assert refused.value.hint == "did you mean `innovation-platforms`?"


def test_the_examples_of_the_page_are_conditions() -> None:
    page = (Path(__file__).parents[2] / "docs/email.md").read_text("utf-8")
    examples = re.findall(r'--condition "([^"]+)"', page)
    assert len(examples) == 2
    assert [judge(example, FACTS).holds for example in examples] == [None, True]


def test_the_example_of_the_hint_is_a_condition() -> None:
    with pytest.raises(UsageError) as refused:
        judge("", FACTS)
    (example,) = re.findall("`([^`]+)`", refused.value.hint)
    assert judge(example, FACTS).holds is None  # patents granted are not published
