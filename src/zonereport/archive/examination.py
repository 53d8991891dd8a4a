"""An edition held against its manifests and its seal: every file read, and each fault of them named."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from zonereport.archive.bag import (
    DECLARATION,
    DECLARED,
    INFO,
    MANIFEST,
    PAYLOAD,
    TAG_MANIFEST,
    digest,
    read_manifest,
)
from zonereport.files import MAX_BYTES, reason
from zonereport.inputs.paths import show

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal[
    "changed",
    "missing",
    "extra",
    "renamed",
    "empty-folder",
    "special",
    "unreadable",
    "manifest",
    "seal",
    "declaration",
    "edition-missing",
    "edition-unknown",
    "edition-renamed",
    "edition-forgotten",
    "ledger-missing",
    "ledger-edited",
    "ledger-cut",
    "foreign",
    "leftover",
]

RESTORE = "take it from a copy of the archive; the other files can be used"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an archive."""

    kind: Kind
    place: str
    """The path in the archive; for the ledger with its line, `ledger.jsonl:3`."""
    message: str
    hint: str = ""


@dataclass(slots=True)
class Found:
    """What stands in a folder, by path relative to it."""

    digests: dict[str, str] = field(default_factory=dict)
    """The SHA-256 of each file; empty for one that cannot be read."""
    others: dict[str, str] = field(default_factory=dict)
    """What is neither file nor folder, and what it is."""
    folders: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class Expected:
    """What the manifests list: the SHA-256 by path, and whether each of them can be relied on."""

    digests: dict[str, str] = field(default_factory=dict)
    knows_tags: bool = False
    knows_payload: bool = False
    faults: list[Fault] = field(default_factory=list)


def examine(root: Path, place: str, seal: str = "") -> tuple[int, list[Fault]]:
    """Return how many files the edition at the place has and all its faults; `seal` as the ledger has it."""
    try:
        os.close(open_folder(root, place))
    except FileNotFoundError:
        return 0, [Fault("edition-missing", place, "the whole edition is gone", "take it from a copy")]
    except OSError as error:
        kind: Kind = "unreadable" if isinstance(error, PermissionError) else "special"
        return 0, [Fault(kind, place, f"expected a folder: {reason(error)}")]
    found = _look(root, place)
    expected = _expect(root, place, seal)
    return len(found.digests), [*found.faults, *expected.faults, *_compare(place, expected, found)]


def open_folder(root: Path, place: str) -> int:
    """Return a handle of the folder at the place, reached through no symbolic link; raise OSError."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    folder = os.open(root, flags)
    for name in place.split("/"):
        try:
            deeper = os.open(name, flags | os.O_NOFOLLOW, dir_fd=folder)
        finally:
            os.close(folder)
        folder = deeper
    return folder


def open_file(root: Path, place: str) -> int:
    """Return a handle of the regular file at the place, reached through no symbolic link; raise OSError."""
    parent, _, name = place.rpartition("/")
    folder = open_folder(root, parent or ".")
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    finally:
        os.close(folder)
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        raise OSError("not a file")
    return handle


def read_file(root: Path, place: str) -> bytes:
    """Return the bytes of the regular file at the place; raise OSError, also where it is too large."""
    with os.fdopen(open_file(root, place), "rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise OSError(f"larger than {MAX_BYTES // 2**20} MB")
    return data


def _look(root: Path, place: str) -> Found:
    """Return everything in the folder, each file read."""
    found = Found()
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(root / place / folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            found.faults.append(Fault("unreadable", _join(place, folder), reason(error)))
            continue
        if not entries:
            found.faults.append(Fault("empty-folder", _join(place, folder), "an empty folder", "remove it"))
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            what = describe(entry)
            if what == "a folder":
                found.folders.add(path)
                waiting.append(path)
            elif what == "a file":
                found.digests[path] = _hash(root, place, path, found.faults)
            else:
                found.others[path] = what
    return found


def describe(entry: os.DirEntry[str]) -> str:
    """Return what the entry of a folder is, as a message has it."""
    if entry.is_symlink():
        return "a symbolic link"
    if entry.is_dir():
        return "a folder"
    return "a file" if entry.is_file() else "a special file"


def _hash(root: Path, place: str, path: str, faults: list[Fault]) -> str:
    try:
        with os.fdopen(open_file(root, f"{place}/{path}"), "rb", buffering=0) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        faults.append(Fault("unreadable", _join(place, path), reason(error)))
        return ""


def _expect(root: Path, place: str, seal: str) -> Expected:
    """Return what the manifests list; the tag manifest's own faults and those of the payload's."""
    expected = Expected({TAG_MANIFEST: seal})
    tags = _read_manifest(root, place, TAG_MANIFEST, expected)
    if tags is None:
        return expected
    for name in (DECLARATION, INFO, MANIFEST):
        if name not in tags:
            expected.faults.append(Fault("manifest", _join(place, TAG_MANIFEST), f"does not list `{name}`"))
    expected.knows_tags = True
    expected.digests.update(tags)
    payload = _read_manifest(root, place, MANIFEST, expected)
    if payload is not None:
        expected.knows_payload = True
        expected.digests.update(payload)
    return expected


def _read_manifest(root: Path, place: str, name: str, expected: Expected) -> dict[str, str] | None:
    """Return what the manifest lists of its own part, or None where it cannot be read."""
    try:
        data = read_file(root, f"{place}/{name}")
    except OSError:
        return None
    listed, messages = read_manifest(data)
    is_payload = name == MANIFEST
    astray = [path for path in listed if path.startswith(PAYLOAD) != is_payload or path == TAG_MANIFEST]
    messages += [f"`{show(path)}` does not belong there" for path in astray]
    expected.faults += [Fault("manifest", _join(place, name), message, RESTORE) for message in messages]
    return {path: known for path, known in listed.items() if path not in astray}


def _compare(place: str, expected: Expected, found: Found) -> list[Fault]:
    faults = []
    missing = [path for path in expected.digests if path not in found.digests]
    extra = [path for path in found.digests if path not in expected.digests and _is_judged(path, expected)]
    for path in missing.copy():
        if what := found.others.pop(path, "a folder" if path in found.folders else ""):
            missing.remove(path)
            faults.append(Fault("special", _join(place, path), f"expected a file, found {what}", RESTORE))
        elif new := next((new for new in extra if found.digests[new] == expected.digests[path] != ""), ""):
            missing.remove(path)
            extra.remove(new)
            faults.append(Fault("renamed", _join(place, path), _renaming(path, new), "rename it back"))
    for path, what in found.others.items():
        faults.append(
            Fault("special", _join(place, path), f"expected no such file, found {what}", "remove it")
        )
    faults += [Fault("missing", _join(place, path), "the file is gone", RESTORE) for path in missing]
    faults += [
        Fault("extra", _join(place, path), "no manifest lists this file", "remove it") for path in extra
    ]
    for path, known in expected.digests.items():
        now = found.digests.get(path, "")
        if now and known and now != known:
            faults.append(_changed(place, path, expected, found))
    return faults


def _is_judged(path: str, expected: Expected) -> bool:
    """Whether the manifest that would list the path could be read."""
    if path == TAG_MANIFEST:
        return False
    return expected.knows_payload if path.startswith(PAYLOAD) else expected.knows_tags


def _changed(place: str, path: str, expected: Expected, found: Found) -> Fault:
    if path == DECLARATION and found.digests[path] != digest(DECLARED):
        message = "expected the declaration of BagIt 1.0"
        return Fault("declaration", _join(place, path), message, RESTORE)
    if path == TAG_MANIFEST:
        message = "this is not the tag manifest that the ledger sealed: it was changed, or the whole edition"
        return Fault("seal", _join(place, path), message, "take the edition from a copy of the archive")
    doubtful = path.startswith(PAYLOAD) and found.digests.get(MANIFEST) != expected.digests.get(MANIFEST)
    message = "the content differs from the manifest" + (", which is changed itself" if doubtful else "")
    return Fault("changed", _join(place, path), message, RESTORE)


def _renaming(old: str, new: str) -> str:
    same = unicodedata.normalize("NFC", old).casefold() == unicodedata.normalize("NFC", new).casefold()
    return f"the file is now `{show(new)}`" + (", other only in case or Unicode form" if same else "")


def _join(place: str, path: str) -> str:
    return show(f"{place}/{path}".removesuffix("/"))
