"""What goes to a worker and what comes back: pure data, so that any machine can make it, even twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from zonereport.inputs.shelf import Input


@dataclass(frozen=True, slots=True)
class Kit:
    """What all briefings of a template and language share, as bytes; a worker unpacks it once."""

    template: str
    theme: str
    """The names of both below the folder of templates in `files`."""
    language: str
    files: Mapping[str, Input]
    word_template: str | None
    """Its path in `files`."""
    peers: tuple[Input, ...]
    """The zone files to set each zone beside."""
    versions: Mapping[str, str]
    """What the worker must have, so that it makes the same bytes."""
    digest: str
    characters: str = ""
    """What the zones' texts are likely to hold, so that fonts are made once; no byte depends on it."""


@dataclass(frozen=True, slots=True)
class Task:
    """One briefing in all its formats: nothing else is needed to make it but its kit."""

    zone: Input
    previous: tuple[Input, ...]
    formats: tuple[str, ...]
    date: date | None
    stamp: datetime | None
    kit: str
    """The digest of its kit."""


@dataclass(frozen=True, slots=True)
class MadeFile:
    """The bytes of a file, and their SHA-256 where they were made."""

    data: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Made:
    """A briefing's files by format, and what its maker was told."""

    files: Mapping[str, MadeFile]
    fonts: Mapping[str, str]
    """The SHA-256 of each font file it is drawn with, by name."""
    findings: tuple[tuple[str, str], ...]
    """What a reader would stumble over: place and message."""
    omissions: tuple[tuple[str, str], ...]
    """What was left out, and why."""
    borrowed: tuple[tuple[str, str], ...]
    """Words in another language, and which."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no briefing."""

    message: str
    hint: str = ""
    again: bool = False
    """Whether another try may help: the worker died, and the task need not have been the cause."""
