"""The outbox: every message and what became of it, kept so that no crash loses or repeats one.

    draft ──▶ queued ──▶ sending ──▶ sent
                 ▲           ├─────▶ queued    the server said "later", or nothing before the final dot
                 │           ├─────▶ failed    the server said no
                 └─ retry ───┴─────▶ unknown   the final dot may have left, its answer was not seen

Drafts and queued messages can be cancelled; one that is being sent is cancelled instead of queued again.
A message that is `unknown` is sent again only by name.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from zonereport.errors import MailError
from zonereport.mail.envelope import Envelope, ascii_address, mailbox_key
from zonereport.mail.outboxfile import OutboxFile
from zonereport.mail.wire import canonical, one_line

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable
    from pathlib import Path


class State(StrEnum):
    """What became of a message."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One time that a message was handed to a server, or tried to be."""

    number: int
    time: datetime
    state: State
    code: int | None
    """The server's answer, None if it gave none."""
    words: str
    """What the server said, or what happened, on one line."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A finished message, to be put into the outbox."""

    envelope: Envelope
    message: bytes
    message_id: str
    subject: str
    zone: str = ""
    snapshot: str = ""
    language: str = ""
    template: str = ""
    content: str = ""
    """SHA-256 of the figures it is about."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message in the outbox and all that happened to it."""

    id: int
    job: str
    sender: str
    recipient: str
    state: State
    message_id: str
    subject: str
    size: int
    """Bytes as they are sent."""
    zone: str
    snapshot: str
    language: str
    template: str
    content: str
    attempts: tuple[Attempt, ...]


_LARGEST = 2**63 - 1
"""The largest number that SQLite takes."""
_COLUMNS = ", ".join(field.name for field in fields(Entry) if field.name != "attempts")


class Outbox(OutboxFile):
    """An outbox in a file; every method that changes something does all of it, durably, or nothing.

    With `create`, a file that is missing or empty becomes an outbox. Raises MailError where the file
    cannot be used or is none.
    """

    def __init__(self, path: Path, create: bool = True) -> None:
        super().__init__(path, create)
        self._claims: dict[int, int] = {}
        """Which claim of a message is ours: who claims it later, claims it from us."""

    def add_drafts(self, job: str, drafts: Iterable[Draft]) -> list[int]:
        """Add the drafts of a job, all or none, and return their numbers; a job may have none.

        A draft takes the place of one for the same mailbox, also of a cancelled message. Raises MailError
        where two drafts are for one mailbox, or it has another message of this job, and where the job
        would hold messages about different figures.
        """
        ids: dict[int, None] = {}
        with self._transaction():
            self._database.execute("INSERT OR IGNORE INTO job (name) VALUES (?)", (job,))
            for draft in drafts:
                id = self._add(job, draft)
                if id is None or id in ids:
                    raise MailError(f"`{job}` has a message for `{draft.envelope.recipient}` already")
                ids[id] = None
            self._must_agree(job)
        return list(ids)

    def jobs(self) -> list[str]:
        """Return the names of the jobs, in the order they were begun."""
        with self._reported():
            return [name for (name,) in self._database.execute("SELECT name FROM job ORDER BY number")]

    def entries(self, job: str = "") -> list[Entry]:
        """Return the messages of a job, or all, in the order they were added."""
        return self._entries("WHERE ? IN ('', job) ORDER BY id", job)

    def entry(self, id: int) -> Entry:
        """Return one message; raise MailError where there is none."""
        for entry in self._entries("WHERE id = ?", min(id, _LARGEST)):
            return entry
        raise MailError(f"{self.path}: there is no message {id}")

    def message(self, id: int) -> bytes:
        """Return the message as it is sent; raise MailError where there is none."""
        with self._reported():
            row = self._database.execute(
                "SELECT bytes FROM message WHERE entry = ?", (min(id, _LARGEST),)
            ).fetchone()
        if row is None:
            raise MailError(f"{self.path}: there is no message {id}")
        return bytes(row[0])

    def last_told(self, recipient: str, zone: str, template: str) -> Entry | None:
        """Return the last message about a zone, by a template, that a recipient got, or may get.

        What failed or was cancelled does not count; what is still to be sent comes after what was sent.
        """
        found = self._entries(
            "WHERE state NOT IN ('failed', 'cancelled') AND mailbox = ? AND zone = ? AND template = ? "
            "ORDER BY state IN ('sent', 'unknown'), (SELECT max(rowid) FROM attempt "
            "WHERE entry = entry.id AND entry.state IN ('sent', 'unknown')) DESC, id DESC LIMIT 1",
            *(mailbox_key(recipient), zone, template),
        )
        return found[0] if found else None

    def queue(self, job: str) -> int:
        """Release the drafts of a job for sending; return how many."""
        return self._move(State.QUEUED, State.DRAFT, job)

    def cancel(self, which: str | int) -> int:
        """Cancel what was not sent of a job, or one message; return how many.

        With those that are being sent: they are cancelled where they would be queued again.
        """
        with self._transaction():
            return self._database.execute(
                "UPDATE entry SET unwanted = state = 'sending', "
                "state = CASE state WHEN 'sending' THEN state ELSE 'cancelled' END "
                f"WHERE {_column(which)} = ? AND state IN ('draft', 'queued', 'sending')",
                (which,),
            ).rowcount

    def retry(self, which: str | int) -> int:
        """Queue what failed of a job, or one message, again; return how many."""
        return self._move(State.QUEUED, State.FAILED, which)

    def resend_unknown(self, *which: str | int) -> int:
        """Queue what is unknown of jobs, or messages, again, though it may arrive twice; return how many."""
        return sum(self._move(State.QUEUED, State.UNKNOWN, one) for one in which)

    def queued(self, job: str = "", also: Collection[int] = ()) -> list[int]:
        """Return the numbers of what waits to be sent, of a job or all and of these numbers, in order."""
        with self._reported():
            rows = self._database.execute("SELECT id, job FROM entry WHERE state = 'queued' ORDER BY id")
            return [id for id, its_job in rows if job in ("", its_job) or id in also]

    def take(self, id: int) -> bool:
        """Claim a queued message for sending; False if somebody else did, or cancelled it."""
        with self._transaction():
            taken = self._database.execute(
                "UPDATE entry SET state = 'sending', claim = claim + 1 WHERE id = ? AND state = 'queued'",
                (id,),
            ).rowcount
            if taken:
                (self._claims[id],) = self._database.execute(
                    "SELECT claim FROM entry WHERE id = ?", (id,)
                ).fetchone()
        return bool(taken)

    def mark_dot(self, id: int) -> None:
        """Note that the final dot of a claimed message is about to leave: from now on it may be delivered.

        Raises MailError where the claim is no longer ours.
        """
        with self._transaction():
            self._claimed(id)
            self._database.execute("UPDATE entry SET dot = 1 WHERE id = ?", (id,))

    def record(
        self, id: int, state: State, time: datetime, *, code: int | None = None, words: str = ""
    ) -> State:
        """Note how an attempt to send a claimed message ended; return what it is now.

        That is `state`, or `cancelled` where it would be queued again but somebody cancelled it. Raises
        MailError where the claim is no longer ours.
        """
        with self._transaction():
            return self._settle(self._claimed(id), state, time, code, words)

    def abandon(self, id: int, time: datetime, words: str) -> None:
        """Settle a message whose sending broke off, if it is still claimed by us, as `recover` does."""
        self._settle_left("id = ? AND claim = ?", (id, self._claims.get(id)), time, words)

    def recover(self, time: datetime) -> list[int]:
        """Settle what a sender left behind: `unknown` if its final dot may have left, else queued again.

        Returns the numbers. To be called only by who holds `sole_sender`.
        """
        return self._settle_left("TRUE", (), time, "the sending process ended")

    def _add(self, job: str, draft: Draft) -> int | None:
        """Add a draft, or put it in the place of one; return its number, None where there is no place."""
        message = canonical(draft.message)
        sender, recipient = ascii_address(draft.envelope.sender), ascii_address(draft.envelope.recipient)
        row = {name: value for name, value in asdict(draft).items() if name not in {"envelope", "message"}}
        row |= {"job": job, "sender": sender, "recipient": recipient, "mailbox": mailbox_key(recipient)}
        row |= {"state": State.DRAFT, "size": len(message)}
        values, changes = (", ".join(map(form.format, row)) for form in (":{}", "{0} = excluded.{0}"))
        added = self._database.execute(
            f"INSERT INTO entry ({', '.join(row)}) VALUES ({values}) "
            f"ON CONFLICT (job, mailbox) DO UPDATE SET {changes} WHERE state IN ('draft', 'cancelled')",
            row,
        ).rowcount
        if not added:
            return None
        (id,) = self._database.execute(
            "SELECT id FROM entry WHERE job = :job AND mailbox = :mailbox", row
        ).fetchone()
        self._database.execute("INSERT OR REPLACE INTO message VALUES (?, ?)", (id, message))
        return int(id)

    def _must_agree(self, job: str) -> None:
        """Raise MailError where the messages of a job are about different figures."""
        about = self._database.execute(
            "SELECT zone, snapshot FROM entry WHERE job = ? AND state != 'cancelled' "
            "GROUP BY zone, snapshot, content ORDER BY min(id)",
            (job,),
        ).fetchall()
        if len(about) > 1:
            zone, snapshot = about[0]
            raise MailError(
                f"`{job}` holds messages with other figures, of `{zone}` {snapshot}",
                hint="give these a job of another name, or cancel what is still a draft",
            )

    def _move(self, to: State, of: State, which: str | int) -> int:
        with self._transaction():
            return self._database.execute(
                f"UPDATE entry SET state = ? WHERE {_column(which)} = ? AND state = ?", (to, which, of)
            ).rowcount

    def _claimed(self, id: int) -> sqlite3.Row:
        """Return the row of a message that we are sending; raise MailError where we are not."""
        row: sqlite3.Row | None = self._database.execute(
            "SELECT id, dot, unwanted FROM entry WHERE id = ? AND state = 'sending' AND claim = ?",
            (id, self._claims.get(id)),
        ).fetchone()
        if row is None:
            raise MailError(f"{self.path}: message {id} is not being sent from here")
        return row

    def _settle_left(self, where: str, values: tuple[object, ...], time: datetime, words: str) -> list[int]:
        with self._transaction():
            left = self._database.execute(
                f"SELECT id, dot, unwanted FROM entry WHERE state = 'sending' AND {where} ORDER BY id", values
            ).fetchall()
            for row in left:
                self._settle(row, State.UNKNOWN if row["dot"] else State.QUEUED, time, None, words)
            return [row["id"] for row in left]

    def _settle(self, row: sqlite3.Row, state: State, time: datetime, code: int | None, words: str) -> State:
        if row["unwanted"] and state is State.QUEUED:
            state = State.CANCELLED
        self._database.execute(
            "UPDATE entry SET state = ?, dot = 0, unwanted = 0 WHERE id = ?", (state, row["id"])
        )
        self._database.execute(
            "INSERT INTO attempt SELECT ?, count(*) + 1, ?, ?, ?, ? FROM attempt WHERE entry = ?",
            (row["id"], time.astimezone(UTC).isoformat(), state, code, one_line(words), row["id"]),
        )
        return state

    def _entries(self, which: str, *values: object) -> list[Entry]:
        """Return the messages that an ending of `SELECT … FROM entry` chooses."""
        with self._transaction("DEFERRED"):
            rows = self._database.execute(f"SELECT {_COLUMNS} FROM entry {which}", values).fetchall()
            made = self._database.execute(
                f"SELECT * FROM attempt WHERE entry IN (SELECT id FROM entry {which}) ORDER BY entry, number",
                values,
            ).fetchall()
        attempts = {
            id: tuple(map(_attempt, group)) for id, group in groupby(made, key=lambda row: row["entry"])
        }
        return [
            Entry(**dict(row) | {"state": State(row["state"]), "attempts": attempts.get(row["id"], ())})
            for row in rows
        ]


def _attempt(row: sqlite3.Row) -> Attempt:
    _, number, time, state, code, words = row
    return Attempt(number, datetime.fromisoformat(time), State(state), code, words)


def _column(which: str | int) -> str:
    return "id" if isinstance(which, int) else "job"
