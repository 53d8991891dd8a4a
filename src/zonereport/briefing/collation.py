"""The order of names in an index, and the letter each stands under: Latin by letter, Chinese by sound."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

OTHER = ""
"""What a name stands under that begins with none of the letters: after all of them."""
DIGITS = "0–9"

_PLAIN = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ı": "i"}
)
"""Letters that Unicode does not take apart, as they are filed (after DIN 31638 and BS ISO 999)."""
_FIRST = (
    (0xB0A1, "A"), (0xB0C5, "B"), (0xB2C1, "C"), (0xB4EE, "D"), (0xB6EA, "E"), (0xB7A2, "F"),
    (0xB8C1, "G"), (0xB9FE, "H"), (0xBBF7, "J"), (0xBFA6, "K"), (0xC0AC, "L"), (0xC2E8, "M"),
    (0xC4C3, "N"), (0xC5B6, "O"), (0xC5BE, "P"), (0xC6DA, "Q"), (0xC8BB, "R"), (0xC8F6, "S"),
    (0xCBFA, "T"), (0xCDDA, "W"), (0xCEF4, "X"), (0xD1B9, "Y"), (0xD4D1, "Z"),
)  # fmt: skip
"""Where each letter of pinyin begins in GB 2312-80, level 1, whose 3,755 characters are in its order."""
_LAST = 0xD7F9


def sort_key(name: str) -> tuple[bool, str, bool, str, str]:
    """Return what names are sorted by: the letter they stand under, then Latin before Chinese, then the name.

    Case, marks and leading punctuation do not count, numbers count by their value.
    """
    letter, plain = initial(name), _plain(name)
    is_chinese = bool(plain) and _code(plain[0]) > 0
    ordered = "".join(map(_ordered, plain)) if is_chinese else re.sub(r"\d+", lambda m: m[0].zfill(12), plain)
    return letter == OTHER, letter, is_chinese, ordered, name


def initial(name: str) -> str:
    """Return the letter that a name stands under: A to Z, another alphabet's own, DIGITS or OTHER."""
    first = _plain(name)[:1]
    if first.isdecimal():
        return DIGITS
    if code := _code(first):
        return _FIRST[bisect_right(_FIRST, (code, "Z")) - 1][1] if code <= _LAST else OTHER
    return first.upper() if first and unicodedata.category(first) == "Ll" else OTHER


def _plain(name: str) -> str:
    """Return a name in small letters without marks, from its first letter or digit on."""
    apart = unicodedata.normalize("NFKD", name.casefold()).translate(_PLAIN)
    letters = "".join(each for each in apart if not unicodedata.combining(each))
    start = next((at for at, each in enumerate(letters) if each.isalnum()), len(letters))
    return " ".join(letters[start:].split())


def _code(character: str) -> int:
    """Return the place of a Chinese character in GB 2312-80; 0 for any other character."""
    code = character.encode("gb2312", "ignore")
    number = int.from_bytes(code, "big") if len(code) == 2 else 0
    return number if number >= _FIRST[0][0] else 0


def _ordered(character: str) -> str:
    """Return what a character of a Chinese name is compared by: its place in GB 2312, behind all Latin."""
    code = _code(character)
    return chr(0x10000 + code) if code else character
