"""Every error a user can meet, and the exit code it ends with.

    ZonereportError            1
    ├── InputError             1   a zone file that cannot be read or does not hold
    ├── TemplateError          1   a template or language file that cannot be used
    ├── RenderError            1   a briefing that cannot be drawn
    │   └── MissingCharacterError  1   a character that no font has
    ├── OutputError            1   a file that cannot be written
    ├── ArchiveError           1   an archive that cannot be used, or an edition that cannot be added
    ├── MailError              1   a message that cannot be made, kept or sent
    ├── ClusterError           1   a cluster that cannot be used, or was lost
    └── UsageError             2   a name, date or option that does not exist

A message says where, what was found and what was expected, then a hint: lower case, no full stop,
literals in backticks. `docs/exit-codes.md` lists the codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, at one place."""

    message: str
    """What was found and what was expected."""
    place: str = ""
    """The key path, such as `figures.rd-professionals.value`; empty for the whole file."""
    line: int | None = None
    """The line of the file, from 1, where the format allows it."""
    hint: str = ""

    def describe(self, file: str) -> str:
        """Return `file:line: place: message` and, on a line of its own, the hint."""
        where = f"{file}:{self.line}" if self.line else file
        parts = [where, self.place, self.message] if self.place else [where, self.message]
        text = ": ".join(parts)
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class ZonereportError(Exception):
    """Base of all errors that are reported to the user as a message, without a traceback."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def describe(self) -> str:
        """Return the message and its hint as they are shown to the user."""
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message


class InputError(ZonereportError):
    """A zone file cannot be read, or what it says does not hold; carries every problem found."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.describe(file) for problem in self.problems))


class TemplateError(ZonereportError):
    """A template, theme or language file cannot be used."""


class RenderError(ZonereportError):
    """A composed briefing cannot be drawn."""


class MissingCharacterError(RenderError):
    """Characters that no font has; drawn all the same, they would be boxes."""

    def __init__(self, codes: Iterable[int], message: str, *, hint: str = "") -> None:
        self.codes = frozenset(codes)
        super().__init__(message, hint=hint)


class OutputError(ZonereportError):
    """A file cannot be written; what stood there before is untouched."""


class ArchiveError(ZonereportError):
    """An archive cannot be used, or does not take what was to be added; every edition in it is untouched."""


class MailError(ZonereportError):
    """A message cannot be made, kept or sent, or the settings of the mail server do not hold."""


class ClusterError(ZonereportError):
    """A cluster cannot be reached, does not take us, or was lost; what came back from it is kept."""


class UsageError(ZonereportError):
    """A name, date or option that does not exist."""

    exit_code = 2


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "did you mean `x`?" for the nearest of `known`, or an empty string if none is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else ""
