"""Servers on this machine that speak SMTP, as a rule or as they are told, and note every byte they hear."""

from __future__ import annotations

import re
import socket
import ssl
import struct
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from posting import PASSWORD, USER, authority

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOST = "127.0.0.1"


class Peer:
    """A connection as a server sees it."""

    def __init__(self, connection: socket.socket, heard: bytearray) -> None:
        self.connection = connection
        self.heard = heard
        """Every byte that came, decrypted."""
        self._rest = bytearray()

    def say(self, text: str | bytes) -> None:
        self.connection.sendall(text.encode() + b"\r\n" if isinstance(text, str) else text)

    def hear(self, end: bytes = b"\r\n") -> bytes:
        """Return what comes up to an end, or b"" where the client has gone."""
        start = 0
        while (found := self._rest.find(end, start)) < 0:
            start = max(0, len(self._rest) - len(end))
            data = self.connection.recv(65_536)
            if not data:
                return b""
            self.heard += data
            self._rest += data
        said = bytes(self._rest[: found + len(end)])
        del self._rest[: len(said)]
        return said

    def secure(self, context: ssl.SSLContext) -> None:
        self.connection = context.wrap_socket(self.connection, server_side=True)

    def hang(self) -> None:
        """Say nothing until the client goes."""
        while self.connection.recv(65_536):
            pass

    def reset(self) -> None:
        """End the connection with RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


class Listener:
    """A server on a port of its own; `talk` has each connection in a thread of its own."""

    def __init__(self, talk: Callable[[Peer], None]) -> None:
        self.talk = talk
        self.heard: list[bytearray] = []
        """All that each connection heard."""
        self._socket = socket.create_server((HOST, 0), backlog=128)
        self.port = self._socket.getsockname()[1]
        self._threads = [threading.Thread(target=self._listen)]
        self._open: list[Peer] = []

    def __enter__(self) -> Listener:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for peer in self._open:
            with suppress(OSError):
                peer.connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.heard.append(bytearray())
            peer = Peer(connection, self.heard[-1])
            self._open.append(peer)
            self._threads.append(threading.Thread(target=self._serve, args=[peer]))
            self._threads[-1].start()

    def _serve(self, peer: Peer) -> None:
        try:
            self.talk(peer)
        except OSError:
            pass  # the client has gone, or refuses the certificate
        finally:
            peer.connection.close()


class Postman:
    """Takes messages by the rules of SMTP; what `answers` says for a command comes instead."""

    def __init__(
        self,
        context: ssl.SSLContext | None = None,
        features: tuple[str, ...] = ("SIZE 1000000", "8BITMIME"),
        answers: dict[str, str] | None = None,
    ) -> None:
        self.context, self.features, self.answers = context, features, answers or {}
        self.accepted: list[tuple[str, bytes]] = []
        """Recipient and message, as it stands between DATA and the final dot."""

    def __call__(self, peer: Peer) -> None:
        peer.say("220 ready")
        recipient, begun = "", False
        while line := peer.hear().decode():
            verb = line.split()[0].upper()
            if verb in self.answers:
                peer.say(self.answers[verb])
            elif verb == "EHLO":
                offers = (*self.features, "AUTH PLAIN LOGIN") if self._is_safe(peer) else ("STARTTLS",)
                peer.say("\r\n".join(["250-localhost", *(f"250-{offer}" for offer in offers), "250 HELP"]))
            elif verb == "STARTTLS":
                peer.say("220 go")
                peer.secure(self.context)
            elif verb == "MAIL" and begun:
                peer.say("503 one message at a time")
            elif verb == "DATA":
                begun = False
                peer.say("354 go on")
                message = peer.hear(b"\r\n.\r\n")
                if message:
                    self.accepted.append((recipient, message.removesuffix(b".\r\n")))
                    peer.say("250 taken")
            elif verb == "QUIT":
                peer.say("221 bye")
                return
            else:
                begun = verb in {"MAIL", "RCPT"}
                if verb == "RCPT":
                    recipient = re.search("<(.*)>", line)[1]
                peer.say("235 welcome" if verb == "AUTH" else "250 fine")

    def _is_safe(self, peer: Peer) -> bool:
        return self.context is None or isinstance(peer.connection, ssl.SSLSocket)


class Mailboxes:
    """Keeps what arrives, as aiosmtpd took it."""

    def __init__(self) -> None:
        self.arrived: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.arrived.append((envelope.rcpt_tos, envelope.content))
        return "250 2.0.0 taken"


def context() -> ssl.SSLContext:
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority().issue_cert(HOST).configure_cert(made)
    return made


def authenticate(_server: Any, _session: Any, _envelope: Any, _how: str, asked: Any) -> AuthResult:
    return AuthResult(
        success=(asked.login, asked.password) == (USER.encode(), PASSWORD.encode()), handled=False
    )


@contextmanager
def aiosmtpd(**options: Any) -> Iterator[tuple[Mailboxes, int]]:
    """Run a server that takes mail by TLS and from the signed-in only."""
    mailboxes = Mailboxes()
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    strict = {"tls_context": context(), "require_starttls": True, "auth_required": True}
    strict |= {"authenticator": authenticate, "enable_SMTPUTF8": False}
    controller = Controller(mailboxes, HOST, port, **strict | options)
    controller.start()
    try:
        yield mailboxes, port
    finally:
        controller.stop()
