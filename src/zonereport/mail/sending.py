"""A run takes what is queued from the outbox to the server, at its pace, as long as anything can be done."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zonereport.errors import MailError
from zonereport.mail.envelope import Envelope
from zonereport.mail.outbox import State
from zonereport.mail.transport import Session, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from zonereport.mail.outbox import Outbox
    from zonereport.mail.settings import Server

GRACE = 3.0
"""Seconds past the deadline for the message that is under way, rather than to leave it `unknown`."""
FIRST_WAIT = 5.0
"""Seconds before something is tried for the second time; each time after that, twice as long."""
LONGEST_WAIT = 900.0
IDLE = 10.0
"""Seconds after which a silent connection is ended by us, before the server does it."""
TROUBLES = 5
"""How often in a row a connection may come to nothing before the run gives up."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run has done; of each, the numbers of the messages."""

    sent: tuple[int, ...] = ()
    failed: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    """With those that an earlier run had left behind."""
    left: tuple[int, ...] = ()
    """Still queued: another run tries again."""
    stopped: str = ""
    """Why the run ended before all was done, empty if it did not."""


def send(
    outbox: Outbox,
    server: Server,
    *,
    job: str = "",
    also: Collection[int] = (),
    now: Callable[[], datetime],
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    jitter: Callable[[], float],
    first_wait: float = FIRST_WAIT,
) -> Summary:
    """Send what is queued, of a job or all, and return what became of it; at the deadline the rest is left.

    The numbers in `also` are sent whatever their job, if they are queued. `clock` counts seconds and only
    goes on; `jitter` gives from 0 to 1. Ends at most GRACE and a farewell after the server's deadline.
    Raises MailError where the outbox cannot be used, or another run does not end in time.
    """
    run = _Run(outbox, server, now, clock, sleep, jitter, first_wait)
    while True:
        with outbox.sole_sender() as alone:
            if alone:
                return run.send(job, also)
        if not run.wait_until(clock() + 0.2):
            raise MailError(f"{outbox.path}: another run is sending from it")


def settle(outbox: Outbox, now: datetime) -> list[int]:
    """Settle what a dead run left, as `Outbox.recover` does; return the numbers, none while a run goes on.

    So what it left `unknown` can be named for sending again at once.
    """
    with outbox.sole_sender() as alone:
        return outbox.recover(now) if alone else []


class _Run:
    """The state of a run: the session, the pace, and what became of each message."""

    def __init__(
        self,
        outbox: Outbox,
        server: Server,
        now: Callable[[], datetime],
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        jitter: Callable[[], float],
        first_wait: float,
    ) -> None:
        self.outbox, self.server = outbox, server
        self.now, self.clock, self.sleep, self.jitter, self.first_wait = now, clock, sleep, jitter, first_wait
        self.end = clock() + server.deadline
        self.next_turn = clock()
        self.session: Session | None = None
        self.troubles = 0
        self.trouble, self.hint = "the connection ended", ""
        self.ended: dict[State, list[int]] = {state: [] for state in State}

    def send(self, job: str, also: Collection[int]) -> Summary:
        self.ended[State.UNKNOWN] = [
            id for id in self.outbox.recover(self.now()) if self.outbox.entry(id).state is State.UNKNOWN
        ]
        waiting = [(0.0, number, id, 1) for number, id in enumerate(self.outbox.queued(job, also))]
        try:
            stopped = self.work_off(waiting)
        finally:
            if self.session:
                self.session.quit()
        return Summary(
            sent=tuple(self.ended[State.SENT]),
            failed=tuple(self.ended[State.FAILED]),
            unknown=tuple(self.ended[State.UNKNOWN]),
            left=tuple(sorted(id for _, _, id, _ in waiting)),
            stopped=stopped,
        )

    def work_off(self, waiting: list[tuple[float, int, int, int]]) -> str:
        """Send what waits, the earliest first; return why it ended early. What is left stays in the list."""
        while waiting:
            due, number, id, attempt = waiting[0]
            if not self.wait_until(max(due, self.next_turn)):
                return "the deadline is reached"
            try:
                session = self.connected()
            except UnreachableError as error:
                return error.describe()
            heapq.heappop(waiting)
            if not self.outbox.take(id):
                continue
            if self.server.rate:
                self.next_turn = self.clock() + 60 / self.server.rate
            state = self.deliver(session, id)
            self.ended[state].append(id)
            if state is State.QUEUED:
                heapq.heappush(waiting, (self.clock() + self.pause(attempt), number, id, attempt + 1))
        return ""

    def deliver(self, session: Session, id: int) -> State:
        """Send one claimed message and record what became of it, whatever happens."""
        entry = self.outbox.entry(id)
        try:
            outcome = session.deliver(
                Envelope(entry.sender, entry.recipient),
                self.outbox.message(id),
                before_dot=lambda: self.outbox.mark_dot(id),
                until=min(self.clock() + self.server.timeout, self.end + GRACE),
            )
        except BaseException:
            self.outbox.abandon(id, self.now(), "the run was interrupted")
            raise
        self.troubles = 0 if session.is_open else self.troubles + 1
        return self.outbox.record(id, outcome.state, self.now(), code=outcome.code, words=outcome.words)

    def connected(self) -> Session:
        """Return a session, a new one if need be; raise UnreachableError where none comes about."""
        while not (self.session and self.session.is_open):
            if self.troubles >= TROUBLES:
                raise UnreachableError(
                    f"{self.server.host}: the connection ended {TROUBLES} times", final=True
                )
            if self.troubles and not self.wait_until(self.clock() + self.pause(self.troubles)):
                raise UnreachableError(
                    f"the deadline is reached; last, {self.trouble}", final=True, hint=self.hint
                )
            try:
                until = min(self.clock() + self.server.timeout, self.end)
                self.session = Session(self.server, clock=self.clock, until=until)
            except UnreachableError as error:
                self.troubles += 1
                self.trouble, self.hint = error.message, error.hint
                if error.final or self.troubles >= TROUBLES:
                    raise
        return self.session

    def pause(self, attempt: int) -> float:
        """Return the seconds to wait after an attempt: twice as long each time, a quarter more or less."""
        return min(self.first_wait * 2.0 ** min(attempt - 1, 30), LONGEST_WAIT) * (0.75 + self.jitter() / 2)

    def wait_until(self, time: float) -> bool:
        """Wait; False, at once, if the deadline comes first."""
        if max(time, self.clock()) >= self.end:
            return False
        if self.session and time - self.clock() > IDLE:
            self.session.quit()
        while (left := time - self.clock()) > 0:
            self.sleep(left)
        return True
