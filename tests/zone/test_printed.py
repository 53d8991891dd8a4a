"""Printed numbers of ten languages: each reads as a native reads it, or is refused with the reason."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zonereport.errors import InputError
from zonereport.language import load_language
from zonereport.zone.model import Figure, Missing
from zonereport.zone.printed import Reading, Refusal, possible_readings, read_printed
from zonereport.zone.quantity import Quantity
from zonereport.zone.reading import parse_zone

READ = [
    # printed, language ("": not said), what it says
    # English
    ("1,235", "en", "1235"),
    ("158", "", "158"),
    ("3,228 researchers", "en", "3228 persons"),
    ("more than 4,600", "", "more_than 4600"),
    ("over 500", "en", "more_than 500"),
    ("500+", "en", "at_least 500"),
    ("at least 320 enterprises", "en", "at_least 320 number"),
    ("10 or more", "en", "at_least 10"),
    ("fewer than 50", "en", "less_than 50"),
    ("< 5%", "en", "less_than 5 percent"),
    ("≥ 1,000", "en", "at_least 1000"),
    ("as many as 50", "", "up_to 50"),
    ("no more than 12", "en", "up_to 12"),
    ("about 8 billion yuan", "", "about 8000000000 CNY"),
    ("nearly 5,000", "en", "about 5000"),
    ("~ 40", "", "about 40"),
    ("a total of 158 platforms", "", "158 number"),
    ("a total of more than 158", "", "more_than 158"),
    ("less than about 50", "en", "less_than ~50"),
    ("2.5 to 3 million yuan", "", "2500000..3000000 CNY"),
    ("$2.5 to $3 million", "", "2500000..3000000 USD"),
    ("900,000 to 1.5 million yuan", "en", "900000..1500000 CNY"),
    ("between 5 and 10", "", "5..10"),
    ("from 5 to 10", "", "5..10"),
    ("about 2–3", "", "about 2..3"),
    ("75% to 80%", "", "75..80 percent"),
    ("206 million yuan ($29.5 million)", "", "206000000 CNY; 29500000 USD"),
    ("93.4 billion yuan ($13.5 billion)", "", "93400000000 CNY; 13500000000 USD"),
    ("RMB 206 million", "", "206000000 CNY"),
    ("CNY 206 mn", "", "206000000 CNY"),
    ("US$29.5m", "en", "29500000 USD"),
    ("$1.2bn", "en", "1200000000 USD"),
    ("€1.2b", "en", "1200000000 EUR"),
    ("$5k", "en", "5000 USD"),
    ("12,439.15 hundred million NT$", "", "1243915000000 TWD"),
    ("NT$12.4 billion", "", "12400000000 TWD"),
    ("12.4391 trillion won", "", "12439100000000 KRW"),
    ("5 ten thousand", "en", "50000"),
    ("4.12 percent", "", "4.12 percent"),
    ("76 per cent", "", "76 percent"),
    ("3.50%", "en", "3.50 percent"),
    ("0.5 percentage points", "", "0.5 percentage-points"),
    ("120 square kilometers", "", "120 square-kilometres"),
    ("120 km²", "", "120 square-kilometres"),
    ("−0.62 percentage points", "", "-0.62 percentage-points"),
    ("−$1.5 million", "", "-1500000 USD"),
    ("3‰", "", "0.3 percent"),
    ("1,057²", "en", "1057"),
    ("158②家", "zh", "158 number"),
    ("1,057 [3]", "en", "1057"),
    ("1,057*", "en", "1057"),
    ("1,235 p", "en", "1235 provisional"),
    ("1,235 be", "en", "1235 break estimated"),
    ("1,235 (bep)", "en", "1235 break estimated provisional"),
    ("3 pp", "en", "3 percentage-points"),
    ("$500ᵇ", "en", "500 USD"),
    ("1,057ª", "en", "1057"),
    ("1,057ᵃ persons", "en", "1057 persons"),
    ("1,235 (be)", "en", "1235 break estimated"),
    ("..", "", "not published"),
    (":", "", "not published"),
    ("…", "", "not published"),
    (": c", "", "confidential"),
    ("not applicable", "", "not applicable"),
    # India
    ("₹13,255 crore", "", "132550000000 INR"),
    ("₹1.5 lakh crore", "", "1500000000000 INR"),
    ("12,34,567", "", "1234567"),
    ("1,00,000", "", "100000"),
    ("Rs. 500 cr", "en-IN", "5000000000 INR"),
    ("2.5 lakh", "", "250000"),
    ("₹1,23,45,678.50", "", "12345678.50 INR"),
    ("लगभग ₹५ करोड़", "", "about 50000000 INR"),
    ("5 लाख से अधिक", "hi", "more_than 500000"),
    # Chinese
    ("2.06亿元", "", "206000000 CNY"),
    ("3.67亿元", "en", "367000000 CNY"),
    ("百余家", "", "more_than 100 number"),
    ("3,000多人", "", "more_than 3000 persons"),
    ("近5000", "", "about 5000"),
    ("近5000家", "zh", "about 5000 number"),
    ("约3万人", "zh", "about 30000 persons"),
    ("超过500项", "", "more_than 500 number"),
    ("500家以上", "", "at_least 500 number"),
    ("不足10家", "", "less_than 10 number"),
    ("逾4600家", "", "more_than 4600 number"),
    ("不超过30个", "", "up_to 30 number"),
    ("1.2万亿元", "", "1200000000000 CNY"),
    ("一千二百", "", "1200"),
    ("一千零二家", "", "1002 number"),
    ("三十多亿元", "", "more_than 3000000000 CNY"),
    ("三千五百万元", "", "35000000 CNY"),
    ("1亿2000万元", "", "120000000 CNY"),
    ("5千万元", "", "50000000 CNY"),
    ("百亿元以上", "", "at_least 10000000000 CNY"),
    ("万余人", "", "more_than 10000 persons"),
    ("超万亿元", "", "more_than 1000000000000 CNY"),
    ("3,228", "zh", "3228"),
    ("2万人次", "", "20000 number"),
    ("两成", "", "20 percent"),
    ("三成五", "", "35 percent"),
    ("百分之三点五", "", "3.5 percent"),
    ("40.5%", "", "40.5 percent"),
    ("0.85个百分点", "", "0.85 percentage-points"),
    ("2至3亿元", "", "200000000..300000000 CNY"),
    ("1.5万至2万人", "", "15000..20000 persons"),
    ("150—160家", "", "150..160 number"),
    ("第5位", "", "5 rank"),
    ("共158个", "", "158 number"),
    ("达158个", "", "158 number"),
    ("2950万美元", "", "29500000 USD"),
    ("人民币2.06亿元", "", "206000000 CNY"),
    ("新臺幣12,439億元", "", "1243900000000 TWD"),
    ("12,439億元", "zh-TW", "1243900000000 TWD"),
    ("約三千人", "zh", "about 3000 persons"),
    ("十来家", "", "about 10 number"),
    ("5000左右", "", "about 5000"),
    ("120平方公里", "", "120 square-kilometres"),
    ("不详", "", "not published"),
    # Japanese
    ("約3億円", "", "about 300000000 JPY"),
    ("3億2,000万円", "", "320000000 JPY"),
    ("1兆2,000億円", "", "1200000000000 JPY"),
    ("300社以上", "", "at_least 300 number"),
    ("100社未満", "", "less_than 100 number"),
    ("3億円超", "", "more_than 300000000 JPY"),
    ("3割", "", "30 percent"),
    ("5,000人弱", "ja", "about 5000 persons"),
    ("2万から3万人", "", "20000..30000 persons"),
    # Korean
    ("17조 6,843억원", "", "17684300000000 KRW"),
    ("약 3만 명", "", "about 30000 persons"),
    ("4,600여 개", "", "more_than 4600 number"),
    ("100개 이상", "", "at_least 100 number"),
    ("50명 미만", "", "less_than 50 persons"),
    ("5천만원", "", "50000000 KRW"),
    ("2억 달러", "", "200000000 USD"),
    # German
    ("2,5 – 3 Mrd. €", "", "2500000000..3000000000 EUR"),
    ("206 Mio. Yuan", "de", "206000000 CNY"),
    ("rund 1.235", "", "about 1235"),
    ("über 500 Unternehmen", "", "more_than 500 number"),
    ("gut 500", "", "more_than 500"),
    ("knapp 5.000", "", "about 5000"),
    ("bis zu 50", "", "up_to 50"),
    ("mindestens 1.000 Personen", "", "at_least 1000 persons"),
    ("zwischen 150 und 160", "", "150..160"),
    ("36.300", "de", "36300"),
    ("36,300", "de", "36.300"),
    ("1.234.567,89 €", "", "1234567.89 EUR"),
    ("3 Billionen Euro", "", "3000000000000 EUR"),
    ("1 Billion Euro", "de", "1000000000000 EUR"),
    ("12 Tsd.", "", "12000"),
    ("350 T€", "de", "350000 EUR"),
    ("4,12 %", "", "4.12 percent"),
    ("1'234'567", "de-CH", "1234567"),
    ("8 300 ha", "de", "8300 hectares"),
    # French
    ("1 234,5 M€", "", "1234500000 EUR"),
    ("plus de 4 600 entreprises", "", "more_than 4600 number"),
    ("près de 3 milliards d'euros", "", "about 3000000000 EUR"),
    ("2,5 Md€", "", "2500000000 EUR"),
    ("entre 5 et 10 millions d'euros", "", "5000000..10000000 EUR"),
    ("au moins 300", "", "at_least 300"),
    ("4,12 pour cent", "", "4.12 percent"),
    ("2 billions", "fr", "2000000000000"),
    # Spanish and Portuguese
    ("2,5 mil millones de euros", "", "2500000000 EUR"),
    ("más de 500 empresas", "", "more_than 500 number"),
    ("1.235", "es-ES", "1235"),
    ("1,235", "es-MX", "1235"),
    ("hasta 50", "", "up_to 50"),
    ("de 5 a 10 millones", "es", "5000000..10000000"),
    ("12 mil", "es", "12000"),
    ("3 billones de dólares", "", "3000000000000 USD"),
    ("mais de 4.600", "", "more_than 4600"),
    ("R$ 2,5 bilhões", "", "2500000000 BRL"),
    ("R$ 300 mi", "pt", "300000000 BRL"),
    ("cerca de 3 mil pessoas", "", "about 3000 persons"),
    # Russian
    ("1,2 млрд руб.", "", "1200000000 RUB"),
    ("более 4 600", "", "more_than 4600"),
    ("от 2 до 3 млн", "", "2000000..3000000"),
    ("до 50 человек", "", "up_to 50 persons"),
    # digits of other widths and scripts
    ("３，２２８人", "zh", "3228 persons"),
    ("４０．５％", "", "40.5 percent"),
    ("१२५", "", "125"),
]  # fmt: skip

REFUSED = [
    # printed, language, currency, why
    ("36.300", "", "", "can be 36.3 or 36,300"),
    ("1,235", "", "", "can be 1,235 or 1.235"),
    ("36.300 €", "", "", "can be 36.3 EUR or 36,300 EUR"),
    ("1.234 millones", "es", "", "can be 1,234,000,000 or 1,234,000"),
    ("1 billion", "", "", "can be 1,000,000,000 or 1,000,000,000,000"),
    ("3 Billion Euro", "de", "", "another power in English"),
    ("36.3", "de", "", "`36.3`, which is no number"),
    ("1,23,45", "en", "", "no number"),
    ("12,34", "en", "", "no number"),
    ("007", "en", "", "no number"),
    ("1.2.3", "en", "", "no number"),
    ("12, 345", "en", "", "not known to stand with a number"),
    ("数百家", "", "", "names no certain number"),
    ("几十家", "", "", "names no certain number"),
    ("十几家", "", "", "names no certain number"),
    ("several hundred", "", "", "names no certain number"),
    ("dozens", "", "", "names no certain number"),
    ("二三十家", "", "", "vague"),
    ("两三家", "", "", "vague"),
    ("一百五", "", "", "vague"),
    ("3万5", "", "", "not certain to be one"),
    ("1亿2千元", "zh", "", "not certain to be one"),
    ("2억 5천 원", "ko", "", "not certain to be one"),
    ("1億5千円", "ja", "", "not certain to be one"),
    ("亿元", "", "", "scale without a number"),
    ("百家", "", "", "scale without a number"),
    ("翻了一番", "", "", "says how much something changed"),
    ("增长13%", "", "", "says how much something changed"),
    ("2倍", "", "", "says how much something changed"),
    ("doubled", "", "", "says how much something changed"),
    ("up 13 percent", "", "", "says how much something changed"),
    ("5m", "en", "", "scale of one letter"),
    ("50p", "en", "", "not known to stand"),
    ("1.2 b", "en", "", "in billions, or flagged"),
    ("¥5 billion", "en", "", "can be in CNY, JPY"),
    ("12,439億元", "", "", "can be in CNY, HKD"),
    ("$5 million", "en", "CAD", "can be in"),
    ("kr 500", "en", "", "can be in"),
    ("500 EUR $", "en", "", "two units"),
    ("12²5", "", "", "amid its digits"),
    ("12ᵃ5", "", "", "amid its digits"),
    ("12ᵃ 500", "", "", "amid its digits"),
    ("$500ᵇⁿ", "en", "", "amid its digits or words"),
    ("ᵃ500", "en", "", "amid its digits"),
    ("10ⁿ", "en", "", "power of ten"),
    ("100 eur", "en", "", "`eur`, which is not known"),
    ("500 rub", "en", "", "`rub`, which is not known"),
    ("5 fr", "en", "", "`fr`, which is not known"),
    ("5 up", "en", "", "how much something changed"),
    ("25 bp", "en", "", "`bp`, which is not known"),
    ("5 (fr)", "en", "", "`fr`, which is not known"),
    ("12② 345", "", "", "amid its digits"),
    ("5-2亿元", "", "", "may lack its scale"),
    ("5 to 2 million", "en", "", "may lack its scale"),
    ("about crore", "", "", "names no number"),
    ("万1,235余", "", "", "not certain to be one"),
    ("2021-22", "", "", "from low to high"),
    ("10⁶", "", "", "power of ten"),
    ("3×10⁶", "", "", "power of ten"),
    ("2½", "", "", "a part of the number or a mark"),
    ("(1,235)", "en", "", "not known to stand"),
    ("158 (119 in 2021)", "en", "", "not known to stand"),
    ("158 (119)", "en", "", "in brackets"),
    ("4,600 1", "en", "", "where nothing was expected"),
    ("5–3", "", "", "from low to high"),
    ("2.5 million to 3", "en", "", "from low to high"),
    ("from 5", "en", "", "one end only"),
    ("5 to about 10", "en", "", "qualifier inside"),
    ("约3000多人", "", "", "two qualifiers"),
    ("more than up to 5", "en", "", "two qualifiers"),
    ("-", "", "", "nil, not known or not applicable"),
    ("n/a", "", "", "nil, not known or not applicable"),
    ("–", "", "", "nil, not known or not applicable"),
    ("在建", "", "", "a state, not a number"),
    ("", "", "", "no number"),
    ("many", "", "", "not known to stand"),
    ("9" * 29, "", "", "larger than any figure"),
    ("5 million million", "en", "", "an order that nobody writes"),
    ("1,235", "it", "", "whose numbers are not known"),
    ("3斤", "", "", "not known to stand"),
    ("350 T€", "", "", "can be 350,000,000,000,000 EUR or 350,000 EUR"),
    ("5 mil", "", "", "can be 5,000,000 or 5,000"),
    ("2022年", "zh", "", "not known to stand"),
    ("1/3", "", "", "not known to stand"),
    ("1.235 platforms", "", "", "no whole number"),
    ("1.235 platforms", "de", "", "no whole number"),
]  # fmt: skip


def said(reading: Reading | Refusal) -> str:
    """Return a reading as the table has it, such as `more_than 100 number`."""
    if isinstance(reading, Refusal):
        return "refused"
    value = reading.value
    if isinstance(value, Missing):
        return value.value
    about = "~" if value.about else ""
    words = [f"{about}{value.number}"]
    if value.qualifier == "range":
        words = ["about" if value.about else "", f"{value.low.value}..{value.high.value}"]
    elif value.qualifier == "about":
        words = ["about", str(value.number)]
    elif value.qualifier != "exact":
        words.insert(0, value.qualifier)
    words += [reading.unit, *sorted(reading.status)]
    text = " ".join(word for word in words if word)
    return f"{text}; {said(reading.also)}" if reading.also else text


@pytest.mark.parametrize(("text", "language", "meaning"), READ)
def test_a_printed_number_is_read_as_a_native_reads_it(text: str, language: str, meaning: str) -> None:
    reading = read_printed(text, language=language)
    assert said(reading) == meaning, reading


@pytest.mark.parametrize(("text", "language", "currency", "why"), REFUSED)
def test_a_number_in_doubt_is_refused_with_the_reason(
    text: str, language: str, currency: str, why: str
) -> None:
    refusal = read_printed(text, language=language, currency=currency)
    assert isinstance(refusal, Refusal), refusal
    assert why in refusal.reason
    assert refusal.needed


def test_the_mark_of_a_footnote_is_kept_apart_from_its_number() -> None:
    reading = read_printed("1,057² [3]", language="en")
    assert isinstance(reading, Reading)
    assert reading.marks == "²[3]"


def test_the_scale_that_was_printed_is_told() -> None:
    reading = read_printed("2.06亿元")
    assert isinstance(reading, Reading)
    assert reading.scale == 10**8


@pytest.mark.parametrize(
    ("text", "currency", "unit"),
    [("5亿元", "TWD", "TWD"), ("5億元", "TWD", "TWD"), ("5亿元", "EUR", "CNY"), ("$5 million", "CNY", "USD"),
     ("Rs 500 crore", "PKR", "PKR"), ("kr 5 million", "SEK", "SEK"), ("¥5 billion", "JPY", "JPY")],
)  # fmt: skip
def test_a_currency_that_a_sign_leaves_open_is_that_of_the_file(text: str, currency: str, unit: str) -> None:
    reading = read_printed(text, currency=currency)
    assert isinstance(reading, Reading)
    assert reading.unit == unit


def test_what_can_be_meant_is_listed_whatever_the_language() -> None:
    assert [said(reading) for reading in possible_readings("36.300")] == ["36.300", "36300"]
    assert possible_readings("many") == []


# What the program writes

NUMBERS = st.decimals(0, 10**12, allow_nan=False, places=2) | st.integers(0, 10**14).map(Decimal)
UNITS = st.sampled_from(
    ["number", "persons", "person-years", "percent", "percentage-points", "square-kilometres", "hectares", "rank",
     "years", "CNY", "USD", "EUR", "GBP", "JPY", "AUD"]
)  # fmt: skip
MAKE = st.sampled_from(
    [Quantity.exact, Quantity.approximate, Quantity.above, lambda n: Quantity.above(n, or_equal=True),
     lambda n: Quantity.below(n + 1), lambda n: Quantity.below(n + 1, or_equal=False), lambda n: Quantity.between(n, n * 3 + 1)]
)  # fmt: skip


@pytest.mark.parametrize("code", ["en", "zh", "de"])
@settings(deadline=None)  # the first one loads the language
@given(NUMBERS, UNITS, MAKE, st.sampled_from(["", "家", "人", "项"]))
def test_what_is_written_is_read_back_as_it_was_or_refused(
    code: str, number: Decimal, unit: str, make: object, measure: str
) -> None:
    quantity = make(number)  # type: ignore[operator]
    text = load_language(code).quantity(quantity, unit, measure if code == "zh" else "")
    reading = read_printed(text, language=code, currency=unit if len(unit) == 3 else "")
    if isinstance(reading, Reading):
        assert reading.value == quantity, text
        assert reading.unit in (unit, "", "number", "persons"), text


@pytest.mark.parametrize("code", ["en", "zh", "de"])
@pytest.mark.parametrize("unit", ["number", "percent", "CNY", "USD", "square-kilometres"])
@pytest.mark.parametrize("number", ["1", "158", "3228", "4600", "12000", "206000000", "93400000000"])
def test_what_is_usually_written_is_not_refused(code: str, unit: str, number: str) -> None:
    for quantity in (Quantity.exact(Decimal(number)), Quantity.above(Decimal(number))):
        text = load_language(code).quantity(quantity, unit, "家")
        reading = read_printed(text, language=code)
        assert isinstance(reading, Reading), text
        assert reading.value == quantity


WORDS = (
    "0 1 5 12 1,235 1.235 36.300 0,5 007 , . - – − + ~ % ‰ ( ) [1] * ² ½ ① € $ ¥ 元 亿 億 万 千 百 十 两 成 余 多 以上 左右 约 近 "
    "第 家 人 百分之 点 至 兆 円 約 割 조 억 원 여 약 million billion Billion Mio. Mrd. mil crore m b p more than about bis to and between "
    "zwischen und yuan USD percent km² \u00a0 \u202f ٣ १ 倍 数 … :"
)
PIECES = st.sampled_from(WORDS.split(" "))


@settings(deadline=None)
@given(
    st.lists(PIECES | st.just(" ") | st.text(max_size=2), max_size=8).map("".join),
    st.sampled_from(["", "en", "zh", "de", "es"]),
)
def test_whatever_is_printed_is_read_or_refused_and_a_closer_look_agrees(text: str, language: str) -> None:
    reading = read_printed(text, language=language)
    if isinstance(reading, Refusal):
        assert reading.reason
        assert reading.needed
    else:
        assert reading in possible_readings(text)


# In a zone file

FILE = """
format = 1
{head}
[zone]
id = "testonia"
name = "Testonia Sample Zone"
place = "Testonia"
[edition]
snapshot = 2002
date = 2002-12-31
[defaults]
source = "YB"
as_of = "2002-12"
period = 2002
currency = "EUR"
[sources.YB]
title = "Invented yearbook"
publisher = "Nobody"
date = 2002
[figures]
{figure}
"""


def figure(entry: str, head: str = "") -> Figure:
    (found,) = parse_zone(FILE.format(figure=entry, head=head), "testonia.toml").figures.values()
    return found


def refusal(entry: str, head: str = "") -> str:
    with pytest.raises(InputError) as error:
        figure(entry, head)
    return str(error.value)


def test_a_figure_may_say_only_how_it_is_printed() -> None:
    taxes = figure('taxes = { printed = "206 million yuan ($29.5 million) " }')
    assert (taxes.value, taxes.unit) == (Quantity.exact(Decimal(206_000_000)), "CNY")
    assert taxes.also
    assert (taxes.also.quantity.number, taxes.also.unit) == (29_500_000, "USD")
    assert figure('staff = { printed = "3,000多人" }').value == Quantity.above(Decimal(3000))
    assert figure('taxes = { printed = "2,5 – 3 Mrd." }') == figure(
        'taxes = { range = [2.5, 3], scale = "billion", printed = "2,5 – 3 Mrd." }'
    )
    assert figure('rd-intensity = { printed = "4.12%" }').value == Quantity.exact(Decimal("4.12"))


def test_a_flag_behind_the_printed_number_becomes_a_status() -> None:
    assert figure('staff = { printed = "158 p" }').status == {"provisional"}
    assert figure('staff = { printed = "158 p", status = "revised" }').status == {"provisional", "revised"}
    assert figure('staff = { printed = ":" }').value is Missing.NOT_PUBLISHED


def test_a_number_in_doubt_is_asked_back_with_its_place_until_the_file_says_its_language() -> None:
    entry = 'revenue = { printed = "36.300" }'
    message = refusal(entry)
    assert "testonia.toml:21: figures.revenue.printed: `36.300` can be 36.3 or 36,300" in message
    assert "hint: say which language it is printed in, or write the value" in message
    assert figure(entry, 'language = "de"').value == Quantity.exact(Decimal(36300))
    assert figure(entry, 'language = "en"').value == Quantity.exact(Decimal("36.300"))


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('staff = { printed = "数百人" }', "`数百人` names no certain number"),
        ('staff = { printed = "76%" }', "expected `persons`, found `percent`"),
        ('rd-projects = { printed = "76 people" }', "expected `number`, found `persons`"),
        ('taxes = { printed = "76%" }', "expected an ISO 4217 currency code"),
        ('taxes = { printed = "$5 million", unit = "EUR" }', "is in USD, the `unit` says `EUR`"),
        ('taxes = { printed = "5 million", scale = "million" }', "says its scale itself"),
        ('staff = { printed = "about 2–3" }', "holds only about"),
        ('staff = { printed = "4.5" }', "expected a whole number, found `4.5`"),
        ("staff = { printed = 5 }", "expected text"),
    ],
)  # fmt: skip
def test_what_is_printed_must_fit_its_figure(entry: str, message: str) -> None:
    assert message in refusal(entry)
