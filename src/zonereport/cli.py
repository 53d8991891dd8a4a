"""The command line: the only module that prints; every command is a thin layer over the API."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from datetime import date as Date  # noqa: N812 - `date` is an option's name
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from zonereport.errors import InputError, OutputError, RenderError, UsageError, ZonereportError
from zonereport.template_commands import app as template_app

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from zonereport.briefing.blocks import Briefing
    from zonereport.render.preflight import Finding
    from zonereport.template_commands import Answer

DEFAULT_LANGUAGE = "en"
INTERNAL_ERROR = 70
"""EX_SOFTWARE of sysexits.h."""

app = typer.Typer(
    name="zonereport",
    help="From the checked figures of an innovation zone to a briefing in PDF and Word.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


def main() -> NoReturn:
    """Run the command line and exit with a documented code; no traceback reaches the user."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        app()
    except ZonereportError as error:
        _fail(error.describe(), error.exit_code)
    except KeyboardInterrupt:
        _fail("interrupted", 128 + signal.SIGINT)
    except Exception as error:
        if os.environ.get("ZONEREPORT_TRACEBACK"):
            raise
        _fail(
            f"internal error: {type(error).__name__}: {error}\n"
            "  hint: this is a fault of zonereport; ZONEREPORT_TRACEBACK=1 shows where, please report it",
            INTERNAL_ERROR,
        )
    sys.exit(0)


def _terminate(number: int, _frame: Any) -> NoReturn:
    """End by SystemExit, so that temporary files are removed on the way."""
    sys.exit(128 + number)


def _fail(message: str, code: int) -> NoReturn:
    _tell(message)
    sys.exit(code)


def _tell(message: str) -> None:
    """Print a message to standard error, which keeps standard output for results."""
    print(f"zonereport: {message}", file=sys.stderr)


def _say(text: str) -> None:
    """Print to standard output; end quietly if the reader has gone, as in `zonereport zones | head -1`."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at exit
        sys.exit(128 + signal.SIGPIPE)


def _say_json(value: Any) -> None:
    _say(json.dumps(value, ensure_ascii=False, indent=2))


def _show(answer: Answer) -> None:
    """Print what a command of a group answers, and end with its code."""
    if isinstance(answer.said, str):
        _say(answer.said)
    else:
        _say_json(answer.said)
    if answer.code:
        raise typer.Exit(answer.code)


app.add_typer(template_app, name="template", result_callback=_show)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        _say(f"zonereport {version('zonereport')}")
        raise typer.Exit


@app.callback()
def _options(
    _asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def _complete_zone(incomplete: str) -> list[str]:
    from zonereport.zone.reading import bundled_zones

    return [name for name in bundled_zones() if name.startswith(incomplete)]


def _complete_format(incomplete: str) -> list[str]:
    from zonereport.render.registry import FORMATS

    return [name for name in FORMATS if name.startswith(incomplete)]


def _complete_template(incomplete: str) -> list[str]:
    from zonereport.briefing.template import template_names

    return [name for name in template_names() if name.startswith(incomplete)]


def _complete_language(incomplete: str) -> list[str]:
    from zonereport.language import language_codes

    return [code for code in language_codes() if code.startswith(incomplete)]


def _complete_theme(incomplete: str) -> list[str]:
    from zonereport.theme import theme_names

    return [name for name in theme_names() if name.startswith(incomplete)]


Previous = Annotated[
    list[str] | None,
    typer.Option(
        "--previous",
        "-p",
        help="An earlier snapshot to compare with; may be repeated.",
        autocompletion=_complete_zone,
        show_default=False,
    ),
]
Day = Annotated[
    str | None,
    typer.Option(
        "--date",
        metavar="YYYY-MM-DD",
        help="The document's date; the edition's if left out.",
        show_default=False,
    ),
]
ThemeName = Annotated[
    str | None,
    typer.Option(
        "--theme",
        help="A theme's name or file; the template's if left out.",
        autocompletion=_complete_theme,
        show_default=False,
    ),
]
TemplateName = Annotated[
    str,
    typer.Option("--template", "-t", help="A template's name or folder.", autocompletion=_complete_template),
]


@app.command()
def generate(
    zone: Annotated[
        str | None,
        typer.Argument(
            help="A zone file, or the name of a bundled zone; baotou-2022 if left out.",
            autocompletion=_complete_zone,
            show_default=False,
        ),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            help="pdf, docx or html; repeat for several. Default: pdf and docx.",
            autocompletion=_complete_format,
            show_default=False,
        ),
    ] = None,
    template: TemplateName = "briefing",
    lang: Annotated[
        list[str] | None,
        typer.Option(
            "--lang",
            "-l",
            help="en, zh or de; repeat for several. Default: en.",
            autocompletion=_complete_language,
            show_default=False,
        ),
    ] = None,
    theme: ThemeName = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write into.")] = Path(
        "output"
    ),
    previous: Previous = None,
    date: Day = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say what was left out, and why.")] = False,
    word_template: Annotated[
        Path | None,
        typer.Option(
            "--word-template",
            metavar="FILE.docx",
            help="A Word file whose styles, headers, footers and page set-up are kept.",
            show_default=False,
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing if a reader would stumble over something.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make the briefing of a zone: a PDF and a Word file that say the same, in each language asked for.

    The paths of the files written are printed, one a line.
    """
    from zonereport.api import compose, file_name, load, preflight, render_all
    from zonereport.files import make_folder, write_file
    from zonereport.render.registry import DEFAULT_FORMATS, FORMATS
    from zonereport.zone.reading import DEFAULT_ZONE

    wanted, languages = _listed(formats, DEFAULT_FORMATS), _listed(lang, (DEFAULT_LANGUAGE,))
    if output.suffix.lstrip(".").lower() in FORMATS and not output.is_dir():
        raise UsageError(
            f"`--output` is a folder, found the file name `{output}`", hint=f"try `-o {output.parent}`"
        )
    day = _parse_date(date)
    with _progress("reading", quiet=quiet):
        loaded = load(DEFAULT_ZONE if zone is None else zone)
        earlier = [load(name) for name in previous or ()]
    if word_template is not None and not quiet:
        _tell_missing_styles(word_template)
    reports: list[dict[str, Any]] = []
    files: dict[Path, bytes] = {}
    for language in languages:
        with _progress(f"composing in {language}", quiet=quiet):
            briefing = compose(
                loaded,
                previous=earlier,
                template=template,
                language=language,
                theme=theme,
                date=day,
                stamp=_stamp(),
            )
            findings = preflight(briefing)
        _tell_findings(briefing, findings, strict=strict, quiet=quiet, verbose=verbose)
        with _progress(f"drawing {' and '.join(wanted)} in {language}", quiet=quiet):
            rendered = render_all(briefing, wanted, word_template=word_template)
        paths = {name: output / file_name(briefing, name) for name in wanted}
        files |= {path: rendered[name] for name, path in paths.items()}
        reports.append(_report(briefing, paths, findings))
    make_folder(output)
    for path, data in files.items():
        write_file(path, data)
    if as_json:
        edition = loaded.edition
        _say_json({"zone": loaded.id, "snapshot": str(edition.snapshot), "briefings": reports})
    else:
        for path in files:
            _say(str(path))


def _listed(given: list[str] | None, usual: Sequence[str]) -> list[str]:
    """Return what an option names, repeated or with commas, each once."""
    return list(dict.fromkeys(name.strip().lower() for names in given or usual for name in names.split(",")))


def _tell_missing_styles(template: Path) -> None:
    from zonereport.render.word.template import missing_styles

    if missing := missing_styles(template):
        _tell(f"{template}: has no style for {', '.join(missing)}; ours are added")


def _tell_findings(
    briefing: Briefing, findings: Sequence[Finding], *, strict: bool, quiet: bool, verbose: bool
) -> None:
    """Tell what a reader would stumble over, and with `--verbose` what was left out or borrowed."""
    for finding in findings:
        if strict or not quiet:
            _tell(f"{'error' if strict else 'warning'}: {finding.describe()}")
    if findings and strict:
        raise RenderError("nothing was written, because of `--strict`", hint="mend what is named above")
    if verbose and not quiet:
        for omission in briefing.omissions:
            _tell(f"{omission.what} is left out: {omission.reason}")
        for words, code in briefing.borrowed:
            _tell(f"stands in `{code}`, for want of words in {briefing.language}: {words}")


def _report(briefing: Briefing, paths: dict[str, Path], findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "language": briefing.language,
        "date": briefing.date.isoformat(),
        "files": {name: str(path) for name, path in paths.items()},
        "warnings": [{"place": finding.place, "message": finding.message} for finding in findings],
        "omissions": [{"what": omission.what, "reason": omission.reason} for omission in briefing.omissions],
        "borrowed": [{"words": words, "language": code} for words, code in briefing.borrowed],
    }


def _parse_date(text: str | None) -> Date | None:
    if text is None:
        return None
    try:
        if len(text) != len("YYYY-MM-DD"):
            raise ValueError
        return Date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"expected a date such as `2022-12-31`, found `{text}`") from None


def _stamp() -> datetime | None:
    """Return the time of SOURCE_DATE_EPOCH (reproducible-builds.org), if it is set."""
    text = os.environ.get("SOURCE_DATE_EPOCH")
    if not text:
        return None
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH: expected seconds since 1970, found `{text[:40]}`") from None


def _progress(what: str, *, quiet: bool) -> AbstractContextManager[Any]:
    """Return a moving line on a terminal; in a pipe, nothing."""
    if quiet or not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(f"{what} …")


@app.command()
def zones(as_json: Json = False) -> None:
    """List the bundled zones: a name to give to `generate`, the zone, the snapshot, its figures."""
    from zonereport.zone.reading import bundled_zones, read_zone

    rows = []
    for name, path in bundled_zones().items():
        zone = read_zone(path)
        title = zone.short_name.get("en") or next(iter(zone.short_name.values()))
        rows.append(
            {
                "name": name,
                "zone": title,
                "snapshot": str(zone.edition.snapshot),
                "figures": len(zone.figures),
            }
        )
    if as_json:
        _say_json(rows)
        return
    for row in rows:
        _say(f"{row['name']:14} {row['zone']:34} {row['snapshot']:6} {row['figures']:3} figures")


@app.command()
def indicators(as_json: Json = False) -> None:
    """List the catalogue's indicators, which a zone file's figures are named after."""
    from zonereport.zone.catalogue import load_catalogue

    catalogue = load_catalogue()
    if as_json:
        rows = catalogue.indicators.values()
        _say_json([{"id": i.id, "section": i.section, "unit": i.unit, "kind": i.kind, "label": i.label,
                    "definition": i.definition, "formula": i.formula} for i in rows])  # fmt: skip
        return
    for id, title in catalogue.sections.items():
        _say(f"\n{title['en']}\n")
        for indicator in catalogue.indicators.values():
            if indicator.section == id:
                _say(f"  {indicator.id:46} {indicator.unit:20} {indicator.kind:11} {indicator.label['en']}")


@app.command()
def check(
    files: Annotated[
        list[str], typer.Argument(help="Zone files, or names of bundled zones.", metavar="FILE...")
    ],
    as_json: Json = False,
) -> None:
    """Check zone files and say everything that is wrong with them; exit 1 if anything is."""
    from zonereport.api import load

    reports: list[dict[str, Any]] = []
    for name in files:
        report: dict[str, Any] = {"file": name, "problems": []}
        reports.append(report)
        try:
            report["figures"] = len(load(name).figures)
        except InputError as error:
            report["problems"] = [
                {"place": p.place, "line": p.line, "message": p.message, "hint": p.hint}
                for p in error.problems
            ]
            if not as_json:
                _say(error.describe())
        else:
            if not as_json:
                _say(f"{name}: no problem found in {report['figures']} figures")
    if as_json:
        _say_json(reports)
    if any(report["problems"] for report in reports):
        raise typer.Exit(1)


@app.command()
def preview(
    zone: Annotated[
        str | None,
        typer.Argument(
            help="A zone file, or the name of a bundled zone; baotou-2022 if left out.",
            autocompletion=_complete_zone,
            show_default=False,
        ),
    ] = None,
    template: TemplateName = "briefing",
    lang: Annotated[
        str, typer.Option("--lang", "-l", help="en, zh or de.", autocompletion=_complete_language)
    ] = DEFAULT_LANGUAGE,
    theme: ThemeName = None,
    previous: Previous = None,
    date: Day = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=0,
            max=65535,
            help="The port of the page, 0 for any free one; 8765, or a free one, if left out.",
            show_default=False,
        ),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
) -> None:
    """Show the briefing in a browser, and anew whenever the zone file, template or theme is saved.

    The page's address, on this machine only, is printed; Ctrl-C ends the preview.
    """
    try:
        from zonereport.preview.server import address, listen, open_browser, serve
        from zonereport.preview.session import Session, find_recipe
    except ModuleNotFoundError as error:
        library = str(error.name).partition(".")[0]
        if library == "zonereport":
            raise
        raise UsageError(
            f"`preview` needs `{library}`, which is not installed",
            hint='run `pip install "zonereport[preview]"`',
        ) from None
    from zonereport.zone.reading import DEFAULT_ZONE

    recipe = find_recipe(
        DEFAULT_ZONE if zone is None else zone,
        previous=previous or (),
        template=template,
        language=lang,
        theme=theme,
        date=_parse_date(date),
        stamp=_stamp(),
    )
    with listen(port) as listening:
        _say(address(listening))
        if not no_browser:
            open_browser(address(listening))
        serve(Session(recipe), listening)


@app.command()
def extract(
    file: Annotated[Path, typer.Argument(help="A PDF or Word briefing.", metavar="FILE")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write into.")] = Path(),
) -> None:
    """Get back the zone files and the charts' tables that a briefing carries.

    The paths of the files written are printed, one a line. A file that says something else already
    is not overwritten.
    """
    from zonereport.api import extract as read
    from zonereport.files import make_folder, read_file, write_file

    attachments = read(read_file(file), str(file))
    make_folder(output)
    paths = [output / attachment.name for attachment in attachments]
    for path, attachment in zip(paths, attachments, strict=True):
        if path.exists() and read_file(path) != attachment.data:
            raise OutputError(
                f"{path}: a file of this name says something else", hint="name another `--output`"
            )
    for path, attachment in zip(paths, attachments, strict=True):
        write_file(path, attachment.data)
        _say(str(path))


@app.command()
def schema() -> None:
    """Print the JSON Schema of a zone file, for editors and other programs."""
    from zonereport.zone.jsonschema import zone_schema

    _say_json(zone_schema())


if __name__ == "__main__":
    main()
