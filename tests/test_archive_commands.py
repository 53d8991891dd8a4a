"""The archive from the command line: what is printed, how it ends, and what a hurried user gets wrong."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from zonereport.archive.contents import Request, make_contents
from zonereport.archive.store import Archive
from zonereport.zone.reading import find_zone

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

QUICK = ("--format", "html")
"""One format is enough where the question is what becomes of an edition."""


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive that the environment names, not made yet."""
    folder = tmp_path / "kept"
    monkeypatch.setenv("ZONEREPORT_ARCHIVE", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with the editions of 2021 and 2022, made once."""
    folder = tmp_path_factory.mktemp("made") / "archive"
    for year in ("2021", "2022"):
        request = Request(find_zone(f"baotou-{year}"), formats=("html",))
        Archive(folder).add(make_contents(request), now=datetime(2003, 1, 1, tzinfo=UTC))
    return folder


@pytest.fixture
def years(_made: Path, archive: Path) -> Path:
    """An archive of its own with the editions of 2021 and 2022."""
    shutil.copytree(_made, archive)
    return archive


def changed(folder: Path) -> Path:
    """Write the zone file of 2022 with another word in it."""
    file = folder / "baotou-2022.toml"
    text = find_zone("baotou-2022").read_text("utf-8")
    file.write_text(text.replace("name.en = ", 'name.de = "Geändert"\nname.en = ', 1), "utf-8")
    return file


def test_add_prints_the_folder_and_a_second_time_says_that_nothing_is_new(archive: Path, run: Run) -> None:
    folder = archive / "baotou" / "2022-e01"
    assert run("archive", "add", "baotou-2022", *QUICK) == (0, f"{folder}\n", "")
    code, out, err = run("archive", "add", "baotou-2022", *QUICK)
    assert (code, out) == (0, f"{folder}\n")
    assert err == "zonereport: baotou 2022-e01 has this very content; nothing was added\n"
    assert len(json.loads(run("archive", "list", "--json")[1])) == 1


def test_other_content_for_a_year_needs_a_note_and_is_the_next_edition(years: Path, run: Run) -> None:
    file = changed(years.parent)
    code, out, err = run("archive", "add", file, *QUICK)
    assert (code, out) == (1, "")
    assert "--note" in err
    code, out, _ = run("archive", "add", file, *QUICK, "--note", "a name in German", "--json")
    (added,) = json.loads(out)
    assert (code, added["edition"], added["new"], added["note"]) == (0, "2022-e02", True, "a name in German")
    listed = run("archive", "list", "baotou")[1].splitlines()
    assert [line.split()[1] for line in listed] == ["2021-e01", "2022-e01", "2022-e02"]
    assert listed[-1].endswith("a name in German")


def test_what_is_kept_beside_it_is_kept_as_it_is(archive: Path, run: Run, tmp_path: Path) -> None:
    letter = tmp_path / "letter.docx"
    letter.write_bytes(b"as it went out")
    assert run("archive", "add", "baotou-2022", *QUICK, "--keep", letter)[0] == 0
    assert (archive / "baotou/2022-e01/data/kept/letter.docx").read_bytes() == b"as it went out"


def test_show_says_what_is_in_an_edition_and_how_it_was_made(years: Path, run: Run) -> None:
    code, out, _ = run("archive", "show", "baotou", "2022")
    assert code == 0
    for said in ("2022-e01", "template", "briefing", "matplotlib", "data/en/baotou-2022-briefing-en.html"):
        assert said in out
    shown = json.loads(run("archive", "show", "baotou", "2022-e01", "--json")[1])
    assert shown["run"]["parameters"]["languages"] == ["en"]
    assert shown["files"]["data/inputs/zone.toml"] == find_zone("baotou-2022").stat().st_size


def test_verify_names_the_fault_and_ends_with_5(years: Path, run: Run) -> None:
    code, out, _ = run("archive", "verify")
    assert (code, out.splitlines()[-1].split(": ")[1]) == (0, "no fault")
    file = years / "baotou/2021-e01/data/zone.json"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b" ")
    code, out, _ = run("archive", "verify")
    assert code == 5
    assert "baotou/2021-e01/data/zone.json: " in out
    (fault,) = json.loads(run("archive", "verify", "--json")[1])["faults"]
    assert fault["kind"] == "changed"


def test_verify_deep_makes_an_edition_anew(years: Path, run: Run) -> None:
    code, out, _ = run("archive", "verify", "baotou", "2021", "--deep")
    assert code == 0
    assert out.splitlines()[-1].endswith("no fault, made anew byte for byte")


def test_verify_with_the_head_finds_a_ledger_cut_short(years: Path, run: Run) -> None:
    head = run("archive", "log")[1].splitlines()[-1].removeprefix("head: ")
    assert run("archive", "verify", "--head", head)[0] == 0
    ledger = years / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().splitlines(keepends=True)[0])
    shutil.rmtree(years / "baotou" / "2022-e01")
    assert run("archive", "verify")[0] == 0
    assert run("archive", "verify", "--head", head)[0] == 5


def test_export_writes_a_copy_that_is_not_overwritten(years: Path, run: Run) -> None:
    code, out, _ = run("archive", "export", "baotou", "2022", "-o", years.parent / "out")
    copy = Path(out.strip())
    assert (code, copy.name) == (0, "baotou-2022-e01")
    assert (copy / "data/inputs/zone.toml").read_bytes() == find_zone("baotou-2022").read_bytes()
    assert run("archive", "export", "baotou", "2022", "-o", years.parent / "out")[0] == 1
    code, out, _ = run("archive", "export", "baotou", "2022", "--zip", "-o", years.parent / "out")
    assert (code, Path(out.strip()).name) == (0, "baotou-2022-e01.zip")


def test_forget_takes_a_reason_and_the_log_keeps_it(years: Path, run: Run) -> None:
    assert run("archive", "forget", "baotou", "2021", "1")[0] == 2
    code, out, _ = run("archive", "forget", "baotou", "2021", "1", "--reason", "a wrong file")
    assert (code, out) == (0, "baotou 2021-e01 is forgotten\n")
    assert "forget  baotou  2021-e01  a wrong file" in run("archive", "log")[1]
    assert run("archive", "verify")[0] == 0
    assert run("archive", "show", "baotou", "2021")[0] == 2


def test_generate_sets_a_zone_beside_its_archived_years(years: Path, run: Run) -> None:
    code, out, _ = run("generate", "baotou-2022", "--history", "-f", "html", "-o", years.parent / "a")
    assert code == 0
    with_history = Path(out.strip()).read_text("utf-8")
    code, out, _ = run("generate", "baotou-2022", "-p", "baotou-2021", "-f", "html", "-o", years.parent / "b")
    assert with_history == Path(out.strip()).read_text("utf-8")
    assert "119" in with_history


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["add", "baotou-2022", "--year", "2021"], 2, "baotou-2022: the snapshot is 2022, not 2021"),
        (["add", "baotou-2202"], 2, "did you mean `baotou-2"),
        (["add", "baotou-2021", "baotou-2022", "-p", "baotou-2017"], 2, "goes with one zone file"),
        (["add", "baotou-2022", "-f", "pfd"], 2, "did you mean `pdf`?"),
        (["add", "baotou-2022", "--keep", "lost.docx"], 1, "lost.docx"),
        (["show", "baotuo", "2022"], 2, "did you mean `baotou`?"),
        (["show", "baotou", "2202"], 2, "2022"),
        (["forget", "baotou", "2022", "7", "--reason", "x"], 2, "2022-e01"),
        (["forget", "baotou", "2022", "one", "--reason", "x"], 2, "2022-e01"),
        (["forget", "baotou", "2022", "1", "--reason", " "], 2, "reason"),
        (["verify", "--head", "abc"], 2, "expected at least 16 hexadecimal digits"),
        (["export", "baotou", "2019"], 2, "2019"),
    ],
)
def test_a_hurried_user_gets_one_clear_message(
    years: Path, run: Run, arguments: list[str], code: int, message: str
) -> None:
    before = (years / "ledger.jsonl").read_bytes()
    found, _, err = run("archive", *arguments)
    assert (found, message in err) == (code, True), err
    assert "Traceback" not in err
    assert (years / "ledger.jsonl").read_bytes() == before


@pytest.mark.parametrize("command", [["list"], ["log"], ["verify"], ["show", "baotou", "2022"]])
def test_an_archive_that_is_not_there_is_said_and_not_made(
    archive: Path, run: Run, command: list[str]
) -> None:
    code, _, err = run("archive", *command)
    assert code == 2
    assert f"there is no archive at `{archive}`" in err
    assert not archive.exists()
