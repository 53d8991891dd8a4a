"""A bag holds what it was given, in names that every system keeps, and its manifests are read strictly."""

from __future__ import annotations

import string
import subprocess
import sys
import tempfile
from pathlib import Path

import bagit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import NOW

from zonereport.archive.bag import (
    is_snapshot,
    is_zone,
    name_edition,
    one_line,
    read_manifest,
    split_edition,
)
from zonereport.archive.store import Archive, Contents
from zonereport.archive.verify import verify
from zonereport.errors import ArchiveError
from zonereport.inputs.paths import faulty_paths

NAMES = st.text(st.sampled_from(string.ascii_lowercase + "äé数据字 -_()&'"), min_size=1, max_size=12)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(PATHS, st.binary(max_size=200), min_size=1, max_size=5),
    st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3),
    st.text(max_size=60),
)
def test_what_is_archived_comes_back_and_the_bag_is_valid_elsewhere(payload, run, note) -> None:
    clean = {key: value for key, value in run.items() if f"{key}{value}".isprintable()}
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder) / "archive")
        asked = Contents("testonia", "2022", payload, clean, note)
        if list(faulty_paths(payload)):
            with pytest.raises(ArchiveError):
                archive.add(asked, now=NOW)
            assert not archive.root.exists()
            return
        edition = archive.add(asked, note=note, now=NOW).edition
        files = archive.read(edition)
        assert {path[5:]: data for path, data in files.items() if path.startswith("data/")} == payload
        assert bagit.Bag(str(edition.path)).validate()
        assert verify(archive.root).faults == ()
        done = subprocess.run(
            ["sha256sum", "--quiet", "-c", "manifest-sha256.txt"], cwd=edition.path, check=False
        )
        assert done.returncode == 0


def test_a_bag_says_of_whom_what_and_when(tmp_path: Path) -> None:
    asked = Contents(
        "testonia", "2022", {"a.txt": b"12345"}, {"b": 1, "a": "ä"}, "On zones:\r\nBagging-Date: 1"
    )
    archive = Archive(tmp_path)
    edition = archive.add(asked, note="first\x00\u2028of all", now=NOW).edition
    from importlib.metadata import version

    assert archive.read(edition)["bag-info.txt"].decode().splitlines() == [
        "External-Description: On zones: Bagging-Date: 1",
        "External-Identifier: testonia/2022-e01",
        "Bagging-Date: 2026-03-01",
        f"Bag-Software-Agent: zonereport {version('zonereport')}",
        "Edition-Note: first of all",
        "Payload-Oxum: 5.1",
    ]
    assert archive.read(edition)["run.json"].decode() == '{\n  "a": "ä",\n  "b": 1\n}\n'
    assert edition.note == "first of all"


@pytest.mark.parametrize(
    "path",
    ["", "/etc/a", "../a", "a/../b", "a//b", "./a", "a/", ".hidden", "a/.b", "a\\b", "100%25", "a\nb", "a\x00", "a\u202eb",
     "e\u0301", "con", "charts/NUL.svg", "a.", "a ", " a", "a:b", "a?", "\ud800"],
)  # fmt: skip
def test_a_name_that_some_system_would_not_keep_is_refused(path: str) -> None:
    assert len(list(faulty_paths([path]))) == 1
    next(faulty_paths([path])).encode()


@pytest.mark.parametrize(
    "paths", [["A.pdf", "a.pdf"], ["a", "a/b"], ["Charts/a", "charts/b"], ["straße", "STRASSE"]]
)
def test_names_that_some_system_would_confuse_are_refused(paths: list[str]) -> None:
    assert len(list(faulty_paths(paths))) == 1


@pytest.mark.parametrize(
    "zone", ["", "Testonia", "a b", "../a", "con", "lpt1", "-a", "a" * 81, "testoniä", "a\n"]
)
def test_a_zone_that_is_no_folder_on_every_system_is_refused(zone: str, tmp_path: Path) -> None:
    assert not is_zone(zone)
    with pytest.raises(ArchiveError, match="expected a zone's id"):
        Archive(tmp_path).add(Contents(zone, "2022", {"a": b""}, {}, ""), now=NOW)


@pytest.mark.parametrize("snapshot", ["2022", "2022-12", "2022-12-31", "2022-H1", "2022-Q3", "FY2022"])
def test_each_form_of_a_snapshot_names_an_edition_and_back(snapshot: str) -> None:
    assert is_snapshot(snapshot)
    assert split_edition(name_edition(snapshot, 7)) == (snapshot, 7)
    assert split_edition(name_edition(snapshot, 123)) == (snapshot, 123)


@pytest.mark.parametrize(
    "name",
    [
        "2022",
        "2022-e1",
        "2022-e00",
        "2022-e007",
        "2022-E01",
        "2022-h1-e01",
        "x-e01",
        "２０２２-e01",
        "2022-e01\n",
    ],
)
def test_no_other_name_is_an_edition(name: str) -> None:
    assert split_edition(name) is None


def test_no_date_and_no_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="found `not stated`"):
        Archive(tmp_path / "a").add(Contents("testonia", "not stated", {"a": b""}, {}, ""), now=NOW)
    with pytest.raises(ArchiveError, match="nothing to archive"):
        Archive(tmp_path / "a").add(Contents("testonia", "2022", {}, {}, ""), now=NOW)
    assert not (tmp_path / "a").exists()


HASH = "0" * 64


@pytest.mark.parametrize(
    ("manifest", "fault"),
    [
        (b"", "no end"),
        (f"{HASH}  data/a".encode(), "no end"),
        (f"{HASH} data/a\n".encode(), "line 1: expected"),
        (f"{HASH}  data/a\r\n".encode(), "control character"),
        (f"{HASH[1:]}  data/a\n".encode(), "line 1: expected"),
        (f"{HASH}  data/a\n{HASH}  data/a\n".encode(), "line 2: `data/a` stands there twice"),
        (f"{HASH}  data/../../a\n".encode(), "expected a relative path"),
        (f"{HASH}  data/a\n{HASH}  data/A\n".encode(), "only in case"),
        (b"\xff" * 9, "not UTF-8 from byte 0 on"),
    ],
)  # fmt: skip
def test_a_manifest_is_read_strictly(manifest: bytes, fault: str) -> None:
    faults = read_manifest(manifest)[1]
    assert any(fault in found for found in faults), faults


def test_a_value_stays_on_its_line() -> None:
    assert one_line("  a\r\n\x85b\u2029c\x1b[0m\u202e d\t") == "a b c [0m d"


def test_who_only_reads_an_archive_starts_at_once() -> None:
    code = "import sys, zonereport.archive.verify, zonereport.archive.store as store; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & {
        "pydantic",
        "jinja2",
        "matplotlib",
        "reportlab",
        "docx",
        "typer",
        "rich",
        "bagit",
        "fontTools",
    }
    ours = {name for name in done.stdout.split() if name.startswith("zonereport.")}
    assert {name for name in ours if not name.startswith("zonereport.archive")} == {
        "zonereport.errors",
        "zonereport.files",
        "zonereport.inputs",
        "zonereport.inputs.paths",
    }
