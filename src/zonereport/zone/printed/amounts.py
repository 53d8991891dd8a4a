"""Numbers with their scales and units: 17조 6,843억원 is one, "2.5 to 3 million" two that share a scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import TYPE_CHECKING

from zonereport.zone.printed.model import RefusedError
from zonereport.zone.printed.numerals import Style, read_digits, read_numerals
from zonereport.zone.quantity import ZERO

if TYPE_CHECKING:
    from zonereport.zone.printed.tokens import Tokens

MAX_DIGITS = 28
MAX_POWER = 20
"""As in zone files: no figure of a zone comes near 10^21."""

TEN = Decimal(10)
FAR = 1000
"""Nobody prints a range whose ends are further apart than so many times."""
WHOLE_UNITS = frozenset({"number", "persons", "rank"})
"""A decimal mark before such a unit is a mark of thousands from another language: 1.235 platforms."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its scale and units."""

    number: Decimal
    """As it is printed, before its scale; of several parts, their sum."""
    power: int = 0
    is_plain: bool = True
    """Whether it is one number with at most one scale."""
    units: tuple[frozenset[str], ...] = ()
    has_unit_behind: bool = False
    qualifiers: tuple[str, ...] = ()
    """余 and the like."""
    is_short: bool = False
    """Whether the scale is a letter that may be something else."""
    is_bare: bool = False
    """Whether it is a 百 or 万 alone, a number only where a qualifier stands beside it."""

    @property
    def value(self) -> Decimal:
        """In whole units, exact."""
        if not self.power:
            return self.number
        with localcontext(prec=60):
            return self.number.scaleb(self.power).normalize() + ZERO

    def check(self, unit: str, *, is_qualified: bool) -> None:
        """Refuse what is certain only beside a unit or a qualifier that is not there, or is too large."""
        if self.is_bare and not is_qualified:
            raise RefusedError("has a scale without a number")
        if self.is_short and not unit.isupper():
            raise RefusedError("has a scale of one letter, which can be a unit", "write the scale in full")
        if unit in WHOLE_UNITS and self.value != self.value.to_integral_value():
            raise RefusedError("counts things, and is no whole number")
        if self.value.adjusted() > MAX_POWER or len(self.value.as_tuple().digits) > MAX_DIGITS:
            raise RefusedError("is larger than any figure of a zone")


def read_amount(tokens: Tokens, style: Style) -> Amount:
    """Return the number that stands next, with its scales and the units behind it."""
    parts: list[Amount] = []
    while not parts or (parts[-1].power and not parts[-1].qualifiers):
        part = _part(tokens, style)
        if part is None:
            break
        parts.append(part)
    if not parts:
        raise RefusedError("names no number")
    whole = parts[0] if len(parts) == 1 else _sum(parts)
    behind = tokens.take_all("unit")
    if tokens.sees("of") and tokens.sees("unit", ahead=1):  # "3 milliards d'euros"
        tokens.take("of")
        behind += tokens.take_all("unit")
    return replace(whole, units=(*whole.units, *behind), has_unit_behind=bool(behind))


def _part(tokens: Tokens, style: Style) -> Amount | None:
    """Return a number with its scales, such as the 17조 of 17조 6,843억; None where none stands."""
    amount = _number(tokens, style)
    if amount is None:
        return None
    powers: list[int] = []
    while True:
        if qualifier := tokens.take("within"):
            amount = replace(amount, qualifiers=(*amount.qualifiers, qualifier))
        elif power := tokens.take("tenths"):
            powers.append(power)
            amount = replace(amount, units=(*amount.units, frozenset({"percent"})))
        elif tokens.sees("singular") and amount.number != 1:
            raise RefusedError("has a scale that means another power in English")
        elif power := tokens.take("scale", "singular"):
            powers.append(power)
        elif power := tokens.take("short"):
            powers.append(power)
            amount = replace(amount, is_short=True)
        else:
            break
    if powers != sorted(set(powers)) or len(amount.qualifiers) > 1:
        raise RefusedError("has scales in an order that nobody writes")
    return replace(amount, power=sum(powers))


def _number(tokens: Tokens, style: Style) -> Amount | None:
    if text := tokens.take("number"):
        number = read_digits(text, style)
        if number is None:
            raise RefusedError(f"has `{text}`, which is no number in its language")
        return Amount(number)
    if text := tokens.take("numerals"):
        number = read_numerals(text)
        if number is None:
            raise RefusedError(f"has `{text}`, which is vague, or read in several ways")
        return Amount(number, is_bare=text[0] in "百千佰仟")
    return Amount(Decimal(1), is_bare=True) if tokens.sees("bare") else None


def _sum(parts: list[Amount]) -> Amount:
    """Return 1亿 and 2000万 as one; what is not certain to be meant so, such as 3万5 (35,000), is refused."""
    for one, other in pairwise(parts):
        is_whole = one.number == one.number.to_integral_value()
        if (
            not is_whole
            or not _follows(one, other)
            or other.value >= TEN**one.power
            or one.is_bare
            or other.is_bare
        ):
            raise RefusedError("has several numbers that are not certain to be one")
    with localcontext(prec=60):
        total = sum((part.value for part in parts), ZERO).normalize() + ZERO
    return Amount(
        total,
        is_plain=False,
        units=tuple(unit for part in parts for unit in part.units),
        qualifiers=parts[-1].qualifiers,
        is_short=any(part.is_short for part in parts),
        is_bare=parts[0].is_bare,
    )


def _follows(one: Amount, other: Amount) -> bool:
    """Whether an amount surely says how the one before goes on: 1亿2千 is also said for 120 million."""
    if not other.power:
        return other.number >= TEN ** (one.power - 1)
    return other.power >= 4 or one.power < 8


def share(low: Amount, high: Amount) -> list[Amount]:
    """Return both ends of a range, the low one with the scale that it shares with the other.

    "2.5 to 3 million" begins at 2.5 million, "900,000 to 1.5 million" at 900,000.
    """
    if high.power and not low.power and low.is_plain and not low.has_unit_behind:
        if low.number < high.number:
            low = replace(low, power=high.power, is_short=high.is_short)
        elif low.value < high.value / FAR:
            raise RefusedError("is a range whose lower end may lack its scale", "write the `range`")
    if not high.is_plain or not low.value < high.value:
        raise RefusedError("is not certain to be from low to high", "write the `range`")
    return [low, high]
