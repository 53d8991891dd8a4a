"""The same tasks on a Dask cluster: only by TLS, with the same versions everywhere, each kit sent once."""

from __future__ import annotations

import logging
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from zonereport.batch.kit import made_with, tell_apart
from zonereport.batch.making import make
from zonereport.batch.task import Failed
from zonereport.errors import ClusterError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from zonereport.batch.task import Kit, Made, Task

PATIENCE = 10
"""Seconds to wait for the scheduler, and for its first worker."""
AHEAD = 2
"""Tasks given at once for each thread of the cluster: one that is made, one that waits."""


@contextmanager
def cluster(
    kits: Mapping[str, Kit], address: str, *, authority: Path, certificate: Path, key: Path
) -> Iterator[Cluster]:
    """Give the workers of a scheduler at `tls://host:port`, who trust the authority as we do.

    Raises UsageError for an address without TLS or where Dask is not installed, ClusterError where the
    cluster cannot be reached, refuses us, or has other versions.
    """
    if not address.startswith("tls://"):
        raise UsageError(
            f"`{address[:80]}` is no address with TLS",
            hint="whoever reaches an open scheduler can run any code: start it with TLS, give tls://host:port",
        )
    try:
        from dask import config
        from distributed import Client, Security
    except ModuleNotFoundError as error:
        raise UsageError(
            f"`--scheduler` needs `{error.name}`, which is not installed",
            hint='run `pip install "zonereport[cluster]"`',
        ) from None
    security = Security(
        tls_ca_file=str(authority),
        tls_client_cert=str(certificate),
        tls_client_key=str(key),
        require_encryption=True,
    )
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what it would print is said by us
    with config.set({"distributed.admin.large-graph-warning-threshold": "4GB"}):
        try:
            client = Client(address, security=security, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise _unreached(address, error) from None
        try:
            _check(client, address)
            yield Cluster(client, kits)
        finally:
            client.close(timeout=2)


def _unreached(address: str, error: Exception) -> ClusterError:
    return ClusterError(
        f"the scheduler {address} cannot be reached: {str(error).splitlines()[0]}",
        hint="is it running, and was the certificate signed by the authority that it trusts?",
    )


def _check(client: Any, address: str) -> None:
    """Raise ClusterError unless there are workers, all with the versions that are here."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        there = client.run(made_with, on_error="return")
    except TimeoutError:
        raise ClusterError(f"the scheduler {address} has no workers", hint="start one, then again") from None
    except OSError as error:
        raise _unreached(address, error) from None
    for worker, versions in there.items():
        if isinstance(versions, ModuleNotFoundError):
            raise ClusterError(
                f"a worker lacks `{versions.name}`",
                hint='run `pip install "zonereport[cluster]"` where it runs',
            )
        if isinstance(versions, Exception):
            continue  # it was lost meanwhile; each worker looks again before it makes anything
        if differing := tell_apart(made_with(), versions):
            raise ClusterError(
                f"the worker {worker} would make other bytes: {differing}",
                hint="install the same versions everywhere",
            )


class Cluster:
    """A crew of Dask workers; one that is lost has its tasks made by another."""

    def __init__(self, client: Any, kits: Mapping[str, Kit]) -> None:
        self._client = client
        self._executor: Executor = client.get_executor(pure=False, retries=2)
        # a task and not scattered data: what only a lost worker had is made again from the scheduler's copy
        self._kits = {digest: client.submit(_same, kit, pure=False) for digest, kit in kits.items()}

    @property
    def window(self) -> int:
        """How many tasks it is given at once: workers may come and go."""
        try:
            threads: dict[str, int] = self._client.nthreads()
        except (OSError, RuntimeError) as error:
            raise _lost(str(error)) from None
        return AHEAD * max(1, sum(threads.values()))

    def submit(self, task: Task) -> Future[Made | Failed]:
        """Begin a task on some worker."""
        try:
            return self._executor.submit(make, task, self._kits[task.kit])
        except (OSError, RuntimeError) as error:
            raise _lost(str(error)) from None

    def explain(self, future: Future[Made | Failed]) -> Failed:
        """Return why no worker finished a task; raise ClusterError where the scheduler is lost."""
        error = None if future.cancelled() else future.exception()
        if error is None or isinstance(error, (CancelledError, OSError)):
            raise _lost(str(error or ""))
        if type(error).__name__ == "KilledWorker":
            return Failed("each worker that made it died", "their logs may say why; often memory ran out")
        return Failed(f"a worker cannot make it: {type(error).__name__}: {error}", "its log may say why")


def _lost(why: str) -> ClusterError:
    return ClusterError(
        f"the scheduler was lost{why and f': {why.splitlines()[0]}'}",
        hint="what was made is kept; the same command goes on where this one ended",
    )


def _same(kit: Kit) -> Kit:
    return kit
