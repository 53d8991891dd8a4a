"""`zonereport batch` as it is run: what it says, how it ends, and what it leaves when it is cut off."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from many_zones import command, contents, environment, write_zones, zone_text

from zonereport.batch.manifest import opened
from zonereport.commands.terminal import counting, say

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

PATIENCE = 120
"""Seconds until something has begun, on a machine that has other work too."""
SOON = 5
"""Seconds within which a batch stops."""


def batch(*arguments: object, hook: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, env=environment(hook), check=False, timeout=300
    )


def test_a_zone_that_kills_its_worker_is_blamed_and_the_others_are_made(tmp_path: Path) -> None:
    bad = write_zones(tmp_path / "zones", 5, broken=1, deadly=1)
    asked = (tmp_path / "zones", "-f", "html", "-j", 2, "-o", tmp_path / "output")
    done = batch(*asked, hook=tmp_path / "hook")
    assert done.returncode == 3, done.stderr
    assert done.stdout == f"3 made, 0 up to date, 2 failed; {tmp_path / 'output' / 'manifest.jsonl'}\n"
    assert {name for name in bad if name in done.stderr} == bad
    assert "the process that made it was ended by SIGKILL, twice" in done.stderr
    assert not [name for name in (f"testonia-{number:04}" for number in range(5)) if name in done.stderr]


def test_a_briefing_that_takes_too_long_is_blamed(tmp_path: Path) -> None:
    (tmp_path / "slow.toml").write_text(zone_text("testonia-slow"), "utf-8")
    asked = (tmp_path / "slow.toml", "-f", "html", "-o", tmp_path / "output", "--timeout", 3, "--json")
    done = batch(*asked, hook=tmp_path / "hook")
    assert done.returncode == 3, done.stderr
    assert "slow.toml: briefing in en: not done after 3 seconds\n  hint: give it longer" in done.stderr
    answer = json.loads(done.stdout)
    assert (answer["made"], answer["up_to_date"], answer["failed"]) == (0, 0, 1)
    assert answer["manifest"] == str(tmp_path / "output" / "manifest.jsonl")
    (failure,) = answer["failures"]
    assert failure["subject"] == f"{tmp_path / 'slow.toml'}: briefing in en"
    assert failure["message"] == "not done after 3 seconds"


def begin(folder: Path) -> subprocess.Popen[str]:
    """Start a batch in a group of its own; return it when one briefing is made and another drawn for ever."""
    folder.joinpath("zones").mkdir()
    for name in ("a", "slow", "z"):
        (folder / "zones" / f"{name}.toml").write_text(zone_text(f"testonia-{name}"), "utf-8")
    program = command(folder / "zones", "-f", "html", "-j", 2, "-o", folder / "output")
    pipe = subprocess.PIPE
    started = subprocess.Popen(
        program, stdout=pipe, stderr=pipe, text=True, env=environment(folder / "hook"), start_new_session=True
    )
    deadline = time.monotonic() + PATIENCE
    manifest = folder / "output" / "manifest.jsonl"
    while not (manifest.exists() and manifest.read_text("utf-8").count("\n") == 2):
        assert started.poll() is None, started.stderr
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return started


def group_of(leader: int) -> list[int]:
    """Return the processes of a session that run still."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            fields = (
                (entry / "stat").read_text("utf-8").rpartition(")")[2].split() if entry.name.isdigit() else []
            )
        except OSError:
            continue
        if fields and fields[0] != "Z" and int(fields[3]) == leader:
            found.append(int(entry.name))
    return found


def wait_until_gone(leader: int) -> float:
    """Return the seconds until a session has no process any more."""
    start = time.monotonic()
    while group_of(leader):
        assert time.monotonic() < start + PATIENCE, "processes are left"
        time.sleep(0.02)
    return time.monotonic() - start


@pytest.mark.parametrize(
    ("number", "to_all", "code"),
    [
        (signal.SIGINT, True, 130),
        pytest.param(signal.SIGTERM, False, 143, marks=pytest.mark.slow),
        pytest.param(signal.SIGKILL, False, -9, marks=pytest.mark.slow),
    ],
)
def test_whatever_ends_a_batch_no_process_and_no_half_file_is_left(
    tmp_path: Path, number: signal.Signals, to_all: bool, code: int
) -> None:
    started = begin(tmp_path)
    assert len(group_of(started.pid)) >= 3
    (os.killpg if to_all else os.kill)(started.pid, number)
    start = time.monotonic()
    _, said = started.communicate(timeout=PATIENCE)
    wait_until_gone(started.pid)
    assert time.monotonic() - start < SOON
    assert started.returncode == code
    assert "Traceback" not in said
    assert not said or number == signal.SIGKILL  # then Python tells of semaphores that it cleans up
    names = set(contents(tmp_path / "output"))
    made = {f"testonia-{name}-2002-briefing-en.html" for name in "az"}
    assert names == {".batch.lock", "manifest.jsonl", *made}
    (tmp_path / "zones" / "slow.toml").unlink()
    assert batch(tmp_path / "zones", "-f", "html", "-o", tmp_path / "output").stdout.startswith(
        "0 made, 2 up to date"
    )


def test_a_table_of_zones_is_made_without_zone_files(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(
        "zone,year,indicator,value\nTestonia A,2002,staff,10\nTestonia B,2002,staff,11\nTestonia B,2002,stuff,1\n"
    )
    (tmp_path / "map.toml").write_text(
        'format = 1\nshape = "long"\n[columns]\nzone = "zone"\nyear = "year"\nindicator = "indicator"\nvalue = "value"\n'
        '[file.zone]\nplace = "Testonia"\n[file.defaults]\nsource = "S"\n[file.sources.S]\ntitle = "T"\n'
        'publisher = "Nobody"\ndate = 2003\n'
    )
    asked = ("--table", tmp_path / "table.csv", "--map", tmp_path / "map.toml", "-o", tmp_path / "output")
    done = batch(*asked, "-f", "html", "--verbose")
    assert done.returncode == 3, done.stderr
    assert "1 rows or columns were not taken" in done.stderr
    *paths, tally = done.stdout.splitlines()
    assert sorted(Path(path).name for path in paths) == [
        "testonia-a-2002-briefing-en.html",
        "testonia-b-2002-briefing-en.html",
    ]
    assert tally.startswith("2 made, 0 up to date, 0 failed")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no zones are named"),
        (["baotou-2022", "--peers", ".", "--among"], "exclude each other"),
        (["baotou-2022", "--map", "map.toml"], "`--table` and `--map` belong together"),
        (["baotou-2022", "-f", "pfd"], "no format `pfd`"),
        (["nowhere/*.toml"], "no zone file there"),
        (["baotou-2022", "--history", "--archive", "nowhere"], "there is no archive at `nowhere`"),
        (
            ["baotou-2022", "--scheduler", "tls://127.0.0.1:1"],
            "needs `--tls-ca` and `--tls-cert` and `--tls-key`",
        ),
    ],
)
def test_what_cannot_be_meant_ends_with_2_before_anything_is_written(
    run: Run, tmp_path: Path, arguments: list[str], message: str
) -> None:
    code, said, told = run("batch", *arguments, "-o", tmp_path / "output")
    assert (code, said) == (2, "")
    assert message in told
    assert not (tmp_path / "output").exists()


@pytest.mark.slow
def test_with_the_history_it_is_what_generate_makes_with_the_archive_and_the_batch(
    run: Run, tmp_path: Path
) -> None:
    kept = ("--archive", tmp_path / "archive")
    assert run("archive", "add", "baotou-2017", "-f", "html", *kept)[0] == 0
    options = ("--history", *kept, "-f", "html", "-o")
    assert run("batch", "baotou-2022", "baotou-2021", *options, tmp_path / "batch", "-j", 1)[0] == 0
    assert run("generate", "baotou-2022", "baotou-2021", *options, tmp_path / "generate")[0] == 0
    (name,) = contents(tmp_path / "generate")
    made = contents(tmp_path / "batch")
    assert made[name] == contents(tmp_path / "generate")[name]
    lines = list(map(json.loads, made["manifest.jsonl"].splitlines()))
    assert [[file["name"] for file in line["inputs"]][1:] for line in lines] == [
        ["baotou-2017.toml"],
        ["baotou-2021.toml", "baotou-2017.toml"],
    ]


def test_a_folder_that_another_batch_writes_into_is_refused(run: Run, tmp_path: Path) -> None:
    with opened(tmp_path):
        code, said, told = run("batch", "baotou-2022", "-o", tmp_path)
    assert (code, said) == (1, "")
    assert "another batch is writing there" in told


def test_a_scheduler_without_tls_is_refused(run: Run, tmp_path: Path) -> None:
    options = ("--tls-ca", "a.pem", "--tls-cert", "b.pem", "--tls-key", "c.pem")
    code, said, told = run(
        "batch", "baotou-2022", "-o", tmp_path, "--scheduler", "tcp://127.0.0.1:8786", *options
    )
    assert (code, said) == (2, "")
    assert "`tcp://127.0.0.1:8786` is no address with TLS" in told
    assert "can run any code" in told


class Terminal(io.StringIO):
    """What is written to a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("screen", "quiet"), [(Terminal(), False), (Terminal(), True), (io.StringIO(), False)]
)
def test_a_terminal_shows_count_rate_and_failures_and_a_pipe_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], screen: io.StringIO, quiet: bool
) -> None:
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with counting(3, "making", quiet=quiet) as count:
        for failed in (False, True, False):
            count(failed)
        say("a path")
    assert capsys.readouterr().out == "a path\n"
    shown = screen.getvalue()
    if quiet or not screen.isatty():
        assert shown == ""
    else:
        assert all(part in shown for part in ("making", "3/3", "a second", "1 failed"))
