"""Paragraph styles of the PDF, from the theme and the briefing's fonts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.styles import ParagraphStyle

if TYPE_CHECKING:
    from zonereport.charts.style import Style
    from zonereport.theme import Theme


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
    gap = sizes.body / 10.5
    layout, prose = theme.layout, _prose(theme)
    centred = {"alignment": TA_CENTER} if layout.title_align == "center" else {}
    tile = round(sizes.heading_1 * 1.2)

    def make(name: str, **settings: Any) -> ParagraphStyle:
        settings = {
            "fontName": regular,
            "bulletFontName": regular,
            "bulletFontSize": sizes.body,
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
            spaceBefore=before * gap,
            spaceAfter=after * gap,
            firstLineIndent=layout.heading_indent * sizes.body,
        )

    muted = HexColor(colours.muted)
    styles = [
        make("kicker", fontName=bold, textColor=HexColor(colours.accent), spaceAfter=5, **centred),
        make(
            "title", fontName=bold, fontSize=sizes.title, leading=sizes.title * 1.14, spaceAfter=9, **centred
        ),
        make("fact-label", fontSize=sizes.small, leading=small_leading, textColor=muted),
        make("fact", fontSize=sizes.small, leading=small_leading),
        heading("heading-1", sizes.heading_1, 17, 6),
        heading("heading-2", sizes.heading_2, 12, 4),
        heading("heading-3", sizes.body, 9, 3),
        make("body", **{"spaceAfter": 6.5 * gap, **prose}),
        make("lead", fontSize=sizes.body + 1, leading=sizes.leading + 1, **{"spaceAfter": 8 * gap, **prose}),
        make("note", fontSize=sizes.small, leading=small_leading, textColor=muted, spaceAfter=4),
        make("footnote", fontSize=sizes.small, leading=small_leading, spaceAfter=1.5),
        make("item", spaceAfter=0 if layout.first_line_indent else 4 * gap),
        make("quote", fontName=italic, leftIndent=14 * gap, spaceAfter=6 * gap),
        make(
            "caption",
            fontName=bold,
            fontSize=sizes.caption,
            leading=sizes.caption * 1.25,
            spaceBefore=9 * gap,
            spaceAfter=2.5,
        ),
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
        make(
            "tile-value", fontName=bold, textColor=HexColor(colours.accent), fontSize=tile, leading=tile * 1.1
        ),
        make("tile-label", fontName=bold, fontSize=sizes.small, leading=sizes.small * 1.2, spaceBefore=1),
        make("tile-note", fontSize=sizes.small - 0.8, leading=(sizes.small - 0.8) * 1.3, textColor=muted),
        make("contents-title", fontName=bold, fontSize=sizes.caption, spaceBefore=10 * gap, spaceAfter=3),
        make("contents", fontSize=sizes.caption - 0.5, leading=sizes.caption * 1.43),
        make(
            "callout-title",
            fontName=bold,
            fontSize=sizes.small + 1,
            leading=sizes.caption * 1.43,
            spaceAfter=2,
        ),
        make("callout", fontSize=sizes.small + 0.5, leading=(sizes.small + 0.5) * 1.4, spaceAfter=2),
    ]
    return {entry.name: entry for entry in styles}


def _prose(theme: Theme) -> dict[str, Any]:
    """Return what the theme's layout changes of paragraphs of prose.

    An indent tells where a paragraph begins, so that no space has to.
    """
    settings: dict[str, Any] = {}
    if theme.layout.body_align == "justify":
        settings["alignment"] = TA_JUSTIFY
    if theme.layout.first_line_indent:
        settings["firstLineIndent"] = theme.layout.first_line_indent * theme.sizes.body
        settings["spaceAfter"] = 0
    return settings
