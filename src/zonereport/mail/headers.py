"""Header values in ASCII on short lines: encoded words, names of files, ids; no value begins a new header."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

from zonereport.errors import UsageError
from zonereport.mail.wire import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from zonereport.mail.mailboxes import Mailbox

FOLD = "\r\n "
_LINE = 66
"""Characters of a folded line, so that it has less than 78 behind the longest name of a header."""
_PIECE = 36
"""Bytes in an encoded word: with `Reply-To:` before it, its line stays below 76 (RFC 2047, 2)."""
_PHRASE = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")
"""What a name may be without quotation marks (RFC 5322, 3.2.3)."""
_UNSUBSCRIBE = re.compile(r"(mailto:[^@\s]+@|https://)[!#-;=?-~]+")


def encode_text(text: str) -> str:
    """Return a text as an unstructured header value, such as that of a subject."""
    text = one_line(text)
    words = text.split(" ")
    if not text.isascii() or any(len(word) > _LINE or "=?" in word for word in words):
        return FOLD.join(encoded_words(text))
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) < _LINE:
            lines[-1] = f"{lines[-1]} {word}".lstrip()
        else:
            lines.append(word)
    return FOLD.join(lines)


def encoded_words(text: str) -> Iterator[str]:
    """Yield the encoded words that a text becomes (RFC 2047); no character is parted."""
    piece = b""
    for letter in text:
        more = letter.encode("utf-8", "replace")
        if len(piece) + len(more) > _PIECE:
            yield f"=?utf-8?B?{b64encode(piece).decode()}?="
            piece = b""
        piece += more
    yield f"=?utf-8?B?{b64encode(piece).decode()}?="


def encode_mailbox(mailbox: Mailbox) -> str:
    """Return a mailbox as a header value: name in ASCII, quoted or encoded, and address."""
    name = one_line(mailbox.name)
    if not name:
        return mailbox.address
    if not name.isascii() or "=?" in name or len(name) > _LINE:
        name = FOLD.join(encoded_words(name))
    elif not _PHRASE.fullmatch(name):
        name = f'"{_escaped(name)}"'
    return f"{name}{FOLD}<{mailbox.address}>"


def name_parameters(name: str) -> tuple[str, str]:
    """Return the parameters `name` for Content-Type and `filename` for Content-Disposition.

    A name that is not ASCII stands in `filename` by RFC 2231, on one line because few programs put
    several together, and in `name` as encoded words, which QQ Mail and older Outlooks read instead.
    """
    if name.isascii() and len(name) <= _LINE and "=?" not in name:
        return f'{FOLD}name="{_escaped(name)}"', f'{FOLD}filename="{_escaped(name)}"'
    encoded = quote(name, safe="!#$&+-.^_`|~", errors="replace")
    return f'{FOLD}name="{FOLD.join(encoded_words(name))}"', f"{FOLD}filename*=utf-8''{encoded}"


def make_message_id(about: Iterable[str], address: str, domain: str) -> str:
    """Return the id that the message about something, such as a job and its figures, to an address has."""
    digest = sha256("\0".join((*about, address)).encode()).hexdigest()
    return f"<{digest[:40]}@{domain}>"


def unsubscribe_headers(addresses: Iterable[str]) -> list[tuple[str, str]]:
    """Return List-Unsubscribe (RFC 2369), and with a web address that one click does it (RFC 8058).

    Raises UsageError for what is neither `mailto:` nor `https:`.
    """
    addresses = list(addresses)
    for address in addresses:
        if not _UNSUBSCRIBE.fullmatch(address):
            raise UsageError(
                f"`{one_line(address)[:100]}` is no address to unsubscribe at",
                hint="expected `mailto:name@example.org` or `https://…`",
            )
    if not addresses:
        return []
    headers = [("List-Unsubscribe", f",{FOLD}".join(f"<{address}>" for address in addresses))]
    if any(address.startswith("https:") for address in addresses):
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return headers


def _escaped(text: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", text)
