"""A mailbox: a name and an address, checked before anything is made for it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from zonereport.errors import MailError

_NAMED = re.compile(r"(?P<name>.*?)\s*<(?P<address>[^<>]*)>", re.DOTALL)
LONGEST = 100
"""Characters of a name."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where a message comes from or goes to; made by `make_mailbox` or `parse_mailbox`."""

    address: str
    """In ASCII, the domain by IDNA."""
    name: str = ""

    @property
    def domain(self) -> str:
        """The part behind the @."""
        return self.address.rpartition("@")[2]


def parse_mailbox(text: str) -> Mailbox:
    """Return the mailbox of `Name <address>` or of an address alone; raise MailError as `make_mailbox`."""
    match = _NAMED.fullmatch(text.strip())
    if match is None:
        return make_mailbox(text.strip())
    name = match["name"].strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return make_mailbox(match["address"].strip(), name)


def make_mailbox(address: str, name: str = "") -> Mailbox:
    """Return the mailbox of an address and a name; nothing is looked up.

    Raises MailError for an address that does not hold (RFC 5321 without quoting and without SMTPUTF8, a
    public domain by IDNA 2008), and for a name that is not one line of text.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError as error:
        reason = str(error).rstrip(".")
        hint = "expected an address such as `name@example.org`"
        raise MailError(f"`{_shown(address)}`: {reason[:1].lower()}{reason[1:]}", hint=hint) from None
    name = unicodedata.normalize("NFC", name.strip())
    if not is_one_line(name) or len(name) > LONGEST:
        raise MailError(
            f"the name `{_shown(name)}`: expected at most {LONGEST} characters on one line",
            hint="take out line breaks and control characters",
        )
    assert found.ascii_email is not None  # SMTPUTF8 is not allowed
    return Mailbox(found.ascii_email, name)


def is_one_line(text: str) -> bool:
    """Whether a text has no line break, control, direction mark or half a character in it."""
    return not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in text)


def _shown(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:LONGEST])
