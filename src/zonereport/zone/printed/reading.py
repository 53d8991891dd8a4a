"""What a printed number says: in the language given, or in all that know its words, if they agree."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from zonereport.zone.model import Missing
from zonereport.zone.printed.grammar import Reader
from zonereport.zone.printed.model import Reading, Refusal, RefusedError
from zonereport.zone.printed.numerals import STYLES
from zonereport.zone.printed.signs import read_absence, take_flags, take_marks
from zonereport.zone.quantity import ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_LENGTH = 200

LANGUAGES = ("en", "zh", "ja", "ko", "de", "fr", "es", "pt", "ru", "hi")
"""Tried in turn where none is given."""


def read_printed(text: str, *, language: str = "", currency: str = "") -> Reading | Refusal:
    """Return what a number says as it was printed, or why that is not certain.

    `language` is that in which it was printed, such as `de` or `es-MX`; where none is given, or the words
    are of another one, all are tried and must agree. `currency`, an ISO 4217 code, tells which yuan or
    dollars are meant where the text alone does not.
    """
    if language and _base(language) not in STYLES:
        return Refusal(
            f"is in `{language[:20]}`, whose numbers are not known", f"known are {', '.join(LANGUAGES)}"
        )
    found, refused = _read_in((language,) if language else LANGUAGES, text, currency)
    if language and refused and refused.unknown_at is not None:
        found, refused = _read_in(LANGUAGES, text, currency)
    if len(found) == 1:
        return found[0]
    if refused and not found:
        return refused.refusal
    shown = " or ".join(dict.fromkeys(_shown(reading) for reading in found))
    return Refusal(f"can be {shown}", "say which language it is printed in, or write the value")


def possible_readings(text: str, currency: str = "") -> list[Reading]:
    """Return all that a printed number can mean, in whatever language it is; nothing if it cannot be read."""
    return _read_in((*LANGUAGES, "zh-TW"), text, currency)[0]


def _base(language: str) -> str:
    return language if language in STYLES else language.partition("-")[0]


def _read_in(languages: Sequence[str], text: str, currency: str) -> tuple[list[Reading], RefusedError | None]:
    """Return the distinct readings in some languages and, of the refusals, the one that understood most."""
    found: list[Reading] = []
    refusals: list[RefusedError] = []
    for language in languages:
        for style in STYLES[_base(language)]:
            try:
                reading = _read(Reader(language, style, currency), text)
            except RefusedError as error:
                refusals.append(error)
            else:
                if reading not in found:
                    found.append(reading)
    return found, max(refusals, key=_understood, default=None)


def _understood(error: RefusedError) -> int:
    return MAX_LENGTH + 1 if error.unknown_at is None else error.unknown_at


def _read(reader: Reader, text: str) -> Reading:
    if not text.strip() or len(text) > MAX_LENGTH:
        raise RefusedError("is no number")
    plain, marks = take_marks(text)
    if missing := read_absence(plain):
        return Reading(missing, marks=marks)
    plain, status = take_flags(plain)
    bracket = re.fullmatch(r"([^()]*[^()\s])\s*\(([^()]+)\)", plain)
    main, beside = (bracket[1], bracket[2]) if bracket else (plain, "")
    also = reader.read(beside) if beside else None
    if also and not also.unit.isupper():
        raise RefusedError(
            f"has `{beside}` in brackets, which is no amount of money", "leave the brackets out"
        )
    return replace(reader.read(main), status=status, also=also, marks=marks)


def _shown(reading: Reading) -> str:
    if isinstance(reading.value, Missing):
        return reading.value.value
    low, high = reading.value.low.value, reading.value.high.value
    ends = [low] if low == high or not high.is_finite() else [high] if low in (ZERO, -high) else [low, high]
    return " to ".join(f"{end.normalize():,f}" for end in ends) + (f" {reading.unit}" if reading.unit else "")
