"""Runs to ReportLab's paragraph markup: everything escaped, every character in a font that has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportlab.lib.styles import ParagraphStyle

    from zonereport.briefing.blocks import Run, Runs
    from zonereport.charts.style import Style
    from zonereport.render.pdf.footnotes import Footnote

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


def inline_of(run: Run) -> Inline | None:
    """Return what a run is that leads somewhere or is in another language; its note is not made here."""
    target = run.href or (f"#{run.ref}" if run.ref else "")
    if target:
        return Inline(("Link",), target, run.text.strip() or target, run.lang)
    return Inline(("Span",), lang=run.lang) if run.lang else None


def to_markup(
    runs: Runs, style: Style, sheet: ParagraphStyle, inlines: Mapping[int, Inline], *, prefix: str = ""
) -> str:
    """Return paragraph markup for runs within a paragraph of a style, which may be bold or italic already.

    A run with an entry in `inlines` becomes a link to `#` and its number, for `tag` to replace.
    """
    bold = sheet.fontName == style.fonts.face(bold=True).name
    italic = sheet.fontName == style.fonts.face(italic=True).name
    parts = [_run(run, style, bold=bold, italic=italic) for run in runs]
    for number, inline in inlines.items():
        text = _raise(parts[number], sheet.fontSize) if inline.raised else parts[number]
        colour = f' color="{style.theme.colours.accent}"' if inline.target else ""
        parts[number] = f'<link href="#{number}"{colour}>{text}</link>'
    return prefix + "".join(parts)


def _raise(text: str, size: float) -> str:
    """Return superscript. In points: ReportLab cannot copy a paragraph with sizes in per cent."""
    return f'<super rise="{size * RAISED_BY:.2f}" size="{size * RAISED_SIZE:.2f}">{text}</super>'


def _run(run: Run, style: Style, *, bold: bool, italic: bool) -> str:
    strong, emphasis = bold or run.strong, italic or run.emphasis
    return "<br/>".join(
        _line(line, style, bold=strong, italic=emphasis, plain=(strong, emphasis) == (bold, italic))
        for line in run.text.split("\n")
    )


def _line(text: str, style: Style, *, bold: bool, italic: bool, plain: bool) -> str:
    """Return one line; runs in the paragraph's own face need no font tag."""
    own = style.fonts.face(bold=bold, italic=italic)
    return "".join(
        escape(part) if plain and face == own else f'<font name="{face.name}">{escape(part)}</font>'
        for face, part in style.fonts.split(text, bold=bold, italic=italic)
    )
