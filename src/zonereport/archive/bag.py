"""A bag as RFC 8493 has it: payload, tag files, and the SHA-256 of each; names that every system keeps."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from zonereport.errors import ArchiveError
from zonereport.files import MAX_BYTES
from zonereport.inputs.paths import DEVICES, faulty_paths, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DECLARATION = "bagit.txt"
INFO = "bag-info.txt"
RUN = "run.json"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
PAYLOAD = "data/"

DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

_SNAPSHOT = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?|-H[12]|-Q[1-4])?|FY[0-9]{4}"
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def digest(data: bytes) -> str:
    """Return the SHA-256 of the data, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def is_zone(name: str) -> bool:
    """Whether the name is a zone's id, as zone files have it, that can be a folder on any system."""
    is_id = len(name) <= 80 and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    return bool(is_id) and not DEVICES.fullmatch(name)


def is_snapshot(name: str) -> bool:
    """Whether the name is a period that can be archived, such as `2022`, `2022-H1` or `FY2022`."""
    return bool(re.fullmatch(_SNAPSHOT, name))


def name_edition(snapshot: str, number: int) -> str:
    """Return `2022-e01` for the first edition of 2022."""
    return f"{snapshot}-e{number:02}"


def split_edition(name: str) -> tuple[str, int] | None:
    """Return snapshot and number of an edition's name, or None for any other name."""
    match = re.fullmatch(rf"({_SNAPSHOT})-e([0-9]{{2,6}})", name)
    if not match:
        return None
    snapshot, number = match[1], int(match[2])
    return (snapshot, number) if number and name_edition(snapshot, number) == name else None


def check_names(zone: str, snapshot: str) -> None:
    """Raise ArchiveError for a zone's id or a snapshot that an edition cannot be kept under."""
    if not is_zone(zone):
        raise ArchiveError(
            f"expected a zone's id such as `baotou`, found `{show(zone)}`",
            hint="a folder of this name is made: at most 80 characters, and no device's name on Windows",
        )
    if not is_snapshot(snapshot):
        raise ArchiveError(
            f"expected a snapshot such as `2022`, found `{show(snapshot)}`",
            hint="an edition is kept under its snapshot: the zone file has to state it",
        )


def check_payload(payload: Mapping[str, bytes]) -> None:
    """Raise ArchiveError for no files, a path that some system would not keep, a file too large to read."""
    if not payload:
        raise ArchiveError("there is nothing to archive")
    for fault in faulty_paths(payload):
        raise ArchiveError(fault, hint="rename the file")
    for path, data in payload.items():
        if len(data) > MAX_BYTES:
            raise ArchiveError(f"`{path}`: expected at most {MAX_BYTES // 2**20} MB, found more")


def make_bag(
    payload: Mapping[str, bytes], run: Mapping[str, Any], info: Iterable[tuple[str, str]]
) -> dict[str, bytes]:
    """Return the files of a bag by their path in it.

    `run` becomes run.json; `info` the lines of bag-info.txt, those without a value left out.
    """
    oxum = ("Payload-Oxum", f"{sum(map(len, payload.values()))}.{len(payload)}")
    lines = [(label, one_line(value)) for label, value in (*info, oxum)]
    tags = {
        INFO: "".join(f"{label}: {value}\n" for label, value in lines if value).encode(),
        DECLARATION: DECLARED,
        MANIFEST: payload_manifest(payload),
        RUN: (json.dumps(run, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode(),
    }
    data = {PAYLOAD + path: content for path, content in payload.items()}
    return {**data, **tags, TAG_MANIFEST: _manifest(tags)}


def payload_manifest(payload: Mapping[str, bytes]) -> bytes:
    """Return the manifest of the payload; the same files make the same bytes."""
    return _manifest({PAYLOAD + path: payload[path] for path in sorted(payload)})


def _manifest(files: Mapping[str, bytes]) -> bytes:
    """Return the manifest of the files, in the form of `sha256sum`."""
    return "".join(f"{digest(data)}  {path}\n" for path, data in files.items()).encode()


def read_manifest(data: bytes) -> tuple[dict[str, str], list[str]]:
    """Return the SHA-256 of each path a manifest names, and what is wrong with the manifest."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return {}, [f"not UTF-8 from byte {error.start} on"]
    faults = [] if text.endswith("\n") else ["the last line has no end"]
    digests: dict[str, str] = {}
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        match = _LINE.fullmatch(line)
        if not match:
            faults.append(f"line {number}: expected a SHA-256, two spaces and a path")
        elif match[2] in digests:
            faults.append(f"line {number}: `{show(match[2])}` stands there twice")
        else:
            digests[match[2]] = match[1]
    return digests, faults + list(faulty_paths(digests))


def one_line(text: str) -> str:
    """Return the text without controls and line ends, so that no value can start a line of its own."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
