"""Writing a file whole or not at all: temporary file, fsync, rename."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from zonereport.errors import InputError, OutputError, Problem

MAX_BYTES = 512 * 2**20


def make_folder(path: Path) -> None:
    """Make a folder for output and its parents; raise OutputError if that cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise OutputError(
            f"{path}: expected a folder, found a file", hint="name another `--output`"
        ) from None
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: the folder cannot be made: {reason(error)}") from error


def write_file(path: Path, data: bytes) -> None:
    """Put the data into the file; what stood there stays whole until the new file is complete.

    Raises OutputError, leaving nothing behind, where that cannot be.
    """
    part = ""
    try:
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(part).chmod(0o666 & ~_umask())
        Path(part).replace(path)
        sync_folder(path.parent)
    except BaseException as error:
        if part:
            Path(part).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OutputError(f"{path}: cannot be written: {reason(error)}") from error
        raise


def read_file(path: Path) -> bytes:
    """Return the bytes of a file; raise InputError where it cannot be read or is too large."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(str(path), [Problem(f"expected at most {MAX_BYTES // 2**20} MB, found more")])
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(str(path), [Problem("no such file")]) from None
    except (OSError, ValueError) as error:
        raise InputError(str(path), [Problem(f"cannot be read: {reason(error)}")]) from None


def reason(error: Exception) -> str:
    """Return what the system says of an error, in lower case as a message has it."""
    return ((error.strerror if isinstance(error, OSError) else None) or str(error)).lower()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def sync_folder(folder: Path) -> None:
    """Make what was made or renamed in it durable; a system that cannot open folders does so by itself."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
