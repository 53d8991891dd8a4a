"""The ledger: a line for each edition added or forgotten, each with the SHA-256 of the line before."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from zonereport.archive.bag import digest, is_zone, split_edition

LEDGER = "ledger.jsonl"
START = "0" * 64
"""What stands for the line before the first."""

Action = Literal["add", "forget"]

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger."""

    sequence: int
    time: datetime
    action: Action
    zone: str
    edition: str
    """The edition's name, such as `2022-e01`."""
    note: str
    """Why the edition was added beside another, or forgotten."""
    content: str
    """The SHA-256 of the payload's manifest."""
    seal: str
    """The SHA-256 of the tag manifest, and so of everything in the bag."""
    previous: str = START
    """The SHA-256 of the line before, its end of line included."""

    @property
    def line(self) -> bytes:
        """The line as it stands in the ledger; `check` is the SHA-256 of the line without it."""
        fields = {
            "sequence": self.sequence,
            "time": write_time(self.time),
            "action": self.action,
            "zone": self.zone,
            "edition": self.edition,
            "note": self.note,
            "content": self.content,
            "seal": self.seal,
            "previous": self.previous,
        }
        return _line({**fields, "check": digest(_line(fields))})

    @property
    def digest(self) -> str:
        """The SHA-256 of the line, its end included: what the next line repeats, and a head to note down."""
        return digest(self.line)

    @property
    def place(self) -> str:
        """Where the edition is or was, relative to the archive's folder."""
        return f"{self.zone}/{self.edition}"


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with the ledger, and at which line, from 1."""

    line: int
    message: str
    is_cut: bool = False
    """Whether the end is missing, rather than something changed."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the ledger says, as far as it can be read."""

    entries: tuple[Entry, ...] = ()
    flaws: tuple[Flaw, ...] = ()

    @property
    def last(self) -> str:
        """The SHA-256 of the last line."""
        return self.entries[-1].digest if self.entries else START

    @property
    def standing(self) -> dict[str, Entry]:
        """The editions that were added and not forgotten, by place."""
        return {place: entry for place, entry in self._latest().items() if entry.action == "add"}

    @property
    def forgotten(self) -> dict[str, Entry]:
        """The entries by which editions were forgotten, by place."""
        return {place: entry for place, entry in self._latest().items() if entry.action == "forget"}

    def following(
        self, action: Action, place: str, *, note: str, content: str, seal: str, time: datetime
    ) -> Entry:
        """Return the entry that comes next."""
        zone, edition = place.split("/")
        sequence = len(self.entries) + 1
        return Entry(sequence, time, action, zone, edition, note, content, seal, self.last)

    def _latest(self) -> dict[str, Entry]:
        return {entry.place: entry for entry in self.entries}


def write_time(time: datetime) -> str:
    """Return the time as `2022-12-31T08:00:00Z`; raise ValueError for one that does not say its time zone."""
    if time.tzinfo is None:
        raise ValueError(f"{time} has no time zone")
    return time.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def read_ledger(data: bytes) -> Ledger:
    """Return what the ledger says and every flaw of it; a line that is no entry is left out."""
    entries: list[Entry] = []
    flaws: list[Flaw] = []
    actions: dict[str, str] = {}
    previous, sequence = START, 0
    for number, line in enumerate(re.findall(rb"[^\n]*\n|[^\n]+", data), 1):
        entry = read_entry(line)
        if entry is None:
            is_cut = not line.endswith(b"\n")
            message = "the line is cut off" if is_cut else "this is not a line as it was written"
            flaws.append(Flaw(number, message, is_cut))
            previous = ""  # what follows a line that cannot be read cannot be held against it
            continue
        if previous and (entry.previous, entry.sequence) != (previous, sequence + 1):
            flaws.append(Flaw(number, "this line does not continue the one before"))
        elif not flaws and actions.get(entry.place) != {"add": None, "forget": "add"}[entry.action]:
            flaws.append(Flaw(number, f"`{entry.action}` cannot follow for `{entry.place}`"))
        actions[entry.place] = entry.action
        entries.append(entry)
        previous, sequence = entry.digest, entry.sequence
    return Ledger(tuple(entries), tuple(flaws))


def read_entry(line: bytes) -> Entry | None:
    """Return the entry of a line, or None if it is not, byte for byte, a line that would be written."""
    try:
        fields = json.loads(line)
        del fields["check"]
        entry = Entry(**{**fields, "time": datetime.fromisoformat(fields["time"])})
        return entry if _is_sound(entry) and entry.line == line else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return None


def _is_sound(entry: Entry) -> bool:
    return (
        type(entry.sequence) is int
        and entry.action in ("add", "forget")
        and is_zone(entry.zone)
        and split_edition(entry.edition) is not None
        and isinstance(entry.note, str)
        and all(_HASH.fullmatch(value) for value in (entry.content, entry.seal, entry.previous))
    )


def _line(fields: dict[str, object]) -> bytes:
    return (json.dumps(fields, ensure_ascii=False) + "\n").encode()
