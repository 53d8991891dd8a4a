"""Charts as pictures in the line: vectors for Word and what follows it, and a PNG for who reads no SVG."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, cast

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.oxml.shape import CT_Inline
from docx.shared import Emu, Mm, Twips

from zonereport.render.word.text import clean
from zonereport.render.word.wml import paragraph, twips, w
from zonereport.theme import MM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zonereport.briefing.blocks import ChartBlock
    from zonereport.charts.style import Style
    from zonereport.render.word.references import Job
    from zonereport.render.word.wml import Element, Frame
    from zonereport.theme import Logo

RESOLUTION = 200
"""Dots an inch of the PNG, which only readers that cannot show the SVG show."""

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ASVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_DECORATIVE = (
    f'<a:extLst xmlns:a="{_A}"><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
    '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
    "</a:ext></a:extLst>"
)
"""Says that a picture says nothing ([MS-ODRAWXML] 2.3.6, decorative)."""
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
"""The extension of `a:blip` by a vector picture ([MS-ODRAWXML] 2.3.3, CT_SVGBlip)."""


def draw_picture(block: ChartBlock, frame: Frame, job: Job) -> Element:
    """Return the chart as a picture in the line, as wide as the text, with its alternative text."""
    from zonereport.charts.picture import png
    from zonereport.charts.svg import svg

    chart = block.chart
    drawing, fonts = chart.draw(job.style), job.style.fonts
    full = Mm(job.style.width)
    width = min(full, Twips(frame.width))
    height = round(Mm(chart.height) * width / full)
    label = clean(block.caption.label)
    inline = _place(png(drawing, fonts, RESOLUTION), (width, height), job, label, clean(chart.alt))
    for described in _described(inline):
        described.set("title", label)
    next(inline.iter(qn("a:blip"))).append(_vector(_add_svg(svg(drawing, fonts), job)))
    return inline


def lay_logo(logo: Logo | None, job: Job) -> list[Element]:
    """Return the logo in a paragraph of its own at the right edge, if there is one."""
    if logo is None:
        return []
    inline = _place(logo.data, (Mm(logo.width), Mm(logo.height)), job, "Logo", clean(logo.alt))
    if not logo.alt:
        next(_described(inline)).append(parse_xml(_DECORATIVE))
    return [paragraph("Figure", [w("r", w("drawing", inline))], w("jc", val="right"))]


def _place(picture: bytes, size: tuple[int, int], job: Job, name: str, alt: str) -> CT_Inline:
    """Return a picture in the line, of a width and height in EMU."""
    key, _ = job.document.part.get_or_add_image(BytesIO(picture))
    number = next(job.drawings)
    inline = CT_Inline.new_pic_inline(number, key, "", Emu(size[0]), Emu(size[1]))
    for side in "TBLR":
        inline.set(f"dist{side}", "0")  # LibreOffice takes a missing distance for 3 mm
    for described in _described(inline):
        described.set("id", str(number))
        described.set("name", name)
        described.set("descr", alt)
    return inline


def _described(inline: CT_Inline) -> Iterator[Element]:
    """Yield the elements that say what a picture shows: the drawing's and the picture's."""
    return cast("Iterator[Element]", inline.iter(qn("wp:docPr"), qn("pic:cNvPr")))


def fit_charts(style: Style, width: int) -> Style:
    """Return the style with a page whose text is `width` twips wide, so that charts are drawn as wide."""
    page = style.theme.page
    if width == twips(page.text_width * MM):
        return style
    page = replace(page, width=width / 20 / MM + page.left + page.right)
    return replace(style, theme=replace(style.theme, page=page))


def _add_svg(drawn: bytes, job: Job) -> str:
    """Return the relationship to a new part that holds the picture."""
    package = job.document.part.package
    assert package is not None  # python-docx gives every part of a document its package
    part = Part(package.next_partname("/word/media/image%d.svg"), "image/svg+xml", drawn, package)
    return job.document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)


def _vector(key: str) -> Element:
    return parse_xml(
        f'<a:extLst xmlns:a="{_A}"><a:ext uri="{_SVG_EXTENSION}">'
        f'<asvg:svgBlip xmlns:asvg="{_ASVG}" xmlns:r="{_R}" r:embed="{key}"/></a:ext></a:extLst>'
    )
