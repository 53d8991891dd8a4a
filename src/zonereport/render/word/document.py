"""A composed briefing as a Word file: the way from blocks to bytes."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import docx
from lxml.etree import XMLSyntaxError

from zonereport.briefing.blocks import Run
from zonereport.errors import RenderError
from zonereport.render.word import fields
from zonereport.render.word.attachments import attach
from zonereport.render.word.layout import lay
from zonereport.render.word.package import blank, pack
from zonereport.render.word.pictures import fit_charts
from zonereport.render.word.references import Job
from zonereport.render.word.template import adapt, open_template
from zonereport.render.word.text import region, set_run, shorten
from zonereport.render.word.wml import Element, Frame, paragraph, w

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document
    from docx.section import Section, _Footer, _Header

    from zonereport.briefing.blocks import Briefing
    from zonereport.charts.style import Style
    from zonereport.render.word.package import Base

_LONGEST_PROPERTY = 255
"""What Word takes for a document property, in characters."""

_LONGEST_EDGE = 90
"""A header or footer of many lines leaves the page no room; LibreOffice then never ends its layout."""


def write_docx(briefing: Briefing, style: Style, template: Path | None = None) -> bytes:
    """Return the briefing as a Word file (ECMA-376, transitional); the same input gives the same bytes.

    Everything an editor relies on is native: styles, list numbering, captions with their numbers as
    fields, cross-references, a table of contents, repeated table heads, alternative text, footnotes.
    The zone files are inside, for `read_attachments`.

    With a template (.docx or .dotx) its page, headers, footers, theme and own styles are kept, its
    text is not; what `missing_styles` names is added. Raises RenderError for what is no template.
    """
    theme, language = style.theme, briefing.language
    base = open_template(template, theme, language) if template else blank(theme, language)
    document = _open(base, template)
    job = Job(document, briefing, fit_charts(style, base.width), base)
    _set_properties(document, briefing)
    if template is None:
        _set_header_and_footer(document.sections[0], briefing)
    ending = document.element.body.sectPr
    assert ending is not None  # every base brings it
    laid = lay(briefing.blocks, Frame(base.width), job)
    if template is not None:
        adapt([*laid, *job.notes.written], base, language)
    for element in laid:
        ending.addprevious(element)
    attach(document, briefing.attachments)
    saved = BytesIO()
    document.save(saved)
    return pack(saved.getvalue())


def _open(base: Base, template: Path | None) -> Document:
    try:
        return docx.Document(BytesIO(base.package))
    except (KeyError, ValueError, XMLSyntaxError) as error:
        raise RenderError(
            f"{template}: expected a Word template (.docx or .dotx), found a damaged one: {error}",
            hint="open it in Word and save it again",
        ) from error


def _set_properties(document: Document, briefing: Briefing) -> None:
    core = document.core_properties
    core.title = shorten(briefing.title, _LONGEST_PROPERTY)
    core.subject = shorten(briefing.subject, _LONGEST_PROPERTY)
    core.author = core.last_modified_by = shorten(briefing.author, _LONGEST_PROPERTY)
    core.keywords = shorten(", ".join(briefing.keywords), _LONGEST_PROPERTY)
    core.language = region(briefing.language)
    core.created = core.modified = briefing.created
    core.revision = 1


def _set_header_and_footer(section: Section, briefing: Briefing) -> None:
    """Set the header from the second page on, where the title does not stand, and the footer on all."""
    section.different_first_page_header_footer = True
    header = [_set_edge(text, briefing) for text in briefing.running_head]
    _fill(section.header, "Header", [header[0], w("r", w("tab")), header[1]])
    _fill(section.first_page_header, "Normal", [])
    for footer in (section.footer, section.first_page_footer):
        number = _set_page_number(briefing)
        _fill(footer, "Footer", [_set_edge(briefing.footer, briefing), w("r", w("tab")), *number])


def _fill(edge: _Header | _Footer, style: str, content: list[Element]) -> None:
    edge.is_linked_to_previous = False
    edge.part.element[:] = [paragraph(style, content)]


def _set_edge(text: str, briefing: Briefing) -> Element:
    return set_run(Run(shorten(text, _LONGEST_EDGE)), briefing.language)


def _set_page_number(briefing: Briefing) -> list[Element]:
    """Return the page pattern with fields for `{page}` and `{pages}`, which Word fills in as it lays out."""
    codes = {"{page}": "PAGE", "{pages}": "NUMPAGES"}
    laid: list[Element] = []
    for piece in re.split(r"(\{pages?\})", briefing.page_pattern):
        if piece in codes:
            laid += fields.field(codes[piece], set_run(Run("1"), briefing.language))
        elif piece:
            laid.append(set_run(Run(piece), briefing.language))
    return laid
