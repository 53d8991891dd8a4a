"""Templates run in a sandbox: data is never markup, output is bounded, errors name file, line and hint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conftest import composed
from reading_back import flat
from zonereport.api import compose, load
from zonereport.briefing.blocks import Paragraph, iter_blocks
from zonereport.briefing.compiled import compiled
from zonereport.briefing.sandbox import SandboxedEnvironment
from zonereport.briefing.template import load_template
from zonereport.errors import TemplateError
from zonereport.zone.reading import parse_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONE = """
format = 1
[zone]
id = "testonia"
name = "{name}"
place = "Testonia"
[edition]
snapshot = 2002
date = 2002-12-31
[defaults]
source = "S"
as_of = 2002
[sources.S]
title = "Invented for a test"
publisher = "Nobody"
date = 2002
[figures]
innovation-platforms = 7
"""


def make(tmp_path: Path, text: str, settings: str = "") -> str:
    folder = tmp_path / "own"
    folder.mkdir(exist_ok=True)
    (folder / "template.toml").write_text(settings, "utf-8")
    (folder / "en.md").write_text(text, "utf-8")
    return str(folder)


def paragraphs(tmp_path: Path, text: str, name: str = "Testonia Sample Zone") -> list[str]:
    zone = parse_zone(ZONE.format(name=name), "testonia.toml")
    briefing = compose(zone, template=make(tmp_path, f"# T\n\nsub\n\n{text}"))
    return [
        flat("".join(run.text for run in block.runs))
        for block in iter_blocks(briefing.blocks)
        if isinstance(block, Paragraph)
    ]


def failure(tmp_path: Path, text: str) -> TemplateError:
    with pytest.raises(TemplateError) as raised:
        paragraphs(tmp_path, text)
    return raised.value


@pytest.mark.parametrize(
    "name",
    [
        "**bold** _em_",
        "[x](https://example.org)",
        "# head",
        "- item",
        "<b>x</b> &amp; `code`",
        "![](chart:patents)",
        "{{ 7 * 7 }} {% if %}",
        "1. a",
        "> q",
        "a | b",
        r"\* \# \[",
        "---",
    ],
)
def test_text_from_data_is_never_markup(tmp_path: Path, name: str) -> None:
    in_toml = name.replace("\\", "\\\\")
    assert paragraphs(tmp_path, "{{ zone.name }}", in_toml) == [name]
    assert paragraphs(tmp_path, "a **{{ zone.name }}** b", in_toml) == [f"a {name} b"]
    assert paragraphs(tmp_path, "{% macro m(x) %}*{{ x }}*{% endmacro %}{{ m(zone.name) }}", in_toml) == [
        name
    ]


def test_a_macro_s_own_markup_is_markup(tmp_path: Path) -> None:
    assert paragraphs(tmp_path, "{% macro m(x) %}**{{ x }}**{% endmacro %}{{ m('a') }}") == ["a"]


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("{{ figure('inovation-platforms') }}", 5, "unknown indicator `inovation-platforms`", "innovation-platforms"),
        ("a\n\n{{ figure('rd-projects') }}", 7, "the zone has no figure `rd-projects`", 'known("rd-projects")'),
        ("{{ figur('x') }}", 5, "'figur' is undefined", "figure"),
        ("{{ zone.nam }}", 5, "has no attribute 'nam'", ""),
        ("{% if %}", 5, "expected an expression", ""),
        ("{% for x in y %}", 5, "endfor", ""),
        ("![](chart:platform)", None, "unknown chart `platform`", "platforms"),
        ("{{ see('patents') }}{{ see('nothing') }}", 5, "unknown chart `nothing`", "charts are"),
        ("{{ table('patent', 'x') }}", 5, "unknown section `patent`", "patents"),
        ("{{ zone.name ~ 'x' }}", 5, "joins texts as markup", ""),
        ("{{ 'x' * 1000000000 }}", 5, "small numbers only", ""),
        ("{{ 9 ** 9 }}", 5, "small numbers only", ""),
        ("{% for i in range(100000) %}x{% endfor %}", 5, "at most 1000", ""),
        ("{% for a in range(9) %}{% for b in range(9) %}{% for c in range(9) %}{% endfor %}{% endfor %}{% endfor %}",
         5, "nest at most 2", ""),
        ("{{ zone.__class__.__mro__ }}", 5, "", ""),
        ("{{ figure.__globals__ }}", 5, "", ""),
        ("{{ ''.__class__ }}", 5, "", ""),
        ("{% include 'en.md' %}", 5, "", ""),
        ("{{ zone.name | safe }}", 5, "no filter named 'safe'", ""),
        ("{{ zone.update({'name': 'x'}) }}", 5, "", ""),
    ],
)  # fmt: skip
def test_a_mistake_names_file_line_and_hint(
    tmp_path: Path, text: str, line: int | None, message: str, hint: str
) -> None:
    error = failure(tmp_path, text)
    if line is not None:
        assert f"en.md:{line}: " in error.message
    assert message in error.message
    assert hint in error.hint


def test_endless_recursion_ends_in_a_message(tmp_path: Path) -> None:
    error = failure(tmp_path, "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")
    assert "recursion" in error.message


def test_too_much_output_is_refused(tmp_path: Path) -> None:
    loop = "{% for a in range(1000) %}{% for b in range(1000) %}abcd{% endfor %}{% endfor %}"
    assert "at most" in failure(tmp_path, loop).message


def test_a_line_that_holds_only_a_tag_leaves_no_trace(tmp_path: Path) -> None:
    text = "one\n{% if true %}\ntwo\n{% endif %}\nthree {% if true %}four{% endif %}\n\nfive"
    assert paragraphs(tmp_path, text) == ["one two three four", "five"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("headlin = []", "headlin: unknown key"),
        ("headline = 3", "expected a list of indicator ids"),
        ("contents-from = 'x'", "expected a number of sections"),
        ("x = ", "template.toml"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, settings: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        load_template(make(tmp_path, "# T", settings))


def test_an_unknown_template_is_answered_with_the_nearest() -> None:
    with pytest.raises(TemplateError) as raised:
        load_template("breifing")
    assert raised.value.hint == "did you mean `briefing`?"


def test_a_template_without_the_language_says_which_it_has(tmp_path: Path) -> None:
    zone = parse_zone(ZONE.format(name="T"), "testonia.toml")
    folder = Path(make(tmp_path, "# T"))
    (folder / "en.md").rename(folder / "zh.md")
    with pytest.raises(TemplateError) as raised:
        compose(zone, template=str(folder))
    assert raised.value.hint == f"it has zh; write {folder / 'en'}.md"


def test_a_reference_to_a_chart_that_is_not_placed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="which the template does not place"):
        compose(load("baotou-2022"), template=make(tmp_path, "# T\n\nsub\n\ntext{{ see('patents') }}"))


def test_a_template_must_begin_with_a_title(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="expected a title"):
        compose(load("baotou-2022"), template=make(tmp_path, "text"))


def test_the_default_template_types_no_digit_by_hand() -> None:
    import re

    from zonereport.resources import TEMPLATES

    text = (TEMPLATES / "briefing" / "en.md").read_text("utf-8")
    prose = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text)
    assert re.findall(r"\d", prose) == []


def test_captions_are_numbered_in_reading_order_and_references_say_the_same(case: str) -> None:
    from zonereport.briefing.blocks import ChartBlock, Table

    blocks = composed(case).blocks
    captions = {b.id: b.caption for b in blocks if isinstance(b, (ChartBlock, Table))}
    for kind in ("figure", "table"):
        numbers = [caption.number for caption in captions.values() if caption.kind == kind]
        assert numbers == list(range(1, len(numbers) + 1))
    references = [r for b in iter_blocks(blocks) if isinstance(b, Paragraph) for r in b.runs if r.ref]
    assert all(run.text == captions[run.ref].label for run in references)


# What is kept of a template


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return an empty folder in which compiled templates are kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    compiled.cache_clear()
    yield tmp_path / "cache" / "zonereport" / "templates"
    compiled.cache_clear()


def test_a_template_is_compiled_once_and_again_when_its_text_is_another(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str | None] = []
    parse = SandboxedEnvironment._parse

    def note(self: SandboxedEnvironment, source: str, name: str | None, filename: str | None) -> Any:
        parsed.append(filename)
        return parse(self, source, name, filename)

    monkeypatch.setattr(SandboxedEnvironment, "_parse", note, raising=False)
    for text in ("{{ 1 + 1 }} zones", "{{ 1 + 1 }} zones", "{{ 1 + 2 }} zones"):
        assert paragraphs(tmp_path, text)[-1] == text.replace("{{ 1 + 1 }}", "2").replace("{{ 1 + 2 }}", "3")
    assert parsed == ["own:own/en.md"] * 2
    assert len(list(kept.iterdir())) == 1


def test_a_mistake_has_its_place_the_second_time_too(kept: Path, tmp_path: Path) -> None:
    for _ in range(2):
        assert failure(tmp_path, "fine\n\n{{ nobody }}").message.startswith(
            f"{tmp_path / 'own' / 'en.md'}:7: "
        )
    assert list(kept.iterdir())


@pytest.mark.parametrize("place", [0, 5, 40, 200, 400])
def test_damaged_code_is_made_again(kept: Path, tmp_path: Path, place: int) -> None:
    assert paragraphs(tmp_path, "{{ 1 + 1 }}")[-1] == "2"
    (file,) = kept.iterdir()
    whole = file.read_bytes()
    turned = bytes([whole[place] ^ 0xFF])
    file.write_bytes(whole[:place] + turned + whole[place + 1 :] if place else b"")
    assert paragraphs(tmp_path, "{{ 1 + 1 }}")[-1] == "2"
    assert file.read_bytes() == whole


def test_what_the_sandbox_refuses_is_refused_each_time(kept: Path, tmp_path: Path) -> None:
    for _ in range(2):
        assert "loops nest" in failure(tmp_path, "{% for a in range(2) %}" * 3 + "{% endfor %}" * 3).message
    assert not list(kept.iterdir())


def test_a_template_is_filled_in_where_nothing_can_be_kept(kept: Path, tmp_path: Path) -> None:
    kept.parent.mkdir(parents=True)
    kept.write_text("no folder", "utf-8")
    assert paragraphs(tmp_path, "{{ 1 + 1 }}")[-1] == "2"
