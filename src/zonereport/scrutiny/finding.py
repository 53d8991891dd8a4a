"""A doubt about a zone, and the arithmetic that doubts share: what a printed number can stand for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from zonereport.errors import Problem
from zonereport.zone.catalogue import WHOLE_UNITS
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zonereport.zone.model import Figure, Zone
    from zonereport.zone.parsing import KeyPath

ABOUT = Decimal("0.1")
"""How far from "about 1,000" a number may lie: by a tenth."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at again; the file holds all the same."""

    code: str
    """The rule, as docs/checks.md explains it, such as `parts-sum`."""
    place: str
    message: str
    hint: str
    line: int | None = None

    def describe(self, file: str) -> str:
        """Return `file:line: place: message (code)` and, on a line of its own, the hint."""
        return Problem(f"{self.message} ({self.code})", self.place, self.line, self.hint).describe(file)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a rule finds: where, what, and what to do about it."""

    path: KeyPath
    message: str
    hint: str


def known(zone: Zone) -> Iterator[tuple[Figure, Quantity]]:
    """Yield the figures that have a value, with it."""
    for figure in zone.figures.values():
        if isinstance(figure.value, Quantity):
            yield figure, figure.value


def is_outcome(figure: Figure) -> bool:
    """Whether a figure says what was, not what is to be."""
    return figure.indicator.kind != "target" and "forecast" not in figure.status


def possible(value: Quantity, unit: str) -> Quantity:
    """Return all that a printed number can stand for: half its last digit around it, a tenth if "about"."""
    if value.about:
        return Quantity(value.low, value.high).widened(abs(value.number) * ABOUT)
    if unit in WHOLE_UNITS:
        return value
    exponents = [
        int(end.value.as_tuple().exponent) for end in (value.low, value.high) if end.value.is_finite()
    ]
    return value.widened(Decimal(1).scaleb(min(exponents)) / 2)


def is_apart(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities have no number in common."""
    return a.low.value > b.high.value or b.low.value > a.high.value


def written(number: Decimal) -> str:
    """Return a number as a message gives it: to four digits if it is a fraction."""
    if number == number.to_integral_value():
        return f"{number:,.0f}"
    return f"{number:,.4g}" if abs(number) < 1000 else f"{number:,.1f}"
