"""The command for many zones at once: batch."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zonereport.commands.options import (
    DEFAULT_LANGUAGE,
    ArchiveFolder,
    Day,
    Formats,
    History,
    Json,
    Languages,
    PeersFolder,
    Quiet,
    ThemeName,
    WordTemplate,
    complete_template,
    listed,
    parse_date,
    stamp,
)
from zonereport.commands.terminal import counting, progress, say, say_json, tell
from zonereport.errors import ClusterError, UsageError, ZonereportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from zonereport.batch.manifest import Manifest
    from zonereport.batch.planning import Failure, Job, Plan
    from zonereport.batch.running import Crew
    from zonereport.batch.task import Kit
    from zonereport.zone.model import Zone

PARTLY = 3
"""Some briefings were not made, or some rows of a table not taken."""
LONGEST = 600
"""Seconds that one briefing may take: a hundred times what it does."""


def _pem(name: str, what: str) -> Any:
    """Return the option of a certificate's file."""
    return typer.Option(name, metavar="FILE.pem", help=what, show_default=False)


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Where a cluster is, and what makes each side trust the other."""

    address: str
    files: Mapping[str, Path | None]


@dataclass(slots=True)
class _Tally:
    """What has become of the briefings so far."""

    made: int = 0
    up_to_date: int = 0
    failures: list[Failure] = field(default_factory=list)
    refused: int = 0
    """Rows of a table."""
    lost: str = ""
    """What the cluster was lost with."""

    @property
    def code(self) -> int:
        return PARTLY if self.failures or self.refused or self.lost else 0

    def fail(self, failure: Failure) -> None:
        self.failures.append(failure)
        tell(failure.describe())


def batch(
    zones: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ZONE]...",
            help="Zone files, folders of them, patterns such as `zones/**/*.toml`, `@list.txt` with one name "
            "a line, or `-` for a list on standard input.",
            show_default=False,
        ),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option("--table", metavar="TABLE", help="A table of many zones, as `import` reads it."),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", metavar="MAP.toml", help="What the table's columns mean.")
    ] = None,
    formats: Formats = None,
    templates: Annotated[
        list[str] | None,
        typer.Option(
            "--template",
            "-t",
            help="A template's name or folder; repeat for several. Default: briefing.",
            autocompletion=complete_template,
            show_default=False,
        ),
    ] = None,
    lang: Languages = None,
    theme: ThemeName = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write into.")
    ] = Path("output"),
    history: History = False,
    archive: ArchiveFolder = None,
    peers: PeersFolder = None,
    among: Annotated[
        bool, typer.Option("--among", help="Set each zone beside the others of the batch at its snapshot.")
    ] = False,
    date: Day = None,
    word_template: WordTemplate = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            min=1,
            max=512,
            metavar="N",
            help="How many processes; as many as cores if left out.",
            show_default=False,
        ),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout", min=1, max=1_000_000, metavar="SECONDS", help="The longest for one briefing."
        ),
    ] = LONGEST,
    index: Annotated[
        bool,
        typer.Option(
            "--index", help="Add a page and a PDF that list all zones, with links and league tables."
        ),
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Make everything anew, also what is up to date.")
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            metavar="tls://HOST:PORT",
            help="Make them on a Dask cluster.",
            show_default=False,
        ),
    ] = None,
    tls_ca: Annotated[Path | None, _pem("--tls-ca", "Who signed the cluster's certificates.")] = None,
    tls_cert: Annotated[Path | None, _pem("--tls-cert", "Our certificate for the cluster.")] = None,
    tls_key: Annotated[Path | None, _pem("--tls-key", "Our certificate's key.")] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Print the path of each file as it is written.")
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make the briefings of many zones; make only what is missing or changed when it is run again.

    What was made of what stands in manifest.jsonl in the output folder. A zone that fails is told and the
    others go on; then the end is 3. docs/batch.md tells more.
    """
    from zonereport.batch.manifest import opened
    from zonereport.batch.planning import Request, plan

    cluster = _scheduler(scheduler, {"tls-ca": tls_ca, "tls-cert": tls_cert, "tls-key": tls_key})
    if not zones and table is None:
        raise UsageError("no zones are named", hint="name files, a folder, or a table by `--table`")
    if not timeout > 0:
        raise UsageError("`--timeout` is no number")
    if peers is not None and among:
        raise UsageError("`--peers` and `--among` exclude each other", hint="leave one of them out")
    tally, languages = _Tally(), listed(lang, (DEFAULT_LANGUAGE,))
    with progress("reading", quiet=quiet):
        planned = plan(
            Request(
                files=_files(zones or []),
                table=_table(table, mapping, output, tally),
                templates=list(dict.fromkeys(templates or ["briefing"])),
                languages=languages,
                formats=listed(formats, ("pdf", "docx")),
                theme=theme,
                word_template=word_template,
                date=parse_date(date),
                stamp=stamp(),
                peers=_peers(peers),
                among=among,
                earlier=_earlier(archive) if history else None,
            )
        )
    for failure in planned.failures:
        tally.fail(failure)
    with opened(output) as manifest:
        with progress("looking what is up to date", quiet=quiet):
            lacking = _lacking(planned, manifest, again=again)
        tally.up_to_date = len(planned.jobs) - len(lacking)
        count = min(jobs or _cores(), len(lacking))
        if lacking:
            with (
                _crew(planned.kits, count, timeout, cluster) as crew,
                counting(len(lacking), "making", quiet=quiet) as count_one,
            ):
                for paths in _make(lacking, planned.kits, crew, manifest, tally, count_one):
                    if verbose and not as_json:
                        say("\n".join(map(str, paths)))
        if index and (planned.jobs or planned.failures) and not tally.lost:
            with progress("writing the index", quiet=quiet):
                look = {"theme": theme, "date": parse_date(date), "stamp": stamp()}
                written = _write_indexes(planned, manifest, tally, languages, look)
            if verbose and not as_json and written:
                say("\n".join(map(str, written)))
    _say_tally(tally, output, as_json=as_json)


def _scheduler(address: str | None, files: Mapping[str, Path | None]) -> Scheduler | None:
    if address is None:
        return None
    if missing := [f"`--{name}`" for name, file in files.items() if file is None]:
        raise UsageError(f"`--scheduler` needs {' and '.join(missing)}", hint="docs/batch.md shows how")
    return Scheduler(address, files)


def _files(names: Sequence[str]) -> list[Path]:
    from zonereport.batch.finding import find_files

    found = find_files(names, sys.stdin.read() if "-" in names else "")
    if names and not found:
        raise UsageError(f"the list `{names[0][:80]}` is empty", hint="expected a zone file's name a line")
    return found


def _table(table: Path | None, mapping: Path | None, output: Path, tally: _Tally) -> dict[str, bytes]:
    """Return the zone files that a table says; write which rows were not taken, as `import` does."""
    from zonereport.files import make_folder, write_file
    from zonereport.zone.tables.importing import read_table
    from zonereport.zone.tables.report import REPORT, write_report

    if table is None and mapping is None:
        return {}
    if table is None or mapping is None:
        raise UsageError("`--table` and `--map` belong together", hint="docs/tables.md shows how")
    result = read_table(table, mapping)
    for note in result.notes:
        tell(note)
    make_folder(output)
    write_file(output / REPORT, write_report(result.refusals))
    tally.refused = len(result.refusals)
    if tally.refused:
        tell(f"{tally.refused} rows or columns were not taken; {output / REPORT} says why")
    return dict(result.files)


def _peers(folder: Path | None) -> Sequence[Zone]:
    from zonereport.api import load_peers

    return load_peers(folder) if folder is not None else ()


def _earlier(folder: Path | None) -> Callable[[Zone, Sequence[Zone]], Sequence[Zone]]:
    from zonereport.archive.history import earlier_snapshots
    from zonereport.commands.archive import open_archive

    archive = open_archive(folder)
    return lambda zone, given: earlier_snapshots(archive, zone, given)


def _lacking(planned: Plan, manifest: Manifest, *, again: bool) -> list[Job]:
    """Return the jobs that are not up to date, for the formats that are not."""
    from zonereport.batch.manifest import FontsHere

    if again:
        return list(planned.jobs)
    fonts = FontsHere()
    jobs = [job.making(manifest.lacking(job, fonts)) for job in planned.jobs]
    return [job for job in jobs if job.task.formats]


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _crew(kits: Mapping[str, Kit], count: int, timeout: float, scheduler: Scheduler | None) -> Iterator[Crew]:
    if scheduler is None:
        from zonereport.batch.workers import workers

        with workers(kits, count, timeout=timeout) as crew:
            yield crew
        return
    from zonereport.batch.cluster import cluster

    authority, certificate, key = (file for file in scheduler.files.values() if file is not None)
    with cluster(kits, scheduler.address, authority=authority, certificate=certificate, key=key) as dask:
        yield dask


def _make(
    jobs: Sequence[Job],
    kits: Mapping[str, Kit],
    crew: Crew,
    manifest: Manifest,
    tally: _Tally,
    count_one: Callable[[bool], None],
) -> Iterator[list[Path]]:
    """Have the briefings made, and yield each one's files once they are kept; tell at once what fails."""
    from zonereport.batch.planning import Failure
    from zonereport.batch.running import run
    from zonereport.batch.task import Failed

    try:
        for job, outcome in run(jobs, crew):
            if isinstance(outcome, Failed):
                tally.fail(Failure(job.subject, outcome.message, outcome.hint))
            else:
                paths = manifest.record(job, kits[job.task.kit], outcome)
                tally.made += 1
                yield paths
            count_one(isinstance(outcome, Failed))
    except ClusterError as error:
        tally.lost = error.message
        tell(error.describe())


def _write_indexes(
    planned: Plan, manifest: Manifest, tally: _Tally, languages: Sequence[str], look: dict[str, Any]
) -> list[Path]:
    """Write the index in each language that there is; one that fails is told like a briefing."""
    from zonereport.batch.index import list_zones, write_index
    from zonereport.batch.planning import Failure

    written: list[Path] = []
    entries = list_zones(planned, tally.failures, manifest)
    for language in languages:
        is_made = any(job.language == language for job in planned.jobs)
        if not is_made and (planned.jobs or not any(failure.file for failure in planned.failures)):
            continue  # why there is nothing in it was told
        try:
            written += write_index(entries, manifest, language, **look)
        except ZonereportError as error:
            tally.fail(Failure(f"the index in {language}", error.message, error.hint))
    return written


def _say_tally(tally: _Tally, output: Path, *, as_json: bool) -> None:
    from zonereport.batch.manifest import MANIFEST

    failed = sum(failure.briefings for failure in tally.failures)
    if as_json:
        answer: dict[str, Any] = {
            "made": tally.made,
            "up_to_date": tally.up_to_date,
            "failed": failed,
            "failures": [asdict(failure) for failure in tally.failures],
            "refused": tally.refused,
            "lost": tally.lost,
            "manifest": str(output / MANIFEST),
        }
        say_json(answer)
    else:
        say(f"{tally.made} made, {tally.up_to_date} up to date, {failed} failed; {output / MANIFEST}")
    if tally.code:
        raise typer.Exit(tally.code)
