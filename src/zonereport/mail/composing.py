"""One message as bytes: its parts, their headers, the files with it; the same bytes for the same input."""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from email.message import MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from zonereport.mail.headers import (
    FOLD,
    encode_mailbox,
    encode_text,
    name_parameters,
    unsubscribe_headers,
)
from zonereport.mail.naming import safe_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from zonereport.mail.mailboxes import Mailbox
    from zonereport.render.mail.body import Image, MailBody

POLICY = SMTP.clone(refold_source="none")
"""Headers are written as they are given: each version of Python folds in its own way."""
Header = tuple[str, str]
"""Name and value, in ASCII and folded."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a message."""

    sender: Mailbox
    to: Mailbox
    subject: str
    date: datetime
    message_id: str
    language: str
    """BCP 47."""
    reply_to: Mailbox | None = None
    unsubscribe: tuple[str, ...] = ()
    """Addresses (`mailto:`, `https:`) at which nothing more is asked for."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with a message."""

    name: str
    media_type: str
    data: bytes


def make_message(head: Head, body: MailBody, files: Sequence[File] = ()) -> bytes:
    """Return the message, each line ended by CRLF: its text in two forms, and the files.

    Raises UsageError for an address to unsubscribe at that does not hold.
    """
    above = _headers(head)
    html = _text("html", body.html)
    if body.images:
        html = _several("related", [html, *map(_picture, body.images)], head)
    both = [_text("plain", body.text), html]
    if not files:
        return _several("alternative", both, head, above).as_bytes(policy=POLICY)
    text = _several("alternative", both, head)
    return _several("mixed", [text, *map(_attached, files)], head, above).as_bytes(policy=POLICY)


def _headers(head: Head) -> list[Header]:
    replies = [("Reply-To", encode_mailbox(head.reply_to))] if head.reply_to else []
    return [
        ("From", encode_mailbox(head.sender)),
        ("To", encode_mailbox(head.to)),
        *replies,
        ("Subject", encode_text(head.subject)),
        ("Date", format_datetime(head.date)),
        ("Message-ID", head.message_id),
        ("Content-Language", head.language),
        ("Auto-Submitted", "auto-generated"),  # RFC 3834: no absence note comes back
        *unsubscribe_headers(head.unsubscribe),
        ("MIME-Version", "1.0"),
    ]


def _several(kind: str, parts: list[MIMEPart], head: Head, above: Sequence[Header] = ()) -> MIMEPart:
    """Return the parts as one, with more headers above its own."""
    boundary = f"=_{sha256(f'{head.message_id} {kind}'.encode()).hexdigest()[:32]}"
    of = f'{FOLD}type="text/html";' if kind == "related" else ""  # RFC 2387, 3.1
    whole = _part([*above, ("Content-Type", f'multipart/{kind};{of}{FOLD}boundary="{boundary}"')])
    for part in parts:
        whole.attach(part)
    return whole


def _text(kind: str, words: str) -> MIMEPart:
    """Return a text, encoded so that no line is long and it takes the fewest bytes."""
    data = words.encode().replace(b"\n", b"\r\n")  # the canonical line end (RFC 2045, 6.8)
    ways = {"quoted-printable": binascii.b2a_qp(data).decode(), "base64": _base64(data)}
    way = min(ways, key=lambda name: len(ways[name]))
    headers = [("Content-Type", f"text/{kind}; charset=utf-8"), ("Content-Transfer-Encoding", way)]
    return _part(headers, ways[way])


def _picture(image: Image) -> MIMEPart:
    return _file(image.name, image.media_type, image.data, "inline", [("Content-ID", f"<{image.cid}>")])


def _attached(file: File) -> MIMEPart:
    return _file(file.name, file.media_type, file.data, "attachment", [])


def _file(name: str, media_type: str, data: bytes, where: str, more: list[Header]) -> MIMEPart:
    named, filename = name_parameters(safe_name(name))
    headers = [
        ("Content-Type", f"{media_type};{named}"),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", f"{where};{filename}"),
    ]
    return _part([*headers, *more], _base64(data))


def _part(headers: list[Header], payload: str | None = None) -> MIMEPart:
    part = MIMEPart(policy=POLICY)
    for name, value in headers:
        part.set_raw(name, value)
    if payload is not None:
        part.set_payload(payload)
    return part


def _base64(data: bytes) -> str:
    size = 57  # 76 characters
    lines = (binascii.b2a_base64(data[at : at + size]).decode() for at in range(0, len(data), size))
    return "".join(lines)
