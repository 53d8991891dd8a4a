"""Leagues: the zones of one snapshot in the order of one figure, as far as their figures are comparable.

What may be compared, and what a rank is, are the rules of `peers`; docs/compendium.md says what is added.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zonereport.peers import FEWEST, find_apart, find_apart_alone, is_about, number_of
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from zonereport.measures import Facts
    from zonereport.peers import Apart
    from zonereport.zone.model import Figure, Zone
    from zonereport.zone.period import Period

MOST_KINDS = 12
"""Kinds of one figure, unlike each other, that are told apart; a zone with yet another is not compared."""


@dataclass(frozen=True, slots=True)
class Place:
    """A zone that is ranked, with its figure."""

    zone: Zone
    figure: Figure
    rank: int
    """From 1, the best, or the largest where no direction is better; zones that tie share it."""


@dataclass(frozen=True, slots=True)
class Unranked:
    """A zone that is not ranked, and why."""

    zone: Zone
    figure: Figure | None
    apart: Apart
    could_be: tuple[int, int] | None = None
    """The first and the last place that a bound or range allows, where nothing else keeps it apart."""


@dataclass(frozen=True, slots=True)
class League:
    """All zones of a snapshot by one figure, ranked where it is comparable with the first one's."""

    snapshot: Period
    places: tuple[Place, ...]
    """From rank 1 on; zones that tie stand as they were given."""
    unranked: tuple[Unranked, ...]
    is_one_of_several: bool = False
    """Whether other zones of the snapshot are ranked by the same indicator, apart from these."""

    @property
    def figure(self) -> Figure:
        """A figure that all ranked ones are comparable with."""
        return self.places[0].figure

    @property
    def is_about(self) -> bool:
        """Whether a value that was compared is approximate, and so every rank."""
        return any(is_about(place.figure) for place in self.places)


def find_leagues(all_facts: Iterable[Facts]) -> tuple[League, ...]:
    """Return each league that ranks FEWEST zones or more, the latest snapshot first, by the catalogue.

    A derived figure takes part only where the catalogue says which direction is better.
    """
    snapshots: dict[Period, list[Facts]] = {}
    for facts in all_facts:
        snapshots.setdefault(facts.zone.edition.snapshot, []).append(facts)
    stated = [snapshot for snapshot in snapshots if snapshot.is_stated]
    latest_first = sorted(stated, key=lambda snapshot: (snapshot.end, str(snapshot)), reverse=True)
    return tuple(
        league
        for snapshot in latest_first
        for id in _indicators(snapshots[snapshot])
        for league in _leagues(snapshot, id, snapshots[snapshot])
    )


def _indicators(all_facts: Sequence[Facts]) -> list[str]:
    """Return the ids of the indicators that any zone has a figure of, those of the catalogue first."""
    known = dict.fromkeys(id for facts in all_facts for id in facts.zone.indicators)
    stated = {id for facts in all_facts for id in facts.figures}
    return [id for id in known if id in stated]


def _leagues(snapshot: Period, id: str, all_facts: Sequence[Facts]) -> Iterator[League]:
    figures = [(facts.zone, _takes_part(facts.figures.get(id))) for facts in all_facts]
    kinds = [kind for kind in _kinds(figures) if len(kind) >= FEWEST]
    for kind in kinds:
        places, ranked = _places(kind), {zone.id for zone, _ in kind}
        scores = [_score(place.figure, number_of(place.figure)) for place in places]
        unranked = tuple(
            _unranked(zone, figure, kind[0][1], scores) for zone, figure in figures if zone.id not in ranked
        )
        yield League(snapshot, places, unranked, len(kinds) > 1)


def _takes_part(figure: Figure | None) -> Figure | None:
    return figure if figure and (figure.indicator.better or not figure.inputs) else None


def _kinds(figures: Iterable[tuple[Zone, Figure | None]]) -> list[list[tuple[Zone, Figure]]]:
    """Return the figures that have a number, those together that are comparable with the first of them."""
    kinds: list[list[tuple[Zone, Figure]]] = []
    for zone, figure in figures:
        if figure is None or find_apart_alone(figure):
            continue
        kind = next((kind for kind in kinds if not find_apart(kind[0][1], figure)), None)
        if kind is not None:
            kind.append((zone, figure))
        elif len(kinds) < MOST_KINDS:
            kinds.append([(zone, figure)])
    return kinds


def _places(kind: Sequence[tuple[Zone, Figure]]) -> tuple[Place, ...]:
    scored = sorted(
        ((_score(figure, number_of(figure)), zone, figure) for zone, figure in kind), key=lambda each: each[0]
    )
    scores = [score for score, _, _ in scored]
    return tuple(Place(zone, figure, 1 + bisect_left(scores, score)) for score, zone, figure in scored)


def _score(figure: Figure, number: Decimal) -> Decimal:
    """Return what ranks a number: the less, the further ahead. Larger is ahead, unless less is better."""
    return number if figure.indicator.better == "lower" else -number


def _unranked(zone: Zone, figure: Figure | None, head: Figure, scores: Sequence[Decimal]) -> Unranked:
    """Return why a zone is not ranked beside the head of a league; `scores` are those of the ranked ones."""
    apart = find_apart(head, figure) if figure else "missing"
    if figure is None or apart != "bound" or not isinstance(figure.value, Quantity):
        return Unranked(zone, figure, apart or "definition")  # comparable with two that are not
    number = replace(figure, value=Quantity.exact(figure.value.number))
    if other := find_apart(head, number):
        return Unranked(zone, figure, other)
    ends = sorted(_score(head, bound.value) for bound in (figure.value.low, figure.value.high))
    best, worst = (1 + bisect_left(scores, end) for end in ends)
    return Unranked(zone, figure, "bound", (best, worst))
