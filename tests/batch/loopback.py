"""A Dask cluster of this machine: a scheduler and its workers, reached by TLS with certificates made here."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 60


class Loopback:
    """A running cluster."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        self.workers: list[subprocess.Popen[bytes]] = []
        self.options = certificates(folder, "cluster")
        found = folder / "scheduler.json"
        self.scheduler = self._start(
            *("scheduler", "--host", "127.0.0.1", "--port", "0", "--protocol", "tls", "--no-dashboard"),
            *("--no-show", "--scheduler-file", found),
        )
        deadline = time.monotonic() + PATIENCE
        while not (found.exists() and found.read_text("utf-8").endswith("}")):
            assert self.scheduler.poll() is None, "the scheduler did not start"
            assert time.monotonic() < deadline, "the scheduler takes too long"
            time.sleep(0.05)
        self.address = str(json.loads(found.read_text("utf-8"))["address"])

    def add_worker(self) -> None:
        """Start one more worker."""
        name = f"worker-{len(self.workers)}"
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", self.folder / name)
        self.workers.append(self._start("worker", self.address, *options))

    def kill_worker(self, number: int) -> None:
        """Kill one of the workers that run."""
        worker = self.workers.pop(number)
        worker.kill()
        worker.wait()

    def close(self) -> None:
        """End what runs still."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, kind: str, *arguments: object) -> subprocess.Popen[bytes]:
        log = (self.folder / "log").open("ab")
        program = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments, *self.options]
        with log:
            return subprocess.Popen(list(map(str, program)), stdout=log, stderr=log, env=self.environment)


@contextmanager
def loopback(folder: Path, workers: int, environment: dict[str, str]) -> Iterator[Loopback]:
    """Give a cluster with so many workers, who have an environment."""
    cluster = Loopback(folder, environment)
    try:
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        cluster.close()


def certificates(folder: Path, name: str) -> list[str]:
    """Return Dask's options for a certificate that a new authority signed."""
    authority, certificate, key = files = [
        folder / f"{name}-{part}.pem" for part in ("authority", "cert", "key")
    ]
    signer = trustme.CA()
    issued = signer.issue_cert("localhost", "127.0.0.1")
    signer.cert_pem.write_to_path(authority)
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(key)
    assert all(file.exists() for file in files)
    return ["--tls-ca-file", str(authority), "--tls-cert", str(certificate), "--tls-key", str(key)]


def for_batch(address: str, options: list[str]) -> list[str]:
    """Return the options of `zonereport batch` for a cluster and Dask's options for its certificates."""
    return ["--scheduler", address, "--tls-ca", options[1], "--tls-cert", options[3], "--tls-key", options[5]]
