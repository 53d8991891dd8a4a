"""Headers and footers: what the document belongs to, its classification, and the number of the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zonereport.briefing.blocks import Run
from zonereport.render.word import fields
from zonereport.render.word.text import set_run, shorten
from zonereport.render.word.wml import Element, paragraph, twips, w

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import _Footer, _Header

    from zonereport.briefing.blocks import Briefing
    from zonereport.theme import Theme

_LONGEST_EDGE = 90
"""A header or footer of many lines leaves the page no room; LibreOffice then never ends its layout."""


def set_edges(document: Document, briefing: Briefing, theme: Theme) -> None:
    """Set the header from the second page on, where the title does not stand, and the footer on all.

    The classification stands on the first page too. Where page numbers stand at the outer edge,
    pages of even number have edges of their own.
    """
    section = document.sections[0]
    section.different_first_page_header_footer = True
    sides = [(section.header, section.footer, False)]
    if theme.layout.page_number_at == "outer":
        document.settings.odd_and_even_pages_header_footer = True
        sides.append((section.even_page_header, section.even_page_footer, True))
    for header, footer, is_even in sides:
        _fill(header, [*classify(briefing), *_set_running_head(briefing)])
        _fill(footer, [_set_footer(briefing, theme, is_even=is_even)])
    _fill(section.first_page_header, classify(briefing))
    _fill(section.first_page_footer, [_set_footer(briefing, theme)])


def _set_running_head(briefing: Briefing) -> list[Element]:
    if not any(briefing.running_head):
        return []
    left, right = (_set_text(text, briefing) for text in briefing.running_head)
    return [paragraph("Header", [left, w("r", w("tab")), right])]


def classify(briefing: Briefing) -> list[Element]:
    """Return the classification line, if there is one."""
    words = briefing.classification
    return [paragraph("Classification", [_set_text(words, briefing)])] if words else []


def _fill(edge: _Header | _Footer, content: list[Element]) -> None:
    """Set what an edge holds; it must hold a paragraph."""
    edge.is_linked_to_previous = False
    edge.part.element[:] = content or [paragraph("Normal", [])]


def _set_footer(briefing: Briefing, theme: Theme, *, is_even: bool = False) -> Element:
    """Return footer and page number; at the outer edge the number stands in by an em."""
    number, words = _set_page_number(briefing), _set_text(briefing.footer, briefing)
    tab = w("r", w("tab"))
    if theme.layout.page_number_at != "outer":
        return paragraph("Footer", [words, tab, *number])
    em = twips(theme.layout.page_number_size or theme.sizes.small)
    if is_even:
        return paragraph("Footer", [*number, tab, words], w("ind", left=em))
    return paragraph("Footer", [words, tab, *number], w("ind", right=em))


def _set_text(text: str, briefing: Briefing) -> Element:
    return set_run(Run(shorten(text, _LONGEST_EDGE)), briefing.language)


def _set_page_number(briefing: Briefing) -> list[Element]:
    """Return the page pattern with fields for `{page}` and `{pages}`, which Word fills in as it lays out."""
    codes = {"{page}": "PAGE", "{pages}": "NUMPAGES"}
    style = "PageNumber"
    laid: list[Element] = []
    for piece in re.split(r"(\{pages?\})", briefing.page_pattern):
        if piece in codes:
            laid += fields.field(codes[piece], set_run(Run("1"), briefing.language, style), style=style)
        elif piece:
            laid.append(set_run(Run(piece), briefing.language, style))
    return laid
