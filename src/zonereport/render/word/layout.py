"""From blocks to elements: each kind of block, in the order of the briefing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from zonereport.briefing import blocks as kinds
from zonereport.render.word import fields
from zonereport.render.word.numbering import LEVELS, number_item, start_list
from zonereport.render.word.pictures import draw_picture
from zonereport.render.word.references import mark, set_caption, set_runs, set_text
from zonereport.render.word.styles import INDENT, LIST_STYLES
from zonereport.render.word.table_styles import CALLOUT_PADDING, PADDING
from zonereport.render.word.tables import lay_table, lay_tiles, start_table
from zonereport.render.word.text import set_run
from zonereport.render.word.wml import (
    Element,
    Frame,
    cell,
    hold_on,
    is_paragraph,
    keep_next,
    paragraph,
    set_space,
    stand_in,
    start_on_new_page,
    twips,
    w,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

from zonereport.render.word.references import Job

FACTS_END = 220
"""Space below the facts of the title in twentieths of a point."""
LOWEST_HEADING = 3
"""Deeper headings look like the third level; a briefing has no use for more."""


def lay(blocks: Iterable[kinds.Block], frame: Frame, job: Job) -> list[Element]:
    """Return the blocks as paragraphs and tables; a page break belongs to the block that follows it."""
    laid: list[Element] = []
    breaking = False
    before: kinds.Block | None = None
    for block in blocks:
        if isinstance(block, kinds.PageBreak):
            breaking = True
            continue
        elements = _lay_block(block, frame, job)
        if breaking and elements:
            start_on_new_page(elements[0])
            breaking = False
        elif isinstance(block, kinds.Listing) and isinstance(before, kinds.Paragraph):
            hold_on(laid[-1])  # a list stays with the line that announces it
        laid += elements
        before = block
    return laid


def _lay_block(block: kinds.Block, frame: Frame, job: Job) -> list[Element]:
    match block:
        case kinds.TitleBlock():
            return _lay_title(block, job)
        case kinds.Contents():
            return _lay_contents(block, job)
        case kinds.Heading():
            return [_set_heading(block, frame, job)]
        case kinds.Paragraph():
            style = {"body": frame.body, "lead": "Lead", "note": "Note"}[block.role]
            return [paragraph(style, set_runs(block.runs, job), stand_in(frame))]
        case kinds.Listing():
            return _lay_list(block, frame, job)
        case kinds.Quote():
            return _lay_quote(block, frame, job)
        case kinds.Tiles():
            return lay_tiles(block, frame, job)
        case kinds.Table():
            return lay_table(block, frame, job)
        case kinds.ChartBlock():
            return _lay_chart(block, frame, job)
        case kinds.Callout():
            return _lay_callout(block, frame, job)
        case kinds.Columns():
            return _lay_columns(block, frame, job)
        case kinds.PageBreak():
            return []


def _lay_title(block: kinds.TitleBlock, job: Job) -> list[Element]:
    laid = [paragraph("Title", set_text(block.title, job))]
    if block.subtitle:
        laid.append(paragraph("Subtitle", set_text(block.subtitle, job)))
    for label, value in block.facts:
        # a paragraph with a tab reads aloud as "Place, Examplia"; a table would announce its cells
        name = [*set_text(label, job, "FactLabel"), w("r", w("tab"))]
        laid.append(paragraph("Fact", [*name, *set_runs(value, job)]))
    if block.facts:
        set_space(laid[-1], after=FACTS_END)
    return laid


def _lay_contents(block: kinds.Contents, job: Job) -> list[Element]:
    r"""Return the table of contents, with entries that stand already and, if Word is asked to, update.

    It has no page numbers (`\n`): where Word breaks pages depends on its fonts and version, and a
    wrong number is worse than none. The entries lead to their headings.
    """
    headings = [
        b for b in kinds.iter_blocks(job.briefing.blocks) if isinstance(b, kinds.Heading) and b.level == 1
    ]
    if not headings:
        return []
    title = paragraph("TOCHeading", set_text(block.title, job))
    entries = [_set_entry(heading, job) for heading in headings]
    first = entries[0].find(qn("w:pPr"))
    assert first is not None
    for run in reversed(fields.field_begin('TOC \\o "1-1" \\h \\z \\n')):
        first.addnext(run)
    entries[-1].append(fields.field_end())
    gallery = w("docPartObj", w("docPartGallery", val="Table of Contents"), w("docPartUnique"))
    return [w("sdt", w("sdtPr", gallery), w("sdtContent", title, *entries))]


def _set_entry(heading: kinds.Heading, job: Job) -> Element:
    text = [set_run(replace(run, href="", ref=""), job.language) for run in heading.runs if not run.note]
    name = job.names.get(heading.id)
    content = [w("hyperlink", *text, anchor=name, history=1)] if name else text
    return paragraph(f"TOC{max(1, heading.level)}", content)


def _set_heading(block: kinds.Heading, frame: Frame, job: Job) -> Element:
    level = min(max(1, block.level), LOWEST_HEADING)
    return paragraph(f"Heading{level}", mark(block.id, set_runs(block.runs, job), job), stand_in(frame))


def _lay_list(block: kinds.Listing, frame: Frame, job: Job) -> list[Element]:
    level = min(frame.depth, LEVELS - 1)
    named = min(level + 1, LIST_STYLES)
    suffix = str(named) if named > 1 else ""
    style = f"List{'Number' if block.ordered else 'Bullet'}{suffix}"
    place, instance = start_list(style, level, ordered=block.ordered, job=job)
    inside = replace(frame.further_in(INDENT), body=f"ListContinue{suffix}", depth=frame.depth + 1)
    laid: list[Element] = []
    for item in block.items:
        head = item[0].runs if item and isinstance(item[0], kinds.Paragraph) else None
        number = number_item(style, place, instance)
        # in a quotation or below Word's levels the numbering's own indent would be wrong
        usual = inside.indent == INDENT * (level + 1)
        inset = None if usual else w("ind", left=inside.indent, hanging=INDENT)
        laid.append(paragraph(style, set_runs(head or (), job), number, inset))
        laid += lay(item if head is None else item[1:], inside, job)
    if not frame.depth and laid and is_paragraph(laid[-1]):
        set_space(laid[-1], after=twips(job.style.theme.sizes.leading / 2))
    return laid


def _lay_quote(block: kinds.Quote, frame: Frame, job: Job) -> list[Element]:
    inside = replace(frame.further_in(INDENT), body="Quote")
    laid = lay(block.blocks, inside, job)
    if block.attribution:
        if laid and is_paragraph(laid[-1]):
            hold_on(laid[-1])
        laid.append(paragraph("QuoteAttribution", set_runs(block.attribution, job), stand_in(inside)))
    return laid


def _lay_callout(block: kinds.Callout, frame: Frame, job: Job) -> list[Element]:
    """Return a table of one cell: unlike bordered paragraphs it stays one box around lists and tables."""
    inside = Frame(frame.width - 2 * CALLOUT_PADDING, body="CalloutText")
    content = [paragraph("CalloutTitle", set_text(block.title, job))] if block.title else []
    content += lay(block.blocks, inside, job)
    if not content:
        return []
    box = start_table("ZonereportCallout", [frame.width], frame.indent, block.title, "")
    box.append(w("tr", cell(frame.width, content)))
    return [box, paragraph("TableEnd", ())]


def _lay_columns(block: kinds.Columns, frame: Frame, job: Job) -> list[Element]:
    """Return a table of one row without lines: Word's own columns would be of the whole page."""
    width = frame.width // len(block.columns)
    inside = Frame(width - 2 * PADDING, body=frame.body)
    box = start_table("ZonereportColumns", [width] * len(block.columns), frame.indent, "", "")
    box.append(w("tr", *(cell(width, lay(column, inside, job)) for column in block.columns)))
    return [box, paragraph("TableEnd", ())]


def _lay_chart(block: kinds.ChartBlock, frame: Frame, job: Job) -> list[Element]:
    chart = block.chart
    laid = [set_caption(block.id, block.caption, frame, job)]
    if chart.subtitle:
        laid.append(paragraph("Note", set_text(chart.subtitle, job), keep_next(), stand_in(frame)))
    picture = w("r", w("drawing", draw_picture(block, frame, job)))
    laid.append(paragraph("Figure", [picture], stand_in(frame)))
    if chart.source:
        laid.append(paragraph("SourceNote", set_text(chart.source, job), stand_in(frame)))
    return laid
