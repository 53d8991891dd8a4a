"""A real dialogue over TCP with TLS and AUTH: each recipient gets one message, whatever stands in it."""

from __future__ import annotations

import socket
import time
from email import message_from_bytes
from email.policy import SMTP
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.smtp import AuthResult
from listening import HOST, Listener, Peer, Postman, aiosmtpd, context
from posting import ANNA, BEN, NOW, PASSWORD, SENDER, USER, draft, put, run, settings, states

from zonereport.errors import MailError
from zonereport.mail.envelope import Envelope
from zonereport.mail.outbox import Outbox, State
from zonereport.mail.settings import Secret, read_server
from zonereport.mail.transport import Outcome, Session, UnreachableError, check
from zonereport.mail.wire import canonical, stuffed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "outbox.sqlite") as outbox:
        yield outbox


def test_a_hundred_recipients_get_one_message_each(outbox: Outbox, tmp_path: Path) -> None:
    people = [f"person-{number}@testonia.example" for number in range(100)]
    ids = put(outbox, *(draft(person) for person in people))
    with aiosmtpd() as (mailboxes, port):
        summary = run(outbox, settings(port, tmp_path))
        again = run(outbox, settings(port, tmp_path))
    assert [recipients for recipients, _ in mailboxes.arrived] == [[person] for person in people]
    for (_, content), id in zip(mailboxes.arrived, ids, strict=True):
        assert content == outbox.message(id)
        assert message_from_bytes(content, policy=SMTP)["Message-ID"] == outbox.entry(id).message_id
    assert (summary.sent, summary.left, summary.stopped) == (tuple(ids), (), "")
    assert again.sent == ()
    (attempt,) = outbox.entry(ids[0]).attempts
    assert (attempt.code, attempt.words, attempt.time) == (250, "2.0.0 taken", NOW)


def test_a_server_with_implicit_tls_is_spoken_to_in_tls_from_the_start(
    tmp_path: Path, outbox: Outbox
) -> None:
    put(outbox, draft())
    with Listener(lambda peer: (peer.secure(context()), Postman()(peer))) as listener:
        summary = run(outbox, settings(listener.port, tmp_path, security="implicit"))
    assert len(summary.sent) == 1


def test_a_check_goes_all_the_way_and_sends_nothing(tmp_path: Path) -> None:
    with aiosmtpd(data_size_limit=5000) as (mailboxes, port):
        welcome = check(settings(port, tmp_path), clock=time.monotonic)
    assert (welcome.tls, welcome.signed_in, welcome.max_size) == ("TLSv1.3", True, 5000)
    assert mailboxes.arrived == []


def test_a_wrong_password_is_said_once_and_is_nowhere_to_read(outbox: Outbox, tmp_path: Path) -> None:
    (id,) = put(outbox, draft())
    wrong = "nobody-knows-7"
    with aiosmtpd() as (_, port):
        summary = run(outbox, settings(port, tmp_path, password=Secret(lambda: wrong)))
    assert "signing in is refused: 535" in summary.stopped
    assert (summary.left, outbox.entry(id).attempts) == ((id,), ())
    assert wrong not in summary.stopped


@pytest.mark.parametrize("echo", ["no: {}", "no: {}, sorry"], ids=["end", "middle"])
def test_a_server_that_repeats_the_password_does_not_get_it_into_a_message(tmp_path: Path, echo: str) -> None:
    for answers in ({"AUTH": "535 " + echo.format(PASSWORD)}, {"NOOP": "550 " + echo.format(PASSWORD)}):
        with Listener(Postman(context(), answers=answers)) as listener, pytest.raises(MailError) as error:
            check(settings(listener.port, tmp_path), clock=time.monotonic)
        assert "no: …" in error.value.describe()
        assert PASSWORD not in error.value.describe()


def test_no_setting_shows_the_password(tmp_path: Path) -> None:
    table = {"host": "mail.testonia.example", "user": USER}
    server = read_server(table, {"ZONEREPORT_SMTP_PASSWORD": PASSWORD})
    assert server.password.reveal() == PASSWORD
    for shown in (repr(server), str(server), repr(server.password), f"{server.password}"):
        assert PASSWORD not in shown
    session = settings(1, tmp_path)
    with pytest.raises(UnreachableError) as error:
        Session(session, clock=time.monotonic, until=time.monotonic() + 5)
    assert PASSWORD not in str(error.value)


@pytest.mark.parametrize("password", ["密码-9", "a b", "\\"], ids=["Chinese", "space", "backslash"])
@pytest.mark.parametrize("how", ["PLAIN", "LOGIN"])
def test_any_password_can_be_given_in_either_way(tmp_path: Path, how: str, password: str) -> None:
    def check_password(_server: Any, _session: Any, _envelope: Any, mechanism: str, asked: Any) -> AuthResult:
        return AuthResult(success=(mechanism, asked.password) == (how, password.encode()), handled=False)

    other = "LOGIN" if how == "PLAIN" else "PLAIN"
    with aiosmtpd(authenticator=check_password, auth_exclude_mechanism=[other]) as (_, port):
        server = settings(port, tmp_path, password=Secret(lambda: password))
        assert check(server, clock=time.monotonic).signed_in


HOSTILE = {
    "dots": b"A: b\r\n\r\n.\r\n..\r\n.a\r\n\r\n.",
    "smuggling with bare LF": b"A: b\r\n\r\nx\n.\nMAIL FROM:<eve@d.example>\r\n",
    "smuggling with CR LF dot LF": b"A: b\r\n\r\nx\r\n.\nMAIL FROM:<eve@d.example>\r\n",
    "smuggling with LF dot CR LF": b"A: b\r\n\r\nx\n.\r\nMAIL FROM:<eve@d.example>\r\n",
    "smuggling with CR dot CR": b"A: b\r\n\r\nx\r.\rMAIL FROM:<eve@d.example>\r\n",
    "a dot at the end of a piece": b"A: b\r\n\r\n" + b"x" * (2**16 - 10) + b"\r\n.\r\n.\r\n",
    "a long line of dots": b"A: b\r\n\r\n" + b"." * 2**17,
    "pieces that end anywhere": b"A: b\r\n\r\n" + b"".join(b"." * (n % 7) + b"\r\n" for n in range(40_000)),
}


@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE)
def test_no_message_ends_before_its_end(tmp_path: Path, outbox: Outbox, message: bytes) -> None:
    put(outbox, draft(message=message))
    postman = Postman()
    with Listener(postman) as listener:
        summary = run(outbox, settings(listener.port, tmp_path, security="plain"))
    ((_, arrived),) = postman.accepted
    (heard,) = listener.heard
    assert len(summary.sent) == 1
    lines = [line.removeprefix(b".") for line in arrived.split(b"\r\n")]
    assert b"\r\n".join(lines) == canonical(message)
    assert heard.count(b"\n") == heard.count(b"\r\n") == heard.count(b"\r")


def test_pieces_are_small_whatever_the_message(tmp_path: Path) -> None:
    assert max(map(len, stuffed(b"x" * 10**6 + b"\r\n"))) <= 2**17
    assert max(map(len, stuffed(b".\r\n" * 10**6))) <= 2**17


SIZES = {
    "the server's own bound": ({"features": ("SIZE 100",)}, {}, "at most 100"),
    "the configured bound": ({}, {"max_size": 50}, "at most 50"),
    "a bound that is no number": ({"features": ("SIZE ²",)}, {}, ""),
    "no bound, said as 0": ({"features": ("SIZE 0",)}, {}, ""),
}


@pytest.mark.parametrize(("announced", "configured", "words"), SIZES.values(), ids=SIZES)
def test_a_message_that_is_too_large_is_not_even_begun(
    tmp_path: Path, outbox: Outbox, announced: Any, configured: Any, words: str
) -> None:
    (id,) = put(outbox, draft(message=b"A: b\r\n\r\n" + b"x" * 200))
    with Listener(Postman(**announced)) as listener:
        summary = run(outbox, settings(listener.port, tmp_path, security="plain", **configured))
    assert summary.failed == ((id,) if words else ())
    assert words in outbox.entry(id).attempts[0].words
    assert (b"MAIL" in listener.heard[0]) is not bool(words)


def test_a_domain_goes_in_ascii(tmp_path: Path, outbox: Outbox) -> None:
    put(outbox, draft("anna@试验.example"))
    with Listener(Postman()) as listener:
        run(outbox, settings(listener.port, tmp_path, security="plain"))
    assert b"RCPT TO:<anna@xn--ee3au30a.example>" in listener.heard[0]
    assert listener.heard[0].isascii()


ANSWERS = {
    "MAIL 550": ({"MAIL": "550 no"}, State.FAILED, 550),
    "MAIL 451": ({"MAIL": "451 later"}, State.QUEUED, 451),
    "RCPT 553": ({"RCPT": "553 who"}, State.FAILED, 553),
    "RCPT 450": ({"RCPT": "450 grey"}, State.QUEUED, 450),
    "DATA 554": ({"DATA": "554 none"}, State.FAILED, 554),
    "DATA 250": ({"DATA": "250 what"}, State.QUEUED, None),
    "MAIL 354": ({"MAIL": "354 what"}, State.QUEUED, None),
    "RCPT nonsense": ({"RCPT": "what?"}, State.QUEUED, None),
    "two codes": ({"RCPT": "250-yes\r\n550 no"}, State.QUEUED, None),
    "two answers": ({"MAIL": "250 yes\r\n250 yes"}, State.QUEUED, None),
}


@pytest.mark.parametrize(("answers", "state", "code"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_decides_what_becomes_of_a_message(
    tmp_path: Path, answers: dict[str, str], state: State, code: int | None
) -> None:
    postman = Postman(answers=answers)
    marks = list[int]()
    with Listener(postman) as listener:
        server = settings(listener.port, tmp_path, security="plain")
        session = Session(server, clock=time.monotonic, until=time.monotonic() + 9)
        outcome = session.deliver(
            Envelope(SENDER, ANNA),
            draft().message,
            before_dot=lambda: marks.append(1),
            until=time.monotonic() + 9,
        )
        session.quit()
    assert (outcome.state, outcome.code, marks, postman.accepted) == (state, code, [], [])


def test_a_refused_recipient_does_not_keep_the_next_from_theirs(tmp_path: Path, outbox: Outbox) -> None:
    put(outbox, draft(ANNA), draft(BEN))

    class Picky(Postman):
        def __call__(self, peer: Any) -> None:
            self.answers = {"RCPT": "550 no"}
            say = peer.say

            def once(text: str) -> None:
                say(text)
                if text.startswith("550"):
                    self.answers = {}

            peer.say = once
            super().__call__(peer)

    postman = Picky()
    with Listener(postman) as listener:
        run(outbox, settings(listener.port, tmp_path, security="plain"))
    assert states(outbox) == ["failed", "sent"]
    assert (len(listener.heard), [who for who, _ in postman.accepted]) == (1, [BEN])


def test_a_goodbye_that_fails_changes_nothing(tmp_path: Path, outbox: Outbox) -> None:
    put(outbox, draft())
    postman = Postman(answers={"QUIT": "421 sorry"})
    with Listener(postman) as listener:
        for _ in range(2):
            run(outbox, settings(listener.port, tmp_path, security="plain"))
    assert (states(outbox), len(postman.accepted)) == (["sent"], 1)


def test_what_raises_between_message_and_dot_keeps_the_dot_back(tmp_path: Path) -> None:
    def fail() -> None:
        raise MailError("the disk is full")

    postman = Postman()
    with Listener(postman) as listener:
        server = settings(listener.port, tmp_path, security="plain")
        session = Session(server, clock=time.monotonic, until=time.monotonic() + 9)
        with pytest.raises(MailError, match="disk is full"):
            session.deliver(
                Envelope(SENDER, ANNA), draft().message, before_dot=fail, until=time.monotonic() + 9
            )
    assert not session.is_open
    assert postman.accepted == []
    assert not listener.heard[0].endswith(b"\r\n.\r\n")


def test_the_hosts_own_address_is_its_name_in_ehlo(tmp_path: Path) -> None:
    with Listener(Postman()) as listener:
        check(settings(listener.port, tmp_path, security="plain"), clock=time.monotonic)
        named = settings(listener.port, tmp_path, security="plain", local_hostname="desk.testonia.example")
        check(named, clock=time.monotonic)
    assert listener.heard[0].startswith(b"EHLO [127.0.0.1]\r\n")
    assert listener.heard[1].startswith(b"EHLO desk.testonia.example\r\n")


def test_a_port_where_nobody_listens_is_said_with_its_reason(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(
        UnreachableError, match=f"{HOST}:{port}: the connection failed: connection refused"
    ) as error:
        check(settings(port, tmp_path), clock=time.monotonic)
    assert not error.value.final


def deliver(port: int, folder: Path, message: bytes = draft().message) -> tuple[Outcome, int]:
    """Hand over one message; return the outcome and how often its dot was about to leave."""
    marks: list[int] = []
    end = time.monotonic() + 9
    session = Session(settings(port, folder, security="plain"), clock=time.monotonic, until=end)
    envelope = Envelope(SENDER, ANNA)
    outcome = session.deliver(envelope, message, before_dot=lambda: marks.append(1), until=end)
    session.quit()
    return outcome, len(marks)


EARLY = {
    "refused": ("552 too large", State.FAILED, 552),
    "later": ("452 no room", State.QUEUED, 452),
    "accepted": ("250 taken", State.QUEUED, None),
    "closed": ("", State.QUEUED, None),
}


@pytest.mark.parametrize(("answer", "state", "code"), EARLY.values(), ids=EARLY)
def test_an_answer_before_the_dot_keeps_the_dot_back(
    tmp_path: Path, answer: str, state: State, code: int | None
) -> None:
    def talk(peer: Peer) -> None:
        for said in ("220 ready", "250 localhost", "250 fine", "250 fine"):
            peer.say(said)
            peer.hear()
        if answer:
            peer.say(f"354 go on\r\n{answer}")
            peer.hear(b"\r\n.\r\n")
        else:
            # held back until the end is sent too, or the message might be through before that
            peer.connection.send(b"354 go on\r\n", getattr(socket, "MSG_MORE", 0))
            peer.connection.shutdown(socket.SHUT_WR)
            peer.hear(b"\r\n.\r\n")

    with Listener(talk) as listener:
        outcome, marks = deliver(listener.port, tmp_path, b"A: b\r\n\r\n" + b"x\r\n" * 500_000)
    assert (outcome.state, outcome.code, marks) == (state, code, 0)
    assert not listener.heard[0].endswith(b"\r\n.\r\n")


OPTIONS = {
    "ASCII": ("b", ("SIZE 9000", "8BITMIME", "SMTPUTF8"), b"> SIZE=11\r\n"),
    "8 bits": ("ü", ("8BITMIME", "SMTPUTF8"), b"> BODY=8BITMIME\r\n"),
    "8 bits and a size": ("ü", ("SIZE 9000", "8BITMIME"), b"> SIZE=12 BODY=8BITMIME\r\n"),
}


@pytest.mark.parametrize(("text", "features", "options"), OPTIONS.values(), ids=OPTIONS)
def test_a_server_is_told_what_a_message_needs(
    tmp_path: Path, text: str, features: tuple[str, ...], options: bytes
) -> None:
    with Listener(Postman(features=features)) as listener:
        outcome, _ = deliver(listener.port, tmp_path, f"A: b\n\n{text}".encode())
    assert outcome.state is State.SENT
    assert options in listener.heard[0]


def test_a_server_of_7_bits_gets_no_8_bits(tmp_path: Path) -> None:
    with Listener(Postman(features=())) as listener:
        outcome, _ = deliver(listener.port, tmp_path, "A: b\n\nü".encode())
    assert (outcome.state, outcome.words) == (State.FAILED, "the server takes only ASCII")


def test_a_server_that_closes_for_the_day_is_not_spoken_to_again(tmp_path: Path) -> None:
    with Listener(Postman(answers={"MAIL": "421 closing"})) as listener:
        outcome, _ = deliver(listener.port, tmp_path)
    assert (outcome.state, outcome.code) == (State.QUEUED, 421)
    assert listener.heard[0].endswith(b"SIZE=%d\r\n" % len(draft().message))


UNREACHABLE = {
    "greeting 421": ("421 busy", ("", ""), False, "the server answers 421 busy"),
    "greeting 554": ("554 no", ("", ""), True, "the server answers 554 no"),
    "no way to sign in": ("220 ready", ("250 HELP", ""), True, "no way to sign in"),
    "sign-in refused for now": ("220 ready", ("250 AUTH PLAIN", "454 later"), False, "refused: 454 later"),
    "sign-in refused at the name": ("220 ready", ("250 AUTH LOGIN", "535 who"), True, "refused: 535 who"),
}


@pytest.mark.parametrize(("greeting", "answers", "final", "words"), UNREACHABLE.values(), ids=UNREACHABLE)
def test_a_session_that_does_not_come_about_says_why_and_whether_to_try_again(
    tmp_path: Path, greeting: str, answers: tuple[str, str], final: bool, words: str
) -> None:
    def talk(peer: Peer) -> None:
        peer.secure(context())
        peer.say(greeting)
        peer.hear()
        peer.say(f"250-localhost\r\n{answers[0]}")
        peer.hear()
        peer.say(answers[1])

    with Listener(talk) as listener, pytest.raises(UnreachableError, match=words) as error:
        check(settings(listener.port, tmp_path, security="implicit"), clock=time.monotonic)
    assert error.value.final is final


def test_a_port_that_expects_tls_at_once_is_said_to_be_one(tmp_path: Path) -> None:
    with Listener(lambda peer: peer.secure(context())) as listener:
        server = settings(listener.port, tmp_path, timeout=0.3)
        with pytest.raises(UnreachableError, match="no answer in time") as error:
            check(server, clock=time.monotonic)
    assert error.value.hint == f'`security = "implicit"`, if port {listener.port} speaks TLS from the start'


def test_a_port_that_begins_without_tls_is_said_to_be_one(tmp_path: Path) -> None:
    with (
        Listener(Postman(context())) as listener,
        pytest.raises(UnreachableError, match="TLS fails") as error,
    ):
        check(settings(listener.port, tmp_path, security="implicit"), clock=time.monotonic)
    assert error.value.hint == f'`security = "starttls"`, if port {listener.port} begins without TLS'


def test_a_run_that_its_deadline_ends_keeps_the_hint(tmp_path: Path, outbox: Outbox) -> None:
    put(outbox, draft())
    with Listener(lambda peer: peer.secure(context())) as listener:
        summary = run(outbox, settings(listener.port, tmp_path, timeout=0.2, deadline=0.5), first_wait=9.0)
    assert summary.stopped.startswith("the deadline is reached; last,")
    assert '`security = "implicit"`' in summary.stopped


def test_a_check_is_over_after_half_a_minute(tmp_path: Path) -> None:
    times = iter([0.0])
    with Listener(Postman()) as listener:
        server = settings(listener.port, tmp_path, security="plain", timeout=600.0, deadline=3600.0)
        with pytest.raises(UnreachableError, match="no answer in time"):
            check(server, clock=lambda: next(times, 31.0))
        times = iter([0.0])
        assert check(server, clock=lambda: next(times, 29.0))


def test_a_missing_password_ends_the_connection_and_the_run(tmp_path: Path, outbox: Outbox) -> None:
    def missing() -> str:
        raise MailError("there is no password")

    put(outbox, draft())
    with Listener(Postman(context())) as listener, pytest.raises(MailError, match="there is no password"):
        run(outbox, settings(listener.port, tmp_path, password=Secret(missing)))
    assert states(outbox) == ["queued"]
    assert b"AUTH" not in listener.heard[0]


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_an_authority_that_cannot_be_read_is_said_by_its_key(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "own.pem"
    if content:
        file.write_text(content)
    with pytest.raises(MailError, match=r"`mail.ca-file`: .*own.pem: no certificate"):
        check(settings(1, tmp_path, ca_file=file), clock=time.monotonic)


def test_a_name_with_several_addresses_is_tried_at_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up = socket.getaddrinfo
    with socket.create_server((HOST, 0)) as free:
        closed = free.getsockname()[1]

    def both(host: str, port: int, **options: Any) -> list[Any]:
        return [*look_up(HOST, closed, **options), *look_up(HOST, port, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with Listener(Postman()) as listener:
        check(settings(listener.port, tmp_path, security="plain", host="localhost"), clock=time.monotonic)


def test_a_name_that_is_not_found_is_worth_another_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(UnreachableError, match="the name of the server is not found") as error:
        check(settings(25, tmp_path, host="mail.testonia.example"), clock=time.monotonic)
    assert not error.value.final
