"""The whole archive held against its ledger: each fault of it named, whatever bytes are there."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zonereport.archive import readme
from zonereport.archive.bag import INFO, TAG_MANIFEST, digest, is_zone, split_edition
from zonereport.archive.examination import Fault, Kind, describe, examine, read_file
from zonereport.archive.ledger import LEDGER, Entry, Ledger, read_ledger
from zonereport.archive.transaction import INTENT, LOCK, STAGING, read_intent, shared
from zonereport.errors import UsageError
from zonereport.files import reason
from zonereport.inputs.paths import show

if TYPE_CHECKING:
    from pathlib import Path

OWN = {readme.NAME, LEDGER, LOCK}
COPY = "take it from a copy of the archive"
MEND = "mend the ledger from a copy first, and leave the editions as they are"


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at and found."""

    editions: int
    """How many the ledger says there are."""
    files: int
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...] = ()
    """What an interrupted write left, which the next one completes or removes; a README that differs."""


@dataclass(slots=True)
class _Look:
    """A look at an archive, as far as it has come."""

    root: Path
    ledger: Ledger = field(default_factory=Ledger)
    has_ledger: bool = True
    pending: Entry | None = None
    """What an interrupted write promised."""
    places: list[str] = field(default_factory=list)
    """Where editions stand, or something with the name of one."""
    files: int = 0
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    def blame(self, kind: Kind, place: str, message: str, hint: str = "") -> None:
        self.faults.append(Fault(kind, show(place), message, hint))

    def note(self, place: str, message: str, kind: Kind = "leftover") -> None:
        self.notes.append(Fault(kind, show(place), message))

    def examine(self, place: str, seal: str = "") -> list[Fault]:
        files, faults = examine(self.root, place, seal)
        self.files += files
        return faults


def verify(root: Path, *, head: str = "") -> Report:
    """Return every fault of the archive; `head` is the SHA-256 of its last line as once noted, or its start.

    Raises UsageError only for a head that is none.
    """
    head = head.strip().lower()
    if head and (len(head) < 16 or set(head) - set("0123456789abcdef")):
        raise UsageError("expected at least 16 hexadecimal digits of the ledger's head")
    look = _Look(root)
    with shared(root):
        _look_around(look)
        _look_at_ledger(look, head)
        missing = _look_at_recorded(look)
        _look_at_others(look, missing)
    faults = tuple(sorted(look.faults, key=lambda fault: fault.place))
    return Report(len(look.ledger.standing), look.files, faults, tuple(look.notes))


def _look_around(look: _Look) -> None:
    """Find where editions stand, and what does not belong there."""
    for name, kind in _list(look, ""):
        expected = "a file" if name in OWN else "a folder" if name == STAGING or is_zone(name) else ""
        if not expected:
            look.blame("foreign", name, "this is not part of the archive", "move it elsewhere")
        elif kind != expected:
            look.blame("special", name, f"expected {expected}, found {kind}")
        elif name == STAGING:
            _look_at_staging(look)
        elif name == readme.NAME:
            _look_at_readme(look)
        elif is_zone(name):
            _look_into_zone(look, name)


def _look_at_readme(look: _Look) -> None:
    try:
        is_ours = read_file(look.root, readme.NAME) == readme.TEXT.encode()
    except OSError as error:
        look.blame("unreadable", readme.NAME, reason(error))
    else:
        if not is_ours:
            look.note(readme.NAME, "this is not what this version of zonereport writes there", "changed")


def _look_at_staging(look: _Look) -> None:
    for name, _ in _list(look, STAGING):
        look.note(f"{STAGING}/{name}", "left by an interrupted write; the next one completes or removes it")
    try:
        look.pending = read_intent(look.root)
    except OSError as error:
        look.blame("unreadable", f"{STAGING}/{INTENT}", reason(error))


def _look_into_zone(look: _Look, zone: str) -> None:
    listed = _list(look, zone)
    if not listed:
        look.note(zone, "an empty folder; the next write removes it")
    for name, _ in listed:
        if split_edition(name):
            look.places.append(f"{zone}/{name}")
        else:
            look.blame("foreign", f"{zone}/{name}", "this is not part of the archive", "move it elsewhere")


def _look_at_ledger(look: _Look, head: str) -> None:
    try:
        data = read_file(look.root, LEDGER)
    except FileNotFoundError:
        look.has_ledger = False
        unrecorded = [place for place in look.places if not look.pending or place != look.pending.place]
        if head or unrecorded or not os.path.lexists(look.root / LOCK):
            look.blame("ledger-missing", LEDGER, "there is no ledger, and so no archive", COPY)
        return
    except OSError as error:
        look.has_ledger = False
        look.blame("unreadable", LEDGER, reason(error))
        return
    look.ledger = read_ledger(data)
    for flaw in look.ledger.flaws:
        kind: Kind = "ledger-cut" if flaw.is_cut else "ledger-edited"
        look.blame(kind, f"{LEDGER}:{flaw.line}", flaw.message, COPY)
    if head and not any(entry.digest.startswith(head) for entry in look.ledger.entries):
        message = "no line has the noted head: the end was cut off or written anew"
        look.blame("ledger-cut", LEDGER, message, COPY)


def _look_at_recorded(look: _Look) -> dict[str, str]:
    """Examine the editions of the ledger; return the places of those that are gone, by seal."""
    missing = {}
    for place, entry in look.ledger.standing.items():
        faults = look.examine(place, entry.seal)
        if [fault.kind for fault in faults] == ["edition-missing"]:
            missing[entry.seal] = place
        else:
            look.faults += faults
    return missing


def _look_at_others(look: _Look, missing: dict[str, str]) -> None:
    """Examine what stands where the ledger has no edition, and blame what is missing elsewhere."""
    for place in look.places:
        if place in look.ledger.standing:
            continue
        seal = _seal(look.root, place)
        pending = look.pending if look.pending and look.pending.place == place else None
        is_forgotten = look.ledger.forgotten.get(place)
        if pending and pending.action == "add" and pending.seal == seal:
            look.note(place, "an interrupted write has not recorded it; the next one completes it")
        elif pending and pending == is_forgotten:
            look.note(place, "it is forgotten, but an interrupted write has left it; the next one removes it")
        elif origin := missing.pop(seal, ""):
            look.blame("edition-renamed", place, f"this is `{origin}`", "rename it back")
            look.faults += look.examine(place, seal)
        elif is_forgotten:
            message = f"the edition was forgotten on {is_forgotten.time:%Y-%m-%d}, but stands"
            look.blame("edition-forgotten", place, message, "remove it")
        else:
            _blame_unrecorded(look, place)
    for place in missing.values():
        look.blame("edition-missing", place, "the whole edition is gone", MEND if look.ledger.flaws else COPY)


def _blame_unrecorded(look: _Look, place: str) -> None:
    faults = look.examine(place)
    if not look.has_ledger:
        look.faults += faults
    elif faults or look.ledger.flaws or not _is_of(look.root, place):
        message = "no line of the ledger has this edition: it was put there by hand"
        if look.ledger.flaws:
            message = "no line of the ledger that can be read has this edition"
        look.blame("edition-unknown", place, message, MEND if look.ledger.flaws else "move it elsewhere")
    else:
        message = (
            "the ledger does not have this edition, which is whole: its end was cut off, or it is an old copy"
        )
        look.blame("ledger-cut", place, message, COPY)


def _is_of(root: Path, place: str) -> bool:
    """Whether the edition says itself that it belongs to the place."""
    try:
        return f"External-Identifier: {place}\n".encode() in read_file(root, f"{place}/{INFO}")
    except OSError:
        return False


def _seal(root: Path, place: str) -> str:
    try:
        return digest(read_file(root, f"{place}/{TAG_MANIFEST}"))
    except OSError:
        return ""


def _list(look: _Look, place: str) -> list[tuple[str, str]]:
    """Return the names in a folder, and what each is."""
    try:
        with os.scandir(look.root / place) as scan:
            return sorted((entry.name, describe(entry)) for entry in scan)
    except OSError as error:
        look.blame("unreadable", place or ".", reason(error))
        return []
