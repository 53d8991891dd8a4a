"""Runs programs in turn, round after round, and notes time, memory and the size of what they wrote."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from threading import Timer
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).parents[2]
WORK = ROOT / "build" / "bench"
LIMIT, LASTING_LIMIT = 900.0, 14_400.0
"""Seconds after which a program is stopped, and one that makes thousands of briefings."""

Mode = Literal["start", "cold", "warm", "pages", "rows", "batch", "memory"]


@dataclass(frozen=True, slots=True)
class Job:
    """One program that makes the documents of a group, in a way."""

    mode: Mode
    group: str
    name: str
    layout: str
    """Who places the axes of charts: "constrained", "fixed" or, where there is no choice, nothing."""
    command: Callable[[int], Sequence[str]] = field(compare=False)
    """The command line of a round, which every round gives other figures."""

    @property
    def folder(self) -> Path:
        """Where it writes; empty whenever it begins."""
        return WORK / "out" / "-".join(filter(None, (self.mode, self.group, self.name, self.layout))).lower()


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took."""

    seconds: float
    """Of the whole process; in the mode `warm`, the median of the second to the last briefing."""
    mebibytes: float
    """The peak of its resident memory."""
    sizes: Mapping[str, int]
    """Bytes of the files of each ending."""
    said: Any = None
    """What it printed as JSON."""


class FailedError(Exception):
    """A program that did not end well; the message says which and why."""


Measured = dict[Job, list[Run]]


def measure(jobs: Sequence[Job], rounds: int, *, warm_up: bool = False, may_fail: bool = False) -> Measured:
    """Return the runs of each job, all jobs in turn in each round; a round to warm up is not counted.

    Raises FailedError, unless jobs may fail: such a one is told, has no runs, and the others go on.
    """
    runs: Measured = {job: [] for job in jobs}
    standing = list(jobs)
    for number in range(-warm_up, rounds):
        when = "warming up" if number < 0 else f"round {number + 1} of {rounds}"
        for job in tuple(standing):
            tell(f"{when}: {job.mode}, {job.group}, {job.name} {job.layout}")
            try:
                run = run_job(job, number + warm_up)
            except FailedError as error:
                if not may_fail:
                    raise
                print(f"\nbench: {error}", file=sys.stderr)
                standing.remove(job)
                runs[job].clear()
                continue
            if number >= 0:
                runs[job].append(run)
    tell("")
    return runs


def tell(words: str) -> None:
    """Show on the terminal, if there is one, what is under way."""
    if sys.stderr.isatty():
        print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)


def run_job(job: Job, number: int) -> Run:
    """Return what a job took in a round; raise FailedError."""
    shutil.rmtree(job.folder, ignore_errors=True)
    job.folder.mkdir(parents=True)
    seconds, mebibytes, text = run_process(
        job.command(number), layout=job.layout, limit=LASTING_LIMIT if job.mode == "memory" else LIMIT
    )
    said: Any = json.loads(text) if text.startswith("{") else None
    if job.mode == "warm":
        seconds = median(said["seconds"][1:])
    sizes: dict[str, int] = {}
    for path in job.folder.rglob("*.*"):
        sizes[path.suffix] = sizes.get(path.suffix, 0) + path.stat().st_size
    return Run(seconds, mebibytes, sizes, said)


def run_process(
    command: Sequence[str], *, layout: str = "", limit: float = LIMIT
) -> tuple[float, float, str]:
    """Return the seconds of a process, the mebibytes it had at most, and what it printed.

    The peak is the kernel's, which counts what this process had when it started the other: so nothing
    large may be imported here. Raises FailedError.
    """
    environment = os.environ | {"PEERS_LAYOUT": layout or "constrained"}
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        start = time.perf_counter()
        child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=err)
        timer = Timer(limit, child.kill)
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if child.returncode:
            why = f"stopped after {seconds:.0f} s" if seconds >= limit else err.read().strip()[-400:]
            raise FailedError(f"{' '.join(command[:4])} …: exit code {child.returncode}: {why}")
        return seconds, usage.ru_maxrss / 1024, out.read()
