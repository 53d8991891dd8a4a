"""What the tests of mail share: invented messages, an authority, settings of a server here, a quick run."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from zonereport.mail.envelope import Envelope
from zonereport.mail.outbox import Draft
from zonereport.mail.sending import send
from zonereport.mail.settings import Secret, Server

if TYPE_CHECKING:
    from pathlib import Path

    import trustme

    from zonereport.mail.outbox import Outbox
    from zonereport.mail.sending import Summary

USER, PASSWORD = "testonia", "correct-horse-9"
SENDER = "office@testonia.example"
ANNA, BEN = "anna@testonia.example", "ben@testonia.example"
NOW = datetime(2031, 5, 4, 8, 0, tzinfo=UTC)


def draft(recipient: str = ANNA, **fields: Any) -> Draft:
    """Return a short finished message from the office of Testonia."""
    message_id = f"<{recipient.partition('@')[0]}@office.testonia.example>"
    message = f"Message-ID: {message_id}\r\nSubject: Testonia\r\n\r\nThe figures of Testonia.\r\n"
    values: dict[str, Any] = {
        "envelope": Envelope(SENDER, recipient),
        "message": message.encode("utf-8", "replace"),
    }
    return Draft(**values | {"message_id": message_id, "subject": "Testonia"} | fields)


def put(outbox: Outbox, *drafts: Draft, job: str = "may") -> list[int]:
    """Put messages into the outbox, reviewed."""
    ids = outbox.add_drafts(job, drafts)
    outbox.queue(job)
    return ids


def states(outbox: Outbox, job: str = "") -> list[str]:
    return [entry.state.value for entry in outbox.entries(job)]


@cache
def authority() -> trustme.CA:
    import trustme

    return trustme.CA()


def settings(port: int, folder: Path, **fields: Any) -> Server:
    """Return a server on this machine; with TLS, a password and our authority unless told otherwise."""
    values: dict[str, Any] = {"host": "127.0.0.1", "port": port, "rate": 0, "deadline": 60.0, "timeout": 30.0}
    if fields.get("security") != "plain":
        ca_file = folder / "authority.pem"
        authority().cert_pem.write_to_path(str(ca_file))
        values |= {"user": USER, "password": Secret(lambda: PASSWORD), "ca_file": ca_file}
    return Server(**values | fields)


def run(outbox: Outbox, server: Server, **options: Any) -> Summary:
    """Send what is queued, with hardly a wait between attempts."""
    values: dict[str, Any] = {"now": lambda: NOW, "clock": time.monotonic, "sleep": time.sleep}
    return send(outbox, server, **values | {"jitter": lambda: 0.5, "first_wait": 0.01} | options)
