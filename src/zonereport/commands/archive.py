"""The commands on the archive: add, list, show, export, verify, compare, log, forget."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
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
from zonereport.commands.terminal import Answer, in_columns, progress, tell
from zonereport.commands.terminal import show as say_answer
from zonereport.errors import ArchiveError, UsageError, ZonereportError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.archive.edition import Edition
    from zonereport.archive.store import Added, Archive
    from zonereport.briefing.blocks import Briefing
    from zonereport.zone.model import Zone

DOES_NOT_VERIFY = 5

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

ZoneId = Annotated[str, typer.Argument(help="A zone's id, such as baotou.", metavar="ZONE")]
Year = Annotated[
    str, typer.Argument(help="A year, for its latest edition, or an edition: 2022-e01.", metavar="YEAR")
]


def open_archive(folder: Path | None, *, to_add: bool = False) -> Archive:
    """Return the archive that is named, or the one that is settled; only what is added to may be missing."""
    from zonereport.archive.store import Archive
    from zonereport.configuration import load_configuration

    archive = Archive(folder or load_configuration(os.environ).archive)
    if not (to_add or archive.is_there()):
        raise UsageError(
            f"there is no archive at `{archive.root}`", hint="name one by `--archive`, or add to it first"
        )
    return archive


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
    from zonereport.archive.bag import check_names
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
        check_names(zone.id, str(zone.edition.snapshot))
    given = [find_zone(name) for name in previous or ()]
    loaded = [load(path) for path in given]
    added: list[Added] = []
    try:
        for name, zone in zip(files, zones, strict=True):
            with progress(f"making the edition of {zone.id} {zone.edition.snapshot}", quiet=quiet):
                known = earlier_snapshots(into, zone, loaded)[len(loaded) :] if history else ()
                request = Request(
                    zone=find_zone(name),
                    previous=(*given, *known),
                    languages=tuple(listed(lang, (DEFAULT_LANGUAGE,))),
                    formats=tuple(listed(formats, tuple(FORMATS))),
                    template=template,
                    theme=theme,
                    date=parse_date(date),
                    stamp=stamp(),
                    word_template=word_template,
                    kept=tuple(kept or ()),
                )
                found = into.add(make_contents(request), note=note, now=datetime.now(UTC))
            added.append(found)
            if not found.is_new and not quiet:
                lost = ", and the note is not kept" if note else ""
                tell(f"{zone.id} {found.edition.name} has this very content; nothing was added{lost}")
    except BaseException:
        if added:
            say_answer(_what_was_added(added, as_json=as_json))
        raise
    return _what_was_added(added, as_json=as_json)


def _what_was_added(added: Sequence[Added], *, as_json: bool) -> Answer:
    if as_json:
        return Answer([{**_described(one.edition), "new": one.is_new} for one in added])
    return Answer("\n".join(str(one.edition.path) for one in added))


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
    opened = open_archive(archive)
    editions = opened.of_zone(zone) if zone else opened.editions()
    if as_json:
        return Answer([_described(edition) for edition in editions])
    rows = [(e.zone, e.name, f"{e.added:%Y-%m-%d}", e.note) for e in editions]
    return Answer(in_columns(rows) or "the archive is empty")


@app.command()
def show(zone: ZoneId, year: Year, archive: ArchiveFolder = None, as_json: Json = False) -> Answer:
    """Show an edition: its note, the files it holds, and how they were made."""
    from zonereport.archive.deep import read_run
    from zonereport.archive.edition import naming

    opened = open_archive(archive)
    edition = opened.find(zone, year)
    files = opened.read(edition)
    with naming(edition):
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
        *(
            ("made from" if key == "zone" else key, _written(value))
            for key, value in run["parameters"].items()
            if value
        ),
        *(("made with", f"{name} {version}") for name, version in run["versions"].items()),
        *((f"{size:,} B".rjust(12), path) for path, size in held.items()),
    ]
    return Answer(in_columns([(key, value) for key, value in rows if value]))


def _written(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@app.command()
def export(
    zone: ZoneId,
    year: Year,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write into.")] = Path(),
    zipped: Annotated[bool, typer.Option("--zip", help="Write one ZIP file.")] = False,
    archive: ArchiveFolder = None,
    as_json: Json = False,
) -> Answer:
    """Check an edition and copy it, to hand it on; the path of the copy is printed."""
    opened = open_archive(archive)
    edition = opened.find(zone, year)
    copy = output / f"{edition.zone}-{edition.name}{'.zip' if zipped else ''}"
    opened.export(edition, copy, zipped=zipped)
    return Answer({**_described(edition), "copy": str(copy)} if as_json else str(copy))


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
    if zone and not deep:
        raise UsageError("the archive is checked as a whole", hint="`--deep` takes a zone to be made anew")
    wanted = _to_make_anew(opened, zone, year) if deep else ()
    with progress("checking", quiet=quiet):
        report = check(opened.root, head=head)
    faults = [asdict(fault) for fault in report.faults]
    notes = [asdict(note) for note in report.notes]
    for edition in wanted:
        if not any(f"{fault.place}/".startswith(f"{edition.place}/") for fault in report.faults):
            with progress(f"making {edition.place} anew", quiet=quiet):
                differing = _make_anew(opened, edition)
            faults += [one for one in differing if one["kind"] != "cause"]
            notes += [one for one in differing if one["kind"] == "cause"]
    code = DOES_NOT_VERIFY if faults else 0
    if as_json:
        answer = {"editions": report.editions, "files": report.files, "faults": faults, "notes": notes}
        return Answer(answer, code)
    if not quiet:
        for note in notes:
            tell(f"{note['place']}: {note['message']}")
    lines = [
        f"{fault['place']}: {fault['message']}" + (f"\n  hint: {fault['hint']}" if fault["hint"] else "")
        for fault in faults
    ]
    anew = ", made anew byte for byte" if wanted and not faults else ""
    found = f"{len(faults)} fault{'s' if len(faults) != 1 else ''}" if faults else f"no fault{anew}"
    lines.append(f"{report.editions} editions, {report.files} files: {found}")
    return Answer("\n".join(lines), code)


def _to_make_anew(archive: Archive, zone: str, year: str) -> tuple[Edition, ...]:
    """Return the editions that are asked for; none where the ledger is damaged, which the check names."""
    try:
        if year:
            return (archive.find(zone, year),)
        return archive.of_zone(zone) if zone else archive.editions()
    except ArchiveError:
        return ()


def _make_anew(archive: Archive, edition: Edition) -> list[dict[str, str]]:
    """Return what differs where an edition is made anew from what it holds, and the likely causes."""
    from zonereport.archive.deep import Difference, differences

    try:
        found = differences(archive.read(edition))
    except ZonereportError as error:
        found = (Difference("failed", "", error.message, error.hint),)
    return [
        {
            "kind": one.kind if one.kind == "cause" else f"anew-{one.kind}",
            "place": edition.place,
            "subject": one.subject,
            "message": one.message,
            "hint": one.hint,
        }
        for one in found
    ]


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
    as_json: Json = False,
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
    files = listed(formats, () if as_json else ("text",))
    if as_json:
        files = list(dict.fromkeys([*files, "json"]))
    if files == ["json"]:
        data = comparison_as_json(*zones, texts=texts, language=lang)
        for key, edition in zip(("before", "now"), editions, strict=True):
            data[key]["edition"] = edition.number
        return Answer(data)
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

    Editions of one snapshot are numbered. There are texts only where both editions have the language and
    can be composed again.
    """
    from zonereport.api import numbered
    from zonereport.archive.deep import compose_again
    from zonereport.archive.history import kept_zone

    zones, texts = [], []
    is_one_snapshot = editions[0].snapshot == editions[1].snapshot
    for edition in reversed(editions):
        files = archive.read(edition)
        zone = kept_zone(edition, files)
        zones.append(numbered(zone, edition.number) if is_one_snapshot else zone)
        text, lack = None, f"has no text in `{language}`"
        try:
            text = compose_again(files)[1].get(language)
        except ZonereportError as error:
            lack = f"cannot be composed again: {error.message}"
        if text:
            texts.append(text)
        elif not quiet:
            tell(f"wording is not compared: {edition.place} {lack}")
    if not (quiet or is_one_snapshot):
        tell(f"{editions[0].place} is compared with {editions[1].place}")
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
    return Answer(f"{in_columns(rows)}\nhead: {head}" if rows else "the ledger is empty")


@app.command()
def forget(
    zone: ZoneId,
    year: Annotated[str, typer.Argument(help="The edition, 2022-e01, or its year.", metavar="EDITION")],
    reason: Annotated[str, typer.Option("--reason", help="Why; the ledger keeps it.")],
    edition: Annotated[
        str,
        typer.Argument(help="After a year: the edition's number.", metavar="[NUMBER]", show_default=False),
    ] = "",
    archive: ArchiveFolder = None,
    as_json: Json = False,
) -> Answer:
    """Remove an edition for good; the ledger keeps that it was there, and the reason."""
    from zonereport.archive.bag import split_edition

    opened = open_archive(archive)
    number = edition.removeprefix(f"{year}-").lower().removeprefix("e")
    named = split_edition(f"{year}-e{number:0>2}" if edition else year)
    if not named:
        told = f"{year} {edition}".strip()
        raise UsageError(f"expected an edition such as `2022-e01`, found `{told}`", hint="`list` names them")
    gone = opened.forget(zone, *named, reason=reason, now=datetime.now(UTC))
    return Answer(_described(gone) if as_json else f"{gone.zone} {gone.name} is forgotten")
