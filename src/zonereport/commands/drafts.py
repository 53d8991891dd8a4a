"""The command that makes a message for each reader and puts it into the outbox; nothing is sent."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zonereport.commands.archive import open_archive
from zonereport.commands.options import (
    DEFAULT_LANGUAGE,
    ArchiveFolder,
    Day,
    History,
    Json,
    LanguageCode,
    Previous,
    Quiet,
    TemplateName,
    ThemeName,
    ZoneName,
    listed,
    parse_date,
    stamp,
)
from zonereport.commands.outbox import OutboxFile, describe, load_settings, open_outbox
from zonereport.commands.terminal import Answer, progress, tell
from zonereport.errors import MailError, UsageError, did_you_mean
from zonereport.mail.envelope import mailbox_key
from zonereport.mail.wire import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from zonereport.mail.drafting import Mailing
    from zonereport.mail.outbox import Draft, Entry, Outbox
    from zonereport.mail.recipients import Recipient
    from zonereport.zone.model import Zone

_REPLACED = ("draft", "cancelled")
"""The states in which a message of the job gives way to a new draft."""
_TOLD = {
    "sent": "has these figures already",
    "unknown": "may have these figures already",
    "sending": "may have these figures already",
    "queued": "gets these figures already",
    "draft": "has a draft with these figures already",
}


@dataclass(frozen=True, slots=True)
class _Readers:
    """Who gets a message, and who does not, with the reason."""

    chosen: tuple[Recipient, ...]
    skipped: tuple[tuple[Recipient, str], ...] = ()


def compose(
    zone: ZoneName = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to", metavar='"NAME <A@B>"', help="A recipient; may be repeated.", show_default=False
        ),
    ] = None,
    recipients: Annotated[
        Path | None,
        typer.Option("--recipients", metavar="FILE", help="Recipients as CSV or TOML.", show_default=False),
    ] = None,
    attach: Annotated[
        list[str] | None,
        typer.Option(
            "--attach", help="pdf, docx or html; repeat for several. Default: pdf.", show_default=False
        ),
    ] = None,
    template: TemplateName = "briefing",
    message: Annotated[
        str, typer.Option("--message", help="The template of the message's text.")
    ] = "message",
    lang: LanguageCode = DEFAULT_LANGUAGE,
    theme: ThemeName = None,
    previous: Previous = None,
    history: History = False,
    date: Day = None,
    job: Annotated[
        str | None,
        typer.Option(
            "--job",
            help="The job's name; by zone, snapshot, template and figures if left out.",
            show_default=False,
        ),
    ] = None,
    if_changed: Annotated[
        bool, typer.Option("--if-changed", help="Only whom the figures last told differ from these.")
    ] = False,
    condition: Annotated[
        str, typer.Option("--condition", help="Only if this holds of the figures.", show_default=False)
    ] = "",
    link: Annotated[
        str,
        typer.Option("--link", help="Where the briefing can be had if it is too large.", show_default=False),
    ] = "",
    strict: Annotated[
        bool, typer.Option("--strict", help="Draft nothing if a reader would stumble over something.")
    ] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Add what is drafted to the archive, too.")] = False,
    note: Annotated[
        str, typer.Option("--note", help="With --keep: why there is another edition.", show_default=False)
    ] = "",
    archive: ArchiveFolder = None,
    outbox: OutboxFile = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> Answer:
    """Make a message for each recipient and put it into the outbox as a draft; nothing is sent.

    The job's name is printed. Run again, it replaces the job's drafts; who was sent one gets no other.
    """
    from zonereport.api import load
    from zonereport.archive.history import earlier_snapshots
    from zonereport.mail.drafting import digest_figures, draft
    from zonereport.mail.recipients import gather_recipients
    from zonereport.measures import order_snapshots
    from zonereport.zone.reading import DEFAULT_ZONE

    _check_job(job)
    name = DEFAULT_ZONE if zone is None else zone
    loaded = load(name)
    earlier: Sequence[Zone] = [load(other) for other in previous or ()]
    if history:
        earlier = earlier_snapshots(open_archive(archive), loaded, earlier)
    earlier = order_snapshots(earlier)
    settled = load_settings()
    mailing = replace(
        _mailing(settled.mail),
        content=digest_figures((loaded, *earlier)),
        previous=tuple(earlier),
        template=template,
        message=message,
        theme=theme,
        day=parse_date(date),
        language=lang,
        formats=tuple(listed(attach, ("pdf",))),
        strict=strict,
    )
    mailing = replace(mailing, job=job or _usual_job(loaded, mailing), link=link or mailing.link)
    named = gather_recipients(to or (), recipients)
    if not named.entries:
        raise UsageError("nobody is named", hint='name them by `--to "Name <a@b>"` or `--recipients FILE`')
    reason = _why_not(condition, loaded, earlier)
    path = outbox or settled.outbox
    readers = _Readers(()) if reason else _of_the_zone(named.entries, loaded.id)
    if path.is_file():
        with open_outbox(path) as opened:
            if if_changed and not job:
                mailing = replace(mailing, job=_job_to_use(opened, readers, loaded, mailing))
            readers = _without_told(opened, readers, loaded, mailing, if_changed=if_changed)
    with progress(f"making messages for {len(readers.chosen)}", quiet=quiet):
        drafts = _signed(draft(loaded, readers.chosen, mailing), settled.mail)
    entries = _add(path, mailing.job, drafts)
    if keep and drafts:
        _keep(name, mailing, [one.language for one in drafts], archive, note)
    skipped = [{"recipient": to.mailbox.address, "reason": why} for to, why in readers.skipped]
    for said in () if quiet else (*named.notes, *(" ".join(one.values()) for one in skipped)):
        tell(said)
    if not quiet:
        tell(_next_step(len(drafts), mailing.job, reason))
    about = {"job": mailing.job, "drafted": len(drafts), "reason": reason, "skipped": skipped}
    return Answer({**about, "messages": list(map(describe, entries))} if as_json else mailing.job)


def _check_job(job: str | None) -> None:
    """Raise UsageError for a name that no other command could be given."""
    if job is None or (re.fullmatch(r"[^\s-](.*\S)?", job) and job.isprintable() and not job.isdecimal()):
        return
    raise UsageError(
        f"`{one_line(job)[:100]}` is no name for a job",
        hint="expected one line that is not a number and does not begin with `-`, such as `weekly-12`",
    )


def _usual_job(zone: Zone, mailing: Mailing) -> str:
    """Return the name of a job that is not given one: other figures are another job."""
    name = f"{zone.id}-{zone.edition.snapshot}-{Path(mailing.template).name}-{mailing.content[:8]}"
    return name.replace(" ", "-")


def _mailing(mail: Mapping[str, Any]) -> Mailing:
    """Return what the office has settled for its messages, before anything is known of a job."""
    from zonereport.mail.drafting import MAX_BYTES, Mailing
    from zonereport.mail.mailboxes import parse_mailbox
    from zonereport.mail.settings import read_max_size

    if "sender" not in mail:
        raise UsageError(
            "nobody is named as the sender",
            hint='write `sender = "Name <name@example.org>"` below `[mail]` in zonereport.toml',
        )
    return Mailing(
        job="",
        content="",
        sender=parse_mailbox(mail["sender"]),
        time=stamp() or datetime.now(UTC),
        stamp=stamp(),
        envelope_sender=parse_mailbox(mail["bounces"]).address if "bounces" in mail else "",
        reply_to=parse_mailbox(mail["reply-to"]) if "reply-to" in mail else None,
        unsubscribe=tuple(mail.get("unsubscribe", "").split()),
        link=mail.get("link", ""),
        max_bytes=min(MAX_BYTES, read_max_size(mail, os.environ)),
    )


def _why_not(condition: str, zone: Zone, previous: Sequence[Zone]) -> str:
    """Return why a condition does not hold of the figures; empty if it does, or there is none."""
    if not condition:
        return ""
    from zonereport.mail.conditions import judge
    from zonereport.measures import Facts, tell_sources_apart

    verdict = judge(condition, Facts(zone, tell_sources_apart(zone, previous)))
    return "" if verdict.holds else "; ".join(verdict.reasons)


# Who gets a message


def _of_the_zone(readers: Sequence[Recipient], zone: str) -> _Readers:
    """Return the readers of a zone; of the others, which zones they get."""
    others = []
    for reader in readers:
        if not reader.gets(zone):
            near = any(did_you_mean(id, [zone]) for id in reader.zones)
            hint = f"; did you mean `{zone}`?" if near else ""
            others.append((reader, f"gets {', '.join(f'`{id}`' for id in reader.zones)} alone{hint}"))
    return _Readers(tuple(reader for reader in readers if reader.gets(zone)), tuple(others))


def _job_to_use(outbox: Outbox, readers: _Readers, zone: Zone, mailing: Mailing) -> str:
    """Return the last job of these figures, or a new one if a reader of it was told others since."""
    jobs, number, job = set(outbox.jobs()), 2, mailing.job
    while f"{mailing.job}-{number}" in jobs:
        job, number = f"{mailing.job}-{number}", number + 1
    told = {_key(entry) for entry in outbox.entries(job) if entry.state in _TOLD and entry.state != "draft"}
    for reader in readers.chosen:
        last = outbox.last_told(reader.mailbox.address, zone.id, mailing.template)
        if last and last.content != mailing.content and _key(last) in told:
            return f"{mailing.job}-{number}"
    return job


def _without_told(
    outbox: Outbox, readers: _Readers, zone: Zone, mailing: Mailing, *, if_changed: bool
) -> _Readers:
    """Return the readers without who has a message of this job or, if asked, these very figures.

    Raises MailError where the job was about something else.
    """
    about = (zone.id, str(zone.edition.snapshot), mailing.content)
    there = {}
    for entry in outbox.entries(mailing.job):
        if entry.state in _REPLACED:
            continue
        if (entry.zone, entry.snapshot, entry.content) != about:
            raise MailError(
                f"the job `{mailing.job}` has messages about `{entry.zone}` {entry.snapshot} "
                "with other zones, snapshots or figures",
                hint="give another name by `--job`, or none",
            )
        there[_key(entry)] = entry
    chosen, skipped = [], list(readers.skipped)
    for reader in readers.chosen:
        address = reader.mailbox.address
        last = outbox.last_told(address, zone.id, mailing.template) if if_changed else None
        if had := there.get(mailbox_key(address)):
            skipped.append((reader, f"has a message of this job already: {had.id}, {had.state}"))
        elif last and last.content == mailing.content and (last.job, last.state) != (mailing.job, "draft"):
            skipped.append((reader, f"{_TOLD[last.state]}: {last.id}, {last.state}"))
        else:
            chosen.append(reader)
    return _Readers(tuple(chosen), tuple(skipped))


def _key(entry: Entry) -> str:
    return mailbox_key(entry.recipient)


# What is done with the drafts


def _signed(drafts: list[Draft], mail: Mapping[str, Any]) -> list[Draft]:
    """Return the drafts with the signature of the sender's domain, if one is configured."""
    from zonereport.mail.signing import read_signer, sign

    signer = read_signer(mail)
    return [replace(one, message=sign(one.message, signer)) for one in drafts] if signer else drafts


def _add(path: Path, job: str, drafts: Sequence[Draft]) -> list[Entry]:
    """Add the drafts to the outbox, and return all messages of the job."""
    from zonereport.files import make_folder
    from zonereport.mail.outbox import Outbox

    make_folder(path.parent)
    with Outbox(path) as opened:
        opened.add_drafts(job, drafts)
        return opened.entries(job)


def _keep(name: str, mailing: Mailing, languages: Sequence[str], folder: Path | None, note: str) -> None:
    """Add what is drafted to the archive."""
    from zonereport.archive.contents import Request, make_contents
    from zonereport.zone.reading import find_zone

    request = Request(
        zone=find_zone(name),
        previous=mailing.previous,
        languages=tuple(dict.fromkeys(languages)),
        template=mailing.template,
        theme=mailing.theme,
        date=mailing.day,
        stamp=mailing.stamp,
    )
    open_archive(folder, to_add=True).add(make_contents(request), note=note, now=datetime.now(UTC))


def _next_step(drafted: int, job: str, reason: str) -> str:
    if not drafted:
        return f"nothing is drafted{': ' if reason else ''}{reason}"
    named = shlex.quote(job)
    return (
        f"{drafted} drafted; next: `zonereport email preview {named}`, then `zonereport email send {named}`"
    )
