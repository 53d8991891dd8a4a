"""One indicator over all snapshots: its points in time, their revisions, what joins them, and its growth."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import TYPE_CHECKING

from zonereport.measures import Comparison, Reason, compare, compare_statements, state_one_time
from zonereport.zone.quantity import ZERO, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zonereport.measures import Facts
    from zonereport.zone.model import Figure, Zone
    from zonereport.zone.period import Period

HUNDRED = Decimal(100)
TENTH = Decimal("0.1")
"""Percentages of growth have one decimal, as those of changes."""


@dataclass(frozen=True, slots=True)
class Point:
    """The latest statement about one time, and what was said of it before."""

    zone: Zone
    """The snapshot that states it."""
    figure: Figure
    earlier: tuple[Figure, ...] = ()
    """Earlier statements about the same time, oldest first."""

    @property
    def at(self) -> Period:
        """When the figure holds; its snapshot where the source does not say."""
        return dated(self.figure) or self.zone.edition.snapshot

    @property
    def revised(self) -> tuple[Figure, ...]:
        """The earlier statements that say something else: another value, or the same one less surely."""
        now = self.figure
        return tuple(
            before
            for before in self.earlier
            if (before.value, before.also, before.status) != (now.value, now.also, now.status)
        )


@dataclass(frozen=True, slots=True)
class Series:
    """What several snapshots publish of one indicator, oldest time first."""

    points: tuple[Point, ...]

    @property
    def id(self) -> str:
        """The indicator's id."""
        return self.points[0].figure.id

    @property
    def joints(self) -> tuple[Comparison, ...]:
        """Each outcome beside the one before it: targets and forecasts stand in no line with outcomes."""
        outcomes = [point for point in self.points if is_outcome(point.figure)]
        return tuple(_joint(now, before) for before, now in pairwise(outcomes))

    def point_of(self, figure: Figure) -> Point:
        """Return the point that a statement belongs to, the latest one or one that it was revised from."""
        return next(p for p in self.points if any(stated is figure for stated in (p.figure, *p.earlier)))


def _joint(now: Point, before: Point) -> Comparison:
    """Return how a point stands to the one before; a break that an earlier statement flagged stays one."""
    found = compare(now.figure, before.figure)
    was_flagged = any("break" in figure.status for figure in now.earlier)
    if found.standing == "comparable" and was_flagged:
        return Comparison(now.figure, before.figure, "break", (Reason("flag"),))
    return found


@dataclass(frozen=True, slots=True)
class Growth:
    """From the first to the last exact figure of a series without a break."""

    found: Comparison
    """The last figure beside the first one."""
    simple: Quantity | None
    """Per cent over the whole span; None for percentages, and where a figure is not above zero."""
    years: int
    """Whole years from one to the other; 0 where they are not whole or a period is not stated."""
    annual: Quantity | None
    """Compound annual growth in per cent; None over fewer than two whole years."""


def dated(figure: Figure) -> Period | None:
    """Return when a figure holds, or None where its source does not say."""
    return figure.when if figure.when is not None and figure.when.is_stated else None


def is_outcome(figure: Figure) -> bool:
    """Whether a figure is neither a target nor a forecast: those do not stand among outcomes."""
    return figure.indicator.kind != "target" and "forecast" not in figure.status


def is_joined(joint: Comparison) -> bool:
    """Whether a line may lead from one figure to the other: bounds of both could lie anywhere."""
    return joint.standing == "comparable" and (
        joint.difference is not None or joint.now.indicator.kind == "rank"
    )


def find_series(facts: Facts) -> tuple[Series, ...]:
    """Return the series of every indicator that several snapshots publish, in the catalogue's order."""
    ids = {id: None for known in reversed(facts.snapshots) for id in known.zone.indicators}
    return tuple(series for id in ids if (series := _series(facts, id)))


def _series(facts: Facts, id: str) -> Series | None:
    stated = [(known.zone, figure) for known in facts.snapshots if (figure := known.published(id))]
    if len(stated) < 2:
        return None
    points: list[Point] = []
    for zone, figure in stated:
        place = next((n for n, point in enumerate(points) if _restates(figure, point.figure)), None)
        if place is None:
            points.append(Point(zone, figure))
        else:
            points[place] = Point(zone, figure, (*points[place].earlier, points[place].figure))
    return Series(tuple(sorted(points, key=lambda point: (point.at.end, point.at.start))))


def _restates(now: Figure, before: Figure) -> bool:
    """Whether a figure is another statement about the same thing at the same time, which both must say."""
    return (
        dated(now) is not None
        and state_one_time(now, before)
        and compare_statements(now, before).standing == "comparable"
    )


# Growth


def find_growth(series: Series) -> tuple[Growth, ...]:
    """Return the growth over each stretch of a series without a break that has two exact figures."""
    return tuple(growth for stretch in _stretches(series) if (growth := _growth(stretch)))


def _stretches(series: Series) -> Iterator[list[Figure]]:
    """Yield the outcomes between two breaks, in order."""
    stretch: list[Figure] = []
    for joint in series.joints:
        stretch = stretch or [joint.before]
        if joint.standing != "comparable":
            yield stretch
            stretch = []
        stretch = [*stretch, joint.now]
    yield stretch


def _growth(stretch: list[Figure]) -> Growth | None:
    exact = [figure for figure in stretch if isinstance(figure.value, Quantity) and figure.value.is_exact]
    if len(exact) < 2:
        return None
    found = compare(exact[-1], exact[0])
    if found.standing != "comparable" or found.difference is None:
        return None
    first, last = _number(found.before), _number(found.now)
    simple = found.percent if first > ZERO and last > ZERO else None
    years = _whole_years(found.now, found.before)
    annual = Quantity.exact(annual_growth(first, last, years)) if simple and years > 1 else None
    return Growth(found, simple, years, annual.rounded(TENTH) if annual else None)


def _number(figure: Figure) -> Decimal:
    assert isinstance(figure.value, Quantity)
    return figure.value.number


def _whole_years(now: Figure, before: Figure) -> int:
    """Return the years between two figures that are dated alike, else 0."""
    a, b = now.when, before.when
    unstated = any(figure.period is not None and not figure.period.is_stated for figure in (now, before))
    if a is None or b is None or unstated or a.granularity != b.granularity:
        return 0
    return a.year - b.year if (a.part, a.day) == (b.part, b.day) else 0


def annual_growth(first: Decimal, last: Decimal, years: int) -> Decimal:
    """Return the compound annual growth in per cent: 100 × ((last ÷ first)^(1 ÷ years) − 1).

    The root is computed to more digits than are kept: one that is a short decimal comes out as exactly
    that, so that a half is rounded as a half.
    """
    with localcontext(prec=60):
        root = (last / first) ** (1 / Decimal(years))
    with localcontext(prec=45):
        return HUNDRED * (+root - 1)
