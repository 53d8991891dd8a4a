"""Runs to ReportLab's frags: every character in a font that has it, every link and note with its element."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import Color, HexColor
from reportlab.platypus.paraparser import ParaFrag

from zonereport.render.pdf.canvas import Address
from zonereport.render.pdf.tags import Shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reportlab.lib.styles import ParagraphStyle

    from zonereport.briefing.blocks import Run, Runs
    from zonereport.charts.style import Style
    from zonereport.render.pdf.footnotes import Footnote
    from zonereport.render.pdf.tags import Element

RAISED_BY, RAISED_SIZE = 0.33, 0.72
"""Height and size of a footnote's mark, as parts of the size of the text."""


@dataclass(frozen=True, slots=True)
class Inline:
    """What a run is beyond its looks: the elements it is, from the outside in, and where it leads."""

    kinds: tuple[str, ...]
    target: str = ""
    """An address, or `#` and the id of a place in the document, or empty."""
    contents: str = ""
    """What the link is, in words; PDF/UA wants them with every link."""
    lang: str = ""
    raised: bool = False
    note: Footnote | None = None


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


def inline_of(run: Run) -> Inline | None:
    """Return what a run is that leads somewhere or is in another language; its note is not made here."""
    target = run.href or (f"#{run.ref}" if run.ref else "")
    if target:
        return Inline(("Link",), target, run.text.strip() or target, run.lang)
    return Inline(("Span",), lang=run.lang) if run.lang else None


def frags_of(
    runs: Runs, style: Style, sheet: ParagraphStyle, element: Element, inlines: Mapping[int, Inline]
) -> list[ParaFrag]:
    """Return frags for runs within a paragraph of a style, which may be bold or italic already.

    A run with an entry in `inlines` hangs its elements into the paragraph's.
    """
    bold = sheet.fontName == style.fonts.face(bold=True).name
    italic = sheet.fontName == style.fonts.face(italic=True).name
    frags: list[ParaFrag] = []
    for number, run in enumerate(runs):
        own = list(_frags(run, style, sheet, bold=bold or run.strong, italic=italic or run.emphasis))
        if number in inlines:
            _mark(own, inlines[number], number, style, sheet, element)
        frags += own
    return frags


def _frags(run: Run, style: Style, sheet: ParagraphStyle, *, bold: bool, italic: bool) -> Iterator[ParaFrag]:
    for place, line in enumerate(run.text.split("\n")):
        if place:
            yield _frag("", sheet.fontName, sheet, lineBreak=True)
        for face, part in style.fonts.split(line, bold=bold, italic=italic):
            yield _frag(part, face.name, sheet)


def _frag(text: str, font: str, sheet: ParagraphStyle, **facts: Any) -> ParaFrag:
    """Return what ReportLab's parser of markup would make of a text."""
    return ParaFrag(
        text=text,
        fontName=font,
        fontSize=sheet.fontSize,
        textColor=sheet.textColor,
        rise=0,
        link=[],
        us_lines=[],
        **facts,
    )


def _mark(
    frags: list[ParaFrag], inline: Inline, number: int, style: Style, sheet: ParagraphStyle, element: Element
) -> None:
    """Give a run's frags its colour, which brings its elements, its place above the line and its target."""
    plain = HexColor(style.theme.colours.accent) if inline.target else sheet.textColor
    for kind in inline.kinds:
        element = element.hang(kind)
    element.lang = inline.lang
    colour = TaggedColour(plain, element, inline.note)
    for frag in frags:
        frag.textColor = colour
        if inline.target:
            frag.link = [(number, Address.of(element, inline.target, inline.contents))]
        if inline.raised:
            frag.rise = round(sheet.fontSize * RAISED_BY, 2)
            frag.fontSize = round(sheet.fontSize * RAISED_SIZE, 2)
