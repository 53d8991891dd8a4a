"""The whole PDF: pages with header and footer, outline, metadata, and page numbers filled in at the end."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from reportlab import rl_config
from reportlab.platypus import BaseDocTemplate, PageTemplate
from reportlab.platypus.doctemplate import LayoutError

from zonereport.briefing.blocks import Heading
from zonereport.errors import RenderError
from zonereport.fonts import register_in_reportlab
from zonereport.render.pdf.archive import finish_pdf
from zonereport.render.pdf.canvas import TaggedCanvas
from zonereport.render.pdf.flowables import Setter, heading_levels, without_end
from zonereport.render.pdf.footnotes import NotedFrame
from zonereport.render.pdf.furniture import Furniture
from zonereport.render.pdf.logo import set_logo
from zonereport.render.pdf.styles import make_styles
from zonereport.render.pdf.tags import Element
from zonereport.theme import MM

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Briefing
    from zonereport.charts.style import Style
    from zonereport.render.pdf.paragraphs import Headline

# Data never reaches a place where ReportLab would open a file or address; this holds all the same.
rl_config.trustedHosts = []
rl_config.trustedSchemes = []


def write_pdf(briefing: Briefing, style: Style) -> bytes:
    """Return the briefing as a PDF/A-3a that is PDF/UA-1 too, the same bytes for the same input.

    Raises RenderError if something does not fit on a page.
    """
    data, tree, _ = _build(briefing, style)
    return finish_pdf(data, tree, briefing)


def count_pages(briefing: Briefing, style: Style) -> int:
    """Return how many pages the briefing has as a PDF; errors as in `write_pdf`."""
    return _build(briefing, style)[2]


def _build(briefing: Briefing, style: Style) -> tuple[bytes, Element, int]:
    """Return the pages, their structure and their number."""
    register_in_reportlab(style.fonts)
    headings = [block for block in briefing.blocks if isinstance(block, Heading)]
    levels = heading_levels(briefing.blocks)
    setter = Setter(style, make_styles(style), headings, levels, min(levels.values(), default=1))
    tree, out = Element("Document"), BytesIO()
    document = _Document(out, briefing, style)
    try:
        logo = set_logo(briefing.logo, style, tree)
        document.build([*logo, *without_end(setter.set(briefing.blocks, tree))], canvasmaker=_Canvas)
    except LayoutError as error:
        raise RenderError(
            "a block is too large for a page", hint="shorten the longest cell or paragraph"
        ) from error
    return out.getvalue(), tree, document.page


class _Canvas(TaggedCanvas):
    """A canvas without Helvetica in its preamble, that hands headings on to the document."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **{**settings, "invariant": 1})

    def note_heading(self, heading: Headline) -> None:
        """Note a heading's page, and put it into the outline."""
        self.pages_of[heading.id] = self.getPageNumber()
        self.bookmarkHorizontal(heading.id, 0, heading.height + heading.style.spaceBefore)
        self.addOutlineEntry(heading.title, heading.id, heading.level - 1, closed=heading.level > 1)


class _Document(BaseDocTemplate):  # type: ignore[misc]
    """One page template: a frame over the type area, header from the second page on, footer on all."""

    def __init__(self, out: BytesIO, briefing: Briefing, style: Style) -> None:
        page = style.theme.page
        super().__init__(
            out,
            pagesize=(page.width * MM, page.height * MM),
            title=briefing.title,
            author=briefing.author,
            subject=briefing.subject,
            keywords=", ".join(briefing.keywords),
            creator="zonereport",
            lang=briefing.language,
            initialFontName=style.fonts.face().name,
            initialFontSize=style.theme.sizes.body,
            pageCompression=0,  # pikepdf compresses, and quicker
        )
        self.furniture = Furniture(briefing, style)
        frame = NotedFrame(
            page.left * MM,
            page.bottom * MM,
            page.text_width * MM,
            (page.height - page.top - page.bottom) * MM,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
            rule=style.theme.colours.rule,
        )
        self.addPageTemplates(PageTemplate("page", [frame], onPage=self._furnish, onPageEnd=self._end))

    def _makeCanvas(self, *args: Any, **settings: Any) -> TaggedCanvas:  # noqa: N802 - ReportLab's name
        canvas: TaggedCanvas = super()._makeCanvas(*args, **settings)
        canvas.setViewerPreference("DisplayDocTitle", "true")
        canvas.showOutline()
        return canvas

    def _furnish(self, canvas: TaggedCanvas, _document: Any) -> None:
        """Draw what stands on every page."""
        self.furniture.draw(canvas)

    def _end(self, canvas: TaggedCanvas, _document: Any) -> None:
        """Draw the footnotes of a page that is full."""
        self.frame.draw_notes(canvas)
