"""The commands on templates: what they print, what they write, and how they end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from zonereport.briefing.checking import check_template
from zonereport.briefing.template import load_template, template_names
from zonereport.commands.template import STARTER
from zonereport.language import language_codes
from zonereport.resources import TEMPLATES
from zonereport.zone.reading import bundled_zones

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_list_says_what_each_template_is_for(run: Run) -> None:
    code, out, err = run("template", "list")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == template_names()
    assert "at most 1 page  " in next(line for line in out.splitlines() if line.startswith("onepage"))
    listed = json.loads(run("template", "list", "--json")[1])
    assert [entry["name"] for entry in listed] == template_names()
    assert all(entry["languages"] == language_codes() and entry["description"] for entry in listed)


def test_show_names_the_parts_in_order_and_where_each_comes_from(run: Run) -> None:
    code, out, err = run("template", "show", "onepage", "--lang", "zh")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "onepage: One page"
    own = [line for line in lines if "/onepage/zh/" in line]
    assert own
    assert not any("(shared)" in line for line in own)
    assert any(line.endswith(str(Path("languages/zh/main-points.md")) + " (shared)") for line in lines)
    assert lines[-1] == "to copy it: zonereport template new my-onepage --from onepage"


def test_show_gives_the_same_as_json(run: Run) -> None:
    shown = json.loads(run("template", "show", "briefing", "--json")[1])
    template = load_template("briefing")
    assert [part["name"] for part in shown["parts"]] == list(template.sections)
    assert shown["folder"] == str(template.folder)
    assert {"patents", "milestones"} <= set(shown["charts"])
    assert {"table(patents)", "comparison_table()"} <= set(shown["tables"])
    assert "rd-projects" in shown["figures"]
    assert "focus-sectors" in shown["lists"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["show", "breifing"], 1, "did you mean `briefing`?"),
        (["show", "briefing", "--lang", "xx"], 1, "has no text in `xx`"),
        (["check", "breifing"], 1, "did you mean `briefing`?"),
        (["check", "briefing", "--lang", "xx"], 1, "has no text in `xx`"),
        (["check", "briefing", "--zone", "baotou-2202"], 2, "did you mean `baotou-2"),
        (["new", "../x"], 2, "`../x` cannot be a template's name"),
        (["new", "a/b"], 2, "cannot be a template's name"),
        (["new", ".."], 2, "cannot be a template's name"),
        (["new", ""], 2, "cannot be a template's name"),
        (["new", "briefing"], 2, "a template `briefing` comes with the package"),
        (["new", "mine", "--from", "anual"], 2, "did you mean `annual`?"),
        (["new", "mine", "--lang", "xx"], 2, "there is no text in `xx` to copy"),
        (["nwe", "mine"], 2, "new"),
    ],
)
def test_a_wrong_word_is_answered_and_nothing_is_written(
    run: Run, tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    ended, out, err = run("template", *arguments)
    assert (ended, out) == (code, "")
    assert message in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_a_new_template_holds_at_once_and_makes_a_document_of_every_zone_in_every_language(
    run: Run, tmp_path: Path
) -> None:
    code, out, err = run("template", "new", "mine")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "mine"
    assert "zonereport template check mine" in out
    assert "zonereport generate --template mine" in out
    assert run("template", "check", "mine") == (0, "mine: no problem found\n", "")
    assert load_template("mine").title == "mine"
    for zone in bundled_zones():
        languages = [word for code in language_codes() for word in ("-l", code)]
        code, out, err = run("generate", zone, "-t", "mine", *languages, "-f", "html", "-q")
        assert (code, err) == (0, "")
        assert len(out.splitlines()) == len(language_codes())


def test_the_small_start_has_a_text_a_language_and_explains_every_setting() -> None:
    starter = load_template(str(STARTER))
    assert starter.languages() == language_codes()
    assert check_template(str(STARTER)) == []
    explained = starter.settings.read_text("utf-8")
    settings = (
        (TEMPLATES.parent / "docs" / "templates.md").read_text("utf-8").split("| `template.toml` | |")[1]
    )
    keys = [line.split("`")[1] for line in settings.splitlines() if line.startswith("| `")]
    assert len(keys) == 11
    assert [key for key in keys if key not in explained] == []


def test_one_s_own_section_and_chart_need_no_python(run: Run, tmp_path: Path) -> None:
    run("template", "new", "mine", "--lang", "en")
    text = tmp_path / "mine" / "en.md"
    own = '## Milestones so far\n\n{% if drawn("milestones") %}\nThe way here{{ see("milestones") }}.\n{% endif %}\n\n![](chart:milestones)\n\n## Sources'
    text.write_text(text.read_text("utf-8").replace("## Sources", own), "utf-8")
    assert run("template", "check", "mine")[0] == 0
    code, out, _ = run("generate", "-t", "mine", "-f", "html")
    page = Path(out.strip()).read_text("utf-8")
    assert code == 0
    assert "Milestones so far" in page
    assert "The way here (" in page


@pytest.mark.parametrize("name", template_names())
def test_a_copy_of_a_template_holds_with_its_own_parts(run: Run, tmp_path: Path, name: str) -> None:
    code, out, _ = run("template", "new", "copy", "--from", name, "--lang", "zh", "-o", "somewhere/new")
    folder = Path("somewhere/new/copy")
    assert code == 0
    assert f"zonereport template check {folder}" in out
    assert run("template", "check", folder) == (0, f"{folder}: no problem found\n", "")
    copied, original = load_template(str(folder)), load_template(name)
    assert (copied.title, copied.sections, copied.languages()) == ("copy", original.sections, ["zh"])
    texts = ["zh.md", *(f"zh/{path.name}" for path in (original.folder / "zh").glob("*.md"))]
    for text in texts:
        assert (folder / text).read_bytes() == (original.folder / text).read_bytes()
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert sorted(files) == sorted([*texts, "template.toml"])


@pytest.mark.parametrize("is_folder", [True, False])
def test_what_is_there_is_not_overwritten(run: Run, tmp_path: Path, is_folder: bool) -> None:
    taken = tmp_path / "mine"
    if is_folder:
        taken.mkdir()
        taken /= "en.md"
    taken.write_text("precious")
    code, out, err = run("template", "new", "mine")
    assert (code, out) == (1, "")
    assert "mine: is there already" in err
    assert taken.read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_folder_that_cannot_be_finished_leaves_nothing_behind(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    code, out, err = run("template", "new", "mine")
    assert (code, out) == (1, "")
    assert "mine: cannot be written: no space left on device" in err
    assert list(tmp_path.iterdir()) == []


def test_check_says_file_line_message_and_hint_and_ends_with_one(run: Run, tmp_path: Path) -> None:
    run("template", "new", "mine", "--lang", "en", "--lang", "zh")
    text = Path("mine", "en.md")
    text.write_text(text.read_text("utf-8").replace("Science and", "Science in 2022 and"), "utf-8")
    code, out, err = run("template", "check", "mine")
    assert (code, err) == (1, "")
    line, hint = out.splitlines()
    assert line == f"{text}:3: the digits `2022` are typed by hand"
    assert hint.startswith("  hint: put a figure in by")
    assert run("template", "check", "mine", "--lang", "zh")[0] == 0
    code, out, _ = run("template", "check", "mine", "--json")
    report = json.loads(out)
    assert (code, report["template"]) == (1, "mine")
    ((file, line_number, message),) = [(p["file"], p["line"], p["message"]) for p in report["problems"]]
    assert (file, line_number, message) == (str(text), 3, "the digits `2022` are typed by hand")
    assert report["problems"][0]["hint"]


def test_check_tries_the_zones_that_are_given(run: Run, tmp_path: Path) -> None:
    run("template", "new", "mine", "--lang", "en")
    own = Path("mine", "en.md")
    own.write_text(own.read_text("utf-8") + '\n{{ "x" * 2 }}\n', "utf-8")
    code, out, _ = run("template", "check", "mine", "--zone", "baotou-2021")
    assert code == 1
    assert "(composing baotou 2021)" in out
