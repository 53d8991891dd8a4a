"""What reaches the terminal: results on standard output, messages on standard error; nothing else prints."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says, as text or, for `--json`, as data; and the code it ends with."""

    said: str | list[Any] | dict[str, Any]
    code: int = 0


def show(answer: Answer) -> None:
    """Print what a command of a group answers, and end with its code."""
    if isinstance(answer.said, str):
        say(answer.said)
    else:
        say_json(answer.said)
    if answer.code:
        raise typer.Exit(answer.code)


def say(text: str) -> None:
    """Print to standard output; end quietly if the reader has gone, as in `zonereport zones | head -1`."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at exit
        sys.exit(128 + signal.SIGPIPE)


def say_json(value: Any) -> None:
    """Print data as one JSON value to standard output."""
    say(json.dumps(value, ensure_ascii=False, indent=2))


def tell(message: str) -> None:
    """Print a message to standard error, which keeps standard output for results."""
    print(f"zonereport: {message}", file=sys.stderr)


def in_columns(rows: Sequence[tuple[str, ...]]) -> str:
    """Return rows as lines whose cells stand below each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def progress(what: str, *, quiet: bool = False) -> AbstractContextManager[Any]:
    """Return a moving line on a terminal; in a pipe, nothing."""
    if quiet or not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(f"{what} …")


@contextmanager
def counting(total: int, what: str, *, quiet: bool = False) -> Iterator[Callable[[bool], None]]:
    """Give what counts one more done, and whether it failed; on a terminal with rate and time left."""
    if quiet or not sys.stderr.isatty():
        yield lambda failed: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *(*columns, TextColumn("{task.fields[more]}")),
        console=Console(stderr=True),
        redirect_stdout=sys.stdout.isatty(),  # results in a pipe go there
    ) as bar:
        task = bar.add_task(what, total=total, more="")
        failures = 0

        def count(failed: bool) -> None:
            nonlocal failures
            failures += failed
            speed = bar.tasks[0].speed or 0
            more = f"{speed:.1f} a second" + (f", {failures} failed" if failures else "")
            bar.update(task, advance=1, more=more)

        yield count
