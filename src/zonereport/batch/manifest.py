"""What was made from what: a line a briefing, on the disk before the next; the next run reads it again.

While a batch runs, lines are appended; at its end the file is sorted and put in place of the old one. A line
that a crash cut short is passed over: its briefing is made again.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from zonereport.api import installed_fonts
from zonereport.batch.kit import digest, digest_of
from zonereport.errors import InputError, OutputError
from zonereport.files import make_folder, read_file, reason, write_file
from zonereport.fonts.store import file_digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from zonereport.batch.planning import Job
    from zonereport.batch.task import Kit, Made

MANIFEST = "manifest.jsonl"
LOCK = ".batch.lock"
KEY = ("zone", "snapshot", "template", "language")

Key = tuple[str, ...]
Line = dict[str, Any]


class Manifest:
    """The lines of a folder's manifest; a new one is on the disk when `add` returns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / MANIFEST
        self.lines = _read(self.path)

    def compact(self) -> None:
        """Put the lines sorted in place of the file, unless it is so already; raise OutputError."""
        data = b"".join(_written(self.lines[key]) for key in sorted(self.lines))
        if data and not (self.path.exists() and read_file(self.path) == data):
            write_file(self.path, data)

    def record(self, job: Job, kit: Kit, made: Made) -> list[Path]:
        """Write a briefing's files, then its line; return their paths; raise OutputError."""
        files = {job.names[format]: file.data for format, file in made.files.items()}
        return self.keep(job.key, fingerprint(job, made.fonts), files, _describe(job, kit, made))

    def keep(self, key: Key, mark: str, files: Mapping[str, bytes], about: Line) -> list[Path]:
        """Write files, then the line that tells about them; others of the same mark stay in it."""
        known = self.lines.get(key, {})
        told = known["files"] if known.get("fingerprint") == mark else {}
        for name, data in files.items():
            write_file(self.folder / name, data)
            told = {**told, name: {"sha256": digest(data), "size": len(data)}}
        line = {**dict(zip(KEY, key, strict=True)), **about, "fingerprint": mark, "files": told}
        self.lines[key] = line
        self._append(_written(line))
        return [self.folder / name for name in files]

    def holds(self, key: Key, mark: str, names: Iterable[str]) -> bool:
        """Whether these files are here as they were made under a mark."""
        line = self.lines.get(key, {})
        return line.get("fingerprint") == mark and all(self._is_sound(name, line) for name in names)

    def _append(self, data: bytes) -> None:
        try:
            with self.path.open("ab") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise OutputError(f"{self.path}: cannot be written: {reason(error)}") from error

    def lacking(self, job: Job, fonts: FontsHere) -> tuple[str, ...]:
        """Return the formats of a job that are missing, damaged, or made from something else."""
        line = self.lines.get(job.key)
        if not line or line["fingerprint"] != fingerprint(job, line["fonts"]):
            return job.task.formats
        if not fonts.has_all(job.theme, line["fonts"].values()):
            return job.task.formats
        return tuple(name for name in job.task.formats if not self._is_sound(job.names[name], line))

    def _is_sound(self, name: str, line: Line) -> bool:
        try:
            data = read_file(self.folder / name)
        except InputError:
            return False
        return bool(line["files"].get(name) == {"sha256": digest(data), "size": len(data)})


@contextmanager
def opened(folder: Path) -> Iterator[Manifest]:
    """Give a folder's manifest and keep every other batch out of the folder.

    At the end it is compact, unless an error ended the batch; then every line stands as it was appended.
    Raises OutputError for a folder that cannot be written, or that another batch is writing into.
    """
    make_folder(folder)
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
    except OSError as error:
        raise OutputError(f"{folder / LOCK}: cannot be written: {reason(error)}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OutputError(
                f"{folder}: another batch is writing there", hint="wait for it, or name another `--output`"
            ) from None
        manifest = Manifest(folder)
        manifest.compact()
        yield manifest
        manifest.compact()
    finally:
        os.close(handle)


class FontsHere:
    """The SHA-256 of the font files that a theme may be drawn with, computed as far as they are asked for."""

    def __init__(self) -> None:
        self._files: dict[tuple[str, Path], Iterator[Path]] = {}
        self._known: set[str] = set()

    def has_all(self, theme: tuple[str, Path], digests: Collection[str]) -> bool:
        """Whether each of these files is here."""
        files = self._files.setdefault(theme, installed_fonts(*theme))
        while not self._known.issuperset(digests):
            file = next(files, None)
            if file is None:
                return False
            self._known.add(file_digest(file))
        return True


def fingerprint(job: Job, fonts: Mapping[str, str]) -> str:
    """Return what changes whenever something does that the briefing is made from."""
    task = job.task
    return digest_of(
        [
            digest(task.zone.data),
            [digest(file.data) for file in task.previous],
            str(task.date),
            str(task.stamp),
            task.kit,
            dict(fonts),
        ]
    )


def _describe(job: Job, kit: Kit, made: Made) -> Line:
    task = job.task
    return {
        "inputs": [
            {"name": file.name.replace("\\", "/").rpartition("/")[2], "sha256": digest(file.data)}
            for file in (task.zone, *task.previous)
        ],
        "kit": kit.digest,
        "theme": kit.theme,
        "peers": len(kit.peers),
        "date": task.date.isoformat() if task.date else None,
        "stamp": task.stamp.isoformat() if task.stamp else None,
        "versions": dict(kit.versions),
        "fonts": dict(made.fonts),
        "findings": [{"place": place, "message": message} for place, message in made.findings],
        "omissions": [{"what": what, "reason": why} for what, why in made.omissions],
        "borrowed": [{"words": words, "language": code} for words, code in made.borrowed],
    }


def _written(line: Line) -> bytes:
    # a file's name may hold bytes that are no text, and JSON has an escape for each
    return (json.dumps(line, sort_keys=True, ensure_ascii=False) + "\n").encode(errors="backslashreplace")


def _read(path: Path) -> dict[Key, Line]:
    """Return the last line of each briefing by its key; what is no line is passed over."""
    if not path.exists():
        return {}
    lines: dict[Key, Line] = {}
    for text in read_file(path).split(b"\n"):
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if _is_line(line):
            lines[tuple(line[name] for name in KEY)] = line
    return lines


def _is_line(line: Any) -> bool:
    """Whether it has what a later run relies on."""
    if not isinstance(line, dict) or not all(isinstance(line.get(name), str) for name in KEY):
        return False
    fonts, files = line.get("fonts"), line.get("files")
    is_made = isinstance(fonts, dict) and all(isinstance(value, str) for value in fonts.values())
    return is_made and isinstance(files, dict) and isinstance(line.get("fingerprint"), str)
