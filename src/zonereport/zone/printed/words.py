"""The words of `words.toml`: what each may mean beside a printed number, and the pattern that finds them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from zonereport.resources import PRINTED_WORDS

Meanings = dict[str, Any]
"""What a word means, by the part it may play: `scale`, `unit`, `before`, `join`, …."""

_MINUS = ("-", "−", "–")
_PER_MILLE = "‰"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a language, and the pattern that finds the longest of them."""

    meanings: dict[str, Meanings]
    pattern: re.Pattern[str]


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(PRINTED_WORDS.read_text("utf-8"))


def group(name: str) -> frozenset[str]:
    """Return the currencies that one sign may stand for, such as `dollars`."""
    return frozenset(_tables()["groups"][name])


@cache
def vocabulary(language: str) -> Vocabulary:
    """Return the words that may stand around a number printed in a language, such as `en`."""
    tables = _tables()
    meanings: dict[str, Meanings] = {_PER_MILLE: {"tenths": -1}} | {sign: {"sign": True} for sign in _MINUS}
    like = tables[language].get("like")
    for name in ("common", *([like] if like else []), language):
        for word, part, meaning in _entries(tables[name], tables["groups"]):
            meanings.setdefault(word, {})[part] = meaning
    ended = [_ended(word) for word in sorted(meanings, key=len, reverse=True)]
    return Vocabulary(meanings, re.compile("|".join(ended), re.IGNORECASE))


def _entries(table: dict[str, Any], groups: dict[str, list[str]]) -> list[tuple[str, str, Any]]:
    """Return the words of a language with the part that each may play and what it means then."""
    found: list[tuple[str, str, Any]] = []
    for unit, words in table.get("units", {}).items():
        found += [(word, "unit", frozenset(groups.get(unit, [unit]))) for word in words]
    for part in ("before", "after", "within"):
        for qualifier, words in table.get(part, {}).items():
            found += [(word, part, qualifier) for word in words]
    for part, key in (("scale", "scales"), ("singular", "singular"), ("short", "short")):
        for power, words in table.get(key, {}).items():
            found += [(word, part, int(power)) for word in words]
    found += [(word, "bare", True) for word in table.get("bare", [])]
    for part in ("join", "opener", "and", "of"):
        found += [(word, part, True) for word in table.get(part, [])]
    return found + [(word, "tenths", 1) for word in table.get("tenths", [])]


def _ended(word: str) -> str:
    """Return the pattern of a word: letters end where letters do, so that `m` does not begin `mice`.

    Chinese, Japanese and Korean have no such ends.
    """
    is_alphabetic = word[-1].isalpha() and word[-1] < "\u0e00"
    return re.escape(word) + (r"(?![^\W\d_])" if is_alphabetic else "")
