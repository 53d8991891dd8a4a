"""Where a text has spaces, so that lines can end with those that ReportLab drops: words must not fuse."""

from __future__ import annotations

from zonereport.render.pdf.tags import Shared

UNBROKEN = "\xa0\u202f\u2007"
"""Spaces at which no line ends."""


class Spaces(Shared):
    """Where a text has spaces, found by counting the other characters as they are painted."""

    def __init__(self, text: str) -> None:
        self._read, self._before = 0, set()
        count = 0
        for character in text:
            if not character.isspace():
                count += 1
            elif character not in UNBROKEN:
                self._before.add(count)

    def ends_with_space(self, text: str) -> bool:
        """Read on by `text` and return whether a space follows."""
        self._read += sum(not character.isspace() for character in text)
        return self._read in self._before
