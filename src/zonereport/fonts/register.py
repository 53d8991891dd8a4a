"""The made faces told to ReportLab, each once a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.fonts.faces import STYLES

if TYPE_CHECKING:
    from zonereport.fonts.faces import FontSet


def register_in_reportlab(fonts: FontSet) -> None:
    """Make the faces known to ReportLab under their names, once; `<b>` and `<i>` find their face."""
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    known = set(pdfmetrics.getRegisteredFontNames())
    for family in fonts.families:
        if family.regular.name in known:
            continue
        for face in family.faces():
            # Only what a page uses is embedded, instead of all of ASCII in every face.
            font = TTFont(face.name, face.path, asciiReadable=False, shapable=False)
            # ReportLab takes fonts that call themselves alike for one; these differ in their characters.
            printed, font.face.name = font.face.name, face.name
            pdfmetrics.registerFont(font)
            font.face.name = printed
        # ReportLab finds a face's style by the last mapping of its name, hence the upright ones last.
        for bold, italic in reversed(STYLES):
            face = family.face(bold=bold, italic=italic)
            addMapping(family.regular.name, int(bold), int(italic), face.name)
