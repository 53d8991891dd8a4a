"""The earlier years of a zone, taken from the archive to be set beside a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.archive.bag import PAYLOAD
from zonereport.archive.edition import naming
from zonereport.archive.record import read_record
from zonereport.errors import ArchiveError
from zonereport.zone.period import Period
from zonereport.zone.reading import parse_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from zonereport.archive.edition import Edition
    from zonereport.archive.store import Archive
    from zonereport.zone.model import Zone


def earlier_snapshots(archive: Archive, zone: Zone, given: Sequence[Zone] = ()) -> tuple[Zone, ...]:
    """Return the earlier snapshots of a zone: those given, then of each other one the latest edition.

    A zone is read from the file that its edition was made from, the latest snapshot first. Raises
    ArchiveError for an edition that does not verify or is not of the zone and snapshot it is kept as.
    """
    if not zone.edition.snapshot.is_stated:
        return tuple(given)
    known = {str(earlier.edition.snapshot) for earlier in given}
    latest: dict[str, Edition] = {}
    for edition in archive.editions(zone=zone.id):
        snapshot = edition.snapshot
        is_earlier = Period.parse(snapshot).end < zone.edition.snapshot.end
        if (
            is_earlier
            and snapshot not in known
            and (snapshot not in latest or latest[snapshot].number < edition.number)
        ):
            latest[snapshot] = edition
    found = sorted(latest.values(), key=lambda edition: Period.parse(edition.snapshot).end, reverse=True)
    return (*given, *(kept_zone(edition, archive.read(edition)) for edition in found))


def kept_zone(edition: Edition, files: Mapping[str, bytes]) -> Zone:
    """Return the zone of the file that an edition was made from, of its files; errors as above."""
    with naming(edition):
        path = PAYLOAD + read_record(files).parameters.zone
    if path not in files:
        raise ArchiveError(f"{edition.path}: `{path}` is missing, which the edition was made from")
    file = str(edition.path / path)
    zone = parse_file(files[path], file)
    if (zone.id, str(zone.edition.snapshot)) != (edition.zone, edition.snapshot):
        raise ArchiveError(
            f"{file}: expected `{edition.zone}` in {edition.snapshot}, "
            f"found `{zone.id}` in {zone.edition.snapshot}"
        )
    return zone
