"""The index of a batch: its compendium in each language, as a page and a PDF, with links to the files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from zonereport.api import compose_index, font_files, render_all
from zonereport.batch.kit import digest_of, made_with
from zonereport.briefing.listed import LinkedFile, Listed
from zonereport.errors import MissingCharacterError
from zonereport.fonts.store import file_digest
from zonereport.zone.reading import parse_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from zonereport.batch.manifest import Manifest
    from zonereport.batch.planning import Failure, Job, Plan
    from zonereport.briefing.blocks import Briefing

INDEX_FORMATS = ("html", "pdf")


def write_index(
    entries: Sequence[Listed],
    manifest: Manifest,
    language: str,
    *,
    theme: str | None = None,
    date: date | None = None,
    stamp: datetime | None = None,
) -> list[Path]:
    """Write `index-LANGUAGE.html` and `.pdf` over the entries of a batch; return their paths.

    What would come out as it stands is left alone. Raises what `api.compose_index` and `api.render` raise.
    """

    def compose(listed: Sequence[Listed]) -> tuple[Briefing, dict[str, str]]:
        briefing = compose_index(listed, language=language, theme=theme, date=date, stamp=stamp)
        return briefing, {file.name: file_digest(file) for file in font_files(briefing)}

    try:
        briefing, fonts = compose(entries)
    except MissingCharacterError as error:
        briefing, fonts = compose([_called_by_its_file(entry, error.codes) for entry in entries])
    names = {format: f"index-{language}.{format}" for format in INDEX_FORMATS}
    # the briefing says all that it says; `repr` is the same as long as that is
    mark = digest_of([repr(briefing), made_with(), fonts])
    key = ("", "", briefing.template, language)
    if manifest.holds(key, mark, names.values()):
        return []
    rendered = render_all(briefing, INDEX_FORMATS)
    files = {names[format]: data for format, data in rendered.items()}
    return manifest.keep(key, mark, files, {"versions": made_with(), "fonts": fonts})


def list_zones(planned: Plan, failures: Iterable[Failure], manifest: Manifest) -> list[Listed]:
    """Return an entry a zone and snapshot, made or not, then one for each file that could not be read."""
    why = {failure.subject: failure.message for failure in failures}
    for_all = [failure.message for failure in planned.failures if not failure.file]
    jobs: dict[tuple[str, str], list[Job]] = {}
    for job in planned.jobs:
        jobs.setdefault((job.zone, job.snapshot), []).append(job)
    several = len({job.template for job in planned.jobs}) > 1
    entries = []
    for made in jobs.values():
        file = made[0].task.zone
        name = PurePath(file.name).name
        reasons = [
            *(why[job.subject].replace(file.name, _on_one_line(name)) for job in made if job.subject in why),
            *for_all,
        ]
        done = [job for job in made if job.subject not in why]
        links = (link for job in done for link in _links(job, manifest, several=several))
        entries.append(Listed(parse_file(file.data, file.name), tuple(links), "\n".join(reasons), name))
    read = {job.task.zone.name for job in planned.jobs}
    unread = (failure for failure in planned.failures if failure.file and failure.file not in read)
    return [*entries, *map(_unread, unread)]


def _called_by_its_file(entry: Listed, codes: Iterable[int]) -> Listed:
    """Return an entry without its zone where that has characters that no font has."""
    if entry.zone is None or not any(chr(code) in repr(entry.zone) for code in codes):
        return entry
    return replace(entry, zone=None)


def _unread(failure: Failure) -> Listed:
    """Return the entry of a file that could not be read, without the folders above it."""
    name = PurePath(failure.file).name
    return Listed(None, (), failure.message.replace(failure.file, _on_one_line(name)), name)


def _on_one_line(name: str) -> str:
    """Return a file's name as a message's first line can hold it."""
    return " ".join(name.split())


def _links(job: Job, manifest: Manifest, *, several: bool) -> Iterable[LinkedFile]:
    """Yield the links to a job's files; where there are several templates, each says its own."""
    kept = manifest.lines.get(job.key, {}).get("files", {})
    for format, name in job.names.items():
        if name in kept:
            yield LinkedFile(name, format, job.language, job.template if several else "")
