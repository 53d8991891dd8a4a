"""What goes into an edition: the inputs, everything made of them, and the record of how.

An edition is made from the copies that it keeps, so that what is drawn once can be drawn from it again.
"""

from __future__ import annotations

import tomllib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from zonereport.api import compose, draw_charts, file_name, font_files, preflight, render_all
from zonereport.archive.bag import digest
from zonereport.archive.inputs import gather
from zonereport.archive.record import Font, Kept, Record, Remark, Remarks
from zonereport.archive.store import Contents
from zonereport.errors import ArchiveError
from zonereport.inputs.gathering import named_files
from zonereport.inputs.shelf import INPUTS, ROOT, THEMES_ROOT, Shelf
from zonereport.inputs.unpacking import naming, unpack
from zonereport.inputs.versions import versions
from zonereport.render.registry import FORMATS
from zonereport.zone.reading import read_zone
from zonereport.zone.writing import write_zone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from zonereport.archive.record import Parameters
    from zonereport.briefing.blocks import Briefing
    from zonereport.inputs.shelf import Input
    from zonereport.zone.model import Text, Zone


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be made and archived; a zone is its file, or as it was read from one."""

    zone: Path | Zone
    previous: tuple[Path | Zone, ...] = ()
    languages: tuple[str, ...] = ("en",)
    formats: tuple[str, ...] = tuple(FORMATS)
    template: str = "briefing"
    theme: str | None = None
    date: date | None = None
    stamp: datetime | None = None
    word_template: Path | None = None
    kept: tuple[Path, ...] = ()
    """Files to be kept as they are, such as the Word file that went out."""


def make_contents(request: Request) -> Contents:
    """Return what an edition holds: the same request gives the same contents, on any day and machine.

    Raises what `api.compose` and `api.render` raise, and ArchiveError for what cannot be kept.
    """
    parameters, shelf = gather(request)
    return make_from(parameters, shelf.files)


def make_from(parameters: Parameters, files: Mapping[str, Input]) -> Contents:
    """Return the contents that the files, by path, give; errors as in `make_contents`."""
    inputs = {path: file for path, file in files.items() if path.startswith(f"{INPUTS}/")}
    with unpacked(inputs) as folder:
        zone, briefings = compose_from(parameters, folder)
        made, fonts, remarks = _draw(briefings, parameters, folder)
    record = Record(
        parameters=parameters,
        inputs=_listed(inputs),
        kept=_listed({path: file for path, file in files.items() if path not in inputs}),
        versions=versions(),
        fonts=fonts,
        remarks=remarks,
    )
    payload = {path: file.data for path, file in files.items()} | made
    payload["zone.json"] = write_zone(zone).encode()
    issuer = zone.edition.issued_by
    return Contents(
        zone=zone.id,
        snapshot=str(zone.edition.snapshot),
        payload=dict(sorted(payload.items())),
        run=record.model_dump(mode="json"),
        description=f"{_words(zone.name)}, {zone.edition.snapshot}",
        organization=_words(issuer) if issuer else "",
    )


@contextmanager
def unpacked(inputs: Mapping[str, Input]) -> Iterator[Path]:
    """Give a folder that holds the inputs for a while; an error in it calls them by their own names."""
    with TemporaryDirectory(prefix="zonereport-") as name:
        folder = Path(name)
        with naming(inputs, folder):
            for path, file in inputs.items():
                if path.startswith(f"{THEMES_ROOT}/") and path.endswith(".toml"):
                    _check_theme(path, file.data, inputs)
            unpack(inputs, folder)
            yield folder


def _check_theme(path: str, data: bytes, inputs: Mapping[str, Input]) -> None:
    """Raise ArchiveError for a theme that names a file outside the edition."""
    try:
        theme = tomllib.loads(data.decode())
    except (ValueError, RecursionError):
        raise ArchiveError(f"`{path}` is no theme file") from None
    for named in named_files(theme):
        if f"{THEMES_ROOT}/{named}" not in inputs:
            raise ArchiveError(f"`{path}` names `{named}`, which is not in the edition")


def compose_from(parameters: Parameters, folder: Path) -> tuple[Zone, dict[str, Briefing]]:
    """Return the zone, and its briefing in each language, of the inputs unpacked in a folder."""
    zone = read_zone(folder / parameters.zone)
    previous = [read_zone(folder / path) for path in parameters.previous]
    briefings = {
        language: compose(
            zone,
            previous=previous,
            template=parameters.template,
            language=language,
            theme=parameters.theme,
            date=parameters.date,
            stamp=parameters.stamp,
            templates=folder / ROOT,
        )
        for language in parameters.languages
    }
    return zone, briefings


def _draw(
    briefings: Mapping[str, Briefing], parameters: Parameters, folder: Path
) -> tuple[dict[str, bytes], tuple[Font, ...], dict[str, Remarks]]:
    """Return the files made of the briefings, the fonts they are drawn with, and what was found."""
    made = Shelf()
    fonts: set[Path] = set()
    remarks = {}
    word = folder / parameters.word_template if parameters.word_template else None
    for language, briefing in briefings.items():
        for format, data in render_all(briefing, parameters.formats, word_template=word).items():
            made.put(language, file_name(briefing, format), data)
        for id, picture in draw_charts(briefing).items():
            made.put(f"{language}/charts", f"{id}.svg", picture)
        for attached in briefing.attachments:
            if attached.relationship == "data":
                made.put(f"{language}/charts", attached.name, attached.data)
        fonts.update(font_files(briefing))
        remarks[language] = _remarks(briefing)
    used = sorted((file.name, digest(file.read_bytes())) for file in fonts)
    files = {path: file.data for path, file in made.files.items()}
    return files, tuple(Font(file=name, sha256=sha256) for name, sha256 in used), remarks


def _remarks(briefing: Briefing) -> Remarks:
    return Remarks(
        findings=tuple(Remark(subject=one.place, message=one.message) for one in preflight(briefing)),
        omissions=tuple(Remark(subject=one.what, message=one.reason) for one in briefing.omissions),
        borrowed=tuple(Remark(subject=words, message=code) for words, code in briefing.borrowed),
    )


def _listed(files: Mapping[str, Input]) -> dict[str, Kept]:
    return {path: Kept(name=file.name, sha256=digest(file.data)) for path, file in sorted(files.items())}


def _words(text: Text) -> str:
    return text.get("en") or next(iter(text.values()))
