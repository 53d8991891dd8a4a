"""Giving tasks to a crew, a few at a time, and taking what comes back in any order."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, wait
from typing import TYPE_CHECKING, Protocol

from zonereport.batch.task import Failed, Made

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from zonereport.batch.planning import Job
    from zonereport.batch.task import Task


class Crew(Protocol):
    """Who makes briefings: processes of this machine, or a cluster, behind `concurrent.futures`."""

    @property
    def window(self) -> int:
        """How many tasks it is given at once."""

    def submit(self, task: Task) -> Future[Made | Failed]:
        """Begin a task."""

    def explain(self, future: Future[Made | Failed]) -> Failed:
        """Return why a task came to nothing; raise ClusterError if no other can be made either."""


def run(jobs: Iterable[Job], crew: Crew) -> Iterator[tuple[Job, Made | Failed]]:
    """Yield each job with what became of it, as it is done; the crew works on meanwhile.

    What its worker did not survive is tried once more, and blamed if that worker dies too.
    """
    waiting: dict[Future[Made | Failed], Job] = {}
    rest = iter(jobs)
    tried: set[tuple[str, ...]] = set()
    while True:
        while len(waiting) < crew.window and (job := next(rest, None)):
            waiting[crew.submit(job.task)] = job
        if not waiting:
            return
        ended = []
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            job = waiting.pop(future)
            outcome = _outcome(future, crew)
            if isinstance(outcome, Failed) and outcome.again and job.key not in tried:
                tried.add(job.key)
                waiting[crew.submit(job.task)] = job
            else:
                ended.append((job, outcome))
                if following := next(rest, None):
                    waiting[crew.submit(following.task)] = following
        yield from ended


def _outcome(future: Future[Made | Failed], crew: Crew) -> Made | Failed:
    if future.cancelled() or future.exception():
        return crew.explain(future)
    return future.result()
