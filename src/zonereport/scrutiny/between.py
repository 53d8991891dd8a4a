"""Doubts that a file raises beside an earlier snapshot of its zone; across a break nothing is doubted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from zonereport.measures import compare, order_snapshots
from zonereport.scrutiny.finding import Doubt, is_apart, known, possible, written
from zonereport.scrutiny.within import is_fraction
from zonereport.zone.catalogue import WHOLE_UNITS
from zonereport.zone.quantity import ZERO, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zonereport.zone.model import Figure, Zone

CHANGE_LIMIT = Decimal(3)
"""Three times as much, or a third, a year later is asked about, where the catalogue gives no other limit."""

FEW = 10
"""Below this, a count may well come to several times as much within a year."""

SLIPS = {10: "10", 100: "100", 1000: "1,000", 10**4: "10,000 (万)", 10**6: "a million", 10**8: "亿 (10^8)"}
NEAR = Decimal("1.4")
"""How far from a power of ten a change may be to look like a slip of units: 40 % of real change beside it."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A figure and the latest earlier one that it may be compared with."""

    now: Figure
    before: Figure
    value: Quantity
    earlier: Quantity

    @property
    def told(self) -> str:
        """The two numbers, for a message."""
        return f"{written(self.value.number)}, after {written(self.earlier.number)} in {self.before.when}"

    @property
    def years(self) -> int:
        a, b = self.now.when, self.before.when
        return max(1, a.year - b.year) if a and b and a.is_stated and b.is_stated else 1

    @property
    def is_few(self) -> bool:
        return self.now.unit in WHOLE_UNITS and min(self.value.number, self.earlier.number) < FEW

    @property
    def limit(self) -> Decimal:
        return (self.now.indicator.change_limit or CHANGE_LIMIT) ** self.years

    @property
    def factor(self) -> Decimal | None:
        """How many times as much, or as little, if that can be told and is beyond the limit."""
        a, b = self.value, self.earlier
        if self.now.indicator.kind == "rank" or min(a.number, b.number) <= ZERO or is_fraction(self.now):
            return None
        sharp = {"exact", "about", "range"}
        if not {a.qualifier, b.qualifier} <= sharp and a.qualifier != b.qualifier:
            return None
        factor = max(a.number, b.number) / min(a.number, b.number)
        return factor if factor > self.limit and not self.is_few else None

    @property
    def slip(self) -> str:
        """Which power of ten lies between the two, if one nearly does."""
        factor = self.factor or ZERO
        return next((word for power, word in SLIPS.items() if power / NEAR < factor < power * NEAR), "")


def _pairs(zone: Zone, earlier: Sequence[Zone]) -> Iterator[_Pair]:
    for now, value in known(zone):
        for other in order_snapshots(earlier):
            before = other.figures.get(now.id)
            if before is not None and isinstance(before.value, Quantity):
                if compare(now, before).standing == "comparable":
                    yield _Pair(now, before, value, before.value)
                break


def units_that_slipped(zone: Zone, earlier: Sequence[Zone]) -> Iterator[Doubt]:
    """Yield figures that differ from the earlier ones by a power of ten."""
    for pair in _pairs(zone, earlier):
        if pair.slip:
            yield Doubt(
                ("figures", pair.now.id),
                f"is {pair.told}: off by {pair.slip}?",
                "look at the unit in the source, and at `scale`",
            )


def levels_that_jump(zone: Zone, earlier: Sequence[Zone]) -> Iterator[Doubt]:
    """Yield figures that changed more than their indicator usually does."""
    for pair in _pairs(zone, earlier):
        if pair.factor and not pair.slip and not _falls(pair):
            yield Doubt(
                ("figures", pair.now.id),
                f"is {pair.told}: more than {written(pair.limit)} times as much or as little",
                'if it is counted differently now, say `status = "break"`, a `label` or a `scope`',
            )


def totals_that_fall(zone: Zone, earlier: Sequence[Zone]) -> Iterator[Doubt]:
    """Yield cumulative figures that are less than they were."""
    for pair in _pairs(zone, earlier):
        if _falls(pair) and not pair.slip:
            yield Doubt(
                ("figures", pair.now.id),
                f"is {pair.told}: what is cumulative does not fall",
                'if the earlier one was corrected, say `status = "revised"`',
            )


def _falls(pair: _Pair) -> bool:
    is_corrected = "revised" in pair.now.status
    return (
        pair.now.indicator.kind == "cumulative"
        and not is_corrected
        and possible(pair.value, pair.now.unit).high.value
        < possible(pair.earlier, pair.before.unit).low.value
    )


def growth_that_differs(zone: Zone, earlier: Sequence[Zone]) -> Iterator[Doubt]:
    """Yield changes in percent, as printed, that are not those of the two levels."""
    for pair in _pairs(zone, earlier):
        growth, when, then = pair.now.growth, pair.now.when, pair.before.when
        if growth is None or when is None or then is None or pair.slip or when.year - then.year != 1:
            continue
        hundred = Quantity.exact(Decimal(100))
        try:
            levels = possible(pair.value, pair.now.unit) / possible(pair.earlier, pair.before.unit)
        except ZeroDivisionError:
            continue
        if is_apart(hundred * levels - hundred, possible(Quantity.exact(growth), "percent")):
            made = pair.value.number / pair.earlier.number * 100 - 100
            yield Doubt(
                ("figures", pair.now.id, "growth"),
                f"is {growth} %, by the levels it is {made:.1f} %: {pair.told}",
                "growth at constant prices, or on a revised base, belongs in a `note`",
            )
