"""A run: its pace, its patience, what it does with what another run left, and with being interrupted."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from listening import Listener, Peer, Postman
from posting import ANNA, BEN, NOW, draft, put, run, settings, states

from zonereport.errors import MailError
from zonereport.mail.outbox import Outbox, State
from zonereport.mail.sending import settle

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "outbox.sqlite") as outbox:
        yield outbox


class Time:
    """A clock that only sleeping moves, with a note of each sleep."""

    def __init__(self) -> None:
        self.time = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        self.slept.append(seconds)


class Changing(Postman):
    """Answers a command with each of these in turn, then by the rules; `drop` ends the connection."""

    def __init__(self, command: str, *answers: str) -> None:
        super().__init__()
        self.command, self.turn = command, list(answers)

    def __call__(self, peer: Peer) -> None:
        hear, say = peer.hear, peer.say

        def hearing(end: bytes = b"\r\n") -> bytes:
            said = hear(end)
            peer.say = say
            if said.startswith(self.command.encode()) and self.turn:
                answer = self.turn.pop(0)
                if answer == "drop":
                    raise ConnectionError
                peer.say = lambda _: say(answer)
            return said

        peer.hear = hearing
        super().__call__(peer)


def attempts(outbox: Outbox, id: int) -> list[tuple[str, int | None]]:
    return [(attempt.state.value, attempt.code) for attempt in outbox.entry(id).attempts]


def test_a_server_that_says_later_is_asked_again_each_time_after_twice_as_long(
    outbox: Outbox, tmp_path: Path
) -> None:
    (id,) = put(outbox, draft())
    watch = Time()
    with Listener(Changing("RCPT", "450 grey", "451 grey", "452 grey")) as listener:
        server = settings(listener.port, tmp_path, security="plain")
        summary = run(outbox, server, clock=watch.clock, sleep=watch.sleep, first_wait=4.0)
    assert attempts(outbox, id) == [("queued", 450), ("queued", 451), ("queued", 452), ("sent", 250)]
    assert watch.slept == [4.0, 8.0, 16.0]
    assert (summary.sent, len(listener.heard)) == ((id,), 2)


@pytest.mark.parametrize(("jitter", "slept"), [(0.0, 3.0), (1.0, 5.0)])
def test_jitter_keeps_clients_from_coming_back_together(
    outbox: Outbox, tmp_path: Path, jitter: float, slept: float
) -> None:
    put(outbox, draft())
    watch = Time()
    with Listener(Changing("RCPT", "450 grey")) as listener:
        server = settings(listener.port, tmp_path, security="plain")
        run(outbox, server, clock=watch.clock, sleep=watch.sleep, first_wait=4.0, jitter=lambda: jitter)
    assert watch.slept == [slept]


def test_what_the_deadline_leaves_stays_queued_and_is_not_waited_for(outbox: Outbox, tmp_path: Path) -> None:
    first, second = put(outbox, draft(ANNA), draft(BEN))
    watch = Time()
    with Listener(Changing("RCPT", *["450 grey"] * 5)) as listener:
        server = settings(listener.port, tmp_path, security="plain", deadline=20.0)
        summary = run(outbox, server, clock=watch.clock, sleep=watch.sleep, first_wait=9.0)
    assert (summary.left, summary.stopped) == ((first, second), "the deadline is reached")
    assert sum(watch.slept) < 20
    assert states(outbox) == ["queued", "queued"]


def test_messages_leave_no_faster_than_the_rate(outbox: Outbox, tmp_path: Path) -> None:
    put(outbox, *(draft(f"person-{number}@testonia.example") for number in range(4)))
    watch = Time()
    with Listener(Postman()) as listener:
        server = settings(listener.port, tmp_path, security="plain", rate=30)
        run(outbox, server, clock=watch.clock, sleep=watch.sleep)
    assert watch.slept == [2.0, 2.0, 2.0]
    assert len(listener.heard) == 1


def test_a_connection_does_not_idle_while_a_slow_rate_waits(outbox: Outbox, tmp_path: Path) -> None:
    put(outbox, draft(ANNA), draft(BEN))
    watch = Time()
    with Listener(Postman()) as listener:
        server = settings(listener.port, tmp_path, security="plain", rate=2)
        run(outbox, server, clock=watch.clock, sleep=watch.sleep)
    assert [heard.endswith(b"QUIT\r\n") for heard in listener.heard] == [True, True]


def test_one_dropped_connection_costs_one_message_a_second_attempt(outbox: Outbox, tmp_path: Path) -> None:
    first, second = put(outbox, draft(ANNA), draft(BEN))
    with Listener(Changing("RCPT", "drop")) as listener:
        summary = run(outbox, settings(listener.port, tmp_path, security="plain"))
    assert set(summary.sent) == {first, second}
    assert attempts(outbox, first) == [("queued", None), ("sent", 250)]


def test_a_server_that_is_away_is_tried_a_few_times(outbox: Outbox, tmp_path: Path) -> None:
    (id,) = put(outbox, draft())
    watch = Time()
    with Listener(Changing("EHLO", *["421 shutting down"] * 99)) as listener:
        server = settings(listener.port, tmp_path, security="plain", deadline=9999)
        summary = run(outbox, server, clock=watch.clock, sleep=watch.sleep, first_wait=1.0)
    assert (summary.left, watch.slept, len(listener.heard)) == ((id,), [1.0, 2.0, 4.0, 8.0], 5)
    assert "421 shutting down" in summary.stopped
    assert attempts(outbox, id) == []


def test_a_server_that_wants_nothing_of_us_is_not_asked_twice(outbox: Outbox, tmp_path: Path) -> None:
    put(outbox, draft())
    with Listener(Postman(answers={"EHLO": "554 go away"})) as listener:
        summary = run(outbox, settings(listener.port, tmp_path, security="plain"))
    assert (len(listener.heard), "554 go away" in summary.stopped) == (1, True)


def test_a_run_sends_one_job_if_asked(outbox: Outbox, tmp_path: Path) -> None:
    put(outbox, draft(), job="may")
    put(outbox, draft(), job="june")
    outbox.add_drafts("july", [draft()])
    with Listener(Postman()) as listener:
        run(outbox, settings(listener.port, tmp_path, security="plain"), job="june")
    assert states(outbox) == ["queued", "sent", "draft"]


def test_a_run_sends_what_is_named_by_number_too(outbox: Outbox, tmp_path: Path) -> None:
    first, second = put(outbox, draft(ANNA), draft(BEN), job="april")
    put(outbox, draft(), job="may")
    with Listener(Postman()) as listener:
        server = settings(listener.port, tmp_path, security="plain")
        summary = run(outbox, server, job="may", also=[second])
    assert states(outbox) == ["queued", "sent", "sent"]
    assert first not in summary.sent


def test_what_a_dead_run_left_can_be_settled_and_sent_again_at_once(outbox: Outbox, tmp_path: Path) -> None:
    (id,) = put(outbox, draft())
    outbox.take(id)
    outbox.mark_dot(id)
    with Outbox(outbox.path) as other, other.sole_sender():
        assert settle(outbox, NOW) == [], "that run goes on"
    assert settle(outbox, NOW) == [id]
    assert outbox.resend_unknown(id) == 1
    with Listener(Postman()) as listener:
        summary = run(outbox, settings(listener.port, tmp_path, security="plain"), job="may", also=[id])
    assert (summary.sent, states(outbox)) == ((id,), ["sent"])


def test_a_message_that_is_cancelled_while_it_is_sent_is_not_tried_again(
    outbox: Outbox, tmp_path: Path
) -> None:
    (id,) = put(outbox, draft())

    class Cancelled(Postman):
        def __call__(self, peer: Peer) -> None:
            hear = peer.hear

            def hearing(end: bytes = b"\r\n") -> bytes:
                said = hear(end)
                if said.startswith(b"RCPT"):
                    with Outbox(outbox.path) as other:
                        assert other.cancel("may") == 1
                return said

            peer.hear = hearing
            super().__call__(peer)

    with Listener(Cancelled(answers={"RCPT": "450 grey"})) as listener:
        summary = run(outbox, settings(listener.port, tmp_path, security="plain"))
    assert (states(outbox), attempts(outbox, id)) == (["cancelled"], [("cancelled", 450)])
    assert (summary.left, summary.stopped) == ((), "")


def test_a_run_settles_what_a_dead_one_left_before_it_sends(outbox: Outbox, tmp_path: Path) -> None:
    before, after, failed = put(outbox, *(draft(f"{name}@testonia.example") for name in "abc"))
    for id in (before, after, failed):
        outbox.take(id)
    outbox.mark_dot(after)
    outbox.record(failed, State.FAILED, NOW)
    postman = Postman()
    with Listener(postman) as listener:
        server = settings(listener.port, tmp_path, security="plain")
        summary = run(outbox, server)
        again = run(outbox, server)
    assert (summary.sent, summary.unknown) == ((before,), (after,))
    assert (again.sent, again.unknown) == ((), ())
    assert states(outbox) == ["sent", "unknown", "failed"]
    assert [recipient for recipient, _ in postman.accepted] == ["a@testonia.example"]


def test_a_message_that_is_cancelled_while_a_run_goes_on_is_not_sent(outbox: Outbox, tmp_path: Path) -> None:
    _, second = put(outbox, draft(ANNA), draft(BEN))
    watch = Time()

    def sleep(seconds: float) -> None:
        outbox.cancel(second)
        watch.sleep(seconds)

    with Listener(Postman()) as listener:
        server = settings(listener.port, tmp_path, security="plain", rate=60)
        summary = run(outbox, server, clock=watch.clock, sleep=sleep)
    assert states(outbox) == ["sent", "cancelled"]
    assert summary.left == ()


@pytest.mark.parametrize(("when", "state"), [("before", "queued"), ("after", "unknown")])
def test_an_interrupted_run_says_at_once_where_its_message_stands(
    outbox: Outbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str, state: str
) -> None:
    put(outbox, draft())
    mark = outbox.mark_dot

    def interrupted(id: int) -> None:
        if when == "after":
            mark(id)
        raise KeyboardInterrupt

    monkeypatch.setattr(outbox, "mark_dot", interrupted)
    with Listener(Postman()) as listener, pytest.raises(KeyboardInterrupt):
        run(outbox, settings(listener.port, tmp_path, security="plain"))
    assert states(outbox) == [state]


SENDER = """
import sys
from pathlib import Path
from posting import run, settings
from zonereport.mail.outbox import Outbox
with Outbox(Path(sys.argv[1])) as outbox:
    server = settings(int(sys.argv[2]), Path(sys.argv[3]), security="plain", rate=6000)
    print(len(run(outbox, server).sent))
"""


def sender(outbox: Outbox, port: int, folder: Path) -> subprocess.Popen[str]:
    folder.mkdir()
    command = [sys.executable, "-c", SENDER, str(outbox.path), str(port), str(folder)]
    here = Path(__file__).parent
    return subprocess.Popen(command, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_that_send_at_once_send_each_message_once(outbox: Outbox, tmp_path: Path) -> None:
    put(outbox, *(draft(f"person-{number}@testonia.example") for number in range(40)))
    postman = Postman()
    with Listener(postman) as listener:
        senders = [sender(outbox, listener.port, tmp_path / str(number)) for number in range(3)]
        said = [process.communicate() for process in senders]
    assert [error for _, error in said] == ["", "", ""]
    assert sum(int(sent) for sent, _ in said) == len(postman.accepted) == 40
    assert len({recipient for recipient, _ in postman.accepted}) == 40
    assert set(states(outbox)) == {"sent"}


def test_a_run_that_waits_in_vain_for_another_says_so(outbox: Outbox, tmp_path: Path) -> None:
    put(outbox, draft())
    watch = Time()
    with Outbox(outbox.path) as other, other.sole_sender() as alone:
        assert alone
        with pytest.raises(MailError, match="another run is sending"):
            run(outbox, settings(1, tmp_path, deadline=5.0), clock=watch.clock, sleep=watch.sleep)
    assert sum(watch.slept) < 5
    assert states(outbox) == ["queued"]


def test_a_killed_run_leaves_its_place_and_the_next_ends_the_job(outbox: Outbox, tmp_path: Path) -> None:
    put(outbox, *(draft(f"person-{number}@testonia.example") for number in range(40)))
    postman = Postman()
    with Listener(postman) as listener:
        first = sender(outbox, listener.port, tmp_path / "first")
        while len(postman.accepted) < 10:
            time.sleep(0.001)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        summary = run(outbox, settings(listener.port, tmp_path, security="plain"))
    arrived = [recipient for recipient, _ in postman.accepted]
    assert len(set(arrived)) == len(arrived)
    assert len(summary.unknown) <= 1
    assert len(arrived) + len(summary.unknown) >= 40
