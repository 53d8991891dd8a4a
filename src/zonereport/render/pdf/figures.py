"""What shows figures: the strip of headline figures, and charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, KeepTogether, Spacer

from zonereport.briefing import blocks as b
from zonereport.render.pdf import chart_canvas
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
    lengths = [bold_length(setter, word, sheet.fontSize) for word in value.text.split(" ")]
    space = bold_length(setter, " ", sheet.fontSize)
    for place, step in enumerate(STEPS):
        lines = _count_lines([length * step for length in lengths], space * step, width)
        if 0 < lines <= (1 if place < 2 else 2):
            break
    size = sheet.fontSize * step
    return setter.paragraph((value,), "tile-value", tile.add("P"), fontSize=size, leading=size * 1.1)


def bold_length(setter: Setter, text: str, size: float) -> float:
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


def set_caption(setter: Setter, caption: b.Caption, id: str, element: Element) -> Flowable:
    """Return a caption that its references lead to."""
    runs = (b.Run(f"{caption.label}{caption.suffix}"), *caption.runs)
    return setter.paragraph(runs, "caption", element, anchor=id)


def set_chart(setter: Setter, block: b.ChartBlock, into: Element) -> list[Flowable]:
    """Return a chart between its words.

    The caption stands beside the Figure, not in it: the alternative text would replace it.
    """
    part, chart = into.add("Div"), block.chart
    flowables = [set_caption(setter, block.caption, block.id, part.add("Caption"))]
    if chart.subtitle:
        flowables.append(setter.text(chart.subtitle, "subtitle", part.add("P")))
    figure = part.add("Figure", alt=chart.alt, block=block.id)
    flowables.append(ChartFlowable(chart, setter.style, figure))
    flowables.append(setter.text(chart.source, "source", part.add("P")))
    return [KeepTogether(flowables)]
