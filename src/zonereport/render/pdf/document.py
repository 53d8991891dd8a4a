"""The whole PDF: pages with header and footer, outline, metadata, and a second pass for page numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate
from reportlab.platypus.doctemplate import LayoutError

from zonereport.briefing.blocks import Heading
from zonereport.errors import RenderError
from zonereport.fonts import register_in_reportlab
from zonereport.render.pdf.flowables import Setter
from zonereport.render.pdf.styles import make_styles
from zonereport.theme import MM

if TYPE_CHECKING:
    from datetime import date

    from zonereport.briefing.blocks import Briefing
    from zonereport.charts.style import Style

# Data never reaches a place where ReportLab would open a file or address; this holds all the same.
rl_config.trustedHosts = []
rl_config.trustedSchemes = []

MAX_PASSES = 5


@dataclass
class Learnt:
    """What a pass over the pages learnt: on which page each heading stands, and how many there are."""

    pages: dict[str, int] = field(default_factory=dict)
    count: int = 0


def write_pdf(briefing: Briefing, style: Style) -> bytes:
    """Return the briefing as a PDF, the same bytes for the same input.

    Raises RenderError if something does not fit on a page.
    """
    register_in_reportlab(style.fonts)
    learnt = _build(briefing, style, Learnt(), draws=False)[1]
    for _ in range(MAX_PASSES):
        data, seen = _build(briefing, style, learnt, draws=True)
        if seen == learnt:
            return data
        learnt = seen
    raise RenderError("the pages of the contents do not settle", hint="shorten a heading")


def _build(briefing: Briefing, style: Style, known: Learnt, *, draws: bool) -> tuple[bytes, Learnt]:
    """Return the file and what was learnt, laid out with what an earlier pass knew."""
    headings = [block for block in briefing.blocks if isinstance(block, Heading)]
    setter = Setter(style, make_styles(style), known.pages, headings, draws)
    out, seen = BytesIO(), Learnt()
    document = _Document(out, briefing, style, known, seen)
    try:
        document.build(setter.set(briefing.blocks), canvasmaker=_Canvas)
    except LayoutError as error:
        raise RenderError(
            "a block is too large for a page", hint="shorten the longest cell or paragraph"
        ) from error
    seen.count = document.page
    return out.getvalue(), seen


class _Canvas(Canvas):  # type: ignore[misc]
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
        frame = Frame(
            page.left * MM,
            page.bottom * MM,
            page.text_width * MM,
            (page.height - page.top - page.bottom) * MM,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
        )
        self.addPageTemplates(PageTemplate("page", [frame], onPage=self._furnish))

    def _makeCanvas(self, *args: Any, **settings: Any) -> Canvas:  # noqa: N802 - ReportLab's name
        canvas = super()._makeCanvas(*args, **settings)
        _set_date(canvas, self.briefing.date)
        canvas.setViewerPreference("DisplayDocTitle", "true")
        canvas.showOutline()
        return canvas

    def _furnish(self, canvas: Canvas, _document: Any) -> None:
        """Draw header and footer of a page."""
        page, colours = self.style.theme.page, self.style.theme.colours
        left, right = page.left * MM, (page.width - page.right) * MM
        canvas.saveState()
        canvas.setFillColor(HexColor(colours.muted))
        canvas.setStrokeColor(HexColor(colours.rule))
        canvas.setLineWidth(0.5)
        number = canvas.getPageNumber()
        if number > 1:
            top = (page.height - page.top + 9) * MM
            self._line(canvas, top, *self.briefing.running_head)
            canvas.line(left, top - 5, right, top - 5)
        bottom = (page.bottom - 10) * MM
        pages = self.briefing.page_pattern.replace("{page}", str(number)).replace(
            "{pages}", str(self.known.count or "")
        )
        canvas.line(left, bottom + 11, right, bottom + 11)
        self._line(canvas, bottom, self.briefing.footer, pages)
        canvas.restoreState()

    def _line(self, canvas: Canvas, y: float, at_left: str, at_right: str) -> None:
        """Draw one text from the left margin and one that ends at the right margin, at a height."""
        page, size = self.style.theme.page, self.style.theme.sizes.small - 0.5
        runs = {text: self.style.fonts.split(text) for text in (at_left, at_right)}
        width = sum(stringWidth(part, face.name, size) for face, part in runs[at_right])
        for text, x in ((at_left, page.left * MM), (at_right, (page.width - page.right) * MM - width)):
            for face, part in runs[text]:
                canvas.setFont(face.name, size)
                canvas.drawString(x, y, part)
                x += stringWidth(part, face.name, size)  # noqa: PLW2901 - the pen moves on


def _set_date(canvas: Canvas, day: date) -> None:
    """Set the dates of the file to the briefing's, at midnight UTC: the clock is never read."""
    stamp = canvas._doc._timeStamp
    stamp.YMDhms = (day.year, day.month, day.day, 0, 0, 0)
    stamp.dhh = stamp.dmm = 0
