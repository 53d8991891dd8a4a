"""Making an edition anew from what it keeps, and what differs: it needs nothing but its own files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from zonereport.archive.bag import PAYLOAD, digest
from zonereport.archive.contents import compose_from, make_from, unpacked
from zonereport.archive.inputs import KEPT
from zonereport.archive.record import read_record
from zonereport.errors import ArchiveError, ZonereportError
from zonereport.files import read_file
from zonereport.inputs.shelf import INPUTS, Input
from zonereport.inputs.versions import versions
from zonereport.resources import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from zonereport.archive.record import Record
    from zonereport.archive.store import Contents
    from zonereport.briefing.blocks import Briefing
    from zonereport.zone.model import Zone


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which an edition made anew is not the one that is kept, or a likely cause of it."""

    kind: Literal["changed", "missing", "extra", "failed", "cause"]
    """Of a file made anew: `changed`, `missing` from the edition, or `extra` in it, made by nothing."""
    subject: str
    """The file's path in the bag, or what is the cause: a package, a font, an input."""
    message: str
    hint: str = ""


def read_run(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return how the edition was made, as `run.json` says it; raise ArchiveError if that does not hold."""
    return read_record(files).model_dump(mode="json")


def regenerate(files: Mapping[str, bytes]) -> Contents:
    """Return the contents made anew from a bag's checked files alone, by their path in the bag.

    Raises ArchiveError for a record that does not hold or an input that is not there, and what
    `make_contents` raises.
    """
    record = read_record(files)
    return make_from(record.parameters, _given(record, files))


def compose_again(files: Mapping[str, bytes]) -> tuple[Zone, dict[str, Briefing]]:
    """Return an edition's zone, and its briefing in each of its languages; errors as in `regenerate`."""
    record = read_record(files)
    inputs = {path: file for path, file in _given(record, files).items() if path in record.inputs}
    with unpacked(inputs) as folder:
        return compose_from(record.parameters, folder)


def _given(record: Record, files: Mapping[str, bytes]) -> dict[str, Input]:
    """Return the files that an edition was made from and those kept beside it, by path below `data/`."""
    given = {}
    for path, kept in {**record.inputs, **record.kept}.items():
        if PAYLOAD + path not in files:
            raise ArchiveError(f"`{PAYLOAD}{path}` is missing, which the edition was made from")
        given[path] = Input(kept.name, files[PAYLOAD + path])
    asked = record.parameters
    for needed in (asked.zone, *asked.previous, *filter(None, [asked.word_template])):
        if needed not in record.inputs:
            raise ArchiveError(f"`run.json` asks for `{needed}`, which is no input of the edition")
    return given


def differences(files: Mapping[str, bytes]) -> tuple[Difference, ...]:
    """Return what differs where an edition is made anew, each file by name, then the likely causes.

    Nothing if every byte is the same, whatever it was made with. Raises ArchiveError for a record that
    does not hold.
    """
    record = read_record(files)
    try:
        anew = regenerate(files)
    except ZonereportError as error:
        failed = Difference("failed", "", f"cannot be made anew: {error.message}", error.hint)
        return (failed, *_causes(record, files, None))
    found = tuple(_compare(files, {PAYLOAD + path: data for path, data in anew.payload.items()}))
    return (*found, *_causes(record, files, anew)) if found else ()


def _compare(kept: Mapping[str, bytes], made: Mapping[str, bytes]) -> Iterator[Difference]:
    for path in sorted({*made, *filter(_is_made, kept)}):
        if path not in kept:
            yield Difference("missing", path, f"`{path}` is missing")
        elif path not in made:
            yield Difference("extra", path, f"`{path}` is not made from what the edition keeps")
        elif kept[path] != made[path]:
            yield Difference("changed", path, f"`{path}` is not what is made anew")


def _is_made(path: str) -> bool:
    """Whether the bag's file is one that is made, not given."""
    return path.startswith(PAYLOAD) and not path.startswith((f"{PAYLOAD}{INPUTS}/", f"{PAYLOAD}{KEPT}/"))


def _causes(record: Record, files: Mapping[str, bytes], anew: Contents | None) -> Iterator[Difference]:
    """Yield what is no longer as the record says: an input, a version, the catalogue, a font."""
    for path, given in record.inputs.items():
        if digest(files.get(PAYLOAD + path, b"")) != given.sha256:
            yield Difference(
                "cause", path, f"the input `{path}` is not the one that the edition was made from"
            )
    now = versions()
    for name in sorted({*record.versions, *now}):
        then, today = record.versions.get(name, "none"), now.get(name, "none")
        if then != today:
            yield Difference("cause", name, f"likely cause: made with {name} {then}, here is {today}")
    catalogue = f"{INPUTS}/{CATALOGUE.name}"
    if files.get(PAYLOAD + catalogue) != read_file(CATALOGUE):
        yield Difference("cause", catalogue, "likely cause: the catalogue of indicators is another one here")
    if anew:
        fonts = {font["sha256"] for font in anew.run["fonts"]}
        for font in record.fonts:
            if font.sha256 not in fonts:
                yield Difference(
                    "cause", font.file, f"likely cause: the font `{font.file}` is another one here"
                )
