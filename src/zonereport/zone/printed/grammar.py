"""The grammar of a printed number in one language: qualifiers, amounts or a range of them, one unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from zonereport.zone.printed.amounts import Amount, read_amount, share
from zonereport.zone.printed.model import Reading, RefusedError
from zonereport.zone.printed.tokens import Tokens, split
from zonereport.zone.printed.words import group
from zonereport.zone.quantity import ZERO, Quantity

if TYPE_CHECKING:
    from zonereport.zone.printed.numerals import Style

_TRADITIONAL = re.compile("[億萬餘個項兆達過]")
"""Characters of Taiwan and Hong Kong, where 元 is another currency."""


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What stands before a number."""

    qualifiers: tuple[str, ...]
    units: tuple[frozenset[str], ...]
    is_negative: bool
    is_opened: bool
    """Whether a word such as "between" asks for a range."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads numbers of one language, in one style of writing them."""

    language: str
    style: Style
    currency: str = ""
    base: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "base", self.language.partition("-")[0])

    def read(self, text: str) -> Reading:
        """Return what a text says; raise RefusedError for whatever is not certain."""
        tokens = split(text, self.base)
        ahead = _ahead(tokens)
        amounts = [self._amount(tokens, ahead)]
        after = tokens.take_all("after")
        if tokens.take("join", *(["and"] if ahead.is_opened else [])):
            second = _ahead(tokens)
            if second.qualifiers or after:
                raise RefusedError("is a range with a qualifier inside")
            amounts = share(amounts[0], self._amount(tokens, second))
            after = tokens.take_all("after")
        elif ahead.is_opened:
            raise RefusedError("begins like a range and has one end only")
        tokens.end()
        within = [qualifier for amount in amounts for qualifier in amount.qualifiers]
        qualifiers = [name for name in (*ahead.qualifiers, *within, *after) if name != "exact"]
        unit = self._unit(amounts, text)
        for amount in amounts:
            amount.check(unit, is_qualified=bool(qualifiers))
        scale = Decimal(1).scaleb(amounts[-1].power)
        return Reading(_quantity(list(dict.fromkeys(qualifiers)), amounts), unit, scale)

    def _amount(self, tokens: Tokens, ahead: _Ahead) -> Amount:
        amount = read_amount(tokens, self.style)
        number = -amount.number if ahead.is_negative else amount.number
        return replace(amount, number=number, units=(*ahead.units, *amount.units))

    def _unit(self, amounts: list[Amount], text: str) -> str:
        found = [unit for amount in amounts for unit in amount.units]
        if not found:
            return ""
        possible = frozenset.intersection(*found)
        if not possible:
            raise RefusedError("names two units")
        if len(possible) == 1:
            return next(iter(possible))
        if usual := self._usual(possible, text):
            return usual
        listed = ", ".join(sorted(possible)[:4])
        raise RefusedError(f"can be in {listed}", "name the currency by its code, or write the value")

    def _usual(self, possible: frozenset[str], text: str) -> str:
        """Return which of several units a reader takes for granted; nothing where readers would differ."""
        if "persons" in possible:
            return "persons"
        if possible == group("dollars"):
            return "" if self.currency in possible - {"USD"} else "USD"
        if self.currency in possible:
            return self.currency
        if possible == group("yuan") and self.base == "zh":
            if self.language in ("zh-TW", "zh-Hant-TW"):
                return "TWD"
            is_elsewhere = self.language.startswith(("zh-H", "zh-M")) and self.language != "zh-Hans"
            return "" if is_elsewhere or _TRADITIONAL.search(text) else "CNY"
        usual = {"zh": "CNY", "ja": "JPY", "hi": "INR", "en-IN": "INR"}
        chosen = usual.get(self.language, usual.get(self.base, ""))
        return chosen if chosen in possible else ""


def _ahead(tokens: Tokens) -> _Ahead:
    qualifiers: list[str] = []
    units: list[frozenset[str]] = []
    is_negative = is_opened = False
    while True:
        if qualifier := tokens.take("before"):
            qualifiers.append(qualifier)
        elif unit := tokens.take("unit"):
            units.append(unit)
        elif not is_negative and tokens.take("sign"):
            is_negative = True
        elif not is_opened and tokens.take("opener"):
            is_opened = True
        else:
            return _Ahead(tuple(qualifiers), tuple(units), is_negative, is_opened)


def _quantity(qualifiers: list[str], amounts: list[Amount]) -> Quantity:
    """Return the quantity; of two qualifiers only those of "less than about 50" go together."""
    numbers = [amount.value for amount in amounts]
    about = qualifiers[-1:] == ["about"]
    bounds = qualifiers[:-1] if about else qualifiers
    if len(bounds) > 1 or (bounds and len(numbers) == 2):
        raise RefusedError("has two qualifiers")
    if len(numbers) == 2:
        return replace(Quantity.between(*numbers), about=about)
    return replace(_bounded(bounds[0] if bounds else "exact", numbers[0]), about=about)


def _bounded(qualifier: str, number: Decimal) -> Quantity:
    if qualifier in ("more_than", "at_least"):
        return Quantity.above(number, or_equal=qualifier == "at_least")
    if qualifier in ("less_than", "up_to"):
        if not number:
            raise RefusedError("is a bound that leaves nothing")
        make = Quantity.below_signed if number < ZERO else Quantity.below
        return make(number, or_equal=qualifier == "up_to")
    return Quantity.exact(number)
