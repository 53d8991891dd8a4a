"""The one style of all charts: colours, type, line widths, and an empty Figure of the right size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zonereport.fonts import register_in_matplotlib
from zonereport.theme import MM

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from zonereport.charts.chart import Chart
    from zonereport.fonts import FontSet
    from zonereport.theme import Theme


@dataclass(frozen=True, slots=True)
class Style:
    """What is drawn with: the theme, and the fonts made for the briefing's text."""

    theme: Theme
    fonts: FontSet

    @property
    def width(self) -> float:
        """Width of a chart in millimetres."""
        return self.theme.page.text_width


def draw_chart(chart: Chart, style: Style) -> Figure:
    """Return a matplotlib Figure of the chart, text width by `chart.height`, at 72 dots an inch."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    register_in_matplotlib(style.fonts)
    sizes, colours = style.theme.sizes, style.theme.colours
    settings: Any = {
        "font.family": list(style.fonts.matplotlib_families()),
        "font.size": sizes.chart,
        "text.color": colours.ink,
        "text.parse_math": False,  # a label from data such as `US$5 and $6` is no formula
        "axes.edgecolor": colours.rule,
        "axes.labelcolor": colours.muted,
        "xtick.color": colours.muted,
        "ytick.color": colours.muted,
        "axes.linewidth": 0.6,
        "hatch.linewidth": 0.6,
        "svg.hashsalt": "zonereport",
    }
    with mpl.rc_context(settings):
        size = (style.width * MM / 72, chart.height * MM / 72)
        # Not transparent: Word's dark mode turns the page black and leaves pictures as they are.
        figure = Figure(figsize=size, dpi=72, facecolor=colours.paper)
        chart.draw(figure, style)
    return figure
