"""Eight attacks on TLS: whoever stands between us and the server gets neither password nor message."""

from __future__ import annotations

import base64
import ssl
import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import trustme
from listening import HOST, Listener, Peer, Postman
from posting import PASSWORD, USER, authority, draft, put, run, settings, states

from zonereport.errors import MailError
from zonereport.mail.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

EHLO = b"EHLO [127.0.0.1]\r\n"
HELLO = "250-localhost\r\n250-SIZE 1000000\r\n250-STARTTLS\r\n250 HELP"
SECRETS = [
    PASSWORD.encode(),
    base64.b64encode(PASSWORD.encode()),
    base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()),
    b"figures of Testonia",
    b"MAIL",
    b"RCPT",
]
"""What must not be heard: the password as it is or as AUTH has it, the message, who writes to whom."""


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "outbox.sqlite") as outbox:
        put(outbox, draft())
        yield outbox


def context(certificate: trustme.LeafCert | None = None) -> ssl.SSLContext:
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    (certificate or authority().issue_cert(HOST)).configure_cert(made)
    return made


def old_context() -> ssl.SSLContext:
    """Speak TLS 1.0 only, as a server that was talked down to it."""
    made = context()
    made.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        made.minimum_version = ssl.TLSVersion.TLSv1
        made.maximum_version = ssl.TLSVersion.TLSv1
    return made


def greet(peer: Peer, offers: str = HELLO) -> None:
    peer.say("220 ready")
    peer.hear()
    peer.say(offers)


def strip_starttls(peer: Peer) -> None:
    greet(peer, "250-localhost\r\n250 AUTH PLAIN LOGIN")
    go_on(peer)


def answer_454(peer: Peer) -> None:
    greet(peer, HELLO.replace("STARTTLS", "STARTTLS\r\n250-AUTH PLAIN LOGIN"))
    peer.hear()
    peer.say("454 TLS not available due to temporary reason")
    go_on(peer)


def show(certificate: Callable[[], trustme.LeafCert]) -> Callable[[Peer], None]:
    def talk(peer: Peer) -> None:
        greet(peer)
        peer.hear()
        peer.say("220 go")
        peer.secure(context(certificate()))
        go_on(peer)

    return talk


def inject(peer: Peer) -> None:
    greet(peer)
    peer.hear()
    peer.say("220 go\r\n250-localhost\r\n250 AUTH PLAIN LOGIN")
    peer.secure(context())
    go_on(peer)


def offer_auth_without_tls(peer: Peer) -> None:
    greet(peer, "250-localhost\r\n250-AUTH PLAIN LOGIN\r\n250 AUTH=PLAIN LOGIN")
    go_on(peer)


def talk_down(peer: Peer) -> None:
    greet(peer)
    peer.hear()
    peer.say("220 go")
    peer.secure(old_context())
    go_on(peer)


def go_on(peer: Peer) -> None:
    """Say yes to whatever comes, so that a careless client says all it has."""
    while peer.hear():
        peer.say("250 AUTH PLAIN LOGIN")


def expired() -> trustme.LeafCert:
    return authority().issue_cert(
        HOST, not_before=datetime(2020, 1, 1, tzinfo=UTC), not_after=datetime(2021, 1, 1, tzinfo=UTC)
    )


STARTTLS = EHLO + b"STARTTLS\r\n"
ATTACKS = {
    "STARTTLS stripped": (strip_starttls, EHLO, "offers no TLS"),
    "STARTTLS answered 454": (answer_454, STARTTLS, "refuses TLS: 454"),
    "unknown authority": (show(lambda: trustme.CA().issue_cert(HOST)), STARTTLS, "certificate does not hold"),
    "another's name": (show(lambda: authority().issue_cert("127.0.0.2")), STARTTLS, "mismatch"),
    "expired certificate": (show(expired), STARTTLS, "expired"),
    "answers put in before TLS": (inject, STARTTLS, "put in before TLS"),
    "AUTH offered without TLS": (offer_auth_without_tls, EHLO, "offers no TLS"),
    "talked down to TLS 1.0": (talk_down, STARTTLS, "TLS fails"),
}


@pytest.mark.parametrize(("talk", "heard", "reason"), ATTACKS.values(), ids=ATTACKS)
def test_an_attack_on_tls_hears_nothing_worth_hearing(
    outbox: Outbox, tmp_path: Path, talk: Callable[[Peer], None], heard: bytes, reason: str
) -> None:
    with Listener(talk) as listener:
        summary = run(outbox, settings(listener.port, tmp_path))
    assert listener.heard == [heard], "one connection is enough to know"
    assert (len(summary.left), states(outbox)) == (1, ["queued"])
    assert reason in summary.stopped
    assert outbox.entries()[0].attempts == ()


CERTIFICATES = {
    "unknown authority": lambda: context(trustme.CA().issue_cert(HOST)),
    "another's name": lambda: context(authority().issue_cert("127.0.0.2")),
    "expired certificate": lambda: context(expired()),
    "talked down to TLS 1.0": old_context,
}


@pytest.mark.parametrize("made", CERTIFICATES.values(), ids=CERTIFICATES)
def test_implicit_tls_is_checked_as_well(
    outbox: Outbox, tmp_path: Path, made: Callable[[], ssl.SSLContext]
) -> None:
    def talk(peer: Peer) -> None:
        peer.secure(made())
        greet(peer)
        go_on(peer)

    with Listener(talk) as listener:
        summary = run(outbox, settings(listener.port, tmp_path, security="implicit"))
    assert listener.heard == [b""]
    assert (len(summary.left), states(outbox)) == (1, ["queued"])


def test_a_server_that_speaks_plainly_where_tls_is_expected_hears_nothing_readable(
    outbox: Outbox, tmp_path: Path
) -> None:
    with Listener(Postman()) as listener:
        run(outbox, settings(listener.port, tmp_path, security="implicit"))
    assert not [secret for secret in SECRETS if secret in b"".join(listener.heard)]


def test_the_recorder_would_hear_password_and_message(outbox: Outbox, tmp_path: Path) -> None:
    with Listener(Postman(context())) as listener:
        run(outbox, settings(listener.port, tmp_path))
    missing = [secret for secret in SECRETS if secret not in listener.heard[0]]
    assert missing == SECRETS[:2], "AUTH PLAIN has it with the name"


def test_the_old_server_would_talk_to_whom_takes_it(tmp_path: Path) -> None:
    careless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority().configure_trust(careless)
    careless.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        careless.minimum_version = ssl.TLSVersion.TLSv1
    import smtplib

    with Listener(talk_down) as listener:
        client = smtplib.SMTP(HOST, listener.port, local_hostname="[127.0.0.1]")
        client.starttls(context=careless)
        assert client.sock.version() == "TLSv1"
        client.close()


@pytest.mark.parametrize(
    "host", ["mail.testonia.example", "127.0.0.1.testonia.example", "10.0.0.1", "0.0.0.0"]
)
def test_without_tls_only_this_machine_is_spoken_to(tmp_path: Path, host: str) -> None:
    with pytest.raises(MailError, match="this machine only"):
        settings(25, tmp_path, security="plain", host=host)


def test_without_tls_no_password_is_configured(tmp_path: Path) -> None:
    with pytest.raises(MailError, match="no password is sent without TLS"):
        settings(25, tmp_path, security="plain", user=USER)


def test_localhost_that_is_elsewhere_is_not_this_machine(
    outbox: Outbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zonereport.mail import dialogue

    monkeypatch.setattr(dialogue, "is_loopback", lambda address: address != HOST)
    with Listener(Postman()) as listener:
        summary = run(outbox, settings(listener.port, tmp_path, security="plain", host="localhost"))
    assert "no message leaves it without TLS" in summary.stopped
    assert b"".join(listener.heard) == b""
