"""Seeing that a file was saved, however an editor does it: in place, by renaming, by removing it first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import watchfiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zonereport.preview.session import Session

TOGETHER = 50
"""Milliseconds in which changes count as one."""
LOOK_AGAIN = 500
"""Milliseconds after which files are looked at without a notice, which not every file system gives."""


def watch(session: Session) -> None:
    """Touch the session whenever one of its files changes, comes or goes, until it ends."""
    seen = _look(session)
    while not session.ended.is_set():
        folders = _folders(seen)
        for changed in _notices(session, folders):
            before, seen = seen, _look(session)
            # two saves within one tick of the file system's clock may leave the same stamp, but give a notice
            if seen != before or changed & seen.keys():
                session.touch()
            if _folders(seen) != folders:
                break


def _look(session: Session) -> dict[Path, tuple[int, int, int]]:
    """Return a stamp of each file, which changes with what it says; zeros for one that is not there."""
    stamps = {}
    for path in session.files():
        try:
            found = path.stat()
            stamps[path] = found.st_ino, found.st_size, found.st_mtime_ns
        except OSError:
            stamps[path] = 0, 0, 0
    return stamps


def _folders(files: dict[Path, tuple[int, int, int]]) -> dict[Path, int]:
    """Return the folders of the files, or the nearest that are there, with what tells each from a new one."""
    folders = {}
    for folder in {path.parent for path in files}:
        there = next((path for path in (folder, *folder.absolute().parents) if path.is_dir()), Path("/"))
        folders[there] = there.stat().st_ino
    return folders


def _notices(session: Session, folders: dict[Path, int]) -> Iterator[set[Path]]:
    """Yield what has changed, or after a while nothing, until the session ends or watching fails."""
    try:
        for changes in watchfiles.watch(
            *folders,
            watch_filter=None,
            debounce=TOGETHER,
            step=TOGETHER // 2,
            rust_timeout=LOOK_AGAIN,
            yield_on_timeout=True,
            recursive=False,
            stop_event=session.ended,
            raise_interrupt=False,
        ):
            yield {Path(path) for _, path in changes}
    except (OSError, RuntimeError):  # a folder has just gone, or the system has no more watches to give
        session.ended.wait(LOOK_AGAIN / 1000)
        yield set()
