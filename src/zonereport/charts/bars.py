"""Horizontal bars of counts on one scale, each named above and labelled at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zonereport.charts.sheet import BAR, OPEN_END, Sheet, columns, largest, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.charts.drawing import Drawing
    from zonereport.charts.style import Style
    from zonereport.zone.quantity import Quantity

ROW = 13.5
"""Height of a row: the name, the bar, and air."""
TOP = 1.5


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it counts, how much, and the label at its end."""

    name: str
    quantity: Quantity
    label: str


def height(bars: Sequence[Bar]) -> float:
    """Return the height of the chart in millimetres."""
    return TOP + ROW * len(bars)


@dataclass(frozen=True, slots=True)
class Bars:
    """Draws the bars; the scale leaves room for the longest label."""

    bars: tuple[Bar, ...]
    beside: tuple[Bar, ...] = ()
    """The bars of a chart beside this one, which have the same scale."""

    def __call__(self, style: Style) -> Drawing:
        """Return the chart as it is drawn in a style."""
        sheet = Sheet(style, height(self.bars))
        colours, size = style.theme.colours, style.theme.sizes.chart
        scaled = (*self.bars, *self.beside)
        widest = max(columns(bar.label) for bar in scaled) * size * 0.21 + OPEN_END + 4
        scale = max(30.0, sheet.width - widest) / largest(bar.quantity for bar in scaled)
        for index, bar in enumerate(self.bars):
            top = TOP + index * ROW
            sheet.text(0, top + 3, wrap(bar.name, 100, 1)[0], colour=colours.muted)
            end = sheet.bar(0, top + 4.6, bar.quantity, scale, colours.accent)
            sheet.text(end + 1.6, top + 4.6 + BAR / 2, bar.label, middle=True, bold=True)
        return sheet.drawing()
