"""The Word file, reopened and asked by XPath. All zones and figures here are invented."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from string import ascii_letters, digits
from tempfile import gettempdir
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml.ns import nsmap, qn
from docx.shared import Mm
from lxml import etree
from PIL import Image

from conftest import rendered
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
from zonereport.charts.chart import Chart
from zonereport.charts.picture import png
from zonereport.charts.sheet import Sheet
from zonereport.charts.style import Style
from zonereport.charts.svg import svg
from zonereport.fonts import prepare_fonts
from zonereport.render.word.document import write_docx
from zonereport.render.word.fields import name_bookmarks
from zonereport.render.word.text import address, clean
from zonereport.theme import load_theme

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Block, Runs
    from zonereport.charts.drawing import Drawing

THEME = load_theme("neutral")
STYLE = Style(
    THEME,
    prepare_fonts(
        ascii_letters + digits, THEME.fonts.text, cache=Path(gettempdir()) / "zonereport-test-fonts"
    ),
)


def draw_bars(style: Style) -> Drawing:
    sheet = Sheet(style, 55)
    for row, (name, number) in enumerate({"Makerspaces": 8, "Incubators": 5, "Laboratories": 3}.items()):
        sheet.text(0, 10 + 15 * row, name, middle=True)
        sheet.rectangle(40, 5 + 15 * row, 10 * number, 10, style.theme.colours.accent)
    return sheet.drawing()


def runs(*pieces: str | Run) -> Runs:
    return tuple(piece if isinstance(piece, Run) else Run(piece) for piece in pieces)


def text(*pieces: str | Run) -> Paragraph:
    return Paragraph(runs(*pieces))


def chart(key: str = "platforms") -> Chart:
    return Chart(
        id=key,
        title="Makerspaces are the most common platform",
        subtitle="Platforms by kind, number, end of 2031",
        source="Source: Examplia Statistical Yearbook 2032 [S1].",
        alt="Bar chart of three kinds: makerspaces 8, incubators 5, laboratories 3.",
        header=("Kind", "Number"),
        rows=(("Makerspaces", "8"), ("Incubators", "5"), ("Laboratories", "3")),
        figures=("platforms",),
        height=55,
        draw=draw_bars,
    )


TITLE = TitleBlock(
    "Examplia Test Zone",
    "Annual briefing on innovation, 2031",
    (
        ("Place", runs("Port Invented, Examplia")),
        ("As of", runs("31 December 2031")),
        ("Edition", runs("2, of 5 March 2032")),
        (
            "Issued by",
            runs("Bureau of Imaginary Statistics, Department of Science, Technology and Everything Else"),
        ),
        ("Status", runs("Figures marked ", Run("p", emphasis=True), " are provisional")),
    ),
)
TILES = Tiles(
    (
        Tile(Run("3,228"), "Research professionals", ("end of 2031", "up 4.1% on 2030")),
        Tile(Run("more than 500"), "Achievements applied", ("cumulative, period not stated",)),
        Tile(Run("EXD 12.3 billion"), "Output", ("USD 1.7 billion as printed", "2031, provisional")),
        Tile(Run("not published"), "Patents granted"),
    ),
    "Four headline figures of the zone.",
)
CHART = ChartBlock(
    "chart-platforms",
    Caption("figure", "Figure ", 1, ". ", runs("Makerspaces are the most common platform")),
    chart(),
)
TABLE = Table(
    "table-money",
    Caption("table", "Table ", 1, ". ", runs("Money and people")),
    (
        Column("Indicator", weight=3),
        Column("2030", "right"),
        Column("2031", "right"),
        Column("Source", weight=1.2),
    ),
    (
        (runs("Research professionals"), runs("3,101"), runs("3,228"), runs("[S1]")),
        (runs("Output, EXD million"), runs("11,020"), runs("12,300 ", Run("p", emphasis=True)), runs("[S1]")),
        (runs("Achievements applied"), runs("–"), runs("more than 500"), runs("[S2]")),
        (
            runs("Patents granted, invention, utility model and design together"),
            (),
            runs("not published"),
            runs("–"),
        ),
    ),
    "Four indicators in rows, two years in columns, with the source of each.",
    runs("p: provisional. – : not stated."),
)
BLOCKS: tuple[Block, ...] = (
    TITLE,
    Contents("Contents"),
    PageBreak(),
    Heading(1, runs("At a glance"), "at-a-glance"),
    Paragraph(
        runs("The zone grew, and ", Run("most", strong=True), " of what it counts grew with it."), "lead"
    ),
    TILES,
    Heading(2, runs("Platforms"), "platforms"),
    text(
        "There are 16 platforms (",
        Run("Figure 1", ref="chart-platforms"),
        "); the money is in ",
        Run("the table below", ref="table-money"),
        ", the method in ",
        Run("Sources", ref="sources"),
        ". More at ",
        Run("the bureau's site", href="https://stats.example.org/zones?id=1&lang=en"),
        "; the zone calls itself ",
        Run("“虚构测试区”", lang="zh"),
        ". " + "It keeps a register of everyone who has ever worked there. " * 3,
    ),
    CHART,
    text("What the platforms do:"),
    Listing(
        (
            (text("They lend instruments and train the people who use them, at odd hours."),),
            (
                text("They advise:"),
                Listing(((text("on patents"),), (text("on funding"), Listing(((text("deep"),),))))),
            ),
            (text("They report once a year."), text("A second paragraph of the same point.")),
        )
    ),
    Listing(
        (
            (text("First step"), Listing(((text("a step within"),), (text("another"),)), True)),
            (text("Second"),),
        ),
        True,
    ),
    text("And again, from one:"),
    Listing(((text("Only step"),), (text("Last step"),)), True),
    Heading(2, runs("Money"), "money"),
    text("See ", Run("Table 1", ref="table-money"), "."),
    TABLE,
    text("A paragraph after the table's note. " * 6),
    Quote((text("We counted everything twice, and it was the same."),), runs("Head of the bureau, 2032")),
    Callout(
        "How to read the figures",
        (
            text("“More than” is a lower bound as the source prints it. " * 3),
            Listing(((text("A dash is not a zero."),), (text("A target is not a result."),))),
        ),
    ),
    Heading(3, runs("A smaller matter"), "smaller"),
    text("A closing paragraph."),
    Heading(1, runs("Sources and methods"), "sources"),
    Paragraph(runs("[S1] Examplia Statistical Yearbook 2032."), "note"),
    Paragraph(runs("[S2] Invented Gazette, 4 January 2032."), "note"),
)


def brief(*blocks: Block, **changes: object) -> Briefing:
    whole = Briefing(
        zone="examplia-test",
        snapshot="2031",
        title="Examplia Test Zone: annual briefing 2031",
        subject="Innovation zone briefing",
        author="Bureau of Imaginary Statistics",
        keywords=("innovation", "Examplia"),
        language="en",
        date=date(2032, 3, 5),
        running_head=("Examplia Test Zone", "Annual briefing 2031"),
        footer="Bureau of Imaginary Statistics · 5 March 2032",
        page_pattern="Page {page} of {pages}",
        blocks=blocks or BLOCKS,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def parts(saved: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(saved)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def reopen(saved: bytes, part: str = "word/document.xml") -> etree._Element:
    return etree.fromstring(parts(saved)[part])


def ask(element: etree._Element, path: str) -> list:
    return element.xpath(path, namespaces=nsmap)


def words(element: etree._Element) -> str:
    marks = {qn("w:tab"): "\t", qn("w:br"): "\n"}
    pieces = ask(element, ".//w:r/w:t | .//w:r/w:tab | .//w:r/w:br")
    return "".join(marks.get(piece.tag) or piece.text for piece in pieces)


def styled(document: etree._Element, style: str) -> list[str]:
    return [words(p) for p in ask(document, f"//w:p[w:pPr/w:pStyle/@w:val='{style}']")]


def joined(pieces: Runs) -> str:
    return "".join(run.text for run in pieces)


def said(block: Block) -> list[str]:
    """The paragraphs that a reader of the block should find."""
    match block:
        case TitleBlock():
            return [
                block.title,
                block.subtitle,
                *(f"{label}\t{joined(value)}" for label, value in block.facts),
            ]
        case Heading() | Paragraph():
            return [joined(block.runs)]
        case Listing():
            return [line for item in block.items for inner in item for line in said(inner)]
        case Quote():
            return [*(line for inner in block.blocks for line in said(inner)), joined(block.attribution)]
        case Callout():
            return [block.title, *(line for inner in block.blocks for line in said(inner))]
        case Tiles():
            return [line for tile in block.tiles for line in (tile.value.text, tile.label, *tile.notes)]
        case Table():
            caption = f"{block.caption.label}{block.caption.suffix}{joined(block.caption.runs)}"
            cells = [joined(cell) for row in block.rows for cell in row]
            return [caption, *(column.heading for column in block.columns), *cells, joined(block.note)]
        case ChartBlock():
            caption = f"{block.caption.label}{block.caption.suffix}{joined(block.caption.runs)}"
            return [caption, block.chart.subtitle, block.chart.source]
        case _:
            return []


@pytest.fixture(scope="module")
def saved() -> bytes:
    return write_docx(brief(), STYLE)


@pytest.fixture(scope="module")
def document(saved: bytes) -> etree._Element:
    return reopen(saved)


def test_every_paragraph_of_the_briefing_stands_in_the_document_in_order(document: etree._Element) -> None:
    found = [words(p) for p in ask(document, "//w:body//w:p[not(ancestor::w:sdt)]")]
    expected = [line for block in BLOCKS for line in said(block)]
    assert [line for line in found if line] == [line for line in expected if line]


def test_python_docx_reads_caption_numbers_and_links_as_text(saved: bytes) -> None:
    lines = [p.text for p in docx.Document(BytesIO(saved)).paragraphs]
    assert "Table 1. Money and people" in lines
    assert any(
        line.startswith("There are 16 platforms (Figure 1); the money is in the table below")
        for line in lines
    )


def test_each_kind_of_block_has_its_style(document: etree._Element) -> None:
    assert styled(document, "Title") == ["Examplia Test Zone"]
    assert styled(document, "Subtitle") == ["Annual briefing on innovation, 2031"]
    assert styled(document, "Heading1") == ["At a glance", "Sources and methods"]
    assert styled(document, "Heading2") == ["Platforms", "Money"]
    assert styled(document, "Heading3") == ["A smaller matter"]
    assert styled(document, "Lead") == ["The zone grew, and most of what it counts grew with it."]
    assert styled(document, "Quote") == ["We counted everything twice, and it was the same."]
    assert styled(document, "QuoteAttribution") == ["Head of the bureau, 2032"]
    assert styled(document, "TileValue") == ["3,228", "more than 500", "EXD 12.3 billion", "not published"]
    assert styled(document, "CalloutTitle") == ["How to read the figures"]
    assert styled(document, "Caption") == [
        "Figure 1. Makerspaces are the most common platform",
        "Table 1. Money and people",
    ]


def test_every_style_that_is_used_is_defined_and_none_names_a_theme_font(saved: bytes) -> None:
    styles = reopen(saved, "word/styles.xml")
    defined = set(ask(styles, "//w:style/@w:styleId"))
    used = {
        value
        for part in ("word/document.xml", "word/header1.xml", "word/footer1.xml", "word/numbering.xml")
        for value in ask(reopen(saved, part), "//w:pStyle/@w:val | //w:rStyle/@w:val | //w:tblStyle/@w:val")
    }
    linked = set(ask(styles, "//w:basedOn/@w:val | //w:next/@w:val"))
    assert used | linked <= defined
    assert not ask(styles, "//@w:asciiTheme | //@w:eastAsiaTheme | //@w:hAnsiTheme | //@w:cstheme")


def test_fonts_language_and_page_are_the_themes(saved: bytes, document: etree._Element) -> None:
    defaults = ask(reopen(saved, "word/styles.xml"), "//w:docDefaults/w:rPrDefault/w:rPr")[0]
    fonts = {name.rpartition("}")[2]: value for name, value in ask(defaults, "w:rFonts")[0].items()}
    theme = THEME.fonts
    assert fonts == {
        "ascii": theme.word,
        "hAnsi": theme.word,
        "cs": theme.word,
        "eastAsia": theme.word_east_asian,
    }
    assert ask(defaults, "w:lang/@w:val") == ["en-GB"]
    assert ask(defaults, "w:lang/@w:eastAsia") == ["zh-CN"]
    assert ask(document, "//w:pgSz/@w:w | //w:pgSz/@w:h") == ["11906", "16838"]


def test_a_chinese_briefing_is_marked_chinese_and_set_in_the_east_asian_font() -> None:
    saved = write_docx(brief(text("“超过”500项"), language="zh"), STYLE)
    assert ask(reopen(saved, "word/styles.xml"), "//w:docDefaults//w:lang/@w:eastAsia") == ["zh-CN"]
    assert ask(reopen(saved), "//w:body//w:rFonts/@w:hint") == ["eastAsia"]
    assert docx.Document(BytesIO(saved)).core_properties.language == "zh-CN"


def test_a_run_in_another_language_says_so(document: etree._Element) -> None:
    run = ask(document, "//w:r[w:t='“虚构测试区”']")[0]
    assert ask(run, "w:rPr/w:lang/@w:eastAsia") == ["zh-CN"]
    assert ask(run, "w:rPr/w:rFonts/@w:hint") == ["eastAsia"]


def test_strong_and_emphasis_are_set(document: etree._Element) -> None:
    assert ask(document, "//w:p[w:pPr/w:pStyle/@w:val='Lead']/w:r[w:rPr/w:b]/w:t/text()") == ["most"]
    assert "p" in ask(document, "//w:r[w:rPr/w:i]/w:t/text()")


def fields(element: etree._Element) -> list[tuple[str, str]]:
    """Each field's instruction and its ready-made result."""
    found, state, code, result = [], "text", "", ""
    for node in ask(element, ".//w:fldChar | .//w:instrText | .//w:t"):
        kind = node.get(qn("w:fldCharType"))
        if kind == "begin":
            state, code, result = "code", "", ""
        elif kind == "separate":
            state = "result"
        elif kind == "end":
            found.append((code.strip(), result))
            state = "text"
        elif node.tag == qn("w:instrText"):
            code += node.text
        elif state == "result":
            result += node.text
    return found


def test_fields_carry_their_results(document: etree._Element) -> None:
    assert fields(document) == [
        ('TOC \\o "1-1" \\h \\z \\n', "At a glanceSources and methods"),
        ("REF z_chart_platforms \\h \\* MERGEFORMAT", "Figure 1"),
        ("SEQ Figure \\* ARABIC", "1"),
        ("REF z_table_money \\h \\* MERGEFORMAT", "Table 1"),
        ("SEQ Table \\* ARABIC", "1"),
    ]


def test_a_caption_number_out_of_sequence_survives_an_update() -> None:
    caption = Caption("table", "Table ", 7, ": ", runs("Only one"))
    saved = write_docx(
        brief(replace(TABLE, caption=caption), replace(TABLE, caption=replace(caption, number=8))), STYLE
    )
    assert fields(reopen(saved)) == [("SEQ Table \\* ARABIC \\r 7", "7"), ("SEQ Table \\* ARABIC", "8")]


def test_word_is_not_asked_to_update_fields(saved: bytes) -> None:
    assert not ask(reopen(saved, "word/settings.xml"), "//w:updateFields")
    assert not ask(reopen(saved), "//@w:dirty")


def test_the_label_of_a_caption_is_what_its_bookmark_holds(document: etree._Element) -> None:
    for name, label in (("z_chart_platforms", "Figure 1"), ("z_table_money", "Table 1")):
        start = ask(document, f"//w:bookmarkStart[@w:name='{name}']")[0]
        held = []
        for node in start.itersiblings():
            if node.tag == qn("w:bookmarkEnd"):
                break
            held.append(words_of_run(node))
        assert "".join(held) == label


def words_of_run(run: etree._Element) -> str:
    return "".join(ask(run, "w:t/text()"))


def test_all_that_is_pointed_to_is_bookmarked_once(document: etree._Element) -> None:
    names = ask(document, "//w:bookmarkStart/@w:name")
    numbers = ask(document, "//w:bookmarkStart/@w:id")
    pointed = set(ask(document, "//w:hyperlink/@w:anchor"))
    pointed |= {code.split()[1] for code, _ in fields(document) if code.startswith("REF")}
    assert pointed <= set(names)
    assert len(set(names)) == len(names) == len(set(numbers))
    assert numbers == ask(document, "//w:bookmarkEnd/@w:id")


def test_a_reference_in_other_words_than_the_label_stays_as_it_is_worded(document: etree._Element) -> None:
    assert ask(document, "//w:hyperlink[@w:anchor='z_table_money']//w:t/text()") == ["the table below"]


def test_a_reference_to_nothing_is_plain_text() -> None:
    document = reopen(write_docx(brief(text(Run("nowhere", ref="no-such-block"))), STYLE))
    assert not ask(document, "//w:hyperlink")
    assert styled(document, "BodyText") == ["nowhere"]


def test_two_blocks_of_one_id_give_one_bookmark() -> None:
    document = reopen(write_docx(brief(Heading(1, runs("A"), "same"), Heading(1, runs("B"), "same")), STYLE))
    assert ask(document, "//w:bookmarkStart/@w:name") == ["z_same"]


@pytest.mark.parametrize(
    ("ids", "names"),
    [
        (("at-a-glance", "At a Glance"), ["z_at_a_glance", "z_at_a_glance_2"]),
        (("平台", "来源"), ["z_", "z__2"]),
        (("9" * 60, "9" * 61), ["z_" + "9" * 38, "z_" + "9" * 36 + "_2"]),
    ],
)
def test_bookmark_names_are_short_valid_and_distinct(ids: tuple[str, ...], names: list[str]) -> None:
    assert list(name_bookmarks(ids).values()) == names
    assert all(re.fullmatch("[a-z][a-z0-9_]{0,39}", name) for name in names)


def test_a_link_to_the_web_is_a_relationship(saved: bytes) -> None:
    related = docx.Document(BytesIO(saved)).part.rels
    links = ask(reopen(saved), "//w:hyperlink[@r:id]")
    assert [(related[link.get(qn("r:id"))].target_ref, words(link)) for link in links] == [
        ("https://stats.example.org/zones?id=1&lang=en", "the bureau's site")
    ]


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("https://example.org/a b?q=区", "https://example.org/a%20b?q=%E5%8C%BA"),
        ("mailto:stats@example.org", "mailto:stats@example.org"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("relative/page", ""),
        ("http://[broken", ""),
        ("https://", ""),
        ("https://a.example/" + "x" * 3000, ""),
    ],
)
def test_only_addresses_that_word_opens_become_links(href: str, target: str) -> None:
    assert address(href) == target


def test_a_dangerous_address_leaves_its_text() -> None:
    document = reopen(write_docx(brief(text(Run("click", href="javascript:alert(1)"))), STYLE))
    assert not ask(document, "//w:hyperlink")
    assert styled(document, "BodyText") == ["click"]


def test_the_contents_list_the_sections_without_page_numbers(document: etree._Element) -> None:
    assert styled(document, "TOCHeading") == ["Contents"]
    assert styled(document, "TOC1") == ["At a glance", "Sources and methods"]
    assert ask(document, "//w:sdt//w:hyperlink/@w:anchor") == ["z_at_a_glance", "z_sources"]
    assert not ask(document, "//w:sdt//w:tab")


def test_contents_without_headings_leave_nothing() -> None:
    assert not ask(reopen(write_docx(brief(Contents("Contents"), text("a")), STYLE)), "//w:sdt")


def test_the_head_of_a_table_repeats_and_no_row_is_split(document: etree._Element) -> None:
    table = ask(document, "//w:tbl[w:tblPr/w:tblStyle/@w:val='ZonereportTable']")[0]
    rows = ask(table, "w:tr")
    assert [bool(ask(row, "w:trPr/w:tblHeader")) for row in rows] == [True, False, False, False, False]
    assert all(ask(row, "w:trPr/w:cantSplit") for row in rows)
    assert ask(table, "w:tblPr/w:tblLook/@w:firstRow") == ["1"]


def test_a_table_is_as_wide_as_the_text_in_shares_of_the_weights(document: etree._Element) -> None:
    table = ask(document, "//w:tbl[w:tblPr/w:tblStyle/@w:val='ZonereportTable']")[0]
    widths = [int(width) for width in ask(table, "w:tblGrid/w:gridCol/@w:w")]
    assert sum(widths) == int(ask(table, "w:tblPr/w:tblW/@w:w")[0]) == round(162 * 1440 / 25.4)
    assert widths[0] == pytest.approx(3 * widths[1], abs=3)
    assert [int(width) for width in ask(table, "w:tr[3]/w:tc/w:tcPr/w:tcW/@w:w")] == widths
    assert ask(table, "w:tblPr/w:tblLayout/@w:type") == ["fixed"]


def test_numbers_stand_on_the_right(document: etree._Element) -> None:
    assert styled(document, "TableNumber")[:4] == ["2030", "2031", "3,101", "3,228"]


def test_tables_and_tiles_have_words_for_who_cannot_see_them(document: etree._Element) -> None:
    assert ask(document, "//w:tblDescription/@w:val") == [TILES.description, TABLE.description]
    assert "Table 1. Money and people" in ask(document, "//w:tblCaption/@w:val")


def test_a_short_table_is_kept_whole_and_with_its_note(document: etree._Element) -> None:
    table = ask(document, "//w:tbl[w:tblPr/w:tblStyle/@w:val='ZonereportTable']")[0]
    assert all(ask(p, "w:pPr/w:keepNext") for p in ask(table, ".//w:p"))


def test_a_table_without_a_note_ends_apart_from_the_next_table() -> None:
    bare = replace(TABLE, note=())
    document = reopen(write_docx(brief(TILES, bare, TILES, TILES), STYLE))
    assert not ask(document, "//w:tbl[following-sibling::*[1][self::w:tbl]]")


def test_a_table_of_three_thousand_rows_can_be_written() -> None:
    rows = tuple((runs(f"Row {n}"), runs(str(n)), runs(str(n + 1)), runs("[S1]")) for n in range(3000))
    document = reopen(write_docx(brief(replace(TABLE, rows=rows)), STYLE))
    assert len(ask(document, "//w:tr")) == 3001
    assert len(ask(document, "//w:tr//w:keepNext")) == 4 * 4  # head, first row, the last two
    assert words(ask(document, "//w:tr[last()]")[0]) == "Row 299929993000[S1]"


def test_a_strip_gives_each_tile_one_cell_of_the_same_width(document: etree._Element) -> None:
    strip = ask(document, "//w:tbl[w:tblPr/w:tblStyle/@w:val='ZonereportTiles']")[0]
    widths = [int(width) for width in ask(strip, "w:tr/w:tc/w:tcPr/w:tcW/@w:w")]
    assert len(widths) == 4
    assert max(widths) - min(widths) <= 1


def test_a_long_value_makes_the_values_of_its_strip_smaller_together() -> None:
    short = Tiles((Tile(Run("3"), "Labs"), Tile(Run("4"), "Parks")), "Two figures.")
    long = Tiles(
        (Tile(Run("3"), "Labs"), *(Tile(Run("EXD 1,234.5 billion"), "Output") for _ in range(4))), "Five."
    )
    assert not ask(reopen(write_docx(brief(short), STYLE)), "//w:r/w:rPr/w:sz")
    sizes = ask(reopen(write_docx(brief(long), STYLE)), "//w:r/w:rPr/w:sz/@w:val")
    assert sizes == ["26"] * 5


def test_a_chart_stands_between_its_subtitle_and_its_source(document: etree._Element) -> None:
    picture = ask(document, "//w:p[w:r/w:drawing]")[0]
    before, after = picture.getprevious(), picture.getnext()
    assert words(before) == CHART.chart.subtitle
    assert words(after) == CHART.chart.source
    assert ask(before, "w:pPr/w:keepNext")
    assert words(before.getprevious()) == "Figure 1. Makerspaces are the most common platform"


def test_a_picture_is_as_wide_as_the_text_and_has_alternative_text(document: etree._Element) -> None:
    inline = ask(document, "//wp:inline")[0]
    width, height = (int(ask(inline, f"wp:extent/@{side}")[0]) for side in ("cx", "cy"))
    assert (width, height) == (pytest.approx(Mm(162), abs=635), pytest.approx(Mm(55), abs=635))  # 1/20 pt
    assert ask(inline, "wp:docPr/@descr") == ask(inline, ".//pic:cNvPr/@descr") == [CHART.chart.alt]
    assert ask(inline, "wp:docPr/@title") == ["Figure 1"]


def test_pictures_have_numbers_of_their_own() -> None:
    other = replace(CHART, id="b", caption=replace(CHART.caption, number=2), chart=chart("b"))
    document = reopen(write_docx(brief(CHART, other), STYLE))
    assert ask(document, "//wp:docPr/@id") == ["1", "2"]


def test_a_picture_in_a_box_is_no_wider_than_the_box() -> None:
    document = reopen(write_docx(brief(Callout("Box", (CHART,))), STYLE))
    width, height = (int(ask(document, f"//wp:extent/@{side}")[0]) for side in ("cx", "cy"))
    assert width < Mm(162)
    assert height / width == pytest.approx(55 / 162, abs=0.001)


def test_a_picture_is_vectors_with_a_bitmap_for_who_reads_none(
    saved: bytes, document: etree._Element
) -> None:
    blip = ask(document, "//a:blip")[0]
    extension = ask(blip, "a:extLst/a:ext")[0]
    vectors = extension[0]
    assert extension.get("uri") == "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
    assert vectors.tag == "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip"
    related = docx.Document(BytesIO(saved)).part.rels
    bitmap, drawn = (related[element.get(qn("r:embed"))].target_part for element in (blip, vectors))
    assert (bitmap.content_type, drawn.content_type) == ("image/png", "image/svg+xml")
    drawing = CHART.chart.draw(STYLE)
    assert (bitmap.blob, drawn.blob) == (png(drawing, STYLE.fonts, 200), svg(drawing, STYLE.fonts))
    assert Image.open(BytesIO(bitmap.blob)).info["dpi"] == pytest.approx((200, 200), abs=0.1)


def test_a_word_file_of_all_charts_stays_small(case: str) -> None:
    assert len(rendered(case)["docx"]) < 500_000


def note(mark: str, *pieces: str | Run) -> Run:
    return Run(mark, note=runs(*pieces))


NOTED: tuple[Block, ...] = (
    Contents("Contents"),
    Heading(1, runs("Head", note("1", "to a heading")), "head"),
    text("Body", note("2", "to a paragraph, ", Run("with a link", href="https://example.org/a")), " goes on"),
    Listing(((text("Item", note("3", "to an item")),),)),
    replace(
        TABLE,
        caption=replace(TABLE.caption, runs=runs("Caption", note("4", "to a caption"))),
        rows=((runs("cell", note("5", "in a cell, to ", Run("Head", ref="head"))), (), (), ()),),
        note=runs("below", note("6", "to a note")),
    ),
    text("End", note("*", "of its own mark"), " and ", note("7", "counted by Word")),
)


def test_footnotes_are_words_own_and_numbered_as_the_briefing_numbers_them() -> None:
    saved = write_docx(brief(*NOTED), STYLE)
    document, notes = reopen(saved), reopen(saved, "word/footnotes.xml")
    marks = ask(document, "//w:footnoteReference")
    assert [mark.get(qn("w:id")) for mark in marks] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert [words_of_run(mark.getparent()) for mark in marks if mark.get(qn("w:customMarkFollows"))] == ["*"]
    assert set(ask(document, "//w:r[w:footnoteReference]/w:rPr/w:rStyle/@w:val")) == {"FootnoteReference"}
    written = {n.get(qn("w:id")): words(n).strip() for n in ask(notes, "//w:footnote[not(@w:type)]")}
    assert list(written.items()) == [
        ("1", "to a heading"),
        ("2", "to a paragraph, with a link"),
        ("3", "to an item"),
        ("4", "to a caption"),
        ("5", "in a cell, to Head"),
        ("6", "to a note"),
        ("7", "* of its own mark"),
        ("8", "counted by Word"),
    ]
    assert len(ask(notes, "//w:footnoteRef")) == 7
    assert set(ask(notes, "//w:footnote[not(@w:type)]/w:p/w:pPr/w:pStyle/@w:val")) == {"FootnoteText"}


def test_footnotes_have_separators_that_the_settings_name() -> None:
    saved = write_docx(brief(*NOTED), STYLE)
    notes, settings = reopen(saved, "word/footnotes.xml"), reopen(saved, "word/settings.xml")
    assert ask(notes, "//w:footnote[w:p/w:r/w:separator]/@w:id") == ["-1"]
    assert ask(notes, "//w:footnote[w:p/w:r/w:continuationSeparator]/@w:id") == ["0"]
    assert ask(settings, "w:footnotePr/w:footnote/@w:id") == ["-1", "0"]
    assert ask(settings, "w:footnotePr/following-sibling::*[1][self::w:compat]")


def test_a_link_in_a_footnote_belongs_to_the_part_of_footnotes() -> None:
    saved = write_docx(brief(*NOTED), STYLE)
    assert b"https://example.org/a" in parts(saved)["word/_rels/footnotes.xml.rels"]
    assert b"https://example.org/a" not in parts(saved)["word/_rels/document.xml.rels"]


def test_a_footnote_leaves_no_mark_in_the_contents_and_in_alternative_text() -> None:
    document = reopen(write_docx(brief(*NOTED), STYLE))
    assert styled(document, "TOC1") == ["Head"]
    assert ask(document, "//w:tblCaption/@w:val") == ["Table 1. Caption"]


def test_a_footnote_within_a_footnote_is_text() -> None:
    saved = write_docx(brief(text("a", note("1", "b", note("2", "c")))), STYLE)
    assert words(ask(reopen(saved, "word/footnotes.xml"), "//w:footnote[@w:id='1']")[0]) == " b2"


def test_a_briefing_without_footnotes_has_no_part_of_them(saved: bytes) -> None:
    assert "word/footnotes.xml" not in parts(saved)
    assert not ask(reopen(saved, "word/settings.xml"), "//w:footnotePr")


def test_lists_are_numbered_by_word_and_each_starts_at_one(saved: bytes, document: etree._Element) -> None:
    items = ask(document, "//w:p[starts-with(w:pPr/w:pStyle/@w:val, 'ListNumber')]")
    placed = [
        (
            words(p),
            ask(p, "string(w:pPr/w:numPr/w:ilvl/@w:val)"),
            ask(p, "string(w:pPr/w:numPr/w:numId/@w:val)"),
        )
        for p in items
    ]
    assert placed == [
        ("First step", "0", "3"),
        ("a step within", "1", "4"),
        ("another", "1", "4"),
        ("Second", "0", "3"),
        ("Only step", "0", "5"),
        ("Last step", "0", "5"),
    ]
    numbering = reopen(saved, "word/numbering.xml")
    starts = ask(numbering, "//w:num[@w:numId='4']/w:lvlOverride[@w:ilvl='1']/w:startOverride/@w:val")
    assert starts == ["1"]
    assert len(ask(numbering, "//w:num")) == 5


def test_nested_bullets_have_the_styles_of_their_levels(document: etree._Element) -> None:
    assert styled(document, "ListBullet2") == ["on patents", "on funding"]
    assert styled(document, "ListBullet3") == ["deep"]
    assert styled(document, "ListContinue") == ["A second paragraph of the same point."]


def test_an_item_that_starts_with_a_table_still_has_its_mark() -> None:
    document = reopen(write_docx(brief(Listing(((TABLE,), (), (text("c"),)))), STYLE))
    assert styled(document, "ListBullet") == ["", "", "c"]
    assert ask(document, "//w:tbl/w:tblPr/w:tblInd/@w:w") == ["360"]
    assert ask(document, "//w:tbl/w:tblPr/w:tblW/@w:w") == [str(round(162 * 1440 / 25.4) - 360)]
    assert ask(document, "//w:p[w:pPr/w:pStyle/@w:val='Caption']/w:pPr/w:ind/@w:left") == ["360"]


def test_lists_deeper_than_words_nine_levels_are_written() -> None:
    nested: Block = Listing(((text("bottom"),),), True)
    for _ in range(12):
        nested = Listing(((text("level"), nested),), True)
    document = reopen(write_docx(brief(nested), STYLE))
    assert {int(level) for level in ask(document, "//w:ilvl/@w:val")} == set(range(9))


def test_a_page_break_belongs_to_the_block_that_follows() -> None:
    blocks = (
        text("a"),
        PageBreak(),
        PageBreak(),
        Heading(1, runs("b"), "b"),
        PageBreak(),
        TILES,
        PageBreak(),
    )
    document = reopen(write_docx(brief(*blocks), STYLE))
    assert [words(p) for p in ask(document, "//w:p[w:pPr/w:pageBreakBefore]")] == ["b", "3,228"]
    assert not ask(document, "//w:br[@w:type='page']")


def test_every_cell_ends_in_a_paragraph() -> None:
    document = reopen(write_docx(brief(Callout("", (TILES,)), Callout("Empty", ()), Callout("", ())), STYLE))
    assert all(ask(cell, "*[last()][self::w:p]") for cell in ask(document, "//w:tc"))


def test_header_and_footer_name_the_briefing_and_number_the_pages(saved: bytes) -> None:
    header, footer = reopen(saved, "word/header1.xml"), reopen(saved, "word/footer1.xml")
    assert words(header) == "Examplia Test Zone\tAnnual briefing 2031"
    assert words(footer) == "Bureau of Imaginary Statistics · 5 March 2032\tPage 1 of 1"
    assert [code for code, _ in fields(footer)] == ["PAGE", "NUMPAGES"]


def test_the_first_page_has_no_running_head_but_its_number(saved: bytes) -> None:
    assert words(reopen(saved, "word/header2.xml")) == ""
    assert words(reopen(saved, "word/footer2.xml")) == words(reopen(saved, "word/footer1.xml"))
    assert ask(reopen(saved), "//w:sectPr/w:titlePg")


def test_a_running_head_is_cut_before_it_fills_the_page() -> None:
    saved = write_docx(brief(text("a"), running_head=("W" * 5000, "right")), STYLE)
    assert words(reopen(saved, "word/header1.xml")) == "W" * 89 + "…\tright"


def test_core_properties_are_the_briefings(saved: bytes) -> None:
    core = docx.Document(BytesIO(saved)).core_properties
    assert (core.title, core.subject) == (
        "Examplia Test Zone: annual briefing 2031",
        "Innovation zone briefing",
    )
    assert core.author == core.last_modified_by == "Bureau of Imaginary Statistics"
    assert (core.keywords, core.language, core.revision) == ("innovation, Examplia", "en-GB", 1)
    assert core.created == core.modified == datetime(2032, 3, 5, tzinfo=UTC)
    assert (core.category, core.comments) == ("", "")


def test_a_long_or_hostile_title_fits_the_properties() -> None:
    saved = write_docx(brief(text("a"), title="x\x00\n" * 300), STYLE)
    title = docx.Document(BytesIO(saved)).core_properties.title
    assert len(title) == 255
    assert title.startswith("x\ufffd x\ufffd")


def test_the_same_briefing_gives_the_same_bytes(saved: bytes) -> None:
    assert write_docx(brief(), STYLE) == saved


def test_the_package_holds_no_clock_and_nothing_of_a_template(saved: bytes) -> None:
    with zipfile.ZipFile(BytesIO(saved)) as archive:
        entries = archive.infolist()
    names = [entry.filename for entry in entries]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert names[0] == "[Content_Types].xml"
    assert names[1:] == sorted(names[1:])
    assert set(names) == {
        *("[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/core.xml", "word/document.xml"),
        *("word/_rels/document.xml.rels", "word/styles.xml", "word/numbering.xml", "word/settings.xml"),
        *("word/theme/theme1.xml", "word/header1.xml", "word/footer1.xml", "word/media/image1.png"),
        *("word/header2.xml", "word/footer2.xml", "word/media/image1.svg"),
    }


HOSTILE = "a\x00b\x0bc ]]> <w:p> &amp; \ud800 \ufffe {page} " + "W" * 5000
TAMED = "a\ufffdb\ufffdc ]]> <w:p> &amp; \ufffd \ufffd {page} " + "W" * 5000


HOSTILE_BLOCKS: tuple[Block, ...] = (
    replace(TITLE, title=HOSTILE, facts=((HOSTILE, runs(HOSTILE)),)),
    Contents(HOSTILE),
    Heading(1, runs(HOSTILE), HOSTILE),
    text(Run(HOSTILE, ref=HOSTILE, lang=HOSTILE), Run(HOSTILE, href="https://a.example/?q=" + HOSTILE[:20])),
    Tiles((Tile(Run(HOSTILE), HOSTILE, (HOSTILE,)),), HOSTILE),
    replace(TABLE, id=HOSTILE, description=HOSTILE, note=runs(HOSTILE)),
    replace(CHART, chart=replace(CHART.chart, id=HOSTILE, alt=HOSTILE, subtitle=HOSTILE, source=HOSTILE)),
    Callout(HOSTILE, (text(HOSTILE),)),
)


def test_hostile_text_survives_wherever_it_stands() -> None:
    changes = {"author": HOSTILE, "footer": HOSTILE, "running_head": (HOSTILE, HOSTILE)}
    saved = write_docx(brief(*HOSTILE_BLOCKS, **changes), STYLE)
    document = reopen(saved)
    expected = [line for block in HOSTILE_BLOCKS for line in said(block)]
    found = [words(p) for p in ask(document, "//w:body//w:p[not(ancestor::w:sdt)]")]
    assert [line for line in found if line] == [line.replace(HOSTILE, TAMED) for line in expected if line]
    assert styled(document, "TOCHeading") == styled(document, "TOC1") == [TAMED]
    assert words(reopen(saved, "word/footer1.xml")) == TAMED[:89] + "…\tPage 1 of 1"
    assert ask(document, "//wp:docPr/@descr") == [TAMED]


def test_line_ends_and_tabs_become_words_own(saved: bytes) -> None:
    document = reopen(write_docx(brief(text("one\r\ntwo\rthree\nfour\tfive")), STYLE))
    assert styled(document, "BodyText") == ["one\ntwo\nthree\nfour\tfive"]
    assert len(ask(document, "//w:br")) == 3


def test_spaces_at_the_ends_of_a_run_are_kept() -> None:
    assert styled(reopen(write_docx(brief(text(" a ", " ", "b ")), STYLE)), "BodyText") == [" a  b "]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("\x1f\x7f", "\ufffd\x7f"),
        ("\ud83d", "\ufffd"),
        ("\U0001f600", "\U0001f600"),
        ("\uffff", "\ufffd"),
        ("", ""),
    ],
)
def test_clean_replaces_only_what_xml_forbids(given: str, expected: str) -> None:
    assert clean(given) == expected


def test_the_fixture_holds_every_kind_of_block() -> None:
    kinds = {type(block).__name__ for block in iter_blocks(BLOCKS)}
    assert kinds == {
        *(
            "TitleBlock",
            "Contents",
            "Heading",
            "Paragraph",
            "Listing",
            "Quote",
            "Tiles",
            "Table",
            "ChartBlock",
        ),
        *("Callout", "PageBreak"),
    }
