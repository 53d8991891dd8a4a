"""A crew that makes each briefing at once in this process, and a batch made by it."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zonereport.batch.making import make
from zonereport.batch.manifest import FontsHere, opened
from zonereport.batch.planning import Request, plan
from zonereport.batch.running import run
from zonereport.batch.task import Failed, Made

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from zonereport.batch.task import Kit, Task


@dataclass
class Here:
    """Who makes it when asked, and counts."""

    kits: Mapping[str, Kit]
    window: int = 1
    given: int = 0

    def submit(self, task: Task) -> Future[Made | Failed]:
        self.given += 1
        future: Future[Made | Failed] = Future()
        future.set_result(make(task, self.kits[task.kit]))
        return future

    def explain(self, future: Future[Made | Failed]) -> Failed:
        raise AssertionError(f"it was made here: {future}")


def request(*files: Path, **more: object) -> Request:
    """Return what is asked for: one format, which is quick."""
    return Request(files=files, **{"formats": ("html",), **more})  # type: ignore[arg-type]


def make_batch(folder: Path, asked: Request) -> list[str]:
    """Make what a folder lacks; return the names of the files that were written."""
    planned = plan(asked)
    fonts = FontsHere()
    written = []
    with opened(folder) as manifest:
        jobs = [job.making(manifest.lacking(job, fonts)) for job in planned.jobs]
        for job, made in run([job for job in jobs if job.task.formats], Here(planned.kits)):
            assert isinstance(made, Made), made
            written += [path.name for path in manifest.record(job, planned.kits[job.task.kit], made)]
    return written
