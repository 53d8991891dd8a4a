"""A quantity that may be known only by its bounds, and arithmetic that keeps what is not known.

"More than 500" is every number above 500; divided by 3,228 it is every number above 0.1548…. Bounds
are kept as an interval, so a derived figure inherits its inputs' qualifiers without special cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Qualifier = Literal["exact", "about", "more_than", "at_least", "less_than", "up_to", "range", "unknown"]

INFINITY = Decimal("Infinity")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of an interval; an open end is not itself a possible value."""

    value: Decimal
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Quantity:
    """All the numbers a printed figure may stand for: from `low` to `high`, and whether roughly so."""

    low: Bound
    high: Bound
    about: bool = False

    @classmethod
    def exact(cls, value: Decimal) -> Quantity:
        """Return the quantity that is `value` and nothing else."""
        return cls(Bound(value), Bound(value))

    @classmethod
    def approximate(cls, value: Decimal) -> Quantity:
        """Return the quantity that is about `value`."""
        return cls(Bound(value), Bound(value), about=True)

    @classmethod
    def above(cls, value: Decimal, *, or_equal: bool = False) -> Quantity:
        """Return "more than `value`", or "at least `value`"."""
        return cls(Bound(value, is_open=not or_equal), Bound(INFINITY, is_open=True))

    @classmethod
    def below(cls, value: Decimal, *, or_equal: bool = True) -> Quantity:
        """Return "up to `value`", or "less than `value`", of what cannot be negative: it starts at zero."""
        return cls(Bound(ZERO), Bound(value, is_open=not or_equal))

    @classmethod
    def below_signed(cls, value: Decimal, *, or_equal: bool = True) -> Quantity:
        """Return "up to `value`", or "less than `value`", of what may be negative, such as a profit."""
        return cls(Bound(-INFINITY, is_open=True), Bound(value, is_open=not or_equal))

    @classmethod
    def between(cls, low: Decimal, high: Decimal) -> Quantity:
        """Return the range from `low` to `high`, both included."""
        return cls(Bound(low), Bound(high))

    @property
    def qualifier(self) -> Qualifier:
        """How the quantity is known."""
        low, high = self.low.value, self.high.value
        if low == high:
            return "about" if self.about else "exact"
        if high == INFINITY:
            says_nothing = low == -INFINITY or (low == ZERO and not self.low.is_open)
            return "unknown" if says_nothing else "more_than" if self.low.is_open else "at_least"
        if low in (-INFINITY, ZERO):
            return "less_than" if self.high.is_open else "up_to"
        return "range"

    @property
    def signed_qualifier(self) -> Qualifier:
        """How a difference is known: between two numbers, of which zero is one like any other."""
        low, high = self.low.value, self.high.value
        return "range" if low != high and low.is_finite() and high.is_finite() else self.qualifier

    @property
    def number(self) -> Decimal:
        """The number that is printed: the value, the known bound, or the low end of a range."""
        return self.high.value if self.qualifier in ("up_to", "less_than") else self.low.value

    @property
    def is_exact(self) -> bool:
        """Whether the quantity is one number, without "about"."""
        return self.qualifier == "exact"

    def __add__(self, other: Quantity) -> Quantity:
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other: Quantity) -> Quantity:
        return self._with(other, lambda a, b: a - b)

    def __mul__(self, other: Quantity) -> Quantity:
        return self._with(other, lambda a, b: a * b, zero_decides=True)

    def __truediv__(self, other: Quantity) -> Quantity:
        """Divide; raise ZeroDivisionError where the divisor may be zero or negative."""
        if other.low.value < ZERO or (other.low.value == ZERO and not other.low.is_open):
            raise ZeroDivisionError
        return self._with(other, _quotient, zero_decides=True)

    def _with(
        self,
        other: Quantity,
        operate: Callable[[Decimal, Decimal], Decimal],
        *,
        zero_decides: bool = False,
    ) -> Quantity:
        """Return the interval of all results; monotone operations take their extremes at the ends.

        `zero_decides`: a zero that is reached gives zero whatever it meets, even an end that is not reached.
        """
        ends = []
        with localcontext(prec=34):
            for a in (self.low, self.high):
                for b in (other.low, other.high):
                    try:
                        value = operate(a.value, b.value)
                    except InvalidOperation:  # infinity less infinity, zero times infinity
                        return Quantity(Bound(-INFINITY, is_open=True), Bound(INFINITY, is_open=True))
                    reached = zero_decides and any(end.value == ZERO and not end.is_open for end in (a, b))
                    ends.append(Bound(value, not reached and (a.is_open or b.is_open)))
        # Of two equal ends the closed one wins: it is a value that can be reached.
        low = min(ends, key=lambda end: (end.value, end.is_open))
        high = max(ends, key=lambda end: (end.value, not end.is_open))
        return Quantity(low, high, self.about or other.about)

    def rounded(self, step: Decimal) -> Quantity:
        """Return the quantity to a multiple of `step`, a power of ten; bounds are rounded to stay true.

        A value is rounded half up, as statistical offices state it; a lower bound down and an upper
        bound up, and an end that moved is no longer the sharp one, so "more than" stays true.
        """
        if self.low.value == self.high.value:
            value = _to_step(self.low.value, step, ROUND_HALF_UP)
            return Quantity(Bound(value), Bound(value), self.about)
        low = _to_step(self.low.value, step, ROUND_FLOOR)
        high = _to_step(self.high.value, step, ROUND_CEILING)
        return Quantity(
            Bound(low, self.low.is_open or low != self.low.value),
            Bound(high, self.high.is_open or high != self.high.value),
            self.about,
        )

    def widened(self, half: Decimal) -> Quantity:
        """Return the quantity with `half` a printed unit on either side: what rounding may have hidden."""
        return Quantity(Bound(self.low.value - half), Bound(self.high.value + half), self.about)


def _quotient(a: Decimal, b: Decimal) -> Decimal:
    """Return a / b, where b tends to an open zero the limit is infinite."""
    if b == ZERO:
        if a == ZERO:
            raise InvalidOperation
        return INFINITY.copy_sign(a)
    return a / b


def _to_step(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    """Return the value at a power of ten, with as many decimals: 50 to tenths is 50.0, −0.01 is 0.0."""
    if value.is_infinite():
        return value
    with localcontext(prec=60):
        rounded = value.quantize(step.normalize(), rounding=rounding)
        return rounded if rounded else abs(rounded)


def significant_step(value: Decimal, digits: int) -> Decimal:
    """Return the step that leaves `digits` significant digits of `value`; 1 for zero or infinity."""
    if value.is_infinite() or value == ZERO:
        return Decimal(1)
    return Decimal(1).scaleb(value.adjusted() - digits + 1)
