"""From a zone and its recipients to drafts: each language and format is made once, each message is whole."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from zonereport.api import compose, preflight, render_all, render_mail
from zonereport.briefing.enclosure import Enclosure
from zonereport.errors import MailError
from zonereport.mail.composing import File, Head, make_message
from zonereport.mail.envelope import Envelope
from zonereport.mail.headers import make_message_id
from zonereport.mail.naming import attachment_name, kind_of, media_type_of
from zonereport.mail.outbox import Draft
from zonereport.zone.model import Missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from zonereport.briefing.blocks import Briefing
    from zonereport.mail.mailboxes import Mailbox
    from zonereport.mail.recipients import Recipient
    from zonereport.render.mail.body import MailBody
    from zonereport.zone.model import Figure, ItemList, Zone
    from zonereport.zone.quantity import Quantity

MAX_BYTES = 20_000_000
"""Bytes of a message as it is sent, files by base64; many servers take 25 MB, some 20."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """What the messages of one job have in common."""

    job: str
    """What tells this job from others."""
    sender: Mailbox
    time: datetime
    """When the messages say they were written."""
    content: str
    """What `digest_figures` gives for the zone and the earlier snapshots."""
    previous: tuple[Zone, ...] = ()
    template: str = "briefing"
    """Of what is attached."""
    message: str = "message"
    """The template of the text: its title is the subject."""
    theme: str | None = None
    day: date | None = None
    """The date of the briefing; the edition's if left out."""
    stamp: datetime | None = None
    """When the attached files say they were made; midnight UTC of their date if left out."""
    language: str = "en"
    formats: tuple[str, ...] = ("pdf",)
    """Language and formats for recipients who ask for none."""
    envelope_sender: str = ""
    """Where bounces go; the sender's address if empty."""
    reply_to: Mailbox | None = None
    unsubscribe: tuple[str, ...] = ()
    link: str = ""
    """Where the briefing can be had if it is not attached."""
    max_bytes: int = MAX_BYTES
    strict: bool = False
    """Whether what a reader would stumble over stops the job."""


def draft(zone: Zone, recipients: Iterable[Recipient], mailing: Mailing) -> list[Draft]:
    """Return a draft for each recipient who gets this zone, in their order; none if anything fails.

    A message above `max_bytes` goes with the PDF alone, then with none but a link, and says so. Raises
    MailError where that does not help or, if `strict`, for what a reader would stumble over; UsageError,
    TemplateError and RenderError as the briefing itself.
    """
    chosen = [recipient for recipient in recipients if recipient.gets(zone.id)]
    wanted: dict[str, dict[str, None]] = {}
    for recipient in chosen:
        formats = wanted.setdefault(recipient.language or mailing.language, {})
        formats.update(dict.fromkeys(recipient.formats or mailing.formats))
    editions = {
        language: _Edition(zone, mailing, language, tuple(asked)) for language, asked in wanted.items()
    }
    return [_draft(editions[recipient.language or mailing.language], recipient) for recipient in chosen]


def _draft(edition: _Edition, recipient: Recipient) -> Draft:
    zone, mailing, address = edition.zone, edition.mailing, recipient.mailbox.address
    snapshot = str(zone.edition.snapshot)
    about = (mailing.job, zone.id, snapshot, mailing.template, mailing.message, mailing.content)
    id = make_message_id(about, address, mailing.sender.domain)
    for formats, left_out in _attempts(recipient.formats or mailing.formats, mailing.link):
        title, body = edition.body(formats, left_out)
        head = Head(
            sender=mailing.sender,
            to=recipient.mailbox,
            subject=title,
            date=mailing.time,
            message_id=id,
            language=edition.briefing.language,
            reply_to=mailing.reply_to,
            unsubscribe=mailing.unsubscribe,
        )
        message = make_message(head, body, [edition.files[format] for format in formats])
        if len(message) <= mailing.max_bytes:
            return Draft(
                Envelope(mailing.envelope_sender or mailing.sender.address, address),
                message,
                id,
                title,
                zone=zone.id,
                snapshot=snapshot,
                language=edition.language,
                template=mailing.template,
                content=mailing.content,
            )
    raise MailError(
        f"the message to `{address}` has {len(message) / 1e6:.1f} MB, expected at most "
        f"{mailing.max_bytes / 1e6:.1f}",
        hint="attach fewer formats, or say by `--link` where the briefing can be had",
    )


def _attempts(formats: tuple[str, ...], link: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield what to attach and what to leave out: everything, the PDF alone, nothing but a link."""
    yield formats, ()
    if "pdf" in formats and len(formats) > 1:
        yield ("pdf",), tuple(format for format in formats if format != "pdf")
    if link and formats:
        yield (), formats


@dataclass
class _Edition:
    """The briefing in one language: what is made of it is made once, for all who read that language."""

    zone: Zone
    mailing: Mailing
    language: str
    formats: tuple[str, ...]
    _bodies: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, MailBody]] = field(default_factory=dict)

    @cached_property
    def briefing(self) -> Briefing:
        """The briefing that is attached."""
        return self._sound(self._composed(self.mailing.template))

    @cached_property
    def files(self) -> Mapping[str, File]:
        """The files by format."""
        made = render_all(self.briefing, self.formats)
        return {
            format: File(attachment_name(self.zone, self.briefing, format), media_type_of(format), data)
            for format, data in made.items()
        }

    def body(self, formats: tuple[str, ...], left_out: tuple[str, ...]) -> tuple[str, MailBody]:
        """Return the subject and the text of a message with these files."""
        if (formats, left_out) not in self._bodies:
            names = tuple(self.files[format].name for format in formats)
            link = self.mailing.link if left_out or not formats else ""
            enclosure = Enclosure(names, tuple(map(kind_of, left_out)), link)
            text = self._sound(self._composed(self.mailing.message, enclosure))
            self._bodies[formats, left_out] = text.title, render_mail(text)
        return self._bodies[formats, left_out]

    def _composed(self, template: str, enclosure: Enclosure | None = None) -> Briefing:
        mailing = self.mailing
        return compose(
            self.zone,
            previous=mailing.previous,
            template=template,
            language=self.language,
            theme=mailing.theme,
            date=mailing.day,
            stamp=mailing.stamp,
            enclosure=enclosure,
        )

    def _sound(self, briefing: Briefing) -> Briefing:
        """Return the briefing; if `strict`, raise MailError for what a reader would stumble over."""
        if self.mailing.strict and (findings := preflight(briefing)):
            found = "\n".join(finding.describe() for finding in findings)
            raise MailError(
                f"{found}\nnothing was drafted, because of `--strict`", hint="mend what is named above"
            )
        return briefing


# What a message is about


def digest_figures(zones: Sequence[Zone]) -> str:
    """Return the SHA-256 of what zones publish: figures with their names, qualifiers and dates, and lists.

    As long as it stays the same, a message would tell its readers nothing new: notes, sources and the words
    around the figures do not count.
    """
    told = [
        [
            zone.id,
            str(zone.edition.snapshot),
            [_told(zone.figures[id]) for id in sorted(zone.figures)],
            [_listed(zone.lists[id]) for id in sorted(zone.lists)],
        ]
        for zone in zones
    ]
    return sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _told(figure: Figure) -> list[Any]:
    parts = figure.breakdown.parts if figure.breakdown else ()
    return [
        figure.id,
        dict(figure.name),
        _value(figure.value),
        figure.unit,
        str(figure.as_of),
        str(figure.period),
        sorted(figure.status),
        dict(figure.scope or {}),
        [_value(figure.also.quantity), figure.also.unit] if figure.also else None,
        sorted([part.id, _value(part.value)] for part in parts),
    ]


def _listed(listed: ItemList) -> list[Any]:
    items = [[item.id, dict(item.name), item.relation, item.origin] for item in listed.items]
    return [listed.id, dict(listed.label), items, str(listed.as_of)]


def _value(value: Quantity | Missing) -> Any:
    if isinstance(value, Missing):
        return value.value
    return [
        _plain(value.low.value),
        value.low.is_open,
        _plain(value.high.value),
        value.high.is_open,
        value.about,
    ]


def _plain(number: Decimal) -> str:
    """Return a number so that 3.5 and 3.50 are the same."""
    return format(number.normalize(), "f")
