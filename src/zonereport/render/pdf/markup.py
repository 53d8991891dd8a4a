"""Runs to ReportLab's paragraph markup: everything escaped, every character in a font that has it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Run, Runs
    from zonereport.charts.style import Style


def to_markup(runs: Runs, style: Style, *, bold: bool = False, italic: bool = False) -> str:
    """Return paragraph markup for runs within a paragraph that is bold or italic already."""
    return "".join(_run(run, style, bold=bold, italic=italic) for run in runs)


def _run(run: Run, style: Style, *, bold: bool, italic: bool) -> str:
    strong, emphasis = bold or run.strong, italic or run.emphasis
    text = "<br/>".join(
        _line(line, style, bold=strong, italic=emphasis, plain=(strong, emphasis) == (bold, italic))
        for line in run.text.split("\n")
    )
    target = run.href or (f"#{run.ref}" if run.ref else "")
    if not target:
        return text
    colour = style.theme.colours.accent
    return f'<link href={quoteattr(target)} color="{colour}">{text}</link>'


def _line(text: str, style: Style, *, bold: bool, italic: bool, plain: bool) -> str:
    """Return one line; runs in the paragraph's own face need no font tag."""
    own = style.fonts.face(bold=bold, italic=italic)
    return "".join(
        escape(part) if plain and face == own else f'<font name="{face.name}">{escape(part)}</font>'
        for face, part in style.fonts.split(text, bold=bold, italic=italic)
    )
