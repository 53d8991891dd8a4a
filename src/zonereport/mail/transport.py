"""Handing messages to a server: connected, secured and signed in first, then one at a time."""

from __future__ import annotations

import base64
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zonereport.errors import MailError
from zonereport.mail.dialogue import BrokenOffError, Dialogue, describe
from zonereport.mail.envelope import Envelope, ascii_address
from zonereport.mail.outbox import State
from zonereport.mail.wire import canonical, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from zonereport.mail.settings import Server

FAREWELL = 1.0
"""Seconds for saying goodbye, when all is recorded."""
CHECK = 30.0
"""Seconds that a check takes at most: somebody waits for it."""
_NOT_TLS = {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}
"""How OpenSSL, by its version, calls an answer that is not TLS at all."""


class UnreachableError(MailError):
    """No session with the server comes about; no message has left."""

    def __init__(self, message: str, *, final: bool, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.final = final
        """Whether trying again is in vain until something is changed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt to hand over one message ended."""

    state: State
    """`sent`, `failed`, `queued` (try again) or `unknown`."""
    code: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a server said of itself once connected, secured and signed in."""

    tls: str
    """The version of TLS, empty on this machine without it."""
    signed_in: bool
    max_size: int | None
    """Bytes of the largest message it takes, None if it does not say."""


class Session:
    """A connection over which messages can be handed to a server."""

    def __init__(self, server: Server, *, clock: Callable[[], float], until: float) -> None:
        """Connect; raise UnreachableError where that fails, having sent neither password nor message."""
        self._server, self._clock = server, clock
        self._dialogue = Dialogue(server, _context(server), clock)
        self._dialogue.allow(until)
        self._used = False
        try:
            self._open()
        except (BrokenOffError, ssl.SSLError, OSError) as error:
            self._dialogue.close()
            raise _unreachable(server, error) from None
        except BaseException:
            self._dialogue.close()
            raise

    @property
    def is_open(self) -> bool:
        """Whether another message can be handed over."""
        return self._dialogue.sock is not None

    @property
    def welcome(self) -> Welcome:
        """What the server said of itself."""
        version = getattr(self._dialogue.sock, "version", str)()
        return Welcome(version, bool(self._server.user), self._limit())

    def deliver(
        self, envelope: Envelope, message: bytes, *, before_dot: Callable[[], None], until: float
    ) -> Outcome:
        """Hand over one message and return how that ended; what `before_dot` raises is passed on.

        `before_dot` is called before the message can have been accepted, never after.
        """
        message = canonical(message)
        if words := self._unfit(message):
            return Outcome(State.FAILED, None, words)
        dotted = False

        def mark() -> None:
            nonlocal dotted
            before_dot()
            dotted = True

        self._dialogue.allow(until)
        try:
            code, answer = self._transact(envelope, message, mark)
            if not (code >= 400 or (dotted and code < 300)):
                raise BrokenOffError(f"the server's answer makes no sense: {code}")
        except BrokenOffError as error:
            self.close()
            return Outcome(State.UNKNOWN if dotted else State.QUEUED, None, str(error))
        except BaseException:
            self.close()
            raise
        if code == 421:
            self.close()
        self._used = code >= 400
        state = State.SENT if code < 300 else State.QUEUED if code < 500 else State.FAILED
        return Outcome(state, code, self._dialogue.words(answer))

    def noop(self) -> None:
        """Say nothing, politely; raise UnreachableError where the server does not answer."""
        try:
            self._expect("NOOP")
        except BrokenOffError as error:
            raise _unreachable(self._server, error) from None

    def quit(self) -> None:
        """End the session; whatever the server says to that changes nothing."""
        if self.is_open:
            self._dialogue.allow(self._clock() + FAREWELL)
            with suppress(BrokenOffError):
                self._dialogue.docmd("QUIT")
        self.close()

    def close(self) -> None:
        """End the connection at once."""
        self._dialogue.close()

    def _open(self) -> None:
        code, answer = self._dialogue.connect(self._server.host, self._server.port)
        if code != 220:
            raise _refused(f"the server answers {code} {self._dialogue.words(answer)}", code)
        self._greet()
        if self._server.security == "starttls":
            self._dialogue.secure()
            self._greet()
        if self._server.user:
            self._sign_in()

    def _greet(self) -> None:
        code, answer = self._dialogue.ehlo()
        if code != 250:
            raise _refused(f"the server answers {code} {self._dialogue.words(answer)}", code)

    def _sign_in(self) -> None:
        """Give name and password; nothing but an encrypted connection gets them."""
        if not isinstance(self._dialogue.sock, ssl.SSLSocket):
            raise BrokenOffError("no password is sent without TLS", final=True)
        offered = self._dialogue.esmtp_features.get("auth", "").upper().split()
        user, password = self._server.user, self._server.password.reveal()
        plain = _base64(f"\0{user}\0{password}")
        self._dialogue.hide(password, plain, _base64(password))
        if "PLAIN" in offered:
            code, answer = self._dialogue.docmd("AUTH PLAIN", plain)
        elif "LOGIN" in offered:
            code, answer = self._dialogue.docmd("AUTH LOGIN")
            for word in (user, password):
                if code == 334:
                    code, answer = self._dialogue.docmd(_base64(word))
        else:
            raise BrokenOffError("the server offers no way to sign in that is known here", final=True)
        if code != 235:
            raise _refused(f"signing in is refused: {code} {self._dialogue.words(answer)}", code)

    def _transact(self, envelope: Envelope, message: bytes, mark: Callable[[], None]) -> tuple[int, bytes]:
        sender, recipient = ascii_address(envelope.sender), ascii_address(envelope.recipient)
        if self._used:
            self._expect("RSET")
        for command in (
            f"MAIL FROM:<{sender}>{self._options(message)}",
            f"RCPT TO:<{recipient}>",
        ):
            code, answer = self._dialogue.docmd(command)
            if not 200 <= code < 300:
                return code, answer
        return self._dialogue.transmit(message, mark)

    def _expect(self, command: str) -> None:
        code, answer = self._dialogue.docmd(command)
        if code != 250:
            raise BrokenOffError(f"the server answers {code} {self._dialogue.words(answer)}")

    def _options(self, message: bytes) -> str:
        size = f" SIZE={len(message)}" if self._dialogue.has_extn("size") else ""
        return size if message.isascii() else f"{size} BODY=8BITMIME"

    def _unfit(self, message: bytes) -> str:
        """Return why the server cannot take a message, or an empty text."""
        limit = min(self._limit() or self._server.max_size, self._server.max_size)
        if len(message) > limit:
            return f"the message has {len(message):,} bytes, at most {limit:,} are taken"
        if not message.isascii() and not self._dialogue.has_extn("8bitmime"):
            return "the server takes only ASCII"
        return ""

    def _limit(self) -> int | None:
        said = self._dialogue.esmtp_features.get("size", "")
        return int(said) or None if said.isascii() and said.isdecimal() and len(said) < 20 else None


def check(server: Server, *, clock: Callable[[], float]) -> Welcome:
    """Return what the server says, having gone all the way but sent nothing; raise UnreachableError."""
    session = Session(server, clock=clock, until=clock() + min(server.timeout, server.deadline, CHECK))
    try:
        session.noop()
        return session.welcome
    finally:
        session.quit()


def _context(server: Server) -> ssl.SSLContext | None:
    if server.security == "plain":
        return None
    try:
        context = ssl.create_default_context(cafile=server.ca_file)
    except OSError as error:
        raise MailError(f"`mail.ca-file`: {server.ca_file}: no certificate can be read from it") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _refused(words: str, code: int) -> BrokenOffError:
    return BrokenOffError(words, final=code >= 500)


def _unreachable(server: Server, error: BrokenOffError | OSError) -> UnreachableError:
    where = f"{server.host}:{server.port}"
    match error:
        case BrokenOffError(final=final):
            return UnreachableError(f"{where}: {error}", final=final, hint=error.hint)
        case ssl.SSLCertVerificationError(verify_message=reason):
            return UnreachableError(
                f"{where}: its certificate does not hold: {one_line(reason)}",
                final=True,
                hint="`ca-file` names the authority, if it is one of your own",
            )
        case ssl.SSLError() if not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            plain = server.security == "implicit" and error.reason in _NOT_TLS
            return UnreachableError(
                f"{where}: TLS fails: {one_line(error.reason or 'it does not say why').lower()}",
                final=True,
                hint=f'`security = "starttls"`, if port {server.port} begins without TLS' if plain else "",
            )
    return UnreachableError(f"{where}: {describe(error)}", final=False)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
