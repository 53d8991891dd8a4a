"""What the judges share: a tool that must be there, text without spaces, and the verdict."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

HERE = Path(__file__).parent
TOOLS = Path("build/judges")
"""Where what comes from npm is installed."""

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def need(tool: str, package: str) -> str:
    """Return the path of a tool; a judge that is missing fails, it never skips."""
    path = shutil.which(tool)
    if path is None:
        sys.exit(f"judges: `{tool}` is missing; on Debian and Ubuntu: apt-get install {package}")
    return path


def run(command: Sequence[str | Path]) -> tuple[int, str]:
    """Return the exit code of a program and all it said."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout.decode("utf-8", "replace")


def samples(folder: Path, suffix: str) -> list[Path]:
    """Return the samples of a format; none at all is a failure too."""
    found = sorted(folder.rglob(f"*{suffix}"))
    if not found:
        sys.exit(f"judges: {folder} has no {suffix} file; `make samples` writes them")
    return found


def expected(sample: Path, what: str) -> list[str]:
    """Return what a sample must say: its `tiles` or the labels of its `charts`."""
    words: list[str] = json.loads((sample.parent / "expected.json").read_text("utf-8"))[what]
    return words


def lacking(pdf: Path, words: Iterable[str]) -> list[str]:
    """Return the words that the text of a PDF does not have, wherever its lines break."""
    code, text = run(["pdftotext", "-raw", "-enc", "UTF-8", pdf, "-"])
    if code:
        return [f"text at all: {text}"]
    text = "".join(text.split())
    return [word for word in words if "".join(word.split()) not in text]


def verdict(judge: str, count: int, faults: Sequence[str]) -> NoReturn:
    for fault in faults:
        print(f"{judge}: {fault}", file=sys.stderr)
    print(f"{judge}: {count} samples judged, {len(faults)} faults found")
    sys.exit(1 if faults or not count else 0)


def install_tools() -> None:
    """Install the pinned tools from npm into build/, unless they are there; judges may run side by side."""
    TOOLS.parent.mkdir(parents=True, exist_ok=True)
    with TOOLS.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _install_tools()


def _install_tools() -> None:
    lock, installed = HERE / "package-lock.json", TOOLS / "installed.json"
    if installed.exists() and installed.read_bytes() == lock.read_bytes():
        return
    need("npm", "npm")
    shutil.rmtree(TOOLS, ignore_errors=True)
    TOOLS.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, TOOLS)
    # not `npm ci`, which fails where the registry lacks the validator's packages for other systems
    code, said = run(["npm", "install", "--no-save", "--prefix", TOOLS])
    if code:
        sys.exit(f"judges: the tools from npm cannot be installed:\n{said}")
    shutil.copy(lock, installed)
