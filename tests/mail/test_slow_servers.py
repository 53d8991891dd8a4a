"""A server that hangs, drips or never ends: a run is over by its deadline, with little memory."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from listening import Listener, Peer, Postman
from posting import ANNA, BEN, draft, put, run, settings, states

from zonereport.mail import dialogue
from zonereport.mail.outbox import Outbox
from zonereport.mail.transport import UnreachableError, check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.slow

DEADLINE = 1.0
LATEST = DEADLINE + 5
MEGABYTES = 50


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "outbox.sqlite") as outbox:
        put(outbox, draft(ANNA), draft(BEN))
        yield outbox


def drip(peer: Peer, text: bytes, pause: float = 0.3) -> None:
    """Say something a byte at a time: no single wait is long."""
    for byte in text * 1000:
        peer.say(bytes([byte]))
        time.sleep(pause)


def flood(peer: Peer, text: bytes) -> None:
    """Say something for ever, as fast as it is taken."""
    while True:
        peer.say(text * 1000)


WAYS: dict[str, Callable[[Peer], None]] = {
    "hangs": Peer.hang,
    "drips": lambda peer: drip(peer, b"250-and more\r\n"),
    "drips one line": lambda peer: drip(peer, b"2"),
    "answers endlessly": lambda peer: flood(peer, b"250-and more\r\n"),
    "answers one endless line": lambda peer: flood(peer, b"2"),
    "answers empty lines": lambda peer: flood(peer, b"\r\n"),
}
EVERYWHERE = ("hangs", "drips", "answers endlessly")
COMMANDS = ("", "EHLO", "MAIL", "RCPT", "DATA", "dot", "QUIT")
"""What the server is slow to answer; `""` is the connection itself."""


class Slow(Postman):
    """Follows the rules until a command comes."""

    def __init__(self, command: str, way: Callable[[Peer], None]) -> None:
        super().__init__(features=())
        self.command, self.way = command, way

    def __call__(self, peer: Peer) -> None:
        if not self.command:
            self.way(peer)
        hear = peer.hear

        def slowly(end: bytes = b"\r\n") -> bytes:
            said = hear(end)
            if (self.command == "dot") if end != b"\r\n" else said.startswith(self.command.encode()):
                self.way(peer)
            return said

        peer.hear = slowly
        super().__call__(peer)


CASES = [(command, way) for command in COMMANDS for way in WAYS if command == "EHLO" or way in EVERYWHERE]


@pytest.mark.parametrize(("command", "way"), CASES)
def test_a_run_ends_by_its_deadline(outbox: Outbox, tmp_path: Path, command: str, way: str) -> None:
    with Listener(Slow(command, WAYS[way])) as listener:
        server = settings(listener.port, tmp_path, security="plain", deadline=DEADLINE, timeout=0.8)
        start = time.monotonic()
        summary = run(outbox, server)
        took = time.monotonic() - start
    assert took < LATEST
    expected = {"dot": "unknown", "QUIT": "sent"}.get(command, "queued")
    assert set(states(outbox)) <= {expected, "queued"}
    assert len(summary.left) == states(outbox).count("queued")
    assert bool(summary.left) == bool(summary.stopped)
    assert states(outbox)[0] == expected


@pytest.mark.parametrize("security", ["starttls", "implicit"])
def test_a_handshake_that_never_ends_is_ended(outbox: Outbox, tmp_path: Path, security: str) -> None:
    def talk(peer: Peer) -> None:
        if security == "starttls":
            peer.say("220 ready")
            peer.hear()
            peer.say("250-localhost\r\n250 STARTTLS")
            peer.hear()
            peer.say("220 go")
        drip(peer, b"\x16\x03\x03\x40\x00\x02")

    with Listener(talk) as listener:
        server = settings(listener.port, tmp_path, security=security, deadline=DEADLINE)
        start = time.monotonic()
        summary = run(outbox, server)
    assert time.monotonic() - start < LATEST
    assert (len(summary.left), summary.stopped != "") == (2, True)


def test_a_server_that_reads_nothing_is_left(tmp_path: Path) -> None:
    def talk(peer: Peer) -> None:
        for answer in ("220 ready", "250 localhost", "250 fine", "250 fine", "354 go on"):
            peer.say(answer)
            peer.hear()
        time.sleep(2)

    with Outbox(tmp_path / "large.sqlite") as outbox, Listener(talk) as listener:
        put(outbox, draft(message=b"A: b\r\n\r\n" + b"x" * 20_000_000))
        server = settings(listener.port, tmp_path, security="plain", deadline=DEADLINE, timeout=0.8)
        start = time.monotonic()
        run(outbox, server)
        assert time.monotonic() - start < LATEST
        assert states(outbox) == ["queued"]


def test_a_name_that_is_looked_up_for_ever_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogue.socket, "getaddrinfo", lambda *_, **__: time.sleep(3))
    start = time.monotonic()
    with pytest.raises(UnreachableError, match="no answer in time"):
        check(settings(25, tmp_path, timeout=0.5), clock=time.monotonic)
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("way", ["answers endlessly", "answers one endless line"])
def test_an_endless_answer_is_not_read_until_time_is_over(tmp_path: Path, way: str) -> None:
    start = time.monotonic()
    with Listener(Slow("EHLO", WAYS[way])) as listener, pytest.raises(UnreachableError, match="has no end"):
        check(settings(listener.port, tmp_path, security="plain"), clock=time.monotonic)
    assert time.monotonic() - start < LATEST


MEASURED = """
import sys
from pathlib import Path
sys.path.append(str(Path.cwd().parent))
from peak import peak_bytes
from posting import run, settings
from zonereport.mail.outbox import Outbox
outbox = Outbox(Path(sys.argv[1]))
server = settings(int(sys.argv[2]), Path(sys.argv[1]).parent, security="plain", deadline=20.0, timeout=20.0)
before = peak_bytes()
run(outbox, server)
print((peak_bytes() - before) / 2**20)
"""


@pytest.mark.parametrize("way", ["answers endlessly", "answers one endless line"])
@pytest.mark.parametrize("command", ["", "dot"], ids=["connection", "dot"])
def test_an_endless_answer_takes_little_memory(outbox: Outbox, command: str, way: str) -> None:
    with Listener(Slow(command, WAYS[way])) as listener:
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, str(outbox.path), str(listener.port)],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.stderr == ""
    assert float(done.stdout) < MEGABYTES


def test_a_large_message_is_sent_with_little_more_memory_than_itself(tmp_path: Path) -> None:
    with Outbox(tmp_path / "large.sqlite") as outbox, Listener(Postman(features=())) as listener:
        put(outbox, draft(message=b"A: b\r\n\r\n" + (b"." * 70 + b"\r\n") * 340_000))
        patient = MEASURED.replace("=20.0", "=60.0")
        done = subprocess.run(
            [sys.executable, "-c", patient, str(outbox.path), str(listener.port)],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=False,
        )
        assert states(outbox) == ["sent"]
    assert done.stderr == ""
    assert float(done.stdout) < 24 * 2 + MEGABYTES, "once from the outbox, once as our own"
