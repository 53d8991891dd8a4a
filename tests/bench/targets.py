"""The targets, a function each: what was measured for it, and whether it holds."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from programs import BARE, BATCH, OURS, SIZES, TUTORIALS, TYPST
from ratios import ratio, steepening

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from measuring import Job, Measured, Run

MEBIBYTES, OF_TUTORIALS = 115.0, 0.8
SLOPE = 1.3
"""How many times as much a page or row may cost among many as among few."""
SECONDS_OF_ROWS = 30.0
GROWTH = 10.0
"""Mebibytes that a worker may grow by."""
FROM = 300
"""The briefing from which its growth is counted."""
UNMEASURED, FAILED = "not measured", "failed"


@dataclass(frozen=True, slots=True)
class Line:
    """One target: what is compared, how much it may be, how much it is."""

    what: str
    target: str
    measured: str = UNMEASURED
    holds: bool | None = None
    """None where it was not measured."""


def judge(measured: Measured) -> list[Line]:
    """Return every target, beside what was measured for it."""
    return [
        _against(measured, "cold", "PDF", TYPST, 0.75),
        _against(measured, "cold", "both", TUTORIALS, 0.60),
        _against(measured, "warm", "both", TUTORIALS, 0.40),
        _against(measured, "warm", "PDF", TYPST, 0.50),
        _memory(measured),
        _against(measured, "start", "help", BARE, 10),
        *_lengths(measured),
        _throughput(measured),
        _growth(measured),
    ]


def find(measured: Measured, mode: str, group: str, name: str) -> list[Run] | None:
    """Return the runs of a program, of a peer with its charts as users write them.

    None where it was not asked for; no runs where it failed.
    """
    wanted = (mode, group, name)
    return next(
        (
            runs
            for job, runs in measured.items()
            if (job.mode, job.group, job.name) == wanted and job.layout != "fixed"
        ),
        None,
    )


def _against(measured: Measured, mode: str, group: str, peer: str, most: float) -> Line:
    what = (
        "`zonereport --help` beside `python -c pass`"
        if mode == "start"
        else f"{group}, {mode}, beside {peer}"
    )
    ours, theirs = find(measured, mode, group, OURS), find(measured, mode, group, peer)
    target = f"≤ {most:.2f}" if most < 1 else f"≤ {most:g} ×"
    if not ours or not theirs:
        return Line(what, target)
    found = ratio([run.seconds for run in ours], [run.seconds for run in theirs])
    return Line(
        what, target, f"{found.median:.2f} ({found.least:.2f} to {found.most:.2f})", found.median <= most
    )


def _memory(measured: Measured) -> Line:
    what = f"both, cold: peak memory, or beside {TUTORIALS}"
    target = f"≤ {MEBIBYTES:.0f} MiB, or ≤ {OF_TUTORIALS}"
    ours, theirs = (
        [run.mebibytes for run in find(measured, "cold", "both", name) or []] for name in (OURS, TUTORIALS)
    )
    if not ours or not theirs:
        return Line(what, target)
    peak, part = median(ours), ratio(ours, theirs).median
    return Line(what, target, f"{peak:.0f} MiB; {part:.2f}", peak <= MEBIBYTES or part <= OF_TUTORIALS)


def _lengths(measured: Measured) -> Iterator[Line]:
    for kind, sizes in SIZES.items():
        for format, name in (("pdf", "PDF"), ("docx", "Word")):
            what = f"{name}: a {kind[:-1]} more, from {sizes[1]:,} to {sizes[2]:,} beside from {sizes[0]:,}"
            yield _length(what, sizes, [_quickest(measured, kind, format, size) for size in sizes])
    rows = SIZES["rows"][-1]
    line = Line(f"PDF of {rows:,} rows", f"≤ {SECONDS_OF_ROWS:.0f} s")
    took = _quickest(measured, "rows", "pdf", rows)
    if took is not None:
        line = replace(
            line, measured=f"{took:.1f} s" if took < math.inf else FAILED, holds=took <= SECONDS_OF_ROWS
        )
    yield line


def _length(what: str, sizes: Sequence[int], seconds: Sequence[float | None]) -> Line:
    line = Line(what, f"≤ {SLOPE} ×")
    known = [second for second in seconds if second is not None]
    if len(known) < len(seconds):
        return line
    if math.inf in known:
        return replace(line, measured=FAILED, holds=False)
    found = steepening(sizes, known)
    return replace(line, measured=f"{found:.2f} ×", holds=found <= SLOPE)


def _quickest(measured: Measured, kind: str, format: str, size: int) -> float | None:
    """Return the least seconds of a long document's runs; None where it was not asked for."""
    runs = find(measured, kind, format, f"{size:,} {kind}")
    return None if runs is None else quickest(runs)


def quickest(runs: Sequence[Run]) -> float:
    """Return the least seconds of a long document: other work on the machine only adds; infinite if it failed."""
    return min((run.said["seconds"] for run in runs), default=math.inf)


def _throughput(measured: Measured) -> Line:
    what, target = f"`batch` of {BATCH} zones: throughput of two jobs beside one", "≥ 1.85 ×"
    one, two = (find(measured, "batch", "both", f"{jobs} jobs") for jobs in (1, 2))
    if not one or not two:
        return Line(what, target)
    found = ratio([run.seconds for run in one], [run.seconds for run in two])
    return Line(
        what, target, f"{found.median:.2f} ({found.least:.2f} to {found.most:.2f})", found.median >= 1.85
    )


def _growth(measured: Measured) -> Line:
    runs = find(measured, "memory", "both", OURS)
    what, target = f"one worker from the {FROM}th briefing to its last", f"≤ {GROWTH:.0f} MiB more"
    if not runs:
        return Line(what, target)
    after = runs[0].said["mebibytes"]
    grown = median(after[-20:]) - median(after[FROM - 10 : FROM + 10])
    return Line(what, target, f"{grown:+.1f} MiB over {len(after):,} briefings", grown <= GROWTH)


def beside(measured: Measured, job: Job) -> str:
    """Return how a program's time stands to zonereport's in its group, round by round."""
    ours = find(measured, job.mode, job.group, OURS)
    if job.name == OURS or not ours:
        return ""
    found = ratio([run.seconds for run in ours], [run.seconds for run in measured[job]])
    return f"{found.median:.2f}"
