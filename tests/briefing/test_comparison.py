"""Two snapshots beside each other: what the comparison says, in a document, on a terminal and as data."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from conftest import composed, rendered
from reading_back import docx_text, flat, html_text, pdf_pages
from zonereport.api import (
    compare,
    comparison_as_json,
    comparison_as_text,
    compose,
    file_name,
    load,
    numbered,
    preflight,
    render_all,
)
from zonereport.briefing.blocks import ChartBlock, Heading, Paragraph, Run, Table, Tiles, iter_blocks, plain
from zonereport.briefing.redline import MOST_CHARACTERS, MOST_REWORDINGS, find_rewordings
from zonereport.briefing.text import every_text
from zonereport.charts.bars import Bars
from zonereport.errors import TemplateError, UsageError
from zonereport.language import language_codes
from zonereport.zone.period import Period
from zonereport.zone.reading import bundled_zones, find_zone, parse_zone

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Briefing
    from zonereport.zone.model import Zone

PAIRS = list(itertools.combinations(sorted(bundled_zones()), 2))


@cache
def beside(before: str, now: str, language: str = "en") -> Briefing:
    """Return two bundled zones compared, with their texts."""
    earlier, later = load(before), load(now)
    texts = (compose(later, language=language), compose(earlier, language=language))
    return compare(later, earlier, texts=texts, language=language)


@cache
def editions(language: str = "en") -> Briefing:
    """Return two editions of 2022 compared, of which the second revises the first."""
    first, second = edition_pair()
    texts = (compose(second, language=language), compose(first, language=language))
    return compare(second, first, texts=texts, language=language)


def edition_pair(*changes: tuple[str, str]) -> tuple[Zone, Zone]:
    """Return the bundled zone of 2022 and an invented second edition of it."""
    text = find_zone("baotou-2022").read_text("utf-8")
    for old, new in changes or (
        ("value = 158", 'value = 160\nstatus = ["provisional"]'),
        ("more_than = 500", "value = 650"),
        ('en = "green development"', 'en = "green growth"'),
        ("Zone founded", "Zone set up"),
    ):
        assert old in text
        text = text.replace(old, new)
    return numbered(load("baotou-2022"), 1), numbered(parse_zone(text, "second.toml"), 2)


def tables(briefing: Briefing) -> dict[str, list[list[str]]]:
    """Return the cells of each table by its id."""
    return {
        block.id: [[plain(cell) for cell in row] for row in block.rows]
        for block in briefing.blocks
        if isinstance(block, Table)
    }


def charts(briefing: Briefing) -> dict[str, Any]:
    return {block.id: block.chart for block in briefing.blocks if isinstance(block, ChartBlock)}


# What it says


@pytest.mark.parametrize("kind", ["pdf", "docx", "html"])
def test_from_2021_to_2022_every_format_shows_the_break_with_its_reason_and_no_difference(kind: str) -> None:
    data = rendered("2022 compared with 2021")[kind]
    text = flat({"pdf": lambda d: " ".join(pdf_pages(d)), "docx": docx_text, "html": html_text}[kind](data))
    assert (
        "158 innovation platforms, after 119 R&D platforms in December 2021; break in series:"
        " December 2022 counts “Innovation platforms”, December 2021 counted “R&D platforms”."
    ) in text
    assert "+39" not in text
    for said in ("3,228 full-time R&D professionals", "more than 500 major achievements applied in industry"):
        assert said in text


def test_it_opens_with_counts_and_main_points_before_any_table() -> None:
    blocks = beside("baotou-2021", "baotou-2022").blocks
    kinds = [type(block) for block in blocks]
    assert kinds.index(Tiles) < kinds.index(Heading) < kinds.index(Table)
    (tiles,) = [block for block in blocks if isinstance(block, Tiles)]
    assert [(tile.value.text, tile.label) for tile in tiles.tiles] == [
        ("1", "in both, not joined"),
        ("8", "newly published"),
        ("4", "no longer published"),
    ]


def test_figures_stand_with_both_values_and_the_reason_in_a_table_of_their_standing() -> None:
    found = tables(beside("baotou-2021", "baotou-2022"))
    (row,) = found["table-break"]
    assert row == [
        "Innovation platforms",
        "119 (December 2021)",
        "158 (December 2022)",
        "December 2022 counts “Innovation platforms”, December 2021 counted “R&D platforms”",
    ]
    assert {row[1] for row in found["table-new"]} == {"not given"}
    assert {row[2] for row in found["table-dropped"]} == {"not given"}
    assert ["Major achievements applied in industry", "not given", "more than 500 (December 2022)"] in [
        row[:3] for row in found["table-new"]
    ]


def test_2017_against_2022_does_not_compare_patents_and_says_why() -> None:
    briefing = beside("baotou-2017", "baotou-2022")
    text = flat(every_text(briefing))
    assert "Not compared, because the two count different things" in text
    assert (
        "2017: 2,410 patents granted (cumulative; definition in doubt)."
        " 2022: 1,057 invention patents held by enterprises (stock)."
    ) in text
    assert "1,353" not in text
    rows = [row for name, cells in tables(briefing).items() if name != "table-sources" for row in cells]
    assert not [row for row in rows if "2,410" in " ".join(row) and "1,057" in " ".join(row)]


def test_the_earlier_figures_stand_with_their_sources_and_caveats() -> None:
    text = docx_text(rendered("2022 compared with 2021")["docx"])
    assert "SMM21: Baotou rare Earth High-tech Zone increases Research and Development Investment." in text
    assert "The source says “R&D platforms”, not “innovation platforms”." in text
    assert "Projects differ in size" not in text, "a derived figure is not shown, nor is its caveat"


def test_the_head_and_the_name_of_the_file_tell_both_snapshots() -> None:
    briefing = composed("2022 compared with 2021")
    assert briefing.subject == "2021 and 2022 compared"
    assert file_name(briefing, "pdf") == "baotou-2021-2022-comparison-en.pdf"
    assert [a.name for a in briefing.attachments[:2]] == ["baotou-2022.toml", "baotou-2021.toml"]
    assert "Compared with" in every_text(briefing)


# Editions of one snapshot


def test_two_editions_are_told_apart_wherever_they_are_named() -> None:
    briefing = editions()
    assert briefing.subject == "2022 (edition 1) and 2022 (edition 2) compared"
    assert file_name(briefing, "docx") == "baotou-2022-e01-2022-e02-comparison-en.docx"
    (table,) = [b for b in briefing.blocks if isinstance(b, Table) and b.id == "table-revised"]
    assert [column.heading for column in table.columns[1:3]] == ["2022 (edition 1)", "2022 (edition 2)"]
    assert [plain(cell) for cell in table.rows[0]] == [
        "Innovation platforms",
        "158 (December 2022)",
        "160 (provisional; December 2022)",
        "+2 (+1.3%)",
        "status: none → provisional",
    ]


def test_a_revised_figure_leads_the_main_points() -> None:
    text = " ".join(plain(b.runs) for b in iter_blocks(editions().blocks) if isinstance(b, Paragraph))
    assert "160 innovation platforms (provisional), revised from 158 innovation platforms." in text
    assert "650 major achievements applied in industry, revised from more than 500 major" in text


def test_each_chart_that_both_can_draw_is_shown_for_both_under_names_of_its_own() -> None:
    found = charts(editions())
    assert {"chart-patents-2022-e01", "chart-patents-2022-e02"} <= set(found)
    assert found["chart-patents-2022-e01"].title.startswith("2022 (edition 1): ")
    ids = list(found)
    assert ids.index("chart-patents-2022-e02") == ids.index("chart-patents-2022-e01") + 1
    names = [attachment.name for attachment in editions().attachments]
    assert len(names) == len(set(names))
    assert {"patents-2022-e01.csv", "patents-2022-e02.csv"} <= set(names)


def test_bars_beside_each_other_have_one_scale_and_say_so() -> None:
    found = charts(editions())
    one, other = found["chart-patents-2022-e01"], found["chart-patents-2022-e02"]
    assert isinstance(one.draw, Bars)
    assert (one.draw.bars, one.draw.beside) == (other.draw.beside, other.draw.bars)
    assert one.subtitle.endswith("the same scale in both charts")
    assert found["chart-milestones-2022-e01"].subtitle.endswith("each chart has its own time axis")


def test_a_chart_that_is_the_same_in_both_is_shown_once() -> None:
    found = charts(editions())
    assert "chart-contracts" in found
    assert found["chart-contracts"].title.startswith("2022 (edition 1) and 2022 (edition 2): ")


def test_a_chart_that_one_alone_can_draw_is_left_out_and_the_log_says_why() -> None:
    omitted = {omission.what: omission.reason for omission in beside("baotou-2021", "baotou-2022").omissions}
    assert omitted["chart `patents`"] == "only 2022 has the figures for it"


def test_equal_editions_say_that_nothing_differs() -> None:
    zone = load("baotou-2022")
    text = compose(zone)
    briefing = compare(numbered(zone, 2), numbered(zone, 1), texts=(text, text))
    said = flat(every_text(briefing))
    assert "No figure differs between the two." in said
    assert "The text says the same in both, apart from figures." in said
    assert set(tables(briefing)) & {"table-revised", "table-new", "table-rewordings"} == set()


SAMPLE = """
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
currency = "EUR"
[sources.YB]
title = "Invented yearbook"
publisher = "Nobody"
date = {year}
[figures]
"""


def sample(figures: str, year: int) -> Zone:
    return parse_zone(SAMPLE.format(year=year) + figures, "testonia.toml")


MAIN_POINTS = {"en": "Main points", "de": "Das Wichtigste", "zh": "要点"}


def main_points(now: str, before: str, language: str) -> list[str]:
    """Return the main points of an invented zone of 2003 beside 2001."""
    briefing = compare(sample(now, 2003), sample(before, 2001), language=language)
    blocks = iter_blocks(briefing.blocks)
    for block in blocks:
        if isinstance(block, Heading) and plain(block.runs) == MAIN_POINTS[language]:
            break
    following = itertools.takewhile(lambda block: not isinstance(block, Heading), blocks)
    return [plain(block.runs) for block in following if isinstance(block, Paragraph)]


@pytest.mark.parametrize(
    ("now", "before", "language", "said"),
    [
        ("staff = 'confidential'", "staff = 'not applicable'", "en", [
            "No figure of 2003 was published for 2001 too.",
            "No value in either, for different reasons: Employees."]),
        ("staff = 'confidential'", "staff = 'not applicable'", "de", [
            "Kein Wert des Berichts (2003) wurde auch im früheren Bericht (2001) veröffentlicht.",
            "In beiden ohne Wert, aus verschiedenen Gründen: Beschäftigte."]),
        ("staff = 'confidential'", "staff = 'not applicable'", "zh", [
            "2003年的数据中，没有一项在2001年公布过。", "两期均无数值，原因不同：期末从业人员。"]),
        ("exports = 9", "exports = { value = 8, unit = 'USD' }", "en", [
            "Published by both, but not comparable: Export earnings: €9."]),
        ("exports = 9", "exports = { value = 8, unit = 'USD' }", "de", [
            "In beiden veröffentlicht, aber nicht vergleichbar: Exporterlöse: 9 Euro."]),
        ("exports = 9", "exports = { value = 8, unit = 'USD' }", "zh", [
            "两期均公布但不可比：出口总额：9欧元。"]),
        ("staff = { range = [10, 15] }", "staff = 10", "en", [
            "10 to 15 employees, after 10 employees in December 2001."]),
    ],
)  # fmt: skip
def test_the_main_points_are_never_a_heading_without_a_point(
    now: str, before: str, language: str, said: list[str]
) -> None:
    assert main_points(now, before, language) == said


def test_another_reason_for_want_of_a_value_has_a_tile_and_a_table_of_its_own() -> None:
    briefing = compare(sample("staff = 'confidential'", 2003), sample("staff = 'not applicable'", 2001))
    (tiles,) = [block for block in briefing.blocks if isinstance(block, Tiles)]
    assert [(tile.value.text, tile.label) for tile in tiles.tiles] == [("1", "no value in either")]
    assert tables(briefing)["table-valueless"] == [["Employees", "not applicable", "confidential"]]
    headings = [plain(block.runs) for block in briefing.blocks if isinstance(block, Heading)]
    assert "Figures that one or both do not publish" in headings
    assert "Figures that both publish" not in headings


# Errors


def test_what_cannot_be_compared_is_refused() -> None:
    zone, earlier = load("baotou-2022"), load("baotou-2021")
    with pytest.raises(UsageError, match="both are the snapshot 2022"):
        compare(zone, zone)
    with pytest.raises(UsageError, match="is not earlier than 2021"):
        compare(earlier, zone)
    with pytest.raises(UsageError, match="the earlier snapshot is of `other`"):
        compare(zone, replace(earlier, id="other"))
    with pytest.raises(UsageError, match="`briefing` does not compare"):
        compare(zone, earlier, template="briefing")
    with pytest.raises(UsageError, match="is in zh-CN, the comparison in en-GB"):
        compare(zone, earlier, texts=(compose(zone, language="zh"), compose(earlier)))


@pytest.mark.parametrize(
    ("now", "before", "hint"),
    [
        (("2022", 1), ("2022", 2), "name the earlier one first"),
        (("2022", 0), ("2022-Q4", 0), "both end on one day"),
        (("2022-Q4", 2), ("2022", 1), "both end on one day"),
        (("2022", 0), ("2023", 0), "name the earlier one first"),
    ],
)
def test_what_is_not_the_earlier_one_is_refused_as_such(
    now: tuple[str, int], before: tuple[str, int], hint: str
) -> None:
    zone = load("baotou-2022")

    def snapshot(name: str, number: int) -> Zone:
        return replace(zone, edition=replace(zone.edition, snapshot=Period.parse(name), number=number))

    for compared in (compare, comparison_as_json, comparison_as_text):
        with pytest.raises(UsageError, match="is not earlier than") as caught:
            compared(snapshot(*now), snapshot(*before))
        assert caught.value.hint == hint


def test_a_comparison_without_an_earlier_snapshot_says_what_is_missing() -> None:
    with pytest.raises(TemplateError, match="sets two snapshots beside each other, found one") as caught:
        compose(load("baotou-2022"), template="comparison")
    assert "--previous" in caught.value.hint


def test_with_several_earlier_snapshots_the_latest_is_compared() -> None:
    previous = [load("baotou-2017"), load("baotou-2021")]
    briefing = compose(load("baotou-2022"), previous=previous, template="comparison")
    assert briefing.snapshot == "2021-2022"
    assert "2,410" not in every_text(briefing)
    assert not [
        b for b in briefing.blocks if isinstance(b, Heading) and plain(b.runs) == "Wording of the text"
    ]


# The wording


def reworded(now: str, before: str) -> list[tuple[str, str, str]]:
    """Return what two texts, a paragraph a line, say otherwise, words that differ between asterisks."""
    base = composed("2022")

    def text(words: str) -> Briefing:
        return replace(base, blocks=tuple(Paragraph((Run(line),)) for line in words.splitlines()))

    return [
        (each.standing, marked(each.before), marked(each.now))
        for each in find_rewordings(text(now), text(before)).rewordings
    ]


def marked(runs: tuple[Run, ...]) -> str:
    return "".join(f"*{run.text}*" if run.strong else run.text for run in runs)


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        ("One thing.\nAnother.", "One thing.\nAnother.", []),
        ("One thing.\nNew words here.", "One thing.", [("added", "", "New words here.")]),
        ("One thing.", "One thing.\nOld words here.", [("removed", "Old words here.", "")]),
        ("It has many big labs.", "It has many good labs.",
         [("changed", "It has many *good* labs.", "It has many *big* labs.")]),
        ("Second one.\nFirst one.", "First one.\nSecond one.", []),
        ("Entirely other words stand there.", "This was the sentence before.",
         [("removed", "This was the sentence before.", ""), ("added", "", "Entirely other words stand there.")]),
        ("园区拥有许多大型实验室。", "园区拥有许多优秀实验室。",
         [("changed", "园区拥有许多*优秀*实验室。", "园区拥有许多*大型*实验室。")]),
        ("<b>Bold</b> & **stars** {{ x }}", "", [("added", "", "<b>Bold</b> & **stars** {{ x }}")]),
    ],
)  # fmt: skip
def test_passages_are_added_removed_or_changed(
    now: str, before: str, found: list[tuple[str, str, str]]
) -> None:
    assert reworded(now, before) == found


def test_a_passage_that_differs_in_figures_and_the_year_alone_is_not_reworded() -> None:
    base = composed("2022")

    def text(year: str, value: str) -> Briefing:
        runs = (Run(f"In {year} the zone has "), Run(value, figure="staff"), Run("."))
        return replace(base, snapshot=year, blocks=(Paragraph(runs),))

    assert find_rewordings(text("2022", "9 staff"), text("2021", "up to 8 people")).rewordings == ()


def test_passages_about_other_figures_are_never_one_that_was_changed() -> None:
    base = composed("2022")

    def text(id: str, value: str) -> Briefing:
        runs = (Run("The zone reports "), Run(value, figure=id), Run(", as it says in its yearbook."))
        return replace(base, blocks=(Paragraph(runs),))

    found = find_rewordings(
        text("invention-patents-held", "1,057 held"), text("patents-granted", "2,410 granted")
    )
    assert [each.standing for each in found.rewordings] == ["removed", "added"]


def test_where_a_text_refers_to_a_chart_is_no_wording() -> None:
    base = composed("2022")
    figure = (Run("It grows ("), Run("Figure 1", ref="chart-patents"), Run(")."))
    runs = [figure, (Run("It grows."),)]
    now, before = (replace(base, blocks=(Paragraph(each),)) for each in runs)
    assert find_rewordings(now, before).rewordings == ()


def test_the_wording_is_bounded_and_says_how_much_is_left_out() -> None:
    base = composed("2022")
    many = tuple(Paragraph((Run(f"{chr(97 + n % 26)}word{n} " * 300),)) for n in range(MOST_REWORDINGS + 7))
    found = find_rewordings(replace(base, blocks=many), replace(base, blocks=()))
    assert (len(found.rewordings), found.left_out) == (MOST_REWORDINGS, 7)
    assert max(len(plain(each.now)) for each in found.rewordings) <= MOST_CHARACTERS


def test_words_from_a_zone_file_stay_words_in_the_comparison() -> None:
    hostile = r"<b>**Set** {{ zone.name }} | [x](javascript:1)</b>"
    first, second = edition_pair(("Zone founded", hostile))
    briefing = compare(second, first, texts=(compose(second), compose(first)))
    rows = [row for cells in tables(briefing).values() for row in cells]
    assert [row for row in rows if any(hostile in cell for cell in row)]
    page = render_all(briefing, ["html"])["html"].decode()
    assert "<b>**Set**" not in page
    assert hostile in comparison_as_text(second, first)
    assert hostile in json.dumps(comparison_as_json(second, first))


# As data and on a terminal


def test_as_data_a_figure_has_both_values_its_standing_and_the_reason() -> None:
    found = comparison_as_json(load("baotou-2022"), load("baotou-2021"))
    assert json.loads(json.dumps(found)) == found
    figure = next(entry for entry in found["figures"] if entry["id"] == "innovation-platforms")
    assert figure["standing"] == "break"
    assert figure["before"]["value"] == {"qualifier": "exact", "about": False, "low": "119", "high": "119"}
    assert figure["now"]["said"] == "158"
    assert figure["difference"] is None
    assert [reason["code"] for reason in figure["reasons"]] == ["label"]
    applied = next(entry for entry in found["figures"] if entry["id"] == "achievements-applied")
    assert applied["before"] is None
    assert applied["now"]["value"] == {"qualifier": "more_than", "about": False, "low": "500", "high": None}
    assert found["before"]["snapshot"] == "2021"
    assert found["counts"]["new"] == 8
    assert found["wording"] is None


def test_as_data_editions_lists_and_wording_are_told() -> None:
    first, second = edition_pair()
    found = comparison_as_json(second, first, texts=(compose(second), compose(first)))
    assert (found["before"]["edition"], found["now"]["edition"]) == (1, 2)
    revised = {entry["id"]: entry for entry in found["figures"] if entry["standing"] == "revised"}
    assert revised["innovation-platforms"]["differs_in"] == ["value", "status"]
    assert revised["innovation-platforms"]["difference"]["low"] == "2"
    renamed = [e for found in found["lists"] for e in found["entries"] if e["standing"] == "renamed"]
    assert [entry["said"] for entry in renamed] == [
        "green development (new) → green growth (new)",
        "Zone founded (1990) → Zone set up (1990)",
    ]
    assert {"changed"} <= {passage["standing"] for passage in found["wording"]["passages"]}


def test_as_data_a_difference_that_may_be_zero_is_a_range_and_no_bound() -> None:
    found = comparison_as_json(sample("staff = { range = [10, 15] }", 2003), sample("staff = 10", 2001))
    (figure,) = found["figures"]
    assert figure["difference"] == {"qualifier": "range", "about": False, "low": "0", "high": "5"}
    assert figure["percent"] == {"qualifier": "range", "about": False, "low": "0.0", "high": "50.0"}


def test_as_data_an_entry_has_both_states_and_is_named_once_where_it_stays() -> None:
    kinds = 'exports = {{ value = 9, unit = "{}", breakdown = {{ by = "market", parts = [{}] }} }}'
    now = kinds.format("EUR", '{ name = "A", value = 5 }, { name = "B" }')
    before = kinds.format("USD", '{ name = "A", value = 5 }, { name = "B" }')
    (found,) = comparison_as_json(sample(now, 2003), sample(before, 2001))["lists"]
    changed, same = found["entries"]
    assert (found["kind"], found["id"], found["differs_in"]) == ("parts", "exports", [])
    assert (changed["standing"], changed["said"]) == ("changed", "A ($5) → A (€5)")
    assert [changed[key]["unit"] for key in ("before", "now")] == ["USD", "EUR"]
    assert changed["now"]["value"]["low"] == "5"
    assert (same["standing"], same["said"], same["now"]["value"]) == ("unchanged", "B", "not published")


def test_as_data_milestones_voices_and_sources_are_told_as_their_files_have_them() -> None:
    first, second = edition_pair(("Zone founded", "Zone set up"))
    found = {entries["id"]: entries["entries"] for entries in comparison_as_json(second, first)["lists"]}
    (renamed,) = [entry for entry in found["milestones"] if entry["standing"] == "renamed"]
    assert (renamed["before"]["title"], renamed["now"]["title"]) == ("Zone founded", "Zone set up")
    assert renamed["now"]["date"] == "1990"
    assert {entry["standing"] for entry in [*found["voices"], *found["sources"]]} == {"unchanged"}
    assert found["voices"][0]["now"]["source"] in {entry["now"]["id"] for entry in found["sources"]}


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Nothing differs."), ("de", "Kein Unterschied."), ("zh", "两期没有差异。")]
)
def test_on_a_terminal_two_with_nothing_to_say_say_so(language: str, said: str) -> None:
    lines = comparison_as_text(sample("", 2003), sample("", 2001), language=language).splitlines()
    assert lines[1:] == ["", said]


@pytest.mark.parametrize("language", language_codes())
@pytest.mark.parametrize("width", [60, 100])
def test_on_a_terminal_no_line_is_wider_than_it_and_no_figure_is_lost(language: str, width: int) -> None:
    now, before = load("baotou-2022"), load("baotou-2021")
    texts = (compose(now, language=language), compose(before, language=language))
    said = comparison_as_text(now, before, texts=texts, language=language, width=width)
    assert max(map(cell_len, said.splitlines())) <= width
    assert "119" in said
    assert "158" in said


def test_on_a_terminal_figures_stand_by_standing_with_the_reason_below() -> None:
    lines = comparison_as_text(load("baotou-2022"), load("baotou-2021")).splitlines()
    place = lines.index("Broken series: no difference is computed (1)")
    assert lines[place + 1].split() == ["2021", "2022"]
    assert lines[place + 2].split("  ")[1] == "Innovation platforms"
    assert lines[place + 3].strip() == (
        "· December 2022 counts “Innovation platforms”, December 2021 counted “R&D platforms”"
    )
    assert "Newly published (8)" in lines
    assert "Changed wording" not in lines, "the texts were not given"


# Every pair, language and format


@pytest.mark.slow
@pytest.mark.parametrize("language", language_codes())
@pytest.mark.parametrize(("before", "now"), PAIRS)
def test_every_pair_of_bundled_zones_is_drawn_in_every_language_and_format(
    before: str, now: str, language: str
) -> None:
    briefing = beside(before, now, language)
    assert preflight(briefing) == ()
    files = render_all(briefing, ["pdf", "docx", "html"])
    assert {name: data[:4] for name, data in files.items()} == {
        "pdf": b"%PDF",
        "docx": b"PK\x03\x04",
        "html": b"<!DO",
    }


@pytest.mark.slow
@pytest.mark.parametrize("language", language_codes())
def test_two_editions_are_drawn_in_every_language_and_format(language: str) -> None:
    briefing = editions(language)
    assert preflight(briefing) == ()
    assert len(render_all(briefing, ["pdf", "docx", "html"])) == 3
    ids = [
        block.id for block in iter_blocks(briefing.blocks) if isinstance(block, (ChartBlock, Table, Heading))
    ]
    assert len(ids) == len(set(ids))
