"""One edition that stands in the archive: its files, each held against the seal whenever it is read."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from zonereport.archive.bag import MANIFEST, TAG_MANIFEST, digest, name_edition, read_manifest
from zonereport.archive.examination import examine, read_file
from zonereport.errors import ArchiveError, OutputError, ZonereportError
from zonereport.files import make_folder, reason, write_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VERIFY = "`zonereport archive verify` names every fault"


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition that stands in the archive."""

    zone: str
    snapshot: str
    number: int
    path: Path
    added: datetime
    note: str
    content: str
    """The SHA-256 of the payload's manifest: two editions with the same payload have the same."""
    seal: str
    """The SHA-256 of the tag manifest, and so of everything in the bag."""

    @property
    def name(self) -> str:
        """The edition's name, such as `2022-e01`."""
        return name_edition(self.snapshot, self.number)

    @property
    def place(self) -> str:
        """Where it is, relative to the archive's folder."""
        return f"{self.zone}/{self.name}"


def read_edition(edition: Edition) -> dict[str, bytes]:
    """Return every file by its path in the bag; raise ArchiveError unless all is untouched."""
    check_untouched(edition)
    return {path: _read(edition, path, known) for path, known in list_files(edition).items()}


@contextmanager
def naming(edition: Edition) -> Iterator[None]:
    """Let an error that what the edition holds leads to say which edition that is."""
    try:
        yield
    except ZonereportError as error:
        raise ArchiveError(f"{edition.place}: {error.message}", hint=error.hint) from error


def list_files(edition: Edition) -> dict[str, str]:
    """Return the SHA-256 of each file of the bag as it was sealed; raise ArchiveError if that is damaged."""
    tags, _ = read_manifest(_read(edition, TAG_MANIFEST, edition.seal))
    payload, _ = read_manifest(_read(edition, MANIFEST, tags[MANIFEST]))
    return {**payload, **tags, TAG_MANIFEST: edition.seal}


def check_untouched(edition: Edition) -> None:
    """Raise ArchiveError, naming the first faults, unless every file is there, alone and as sealed."""
    _, faults = examine(_root(edition), edition.place, edition.seal)
    if faults:
        told = [f"{fault.place}: {fault.message}" for fault in faults[:5]]
        more = [f"and {len(faults) - 5} more faults"] if len(faults) > 5 else []
        raise ArchiveError(f"`{edition.place}` is damaged: " + "; ".join(told + more), hint=VERIFY)


def write_folder(edition: Edition, target: Path) -> Path:
    """Write a copy as the folder `target`, whole or not at all."""
    files = _read_for(edition, target)
    part = None
    try:
        part = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part"))
        for path, data in files.items():
            (part / path).parent.mkdir(parents=True, exist_ok=True)
            write_file(part / path, data)
        part.chmod((part / "data").stat().st_mode)
        part.rename(target)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written: {reason(error)}") from error
    finally:
        if part:
            shutil.rmtree(part, ignore_errors=True)
    return target


def write_zip(edition: Edition, target: Path) -> Path:
    """Write a copy as the ZIP file `target`; the same edition makes the same bytes."""
    from zipfile import ZipFile, ZipInfo

    files = _read_for(edition, target)
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:  # stored: what deflate writes differs between versions of zlib
        for path in sorted(files):
            time = edition.added.astimezone(UTC).timetuple()[:6]
            entry = ZipInfo(f"{edition.zone}-{edition.name}/{path}", time)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, files[path])
    write_file(target, buffer.getvalue())
    return target


def there_is(names: Iterable[str]) -> str:
    """Return what can be named, as a hint."""
    known = list(names)
    return f"there is {enumerate_names(known)}" if known else "there is none yet"


def enumerate_names(names: list[str]) -> str:
    """Return the first eight names as a message has them."""
    shown = ", ".join(f"`{name}`" for name in names[:8])
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown


def _read_for(edition: Edition, target: Path) -> dict[str, bytes]:
    if target.resolve().is_relative_to(_root(edition).resolve()):
        raise OutputError(f"{target}: this is in the archive", hint="name another `--output`")
    if os.path.lexists(target):
        raise OutputError(f"{target}: stands there already", hint="name another; nothing is overwritten")
    files = read_edition(edition)
    make_folder(target.parent)
    return files


def _read(edition: Edition, name: str, known: str) -> bytes:
    try:
        data = read_file(_root(edition), f"{edition.place}/{name}")
    except OSError as error:
        raise ArchiveError(f"{edition.place}/{name}: cannot be read: {reason(error)}", hint=VERIFY) from error
    if digest(data) != known:
        raise ArchiveError(f"{edition.place}/{name}: this is not the file that was sealed", hint=VERIFY)
    return data


def _root(edition: Edition) -> Path:
    return edition.path.parent.parent
