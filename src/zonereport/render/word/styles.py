"""The styles of the document, written out of the theme: what an editor finds in Word's gallery.

Ids are what the other modules name; names are Word's own where Word has such a style, so that its
tools (navigation, table of contents, captions, translation of the interface) know it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.render.word.table_styles import table_styles
from zonereport.render.word.text import is_east_asian, region
from zonereport.render.word.wml import W, colour, quoted, twips
from zonereport.theme import MM

if TYPE_CHECKING:
    from zonereport.theme import Theme

LIST_STYLES = 3
"""Word knows List Bullet, List Bullet 2 and List Bullet 3; deeper lists use the third."""

INDENT = 360
"""How far a level of a list stands in, in twips."""

FACT_LABEL = 1900
"""Width of the labels in the title block, in twips."""


def tile_size(theme: Theme) -> float:
    """Return the type size of a tile's value where it has room, in points."""
    return round(theme.sizes.heading_1 * 1.3)


def cell_size(theme: Theme) -> float:
    """Return the type size of a table's cells, in points."""
    return min((theme.sizes.body + theme.sizes.small) / 2, theme.sizes.small + 1)


def write_styles(theme: Theme, language: str) -> str:
    """Return `word/styles.xml`."""
    return (
        f'<w:styles xmlns:w="{W}">'
        + _defaults(theme, language)
        + '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1"'
        ' w:defUnhideWhenUsed="1" w:defQFormat="0" w:count="376"/>'
        + '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
        + '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        + '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
        + "".join(
            (
                *_headings(theme, language),
                *_prose(theme),
                *_lists(theme),
                *_captions(theme),
                *_contents(theme),
            )
        )
        + "".join((*_edges(theme), *_boxes(theme)))
        + table_styles(theme)
        + "</w:styles>"
    )


def _defaults(theme: Theme, language: str) -> str:
    sizes = theme.sizes
    latin, eastern = quoted(theme.fonts.word), quoted(theme.fonts.word_east_asian)
    return (
        "<w:docDefaults><w:rPrDefault><w:rPr>"
        f"<w:rFonts w:ascii={latin} w:hAnsi={latin} w:eastAsia={eastern} w:cs={latin}/>"
        + font(theme.colours.ink, sizes.body)
        # in Chinese text, Latin words and figures are not Chinese: programs would break them anywhere
        + f"<w:lang w:val={quoted('en-GB' if is_east_asian(language) else region(language))}"
        f' w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:widowControl/>"
        # a least height gives lines of Chinese and of Latin text the same distance
        f'<w:spacing w:after="0" w:line="{twips(sizes.leading)}" w:lineRule="atLeast"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
    )


def font(ink: str = "", size: float = 0, *, bold: bool = False, families: str = "") -> str:
    """Return run properties: families (`w:rFonts`), weight, colour (`#rrggbb`) and size in points."""
    return (
        families
        + ("<w:b/><w:bCs/>" if bold else "")
        + (f'<w:color w:val="{colour(ink)}"/>' if ink else "")
        + (f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>' if size else "")
    )


def space(before: float = 0, after: float = 0, line: float = 0) -> str:
    """Return paragraph spacing in points; `line` is the least height of a line."""
    height = f' w:line="{twips(line)}" w:lineRule="atLeast"' if line else ""
    return f'<w:spacing w:before="{twips(before)}" w:after="{twips(after)}"{height}/>'


def edge(side: str, ink: str, eighths: int = 4, gap: int = 4) -> str:
    """Return one border: its side, colour, width in eighths of a point, and distance in points."""
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{gap}" w:color="{colour(ink)}"/>'


def style(name: str, settings: str = "", text: str = "", *, base: str = "Normal", after: str = "") -> str:
    """Return a paragraph style; its id is the name without spaces, `after` the style of the next one."""
    key = _key(name)
    follows = f'<w:next w:val="{after}"/>' if after else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"{"" if name in _BUILT_IN else _CUSTOM}>'
        f'<w:name w:val="{name}"/><w:basedOn w:val="{base}"/>{follows}<w:uiPriority w:val="9"/><w:qFormat/>'
        f"<w:pPr>{settings}</w:pPr><w:rPr>{text}</w:rPr></w:style>"
    )


def _key(name: str) -> str:
    """Return the id of a style."""
    return name.title().replace(" ", "").replace("Toc", "TOC")


_CUSTOM = ' w:customStyle="1"'
_BUILT_IN = {
    *(
        "Title",
        "Subtitle",
        "Body Text",
        "caption",
        "Quote",
        "header",
        "footer",
        "TOC Heading",
        "footnote text",
        "toc 1",
        "toc 2",
    ),
    *(f"heading {level}" for level in (1, 2, 3)),
    *(f"List {kind}{n}" for kind in ("Bullet", "Number", "Continue") for n in ("", " 2", " 3")),
}


def _families(theme: Theme, eastern: str) -> str:
    """Return the families of headings, or nothing where they are those of the text."""
    fonts = theme.fonts
    if (fonts.word_heading, eastern) == (fonts.word, fonts.word_east_asian):
        return ""
    latin = quoted(fonts.word_heading)
    return f"<w:rFonts w:ascii={latin} w:hAnsi={latin} w:eastAsia={quoted(eastern)} w:cs={latin}/>"


def _headings(theme: Theme, language: str) -> tuple[str, ...]:
    sizes, colours, fonts, layout = theme.sizes, theme.colours, theme.fonts, theme.layout
    align = '<w:jc w:val="center"/>' if layout.title_align == "center" else ""
    indent = _first_line(layout.heading_indent, sizes.body)
    eastern = (fonts.word_east_asian_heading_1, fonts.word_east_asian_heading_2, fonts.word_east_asian)

    def head(size: float, ink: str, family: str) -> str:
        # A Chinese family for headings is heavy by design; made bolder by Word, its strokes run together.
        heavy = is_east_asian(language) and family != fonts.word_east_asian
        return font(ink, size, bold=not heavy, families=_families(theme, family))

    hold = "<w:keepNext/><w:keepLines/>"
    rule = f"<w:pBdr>{edge('top', colours.rule)}{edge('bottom', colours.rule)}</w:pBdr>"
    tabs = f'<w:tabs><w:tab w:val="left" w:pos="{FACT_LABEL}"/></w:tabs>'
    hanging = f'<w:ind w:left="{FACT_LABEL}" w:hanging="{FACT_LABEL}"/>'
    deepest = (sizes.body + sizes.heading_2) / 2

    def heading(level: int, size: float, before: float, after: float, ink: str) -> str:
        settings = f'{hold}{space(before, after, size * 1.2)}{indent}<w:outlineLvl w:val="{level - 1}"/>'
        return style(f"heading {level}", settings, head(size, ink, eastern[level - 1]), after="BodyText")

    return (
        style(
            "Title",
            hold + space(6, 4, sizes.title * 1.15) + align,
            head(sizes.title, colours.accent, fonts.word_east_asian_title),
        ),
        style(
            "Subtitle",
            hold + space(0, 14, sizes.heading_2 * 1.3) + align,
            font(colours.muted, sizes.heading_2),
        ),
        # alike neighbours share one frame: a rule above the first fact and one below the last
        style(
            "Fact",
            f"<w:keepLines/>{rule}{tabs}{space(0, 2, sizes.caption * 1.43)}{hanging}",
            font(size=sizes.caption - 0.5),
        ),
        heading(1, sizes.heading_1, 24, 8, colours.accent),
        heading(2, sizes.heading_2, 16, 5, colours.ink),
        heading(3, deepest, 12, 4, colours.muted),
    )


def _prose(theme: Theme) -> tuple[str, ...]:
    sizes, colours = theme.sizes, theme.colours
    bar = f"<w:pBdr>{edge('left', colours.light, 18, 12)}</w:pBdr>"
    inset = f'<w:ind w:left="{INDENT}" w:right="{INDENT}"/>'
    align = '<w:jc w:val="both"/>' if theme.layout.body_align == "justify" else ""
    prose = _first_line(theme.layout.first_line_indent, sizes.body) + align
    # an indent tells where a paragraph begins, so that no space has to
    gap = 0 if theme.layout.first_line_indent else sizes.leading / 2
    return (
        style("Body Text", space(0, gap) + prose),
        style(
            "Lead",
            space(10, gap and 10, sizes.leading * 1.15) + prose,
            font(size=sizes.body + 1.5),
            after="BodyText",
        ),
        style("Note", space(0, 3, sizes.small * 1.35), font(colours.muted, sizes.small)),
        style(
            "Source Note", "<w:keepLines/>" + space(3, sizes.leading * 0.9, sizes.small * 1.35), base="Note"
        ),
        style("Quote", f"<w:keepLines/>{bar}{space(0, 4)}{inset}", font(colours.muted)),
        style(
            "Quote Attribution", space(0, sizes.leading * 0.8), font(colours.muted, sizes.small), base="Quote"
        ),
        style("footnote text", space(0, 2, sizes.small * 1.3), font(size=sizes.small)),
        _character("footnote reference", '<w:vertAlign w:val="superscript"/>', custom=False),
        _character("Hyperlink", font(colours.accent) + '<w:u w:val="single"/>', custom=False),
        _character("Cross Reference", font(colours.accent)),
        _character("Fact Label", font(colours.muted)),
        _character("Caption Label", font(colours.accent, bold=True)),
    )


def _first_line(ems: float, size: float) -> str:
    """Return an indent of the first line in ems of a size; Word prefers the one in characters."""
    if not ems:
        return ""
    return f'<w:ind w:firstLineChars="{round(ems * 100)}" w:firstLine="{twips(ems * size)}"/>'


def _character(name: str, text: str, *, custom: bool = True) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{_key(name)}"{_CUSTOM if custom else ""}>'
        f'<w:name w:val="{name}"/><w:basedOn w:val="DefaultParagraphFont"/><w:uiPriority w:val="10"/>'
        f"<w:rPr>{text}</w:rPr></w:style>"
    )


def _lists(theme: Theme) -> tuple[str, ...]:
    """Return list styles of three levels; `numbering.py` names them and sets their indents."""
    gap = space(0, theme.sizes.leading / 4)

    def level(kind: str, number: int) -> str:
        place = f'<w:ilvl w:val="{number - 1}"/>' if number > 1 else ""
        points_to = {"Bullet": 1, "Number": 2}.get(kind)
        numbered = f'<w:numPr>{place}<w:numId w:val="{points_to}"/></w:numPr>' if points_to else ""
        inset = "" if points_to else f'<w:ind w:left="{INDENT * number}"/>'
        return style(f"List {kind}{f' {number}' if number > 1 else ''}", numbered + gap + inset)

    return tuple(
        level(kind, n) for kind in ("Bullet", "Number", "Continue") for n in range(1, LIST_STYLES + 1)
    )


def _captions(theme: Theme) -> tuple[str, ...]:
    sizes, colours = theme.sizes, theme.colours
    hold = "<w:keepNext/><w:keepLines/>"
    return (
        style(
            "caption", hold + space(12, 3, sizes.caption * 1.3), font(colours.ink, sizes.caption, bold=True)
        ),
        style("Figure", "<w:keepNext/>" + space(0, 3)),
        style(
            "Table End", '<w:spacing w:before="0" w:after="0" w:line="200" w:lineRule="exact"/>', font(size=4)
        ),
    )


def _contents(theme: Theme) -> tuple[str, ...]:
    sizes, colours = theme.sizes, theme.colours
    title = "<w:keepNext/><w:keepLines/>" + space(14, 4, sizes.heading_2 * 1.2)
    return (
        style("TOC Heading", title, font(colours.accent, sizes.heading_2, bold=True), after="BodyText"),
        style("toc 1", space(1, 0, sizes.caption * 1.2), font(colours.ink, sizes.caption - 0.5)),
        style("toc 2", space(0, 1) + f'<w:ind w:left="{INDENT}"/>', font(colours.muted)),
    )


def _edges(theme: Theme) -> tuple[str, ...]:
    sizes, colours = theme.sizes, theme.colours
    width, layout = twips(theme.page.text_width * MM), theme.layout
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs>'
    middle = f'<w:tabs><w:tab w:val="center" w:pos="{width // 2}"/></w:tabs>'
    number = layout.page_number_size or sizes.small
    quiet = font(colours.muted, sizes.small)
    under = f"<w:pBdr>{edge('bottom', colours.rule)}</w:pBdr>"
    return (
        style("header", under + tabs + space(line=sizes.small * 1.3), quiet),
        style(
            "footer",
            (middle if layout.page_number_at == "center" else tabs) + space(line=number * 1.3),
            quiet,
        ),
        style(
            "Classification",
            space(line=sizes.small * 1.5) + '<w:jc w:val="center"/>',
            font(colours.ink, sizes.small + 0.5, bold=True),
        ),
        _character("page number", font(size=layout.page_number_size), custom=False),
    )


def _boxes(theme: Theme) -> tuple[str, ...]:
    """Styles of the text inside tables, tiles and call-outs."""
    sizes, colours = theme.sizes, theme.colours
    cell = cell_size(theme)
    small = font(colours.muted, sizes.small)
    return (
        style("Table Text", space(2, 2, cell * 1.25), font(size=cell)),
        style("Table Number", '<w:jc w:val="right"/>', base="TableText"),
        style(
            "Tile Value",
            "<w:keepNext/>" + space(4, 2, sizes.caption * 1.43),
            font(colours.accent, tile_size(theme), bold=True),
        ),
        style("Tile Label", "<w:keepLines/>" + space(0, 3, cell * 1.25), font(colours.ink, cell, bold=True)),
        style("Tile Note", "<w:keepLines/>" + space(0, 1, sizes.small * 1.3), small),
        style(
            "Callout Title",
            "<w:keepNext/><w:keepLines/>" + space(4, 3, sizes.caption * 1.43),
            font(colours.accent, sizes.caption, bold=True),
        ),
        style("Callout Text", space(0, 5, sizes.caption * 1.43), font(size=sizes.caption)),
    )
