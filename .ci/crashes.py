"""Kill and fail the archive's writes at every call to the file system: nothing may be lost or doubled.

A first run under strace lists the calls that an `add` or `forget` makes on the archive. Then each of them is
killed (SIGKILL) and failed (ENOSPC, EIO, EROFS) in a run of its own, and the archive is judged: earlier
editions as they were, nothing partly visible, and the same command, run again, ends as if nothing had been.
The order of the calls is judged too, for what a cut of power would lose; then a full disk, and a copy that
cannot be written.

usage: crashes.py            everything, in a mount namespace of its own
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from zonereport.archive.store import Archive, Contents
from zonereport.archive.verify import verify
from zonereport.errors import ArchiveError, UsageError

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
NOTE = "a figure was corrected"
FAILURES = {
    "ENOSPC": "no space left on device",
    "EIO": "input/output error",
    "EROFS": "read-only file system",
}
WAYS = ("signal=SIGKILL", *(f"error={name}" for name in FAILURES))
CALLS = "%file,%desc"
BEGIN, END = "the-archive-begins", "the-archive-ends"


def contents(text: str, snapshot: str = "2022") -> Contents:
    payload = {
        "briefing.pdf": text.encode() * 50,
        "charts/workforce.svg": b"<svg/>",
        "zone.toml": text.encode(),
    }
    return Contents("testonia", snapshot, payload, {"made": text}, "An invented zone")


def prepare(root: Path) -> None:
    archive = Archive(root)
    archive.add(contents("one", "2021"), now=NOW)
    archive.add(contents("one"), now=NOW)
    archive.add(contents("two"), note=NOTE, now=NOW)
    archive.forget("testonia", "2022", 2, reason="a slip", now=NOW)


def act(scenario: str, root: Path) -> None:
    if scenario == "forget":
        Archive(root).forget("testonia", "2022", 1, reason="withdrawn", now=NOW)
    else:
        Archive(root).add(contents("three"), note=NOTE, now=NOW)


SCENARIOS = {"first": "2022-e01", "add": "2022-e03", "forget": "2022-e01"}
"""What is done, and the edition it concerns."""


def run(scenario: str, root: Path) -> int:
    """Act in this process, between two calls that the trace shows."""
    sys.modules["importlib.metadata"] = SimpleNamespace(version=lambda _: "0")  # nothing is installed here
    Path(BEGIN).exists()
    try:
        act(scenario, root)
    except ArchiveError as error:
        print(error.message)
        return 9
    finally:
        Path(END).exists()
    return 0


@dataclass(frozen=True)
class Point:
    scenario: str
    call: str
    number: int
    way: str


def trace(scenario: str, root: Path, log: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["strace", "-f", "-qq", "-y", "-s", "0", "-o", str(log), *options,
         sys.executable, "-S", __file__, "run", scenario, str(root)],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONHASHSEED": "0"},
    )  # fmt: skip


def scene(scenario: str, place: Path) -> Path:
    """Return a fresh archive for the scenario."""
    root = place / "archive"
    if scenario != "first":
        shutil.copytree(place.parent / "prepared", root)
    return root


def calls_of(scenario: str, place: Path) -> list[tuple[str, int, str]]:
    """Return each call on the archive: its name, its number among those of the name, its line."""
    root = scene(scenario, place)
    log = place / "log"
    done = trace(scenario, root, log, "-e", f"trace={CALLS}")
    if done.returncode:
        sys.exit(f"crashes: {scenario} fails without any fault: {done.stdout}{done.stderr}")
    seen: dict[str, int] = {}
    calls, is_between = [], False
    for line in log.read_text("utf-8", "replace").splitlines():
        match = re.match(r"\d+ +(\w+)\(", line)
        if not match:
            continue
        name = match[1]
        seen[name] = seen.get(name, 0) + 1
        if BEGIN in line or END in line:
            is_between = BEGIN in line
        elif is_between and str(place) in line:
            calls.append((name, seen[name], line))
    return calls


def order_faults(scenario: str, root: str, lines: list[str]) -> list[str]:
    """Return where something was relied on before it was on the disk."""
    dirty: set[str] = set()
    faults = []
    for line in lines:
        if re.search(r"= -1 E", line):
            continue
        path, *rest = [*re.findall(r'"([^"]+)"', line), *re.findall(r"\d+<([^>]+)>", line)]
        name = re.match(r"\d+ +(\w+)", line)[1]
        if "O_EXCL" in line or name == "mkdir":
            dirty |= {path, str(Path(path).parent)}
        elif name == "write":
            dirty.add(path)
        elif name == "fsync":
            dirty.discard(path)
        elif name == "rename":
            place = rest[0].removeprefix(f"{root}/")
            relied = {one for one in dirty if one.startswith(path)}
            if place == "ledger.jsonl":
                relied |= dirty - {f"{root}/.staging", f"{root}/.lock"}
            elif place.startswith("testonia/"):
                relied |= {one for one in dirty if one.startswith(f"{root}/.staging")}
            if relied:
                faults.append(f"{scenario}: renamed to {place} with {sorted(relied)} not on the disk")
            dirty.add(str(Path(rest[0]).parent))
    left = {one for one in dirty if not one.startswith((f"{root}/.staging", f"{root}/.lock"))}
    return faults + [f"{scenario}: {one} is not on the disk at the end" for one in sorted(left)]


def snapshot(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.glob("testonia/**/*"))
        if path.is_file()
    }


def judge(point: Point, place: Path) -> list[str]:
    """Return what is wrong after the archive's write was stopped at the point."""
    try:
        return [f"{point}: {fault}" for fault in _judge(point, place)]
    except Exception as error:
        return [f"{point}: {type(error).__name__}: {error}"]
    finally:
        shutil.rmtree(place / "archive", ignore_errors=True)


def _judge(point: Point, place: Path) -> list[str]:
    root = scene(point.scenario, place)
    before = snapshot(root)
    ledger = (root / "ledger.jsonl").read_bytes() if before else b""
    log = place / "log"
    done = trace(
        point.scenario, root, log, "-e", f"trace={point.call}",
        "-e", f"inject={point.call}:{point.way}:when={point.number}",
        *(["--seccomp-bpf"] if point.way.startswith("error") else []),  # with it no signal is sent

    )  # fmt: skip
    lines = log.read_text("utf-8", "replace").splitlines()
    hit = next((line for line in lines if "INJECTED" in line), "") or (lines[-2] if len(lines) > 1 else "")
    faults = [] if str(place) in hit else [f"the point was missed: {hit}"]
    faults += _judge_end(point, done, root)
    concerned = f"testonia/{SCENARIOS[point.scenario]}"
    after = snapshot(root)
    for path, data in before.items():
        if after.get(path) != data and not (point.scenario == "forget" and path.startswith(concerned)):
            faults.append(f"{path} of an earlier edition was lost or changed")
    if not (root / "ledger.jsonl").exists() and ledger:
        faults.append("the ledger is gone")
    elif ledger and not (root / "ledger.jsonl").read_bytes().startswith(ledger):
        faults.append("a line of the ledger was changed")
    faults += _judge_archive(root)
    _again(point.scenario, root)
    faults += _judge_archive(root, is_done=True)
    names = [edition.name for edition in Archive(root).editions(snapshot="2022")]
    if names != {"first": ["2022-e01"], "add": ["2022-e01", "2022-e03"], "forget": []}[point.scenario]:
        faults.append(f"run again, the editions of 2022 are {names}")
    folders = sorted(path.name for path in (root / "testonia").glob("2022*"))
    if folders != names:
        faults.append(f"run again, the folders of 2022 are {folders}")
    return faults


def _judge_end(point: Point, done: subprocess.CompletedProcess[str], root: Path) -> list[str]:
    if point.way.startswith("signal"):
        return [] if done.returncode in (-9, 137) else [f"not killed: {done.returncode}"]
    if done.returncode not in (0, 9) or done.stderr:
        return [f"ended with {done.returncode}: {done.stdout}{done.stderr}"]
    reason = FAILURES[point.way.removeprefix("error=")]
    if done.returncode == 9 and (reason not in done.stdout or done.stdout.count("\n") != 1):
        return [f"the error does not say why: {done.stdout}"]
    if done.returncode == 9 and _is_recorded(point.scenario, root):
        return []  # the last that failed was to make sure that the ledger is on the disk
    left = [note.place for note in verify(root).notes] if root.exists() else []
    return (
        [f"left behind after an error: {left}"] if left and point.call in ("write", "fsync", "mkdir") else []
    )


def _is_recorded(scenario: str, root: Path) -> bool:
    stand = f"testonia/{SCENARIOS[scenario]}" in {edition.place for edition in Archive(root).editions()}
    return stand != (scenario == "forget")


def _judge_archive(root: Path, *, is_done: bool = False) -> list[str]:
    """Return what verify says, and what of the visible editions cannot be read."""
    if not (root / ".lock").exists() and not is_done:
        return []  # killed before there was an archive
    report = verify(root)
    faults = [f"verify: {fault}" for fault in report.faults]
    faults += [f"left at the end: {note.place}" for note in report.notes if is_done]
    archive = Archive(root)
    for edition in archive.editions():
        archive.read(edition)
    return faults


def _again(scenario: str, root: Path) -> None:
    """Run the command again; it tidies up, but where an edition is forgotten and nothing is left to do."""
    try:
        act(scenario, root)
    except UsageError as error:
        if scenario != "forget" or "was forgotten" not in error.message:
            raise


def judge_points(place: Path) -> tuple[int, list[str]]:
    prepare(place / "prepared")
    faults, points = [], []
    for scenario in SCENARIOS:
        corner = place / scenario
        corner.mkdir()
        calls = calls_of(scenario, corner)
        faults += order_faults(scenario, str(corner / "archive"), [line for _, _, line in calls])
        points += [Point(scenario, name, number, way) for name, number, _ in calls for way in WAYS]
        print(f"{scenario}: {len(calls)} calls, {len({name for name, *_ in calls})} kinds", flush=True)
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(initializer=_enter, initargs=(place,)) as pool:
        for found in pool.map(_judge_in_corner, points, chunksize=8):
            faults += found
    return len(points), faults


def _enter(place: Path) -> None:
    corner = place / f"worker-{os.getpid()}"
    corner.mkdir()
    os.chdir(corner)


def _judge_in_corner(point: Point) -> list[str]:
    return judge(point, Path.cwd())


def judge_full_disk(place: Path) -> list[str]:
    """Fill a disk of 1 MB with editions: the last is refused, the others stay, and room made is used."""
    place.mkdir()
    mount("-t", "tmpfs", "-o", "size=1m", "none", str(place))
    archive = Archive(place / "archive")
    added = 0
    try:
        for added in range(40):
            archive.add(contents(f"{added}" * 2000, str(1980 + added)), now=NOW)
    except ArchiveError as error:
        faults = [] if "no space left on device" in error.message else [f"full disk: {error.message}"]
    else:
        return ["full disk: 40 editions found room"]
    report = verify(archive.root)
    faults += [f"full disk: {fault}" for fault in (*report.faults, *report.notes)]
    if report.editions != added or added < 2:
        faults.append(f"full disk: {added} editions were added, {report.editions} stand")
    archive.forget("testonia", "1980", 1, reason="room", now=NOW)
    archive.add(contents(f"{added}" * 2000, str(1980 + added)), now=NOW)
    print(f"full disk: {added} editions, then no room")
    return faults + [f"full disk, later: {fault}" for fault in verify(archive.root).faults]


def judge_read_only(place: Path) -> list[str]:
    """Judge a copy that cannot be written, also by bagit-python and sha256sum."""
    copy = place / "read-only"
    copy.mkdir()
    mount("--bind", str(place / "prepared"), str(copy))
    mount("-o", "remount,ro,bind", str(copy))
    archive = Archive(copy)
    faults = [f"read-only: {fault}" for fault in verify(copy).faults]
    for edition in archive.editions():
        archive.read(edition)
        for command in (
            [sys.executable, "-m", "bagit", "--quiet", "--validate", "."],
            ["sha256sum", "--quiet", "-c", "manifest-sha256.txt", "tagmanifest-sha256.txt"],
        ):
            done = subprocess.run(command, cwd=edition.path, capture_output=True, text=True, check=False)
            if done.returncode:
                faults.append(f"read-only: {command[-1]}: {done.stdout}{done.stderr}")
    for scenario in ("add", "forget"):
        try:
            act(scenario, copy)
            faults.append(f"read-only: {scenario} wrote")
        except ArchiveError as error:
            if "read-only file system" not in error.message:
                faults.append(f"read-only: {error.message}")
    print(f"read-only: {len(archive.editions())} editions")
    return faults


def mount(*options: str) -> None:
    subprocess.run(["mount", *options], check=True)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["run", scenario, root]:
            return run(scenario, Path(root))
        case ["inside", place]:
            mount("-t", "tmpfs", "-o", "size=256m", "none", place)
            points, faults = judge_points(Path(place))
            faults += judge_full_disk(Path(place) / "full") + judge_read_only(Path(place))
            print(*faults[:40], f"{points} points, {len(faults)} faults", sep="\n")
            return 1 if faults or points < 300 else 0
    if missing := [tool for tool in ("strace", "unshare", "mount", "sha256sum") if not shutil.which(tool)]:
        sys.exit(f"crashes: not installed: {', '.join(missing)}")
    mine = ["--mount"] if os.geteuid() == 0 else ["--mount", "--user", "--map-root-user"]
    with tempfile.TemporaryDirectory() as place:
        return subprocess.run(
            ["unshare", *mine, sys.executable, __file__, "inside", place], check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
