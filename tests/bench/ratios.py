"""Ratios taken round by round, and whether time grows in step with size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several rounds, with the least and the most."""

    median: float
    least: float
    most: float


def spread(values: Sequence[float]) -> Spread:
    """Return the median, the least and the most of some values."""
    return Spread(median(values), min(values), max(values))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Return how much one is of the other in each round: what slows a whole round falls out."""
    return spread([a / b for a, b in zip(ours, theirs, strict=True)])


def steepening(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return what a unit more costs between the two larger of three sizes, as times what it costs below.

    1 is a straight line, whatever its constant cost: that is in all three times, and so in no difference.
    Infinite where the second size took no longer than the first.
    """
    small, middle, large = sizes
    quick, slower, slowest = seconds
    before = (slower - quick) / (middle - small)
    return (slowest - slower) / (large - middle) / before if before > 0 else math.inf
