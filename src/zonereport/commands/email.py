"""The commands on email: compose drafts, preview, send, see what became of them, check the server."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zonereport.commands.drafts import compose
from zonereport.commands.options import Json, Quiet  # noqa: TC001 - Typer reads them
from zonereport.commands.outbox import (
    OutboxFile,
    Which,
    describe,
    find_entries,
    find_which,
    load_settings,
    make_row,
    open_outbox,
)
from zonereport.commands.terminal import Answer, in_columns, progress, tell
from zonereport.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.mail.outbox import Entry, Outbox
    from zonereport.mail.sending import Summary
    from zonereport.mail.settings import Server

NOT_ALL_SENT = 4

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.command()(compose)


@app.command()
def preview(
    which: Which,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Write the pages here; a new folder if left out.", show_default=False
        ),
    ] = None,
    eml: Annotated[bool, typer.Option("--eml", help="Write messages for a mail program instead.")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
    outbox: OutboxFile = None,
) -> Answer:
    """Show messages as they will be: in the browser, or as .eml files; the paths are printed."""
    from zonereport.files import make_folder, write_file
    from zonereport.mail.showing import show_message

    with open_outbox(outbox or load_settings().outbox) as opened:
        messages = [(entry, opened.message(entry.id)) for entry in find_entries(opened, which)]
    if not messages:
        raise UsageError(f"the job `{which}` has no messages")
    folder = output or Path(tempfile.mkdtemp(prefix="zonereport-mail-"))
    make_folder(folder)
    paths = []
    for entry, data in messages:
        path = folder / f"message-{entry.id}{'.eml' if eml else '.html'}"
        write_file(path, data if eml else show_message(data).encode())
        paths.append(path)
    if not (no_browser or eml):
        import webbrowser

        webbrowser.open(paths[0].resolve().as_uri())
    return Answer("\n".join(map(str, paths)))


@app.command()
def send(
    job: Annotated[
        str | None,
        typer.Argument(help="The job to send; what is queued already if left out.", metavar="[JOB]"),
    ] = None,
    resend_unknown: Annotated[
        list[str] | None,
        typer.Option(
            "--resend-unknown",
            metavar="JOB",
            help="Send again what may have arrived, of a job or a message; it may arrive twice.",
            show_default=False,
        ),
    ] = None,
    outbox: OutboxFile = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> Answer:
    """Send the drafts of a job, or what is still queued; exit 4 unless everything was sent.

    A message is never sent twice. Where the server's answer to the end of a message was not seen, it is
    `unknown`, and goes again only with `--resend-unknown`.
    """
    from zonereport.mail.sending import settle
    from zonereport.mail.settings import read_server

    settled = load_settings()
    server = read_server(settled.mail, os.environ)
    with open_outbox(outbox or settled.outbox) as opened:
        if job is not None and not isinstance(find_which(opened, job), str):
            raise UsageError("a whole job is sent, not a single message", hint="give the job's name")
        left = settle(opened, datetime.now(UTC))
        again = _queue_unknown(opened, resend_unknown or ())
        if job:
            opened.queue(job)
        waiting = opened.queued(job or "", again)
        with progress(f"sending {len(waiting)} by {server.host}", quiet=quiet):
            summary = _send(opened, server, job or "", again, waiting)
        entries = opened.entries()
    drafts = sum(entry.state == "draft" for entry in entries)
    run = {*waiting, *left, *summary.unknown, *summary.left}
    concerned = [entry for entry in entries if entry.id in run or entry.job == job]
    bad = [entry for entry in concerned if entry.state not in ("sent", "cancelled", "draft")]
    code = NOT_ALL_SENT if bad or summary.stopped else 0
    if as_json:
        said = {**asdict(summary), "drafts": drafts, "messages": [describe(entry) for entry in bad]}
        return Answer(said, code)
    if drafts and not (job or quiet):
        tell(f"{drafts} drafts wait to be looked at: `email preview JOB`, then `email send JOB`")
    if summary.stopped:
        tell(f"stopped: {summary.stopped}")
    rows = in_columns([make_row(entry) for entry in bad])
    return Answer("\n".join(filter(None, [rows, _counts(len(summary.sent), bad)])), code)


def _queue_unknown(outbox: Outbox, named: Sequence[str]) -> list[int]:
    """Queue again what is unknown of the jobs and messages named, and return its numbers."""
    found = [entry for text in named for entry in find_entries(outbox, text) if entry.state == "unknown"]
    outbox.resend_unknown(*(entry.id for entry in found))
    return [entry.id for entry in found]


def _send(outbox: Outbox, server: Server, job: str, again: Sequence[int], waiting: Sequence[int]) -> Summary:
    """Send what waits; if that is interrupted, say first how far it came."""
    from zonereport.mail.sending import send as send_queued

    try:
        return send_queued(
            outbox,
            server,
            job=job,
            also=again,
            now=lambda: datetime.now(UTC),
            clock=time.monotonic,
            sleep=time.sleep,
            jitter=random.random,
        )
    except (KeyboardInterrupt, SystemExit):
        entries = [entry for entry in outbox.entries() if entry.id in set(waiting)]
        tell(_counts(sum(entry.state == "sent" for entry in entries), entries))
        raise


def _counts(sent: int, entries: Sequence[Entry]) -> str:
    states = Counter[str](entry.state for entry in entries)
    left = states["queued"] + states["sending"]
    return f"{sent} sent, {states['failed']} failed, {states['unknown']} unknown, {left} left"


@app.command()
def status(
    which: Annotated[
        str | None,
        typer.Argument(help="A job or message; all if left out.", metavar="[JOB]", show_default=False),
    ] = None,
    outbox: OutboxFile = None,
    as_json: Json = False,
) -> Answer:
    """Say what became of each message: its state, when, and the server's words."""
    with open_outbox(outbox or load_settings().outbox) as opened:
        entries = opened.entries() if which is None else find_entries(opened, which)
    if as_json:
        return Answer([describe(entry) for entry in entries])
    return Answer(in_columns([make_row(entry) for entry in entries]) or "there are no messages")


@app.command()
def retry(which: Which, outbox: OutboxFile = None) -> Answer:
    """Queue again what the server refused; `email send` sends it."""
    with open_outbox(outbox or load_settings().outbox) as opened:
        return Answer(f"{opened.retry(find_which(opened, which))} queued again")


@app.command()
def cancel(which: Which, outbox: OutboxFile = None) -> Answer:
    """Cancel drafts and what is queued; what was sent, or may have been, stays as it is."""
    with open_outbox(outbox or load_settings().outbox) as opened:
        before = {entry.id: entry.state for entry in find_entries(opened, which)}
        opened.cancel(find_which(opened, which))
        after = [opened.entry(id) for id in before]
    for entry in after:
        if entry.state == "sending":
            tell(f"{entry.id} to {entry.recipient} is being sent; it is cancelled if the server puts it off")
    return Answer(f"{sum(e.state == 'cancelled' != before[e.id] for e in after)} cancelled")


@app.command()
def check(as_json: Json = False) -> Answer:
    """Go through the whole dialogue with the mail server, and send nothing."""
    from zonereport.mail.settings import read_server
    from zonereport.mail.transport import check as try_server

    server = read_server(load_settings().mail, os.environ)
    welcome = asdict(try_server(server, clock=time.monotonic))
    if as_json:
        return Answer(welcome)
    return Answer(
        in_columns([(key.replace("_", " "), str(value)) for key, value in welcome.items() if value])
    )
