"""Paragraphs that know which structure elements their text is, whole and in parts."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.platypus import Paragraph
from reportlab.platypus.paragraph import _drawBullet, _handleBulletWidth

from zonereport.fonts.characters import is_east_asian
from zonereport.render.pdf.canvas import PAGINATION, TaggedText
from zonereport.render.pdf.east_asian import break_lines, stretches_of
from zonereport.render.pdf.spaces import Spaces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Self

    from reportlab.platypus.paragraph import FragLine, ParaLines

    from zonereport.render.pdf.east_asian import Stretch
    from zonereport.render.pdf.footnotes import Footnote
    from zonereport.render.pdf.tags import Element


class TaggedParagraph(Paragraph):  # type: ignore[misc]
    """A paragraph whose text is an element's; its parts on other pages are the same element's."""

    element: Element | None = None
    label: Element | None = None
    """The element of its bullet or number."""
    spaces: Spaces | None = None
    anchor: str = ""
    """The name that links to its first line use, or empty."""
    east_asian: bool = False
    """Whether its lines are those of Chinese text; else they are ReportLab's."""
    stretches: list[Stretch] | None = None
    """Its text measured, from the first time on that it is asked for."""
    noted: bool = False
    """Whether marks of footnotes stand in it."""
    wrapped_to: float = 0.0
    """The width that its lines have."""

    def tag(self, element: Element, *, label: Element | None = None, anchor: str = "") -> Self:
        """Return itself as an element's text; `label` is that of its bullet, `anchor` what links lead to."""
        self.element, self.label, self.anchor = element, label, anchor
        text = "".join("\n" if hasattr(frag, "lineBreak") else frag.text for frag in self.frags)
        self.east_asian = not text.isascii() and any(map(is_east_asian, text))
        self.spaces = None if self.east_asian else Spaces(text)
        self.noted = any(getattr(frag.textColor, "note", None) for frag in self.frags)
        return self

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        # A table asks again and again, and painting asks once more what measuring found out.
        if width != self.wrapped_to or not hasattr(self, "blPara"):
            super().wrap(width, height)
            self.wrapped_to = width
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Any]:
        parts = super().split(width, height)
        for part in parts:
            part.element, part.label, part.spaces = self.element, self.label, self.spaces
            part.east_asian, part.noted = self.east_asian, self.noted
        if parts and parts[0] is not self:
            parts[0].anchor = self.anchor
        return list(parts)

    def beginText(self, x: float, y: float) -> TaggedText:  # noqa: N802 - ReportLab's name
        # A paragraph of one run sets its colour on the canvas, not in the text object.
        single = self.blPara.kind == 0 and getattr(self.blPara.textColor, "element", None)
        return TaggedText(self.canv, x, y, element=self.element, inline=single or None, spaces=self.spaces)

    def draw(self) -> None:
        if self.anchor:
            self.canv.bookmarkHorizontal(self.anchor, 0, self.height)
        with self.canv.owned(self.label):
            super().draw()

    # Chinese text

    def breakLines(self, width: Sequence[float]) -> ParaLines:  # noqa: N802
        if not self.east_asian:
            return super().breakLines(width)
        if getattr(self, "_splitpara", False) and hasattr(self, "blPara"):
            return self.blPara
        widths = list(width)
        _handleBulletWidth(self.bulletText, self.style, widths)
        return break_lines(self._measured(), widths, justify=self.style.alignment == TA_JUSTIFY)

    def minWidth(self) -> float:  # noqa: N802
        if not self.east_asian:
            return float(super().minWidth())
        return max((stretch.min_width() for stretch in self._measured()), default=0.0)

    def _measured(self) -> list[Stretch]:
        if self.stretches is None:
            self.stretches = stretches_of(self.frags)
        return self.stretches

    def _get_split_blParaFunc(self) -> Any:  # noqa: N802
        """Return what gives the frags of some lines; ReportLab's own adds spaces between them."""
        if not self.east_asian:
            return super()._get_split_blParaFunc()
        return lambda broken, start, stop: [f for line in broken.lines[start:stop] for f in line.source]

    def drawPara(self, debug: int = 0) -> None:  # noqa: N802
        if not self.east_asian:
            super().drawPara(debug)
            return
        style, lines = self.style, self.blPara.lines
        indent = style.firstLineIndent
        y = self.height - max((word.fontSize for word in lines[0].words), default=style.fontSize)
        self.canv.saveState()
        if self.bulletText:
            indent = _drawBullet(self.canv, indent, y, self.bulletText, style, rtl=False)
        text = self.beginText(0, y)
        for line in lines:
            part = {TA_RIGHT: 1.0, TA_CENTER: 0.5}.get(style.alignment, 0.0)
            x = style.leftIndent + indent + part * line.extraSpace
            _write(text, line, x, y)
            self._link(line, x, y)
            indent, y = 0.0, y - style.leading
        self.canv.drawText(text)
        self.canv.restoreState()

    def _link(self, line: FragLine, x: float, y: float) -> None:
        """Make areas to click of a line's links, as high as ReportLab makes them."""
        for _, group in groupby(line.words, key=lambda word: id(word.link[-1][1]) if word.link else 0):
            words = list(group)
            if words[0].link:
                low = min(word.rise - 0.2 * word.fontSize for word in words)
                high = max(word.rise + word.fontSize for word in words)
                area = (x + words[0].left, y + low, x + words[-1].right, y + high)
                self.canv.linkURL(words[0].link[-1][1], area, relative=1)

    def notes(self) -> Iterator[Footnote]:
        """Yield the footnotes whose marks stand in this part of the paragraph, in order."""
        if not self.noted:
            return
        seen: list[Footnote] = []
        for frag in self.frags:
            # Broken into lines, a paragraph holds words: a width, then pairs of a frag and its text.
            for piece in [pair[0] for pair in frag[1:]] if isinstance(frag, list) else [frag]:
                note = getattr(getattr(piece, "textColor", None), "note", None)
                if note and note not in seen:
                    seen.append(note)
        yield from seen


class HeadCell(TaggedParagraph):
    """A column's heading: content where the table begins, an artifact where it is repeated."""

    def draw(self) -> None:
        assert self.element
        if not self.element.kids:
            super().draw()
            return
        element, self.element = self.element, None
        with self.canv.artifact(PAGINATION):
            super().draw()
        self.element = element


class Headline(TaggedParagraph):
    """A heading that puts itself into the outline and notes its page for the contents."""

    id: str
    level: int
    title: str

    def split(self, width: float, height: float) -> list[Any]:
        """Return nothing: a heading never breaks over pages."""
        return []

    def draw(self) -> None:
        self.canv.note_heading(self)
        super().draw()


def _write(text: TaggedText, line: FragLine, x: float, y: float) -> None:
    """Write the words of a line that begins at a place, each where it belongs."""
    for word in line.words:
        if (text._fontname, text._fontsize) != (word.fontName, word.fontSize):
            text._setFont(word.fontName, word.fontSize)
        if getattr(text, "_fillColorObj", None) is not word.textColor:
            text.setFillColor(word.textColor)
        if text._rise != word.rise:
            text.setRise(word.rise)
        if getattr(text, "_charSpace", 0.0) != word.apart:
            text.setCharSpace(word.apart)
        text.setTextOrigin(x + word.left, y)
        text._textOut(word.text)
