"""The whole PDF: pages with header and footer, outline, metadata, and a second pass for page numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import BaseDocTemplate, PageTemplate
from reportlab.platypus.doctemplate import LayoutError

from zonereport.briefing.blocks import Heading
from zonereport.errors import RenderError
from zonereport.fonts import register_in_reportlab
from zonereport.render.pdf.archive import finish_pdf
from zonereport.render.pdf.canvas import FOOTER, HEADER, TaggedCanvas
from zonereport.render.pdf.flowables import Setter, heading_levels
from zonereport.render.pdf.footnotes import NotedFrame
from zonereport.render.pdf.styles import make_styles
from zonereport.render.pdf.tags import Element
from zonereport.theme import MM

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Briefing
    from zonereport.charts.style import Style

# Data never reaches a place where ReportLab would open a file or address; this holds all the same.
rl_config.trustedHosts = []
rl_config.trustedSchemes = []

GUTTER = 18.0
"""Points between the two texts of a header or footer."""
MAX_PASSES = 5


@dataclass
class Learnt:
    """What a pass over the pages learnt: on which page each heading stands, and how many there are."""

    pages: dict[str, int] = field(default_factory=dict)
    count: int = 0


def write_pdf(briefing: Briefing, style: Style) -> bytes:
    """Return the briefing as a PDF/A-3a that is PDF/UA-1 too, the same bytes for the same input.

    Raises RenderError if something does not fit on a page.
    """
    register_in_reportlab(style.fonts)
    learnt = _build(briefing, style, Learnt(), draws=False)[2]
    for _ in range(MAX_PASSES):
        data, tree, seen = _build(briefing, style, learnt, draws=True)
        if seen == learnt:
            return finish_pdf(data, tree, briefing)
        learnt = seen
    raise RenderError("the pages of the contents do not settle", hint="shorten a heading")


def _build(briefing: Briefing, style: Style, known: Learnt, *, draws: bool) -> tuple[bytes, Element, Learnt]:
    """Return pages, structure and what was learnt, laid out with what an earlier pass knew."""
    headings = [block for block in briefing.blocks if isinstance(block, Heading)]
    levels = heading_levels(briefing.blocks)
    setter = Setter(style, make_styles(style), known.pages, headings, draws, levels)
    tree = Element("Document")
    out, seen = BytesIO(), Learnt()
    document = _Document(out, briefing, style, known, seen)
    try:
        document.build(setter.set(briefing.blocks, tree), canvasmaker=_Canvas)
    except LayoutError as error:
        raise RenderError(
            "a block is too large for a page", hint="shorten the longest cell or paragraph"
        ) from error
    seen.count = document.page
    return out.getvalue(), tree, seen


class _Canvas(TaggedCanvas):
    """A canvas without Helvetica in its preamble, that hands headings on to the document."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **{**settings, "invariant": 1})

    def note_heading(self, id: str, title: str, level: int) -> None:
        """Put a heading into the outline and note its page."""
        self.addOutlineEntry(title, id, level - 1, closed=level > 1)
        self._doctemplate.seen.pages[id] = self.getPageNumber()


class _Document(BaseDocTemplate):  # type: ignore[misc]
    """One page template: a frame over the type area, header from the second page on, footer on all."""

    def __init__(self, out: BytesIO, briefing: Briefing, style: Style, known: Learnt, seen: Learnt) -> None:
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
            pageCompression=1,
        )
        self.briefing, self.style, self.known, self.seen = briefing, style, known, seen
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
        """Draw header and footer of a page."""
        page, colours = self.style.theme.page, self.style.theme.colours
        canvas.saveState()
        canvas.setFillColor(HexColor(colours.muted))
        canvas.setStrokeColor(HexColor(colours.rule))
        canvas.setLineWidth(0.5)
        number = canvas.getPageNumber()
        if number > 1:
            with canvas.artifact(HEADER):
                top = (page.height - page.top + 9) * MM
                self._line(canvas, top, *self.briefing.running_head)
                self._rule(canvas, top - 5)
        with canvas.artifact(FOOTER):
            bottom = (page.bottom - 10) * MM
            pages = self.briefing.page_pattern.replace("{page}", str(number)).replace(
                "{pages}", str(self.known.count or "")
            )
            self._rule(canvas, bottom + 11)
            self._line(canvas, bottom, self.briefing.footer, pages)
        canvas.restoreState()

    def _end(self, canvas: TaggedCanvas, _document: Any) -> None:
        """Draw the footnotes of a page that is full."""
        self.frame.draw_notes(canvas)

    def _rule(self, canvas: TaggedCanvas, y: float) -> None:
        page = self.style.theme.page
        canvas.line(page.left * MM, y, (page.width - page.right) * MM, y)

    def _line(self, canvas: TaggedCanvas, y: float, at_left: str, at_right: str) -> None:
        """Draw one text from the left margin and one that ends at the right margin, at a height."""
        page, size = self.style.theme.page, self.style.theme.sizes.small - 0.5
        room = page.text_width * MM - GUTTER
        at_right = self._cut(at_right, room / 2, size)
        width = self._length(at_right, size)
        at_left = self._cut(at_left, room - width, size)
        for text, x in ((at_left, page.left * MM), (at_right, (page.width - page.right) * MM - width)):
            for face, part in self.style.fonts.split(text):
                canvas.setFont(face.name, size)
                canvas.drawString(x, y, part)
                x += stringWidth(part, face.name, size)  # noqa: PLW2901 - the pen moves on

    def _length(self, text: str, size: float) -> float:
        return float(sum(stringWidth(part, face.name, size) for face, part in self.style.fonts.split(text)))

    def _cut(self, text: str, room: float, size: float) -> str:
        """Return as much of a text as there is room for: two that meet could not be read."""
        if self._length(text, size) <= room:
            return text
        while text and self._length(text + "…", size) > room:
            text = text[:-1]
        return text.rstrip() + "…"
