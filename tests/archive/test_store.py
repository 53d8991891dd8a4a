"""Editions are added once, found by year, read and copied only as they were sealed, and forgotten on record."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import bagit
import pytest
from invented import NOW, contents, fill

from zonereport.archive.store import Archive
from zonereport.archive.verify import verify
from zonereport.errors import ArchiveError, OutputError, UsageError


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """2021-e01, 2022-e01 and 2022-e02 of Testonia, and 2023-e01 forgotten."""
    return fill(tmp_path / "archive")


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names(archive: Archive) -> list[str]:
    return [edition.name for edition in archive.editions()]


def test_the_same_content_is_the_same_edition_and_writes_nothing(archive: Archive) -> None:
    before = tree(archive.root)
    for text, edition in (("one", "2022-e01"), ("two", "2022-e02")):
        again = archive.add(contents(text), note="once more", now=NOW)
        assert (again.edition.name, again.is_new) == (edition, False)
    assert tree(archive.root) == before


def test_changed_content_needs_a_note_that_says_why(archive: Archive) -> None:
    before = tree(archive.root)
    for note in ("", " \n "):
        with pytest.raises(ArchiveError) as caught:
            archive.add(contents("three"), note=note, now=NOW)
        assert caught.value.message == "`testonia/2022-e02` stands and differs; changed: `data/briefing.pdf`"
        assert "--note" in caught.value.hint
    assert tree(archive.root) == before
    added = archive.add(contents("three"), note="the survey was late", now=NOW)
    assert (added.edition.name, added.is_new, added.edition.note) == ("2022-e03", True, "the survey was late")


def test_files_that_came_and_went_are_named(archive: Archive) -> None:
    asked = contents("two")
    payload = {path: data for path, data in asked.payload.items() if path != "zone.toml"} | {"new.csv": b""}
    asked = type(asked)(asked.zone, asked.snapshot, payload, {}, "")
    with pytest.raises(ArchiveError, match=r"differs; new: `data/new\.csv`; gone: `data/zone\.toml`$"):
        archive.add(asked, now=NOW)


def test_a_damaged_edition_is_not_taken_for_the_same(archive: Archive) -> None:
    file = archive.find("testonia", "2022-e01").path / "data/zone.toml"
    file.chmod(0o644)
    file.write_bytes(b"x")
    with pytest.raises(
        ArchiveError, match=r"but `testonia/2022-e01` is damaged: .*zone\.toml: the content differs"
    ):
        archive.add(contents("one"), now=NOW)


def test_a_number_is_never_used_again(archive: Archive) -> None:
    assert archive.add(contents(snapshot="2023"), now=NOW).edition.name == "2023-e02"
    archive.forget("testonia", "2022", 2, reason="a slip", now=NOW)
    assert archive.add(contents("two"), note="again", now=NOW).edition.name == "2022-e03"
    (archive.root / "testonia/2022-e05").mkdir()
    (archive.root / "testonia/2022-E07").mkdir()
    assert archive.add(contents("three"), note="again", now=NOW).edition.name == "2022-e08"
    assert list((archive.root / "testonia/2022-e05").iterdir()) == []


def test_editions_stand_in_order_and_can_be_asked_for_by_zone_and_year(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for zone, snapshot in (
        ("testonia", "2022"),
        ("examplia", "FY2022"),
        ("testonia", "2021"),
        ("testonia", "2021-H1"),
    ):
        archive.add(contents(zone=zone, snapshot=snapshot), now=NOW)
    assert [edition.place for edition in archive.editions()] == [
        "examplia/FY2022-e01", "testonia/2021-e01", "testonia/2021-H1-e01", "testonia/2022-e01",
    ]  # fmt: skip
    assert [edition.name for edition in archive.editions("testonia", "2021")] == ["2021-e01"]
    assert archive.find("testonia", "2021-H1").added == NOW


def test_a_year_finds_its_last_edition_and_a_name_that_one(archive: Archive) -> None:
    assert archive.find("testonia", "2022").name == "2022-e02"
    assert archive.find("testonia", "2022-e01").name == "2022-e01"
    assert archive.find("testonia", "2022-E01").name == "2022-e01"
    assert [edition.name for edition in archive.of_zone("testonia")] == ["2021-e01", "2022-e01", "2022-e02"]
    with pytest.raises(UsageError, match="no edition of `testona`") as caught:
        archive.of_zone("testona")
    assert caught.value.hint == "did you mean `testonia`?"


@pytest.mark.parametrize(
    ("zone", "year", "message", "hint"),
    [
        ("tetonia", "2022", "no edition of `tetonia` in", "did you mean `testonia`?"),
        ("elsewhere", "2022", "no edition of `elsewhere` in", "there is `testonia`"),
        ("testonia", "2020", "no edition `2020` of", "there is `2021-e01`, `2022-e01`, `2022-e02`"),
        ("testonia", "2022-e03", "no edition `2022-e03` of", "there is `2021-e01`, `2022-e01`, `2022-e02`"),
        (
            "testonia",
            "2023-e01",
            "was forgotten on 2026-03-01: not meant to be published",
            "there is `2021-e01`",
        ),
    ],
)
def test_what_is_not_there_is_said_with_what_is(
    archive: Archive, zone: str, year: str, message: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        archive.find(zone, year)
    assert message in caught.value.message
    assert caught.value.hint.startswith(hint)


def test_an_archive_that_is_not_there_is_empty_and_stays_unmade(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    assert (archive.editions(), archive.entries()) == ((), ())
    with pytest.raises(UsageError, match="no edition of `testonia`"):
        archive.forget("testonia", "2022", 1, reason="x", now=NOW)
    assert not archive.root.exists()


@pytest.mark.parametrize(
    "name", ["data/briefing.pdf", "run.json", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"]
)
def test_a_changed_file_is_never_read(archive: Archive, name: str, tmp_path: Path) -> None:
    edition = archive.find("testonia", "2022")
    (edition.path / name).chmod(0o644)
    (edition.path / name).write_bytes((edition.path / name).read_bytes() + b" ")
    for act in (archive.read, lambda edition: archive.export(edition, tmp_path / "copy")):
        with pytest.raises(ArchiveError, match="`testonia/2022-e02` is damaged"):
            act(edition)
    assert not (tmp_path / "copy").exists()


def test_a_file_behind_a_link_is_never_read(archive: Archive, tmp_path: Path) -> None:
    edition = archive.find("testonia", "2022")
    shutil.move(edition.path / "data", tmp_path / "data")
    (edition.path / "data").symlink_to(tmp_path / "data")
    with pytest.raises(
        ArchiveError, match=r"is damaged: .*data: expected no such file, found a symbolic link"
    ):
        archive.read(edition)


def test_a_forgotten_edition_is_gone_and_the_ledger_says_why(archive: Archive) -> None:
    last = archive.entries()[-1]
    assert (last.sequence, last.action, last.place, last.note) == (
        5, "forget", "testonia/2023-e01", "not meant to be published",
    )  # fmt: skip
    assert not (archive.root / "testonia/2023-e01").exists()
    assert names(archive) == ["2021-e01", "2022-e01", "2022-e02"]
    assert verify(archive.root).faults == ()
    with pytest.raises(UsageError, match="expected a reason"):
        archive.forget("testonia", "2022", 1, reason=" ", now=NOW)


def test_a_zone_without_editions_leaves_no_folder(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.add(contents(), now=NOW)
    archive.forget("testonia", "2022", 1, reason="x", now=NOW)
    assert not (tmp_path / "testonia").exists()
    assert (verify(tmp_path).faults, verify(tmp_path).notes) == ((), ())


def test_a_damaged_or_lost_edition_can_be_forgotten(archive: Archive) -> None:
    shutil.rmtree(archive.root / "testonia/2022-e01")
    (archive.root / "testonia/2022-e02/bagit.txt").unlink()
    archive.forget("testonia", "2022", 1, reason="lost", now=NOW)
    archive.forget("testonia", "2022", 2, reason="damaged", now=NOW)
    assert names(archive) == ["2021-e01"]
    assert verify(archive.root).faults == ()


def test_a_copy_is_a_bag_and_overwrites_nothing(archive: Archive, tmp_path: Path) -> None:
    edition = archive.find("testonia", "2022")
    copy = archive.export(edition, tmp_path / "deep/copy")
    assert copy == tmp_path / "deep/copy"
    assert bagit.Bag(str(copy)).validate()
    assert {
        str(path.relative_to(copy)): path.read_bytes() for path in copy.rglob("*") if path.is_file()
    } == archive.read(edition)
    for zipped in (False, True):
        with pytest.raises(OutputError, match="stands there already"):
            archive.export(edition, copy, zipped=zipped)
    assert [path.name for path in copy.parent.iterdir()] == ["copy"]


def test_a_zipped_copy_has_the_same_bytes_each_time(archive: Archive, tmp_path: Path) -> None:
    edition = archive.find("testonia", "2022")
    one, two = (
        archive.export(edition, tmp_path / name, zipped=True).read_bytes() for name in ("a.zip", "b.zip")
    )
    assert one == two
    with ZipFile(tmp_path / "a.zip") as file:
        assert {name: file.read(name) for name in file.namelist()} == {
            f"testonia-2022-e02/{path}": data for path, data in archive.read(edition).items()
        }


def test_a_copy_that_fails_leaves_nothing(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "rename", fail)
    (tmp_path / "out").mkdir()
    with pytest.raises(OutputError, match="copy: cannot be written: input/output error"):
        archive.export(archive.find("testonia", "2022"), tmp_path / "out/copy")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_copy_where_nothing_can_be_written_is_an_error(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write everywhere, so the system's answer is played."""

    def refuse(**_: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(OutputError, match="copy: cannot be written: permission denied"):
        archive.export(archive.find("testonia", "2022"), tmp_path / "copy")


@pytest.mark.parametrize("zipped", [False, True])
def test_no_copy_goes_into_the_archive(archive: Archive, tmp_path: Path, *, zipped: bool) -> None:
    (tmp_path / "link").symlink_to(archive.root / "testonia")
    for target in (archive.root / "copy", tmp_path / "link" / "copy"):
        with pytest.raises(OutputError, match="this is in the archive"):
            archive.export(archive.find("testonia", "2022"), target, zipped=zipped)
    assert verify(archive.root).faults == ()


@pytest.mark.parametrize(
    ("zone", "snapshot", "message", "hint"),
    [
        ("con", "2022", "found `con`", "no device's name on Windows"),
        ("testonia", "not stated", "found `not stated`", "has to state it"),
    ],
)
def test_a_name_that_cannot_be_kept_is_refused_with_the_reason(
    tmp_path: Path, zone: str, snapshot: str, message: str, hint: str
) -> None:
    with pytest.raises(ArchiveError, match=message) as caught:
        Archive(tmp_path / "archive").add(contents(zone=zone, snapshot=snapshot), now=NOW)
    assert hint in caught.value.hint
    assert not (tmp_path / "archive").exists()


def test_every_edition_is_valid_to_others(archive: Archive) -> None:
    for edition in archive.editions():
        for command in (
            [sys.executable, "-m", "bagit", "--quiet", "--validate", "."],
            ["sha256sum", "--strict", "-c", "manifest-sha256.txt"],
            ["sha256sum", "--strict", "-c", "tagmanifest-sha256.txt"],
        ):
            done = subprocess.run(command, cwd=edition.path, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr


def check_by_hand(root: Path) -> str:
    """Run what README.txt says, as it says it."""
    lines = (root / "README.txt").read_text("utf-8").splitlines()
    script = "\n".join(line.removeprefix("    ") for line in lines if line.startswith("    "))
    return subprocess.run(["sh"], input=script, cwd=root, capture_output=True, text=True, check=True).stdout


def test_the_readme_says_how_to_check_all_without_this_software(archive: Archive) -> None:
    told = check_by_hand(archive.root)
    assert "FAULT" not in told
    assert told.count(": OK\n") == 3 * (4 + 4) + 3
    assert told.count("FAILED") == 1, "the edition that was forgotten"
    assert told.splitlines().count("OK") == 5, "a line of the ledger each"
    *_, check, itself, head = told.splitlines()
    assert itself.split()[0] == check
    assert head.split()[0] == archive.entries()[-1].digest


def test_what_the_readme_says_finds_what_was_changed(archive: Archive) -> None:
    ledger = archive.root / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b"2026-03-01T09:30:15Z", b"2026-03-02T09:30:15Z", 1))
    (archive.root / "testonia/2021-e01/data/zone.toml").unlink()
    told = check_by_hand(archive.root)
    assert 'FAULT at {"sequence": 2' in told
    assert "FAULT in testonia/2021-e01/manifest-sha256.txt" in told


@pytest.fixture
def read_only(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """A copy that the system lets nobody write, root neither."""
    copy = tmp_path / "copy"
    shutil.copytree(archive.root, copy)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    opened = os.open

    def open_to_read(path: object, flags: int, *rest: object, **options: object) -> int:
        if flags & (os.O_CREAT | os.O_WRONLY | os.O_RDWR):
            refuse()
        return opened(path, flags, *rest, **options)

    monkeypatch.setattr(os, "open", open_to_read)
    for name in ("mkdir", "rename", "replace", "unlink", "rmdir"):
        monkeypatch.setattr(os, name, refuse)
    return Archive(copy)


def test_a_read_only_copy_is_read_and_verified(read_only: Archive) -> None:
    for edition in read_only.editions():
        assert read_only.read(edition)
        assert bagit.Bag(str(edition.path)).validate()
    assert (verify(read_only.root).editions, verify(read_only.root).faults) == (3, ())


def test_a_read_only_copy_cannot_be_added_to_and_says_so(read_only: Archive) -> None:
    for act in (
        lambda: read_only.add(contents("three"), note="x", now=NOW),
        lambda: read_only.forget("testonia", "2022", 1, reason="x", now=NOW),
    ):
        with pytest.raises(ArchiveError, match=r"copy: the archive cannot be written: read-only file system"):
            act()


def test_a_damaged_ledger_stops_every_answer(archive: Archive) -> None:
    ledger = archive.root / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b"corrected", b"corrupted"))
    for act in (archive.editions, archive.entries, lambda: archive.add(contents("three"), note="x", now=NOW)):
        with pytest.raises(ArchiveError, match="the ledger's line 4: this is not a line as it was written"):
            act()


def test_a_lost_ledger_is_not_begun_anew(archive: Archive) -> None:
    (archive.root / "ledger.jsonl").unlink()
    for act in (archive.editions, lambda: archive.add(contents("three"), note="x", now=NOW)):
        with pytest.raises(ArchiveError, match="there are editions, but no ledger"):
            act()


@pytest.mark.parametrize("name", [".staging", "testonia"])
def test_nothing_is_written_through_a_link(tmp_path: Path, name: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/precious").write_text("x")
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ArchiveError, match="cannot be written"):
        Archive(tmp_path / "archive").add(contents(), now=NOW)
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["precious"]


def test_nothing_is_forgotten_through_a_link(archive: Archive, tmp_path: Path) -> None:
    (archive.root / "testonia").rename(tmp_path / "elsewhere")
    (archive.root / "testonia").symlink_to(tmp_path / "elsewhere")
    before, ledger = tree(tmp_path / "elsewhere"), (archive.root / "ledger.jsonl").read_bytes()
    with pytest.raises(ArchiveError, match="cannot be written: `testonia` is no folder of its own"):
        archive.forget("testonia", "2022", 1, reason="x", now=NOW)
    assert tree(tmp_path / "elsewhere") == before
    assert (archive.root / "ledger.jsonl").read_bytes() == ledger


def test_a_folder_is_an_archive_by_its_ledger_its_lock_or_its_editions(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "other" / "notes").mkdir(parents=True)
    for name in ("other", "none", "archive/ledger.jsonl"):
        assert not Archive(tmp_path / name).is_there()
    for name in ("ledger.jsonl", ".lock", "testonia"):
        assert archive.is_there()
        (archive.root / name).rename(tmp_path / f"{name} elsewhere")
    assert not archive.is_there()
    with pytest.raises(ArchiveError, match="the archive cannot be read: file name too long"):
        Archive(tmp_path / ("x" * 300)).is_there()


def test_a_file_in_the_place_of_the_archive_is_said(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("x")
    with pytest.raises(ArchiveError, match="the archive cannot be written: file exists"):
        Archive(tmp_path / "archive").add(contents(), now=NOW)


def test_the_time_says_its_zone(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        Archive(tmp_path / "archive").add(contents(), now=datetime(2026, 1, 1))


ADD = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from invented import NOW, contents
from zonereport.archive.store import Archive
added = Archive(Path(sys.argv[1])).add(contents(sys.argv[2]), note="from " + sys.argv[2], now=NOW)
print(added.edition.name, added.is_new)
"""


def add_at_once(root: Path, texts: list[str]) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", ADD, str(root), text], stdout=subprocess.PIPE, text=True, env=environment
        )
        for text in texts
    ]
    return sorted(process.communicate()[0].strip() for process in running)


def test_sixteen_at_once_with_different_content_make_sixteen_editions(tmp_path: Path) -> None:
    told = add_at_once(tmp_path, [f"text {number}" for number in range(16)])
    assert told == [f"2022-e{number:02} True" for number in range(1, 17)]
    archive = Archive(tmp_path)
    assert [entry.sequence for entry in archive.entries()] == list(range(1, 17))
    report = verify(tmp_path)
    assert (report.editions, report.faults, report.notes) == (16, (), ())
    assert len({edition.content for edition in archive.editions()}) == 16
    assert all(bagit.Bag(str(edition.path)).validate() for edition in archive.editions())


def test_sixteen_at_once_with_the_same_content_make_one_edition(tmp_path: Path) -> None:
    assert add_at_once(tmp_path, ["same"] * 16) == ["2022-e01 False"] * 15 + ["2022-e01 True"]
    assert len(Archive(tmp_path).entries()) == 1
    assert verify(tmp_path).faults == ()
