"""What a reader would stumble over, found before anything is drawn: contrast, labels, tables."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

from zonereport.briefing.blocks import ChartBlock, Table, iter_blocks
from zonereport.charts.sheet import ASCENT, DESCENT
from zonereport.fonts import text_width
from zonereport.render.columns import longest_words, share_room
from zonereport.theme import AA, INKS, MM, contrast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zonereport.briefing.blocks import Briefing
    from zonereport.charts.drawing import Label
    from zonereport.charts.style import Style
    from zonereport.theme import Colours

CELL_PADDING = 10.0
"""Points of a table's column that are not text."""
ROUNDING = 0.01
"""Points that are no fault."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that should be mended, and where."""

    place: str
    message: str

    def describe(self) -> str:
        """Return place and message as they are shown to the user."""
        return f"{self.place}: {self.message}"


def preflight(briefing: Briefing, style: Style) -> tuple[Finding, ...]:
    """Return what should be mended, in reading order; the theme's faults first."""
    return (*_contrasts(style.theme.colours, briefing.theme), *_blocks(briefing, style))


def _blocks(briefing: Briefing, style: Style) -> Iterator[Finding]:
    for block in iter_blocks(briefing.blocks):
        if isinstance(block, ChartBlock):
            if not block.chart.alt.strip():
                yield Finding(block.caption.label, "the chart has no alternative text")
            yield from label_faults(block, style)
        elif isinstance(block, Table):
            if not block.description.strip():
                yield Finding(block.caption.label, "the table has no alternative text")
            yield from _width(block, style)


# Contrast


def _contrasts(colours: Colours, theme: str) -> Iterator[Finding]:
    for text, ground in product(INKS, ("paper", "tint")):
        ratio = contrast(getattr(colours, text), getattr(colours, ground))
        if ratio < AA:
            message = f"`{text}` on `{ground}` has a contrast of {ratio:.1f}, expected {AA} (WCAG AA)"
            yield Finding(f"theme `{theme}`", message)


# Labels of charts


def label_faults(block: ChartBlock, style: Style) -> Iterator[Finding]:
    """Yield labels that leave the picture or stand on one another."""
    drawing = block.chart.draw(style)
    boxes = [(label.text, Box.around(label)) for label in drawing.labels]
    place = block.caption.label
    for text, box in boxes:
        if box.left < -1 or box.top < -1 or box.right > drawing.width + 1 or box.bottom > drawing.height + 1:
            yield Finding(place, f"the label `{text}` leaves the picture")
    for (one, a), (other, b) in combinations(boxes, 2):
        if a.overlaps(b):
            yield Finding(place, f"the labels `{one}` and `{other}` stand on one another")


class Box(NamedTuple):
    """The room that a label takes, in points from the picture's top left."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, label: Label) -> Box:
        """Return the room of a label as its letters reach."""
        top, bottom = label.y - ASCENT * label.size, label.y + DESCENT * label.size
        return cls(label.x, top, label.x + label.width, bottom)

    def overlaps(self, other: Box) -> bool:
        """Whether two share more than the air above and below their letters."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 1 and down > 0.35 * min(self.bottom - self.top, other.bottom - other.top)


# Tables


def _width(table: Table, style: Style) -> Iterator[Finding]:
    """Yield a table whose columns are too narrow for their longest words."""
    size = style.theme.sizes.small + 0.5
    words = longest_words(table)
    least = [_length(word, size, style) + CELL_PADDING for word in words]
    widths = share_room(style.theme.page.text_width * MM, [column.weight for column in table.columns], least)
    for column, word, needed, width in zip(table.columns, words, least, widths, strict=True):
        if needed > width + ROUNDING:
            shown = word if len(word) < 40 else word[:39] + "…"
            yield Finding(table.caption.label, f"the column `{column.heading}` is too narrow for `{shown}`")


def _length(word: str, size: float, style: Style) -> float:
    """Return the length of a word in points."""
    return text_width(style.fonts, word, size)
