"""The command line as a hurried user meets it: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from zonereport.zone.reading import bundled_zones

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]


def test_generate_writes_both_formats_and_prints_their_paths(run: Run, tmp_path: Path) -> None:
    code, out, err = run("generate", "-o", tmp_path / "new" / "folder")
    paths = [Path(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert [path.name for path in paths] == ["baotou-2022-briefing-en.pdf", "baotou-2022-briefing-en.docx"]
    assert paths[0].read_bytes().startswith(b"%PDF-")
    assert paths[1].read_bytes().startswith(b"PK")


def test_generate_takes_a_file_a_format_a_date_and_earlier_snapshots(run: Run, tmp_path: Path) -> None:
    from zonereport.zone.reading import find_zone

    file = tmp_path / "mine.toml"
    file.write_bytes(find_zone("baotou-2022").read_bytes())
    code, out, _ = run(
        "generate", file, "-f", "pdf", "-p", "baotou-2021", "-p", "baotou-2017", "--date", "2023-02-01",
        "-o", tmp_path, "--json",
    )  # fmt: skip
    (report,) = json.loads(out)["briefings"]
    assert code == 0
    assert report["date"] == "2023-02-01"
    assert list(report["files"]) == ["pdf"]
    assert Path(report["files"]["pdf"]).is_file()


def test_what_was_left_out_is_said_when_asked(run: Run, tmp_path: Path) -> None:
    code, out, err = run("generate", "-f", "pdf", "-o", tmp_path, "--verbose")
    assert code == 0
    assert "chart `platforms` is left out: the kinds of platform are named without counts" in err
    assert len(out.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["generate", "baotou-2202"], 2, "did you mean `baotou-2"),
        (["generate", "nowhere.toml"], 1, "nowhere.toml: no such file"),
        (["generate", "-f", "pfd"], 2, "did you mean `pdf`?"),
        (["generate", "-t", "brefing"], 1, "did you mean `briefing`?"),
        (["generate", "--date", "tomorrow"], 2, "expected a date such as `2022-12-31`, found `tomorrow`"),
        (["generate", "--date", "2022-02-30"], 2, "found `2022-02-30`"),
        (["generate", "-p", "baotou-2022"], 2, "is given twice"),
        (["generate", "-p", "baotou-2023"], 2, "is not earlier than 2022"),
        (["generate", "-p", "baotou-2019"], 2, "no file and no bundled zone is called `baotou-2019`"),
        (["generate", "--formats", "pdf"], 2, "--format"),
        (["genrate"], 2, "generate"),
        (["check"], 2, "FILE"),
    ],
)
def test_a_hurried_user_gets_one_clear_message(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended, out, err = run(*arguments)
    assert ended == code
    assert message in err
    assert out == ""
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_the_earlier_snapshot_of_another_zone_is_refused(run: Run, tmp_path: Path) -> None:
    from zonereport.zone.reading import find_zone

    other = tmp_path / "other.toml"
    text = find_zone("baotou-2021").read_text("utf-8").replace('id = "baotou"', 'id = "testonia"')
    other.write_text(text, "utf-8")
    code, _, err = run("generate", "-p", other, "-o", tmp_path / "out")
    assert code == 2
    assert "the earlier snapshot is of `testonia`, the briefing of `baotou`" in err


def test_an_output_that_is_a_file_is_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "taken"
    file.write_text("precious")
    code, out, err = run("generate", "-f", "pdf", "-o", file)
    assert (code, out) == (1, "")
    assert "expected a folder, found a file" in err
    assert file.read_text() == "precious"


def test_zones_lists_the_bundled_zones(run: Run) -> None:
    code, out, err = run("zones")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == [
        "baotou-2017",
        "baotou-2021",
        "baotou-2022",
        "baotou-2023",
    ]
    assert json.loads(run("zones", "--json")[1])[2]["figures"] == 9


def test_indicators_lists_the_catalogue(run: Run) -> None:
    code, out, _ = run("indicators")
    assert code == 0
    assert "  rd-projects  " in out
    listed = json.loads(run("indicators", "--json")[1])
    assert next(entry for entry in listed if entry["id"] == "rd-projects")["label"]["zh"]


def test_check_tells_good_files_from_bad_ones(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("format = 2\n")
    code, out, _ = run("check", "baotou-2022", bad)
    assert code == 1
    assert "baotou-2022: no problem found in 9 figures" in out
    assert f"{bad}:1: format: expected 1, found `2`" in out
    code, out, _ = run("check", bad, "--json")
    problems = json.loads(out)[0]["problems"]
    assert code == 1
    assert {"place": "format", "line": 1, "message": "expected 1, found `2`", "hint": ""} in problems


def test_check_tells_findings_from_errors_and_strict_makes_them_fail(run: Run, tmp_path: Path) -> None:
    text = bundled_zones()["baotou-2022"].read_text("utf-8")
    doubtful = tmp_path / "doubtful.toml"
    doubtful.write_text(
        text.replace('value = 158\nprinted = "158"', 'value = 1580\nprinted = "1,580"'), "utf-8"
    )
    code, out, _ = run("check", doubtful)
    assert (code, out) == (0, f"{doubtful}: no problem found in 9 figures\n")
    code, out, _ = run("check", doubtful, "--previous", "baotou-2021")
    assert (code, out) == (0, f"{doubtful}: no problem found in 9 figures\n")  # other names: a break
    later = tmp_path / "later.toml"
    later.write_text(text.replace("2022-12-19", "2023-12-19").replace("2022", "2023"), "utf-8")
    code, out, _ = run("check", doubtful, later, "--json")
    (finding,) = json.loads(out)[1]["findings"]
    assert code == 0
    assert (finding["code"], finding["place"]) == ("unit-slip", "figures.innovation-platforms")
    code, out, _ = run("check", later, "-p", doubtful, "--strict")
    assert code == 1
    assert f"{later}:{finding['line']}: figures.innovation-platforms: is 158, after 1,580 in 2022-12" in out
    assert f"{later}: 1 finding in 9 figures" in out


def test_schema_is_json(run: Run) -> None:
    code, out, _ = run("schema")
    schema = json.loads(out)
    assert code == 0
    assert "innovation-platforms" in schema["properties"]["figures"]["properties"]


def test_a_fault_of_ours_is_a_message_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.delenv("ZONEREPORT_TRACEBACK", raising=False)
    monkeypatch.setattr("zonereport.zone.reading.bundled_zones", fail)
    code, out, err = run("zones")
    assert (code, out) == (70, "")
    assert "internal error: ZeroDivisionError: boom" in err
    assert "Traceback" not in err


def command(*arguments: str, **settings: object) -> subprocess.Popen[bytes]:
    """Start the installed command, which stands beside the interpreter."""
    return subprocess.Popen(
        [Path(sys.executable).with_name("zonereport"), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, **settings,
    )  # fmt: skip


def test_the_installed_command_says_its_version() -> None:
    out, err = command("--version").communicate(timeout=60)
    assert out.startswith(b"zonereport 0.")
    assert err == b""


def test_a_reader_that_goes_away_is_no_fault() -> None:
    read, write = os.pipe()
    os.close(read)
    process = subprocess.Popen(
        [sys.executable, "-m", "zonereport", "schema"], stdout=write, stderr=subprocess.PIPE
    )
    os.close(write)
    _, err = process.communicate(timeout=60)
    assert err == b""
    assert process.returncode == 128 + signal.SIGPIPE


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_run_without_a_trace(number: signal.Signals, code: int, tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a background job ignores it
        "from zonereport import api, cli\n"
        f"api.render_all = lambda *_, **__: os.kill(os.getpid(), {int(number)}) or __import__('time').sleep(5)\n"
        f"sys.argv = ['zonereport', 'generate', '-o', {str(tmp_path / 'out')!r}]\n"
        "cli.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=False)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_completion(shell: str) -> None:
    environment = {**os.environ, "_ZONEREPORT_COMPLETE": f"source_{shell}"}
    out, _ = command(env=environment).communicate(timeout=60)
    assert b"zonereport" in out


def test_a_corporate_word_file_gives_its_styles_and_what_it_lacks_is_named(run: Run, tmp_path: Path) -> None:
    import docx

    template = tmp_path / "corporate.docx"
    made = docx.Document()
    made.styles["Heading 1"].font.name = "Corporate Grotesk"
    made.sections[0].header.paragraphs[0].text = "Bureau of Samples"
    made.save(str(template))
    code, out, err = run("generate", "-f", "docx", "-o", tmp_path, "--word-template", template)
    assert code == 0
    assert "has no style for" in err
    written = docx.Document(out.strip())
    assert written.styles["Heading 1"].font.name == "Corporate Grotesk"
    assert written.sections[0].header.paragraphs[0].text == "Bureau of Samples"


@pytest.mark.parametrize("suffix", [".docx", ".pdf"])
def test_the_zone_file_comes_back_from_a_briefing_and_makes_the_same_one(
    run: Run, tmp_path: Path, suffix: str
) -> None:
    _, out, _ = run("generate", "-o", tmp_path / "first")
    briefing = next(path for path in out.splitlines() if path.endswith(suffix))
    code, out, _ = run("extract", briefing, "-o", tmp_path / "data")
    assert code == 0
    zone = next(path for path in out.splitlines() if path.endswith(".toml"))
    from zonereport.zone.reading import find_zone

    assert Path(zone).read_bytes() == find_zone("baotou-2022").read_bytes()
    run("generate", zone, "-o", tmp_path / "second")
    for first in (tmp_path / "first").iterdir():
        assert first.read_bytes() == (tmp_path / "second" / first.name).read_bytes()


def test_extract_overwrites_nothing_that_says_something_else(run: Run, tmp_path: Path) -> None:
    _, out, _ = run("generate", "-f", "docx", "-o", tmp_path)
    (tmp_path / "baotou-2022.toml").write_text("mine")
    code, _, err = run("extract", out.strip(), "-o", tmp_path)
    assert code == 1
    assert "a file of this name says something else" in err
    assert (tmp_path / "baotou-2022.toml").read_text() == "mine"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello", "expected a PDF or Word briefing"),
        (b"%PDF-1.7 broken", "damaged"),
        (b"PK\x03\x04 broken", "broken"),
        (b"", "expected a PDF or Word briefing"),
    ],
)
def test_extract_refuses_what_is_no_briefing(run: Run, tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "broken"
    file.write_bytes(content)
    code, out, err = run("extract", file, "-o", tmp_path / "out")
    assert (code, out) == (1, "")
    assert message in err
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "briefing.pdf"], "`--output` is a folder"),
        (["--date", "2020-01-01"], "lies before the edition's"),
        (["--word-template", "none.docx"], "none.docx"),
    ],
)
def test_more_that_a_hurried_user_gets_wrong(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run("generate", *arguments)
    assert code in (1, 2)
    assert message in err
    assert out == ""
    assert list(tmp_path.iterdir()) == []


def test_formats_may_be_written_in_capitals_and_with_commas(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("generate", "-f", "HTML,docx", "-o", tmp_path)
    assert code == 0
    assert [Path(line).suffix for line in out.splitlines()] == [".html", ".docx"]


def test_the_bytes_are_the_same_in_another_place_time_zone_and_order_of_hashes(tmp_path: Path) -> None:
    made = []
    for number, zone in ((1, "Asia/Shanghai"), (2, "America/New_York")):
        folder = tmp_path / ("x" * 9 * number)
        folder.mkdir()
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": str(number), "LC_ALL": "C"}
        arguments = [
            "generate",
            "-p",
            "baotou-2021",
            "-f",
            "pdf,docx,html",
            "-o",
            "." if number == 1 else "deep/er",
        ]
        process = command(*arguments, cwd=folder, env=environment)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        made.append([(folder / line).read_bytes() for line in out.decode().splitlines()])
    assert len(made[0]) == 3
    assert made[0] == made[1]


def test_the_files_say_they_were_made_when_source_date_epoch_says(tmp_path: Path) -> None:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1000000000"}
    out, _ = command("generate", "-f", "pdf,docx", "-o", ".", cwd=tmp_path, env=environment).communicate(
        timeout=120
    )
    import docx
    import pikepdf

    pdf, word = (tmp_path / line for line in out.decode().splitlines())
    with pikepdf.open(pdf) as opened:
        assert str(opened.docinfo.CreationDate).startswith("D:20010909014640")
    assert docx.Document(str(word)).core_properties.created.isoformat().startswith("2001-09-09T01:46:40")
    environment["SOURCE_DATE_EPOCH"] = "yesterday"
    process = command("generate", "-f", "pdf", "-o", ".", cwd=tmp_path, env=environment)
    assert b"expected seconds since 1970" in process.communicate(timeout=120)[1]
    assert process.returncode == 2
