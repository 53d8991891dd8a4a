"""What a user or an office has settled once: the archive, the mail; read from one TOML file.

The command line asks for it; nothing below reads a configuration or the environment. No secret stands here.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zonereport.errors import InputError, MailError, Problem, UsageError, did_you_mean
from zonereport.files import read_file, reason
from zonereport.mail import settings, signing
from zonereport.mail.headers import unsubscribe_headers
from zonereport.mail.mailboxes import parse_mailbox
from zonereport.mail.settings import PASSWORD, is_secret

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "zonereport.toml"
DEFAULT_ARCHIVE = Path("output/archive")

DEFAULT_OUTBOX = Path("output/outbox.sqlite")

_TEXTS = {
    "archive": ("folder",),
    "mail": ("outbox", "sender", "bounces", "reply-to", "unsubscribe", "link"),
}
"""The tables a configuration may hold, and the keys of each that are texts."""
_MAILBOXES = ("sender", "bounces", "reply-to")
_OF_THE_MAIL = (*settings.KEYS, *signing.KEYS)
"""The keys of the mail server and of signatures, which look at them themselves."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What is settled, every path absolute or relative to the current folder."""

    archive: Path = DEFAULT_ARCHIVE
    """The folder of the archive."""
    outbox: Path = DEFAULT_OUTBOX
    """The file of the outbox."""
    mail: Mapping[str, Any] = field(default_factory=dict)
    """The table `[mail]`: who sends, and by which server."""


def load_configuration(environment: Mapping[str, str]) -> Configuration:
    """Return what is settled: by the environment, else by the file, else by default.

    `ZONEREPORT_ARCHIVE` and `ZONEREPORT_OUTBOX` name a folder and a file.

    The file is the one that `ZONEREPORT_CONFIG` names, else `zonereport.toml` in the current folder, else
    in the user's (XDG Base Directory); the first one found is the only one. A path in it is relative to it,
    and so is the outbox that it does not name: one office has one, wherever its commands are run.

    Raises InputError for a file that does not hold, UsageError for a named one that is not there.
    """
    file = find_configuration(environment)
    tables = _read(file) if file else {}
    mail = tables.get("mail", {})

    def place(named: str | None, key: str, default: Path) -> Path:
        table, _, name = key.partition(".")
        filed = tables.get(table, {}).get(name)
        if named or not (file and filed):
            return Path(named) if named else default
        return file.parent / _expanded(file, key, filed)

    beside = file.parent / DEFAULT_OUTBOX if file else DEFAULT_OUTBOX
    return Configuration(
        archive=place(environment.get("ZONEREPORT_ARCHIVE"), "archive.folder", DEFAULT_ARCHIVE),
        outbox=place(environment.get("ZONEREPORT_OUTBOX"), "mail.outbox", beside),
        mail=mail,
    )


def find_configuration(environment: Mapping[str, str]) -> Path | None:
    """Return the configuration's file, or None where there is none."""
    if named := environment.get("ZONEREPORT_CONFIG"):
        if not _is_file(Path(named)):
            raise UsageError(f"`ZONEREPORT_CONFIG` names `{named}`, which is not a file")
        return Path(named)
    home = environment.get("XDG_CONFIG_HOME") or Path(environment.get("HOME", "~")) / ".config"
    places = (Path(FILE), Path(home) / "zonereport" / FILE)
    return next((place for place in places if _is_file(place)), None)


def _is_file(place: Path) -> bool:
    try:
        return place.is_file()
    except OSError as error:  # such as the home of another user
        raise UsageError(
            f"{place}: cannot be looked for: {reason(error)}",
            hint="name a file in `ZONEREPORT_CONFIG`, or your own folder in `HOME`",
        ) from None


def _expanded(file: Path, key: str, named: str) -> Path:
    """Return the path with `~` read as a home; raise InputError where there is none, or for no path."""
    try:
        if "\0" in named:
            raise ValueError("expected a path, found a null character")
        return Path(named).expanduser()
    except (ValueError, RuntimeError) as error:
        raise InputError(str(file), [Problem(reason(error).rstrip("."), key)]) from None


def _read(file: Path) -> dict[str, dict[str, Any]]:
    """Return the tables of a configuration whose keys are all known and texts; raise InputError."""
    try:
        data = tomllib.loads(read_file(file).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(str(file), [Problem(f"not TOML: {error}")]) from None
    problems = [problem for name, table in data.items() for problem in _problems(name, table)]
    if problems:
        raise InputError(str(file), problems)
    return data


def _problems(name: str, table: Any) -> list[Problem]:
    if name not in _TEXTS:
        return [Problem("unknown table", name, hint=did_you_mean(name, _TEXTS))]
    if not isinstance(table, dict):
        return [Problem(f"expected a table, `[{name}]`", name)]
    found = ((key, _problem(name, key, value)) for key, value in table.items())
    return [Problem(message, f"{name}.{key}", hint=hint) for key, (message, hint) in found if message]


def _problem(table: str, key: str, value: Any) -> tuple[str, str]:
    """Return what is wrong with a key, and a hint; two empty texts if nothing is."""
    known = {*_TEXTS[table], *(_OF_THE_MAIL if table == "mail" else ())}
    if key in known:
        is_wrong = key in _TEXTS[table] and not (isinstance(value, str) and value)
        return ("expected a text", "") if is_wrong else _not_an_address(key, value)
    if is_secret(key):
        return "no password stands in a file", f"set `{PASSWORD}`; change the one that stood here"
    return "unknown key", did_you_mean(key, known)


def _not_an_address(key: str, value: Any) -> tuple[str, str]:
    """Return why a text is not the address that its key asks for, and a hint; two empty texts if it is."""
    try:
        if key in _MAILBOXES:
            parse_mailbox(value)
        elif key == "unsubscribe":
            unsubscribe_headers(value.split())
    except (MailError, UsageError) as error:
        return error.message, error.hint
    return "", ""
