"""Paragraph styles of the PDF, from the theme and the briefing's fonts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle

if TYPE_CHECKING:
    from zonereport.charts.style import Style


def make_styles(style: Style) -> dict[str, ParagraphStyle]:
    """Return the paragraph styles by name."""
    theme = style.theme
    sizes, colours = theme.sizes, theme.colours
    regular, bold, italic = (
        style.fonts.face().name,
        style.fonts.face(bold=True).name,
        style.fonts.face(italic=True).name,
    )
    small_leading = sizes.small * 1.35

    def make(name: str, **settings: Any) -> ParagraphStyle:
        settings = {
            "fontName": regular,
            "bulletFontName": regular,
            "fontSize": sizes.body,
            "leading": sizes.leading,
            "textColor": HexColor(colours.ink),
            "allowWidows": 0,
            "allowOrphans": 0,
            "splitLongWords": 1,
            **settings,
        }
        return ParagraphStyle(name, **settings)

    def heading(name: str, size: float, before: float, after: float) -> ParagraphStyle:
        return make(
            name,
            fontName=bold,
            fontSize=size,
            leading=size * 1.22,
            textColor=HexColor(colours.accent),
            spaceBefore=before,
            spaceAfter=after,
        )

    muted = HexColor(colours.muted)
    styles = [
        make("kicker", fontName=bold, fontSize=sizes.body, textColor=HexColor(colours.accent), spaceAfter=5),
        make("title", fontName=bold, fontSize=sizes.title, leading=sizes.title * 1.14, spaceAfter=9),
        make("fact-label", fontSize=sizes.small, leading=small_leading, textColor=muted),
        make("fact", fontSize=sizes.small, leading=small_leading),
        heading("heading-1", sizes.heading_1, 17, 6),
        heading("heading-2", sizes.heading_2, 12, 4),
        heading("heading-3", sizes.body, 9, 3),
        make("body", spaceAfter=6.5),
        make("lead", fontSize=sizes.body + 1, leading=sizes.leading + 1, spaceAfter=8),
        make("note", fontSize=sizes.small, leading=small_leading, textColor=muted, spaceAfter=4),
        make("footnote", fontSize=sizes.small, leading=small_leading, spaceAfter=1.5),
        make("item", spaceAfter=4),
        make("quote", fontName=italic, leftIndent=14, spaceAfter=6),
        make("caption", fontName=bold, leading=sizes.body * 1.25, spaceBefore=9, spaceAfter=2.5),
        make(
            "subtitle",
            fontSize=sizes.small,
            leading=small_leading,
            textColor=muted,
            spaceAfter=3,
        ),
        make(
            "source",
            fontSize=sizes.small,
            leading=small_leading,
            textColor=muted,
            spaceBefore=2,
            spaceAfter=11,
        ),
        make("cell", fontSize=sizes.small + 0.5, leading=(sizes.small + 0.5) * 1.3),
        make("cell-head", fontName=bold, fontSize=sizes.small + 0.5, leading=(sizes.small + 0.5) * 1.3),
        make("tile-value", fontName=bold, textColor=HexColor(colours.accent), fontSize=19, leading=21),
        make("tile-label", fontName=bold, fontSize=sizes.small, leading=sizes.small * 1.2, spaceBefore=1),
        make("tile-note", fontSize=sizes.small - 0.8, leading=(sizes.small - 0.8) * 1.3, textColor=muted),
        make("contents-title", fontName=bold, fontSize=sizes.body, spaceBefore=10, spaceAfter=3),
        make("contents", fontSize=sizes.body - 0.5, leading=sizes.leading),
        make("callout-title", fontName=bold, fontSize=sizes.small + 1, spaceAfter=2),
        make("callout", fontSize=sizes.small + 0.5, leading=(sizes.small + 0.5) * 1.4, spaceAfter=2),
    ]
    return {entry.name: entry for entry in styles}
