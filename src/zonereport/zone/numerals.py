"""Numbers as people type them into tables: read where they can mean one thing only, else asked back."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

DecimalMark = Literal[".", ","]

_SPACES = "\u0020\u00a0\u2009\u202f"
_PLAIN = str.maketrans("\u2212\u2013０１２３４５６７８９，．－＋", "--0123456789,.-+")
"""Minus signs and full-width characters; not all of NFKC, which takes 12² for 122."""

_GROUPED = {
    ".": rf"[1-9]\d{{0,2}}(?:(?P<mark>[,{_SPACES}'’])\d{{3}})(?:(?P=mark)\d{{3}})*",
    ",": rf"[1-9]\d{{0,2}}(?:(?P<mark>[.{_SPACES}'’])\d{{3}})(?:(?P=mark)\d{{3}})*",
}
_INDIAN = r"[1-9]\d?(?:,\d{2})+,\d{3}"
_UNSURE = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


class NumeralError(ValueError):
    """A text is no number, or could be two; carries a hint."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def read_number(text: str, mark: DecimalMark | None = None) -> Decimal:
    """Return the number that a text says, with the decimals it has; `mark` is the decimal mark, if declared.

    Thousands may be parted by commas, points, spaces or apostrophes, in threes, or as in India. Without
    a declared mark, `1.234,5` and `1,234,567` can mean one thing only; `36.300` and `12,439` cannot.
    Raises NumeralError.
    """
    plain = text.strip().translate(_PLAIN)
    if mark is None and _UNSURE.fullmatch(plain):
        whole, decimal = plain.replace(",", "").replace(".", ""), plain.replace(",", ".")
        raise NumeralError(
            f"expected a number that can mean one thing only, found the text `{text}`",
            f"type the number {whole}, or {decimal}, whichever is meant",
        )
    for assumed in (mark,) if mark else (".", ","):
        if (number := _read(plain, assumed)) is not None:
            return number
    raise NumeralError(
        f"expected a number, found the text `{text[:60]}`",
        "the number stands alone; words about it (more than, million, %) have columns of their own",
    )


def _read(text: str, mark: str) -> Decimal | None:
    found = re.fullmatch(rf"([+-]?)([^{mark}eE]+)(?:\{mark}(\d+))?([eE][+-]?\d{{1,3}})?", text, re.ASCII)
    if not found:
        return None
    sign, whole, fraction, exponent = (part or "" for part in found.groups())
    if re.fullmatch(_GROUPED[mark], whole, re.ASCII) or (
        mark == "." and re.fullmatch(_INDIAN, whole, re.ASCII)
    ):
        whole = re.sub(r"\D", "", whole)
    if not re.fullmatch(r"\d+", whole, re.ASCII):
        return None
    return Decimal(f"{sign}{whole}.{fraction}{exponent}" if fraction else f"{sign}{whole}{exponent}")


def write_number(number: Decimal) -> str:
    """Return a text that `read_number` reads as this number, with as many decimals, declared mark or not."""
    text = str(number)
    return f"{text}E0" if _UNSURE.fullmatch(text) else text


def number_of(value: float) -> Decimal:
    """Return the number of a spreadsheet's cell, to the 15 digits that spreadsheets show."""
    number = Decimal(f"{value:.15g}")
    return Decimal(int(number)) if number == number.to_integral_value() else number
