"""The archive from the command line: what is printed, how it ends, and what a hurried user gets wrong."""

from __future__ import annotations

import errno
import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from zonereport.archive.contents import Request, make_contents
from zonereport.archive.store import Archive, Contents
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


def test_what_was_added_before_another_failed_is_printed(years: Path, run: Run) -> None:
    for option, folders in (
        ([], lambda out: out.splitlines()),
        (["--json"], lambda out: [one["path"] for one in json.loads(out)]),
    ):
        code, out, err = run("archive", "add", "baotou-2017", changed(years.parent), *QUICK, *option)
        assert (code, folders(out)) == (1, [str(years / "baotou/2017-e01")])
        assert "`baotou/2022-e01` stands and differs" in err


def test_what_cannot_be_kept_is_refused_before_anything_is_drawn(
    archive: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zonereport.archive.contents.make_contents", lambda _: pytest.fail("was drawn"))
    text = find_zone("baotou-2022").read_text("utf-8")
    Path("con.toml").write_text(text.replace('id = "baotou"', 'id = "con"', 1), "utf-8")
    Path("ns.toml").write_text(re.sub(r"(?m)^snapshot = .*$", 'snapshot = "not stated"', text), "utf-8")
    for name, found in (("con.toml", "`con`"), ("ns.toml", "`not stated`")):
        code, _, err = run("archive", "add", name)
        assert (code, f"found {found}\n  hint: " in err) == (1, True), err


def test_a_note_on_content_that_is_there_is_said_to_be_lost(years: Path, run: Run) -> None:
    _, _, err = run("archive", "add", "baotou-2022", *QUICK, "--note", "by mistake")
    assert err.endswith("has this very content; nothing was added, and the note is not kept\n")


def test_an_earlier_snapshot_is_kept_as_it_was_given(archive: Path, run: Run) -> None:
    given = Path("old figures.toml")
    given.write_bytes(b"\xef\xbb\xbf" + find_zone("baotou-2021").read_bytes().replace(b"\n", b"\r\n"))
    assert run("archive", "add", "baotou-2022", "-p", given, *QUICK)[0] == 0
    edition = archive / "baotou/2022-e01"
    assert (edition / "data/inputs/previous/2021.toml").read_bytes() == given.read_bytes()
    record = json.loads((edition / "run.json").read_bytes())
    assert record["inputs"]["inputs/previous/2021.toml"]["name"] == "old figures.toml"


def test_history_goes_beside_what_was_given(years: Path, run: Run) -> None:
    code, out, _ = run("archive", "add", "baotou-2023", "-p", "baotou-2021", "--history", *QUICK)
    assert code == 0
    previous = Path(out.strip()) / "data/inputs/previous"
    assert sorted(path.name for path in previous.iterdir()) == ["2021.toml", "2022.toml"]


def test_the_ledger_tells_the_time_of_the_clock(
    archive: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert run("archive", "add", "baotou-2022", *QUICK)[0] == 0
    (entry,) = json.loads(run("archive", "log", "--json")[1])["entries"]
    assert datetime.now(UTC) - datetime.fromisoformat(entry["time"]) < timedelta(minutes=5)
    assert json.loads((archive / "baotou/2022-e01/run.json").read_bytes())["parameters"]["stamp"] == (
        "1970-01-01T00:00:00Z"
    )


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
    assert [line.split()[0] for line in out.splitlines()].count("zone") == 1
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


def test_verify_deep_looks_once_at_what_is_damaged(years: Path, run: Run) -> None:
    file = years / "baotou/2021-e01/data/inputs/zone.toml"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b" ")
    code, out, _ = run("archive", "verify", "baotou", "2021", "--deep", "--json")
    assert (code, [fault["kind"] for fault in json.loads(out)["faults"]]) == (5, ["changed"])


def test_verify_deep_reports_a_damaged_ledger(years: Path, run: Run) -> None:
    ledger = years / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b'"note": ""', b'"note": "x"', 1))
    for wanted in ([], ["baotou"], ["baotou", "2021"]):
        code, out, _ = run("archive", "verify", *wanted, "--deep")
        assert code == 5
        assert "ledger.jsonl:1: this is not a line as it was written" in out


def test_verify_deep_counts_no_cause_as_a_fault(
    years: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later version writes another byte."""
    from zonereport.archive import contents, deep

    monkeypatch.setattr(deep, "versions", lambda: {**contents.versions(), "zonereport": "99"})
    monkeypatch.setattr(contents, "write_zone", lambda _: "{}")
    (years / ".staging/abc").mkdir()
    command = ("archive", "verify", "baotou", "2021", "--deep")
    code, out, _ = run(*command, "--json")
    found = json.loads(out)
    assert (code, [(fault["kind"], fault["subject"]) for fault in found["faults"]]) == (
        5, [("anew-changed", "data/zone.json")],
    )  # fmt: skip
    assert [(note["kind"], note.get("subject")) for note in found["notes"]] == [
        ("leftover", None), ("cause", "zonereport"),
    ]  # fmt: skip
    code, out, err = run(*command)
    assert out.splitlines()[-1].endswith(": 1 fault")
    assert "left by an interrupted write" in err
    assert "likely cause: made with zonereport" in err
    assert run(*command, "-q")[2] == ""


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
    code, out, _ = run("archive", "export", "baotou", "2021", "-o", years.parent / "out", "--json")
    copy = years.parent / "out" / "baotou-2021-e01"
    assert (json.loads(out)["edition"], json.loads(out)["copy"]) == ("2021-e01", str(copy))


def test_forget_takes_a_reason_and_the_log_keeps_it(years: Path, run: Run) -> None:
    assert run("archive", "forget", "baotou", "2021", "1")[0] == 2
    code, out, _ = run("archive", "forget", "baotou", "2021", "1", "--reason", "a wrong file")
    assert (code, out) == (0, "baotou 2021-e01 is forgotten\n")
    assert "forget  baotou  2021-e01  a wrong file" in run("archive", "log")[1]
    assert run("archive", "verify")[0] == 0
    assert run("archive", "show", "baotou", "2021")[0] == 2


@pytest.mark.parametrize("named", [["2021-e01"], ["2021", "2021-e01"], ["2021", "e01"], ["2021", "1"]])
def test_forget_takes_an_edition_as_list_prints_it(years: Path, run: Run, named: list[str]) -> None:
    code, out, _ = run("archive", "forget", "baotou", *named, "--reason", "a wrong file", "--json")
    assert (code, json.loads(out)["edition"]) == (0, "2021-e01")
    assert not (years / "baotou" / "2021-e01").exists()


def test_a_forgetting_that_failed_is_ended_by_the_same_command(
    years: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    command = ("archive", "forget", "baotou", "2021", "1", "--reason", "a wrong file")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fail)
        assert run(*command)[0] == 1
    assert (years / "baotou" / "2021-e01").exists()
    assert run(*command) == (0, "baotou 2021-e01 is forgotten\n", "")
    assert not (years / "baotou" / "2021-e01").exists()


def test_an_archive_that_was_emptied_is_said_to_be_empty(archive: Path, run: Run) -> None:
    archive.mkdir()
    (archive / ".lock").touch()
    assert run("archive", "list") == (0, "the archive is empty\n", "")
    assert run("archive", "list", "--json") == (0, "[]\n", "")


def test_compare_says_which_editions_it_took(years: Path, run: Run) -> None:
    command = ("archive", "compare", "baotou", "2021", "2022")
    code, out, err = run(*command, "--json")
    assert code == 0
    assert err == "zonereport: baotou/2021-e01 is compared with baotou/2022-e01\n"
    data = json.loads(out)
    assert (data["before"]["edition"], data["now"]["edition"]) == (1, 1)
    assert run(*command, "-f", "json", "-q") == (0, out, "")
    assert run(*command, "-f", "pdf", "--json")[0] == 2


def remake(years: Path, edition: str, **files: bytes) -> None:
    """Add an edition like the one named, with other files in it, as another version would have made it."""
    archive = Archive(years)
    last = archive.find("baotou", edition)
    held = {
        **archive.read(last),
        **{name.replace("__", "/").replace("_", "."): data for name, data in files.items()},
    }
    payload = {path.removeprefix("data/"): data for path, data in held.items() if path.startswith("data/")}
    contents = Contents("baotou", last.snapshot, payload, json.loads(held["run.json"]), "")
    archive.add(contents, note="of another version", now=datetime(2003, 1, 1, tzinfo=UTC))


def test_compare_needs_no_template_of_an_old_edition(years: Path, run: Run) -> None:
    remake(years, "2021", data__inputs__templates__briefing__en_md=b"# {{ no_such_word }}\n")
    code, out, err = run("archive", "compare", "baotou", "2021", "2022")
    assert code == 0
    assert out
    assert "wording is not compared: baotou/2021-e02 cannot be composed again: " in err
    assert "'no_such_word' is undefined" in err


def test_compare_and_show_name_the_edition_whose_record_does_not_hold(years: Path, run: Run) -> None:
    remake(years, "2021", run_json=b"{}", data__note_txt=b"so that it is another")
    for command in (["compare", "baotou", "2021", "2022"], ["show", "baotou", "2021"]):
        code, _, err = run("archive", *command)
        assert (code, err.startswith("zonereport: baotou/2021-e02: `run.json` does not hold")) == (1, True)


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
        (
            ["forget", "baotou", "2022", "--reason", "x"],
            2,
            "expected an edition such as `2022-e01`, found `2022`",
        ),
        (["verify", "--head", "abc"], 2, "expected at least 16 hexadecimal digits"),
        (["verify", "baotou"], 2, "`--deep` takes a zone"),
        (["verify", "baotuo", "--deep"], 2, "did you mean `baotou`?"),
        (["list", "baotuo"], 2, "did you mean `baotou`?"),
        (["list", "--archive", ""], 2, "expected a folder, found an empty name"),
        (["list", "--archive", "x" * 300], 1, "the archive cannot be read: file name too long"),
        (["export", "baotou", "2022", "-o", "kept"], 1, "this is in the archive"),
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
    for name in ("an empty folder", "a-file.toml"):
        (archive.parent / "an empty folder").mkdir(exist_ok=True)
        (archive.parent / "a-file.toml").touch()
        assert run("archive", *command, "--archive", name)[0] == 2
