"""The empty package that a document is laid into, and the same bytes each time when it is saved."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE

from zonereport.render.word.numbering import Lists, write_numbering
from zonereport.render.word.styles import write_styles
from zonereport.render.word.text import region
from zonereport.render.word.wml import W, colour, quoted, twips
from zonereport.theme import MM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from zonereport.theme import Theme

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPC = "http://schemas.openxmlformats.org/package/2006"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_COMPATIBILITY = "http://schemas.microsoft.com/office/word"

_PARTS = (
    ("word/document.xml", CONTENT_TYPE.WML_DOCUMENT_MAIN, RELATIONSHIP_TYPE.OFFICE_DOCUMENT),
    ("docProps/core.xml", CONTENT_TYPE.OPC_CORE_PROPERTIES, RELATIONSHIP_TYPE.CORE_PROPERTIES),
    ("docProps/app.xml", CONTENT_TYPE.OFC_EXTENDED_PROPERTIES, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES),
    ("word/styles.xml", CONTENT_TYPE.WML_STYLES, RELATIONSHIP_TYPE.STYLES),
    ("word/numbering.xml", CONTENT_TYPE.WML_NUMBERING, RELATIONSHIP_TYPE.NUMBERING),
    ("word/settings.xml", CONTENT_TYPE.WML_SETTINGS, RELATIONSHIP_TYPE.SETTINGS),
    ("word/theme/theme1.xml", CONTENT_TYPE.OFC_THEME, RELATIONSHIP_TYPE.THEME),
)


@dataclass(frozen=True, slots=True)
class Base:
    """What a briefing is laid into: a package without text, and what the text must know of it."""

    package: bytes
    width: int
    """Width of the text, in twips."""
    lists: Lists = field(default_factory=Lists)
    styles: Mapping[str, str] = field(default_factory=dict)
    """The id of each of our styles in a template; empty where they have their own ids."""
    language: str = ""
    """The language that a template's text is in where a run does not say otherwise."""
    outdented: bool = False
    """Whether tables hang out of the text by their cells' padding, as up to Word 2010."""


def blank(theme: Theme, language: str) -> Base:
    """Return a base without a template."""
    return Base(blank_package(theme, language), twips(theme.page.text_width * MM))


def blank_package(theme: Theme, language: str) -> bytes:
    """Return a document without content: page, styles, numbering, settings and the brand's palette.

    python-docx's own template would bring a thumbnail, custom XML and 870 KB of styles that this
    document has no use for.
    """
    contents = {
        "word/document.xml": _document(theme),
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_OPC}/metadata/core-properties"/>',
        "docProps/app.xml": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        'extended-properties"><Application>zonereport</Application></Properties>',
        "word/styles.xml": write_styles(theme, language),
        "word/numbering.xml": write_numbering(theme),
        "word/settings.xml": _settings(theme, language),
        "word/theme/theme1.xml": _palette(theme),
        "_rels/.rels": _relationships(package=True),
        "word/_rels/document.xml.rels": _relationships(package=False),
        "[Content_Types].xml": _content_types(),
    }
    return zip_parts({name: (_DECLARATION + text).encode() for name, text in contents.items()})


def pack(saved: bytes, main: str, finish: Callable[[bytes], bytes]) -> bytes:
    """Return a saved package with its parts in a fixed order, without the clock in it.

    `finish` gives the main part what was kept out of it so far.
    """
    with zipfile.ZipFile(BytesIO(saved)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[main] = finish(parts[main])
    return zip_parts(parts)


def zip_parts(parts: dict[str, bytes]) -> bytes:
    """Return the parts as a package, without a clock in it."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # else it names the platform
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts[name], compresslevel=9)
    return out.getvalue()


def _content_types() -> str:
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind, _ in _PARTS)
    return (
        f'<Types xmlns="{_OPC}/content-types">'
        f'<Default Extension="rels" ContentType="{CONTENT_TYPE.OPC_RELATIONSHIPS}"/>'
        f'<Default Extension="xml" ContentType="{CONTENT_TYPE.XML}"/>{overrides}</Types>'
    )


def _relationships(*, package: bool) -> str:
    chosen, folder = (_PARTS[:3], "") if package else (_PARTS[3:], "word/")
    return (
        f'<Relationships xmlns="{_OPC}/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{kind}" Target="{name.removeprefix(folder)}"/>'
            for n, (name, _, kind) in enumerate(chosen, 1)
        )
        + "</Relationships>"
    )


def _document(theme: Theme) -> str:
    background = f'<w:background w:color="{colour(theme.colours.paper)}"/>' if _is_tinted(theme) else ""
    return (
        f'<w:document xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f"{background}<w:body>{page_setup(theme)}</w:body></w:document>"
    )


def _is_tinted(theme: Theme) -> bool:
    return theme.colours.paper.lower() != "#ffffff"


def page_setup(theme: Theme) -> str:
    """Return the section with the page of the theme."""
    page = theme.page
    top, right, bottom, left = (twips(side * MM) for side in (page.top, page.right, page.bottom, page.left))
    return (
        f'<w:sectPr xmlns:w="{W}"><w:pgSz w:w="{twips(page.width * MM)}" w:h="{twips(page.height * MM)}"/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}"'
        f' w:header="{round(top * 0.45)}" w:footer="{round(bottom * 0.45)}" w:gutter="0"/></w:sectPr>'
    )


def _settings(theme: Theme, language: str) -> str:
    code = quoted(region(language))
    shown = "<w:displayBackgroundShape/>" if _is_tinted(theme) else ""
    # without it, justified lines of Latin text have holes
    broken = "<w:autoHyphenation/>" if theme.layout.body_align == "justify" else ""
    return (
        f'<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/>{shown}<w:defaultTabStop w:val="720"/>{broken}'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        # without it Word opens the file as one of Word 2007, with its table layout
        f'<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="{_COMPATIBILITY}" w:val="15"/>'
        "</w:compat>"
        f'<w:themeFontLang w:val={code} w:eastAsia="zh-CN"/></w:settings>'
    )


def _palette(theme: Theme) -> str:
    """Return the brand's colours and font as Word offers them to an editor; the styles do not refer to it."""
    colours = theme.colours
    accents = (colours.accent, colours.second, colours.third, colours.light, colours.muted, colours.rule)
    named = [
        *(("dk1", colours.ink), ("lt1", colours.paper), ("dk2", colours.muted), ("lt2", colours.tint)),
        *((f"accent{n}", ink) for n, ink in enumerate(accents, 1)),
        *(("hlink", colours.accent), ("folHlink", colours.muted)),
    ]
    scheme = "".join(f'<a:{name}><a:srgbClr val="{colour(ink)}"/></a:{name}>' for name, ink in named)
    latin, eastern = quoted(theme.fonts.word), quoted(theme.fonts.word_east_asian)
    faces = f'<a:latin typeface={latin}/><a:ea typeface={eastern}/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    return (
        f'<a:theme xmlns:a="{_A}" name="zonereport"><a:themeElements>'
        f'<a:clrScheme name="zonereport">{scheme}</a:clrScheme><a:fontScheme name="zonereport">'
        f"<a:majorFont>{faces}</a:majorFont><a:minorFont>{faces}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="zonereport"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{f'<a:ln>{fill}</a:ln>' * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )
