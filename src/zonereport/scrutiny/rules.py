"""All rules by their code, and looking at a zone by every one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.scrutiny.between import (
    growth_that_differs,
    levels_that_jump,
    totals_that_fall,
    units_that_slipped,
)
from zonereport.scrutiny.finding import Doubt, Finding
from zonereport.scrutiny.sources import (
    sources_before_their_figures,
    sources_given_twice,
    sources_that_nobody_can_find,
    sources_without_use,
)
from zonereport.scrutiny.within import (
    dates_of_another_time,
    formulas_that_differ,
    fractions_for_percent,
    numbers_of_two_kinds,
    parts_beyond_their_whole,
    parts_that_do_not_sum,
    prints_that_differ,
    rates_out_of_line,
    stale_stocks,
    targets_in_the_past,
)
from zonereport.zone.parsing import find_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from zonereport.zone.model import Zone

RULES: Mapping[str, Callable[[Zone], Iterator[Doubt]]] = {
    "parts-sum": parts_that_do_not_sum,
    "formula-differs": formulas_that_differ,
    "exceeds-whole": parts_beyond_their_whole,
    "rate-differs": rates_out_of_line,
    "target-past": targets_in_the_past,
    "same-number": numbers_of_two_kinds,
    "printed-differs": prints_that_differ,
    "fraction": fractions_for_percent,
    "other-period": dates_of_another_time,
    "stale": stale_stocks,
    "source-early": sources_before_their_figures,
    "source-twice": sources_given_twice,
    "source-unused": sources_without_use,
    "source-vague": sources_that_nobody_can_find,
}
"""What one file shows by itself; docs/checks.md explains each code."""

RULES_BESIDE: Mapping[str, Callable[[Zone, Sequence[Zone]], Iterator[Doubt]]] = {
    "growth-differs": growth_that_differs,
    "level-jump": levels_that_jump,
    "unit-slip": units_that_slipped,
    "cumulative-falls": totals_that_fall,
}
"""What shows only beside an earlier snapshot."""


def find_doubts(zone: Zone, earlier: Sequence[Zone] = ()) -> tuple[Finding, ...]:
    """Return what does not add up in a zone, or is unlikely, beside its earlier snapshots; rule by rule.

    Of `earlier`, only snapshots of the same zone that end before this one count. A finding names the
    line where the zone still has the text it was read from.
    """
    before = [other for other in earlier if other.id == zone.id and _is_before(other, zone)]
    doubts = [(code, doubt) for code, rule in RULES.items() for doubt in rule(zone)]
    doubts += [(code, doubt) for code, rule in RULES_BESIDE.items() for doubt in rule(zone, before)]
    paths = [doubt.path for _, doubt in doubts]
    origin = zone.origin
    lines = find_lines(origin.text, f".{origin.format}", paths) if origin else [None] * len(paths)
    return tuple(
        Finding(code, ".".join(map(str, doubt.path)), doubt.message, doubt.hint, line)
        for (code, doubt), line in zip(doubts, lines, strict=True)
    )


def _is_before(one: Zone, other: Zone) -> bool:
    a, b = one.edition.snapshot, other.edition.snapshot
    return a.is_stated and b.is_stated and a.end < b.end
