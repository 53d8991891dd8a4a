"""The archive: editions are added, found, read and copied; none is ever changed, and none goes unrecorded."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from zonereport.archive import readme
from zonereport.archive.bag import (
    PAYLOAD,
    TAG_MANIFEST,
    check_names,
    check_payload,
    digest,
    make_bag,
    name_edition,
    one_line,
    payload_manifest,
    split_edition,
)
from zonereport.archive.edition import (
    VERIFY,
    Edition,
    check_untouched,
    enumerate_names,
    list_files,
    read_edition,
    there_is,
    write_folder,
    write_zip,
)
from zonereport.archive.ledger import LEDGER, Entry, Ledger, read_ledger, write_time
from zonereport.archive.transaction import (
    LOCK,
    STAGING,
    commit,
    locked,
    put,
    read_intent,
    read_ledger_bytes,
    stands,
)
from zonereport.errors import ArchiveError, UsageError, did_you_mean
from zonereport.files import reason as say
from zonereport.inputs.paths import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Contents:
    """What is to be archived."""

    zone: str
    """The zone's id."""
    snapshot: str
    """The zone's snapshot, such as `2022` or `2022-H1`."""
    payload: Mapping[str, bytes]
    """The files by path below `data/`."""
    run: Mapping[str, Any]
    """How they were made, in types of JSON."""
    description: str
    organization: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of an addition."""

    edition: Edition
    is_new: bool
    """False where the same content was there before; then nothing was written."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The archive in a folder, which the first addition makes."""

    root: Path

    def is_there(self) -> bool:
        """Whether the folder is an archive, if without a ledger; raise ArchiveError if it is unreadable."""
        try:
            return any(stands(self.root / name) for name in (LEDGER, LOCK)) or any(self._unrecorded())
        except OSError as error:
            raise self._unreadable(error) from error

    def add(self, contents: Contents, *, note: str = "", now: datetime) -> Added:
        """Return the edition with these contents, new unless one with the same payload stands.

        Raises ArchiveError for contents that cannot be archived, for a change without a note, and where the
        archive cannot be written or is damaged; every edition is untouched then.
        """
        _check(contents, now)
        with self._writing():
            if not stands(self.root / readme.NAME):
                put(self.root, readme.NAME, readme.TEXT.encode())
            ledger = self._ledger()
            standing = self._editions(ledger, contents.zone, contents.snapshot)
            content = digest(payload_manifest(contents.payload))
            for edition in standing:
                if edition.content == content:
                    self._check_same(edition)
                    return Added(edition, is_new=False)
            note = one_line(note)
            if standing and not note:
                raise self._lack_of_note(standing[-1], contents)
            number = self._next_number(ledger, contents.zone, contents.snapshot)
            place = f"{contents.zone}/{name_edition(contents.snapshot, number)}"
            files = make_bag(contents.payload, contents.run, _info(contents, place, note, now))
            seal = digest(files[TAG_MANIFEST])
            entry = ledger.following("add", place, note=note, content=content, seal=seal, time=now)
            commit(self.root, entry, files)
            return Added(self._edition(entry), is_new=True)

    def forget(self, zone: str, snapshot: str, number: int, *, reason: str, now: datetime) -> Edition:
        """Remove one edition, record when and why, and return what it was; or end what was begun so.

        Raises UsageError if there is no such edition or no reason; ArchiveError where the archive cannot be
        written.
        """
        if not one_line(reason):
            raise UsageError("expected a reason", hint="the ledger records why an edition was forgotten")
        name = name_edition(snapshot, number)
        place = f"{zone}/{name}"
        if not (place in self._ledger().forgotten and any(self.root.glob(f"{STAGING}/*"))):
            self.find(zone, name)  # before a mistyped folder becomes an archive
        with self._writing():
            ledger = self._ledger()
            if place in ledger.forgotten and not stands(self.root / place):
                return self._edition(ledger.forgotten[place])
            edition = self.find(zone, name)
            entry = ledger.following(
                "forget",
                edition.place,
                note=one_line(reason),
                content=edition.content,
                seal=edition.seal,
                time=now,
            )
            commit(self.root, entry)
            return edition

    def entries(self) -> tuple[Entry, ...]:
        """Return the lines of the ledger; raise ArchiveError if it is damaged or cannot be read."""
        return self._ledger().entries

    def editions(self, zone: str = "", snapshot: str = "") -> tuple[Edition, ...]:
        """Return the editions that stand, of one zone or snapshot if given, by zone, snapshot and number."""
        return self._editions(self._ledger(), zone, snapshot)

    def of_zone(self, zone: str) -> tuple[Edition, ...]:
        """Return the editions of a zone, in order; raise UsageError if there is none."""
        ledger = self._ledger()
        if editions := self._editions(ledger, zone):
            return editions
        zones = sorted({edition.zone for edition in self._editions(ledger)})
        hint = did_you_mean(zone, zones) or there_is(zones)
        raise UsageError(f"no edition of `{show(zone)}` in {self.root}", hint=hint)

    def find(self, zone: str, year: str) -> Edition:
        """Return the edition that `2022-e01` names, the last of `2022`; raise UsageError if there is none."""
        ledger = self._ledger()
        editions = self._editions(ledger, zone)
        for edition in reversed(editions):
            if year.casefold() in (edition.name.casefold(), edition.snapshot.casefold()):
                return edition
        if forgotten := ledger.forgotten.get(f"{zone}/{year}"):
            message = f"`{forgotten.place}` was forgotten on {forgotten.time:%Y-%m-%d}: {forgotten.note}"
            raise UsageError(message, hint=there_is(edition.name for edition in editions))
        raise UsageError(
            f"no edition `{show(year)}` of `{show(zone)}` in {self.root}",
            hint=there_is(edition.name for edition in self.of_zone(zone)),
        )

    def read(self, edition: Edition) -> dict[str, bytes]:
        """Return every file of the edition by its path in it; raise ArchiveError unless all is untouched."""
        return read_edition(edition)

    def export(self, edition: Edition, target: Path, *, zipped: bool = False) -> Path:
        """Write a copy of the edition as the folder or ZIP file `target`, and return it.

        Raises ArchiveError unless the edition is untouched; OutputError where the target is there already or
        cannot be written.
        """
        return (write_zip if zipped else write_folder)(edition, target)

    def _ledger(self) -> Ledger:
        try:
            data = read_ledger_bytes(self.root)
            is_lost = not data and any(self._unrecorded()) and not read_intent(self.root)
        except OSError as error:
            raise self._unreadable(error) from error
        if is_lost:
            raise ArchiveError(f"{self.root}: there are editions, but no ledger", hint=VERIFY)
        ledger = read_ledger(data)
        for flaw in ledger.flaws:
            raise ArchiveError(f"{self.root}: the ledger's line {flaw.line}: {flaw.message}", hint=VERIFY)
        return ledger

    def _unreadable(self, error: OSError) -> ArchiveError:
        return ArchiveError(f"{self.root}: the archive cannot be read: {say(error)}")

    def _unrecorded(self) -> Iterator[Path]:
        return (path for path in self.root.glob("*/*-e*") if split_edition(path.name))

    def _editions(self, ledger: Ledger, zone: str = "", snapshot: str = "") -> tuple[Edition, ...]:
        editions = [self._edition(entry) for entry in ledger.standing.values()]
        wanted = [
            edition
            for edition in editions
            if zone in ("", edition.zone) and snapshot in ("", edition.snapshot)
        ]
        return tuple(sorted(wanted, key=lambda edition: (edition.zone, edition.snapshot, edition.number)))

    def _edition(self, entry: Entry) -> Edition:
        snapshot, number = split_edition(entry.edition) or ("", 0)
        path = self.root / entry.place
        return Edition(entry.zone, snapshot, number, path, entry.time, entry.note, entry.content, entry.seal)

    def _next_number(self, ledger: Ledger, zone: str, snapshot: str) -> int:
        """Return a number that no edition has or ever had, recorded or found."""
        recorded = (entry.edition for entry in ledger.entries if entry.zone == zone)
        folder = self.root / zone
        found = (
            path.name.upper().replace("-E", "-e") for path in (folder.iterdir() if folder.is_dir() else ())
        )
        numbers = [split_edition(name) for name in chain(recorded, found)]
        return max((number[1] for number in numbers if number and number[0] == snapshot), default=0) + 1

    def _check_same(self, edition: Edition) -> None:
        try:
            check_untouched(edition)
        except ArchiveError as error:
            hint = "`zonereport archive forget` it with a reason, then add it again"
            raise ArchiveError(f"the same content was archived, but {error.message}", hint=hint) from None

    def _lack_of_note(self, last: Edition, contents: Contents) -> ArchiveError:
        before = {path: known for path, known in list_files(last).items() if path.startswith(PAYLOAD)}
        after = {PAYLOAD + path: digest(data) for path, data in contents.payload.items()}
        changed = [path for path in before if path in after and before[path] != after[path]]
        told = [
            f"{word}: {enumerate_names(paths)}"
            for word, paths in (
                ("changed", changed),
                ("new", [path for path in after if path not in before]),
                ("gone", [path for path in before if path not in after]),
            )
            if paths
        ]
        return ArchiveError(
            f"`{last.place}` stands and differs; {'; '.join(told)}",
            hint="say in `--note` why there is another edition; both are kept",
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with locked(self.root):
                yield
        except OSError as error:
            raise ArchiveError(
                f"{self.root}: the archive cannot be written: {say(error)}",
                hint="every other edition is untouched; once this is mended, run the command again",
            ) from error


def _check(contents: Contents, now: datetime) -> None:
    write_time(now)  # raises ValueError before anything is written
    check_names(contents.zone, contents.snapshot)
    check_payload(contents.payload)


def _info(contents: Contents, place: str, note: str, now: datetime) -> list[tuple[str, str]]:
    from importlib.metadata import version

    return [
        ("Source-Organization", contents.organization),
        ("External-Description", contents.description),
        ("External-Identifier", place),
        ("Bagging-Date", f"{now.astimezone(UTC):%Y-%m-%d}"),
        ("Bag-Software-Agent", f"zonereport {version('zonereport')}"),
        ("Edition-Note", note),
    ]
