"""What became of each figure, list and milestone between two snapshots, or two editions of one."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from zonereport.api import load, numbered
from zonereport.changes import STANDINGS, find_changes
from zonereport.language import load_language
from zonereport.measures import tell_sources_apart
from zonereport.wording import (
    change_of,
    entries_in_groups,
    entries_said,
    remarks_on,
    revision_in_a_sentence,
    why,
)
from zonereport.zone.model import Missing
from zonereport.zone.reading import bundled_zones, parse_zone

if TYPE_CHECKING:
    from zonereport.changes import Change, Changes
    from zonereport.zone.model import Zone

WORDS = load_language("en")
HEAD = """
format = 1
[zone]
id = "testonia"
name = "Testonia Sample Zone"
place = "Testonia"
[edition]
snapshot = {year}
date = {date}
[defaults]
source = "YB"
as_of = "{year}-12"
period = {year}
currency = "EUR"
[sources.YB]
title = "Invented yearbook{title}"
publisher = "Nobody"
date = {year}
[sources.XB]
title = "Another invented book"
publisher = "Nobody"
date = {year}
"""


def zone(body: str, year: int = 2003, *, title: str = " of the zone", date: str = "") -> Zone:
    head = HEAD.format(year=year, title=title, date=date or f"{year}-12-31")
    return parse_zone(head + body, "testonia.toml")


def later(now: str, before: str) -> Changes:
    """Return what changed from 2001 to 2003."""
    return find_changes(zone("[figures]\n" + now), zone("[figures]\n" + before, 2001))


def edited(now: str, before: str, **settings: str) -> Changes:
    """Return what changed from the first to the second edition of 2003."""
    first, second = (
        numbered(zone("[figures]\n" + before), 1),
        numbered(zone("[figures]\n" + now, **settings), 2),
    )
    return find_changes(second, *tell_sources_apart(second, (first,)))


def only(changes: Changes) -> Change:
    (change,) = changes.figures
    return change


def codes(changes: Changes) -> list[str]:
    return [reason.code for reason in only(changes).reasons]


# Standings


@pytest.mark.parametrize(
    ("now", "before", "standing", "said"),
    [
        ("staff = 12", "staff = 10", "changed", "+2 (+20.0%)"),
        ("staff = 10", "staff = 10", "unchanged", "0 (0.0%)"),
        ("staff = { about = 12 }", "staff = 10", "changed", "about +2 (about +20.0%)"),
        ("staff = 10", "staff = { about = 10 }", "changed", "about 0 (about 0.0%)"),
        ("staff = { up_to = 50 }", "staff = 40", "changed", "not computed"),
        ("staff = { more_than = 50 }", "staff = { more_than = 40 }", "changed", "not computed"),
        ("staff = { more_than = 50 }", "staff = { more_than = 50 }", "unchanged", "not computed"),
        ("staff = { value = 12, label = 'Heads' }", "staff = 10", "break", "not computed"),
        ("staff = { value = 12, status = 'break' }", "staff = 10", "break", "not computed"),
        ("staff = { value = 12, scope = 'city' }", "staff = 10", "break", "not computed"),
        ("exports = 9", "exports = { value = 8, unit = 'USD' }", "not_comparable", "not computed"),
        ("exports = { value = 9, period = '2003-H2' }", "exports = { value = 8, period = '2001-H1' }",
         "not_comparable", "not computed"),
        ("staff = 12", "staff = { value = 9, status = 'forecast' }", "not_comparable", "not computed"),
        ("staff = 12", "", "new", "not computed"),
        ("staff = 12", "staff = 'confidential'", "new", "not computed"),
        ("", "staff = 12", "dropped", "not computed"),
        ("staff = 'not published'", "staff = 12", "dropped", "not computed"),
        ("staff = 'not applicable'", "staff = 'confidential'", "valueless", "not computed"),
        ("staff = 'confidential'", "", "valueless", "not computed"),
        ("staff = { range = [10, 15] }", "staff = 10", "changed", "0 to +5 (0.0% to +50.0%)"),
        ("staff = 10", "staff = { range = [10, 15] }", "changed", "−5 to 0 (−33.4% to 0.0%)"),
        ("net-profit = { range = [5, 9] }", "net-profit = { range = [-1, 5] }", "changed", "€0 to +€10"),
        ("staff = 100_000_001", "staff = 100_000_002", "changed", "−1 (0.0%)"),
        ("exports = { value = 9, period = 'not stated' }", "exports = 8", "changed", "not computed"),
        ("exports = 9", "exports = { value = 8, period = 'not stated' }", "changed", "not computed"),
        ("zone-rank-national = 2", "zone-rank-national = 3", "changed", "not computed"),
    ],
)  # fmt: skip
def test_a_later_figure_has_its_standing_and_a_difference_only_where_both_values_allow_it(
    now: str, before: str, standing: str, said: str
) -> None:
    changes = later(now, before)
    assert only(changes).standing == standing
    assert change_of(only(changes), WORDS) == said
    assert changes.counts == {**dict.fromkeys(STANDINGS, 0), standing: 1}


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("staff = 'confidential'", "staff = 'confidential'"),
        ("staff = 'not published'", ""),
        ("", "staff = 'not published'"),
    ],
)
def test_what_neither_publishes_and_both_say_alike_is_no_change(now: str, before: str) -> None:
    assert later(now, before).figures == ()


@pytest.mark.parametrize(
    ("before", "code", "said"),
    [
        ("", "absent", "not among the figures of 2001"),
        ("staff = 'not published'", "not_published", "2001 says: not published"),
        ("staff = 'not applicable'", "not_applicable", "2001 says: not applicable"),
        ("staff = 'confidential'", "confidential", "2001 says: confidential"),
    ],
)
def test_a_new_figure_says_whether_the_earlier_file_left_it_out_or_said_why(
    before: str, code: str, said: str
) -> None:
    changes = later("staff = 12", before)
    assert why(only(changes), changes, WORDS) == [(code, said)]
    turned = find_changes(zone("[figures]\n" + before), zone("[figures]\nstaff = 12", 2001))
    assert only(turned).standing == "dropped"
    assert why(only(turned), turned, WORDS) == [(code, said.replace("2001", "2003"))]


@pytest.mark.parametrize(
    ("now", "before", "reasons"),
    [
        ("staff = 13", "staff = { more_than = 12 }", ["one of the two is published only as a bound"]),
        ("staff = { at_least = 13 }", "staff = { more_than = 12 }", ["both are published only as bounds"]),
        ("exports = { value = 9, period = 'not stated' }", "exports = 8", ["a period is not stated"]),
        ("staff = { value = 12, scope = 'the zone' }", "staff = 10",
         ["December 2003 covers the zone, December 2001 does not say what it covers"]),
        ("staff = 10", "staff = { value = 12, scope = 'the zone' }",
         ["December 2001 covers the zone, December 2003 does not say what it covers"]),
        ("patents-filed = 90", "patents-filed = 100",
         ["a cumulative count falls only if it is corrected or counted otherwise"]),
        ("patents-filed = 90", "patents-filed = { more_than = 100 }",
         ["one of the two is published only as a bound",
          "a cumulative count falls only if it is corrected or counted otherwise"]),
        ("patents-filed = 101", "patents-filed = 100", []),
    ],
)  # fmt: skip
def test_a_reason_says_what_is_so_of_these_two_figures(now: str, before: str, reasons: list[str]) -> None:
    changes = later(now, before)
    assert remarks_on(only(changes), changes, WORDS) == reasons


OWN = """
[indicators.nets]
section = "output"
unit = "number"
kind = "stock"
label = "Nets"
definition = "Nets {}."
"""


def test_a_definition_that_was_reworded_is_another_one_and_not_in_doubt() -> None:
    nets = "[figures]\nnets = 5\n" + OWN
    changes = find_changes(zone(nets.format("in use")), zone(nets.format("owned"), 2001))
    assert only(changes).standing == "break"
    assert why(only(changes), changes, WORDS) == [("redefined", "the definitions differ")]


def test_a_forecast_is_no_base_of_a_change_and_says_so() -> None:
    assert codes(later("staff = 12", "staff = { value = 9, status = 'forecast' }")) == ["forecast"]


# Statements about one time


@pytest.mark.parametrize(
    ("now", "before", "traits"),
    [
        ("staff = 12", "staff = 10", ("value",)),
        ("staff = { about = 10 }", "staff = 10", ("qualifier",)),
        ("staff = { more_than = 12 }", "staff = 10", ("value", "qualifier")),
        ("staff = { range = [5, 8] }", "staff = { range = [5, 7] }", ("value",)),
        ("staff = { value = 10, status = 'provisional' }", "staff = 10", ("status",)),
        ("staff = { value = 10, source = 'XB' }", "staff = 10", ("source",)),
        ("staff = { value = 10, as_of = '2003-12-31' }", "staff = 10", ("date",)),
        ("staff = { value = 10, note = 'Heads.' }", "staff = 10", ("note",)),
        ("exports = { value = 10, also = { value = 11, unit = 'USD' } }", "exports = 10", ("also",)),
        ("staff = { value = 9, breakdown = { by = 'sex', parts = [{ name = 'women', value = 5 }] } }",
         "staff = { value = 9, breakdown = { by = 'sex', parts = [{ name = 'women', value = 4 }] } }", ("parts",)),
    ],
)  # fmt: skip
def test_another_statement_about_one_time_is_a_revision_and_says_in_what(
    now: str, before: str, traits: tuple[str, ...]
) -> None:
    change = only(edited(now, before))
    assert change.standing == "revised"
    assert change.traits == traits


def test_a_later_file_that_restates_an_earlier_year_revises_it() -> None:
    changes = later("exports = { value = 9, period = 2001 }", "exports = 8")
    assert (only(changes).standing, change_of(only(changes), WORDS)) == ("revised", "+€1 (+12.5%)")
    same = later("exports = { value = 8, period = 2001 }", "exports = 8")
    assert only(same).standing == "unchanged"


def test_an_earlier_file_with_a_later_figure_is_not_compared() -> None:
    assert codes(later("exports = { value = 9, period = 2000 }", "exports = 8")) == ["order"]


@pytest.mark.parametrize("status", ["break", "definition_differs"])
def test_what_both_editions_are_flagged_with_does_not_part_them(status: str) -> None:
    same = f"staff = {{ value = 10, status = '{status}' }}"
    assert only(edited(same, same)).standing == "unchanged"
    assert only(edited(same.replace("10", "11"), same)).standing == "revised"


def test_another_name_in_another_edition_is_a_break_and_two_units_are_not_compared() -> None:
    assert only(edited("staff = { value = 10, label = 'Heads' }", "staff = 10")).standing == "break"
    assert codes(edited("exports = { value = 9, unit = 'USD' }", "exports = 9")) == ["unit"]


def test_a_time_that_the_second_edition_states_revises_the_first() -> None:
    change = only(
        edited(
            "rd-projects = { value = 9, period = 2003 }", "rd-projects = { value = 9, period = 'not stated' }"
        )
    )
    assert (change.standing, change.traits) == ("revised", ("date",))


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ("exports = { value = 9, period = 'not stated' }", "exports = 8",
         ["date: 2003 → period not stated", "a period is not stated"]),
        ("exports = 9", "exports = { value = 8, period = 'not stated' }",
         ["date: period not stated → 2003", "a period is not stated"]),
        ("staff = { value = 9, as_of = '2003-06' }", "staff = 8", ["date: December 2003 → June 2003"]),
        ("exports = { value = 9, period = '2003-H2' }", "exports = 8", ["date: 2003 → second half of 2003"]),
    ],
)  # fmt: skip
def test_a_corrected_date_revises_a_figure_and_no_difference_is_computed_over_it(
    now: str, before: str, said: list[str]
) -> None:
    changes = edited(now, before)
    change = only(changes)
    assert (change.standing, change.traits) == ("revised", ("value", "date"))
    assert change_of(change, WORDS) == "not computed"
    assert remarks_on(change, changes, WORDS) == said
    assert revision_in_a_sentence(change, WORDS).endswith(said[0])


def test_a_second_edition_with_a_later_figure_is_a_change_over_time() -> None:
    change = only(edited("staff = 9", "staff = { value = 8, as_of = '2003-06' }"))
    assert (change.standing, change_of(change, WORDS)) == ("changed", "+1 (+12.5%)")


def test_two_editions_that_state_no_period_differ_by_their_values() -> None:
    unstated = "exports = {{ value = {}, period = 'not stated' }}"
    changes = edited(unstated.format(9), unstated.format(8))
    assert change_of(only(changes), WORDS) == "+€1 (+12.5%)"
    assert codes(changes) == ["period"]


def test_editions_of_one_date_are_named_where_they_cover_or_call_another_thing() -> None:
    changes = edited("staff = { value = 9, scope = 'the zone' }", "staff = 9")
    assert remarks_on(only(changes), changes, WORDS) == [
        "2003 (edition 2) covers the zone, 2003 (edition 1) does not say what it covers"
    ]
    changes = edited("staff = { value = 9, label = 'Heads' }", "staff = 9")
    assert remarks_on(only(changes), changes, WORDS) == [
        "2003 (edition 2) counts “Heads”, 2003 (edition 1) counted “Employees”"
    ]


def test_a_source_whose_record_was_mended_is_the_same_source() -> None:
    changes = edited("staff = 10", "staff = 10", title=", mended")
    assert only(changes).standing == "unchanged"
    assert list(entries_in_groups(changes, WORDS)) == [
        (
            "Sources",
            "renamed",
            ["Invented yearbook of the zone. Nobody, 2003. → Invented yearbook, mended. Nobody, 2003."],
        )
    ]


def test_yearbooks_of_two_years_that_share_an_id_are_two_sources() -> None:
    now = zone("[figures]\nstaff = { value = 9, as_of = 2001 }", title=" of 2003")
    before = zone("[figures]\nstaff = { value = 9, as_of = 2001 }", 2001, title=" of 2001")
    changes = find_changes(now, *tell_sources_apart(now, (before,)))
    assert only(changes).traits == ("source",)
    assert remarks_on(only(changes), changes, WORDS) == ["source: YB-2001 → YB"]


def test_figures_without_a_stated_time_are_of_one_time_within_one_snapshot_only() -> None:
    unstated = "rd-projects = {{ value = {}, as_of = 'not stated' }}"
    now, before = unstated.format(9), unstated.format(8)
    assert only(edited(now, before)).standing == "revised"
    assert only(later(now, before)).standing == "changed"


# Lists, breakdowns, milestones

LISTS = '[lists.present-industries]\nlabel = "Industries"\nitems = [{}]\n'


def entries(now: str, before: str) -> dict[str, list[str]]:
    changes = find_changes(zone(now), zone(before, 2001))
    return {
        standing: entries_said(found, standing, WORDS)  # type: ignore[arg-type]
        for found in changes.entries
        for standing in ("new", "dropped", "renamed", "changed", "unchanged")
        if found.of(standing)  # type: ignore[arg-type]
    }


def test_entries_of_a_list_are_new_dropped_renamed_or_changed() -> None:
    before = LISTS.format(
        "{ id = 'a', name = 'ore' }, { id = 'b', name = 'steel' }, { id = 'c', name = 'gas' }, { id = 'd', name = 'tin' }"
    )
    now = LISTS.format(
        "{ id = 'a', name = 'ores' }, { id = 'e', name = 'steel' }, { id = 'f', name = 'wind' },"
        "{ id = 'd', name = 'tin', relation = 'widened' }"
    )
    assert entries(now, before) == {
        "renamed": ["ore → ores"],
        "unchanged": [],
        "new": ["wind"],
        "changed": ["tin → tin (widened)"],
        "dropped": ["gas"],
    }


def test_an_entry_that_is_mended_in_another_language_says_nothing_in_this_one() -> None:
    item = "{{ id = 'a', name = {{ en = 'ore', zh = '{}' }} }}"
    assert entries(LISTS.format(item.format("矿石")), LISTS.format(item.format("矿"))) == {"renamed": []}


def test_a_whole_list_that_one_lacks_is_new_or_dropped() -> None:
    given = LISTS.format("{ id = 'a', name = 'ore' }")
    assert entries(given, "") == {"new": ["ore"]}
    assert entries("", given) == {"dropped": ["ore"]}


def test_kinds_with_other_counts_and_milestones_with_other_days_are_changed() -> None:
    kinds = "[figures]\nstaff = {{ value = 9, breakdown = {{ by = 'sex', parts = [{{ name = 'women', value = {} }}] }} }}"
    assert entries(kinds.format(5), kinds.format(4)) == {"changed": ["women (4) → women (5)"]}
    event = '[[milestones]]\ndate = {}\ntitle = "Opened"\n'
    assert entries(event.format(2000), event.format(1999)) == {"changed": ["Opened (1999) → Opened (2000)"]}


def test_a_note_is_shown_where_nothing_else_of_a_milestone_differs() -> None:
    event = '[[milestones]]\ndate = 1999\ntitle = "Opened"\nnote = "{}"\n'
    assert entries(event.format("Or 1998."), event.format("By a source.")) == {
        "changed": ["Opened (1999; By a source.) → Opened (1999; Or 1998.)"]
    }


def test_two_events_of_one_name_are_told_apart_by_their_dates() -> None:
    event = '[[milestones]]\ndate = {}\ntitle = "Fair"\n'
    both = event.format(1999) + event.format(2000)
    assert entries(both, event.format(2000)) == {"new": ["Fair (1999)"], "unchanged": []}


KINDS = """
[figures.exports]
value = 9
unit = "{unit}"
[figures.exports.breakdown]
by = "{by}"
{more}
parts = [{{ name = "A", value = {a} }}, {{ name = "B" }}]
"""


def kinds(a: int = 5, unit: str = "EUR", by: str = "market", more: str = "") -> str:
    return KINDS.format(a=a, unit=unit, by=by, more=more)


def told(now: Zone, before: Zone) -> list[tuple[str, str, list[str]]]:
    """Return what became of entries, as it is told."""
    return list(entries_in_groups(find_changes(now, *tell_sources_apart(now, (before,))), WORDS))


@pytest.mark.parametrize("a", [5, 6])
def test_each_state_of_a_kind_is_in_the_currency_of_its_own_figure(a: int) -> None:
    assert told(zone(kinds(a)), zone(kinds(5, "USD"), 2001)) == [
        ("Export earnings: market", "changed", [f"A ($5) → A (€{a})"])
    ]


def test_kinds_by_another_criterion_are_others_and_stand_under_their_own() -> None:
    assert told(zone(kinds(by="buyer")), zone(kinds(), 2001)) == [
        ("Export earnings: buyer", "new", ["A (€5)", "B"]),
        ("Export earnings: market", "no longer named", ["A (€5)", "B"]),
    ]
    assert only(edited(kinds(by="buyer"), kinds())).traits == ("parts",)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("note = 'Some are counted twice.'", "the caveat differs"),
        ("complete = true", "only one of the two says that its kinds add up to the total"),
    ],
)
def test_what_is_said_of_a_whole_breakdown_is_told_where_it_differs(more: str, said: str) -> None:
    whole = kinds(more=more).replace('{ name = "B" }', '{ name = "B", value = 4 }')
    plain = whole.replace(more, "")
    assert told(zone(whole), zone(plain, 2001)) == [("Export earnings: market", "changed", [said])]
    assert only(edited(whole, plain)).traits == ("parts",)


OTHERS = """
[lists.present-industries]
label = "{label}"
items = [{items}]
{note}
[[milestones]]
date = 1999
title = "Opened"
source = "{source}"
[[voices]]
speaker = "A speaker"
role = "Mayor"
{voice}
"""


def others(
    *,
    label: str = "Industries",
    items: str = "'ore', 'gas'",
    note: str = "",
    source: str = "YB",
    voice: str = "paraphrase = 'All is well.'",
) -> str:
    given = ", ".join(f"{{ id = {item}, name = {item} }}" for item in items.split(", "))
    return OTHERS.format(label=label, items=given, note=note, source=source, voice=voice)


@pytest.mark.parametrize(
    ("now", "told_of"),
    [
        (others(), []),
        (others(label="Branches"), [("Branches", "changed", ["name: Industries → Branches"])]),
        (others(items="'gas', 'ore'"), [("Industries", "changed", ["the order differs"])]),
        (others(note="note = 'As named.'"), [("Industries", "changed", ["the caveat differs"])]),
        (others(source="XB"), [("Milestones", "changed", ["Opened (1999; source: YB → XB)"])]),
        (others(voice="quotation = 'All is well.'"), [("Voices", "changed",
         ["A speaker (Mayor; All is well.) → A speaker (Mayor; “All is well.”)"])]),
    ],
)  # fmt: skip
def test_what_differs_in_lists_milestones_and_voices_is_told(
    now: str, told_of: list[tuple[str, str, list[str]]]
) -> None:
    assert told(numbered(zone(now), 2), numbered(zone(others()), 1)) == told_of


def test_an_industry_that_follows_from_another_one_is_told() -> None:
    sectors = others() + (
        '[lists.focus-sectors]\nlabel = "Focus"\n'
        'items = [{ id = "wind", name = "wind", relation = "widened", origin = "ore" }]\n'
    )
    assert told(zone(sectors.replace('"ore"', '"gas"')), zone(sectors, 2001)) == [
        ("Focus", "changed", ["wind (widened; follows from: ore → gas)"])
    ]


def test_a_list_that_is_renamed_in_another_language_says_nothing_in_this_one() -> None:
    named = others().replace('"Industries"', '{ en = "Industries", zh = "产业" }')
    assert told(zone(named), zone(named.replace("产业", "行业"), 2001)) == []


def test_the_sources_of_two_years_are_others_by_nature_and_not_told() -> None:
    assert told(zone(others()), zone(others(), 2001)) == []


# The bundled zones


def compared(now: int, before: int) -> Changes:
    return find_changes(load(f"baotou-{now}"), load(f"baotou-{before}"))


def test_from_2021_to_2022_the_platforms_are_a_broken_series_and_others_are_new_and_dropped() -> None:
    changes = compared(2022, 2021)
    (broken,) = changes.of("break")
    assert [WORDS.value(f) for f in (broken.before, broken.now) if f] == ["119", "158"]
    assert [reason.code for reason in broken.reasons] == ["label"]
    assert broken.comparison is not None
    assert broken.comparison.difference is None
    assert {change.id for change in changes.of("dropped")} == {
        "enterprises-high-tech", "rd-intensity", "technology-little-giants", "technology-smes"
    }  # fmt: skip
    assert len(changes.of("new")) == 8


def test_2017_against_2022_does_not_compare_patents_and_says_so_of_both() -> None:
    changes = compared(2022, 2017)
    standings = {change.id: change for change in changes.figures}
    assert standings["patents-granted"].standing == "dropped"
    assert standings["invention-patents-held"].standing == "new"
    for id in ("patents-granted", "invention-patents-held"):
        assert "family" in [reason.code for reason in standings[id].reasons]
        assert standings[id].comparison is None
    assert "patents" in {unlike.family for unlike in changes.unlike}


def test_from_2021_to_2023_the_share_of_research_fell_by_points_not_by_per_cent() -> None:
    (changed,) = compared(2023, 2021).of("changed")
    assert changed.comparison is not None
    assert changed.comparison.difference is not None
    assert changed.comparison.difference.number == Decimal("-0.62")
    assert change_of(changed, WORDS) == "−0.62 percentage points"


@pytest.mark.parametrize(("before", "now"), list(itertools.combinations(sorted(bundled_zones()), 2)))
def test_every_published_figure_of_two_zones_has_one_standing(before: str, now: str) -> None:
    a, b = load(now), load(before)
    changes = find_changes(a, b)
    published = {
        id for zone in (a, b) for id, figure in zone.figures.items() if not isinstance(figure.value, Missing)
    }
    assert [change.id for change in changes.figures] == list(dict.fromkeys(c.id for c in changes.figures))
    assert {change.id for change in changes.figures} == published


@pytest.mark.parametrize("name", bundled_zones())
def test_a_zone_beside_itself_is_unchanged(name: str) -> None:
    changes = find_changes(numbered(load(name), 2), numbered(load(name), 1))
    assert {change.standing for change in changes.figures} == {"unchanged"}
    assert {entry.standing for found in changes.entries for entry in found.changes} <= {"unchanged"}
    assert changes.unlike == ()
