"""What stands beside or instead of a number in a table: footnote marks, flags, dots and dashes."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from zonereport.zone.model import Missing
from zonereport.zone.printed.model import RefusedError

if TYPE_CHECKING:
    from zonereport.zone.model import Status

_ABSENT = {
    words: missing
    for missing, listed in {
        Missing.NOT_PUBLISHED: "...|..|:|not published|not available|未公布|暂无|不详|"
        "nicht veröffentlicht|non disponible|no disponible|não disponível|нет данных",
        Missing.NOT_APPLICABLE: "not applicable|不适用|nicht zutreffend|sans objet|no aplicable",
        Missing.CONFIDENTIAL: ": c|:c|confidential|保密|vertraulich|confidentiel|confidencial",
    }.items()
    for words in listed.split("|")
}
"""The dots are those of the United Nations' tables, the colon is Eurostat's."""

_EITHER = {
    "-", "–", "—", "−", "--", "n/a", "na", "n.a.", "n. a.", "k. a.", "k.a.", ".", "x", "/", "c", "nil",
    "none", "无", "無",
}  # fmt: skip
"""Each means several things, from table to table."""
_UNDER_WAY = re.compile("在建|筹建|规划|under construction|im bau|pending|tbd|tbc", re.IGNORECASE)

_POWER = re.compile(r"(?<![\d.,])10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿ]")
_AMID = re.compile(r"[⁰¹²³⁴-⁹₀-₉①-⑳]\s*\d")
_GOES_ON = re.compile(r"\s*\d|[^\W_]")
_SQUARED = re.compile(r"(?<![a-z])([kchd]?m)²", re.IGNORECASE)
_MARKS = re.compile(r"(?:\s*[*†‡]+|\s*\[\d{1,2}\])+$")
_FLAGS = re.compile(r"(?<=[\d%])(?:\s+(?P<bare>[pebrfdu]{1,2})|\s*\((?P<bracketed>[pebrfdu]{1,4})\))$")
_STATUS: dict[str, Status] = {
    "p": "provisional",
    "e": "estimated",
    "b": "break",
    "r": "revised",
    "f": "forecast",
    "d": "definition_differs",
    "u": "unreliable",
}
_TOGETHER = {"be", "de", "dp", "ep", "pe", "bep", "dep", "bdep"}
"""The flags that stand together and are no unit or word, as `bp`, `fr`, `up`, `pp`, `eur` and `rub` are."""


def read_absence(text: str) -> Missing | None:
    """Return why there is no number, where the text says so; refuse a sign that means several things."""
    word = text.casefold()
    if word in _EITHER:
        raise RefusedError(
            "can be nil, not known or not applicable",
            'write 0, "not published", "not applicable" or "confidential"',
        )
    if _UNDER_WAY.fullmatch(word):
        raise RefusedError("is a state, not a number", 'write "not published", and the state as a `note`')
    return _ABSENT.get(word)


def are_flags(letters: str) -> bool:
    """Whether letters behind a number are flags, and not a unit or a word made of the same letters."""
    return len(letters) == 1 or letters in _TOGETHER


def take_flags(text: str) -> tuple[str, frozenset[Status]]:
    """Return the text without Eurostat's letters behind its number, and what they say."""
    match = _FLAGS.search(text)
    if not match:
        return text, frozenset()
    if match["bare"] == "b":
        raise RefusedError("can be in billions, or flagged as a break", "write the flag as `status`")
    flags = match["bare"] or match["bracketed"]
    if not are_flags(flags):
        return text, frozenset()
    return text[: match.start()], frozenset(_STATUS[letter] for letter in flags)


def take_marks(text: str) -> tuple[str, str]:
    """Return the text in Unicode's plain form without footnote marks, and the marks."""
    if _POWER.search(text):
        raise RefusedError("can be a power of ten, or 10 with a footnote mark")
    if _AMID.search(text):
        raise RefusedError("has a footnote mark amid its digits")
    kept, marks = "", ""
    text = _SQUARED.sub(r"\g<1>2", text)
    for place, character in enumerate(text):
        if character.isdecimal():
            kept += str(unicodedata.decimal(character))
        elif _is_raised(character):
            if not kept or _GOES_ON.match(text, place + 1):
                raise RefusedError("has a footnote mark amid its digits or words")
            marks += character
        elif unicodedata.category(character) != "No":
            kept += character
        elif "<fraction>" in unicodedata.decomposition(character) or not kept:
            raise RefusedError(f"has `{character}`, which can be a part of the number or a mark")
        else:
            marks += character
    plain = unicodedata.normalize("NFKC", kept).strip()
    if match := _MARKS.search(plain):
        plain, marks = plain[: match.start()], marks + match[0].strip()
    return plain, marks


def _is_raised(character: str) -> bool:
    """Whether a character is a raised letter, which NFKC would make a scale; signs such as ⁺ stay signs."""
    is_letter = unicodedata.category(character) not in ("No", "Sm")
    return is_letter and "<super>" in unicodedata.decomposition(character)
