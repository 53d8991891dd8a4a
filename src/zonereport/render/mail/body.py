"""Both forms of a message's text, and the pictures that stand in the HTML one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from zonereport.briefing.blocks import ChartBlock, iter_blocks
from zonereport.errors import RenderError
from zonereport.render.mail.html import WIDTH, Picture, write_mail_html
from zonereport.render.mail.text import write_mail_text
from zonereport.render.preflight import label_faults
from zonereport.theme import MM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from zonereport.briefing.blocks import Briefing
    from zonereport.charts.style import Style

CHART_WIDTHS = (100.0, 110.0, 120.0, 135.0, 150.0)
"""Millimetres that charts are drawn wide, the first at which no label meets another: the narrower, the
larger are their letters on a phone."""
DENSITY = 2
"""Pixels of a picture for each of the page: screens have that many."""
MAX_HTML = 100_000
"""Bytes of HTML: Gmail cuts a message off at 102 kB and hides what follows."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that stands in the HTML by its Content-ID."""

    cid: str
    name: str
    media_type: str
    data: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class MailBody:
    """The text of a message: HTML, the same as plain text, and the pictures of the HTML."""

    html: str
    text: str
    images: tuple[Image, ...]


def write_mail(briefing: Briefing, style: Style) -> MailBody:
    """Return the briefing as the text of a message, the same for the same input.

    Raises RenderError for HTML so long that a mail program would cut it off.
    """
    pictures = {**_charts(briefing, style), **_logo(briefing)}
    html = write_mail_html(briefing, style.theme, {key: picture for key, (picture, _) in pictures.items()})
    if (size := len(html.encode())) > MAX_HTML:
        raise RenderError(
            f"the text of the message has {size // 1000} kB, expected at most {MAX_HTML // 1000}",
            hint="take a template for messages, such as `message`, and attach what is long",
        )
    return MailBody(html, write_mail_text(briefing), tuple(image for _, image in pictures.values()))


def _charts(briefing: Briefing, style: Style) -> Mapping[str, tuple[Picture, Image]]:
    """Return the pictures of the charts by the ids of their blocks."""
    from zonereport.charts.picture import png

    blocks = [block for block in iter_blocks(briefing.blocks) if isinstance(block, ChartBlock)]
    style = _narrowed(blocks, style)
    pictures = {}
    for block in blocks:
        data = png(block.chart.draw(style), style.fonts, DENSITY * WIDTH / (style.width * MM / 72))
        height = round(WIDTH * block.chart.height / style.width)
        image = _image(f"{block.id}.png", "image/png", data, block.chart.alt)
        pictures[block.id] = Picture(image.cid, WIDTH, height, image.alt), image
    return pictures


def _narrowed(blocks: Sequence[ChartBlock], style: Style) -> Style:
    """Return the style with the narrowest page on which the charts' labels keep apart; else as it is."""
    page = style.theme.page
    for width in CHART_WIDTHS:
        narrow = replace(page, width=width + page.left + page.right)
        found = replace(style, theme=replace(style.theme, page=narrow))
        if width < style.width and not any(any(label_faults(block, found)) for block in blocks):
            return found
    return style


def _logo(briefing: Briefing) -> Mapping[str, tuple[Picture, Image]]:
    logo = briefing.logo
    if logo is None:
        return {}
    image = _image(f"logo.{logo.media_type.rpartition('/')[2]}", logo.media_type, logo.data, logo.alt)
    width, height = (round(size * MM / 72 * 96) for size in (logo.width, logo.height))
    return {"": (Picture(image.cid, width, height, logo.alt), image)}


def _image(name: str, media_type: str, data: bytes, alt: str) -> Image:
    """Return a picture under an id that no other picture of any message has (RFC 2392)."""
    return Image(f"{sha256(data).hexdigest()[:24]}@zonereport", name, media_type, data, " ".join(alt.split()))
