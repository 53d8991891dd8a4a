"""Runs of text: cleaned, marked up, and linked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zonereport.briefing.blocks import plain as words_of
from zonereport.render.addresses import safe_address
from zonereport.render.word.wml import Element, w, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from zonereport.briefing.blocks import Run

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 (section 2.2, Char) has no place for, not even escaped."""

REGIONS = {"en": "en-GB", "zh": "zh-CN"}
EAST_ASIAN = {"zh", "ja", "ko"}
_LANGUAGE = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_MAX_ADDRESS = 2079  # Word holds no longer link


def clean(text: str) -> str:
    """Return text that XML can hold: line ends as newlines, and U+FFFD for what XML forbids."""
    return ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def plain(runs: Iterable[Run]) -> str:
    """Return the runs' text alone, without marks of footnotes, on one line, for an attribute."""
    return " ".join(clean(words_of(runs)).split())


def shorten(text: str, longest: int) -> str:
    """Return text on one line, cut with an ellipsis if it has more than `longest` characters."""
    text = " ".join(clean(text).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def region(language: str) -> str:
    """Return the language with a region, as Word's proofing tools want it: en-GB for en."""
    return REGIONS.get(language, clean(language))


def is_east_asian(language: str) -> bool:
    """Return whether the text of a language is set in the East Asian font."""
    return language.partition("-")[0].lower() in EAST_ASIAN


def language_of(language: str) -> Element | None:
    """Return `w:lang` for the scripts that the language is written in; None for what is no language."""
    if not _LANGUAGE.fullmatch(language):
        return None
    code = region(language)
    return w("lang", val=code, eastAsia=code) if is_east_asian(language) else w("lang", val=code)


def address(href: str) -> str:
    """Return an address that a relationship may hold, or empty: Word calls a file with any other corrupt."""
    target = safe_address(clean(href))
    return target if len(target) <= _MAX_ADDRESS else ""


def set_run(run: Run, language: str, style: str = "", size: float = 0) -> Element:
    """Return `w:r` of a Run in a briefing of `language`, in a character style or a size where given."""
    settings = [
        w("rStyle", val=style) if style else None,
        # without the hint, quotation marks and dashes of Chinese text come from the Latin font
        w("rFonts", hint="eastAsia") if is_east_asian(run.lang or language) else None,
        *((w("b"), w("bCs")) if run.strong else ()),
        *((w("i"), w("iCs")) if run.emphasis else ()),
        *((w("sz", val=round(size * 2)), w("szCs", val=round(size * 2))) if size else ()),
        language_of(run.lang) if run.lang and run.lang != language else None,
    ]
    result = w("r")
    if any(setting is not None for setting in settings):
        result.append(w("rPr", *settings))
    result.extend(_pieces(clean(run.text)))
    return result


def _pieces(text: str) -> Iterator[Element]:
    for piece in re.split("([\n\t])", text):
        if piece == "\n":
            yield w("br")
        elif piece == "\t":
            yield w("tab")
        elif piece:
            yield words("t", piece)
