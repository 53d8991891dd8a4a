"""The compendium: links, ranks, what is not ranked and why, and the same figures as in each briefing."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest

from invented_peers import home, others, zone
from reading_back import docx_text, flat, html_text, pdf_pages
from zonereport.api import compose, compose_index, preflight, render
from zonereport.briefing import league_tables
from zonereport.briefing.blocks import Heading, Paragraph, Table, TitleBlock, iter_blocks, plain
from zonereport.briefing.collation import DIGITS, OTHER, initial, sort_key
from zonereport.briefing.listed import LinkedFile, Listed
from zonereport.errors import TemplateError, UsageError
from zonereport.language import language_codes, load_language
from zonereport.league import find_leagues
from zonereport.measures import Facts
from zonereport.peers import set_beside
from zonereport.render.addresses import safe_address
from zonereport.zone.period import Period

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Briefing, Run
    from zonereport.zone.model import Zone


def listed(*zones: Zone) -> list[Listed]:
    return [Listed(each, (LinkedFile(f"{each.id}/{each.id}.pdf", "pdf", "en"),)) for each in zones]


def index(*zones: Zone, language: str = "en") -> Briefing:
    return compose_index(listed(*zones), language=language)


def tables(briefing: Briefing) -> list[Table]:
    return [block for block in iter_blocks(briefing.blocks) if isinstance(block, Table)]


def table(briefing: Briefing, caption: str) -> Table:
    """Return the table whose caption begins so."""
    (found,) = [each for each in tables(briefing) if plain(each.caption.runs).startswith(caption)]
    return found


def rows(found: Table) -> list[tuple[str, ...]]:
    return [tuple(plain(cell) for cell in row) for row in found.rows]


def runs(briefing: Briefing) -> list[Run]:
    return [run for each in tables(briefing) for row in each.rows for cell in row for run in cell]


def headings(briefing: Briefing, level: int) -> list[str]:
    found = [block for block in briefing.blocks if isinstance(block, Heading) and block.level == level]
    return [plain(block.runs) for block in found]


def links(briefing: Briefing) -> list[Run]:
    return [run for run in runs(briefing) if run.href]


def staffed(*values: str, **more: str) -> list[Zone]:
    """Return zones A, B, C … with these lines for `staff`, then others by name."""
    named = dict(zip("ABCDEFGHIJ", values, strict=False)) | more
    return [zone(f"staff = {value}" if value else "rd-projects = 1", name) for name, value in named.items()]


def jumps(briefing: Briefing) -> list[Run]:
    """Return the runs of paragraphs that lead to another place of the document."""
    paragraphs = [block for block in briefing.blocks if isinstance(block, Paragraph)]
    return [run for block in paragraphs for run in block.runs if run.ref]


def many(count: int, begin: str = "") -> list[Zone]:
    """Return light zones, under all letters or behind one beginning."""
    (model,) = staffed("1_000")

    def named(number: int) -> Zone:
        name = f"{begin or chr(65 + number % 26)}estonia {number:04}"
        text = {"en": name, "zh": name, "de": name}
        return replace(model, id=f"testonia-{number}", name=text, short_name=text)

    return [named(number) for number in range(count)]


# The list


def test_zones_stand_in_order_of_their_names_with_snapshot_figures_and_links() -> None:
    found = table(index(*reversed(others()), home()), "All zones")
    names = [name.split("\n")[0] for name, *_ in rows(found)]
    assert names == sorted(names)
    assert [column.heading for column in found.columns][:2] == ["Zone", "Snapshot"]
    assert [column.heading for column in found.columns][-1] == "Briefings"
    assert len(found.columns) == 6
    assert rows(found)[1] == (
        "Testonia Dale Zone\nTestonia",
        "2002",
        "490",
        "840",
        "3.75%",
        "PDF",
    )


def test_what_the_zones_are_called_in_each_language_and_where_they_lie_is_said() -> None:
    for language, name in (("zh", "测试Dale园区"), ("de", "Testonia-Zone Dale")):
        first = tables(index(*others(), language=language))[0]
        assert f"{name}\nTestonia" in [row[0] for row in rows(first)]


def test_a_figure_that_most_have_is_not_stated_where_a_file_does_not_say_it() -> None:
    found = rows(
        table(index(*staffed("1_000", "2_000", "", '"not published"', "5_000", "6_000")), "All zones")
    )
    assert [row[2] for row in found] == ["1,000", "2,000", "not stated", "not published", "5,000", "6,000"]


def test_a_figure_of_another_year_or_name_says_so_in_the_list() -> None:
    zones = staffed("1", "2", "{ value = 3, as_of = 2001 }", '{ value = 4, label = { en = "Heads" } }')
    found = rows(table(index(*zones), "All zones"))
    assert [row[2] for row in found] == ["1", "2", "3 (2001)", "4 (Heads)"]


def test_the_status_of_an_edition_stands_beside_its_snapshot() -> None:
    first, *rest = staffed("1", "2", "3")
    provisional = replace(first, edition=replace(first.edition, status={"en": "provisional"}, number=2))
    found = rows(table(index(provisional, *rest), "All zones"))
    assert [row[1] for row in found] == ["2002 (edition 2) (provisional)", "2002", "2002"]


def test_files_in_several_languages_are_told_apart() -> None:
    files = tuple(
        LinkedFile(f"a.{code}.{format}", format, code) for format in ("pdf", "docx") for code in ("en", "zh")
    )
    briefing = compose_index([Listed(*staffed("1"), files)])
    assert rows(table(briefing, "All zones"))[0][-1] == "English: PDF, Word\nChinese: PDF, Word"


def test_an_entry_that_failed_is_listed_with_the_first_line_of_the_reason() -> None:
    (one,) = staffed("1")
    failed = Listed(one, (), "\nno font has \x07 and \U0001f600\nTraceback: much more")
    unread = Listed(None, (), "line 3: unknown key", "b\u202eroken.toml")
    briefing = compose_index([failed, unread])
    found = rows(table(briefing, "All zones"))
    assert found[0] == (r"b\u202eroken.toml", "not read", "not read", "not made: line 3: unknown key")
    assert found[1][-1] == r"not made: no font has \x07 and \U0001f600"
    title = briefing.blocks[0]
    assert isinstance(title, TitleBlock)
    assert ("Not made", "2") in [(label, plain(runs)) for label, runs in title.facts]
    assert "3: unknown key" in html_text(render(briefing, "html"))


def test_a_long_list_is_in_groups_of_letters_that_a_line_leads_to() -> None:
    briefing = index(*many(60))
    groups = [title for title in headings(briefing, 2) if "–" in title]
    assert groups == ["A–G", "H–Q", "R–Z"]
    assert [run.text for run in jumps(briefing)] == groups
    html = render(briefing, "html").decode()
    assert [id for id in re.findall('href="#(zones-[0-9]+)"', html) if f'id="{id}"' not in html] == []


def test_a_letter_with_very_many_zones_is_cut_into_parts() -> None:
    briefing = index(*many(230, "T"))
    assert headings(briefing, 2)[:3] == [
        "T: Testonia 0000 – Testonia 0075",
        "T: Testonia 0076 – Testonia 0152",
        "T: Testonia 0153 – Testonia 0229",
    ]
    assert [run.text for run in jumps(briefing)] == ["T\xa01", "T\xa02", "T\xa03"]


def test_every_group_and_league_is_in_the_outline_of_the_pdf() -> None:
    briefing = index(*many(45))
    with pikepdf.open(BytesIO(render(briefing, "pdf"))) as pdf, pdf.open_outline() as outline:
        found = {str(item.title): [str(kid.title) for kid in item.children] for item in outline.root}
    assert list(found) == headings(briefing, 1)
    assert [title for kids in found.values() for title in kids] == headings(briefing, 2)


@pytest.mark.parametrize(
    "names",
    [
        ["1 Test", "Zone 2", "Zone 10"],
        ["Äb", "Ac", "Łodd", "lu", "Ost", "Øster", "Zett"],
        ["Bb", "包测", "北测", "Cc", "城测", "中测", "鑫测"],
        ["«Aa»", "ab", "ABC"],
    ],
)
def test_names_are_sorted_as_an_index_has_them(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(backwards, key=sort_key) == names


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Éa", "E"), ("ßa", "S"), ("“Qa”", "Q"), ("7th", DIGITS), ("阿测", "A"), ("包测", "B"), ("座测", "Z"),
        ("鑫测", OTHER), ("Ж", "Ж"), ("☃", OTHER), ("", OTHER), ("東", OTHER),
    ],
)  # fmt: skip
def test_a_name_stands_under_its_first_letter_or_the_sound_of_its_first_character(
    name: str, letter: str
) -> None:
    assert initial(name) == letter


# Links


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("a/b c.pdf", "./a/b%20c.pdf"),
        ("javascript:alert(1)", "./javascript%3Aalert%281%29"),
        ("C:\\x\\y.pdf", "./C%3A%5Cx%5Cy.pdf"),
        ('"><b>?#%.pdf', "./%22%3E%3Cb%3E%3F%23%25.pdf"),
        ("测试\n.pdf", "./%E6%B5%8B%E8%AF%95%0A.pdf"),
        ("\udcff.pdf", "./%FF.pdf"),
    ],
)
def test_a_path_becomes_a_relative_address_in_every_format(path: str, address: str) -> None:
    (one,) = staffed("1")
    briefing = compose_index([Listed(one, (LinkedFile(path, "pdf", "en"),))])
    assert [run.href for run in links(briefing)] == [address]
    html = render(briefing, "html").decode()
    assert re.findall(r'<a [^>]*href="([^#"][^"]*)"', html) == [address]
    with zipfile.ZipFile(BytesIO(render(briefing, "docx"))) as package:
        targets = re.findall('Target="([^"]*)" TargetMode="External"', _relationships(package))
    assert targets == [address]
    with pikepdf.open(BytesIO(render(briefing, "pdf"))) as pdf:
        (link,) = [note for page in pdf.pages for note in page.get("/Annots", ()) if "/A" in note]
        assert (str(link.A.URI), str(link.Contents)) == (address, "PDF")
        assert "/StructParent" in link


def _relationships(package: zipfile.ZipFile) -> str:
    text = package.read("word/_rels/document.xml.rels").decode()
    return re.sub('(TargetMode="External") (Target="[^"]*")', r"\2 \1", text)


@pytest.mark.parametrize("path", ["../a.pdf", "a/../../b", "/etc/hosts", "a//b", "./a", "", "a/"])
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(UsageError, match="leads to no file beside the compendium"):
        compose_index([Listed(*staffed("1"), (LinkedFile(path, "pdf", "en"),))])


def test_no_format_writes_a_relative_address_that_leads_upwards() -> None:
    assert safe_address("./a/b%20c.pdf") == "./a/b%20c.pdf"
    assert [safe_address(href) for href in ("./../a", "./a/../../b", "../a", "a", "/a")] == [""] * 5


def test_names_from_data_never_become_markup() -> None:
    name = "<script>a</script> **b** {{ c }} [d](https://example.org) {part} {files}"
    (model,) = staffed("1")
    zones = [
        replace(model, id=f"testonia-{n}", name={"en": f"{name} {n}"}, short_name={"en": f"{name} {n}"})
        for n in range(3)
    ]
    briefing = index(*zones)
    assert [run.href for run in links(briefing)] == [f"./testonia-{n}/testonia-{n}.pdf" for n in range(3)]
    html = render(briefing, "html")
    assert b"<script" not in html
    assert html_text(html).count(f"{name} 2") == 2
    assert flat(f"{name} 2") in flat(" ".join(pdf_pages(render(briefing, "pdf"))))


def test_two_zones_of_one_name_are_told_apart_by_their_ids() -> None:
    a, b, c = staffed("3", "2", "1")
    twin = replace(b, name=a.name, short_name=a.short_name)
    assert [row[1] for row in rows(table(index(a, twin, c), "Employees"))] == [
        "Testonia A Zone (testonia-a)",
        "Testonia A Zone (testonia-b)",
        "Testonia C",
    ]


# Ranks


def test_zones_that_tie_share_a_rank_and_stand_by_name() -> None:
    found = table(index(*staffed("10", "30", "20", "30", "20", "5")), "Employees")
    assert plain(found.caption.runs) == "Employees, 2002: 6 of 6 zones ranked by size"
    assert rows(found) == [
        ("1", "Testonia B", "30"),
        ("1", "Testonia D", "30"),
        ("3", "Testonia C", "20"),
        ("3", "Testonia E", "20"),
        ("5", "Testonia A", "10"),
        ("6", "Testonia F", "5"),
    ]


def test_less_is_first_where_less_is_better() -> None:
    zones = [zone(f"zone-rank-national = {n}", name) for n, name in ((30, "A"), (10, "B"), (20, "C"))]
    found = tables(index(*zones))[-1]
    assert [row[1] for row in rows(found)] == ["Testonia B", "Testonia C", "Testonia A"]
    assert found.columns[0].heading == "Rank"


def test_a_bound_or_range_has_no_rank_but_the_places_it_could_have() -> None:
    zones = staffed(
        "400", "300", "200", "{ more_than = 250 }", "{ up_to = 100 }", "{ range = [150, 350] }",
        "{ at_least = 500 }",
    )  # fmt: skip
    found = table(index(*zones), "Employees")
    assert plain(found.caption.runs) == "Employees, 2002: 3 of 7 zones ranked by size"
    assert rows(found)[3:] == [
        ("unranked; 1 if it were", "Testonia G", "at least 500"),
        ("unranked; 1 to 3 possible", "Testonia D", "more than 250"),
        ("unranked; 2 to 4 possible", "Testonia F", "150 to 350"),
        ("unranked; 4 if it were", "Testonia E", "up to 100"),
    ]


def test_an_approximate_value_makes_the_ranks_approximate() -> None:
    found = table(index(*staffed("{ about = 400 }", "300", "200")), "Employees")
    assert found.columns[0].heading == "Rank by size (approximate)"
    assert rows(found)[0] == ("1", "Testonia A", "about 400")


def test_dates_within_the_year_are_compared_and_shown() -> None:
    found = table(index(*staffed("{ value = 3, as_of = 2002-06-30 }", "2", "1")), "Employees, 2002")
    assert [row[3] for row in rows(found)] == ["30 June 2002", "2002", "2002"]


def test_zones_without_a_rank_are_named_with_the_reason() -> None:
    zones = staffed(
        "3", "2", "1", "", '"confidential"', "{ value = 9, as_of = 2001 }",
        '{ value = 8, scope = "the host city" }', '{ value = 7, label = { en = "Heads" } }',
        '{ value = 6, status = ["forecast"] }', "{ more_than = 5, as_of = 2001 }",
    )  # fmt: skip
    note = plain(table(index(*zones), "Employees").note)
    assert note.split("\n") == [
        "Not stated: Testonia D",
        "Confidential: Testonia E",
        "Another time, or one not stated: Testonia F (9), Testonia J (more than 5)",
        "Another scope: Testonia G (8)",
        "The source counts something else: Testonia H (7)",
        "A forecast or target: Testonia I (6)",
    ]


def test_two_currencies_are_two_leagues_and_each_names_the_other_s_zones() -> None:
    def output(name: str, currency: str) -> Zone:
        return zone('industrial-output = { value = 5, scale = "billion" }', name, currency=currency)

    briefing = index(*(output(name, "EUR") for name in "ABC"), *(output(name, "USD") for name in "DEF"))
    assert headings(briefing, 2) == ["Gross industrial output (€; 2002)", "Gross industrial output ($; 2002)"]
    euros, dollars = tables(briefing)[-2:]
    assert plain(euros.note) == (
        "Another unit or currency: Testonia D ($5 billion), Testonia E ($5 billion), Testonia F ($5 billion)"
    )
    assert [row[0] for row in rows(dollars)] == ["1", "1", "1"]


def test_zones_of_two_snapshots_are_never_ranked_together() -> None:
    later = staffed("1", "2", "3")
    earlier = [zone("staff = 9", name, year=2001) for name in "DEF"]
    alone = zone("staff = 99", "G", year=2000)
    briefing = index(*earlier, *later, alone)
    assert headings(briefing, 2) == ["Employees (2002)", "Employees (2001)"]
    assert [row[1] for row in rows(table(briefing, "Employees, 2002"))] == [
        f"Testonia {name}" for name in "CBA"
    ]
    overview = table(briefing, "All league tables")
    assert rows(overview)[1] == ("Employees", "2001", "3 of 3", "3 zones (9)")
    assert plain(overview.note).endswith("have the same snapshot: Testonia G (2000)")
    assert "G" not in plain(table(briefing, "Employees, 2002").note)


def test_one_zone_may_stand_there_at_two_snapshots_and_counts_once() -> None:
    now, before = zone("staff = 2"), zone("staff = 1", year=2001)
    briefing = index(before, now)
    assert [row[1] for row in rows(table(briefing, "All zones"))] == ["2002", "2001"]
    title = briefing.blocks[0]
    assert isinstance(title, TitleBlock)
    said = {label: plain(runs) for label, runs in title.facts}
    assert said == {"Zones": "1", "Snapshot": "2001 (1) and 2002 (1)", "Edition": "31 December 2002"}


def test_two_zones_make_no_league_and_the_text_says_so() -> None:
    briefing = index(*staffed("1", "2"))
    assert not briefing.attachments
    assert "none is ranked" in html_text(render(briefing, "html"))


def test_a_published_figure_is_not_ranked_with_a_derived_one_nor_a_derived_size_at_all() -> None:
    leagues = find_leagues([Facts(each) for each in (home(), *others())])
    derived = [league.figure for league in leagues if league.figure.inputs]
    assert derived
    assert all(figure.indicator.better for figure in derived)


def test_long_leagues_and_lists_are_cut_and_the_attached_table_has_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(league_tables, "MOST_ROWS", 2)
    monkeypatch.setattr(league_tables, "MOST_NAMED", 1)
    briefing = index(*staffed("5", "4", "3", "3", "", "", ""))
    found = table(briefing, "Employees")
    assert [row[0] for row in rows(found)] == ["1", "2"]
    assert plain(found.note).split("\n") == [
        "Further zones that are ranked: 2, from rank 3 on; all are in league-tables.csv",
        "Not stated: Testonia E and 2 more",
    ]
    (attached,) = briefing.attachments
    lines = attached.data.decode().splitlines()
    assert attached.name == "league-tables.csv"
    assert [line for line in lines if line.startswith("staff,")] == [
        "staff,2002,Testonia A,5,2002,1,compared",
        "staff,2002,Testonia B,4,2002,2,compared",
        "staff,2002,Testonia C,3,2002,3,compared",
        "staff,2002,Testonia D,3,2002,3,compared",
        *(f"staff,2002,Testonia {name},,,,not stated" for name in "EFG"),
    ]


# The same as elsewhere


def test_ranks_and_values_are_those_of_each_zone_s_own_briefing() -> None:
    zones = (home(), *others())
    words = load_language("en")
    leagues = {league.figure.id: league for league in find_leagues([Facts(each) for each in zones])}
    seen = 0
    for own in zones:
        rest = [each for each in zones if each.id != own.id]
        for beside in set_beside(Facts(own), rest).ranked:
            league = leagues[beside.figure.id]
            (place,) = [place for place in league.places if place.zone.id == own.id]
            assert beside.reference
            assert (place.rank, len(league.places)) == (beside.reference.rank, beside.n)
            assert (words.value(place.figure), league.is_about) == (
                words.value(beside.figure),
                beside.reference.about,
            )
            seen += 1
    assert seen > 80


@pytest.mark.parametrize("language", language_codes())
def test_every_figure_reads_as_in_the_briefing_and_in_every_format(language: str) -> None:
    zones = (home(), *others()[:4])
    briefing = index(*zones, language=language)
    shown = {run.text for run in runs(briefing) if run.figure}
    texts = [flat(html_text(render(compose(each, language=language), "html"))) for each in zones]
    assert shown
    assert [text for text in shown if not any(flat(text) in each for each in texts)] == []
    read = (
        html_text(render(briefing, "html")),
        docx_text(render(briefing, "docx")),
        " ".join(pdf_pages(render(briefing, "pdf"))),
    )
    for text in map(flat, read):
        assert [each for each in shown if flat(each) not in text] == []


def test_the_order_of_the_entries_does_not_matter() -> None:
    zones = [home(), *others(), zone("staff = 1", "Late", year=2001)]
    assert index(*zones).blocks == index(*reversed(zones)).blocks
    assert render(index(*zones), "pdf") == render(index(*reversed(zones)), "pdf")


def test_names_in_another_language_are_marked_and_said() -> None:
    first, *rest = staffed("1", "2", "3")
    foreign = replace(first, name={"zh": "虚构园区"}, short_name={"zh": "虚构"})
    briefing = index(foreign, *rest)
    assert {(run.text, run.lang) for run in runs(briefing) if "虚构" in run.text} == {
        ("虚构园区", "zh"),
        ("虚构", "zh"),
    }
    assert ("虚构园区", "zh") in briefing.borrowed
    assert "given in Chinese" in flat(html_text(render(briefing, "html")))


def test_a_reader_stumbles_over_nothing() -> None:
    assert preflight(index(home(), *others())) == ()


def test_a_title_a_theme_and_a_date_can_be_asked_for() -> None:
    briefing = compose_index(
        listed(home()), title="All {{ zones }} & more", theme="warm", date=date(2003, 1, 2), language="de"
    )
    assert (briefing.title, briefing.theme, briefing.date) == (
        "All {{ zones }} & more",
        "warm",
        date(2003, 1, 2),
    )
    assert b"<h1>All {{ zones }} &amp; more</h1>" in render(briefing, "html")


def test_what_cannot_be_listed_is_refused() -> None:
    with pytest.raises(UsageError, match="no zone to list"):
        compose_index([])
    with pytest.raises(UsageError, match="neither a zone nor a name"):
        compose_index([Listed(None, (), "broken", " ")])
    with pytest.raises(UsageError, match="`testonia-home` is listed twice at the snapshot 2002"):
        compose_index(listed(home(), home()))
    with pytest.raises(UsageError, match="lies before the edition's"):
        compose_index(listed(home()), date=date(2001, 1, 1))
    with pytest.raises(UsageError, match="no zone of the compendium could be read"):
        compose_index([Listed(None, (), "broken", "x.toml")])
    with pytest.raises(TemplateError, match="no language `xx`"):
        compose_index(listed(home()), language="xx")


def test_a_snapshot_without_a_time_is_listed_but_not_ranked() -> None:
    zones = [
        replace(each, edition=replace(each.edition, snapshot=Period.parse("not stated")))
        for each in staffed("1", "2", "3")
    ]
    briefing = index(*zones)
    assert [row[1] for row in rows(table(briefing, "All zones"))] == ["period not stated"] * 3
    assert not briefing.attachments


@pytest.mark.slow
def test_the_page_of_all_zones_of_a_country_is_light() -> None:
    text = "staff = {}\nrd-projects = {}\ninvention-patents-held = {}\nenterprises-registered = {}"
    files = tuple(LinkedFile("a/briefing in a folder.pdf", "pdf", code) for code in ("en", "zh"))
    zones = []
    for number in range(2543):
        made = zone(text.format(number, number * 7 % 911, number * 3, number * 11), f"N{number}")
        zones.append(Listed(made, files))
    assert len(render(compose_index(zones), "html")) < 3_000_000
