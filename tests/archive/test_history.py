"""The earlier years of a zone: from the archive the latest edition of each, as its file said it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from zonereport.api import compose, load
from zonereport.archive.contents import Request, make_contents
from zonereport.archive.history import earlier_snapshots
from zonereport.archive.store import Archive
from zonereport.errors import ArchiveError
from zonereport.zone.reading import parse_zone
from zonereport.zone.writing import write_zone

if TYPE_CHECKING:
    from pathlib import Path

    from zonereport.archive.store import Contents
    from zonereport.zone.model import Zone

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def contents(zone: Zone) -> Contents:
    return make_contents(Request(zone, formats=("html",), template="onepage"))


def revised(zone: Zone) -> Zone:
    """Return the zone as a later edition of the same snapshot would have it."""
    return parse_zone(write_zone(replace(zone, host={"en": "Testonia"})), "revised.json")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An archive of 2017, 2021 in two editions, and 2023."""
    archive = Archive(tmp_path / "archive")
    for name in ("baotou-2017", "baotou-2021", "baotou-2023"):
        archive.add(contents(load(name)), now=NOW)
    archive.add(contents(revised(load("baotou-2021"))), note="the host was wrong", now=NOW)
    return archive


def test_each_earlier_snapshot_comes_from_its_latest_edition_with_the_file_it_was_read_from(
    archive: Archive,
) -> None:
    found = earlier_snapshots(archive, load("baotou-2022"))
    assert found == (revised(load("baotou-2021")), load("baotou-2017"))
    assert found[0].origin == revised(load("baotou-2021")).origin
    assert found[1].origin == load("baotou-2017").origin
    assert compose(load("baotou-2022"), previous=found, template="annual").snapshot == "2022"


def test_a_snapshot_that_is_given_comes_before_the_archived_one(archive: Archive) -> None:
    given = load("baotou-2021")
    assert earlier_snapshots(archive, load("baotou-2022"), [given]) == (given, load("baotou-2017"))


def test_nothing_is_earlier_than_the_first_and_another_zone_has_no_history_here(archive: Archive) -> None:
    assert earlier_snapshots(archive, load("baotou-2017")) == ()
    assert earlier_snapshots(archive, replace(load("baotou-2022"), id="testonia")) == ()


def test_an_archive_that_is_not_there_yet_has_no_history(tmp_path: Path) -> None:
    assert earlier_snapshots(Archive(tmp_path / "none"), load("baotou-2022")) == ()


def test_a_damaged_edition_is_an_error_not_a_gap(archive: Archive) -> None:
    file = archive.find("baotou", "2017").path / "data" / "inputs" / "zone.toml"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes().replace(b"2017", b"2016", 1))
    with pytest.raises(ArchiveError, match=r"zone\.toml"):
        earlier_snapshots(archive, load("baotou-2022"))


@pytest.mark.parametrize(
    ("kept_as", "says"),
    [
        ("2019", "expected `baotou` in 2019, found `baotou` in 2017"),
        ("2017", "is missing"),
        ("no record", r"^baotou/2017-e01: `run\.json` does not hold"),
    ],
)
def test_an_edition_that_is_not_of_its_zone_and_snapshot_is_refused(
    tmp_path: Path, kept_as: str, says: str
) -> None:
    archive, made = Archive(tmp_path / "archive"), contents(load("baotou-2017"))
    payload = dict(made.payload)
    if kept_as == "2017":
        del payload["inputs/zone.toml"]
    elif kept_as == "no record":
        made, kept_as = replace(made, run={}), "2017"
    archive.add(replace(made, snapshot=kept_as, payload=payload), now=NOW)
    with pytest.raises(ArchiveError, match=says):
        earlier_snapshots(archive, load("baotou-2022"))
