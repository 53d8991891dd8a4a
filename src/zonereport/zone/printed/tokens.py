"""The words, numbers and signs of a printed number, one after another; what is none of them is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from zonereport.zone.printed.model import RefusedError
from zonereport.zone.printed.numerals import NUMERALS
from zonereport.zone.printed.words import vocabulary

if TYPE_CHECKING:
    from zonereport.zone.printed.words import Meanings

_NUMBER = re.compile(r"\d+(?:[.,'’]\d+| \d{3}(?!\d))*", re.ASCII)
_NUMERALS = re.compile(f"[{NUMERALS}]+(?:[点點][{NUMERALS}]+)?")
_CODE = re.compile(r"[A-Z]{3}(?![A-Za-z])")
_VAGUE = re.compile(
    "[几幾数數]|若干|一些|several|dozen|hundreds|thousands|scores|mehrere|einige|dutzend|plusieurs|dizaine|centaine|"
    "varios|decenas|cientos|várias|dezenas|несколько|десятки|сотни|여러|수십|수백",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    "翻|倍|增|降|同比|成长|成長|doubl|tripl|halv|increas|decreas|growth|grew|rose|fell|up|down|times|배|증가|"
    "verdoppel|gestiegen|gesunken|hausse|baisse|aument|рост",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign, and what it may mean by the part that it may play."""

    text: str
    meanings: Meanings


@dataclass
class Tokens:
    """A text's tokens, and how far they have been read."""

    listed: list[Token]
    place: int = 0

    def take(self, *parts: str) -> Any:
        """Return what the next token means in the first of some parts that it may play, and pass it."""
        if self.place < len(self.listed):
            meanings = self.listed[self.place].meanings
            for part in parts:
                if part in meanings:
                    self.place += 1
                    return meanings[part]
        return None

    def take_all(self, part: str) -> tuple[Any, ...]:
        """Return what the next tokens mean, as long as they may play a part."""
        found = []
        while meaning := self.take(part):
            found.append(meaning)
        return tuple(found)

    def sees(self, part: str, ahead: int = 0) -> bool:
        """Whether a coming token may play a part."""
        place = self.place + ahead
        return place < len(self.listed) and part in self.listed[place].meanings

    def end(self) -> None:
        """Refuse what has not been read."""
        if self.place < len(self.listed):
            raise RefusedError(f"has `{self.listed[self.place].text}` where nothing was expected")


def split(text: str, language: str) -> Tokens:
    """Return the tokens of a text, of several possible ones the longest; refuse words that are not known."""
    found: list[Token] = []
    place = 0
    while place < len(text):
        if text[place] == " ":
            place += 1
            continue
        token = _token(text, place, language)
        found.append(token)
        place += len(token.text)
    return Tokens(found)


def _token(text: str, place: int, language: str) -> Token:
    words = vocabulary(language)
    number, word, code = (
        _number(text, place, language),
        words.pattern.match(text, place),
        _CODE.match(text, place),
    )
    if code and code[0] in _currencies() and not (word and len(word[0]) > len(code[0])):
        return Token(code[0], {"unit": frozenset({code[0]})})
    if number and not (word and len(word[0]) > len(number.text)):
        is_both = word and word[0] == number.text  # 千 is a number, and the scale of 5千
        return Token(
            number.text, {**(words.meanings[word[0]] if word and is_both else {}), **number.meanings}
        )
    if word:
        return Token(word[0], words.meanings[word[0].lower()])
    raise _unknown(text, place)


def _number(text: str, place: int, language: str) -> Token | None:
    if match := _NUMBER.match(text, place):
        return Token(match[0], {"number": match[0]})
    if language in ("zh", "ja") and (match := _NUMERALS.match(text, place)):
        return Token(match[0], {"numerals": match[0]})
    return None


@cache
def _currencies() -> frozenset[str]:
    from babel.numbers import list_currencies

    return frozenset(list_currencies())


def _unknown(text: str, place: int) -> RefusedError:
    rest = text[place:].strip()
    if _CHANGE.match(rest):
        reason, needed = "says how much something changed, not how much there is", "write the level"
    elif _VAGUE.match(rest):
        reason, needed = "names no certain number", "write a bound that the source supports, as `more_than`"
    else:
        reason = f"has `{rest[:30]}`, which is not known to stand with a number"
        needed = "leave it out, or write the value"
    return RefusedError(reason, needed, unknown_at=place)
