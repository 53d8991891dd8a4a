"""Whatever was done to an archive, verify names it; and it never fails itself."""

from __future__ import annotations

import os
import random
import shutil
import unicodedata
from typing import TYPE_CHECKING

import pytest
from invented import NOW, contents, fill

from zonereport.archive import examination
from zonereport.archive.bag import digest
from zonereport.archive.ledger import read_ledger
from zonereport.archive.store import Archive
from zonereport.archive.verify import verify
from zonereport.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BAG = "testonia/2022-e01"


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive to be copied, not changed."""
    return fill(tmp_path_factory.mktemp("untouched") / "archive").root


@pytest.fixture
def root(untouched: Path, tmp_path: Path) -> Path:
    """2021-e01, 2022-e01 and 2022-e02 of Testonia, and 2023-e01 forgotten; every file can be written."""
    copy = tmp_path / "archive"
    shutil.copytree(untouched, copy)
    for path in copy.rglob("*"):
        path.chmod(path.stat().st_mode | 0o200)
    return copy


def found(root: Path, **options: str) -> set[tuple[str, str]]:
    return {(fault.kind, fault.place) for fault in verify(root, **options).faults}


def change(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def replace_lines(path: Path, act: Callable[[list[bytes]], list[bytes]]) -> None:
    path.write_bytes(b"".join(act(path.read_bytes().splitlines(keepends=True))))


def rewrite(bag: Path) -> None:
    """Change a file and every list of it, as somebody who knows BagIt would."""
    before = digest((bag / "data/zone.toml").read_bytes()).encode()
    (bag / "data/zone.toml").write_bytes(b"forged")
    change(bag / "manifest-sha256.txt", before, digest(b"forged").encode())
    manifest = digest((bag / "manifest-sha256.txt").read_bytes()).encode()
    replace_lines(
        bag / "tagmanifest-sha256.txt",
        lambda lines: [manifest + line[64:] if b"  manifest" in line else line for line in lines],
    )


def forge_note(root: Path) -> None:
    """Write a line of the ledger anew, its own check included."""
    ledger = root / "ledger.jsonl"
    entry = read_ledger(ledger.read_bytes()).entries[1]
    forged = type(entry)(**{name: getattr(entry, name) for name in entry.__slots__} | {"note": "forged"})
    change(ledger, entry.line, forged.line)


def move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)


def swap(one: Path, other: Path) -> None:
    data = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(data)


def link(path: Path, target: Path | str) -> None:
    path.unlink()
    path.symlink_to(target)


def unzone(root: Path) -> None:
    (root / "testonia").rename(root.parent / "elsewhere")
    (root / "testonia").symlink_to(root.parent / "elsewhere")


def cut(root: Path, lines: int, *gone: str) -> None:
    replace_lines(root / "ledger.jsonl", lambda all_: all_[:-lines])
    for place in gone:
        shutil.rmtree(root / place)


LEDGER, MANIFEST, TAGS = "ledger.jsonl", f"{BAG}/manifest-sha256.txt", f"{BAG}/tagmanifest-sha256.txt"
ESCAPE = b"0" * 64 + b"  data/../../../../etc/passwd\n"

TAMPERINGS: dict[str, tuple[Callable[[Path], object], set[tuple[str, str]]]] = {
    "a file changed": (
        lambda root: change(root / BAG / "data/zone.toml", b"t", b"T"),
        {("changed", f"{BAG}/data/zone.toml")}),
    "a file changed, with its time and size kept": (
        lambda root: (change(root / BAG / "run.json", b"one", b"two"), os.utime(root / BAG / "run.json", (0, 0))),
        {("changed", f"{BAG}/run.json")}),
    "two files swapped": (
        lambda root: swap(root / BAG / "data/zone.toml", root / BAG / "data/briefing.pdf"),
        {("changed", f"{BAG}/data/zone.toml"), ("changed", f"{BAG}/data/briefing.pdf")}),
    "a file emptied": (
        lambda root: (root / BAG / "data/briefing.pdf").write_bytes(b""),
        {("changed", f"{BAG}/data/briefing.pdf")}),
    "a file removed": (
        lambda root: (root / BAG / "data/zone.toml").unlink(),
        {("missing", f"{BAG}/data/zone.toml")}),
    "a tag file removed": (
        lambda root: (root / BAG / "bag-info.txt").unlink(),
        {("missing", f"{BAG}/bag-info.txt")}),
    "an extra file in the payload": (
        lambda root: (root / BAG / "data/notes.txt").write_bytes(b"x"),
        {("extra", f"{BAG}/data/notes.txt")}),
    "an extra file beside it, its name not Unicode": (
        lambda root: (root / BAG / os.fsdecode(b"\xff\n")).write_bytes(b"x"),
        {("extra", f"{BAG}/\\udcff\\n")}),
    "a file renamed": (
        lambda root: move(root / BAG / "data/zone.toml", root / BAG / "data/other/zone.toml"),
        {("renamed", f"{BAG}/data/zone.toml")}),
    "a file renamed in case": (
        lambda root: move(root / BAG / "data/zone.toml", root / BAG / "data/Zone.toml"),
        {("renamed", f"{BAG}/data/zone.toml")}),
    "an empty folder": (
        lambda root: (root / BAG / "data/drafts").mkdir(),
        {("empty-folder", f"{BAG}/data/drafts")}),
    "a symbolic link to the same bytes": (
        lambda root: (shutil.copy(root / BAG / "data/zone.toml", root.parent / "same"),
                      link(root / BAG / "data/zone.toml", root.parent / "same")),
        {("special", f"{BAG}/data/zone.toml")}),
    "an extra symbolic link": (
        lambda root: (root / BAG / "data/passwd").symlink_to("/etc/passwd"),
        {("special", f"{BAG}/data/passwd")}),
    "a circle of links": (
        lambda root: (root / BAG / "data/again").symlink_to(".."),
        {("special", f"{BAG}/data/again")}),
    "a named pipe that would never end": (
        lambda root: ((root / BAG / "data/zone.toml").unlink(), os.mkfifo(root / BAG / "data/zone.toml")),
        {("special", f"{BAG}/data/zone.toml")}),
    "a folder in the place of a file": (
        lambda root: ((root / BAG / "run.json").unlink(), (root / BAG / "run.json/x").mkdir(parents=True)),
        {("special", f"{BAG}/run.json"), ("empty-folder", f"{BAG}/run.json/x")}),
    "a file in the place of the payload": (
        lambda root: (shutil.rmtree(root / BAG / "data"), (root / BAG / "data").write_bytes(b"")),
        {("extra", f"{BAG}/data"), *{("missing", f"{BAG}/data/{name}") for name in contents().payload}}),
    "`../` in the manifest": (
        lambda root: replace_lines(root / MANIFEST, lambda lines: [*lines, ESCAPE]),
        {("manifest", MANIFEST), ("changed", MANIFEST), ("missing", f"{BAG}/data/../../../../etc/passwd")}),
    "a line of the manifest twice": (
        lambda root: replace_lines(root / MANIFEST, lambda lines: [*lines, lines[0]]),
        {("manifest", MANIFEST), ("changed", MANIFEST)}),
    "a line of the manifest gone": (
        lambda root: replace_lines(root / MANIFEST, lambda lines: lines[1:]),
        {("changed", MANIFEST), ("extra", f"{BAG}/data/briefing.pdf")}),
    "a manifest that is none": (
        lambda root: (root / MANIFEST).write_bytes(b"\xff\x00 garbage"),
        {("manifest", MANIFEST), ("changed", MANIFEST), *{("extra", f"{BAG}/data/{name}") for name in contents().payload}}),
    "the manifest removed": (
        lambda root: (root / MANIFEST).unlink(),
        {("missing", MANIFEST)}),
    "the tag manifest changed": (
        lambda root: change(root / TAGS, b"  bag-info.txt", b"  bag-inf0.txt"),
        {("seal", TAGS), ("manifest", TAGS), ("renamed", f"{BAG}/bag-inf0.txt")}),
    "the tag manifest removed": (
        lambda root: (root / TAGS).unlink(),
        {("missing", TAGS)}),
    "a file and all lists of it changed": (
        lambda root: rewrite(root / BAG),
        {("seal", TAGS)}),
    "another version of BagIt declared": (
        lambda root: change(root / BAG / "bagit.txt", b"1.0", b"0.9"),
        {("declaration", f"{BAG}/bagit.txt")}),
    "a whole edition gone": (
        lambda root: shutil.rmtree(root / BAG),
        {("edition-missing", BAG)}),
    "an edition replaced by another": (
        lambda root: (shutil.rmtree(root / BAG), shutil.copytree(root / "testonia/2022-e02", root / BAG)),
        {("seal", TAGS)}),
    "an edition's folder renamed": (
        lambda root: move(root / BAG, root / "testonia/2022-e09"),
        {("edition-renamed", "testonia/2022-e09")}),
    "an edition moved to another zone": (
        lambda root: move(root / BAG, root / "examplia/2022-e01"),
        {("edition-renamed", "examplia/2022-e01")}),
    "an edition copied to another number": (
        lambda root: shutil.copytree(root / BAG, root / "testonia/2022-e03"),
        {("edition-unknown", "testonia/2022-e03")}),
    "a file with an edition's name": (
        lambda root: (root / "testonia/2022-e03").write_bytes(b""),
        {("edition-unknown", "testonia/2022-e03")}),
    "an edition replaced by a link to it": (
        lambda root: (move(root / BAG, root.parent / "bag"), (root / BAG).symlink_to(root.parent / "bag")),
        {("special", BAG)}),
    "a forgotten edition put back": (
        lambda root: shutil.copytree(root / "testonia/2021-e01", root / "testonia/2023-e01"),
        {("edition-forgotten", "testonia/2023-e01")}),
    "the zone replaced by a link": (
        unzone,
        {("special", "testonia"), ("special", "testonia/2021-e01"), ("special", BAG), ("special", "testonia/2022-e02")}),
    "a note in the ledger changed": (
        lambda root: change(root / LEDGER, b"figure", b"number"),
        {("ledger-edited", f"{LEDGER}:4"), ("edition-unknown", "testonia/2022-e02")}),
    "the ledger's last line changed": (
        lambda root: change(root / LEDGER, b"not meant", b"now meant"),
        {("ledger-edited", f"{LEDGER}:5"), ("edition-missing", "testonia/2023-e01")}),
    "a line changed with its own check": (
        forge_note,
        {("ledger-edited", f"{LEDGER}:3")}),
    "a line in the middle removed": (
        lambda root: replace_lines(root / LEDGER, lambda lines: lines[:1] + lines[2:]),
        {("ledger-edited", f"{LEDGER}:2"), ("edition-unknown", BAG)}),
    "two lines swapped": (
        lambda root: replace_lines(root / LEDGER, lambda lines: [lines[1], lines[0], *lines[2:]]),
        {("ledger-edited", f"{LEDGER}:1"), ("ledger-edited", f"{LEDGER}:2"), ("ledger-edited", f"{LEDGER}:3")}),
    "a line twice": (
        lambda root: replace_lines(root / LEDGER, lambda lines: [*lines, lines[-1]]),
        {("ledger-edited", f"{LEDGER}:6")}),
    "line ends of Windows": (
        lambda root: replace_lines(root / LEDGER, lambda lines: [*lines[:-1], lines[-1][:-1] + b"\r\n"]),
        {("ledger-edited", f"{LEDGER}:5"), ("edition-missing", "testonia/2023-e01")}),
    "the ledger's last lines cut off": (
        lambda root: cut(root, 2),
        {("ledger-cut", "testonia/2022-e02"), ("edition-missing", "testonia/2023-e01")}),
    "the ledger cut within a line": (
        lambda root: (root / LEDGER).write_bytes((root / LEDGER).read_bytes()[:-30]),
        {("ledger-cut", f"{LEDGER}:5"), ("edition-missing", "testonia/2023-e01")}),
    "the ledger's last end of line gone": (
        lambda root: (root / LEDGER).write_bytes((root / LEDGER).read_bytes()[:-1]),
        {("ledger-cut", f"{LEDGER}:5"), ("edition-missing", "testonia/2023-e01")}),
    "the ledger emptied": (
        lambda root: (root / LEDGER).write_bytes(b""),
        {("ledger-cut", place) for place in ("testonia/2021-e01", BAG, "testonia/2022-e02")}),
    "the ledger removed": (
        lambda root: (root / LEDGER).unlink(),
        {("ledger-missing", LEDGER)}),
    "a ledger of garbage": (
        lambda root: (root / LEDGER).write_bytes(b"[" * 9000 + b"\n" + b"\xff\xfe\n" + b"9" * 9000 + b"\nnull\n{}\n"),
        {*{("ledger-edited", f"{LEDGER}:{line}") for line in range(1, 6)},
         *{("edition-unknown", place) for place in ("testonia/2021-e01", BAG, "testonia/2022-e02")}}),
    "a folder in the place of the ledger": (
        lambda root: ((root / LEDGER).unlink(), (root / LEDGER).mkdir()),
        {("special", LEDGER), ("unreadable", LEDGER)}),
    "a link in the place of the ledger": (
        lambda root: (move(root / LEDGER, root.parent / "l"), (root / LEDGER).symlink_to(root.parent / "l")),
        {("special", LEDGER), ("unreadable", LEDGER)}),
    "a folder in the place of the lock": (
        lambda root: ((root / ".lock").unlink(), (root / ".lock").mkdir()),
        {("special", ".lock")}),
    "a link in the place of the staging": (
        lambda root: ((root / ".staging").rmdir(), (root / ".staging").symlink_to("/etc")),
        {("special", ".staging")}),
    "foreign files in the root and in a zone": (
        lambda root: ((root / "Thumbs.db").write_bytes(b""), (root / "CON").mkdir(), (root / "testonia/notes").mkdir()),
        {("foreign", "Thumbs.db"), ("foreign", "CON"), ("foreign", "testonia/notes")}),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_each_tampering_is_named(root: Path, name: str) -> None:
    tamper, faults = TAMPERINGS[name]
    assert found(root) == set()
    tamper(root)
    assert found(root) == faults
    for fault in verify(root).faults:
        assert fault.message
        assert fault.message.isprintable()


def test_a_name_in_another_form_of_unicode_is_a_rename(tmp_path: Path) -> None:
    asked = contents()
    asked = type(asked)("testonia", "2022", {"Überblick.csv": b"1"}, {}, "")
    folder = Archive(tmp_path).add(asked, now=NOW).edition.path / "data"
    (folder / "Überblick.csv").rename(folder / unicodedata.normalize("NFD", "Überblick.csv"))
    (fault,) = verify(tmp_path).faults
    assert (fault.kind, fault.place) == ("renamed", "testonia/2022-e01/data/Überblick.csv")
    assert "only in case or Unicode form" in fault.message


def test_an_untouched_archive_has_no_fault(root: Path) -> None:
    report = verify(root)
    assert (report.editions, report.files, report.faults, report.notes) == (3, 3 * 9, (), ())


def test_a_noted_head_finds_a_ledger_cut_with_its_editions(root: Path) -> None:
    heads = [entry.digest for entry in Archive(root).entries()]
    for head in (heads[-1], heads[2], heads[-1][:16].upper() + " "):
        assert found(root, head=head) == set()
    cut(root, 3, "testonia/2022-e02")
    assert found(root) == set(), "nothing in the archive itself tells"
    assert found(root, head=heads[-1]) == {("ledger-cut", LEDGER)}
    assert found(root, head=heads[1]) == set()
    (root / LEDGER).unlink()
    shutil.rmtree(root / "testonia")
    assert found(root) == set()
    assert found(root, head=heads[1]) == {("ledger-missing", LEDGER)}


@pytest.mark.parametrize("head", ["123", "g" * 64, "0x" + "0" * 62])
def test_a_head_that_is_none_is_refused(root: Path, head: str) -> None:
    with pytest.raises(UsageError, match="16 hexadecimal digits"):
        verify(root, head=head)


def test_a_folder_that_is_no_archive_is_no_archive(tmp_path: Path) -> None:
    assert found(tmp_path) == {("ledger-missing", LEDGER)}
    assert found(tmp_path / "none") == {("unreadable", "."), ("ledger-missing", LEDGER)}
    (tmp_path / "file").write_bytes(b"")
    assert ("unreadable", ".") in found(tmp_path / "file")


def test_what_an_interrupted_write_left_is_a_note_and_no_fault(root: Path) -> None:
    (root / ".staging/abc/data").mkdir(parents=True)
    (root / "examplia").mkdir()
    report = verify(root)
    assert report.faults == ()
    assert {(note.kind, note.place) for note in report.notes} == {
        ("leftover", ".staging/abc"),
        ("leftover", "examplia"),
    }


def test_where_the_ledger_is_damaged_the_editions_are_to_be_left(root: Path) -> None:
    change(root / LEDGER, b"figure", b"number")
    shutil.rmtree(root / BAG)
    hints = {fault.place: fault.hint for fault in verify(root).faults}
    assert hints[f"{LEDGER}:4"] == "take it from a copy of the archive"
    for place in ("testonia/2022-e02", BAG):
        assert hints[place] == "mend the ledger from a copy first, and leave the editions as they are"


def test_another_readme_is_a_note_and_no_fault(root: Path) -> None:
    change(root / "README.txt", b"sha256sum", b"md5sum")
    report = verify(root)
    assert report.faults == ()
    assert [(note.kind, note.place) for note in report.notes] == [("changed", "README.txt")]
    (root / "README.txt").unlink()
    assert verify(root).notes == (), "the next addition writes it"


def test_what_nobody_may_read_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the system's answer is played."""
    real_scan, real_open = os.scandir, examination.open_file

    def scan(path: Path) -> object:
        if str(path).endswith("2022-e02/data/charts"):
            raise PermissionError(13, "Permission denied")
        return real_scan(path)

    def open_file(root: Path, place: str) -> int:
        if place.endswith("2022-e01/run.json"):
            raise PermissionError(13, "Permission denied")
        return real_open(root, place)

    monkeypatch.setattr(os, "scandir", scan)
    monkeypatch.setattr(examination, "open_file", open_file)
    assert ("unreadable", "testonia/2022-e02/data/charts") in found(root)
    assert ("unreadable", f"{BAG}/run.json") in found(root)


def test_a_tag_manifest_too_large_to_read_is_still_found_out(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examination, "MAX_BYTES", 4000)
    with (root / TAGS).open("ab") as file:
        file.write(b"0" * 5000)
    assert found(root) == {("seal", TAGS)}


@pytest.mark.slow
def test_two_thousand_bit_flips_are_all_found(root: Path) -> None:
    chance = random.Random(2022)
    files = sorted(
        path
        for path in root.rglob("*")
        if path.is_file() and path.stat().st_size and path.name != "README.txt"
    )
    assert len(files) == 3 * 9 + 1
    unseen = []
    for _ in range(2000):
        path = chance.choice(files)
        data = bytearray(path.read_bytes())
        bit = chance.randrange(len(data) * 8)
        data[bit // 8] ^= 1 << bit % 8
        good = path.read_bytes()
        path.write_bytes(data)
        place = str(path.relative_to(root))
        if not any(fault.place.startswith(place) for fault in verify(root).faults):
            unseen.append((place, bit))
        path.write_bytes(good)
    assert unseen == []
    assert verify(root).faults == ()
