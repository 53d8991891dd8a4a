"""The web page, parsed and asked by XPath. All zones and figures of the small briefings are invented."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from string import ascii_letters, digits
from tempfile import gettempdir
from typing import TYPE_CHECKING

import pytest
from lxml import html

from conftest import composed
from reading_back import flat, numbers
from zonereport.api import render
from zonereport.briefing.blocks import (
    Briefing,
    Callout,
    Caption,
    ChartBlock,
    Column,
    Contents,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Quote,
    Run,
    Table,
    Tile,
    Tiles,
    TitleBlock,
    iter_blocks,
)
from zonereport.briefing.text import every_text
from zonereport.charts.chart import Chart
from zonereport.charts.sheet import Sheet
from zonereport.charts.style import Style
from zonereport.fonts import prepare_fonts
from zonereport.render.addresses import safe_address as address
from zonereport.render.html.document import POLICY, write_html
from zonereport.render.html.palette import by_name, contrast, dark_palette, light_palette
from zonereport.theme import load_theme

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Block, Runs
    from zonereport.charts.drawing import Drawing

THEME = load_theme("neutral")
COLOURS = THEME.colours
STYLE = Style(
    THEME,
    prepare_fonts(
        ascii_letters + digits, THEME.fonts.text, cache=Path(gettempdir()) / "zonereport-test-fonts"
    ),
)


def draw_bars(style: Style) -> Drawing:
    sheet, colours = Sheet(style, 40), style.theme.colours
    sheet.rectangle(50, 5, 60, 10, colours.accent)
    sheet.hatched(50, 25, 100, 10, colours.second)
    sheet.rectangle(150, 25, 5, 10, "#123456")
    sheet.text(0, 12, "Laboratories")
    sheet.text(0, 32, "Incubators", colour=colours.muted)
    return sheet.drawing()


def runs(*pieces: str | Run) -> Runs:
    return tuple(piece if isinstance(piece, Run) else Run(piece) for piece in pieces)


def text(*pieces: str | Run) -> Paragraph:
    return Paragraph(runs(*pieces))


CHART = ChartBlock(
    "chart-platforms",
    Caption("figure", "Figure ", 1, ". ", runs("Incubators are the most common")),
    Chart(
        id="platforms",
        title="Incubators are the most common",
        subtitle="Platforms by kind, end of 2031",
        source="Source: S1.",
        alt="Bar chart of two kinds: incubators 5, laboratories 3.",
        header=("Kind", "Number"),
        rows=(("Incubators", "5"), ("Laboratories", "3")),
        figures=("platforms",),
        height=40,
        draw=draw_bars,
    ),
)
TABLE = Table(
    "table-money",
    Caption("table", "Table ", 1, ". ", runs("Money and people")),
    (Column("Indicator", weight=3), Column("2031", "right")),
    ((runs("Professionals"), runs(Run("3,228", figure="rd"))), ((), runs("not published"))),
    "Two indicators.",
    runs("p: provisional."),
)


def brief(*blocks: Block, **changes: object) -> Briefing:
    whole = Briefing(
        zone="examplia-test",
        snapshot="2031",
        title="Examplia Test Zone",
        subject="Annual briefing 2031",
        author="Bureau of Imaginary Statistics",
        keywords=("innovation", "Examplia"),
        language="en",
        date=date(2032, 3, 5),
        running_head=("Examplia Test Zone", "Annual briefing 2031"),
        footer="Example; not official",
        page_pattern="Page {page} of {pages}",
        blocks=blocks,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def source(*blocks: Block, **changes: object) -> str:
    return write_html(brief(*blocks, **changes), STYLE).decode()


def page(*blocks: Block, **changes: object) -> html.HtmlElement:
    return html.document_fromstring(source(*blocks, **changes).encode())


@cache
def sample(case: str) -> str:
    return render(composed(case), "html").decode()


def read(written: str) -> html.HtmlElement:
    return html.document_fromstring(written.encode())


def said(element: html.HtmlElement) -> str:
    return flat(element.text_content())


def only(root: html.HtmlElement, path: str) -> html.HtmlElement:
    found = root.xpath(path)
    assert len(found) == 1, f"{path}: {len(found)}"
    return found[0]


# The page


def test_the_head_says_what_the_page_is() -> None:
    root = page(TitleBlock("Examplia Test Zone", "Annual briefing 2031", ()))
    named = {meta.get("name"): meta.get("content") for meta in root.xpath("//meta[@name]")}

    assert root.get("lang") == "en"
    assert only(root, "//title").text == "Examplia Test Zone – Annual briefing 2031"
    assert named["description"] == "Annual briefing 2031"
    assert named["author"] == "Bureau of Imaginary Statistics"
    assert named["date"] == "2032-03-05"
    assert named["generator"] == "zonereport"
    assert named["viewport"] == "width=device-width, initial-scale=1"
    assert only(root, "//meta[@charset]").get("charset") == "utf-8"
    assert only(root, "//meta[@http-equiv]").get("content") == POLICY


def test_the_policy_allows_nothing_but_the_pages_own_style_and_pictures_within() -> None:
    assert POLICY.split("; ") == ["default-src 'none'", "style-src 'unsafe-inline'", "img-src data:"]


def test_the_landmarks_are_header_contents_main_and_footer() -> None:
    root = page(
        TitleBlock("Zone", "Briefing", (("Place", runs("Here")),)), Contents("Contents"), text("Text")
    )
    assert [node.tag for node in root.find("body")] == ["header", "main", "footer"]
    assert said(only(root, "//header/h1")) == "Zone"
    assert said(only(root, "//header/p[@class='kicker']")) == "Briefing"
    assert [said(node) for node in root.xpath("//header/dl/div/*")] == ["Place", "Here"]
    assert said(only(root, "//footer")) == "Example; not official"


def test_a_briefing_without_a_title_block_has_its_title_all_the_same() -> None:
    assert said(only(page(text("Text")), "//header/h1")) == "Examplia Test Zone"


def test_the_same_input_gives_the_same_bytes() -> None:
    assert write_html(brief(TABLE, CHART), STYLE) == write_html(brief(TABLE, CHART), STYLE)


def test_paper_has_the_themes_size_and_the_briefings_words_at_its_edges() -> None:
    style = only(page(text("Text")), "//style").text
    assert "size: 210mm 297mm" in style
    assert "margin: 25mm 24mm 22mm 24mm" in style
    assert '"Page " counter(page) " of " counter(pages) ""' in style
    assert r'"Example\3b  not official"' in style


# Blocks


def test_headings_stand_below_the_title_and_skip_no_rank() -> None:
    root = page(
        Heading(2, runs("First"), "first"),
        Heading(1, runs("Second"), "second"),
        Heading(3, runs("Third"), "third"),
    )
    ranks = [(node.tag, node.get("id")) for node in root.xpath("//h2|//h3|//h4")]
    assert ranks == [("h2", "first"), ("h2", "second"), ("h3", "third")]


def test_the_contents_link_to_every_section_and_to_nothing_smaller() -> None:
    root = page(
        Contents("Contents"),
        Heading(1, runs("One ", Run("1", note=runs("why"))), "one"),
        Heading(2, runs("Two"), "two"),
    )
    nav = only(root, "//nav")
    assert [(said(link), link.get("href")) for link in nav.xpath(".//a")] == [("One", "#one")]
    assert said(root.get_element_by_id(nav.get("aria-labelledby"))) == "Contents"


def test_prose_keeps_its_role() -> None:
    root = page(Paragraph(runs("Lead"), "lead"), Paragraph(runs("Body")), Paragraph(runs("Note"), "note"))
    assert [(node.get("class"), said(node)) for node in root.xpath("//main//p")] == [
        ("lead", "Lead"),
        (None, "Body"),
        ("note", "Note"),
    ]


def test_lists_nest() -> None:
    inner = Listing(((text("deep"),),), ordered=True)
    root = page(Listing(((text("one"),), (text("two"), inner, text("more")))))
    assert said(only(root, "//main//ul/li[1]")) == "one"
    assert said(only(root, "//main//ul/li[2]/ol/li")) == "deep"
    assert said(only(root, "//main//ul/li[2]/p")) == "more"


def test_an_item_may_begin_with_something_else_than_prose() -> None:
    assert said(only(page(Listing(((TABLE,),))), "//main//ul/li//caption")) == "Table 1. Money and people"


def test_a_quote_names_who_said_it_outside_the_quote() -> None:
    root = page(Quote((text("We counted twice."),), runs("Head of the bureau")), Quote((text("Alone."),)))
    assert said(only(root, "//figure/blockquote")) == "We counted twice."
    assert said(only(root, "//figure/figcaption")) == "Head of the bureau"
    assert [said(node) for node in root.xpath("//blockquote[not(parent::figure)]")] == ["Alone."]


def test_a_call_out_is_named_by_its_title() -> None:
    aside = only(root := page(Callout("How to read", (text("Slowly."),))), "//aside")
    assert said(root.get_element_by_id(aside.get("aria-labelledby"))) == "How to read"
    assert [said(part) for part in aside] == ["How to read", "Slowly."]


def test_tiles_are_a_list_with_a_name() -> None:
    tiles = Tiles(
        (Tile(Run("3,228", figure="rd"), "Professionals", ("2031", "up")), Tile(Run("–"), "Patents")),
        "Two figures",
    )
    strip = only(page(tiles), "//ul[@class='tiles']")
    assert strip.get("aria-label") == "Two figures"
    assert [[said(p) for p in tile.xpath(".//p")] for tile in strip] == [
        ["3,228", "Professionals", "2031", "up"],
        ["–", "Patents"],
    ]


def test_a_table_has_a_caption_and_headings_for_columns_and_rows() -> None:
    root = page(TABLE)
    table = only(root, "//*[@id='table-money']//table")
    assert said(only(table, "caption")) == "Table 1. Money and people"
    assert [(node.get("scope"), said(node)) for node in table.xpath("thead//th")] == [
        ("col", "Indicator"),
        ("col", "2031"),
    ]
    assert [
        (node.tag, node.get("scope"), said(node)) for node in table.xpath("tbody//*[self::th or self::td]")
    ] == [
        ("th", "row", "Professionals"),
        ("td", None, "3,228"),
        ("td", None, ""),
        ("td", None, "not published"),
    ]
    assert [node.get("style") for node in table.xpath("colgroup/col")] == ["width: 75.0%", "width: 25.0%"]
    assert said(only(root, "//*[@id='table-money']/p")) == "p: provisional."


def test_what_may_scroll_is_reached_by_the_keyboard_and_has_a_name() -> None:
    root = page(TABLE, CHART)
    parts = root.xpath("//div[@class='scroll']")
    assert [part.get("tabindex") for part in parts] == ["0"] * 3
    assert [said(root.get_element_by_id(part.get("aria-labelledby"))) for part in parts] == [
        "Table 1. Money and people",
        "Figure 1. Incubators are the most common",
        "Figure 1 Data",
    ]


def test_a_chart_is_a_figure_with_its_words_and_its_values() -> None:
    figure = only(page(CHART), "//figure[@id='chart-platforms']")
    assert [said(node) for node in figure.xpath("figcaption/p")] == [
        "Figure 1. Incubators are the most common",
        "Platforms by kind, end of 2031",
    ]
    assert said(only(figure, "p[@class='source']")) == "Source: S1."
    assert said(only(figure, "details/summary")) == "Figure 1 Data"
    assert [[said(cell) for cell in row] for row in figure.xpath("details//tr")] == [
        ["Kind", "Number"],
        ["Incubators", "5"],
        ["Laboratories", "3"],
    ]


def test_the_picture_of_a_chart_has_its_alternative_text() -> None:
    svg = only(root := page(CHART), "//svg")
    assert svg.get("role") == "img"
    assert said(root.get_element_by_id(svg.get("aria-labelledby"))) == "Figure 1"
    assert said(root.get_element_by_id(svg.get("aria-describedby"))) == CHART.chart.alt


def test_the_picture_takes_its_colours_from_the_page() -> None:
    drawn = html.tostring(only(page(CHART), "//svg"), encoding="unicode")
    assert "fill:var(--accent)" in drawn
    assert "stroke:var(--second)" in drawn
    assert "fill:var(--ink)" in drawn
    assert "fill:var(--muted)" in drawn
    assert re.findall("#[0-9a-f]{6}", drawn) == ["#123456"], "a colour of no role stays as it is"
    assert "viewbox" in drawn.lower()
    assert "<style" not in drawn
    assert not re.search(r'<svg[^>]*(width|height)="', drawn)


def test_the_picture_has_no_paper_of_its_own_for_dark_pages_and_shadows_beneath() -> None:
    paper = page(CHART).xpath("//svg//path[contains(@style, '--paper')]/@d")
    assert paper == [
        page(CHART).xpath("//svg//path[contains(@style, 'stroke:var(--second)')]/@d")[1]
    ]  # the hatch's


def test_the_letters_of_a_picture_are_outlines_that_its_links_lead_to() -> None:
    root = page(CHART)
    assert not root.xpath("//svg//text")
    links = set(root.xpath("//svg//use/@href"))
    assert {f"#{id}" for id in root.xpath("//svg/defs/path/@id")} == links
    assert all(link.startswith("#chart-platforms-") for link in links)
    assert not root.xpath("//svg//@*[name() = 'xlink:href']")


def test_two_charts_share_no_id() -> None:
    root = page(CHART, replace(CHART, id="chart-again"), CHART)
    ids = root.xpath("//@id")
    assert len(root.xpath("//svg")) == 3
    assert len(ids) == len(set(ids))


def test_a_page_break_is_for_paper_only() -> None:
    assert said(only(page(text("a"), PageBreak(), text("b")), "//div[@class='page-break']")) == ""


# Runs


def test_text_can_never_act_as_markup() -> None:
    evil = """<script>alert("1")</script>&amp;'"</style>"""
    chart = replace(
        CHART.chart, title=evil, subtitle=evil, source=evil, alt=evil, header=(evil,), rows=((evil,),)
    )
    caption = Caption("figure", evil, 1, evil, runs(evil))
    blocks = (
        TitleBlock(evil, evil, ((evil, runs(evil)),)),
        Contents(evil),
        Heading(1, runs(evil), evil),
        Paragraph(runs(Run(evil, strong=True, emphasis=True, figure=evil, lang=evil, href=evil, ref=evil))),
        Listing(((text(evil),),)),
        Quote((text(evil),), runs(evil)),
        Tiles((Tile(Run(evil), evil, (evil,)),), evil),
        Callout(evil, (text(evil),)),
        replace(
            TABLE, id=evil, caption=caption, columns=(Column(evil),), rows=((runs(evil),),), note=runs(evil)
        ),
        ChartBlock(evil, caption, chart),
        text(Run(evil, note=runs(evil))),
    )
    written = source(
        *blocks,
        title=evil,
        subject=evil,
        author=evil,
        keywords=(evil,),
        footer=evil,
        running_head=(evil, evil),
        page_pattern=evil,
        notes_title=evil,
    )
    root = read(written)
    assert "<script" not in written
    assert root.xpath("//script") == []
    assert len(root.xpath("//style")) == written.count("</style>") == 1
    assert {said(node) for node in root.xpath("//h1|//h2|//li/a")} == {flat(evil)}
    assert {name for node in root.iter() for name in node.attrib if name.startswith("on")} == set()


def test_what_html_forbids_is_replaced() -> None:
    written = source(text("a\x00b\x1bc\ud800d\ufffe"), Tiles((), "x\x07y"))
    assert "a\ufffdb\ufffdc\ufffdd\ufffd" in written
    assert "x\ufffdy" in written


def test_line_ends_in_text_break_the_line() -> None:
    assert "a<br>b<br>c" in source(text("a\nb\r\nc"))


def test_runs_are_marked_up() -> None:
    inner = html.tostring(
        only(
            page(
                text(
                    "a ",
                    Run("b", strong=True),
                    Run("c", emphasis=True),
                    Run("字", lang="zh"),
                    Run("5", figure="rd"),
                )
            ),
            "//main//p",
        ),
        encoding="unicode",
    )
    assert inner == (
        '<p>a <strong>b</strong><em>c</em><span lang="zh">字</span><span data-figure="rd">5</span></p>'
    )


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://example.org/a?b=1&c=2#d", "https://example.org/a?b=1&c=2#d"),
        ("http://example.org/a b", "http://example.org/a%20b"),
        ("mailto:office@example.org", "mailto:office@example.org"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://user@example.org/", ""),
        ("https:///nowhere", ""),
        ("//example.org", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_only_addresses_of_web_and_mail_become_links(href: str, expected: str) -> None:
    assert address(href) == expected


def test_links_outside_tell_nothing_about_the_reader() -> None:
    root = page(
        text(
            Run("bureau", href="https://example.org/"),
            Run("https://example.org/", href="https://example.org/"),
        )
    )
    links = root.xpath("//main//a")
    assert [(link.get("href"), link.get("rel")) for link in links] == [
        ("https://example.org/", "noopener noreferrer")
    ] * 2
    assert [link.get("class") for link in links] == [
        "named",
        None,
    ]  # on paper, the second says its address already


def test_a_reference_leads_to_its_block_and_one_to_nowhere_is_plain_text() -> None:
    root = page(text(Run("Table 1", ref="table-money"), Run("gone", ref="table-gone")), TABLE)
    assert [(said(link), link.get("href")) for link in root.xpath("//main//a")] == [
        ("Table 1", "#table-money")
    ]


def test_a_footnote_leads_there_and_back() -> None:
    note = Run("1", note=runs("Counted ", Run("twice", emphasis=True), "."))
    root = page(
        text("A", note), text("B", note), text("C", Run("2", note=runs("Other."))), notes_title="Remarks"
    )
    marks = root.xpath("//sup/a[@role='doc-noteref']")
    section = only(root, "//section[@role='doc-endnotes']")

    assert [said(mark) for mark in marks] == ["1", "1", "2"]
    assert marks[0].get("href") == marks[1].get("href") != marks[2].get("href")
    assert said(root.get_element_by_id(section.get("aria-labelledby"))) == "Remarks"
    assert [said(node) for node in section.xpath(".//dd")] == ["Counted twice.", "Other."]
    for mark, place in ((marks[0], 1), (marks[2], 2)):
        note_place = root.get_element_by_id(mark.get("href")[1:])
        assert note_place is section.xpath(f".//dl/div[{place}]")[0]
        back = only(note_place, ".//a[@role='doc-backlink']")
        assert root.get_element_by_id(back.get("href")[1:]) is mark


def test_a_footnote_may_have_one_of_its_own() -> None:
    root = page(text("A", Run("1", note=runs("See", Run("2", note=runs("Deep."))))))
    assert [said(node) for node in root.xpath("//section//dd")] == ["See2", "Deep."]


def test_without_footnotes_there_is_no_section_for_them() -> None:
    assert page(text("A")).xpath("//section") == []


# Colours


@pytest.mark.parametrize("palette", [light_palette(COLOURS), dark_palette(COLOURS)], ids=["light", "dark"])
def test_text_stands_out_from_page_and_tint(palette: object) -> None:
    for ink in (palette.ink, palette.muted, palette.accent, palette.second, palette.third):
        for ground in (palette.paper, palette.tint):
            assert contrast(ink, ground) >= 4.5


def test_by_light_the_colours_are_the_themes() -> None:
    assert light_palette(COLOURS) == COLOURS


def test_by_dark_the_earlier_snapshot_can_be_told_from_page_and_this_one() -> None:
    dark = dark_palette(COLOURS)
    assert contrast(dark.light, dark.paper) >= 2
    assert contrast(dark.light, dark.accent) >= 1.5


@pytest.mark.parametrize("faint", ["#ffd400", "#b0c4de", "#ffffff", "#8fd3a5"])
def test_a_theme_too_faint_to_read_is_made_readable_by_light_and_dark(faint: str) -> None:
    colours = replace(COLOURS, ink=faint, muted=faint, accent=faint, second=faint)
    for palette in (light_palette(colours), dark_palette(colours)):
        for name in ("ink", "muted", "accent"):
            assert contrast(by_name(palette)[name], palette.tint) >= 4.5


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#123456", "#123456", 1)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(one, other) == contrast(other, one)


def test_the_page_has_both_palettes_and_paper_is_light() -> None:
    style = only(page(text("a")), "//style").text
    light, dark = style.split("@media screen and (prefers-color-scheme: dark)")
    assert f"--paper: {COLOURS.paper};" in light
    assert f"--paper: {dark_palette(COLOURS).paper};" in dark


def test_every_colour_and_size_that_the_stylesheet_names_is_defined() -> None:
    style = only(page(text("a")), "//style").text
    assert set(re.findall(r"var\((--[a-z0-9-]+)", style)) <= set(re.findall(r"(--[a-z0-9-]+):", style))


# The bundled zones


def test_the_page_asks_for_nothing_from_outside(case: str) -> None:
    root = read(sample(case))
    loading = root.xpath(
        "//@src | //@srcset | //@poster | //@data | //@action | //@background | //link/@href"
    )
    assert loading == []
    assert root.xpath("//script | //link | //iframe | //object | //embed | //base | //form") == []
    assert all(value.startswith("#") for value in root.xpath("//*[not(self::a)]/@href"))
    asking = r"@import|@font-face|url\((?!#)"
    assert re.search(asking, "url(https://example.org/x.png)")
    assert not re.search(asking, sample(case))


def test_ids_are_unique_and_every_link_within_the_page_leads_somewhere(case: str) -> None:
    root = read(sample(case))
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    pointed = [href[1:] for href in root.xpath("//@href") if href.startswith("#")]
    pointed += [
        id
        for name in ("labelledby", "describedby")
        for ref in root.xpath(f"//@aria-{name}")
        for id in ref.split()
    ]
    pointed += re.findall(r"url\(#([^)]+)\)", sample(case))
    assert pointed
    assert set(pointed) <= set(ids)
    assert not [id for id in ids if re.search(r"\s", id)]


def test_headings_skip_no_rank(case: str) -> None:
    ranks = [int(node.tag[1]) for node in read(sample(case)).xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert ranks[0] == 1
    assert ranks.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(ranks))


def shown(root: html.HtmlElement) -> str:
    """The text of the body, with a space where an element ends, and the charts' alternative texts."""
    return flat(" ".join(piece for piece in root.find("body").itertext()))


def joined(written: str) -> str:
    return re.sub(r"\s+", "", written)


def worded_figures(briefing: Briefing) -> set[str]:
    found: list[Run] = []
    for block in iter_blocks(briefing.blocks):
        match block:
            case Paragraph():
                found += block.runs
            case Table():
                found += [run for row in block.rows for cell in row for run in cell]
            case Tiles():
                found += [tile.value for tile in block.tiles]
    return {run.text for run in found if run.figure and run.text}


def chart_words(briefing: Briefing) -> set[str]:
    charts = [block.chart for block in iter_blocks(briefing.blocks) if isinstance(block, ChartBlock)]
    return {cell for chart in charts for row in (chart.header, *chart.rows) for cell in row}


def test_every_worded_figure_stands_on_the_page(case: str) -> None:
    briefing = composed(case)
    words = worded_figures(briefing) | chart_words(briefing)
    page_words = joined(shown(read(sample(case))))
    assert words
    assert {word for word in words if joined(word) not in page_words} == set()


def test_a_figure_in_the_text_names_its_indicator(case: str) -> None:
    marked = {said(node) for node in read(sample(case)).xpath("//@data-figure/..")}
    assert {flat(word) for word in worded_figures(composed(case))} <= marked


def test_the_page_holds_no_number_that_the_briefing_does_not(case: str) -> None:
    briefing = composed(case)
    captions = {
        str(block.caption.number) for block in briefing.blocks if isinstance(block, (ChartBlock, Table))
    }
    assert numbers(shown(read(sample(case)))) - numbers(flat(every_text(briefing))) - captions == set()
