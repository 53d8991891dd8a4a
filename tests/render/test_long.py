"""Long documents: tables in pieces without a seam, contents of several pages, work that grows in proportion."""

from __future__ import annotations

import re
import zipfile
from cProfile import Profile
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import pairwise
from pstats import Stats
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2
import pytest
from long import pages, rows
from lxml import etree
from pypdfium2 import raw

from reading_back import flat, pdf_pages
from zonereport.api import preflight, render
from zonereport.briefing.blocks import Callout, Columns, Contents, Heading, Run, Table
from zonereport.render.pdf import structure
from zonereport.theme import MM, load_theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from zonereport.briefing.blocks import Briefing

COUNT = 300
HEAD = "Name Kind Turnover Staff Year"
WORD = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}


@cache
def three_hundred(format: str) -> bytes:
    return render(rows(COUNT), format)


def table_of(briefing: Briefing) -> Table:
    return next(block for block in briefing.blocks if isinstance(block, Table))


def all_cells(briefing: Briefing) -> list[str]:
    return [cell[0].text for row in table_of(briefing).rows for cell in row]


def elements(kids: Any, kind: str) -> Iterator[pikepdf.Dictionary]:
    """Yield the structure elements of a kind within some kids."""
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if str(kid.S) == f"/{kind}":
                yield kid
            yield from elements(kid.get("/K", pikepdf.Array()), kind)


def lines_of(page: pypdfium2.PdfPage) -> list[float]:
    """Return the heights at which the names of rows stand on a page, from the top."""
    text = page.get_textpage()
    found = [text.get_charbox(match.start()) for match in re.finditer("Sample", text.get_text_bounded())]
    return [round(box[1], 1) for box in found]


# Tables in pieces


def test_a_table_of_many_pages_is_one_table_with_all_its_rows_and_one_head() -> None:
    with pikepdf.open(BytesIO(three_hundred("pdf"))) as pdf:
        (table,) = elements(pdf.Root.StructTreeRoot.K, "Table")
        rows_of = list(elements(table.K, "TR"))
        kinds = [[str(cell.S) for cell in row.K] for row in rows_of]
        assert kinds == [["/TH"] * 5, *[["/TH", *["/TD"] * 4]] * COUNT]
        scopes = [str(row.K[0].A.Scope) for row in rows_of]
        assert scopes == ["/Column", *["/Row"] * COUNT]
        marks = [
            (int(row.Pg.StructParents), int(cell.K))
            for row in rows_of
            for cell in (row.K[0],)
            if "/Pg" in row
        ]
        assert marks == sorted(marks)


def test_the_parent_tree_leads_from_each_mark_to_the_cell_that_has_it() -> None:
    with pikepdf.open(BytesIO(three_hundred("pdf"))) as pdf:
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        for key, owners in zip(numbers[::2], numbers[1::2], strict=True):
            if isinstance(owners, pikepdf.Array):
                for mcid, owner in enumerate(owners):
                    assert owner.Pg.StructParents == key
                    assert mcid in (owner.K if isinstance(owner.K, pikepdf.Array) else [owner.K])


def test_a_large_parent_tree_is_divided_into_nodes_with_their_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "LEAF", 3)
    with pikepdf.open(BytesIO(render(rows(COUNT), "pdf"))) as pdf:
        nodes = list(pdf.Root.StructTreeRoot.ParentTree.Kids)
        found = [int(key) for node in nodes for key in node.Nums[::2]]
        assert found == list(range(pdf.Root.StructTreeRoot.ParentTreeNextKey))
        for node in nodes:
            assert len(node.Nums) <= 2 * 3
            assert list(node.Limits) == [node.Nums[0], node.Nums[-2]]


def test_the_text_of_a_table_in_pieces_is_complete_and_in_order() -> None:
    text = flat(" ".join(pdf_pages(three_hundred("pdf"))))
    places = [text.find(f"Sample Works {number} makes things") for number in range(1, COUNT + 1)]
    assert places[0] >= 0
    assert places == sorted(places)


def test_the_head_stands_once_on_each_page_of_a_table() -> None:
    for page in map(flat, pdf_pages(three_hundred("pdf"))):
        assert page.count(HEAD) == ("Sample Works" in page)


def test_a_table_in_pieces_shows_no_seam() -> None:
    document = pypdfium2.PdfDocument(three_hundred("pdf"))
    pages_of = [lines_of(page) for page in document]
    for lines in pages_of:
        steps = {round(above - below, 1) for above, below in pairwise(lines)}
        assert len({round(step) for step in steps}) == 1
    begin, *middle, _last = pages_of
    assert len({(lines[0], lines[-1]) for lines in middle}) == 1  # full pages are alike
    step = begin[0] - begin[1]
    assert begin[-1] - middle[0][-1] < step  # and the first is as full as they are
    document.close()


def test_a_row_higher_than_a_page_goes_on_with_all_its_words_and_the_rows_after_it() -> None:
    briefing = rows(3)
    table = table_of(briefing)
    tall = tuple((Run(" ".join(f"{place}word{n}" for n in range(900))),) for place in range(5))
    higher = replace(table, rows=(table.rows[0], tall, table.rows[1]))
    blocks = tuple(higher if block is table else block for block in briefing.blocks)
    text = flat(" ".join(pdf_pages(render(replace(briefing, blocks=blocks), "pdf"))))
    for place in range(5):
        places = [text.find(f"{place}word{n}") for n in range(900)]
        assert -1 not in places
    assert text.index("Sample Works 1 ") < text.index("0word0") < text.index("Sample Works 2 ")


def test_a_row_of_some_lines_is_not_broken_over_pages() -> None:
    briefing = rows(60)
    table = table_of(briefing)
    long = tuple(
        ((Run(f"begin{n} " + "word " * 60 + f"end{n}"),), *row[1:]) for n, row in enumerate(table.rows)
    )
    blocks = tuple(replace(table, rows=long) if block is table else block for block in briefing.blocks)
    for page in pdf_pages(render(replace(briefing, blocks=blocks), "pdf")):
        assert re.findall(r"begin(\d+)", page) == re.findall(r"end(\d+)", page)


def test_a_word_table_has_all_rows_in_order_below_one_repeated_head() -> None:
    with zipfile.ZipFile(BytesIO(three_hundred("docx"))) as package:
        document = etree.fromstring(package.read("word/document.xml"))
    (table,) = document.iterfind(".//w:tbl", WORD)
    head, *body = table.iterfind("w:tr", WORD)
    assert head.find("w:trPr/w:tblHeader", WORD) is not None
    assert not any(row.find("w:trPr/w:tblHeader", WORD) is not None for row in body)
    assert [text for row in body for text in row.itertext()] == all_cells(rows(COUNT))
    assert not document.xpath("//processing-instruction()")


def test_a_word_cell_is_the_same_whether_its_text_is_plain_or_not() -> None:
    briefing = rows(2)
    table = table_of(briefing)
    marked = tuple(tuple((Run("a & <b>", strong=strong),) for _ in range(5)) for strong in (False, True))
    blocks = tuple(replace(table, rows=marked) if block is table else block for block in briefing.blocks)
    with zipfile.ZipFile(BytesIO(render(replace(briefing, blocks=blocks), "docx"))) as package:
        document = etree.fromstring(package.read("word/document.xml"))
    _, plain, strong = document.iterfind(".//w:tbl/w:tr", WORD)
    for settings in strong.findall(".//w:r/w:rPr", WORD):
        settings.getparent().remove(settings)
    for row in (plain, strong):
        for held in row.findall(".//w:keepNext", WORD):
            held.getparent().remove(held)
    assert etree.tostring(plain) == etree.tostring(strong)


# Many headings


def test_contents_longer_than_a_page_name_each_section_with_its_page() -> None:
    briefing = rows(3)
    sections = [Heading(1, (Run(f"Chapter {n:03}"),), f"chapter-{n}") for n in range(1, 241)]
    blocks = (*briefing.blocks, *sections)
    texts = [flat(text) for text in pdf_pages(render(replace(briefing, blocks=blocks), "pdf"))]
    entries: dict[str, int] = {}
    for text in texts:
        entries |= {name: int(page) for name, page in re.findall(r"Chapter (\d{3}) ?(\d+)\b", text)}
    assert list(entries) == [f"{n:03}" for n in range(1, 241)]
    for name, page in entries.items():
        assert f"Chapter {name}" in texts[page - 1]


def test_a_document_without_headings_has_empty_contents() -> None:
    briefing = rows(3)
    blocks = tuple(block for block in briefing.blocks if not isinstance(block, Heading))
    assert any(isinstance(block, Contents) for block in blocks)
    for format in ("pdf", "docx", "html"):
        assert render(replace(briefing, blocks=blocks), format)


# Growth


def calls(work: Callable[[], object]) -> int:
    """Return how many functions were called."""
    profile = Profile()
    profile.runcall(work)
    return int(Stats(profile).total_calls)  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize("format", ["pdf", "docx", "html", "preflight"])
@pytest.mark.parametrize(("make", "size"), [(pages, 25), (rows, 500)])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_twice_the_document_is_twice_the_work(
    make: Callable[[int, str], Briefing], size: int, format: str, language: str
) -> None:
    def work(briefing: Briefing) -> int:
        return calls(lambda: preflight(briefing) if format == "preflight" else render(briefing, format))

    once, twice, fourfold = (make(size * times, language) for times in (1, 2, 4))
    work(once)  # the first time, modules are imported and fonts made
    first, second, third = work(once), work(twice), work(fourfold)
    assert third - second < 1.15 * 2 * (second - first)


@pytest.mark.parametrize("box", ["callout", "columns"])
def test_a_table_in_a_box_keeps_within_it_and_has_one_head(box: str) -> None:
    briefing = rows(12)
    table = table_of(briefing)
    boxed = Callout("Box", (table,)) if box == "callout" else Columns(((table,), (table,)))
    data = render(replace(briefing, blocks=(*briefing.blocks[:1], boxed)), "pdf")
    page = pypdfium2.PdfDocument(data)[0]
    right = page.get_width() - load_theme("neutral").page.right * MM
    edges = [
        element.get_bounds()[2] for element in page.get_objects() if element.type == raw.FPDF_PAGEOBJ_PATH
    ]
    assert max(edges) <= right + 1.5  # half of a line's width
    heads = page.get_textpage().get_text_range().count("Turnover")
    assert heads == (1 if box == "callout" else 2)
