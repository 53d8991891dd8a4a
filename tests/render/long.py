"""Long documents, of about so many pages and of so many rows, for tests and benchmarks of how work grows."""

from __future__ import annotations

from datetime import date
from itertools import cycle, islice

from zonereport.briefing.blocks import (
    Attachment,
    Block,
    Briefing,
    Caption,
    Column,
    Contents,
    Heading,
    Paragraph,
    Run,
    Table,
    TitleBlock,
)

WORDS = (
    "the zone has measured what it makes and sells to others",
    "beside all that was counted in earlier years",
    "of which some are provisional while others were revised since",
    "by its office and",
)
HAN = "测试省样例市的虚构高新区统计了各项指标并与往年相比其中部分数据为暂定值其余已由主管部门修订"
PER_SECTION = 5
"""Pages from one heading of level 1 to the next."""
LINES = 6
"""Lines of a paragraph, about; seven of them are a page."""


def pages(count: int, language: str = "en") -> Briefing:
    """Return a briefing that is about so many pages as a PDF: sections, notes, links and small tables."""
    blocks: list[Block] = []
    for page in range(count):
        if page % PER_SECTION == 0:
            blocks.append(Heading(1, (Run(f"Section {page // PER_SECTION + 1}"),), f"section-{page}"))
        else:
            blocks.append(Heading(2, (Run(f"Part {page + 1}"),), f"section-{page}"))
        note = Run(str(page + 1), note=(Run(f"Note {page + 1} of Testonia."),))
        link = Run("the part before", ref=f"section-{max(page - 1, 0)}")
        blocks += [
            Paragraph((_prose(page * 7, language), note, Run(" See "), link, Run("."))),
            *(Paragraph((_prose(page * 7 + place, language),)) for place in range(1, 5)),
            _table(f"table-{page}", page + 1, 5, language)
            if page % 4 == 3
            else Paragraph((_prose(page * 7 + 5, language), Run(" and", strong=True), Run(" more."))),
        ]
    return _briefing(tuple(blocks), language)


def rows(count: int, language: str = "en") -> Briefing:
    """Return a briefing that is one table of so many rows in five columns."""
    heading = Heading(1, (Run("All rows"),), "all-rows")
    return _briefing((heading, _table("table-rows", 1, count, language)), language)


def _prose(seed: int, language: str) -> Run:
    if language == "zh":
        return Run("".join(islice(cycle(HAN), seed % len(HAN), seed % len(HAN) + LINES * 44)) + f"{seed}年。")
    words = islice(cycle(WORDS), seed % len(WORDS), seed % len(WORDS) + LINES * 2)
    return Run(f"{seed} times " + " ".join(words) + ".")


def _table(id: str, number: int, count: int, language: str) -> Table:
    caption = Caption("table", "Table ", number, ". ", (Run("Enterprises of Testonia"),))
    columns = (
        Column("Name", weight=2),
        Column("Kind"),
        Column("Turnover", "right"),
        Column("Staff", "right"),
        Column("Year", "right"),
    )
    return Table(id, caption, columns, tuple(_row(n, language) for n in range(1, count + 1)), "Invented", ())


def _row(number: int, language: str) -> tuple[tuple[Run, ...], ...]:
    name, kind = ("样例企业", "制造业") if language == "zh" else ("Sample Works", "makes things")
    texts = (
        f"{name} {number}",
        kind,
        f"{number * 37 % 99_991:,}",
        str(number % 997),
        str(1990 + number % 33),
    )
    return tuple((Run(text),) for text in texts)


def _briefing(blocks: tuple[Block, ...], language: str) -> Briefing:
    title = TitleBlock("A long document", "Testonia", (("Place", (Run("Testonia"),)),))
    return Briefing(
        zone="testonia",
        snapshot="2002",
        title="A long document",
        subject="Testonia",
        author="Nobody",
        keywords=("invented",),
        language=language,
        date=date(2002, 12, 31),
        running_head=("Testonia", "A long document"),
        footer="Invented figures",
        page_pattern="Page {page} of {pages}",
        blocks=(title, Contents("Contents"), *blocks),
        attachments=(
            Attachment("testonia.toml", "application/toml", "source", "The zone file", b"format = 1\n"),
        ),
    )
