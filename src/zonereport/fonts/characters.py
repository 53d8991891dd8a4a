"""Which characters need a font, which of them are Chinese, and the error for those that have none."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from zonereport.errors import MissingCharacterError

if TYPE_CHECKING:
    from collections.abc import Iterable

_IGNORABLE = (
    (0x09, 0x0A),
    (0x0D, 0x0D),
    (0xAD, 0xAD),
    (0x61C, 0x61C),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
)
UNDRAWN = frozenset(code for first, last in _IGNORABLE for code in range(first, last + 1))
"""Characters without a shape of their own: tab and line ends, soft hyphen, zero-width space and joiners,
direction marks, variation selectors. `FontSet.split` drops them; should one be drawn all the same, every
font has it as an empty glyph of no width."""

_SIGNS = frozenset(map(ord, "–—‘’“”„…•‰€−≈≠≤≥→↑↓↗↘▲▼●"))
BASE = (frozenset(range(0x20, 0x7F)) | frozenset(range(0xA0, 0x100)) | _SIGNS) - UNDRAWN
"""In every first font, so that page numbers and axis ticks never lack a digit, and so that the
briefings of hundreds of zones share one cached font."""

SHARED_PUNCTUATION = frozenset(map(ord, "‘’“”…—·"))
"""Latin and Chinese text share these code points but not their shapes: Chinese ones fill a square."""

_TOGETHER = re.compile("(?:[‘“”…—·]|’(?![A-Za-z]))+")
"""Shared punctuation without a gap; before a Latin letter, ’ is an apostrophe unless a ‘ stands for it."""
_OPENING = {"”": "“", "’": "‘"}


def is_east_asian(character: str) -> bool:
    """Return whether a character is a Chinese, Japanese or Korean one, or their punctuation."""
    if not character or unicodedata.east_asian_width(character) not in "WF":
        return False
    # Emoji and some signs are as wide.
    return not ("\u2000" <= character < "\u2e80" or "\U0001f000" <= character < "\U00020000")


def has_east_asian(codes: Iterable[int]) -> bool:
    """Return whether some of the code points are Chinese, Japanese or Korean."""
    return any(is_east_asian(chr(code)) for code in codes)


def chinese_punctuation(text: str) -> set[int]:
    """Return the places in the text where shared punctuation is to have its Chinese shape.

    It has it next to a Chinese character, other such punctuation in between or not; and of a pair of
    quotes both have it if one has.
    """
    places: set[int] = set()
    for found in _TOGETHER.finditer(text):
        start, end = found.span()
        if is_east_asian(text[start - 1 : start]) or is_east_asian(text[end : end + 1]):
            places.update(range(start, end))
    for pair in _pairs_of_quotes(text):
        if places.intersection(pair):
            places.update(pair)
    return places


def _pairs_of_quotes(text: str) -> list[tuple[int, int]]:
    pairs = []
    opened: list[int] = []
    for place, character in enumerate(text):
        if character in _OPENING.values():
            opened.append(place)
        elif opened and _OPENING.get(character) == text[opened[-1]]:
            pairs.append((opened.pop(), place))
    return pairs


def missing(codes: Iterable[int], hint: str = "") -> MissingCharacterError:
    """Return the error that names the characters that no font has."""
    ordered = sorted(codes)
    named = [f"U+{code:04X} {chr(code)}" if chr(code).isprintable() else f"U+{code:04X}" for code in ordered]
    shown = ", ".join(named[:10]) + (f" and {len(named) - 10} more" if len(named) > 10 else "")
    message = f"no font has the character{'s' if len(named) > 1 else ''} {shown}"
    return MissingCharacterError(ordered, message, hint=hint)
