"""The commands on templates: list them, show one, begin a new one, check one; each gives its answer back."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zonereport.commands.options import Json, complete_template
from zonereport.commands.terminal import Answer
from zonereport.errors import OutputError, UsageError, did_you_mean
from zonereport.resources import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from zonereport.briefing.proofreading import Reading
    from zonereport.briefing.template import Template

STARTER = TEMPLATES / "new" / "starter"
"""What a new template is a copy of, where no other is named."""


app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[
    str,
    typer.Argument(help="A template's name or folder.", metavar="NAME", autocompletion=complete_template),
]
Languages = Annotated[
    list[str] | None,
    typer.Option("--lang", "-l", help="en, zh, …; repeat for several. All if left out.", show_default=False),
]


@app.command("list")
def list_templates(as_json: Json = False) -> Answer:
    """List the templates that come with the package: name, languages, pages, what each is for."""
    from zonereport.briefing.template import load_template, template_names

    templates = [load_template(name) for name in template_names()]
    if as_json:
        return Answer([_described(template) for template in templates])
    rows = [
        (
            template.name,
            ", ".join(template.languages()),
            _pages(template.pages),
            f"{template.title}: {template.description}",
        )
        for template in templates
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return Answer("\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows))


def _pages(most: int) -> str:
    return f"at most {most} page{'' if most == 1 else 's'}" if most else "any length"


def _described(template: Template) -> dict[str, Any]:
    return {
        "name": template.name,
        "title": template.title,
        "description": template.description,
        "languages": template.languages(),
        "pages": template.pages or None,
    }


@app.command("show")
def show_template(
    name: Name,
    lang: Annotated[
        str | None,
        typer.Option("--lang", "-l", help="The language whose text is shown.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> Answer:
    """Show where a template is, its settings, its parts in order, and what it names."""
    from zonereport.briefing.checking import read_bundled_zones
    from zonereport.briefing.proofreading import find_subjects, read_language
    from zonereport.briefing.template import load_template, template_names
    from zonereport.errors import TemplateError

    template = load_template(name)
    languages = template.languages()
    if not languages:
        raise TemplateError(
            f"template `{template.name}` has no text", hint=f"write {template.folder / 'en.md'}"
        )
    language = lang or ("en" if "en" in languages else languages[0])
    reading = read_language(template, language, find_subjects(read_bundled_zones()))
    shown = _shown(reading)
    if as_json:
        return Answer(shown)
    copied = f"zonereport template new my-{template.name} --from {template.name}"
    return Answer(_as_text(shown) + (f"\nto copy it: {copied}" if name in template_names() else ""))


def _shown(reading: Reading) -> dict[str, Any]:
    template = reading.template
    return {
        **_described(template),
        "folder": str(template.folder),
        "theme": template.theme,
        "contents_from": template.contents_from,
        "footnotes": template.footnotes,
        "headline": list(template.headline),
        "text": str(template.file(reading.language)),
        "parts": [
            {"name": name, "file": str(path), "shared": template.folder not in path.parents}
            for name, path in reading.parts.items()
        ],
        "charts": list(reading.named.get("chart", ())),
        "tables": list(reading.named.get("table", ())),
        "lists": list(reading.named.get("list", ())),
        "figures": list(reading.named.get("figure", ())),
    }


def _as_text(shown: Mapping[str, Any]) -> str:
    """Return what there is to say of a template, a line each."""
    rows = [
        ("folder", shown["folder"]),
        ("languages", ", ".join(shown["languages"])),
        ("pages", _pages(shown["pages"] or 0)),
        ("theme", shown["theme"]),
        ("contents", f"from {shown['contents_from']} sections on"),
        ("footnotes", "yes" if shown["footnotes"] else "no"),
        ("headline", f"the first five known of {', '.join(shown['headline'])}" if shown["headline"] else ""),
        ("text", shown["text"]),
        *(
            (f"  {part['name']}", f"{part['file']}{' (shared)' if part['shared'] else ''}")
            for part in shown["parts"]
        ),
        *((key, ", ".join(shown[key])) for key in ("charts", "tables", "lists", "figures")),
    ]
    width = max(len(key) for key, _ in rows)
    head = f"{shown['name']}: {shown['title']}\n{shown['description']}\n"
    return "\n".join([head, *(f"{key:{width}}  {value}" for key, value in rows if value)])


@app.command("new")
def new_template(
    name: Annotated[str, typer.Argument(help="The name of the new folder.", metavar="NAME")],
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="The template to copy; a small one to begin with if left out.",
            autocompletion=complete_template,
            show_default=False,
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to put it into.")] = Path(),
    lang: Languages = None,
) -> Answer:
    """Begin a template: a folder with its settings and a text a language; nothing is overwritten."""
    from zonereport.briefing.template import load_template, template_names

    known = template_names()
    if not re.fullmatch(r"\w[\w-]{0,63}", name):
        raise UsageError(
            f"`{name[:80]}` cannot be a template's name",
            hint="letters, digits, `-` and `_`; where it goes is said by `--output`",
        )
    if name in known:
        raise UsageError(f"a template `{name}` comes with the package", hint="choose another name")
    if source is not None and source not in known:
        hint = did_you_mean(source, known) or f"there are {', '.join(known)}"
        raise UsageError(f"no template `{source}` comes with the package", hint=hint)
    template = load_template(source or str(STARTER))
    folder = output / name
    _write_folder(folder, _files(template, name, _chosen(template, lang or ())))
    given = folder if folder.parent != Path() else name
    return Answer(
        f"{folder}\n\nnext: edit {folder / 'template.toml'} and the texts beside it, then\n"
        f"  zonereport template check {given}\n  zonereport generate --template {given}"
    )


def _chosen(template: Template, asked: Sequence[str]) -> list[str]:
    """Return the languages asked for, or all that a template has; raise UsageError for another one."""
    known = template.languages()
    for code in asked:
        if code not in known:
            raise UsageError(
                f"there is no text in `{code}` to copy",
                hint=did_you_mean(code, known) or f"there are {', '.join(known)}",
            )
    return list(dict.fromkeys(asked)) or known


def _files(template: Template, name: str, languages: Sequence[str]) -> dict[str, bytes]:
    """Return the files of a copy under another name, by their path in its folder."""
    settings = template.settings.read_text("utf-8")
    title = f"name = {json.dumps(name, ensure_ascii=False)}"
    files = {
        template.settings.name: re.sub(
            r"^name = .*$", lambda _: title, settings, count=1, flags=re.MULTILINE
        ).encode()
    }
    for code in languages:
        for path in (template.file(code), *sorted((template.folder / code).glob("*.md"))):
            files[path.relative_to(template.folder).as_posix()] = path.read_bytes()
    return files


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder with these files, whole or not at all; raise OutputError if it is there already."""
    from zonereport.files import make_folder

    if folder.exists() or folder.is_symlink():
        raise OutputError(f"{folder}: is there already", hint="choose another name or `--output`")
    make_folder(folder.parent)
    try:
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as beside:
            whole = Path(beside) / folder.name
            for name, data in files.items():
                (whole / name).parent.mkdir(parents=True, exist_ok=True)
                (whole / name).write_bytes(data)
            whole.rename(folder)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"{folder}: cannot be written: {reason}") from error


@app.command("check")
def check(
    name: Name,
    lang: Languages = None,
    zone: Annotated[
        list[str] | None,
        typer.Option(
            "--zone",
            help="A zone file to try it with, in place of the bundled zones; may be repeated.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> Answer:
    """Say everything that is wrong with a template, with file, line and hint; exit 1 if anything is.

    Its texts are read, then composed of every bundled zone, alone and beside its earlier snapshots.
    """
    from zonereport.briefing.checking import check_template
    from zonereport.zone.reading import find_zone, read_zone

    zones = [read_zone(find_zone(given)) for given in zone] if zone else None
    findings = check_template(name, list(dict.fromkeys(lang or ())), zones)
    if as_json:
        problems = [
            {"file": file, "line": problem.line, "message": problem.message, "hint": problem.hint}
            for file, problem in findings
        ]
        return Answer({"template": name, "problems": problems}, int(bool(findings)))
    described = "\n".join(problem.describe(file) for file, problem in findings)
    return Answer(described or f"{name}: no problem found", int(bool(findings)))
