"""The index of a batch: its compendium in each language, as a page and a PDF, with links to the files."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from zonereport.api import compose_index, font_files, render_all
from zonereport.batch.kit import digest_of, made_with
from zonereport.briefing.listed import LinkedFile, Listed
from zonereport.fonts.store import file_digest
from zonereport.zone.reading import parse_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from zonereport.batch.manifest import Manifest
    from zonereport.batch.planning import Failure, Job, Plan

INDEX_FORMATS = ("html", "pdf")


def write_indexes(
    planned: Plan,
    failures: Sequence[Failure],
    manifest: Manifest,
    languages: Sequence[str],
    *,
    theme: str | None = None,
    date: date | None = None,
    stamp: datetime | None = None,
) -> list[Path]:
    """Write `index-LANGUAGE.html` and `.pdf` over all zones of a batch, made or not; return their paths.

    What would come out as it stands is left alone. Raises what `api.compose_index` and `api.render` raise.
    """
    entries = _entries(planned, failures, manifest)
    paths: list[Path] = []
    for language in languages:
        briefing = compose_index(entries, language=language, theme=theme, date=date, stamp=stamp)
        names = {format: f"index-{language}.{format}" for format in INDEX_FORMATS}
        fonts = {file.name: file_digest(file) for file in font_files(briefing)}
        # the briefing says all that it says; `repr` is the same as long as that is
        mark = digest_of([repr(briefing), made_with(), fonts])
        key = ("", "", briefing.template, language)
        if not manifest.holds(key, mark, names.values()):
            rendered = render_all(briefing, INDEX_FORMATS)
            files = {names[format]: data for format, data in rendered.items()}
            paths += manifest.keep(key, mark, files, {"versions": made_with(), "fonts": fonts})
    return paths


def _entries(planned: Plan, failures: Iterable[Failure], manifest: Manifest) -> list[Listed]:
    """Return an entry a zone and snapshot, then one for each file that could not be read."""
    why = {failure.subject: failure.message for failure in failures}
    jobs: dict[tuple[str, str], list[Job]] = {}
    for job in planned.jobs:
        jobs.setdefault((job.zone, job.snapshot), []).append(job)
    entries = []
    for made in jobs.values():
        file = made[0].task.zone
        reasons = [why[job.subject] for job in made if job.subject in why]
        links = (link for job in made if job.subject not in why for link in _links(job, manifest))
        entries.append(Listed(parse_file(file.data, file.name), tuple(links), "\n".join(reasons)))
    read = {job.task.zone.name for job in planned.jobs}
    unread = (failure for failure in planned.failures if failure.file and failure.file not in read)
    return [*entries, *map(_unread, unread)]


def _unread(failure: Failure) -> Listed:
    """Return the entry of a file that could not be read, without the folders above it."""
    name = PurePath(failure.file).name
    return Listed(None, (), failure.message.replace(failure.file, name), name)


def _links(job: Job, manifest: Manifest) -> Iterable[LinkedFile]:
    kept = manifest.lines.get(job.key, {}).get("files", {})
    for format, name in job.names.items():
        if name in kept:
            yield LinkedFile(name, format, job.language)
