"""Times zonereport beside what users would pick instead, and says which targets hold: `make bench` runs it."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import FailedError, measure
from page import page, results
from programs import (
    batch_jobs,
    briefing_jobs,
    long_jobs,
    memory_jobs,
    prepare,
    start_jobs,
)

if TYPE_CHECKING:
    from measuring import Measured, Mode

USUAL: tuple[Mode, ...] = ("start", "cold", "warm", "pages", "rows", "batch")
EVERY: tuple[Mode, ...] = (*USUAL, "memory")
ROUNDS = 5
LONG_ROUNDS = 2
"""A document of 100,000 rows takes long, and its quickest round is what counts."""


def main() -> None:
    asked = read_options()
    try:
        prepare(asked.rounds)
        measured = run(asked.only, asked.rounds)
    except FailedError as error:
        raise SystemExit(f"\nbench: {error}") from None
    print(results(measured))
    if asked.write:
        write(measured, asked.write, asked.rounds)


def read_options() -> argparse.Namespace:
    """Return what to measure, in how many rounds, and where to write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", type=modes, default=USUAL, metavar="LIST", help=f"some of {','.join(EVERY)}"
    )
    parser.add_argument("--rounds", type=rounds, default=ROUNDS, metavar="N", help=f"{ROUNDS} if left out")
    parser.add_argument(
        "--write", type=Path, metavar="FOLDER", help="write benchmarks.md and its picture there"
    )
    asked = parser.parse_args()
    if asked.write and not {"cold", "warm"} & {*asked.only}:
        parser.error("`--write` needs `cold` or `warm`: the picture shows them")
    return asked


def modes(text: str) -> list[str]:
    """Return the modes that a list names."""
    names = text.split(",")
    if unknown := [name for name in names if name not in EVERY]:
        raise argparse.ArgumentTypeError(f"there is no `{unknown[0]}` among {', '.join(EVERY)}")
    return names


def rounds(text: str) -> int:
    """Return a number of rounds, one or more."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number of rounds, found `{text}`")
    return int(text)


def run(only: list[Mode], rounds: int) -> Measured:
    """Return the runs of all that was asked for; raise FailedError if a program of a briefing fails."""
    measured: Measured = {}
    for mode in only:
        match mode:
            case "start":
                measured |= measure(start_jobs(), rounds, warm_up=True)
            case "cold":
                measured |= measure(briefing_jobs(mode), rounds, warm_up=True)
            case "warm":
                measured |= measure(briefing_jobs(mode), rounds)
            case "pages" | "rows":
                measured |= measure(long_jobs(mode), min(rounds, LONG_ROUNDS), may_fail=True)
            case "batch":
                measured |= measure(batch_jobs(), rounds)
            case "memory":
                measured |= measure(memory_jobs(), 1)
    return measured


def write(measured: Measured, folder: Path, rounds: int) -> None:
    """Write the page and its picture into a folder."""
    from picture import draw

    (folder / "benchmarks.md").write_text(page(measured, date.today(), rounds), "utf-8")
    draw(measured, folder / "benchmarks.png")


if __name__ == "__main__":
    main()
