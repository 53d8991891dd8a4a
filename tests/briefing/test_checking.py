"""Checking a template: each mistake is found with file, line and hint, and what is right is left alone."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from invented_peers import others
from zonereport.api import load
from zonereport.briefing.checking import check_template
from zonereport.briefing.template import load_template, template_names
from zonereport.briefing.vocabulary import ENTRIES, FUNCTIONS, VARIABLES, Vocabulary
from zonereport.language import language_codes, load_language
from zonereport.measures import Facts
from zonereport.resources import TEMPLATES
from zonereport.zone.reading import parse_zone

HEAD = "# {{ zone.name }}\n\nsub\n\n"
"""Four lines, so that what is planted in a text begins on line 5."""

Found = list[tuple[str, int | None, str, str]]


def make(folder: Path, files: dict[str, str]) -> Path:
    """Write a template: `en.md` by its text below the head, other files as they are."""
    for name, text in {"template.toml": "", "en.md": "", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + text if name == "en.md" else text, "utf-8")
    return folder


def found(folder: Path, *languages: str) -> Found:
    return [
        (Path(file).relative_to(folder).as_posix(), problem.line, problem.message, problem.hint)
        for file, problem in check_template(str(folder), languages)
    ]


PLANTED = {
    # in a text: what is planted, its line, message, hint
    "an unknown figure": ("{{ figure('inovation-platforms') }}", 5, "unknown indicator `inovation-platforms`", "innovation-platforms"),
    "an unknown figure in value": ("a\n\n{{ value('rd-project') }}", 7, "unknown indicator `rd-project`", "did you mean `rd-projects`"),
    "an unknown figure in known": ("{% if known('rd-projets') %}\na\n{% endif %}", 5, "unknown indicator, section or list `rd-projets`", "rd-projects"),
    "an unknown figure in tiles": ("{{ tiles('rd-projects', 'zzzzzz') }}", 5, "unknown indicator `zzzzzz`", "`zonereport indicators` lists them"),
    "an unknown figure in a table": ("{{ table(['rd-projects', 'rd-stuff'], 'T') }}", 5, "unknown indicator `rd-stuff`", ""),
    "an unknown figure in a part of a condition": ("{% if true %}\n{% elif together('rd-projects', 'x-ray') %}\na\n{% endif %}", 6, "unknown indicator `x-ray`", "lists them"),
    "an unknown chart": ("![](chart:patent)", 5, "unknown chart `patent`", "did you mean `patents`"),
    "an unknown chart in see": ("a{{ see('platfrms') }}", 5, "unknown chart `platfrms`", "platforms"),
    "an unknown chart in drawn": ("{% if drawn('qqq') %}\na\n{% endif %}", 5, "unknown chart `qqq`", "there are headline"),
    "an unknown variable": ("{{ zone.name }}, {{ zne.name }}", 5, "unknown variable `zne`", "did you mean `zone`"),
    "an unknown function": ("{{ figur('rd-projects') }}", 5, "unknown function `figur`", "did you mean `figure`"),
    "an unknown attribute": ("{{ zone.nam }}", 5, "`zone` has no `nam`", "did you mean `name`"),
    "an unknown attribute in a loop": ("{% for m in milestones %}\n- {{ m.titel }}\n{% endfor %}", 6, "`m` has no `titel`", "did you mean `title`"),
    "an unknown attribute of a source": ("{% for s in sources() %}\n- {{ s['adress'] }}\n{% endfor %}", 6, "`s` has no `adress`", "did you mean `address`"),
    "an unknown attribute of the first": ("{{ (voices | first).speeker }}", 5, "`voices` has no `speeker`", "speaker"),
    "an unknown attribute in a choice": ("{% for m in milestones[:3] if m.titel %}\n- {{ m.title }}\n{% endfor %}", 5, "`m` has no `titel`", "did you mean `title`"),
    "a private character": ("\ue000", 5, "expected no private-use characters", "docs/templates.md"),
    "an unknown filter": ("{{ zone.name | uper }}", 5, "unknown filter `uper`", "did you mean `upper`"),
    "an unknown test": ("{% if zone is definde %}a{% endif %}", 5, "unknown test `definde`", "defined"),
    "digits": ("a\nwith 1,235 projects", 6, "the digits `1,235` are typed by hand", 'value("…")'),
    "wide digits and a scale": ("共有８万人", 5, "the digits `８万`", 'value("…")'),
    "digits in a name": ("by GB/T 9704", 5, "the digits `9704`", '{{ "GB/T 9704" }}'),
    "a heading that skips a level": ("## A\n\n#### B", 7, "a heading of level 4 follows one of level 2", "write `###`"),
    "a second title": ("## A\n\n# B", 7, "a second title", "`##`"),
    "an underlined heading": ("text\n---", 5, "makes this a heading", "`---` for a new page"),
    "an if that is left open": ("a\n\n{% if known('rd-projects') %}\nb", 7, "`{% if %}` is never closed", "{% endif %}"),
    "a for that is left open": ("{% if true %}{% endif %}\n{% for m in milestones %}\nb", 6, "`{% for %}` is never closed", "{% endfor %}"),
    "an if that another end stands in": ("{% if zone.host %}a{% endif %}\n{% for m in milestones %}\n{% if m.note %}\nb\n{% endfor %}\n{% if room %}c{% endif %}", 7, "`{% if %}` is never closed", "{% endif %}"),
    "an end too many": ("a\n{% endif %}", 6, "unknown tag 'endif'", "nothing is open"),
    "a tag that is none": ("{% iff x %}", 5, "unknown tag 'iff'", "there are if,"),
    "an expression that is none": ("{{ value( }}", 5, "unexpected", "docs/templates.md"),
    "a tag that does not end": ("a\n{{ value('rd-projects'", 6, "", "docs/templates.md"),
    "an unknown part": ('{% include "mile-stones" %}', 5, "no part `mile-stones` in `en`", "did you mean `milestones`"),
    "an unknown section": ("{{ table('patent', 'T') }}", 5, "unknown section `patent`", "patents"),
    "an unknown section in the annex": ("{{ annex_table('all', 'T') }}", 5, "unknown section `all`", "there are context, platforms"),
    "HTML": ("a <b>bold</b> word", 5, "HTML, `<b>`, is shown as text", "`**bold**`"),
    "an HTML comment": ("<!-- later -->", 5, "HTML, `<!--`, is shown as text", "`{#`"),
    "a picture": ("![](photo.png)", 5, "the image `photo.png` is no chart", "![](chart:NAME)"),
    "a chart's name put in": ("![](chart:{{ zone.name }})", 5, "the name of a chart cannot be put in", "write it out"),
    "a link to a file": ("a\nb [x](other.md)", 6, "the link `other.md`", "see("),
    "an address put in": ("[x]({{ zone.name }})", 5, "the address of a link cannot be put in", "source.address"),
    "a reference to what is not placed": ("a{{ see('milestones') }}", 5, "the chart `milestones` is referred to, but not placed", "![](chart:milestones)"),
    "an argument too few": ("{{ table('patents') }}", 5, "`table` takes 2 arguments, found 1", 'table("section", "title")'),
    "an argument too many": ("{% if said('x') %}a{% endif %}", 5, "`said` takes 0 arguments, found 1", "`said()`"),
    "a function not called": ("{% for s in sources %}\n- {{ s.id }}\n{% endfor %}", 5, "`sources` is a function", "`sources()`"),
    "a variable called": ("{% for m in milestones() %}\n- a\n{% endfor %}", 5, "`milestones` is no function", "write `milestones`"),
    "texts joined": ("{{ zone.name ~ 'x' }}", 5, "`~` joins texts as markup", "{{ a }}{{ b }}"),
    "a power": ("{% set x = room ** room %}", 5, "`**` is not known here", "figures are put in"),
    "loops too deep": ("{% for a in range(room) %}{% for b in range(room) %}{% for c in range(room) %}{% endfor %}{% endfor %}{% endfor %}", 5, "loops nest at most 2 deep", "innermost"),
    "an import": ('{% import "milestones" as m %}', 5, "by `include` only", "{% include"),
    "a figure not asked for": ("The {{ figure('rd-intensity') }}.", 5, "`figure` fails for a zone without `rd-intensity`", 'known("rd-intensity")'),
    "a figure of which only another is asked": ("{% if known('rd-projects') %}\n{{ value('rd-intensity') }}\n{% endif %}", 6, "`value` fails for a zone without `rd-intensity`", 'known("rd-intensity")'),
    "an unknown list": ("{% if known('focus-sectors') %}\n{{ listed('focus-sector') }}\n{% endif %}", 6, "unknown list `focus-sector`", "did you mean `focus-sectors`"),
    "an unknown kind of quote": ("> [!bx] T\n>\n> a", 5, "unknown kind of quote `[!bx]`", "did you mean `box`"),
    "a title of columns": ("> [!columns] T\n>\n> a", 5, "`[!columns]` has no title", "next line"),
    "too many columns": ("> [!columns]\n> a\n>\n> ---\n> b\n>\n> ---\n> c\n>\n> ---\n> d", 14, "expected at most 3 columns, found 4", "`> ---`"),
    "a chart in a column": ("> [!columns]\n> a\n>\n> ---\n>\n> ![](chart:patents)", 10, "a chart stands in a column", "above or below"),
    "a chart twice": ("![](chart:patents)\n\n![](chart:patents)", 7, "the chart `patents` is placed twice", 'see("patents")'),
    "a chart in a loop": ("{% for m in milestones %}\n![](chart:patents)\n{% endfor %}", 6, "the chart `patents` is placed twice", "place it once"),
    "before, without asking": ("After {{ before.snapshot }}", 5, "`before` is empty", "{% if before %}"),
    "code": ("```\na\n```", 5, "code has no place", "backticks"),
}  # fmt: skip


@pytest.mark.parametrize("what", PLANTED)
def test_a_mistake_in_a_text_is_found_where_it_stands(tmp_path: Path, what: str) -> None:
    text, line, message, hint = PLANTED[what]
    problems = found(make(tmp_path, {"en.md": text}))
    first = [(file, at) for file, at, said, advice in problems if message in said and hint in advice]
    assert first == [("en.md", line)], problems
    assert {at for _, at, _, _ in problems} == {line}, "nothing else is said"
    assert all(advice for _, _, _, advice in problems)


BY_TRIAL = {
    "a loop over what is no list": ("a\n{% for x in room %}\nb\n{% endfor %}", 6, "not iterable"),
    "an attribute that only running shows": ("{% for name in [zone.name] %}\n- {{ name.text }}\n{% endfor %}", 6, "no attribute 'text'"),
    "an unknown figure in a macro": ("{% macro m(id) %}{% if known(id) %}{{ value(id) }}{% endif %}{% endmacro %}\n{{ m('rd-x') }}", None, "unknown indicator `rd-x`"),
    "arithmetic": ("{{ 'x' * 3 }}", 5, "small numbers only"),
    "a chart twice in branches that are both taken": ("{% if before %}\n![](chart:milestones)\n{% endif %}\n\n{% if zone.name %}\n![](chart:milestones)\n{% endif %}", 6, "`chart:milestones` is placed twice"),
    "a heading that skips a level in some zones": ("{% if known('rd-intensity') %}\n## A\n{% endif %}\n\n### B", 9, "the heading `B` has level 3 below one of level 1"),
    "the else of a question": ("{% if known('rd-intensity') %}\n{% else %}\n{{ value('rd-intensity') }}\n{% endif %}", 7, "the zone has no figure `rd-intensity`"),
    "a chart within a sentence": ("a\n\nfor ![](chart:patents) b", 7, "stands within a paragraph"),
}  # fmt: skip


@pytest.mark.parametrize("what", BY_TRIAL)
def test_a_mistake_that_only_composing_shows_is_found_too(tmp_path: Path, what: str) -> None:
    text, line, message = BY_TRIAL[what]
    ((file, at, said, hint),) = found(make(tmp_path, {"en.md": text}))
    assert file == "en.md"
    assert line in (at, None)
    assert message in said
    assert "(composing baotou 20" in said
    assert hint


SETTINGS = {
    "an unknown key": ("name = 'x'\nheadlin = []", 2, "headlin: unknown key", "did you mean `headline`"),
    "a wrong value": ("\ncontents-from = 'x'", 2, "expected a number of sections", "docs/templates.md"),
    "no TOML": ("name = 'x'\npages =", 2, "not valid TOML", ""),
    "an unknown theme": ("theme = 'netral'", 1, "no theme `netral`", "did you mean `neutral`"),
    "an unknown headline figure": ("headline = [\n'rd-projects',\n'rd-project',\n]", 3, "unknown indicator `rd-project`", "rd-projects"),
    "an unknown part": ("sections = [\n'milestones',\n'milstones',\n]", 3, "no part `milstones` in `en`", "did you mean `milestones`"),
    "a size that is none": ("[sizes]\nbody = 'big'", 1, "expected points for body", "docs/templates.md"),
}  # fmt: skip


@pytest.mark.parametrize("what", SETTINGS)
def test_a_mistake_in_the_settings_is_found_where_it_stands(tmp_path: Path, what: str) -> None:
    text, line, message, hint = SETTINGS[what]
    ((file, at, said, advice),) = found(make(tmp_path, {"template.toml": text}))
    assert (file, at) == ("template.toml", line)
    assert message in said
    assert hint in advice
    assert advice


def test_mistakes_in_the_settings_hide_none_in_the_text(tmp_path: Path) -> None:
    settings = "headlin = []\npages = 'x'\nsections = ['nothing']\nheadline = ['nobody']"
    problems = found(make(tmp_path, {"template.toml": settings, "en.md": "a 7\n\n![](x.png)"}))
    assert [(file, line) for file, line, _, _ in problems] == [
        ("en.md", 5),
        ("en.md", 7),
        ("template.toml", 1),
        ("template.toml", 2),
        ("template.toml", 3),
        ("template.toml", 4),
    ]


def test_many_mistakes_are_all_found_at_once(tmp_path: Path) -> None:
    skipped = (
        "if that",
        "for that",
        "end too",
        "tag that",
        "expression that",
        "code",
        "columns",
        "column",
        "underlined",
        "private",
        "another end",
    )
    planted = [PLANTED[what][0] for what in PLANTED if not any(word in what for word in skipped)]
    problems = found(make(tmp_path, {"en.md": "\n\n".join(planted)}))
    for what, (text, _, message, _) in PLANTED.items():
        if text in planted and what not in ("a reference to what is not placed",):
            assert any(message in said or "level" in message for _, _, said, _ in problems), what


@pytest.mark.parametrize(
    ("files", "file", "message", "hint"),
    [
        ({"zh.md": "# T", "en/own.md": "a"}, "en/own.md", "the part `own` has no text in `zh`", "zh/own.md"),
        ({"xx.md": "# T"}, "xx.md", "no language `xx`", "xx/words.toml"),
        ({"zh-CN.md": "# T"}, "zh-CN.md", "no language `zh-CN`", "did you mean `zh`"),
        ({"zh/own.md": "a", "en/own.md": "a"}, "zh/own.md", "in which the template has no text", "write"),
    ],
)
def test_a_language_that_is_missing_is_found(
    tmp_path: Path, files: dict[str, str], file: str, message: str, hint: str
) -> None:
    ((where, line, said, advice),) = found(make(tmp_path, files))
    assert (where, line) == (file, 1)
    assert message in said
    assert hint in advice


def test_a_part_used_in_a_language_that_lacks_it_is_named_once(tmp_path: Path) -> None:
    files = {"zh.md": HEAD, "en/own.md": "a", "template.toml": "sections = ['own']"}
    assert [said for _, _, said, _ in found(make(tmp_path, files))] == ["the part `own` has no text in `zh`"]


def test_a_template_without_a_text_is_found(tmp_path: Path) -> None:
    make(tmp_path, {})
    (tmp_path / "en.md").unlink()
    ((file, line, message, hint),) = found(tmp_path)
    assert (file, line, message) == ("template.toml", 1, "no text in `en`")
    assert hint.endswith("en.md")


@pytest.mark.parametrize(
    ("text", "message"), [("", "expected a title"), ("## A\n\n# T", "expected the title first")]
)
def test_a_text_begins_with_its_title(tmp_path: Path, text: str, message: str) -> None:
    make(tmp_path, {})
    (tmp_path / "en.md").write_text(text, "utf-8")
    assert ("en.md", 1, message, "begin the text by `# {{ zone.name }}`") in found(tmp_path)


def test_a_mistake_in_a_part_is_named_in_the_part(tmp_path: Path) -> None:
    files = {"en.md": '{% include "own" %}', "en/own.md": "a\n\n#### 7", "en/spare.md": "{{ zne }}"}
    assert [(file, line) for file, line, _, _ in found(make(tmp_path, files))] == [
        ("en/own.md", 3),
        ("en/own.md", 3),
        ("en/spare.md", 1),
    ]


def test_settings_that_are_no_text_are_named(tmp_path: Path) -> None:
    make(tmp_path, {})
    (tmp_path / "template.toml").write_bytes(b"name = '\xff'")
    ((file, line, message, hint),) = found(tmp_path)
    assert (file, line, hint) == ("template.toml", 1, "save it as UTF-8")
    assert "cannot be read" in message


def test_a_part_that_is_put_into_itself_is_found(tmp_path: Path) -> None:
    files = {"en.md": '{% include "own" %}', "en/own.md": 'a\n\n{% include "own" %}'}
    problems = found(make(tmp_path, files))
    assert (
        "en/own.md",
        3,
        "the part `own` is put into itself",
        "take out one of the two `include`",
    ) in problems


@pytest.mark.parametrize("text", ["{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "{{ " + "1" * 5000 + " }}"])
def test_what_no_reader_can_take_is_named_all_the_same(tmp_path: Path, text: str) -> None:
    assert {(file, hint) for file, _, _, hint in found(make(tmp_path, {"en.md": text}))} >= {
        ("en.md", "say it in several shorter tags")
    }


FINE = {
    "a numbered list": "1. one\n2. two\n\n> 1. three",
    "digits in an address": "[x](https://example.org/2022/7) and <https://example.org/1>",
    "digits of a name, as a text": 'by {{ "GB/T 9704" }}',
    "digits within a tag": "{{ tiles() }}{% if room > 2 %}{% endif %}",
    "a name without digits": "R&D, the second",
    "a chart a branch": "{% if before %}\n![](chart:patents)\n{% else %}\n![](chart:patents)\n{% endif %}",
    "a heading a branch": "{% if before %}\n## A\n{% else %}\n## B\n{% endif %}\n\n### C",
    "a question within the value": "{{ value('rd-projects') if known('rd-projects') }}",
    "a question before the value": "{% if known('rd-projects') and compared('rd-projects') %}\n{{ change('rd-projects') }}\n{% endif %}",
    "a question kept": "{% set told = known('rd-projects') %}\n{% if told %}\n{{ value('rd-projects') }}\n{% endif %}",
    "a macro": "{% macro m(id) %}{{ value(id) }}{% endmacro %}\n{% if known('rd-projects') %}\n{{ m('rd-projects') }}\n{% endif %}",
    "a name of one's own": "{% for figure in headline %}\n- {{ figure }} {{ loop.index }}\n{% endfor %}",
    "columns": "> [!columns]\n> a\n>\n> ---\n>\n{% if before %}\n> b\n>\n{% endif %}\n> ---\n> c",
    "arguments by name or from a list": "{{ tiles(*['rd-projects']) }}\n\n{{ table(title='T', section='patents') }}",
    "a macro that is called around": "{% macro m() %}{{ caller() }}{% endmacro %}\n{% call m() %}a{% endcall %}",
    "a note and a box": "> [!note]\n> a\n\n> [!box] T\n>\n> b\n\n> words\n>\n> — somebody",
    "a comment": "{# 2022: <b> #}",
    "raw": "{% raw %}{{ x }}{% endraw %}",
    "a reference to a part's chart": "a{{ see('milestones') }}\n\n{% include \"milestones\" %}",
    "a table of one's own": "{{ table(['rd-projects', 'rd-professionals'], 'T') }}",
    "figures of a section": "{% for id in figures('patents') %}\n- {{ value(id) }}\n{% endfor %}",
    "an earlier snapshot": "{% if comparable() %}\n{{ before.snapshot }}\n{% endif %}",
}  # fmt: skip


@pytest.mark.parametrize("what", FINE)
def test_what_is_right_is_left_alone(tmp_path: Path, what: str) -> None:
    assert found(make(tmp_path, {"en.md": FINE[what]})) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", template_names())
def test_the_templates_that_come_with_the_package_hold_in_every_language(name: str) -> None:
    assert load_template(name).languages() == language_codes()
    assert [problem.describe(file) for file, problem in check_template(name)] == []


def test_a_shipped_template_without_a_language_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zonereport.briefing.checking.language_codes", lambda: ["en", "xx", "zh"])
    problems = check_template("briefing", ["en"])
    assert ("no text in `xx`", f"write {TEMPLATES / 'briefing' / 'xx'}.md") in [
        (problem.message, problem.hint) for _, problem in problems
    ]


def test_a_zone_s_own_indicators_may_be_named_where_it_is_given(tmp_path: Path) -> None:
    from test_template import ZONE

    own = (
        ZONE.format(name="T")
        + "robots = 3\n[indicators.robots]\nsection = 'output'\nunit = 'number'\nkind = 'stock'\nlabel = 'robots'\ndefinition = 'r'\n"
    )
    zone = parse_zone(own, "own.toml")
    folder = make(tmp_path, {"en.md": "{% if known('robots') %}\n{{ value('robots') }}\n{% endif %}"})
    assert {said for _, _, said, _ in found(folder)} >= {"unknown indicator, section or list `robots`"}
    assert check_template(str(folder), zones=[zone]) == []


@pytest.fixture
def vocabulary() -> Vocabulary:
    facts = Facts(load("baotou-2022"), (load("baotou-2021"),), peers=others())
    return Vocabulary(facts, load_template("briefing"), load_language("en"), 4)


def test_the_table_of_functions_says_what_they_take(vocabulary: Vocabulary) -> None:
    names = vocabulary.names()
    assert set(names) == {*FUNCTIONS, *VARIABLES}
    for name, kinds in FUNCTIONS.items():
        parameters = list(inspect.signature(names[name]).parameters.values())
        many = [parameter.kind is inspect.Parameter.VAR_POSITIONAL for parameter in parameters]
        assert [kind.endswith("*") for kind in kinds] == many, name


def test_the_table_of_variables_says_what_they_have(vocabulary: Vocabulary) -> None:
    names = vocabulary.names()
    for name, keys in (VARIABLES | ENTRIES).items():
        value = names[name]
        if name in ENTRIES:
            value = value("focus-sectors") if name == "entries" else value()
        record = value[0] if isinstance(value, list) and value else value
        assert (tuple(record) if isinstance(record, dict) else ()) == keys, name
