"""Location quotients: how much more of a figure falls to a focus sector here than in all zones compared."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from zonereport.measures import HUNDRED, say_the_same
from zonereport.peers import FEWEST, is_about, number_of, quantity_of
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from zonereport.peers import Beside
    from zonereport.zone.model import Figure, Item, Text, Zone

FOCUS = "focus-sectors"


@dataclass(frozen=True, slots=True)
class Quotient:
    """How much more of a figure falls to a focus sector here than in all zones compared together."""

    sector: Item
    figure: Figure
    share: Quantity
    """The sector's part of the figure here, in per cent."""
    share_of_all: Quantity
    """The same over all zones compared, this one among them."""
    value: Quantity
    """share ÷ share_of_all."""
    n: int


def find_quotients(zone: Zone, beside: Iterable[Beside]) -> Iterator[Quotient]:
    """Yield the location quotient of each focus sector that a comparable figure is broken down by."""
    sectors = zone.lists[FOCUS].items if FOCUS in zone.lists else ()
    for each in beside:
        for sector in sectors if each.apart is None else ():
            if (quotient := _quotient(sector, each)) is not None:
                yield quotient


def _quotient(sector: Item, beside: Beside) -> Quotient | None:
    """Return (part here ÷ total here) ÷ (part in all zones ÷ total in all zones); see docs/peers.md."""
    figures = [beside.figure, *(figure for _, figure in beside.compared)]
    counted = [(figure, part) for figure in figures if (part := _part(figure, sector.name)) is not None]
    if len(counted) < FEWEST or counted[0][0] is not beside.figure:
        return None
    about = any(is_about(figure) or part.about for figure, part in counted)
    totals = [number_of(figure) for figure, _ in counted]
    parts = [part.number for _, part in counted]
    if min(totals) <= 0 or min(parts) < 0 or not sum(parts):
        return None
    share, share_of_all = HUNDRED * parts[0] / totals[0], HUNDRED * sum(parts) / sum(totals)
    tenth, hundredth = Decimal("0.1"), Decimal("0.01")
    return Quotient(
        sector,
        beside.figure,
        quantity_of(share, about=about).rounded(tenth),
        quantity_of(share_of_all, about=about).rounded(tenth),
        quantity_of(share / share_of_all, about=about).rounded(hundredth),
        len(counted),
    )


def _part(figure: Figure, name: Text) -> Quantity | None:
    """Return the part of a figure that falls to a sector, if it is published exactly or as "about"."""
    for part in figure.breakdown.parts if figure.breakdown else ():
        if say_the_same(part.name, name) and isinstance(part.value, Quantity):
            return part.value if part.value.qualifier in ("exact", "about") else None
    return None
