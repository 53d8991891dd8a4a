"""DKIM (RFC 6376): the domain of the sender signs a message, if its key is configured."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zonereport.errors import MailError
from zonereport.files import read_file
from zonereport.mail.envelope import ascii_domain
from zonereport.mail.wire import canonical, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYS = ("dkim-domain", "dkim-selector", "dkim-key")
"""The keys of the table `[mail]` that say who signs: all three or none."""
_HEADERS = (
    *("from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type"),
    *("content-transfer-encoding", "auto-submitted", "list-unsubscribe", "list-unsubscribe-post"),
)
"""What is signed (RFC 6376, 5.4.1); RFC 8058 wants the headers of List-Unsubscribe among it."""
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Signer:
    """A domain, the name of its public key in DNS, and the private key."""

    domain: str
    selector: str
    key: bytes = field(repr=False)
    """PEM, of RSA."""


def read_signer(table: Mapping[str, Any]) -> Signer | None:
    """Return who signs by the table `[mail]`, None if nobody does; raise MailError or InputError."""
    given = [key for key in KEYS if key in table]
    if not given:
        return None
    for key in KEYS:
        if not (isinstance(table.get(key), str) and table[key]):
            raise MailError(f"`mail.{key}`: expected a text", hint=f"DKIM needs {', '.join(KEYS)}")
    key_file = Path(table["dkim-key"]).expanduser()
    return Signer(_name(table, "dkim-domain"), _name(table, "dkim-selector"), read_file(key_file))


def _name(table: Mapping[str, Any], key: str) -> str:
    """Return a name as it stands in DNS, a domain in ASCII; raise MailError where it is none."""
    try:
        name = ascii_domain(table[key]) if key == "dkim-domain" else table[key]
    except MailError as error:
        raise MailError(f"`mail.{key}`: {error.message}") from None
    if not _NAME.fullmatch(name):
        raise MailError(f"`mail.{key}`: expected a name in DNS, found `{one_line(table[key])}`")
    return name


def sign(message: bytes, signer: Signer) -> bytes:
    """Return the message, as it is sent, below its signature; raise MailError where it cannot be signed."""
    try:
        import dkim
    except ImportError:
        raise MailError("dkimpy is not installed", hint="pip install 'zonereport[dkim]'") from None
    message = canonical(message)
    present = {
        line.partition(b":")[0].strip().lower() for line in message.partition(b"\r\n\r\n")[0].split(b"\r\n")
    }
    headers = [header.encode() for header in _HEADERS if header.encode() in present]
    try:
        signature: bytes = dkim.sign(
            message,
            signer.selector.encode("ascii"),
            signer.domain.encode("ascii"),
            signer.key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[*headers, b"from"],  # once more than there are: nobody can add another
        )
    except Exception as error:  # dkimpy raises what its parsers raise, and a key must not be repeated
        raise MailError(
            f"the message cannot be signed: {type(error).__name__}", hint="`dkim-key` is a PEM file of RSA"
        ) from None
    return signature + message
