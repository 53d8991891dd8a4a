"""How figures, money and dates read in English: every wording once, in a table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonereport.errors import TemplateError
from zonereport.language import fill, load_language, sentence_case
from zonereport.zone.model import Missing
from zonereport.zone.period import Period
from zonereport.zone.quantity import Bound, Quantity
from zonereport.zone.reading import parse_zone

if TYPE_CHECKING:
    from pathlib import Path

    from zonereport.zone.model import Figure

WORDS = load_language("en")
D = Decimal

EXACT = Quantity.exact
ABOUT = Quantity.approximate
MORE_THAN = Quantity.above
UP_TO = Quantity.below


def at_least(number: Decimal) -> Quantity:
    return Quantity.above(number, or_equal=True)


def less_than(number: Decimal) -> Quantity:
    return Quantity.below(number, or_equal=False)


@pytest.mark.parametrize(
    ("quantity", "unit", "wording"),
    [
        # counts and their qualifiers
        (EXACT(D(1235)), "number", "1,235"),
        (EXACT(D(158)), "number", "158"),
        (EXACT(D(0)), "number", "0"),
        (EXACT(D(1234567)), "number", "1,234,567"),
        (MORE_THAN(D(500)), "number", "more than 500"),
        (MORE_THAN(D(4600)), "number", "more than 4,600"),
        (at_least(D(500)), "number", "at least 500"),
        (UP_TO(D(50)), "number", "up to 50"),
        (less_than(D(50)), "number", "less than 50"),
        (ABOUT(D(3000)), "persons", "about 3,000"),
        (Quantity.between(D(150), D(160)), "number", "150 to 160"),
        (Quantity(Bound(D(2)), Bound(D(3)), about=True), "number", "about 2 to 3"),
        (Quantity(Bound(D(0)), Bound(D(50), is_open=True), about=True), "number", "less than about 50"),
        (MORE_THAN(D(500)) - MORE_THAN(D(320)), "number", "not determined"),
        # units
        (EXACT(D(76)), "percent", "76%"),
        (EXACT(D("4.12")), "percent", "4.12%"),
        (EXACT(D("3.50")), "percent", "3.50%"),
        (EXACT(D("0.5")), "percentage-points", "0.5 percentage points"),
        (EXACT(D("-0.62")), "percentage-points", "−0.62 percentage points"),
        (EXACT(D(120)), "square-kilometres", "120 km²"),
        (EXACT(D("120.5")), "square-kilometres", "120.5 km²"),
        (EXACT(D(7)), "hectares", "7 hectares"),
        (EXACT(D("12.5")), "person-years", "12.5 person-years"),
        (EXACT(D("38.3")), "per-100-persons", "38.3"),
        (Quantity.between(D(75), D(80)), "percent", "75% to 80%"),
        (Quantity.between(D(120), D(130)), "square-kilometres", "120 to 130 km²"),
        # money
        (ABOUT(D(8_000_000_000)), "CNY", "about 8 billion yuan"),
        (EXACT(D(322_000_000)), "USD", "$322 million"),
        (EXACT(D(206_000_000)), "CNY", "206 million yuan"),
        (EXACT(D("93400000000.0")), "CNY", "93.4 billion yuan"),
        (EXACT(D("1.8E+10")), "CNY", "18 billion yuan"),
        (EXACT(D(2_000_000_000_000)), "CNY", "2 trillion yuan"),
        (EXACT(D(29_500_000)), "EUR", "€29.5 million"),
        (EXACT(D(29_500_000)), "GBP", "£29.5 million"),
        (EXACT(D(29_500_000)), "JPY", "JPY 29.5 million"),
        (EXACT(D("12.50")), "USD", "$12.50"),
        (UP_TO(D(5_000_000)), "USD", "up to $5 million"),
        (Quantity.between(D(2_500_000), D(3_000_000)), "CNY", "2.5 to 3 million yuan"),
        (Quantity.between(D(2_500_000), D(3_000_000)), "USD", "$2.5 to $3 million"),
        (Quantity.between(D(900_000), D(1_500_000)), "CNY", "900,000 to 1.5 million yuan"),
        (Quantity.between(D(1), D(1_500_000)), "CNY", "1 yuan to 1.5 million yuan"),
        (Quantity.between(D(900_000_000), D(1_500_000_000)), "CNY", "900 million to 1.5 billion yuan"),
        (Quantity.between(D(63_200_000), D(66_900_000)), "JPY", "JPY 63.2 to JPY 66.9 million"),
        # the edges of the scales: no digit is dropped
        (EXACT(D(999_999)), "CNY", "999,999 yuan"),
        (EXACT(D(1_000_000)), "CNY", "1 million yuan"),
        (EXACT(D(1_234_567)), "CNY", "1.234567 million yuan"),
        (EXACT(D(999_999_999)), "CNY", "999.999999 million yuan"),
        (EXACT(D(1_000_000_000)), "CNY", "1 billion yuan"),
        (EXACT(D(0)), "CNY", "0 yuan"),
        (EXACT(D("0.5")), "CNY", "0.5 yuan"),
        # below zero, with a true minus
        (EXACT(D(-5)), "number", "−5"),
        (EXACT(D(-1_500_000)), "CNY", "−1.5 million yuan"),
        (EXACT(D(-1_500_000)), "USD", "−$1.5 million"),
        (EXACT(D(-1_500_000)), "JPY", "JPY −1.5 million"),
        (Quantity.between(D(-5), D(3)), "number", "−5 to 3"),
        (MORE_THAN(D(-5)), "number", "more than −5"),
        (Quantity.below_signed(D(-5)), "number", "up to −5"),
    ],
)
def test_a_quantity_is_worded_with_its_qualifier_and_unit(
    quantity: Quantity, unit: str, wording: str
) -> None:
    assert WORDS.quantity(quantity, unit) == wording


# Figures in sentences

BASE = """
format = 1
[zone]
id = "testonia"
name = "Testonia Sample Zone"
place = "Testonia"
[edition]
snapshot = 2022
date = 2022-12-31
[defaults]
source = "S1"
as_of = "2022-12"
currency = "CNY"
[sources.S1]
title = "Sample yearbook"
publisher = "Testonia Press"
date = "2022-11"
[figures]
"""


def figure(line: str) -> Figure:
    (found,) = parse_zone(BASE + line, "sample.toml").figures.values()
    return found


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("innovation-platforms = 158", "158 innovation platforms"),
        ("innovation-platforms = 1", "1 innovation platform"),
        ("innovation-platforms = 0", "0 innovation platforms"),
        ("innovation-platforms = { up_to = 1 }", "up to 1 innovation platform"),
        ("innovation-platforms = { more_than = 500 }", "more than 500 innovation platforms"),
        ("innovation-platforms = { range = [1, 2] }", "1 to 2 innovation platforms"),
        ("innovation-platforms = { range = [150, 160] }", "150 to 160 innovation platforms"),
        ('innovation-platforms = "not published"', "not published"),
        ('innovation-platforms = "not applicable"', "not applicable"),
        ('innovation-platforms = "confidential"', "confidential"),
        (
            'innovation-platforms = { value = 1, label = "Labs",'
            ' phrase.en = { one = "{n} lab", other = "{n} labs" } }',
            "1 lab",
        ),
        ('innovation-platforms = { value = 7, label = "Labs", phrase.en = "{n} labs" }', "7 labs"),
        ('innovation-platforms = { value = 7, label = "样", phrase.zh = "{n}个样" }', "7 (样)"),
        (
            'innovation-platforms = { value = 7, status = ["provisional"] }',
            "7 innovation platforms (provisional)",
        ),
        (
            'innovation-platforms = { value = 7, status = ["revised", "estimated"] }',
            "7 innovation platforms (estimated; revised)",
        ),
        (
            'innovation-platforms = { value = 200, as_of = 2031, status = ["forecast"] }',
            "200 innovation platforms (forecast)",
        ),
        ('innovation-platforms = { missing = "confidential", status = ["provisional"] }', "confidential"),
        ('rd-projects = { value = 1235, period = "not stated" }', "1,235 R&D projects (period not stated)"),
        ("rd-intensity = 4.12", "4.12%"),
        ("taxes = { about = 8, scale = 'billion', period = 2017 }", "about 8 billion yuan"),
        (
            'taxes = { value = 206, scale = "million", period = "not stated",'
            ' also = { value = 29.5, scale = "million", unit = "USD" } }',
            "206 million yuan ($29.5 million; period not stated)",
        ),
        (
            'taxes = { value = 7, scale = "million", period = 2022, status = ["provisional"],'
            ' also = { about = 1, scale = "million", unit = "USD" } }',
            "7 million yuan (about $1 million; provisional)",
        ),
    ],
)
def test_a_figure_reads_in_a_sentence_with_all_that_must_be_said(line: str, sentence: str) -> None:
    assert WORDS.sentence(figure(line)) == sentence


def test_a_target_is_called_one() -> None:
    target = parse_zone(
        f"""{BASE}
        aim = {{ value = 300, as_of = 2030 }}
        [indicators.aim]
        section = "platforms"
        unit = "number"
        kind = "target"
        label = "Aim"
        phrase.en = "{{n}} platforms aimed at"
        definition = "Platforms aimed at."
        """,
        "sample.toml",
    ).figures["aim"]
    assert WORDS.sentence(target) == "300 platforms aimed at (target)"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("innovation-platforms = 1", "Innovation platforms"),
        ('innovation-platforms = { value = 1, label = "R&D platforms" }', "R&D platforms"),
        ('innovation-platforms = { value = 1, label = { zh = "平台" } }', "平台"),
    ],
)
def test_a_figure_is_called_as_its_source_calls_it(line: str, name: str) -> None:
    assert WORDS.name(figure(line)) == name


@pytest.mark.parametrize("missing", Missing)
def test_a_missing_value_is_said_and_never_blank(missing: Missing) -> None:
    assert WORDS.missing(missing) == missing.value


# Dates


@pytest.mark.parametrize(
    ("text", "period", "when"),
    [
        ("2022-12-31", "31 December 2022", "on 31 December 2022"),
        ("2022-09-01", "1 September 2022", "on 1 September 2022"),
        ("2022-12", "December 2022", "in December 2022"),
        ("2022", "2022", "in 2022"),
        ("2022-Q3", "Q3 2022", "in Q3 2022"),
        ("FY2022", "fiscal year 2022", "in fiscal year 2022"),
        ("not stated", "period not stated", "period not stated"),
    ],
)
def test_a_date_is_worded_as_precisely_as_it_was_given(text: str, period: str, when: str) -> None:
    assert WORDS.period(Period.parse(text)) == period
    assert WORDS.when(Period.parse(text)) == when


@pytest.mark.parametrize(
    ("text", "period"), [("2022-H1", "first half of 2022"), ("2022-H2", "second half of 2022")]
)
def test_a_half_year_is_named(text: str, period: str) -> None:
    assert WORDS.period(Period.parse(text)) == period
    assert period in WORDS.when(Period.parse(text))


def test_no_date_is_said_to_be_none() -> None:
    assert (WORDS.period(None), WORDS.when(None)) == ("no date", "no date")


def test_a_day_is_written_in_full() -> None:
    assert WORDS.day(date(2022, 12, 19)) == "19 December 2022"


def test_a_source_reads_as_a_reference() -> None:
    (source,) = figure("innovation-platforms = 1").sources
    assert WORDS.source(source) == "Sample yearbook. Testonia Press, November 2022."


# Words


@pytest.mark.parametrize(
    ("items", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_things_are_listed_with_an_and(items: list[str], text: str) -> None:
    assert WORDS.enumerate(items) == text


@pytest.mark.parametrize(
    ("remarks", "text"),
    [
        ([], "158"),
        (["", ""], "158"),
        (["revised"], "158 (revised)"),
        (["revised", "", "revised", "estimated"], "158 (revised; estimated)"),
    ],
)
def test_remarks_stand_once_in_one_pair_of_brackets(remarks: list[str], text: str) -> None:
    assert WORDS.remarked("158", remarks) == text


@pytest.mark.parametrize(
    ("count", "word"), [(0, "no"), (1, "one"), (5, "five"), (10, "ten"), (11, "11"), (1235, "1,235")]
)
def test_a_small_count_is_a_word(count: int, word: str) -> None:
    assert WORDS.cardinal(count) == word


@pytest.mark.parametrize(
    ("pattern", "values", "text"),
    [
        ("{n} yuan", {"n": "5"}, "5 yuan"),
        ("{a} and {b}", {"a": "{b}", "b": "x"}, "{b} and x"),
        ("{a}", {}, "{a}"),
        ("{a}", {"a": "\\1 {n}"}, "\\1 {n}"),
    ],
)
def test_braces_are_filled_in_once(pattern: str, values: dict[str, str], text: str) -> None:
    assert fill(pattern, **values) == text


def test_a_sentence_begins_with_a_capital() -> None:
    assert [sentence_case(text) for text in ("more than 5", "", "R&D")] == ["More than 5", "", "R&D"]


@given(
    st.decimals(min_value=-(10**15), max_value=10**15, places=3), st.sampled_from(["CNY", "USD", "number"])
)
def test_a_wording_holds_every_digit_of_the_number(value: Decimal, unit: str) -> None:
    text = WORDS.amount(value, unit)
    scale = next((10**n for word, n in SCALES.items() if word in text), 1)
    digits = "".join(c for c in text.replace("−", "-") if c in "-.0123456789")
    assert Decimal(digits) * scale == value


SCALES = {"trillion": 12, "billion": 9, "million": 6}


# A language file that is not there or does not hold


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(TemplateError) as refused:
        load_language("xx")
    assert refused.value.message == "no language `xx`"
    assert "en" in refused.value.hint


def test_no_path_can_be_given_as_a_language(tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text('name = "x"')
    (tmp_path / "languages").mkdir()
    with pytest.raises(TemplateError, match="no language"):
        load_language("../secret", tmp_path / "languages")


@pytest.mark.parametrize("content", [b"name = ", b"name = '\xff'"])
def test_a_language_file_that_is_not_toml_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "words.toml").write_bytes(content)
    with pytest.raises(TemplateError, match=r"en/words\.toml"):
        load_language("en", tmp_path)


@pytest.mark.parametrize(
    ("key", "found"), [("no.such.key", "nothing"), ("units", "a table"), ("units.number.more", "nothing")]
)
def test_a_word_that_a_language_lacks_is_named_with_its_file(key: str, found: str) -> None:
    with pytest.raises(TemplateError, match=rf"en/words\.toml: {key}: expected a text, found {found}"):
        WORDS.text(key)


def test_a_figure_under_another_name_is_not_worded_under_the_catalogue_s() -> None:
    zone = parse_zone(
        'format = 1\n[zone]\nid = "t"\nname = "Testonia"\nplace = "T"\n[edition]\nsnapshot = 2002\n'
        'date = 2002-12-31\n[defaults]\nsource = "S"\nas_of = 2002\n[sources.S]\ntitle = "Invented"\n'
        'publisher = "Nobody"\ndate = 2002\n[figures]\n'
        'innovation-platforms = { value = 7, label = "Sheds" }\n',
        "t.toml",
    )
    assert load_language("en").sentence(zone.figures["innovation-platforms"]) == "7 (Sheds)"
