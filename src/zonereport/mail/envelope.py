"""The addresses on the outside of a message, as SMTP takes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zonereport.errors import MailError

_ADDRESS = re.compile(r"[!#-'*+\-./0-9=?A-Z^-~]{1,64}@[^\s<>@\x00-\x20\x7f-\xa0\ud800-\udfff]{1,255}")
"""ASCII before the `@`, no quotes, no route: nothing that ends an argument of SMTP or begins another."""
_DEVIATIONS = "ßς\u200c\u200d"
"""Python's IDNA writes these letters as others, which may be the domain of somebody else."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends a message and who receives it; each an address without a name."""

    sender: str
    recipient: str


def ascii_address(address: str) -> str:
    """Return an address with its domain in ASCII (IDNA); the local part is left as it is.

    Raises MailError for anything that is not one plain address, ASCII before the `@`.
    """
    if not _ADDRESS.fullmatch(address):
        raise MailError(f"`{_shown(address)}` is not an email address")
    local, _, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """Return a domain in ASCII (IDNA); raise MailError where it has no such form."""
    if any(letter in domain for letter in _DEVIATIONS):
        raise MailError(f"`{_shown(domain)}`: the domain must be given in ASCII, as `xn--…`")
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise MailError(f"`{_shown(domain)}` is not a domain") from None


def mailbox_key(address: str) -> str:
    """Return what two spellings of one mailbox share, so that it is written to once; raise MailError."""
    return ascii_address(address).lower()


def _shown(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:100])
