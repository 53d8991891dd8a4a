"""smtplib's dialogue, bounded: own deadline, bounded answers, nothing said out of turn, the final dot apart.

smtplib's timeout is for each read, so a server that drips holds it for ever; it reads answers without end,
takes an answer that came too early for the next one, and sends message and final dot at once.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any

from zonereport.mail.settings import is_loopback
from zonereport.mail.wire import one_line, stuffed

if TYPE_CHECKING:
    from collections.abc import Callable

    from zonereport.mail.settings import Server

MAX_ANSWER = 2**16
"""Bytes of one answer, all its lines together; RFC 5321 needs 512 a line."""
LATE = "no answer in time"
_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])([^\n]*))?\r?\n")


class BrokenOffError(Exception):
    """The dialogue cannot go on: the connection ended, time is over, or the server keeps to no rule."""

    def __init__(self, words: str, *, final: bool = False) -> None:
        super().__init__(words)
        self.final = final
        """Whether another connection would end the same way."""
        self.hint = ""


class Dialogue(smtplib.SMTP):
    """One connection to a server; every wait ends when the time that `allow` gave is over."""

    ehlo_msg = "EHLO"

    def __init__(self, server: Server, context: ssl.SSLContext | None, clock: Callable[[], float]) -> None:
        self._server, self._context, self._clock = server, context, clock
        self._until = 0.0
        self._received = bytearray()
        self._secrets: tuple[str, ...] = ()
        super().__init__(local_hostname=server.local_hostname or "localhost")
        self._host = server.host

    def allow(self, until: float) -> None:
        """Let the dialogue last until that time of the clock."""
        self._until = until

    def hide(self, *secrets: str) -> None:
        """Never repeat these words, should the server say them."""
        self._secrets = tuple(secret for secret in secrets if secret)

    def words(self, answer: bytes) -> str:
        """Return what the server said, on one line, without a secret."""
        said = answer.decode("utf-8", "replace")
        for secret in self._secrets:
            said = said.replace(secret, "…")
        return one_line(said)

    def secure(self) -> None:
        """Ask for TLS and take nothing else: what was learnt or received before is forgotten.

        Raises BrokenOffError or ssl.SSLError; nothing but EHLO and STARTTLS has been said then.
        """
        if not self.has_extn("starttls"):
            raise BrokenOffError("the server offers no TLS", final=True)
        code, answer = self.docmd("STARTTLS")
        if code != 220:
            raise BrokenOffError(f"the server refuses TLS: {code} {self.words(answer)}", final=True)
        if self._received:
            raise BrokenOffError("something was put in before TLS began", final=True)
        self.sock = self._wrapped(self.sock)
        self.ehlo_resp, self.esmtp_features, self.does_esmtp = None, {}, False

    def transmit(self, message: bytes, before_dot: Callable[[], None]) -> tuple[int, bytes]:
        """Send a canonical message and return the answer to its final dot.

        `before_dot` is called when all is sent but the dot: until it has returned, the server cannot have
        accepted the message. Where the server refuses earlier, its answer is returned and it is not called.
        """
        code, answer = self.docmd("DATA")
        if code != 354:
            return code, answer
        for piece in stuffed(message):
            self.send(piece)
        if self._listen():
            code, answer = self.getreply()
            self.close()
            if code < 400:
                raise BrokenOffError("the server answered before the message was sent")
            return code, answer
        before_dot()
        self.send(b".\r\n")
        return self.getreply()

    def putcmd(self, cmd: str, args: str = "") -> None:
        if self._listen():
            code, answer = self.getreply()
            self.close()
            raise BrokenOffError(f"the server spoke out of turn: {code} {self.words(answer)}")
        super().putcmd(cmd, args)

    def send(self, s: Any) -> None:
        view = memoryview(s.encode(self.command_encoding) if isinstance(s, str) else s)
        try:
            while view:
                view = view[self._open().send(view) :]
        except OSError as error:
            self.close()
            raise BrokenOffError(describe(error)) from None

    def getreply(self) -> tuple[int, bytes]:
        code, lines = b"", list[bytes]()
        while True:
            line = _LINE.fullmatch(self._line())
            if line is None or (code and line[1] != code):
                self.close()
                raise BrokenOffError("the server's answer is not SMTP")
            code = line[1]
            lines.append((line[3] or b"").strip())
            if sum(map(len, lines), 8 * len(lines)) > MAX_ANSWER:
                self.close()
                raise BrokenOffError("the server's answer has no end")
            if line[2] != b"-":
                return int(code), b"\n".join(lines)

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: Any = None
    ) -> tuple[int, bytes]:
        del source_address
        self.sock = self._connected(host, port)
        if self._server.security == "plain" and not is_loopback(self.sock.getpeername()[0]):
            raise BrokenOffError("is not this machine, and no message leaves it without TLS", final=True)
        if self._server.security == "implicit":
            self.sock = self._wrapped(self.sock)
        if not self._server.local_hostname:
            self.local_hostname = _literal(self.sock)
        try:
            return self.getreply()
        except BrokenOffError as error:
            if self._server.security == "starttls" and not self._received:
                error.hint = f'`security = "implicit"`, if port {port} speaks TLS from the start'
            raise

    def _line(self) -> bytes:
        """Return the next line that the server says, or as much of one as is allowed."""
        while (end := self._received.find(b"\n") + 1) == 0:
            if len(self._received) > MAX_ANSWER:
                self.close()
                raise BrokenOffError("the server's answer has no end")
            try:
                data = self._open().recv(4096)
            except OSError as error:
                self.close()
                raise BrokenOffError(describe(error)) from None
            if not data:
                self.close()
                raise BrokenOffError("the server ended the connection")
            self._received += data
        line = bytes(self._received[:end])
        del self._received[:end]
        return line

    def _listen(self) -> bool:
        """Whether the server has said something that nobody asked for; does not wait."""
        connection = self._open()
        connection.settimeout(0)
        try:
            data = connection.recv(4096)
        except (BlockingIOError, ssl.SSLWantReadError):
            return bool(self._received)
        except OSError as error:
            self.close()
            raise BrokenOffError(describe(error)) from None
        if not data:
            self.close()
            raise BrokenOffError("the server ended the connection")
        self._received += data
        return True

    def _open(self) -> socket.socket:
        """Return the connection, which waits no longer than is allowed."""
        if self.sock is None:
            raise BrokenOffError("the connection is closed")
        self.sock.settimeout(self._left())
        return self.sock

    def _left(self) -> float:
        left = self._until - self._clock()
        if left <= 0:
            self.close()
            raise BrokenOffError(LATE)
        return left

    def _connected(self, host: str, port: int) -> socket.socket:
        """Return a connection to the first address of the host that takes one."""
        last = OSError()
        for family, kind, protocol, _, address in self._addresses(host, port):
            left = self._left()
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(left)
                connection.connect(address)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # the dot follows at once
            except OSError as error:
                connection.close()
                last = error
            else:
                return connection
        raise BrokenOffError(describe(last))

    def _addresses(self, host: str, port: int) -> list[Any]:
        """Look a host up; the system's look-up knows no deadline, so it is left behind when time is over."""
        found: list[Any] = []

        def look_up() -> None:
            try:
                found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                found.append(error)

        thread = threading.Thread(target=look_up, daemon=True)
        thread.start()
        thread.join(self._left())
        if not found:
            raise BrokenOffError(LATE)
        if isinstance(found[0], Exception):
            raise BrokenOffError("the name of the server is not found")
        return list(found[0])

    def _wrapped(self, connection: Any) -> Any:
        assert self._context
        connection.settimeout(self._left())
        return self._context.wrap_socket(connection, server_hostname=self._host)


def _literal(connection: socket.socket) -> str:
    """Return this machine's address as EHLO takes it (RFC 5321, 4.1.3), which needs no look-up."""
    address = connection.getsockname()[0].partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def describe(error: OSError) -> str:
    """Return what went wrong with a connection."""
    if isinstance(error, TimeoutError):
        return LATE
    return f"the connection failed: {one_line(error.strerror or type(error).__name__).lower()}"
