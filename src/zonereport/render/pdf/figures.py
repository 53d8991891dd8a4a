"""What shows figures: the strip of headline figures, charts and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from zonereport.briefing import blocks as b
from zonereport.render.columns import longest_words, share_room
from zonereport.render.pdf import chart_canvas
from zonereport.render.pdf.paragraphs import HeadCell
from zonereport.theme import MM

if TYPE_CHECKING:
    from zonereport.charts.chart import Chart
    from zonereport.charts.style import Style
    from zonereport.render.pdf.flowables import Setter
    from zonereport.render.pdf.tags import Element

TABLE_START = 42 * MM
"""Room that must be left on a page for a table to begin there: caption, head and some rows."""
STEPS = (1, 17 / 19, 15 / 19, 13.5 / 19, 12 / 19, 11 / 19)
"""How much smaller a tile's value may get; from the third step on it may have two lines."""
GAP = 0.125
"""Room between Chinese and Latin text at most, in ems."""
CELL_PADDING = (4, 6)
"""Points left and right of a cell's text."""
AIR = 0.1
"""Points more than a word needs: a line that is full to the last digit is broken."""
TALL = 0.5
"""Part of the page's height from which on a row may break over pages."""


class ChartFlowable(Flowable):  # type: ignore[misc]
    """A chart as wide as the text, drawn as vectors."""

    def __init__(self, chart: Chart, style: Style, element: Element) -> None:
        super().__init__()
        self.chart, self.style, self.element = chart, style, element
        self.width, self.height = style.width * MM, chart.height * MM

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        left, bottom = self.canv.absolutePosition(0, 0)
        box = [round(edge, 2) for edge in (left, bottom, left + self.width, bottom + self.height)]
        self.element.attributes["Layout"] = {"BBox": box, "Placement": "/Block"}
        with self.canv.marked(self.element):
            chart_canvas.draw(self.chart.draw(self.style), self.canv, self.style.fonts)


def set_tiles(setter: Setter, block: b.Tiles, into: Element) -> list[Flowable]:
    """Return the strip: a row of values that stand on one line, a row of what they count.

    In the structure, each tile's value, label and notes stand together.
    """
    tint, accent = (HexColor(c) for c in (setter.style.theme.colours.tint, setter.style.theme.colours.accent))
    gap, count = 6.0, max(len(block.tiles), 3)
    width = (setter.width - gap * (count - 1)) / count
    strip = into.add("Sect", title=block.description)
    values: list[Any] = []
    labels: list[Any] = []
    commands: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("BOTTOMPADDING", (0, 0), (-1, 0), 1),
    ]
    for index, tile in enumerate(block.tiles):
        element = strip.add("Div")
        values += [_set_value(setter, tile.value, width - 14, element), ""]
        label = setter.text(tile.label, "tile-label", element.add("P"))
        labels += [[label, *(setter.text(note, "tile-note", element.add("P")) for note in tile.notes)], ""]
        commands += [
            ("BACKGROUND", (index * 2, 0), (index * 2, 1), tint),
            ("LINEABOVE", (index * 2, 0), (index * 2, 0), 2.2, accent),
        ]
    widths = [width, gap] * len(block.tiles)
    table = setter.grid([values[:-1], labels[:-1]], widths[:-1], commands, padding=(7, 7, 6, 7))
    return [table, Spacer(0, 10)]


def _set_value(setter: Setter, value: b.Run, width: float, tile: Element) -> Flowable:
    """Return the value as large as its longest word allows, on at most two lines."""
    sheet = setter.sheets["tile-value"]
    lengths = [_length(setter, word, sheet.fontSize) for word in value.text.split(" ")]
    space = _length(setter, " ", sheet.fontSize)
    for place, step in enumerate(STEPS):
        lines = _count_lines([length * step for length in lengths], space * step, width)
        if 0 < lines <= (1 if place < 2 else 2):
            break
    size = sheet.fontSize * step
    return setter.paragraph((value,), "tile-value", tile.add("P"), fontSize=size, leading=size * 1.1)


def _length(setter: Setter, text: str, size: float) -> float:
    """Return the length in points of a text in bold, with what is set between Chinese and Latin text."""
    parts = setter.style.fonts.split(text, bold=True)
    letters = sum(float(stringWidth(part, face.name, size)) for face, part in parts)
    return letters + (len(parts) - 1) * GAP * size


def _count_lines(lengths: list[float], space: float, width: float) -> int:
    """Return how many lines words of these lengths need, or 0 if one of them is too long for a line."""
    if max(lengths) > width:
        return 0
    lines, line = 1, -space
    for length in lengths:
        line += space + length
        if line > width:
            lines, line = lines + 1, length
    return lines


def _set_caption(setter: Setter, caption: b.Caption, id: str, element: Element) -> Flowable:
    """Return a caption that its references lead to."""
    runs = (b.Run(f"{caption.label}{caption.suffix}"), *caption.runs)
    return setter.paragraph(runs, "caption", element, anchor=id)


def set_chart(setter: Setter, block: b.ChartBlock, into: Element) -> list[Flowable]:
    """Return a chart between its words.

    The caption stands beside the Figure, not in it: the alternative text would replace it.
    """
    part, chart = into.add("Div"), block.chart
    flowables = [_set_caption(setter, block.caption, block.id, part.add("Caption"))]
    if chart.subtitle:
        flowables.append(setter.text(chart.subtitle, "subtitle", part.add("P")))
    figure = part.add("Figure", alt=chart.alt, block=block.id)
    flowables.append(ChartFlowable(chart, setter.style, figure))
    flowables.append(setter.text(chart.source, "source", part.add("P")))
    return [KeepTogether(flowables)]


def set_table(setter: Setter, block: b.Table, into: Element) -> list[Flowable]:
    """Return a table with its caption and note; its head is repeated on every page."""
    colours = setter.style.theme.colours
    widths = _column_widths(setter, block)
    element = into.add("Table", attributes={"Table": {"Summary": block.description}})
    caption = _set_caption(setter, block.caption, block.id, element.add("Caption"))
    rule = HexColor(colours.rule)
    table = setter.grid(
        _set_cells(setter, block, element),
        widths,
        [
            ("BACKGROUND", (0, 0), (-1, 0), HexColor(colours.tint)),
            ("LINEABOVE", (0, 0), (-1, 0), 1, HexColor(colours.accent)),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, rule),
            ("LINEBELOW", (0, -1), (-1, -1), 0.8, rule),
        ],
        padding=(*CELL_PADDING, 3, 3),
        repeatRows=1,
    )
    page = setter.style.theme.page
    table.wrap(sum(widths), 0)
    if max(table._rowHeights) > (page.height - page.top - page.bottom) * MM * TALL:
        # Only then: ReportLab repeats the head within the page where it could split in a row.
        table.splitInRow = 1
    note = [setter.paragraph(block.note, "source", into.add("P"))] if block.note else [Spacer(0, 11)]
    return [CondPageBreak(TABLE_START), caption, table, *note]


def _column_widths(setter: Setter, block: b.Table) -> list[float]:
    size = setter.sheets["cell-head"].fontSize
    least = [_length(setter, word, size) + sum(CELL_PADDING) + AIR for word in longest_words(block)]
    return share_room(setter.width, [column.weight for column in block.columns], least)


def _set_cells(setter: Setter, block: b.Table, table: Element) -> list[list[Flowable]]:
    """Return the rows, the head first; the first cell of a row is its heading."""
    head, body = table.add("THead").add("TR"), table.add("TBody")
    rows = [
        [
            setter.text(column.heading, "cell-head", _heading_cell(head, "/Column"), kind=HeadCell)
            for column in block.columns
        ]
    ]
    for cells in block.rows:
        row = body.add("TR")
        elements = [row.add("TD") if place else _heading_cell(row, "/Row") for place in range(len(cells))]
        rows.append([setter.paragraph(cell, "cell", e) for cell, e in zip(cells, elements, strict=True)])
    return rows


def _heading_cell(row: Element, scope: str) -> Element:
    return row.add("TH", attributes={"Table": {"Scope": scope}})
