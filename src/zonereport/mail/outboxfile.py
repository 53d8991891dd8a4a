"""The outbox's file: SQLite, opened only where it is an outbox, changed all or nothing, sent from by one."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from zonereport.errors import MailError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Self

VERSION = 1
APPLICATION = int.from_bytes(b"zrob", "big")
"""What tells an outbox from another program's file (`PRAGMA application_id`)."""
_PATIENCE = 30.0
"""Seconds to wait for another process that writes."""
_SCHEMA = f"""
CREATE TABLE job (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, mailbox TEXT NOT NULL, sender TEXT NOT NULL,
    recipient TEXT NOT NULL, state TEXT NOT NULL, dot INTEGER NOT NULL DEFAULT 0,
    claim INTEGER NOT NULL DEFAULT 0, unwanted INTEGER NOT NULL DEFAULT 0, message_id TEXT NOT NULL,
    subject TEXT NOT NULL, size INTEGER NOT NULL, zone TEXT NOT NULL, snapshot TEXT NOT NULL,
    language TEXT NOT NULL, template TEXT NOT NULL, content TEXT NOT NULL, UNIQUE (job, mailbox));
CREATE TABLE message (entry INTEGER PRIMARY KEY REFERENCES entry, bytes BLOB NOT NULL);
CREATE TABLE attempt (
    entry INTEGER NOT NULL REFERENCES entry, number INTEGER NOT NULL, time TEXT NOT NULL, state TEXT NOT NULL,
    code INTEGER, words TEXT NOT NULL, PRIMARY KEY (entry, number));
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
"""


class OutboxFile:
    """The database of an outbox; with `create`, a file that is missing or empty becomes one.

    Raises MailError where the file cannot be used or is something else, which is then left as it is.
    """

    def __init__(self, path: Path, create: bool = True) -> None:
        self.path = path
        with self._reported():
            mode = os.O_RDWR | (os.O_CREAT if create else 0)
            os.close(os.open(path, mode, 0o600))  # messages are not for everybody
            self.path = path.resolve()  # whatever it is called, there is one place for a sender
            self._database = sqlite3.connect(self.path, isolation_level=None, timeout=_PATIENCE)
            self._database.row_factory = sqlite3.Row
        try:
            with self._transaction("DEFERRED"):  # one moment: another process may just be making it
                self._is_new(create)
            with self._reported():
                self._database.execute("PRAGMA journal_mode = WAL")
                self._database.execute("PRAGMA synchronous = FULL")
            if create:
                self._prepare()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def sole_sender(self) -> Iterator[bool]:
        """Be the only one who sends from this outbox, or give False; a dead sender's place is free."""
        lock = self.path.with_name(f"{self.path.name}.sender")
        with self._reported():
            os.close(os.open(lock, os.O_RDWR | os.O_CREAT, 0o600))
            database = sqlite3.connect(lock, isolation_level=None, timeout=0)
        try:
            try:
                database.execute("BEGIN EXCLUSIVE")  # a lock of the system's, on every system
                held = True
            except sqlite3.OperationalError:
                held = False
            yield held
        finally:
            database.close()

    def _prepare(self) -> None:
        with self._transaction():
            if self._is_new(create=True):
                for statement in _SCHEMA.split(";"):
                    self._database.execute(statement)

    def _is_new(self, create: bool) -> bool:
        """Whether the file is to become an outbox; raise MailError where it neither is nor may become one."""
        (application,) = self._database.execute("PRAGMA application_id").fetchone()
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if application != APPLICATION:
            (tables,) = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if create and not (application or version or tables):
                return True
            raise MailError(f"{self.path}: is not an outbox")
        if version != VERSION:
            raise MailError(f"{self.path}: the outbox is of version {version}, expected {VERSION}")
        return False

    @contextmanager
    def _transaction(self, kind: str = "IMMEDIATE") -> Iterator[None]:
        """Do all of it or nothing; `DEFERRED` is for reading, and sees one moment."""
        with self._reported():
            self._database.execute(f"BEGIN {kind}")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            raise MailError(f"{self.path}: the outbox cannot be used: {reason.lower()}") from error
