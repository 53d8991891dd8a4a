"""A planned chart: everything that will be drawn, decided and worded before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from zonereport.charts.drawing import Drawing
    from zonereport.charts.style import Style


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as data: its words, its table of values, and how to draw it.

    The words stand in the document, not in the picture, so that they are native text in every
    format; the picture holds marks and direct labels only.
    """

    id: str
    title: str
    """The finding, in a sentence."""
    subtitle: str
    """What is shown, with unit and date."""
    source: str
    alt: str
    """Alternative text written from the data."""
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The values shown, worded, as a table: a chart's data are never only in its picture."""
    figures: tuple[str, ...]
    """Ids of the indicators shown."""
    height: float
    """Height in millimetres; the width is the text's."""
    draw: Callable[[Style], Drawing]
    """Returns the marks and labels on a sheet of the final size."""


@dataclass(frozen=True, slots=True)
class Omitted:
    """A chart that cannot be drawn from these data, and why."""

    reason: str
