"""The logo at the top right of the first page: in the margin above the text as far as there is room."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from zonereport.render.pdf.canvas import LAYOUT
from zonereport.theme import MM

if TYPE_CHECKING:
    from zonereport.charts.style import Style
    from zonereport.render.pdf.tags import Element
    from zonereport.theme import Logo

ABOVE, BELOW = 6.0, 4.0
"""Millimetres between logo and edge of the page, and between logo and text."""


class LogoFlowable(Flowable):  # type: ignore[misc]
    """A logo that takes from the text only what the margin lacks; without alternative text an artifact."""

    def __init__(self, logo: Logo, style: Style, element: Element) -> None:
        super().__init__()
        self.logo, self.element = logo, element
        self.width = style.width * MM
        self.height = max(0.0, logo.height + ABOVE + BELOW - style.theme.page.top) * MM

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        width, height = self.logo.width * MM, self.logo.height * MM
        x, y = self.width - width, BELOW * MM
        if not self.logo.alt:
            with self.canv.artifact(LAYOUT):
                self.canv.drawImage(_picture(self.logo), x, y, width, height, mask="auto")
            return
        left, bottom = self.canv.absolutePosition(x, y)
        box = [round(edge, 2) for edge in (left, bottom, left + width, bottom + height)]
        self.element.attributes["Layout"] = {"BBox": box, "Placement": "/Block"}
        with self.canv.marked(self.element):
            self.canv.drawImage(_picture(self.logo), x, y, width, height, mask="auto")


def set_logo(logo: Logo | None, style: Style, into: Element) -> list[Flowable]:
    """Return the logo, in the structure a figure with its alternative text if it has one."""
    return [LogoFlowable(logo, style, into.add("Figure", alt=logo.alt))] if logo else []


def _picture(logo: Logo) -> ImageReader:
    """Return the picture in red, green and blue: PDF/A-3, 6.2.4.3, knows no CMYK beside an sRGB intent."""
    from PIL import Image

    with Image.open(BytesIO(logo.data)) as picture:
        clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
        return ImageReader(picture.convert("RGBA" if clear else "RGB"))
