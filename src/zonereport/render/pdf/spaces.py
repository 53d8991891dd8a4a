"""Where a text has spaces, so that lines can end with those that ReportLab drops: words must not fuse."""

from __future__ import annotations

import re
from itertools import accumulate

from zonereport.render.pdf.tags import Shared

UNBROKEN = "\xa0\u202f\u2007"
"""Spaces at which no line ends."""
_SPACE = re.compile(rf"[^\S{UNBROKEN}]+")


class Spaces(Shared):
    """Where a text has spaces, found by counting the other characters as they are painted."""

    def __init__(self, text: str) -> None:
        self._read = 0
        self._before = set(accumulate(map(_count, _SPACE.split(text)[:-1])))

    def ends_with_space(self, text: str) -> bool:
        """Read on by `text` and return whether a space follows."""
        self._read += _count(text)
        return self._read in self._before


def _count(text: str) -> int:
    """Return the number of characters that are no space."""
    return sum(map(len, text.split()))
