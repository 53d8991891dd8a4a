"""Lines of Chinese text: where they may end, how far their characters stand apart.

The rules are those of kinsoku in Requirements for Chinese Text Layout (W3C, 3.1.3 and 3.2.2), for text
that mixes Chinese with Latin words and numbers. Nothing is drawn here.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import accumulate, chain, groupby, pairwise, repeat
from math import isclose
from typing import TYPE_CHECKING, Any

from reportlab.lib.textsplit import ALL_CANNOT_END, ALL_CANNOT_START
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus.paragraph import FragLine, ParaLines

from zonereport.fonts.characters import is_east_asian
from zonereport.render.pdf.spaces import UNBROKEN
from zonereport.render.pdf.tags import Shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

APART = 0.095
"""The gap between a Chinese character and a Latin letter or digit, and the most by which justifying parts
characters, in ems. From a tenth of an em on, programs that extract text read a space: 2.06亿元 would no
longer be found."""
SPACE_GROWS = 0.35
"""The most by which justifying widens a space, in ems."""
STARTS_BEFORE = 0.25
"""A word longer than a line begins before its own line if that leaves it this part of the line's width."""
CLOSE_ENOUGH = 1e-6
"""Points by which sums of widths may be wrong."""

CLOSING = frozenset(ALL_CANNOT_START) | frozenset("，：；！？》〉〗｝”’…—–-/～·％%‰℃°}")
"""What no line begins with."""
OPENING = frozenset(ALL_CANNOT_END) - {"#", "@"} | frozenset("([{〖｛￥¥€№")
"""What no line ends with."""
JOINING = frozenset("’—")
"""Punctuation that Chinese shares with Latin: alone between two letters or digits it joins them."""
SEPARATING = frozenset("/-–_.?&=#:,%")
"""Where an address that is longer than a line may best be broken: after one of these."""

AMOUNT = re.compile(
    r"第?\d[\d.,]*(?: ?[余多]?[十百千万亿]*[余多]?(?:个?百分点|平方公里|平方千米|平方米|立方米|千瓦时|"
    r"公里|千米|公顷|公斤|千克|千瓦|兆瓦|美元|欧元|日元|港元|人次|[\u4e00-\u9fff]))?"
)
"""A number with what it counts."""


class Break(IntEnum):
    """How bad it is to end a line at a place."""

    FREE = 0
    UNSIGHTLY = 1
    """Within an amount, or before a dash."""
    AFTER_NUMBER = 2
    IN_ADDRESS = 3
    IN_WORD = 4
    FORBIDDEN = 5


class Kind(IntEnum):
    """What a character is to the rules; what is none of the others is part of a word."""

    WORD = 0
    SPACE = 1
    WIDE = 2
    OPENING = 3
    CLOSING = 4
    QUOTE = 5
    """A mark that opens and closes."""
    COMBINING = 6


_is_wide = lru_cache(maxsize=4096)(is_east_asian)


@lru_cache(maxsize=4096)
def kind_of(character: str) -> Kind:
    """Return the kind of a character."""
    if character.isspace() and character not in UNBROKEN:
        return Kind.SPACE
    if character in "\"'":
        return Kind.QUOTE
    if character in OPENING:
        return Kind.OPENING
    if character in CLOSING:
        return Kind.CLOSING
    if unicodedata.combining(character):
        return Kind.COMBINING
    # The wide forms of letters and digits make words and numbers as the narrow ones do.
    if _is_wide(character) and not ("０" <= character <= "ｚ" and character.isalnum()):
        return Kind.WIDE
    return Kind.WORD


@lru_cache(maxsize=4096)
def _is_ideograph(character: str) -> bool:
    return kind_of(character) is Kind.WIDE and character.isalnum()


@lru_cache(maxsize=4096)
def _is_narrow(character: str) -> bool:
    """Return whether a character is a Latin letter or digit, or one of the like."""
    return character.isalnum() and not _is_wide(character)


# Where lines may end


def breaks_of(text: str, attached: Sequence[bool]) -> list[Break]:
    """Return for each character how bad it is to end a line before it.

    `attached` tells the raised marks of footnotes: they stay with what stands before them, and the
    characters beside them are judged as if they were not there.
    """
    breaks: list[Break] = []
    before, spaced, in_word = "", False, False
    for character, mark in zip(text, attached, strict=True):
        kind = kind_of(character)
        if mark or not before or kind in {Kind.SPACE, Kind.COMBINING}:
            breaks.append(Break.FORBIDDEN)
        else:
            breaks.append(_between(before, character, spaced=spaced, in_word=in_word))
        if kind is Kind.SPACE and not mark:
            spaced = bool(before)
        elif not mark and kind is not Kind.COMBINING:
            in_word = _goes_on(before, character, in_word=in_word and not spaced)
            before, spaced = character, False
    _keep_amounts(text, attached, breaks)
    return breaks


def _between(before: str, after: str, *, spaced: bool, in_word: bool) -> Break:
    """Return how bad it is to end a line between two characters, which may be spaced."""
    first, second = kind_of(before), kind_of(after)
    if after == "—" != before and first is not Kind.OPENING:
        return Break.UNSIGHTLY
    if second is Kind.CLOSING or first is Kind.OPENING:
        return Break.FORBIDDEN
    if spaced:
        return Break.FREE
    if Kind.QUOTE in {first, second} or before in UNBROKEN or after in UNBROKEN:
        return Break.FORBIDDEN
    # A sign or a dot stays with its number, also where no word stands before it.
    in_word = in_word or before in "-–./"
    if in_word and (second is Kind.WORD or (second is Kind.OPENING and after.isascii())):
        return Break.IN_ADDRESS if before in SEPARATING else Break.IN_WORD
    if before.isdecimal() and _is_ideograph(after):
        return Break.AFTER_NUMBER
    return Break.FREE


def _goes_on(before: str, character: str, *, in_word: bool) -> bool:
    """Return whether a letter that follows `character` would belong to the same word."""
    kind = kind_of(character)
    if kind in {Kind.OPENING, Kind.CLOSING, Kind.QUOTE}:
        lone = character in JOINING and before not in JOINING
        return in_word and (character.isascii() or character in "–°‰℃" or lone)
    return kind is Kind.WORD


def _keep_amounts(text: str, attached: Sequence[bool], breaks: list[Break]) -> None:
    """Make it bad to part a number from what it counts."""
    plain = "".join("\0" if mark else character for character, mark in zip(text, attached, strict=True))
    for amount in AMOUNT.finditer(plain):
        for place in range(amount.start() + 1, amount.end()):
            breaks[place] = max(breaks[place], Break.UNSIGHTLY)


# Measured text


@dataclass(slots=True)
class Stretch(Shared):
    """A text between two forced ends of lines, measured as if it stood on one line."""

    text: str
    frags: list[Any]
    """The frag of each character."""
    ending: list[Any]
    """The frag that ends it, if one does."""
    breaks: list[Break]
    """How bad it is to end a line before each character, and after the last."""
    gaps: list[float]
    """The points between each character and the one before."""
    starts: list[float]
    ends: list[float]
    """Where each character ends; spaces hang, so they end where the character before them does."""
    free: list[int]
    """For each place up to the text's end, the last good one for a line's end up to there."""

    def lines(self, widths: Iterator[float]) -> Iterator[tuple[slice, float]]:
        """Yield each line's part of the text and the width it had."""
        start = 0
        for width in widths:
            end = self._end(start, width)
            yield slice(start, end), width
            if end == len(self.text):
                return
            start = end

    def _end(self, start: int, width: float) -> int:
        """Return the end of the line that begins at a place."""
        if not self.text:
            return 0
        edge = self.starts[start] + width + CLOSE_ENOUGH
        reach = bisect_right(self.ends, edge, lo=start)
        end = self.free[reach]
        if end <= start:
            return self._forced(start, max(reach, start + 1))
        if reach < len(self.text) and edge - self.starts[end] > STARTS_BEFORE * width:
            return self._begun(end, reach, width)
        return end

    def _begun(self, start: int, reach: int, width: float) -> int:
        """Return the end of a line that has room left where a word too long for the next line follows.

        The word begins on this line if it can be broken here no worse than there.
        """
        edge = self.starts[start] + width + CLOSE_ENOUGH
        further = bisect_right(self.ends, edge, lo=start)
        if self.free[further] > start or reach == start:
            return start
        here, there = self._forced(start, reach), self._forced(start, max(further, start + 1))
        worst = min(self.breaks[there], Break.IN_WORD)
        return here if self.breaks[here] <= worst else start

    def _forced(self, start: int, reach: int) -> int:
        """Return the least bad end of a line without a good one, in its second half if that can be."""
        for first in ((start + reach + 1) // 2, start + 1):
            end = min(range(reach, first - 1, -1), key=self.breaks.__getitem__, default=reach)
            if self.breaks[end] is not Break.FORBIDDEN:
                return end
        return reach

    def min_width(self) -> float:
        """Return the width of the longest part that should not be broken."""
        places = sorted(set(self.free))
        return max((self.ends[b - 1] - self.starts[a] for a, b in pairwise(places)), default=0.0)


def stretches_of(frags: Sequence[Any]) -> list[Stretch]:
    """Return the text of a paragraph's frags, a stretch for each `<br/>` and for what follows the last."""
    stretches: list[Stretch] = []
    begun: list[Any] = []
    for frag in frags:
        if hasattr(frag, "lineBreak"):
            stretches.append(_stretch(begun, [frag]))
            begun = []
        else:
            begun.append(frag)
    return [*stretches, _stretch(begun, [])] if begun else stretches


def _stretch(frags: Sequence[Any], ending: list[Any]) -> Stretch:
    """Return some frags measured, their spaces as a paragraph has them: single, none at the beginning."""
    characters: list[str] = []
    owners: list[Any] = []
    for frag in frags:
        for character in frag.text:
            space = kind_of(character) is Kind.SPACE
            if not space or (characters and characters[-1] != " "):
                characters.append(" " if space else character)
                owners.append(frag)
    text = "".join(characters)
    breaks = [*breaks_of(text, [bool(owner.rise) for owner in owners]), Break.FREE]
    gaps, starts, ends = _measure(text, owners)
    good = (place if here is Break.FREE else 0 for place, here in enumerate(breaks))
    free = list(accumulate(good, max))
    return Stretch(text, owners, ending, breaks, gaps, starts, ends, free)


def _measure(text: str, frags: Sequence[Any]) -> tuple[list[float], list[float], list[float]]:
    """Return the gap before each character, where it begins, and where it ends."""
    gaps: list[float] = []
    starts: list[float] = []
    ends: list[float] = []
    x = 0.0
    for place, (character, frag) in enumerate(zip(text, frags, strict=True)):
        gaps.append(_gap(text[place - 1], frags[place - 1], character, frag) if place else 0.0)
        starts.append(x + gaps[-1])
        x = starts[-1] + _width(character, frag.fontName, frag.fontSize)
        ends.append(ends[-1] if character == " " and ends else x)
    return gaps, starts, ends


@lru_cache(maxsize=16384)
def _width(character: str, font: str, size: float) -> float:
    return float(stringWidth(character, font, size))


def _gap(before: str, frag: Any, after: str, next_frag: Any) -> float:
    """Return the points between two characters: some between Chinese and Latin, else none."""
    first, second = (before, after) if _is_ideograph(before) else (after, before)
    if _is_ideograph(first) and _is_narrow(second) and not (frag.rise or next_frag.rise):
        return APART * float(min(frag.fontSize, next_frag.fontSize))
    return 0.0


# Lines as ReportLab has them


def break_lines(stretches: Sequence[Stretch], widths: Sequence[float], *, justify: bool) -> ParaLines:
    """Return the lines of a paragraph; the last of the widths is that of all further lines."""
    lines: list[FragLine] = []
    room = chain(widths, repeat(widths[-1]))
    for stretch in stretches:
        for part, width in stretch.lines(room):
            lines.append(_line(stretch, part, width, justify=justify and part.stop < len(stretch.text)))
        lines[-1].lineBreak = bool(stretch.ending)
        lines[-1].source += stretch.ending
    return ParaLines(kind=1, lines=lines)


def _line(stretch: Stretch, part: slice, width: float, *, justify: bool) -> FragLine:
    """Return a line with its words and with its `source`, the frags to set it from again.

    A space at its end is kept, beyond the edge: without it, words would fuse in the text that is read out.
    """
    text, frags = stretch.text[part], stretch.frags[part]
    used = stretch.ends[part.stop - 1] - stretch.starts[part.start] if text else 0.0
    added = _spread(stretch, part, width - used) if justify else [0.0] * len(text)
    return FragLine(
        words=_words(stretch, part, added),
        source=[frag.clone(text=run) for frag, run in _runs(text, frags)],
        extraSpace=width - used - sum(added),
        wordCount=1,
        maxWidth=width,
        lineBreak=False,
    )


def _runs(text: str, frags: Sequence[Any]) -> Iterator[tuple[Any, str]]:
    """Yield the frags of a text, each with its part."""
    for _, pairs in groupby(zip(frags, text, strict=True), key=lambda pair: id(pair[0])):
        run = list(pairs)
        yield run[0][0], "".join(character for _, character in run)


def _words(stretch: Stretch, part: slice, added: Sequence[float]) -> list[Any]:
    """Return the runs of a line that have one frag and one distance from character to character.

    They are frags with three facts more: `left` and `right` are where they begin and end on the line,
    `apart` is the distance.
    """
    words: list[Any] = []
    shift = -stretch.starts[part.start] if stretch.text else 0.0
    for place, more in zip(range(part.start, part.stop), added, strict=True):
        shift += more
        character, frag = stretch.text[place], stretch.frags[place]
        apart, right = stretch.gaps[place] + more, stretch.ends[place] + shift
        word = words[-1] if words and frag is stretch.frags[place - 1] else None
        if word and (len(word.text) == 1 or isclose(word.apart, apart, abs_tol=CLOSE_ENOUGH)):
            word.text, word.apart, word.right = word.text + character, apart, right
        else:
            words.append(
                frag.clone(text=character, apart=0.0, left=stretch.starts[place] + shift, right=right)
            )
    return words


def _spread(stretch: Stretch, part: slice, room: float) -> list[float]:
    """Return what to add before each character so that a line is full: nothing where that takes too much.

    Chinese characters part as far as `APART`, as spaces do, then spaces alone; words stay together.
    """
    text, frags = stretch.text[part], stretch.frags[part]
    inside = range(1, len(text.rstrip(" ")))
    spaces = [place for place in inside if text[place - 1] == " "]
    joints = [place for place in inside if _may_part(stretch, part.start + place)]
    em = min((frag.fontSize for frag in frags if not frag.rise), default=0.0)
    count = len(spaces) + len(joints)
    each = min(APART * em, room / count) if count else 0.0
    rest = room - each * count
    more = rest / len(spaces) if spaces else 0.0
    added = [0.0] * len(text)
    if more > SPACE_GROWS * em or (rest > CLOSE_ENOUGH and not spaces):
        return added
    for place in joints:
        added[place] = each
    for place in spaces:
        added[place] = each + more
    return added


def _may_part(stretch: Stretch, place: int) -> bool:
    """Return whether a line may be spread before a character: beside a Chinese one, where no gap is yet."""
    before, after = stretch.text[place - 1], stretch.text[place]
    if stretch.gaps[place] or " " in {before, after}:
        return False
    if stretch.frags[place - 1].rise or stretch.frags[place].rise:
        return False
    return _is_wide(before) or _is_wide(after)
