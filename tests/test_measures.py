"""What follows from the figures: derived ones with their qualifiers, and changes only where they hold."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from zonereport.api import load
from zonereport.language import load_language
from zonereport.measures import (
    Comparison,
    Facts,
    compare,
    order_snapshots,
    sensitivity,
    tell_sources_apart,
    write_formula,
)
from zonereport.wording import change_in_a_sentence
from zonereport.zone.quantity import Quantity
from zonereport.zone.reading import parse_zone

if TYPE_CHECKING:
    from zonereport.zone.model import Figure, Zone

WORDS = load_language("en")


def zone(figures: str, *, year: int = 2022, defaults: str = "", more: str = "") -> Zone:
    return parse_zone(
        f"""
format = 1
[zone]
id = "testonia"
name = "Testonia Sample Zone"
place = "Testonia"
[edition]
snapshot = {year}
date = {year}-12-31
[defaults]
source = "S{year}"
as_of = {year}
currency = "CNY"
{defaults}
[sources.S{year}]
title = "Sample yearbook {year}"
publisher = "Testonia Press"
date = {year}-12-31
[figures]
{figures}
{more}
""",
        "sample.toml",
    )


def value(figure: Figure) -> Quantity:
    assert isinstance(figure.value, Quantity)
    return figure.value


def said(figures: str, id: str) -> str:
    """Return a derived figure of a sample zone in words."""
    return WORDS.value(Facts(zone(figures)).figures[id])


# Derived figures


@pytest.mark.parametrize(
    ("id", "result", "formula"),
    [
        (
            "rd-projects-per-100-rd-professionals",
            "38.3",
            "100 × R&D projects ÷ Full-time R&D professionals",
        ),
        (
            "invention-patents-per-100-rd-professionals",
            "32.7",
            "100 × Invention patents held by enterprises ÷ Full-time R&D professionals",
        ),
        (
            "invention-patents-per-large-scale-enterprise",
            "less than 3.31",
            "Invention patents held by enterprises ÷ Large-scale enterprises",
        ),
        (
            "mean-contract-turnover",
            "4.48 million yuan",
            "Technology contract turnover ÷ Technology contracts signed",
        ),
        (
            "contract-turnover-city",
            "about 270 million yuan",
            "Technology contract turnover × 100 ÷ Technology contract turnover: share of the city's total",
        ),
        (
            "contract-turnover-rest-of-city",
            "about 65 million yuan",
            "Technology contract turnover × (100 ÷ Technology contract turnover: share of the city's total − 1)",
        ),
    ],
)
def test_the_zone_of_2022_gives_derived_figures_with_their_formulas(
    id: str, result: str, formula: str
) -> None:
    figure = Facts(load("baotou-2022")).figures[id]
    assert WORDS.value(figure) == result
    assert write_formula(figure, WORDS.name, WORDS.number) == formula
    assert [source.id for source in figure.sources] == ["CD22"]


def test_the_zone_of_2022_gives_no_other_derived_figure() -> None:
    assert {figure.id for figure in Facts(load("baotou-2022")).derived} == {
        "rd-projects-per-100-rd-professionals",
        "invention-patents-per-100-rd-professionals",
        "invention-patents-per-large-scale-enterprise",
        "mean-contract-turnover",
        "contract-turnover-city",
        "contract-turnover-rest-of-city",
    }


@pytest.mark.parametrize(
    ("id", "low", "high"),
    [
        ("contract-turnover-rest-of-city", "63200000", "66900000"),
        ("contract-turnover-city", "269000000", "273000000"),
    ],
)
def test_an_inverted_share_says_how_far_its_rounding_reaches(id: str, low: str, high: str) -> None:
    width = sensitivity(Facts(load("baotou-2022")).figures[id])
    assert width is not None
    assert (width.low.value, width.high.value) == (Decimal(low), Decimal(high))


def test_a_share_printed_with_a_decimal_leaves_a_narrower_range() -> None:
    figures = (
        'technology-contract-turnover = {{ value = 206, scale = "million", period = 2022 }}\n'
        "technology-contract-turnover-share-of-city = {{ value = {share}, period = 2022 }}\n"
    )
    widths = []
    for share in ("76", "76.0", "76.00"):
        facts = Facts(zone(figures.format(share=share)))
        width = sensitivity(facts.figures["contract-turnover-rest-of-city"])
        assert width is not None
        widths.append(width.high.value - width.low.value)
    assert widths[0] > widths[1] > widths[2] > 0


def test_a_share_written_with_an_exponent_is_rounded_to_a_unit_and_no_coarser() -> None:
    share = "technology-contract-turnover-share-of-city = { value = 5e1, period = 2022 }"
    facts = Facts(zone(f"technology-contract-turnover = {{ value = 200, period = 2022 }}\n{share}"))
    width = sensitivity(facts.figures["contract-turnover-city"])
    assert width is not None
    assert (width.low.value, width.high.value) == (Decimal(396), Decimal(405))


@pytest.mark.parametrize(
    ("turnover", "share"),
    [
        ("{ more_than = 200, period = 2022 }", "{ value = 76, period = 2022 }"),  # no upper end
        ("{ value = 200, period = 2022 }", "{ about = 76, period = 2022 }"),  # not a printed rounding
    ],
)
def test_an_inverted_share_without_two_ends_has_no_sensitivity(turnover: str, share: str) -> None:
    figures = (
        f"technology-contract-turnover = {turnover}\ntechnology-contract-turnover-share-of-city = {share}\n"
    )
    assert sensitivity(Facts(zone(figures)).figures["contract-turnover-city"]) is None


@pytest.mark.parametrize(("less", "ends"), [("0.4", ("33.3", "100.0")), ("0.46", None)])
def test_a_divisor_that_rounding_may_have_kept_from_zero_has_no_sensitivity(
    less: str, ends: tuple[str, str] | None
) -> None:
    declared = own(x=f"{{rd-projects}} / ({{rd-intensity}} - {less})") + "about = true"
    width = sensitivity(Facts(zone("rd-projects = 5\nrd-intensity = 0.5", more=declared)).figures["x"])
    assert (width and (str(width.low.value), str(width.high.value))) == ends


def test_only_an_approximate_indicator_has_a_sensitivity() -> None:
    assert sensitivity(Facts(load("baotou-2022")).figures["mean-contract-turnover"]) is None
    assert sensitivity(Facts(load("baotou-2022")).figures["innovation-platforms"]) is None


@pytest.mark.parametrize(
    ("projects", "people", "result"),
    [
        ("1235", "3228", "38.3"),
        ("{ more_than = 1235 }", "3228", "more than 38.2"),
        ("{ at_least = 500 }", "1000", "at least 50.0"),
        ("{ about = 1200 }", "3228", "about 37.2"),
        ("{ up_to = 500 }", "1000", "up to 50.0"),
        ("{ less_than = 500 }", "1000", "less than 50.0"),
        ("{ range = [400, 500] }", "1000", "40.0 to 50.0"),
        ("500", "{ more_than = 1000 }", "less than 50.0"),
        ("{ about = 500 }", "{ more_than = 1000 }", "less than about 50.0"),
        ("500", "{ range = [1000, 2000] }", "25.0 to 50.0"),
        ("0", "1000", "0.0"),
    ],
)
def test_a_derived_figure_inherits_the_qualifiers_of_its_inputs(
    projects: str, people: str, result: str
) -> None:
    figures = f"rd-projects = {projects}\nrd-professionals = {people}"
    assert said(figures, "rd-projects-per-100-rd-professionals") == result


@pytest.mark.parametrize(
    "figures",
    [
        "rd-projects = 5",
        "rd-professionals = 5",
        'rd-projects = 5\nrd-professionals = "not published"',
        'rd-projects = 5\nrd-professionals = "confidential"',
        "rd-projects = 5\nrd-professionals = 0",
        "rd-projects = 5\nrd-professionals = { up_to = 50 }",
        "rd-projects = { more_than = 5 }\nrd-professionals = { more_than = 50 }",
        "rd-projects = { value = 5, as_of = 2017 }\nrd-professionals = 50",
        "rd-projects = { value = 5, as_of = 2022-03-31 }\n"
        "rd-professionals = { value = 50, as_of = 2022-06-30 }",
    ],
)
def test_an_input_that_is_missing_unknown_or_of_another_time_gives_no_derived_figure(figures: str) -> None:
    assert Facts(zone(figures)).derived == ()


def test_a_date_within_the_year_of_the_other_input_is_the_same_time() -> None:
    figures = "rd-projects = { value = 5, as_of = 2022-06-30 }\nrd-professionals = 50"
    assert said(figures, "rd-projects-per-100-rd-professionals") == "10.0"


def test_money_in_two_currencies_is_not_mixed() -> None:
    figures = (
        'rd-expenditure = {{ value = 5, unit = "{unit}", period = 2022 }}\n'
        "gdp = {{ value = 100, period = 2022 }}\n"
    )
    assert said(figures.format(unit="CNY"), "rd-intensity") == "5.00%"
    assert "rd-intensity" not in Facts(zone(figures.format(unit="USD"))).figures


def test_a_derived_amount_of_money_has_its_inputs_currency() -> None:
    figures = (
        'technology-contract-turnover = { value = 90, unit = "USD", period = 2022 }\n'
        "technology-contracts = { value = 4, period = 2022 }\n"
    )
    assert said(figures, "mean-contract-turnover") == "$22.5"


def test_a_published_figure_wins_over_its_formula() -> None:
    facts = Facts(zone("rd-projects = 5\nrd-professionals = 50\nrd-projects-per-100-rd-professionals = 9.9"))
    figure = facts.figures["rd-projects-per-100-rd-professionals"]
    assert (value(figure), figure.inputs) == (Quantity.exact(Decimal("9.9")), ())
    assert facts.derived == ()


def test_a_figure_published_as_missing_is_not_derived_either() -> None:
    facts = Facts(
        zone('rd-projects = 5\nrd-professionals = 50\nrd-projects-per-100-rd-professionals = "confidential"')
    )
    assert facts.known("rd-projects-per-100-rd-professionals") is None
    assert facts.derived == ()


@pytest.mark.parametrize(
    ("status", "inherited"),
    [
        ("provisional", True),
        ("estimated", True),
        ("forecast", True),
        ("definition_differs", True),
        ("unreliable", True),
        ("revised", False),
        ("break", False),
    ],
)
def test_a_derived_figure_inherits_the_doubts_about_its_inputs(status: str, inherited: bool) -> None:
    figures = f'rd-projects = {{ value = 5, status = ["{status}"] }}\nrd-professionals = 50'
    figure = Facts(zone(figures)).figures["rd-projects-per-100-rd-professionals"]
    assert figure.status == ({status} if inherited else set())


@pytest.mark.parametrize(
    ("turnover", "contracts", "period"),
    [
        ("2022", "2022", "2022"),
        ('"not stated"', "2022", "not stated"),
        ("2022", '"not stated"', "not stated"),
    ],
)
def test_a_derived_figure_inherits_the_period_and_most_of_all_that_none_is_stated(
    turnover: str, contracts: str, period: str
) -> None:
    figure = Facts(
        zone(
            f"technology-contract-turnover = {{ value = 90, period = {turnover} }}\n"
            f"technology-contracts = {{ value = 4, period = {contracts} }}\n"
        )
    ).figures["mean-contract-turnover"]
    assert str(figure.period) == period


def test_a_derived_figure_names_every_source_of_its_inputs_once() -> None:
    facts = Facts(
        zone(
            'rd-projects = { value = 5, source = ["S2022", "T"] }\n'
            'rd-professionals = { value = 50, source = "T" }\n',
            more='[sources.T]\ntitle = "T"\npublisher = "T"\ndate = 2022',
        )
    )
    figure = facts.figures["rd-projects-per-100-rd-professionals"]
    assert [source.id for source in figure.sources] == ["S2022", "T"]


OWN = """
[indicators.{id}]
section = "platforms"
unit = "number"
kind = "ratio"
label = "{id}"
definition = "A sample."
formula = "{formula}"
"""


def own(**formulas: str) -> str:
    return "".join(OWN.format(id=id, formula=formula) for id, formula in formulas.items())


@pytest.mark.parametrize(
    "formulas",
    [
        {"x": "{x} + 1"},
        {"x": "{y} + 1", "y": "{x} + 1"},
        {"x": "{y} + {rd-projects}", "y": "{w} * 2", "w": "{x} / 3"},
    ],
)
def test_a_formula_that_needs_itself_gives_nothing_and_does_not_hang(formulas: dict[str, str]) -> None:
    facts = Facts(zone("rd-projects = 5", more=own(**formulas)))
    assert facts.derived == ()


def test_a_derived_figure_may_be_derived_from_a_derived_one_declared_later() -> None:
    facts = Facts(zone("rd-projects = 5", more=own(x="{y} + 1", y="{rd-projects} * 2")))
    assert {figure.id: value(figure).number for figure in facts.derived} == {"x": 11, "y": 10}


# Changes


def compared(now: str, before: str, id: str) -> Comparison | None:
    return Facts(zone(now), (zone(before, year=2021),)).comparison(id)


def test_119_rd_platforms_and_158_innovation_platforms_are_a_broken_series() -> None:
    found = Facts(load("baotou-2022"), (load("baotou-2021"),)).comparison("innovation-platforms")
    assert found is not None
    assert (value(found.before).number, value(found.now).number) == (119, 158)
    assert (found.standing, found.difference, found.percent) == ("break", None, None)
    (reason,) = found.reasons
    assert reason.code == "label"
    assert (WORDS.pick(reason.now), WORDS.pick(reason.before)) == (  # type: ignore[arg-type]
        "Innovation platforms",
        "R&D platforms",
    )


def test_patents_held_and_patents_granted_are_listed_as_unlike_and_never_compared() -> None:
    facts = Facts(load("baotou-2022"), (load("baotou-2017"),))
    assert facts.comparison("invention-patents-held") is None
    assert facts.comparison("patents-granted") is None
    found = {
        unlike.family: {
            str(zone.edition.snapshot): [figure.id for figure in figures] for zone, figures in unlike.groups
        }
        for unlike in facts.unlike()
    }
    assert found == {
        "patents": {"2017": ["patents-granted"], "2022": ["invention-patents-held"]},
        "platforms": {"2017": ["rd-centres"], "2022": ["innovation-platforms"]},
        "enterprises": {
            "2017": [
                "enterprises-registered",
                "enterprises-high-tech",
                "enterprises-listed",
                "enterprises-foreign-invested",
                "rare-earth-enterprises",
            ],
            "2022": ["enterprises-large-scale"],
        },
    }


def test_over_all_snapshots_the_platforms_of_each_are_listed_as_unlike() -> None:
    facts = Facts(load("baotou-2022"), (load("baotou-2021"), load("baotou-2017")))
    assert [unlike.family for unlike in facts.unlike()] == ["enterprises"]
    platforms = next(u for u in facts.unlike(over_all=True) if u.family == "platforms")
    assert [(str(zone.edition.snapshot), [f.id for f in figures]) for zone, figures in platforms.groups] == [
        ("2017", ["rd-centres"]),
        ("2021", ["innovation-platforms"]),
        ("2022", ["innovation-platforms"]),
    ]


def test_rd_intensity_of_2021_and_2023_is_compared_with_the_period_caution() -> None:
    found = Facts(load("baotou-2023"), (load("baotou-2021"),)).comparison("rd-intensity")
    assert found is not None
    assert found.standing == "comparable"
    assert found.difference == Quantity.exact(Decimal("-0.62"))
    assert found.percent is None
    assert [reason.code for reason in found.reasons] == ["period"]


@pytest.mark.parametrize(
    ("now", "before", "difference", "percent"),
    [
        ("158", "119", "39", "32.8"),
        ("119", "158", "−39", "−24.7"),
        ("119", "119", "0", "0.0"),
        ("{ about = 158 }", "119", "about 39", "about 32.8"),
        ("{ range = [150, 160] }", "100", "50 to 60", "50.0 to 60.0"),
        ("8", "{ range = [10, 16] }", "−8 to −2", "−50.0 to −20.0"),
        ("5", "0", "5", None),
    ],
)
def test_two_figures_of_one_indicator_have_a_difference(
    now: str, before: str, difference: str, percent: str | None
) -> None:
    found = compared(f"rd-projects = {now}", f"rd-projects = {before}", "rd-projects")
    assert found is not None
    assert found.standing == "comparable"
    assert found.difference is not None
    assert WORDS.quantity(found.difference, "number") == difference
    assert (WORDS.quantity(found.percent, "number") if found.percent else None) == percent
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("{ more_than = 500 }", "{ more_than = 400 }"),
        ("{ more_than = 500 }", "400"),
        ("500", "{ at_least = 400 }"),
        ("{ up_to = 50 }", "30"),
        ("30", "{ less_than = 50 }"),
        ("{ up_to = 50 }", "{ up_to = 40 }"),
    ],
)
def test_a_figure_known_by_its_bound_gives_no_difference(now: str, before: str) -> None:
    found = compared(f"rd-projects = {now}", f"rd-projects = {before}", "rd-projects")
    assert found is not None
    assert (found.standing, found.difference, found.percent) == ("comparable", None, None)
    of_both = "{" in now and "{" in before
    assert [reason.code for reason in found.reasons] == ["bounds" if of_both else "bound"]


@pytest.mark.parametrize(
    ("now", "before", "direction"),
    [
        ("12", "10", "up from"),
        ("8", "10", "down from"),
        ("10", "10", "unchanged from"),
        ("{ about = 10 }", "{ about = 10 }", "unchanged from"),
        ("10", "{ about = 10 }", "after"),
        ("{ about = 12 }", "10", "up from"),
        ("{ range = [10, 15] }", "10", "after"),
        ("{ range = [15, 20] }", "{ range = [10, 15] }", "after"),
        ("{ range = [10, 15] }", "{ range = [15, 20] }", "after"),
        ("{ range = [10, 15] }", "{ range = [10, 15] }", "after"),
        ("{ range = [16, 20] }", "{ range = [10, 15] }", "up from"),
        ("{ range = [10, 14] }", "{ range = [15, 20] }", "down from"),
        ("{ more_than = 50 }", "{ more_than = 40 }", "after"),
    ],
)
def test_a_sentence_says_up_or_down_only_where_no_other_is_possible(
    now: str, before: str, direction: str
) -> None:
    found = compared(f"rd-projects = {now}", f"rd-projects = {before}", "rd-projects")
    assert found is not None
    assert change_in_a_sentence(found, WORDS).startswith(direction)


def test_what_flowed_in_a_period_that_is_not_stated_is_neither_up_nor_down() -> None:
    line = 'taxes = {{ value = {}, period = "{}" }}'
    for now, before in (("not stated", "2021"), ("2022", "not stated"), ("not stated", "not stated")):
        found = compared(line.format(9, now), line.format(8, before), "taxes")
        assert found is not None
        assert (found.difference, found.percent) == (None, None)
        assert [reason.code for reason in found.reasons] == ["period"]
        assert change_in_a_sentence(found, WORDS).startswith("after")


@pytest.mark.parametrize(
    "id", ["enterprises-high-tech-share", "rd-intensity", "technology-contract-turnover-share-of-city"]
)
def test_percentages_differ_by_points_and_not_by_per_cent(id: str) -> None:
    found = compared(f"{id} = 40", f"{id} = 30", id)
    assert found is not None
    assert (found.difference, found.percent) == (Quantity.exact(Decimal(10)), None)


def test_a_rank_has_no_change_in_per_cent() -> None:
    found = compared("zone-rank-national = 40", "zone-rank-national = 50", "zone-rank-national")
    assert found is not None
    assert found.standing == "comparable"
    assert (found.difference, found.percent) == (None, None)  # 40 after 50 is better, not less


@pytest.mark.parametrize(
    ("now", "before", "reasons"),
    [
        ("158", "119", []),
        ('{ value = 158, label = "Labs", phrase.en = "{n} labs" }', "119", ["label"]),
        ("158", '{ value = 119, label = "Labs", phrase.en = "{n} labs" }', ["label"]),
        # the catalogue's own name, given again in one language or in both, is no other name
        ("158", '{ value = 119, label = "Innovation platforms" }', []),
        ("158", '{ value = 119, label = { en = "Innovation platforms", zh = "创新平台" } }', []),
        ("158", '{ value = 119, label = { zh = "研发平台" } }', ["label"]),
        ('{ value = 158, scope = "the city" }', '{ value = 119, scope = "the zone" }', ["scope"]),
        ('{ value = 158, scope = "the zone" }', '{ value = 119, scope = "the zone" }', []),
        ('{ value = 158, scope = "the zone" }', "119", ["scope"]),
        ('{ value = 158, status = ["break"] }', "119", ["flag"]),
        ("158", '{ value = 119, status = ["break"] }', []),
        ('{ value = 158, status = ["definition_differs"] }', "119", ["definition"]),
        ("158", '{ value = 119, status = ["definition_differs"] }', ["definition"]),
        (
            '{ value = 158, status = ["break"], scope = "all" }',
            '{ value = 119, scope = "some" }',
            ["scope", "flag"],
        ),
    ],
)
def test_another_name_scope_or_definition_breaks_the_series(
    now: str, before: str, reasons: list[str]
) -> None:
    id = "innovation-platforms"
    found = compared(f"{id} = {now}", f"{id} = {before}", id)
    assert found is not None
    assert [reason.code for reason in found.reasons] == reasons
    assert found.standing == ("break" if reasons else "comparable")
    assert (found.difference is None) == bool(reasons)


def test_another_currency_is_not_comparable() -> None:
    line = 'taxes = {{ value = 8, unit = "{unit}", period = {year} }}'
    found = compared(line.format(unit="USD", year=2022), line.format(unit="CNY", year=2021), "taxes")
    assert found is not None
    assert (found.standing, found.difference) == ("not_comparable", None)
    assert [(reason.code, reason.now, reason.before) for reason in found.reasons] == [("unit", "USD", "CNY")]


def test_an_indicator_declared_with_another_kind_or_unit_is_not_comparable() -> None:
    declared = (
        '[indicators.sample]\nsection = "platforms"\nunit = "{unit}"\nkind = "{kind}"\n'
        'label = "Sample"\ndefinition = "A sample."\n'
    )
    now = zone("sample = 5", more=declared.format(unit="number", kind="stock"))
    before = zone("sample = 5", year=2021, more=declared.format(unit="persons", kind="cumulative"))
    found = compare(now.figures["sample"], before.figures["sample"])
    assert (found.standing, found.difference) == ("not_comparable", None)
    assert [(reason.code, reason.now, reason.before) for reason in found.reasons] == [
        ("unit", "number", "persons"),
        ("kind", "stock", "cumulative"),
    ]


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("rd-projects = 5", ""),
        ("", "rd-projects = 5"),
        ('rd-projects = "not published"', "rd-projects = 5"),
        ("rd-projects = 5", 'rd-projects = "confidential"'),
    ],
)
def test_what_is_not_known_on_both_sides_is_not_compared(now: str, before: str) -> None:
    assert compared(now, before, "rd-projects") is None


def test_without_an_earlier_snapshot_nothing_is_compared() -> None:
    facts = Facts(load("baotou-2022"))
    assert (facts.before, facts.comparison("innovation-platforms"), facts.unlike()) == (None, None, ())


def test_a_series_is_oldest_first_and_holds_published_figures_only() -> None:
    zones = order_snapshots([load("baotou-2021"), load("baotou-2017")])
    series = Facts(load("baotou-2022"), zones).series("platforms")
    assert [(str(zone.edition.snapshot), figure.id, value(figure).number) for zone, figure in series] == [
        ("2017", "rd-centres", 50),
        ("2021", "innovation-platforms", 119),
        ("2022", "innovation-platforms", 158),
    ]


def test_snapshots_are_ordered_by_time_whatever_the_order_given() -> None:
    zones = [load(name) for name in ("baotou-2021", "baotou-2023", "baotou-2017", "baotou-2022")]
    ordered = [str(zone.edition.snapshot) for zone in order_snapshots(zones)]
    assert ordered == ["2023", "2022", "2021", "2017"]


def test_the_latest_earlier_snapshot_is_compared_with() -> None:
    zones = order_snapshots([zone("rd-projects = 1", year=2019), zone("rd-projects = 2", year=2021)])
    found = Facts(zone("rd-projects = 5"), zones).comparison("rd-projects")
    assert found is not None
    assert value(found.before).number == 2


def test_a_section_has_published_and_derived_figures_in_the_catalogues_order() -> None:
    section = Facts(load("baotou-2022")).section("contracts")
    assert [figure.id for figure in section] == [
        "technology-contracts",
        "technology-contract-turnover",
        "technology-contract-turnover-share-of-city",
        "mean-contract-turnover",
        "contract-turnover-city",
        "contract-turnover-rest-of-city",
    ]


def test_half_a_year_is_not_compared_with_a_whole_one() -> None:
    found = compared(
        'taxes = { value = 3, period = "2022-H1" }', "taxes = { value = 5, period = 2021 }", "taxes"
    )
    assert found is not None
    assert found.standing == "not_comparable"
    assert [reason.code for reason in found.reasons] == ["length"]
    assert found.difference is None


def test_sources_of_one_id_are_told_apart_and_the_same_source_keeps_its_id() -> None:
    now = zone("staff = 7", year=2022)
    other = zone("staff = 5", year=2021, more="")
    clash = replace(other, sources={"S2022": replace(other.sources["S2021"], id="S2022")})
    clash = replace(
        clash, figures={id: replace(f, sources=(clash.sources["S2022"],)) for id, f in clash.figures.items()}
    )
    (told,) = tell_sources_apart(now, [clash])
    assert list(told.sources) == ["S2022-2021"]
    assert told.figures["staff"].sources[0].id == "S2022-2021"
    assert tell_sources_apart(now, [other]) == (other,)
