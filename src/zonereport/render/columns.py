"""The widths of a table's columns: by their weights, but wide enough for the words that no line breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.fonts.characters import is_east_asian

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.briefing.blocks import Run, Table


def share_room(room: float, weights: Sequence[float], least: Sequence[float]) -> list[float]:
    """Return widths that add up to `room`, by weight; a column gets what it needs if others can give it.

    Where there is too little room for what all need, the weights alone decide.
    """
    widths = [room * weight / sum(weights) for weight in weights]
    if sum(least) > room:
        return widths
    narrow: set[int] = set()
    while more := {place for place, width in enumerate(widths) if width < least[place]} - narrow:
        narrow |= more
        left = room - sum(least[place] for place in narrow)
        total = sum(weight for place, weight in enumerate(weights) if place not in narrow)
        widths = [
            least[place] if place in narrow else left * weight / total for place, weight in enumerate(weights)
        ]
    return widths


def longest_words(table: Table) -> list[str]:
    """Return the longest word of each column that a line does not break; Chinese breaks anywhere."""
    columns = ([column.heading for column in table.columns], *(map(_text, row) for row in table.rows))
    return [
        max((word for cell in cells for word in _words(cell)), key=len, default="")
        for cells in zip(*columns, strict=True)
    ]


def _text(cell: Sequence[Run]) -> str:
    return "".join(run.text for run in cell)


def _words(text: str) -> list[str]:
    if text.isascii():
        return text.split()
    return "".join(" " if is_east_asian(character) else character for character in text).split()
