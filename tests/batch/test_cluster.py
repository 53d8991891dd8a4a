"""The same batch on a Dask cluster, whose workers, scheduler and versions are not always as they should be."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from loopback import for_batch, loopback
from many_zones import command, contents, environment, write_zones

from zonereport.batch import cluster
from zonereport.batch.kit import made_with
from zonereport.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

PATIENCE = 120

pytestmark = pytest.mark.slow


def test_a_small_trial_finds_no_fault() -> None:
    program = [sys.executable, str(Path(__file__).with_name("trial.py")), "--zones", "16", "--kills", "1"]
    done = subprocess.run(
        program, capture_output=True, text=True, env=environment(), check=False, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "cluster: 1 of 1 batches complete and the same" in done.stdout


def test_a_lost_scheduler_ends_with_3_and_the_same_command_goes_on(tmp_path: Path, run: Run) -> None:
    write_zones(tmp_path / "zones", 12)
    asked = (tmp_path / "zones", "-f", "html", "-o", tmp_path / "output")
    manifest = tmp_path / "output" / "manifest.jsonl"
    with loopback(tmp_path, 1, environment()) as dask:
        program = command(*asked, *for_batch(dask.address, dask.options))
        started = subprocess.Popen(
            program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
        )
        deadline = time.monotonic() + PATIENCE
        while not manifest.exists():
            assert started.poll() is None, started.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        dask.scheduler.kill()
        said, told = started.communicate(timeout=PATIENCE)
    assert started.returncode == 3, told
    assert "the scheduler was lost" in told
    assert "the same command goes on where this one ended" in told
    assert "Traceback" not in told
    made = int(said.split(" made")[0])
    assert 1 <= made < 12
    code, said, told = run("batch", *asked, "-j", 1)
    assert (code, said.split(";")[0]) == (0, f"{12 - made} made, {made} up to date, 0 failed"), told
    assert len(contents(tmp_path / "output")) == 12 + 2


def test_a_worker_with_other_versions_is_named_before_anything_is_made(tmp_path: Path, run: Run) -> None:
    older = environment(tmp_path / "hook", "import platform\nplatform.python_version = lambda: '3.0.1'")
    with loopback(tmp_path, 1, older) as dask:
        options = for_batch(dask.address, dask.options)
        code, said, told = run("batch", "baotou-2022", "-o", tmp_path / "output", *options)
    assert (code, said) == (1, "")
    assert "would make other bytes: python is 3.0.1 instead of 3." in told
    assert contents(tmp_path / "output").keys() == {".batch.lock"}


class Client:
    """A client of a cluster whose one worker answers so."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def wait_for_workers(self, *_: object, **__: object) -> None:
        return

    def run(self, *_: object, on_error: str) -> dict[str, object]:
        assert on_error == "return"
        return {"tls://127.0.0.1:1": self.answer}


def test_a_worker_that_is_lost_while_its_versions_are_asked_for_ends_nothing() -> None:
    cluster._check(Client(OSError("Address removed.")), "tls://127.0.0.1:2")
    cluster._check(Client(made_with()), "tls://127.0.0.1:2")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (ModuleNotFoundError("no", name="zonereport"), "a worker lacks `zonereport`"),
        ({**made_with(), "python": "2.7"}, "would make other bytes: python is 2.7 instead of"),
    ],
)
def test_a_worker_that_cannot_make_the_same_is_named(answer: object, message: str) -> None:
    with pytest.raises(ClusterError) as raised:
        cluster._check(Client(answer), "tls://127.0.0.1:2")
    assert message in raised.value.message
