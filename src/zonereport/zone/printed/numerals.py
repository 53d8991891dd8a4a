"""How numbers are written: digits grouped by the rules of a language, and Chinese numerals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Style:
    """Which marks a number is written with: one for decimals, any one of several for groups of three."""

    decimal: str
    groups: str
    indian: bool = False
    """Whether 1,00,000 is a number too: a last group of three, the others of two."""


ENGLISH = Style(".", ", ", indian=True)
EAST_ASIAN = Style(".", ", ")
GERMAN = Style(",", ". ")
SWISS = Style(".", "'’ ")
FRENCH = Style(",", " ")

STYLES: dict[str, tuple[Style, ...]] = {
    "en": (ENGLISH,),
    "hi": (ENGLISH,),
    "zh": (EAST_ASIAN,),
    "ja": (EAST_ASIAN,),
    "ko": (EAST_ASIAN,),
    "de": (GERMAN,),
    "de-CH": (SWISS,),
    "fr": (FRENCH,),
    "es": (GERMAN, EAST_ASIAN),
    "es-ES": (GERMAN,),
    "es-MX": (EAST_ASIAN,),
    "pt": (GERMAN,),
    "ru": (FRENCH,),
}
"""By language, perhaps with a region; Spanish is written in two ways, so that some numbers are in doubt."""


def read_digits(text: str, style: Style) -> Decimal | None:
    """Return the number that digits say in a style, with all its decimals; None if they say none."""
    whole, point, fraction = text.partition(style.decimal)
    marks = set(re.sub(r"[0-9]", "", whole))
    is_fraction = re.fullmatch(r"[0-9]+", fraction) or not point
    if len(marks) > 1 or not marks <= set(style.groups) or not is_fraction:
        return None
    if marks and not _is_grouped(whole.split(marks.pop()), indian=style.indian and "," in whole):
        return None
    digits = re.sub(r"[^0-9]", "", whole)
    if not digits or (len(digits) > 1 and digits[0] == "0"):
        return None
    return Decimal(f"{digits}.{fraction}" if point else digits)


def _is_grouped(groups: list[str], *, indian: bool) -> bool:
    first, *middle, last = (len(group) for group in groups)
    if last != 3 or not first:
        return False
    return (first <= 3 and set(middle) <= {3}) or (indian and first <= 2 and set(middle) <= {2})


_PLAIN = str.maketrans("〇兩两壹贰叁肆伍陆柒捌玖拾佰仟點", "零二二一二三四五六七八九十百千点")
_DIGITS = "零一二三四五六七八九"
_BELOW_TEN_THOUSAND = re.compile(
    r"(?:([一-九])?千)?(零)?(?:([一-九])?百)?(零)?(?:([一-九])?十)?(零)?([一-九])?".replace(
        "一-九", _DIGITS[1:]
    )
)

NUMERALS = "〇零一二两兩三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟"


def read_numerals(text: str) -> Decimal | None:
    """Return the number below 10,000 that Chinese numerals say; None where they are vague or in doubt.

    二三十 is twenty to thirty, 一百五 is 150 in China and 105 in Japan: both are None.
    """
    whole, point, fraction = text.translate(_PLAIN).partition("点")
    number = _whole(whole)
    if number is None or not point:
        return number
    if not fraction or set(fraction) - set(_DIGITS):
        return None
    return Decimal(f"{number}.{''.join(str(_DIGITS.index(character)) for character in fraction)}")


def _whole(text: str) -> Decimal | None:
    if text == "零":
        return Decimal(0)
    if set(text) <= set(_DIGITS) and len(text) > 1:  # digit by digit, as in 二〇二二
        is_a_row = "零" in text[1:] and text[0] != "零"
        return Decimal("".join(str(_DIGITS.index(character)) for character in text)) if is_a_row else None
    match = _BELOW_TEN_THOUSAND.fullmatch(text)
    if not text or not match or "零" in (text[0], text[-1]):
        return None
    thousands, _, hundreds, _, tens, _, ones = match.groups()
    if ones and len(text) > 1 and text[-2] in "百千":
        return None
    total = _DIGITS.index(ones) if ones else 0
    for place, digit, size in (("千", thousands, 1000), ("百", hundreds, 100), ("十", tens, 10)):
        if place in text:
            total += size * (_DIGITS.index(digit) if digit else 1)
    return Decimal(total)
