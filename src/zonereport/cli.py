"""The command line: every command is a thin layer over the API."""

from __future__ import annotations

import gc
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from zonereport.commands.batch import batch
from zonereport.commands.figures import convert, import_table, new
from zonereport.commands.groups import Groups
from zonereport.commands.options import (
    DEFAULT_LANGUAGE,
    ArchiveFolder,
    Day,
    Formats,
    History,
    Json,
    LanguageCode,
    Languages,
    PeersFolder,
    Previous,
    Quiet,
    TemplateName,
    ThemeName,
    WordTemplate,
    ZoneName,
    ZoneNames,
    listed,
    parse_date,
    stamp,
)
from zonereport.commands.terminal import progress, say, say_json, tell
from zonereport.errors import InputError, OutputError, RenderError, UsageError, ZonereportError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.briefing.blocks import Briefing
    from zonereport.render.preflight import Finding
    from zonereport.zone.model import Zone

INTERNAL_ERROR = 70
"""EX_SOFTWARE of sysexits.h."""

app = typer.Typer(
    name="zonereport",
    cls=Groups,
    help="From the checked figures of an innovation zone to a briefing in PDF and Word.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> NoReturn:
    """Run the command line and exit with a documented code; no traceback reaches the user."""
    gc.set_threshold(500_000, 10, 10)  # importing makes much and leaves no garbage: a tenth of the time
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
    tell(message)
    sys.exit(code)


app.command()(new)
app.command()(convert)
app.command("import")(import_table)
app.command()(batch)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        say(f"zonereport {version('zonereport')}")
        raise typer.Exit


@app.callback()
def _options(
    _asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


@app.command()
def generate(
    zone: ZoneNames = None,
    formats: Formats = None,
    template: TemplateName = "briefing",
    lang: Languages = None,
    theme: ThemeName = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write into.")] = Path(
        "output"
    ),
    previous: Previous = None,
    history: History = False,
    archive: ArchiveFolder = None,
    peers: PeersFolder = None,
    date: Day = None,
    quiet: Quiet = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say what was left out, and why.")] = False,
    word_template: WordTemplate = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing if a reader would stumble over something.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make the briefing of a zone: a PDF and a Word file that say the same, in each language asked for.

    The paths of the files written are printed, one a line.
    """
    from zonereport.api import compose, file_name, load, load_peers, load_snapshots, preflight, render_all
    from zonereport.files import make_folder, write_file
    from zonereport.render.registry import DEFAULT_FORMATS, FORMATS
    from zonereport.zone.reading import DEFAULT_ZONE

    wanted, languages = listed(formats, DEFAULT_FORMATS), listed(lang, (DEFAULT_LANGUAGE,))
    if output.suffix.lstrip(".").lower() in FORMATS and not output.is_dir():
        raise UsageError(
            f"`--output` is a folder, found the file name `{output}`", hint=f"try `-o {output.parent}`"
        )
    day = parse_date(date)
    with progress("reading", quiet=quiet):
        loaded, *given = load_snapshots(zone or [DEFAULT_ZONE])
        earlier: Sequence[Zone] = [*given, *(load(name) for name in previous or ())]
        if history:
            from zonereport.archive.history import earlier_snapshots
            from zonereport.commands.archive import open_archive

            earlier = earlier_snapshots(open_archive(archive), loaded, earlier)
        others = load_peers(peers) if peers is not None else ()
    if word_template is not None and not quiet:
        _tell_missing_styles(word_template)
    reports: list[dict[str, Any]] = []
    files: dict[Path, bytes] = {}
    for language in languages:
        with progress(f"composing in {language}", quiet=quiet):
            briefing = compose(
                loaded,
                previous=earlier,
                peers=others,
                template=template,
                language=language,
                theme=theme,
                date=day,
                stamp=stamp(),
            )
            findings = preflight(briefing)
        _tell_findings(briefing, findings, strict=strict, quiet=quiet, verbose=verbose)
        with progress(f"drawing {' and '.join(wanted)} in {language}", quiet=quiet):
            rendered = render_all(briefing, wanted, word_template=word_template)
        paths = {name: output / file_name(briefing, name) for name in wanted}
        files |= {path: rendered[name] for name, path in paths.items()}
        reports.append(_report(briefing, paths, findings))
    make_folder(output)
    for path, data in files.items():
        write_file(path, data)
    if as_json:
        edition = loaded.edition
        say_json({"zone": loaded.id, "snapshot": str(edition.snapshot), "briefings": reports})
    else:
        for path in files:
            say(str(path))


def _tell_missing_styles(template: Path) -> None:
    from zonereport.render.word.template import missing_styles

    if missing := missing_styles(template):
        tell(f"{template}: has no style for {', '.join(missing)}; ours are added")


def _tell_findings(
    briefing: Briefing, findings: Sequence[Finding], *, strict: bool, quiet: bool, verbose: bool
) -> None:
    """Tell what a reader would stumble over, and with `--verbose` what was left out or borrowed."""
    for finding in findings:
        if strict or not quiet:
            tell(f"{'error' if strict else 'warning'}: {finding.describe()}")
    if findings and strict:
        raise RenderError("nothing was written, because of `--strict`", hint="mend what is named above")
    if verbose and not quiet:
        for omission in briefing.omissions:
            tell(f"{omission.what} is left out: {omission.reason}")
        for words, code in briefing.borrowed:
            tell(f"stands in `{code}`, for want of words in {briefing.language}: {words}")


def _report(briefing: Briefing, paths: dict[str, Path], findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "language": briefing.language,
        "date": briefing.date.isoformat(),
        "files": {name: str(path) for name, path in paths.items()},
        "warnings": [{"place": finding.place, "message": finding.message} for finding in findings],
        "omissions": [{"what": omission.what, "reason": omission.reason} for omission in briefing.omissions],
        "borrowed": [{"words": words, "language": code} for words, code in briefing.borrowed],
    }


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
        say_json(rows)
        return
    for row in rows:
        say(f"{row['name']:14} {row['zone']:34} {row['snapshot']:6} {row['figures']:3} figures")


@app.command()
def indicators(as_json: Json = False) -> None:
    """List the catalogue's indicators, which a zone file's figures are named after."""
    from zonereport.zone.catalogue import load_catalogue

    catalogue = load_catalogue()
    if as_json:
        rows = catalogue.indicators.values()
        say_json([{"id": i.id, "section": i.section, "unit": i.unit, "kind": i.kind, "label": i.label,
                    "definition": i.definition, "formula": i.formula} for i in rows])  # fmt: skip
        return
    for id, title in catalogue.sections.items():
        say(f"\n{title['en']}\n")
        for indicator in catalogue.indicators.values():
            if indicator.section == id:
                say(f"  {indicator.id:46} {indicator.unit:20} {indicator.kind:11} {indicator.label['en']}")


@app.command()
def check(
    files: Annotated[
        list[str], typer.Argument(help="Zone files, or names of bundled zones.", metavar="FILE...")
    ],
    previous: Previous = None,
    strict: Annotated[bool, typer.Option("--strict", help="Let findings fail too.")] = False,
    as_json: Json = False,
) -> None:
    """Check zone files: say every error, and as findings what does not add up or is unlikely.

    Files of one zone are checked beside one another, and beside those given as earlier. The end is 1
    if there are errors, with --strict also if there are findings; docs/checks.md explains each finding.
    """
    from zonereport.api import load
    from zonereport.scrutiny.rules import find_doubts

    earlier = [load(name) for name in previous or ()]
    read: dict[str, Zone | InputError] = {}
    for name in files:
        try:
            read[name] = load(name)
        except InputError as error:
            read[name] = error
    given = [*earlier, *(zone for zone in read.values() if not isinstance(zone, InputError))]
    reports: list[dict[str, Any]] = []
    for name, zone in read.items():
        report: dict[str, Any] = {"file": name, "problems": [], "findings": []}
        reports.append(report)
        if isinstance(zone, InputError):
            report["problems"] = [asdict(problem) for problem in zone.problems]
            said = [zone.describe()]
        else:
            findings = find_doubts(zone, given)
            report |= {"figures": len(zone.figures), "findings": [asdict(finding) for finding in findings]}
            said = [finding.describe(name) for finding in findings]
            count = (
                f"{len(findings)} finding{'s' if len(findings) > 1 else ''}"
                if findings
                else "no problem found"
            )
            said.append(f"{name}: {count} in {len(zone.figures)} figures")
        if not as_json:
            say("\n".join(said))
    if as_json:
        say_json(reports)
    if any(report["problems"] or (strict and report["findings"]) for report in reports):
        raise typer.Exit(1)


@app.command()
def preview(
    zone: ZoneName = None,
    template: TemplateName = "briefing",
    lang: LanguageCode = DEFAULT_LANGUAGE,
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
        date=parse_date(date),
        stamp=stamp(),
    )
    with listen(port) as listening:
        say(address(listening))
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
        say(str(path))


@app.command()
def schema() -> None:
    """Print the JSON Schema of a zone file, for editors and other programs."""
    from zonereport.zone.jsonschema import zone_schema

    say_json(zone_schema())


if __name__ == "__main__":
    main()
