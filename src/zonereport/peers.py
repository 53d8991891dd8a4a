"""A zone beside others: median, best, rank and percentile over figures that are comparable, and nothing else.

docs/peers.md states every rule, and whose it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Literal

from zonereport.measures import HUNDRED, Facts, compare_statements
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from zonereport.zone.model import Figure, Zone

Apart = Literal[
    "missing", "bound", "forecast", "definition", "period", "derived", "unit", "kind", "label", "scope"
]
"""Why a figure stands beside no other: by itself, or beside the zone's."""

FEWEST = 3
"""Zones, this one among them, that a reference value needs."""
FEWEST_TO_JUDGE = 10
"""Zones, this one among them, that a strength or weakness needs."""
FEWEST_JUDGED = 4
"""Figures that must be judged before some of them are strengths or weaknesses."""
ONE_IN = 8
"""One figure in so many is a strength: the Global Innovation Index marks the ten best of some eighty."""
HALF = Decimal(50)
MOST_NAMED = 5
"""Figures that a sentence and a strip of the chart are given to."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a figure is among those of all zones compared."""

    median: Quantity
    rank: int
    """From 1, the best, or the largest where no direction is better; zones that tie share it."""
    percentile: Decimal
    """The percentage of the other zones that this one is ahead of; a tie counts half."""
    best: tuple[Zone, ...] = ()
    """The zones with the best value; none where no direction is better."""
    best_value: Quantity | None = None
    about: bool = False
    """Whether a value that was compared is approximate, and so what follows from it."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Another zone, its figure if it has one, and why that is not compared; None if it is."""

    zone: Zone
    figure: Figure | None
    apart: Apart | None


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure of the zone beside those of its peers, and what follows."""

    figure: Figure
    apart: Apart | None
    """Why the zone's own figure is compared with none."""
    peers: tuple[Peer, ...] = ()
    reference: Reference | None = None
    """None where fewer than FEWEST zones can be compared."""

    @property
    def compared(self) -> list[tuple[Zone, Figure]]:
        """The other zones that are compared, with their figures."""
        return [(peer.zone, peer.figure) for peer in self.peers if peer.figure and not peer.apart]

    @property
    def left_out(self) -> Counter[Apart]:
        """How many peers are left out, by the reason."""
        return Counter(peer.apart for peer in self.peers if peer.apart)

    @property
    def n(self) -> int:
        """How many zones are compared, this one among them."""
        return len(self.compared) + (self.apart is None)


@dataclass(frozen=True, slots=True)
class Peers:
    """All that a zone's figures are beside those of other zones."""

    beside: tuple[Beside, ...]
    """One for each figure of the zone that has a value, in the catalogue's order."""
    strengths: tuple[Beside, ...]
    weaknesses: tuple[Beside, ...]

    @property
    def ranked(self) -> tuple[Beside, ...]:
        """The figures that have reference values."""
        return tuple(each for each in self.beside if each.reference)

    def leading(self, headline: Sequence[str]) -> list[Beside]:
        """Return the ranked figures to name: those to lead with in order, then those with a direction."""

        def place(each: Beside) -> tuple[int, bool]:
            leads = each.figure.id in headline
            at = headline.index(each.figure.id) if leads else len(headline)
            return at, not each.figure.indicator.better

        return sorted(self.ranked, key=place)[:MOST_NAMED]


def choose_peers(zone: Zone, given: Iterable[Zone]) -> tuple[Zone, ...]:
    """Return those of some zones that are other zones at the same snapshot."""
    return tuple(
        other for other in given if other.id != zone.id and other.edition.snapshot == zone.edition.snapshot
    )


def set_beside(facts: Facts, peers: Sequence[Zone]) -> Peers:
    """Return a zone's figures beside those of other zones.

    A derived figure takes part only where the catalogue says which direction is better.
    """
    others = [Facts(zone) for zone in peers]
    figures = [
        figure
        for figure in facts.figures.values()
        if isinstance(figure.value, Quantity) and (figure.indicator.better or not figure.inputs)
    ]
    beside = tuple(_beside(facts.zone, figure, others) for figure in figures)
    return Peers(beside, *judge(beside))


# What may be compared


def _beside(zone: Zone, figure: Figure, others: Sequence[Facts]) -> Beside:
    if apart := find_apart_alone(figure):
        return Beside(figure, apart)
    peers = tuple(_peer(figure, other) for other in others)
    beside = Beside(figure, None, peers)
    if beside.n < FEWEST:
        return beside
    return replace(beside, reference=_reference(zone, figure, beside.compared))


def _peer(figure: Figure, other: Facts) -> Peer:
    found = other.figures.get(figure.id)
    return Peer(other.zone, found, find_apart(figure, found) if found else "missing")


def find_apart_alone(figure: Figure) -> Apart | None:
    """Return why a figure can be compared with no other, or None."""
    if not isinstance(figure.value, Quantity):
        return "missing"
    if figure.value.qualifier not in ("exact", "about"):
        return "bound"
    if figure.indicator.kind == "target" or "forecast" in figure.status:
        return "forecast"
    if "definition_differs" in figure.status:
        return "definition"
    is_dated = figure.when is not None and figure.when.is_stated
    return None if is_dated and (figure.period is None or figure.period.is_stated) else "period"


def find_apart(figure: Figure, other: Figure) -> Apart | None:
    """Return why another zone's figure cannot stand beside a figure, or None.

    Of two derived figures the formula must be the same, and what it was computed from comparable too.
    """
    if (why := find_apart_alone(other)) is not None:
        return why
    if bool(figure.inputs) != bool(other.inputs):
        return "derived"
    for reason in compare_statements(figure, other).reasons:
        if reason.code == "redefined":
            return "definition"
        if reason.code in ("unit", "kind", "label", "scope", "definition"):
            return reason.code
    if not _of_one_time(figure, other):
        return "period"
    if figure.inputs and figure.indicator.formula != other.indicator.formula:
        return "definition"
    inputs = {input.id: input for input in other.inputs}
    return next((why for input in figure.inputs if (why := find_apart(input, inputs[input.id]))), None)


def _of_one_time(a: Figure, b: Figure) -> bool:
    """Whether two figures are of the very same period, or stand within the same year."""
    if a.period is not None or b.period is not None:
        return a.period == b.period
    if a.as_of is None or b.as_of is None:
        return False
    return a.as_of.year == b.as_of.year and "fiscal" not in {a.as_of.granularity} ^ {b.as_of.granularity}


# What follows


def _reference(zone: Zone, figure: Figure, others: Sequence[tuple[Zone, Figure]]) -> Reference:
    own = number_of(figure)
    numbers = [own, *(number_of(other) for _, other in others)]
    about = any(is_about(each) for each in (figure, *(other for _, other in others)))
    ahead = _ahead(figure)
    behind = sum(ahead(own, number) for number in numbers)
    ties = numbers.count(own) - 1
    best: tuple[tuple[Zone, Figure], ...] = ()
    if figure.indicator.better:
        value = (min if figure.indicator.better == "lower" else max)(numbers)
        best = tuple(pair for pair in ((zone, figure), *others) if number_of(pair[1]) == value)
    return Reference(
        median=quantity_of(_median(numbers), about=about),
        rank=1 + sum(ahead(number, own) for number in numbers),
        percentile=HUNDRED * (behind + Decimal(ties) / 2) / (len(numbers) - 1),
        best=tuple(holder for holder, _ in best),
        best_value=quantity_of(number_of(best[0][1]), about=all(is_about(each) for _, each in best))
        if best
        else None,
        about=about,
    )


def _ahead(figure: Figure) -> Callable[[Decimal, Decimal], bool]:
    """Return whether one number is ahead of another: larger, unless less is better."""
    lower = figure.indicator.better == "lower"
    return (lambda a, b: a < b) if lower else (lambda a, b: a > b)


def _median(numbers: Sequence[Decimal]) -> Decimal:
    """Return the middle number, of an even count the mean of the two in the middle."""
    ordered, middle = sorted(numbers), len(numbers) // 2
    if len(ordered) % 2:
        return ordered[middle]
    with localcontext(prec=60):
        return (ordered[middle - 1] + ordered[middle]) / 2


def number_of(figure: Figure) -> Decimal:
    """Return the number of a figure that has a value."""
    assert isinstance(figure.value, Quantity)
    return figure.value.number


def is_about(figure: Figure) -> bool:
    """Whether a figure has an approximate value."""
    return isinstance(figure.value, Quantity) and figure.value.about


def quantity_of(number: Decimal, *, about: bool) -> Quantity:
    """Return what is exactly, or about, a number."""
    return Quantity.approximate(number) if about else Quantity.exact(number)


def judge(beside: Iterable[Beside]) -> tuple[tuple[Beside, ...], tuple[Beside, ...]]:
    """Return strengths and weaknesses, the clearest first, after the Global Innovation Index's rule.

    WIPO, Global Innovation Index 2023, p. 218: a strength has a percentile rank of at least the tenth
    highest of the economy's own, a weakness one of at most the tenth lowest, and ties are all taken.
    Here it is one in ONE_IN of the figures that can be judged, and must lie beyond the median.
    """

    def percentile(each: Beside) -> Decimal:
        assert each.reference is not None
        return each.reference.percentile

    judged = [
        each
        for each in beside
        if each.reference and each.figure.indicator.better and each.n >= FEWEST_TO_JUDGE
    ]
    if len(judged) < FEWEST_JUDGED:
        return (), ()
    ranked = sorted(judged, key=percentile, reverse=True)
    many = -(-len(ranked) // ONE_IN)
    high, low = percentile(ranked[many - 1]), percentile(ranked[-many])
    return (
        tuple(each for each in ranked if percentile(each) >= high and percentile(each) > HALF),
        tuple(each for each in reversed(ranked) if percentile(each) <= low and percentile(each) < HALF),
    )
