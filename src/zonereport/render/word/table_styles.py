"""The table styles of the document: figures in rows, tiles in a strip, and the box of a call-out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.render.word.wml import colour

if TYPE_CHECKING:
    from zonereport.theme import Theme

PADDING = 100
"""Space left and right of a cell's text, in twips."""

TILE_PADDING = 110
CALLOUT_PADDING = 220

PADDINGS = {
    "ZonereportTable": PADDING,
    "ZonereportTiles": TILE_PADDING,
    "ZonereportCallout": CALLOUT_PADDING,
    "ZonereportColumns": PADDING,
}
"""The space left of a cell's text by table style."""


def table_styles(theme: Theme) -> str:
    """Return the table styles, as XML for `word/styles.xml`."""
    colours = theme.colours
    head = f"{_line('top', colours.accent, 12)}{_line('bottom', colours.accent, 6)}"
    rules = (
        _line("top", colours.accent, 12)
        + _line("bottom", colours.accent, 6)
        + _line("insideH", colours.rule, 4)
    )
    strip = _line("top", colours.accent, 18) + _line("insideV", colours.paper, 60)
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/>'
        f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{_margins(0, PADDING)}</w:tblPr></w:style>'
        + _table_style("Zonereport Table", rules, _margins(20, PADDING), head=_head(theme, head))
        + _table_style("Zonereport Tiles", strip, _margins(60, TILE_PADDING), fill=colours.tint)
        + _table_style(
            "Zonereport Callout",
            _line("left", colours.accent, 24),
            _margins(80, CALLOUT_PADDING),
            fill=colours.tint,
        )
        + _table_style("Zonereport Columns", "", _margins(0, PADDING))
    )


def _table_style(name: str, borders: str, margins: str, *, fill: str = "", head: str = "") -> str:
    cells = f"<w:tcPr>{_fill(fill)}</w:tcPr>" if fill else ""
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{name.replace(" ", "")}">'
        f'<w:name w:val="{name}"/>'
        '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="10"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders>{margins}</w:tblPr>{cells}{head}</w:style>"
    )


def _head(theme: Theme, borders: str) -> str:
    return (
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr>'
        f"<w:tcPr><w:tcBorders>{borders}</w:tcBorders>{_fill(theme.colours.tint)}"
        '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
    )


def _line(side: str, ink: str, eighths: int) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="{colour(ink)}"/>'


def _fill(ink: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{colour(ink)}"/>'


def _margins(vertical: int, horizontal: int) -> str:
    sides = {"top": vertical, "left": horizontal, "bottom": vertical, "right": horizontal}
    return (
        "<w:tblCellMar>"
        + "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides.items())
        + "</w:tblCellMar>"
    )
