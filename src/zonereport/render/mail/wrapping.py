"""Lines of plain text by columns: a Chinese character takes two, and a line may end after almost any."""

from __future__ import annotations

import re
import unicodedata

WIDTH = 72
"""Columns of a line: room for two marks of a reply within eighty."""
_CLOSING = frozenset("，。、；：！？）》〉」』】〕〗…—～％”’!?,.;:)]}%")
"""What no line begins with (Requirements for Chinese Text Layout, 3.1.3)."""
_OPENING = frozenset("（《〈「『【〔〖“‘([{")
"""What no line ends with."""
_PIECES = re.compile(r"[ \t\n]+|[^ \t\n]")


def width_of(text: str) -> int:
    """Return the columns that a text takes."""
    return sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrap(text: str, width: int = WIDTH) -> list[str]:
    """Return the text in lines of at most so many columns; a longer word stands on a line of its own."""
    lines: list[str] = []
    line, room = "", 0
    for gap, word in _words(text):
        size = width_of(word)
        if line and room + len(gap) + size > width:
            lines.append(line)
            line, room = "", 0
        spaced = gap + word if line else word
        line, room = line + spaced, room + width_of(spaced)
    return [found.replace("\xa0", " ") for found in [*lines, line] if found]


def _words(text: str) -> list[tuple[str, str]]:
    """Return what no line end parts, each with the space before it: a Latin word, a Chinese character."""
    words: list[tuple[str, str]] = []
    gap, before = "", ""
    for piece in _PIECES.findall(text):
        if piece.isspace():
            gap = " "
        elif words and not gap and not _may_part(before, piece):
            words[-1] = (words[-1][0], words[-1][1] + piece)
        else:
            words.append((gap if words else "", piece))
        if not piece.isspace():
            gap, before = "", piece
    return words


def _may_part(before: str, after: str) -> bool:
    """Whether a line may end between two characters without a space between them."""
    if after in _CLOSING or before in _OPENING:
        return False
    return _width(before) == 2 or _width(after) == 2


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return the text with spaces up to so many columns."""
    spaces = " " * (width - width_of(text))
    return spaces + text if right else text + spaces
