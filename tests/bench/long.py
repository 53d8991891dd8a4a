"""One long document: long.py FILE pages|rows COUNT; prints its seconds, without imports, and pages as JSON."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from zones import LATEST, write_zones

from zonereport.api import compose, load, render
from zonereport.briefing.blocks import Caption, Column, Heading, PageBreak, Paragraph, Run, Table
from zonereport.files import write_file

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Block, Briefing

LINES = "Words that run on over several lines, so that each line ends where the text has a space. "
COLUMNS = (Column("Indicator", weight=2), Column("Value"), Column("As of or period"), Column("Source"))
ROWS_OF_A_PAGE = 20


def table(id: str, number: int, rows: int) -> Table:
    """Return a table of so many rows of invented figures."""
    cells = tuple(
        (
            (Run(f"Invented indicator {row}"),),
            (Run(f"{row * 37 + number:,}"),),
            (Run("2002"),),
            (Run("SURVEY"),),
        )
        for row in range(1, rows + 1)
    )
    caption = Caption("table", "Table ", number, ". ", (Run("Invented figures"),))
    return Table(id, caption, COLUMNS, cells, "Invented figures with their sources")


def page(number: int) -> tuple[Block, ...]:
    """Return what fills a page: a heading, paragraphs, a footnote and a table."""
    note = Run(str(number), note=(Run(f"Note {number}."),))
    return (
        PageBreak(),
        Heading(1, (Run(f"Page {number}"),), f"page-{number}"),
        *(Paragraph((Run(LINES * 3),)) for _ in range(3)),
        Paragraph((Run(LINES), note)),
        table(f"table-{number}", number, ROWS_OF_A_PAGE),
    )


def briefing(kind: str, count: int, folder: Path) -> Briefing:
    """Return a briefing of so many pages, or with one table of so many rows; its zone file is left in a folder."""
    empty = compose(load(write_zones(0, folder, years=[LATEST])[0]))
    blocks: tuple[Block, ...] = (Heading(1, (Run("A long table"),), "long"), table("table-1", 1, count))
    if kind == "pages":
        blocks = tuple(block for number in range(1, count) for block in page(number))
    return replace(empty, blocks=(empty.blocks[0], *blocks), attachments=())


def main() -> None:
    path, kind, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    render(briefing("rows", 1, path.parent), path.suffix[1:])
    document = briefing(kind, count, path.parent)
    start = time.perf_counter()
    data = render(document, path.suffix[1:])
    write_file(path, data)
    print(json.dumps({"seconds": time.perf_counter() - start, "pages": pages(path)}))


def pages(path: Path) -> int:
    """Return how many pages a PDF has; none of a Word file, which has those that Word gives it."""
    import pikepdf

    if path.suffix != ".pdf":
        return 0
    with pikepdf.open(path) as document:
        return len(document.pages)


if __name__ == "__main__":
    main()
