"""The zone among its peers: a strip a figure with a dot for every zone, the median marked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from zonereport.charts.chart import Chart, Omitted
from zonereport.charts.sheet import Sheet, columns
from zonereport.charts.words import dates, named, sources_line
from zonereport.charts.words import quantity as known
from zonereport.peers import set_beside
from zonereport.wording import rank_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.charts.drawing import Drawing
    from zonereport.charts.style import Style
    from zonereport.language import Language
    from zonereport.measures import Facts
    from zonereport.peers import Beside
    from zonereport.zone.model import Figure

ROW = 13.0
TOP = 1.5
INSET = 2.0
"""Room for half a dot at either end of a strip."""


@dataclass(frozen=True, slots=True)
class Strip:
    """The zones compared on one figure: their places from 0, on the left, to 1, and the words beside."""

    name: str
    value: str
    own: float
    median: float
    others: tuple[float, ...]
    """The peers' places, those that nearly coincide once."""
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Strips:
    """Draws a strip below another, each on its own scale."""

    strips: tuple[Strip, ...]

    @property
    def height(self) -> float:
        """Height in millimetres."""
        return TOP + ROW * len(self.strips)

    def __call__(self, style: Style) -> Drawing:
        """Return the chart as it is drawn in a style."""
        sheet = Sheet(style, self.height)
        widest = max(columns(strip.value) for strip in self.strips)
        end = sheet.width - max(24.0, widest * style.theme.sizes.chart * 0.21 + 6)
        for index, strip in enumerate(self.strips):
            self._draw(sheet, strip, TOP + ROW * index, end)
        return sheet.drawing()

    @staticmethod
    def _draw(sheet: Sheet, strip: Strip, top: float, end: float) -> None:
        colours, line = sheet.colours, top + 6
        length = end - 2 * INSET

        def place(share: float) -> float:
            return INSET + share * length

        sheet.text(0, top + 3, strip.name, colour=colours.muted)
        sheet.rule([(0, line), (end, line)], colour=colours.rule, width=1.2)
        middle = place(strip.median)
        for share in strip.others:
            _dot(sheet, place(share), line, 0.9, colours.light)
        sheet.rule([(middle, line - 2), (middle, line + 2)], colour=colours.second, width=1.4)
        _dot(sheet, place(strip.own), line, 1.5, colours.accent)
        sheet.text(sheet.width, line + 1.2, strip.value, align="right", bold=True)
        sheet.text(0, line + 4.5, strip.left, colour=colours.muted)
        sheet.text(end, line + 4.5, strip.right, align="right", colour=colours.muted)


def _dot(sheet: Sheet, x: float, y: float, radius: float, colour: str) -> None:
    sheet.dot(x, y, radius, colour, sheet.colours.muted, 0.4)


def plan(facts: Facts, language: Language, headline: Sequence[str]) -> Chart | Omitted:
    """Return a strip for each of the figures to name that have reference values; omitted without any."""
    if not facts.peers:
        return Omitted("no peers were given")
    shown = set_beside(facts, facts.peers).leading(headline)
    if not shown:
        return Omitted("no figure can be compared with those of two peers")
    figures = [each.figure for each in shown]
    rows = tuple(_row(each, language) for each in shown)
    draw = Strips(tuple(map(_strip, shown, rows)))
    ahead = sum(strip.own > strip.median for strip in draw.strips)
    names = ("name", "value", "low", "median", "high", "rank")
    return Chart(
        id="peers",
        title=language.text("charts.peers.title", ahead=ahead, n=len(shown)),
        subtitle=language.text("charts.peers.subtitle", when=dates(figures, language)),
        source=language.sentences(
            (
                sources_line(figures, language),
                language.text("charts.peers.source", n=language.number(Decimal(len(facts.peers)))),
            )
        ),
        alt=language.text(
            "charts.peers.alt",
            rows=language.sentences(
                language.text("charts.peers.row", **dict(zip(names, row, strict=True))) for row in rows
            ),
        ),
        header=(
            language.text("tables.indicator"),
            language.text("tables.value"),
            *(language.text(f"charts.peers.{key}") for key in ("low", "median", "high", "rank")),
        ),
        rows=rows,
        figures=tuple(figure.id for figure in figures),
        height=draw.height,
        draw=draw,
    )


def _row(each: Beside, language: Language) -> tuple[str, ...]:
    """Return a figure in words: name, value, smallest, median and largest value, rank."""
    assert each.reference is not None
    figures = [each.figure, *(figure for _, figure in each.compared)]
    low, high = min(figures, key=_number), max(figures, key=_number)
    return (
        named(each.figure, language),
        language.value(each.figure),
        language.counted(known(low), each.figure),
        language.counted(each.reference.median, each.figure),
        language.counted(known(high), each.figure),
        rank_in_words(each, language),
    )


def _strip(each: Beside, row: tuple[str, ...]) -> Strip:
    """Return the places of all zones between the smallest and the largest, the better end on the right."""
    assert each.reference is not None
    numbers = [_number(figure) for figure in (each.figure, *(figure for _, figure in each.compared))]
    low, high = min(numbers), max(numbers)
    is_lower_better = each.figure.indicator.better == "lower"

    def share(number: Decimal) -> float:
        if low == high:
            return 0.5
        part = float((number - low) / (high - low))
        return 1 - part if is_lower_better else part

    name, value, left, _, right, _ = row
    own, *others = map(share, numbers)
    places = sorted({round(other, 2) for other in others})  # more dots would cover each other
    ends = (right, left) if is_lower_better else (left, right)
    return Strip(name, value, own, share(each.reference.median.number), tuple(places), *ends)


def _number(figure: Figure) -> Decimal:
    return known(figure).number
