"""The mail server as it is configured; its password is never part of what is shown."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zonereport.errors import MailError
from zonereport.mail.envelope import ascii_domain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PASSWORD = "ZONEREPORT_SMTP_PASSWORD"
"""The environment variable with the password; without it the keyring is asked."""
PORTS = {"starttls": 587, "implicit": 465, "plain": 25}
"""The usual port of each way to secure the connection."""
MAX_SIZE = 25_000_000
_WHOLE = {
    "port": range(1, 65_536),
    "rate": range(100_001),
    "deadline": range(1, 86_401),
    "timeout": range(1, 3_601),
    "max-size": range(1, 2**31),
}
_TEXTS = ("host", "security", "user", "ca-file", "local-hostname")
KEYS = (*_TEXTS, *_WHOLE)
"""The keys of the table `[mail]` that say where the server is; each can be set in the environment too."""
_SECRET = re.compile(r"passw|passphrase|secret|token", re.IGNORECASE)


class Secret:
    """A password that is fetched when it is used, and that no `repr` shows."""

    __slots__ = ("_fetch",)

    def __init__(self, fetch: Callable[[], str]) -> None:
        self._fetch = fetch

    def reveal(self) -> str:
        """Return the password; raise MailError where there is none, or not one that can be sent."""
        password = self._fetch()
        try:
            password.encode()
        except UnicodeEncodeError:
            raise MailError(
                "the password is not UTF-8", hint=f"set `{PASSWORD}` to it in UTF-8, as SMTP wants it"
            ) from None  # the error would repeat it
        return password

    def __repr__(self) -> str:
        return "Secret(…)"


@dataclass(frozen=True, slots=True)
class Server:
    """Where messages are handed over, and how long that may take."""

    host: str
    port: int = PORTS["starttls"]
    security: str = "starttls"
    """`starttls` (required, never optional), `implicit`, or `plain`, to this machine only."""
    user: str = ""
    """Empty where the server asks for no name."""
    password: Secret = field(default_factory=lambda: Secret(str), compare=False)
    rate: int = 60
    """Messages a minute; 0 is without a bound."""
    deadline: float = 3600.0
    """Seconds for a whole run."""
    timeout: float = 600.0
    """Seconds for one dialogue: to connect, or to hand over one message (RFC 5321, 4.5.3.2.6)."""
    ca_file: Path | None = None
    """The authorities to trust instead of the system's."""
    local_hostname: str = ""
    """What to call this machine in EHLO; its address if empty."""
    max_size: int = MAX_SIZE
    """Bytes of the largest message to send, whatever the server takes."""

    def __post_init__(self) -> None:
        if self.security not in PORTS:
            raise MailError(
                f"`mail.security`: expected one of {', '.join(f'`{name}`' for name in PORTS)}, "
                f"found `{self.security}`"
            )
        if self.security == "plain" and not is_loopback(self.host):
            raise MailError(
                f"`mail.security`: `plain` is for this machine only, not for `{self.host}`",
                hint="use `starttls` or `implicit`",
            )
        if self.security == "plain" and self.user:
            raise MailError("`mail.user`: no password is sent without TLS", hint="leave out `user`")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, said so that nothing needs to be looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_secret(key: str) -> bool:
    """Whether a key of a table sounds like a password, which no file may hold."""
    return _SECRET.search(key) is not None


def read_server(table: Mapping[str, Any], environment: Mapping[str, str]) -> Server:
    """Return the server that the table `[mail]` describes; the environment comes before it.

    `ZONEREPORT_SMTP_HOST` is `host` and so on; the password is `ZONEREPORT_SMTP_PASSWORD`, else the
    keyring's for the service `zonereport` and the name `user@host`. Keys that are not in KEYS are
    another's to read. Raises MailError for a value that does not hold, and for a password in the file.
    """
    if secret := next(filter(is_secret, table), None):
        raise MailError(
            f"`mail.{secret}`: no password stands in a file",
            hint=f"set `{PASSWORD}`, or keep it in the keyring; change the one that stood there",
        )
    given = {key: table[key] for key in KEYS if key in table} | _from_environment(environment)
    values: dict[str, Any] = {
        key: _whole(key, value) if key in _WHOLE else _text(key, value) for key, value in given.items()
    }
    if "host" not in values:
        raise MailError("no mail server is configured", hint="set `host` in the table `[mail]`")
    if "ca-file" in values:
        values["ca-file"] = Path(values["ca-file"]).expanduser()
    values.setdefault("port", PORTS.get(values.get("security", "starttls"), 0))
    account = f"{values.get('user', '')}@{values['host']}"
    return Server(
        **{key.replace("-", "_"): value for key, value in values.items()},
        password=Secret(lambda: environment.get(PASSWORD) or _from_keyring(account)),
    )


def read_max_size(table: Mapping[str, Any], environment: Mapping[str, str]) -> int:
    """Return the bytes of the largest message to send; raise MailError where the setting does not hold."""
    given = {**table, **_from_environment(environment)}
    return _whole("max-size", given.get("max-size", MAX_SIZE))


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    names = {key: f"ZONEREPORT_SMTP_{key.upper().replace('-', '_')}" for key in KEYS}
    return {key: environment[name] for key, name in names.items() if environment.get(name)}


def _whole(key: str, value: Any) -> int:
    bounds = _WHOLE[key]
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}", value):
        value = int(value)
    if type(value) is not int or value not in bounds:
        raise MailError(f"`mail.{key}`: expected a whole number from {bounds[0]} to {bounds[-1]}")
    return value


def _text(key: str, value: Any) -> str:
    if not (isinstance(value, str) and value.isprintable() and value.strip()):
        raise MailError(f"`mail.{key}`: expected a text on one line")
    return _machine(key, value) if key in {"host", "local-hostname"} else value


def _machine(key: str, value: str) -> str:
    """Return the name or address of a machine, in ASCII; raise MailError where it is none."""
    expected = f"`mail.{key}`: expected the name or the address of a machine"
    if not re.fullmatch(r"[^\s/@<>]{1,255}", value):
        raise MailError(expected)
    if key == "host" and ":" in value and not _is_address(value):
        raise MailError(f"{expected}, found `{value}`", hint="the port stands apart, as `port`")
    try:
        return ascii_domain(value)
    except MailError as error:
        raise MailError(f"`mail.{key}`: {error.message}") from None


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _from_keyring(account: str) -> str:
    hint = f"set `{PASSWORD}`, or run `keyring set zonereport {account}`"
    try:
        import keyring
    except ImportError:
        raise MailError(f"there is no password for `{account}`", hint=f"set `{PASSWORD}`") from None
    try:
        password: str | None = keyring.get_password("zonereport", account)
    except Exception as error:  # a backend raises what it likes, and its text may hold anything
        raise MailError(f"the keyring fails: {type(error).__name__}", hint=hint) from None
    if not password:
        raise MailError(f"there is no password for `{account}`", hint=hint)
    return password
