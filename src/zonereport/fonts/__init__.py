"""One way from the text of a briefing to the small static fonts that PDF and charts draw it with."""

from zonereport.fonts.faces import Face, Family, FontSet
from zonereport.fonts.outlines import outlines, text_width
from zonereport.fonts.prepare import keep_fonts_ready, prepare_fonts
from zonereport.fonts.register import register_in_reportlab
from zonereport.fonts.store import default_cache

__all__ = [
    "Face",
    "Family",
    "FontSet",
    "default_cache",
    "keep_fonts_ready",
    "outlines",
    "prepare_fonts",
    "register_in_reportlab",
    "text_width",
]
