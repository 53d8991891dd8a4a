"""A zone file read: every form of a value, a date and a source, from TOML and from JSON alike."""

from __future__ import annotations

import json
import pickle
import tomllib
from decimal import Decimal
from typing import Any

import pytest

from zonereport.errors import InputError
from zonereport.language import load_language
from zonereport.measures import Facts
from zonereport.zone.model import Figure, Missing, Zone
from zonereport.zone.period import NOT_STATED, Period
from zonereport.zone.quantity import Bound, Quantity
from zonereport.zone.reading import bundled_zones, find_zone, parse_zone

BASE = """
format = 1

[zone]
id = "testonia"
name = { en = "Testonia Sample Zone", zh = "测试样本区" }
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
date = 2022-12-31

[sources.S2]
title = "Second sample"
publisher = "Testonia Press"
date = "2022-11"
address = "https://example.org/second"
note = "printed later"

[figures]
"""


def read(more: str = "", base: str = BASE) -> Zone:
    return parse_zone(base + more, "sample.toml")


def figure(line: str) -> Figure:
    (found,) = read(line).figures.values()
    return found


def without_defaults(*keys: str) -> str:
    return "".join(
        line
        for line in BASE.splitlines(keepends=True)
        if not line.startswith(tuple(f"{key} =" for key in keys))
    )


INFINITE = ("Infinity", True)


@pytest.mark.parametrize(
    ("value", "qualifier", "low", "high"),
    [
        ("158", "exact", ("158", False), ("158", False)),
        ("{ value = 158 }", "exact", ("158", False), ("158", False)),
        ("0", "exact", ("0", False), ("0", False)),
        ("{ more_than = 500 }", "more_than", ("500", True), INFINITE),
        ("{ at_least = 500 }", "at_least", ("500", False), INFINITE),
        ("{ less_than = 50 }", "less_than", ("0", False), ("50", True)),
        ("{ up_to = 50 }", "up_to", ("0", False), ("50", False)),
        ("{ about = 8000 }", "about", ("8000", False), ("8000", False)),
        ("{ range = [140, 160] }", "range", ("140", False), ("160", False)),
        ("1_235", "exact", ("1235", False), ("1235", False)),
        ("158.0", "exact", ("158", False), ("158", False)),
        ("0x10", "exact", ("16", False), ("16", False)),
    ],
)
def test_every_form_of_a_value_is_read(
    value: str, qualifier: str, low: tuple[str, bool], high: tuple[str, bool]
) -> None:
    quantity = figure(f"innovation-platforms = {value}").value
    assert isinstance(quantity, Quantity)
    assert quantity.qualifier == qualifier
    assert quantity.low == Bound(Decimal(low[0]), low[1])
    assert quantity.high == Bound(Decimal(high[0]), high[1])


@pytest.mark.parametrize(
    ("value", "missing"),
    [
        ('"not published"', Missing.NOT_PUBLISHED),
        ('"not applicable"', Missing.NOT_APPLICABLE),
        ('"confidential"', Missing.CONFIDENTIAL),
        ('{ missing = "confidential" }', Missing.CONFIDENTIAL),
    ],
)
def test_a_missing_value_says_why_it_is_missing(value: str, missing: Missing) -> None:
    assert figure(f"innovation-platforms = {value}").value is missing


@pytest.mark.parametrize(
    ("number", "scale", "printed"),
    [
        ("7", "one", "7"),
        ("7", "hundred", "700"),
        ("1.5", "thousand", "1500"),
        ("3.67", "ten thousand", "36700"),
        ("3.67", "万", "36700"),
        ("2.5", "lakh", "250000"),
        ("206", "million", "206000000"),
        ("0.5", "million", "500000"),
        ("1.25", "crore", "12500000"),
        ("3.67", "hundred million", "367000000"),
        ("3.67", "亿", "367000000"),
        ("93.4", "billion", "93400000000"),
        ("2", "trillion", "2000000000000"),
    ],
)
def test_a_scale_is_exact_and_adds_no_digit_after_the_point(number: str, scale: str, printed: str) -> None:
    value = figure(f'taxes = {{ value = {number}, scale = "{scale}", period = 2022 }}').value
    assert isinstance(value, Quantity)
    assert str(value.number) == printed


def test_a_scale_holds_for_both_ends_of_a_range() -> None:
    value = figure('taxes = { range = [2.5, 3], scale = "million", period = 2022 }').value
    assert value == Quantity.between(Decimal(2500000), Decimal(3000000))


def test_every_digit_of_a_number_is_kept() -> None:
    assert figure("area = 120.50").value == Quantity.exact(Decimal("120.50"))
    assert str(figure("area = 120.50").value.number) == "120.50"  # type: ignore[union-attr]


def test_a_negative_zero_is_zero() -> None:
    assert str(figure("area = -0.0").value.number) == "0.0"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("value", "qualifier", "number"),
    [
        ("value = -5", "exact", "-5"),
        ("more_than = -5", "more_than", "-5"),
        ("at_least = -5", "at_least", "-5"),
        ("less_than = -5", "less_than", "-5"),
        ("up_to = -5", "up_to", "-5"),
        ("up_to = 5", "up_to", "5"),
        ("range = [-5, -3]", "range", "-5"),
    ],
)
def test_what_may_be_negative_keeps_its_qualifier_below_zero(value: str, qualifier: str, number: str) -> None:
    quantity = figure(f"net-profit = {{ {value}, period = 2022 }}").value
    assert isinstance(quantity, Quantity)
    assert (quantity.qualifier, quantity.number) == (qualifier, Decimal(number))


def test_less_than_something_of_what_may_be_negative_does_not_begin_at_zero() -> None:
    quantity = figure("net-profit = { up_to = 5, period = 2022 }").value
    assert isinstance(quantity, Quantity)
    assert quantity.low.value == -Decimal("Infinity")


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("taxes = { value = 8, period = 2022 }", "CNY"),
        ('taxes = { value = 8, unit = "USD", period = 2022 }', "USD"),
        ('taxes = { value = 8, unit = "EUR", period = 2022 }', "EUR"),
        ("mean-contract-turnover = 8", "CNY"),
        ("rd-professionals = 8", "persons"),
        ('rd-professionals = { value = 8, unit = "persons" }', "persons"),
        ("area = 8", "square-kilometres"),
        ("zone-rank-national = 8", "rank"),
    ],
)
def test_money_has_a_currency_and_everything_else_its_indicators_unit(line: str, unit: str) -> None:
    assert figure(line).unit == unit


def test_a_second_printed_value_is_kept_and_not_recomputed() -> None:
    found = figure(
        'taxes = { value = 206, scale = "million", period = 2022,'
        ' printed = "206 million yuan ($29.5 million)",'
        ' also = { value = 29.5, scale = "million", unit = "USD" } }'
    )
    assert found.value == Quantity.exact(Decimal(206_000_000))
    assert found.also is not None
    assert (found.also.quantity, found.also.unit) == (Quantity.exact(Decimal(29_500_000)), "USD")
    assert found.printed == "206 million yuan ($29.5 million)"


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2022-12-31", Period("day", 2022, 12, 31)),
        ('"2022-12-31"', Period("day", 2022, 12, 31)),
        ('"2022-12"', Period("month", 2022, 12)),
        ("2022", Period("year", 2022)),
        ('"2022"', Period("year", 2022)),
        ('"2022-H1"', Period("half", 2022, 1)),
        ('"2022-Q3"', Period("quarter", 2022, 3)),
        ('"FY2022"', Period("fiscal", 2022)),
        ('"not stated"', NOT_STATED),
    ],
)
def test_a_date_is_as_precise_as_it_was_given(text: str, period: Period) -> None:
    assert figure(f"innovation-platforms = {{ value = 1, as_of = {text} }}").as_of == period
    assert figure(f"taxes = {{ value = 1, period = {text} }}").period == period


@pytest.mark.parametrize(
    ("line", "as_of", "period", "when"),
    [
        # a stock: the default date holds, the default period does not
        ("innovation-platforms = 1", "2022-12", None, "2022-12"),
        ("innovation-platforms = { value = 1, as_of = 2021 }", "2021", None, "2021"),
        ('innovation-platforms = { value = 1, period = "not stated" }', "2022-12", "not stated", "2022-12"),
        # a flow: its period comes first; the default date stands only beside a period that is not stated
        ("taxes = 1", "2022-12", "2021", "2021"),
        ("taxes = { value = 1, period = 2022 }", None, "2022", "2022"),
        ('taxes = { value = 1, period = "not stated" }', "2022-12", "not stated", "2022-12"),
    ],
)
def test_defaults_give_the_date_that_a_figure_leaves_out(
    line: str, as_of: str | None, period: str | None, when: str
) -> None:
    zone = read(line, BASE.replace('as_of = "2022-12"', 'as_of = "2022-12"\nperiod = 2021'))
    (found,) = zone.figures.values()
    assert (found.as_of and str(found.as_of), found.period and str(found.period)) == (as_of, period)
    assert str(found.when) == when


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("innovation-platforms = 1", "stock"),
        ("taxes = { value = 1, period = 2022 }", "flow"),
        ("patents-granted = 1", "cumulative"),
        ("technology-contract-turnover-share-of-city = 1", "share"),
        ("rd-intensity = 1", "ratio"),
        ("patents-granted-per-100-staff = { value = 1, period = 2022 }", "rate"),
        ("zone-rank-national = 1", "rank"),
    ],
)
def test_a_figure_is_of_its_indicators_kind(line: str, kind: str) -> None:
    assert figure(line).indicator.kind == kind


@pytest.mark.parametrize(
    "status",
    ["provisional", "estimated", "revised", "break", "forecast", "definition_differs", "unreliable"],
)
def test_every_status_is_kept(status: str) -> None:
    assert figure(f'innovation-platforms = {{ value = 1, status = ["{status}"] }}').status == {status}


def test_a_forecast_may_lie_after_the_edition() -> None:
    found = figure('innovation-platforms = { value = 200, as_of = 2031, status = ["forecast"] }')
    assert found.as_of == Period("year", 2031)


def test_a_target_may_lie_after_the_edition() -> None:
    zone = read(
        """platforms-aim = { value = 300, as_of = 2031 }
        [indicators.platforms-aim]
        section = "platforms"
        unit = "number"
        kind = "target"
        label = "Aim for platforms"
        definition = "Platforms aimed at."
        """
    )
    assert zone.figures["platforms-aim"].indicator.kind == "target"


@pytest.mark.parametrize(
    ("given", "sources"),
    [("", ["S1"]), (', source = "S2"', ["S2"]), (', source = ["S2", "S1"]', ["S2", "S1"])],
)
def test_sources_stand_once_for_all_or_at_the_figure(given: str, sources: list[str]) -> None:
    found = figure(f"innovation-platforms = {{ value = 1{given} }}")
    assert [source.id for source in found.sources] == sources


def test_several_default_sources_all_hold_for_figures_and_the_first_for_lists() -> None:
    zone = read(
        'innovation-platforms = 1\n[lists.kinds]\nlabel = "Kinds"\nitems = [{ id = "a", name = "A" }]\n',
        BASE.replace('source = "S1"', 'source = ["S2", "S1"]'),
    )
    assert [source.id for source in zone.figures["innovation-platforms"].sources] == ["S2", "S1"]
    assert zone.lists["kinds"].source.id == "S2"


def test_a_source_keeps_title_publisher_date_address_and_note() -> None:
    source = read().sources["S2"]
    assert (source.id, source.title, source.publisher) == (
        "S2",
        {"en": "Second sample"},
        {"en": "Testonia Press"},
    )
    assert (source.date, source.address) == (Period("month", 2022, 11), "https://example.org/second")
    assert source.note == {"en": "printed later"}


BREAKDOWN = """
[figures.innovation-platforms]
value = 158
[figures.innovation-platforms.breakdown]
by = "level"
note = "only some are named"
parts = [
    { name = "national-level", value = 3 },
    { name = "provincial-level", more_than = 40 },
    { name = "municipal-level" },
    { name = "secret", missing = "confidential" },
]
"""


def test_a_breakdown_may_be_incomplete_and_names_kinds_without_counts() -> None:
    breakdown = read(BREAKDOWN).figures["innovation-platforms"].breakdown
    assert breakdown is not None
    assert not breakdown.complete
    assert breakdown.by == {"en": "level"}
    assert [(part.name["en"], part.value) for part in breakdown.parts] == [
        ("national-level", Quantity.exact(Decimal(3))),
        ("provincial-level", Quantity.above(Decimal(40))),
        ("municipal-level", Missing.NOT_PUBLISHED),
        ("secret", Missing.CONFIDENTIAL),
    ]


def test_a_list_keeps_its_order_relations_and_origins() -> None:
    zone = read("""
[lists.present]
label = "Present"
as_of = 2021
source = "S2"
items = [{ id = "b", name = "Beta" }, { id = "a", name = "Alpha" }]
[lists.focus]
label = "Focus"
note = "read from the names"
items = [
    { id = "c", name = "Gamma", relation = "widened", origin = "a" },
    { id = "d", name = "Delta", relation = "new" },
]
""")
    present, focus = zone.lists["present"], zone.lists["focus"]
    assert [item.id for item in present.items] == ["b", "a"]
    assert (present.source.id, present.as_of) == ("S2", Period("year", 2021))
    assert [(item.relation, item.origin) for item in focus.items] == [("widened", "a"), ("new", "")]
    assert focus.note == {"en": "read from the names"}
    assert focus.as_of == Period("month", 2022, 12)  # the default


@pytest.mark.parametrize(
    ("date", "text"),
    [
        ("1990", "1990"),
        ('"2022-09"', "2022-09"),
        ("2022-09-03", "2022-09-03"),
        ('"not stated"', "not stated"),
    ],
)
def test_a_milestone_is_as_precise_as_it_was_published(date: str, text: str) -> None:
    (milestone,) = read(f'[[milestones]]\ndate = {date}\ntitle = "Founded"\n').milestones
    assert (str(milestone.date), milestone.title, milestone.source.id) == (text, {"en": "Founded"}, "S1")


def test_a_voice_is_a_quotation_or_a_paraphrase() -> None:
    quoted, told = read("""
[[voices]]
speaker = "A. Sample"
role = "director"
quotation = "We test."
[[voices]]
speaker = "B. Sample"
role = "manager"
paraphrase = "on testing"
source = "S2"
""").voices
    assert (quoted.is_quotation, quoted.text) == (True, {"en": "We test."})
    assert (told.is_quotation, told.text, told.source.id) == (False, {"en": "on testing"}, "S2")


def test_a_plain_number_is_enough_where_the_defaults_say_the_rest() -> None:
    found = figure("rd-professionals = 3228")
    assert found.value == Quantity.exact(Decimal(3228))
    assert (found.unit, str(found.as_of), [s.id for s in found.sources]) == ("persons", "2022-12", ["S1"])
    assert (found.note, found.status, found.also, found.breakdown) == (None, frozenset(), None, None)


def test_figures_stand_in_the_catalogues_order_whatever_the_files() -> None:
    zone = read("taxes = { value = 1, period = 2022 }\nrd-professionals = 2\ninnovation-platforms = 3\n")
    assert list(zone.figures) == ["innovation-platforms", "rd-professionals", "taxes"]


OWN = """
sample-labs = 30
innovation-platforms = 120
[indicators.sample-labs]
section = "platforms"
unit = "number"
kind = "stock"
label = { en = "Sample laboratories", zh = "样本实验室" }
phrase.en = { one = "{n} sample laboratory", other = "{n} sample laboratories" }
phrase.zh = "{n}个样本实验室"
definition = "Laboratories that are samples."
[indicators.sample-labs-share]
section = "platforms"
unit = "percent"
kind = "share"
label = "Share of sample laboratories"
definition = "Sample laboratories by platforms."
formula = "100 * {sample-labs} / {innovation-platforms}"
decimals = 1
"""


def test_a_zone_may_declare_indicators_of_its_own_and_derive_from_them() -> None:
    zone = read(OWN)
    own = zone.figures["sample-labs"].indicator
    assert own.label == {"en": "Sample laboratories", "zh": "样本实验室"}
    assert own.phrase == {
        "en": {"one": "{n} sample laboratory", "other": "{n} sample laboratories"},
        "zh": {"other": "{n}个样本实验室"},
    }
    share = Facts(zone).figures["sample-labs-share"]
    assert share.value == Quantity.exact(Decimal("25.0"))
    assert [input.id for input in share.inputs] == ["sample-labs", "innovation-platforms"]


def test_own_indicators_do_not_reach_the_next_zone() -> None:
    read(OWN)
    assert "sample-labs" not in read().indicators


def test_texts_are_by_language_and_a_plain_one_is_in_the_files_language() -> None:
    zone = read(base='language = "zh"\n' + BASE)
    assert zone.place == {"zh": "Testonia"}
    assert zone.name == {"en": "Testonia Sample Zone", "zh": "测试样本区"}
    assert read().place == {"en": "Testonia"}


def test_a_text_in_no_known_language_falls_back_to_the_first_given() -> None:
    zone = read(base=BASE.replace('place = "Testonia"', 'place = { fr = "Testonie", de = "Testonien" }'))
    english = load_language("en")
    assert (english.pick(zone.place), english.pick(zone.name)) == ("Testonie", "Testonia Sample Zone")
    assert english.borrowed == {"Testonie": "fr"}


def test_a_short_name_is_the_name_unless_given() -> None:
    assert read().short_name == read().name
    short = read(base=BASE.replace('place = "Testonia"', 'place = "Testonia"\nshort_name = "Testonia"'))
    assert short.short_name == {"en": "Testonia"}


def test_text_is_trimmed_and_composed() -> None:
    zone = read(base=BASE.replace('place = "Testonia"', 'place = "  Te\\u0301stonia\\r\\n "'))
    assert zone.place == {"en": "Téstonia"}


RICH = (
    BREAKDOWN
    + """
[figures.taxes]
about = 8
scale = "billion"
period = 2022
status = ["provisional", "revised"]
also = { value = 1.2, scale = "billion", unit = "USD" }
printed = "about 8 billion"
scope = { en = "the zone", zh = "全区" }
label = "Taxes and fees"
note = "as printed"
[[milestones]]
date = "2022-09"
title = "Opened"
"""
)


def as_json(data: dict[str, Any]) -> str:
    return json.dumps(data, default=lambda value: float(value) if isinstance(value, Decimal) else str(value))


SAMPLES = {
    "rich": BASE + RICH,
    "own": BASE + OWN,
    **{name: path.read_text("utf-8") for name, path in bundled_zones().items()},
}


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES)
def test_toml_and_json_give_the_equal_zone(text: str) -> None:
    from_toml = parse_zone(text, "zone.toml")
    from_json = parse_zone(as_json(tomllib.loads(text, parse_float=Decimal)), "ZONE.JSON")
    assert from_toml == from_json


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES)
def test_a_zone_survives_pickling_for_another_process(text: str) -> None:
    zone = parse_zone(text, "zone.toml")
    again = pickle.loads(pickle.dumps(zone))
    assert again == zone
    assert Facts(again).figures == Facts(zone).figures


def test_the_end_of_a_line_may_be_that_of_windows() -> None:
    assert read("innovation-platforms = 1\n".replace("\n", "\r\n")) == parse_zone(
        (BASE + "innovation-platforms = 1\n").replace("\n", "\r\n"), "sample.toml"
    )


def test_every_problem_of_a_file_is_reported_at_once() -> None:
    with pytest.raises(InputError) as refused:
        read('innovation-platfroms = 1\nrd-projects = -1\ntaxes = 2\narea = { value = 1, source = "S9" }\n')
    assert [problem.place for problem in refused.value.problems] == [
        "figures.innovation-platfroms",
        "figures.rd-projects.value",
        "figures.taxes",
        "figures.area.source",
    ]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("baotou-2022", "baotou-2022.toml"),
        ("sample.toml", "sample.toml"),
        ("sample.json", "sample.json"),
        ("folder/sample", "sample"),
    ],
)
def test_a_name_means_a_bundled_zone_or_a_path(name: str, found: str) -> None:
    assert find_zone(name).name == found
