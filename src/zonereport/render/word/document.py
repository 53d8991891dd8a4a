"""A composed briefing as a Word file: the way from blocks to bytes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import docx
from lxml.etree import XMLSyntaxError

from zonereport.errors import RenderError
from zonereport.render.word.attachments import attach
from zonereport.render.word.edges import classify, set_edges
from zonereport.render.word.layout import lay
from zonereport.render.word.package import blank, pack
from zonereport.render.word.pictures import fit_charts, lay_logo
from zonereport.render.word.references import Job
from zonereport.render.word.rows import fill
from zonereport.render.word.template import adapt, open_template
from zonereport.render.word.text import region, shorten
from zonereport.render.word.wml import Frame

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document

    from zonereport.briefing.blocks import Briefing
    from zonereport.charts.style import Style
    from zonereport.render.word.package import Base

_LONGEST_PROPERTY = 255
"""What Word takes for a document property, in characters."""


def write_docx(briefing: Briefing, style: Style, template: Path | None = None) -> bytes:
    """Return the briefing as a Word file (ECMA-376, transitional); the same input gives the same bytes.

    Everything an editor relies on is native: styles, list numbering, captions with their numbers as
    fields, cross-references, a table of contents, repeated table heads, alternative text, footnotes.
    The zone files are inside, for `read_attachments`.

    With a template (.docx or .dotx) its page, headers, footers, theme and own styles are kept, its
    text is not; what `missing_styles` names is added, and a classification is the first line. Raises
    RenderError for what is no template.
    """
    theme, language = style.theme, briefing.language
    base = open_template(template, theme, language) if template else blank(theme, language)
    document = _open(base, template)
    job = Job(document, briefing, fit_charts(style, base.width), base)
    _set_properties(document, briefing)
    if template is None:
        set_edges(document, briefing, theme)
    ending = document.element.body.sectPr
    assert ending is not None  # every base brings it
    laid = lay(briefing.blocks, Frame(base.width), job)
    if template is None:
        laid = [*lay_logo(briefing.logo, job), *laid]
    else:
        # its headers are its own, and so is its logo
        laid = [*classify(briefing), *laid]
        adapt([*laid, *job.notes.written], base, language)
    for element in laid:
        ending.addprevious(element)
    attach(document, briefing.attachments)
    saved = BytesIO()
    document.save(saved)
    main = document.part.partname.lstrip("/")
    return pack(saved.getvalue(), main, lambda part: fill(part, job.rows))


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
