"""The cache on disk: files written whole or not at all, and what is known of a font file."""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import shutil
import tempfile
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from zonereport.fonts.characters import UNDRAWN
from zonereport.resources import cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterable


def default_cache() -> Path:
    """Return the folder for fonts in the user's cache."""
    return cache_folder() / "fonts"


def store(path: Path, data: bytes) -> Path:
    """Return where the bytes now are: at the path, or else in a folder that goes with the process."""
    try:
        return _write(path, data)
    except OSError:
        return _write(_process_folder() / path.name, data)


def _write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return path


@cache
def _process_folder() -> Path:
    """Return a folder that goes when the process ends."""
    folder = tempfile.mkdtemp(prefix="zonereport-fonts-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, computed again only when its size or time changes."""
    return _digest(path, *stamp(path))


@lru_cache(maxsize=32)
def _digest(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamp(path: Path) -> tuple[int, int]:
    """Return a file's size and time of change: while both stay, so does what is known of the file."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def coverage(file: Path, number: int, folder: Path) -> frozenset[int]:
    """Return the code points of a face, kept in the cache because reading a font is slow."""
    return _known_coverage(file, number, *stamp(file), folder)


@lru_cache(maxsize=32)
def _known_coverage(file: Path, number: int, size: int, changed: int, folder: Path) -> frozenset[int]:
    key = hashlib.sha256(json.dumps([str(file), number, size, changed]).encode()).hexdigest()
    kept = folder / f"coverage-{key[:24]}.json"
    try:
        ranges = json.loads(kept.read_text("ascii"))
        return frozenset(code for first, last in ranges for code in range(first, last + 1))
    except (OSError, ValueError, TypeError):
        pass
    codes = _read_coverage(file, number)
    store(kept, json.dumps(_ranges(codes)).encode("ascii"))
    return codes


def _read_coverage(file: Path, number: int) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(file, fontNumber=number, lazy=True) as font:
        return frozenset(font.getBestCmap()) - UNDRAWN


def _ranges(codes: Iterable[int]) -> list[list[int]]:
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return ranges
