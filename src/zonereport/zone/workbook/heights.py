"""How high a row must be for its text: rows are told so, for not every program fits them by itself."""

from __future__ import annotations

from math import ceil
from unicodedata import east_asian_width

LINE = 15.0
MAX_LINES = 20


def fitting_height(*texts: tuple[str, float]) -> float:
    """Return the height of a row for texts in columns so wide, which count narrow characters."""
    return LINE * min(MAX_LINES, max((_lines(text, width) for text, width in texts), default=1))


def _lines(text: str, width: float) -> int:
    return sum(
        max(1, ceil(sum(2 if east_asian_width(char) in "WF" else 1 for char in line) / width))
        for line in text.split("\n")
    )
