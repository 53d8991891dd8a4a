"""The commands on figures before there is a briefing: new, convert, import."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer

from zonereport.commands.options import DEFAULT_LANGUAGE, Json, Previous, Quiet
from zonereport.commands.terminal import progress, say, say_json, tell
from zonereport.errors import OutputError

PARTLY = 3
"""Some rows of a table were not taken."""

Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]
FormLanguage = Annotated[
    str, typer.Option("--lang", "-l", help="en or zh: the language of a workbook's lists to choose from.")
]


def new(
    file: Annotated[Path, typer.Argument(help="The file to write: zone.xlsx or zone.toml.", metavar="FILE")],
    previous: Previous = None,
    lang: FormLanguage = DEFAULT_LANGUAGE,
    force: Force = False,
) -> None:
    """Write a form to be filled in: an Excel workbook, or a zone file in TOML to start from.

    With earlier snapshots, the workbook has the names and sources of the latest, and shows them all.
    """
    from zonereport.zone.converting import start
    from zonereport.zone.parsing import read_data
    from zonereport.zone.reading import find_zone, parse_form

    paths = [find_zone(name) for name in previous or ()]
    earlier = [parse_form(read_data(path), str(path)) for path in paths]
    _write(file, start(str(file), earlier=earlier, language=lang), force=force)


def convert(
    source: Annotated[str, typer.Argument(help="A zone file, or a bundled zone's name.", metavar="IN")],
    target: Annotated[Path, typer.Argument(help="The file to write: .toml, .json or .xlsx.", metavar="OUT")],
    previous: Previous = None,
    lang: FormLanguage = DEFAULT_LANGUAGE,
    force: Force = False,
) -> None:
    """Write a zone file as TOML, JSON or an Excel workbook; nothing is lost but comments."""
    from zonereport.api import load
    from zonereport.zone.converting import convert as converted
    from zonereport.zone.parsing import read_data
    from zonereport.zone.reading import find_zone

    path = find_zone(source)
    earlier = [load(name) for name in previous or ()]
    data = converted(read_data(path), str(path), str(target), earlier=earlier, language=lang)
    _write(target, data, force=force)


def import_table(
    table: Annotated[Path, typer.Argument(help="A CSV, TSV or XLSX table.", metavar="TABLE")],
    mapping: Annotated[
        Path, typer.Option("--map", metavar="MAP.toml", help="What the columns mean: docs/tables.md.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write into.")],
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make zone files of a table, one a zone and year; say in import-report.csv which rows were not taken.

    The end is 3 if some rows were not taken, and the rest was; 1 if nothing could be.
    """
    from zonereport.files import make_folder, write_file
    from zonereport.zone.tables.importing import read_table
    from zonereport.zone.tables.report import REPORT, write_report

    with progress("reading", quiet=quiet):
        result = read_table(table, mapping)
    for note in result.notes:
        tell(note)
    make_folder(output)
    with progress(f"writing {len(result.files)} files", quiet=quiet):
        for name, data in result.files.items():
            write_file(output / name, data)
    write_file(output / REPORT, write_report(result.refusals))
    if as_json:
        say_json(
            {
                "files": [str(output / name) for name in result.files],
                "figures": result.figures,
                "report": str(output / REPORT),
                "refused": len(result.refusals),
            }
        )
    else:
        say(f"{len(result.files)} zone files with {result.figures} figures in {output}")
    if result.refusals:
        if not quiet:
            tell(f"{len(result.refusals)} rows or columns were not taken; {output / REPORT} says why")
        raise typer.Exit(PARTLY if result.files else 1)


def _write(path: Path, data: bytes, *, force: bool) -> None:
    from zonereport.files import write_file

    if path.exists() and not force:
        raise OutputError(f"{path}: there is a file of this name", hint="`--force` replaces it")
    write_file(path, data)
    say(str(path))
