"""The outbox as commands name it: the file, a job or a message in it, and how one is told."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zonereport.errors import MailError, UsageError, did_you_mean

if TYPE_CHECKING:
    from zonereport.configuration import Configuration
    from zonereport.mail.outbox import Entry, Outbox

OutboxFile = Annotated[
    Path | None,
    typer.Option(
        "--outbox",
        metavar="FILE",
        help="The outbox; the configuration's, or output/outbox.sqlite beside it, if left out.",
        show_default=False,
    ),
]
Which = Annotated[
    str, typer.Argument(help="A job's name, or a message's number.", metavar="JOB", show_default=False)
]


def load_settings() -> Configuration:
    """Return what is settled."""
    from zonereport.configuration import load_configuration

    return load_configuration(os.environ)


def open_outbox(path: Path) -> Outbox:
    """Return the outbox of a file; raise UsageError where there is none."""
    from zonereport.mail.outbox import Outbox

    if not path.is_file():
        raise UsageError(f"there is no outbox at `{path}`", hint="`email compose` makes one")
    return Outbox(path, create=False)


def find_which(outbox: Outbox, text: str) -> str | int:
    """Return a message's number or a job's name; raise UsageError if there is none such."""
    if not text.strip():
        raise UsageError("the name of the job is empty", hint="see whether `email compose` failed before")
    if re.fullmatch(r"[0-9]{1,18}", text):
        with suppress(MailError):
            return outbox.entry(int(text)).id
    jobs = outbox.jobs()
    if text not in jobs:
        there = f"there are {', '.join(jobs)}" if jobs else "the outbox is empty"
        raise UsageError(
            f"there is no job and no message `{text[:100]}`", hint=did_you_mean(text[:100], jobs) or there
        )
    return text


def find_entries(outbox: Outbox, text: str) -> list[Entry]:
    """Return the messages of a job, or the one of a number; raise UsageError as `find_which`."""
    which = find_which(outbox, text)
    return [outbox.entry(which)] if isinstance(which, int) else outbox.entries(which)


def describe(entry: Entry) -> dict[str, Any]:
    """Return a message and all that happened to it as data."""
    attempts = [{**asdict(attempt), "time": attempt.time.isoformat()} for attempt in entry.attempts]
    return {**asdict(entry), "attempts": attempts}


def make_row(entry: Entry) -> tuple[str, ...]:
    """Return a message and the last that happened to it as the cells of a line."""
    last = entry.attempts[-1] if entry.attempts else None
    when = f"{last.time:%Y-%m-%d %H:%M}" if last else ""
    words = f"{last.code or ''} {last.words}".strip() if last else ""
    return str(entry.id), entry.job, entry.recipient, str(entry.state), when, words
