"""A zone in canonical form: read again it is the same zone, whatever a zone file can say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from drawn import as_json, zone_files
from hypothesis import HealthCheck, given, settings

from zonereport.api import load
from zonereport.errors import InputError
from zonereport.zone.reading import bundled_zones, parse_zone
from zonereport.zone.writing import write_zone

if TYPE_CHECKING:
    from zonereport.zone.model import Zone


def read_again(zone: Zone) -> Zone:
    return parse_zone(write_zone(zone), "canonical.json")


@pytest.mark.slow
@given(zone_files())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_zone_that_is_written_and_read_is_the_same_zone_to_the_last_zero(data: dict[str, Any]) -> None:
    zone = parse_zone(as_json(data), "testonia.json")
    again = read_again(zone)
    assert again == zone
    assert repr(again.figures) == repr(zone.figures)
    assert write_zone(again) == write_zone(zone)


@pytest.mark.parametrize("name", bundled_zones())
def test_a_bundled_zone_that_is_written_and_read_is_the_same_zone(name: str) -> None:
    zone = load(name)
    assert read_again(zone) == zone
    assert write_zone(read_again(zone)) == write_zone(zone)


def sample(figures: str, more: str = "", defaults: str = "") -> Zone:
    return parse_zone(
        f"""
format = 1
zone = {{ id = "testonia", name = "Testonia Sample Zone", place = {{ zh = "测试地", en = "Testonia" }} }}
edition = {{ snapshot = 2022, date = 2022-12-31 }}
defaults = {{ source = "S1", as_of = "2022-12", currency = "CNY" {defaults} }}
sources.S1 = {{ title = "Sample yearbook", publisher = "Testonia Press", date = 2022 }}
{more}
[figures]
{figures}
""",
        "sample.toml",
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("{ value = 158 }", '"value": 158'),
        ("3.10", '"value": 3.10'),
        ('{ value = 206.5, scale = "million" }', '"value": 206500000'),
        ("{ about = 8000 }", '"about": 8000'),
        ("{ more_than = 500 }", '"more_than": 500'),
        ("{ at_least = 0 }", '"at_least": 0'),
        ("{ less_than = 50 }", '"less_than": 50'),
        ("{ less_than = 0 }", '"less_than": 0'),
        ("{ up_to = 50 }", '"up_to": 50'),
        ("{ up_to = 0 }", '"value": 0'),
        ("{ range = [140, 160] }", '"range": [140, 160]'),
        ('"confidential"', '"missing": "confidential"'),
    ],
)
def test_a_value_is_written_as_a_person_would(value: str, written: str) -> None:
    zone = sample(f"technology-contract-turnover = {value}", defaults=', period = "2022"')
    assert f"      {written},\n" in write_zone(zone)


def test_a_profit_of_up_to_something_may_be_a_loss_and_one_from_zero_may_not() -> None:
    profit = """
[indicators.shed-profit]
section = "output"
unit = "money"
kind = "flow"
label = "Profit of sheds"
definition = "What the sheds of Testonia earned"
signed = true
"""
    for value in ("{ up_to = 50 }", "{ range = [0, 50] }", "{ range = [-5, 0] }", "{ less_than = -5 }"):
        zone = sample(f"shed-profit = {value}", profit, ', period = "2022"')
        assert f"      {value[2:-2].replace('=', ':')}".replace(" :", '":').replace(
            "      ", '      "'
        ) in write_zone(zone)
        assert read_again(zone) == zone


def test_every_figure_says_its_own_source_date_and_currency_in_whole_units() -> None:
    zone = sample('technology-contract-turnover = { value = 2, scale = "billion", period = "2022" }')
    written = json.loads(write_zone(zone))
    assert "defaults" not in written
    assert written["figures"] == {
        "technology-contract-turnover": {
            "value": 2_000_000_000, "unit": "CNY", "period": "2022", "source": "S1",
        }
    }  # fmt: skip
    assert written["zone"]["short_name"] == written["zone"]["name"] == {"en": "Testonia Sample Zone"}


def test_texts_keep_the_order_of_their_languages_for_the_first_one_is_the_fallback() -> None:
    assert list(read_again(sample("")).place) == ["zh", "en"]


def test_a_short_entry_stands_on_one_line_and_a_long_one_on_several() -> None:
    lines = write_zone(sample("innovation-platforms = 158\nrd-professionals = 3228")).splitlines()
    assert '    "innovation-platforms": {"value": 158, "as_of": "2022-12", "source": "S1"},' in lines
    assert max(map(len, lines)) <= 100


def test_a_number_that_its_scale_makes_too_large_is_refused_with_the_number() -> None:
    with pytest.raises(
        InputError, match=r"expected less than 10\^21 in whole units, found `1E\+20` by the trillion"
    ):
        sample('technology-contract-turnover = { value = 1e20, scale = "trillion", period = "2022" }')
