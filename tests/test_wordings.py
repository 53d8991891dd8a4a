"""How a native words figures, money and dates: a table a language, from value and unit to the words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zonereport.language import load_language
from zonereport.zone.period import Period
from zonereport.zone.quantity import Quantity
from zonereport.zone.reading import parse_zone

D = Decimal
EXACT, ABOUT, MORE = Quantity.exact, Quantity.approximate, Quantity.above
UP_TO, BETWEEN = Quantity.below, Quantity.between


def at_least(number: Decimal) -> Quantity:
    return Quantity.above(number, or_equal=True)


def less_than(number: Decimal) -> Quantity:
    return Quantity.below(number, or_equal=False)


CHINESE = [
    # counts stand without grouping, with their measure word
    (EXACT(D(1235)), "number", "项", "1235项"),
    (EXACT(D(158)), "number", "个", "158个"),
    (EXACT(D(3228)), "persons", "人", "3228人"),
    (EXACT(D(0)), "number", "件", "0件"),
    (EXACT(D(1057)), "number", "件", "1057件"),
    (EXACT(D(1057)), "number", "", "1057"),
    # 万 and 亿 where two decimals are enough; never 千, never a rounded figure
    (EXACT(D(9999)), "persons", "人", "9999人"),
    (EXACT(D(10_000)), "persons", "人", "1万人"),
    (EXACT(D(12_300)), "persons", "人", "1.23万人"),
    (EXACT(D(12_345)), "persons", "人", "12345人"),
    (EXACT(D(150_000)), "number", "件", "15万件"),
    (EXACT(D(1_234_567)), "number", "件", "1234567件"),
    (EXACT(D(200_000_000)), "number", "件", "2亿件"),
    (EXACT(D("3.5")), "person-years", "", "3.5人年"),
    # 余 stands behind whole tens only, before the measure word
    (MORE(D(500)), "number", "项", "500余项"),
    (MORE(D(4600)), "number", "家", "4600余家"),
    (MORE(D(320)), "number", "家", "320余家"),
    (MORE(D(50_000)), "persons", "人", "5万余人"),
    (MORE(D(1057)), "number", "件", "超过1057件"),
    (MORE(D(5)), "number", "个", "超过5个"),
    (MORE(D("0.15")), "per-enterprise", "", "超过0.15"),
    (MORE(D(80)), "percent", "", "超过80%"),
    (MORE(D(8_000_000_000)), "CNY", "", "超过80亿元"),
    # other qualifiers
    (at_least(D(500)), "number", "项", "不少于500项"),
    (less_than(D(50)), "number", "个", "不足50个"),
    (UP_TO(D(50)), "number", "个", "至多50个"),
    (ABOUT(D(3000)), "persons", "人", "约3000人"),
    (ABOUT(D(8_000_000_000)), "CNY", "", "约80亿元"),
    (BETWEEN(D(150), D(160)), "number", "个", "150至160个"),
    (BETWEEN(D(75), D(80)), "percent", "", "75%至80%"),
    (BETWEEN(D(250_000_000), D(300_000_000)), "CNY", "", "2.5亿元至3亿元"),
    (MORE(D(500)) - MORE(D(320)), "number", "项", "无法确定"),
    # money
    (EXACT(D(206_000_000)), "CNY", "", "2.06亿元"),
    (EXACT(D(93_400_000_000)), "CNY", "", "934亿元"),
    (EXACT(D(18_000_000_000)), "CNY", "", "180亿元"),
    (EXACT(D(367_000_000)), "CNY", "", "3.67亿元"),
    (EXACT(D(123_456_789)), "CNY", "", "12345.6789万元"),
    (EXACT(D(12_345)), "CNY", "", "1.2345万元"),
    (EXACT(D(9_999)), "CNY", "", "9999元"),
    (EXACT(D("12.5")), "CNY", "", "12.5元"),
    (EXACT(D(2_000_000_000_000)), "CNY", "", "2万亿元"),
    (EXACT(D(29_500_000)), "USD", "", "2950万美元"),
    (EXACT(D(322_000_000)), "USD", "", "3.22亿美元"),
    (EXACT(D(13_500_000_000)), "USD", "", "135亿美元"),
    (EXACT(D(1_000_000)), "EUR", "", "100万欧元"),
    (EXACT(D(1_000_000)), "JPY", "", "100万日元"),
    (EXACT(D(-1_500_000)), "CNY", "", "−150万元"),
    (EXACT(D(-1_500_000)), "USD", "", "−150万美元"),
    # other units
    (EXACT(D(76)), "percent", "", "76%"),
    (EXACT(D("3.50")), "percent", "", "3.50%"),
    (EXACT(D("0.85")), "percentage-points", "", "0.85个百分点"),
    (EXACT(D("-0.62")), "percentage-points", "", "−0.62个百分点"),
    (EXACT(D(120)), "square-kilometres", "", "120平方千米"),
    (EXACT(D(7)), "hectares", "", "7公顷"),
    (EXACT(D(3)), "rank", "", "第3位"),
    (EXACT(D("38.3")), "per-100-persons", "", "38.3"),
    (EXACT(D(10)), "years", "", "10年"),
]


@pytest.mark.parametrize(("quantity", "unit", "measure", "wording"), CHINESE)
def test_a_quantity_reads_as_a_chinese_writes_it(
    quantity: Quantity, unit: str, measure: str, wording: str
) -> None:
    assert load_language("zh").quantity(quantity, unit, measure) == wording


GERMAN = [
    (EXACT(D(1235)), "number", "1.235"),
    (EXACT(D(158)), "number", "158"),
    (EXACT(D(1_234_567)), "number", "1.234.567"),
    (MORE(D(500)), "number", "mehr als 500"),
    (MORE(D(4600)), "number", "mehr als 4.600"),
    (at_least(D(500)), "number", "mindestens 500"),
    (less_than(D(50)), "number", "weniger als 50"),
    (UP_TO(D(50)), "number", "bis zu 50"),
    (ABOUT(D(3000)), "persons", "rund 3.000"),
    (BETWEEN(D(150), D(160)), "number", "150 bis 160"),
    (EXACT(D(76)), "percent", "76\xa0%"),
    (EXACT(D("4.12")), "percent", "4,12\xa0%"),
    (EXACT(D(1)), "percentage-points", "1 Prozentpunkt"),
    (EXACT(D("0.85")), "percentage-points", "0,85 Prozentpunkte"),
    (EXACT(D("-0.62")), "percentage-points", "−0,62 Prozentpunkte"),
    (EXACT(D("120.5")), "square-kilometres", "120,5\xa0km²"),
    (EXACT(D(1)), "years", "1 Jahr"),
    (EXACT(D(10)), "years", "10 Jahre"),
    (EXACT(D(206_000_000)), "CNY", "206\xa0Mio. Yuan"),
    (EXACT(D("29500000")), "USD", "29,5\xa0Mio. US-Dollar"),
    (ABOUT(D(8_000_000_000)), "CNY", "rund 8\xa0Mrd. Yuan"),
    (EXACT(D(93_400_000_000)), "CNY", "93,4\xa0Mrd. Yuan"),
    (BETWEEN(D(2_500_000), D(3_000_000)), "CNY", "2,5 bis 3\xa0Mio. Yuan"),
    (EXACT(D(-1_500_000)), "CNY", "−1,5\xa0Mio. Yuan"),
]


@pytest.mark.parametrize(("quantity", "unit", "wording"), GERMAN)
def test_a_quantity_reads_as_a_german_writes_it(quantity: Quantity, unit: str, wording: str) -> None:
    assert load_language("de").quantity(quantity, unit) == wording


BASE = """
format = 1
[zone]
id = "testonia"
name = "Testonia"
place = "Testonia"
[edition]
snapshot = 2002
date = 2002-12-31
[defaults]
source = "S"
as_of = "2002-12"
currency = "CNY"
[sources.S]
title = "Invented for a test"
publisher = "Nobody"
date = 2002
[figures]
"""


def sentence(line: str, language: str) -> str:
    (figure,) = parse_zone(BASE + line, "testonia.toml").figures.values()
    return load_language(language).sentence(figure)


@pytest.mark.parametrize(
    ("line", "wording"),
    [
        ("innovation-platforms = 158", "158个创新平台"),
        ("innovation-platforms = { up_to = 50 }", "至多50个创新平台"),
        ("rd-professionals = 3228", "3228名专职研发人员"),
        ("achievements-applied = { more_than = 500 }", "500余项已转化应用的重大科技成果"),
        ("enterprises-large-scale = { more_than = 320 }", "320余家规模以上企业"),
        ("enterprises-registered = { more_than = 4600 }", "4600余家注册企业"),
        ('rd-projects = { value = 1235, period = "not stated" }', "1235个研发项目（统计期未注明）"),
        ("taxes = { about = 8, scale = 'billion', period = 2001 }", "约80亿元"),
        (
            'taxes = { value = 2.06, scale = "亿", period = "not stated",'
            ' also = { value = 29.5, scale = "million", unit = "USD" } }',
            "2.06亿元（2950万美元；统计期未注明）",
        ),
        ("rd-intensity = { value = 3.5, period = 2001, status = ['provisional'] }", "3.5%（初步数）"),
        ('innovation-platforms = "not published"', "未公布"),
        ('innovation-platforms = { value = 7, label = { zh = "研发平台" } }', "7个（研发平台）"),
    ],
)
def test_a_figure_reads_in_a_sentence_as_a_chinese_writes_it(line: str, wording: str) -> None:
    assert sentence(line, "zh") == wording


@pytest.mark.parametrize(
    ("line", "wording"),
    [
        ("innovation-platforms = 1", "1 Innovationsplattform"),
        ("innovation-platforms = 158", "158 Innovationsplattformen"),
        ("innovation-platforms = { up_to = 1 }", "bis zu 1 Innovationsplattform"),
        ("innovation-platforms = { more_than = 500 }", "mehr als 500 Innovationsplattformen"),
        ('innovation-platforms = { value = 119, label = "R&D platforms", phrase.en = "{n} R&D platforms" }',
         "119 (R&D platforms)"),
        ('innovation-platforms = "not published"', "nicht veröffentlicht"),
    ],
)  # fmt: skip
def test_a_figure_reads_in_a_sentence_with_the_german_plural(line: str, wording: str) -> None:
    assert sentence(line, "de") == wording


def test_a_count_of_person_years_has_its_unit_once() -> None:
    line = "rd-personnel-fte = { value = 500, period = 2001 }"
    assert sentence(line, "en") == "500 person-years worked by R&D personnel"
    assert sentence(line, "zh") == "500人年的R&D人员全时当量"


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2022-12-19", "2022年12月19日"),
        ("2022-09", "2022年9月"),
        ("2022", "2022年"),
        ("2022-H1", "2022年上半年"),
        ("2022-H2", "2022年下半年"),
        ("2022-Q3", "2022年第3季度"),
        ("FY2022", "2022财年"),
        ("not stated", "统计期未注明"),
    ],
)
def test_a_date_reads_as_a_chinese_writes_it(text: str, period: str) -> None:
    assert load_language("zh").period(Period.parse(text)) == period


def test_the_number_beside_a_measure_word_is_what_a_tile_shows() -> None:
    words = load_language("zh")
    figures = parse_zone(
        f"{BASE}achievements-applied = {{ more_than = 500 }}\nrd-professionals = 3228", "testonia.toml"
    ).figures
    assert [words.value(figure) for figure in figures.values()] == ["3228人", "500余项"]


def test_things_are_listed_as_a_chinese_lists_them() -> None:
    words = load_language("zh")
    assert words.enumerate(["新能源", "新材料", "绿色发展"]) == "新能源、新材料和绿色发展"
    assert words.remarked("158个", ["修订数", "估计数"]) == "158个（修订数；估计数）"
