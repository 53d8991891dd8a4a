"""Processes of this machine, each with one task at a time: whichever dies is blamed on the task it had."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from typing import TYPE_CHECKING

from zonereport.batch.making import make
from zonereport.batch.task import Failed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Future
    from multiprocessing.process import BaseProcess

    from zonereport.batch.task import Kit, Made, Task

PR_SET_PDEATHSIG = 1
"""Of prctl(2): the signal that a process gets when its parent ends, however that ends."""


@contextmanager
def workers(kits: Mapping[str, Kit], count: int, *, timeout: float) -> Iterator[Workers]:
    """Give so many workers; at the end, however it comes, none is left, nor a file of theirs."""
    with tempfile.TemporaryDirectory(prefix="zonereport-batch-") as scratch:
        crew = Workers(kits, count, timeout, scratch)
        try:
            yield crew
        finally:
            crew.close()


class Workers:
    """A crew of processes, each started when there is a task for it."""

    def __init__(self, kits: Mapping[str, Kit], count: int, timeout: float, scratch: str) -> None:
        self.window = count
        self._timeout = timeout
        self._begin_with = (dict(kits), scratch, timeout, os.getpid())
        self._workers: list[_Worker] = []

    def submit(self, task: Task) -> Future[Made | Failed]:
        """Begin a task in a worker that has none, a new one where there is no such; `window` is the most."""
        while idle := next((worker for worker in self._workers if worker.is_idle), None):
            try:
                idle.future = idle.pool.submit(_work, task)
                return idle.future
            except BrokenExecutor:  # it was killed while it had nothing to do
                self._workers.remove(idle)
                idle.close()
        self._workers.append(_Worker(self._begin_with, task))
        return self._workers[-1].future

    def explain(self, future: Future[Made | Failed]) -> Failed:
        """Return how the worker of a task ended; until then it is kept, to be asked."""
        worker = next(worker for worker in self._workers if worker.future is future)
        self._workers.remove(worker)
        error = None if future.cancelled() else future.exception()
        code = worker.close()
        if error and not isinstance(error, BrokenExecutor):
            return Failed(f"internal error: {type(error).__name__}: {error}", "this is a fault of zonereport")
        if code == -signal.SIGALRM:
            message = f"not done after {self._timeout:g} seconds"
            return Failed(message, "give it longer by `--timeout`, if it only has much to draw")
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
        return Failed(
            f"the process that made it was ended {how}, twice",
            "SIGKILL often means that memory ran out: try fewer `--jobs`",
            again=True,
        )

    def close(self) -> None:
        """End every worker at once."""
        for worker in self._workers:
            worker.close()


class _Worker:
    """A pool of one process, and the task that it has."""

    def __init__(self, begin_with: tuple[dict[str, Kit], str, float, int], task: Task) -> None:
        self.pool = ProcessPoolExecutor(1, get_context("spawn"), _begin, begin_with)
        others = set(active_children())
        with _without_interruption():
            self.future: Future[Made | Failed] = self.pool.submit(_work, task)
            self.process: BaseProcess | None = next(iter(set(active_children()) - others), None)

    @property
    def is_idle(self) -> bool:
        """Whether it has done its task and not died of it."""
        return self.future.done() and not self.future.exception()

    def close(self) -> int:
        """End the process if it has not ended; return its exit code."""
        if self.process:
            self.process.kill()
        self.pool.shutdown(cancel_futures=True)
        return (self.process.exitcode if self.process else None) or 0


@contextmanager
def _without_interruption() -> Iterator[None]:
    """Keep signals waiting while a process is started: it inherits that, and no half-started one is left."""
    held = {signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In the worker

_kits: dict[str, Kit] = {}
_timeout = [0.0]


def _begin(kits: dict[str, Kit], scratch: str, timeout: float, parent: int) -> None:
    """Make a fresh process a worker: it ends with its parent, and only the parent minds Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    _end_with(parent)
    tempfile.tempdir = scratch
    _kits.update(kits)
    _timeout[0] = timeout
    import zonereport.render.html.document
    import zonereport.render.pdf.document
    import zonereport.render.word.document  # noqa: F401 - loaded before the first task's time runs


def _end_with(parent: int) -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _work(task: Task) -> Made | Failed:
    """Make a briefing; a task that takes too long ends its process, by the kernel's clock."""
    signal.setitimer(signal.ITIMER_REAL, _timeout[0])
    try:
        return make(task, _kits[task.kit])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
