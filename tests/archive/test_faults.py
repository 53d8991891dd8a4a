"""A disk that fails and a process that is killed harm nothing; `.ci/crashes.py` tries every call."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from invented import NOW, contents, fill

from zonereport.archive import transaction
from zonereport.archive.bag import digest
from zonereport.archive.store import Archive
from zonereport.archive.verify import verify
from zonereport.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """2021-e01, 2022-e01 and 2022-e02 of Testonia, and 2023-e01 forgotten."""
    return fill(tmp_path / "archive")


def tree(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def add(archive: Archive) -> str:
    return archive.add(contents("three"), note="the survey was late", now=NOW).edition.name


def forget(archive: Archive) -> str:
    return archive.forget("testonia", "2022", 1, reason="withdrawn", now=NOW).name


class Killed(BaseException):
    """The process ends here: nothing after it is run."""


def fail_at(
    monkeypatch: pytest.MonkeyPatch, target: object, name: str, number: int, error: BaseException
) -> None:
    """Let the call of this number fail, once."""
    real, calls = getattr(target, name), 0

    def call(*arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == number:
            raise error
        return real(*arguments, **options)

    monkeypatch.setattr(target, name, call)


@pytest.mark.parametrize("act", [add, forget])
@pytest.mark.parametrize(
    ("code", "reason"), [(errno.ENOSPC, "no space left on device"), (errno.EIO, "input/output error")]
)
@pytest.mark.parametrize(
    ("name", "number"), [("write", 1), ("write", 2), ("fsync", 1), ("fsync", 2), ("fsync", 3)]
)
def test_a_failing_write_changes_nothing_and_says_why(
    archive: Archive,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[Archive], str],
    code: int,
    reason: str,
    name: str,
    number: int,
) -> None:
    before = tree(archive.root)
    with monkeypatch.context() as patch:
        fail_at(patch, os, name, number, OSError(code, os.strerror(code)))
        with pytest.raises(ArchiveError) as caught:
            act(archive)
    assert caught.value.message == f"{archive.root}: the archive cannot be written: {reason}"
    assert tree(archive.root) == before
    assert list((archive.root / ".staging").iterdir()) == []
    act(archive)
    assert verify(archive.root).faults == ()


def test_a_full_disk_at_the_ledger_takes_the_edition_back(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(archive.root)
    with monkeypatch.context() as patch:
        fail_at(patch, transaction, "put", 1, OSError(errno.ENOSPC, "No space left on device"))
        with pytest.raises(ArchiveError, match="no space left"):
            add(archive)
    assert tree(archive.root) == before
    assert add(archive) == "2022-e03"


def kill(archive: Archive, monkeypatch: pytest.MonkeyPatch, act: Callable[[Archive], str], name: str) -> None:
    """End the act before the named step of its transaction, with nothing undone."""
    with monkeypatch.context() as patch:
        fail_at(patch, transaction, name, 1, Killed())
        patch.setattr(transaction, "_undo", lambda *_: None)
        with pytest.raises(Killed):
            act(archive)


def test_an_edition_killed_before_its_intent_is_removed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(archive.root)
    kill(archive, monkeypatch, add, "_make_zone")
    report = verify(archive.root)
    assert (report.faults, [note.kind for note in report.notes]) == ((), ["leftover"])
    archive.add(contents(), now=NOW)
    assert tree(archive.root) == before
    assert add(archive) == "2022-e03"


def test_an_edition_killed_in_its_place_is_recorded_by_the_next_write(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(archive, monkeypatch, add, "_complete")
    assert [edition.name for edition in archive.editions("testonia", "2022")] == ["2022-e01", "2022-e02"]
    report = verify(archive.root)
    assert report.faults == ()
    assert {note.place for note in report.notes} == {".staging/intent", "testonia/2022-e03"}
    again = archive.add(contents("three"), note="the survey was late", now=NOW)
    assert (again.edition.name, again.is_new) == ("2022-e03", False)
    assert (verify(archive.root).faults, verify(archive.root).notes) == ((), ())


def test_a_first_edition_killed_in_its_place_is_recorded_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path)
    kill(archive, monkeypatch, lambda archive: archive.add(contents(), now=NOW).edition.name, "_complete")
    assert archive.editions() == ()
    assert verify(tmp_path).faults == ()
    assert not archive.add(contents(), now=NOW).is_new


def test_an_edition_whose_intent_does_not_fit_is_never_taken_over(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(archive, monkeypatch, add, "_complete")
    bag = archive.root / "testonia/2022-e03"
    (bag / "tagmanifest-sha256.txt").chmod(0o644)
    (bag / "tagmanifest-sha256.txt").write_bytes(b"forged")
    assert {fault.kind for fault in verify(archive.root).faults} == {"edition-unknown"}
    assert add(archive) == "2022-e04"
    assert [entry.edition for entry in archive.entries()][-1] == "2022-e04"
    assert {(fault.kind, fault.place) for fault in verify(archive.root).faults} == {
        ("edition-unknown", "testonia/2022-e03")
    }


@pytest.mark.parametrize("intent", [b"", b"{", b"\xff" * 99])
def test_an_intent_that_was_not_written_to_its_end_counts_for_nothing(
    archive: Archive, intent: bytes
) -> None:
    (archive.root / ".staging/intent").write_bytes(intent)
    assert verify(archive.root).faults == ()
    assert add(archive) == "2022-e03"
    assert verify(archive.root).notes == ()


def test_a_forgetting_that_was_killed_is_completed(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    kill(archive, monkeypatch, forget, "_complete")
    assert archive.find("testonia", "2022-e01")
    archive.add(contents(snapshot="2021"), now=NOW)
    assert not (archive.root / "testonia/2022-e01").exists()
    assert [edition.name for edition in archive.editions("testonia", "2022")] == ["2022-e02"]
    assert (verify(archive.root).faults, verify(archive.root).notes) == ((), ())


def fail_to_forget(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        fail_at(patch, Path, "rename", 1, OSError(errno.EIO, "Input/output error"))
        with pytest.raises(ArchiveError, match="input/output error") as caught:
            forget(archive)
    assert caught.value.hint == "every other edition is untouched; once this is mended, run the command again"
    assert archive.entries()[-1].action == "forget"


def test_a_forgetting_that_failed_after_it_was_recorded_is_ended_by_the_same_command(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_forget(archive, monkeypatch)
    ledger = archive.entries()
    assert forget(archive) == "2022-e01"
    assert archive.entries() == ledger
    assert not (archive.root / "testonia/2022-e01").exists()
    assert (verify(archive.root).faults, verify(archive.root).notes) == ((), ())
    with pytest.raises(UsageError, match="was forgotten on 2026-03-01: withdrawn"):
        forget(archive)


def test_a_forgotten_edition_that_was_put_back_is_not_said_to_be_gone(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(archive.root / "testonia/2021-e01", archive.root / "testonia/2023-e01")
    (archive.root / ".staging/abc").mkdir()
    with pytest.raises(UsageError, match="was forgotten on"):
        archive.forget("testonia", "2023", 1, reason="again", now=NOW)
    assert {fault.kind for fault in verify(archive.root).faults} == {"edition-forgotten"}


@pytest.mark.parametrize("step", ["_complete", "_undo"])
def test_what_was_interrupted_does_not_reach_through_a_link(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, step: str
) -> None:
    """The zone becomes a link between the write and what completes it or takes it back."""
    real = getattr(transaction, step)

    def relinked(*arguments: object) -> None:
        (archive.root / "testonia").rename(tmp_path / "elsewhere")
        (archive.root / "testonia").symlink_to(tmp_path / "elsewhere")
        real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(transaction, step, relinked)
        if step == "_undo":
            fail_at(patch, transaction, "_complete", 1, OSError(errno.EIO, "Input/output error"))
        with pytest.raises(ArchiveError, match="cannot be written"):
            (add if step == "_undo" else forget)(archive)
    stand = {path.name for path in (tmp_path / "elsewhere").iterdir()}
    assert stand == {"2021-e01", "2022-e01", "2022-e02", *(["2022-e03"] if step == "_undo" else [])}


def test_a_forgotten_edition_that_still_stands_is_removed_by_the_next_write(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_forget(archive, monkeypatch)
    report = verify(archive.root)
    assert report.faults == ()
    assert {note.place: note.message for note in report.notes} == {
        ".staging/intent": "left by an interrupted write; the next one completes or removes it",
        "testonia/2022-e01": "it is forgotten, but an interrupted write has left it; the next one removes it",
    }
    archive.add(contents(snapshot="2021"), now=NOW)
    assert not (archive.root / "testonia/2022-e01").exists()
    assert verify(archive.root).notes == ()


def test_ctrl_c_leaves_everything_as_it_was(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(archive.root)
    with monkeypatch.context() as patch:
        fail_at(patch, os, "fsync", 9, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            add(archive)
    assert tree(archive.root) == before


def test_a_write_that_takes_only_some_bytes_is_continued(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data)[:7]))
    add(archive)
    monkeypatch.undo()
    assert verify(archive.root).faults == ()


def test_files_are_made_so_that_nobody_edits_them_by_accident(archive: Archive) -> None:
    for edition in archive.editions():
        assert {path.stat().st_mode & 0o222 for path in edition.path.rglob("*") if path.is_file()} == {0}
    assert (
        digest((archive.root / "ledger.jsonl").read_bytes().splitlines(keepends=True)[-1])
        == archive.entries()[-1].digest
    )
