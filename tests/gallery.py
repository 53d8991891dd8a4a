"""Documents with every kind of block, for the tests of renderers and for the judges of CI."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from conftest import composed
from zonereport.briefing.blocks import (
    Attachment,
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
)

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Block, Briefing

LINES = "Words that run on over several lines, so that each line ends where the text has a space. "


def noted(mark: str, words: str) -> Run:
    return Run(mark, note=(Run(words),))


def text(words: str) -> Paragraph:
    return Paragraph((Run(words),))


LINK = Run("a page of the web", href="https://example.org/page?a=1&b=2")
ITEMS = Listing(
    (
        (
            Paragraph((Run("outer "), LINK, noted("3", "A note in a list."))),
            Listing(
                ((Paragraph((Run("inner "), Run("Figure 1", ref="chart-x"))),), (text("inner two"),)),
                ordered=True,
            ),
        ),
        (text("outer two"), text("and its second paragraph")),
    )
)
ROWS = tuple(
    ((Run(f"row {n}"),), (Run("1,234"), *((noted(str(n), f"Note of row {n}."),) if n % 20 == 0 else ())), ())
    for n in range(1, 61)
)


def every_block() -> tuple[Block, ...]:
    chart = next(block for block in composed("2022").blocks if isinstance(block, ChartBlock))
    return (
        TitleBlock(
            "Every kind of block",
            "A kicker",
            (
                ("Place", (Run("Baotou "), Run("包头市", lang="zh-Hans"))),
                ("As of", (Run("December 2022"), noted("1", "A note in a fact."))),
                ("Issued by", (LINK,)),
            ),
        ),
        Tiles(
            (
                Tile(Run("158"), "Innovation platforms", ("December 2022",)),
                Tile(Run("3,228"), "Professionals", ("December 2022", "period not stated")),
            ),
            "The headline figures",
        ),
        Contents("Contents"),
        Heading(1, (Run("First section"),), "s1"),
        Paragraph((Run(LINES * 3), noted("2", "A note in a paragraph."), Run(" and "), LINK), "lead"),
        Paragraph((Run("A paragraph that is one link. " + LINES, href="https://example.org/whole"),)),
        Paragraph((Run("一整段中文", lang="zh-Hans"),), "note"),
        Heading(3, (Run("Two levels below"),), "s2"),
        text("What is listed:"),
        ITEMS,
        Quote((text("Quoted words."),), (Run("Somebody"),)),
        Callout("How to read", (text("Boxed words."),)),
        replace(chart, id="chart-x"),
        Heading(1, (Run("Second section"), noted("4", "A note in a heading.")), "s3"),
        Table(
            "table-x",
            Caption("table", "Table ", 1, ". ", (Run("All cells"), noted("5", "A note in a caption."))),
            (Column("Name", weight=2), Column("Value"), Column("Empty")),
            ROWS,
            "A table of two pages",
            (Run("Source: "), LINK),
        ),
        PageBreak(),
        Heading(1, (Run("Third section"),), "s4"),
        Paragraph((Run(LINES * 60 + "Here"), noted("6", "A late note."), Run(" " + LINES * 30))),
    )


@cache
def briefing_of_all() -> Briefing:
    attachments = (
        Attachment("zone.toml", "application/toml", "source", "The zone file", "名 = 1\n".encode()),
        Attachment("figures.csv", "text/csv", "data", "The chart's table", b"a,b\r\n1,2\r\n", "chart-x"),
    )
    return replace(
        composed("2022"), title="Every <kind> & more", blocks=every_block(), attachments=attachments
    )


@cache
def briefing_of_sixty_pages() -> Briefing:
    blocks: list[Block] = [*every_block()[:3]]
    for number in range(12):
        blocks.append(Heading(1, (Run(f"Section {number}"),), f"long-{number}"))
        blocks += [Paragraph((Run(LINES * 12), noted(str(number), f"Note {number}."))) for _ in range(6)]
        caption = Caption("table", "Table ", number, ". ", (Run("A long one"),))
        columns = (Column("Name"), Column("Value"), Column("Empty"))
        blocks.append(Table(f"long-table-{number}", caption, columns, ROWS * 3, "A long table"))
    return replace(composed("2022"), blocks=tuple(blocks), attachments=())


DOCUMENTS = {"every block": briefing_of_all, "sixty pages": briefing_of_sixty_pages}
