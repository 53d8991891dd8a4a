"""The commands on the archive: add, list, show, export, verify, compare, log, forget."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zonereport.commands.options import (
    DEFAULT_LANGUAGE,
    ArchiveFolder,
    Day,
    History,
    Json,
    LanguageCode,
    Languages,
    Previous,
    Quiet,
    TemplateName,
    ThemeName,
    WordTemplate,
    listed,
    parse_date,
    stamp,
)
from zonereport.commands.terminal import Answer, progress, tell
from zonereport.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.archive.edition import Edition
    from zonereport.archive.store import Archive
    from zonereport.briefing.blocks import Briefing
    from zonereport.zone.model import Zone

DOES_NOT_VERIFY = 5

app = typer.Typer(
    help="Keep each year's briefing for good: add, list, show, export, verify, compare, log, forget.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

ZoneId = Annotated[str, typer.Argument(help="A zone's id, such as baotou.", metavar="ZONE")]
Year = Annotated[
    str, typer.Argument(help="A year, for its latest edition, or an edition: 2022-e01.", metavar="YEAR")
]


def open_archive(folder: Path | None, *, to_add: bool = False) -> Archive:
    """Return the archive that is named, or the one that is settled; only what is added to may be missing."""
    from zonereport.archive.store import Archive
    from zonereport.configuration import load_configuration

    root = folder or load_configuration(os.environ).archive
    if not (to_add or root.exists()):
        raise UsageError(
            f"there is no archive at `{root}`", hint="name one by `--archive`, or add to it first"
        )
    return Archive(root)


def _now() -> datetime:
    return stamp() or datetime.now(UTC)


@app.command()
def add(
    files: Annotated[
        list[str], typer.Argument(help="Zone files, or names of bundled zones.", metavar="ZONE...")
    ],
    year: Annotated[
        str | None,
        typer.Option(
            "--year", help="Refuse a zone file of another year than this.", metavar="YEAR", show_default=False
        ),
    ] = None,
    note: Annotated[
        str, typer.Option("--note", help="Why there is another edition of a year.", show_default=False)
    ] = "",
    kept: Annotated[
        list[Path] | None,
        typer.Option(
            "--keep",
            metavar="FILE",
            help="A file to keep beside it as it is, such as the Word file that went out.",
            show_default=False,
        ),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", "-f", help="pdf, docx or html; all if left out.", show_default=False),
    ] = None,
    template: TemplateName = "briefing",
    lang: Languages = None,
    theme: ThemeName = None,
    previous: Previous = None,
    history: History = False,
    date: Day = None,
    word_template: WordTemplate = None,
    archive: ArchiveFolder = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> Answer:
    """Keep the briefing of a zone and all it was made from as an edition that is never changed.

    The edition's folder is printed. The same content again is the same edition; other content for a
    year that is there needs a note, and becomes the year's next edition.
    """
    from zonereport.api import load
    from zonereport.archive.contents import Request, make_contents
    from zonereport.archive.history import earlier_snapshots
    from zonereport.render.registry import FORMATS
    from zonereport.zone.reading import find_zone

    if previous and len(files) > 1:
        raise UsageError("`--previous` goes with one zone file", hint="add the others by themselves")
    into = open_archive(archive, to_add=True)
    zones = [load(name) for name in files]
    for name, zone in zip(files, zones, strict=True):
        _check_year(name, zone, year)
    given = [load(name) for name in previous or ()]
    added = []
    for name, zone in zip(files, zones, strict=True):
        with progress(f"making the edition of {zone.id} {zone.edition.snapshot}", quiet=quiet):
            earlier = earlier_snapshots(into, zone, given) if history else given
            request = Request(
                zone=find_zone(name),
                previous=tuple(earlier),
                languages=tuple(listed(lang, (DEFAULT_LANGUAGE,))),
                formats=tuple(listed(formats, tuple(FORMATS))),
                template=template,
                theme=theme,
                date=parse_date(date),
                stamp=stamp(),
                word_template=word_template,
                kept=tuple(kept or ()),
            )
            found = into.add(make_contents(request), note=note, now=_now())
        added.append(found)
        if not found.is_new and not quiet:
            tell(f"{zone.id} {found.edition.name} has this very content; nothing was added")
    if as_json:
        return Answer([{**_described(found.edition), "new": found.is_new} for found in added])
    return Answer("\n".join(str(found.edition.path) for found in added))


def _check_year(name: str, zone: Zone, year: str | None) -> None:
    snapshot = zone.edition.snapshot
    if year is not None and year not in (str(snapshot), str(snapshot.end.year)):
        raise UsageError(
            f"{name}: the snapshot is {snapshot}, not {year}", hint="leave out `--year`, or give another file"
        )


def _described(edition: Edition) -> dict[str, Any]:
    return {
        "zone": edition.zone,
        "snapshot": edition.snapshot,
        "edition": edition.name,
        "added": edition.added.isoformat(),
        "note": edition.note,
        "path": str(edition.path),
        "content": edition.content,
        "seal": edition.seal,
    }


@app.command("list")
def list_editions(
    zone: Annotated[
        str, typer.Argument(help="A zone's id; all zones if left out.", metavar="[ZONE]", show_default=False)
    ] = "",
    archive: ArchiveFolder = None,
    as_json: Json = False,
) -> Answer:
    """List the editions: zone, edition, the day it was added, its note."""
    editions = open_archive(archive).editions(zone)
    if as_json:
        return Answer([_described(edition) for edition in editions])
    return Answer(_in_columns([(e.zone, e.name, f"{e.added:%Y-%m-%d}", e.note) for e in editions]))


def _in_columns(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


@app.command()
def show(zone: ZoneId, year: Year, archive: ArchiveFolder = None, as_json: Json = False) -> Answer:
    """Show an edition: its note, the files it holds, and how they were made."""
    from zonereport.archive.deep import read_run

    opened = open_archive(archive)
    edition = opened.find(zone, year)
    files = opened.read(edition)
    run = read_run(files)
    held = {path: len(data) for path, data in files.items() if path.startswith("data/")}
    if as_json:
        return Answer({**_described(edition), "files": held, "run": run})
    rows = [
        ("zone", edition.zone),
        ("edition", edition.name),
        ("added", edition.added.isoformat()),
        ("note", edition.note),
        ("folder", str(edition.path)),
        ("content", edition.content),
        *((key, _written(value)) for key, value in run["parameters"].items() if value),
        *(("made with", f"{name} {version}") for name, version in run["versions"].items()),
        *((f"{size:,} B".rjust(12), path) for path, size in held.items()),
    ]
    return Answer(_in_columns([(key, value) for key, value in rows if value]))


def _written(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@app.command()
def export(
    zone: ZoneId,
    year: Year,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write into.")] = Path(),
    zipped: Annotated[bool, typer.Option("--zip", help="Write one ZIP file.")] = False,
    archive: ArchiveFolder = None,
) -> Answer:
    """Copy an edition, checked before and after, to hand it on; the path of the copy is printed."""
    opened = open_archive(archive)
    edition = opened.find(zone, year)
    copy = output / f"{edition.zone}-{edition.name}{'.zip' if zipped else ''}"
    return Answer(str(opened.export(edition, copy, zipped=zipped)))


@app.command()
def verify(
    zone: Annotated[
        str,
        typer.Argument(help="With `--deep`: the zone to make anew.", metavar="[ZONE]", show_default=False),
    ] = "",
    year: Annotated[
        str,
        typer.Argument(help="With `--deep`: the year or edition.", metavar="[YEAR]", show_default=False),
    ] = "",
    deep: Annotated[
        bool, typer.Option("--deep", help="Also make each edition anew and compare the bytes.")
    ] = False,
    head: Annotated[
        str,
        typer.Option(
            "--head",
            metavar="HASH",
            help="The ledger's last hash, as `archive log` printed it: finds a ledger cut short.",
            show_default=False,
        ),
    ] = "",
    archive: ArchiveFolder = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> Answer:
    """Check every edition and the ledger, and name each fault; exit 5 if there is any."""
    from zonereport.archive.verify import verify as check

    opened = open_archive(archive)
    with progress("checking", quiet=quiet):
        report = check(opened.root, head=head)
    faults = [
        {"kind": fault.kind, "place": fault.place, "message": fault.message, "hint": fault.hint}
        for fault in report.faults
    ]
    if deep:
        faults += _make_anew(opened, zone, year, quiet=quiet)
    code = DOES_NOT_VERIFY if faults else 0
    if as_json:
        return Answer({"editions": report.editions, "files": report.files, "faults": faults}, code)
    for note in report.notes:
        tell(f"{note.place}: {note.message}")
    lines = [
        f"{fault['place']}: {fault['message']}" + (f"\n  hint: {fault['hint']}" if fault["hint"] else "")
        for fault in faults
    ]
    anew = ", made anew byte for byte" if deep and not faults else ""
    found = f"{len(faults)} fault{'s' if len(faults) != 1 else ''}" if faults else f"no fault{anew}"
    lines.append(f"{report.editions} editions, {report.files} files: {found}")
    return Answer("\n".join(lines), code)


def _make_anew(archive: Archive, zone: str, year: str, *, quiet: bool) -> list[dict[str, str]]:
    """Return what differs where editions are made anew from what they hold."""
    from zonereport.archive.deep import differences
    from zonereport.errors import ZonereportError

    editions = (archive.find(zone, year),) if year else archive.editions(zone)
    faults = []
    for edition in editions:
        with progress(f"making {edition.zone} {edition.name} anew", quiet=quiet):
            try:
                found = differences(archive.read(edition))
            except ZonereportError as error:
                faults.append(_fault(edition, "not made anew", error.message, error.hint))
                continue
        faults += [_fault(edition, "differs", one.message, one.hint) for one in found]
    return faults


def _fault(edition: Edition, kind: str, message: str, hint: str) -> dict[str, str]:
    return {"kind": kind, "place": f"{edition.zone}/{edition.name}", "message": message, "hint": hint}


@app.command()
def compare(
    zone: ZoneId,
    before: Annotated[str, typer.Argument(help="The earlier year, or edition.", metavar="YEAR")],
    now: Annotated[str, typer.Argument(help="The later year, or edition.", metavar="YEAR")],
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            help="text, json, pdf, docx or html; repeat for several. Default: text.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageCode = DEFAULT_LANGUAGE,
    theme: ThemeName = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write files into.")] = Path(
        "output"
    ),
    date: Day = None,
    archive: ArchiveFolder = None,
    quiet: Quiet = False,
) -> Answer:
    """Compare two years of a zone, or two editions of one: what is new, dropped, revised, changed, and why.

    Text and JSON are printed; for other formats, the paths of the files written are.
    """
    from zonereport.api import compare as compose
    from zonereport.api import comparison_as_json, comparison_as_text, file_name, render_all
    from zonereport.files import make_folder, write_file

    opened = open_archive(archive)
    editions = [opened.find(zone, year) for year in (before, now)]
    zones, texts = _read_both(opened, editions, lang, quiet=quiet)
    files = listed(formats, ("text",))
    if files == ["json"]:
        return Answer(comparison_as_json(*zones, texts=texts, language=lang))
    if files == ["text"]:
        width = shutil.get_terminal_size((100, 0)).columns
        return Answer(comparison_as_text(*zones, texts=texts, language=lang, width=width))
    if {"text", "json"} & set(files):
        raise UsageError("text and JSON are printed, the other formats written: ask for one or the other")
    with progress(f"drawing {' and '.join(files)}", quiet=quiet):
        briefing = compose(
            *zones, texts=texts, language=lang, theme=theme, date=parse_date(date), stamp=stamp()
        )
        rendered = render_all(briefing, files)
    make_folder(output)
    paths = {name: output / file_name(briefing, name) for name in files}
    for name, path in paths.items():
        write_file(path, rendered[name])
    return Answer("\n".join(map(str, paths.values())))


def _read_both(
    archive: Archive, editions: Sequence[Edition], language: str, *, quiet: bool
) -> tuple[tuple[Zone, Zone], tuple[Briefing, Briefing] | None]:
    """Return the zones of an earlier and a later edition, and their texts, the later one first.

    Editions of one snapshot are numbered. There are texts only where both editions have the language.
    """
    from zonereport.api import numbered
    from zonereport.archive.deep import compose_again

    zones, texts = [], []
    is_one_snapshot = editions[0].snapshot == editions[1].snapshot
    for edition in reversed(editions):
        found, briefings = compose_again(archive.read(edition))
        zones.append(numbered(found, edition.number) if is_one_snapshot else found)
        if language in briefings:
            texts.append(briefings[language])
        elif not quiet:
            tell(f"{edition.place} has no text in `{language}`: wording is not compared")
    return (zones[0], zones[1]), (texts[0], texts[1]) if len(texts) == 2 else None


@app.command()
def log(archive: ArchiveFolder = None, as_json: Json = False) -> Answer:
    """Print the ledger: what was added and forgotten, when and why, and the hash of its last line.

    Note that hash elsewhere, on paper or in a mail: with it, `verify --head` finds a ledger cut short.
    """
    entries = open_archive(archive).entries()
    head = entries[-1].digest if entries else ""
    if as_json:
        return Answer({"head": head, "entries": [json.loads(entry.line) for entry in entries]})
    rows = [
        (str(e.sequence), f"{e.time:%Y-%m-%d %H:%M}", e.action, e.zone, e.edition, e.note) for e in entries
    ]
    return Answer(f"{_in_columns(rows)}\nhead: {head}" if rows else "the ledger is empty")


@app.command()
def forget(
    zone: ZoneId,
    year: Annotated[str, typer.Argument(help="The year.", metavar="YEAR")],
    edition: Annotated[str, typer.Argument(help="The edition's number.", metavar="EDITION")],
    reason: Annotated[str, typer.Option("--reason", help="Why; the ledger keeps it.")],
    archive: ArchiveFolder = None,
) -> Answer:
    """Remove an edition for good; the ledger keeps that it was there, and the reason."""
    opened = open_archive(archive)
    found = opened.find(zone, f"{year}-e{edition.lower().removeprefix('e'):0>2}")
    gone = opened.forget(found.zone, found.snapshot, found.number, reason=reason, now=_now())
    return Answer(f"{gone.zone} {gone.name} is forgotten")
