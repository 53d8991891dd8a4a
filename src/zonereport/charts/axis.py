"""A time axis to scale: where a day stands in years, and from what year to what year the ticks go."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def in_years(day: date) -> float:
    """Return a day as a year and its part that has passed."""
    return day.year + (day.timetuple().tm_yday - 1) / 366


def ticked(first: float, last: float) -> tuple[float, float, list[float]]:
    """Return where an axis over a span begins and ends, and the years of at most nine ticks."""
    step = next(
        step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000) if (last - first) / step <= 7
    )
    low, high = first // step * step, -(-last // step) * step
    return low, high, [low + index * step for index in range(int((high - low) / step) + 1)]
