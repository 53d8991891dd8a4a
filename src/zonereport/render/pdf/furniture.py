"""What stands on every page outside the type area: paper, classification, header, footer and page number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from zonereport.render.pdf.canvas import BACKGROUND, FOOTER, HEADER
from zonereport.theme import MM

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Briefing
    from zonereport.charts.style import Style
    from zonereport.render.pdf.canvas import TaggedCanvas

GUTTER = 18.0
"""Points between the two texts of a header or footer."""
WHITE = "#ffffff"
"""Paper that need not be painted."""


@dataclass(frozen=True, slots=True)
class Furniture:
    """Draws all of it as artifacts: it is no part of what the document says."""

    briefing: Briefing
    style: Style

    def draw(self, canvas: TaggedCanvas) -> None:
        """Draw what a page has: its paper, its header and, when the last page is known, its footer."""
        page, colours = self.style.theme.page, self.style.theme.colours
        canvas.saveState()
        if colours.paper.lower() != WHITE:
            self._paint_paper(canvas)
        canvas.setFillColor(HexColor(colours.muted))
        canvas.setStrokeColor(HexColor(colours.rule))
        canvas.setLineWidth(0.5)
        number = canvas.getPageNumber()
        top = (page.height - page.top + 9) * MM
        if self.briefing.classification:
            with canvas.artifact(HEADER):
                self._classify(canvas, top + 13)
        if number > 1 and any(self.briefing.running_head):
            with canvas.artifact(HEADER):
                self._line(canvas, top, *self.briefing.running_head)
                self._rule(canvas, top - 5)
        with canvas.artifact(FOOTER):
            bottom = (page.bottom - 10) * MM
            if self.briefing.footer:
                self._rule(canvas, bottom + max(11.0, self.style.theme.layout.page_number_size + 4))
            canvas.later(partial(self._foot, canvas, bottom, number))
        canvas.restoreState()

    def _paint_paper(self, canvas: TaggedCanvas) -> None:
        page = self.style.theme.page
        width, height = page.width * MM, page.height * MM
        with canvas.artifact(BACKGROUND.format(width=width, height=height)):
            canvas.setFillColor(HexColor(self.style.theme.colours.paper))
            canvas.rect(0, 0, width, height, stroke=0, fill=1)

    def _classify(self, canvas: TaggedCanvas, y: float) -> None:
        """Write the classification line in the middle, in the ink of the text."""
        page, size = self.style.theme.page, self.style.theme.sizes.small + 0.5
        canvas.setFillColor(HexColor(self.style.theme.colours.ink))
        text = self._cut(self.briefing.classification, page.text_width * MM, size, bold=True)
        width = self._length(text, size, bold=True)
        self._write(canvas, page.left * MM + (page.text_width * MM - width) / 2, y, text, size, bold=True)
        canvas.setFillColor(HexColor(self.style.theme.colours.muted))

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
        self._write(canvas, page.left * MM, y, at_left, size)
        self._write(canvas, (page.width - page.right) * MM - width, y, at_right, size)

    def _foot(self, canvas: TaggedCanvas, y: float, page_number: int) -> None:
        """Draw footer and page number where the theme wants it; an outer one stands in by an em."""
        page, layout = self.style.theme.page, self.style.theme.layout
        room, small = page.text_width * MM, self.style.theme.sizes.small - 0.5
        size, at = layout.page_number_size or small, layout.page_number_at
        number = self.briefing.page_pattern.replace("{page}", str(page_number))
        number = self._cut(number.replace("{pages}", str(canvas.getPageNumber() - 1)), room / 2, size)
        free = room - self._length(number, size)
        x = free / 2 if at == "center" else free - size if at == "outer" else free
        footer = self._cut(self.briefing.footer, x - GUTTER, small)
        mirrored = at == "outer" and page_number % 2 == 0
        for text, start, type_size in ((footer, 0.0, small), (number, x, size)):
            place = room - start - self._length(text, type_size) if mirrored else start
            self._write(canvas, page.left * MM + place, y, text, type_size)

    def _write(
        self, canvas: TaggedCanvas, x: float, y: float, text: str, size: float, *, bold: bool = False
    ) -> None:
        for face, part in self.style.fonts.split(text, bold=bold):
            canvas.setFont(face.name, size)
            canvas.drawString(x, y, part)
            x += stringWidth(part, face.name, size)

    def _length(self, text: str, size: float, *, bold: bool = False) -> float:
        parts = self.style.fonts.split(text, bold=bold)
        return float(sum(stringWidth(part, face.name, size) for face, part in parts))

    def _cut(self, text: str, room: float, size: float, *, bold: bool = False) -> str:
        """Return as much of a text as there is room for: two that meet could not be read."""
        if self._length(text, size, bold=bold) <= room:
            return text
        while text and self._length(text + "…", size, bold=bold) > room:
            text = text[:-1]
        return text.rstrip() + "…"
