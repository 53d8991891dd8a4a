"""Paragraphs that know which structure elements their text is, whole and in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import Color
from reportlab.platypus import Paragraph

from zonereport.render.pdf.canvas import PAGINATION, Address, TaggedText
from zonereport.render.pdf.spaces import Spaces
from zonereport.render.pdf.tags import Shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Self

    from zonereport.render.pdf.footnotes import Footnote
    from zonereport.render.pdf.markup import Inline
    from zonereport.render.pdf.tags import Element


class TaggedColour(Shared, Color):  # type: ignore[misc]
    """A run's colour, which also tells the run's element and footnote; like no other run's."""

    def __init__(self, colour: Color, element: Element, note: Footnote | None) -> None:
        super().__init__(colour.red, colour.green, colour.blue, colour.alpha)
        self.element, self.note = element, note

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    __hash__ = object.__hash__


class TaggedParagraph(Paragraph):  # type: ignore[misc]
    """A paragraph whose text is an element's; its parts on other pages are the same element's."""

    element: Element | None = None
    label: Element | None = None
    """The element of its bullet or number."""
    spaces: Spaces | None = None
    anchor: str = ""
    """The name that links to its first line use, or empty."""

    def tag(self, element: Element, inlines: Mapping[int, Inline], label: Element | None = None) -> Self:
        """Return itself as an element's text, its runs as those of `inlines`."""
        self.element, self.label = element, label
        self.spaces = Spaces("".join("\n" if hasattr(f, "lineBreak") else f.text for f in self.frags))
        colours: dict[int, TaggedColour] = {}
        for frag in self.frags:
            if frag.link:
                order, place = frag.link[-1]
                number = int(place[1:])
                inline = inlines[number]
                if number not in colours:
                    colours[number] = _colour(frag.textColor, element, inline)
                frag.textColor = colours[number]
                address = Address.of(colours[number].element, inline.target, inline.contents)
                frag.link = [(order, address)] if inline.target else []
        return self

    def split(self, width: float, height: float) -> list[Any]:
        parts = super().split(width, height)
        for part in parts:
            part.element, part.label, part.spaces = self.element, self.label, self.spaces
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

    def notes(self) -> Iterator[Footnote]:
        """Yield the footnotes whose marks stand in this part of the paragraph, in order."""
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
        self.canv.bookmarkHorizontal(self.id, 0, self.height + self.style.spaceBefore)
        self.canv.note_heading(self.id, self.title, self.level)
        super().draw()


def _colour(colour: Color, element: Element, inline: Inline) -> TaggedColour:
    """Return the colour of a run that hangs its elements into the paragraph's."""
    for kind in inline.kinds:
        element = element.hang(kind)
    element.lang = inline.lang
    return TaggedColour(colour, element, inline.note)
