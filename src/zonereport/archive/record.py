"""What `run.json` says: how an edition was made, from which files, with which versions and fonts."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 - pydantic reads them at run time
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from zonereport.archive.bag import RUN
from zonereport.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Mapping

PayloadPath = Annotated[str, Field(pattern=r"^(inputs|kept)(/[A-Za-z0-9][A-Za-z0-9._-]*)+$", max_length=240)]
"""Where a file of the payload is, below `data/`: it leads nowhere else."""
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=100)]
"""The name of a template or theme below `data/inputs/templates/`."""
FileName = Annotated[str, Field(pattern=r"^[^/\\\x00]*[^/\\\x00.][^/\\\x00]*$", max_length=255)]
"""What a file was called when it was given: a name without a folder."""


class Shape(BaseModel):
    """Base of all shapes: strict types; what a later version may add is passed over."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Parameters(Shape):
    """What was asked for; paths are below `data/`."""

    zone: PayloadPath
    previous: tuple[PayloadPath, ...] = ()
    template: Name
    theme: Name
    languages: tuple[Name, ...]
    formats: tuple[str, ...]
    date: date
    """The document's date."""
    stamp: datetime | None = None
    """When the files say they were made, where that is not midnight UTC of the date."""
    word_template: PayloadPath | None = None


class Kept(Shape):
    """A file that was given: its name then, and its content."""

    name: FileName
    sha256: str


class Font(Shape):
    """A font file that a briefing was drawn with."""

    file: FileName
    sha256: str


class Remark(Shape):
    """What was found or left out, and where or why."""

    subject: str
    message: str


class Remarks(Shape):
    """What a briefing's maker was told."""

    findings: tuple[Remark, ...] = ()
    """What a reader would stumble over."""
    omissions: tuple[Remark, ...] = ()
    """What the template asks for and the zone does not have."""
    borrowed: tuple[Remark, ...] = ()
    """The language that words stand in, for want of words in the briefing's."""


class Record(Shape):
    """How an edition was made."""

    parameters: Parameters
    inputs: dict[PayloadPath, Kept]
    kept: dict[PayloadPath, Kept] = {}
    versions: dict[str, str]
    fonts: tuple[Font, ...]
    remarks: dict[str, Remarks]
    """By language."""


def read_record(files: Mapping[str, bytes]) -> Record:
    """Return how the edition of a bag's files was made; raise ArchiveError where its record does not hold."""
    if RUN not in files:
        raise ArchiveError(f"`{RUN}` is missing, which says how the edition was made")
    try:
        return Record.model_validate_json(files[RUN])
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))[:100]
        message = f"`{RUN}` does not hold: {place}: {first['msg'].lower()}"
        raise ArchiveError(message, hint="it was not written by this version of zonereport") from None
