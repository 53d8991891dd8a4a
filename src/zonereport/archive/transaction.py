"""How an edition comes and goes: staged, promised by an intent, renamed, recorded.

Whatever kills a write, the next one finds either an intent and its edition in place, and completes it, or
leftovers in `.staging`, and removes them. An edition in place that neither an intent nor the ledger knows
is never taken over.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from zonereport.archive.bag import TAG_MANIFEST, digest, is_zone
from zonereport.archive.examination import open_folder, read_file
from zonereport.archive.ledger import LEDGER, START, Entry, read_entry
from zonereport.files import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LOCK = ".lock"
STAGING = ".staging"
INTENT = "intent"

_GONE = (FileNotFoundError, NotADirectoryError)
_OPEN = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Make the archive where there is none, keep every other process out of it, and mend it; OSError."""
    made = [folder for folder in (root, *root.parents) if not folder.exists()]
    root.mkdir(parents=True, exist_ok=True)
    for folder in made:
        sync_folder(folder.parent)
    handle = os.open(root / LOCK, os.O_RDWR | os.O_CREAT | _OPEN, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with suppress(FileExistsError):
            (root / STAGING).mkdir()
        os.close(open_folder(root, STAGING))
        recover(root)
        yield
    finally:
        os.close(handle)


@contextmanager
def shared(root: Path) -> Iterator[None]:
    """Keep writers out while the archive is read, where its lock can be opened: a copy needs none."""
    handle = None
    try:
        with suppress(OSError):
            handle = os.open(root / LOCK, os.O_RDONLY | _OPEN)
            fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def commit(root: Path, entry: Entry, files: Mapping[str, bytes] | None = None) -> None:
    """Record the entry, with the files of the edition it adds put in place, or the one it forgets removed.

    Raises OSError with everything undone, but for what the ledger holds already: the next write completes it.
    """
    try:
        if files:
            staged = _stage(root, files)
            _make_zone(root, entry)
        else:
            with suppress(FileNotFoundError):  # a lost edition can be forgotten
                _check_zone(root, entry)
        _write_new(root / STAGING / INTENT, entry.line, 0o666)
        sync_folder(root / STAGING)
        if files:
            staged.rename(root / entry.place)
        _complete(root, entry)
    except BaseException:
        with suppress(OSError):
            _undo(root, entry)
        raise
    try:
        sweep(root)
    except OSError:
        if entry.action == "forget":  # what was to go is still on the disk
            raise


def recover(root: Path) -> None:
    """Complete what an interrupted write promised and had in place, remove all else it left; OSError."""
    entry = read_intent(root)
    if entry and _is_kept(root, entry):
        _complete(root, entry)
    sweep(root)


def read_intent(root: Path) -> Entry | None:
    """Return what an interrupted write promised to record, or None; raise OSError."""
    try:
        return read_entry(read_file(root, f"{STAGING}/{INTENT}"))
    except _GONE:
        return None


def sweep(root: Path) -> None:
    """Remove everything that is staged, and the zones' folders that hold nothing; raise OSError."""
    for path in (root / STAGING).iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    for path in root.iterdir():
        if is_zone(path.name):
            with suppress(OSError):  # most hold editions
                path.rmdir()


def put(root: Path, name: str, data: bytes) -> None:
    """Put the data whole into a file of the archive's own folder; raise OSError."""
    part = _new_place(root)
    try:
        _write_new(part, data, 0o666)
        part.replace(root / name)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(root)


def stands(path: Path) -> bool:
    """Whether anything is at the path; raise OSError, which `os.path.lexists` would take for nothing."""
    try:
        path.lstat()
    except _GONE:
        return False
    return True


def read_ledger_bytes(root: Path) -> bytes:
    """Return the bytes of the ledger, none where there is no ledger; raise OSError."""
    try:
        return read_file(root, LEDGER)
    except _GONE:
        return b""


def _stage(root: Path, files: Mapping[str, bytes]) -> Path:
    """Return a new folder in `.staging` with the files, everything in it on the disk."""
    staged = _new_place(root)
    folders = {staged}
    staged.mkdir()
    for name, data in files.items():
        path = staged / name
        if path.parent not in folders:
            path.parent.mkdir(parents=True)
            folders |= {parent for parent in path.parents if parent.is_relative_to(staged)}
        _write_new(path, data, 0o444)
    for folder in folders:
        sync_folder(folder)
    return staged


def _make_zone(root: Path, entry: Entry) -> None:
    with suppress(FileExistsError):
        (root / entry.zone).mkdir()
    _check_zone(root, entry)
    if stands(root / entry.place):  # a rename would silently replace an empty folder
        raise FileExistsError(f"{root / entry.place}: stands there already")


def _check_zone(root: Path, entry: Entry) -> None:
    """Raise OSError unless the zone's folder is one: no symbolic link to elsewhere."""
    try:
        os.close(open_folder(root, entry.zone))
    except NotADirectoryError:
        raise OSError(f"`{entry.zone}` is no folder of its own") from None


def _is_kept(root: Path, entry: Entry) -> bool:
    """Whether the promise holds: recorded already, or the ledger's next line with its edition in place."""
    data = read_ledger_bytes(root)
    if data.endswith(entry.line):
        return True
    if entry.previous != (digest(data[data.rfind(b"\n", 0, -1) + 1 :]) if data else START):
        return False
    return entry.action == "forget" or _is_in_place(root, entry)


def _is_in_place(root: Path, entry: Entry) -> bool:
    try:
        return digest(read_file(root, f"{entry.place}/{TAG_MANIFEST}")) == entry.seal
    except _GONE:
        return False


def _complete(root: Path, entry: Entry) -> None:
    """Record the entry, unless it is recorded, its edition in place or, forgotten, gone from it."""
    if entry.action == "add":
        sync_folder(root / entry.zone)
        sync_folder(root)
    data = read_ledger_bytes(root)
    if data.endswith(entry.line):
        sync_folder(root)
    else:
        put(root, LEDGER, data + entry.line)
    if entry.action == "forget" and stands(root / entry.place):
        _take_away(root, entry)


def _undo(root: Path, entry: Entry) -> None:
    if read_ledger_bytes(root).endswith(entry.line):
        return
    if entry.action == "add" and _is_in_place(root, entry):
        _take_away(root, entry)
    sweep(root)


def _take_away(root: Path, entry: Entry) -> None:
    _check_zone(root, entry)
    (root / entry.place).rename(_new_place(root))
    sync_folder(root / entry.zone)


def _new_place(root: Path) -> Path:
    return root / STAGING / os.urandom(8).hex()


def _write_new(path: Path, data: bytes, mode: int) -> None:
    """Write a file that is not there yet, down to the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OPEN, mode)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)
