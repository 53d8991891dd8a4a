"""From zone files to jobs: every zone by every template in every language, each under a name of its own."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from zonereport.api import check_formats, name_file
from zonereport.batch.kit import gather_kit
from zonereport.batch.task import Task
from zonereport.briefing.template import load_template
from zonereport.errors import InputError, UsageError, ZonereportError
from zonereport.inputs.gathering import read_given
from zonereport.inputs.shelf import Input
from zonereport.language import load_language
from zonereport.theme import load_theme
from zonereport.zone.parsing import read_data
from zonereport.zone.reading import parse_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from zonereport.batch.task import Kit
    from zonereport.briefing.template import Template
    from zonereport.zone.model import Zone


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be made of which zones."""

    files: Sequence[Path]
    table: Mapping[str, bytes] = field(default_factory=dict)
    """Zone files that a table says, by name."""
    templates: Sequence[str] = ("briefing",)
    languages: Sequence[str] = ("en",)
    formats: Sequence[str] = ("pdf", "docx")
    theme: str | None = None
    word_template: Path | None = None
    date: date | None = None
    stamp: datetime | None = None
    peers: Sequence[Zone] = ()
    among: bool = False
    """Whether the zones are peers of one another, at the same snapshot."""
    earlier: Callable[[Zone, Sequence[Zone]], Sequence[Zone]] | None = None
    """What finds the earlier snapshots to set a zone beside, of those in the batch and elsewhere."""


@dataclass(frozen=True, slots=True)
class Job:
    """A briefing to be made: its task, and the name of each file."""

    zone: str
    snapshot: str
    template: str
    language: str
    names: Mapping[str, str]
    """The file's name by format."""
    theme: tuple[str, Path]
    """The theme, and the folder that it is seen from."""
    task: Task

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What no two jobs of a batch share."""
        return self.zone, self.snapshot, self.template, self.language

    @property
    def subject(self) -> str:
        """Whom a message is about."""
        return f"{self.task.zone.name}: {self.template} in {self.language}"

    def making(self, formats: Sequence[str]) -> Job:
        """Return the job for these formats only."""
        return replace(self, task=replace(self.task, formats=tuple(formats)))


@dataclass(frozen=True, slots=True)
class Failure:
    """Why some briefings cannot be made."""

    subject: str
    """The zone's file or, for a template and language that nothing can be made in, these."""
    message: str
    hint: str = ""
    briefings: int = 1
    """How many are not made for it."""
    file: str = ""
    """The zone's file, where none of its briefings can be made."""

    def describe(self) -> str:
        """Return the message as it is shown to the user, with whom it is about."""
        text = self.message if self.subject in self.message else f"{self.subject}: {self.message}"
        return f"{text}\n  hint: {self.hint}" if self.hint else text


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is to be made, and what already cannot be."""

    jobs: tuple[Job, ...]
    kits: Mapping[str, Kit]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    file: Input
    zone: Zone
    previous: tuple[Input, ...] = ()

    @property
    def snapshot(self) -> str:
        return str(self.zone.edition.snapshot)


def plan(request: Request) -> Plan:
    """Return the jobs for what was asked; a zone or language that fails is told and the others go on.

    Raises UsageError for two that would get one file name or a format that there is not, TemplateError for
    a template or theme that cannot be used.
    """
    check_formats(request.formats)
    templates = [load_template(name) for name in request.templates]
    for template in templates:
        load_theme(*_theme(request, template))
    failures: list[Failure] = []
    given = _read(request, failures, len(templates) * len(request.languages))
    characters = "".join(sorted({*"".join(one.file.data.decode(errors="ignore") for one in given)}))
    kits: dict[str, Kit] = {}
    jobs: list[Job] = []
    for template in templates:
        for language in request.languages:
            try:
                found = _kits(request, template, language, given)
            except ZonereportError as error:
                subject = f"{template.name} in {language}"
                failures.append(Failure(subject, error.message, error.hint, len(given)))
                continue
            kits |= {kit.digest: replace(kit, characters=characters) for kit in found.values()}
            region = load_language(language).text("region")
            for one in given:
                kit = found[one.snapshot if request.among else ""]
                jobs.append(_job(request, one, template, region, kit))
    _check_names(jobs)
    return Plan(tuple(jobs), kits, tuple(failures))


def _read(request: Request, failures: list[Failure], each: int) -> list[_Given]:
    """Return the zones that can be read; note the others, with how many briefings each costs.

    Raises InputError with every problem where zones are peers of one another: a median over those that
    happened to be readable would be a wrong one.
    """
    read = []
    files: list[tuple[str, Path | bytes]] = [(str(path), path) for path in request.files]
    for name, source in [*files, *request.table.items()]:
        try:
            data = source if isinstance(source, bytes) else read_data(source)
            read.append(_Given(Input(name, data), parse_file(data, name)))
        except InputError as error:
            failures.append(Failure(name, error.message, error.hint, each, name))
    if request.among and failures:
        raise ZonereportError("\n".join(failure.message for failure in failures))
    return list(_with_earlier(request, read, failures, each))


def _with_earlier(
    request: Request, read: Sequence[_Given], failures: list[Failure], each: int
) -> Iterator[_Given]:
    """Yield the zones with their earlier snapshots, where these are asked for."""
    if request.earlier is None:
        yield from read
        return
    same: dict[str, list[Zone]] = {}
    for one in read:
        same.setdefault(one.zone.id, []).append(one.zone)
    for one in read:
        before = [other for other in same[one.zone.id] if _is_earlier(other, one.zone)]
        try:
            earlier = request.earlier(one.zone, before)
            yield replace(one, previous=tuple(map(_as_file, earlier)))
        except ZonereportError as error:
            failures.append(Failure(one.file.name, error.message, error.hint, each, one.file.name))


def _theme(request: Request, template: Template) -> tuple[str, Path]:
    """Return the theme, and the folder that it is seen from."""
    return (request.theme, Path()) if request.theme else (template.theme, template.folder)


def _kits(request: Request, template: Template, language: str, given: Sequence[_Given]) -> dict[str, Kit]:
    """Return the kit of a template and language; where zones are peers of one another, by snapshot."""

    def gather(peers: Iterable[Input]) -> Kit:
        return gather_kit(
            template,
            language,
            theme=_theme(request, template),
            word_template=request.word_template,
            peers=tuple(peers),
        )

    if request.among:
        snapshots = {one.snapshot for one in given}
        return {
            snapshot: gather(one.file for one in given if one.snapshot == snapshot) for snapshot in snapshots
        }
    return {"": gather(_as_file(zone) for zone in request.peers)}


def _as_file(zone: Zone) -> Input:
    name, data, _ = read_given(zone)
    return Input(name, data)


def _job(request: Request, one: _Given, template: Template, region: str, kit: Kit) -> Job:
    zone = one.zone
    return Job(
        zone=zone.id,
        snapshot=one.snapshot,
        template=template.name,
        language=kit.language,
        names={
            format: name_file(zone.id, one.snapshot, template.name, region, format)
            for format in request.formats
        },
        theme=_theme(request, template),
        task=Task(
            zone=one.file,
            previous=one.previous,
            formats=tuple(request.formats),
            date=request.date,
            stamp=request.stamp,
            kit=kit.digest,
        ),
    )


def _is_earlier(other: Zone, zone: Zone) -> bool:
    """Whether another snapshot of a zone ends before it."""
    one, two = other.edition.snapshot, zone.edition.snapshot
    return other.id == zone.id and one.is_stated and two.is_stated and one.end < two.end


def _check_names(jobs: Iterable[Job]) -> None:
    """Raise UsageError where two files would have one name, on some system at least."""
    taken: dict[str, Job] = {}
    for job in jobs:
        for name in job.names.values():
            plain = unicodedata.normalize("NFC", name).casefold()
            if (other := taken.setdefault(plain, job)) is not job:
                first, second = other.task.zone.name, job.task.zone.name
                both = (
                    f"`{first}` and `{second}`"
                    if first != second
                    else f"two templates or languages, for `{first}`,"
                )
                raise UsageError(
                    f"{both} would both be written as `{name}`",
                    hint="give each zone and snapshot once, and each template a name of its own",
                )
