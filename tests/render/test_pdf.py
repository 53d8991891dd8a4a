"""The PDF as it is printed and filed: fonts, outline, links, metadata, and pages without faults of layout."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2
import pytest

from conftest import composed, rendered
from reading_back import flat, pdf_pages
from zonereport.api import compose, load, render
from zonereport.briefing.blocks import (
    Caption,
    Column,
    Contents,
    Heading,
    Paragraph,
    Run,
    Table,
    plain,
)
from zonereport.language import fill
from zonereport.theme import MM

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE_HEIGHT = 842
INDENTED = 71
"""A line that begins further right is no heading but a table's cell, whatever it says."""


@pytest.fixture
def document(case: str) -> Iterator[pypdfium2.PdfDocument]:
    opened = pypdfium2.PdfDocument(rendered(case)["pdf"])
    yield opened
    opened.close()


def headings(case: str) -> list[str]:
    return ["".join(run.text for run in b.runs) for b in composed(case).blocks if isinstance(b, Heading)]


def boxes(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float, str]]:
    """Return each line of text with its box: left, bottom, right, top, text; the page's furniture left out."""
    text = page.get_textpage()
    found = []
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        if bottom > 58 and top < PAGE_HEIGHT - 58:
            found.append((left, bottom, right, top, text.get_text_bounded(left, bottom, right, top)))
    return found


def runs_of(thing: Any) -> Iterator[Run]:
    """Yield the runs of a block or of several, those of notes too."""
    if isinstance(thing, Run):
        yield thing
    if isinstance(thing, tuple):
        for part in thing:
            yield from runs_of(part)
    elif is_dataclass(thing):
        for part in fields(thing):
            yield from runs_of(getattr(thing, part.name))


def test_every_font_is_embedded_once_and_none_is_a_standard_one(case: str) -> None:
    with pikepdf.open(BytesIO(rendered(case)["pdf"])) as pdf:
        fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/Font"]
        files = {font.FontDescriptor.FontFile2.objgen for font in fonts}
        assert fonts
        assert all("/ToUnicode" in font for font in fonts)
        # a font of more than 256 characters is several to PDF, each with a tag and a name of its own
        assert len(files) == len({str(font.BaseFont) for font in fonts})
        assert all(re.match(r"/[A-Z]{6}\+", str(font.BaseFont)) for font in fonts)


def test_the_outline_lists_the_headings_in_order(case: str, document: pypdfium2.PdfDocument) -> None:
    assert [item.get_title() for item in document.get_toc()] == headings(case)


def test_the_contents_name_the_page_on_which_a_section_stands(
    case: str, document: pypdfium2.PdfDocument
) -> None:
    pages = pdf_pages(rendered(case)["pdf"])
    listed = {
        item.get_title(): item.get_dest().get_index() + 1 for item in document.get_toc() if item.level == 0
    }
    contents = next((block.title for block in composed(case).blocks if isinstance(block, Contents)), None)
    if contents is None:
        assert len(listed) < 6
        return
    first = flat(pages[0]).replace(" ", "")
    for title, page in listed.items():
        assert f"{flat(title)}{page}".replace(" ", "") in first.split(contents)[-1] + flat(pages[1])


def test_the_metadata_name_the_zone_and_the_date_of_the_edition() -> None:
    document = pypdfium2.PdfDocument(rendered("2022")["pdf"])
    metadata = document.get_metadata_dict()
    document.close()
    assert metadata["Title"] == "Baotou Rare Earth High-tech Industrial Development Zone"
    assert metadata["Subject"] == "Science, technology and innovation briefing 2022"
    assert metadata["CreationDate"].startswith("D:20221219")


def test_another_date_is_the_document_s_date() -> None:
    from datetime import date

    data = render(compose(load("baotou-2022"), date=date(2023, 1, 9)), "pdf")
    with pikepdf.open(BytesIO(data)) as pdf:
        assert str(pdf.docinfo.CreationDate) == str(pdf.docinfo.ModDate) == "D:20230109000000Z"
    assert "9 January 2023" in flat(pdf_pages(data)[0])


def test_pages_are_numbered_n_of_m(case: str) -> None:
    pages = pdf_pages(rendered(case)["pdf"])
    pattern = composed(case).page_pattern
    for number, text in enumerate(pages, start=1):
        assert flat(fill(pattern, page=number, pages=len(pages))) in flat(text)


def test_no_heading_stands_at_the_foot_of_a_page(document: pypdfium2.PdfDocument) -> None:
    for number, page in enumerate(document):
        titles = {i.get_title() for i in document.get_toc() if i.get_dest().get_index() == number}
        lines = sorted(boxes(page), key=lambda box: box[1])
        assert lines
        left, *_, text = lines[0]
        assert left > INDENTED or flat(text) not in titles


def test_no_page_in_the_middle_has_a_large_hole(document: pypdfium2.PdfDocument) -> None:
    """Measured down the page, so that a footnote at the foot does not hide the hole above it."""
    for number in range(len(document) - 1):
        hole, reached = 0.0, PAGE_HEIGHT - 71.0
        for _, bottom, _, top, _ in sorted(boxes(document[number]), key=lambda box: -box[3]):
            hole, reached = max(hole, reached - top), min(reached, bottom)
        part = max(hole, reached - 62) / (PAGE_HEIGHT - 71 - 62)
        assert part < 0.33, f"page {number + 1} has a hole of {part:.0%}"


def test_no_text_leaves_the_type_area(case: str, document: pypdfium2.PdfDocument) -> None:
    margin = composed(case).page.get("left", 24) * MM - 2
    for page in document:
        for left, _, right, _, text in boxes(page):
            assert left > margin, text
            assert right < 595 - margin + (3 if text.endswith(" ") else 0), text


def test_no_lines_of_text_overlap(document: pypdfium2.PdfDocument) -> None:
    for page in document:
        lines = sorted(boxes(page), key=lambda box: -box[3])
        for upper, lower in pairwise(lines):
            side_by_side = upper[2] <= lower[0] + 0.5 or lower[2] <= upper[0] + 0.5
            depth = lower[3] - upper[1]
            smaller = min(upper[3] - upper[1], lower[3] - lower[1])
            assert side_by_side or depth < 0.5 * smaller, (upper[4], lower[4])


def test_references_and_contents_are_links_and_addresses_lead_to_the_web(case: str) -> None:
    data = rendered(case)["pdf"]
    blocks = composed(case).blocks
    references = [run for run in runs_of(blocks) if run.ref or run.note]
    sections = [b for b in blocks if isinstance(b, Heading) and b.level == 1]
    entries = len(sections) if any(isinstance(b, Contents) for b in blocks) else 0
    with pikepdf.open(BytesIO(data)) as pdf:
        links = [annotation for page in pdf.pages for annotation in page.get("/Annots", [])]
        inside = [link for link in links if "/Dest" in link]
        outside = {str(link.A.URI) for link in links if "/A" in link}
    assert len(inside) >= len(references) + entries  # a link over two lines is two
    addresses = {run.href for run in runs_of(blocks) if run.href}
    assert outside == addresses


def test_a_word_longer_than_a_line_and_a_tall_cell_break_over_lines_and_pages() -> None:

    briefing = composed("2022")
    long = Run("Unbreakable" * 60)
    table = Table(
        "table-tall",
        Caption("table", "Table ", 9, ". ", (Run("A tall cell"),)),
        (Column("A"), Column("B")),
        (((long,), (Run("word " * 1500),)), ((Run("last"),), (Run("row"),))),
        "A table with a cell taller than a page",
    )
    pages = pdf_pages(render(replace(briefing, blocks=(*briefing.blocks, table)), "pdf"))
    assert flat(" ".join(pages)).count("word word") > 700
    assert "last" in flat(pages[-1])


def test_text_from_data_is_never_markup() -> None:

    hostile = '<b>bold</b> <img src="x.png"/> &amp; <a href="http://example.org">x</a> <font size=90>y</font>'
    briefing = composed("2022")
    data = render(replace(briefing, blocks=(*briefing.blocks, Paragraph((Run(hostile),)))), "pdf")
    assert flat(hostile) in flat(" ".join(pdf_pages(data)))
    with pikepdf.open(BytesIO(data)) as pdf:
        links = [annotation for page in pdf.pages for annotation in page.get("/Annots", [])]
        assert not any("example.org" in str(link.get("/A", {}).get("/URI", "")) for link in links)


def test_a_table_s_head_stands_once_a_page(case: str) -> None:
    tables = [block for block in composed(case).blocks if isinstance(block, Table)]
    rows = sorted({flat(" ".join(column.heading for column in t.columns)) for t in tables}, key=len)
    if not rows:
        return
    head = re.compile("|".join(map(re.escape, reversed(rows))))
    captions = [
        flat(f"{table.caption.label}{table.caption.suffix}{plain(table.caption.runs)}") for table in tables
    ]
    for page in map(flat, pdf_pages(rendered(case)["pdf"])):
        begun = sum(caption in page for caption in captions)
        assert len(head.findall(page)) <= begun + 1  # one more where a table goes on from the page before


def test_long_running_heads_and_footers_are_cut_before_they_meet() -> None:
    briefing = replace(
        composed("2022"),
        running_head=("Left " * 60, "Right " * 60),
        footer="Foot " * 80,
    )
    document = pypdfium2.PdfDocument(render(briefing, "pdf"))
    page = document[1]
    text = page.get_textpage()
    rects = [text.get_rect(index) for index in range(text.count_rects())]
    edges = [rect for rect in rects if rect[1] > PAGE_HEIGHT - 58 or rect[3] < 58]
    assert edges
    assert all(rect[0] > 66 and rect[2] < 595 - 66 for rect in edges)
    content = flat(text.get_text_bounded())
    assert "Left…" in content
    assert "Right…" in content
    assert "Page 2 of" in content
    document.close()
