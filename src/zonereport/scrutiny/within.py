"""Doubts that one file raises by itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from statistics import median
from typing import TYPE_CHECKING

from zonereport.measures import derive, of_one_time
from zonereport.scrutiny.finding import Doubt, is_apart, is_outcome, known, possible, written
from zonereport.zone.formula import evaluate
from zonereport.zone.printed import possible_readings
from zonereport.zone.quantity import ZERO, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zonereport.zone.model import Breakdown, Figure, Zone
    from zonereport.zone.parsing import KeyPath
    from zonereport.zone.printed import Reading

RATE_TOLERANCE = Decimal("0.1")
"""How far an implied exchange rate may lie from the file's others: rounding and the year explain a tenth."""

TELLING = 100
"""Numbers below meet by chance."""


def parts_that_do_not_sum(zone: Zone) -> Iterator[Doubt]:
    """Yield parts that come to more than the total, or, where they are all there are, to less."""
    for figure, total in known(zone):
        if figure.breakdown is not None:
            yield from _sum(figure, figure.breakdown, possible(total, figure.unit))


def _sum(figure: Figure, breakdown: Breakdown, total: Quantity) -> Iterator[Doubt]:
    values = [part.value for part in breakdown.parts if isinstance(part.value, Quantity)]
    whole = sum((possible(value, figure.unit) for value in values), Quantity.exact(ZERO))
    path: KeyPath = ("figures", figure.id, "breakdown", "parts")
    shown = written(sum((value.number for value in values), ZERO))
    if whole.low.value > total.high.value and not breakdown.overlapping:
        hint = "if one thing may be of several kinds, say `overlapping = true`; else mend a part or the total"
        yield Doubt(path, f"the parts come to {shown}, more than the total", hint)
    elif breakdown.complete and len(values) == len(breakdown.parts) and whole.high.value < total.low.value:
        yield Doubt(
            path,
            f"the parts come to {shown}, less than the total",
            "add the part that is missing, or leave out `complete`",
        )


def formulas_that_differ(zone: Zone) -> Iterator[Doubt]:
    """Yield shares and ratios that disagree with the published figures they are made of."""
    for figure, value in known(zone):
        others = {id: other for id, other in zone.figures.items() if id != figure.id}
        derived = derive(replace(zone, figures=others)).get(figure.id) if figure.indicator.formula else None
        if derived is None or any(input.inputs for input in derived.inputs) or derived.unit != figure.unit:
            continue
        inputs = {
            input.id: possible(input.value, input.unit)
            for input in derived.inputs
            if isinstance(input.value, Quantity)
        }
        try:
            made = evaluate(figure.indicator.formula, inputs.__getitem__, Quantity.exact)
        except ZeroDivisionError:
            continue
        if is_apart(made, possible(value, figure.unit)) and isinstance(derived.value, Quantity):
            names = " and ".join(f"`{id}`" for id in inputs)
            yield Doubt(
                ("figures", figure.id),
                f"is {written(value.number)}, by {names} it would be {written(derived.value.number)}",
                "if the source means another base, say which by `scope` or `label`",
            )


def parts_beyond_their_whole(zone: Zone) -> Iterator[Doubt]:
    """Yield figures that are larger than the one that the catalogue says they are counted in."""
    for figure, value in known(zone):
        whole = zone.figures.get(figure.indicator.within)
        if whole is None or not isinstance(whole.value, Quantity) or whole.unit != figure.unit:
            continue
        beyond = possible(value, figure.unit).low.value > possible(whole.value, whole.unit).high.value
        if beyond and figure.scope == whole.scope and of_one_time([figure, whole]):
            yield Doubt(
                ("figures", figure.id),
                f"is more than `{whole.id}`, which counts these and others",
                "if the two cover other things, say what by `scope`",
            )


def rates_out_of_line(zone: Zone) -> Iterator[Doubt]:
    """Yield second values in another currency whose rate is far from the others in the file."""
    rates: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    for figure, value in known(zone):
        if figure.also and value.number > ZERO and figure.also.quantity.number > ZERO:
            pair = (figure.unit, figure.also.unit)
            rates[pair][figure.id] = value.number / figure.also.quantity.number
    for (one, other), found in rates.items():
        if one == other:
            usual = Decimal(1)
        elif len(found) > 1:
            usual = next(iter(found.values())) if len(found) == 2 else median(found.values())
        else:
            continue
        for id, rate in found.items():
            if abs(rate / usual - 1) > RATE_TOLERANCE:
                yield Doubt(
                    ("figures", id, "also"),
                    f"implies {written(rate)} {one} for 1 {other}, the file's others {written(usual)}",
                    "look at both values and their scales in the source",
                )


def targets_in_the_past(zone: Zone) -> Iterator[Doubt]:
    """Yield targets and forecasts of a time that is over when the edition comes out."""
    day = zone.edition.date
    for figure, _ in known(zone):
        when = figure.when
        if not is_outcome(figure) and when is not None and when.is_stated and when.end < day:
            what = "target" if figure.indicator.kind == "target" else "forecast"
            yield Doubt(
                ("figures", figure.id, "period" if when == figure.period else "as_of"),
                f"a {what} for {when} in an edition of {day}: its time is over",
                "give the outcome, or the year that is meant as `period`",
            )


def numbers_of_two_kinds(zone: Zone) -> Iterator[Doubt]:
    """Yield the same number under two related indicators: one of the two is often the other, misread."""
    for (one, a), (two, b) in combinations(known(zone), 2):
        is_same = a == b and a.is_exact and a.number >= TELLING and one.unit == two.unit
        is_doubted = "definition_differs" in one.status | two.status
        if (
            is_same
            and not is_doubted
            and one.indicator.family
            and one.indicator.family == two.indicator.family
        ):
            yield Doubt(
                ("figures", two.id),
                f"is {written(a.number)}, as `{one.id}` is",
                'if the source is in doubt about what it counts, say `status = "definition_differs"`',
            )


def prints_that_differ(zone: Zone) -> Iterator[Doubt]:
    """Yield values that are not what `printed` says, in whatever language it is."""
    for figure in zone.figures.values():
        readings = possible_readings(figure.printed, figure.unit) if figure.printed else []
        if readings and not any(_agrees(reading, figure) for reading in readings):
            yield Doubt(
                ("figures", figure.id, "printed"),
                f"`{figure.printed[:40]}` does not say the value given",
                "mend the one that is wrong: number, scale, qualifier or unit",
            )


def _agrees(reading: Reading, figure: Figure) -> bool:
    counts = {"number", "persons"}
    one_unit = reading.unit in ("", figure.unit) or {reading.unit, figure.unit} <= counts
    also = reading.also is None or figure.also is None or _is_same(reading.also.value, figure.also.quantity)
    return one_unit and also and _is_same(reading.value, figure.value)


def _is_same(a: object, b: object) -> bool:
    """Whether two values are one number, qualified in the same direction: "nearly" is about, and below."""
    if not isinstance(a, Quantity) or not isinstance(b, Quantity):
        return a == b
    numbers = (
        (a.number, a.high.value) == (b.number, b.high.value)
        if "range" in (a.qualifier, b.qualifier)
        else a.number == b.number
    )
    directions = {_DIRECTIONS[a.qualifier], _DIRECTIONS[b.qualifier]}
    return numbers and (len(directions) == 1 or directions in ({0, 1}, {0, -1}))


_DIRECTIONS = {
    "exact": 9,
    "range": 8,
    "unknown": 7,
    "about": 0,
    "more_than": 1,
    "at_least": 1,
    "less_than": -1,
    "up_to": -1,
}


def is_fraction(figure: Figure) -> bool:
    """Whether a percentage may be a fraction of one: below 1, and not printed so."""
    value = figure.value
    if figure.unit != "percent" or not isinstance(value, Quantity) or not ZERO < abs(value.number) < 1:
        return False
    return not possible_readings(figure.printed) if figure.printed else True


def fractions_for_percent(zone: Zone) -> Iterator[Doubt]:
    """Yield percentages below 1 that may be fractions: 0.041 for 4.1 %."""
    for figure, value in known(zone):
        if is_fraction(figure):
            yield Doubt(
                ("figures", figure.id),
                f"is {written(value.number)} %: a percentage holds the number as printed, 4.1 for 4.1 %",
                f'if it is that small, give `printed = "{value.number}%"`',
            )


def dates_of_another_time(zone: Zone) -> Iterator[Doubt]:
    """Yield flows of another period than the snapshot's, and stocks of a later date."""
    snapshot = zone.edition.snapshot
    for figure, _ in known(zone):
        when = figure.when
        if when is None or not when.is_stated or not snapshot.is_stated or not is_outcome(figure):
            continue
        is_old = when.end < snapshot.start
        if (is_old and when == figure.period) or when.start > snapshot.end:
            yield Doubt(
                ("figures", figure.id, "period" if when == figure.period else "as_of"),
                f"is of {when}, the snapshot of {snapshot}",
                f"a figure of {when} belongs in a file of its own, given as `--previous`",
            )


def stale_stocks(zone: Zone) -> Iterator[Doubt]:
    """Yield stocks that are older than the snapshot."""
    snapshot = zone.edition.snapshot
    for figure, _ in known(zone):
        when = figure.when
        if when is None or not when.is_stated or not snapshot.is_stated or when == figure.period:
            continue
        if when.end < snapshot.start and is_outcome(figure):
            yield Doubt(
                ("figures", figure.id, "as_of"),
                f"stands as of {when}, before the snapshot of {snapshot} begins",
                "look for a newer figure, or leave it to the earlier snapshot",
            )
