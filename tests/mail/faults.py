"""Faults of servers and kills of senders: what the server accepted judges what the outbox says.

usage: faults.py            each kind of fault for 100 recipients, then 100 kills
       faults.py --prove    the same with a part of the protection taken out: each time it must be noticed

A run is repeated until nothing is queued. Then each message has been accepted once and is `sent`, or refused and
is `failed`; or it is `unknown`, and only because the answer to its final dot was not seen.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from listening import Listener, Peer
from posting import draft, put, run, settings

from zonereport.mail.dialogue import Dialogue
from zonereport.mail.outbox import Draft, Entry, Outbox, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

RECIPIENTS = 100
KILLS = 100
LONGEST_FUSE = 40
"""Lines that a server hears at most before the sender is killed: some six messages."""
JOBS = 10
"""Into which recipients are divided, so that there are several runs and connections."""
RUNS = 1000
SEED = 20310504


@dataclass(frozen=True)
class Fault:
    """What a server does instead of answering a command; a connection-level one at `greeting`."""

    at: str
    answer: str | None = None
    then: str = ""
    """Nothing, `close`, `reset` or `hang`; or `go on` by the rules after all."""
    accepted: bool = False
    """Whether the message is accepted all the same."""
    chance: float = 0.3


def rare(*arguments: str | None, accepted: bool = False) -> Fault:
    """A fault that each time takes until the timeout."""
    return Fault(*arguments, accepted=accepted, chance=0.04)


KINDS: dict[str, tuple[Fault, ...]] = {
    "greeting 421": (Fault("greeting", "421 busy", "close"),),
    "greeting 554": (Fault("greeting", "554 no", "close"),),
    "greeting of another protocol": (Fault("greeting", "SSH-2.0-test", "close"),),
    "closed before the greeting": (Fault("greeting", None, "close"),),
    "reset before the greeting": (Fault("greeting", None, "reset"),),
    "EHLO 421": (Fault("EHLO", "421 busy", "close"),),
    "closed at EHLO": (Fault("EHLO", None, "close"),),
    "MAIL 451": (Fault("MAIL", "451 later"),),
    "MAIL 550": (Fault("MAIL", "550 no"),),
    "MAIL 421 and closed": (Fault("MAIL", "421 busy", "close"),),
    "closed at MAIL": (Fault("MAIL", None, "close"),),
    "MAIL answered twice": (Fault("MAIL", "250 yes\r\n250 yes"),),
    "RCPT 450": (Fault("RCPT", "450 grey"),),
    "RCPT 550": (Fault("RCPT", "550 nobody"),),
    "RCPT 421 and closed": (Fault("RCPT", "421 busy", "close"),),
    "closed at RCPT": (Fault("RCPT", None, "close"),),
    "hangs at RCPT": (rare("RCPT", None, "hang"),),
    "DATA 451": (Fault("DATA", "451 later"),),
    "DATA 554": (Fault("DATA", "554 no"),),
    "closed at DATA": (Fault("DATA", None, "close"),),
    "reset at DATA": (Fault("DATA", None, "reset"),),
    "DATA answered twice": (Fault("DATA", "354 go on\r\n250 yes", "go on"), Fault("dot", "451 later")),
    "closed in the message": (Fault("message", None, "close"),),
    "reset in the message": (Fault("message", None, "reset"),),
    "552 in the message": (Fault("message", "552 too large", "close"),),
    "dot 451": (Fault("dot", "451 later"),),
    "dot 554": (Fault("dot", "554 spam"),),
    "dot 421 and closed": (Fault("dot", "421 busy", "close"),),
    "closed at the dot": (Fault("dot", None, "close"),),
    "accepted, then closed": (Fault("dot", None, "close", accepted=True),),
    "accepted, then reset": (Fault("dot", None, "reset", accepted=True),),
    "accepted, then hangs": (rare("dot", None, "hang", accepted=True),),
    "accepted, then nonsense": (Fault("dot", "ok, thanks", "close", accepted=True),),
    "accepted, half an answer": (Fault("dot", "250-2.0.0", "close", accepted=True),),
    "accepted and said, then closed": (Fault("dot", "250 yes", "close", accepted=True),),
    "accepted and said, then 421": (Fault("dot", "250 yes\r\n421 busy", "close", accepted=True),),
    "RSET refused": (Fault("RCPT", "550 nobody"), Fault("RSET", "502 what")),
    "closed at RSET": (Fault("RCPT", "450 grey"), Fault("RSET", None, "close")),
    "QUIT 421": (Fault("QUIT", "421 busy", "close", chance=1),),
    "closed at QUIT": (Fault("QUIT", None, "close", chance=1),),
    "hangs at QUIT": (Fault("QUIT", None, "hang", chance=1),),
}


class Judge:
    """A server that keeps count of what it accepted, and of what it let its clients know."""

    def __init__(self, faults: tuple[Fault, ...] = (), seed: int = SEED) -> None:
        self.faults = faults
        self.random = Random(seed)
        self.accepted: Counter[str] = Counter()
        self.said: dict[str, str] = {}
        """What a recipient's message came to, as the client must have seen it."""
        self.happened = 0
        self.messages_a_connection = (
            4 if any(fault.at in {"greeting", "EHLO", "QUIT"} for fault in faults) else 999
        )
        self.recipient = ""
        self.connections = 0
        self.on_line: Callable[[], None] = lambda: None

    def __call__(self, peer: Peer) -> None:
        self.connections += 1
        try:
            with suppress(EOFError):
                self._serve(peer)
        finally:
            self.connections -= 1

    def _serve(self, peer: Peer) -> None:
        self._answer(peer, "greeting", "220 ready")
        messages = 0
        for verb in self._commands(peer):
            messages += verb == "MAIL"
            if messages > self.messages_a_connection:
                peer.say("421 that was enough")
                raise EOFError
            if verb == "DATA":
                if self._answer(peer, "DATA", "354 go on"):
                    self._take(peer)
            else:
                self._answer(peer, verb, "221 bye" if verb == "QUIT" else "250 fine")

    def _commands(self, peer: Peer) -> Iterator[str]:
        while line := peer.hear():
            verb = line.split()[0].decode()
            if verb == "RCPT":
                self.recipient = re.search(b"<(.*)>", line)[1].decode()
            self.on_line()
            yield verb

    def _take(self, peer: Peer) -> None:
        self._answer(peer, "message", "")
        if not peer.hear(b"\r\n.\r\n"):
            raise EOFError
        self.on_line()
        self._answer(peer, "dot", "250 taken")

    def _answer(self, peer: Peer, at: str, answer: str) -> bool:
        """Answer by the rules, True, or as a fault says."""
        for fault in self.faults:
            if fault.at == at and self.random.random() < fault.chance:
                self.happened += 1
                self._note(at, fault.answer, fault.accepted)
                self._misbehave(peer, fault)
                return fault.then == "go on"
        if at == "dot":
            self._note(at, answer, accepted=True)
        if answer:
            peer.say(answer)
        return True

    def _note(self, at: str, answer: str | None, accepted: bool) -> None:
        """Remember what the client must know once it has read the answer."""
        if at not in {"RCPT", "DATA", "message", "dot"}:
            return
        self.accepted[self.recipient] += accepted
        code = answer[:3] if answer and re.match("[245][0-9]{2} ", answer) else ""
        if at in {"message", "dot"} or code.startswith("5"):
            self.said[self.recipient] = {"2": "sent", "4": "queued", "5": "failed", "": "unknown"}[code[:1]]

    def _misbehave(self, peer: Peer, fault: Fault) -> None:
        if fault.at == "message":
            peer.hear(b"\r\n")
        if fault.answer:
            peer.say(fault.answer)
        if fault.at == "message" and fault.answer:
            peer.hear(b"\r\n.\r\n")  # else what is unread resets the connection, and the answer with it
        if fault.then == "reset":
            peer.reset()
        if fault.then == "hang":
            peer.hang()
        if fault.then in {"close", "reset", "hang"}:
            raise EOFError


def drafts(count: int) -> list[Draft]:
    """Messages of some thousand lines, so that a connection can end within one."""
    filler = "Testonia grows.\r\n" * 3000
    return [
        draft(address, message=f"Message-ID: <{number}@testonia.example>\r\n\r\n{filler}".encode())
        for number, address in enumerate(f"person-{number}@testonia.example" for number in range(count))
    ]


def judge_kind(kind: str, folder: Path) -> tuple[Counter[str], list[str]]:
    """Send to all recipients through a fault; return what was counted and every fault found."""
    judge = Judge(KINDS[kind])
    slow = any(fault.then == "hang" for fault in judge.faults)
    runs = 0
    with Outbox(folder / f"{list(KINDS).index(kind)}.sqlite") as outbox, Listener(judge) as listener:
        waiting = drafts(RECIPIENTS)
        jobs = [waiting[start::JOBS] for start in range(JOBS)]
        for number, job in enumerate(jobs):
            put(outbox, *job, job=str(number))
        server = settings(listener.port, folder, security="plain", timeout=1.5 if slow else 60.0)
        while outbox.queued() and runs < RUNS:
            run(outbox, server, job=str(runs % JOBS), first_wait=0.001)
            runs += 1
        entries = outbox.entries()
        found = list(discrepancies(entries, judge))
        if not judge.happened:
            found.append("the fault never happened")
        for entry in entries:
            expected = judge.said.get(entry.recipient, "failed")  # at MAIL, for nobody yet
            if entry.state.value != expected:
                found.append(f"{entry.recipient}: {entry.state.value}, but the server said {expected}")
    counts = Counter(entry.state.value for entry in entries) + Counter(faults=judge.happened, runs=runs)
    return counts, found


def discrepancies(entries: list[Entry], judge: Judge) -> Iterator[str]:
    """Yield what is lost, duplicated, or wrong about a message."""
    for entry in entries:
        count = judge.accepted[entry.recipient]
        if count > 1:
            yield f"{entry.recipient}: duplicated, accepted {count} times"
        if entry.state is State.SENT and count == 0:
            yield f"{entry.recipient}: lost, said to be sent"
        if entry.state is State.FAILED and count:
            yield f"{entry.recipient}: said to have failed, but accepted"
        if entry.state not in {State.SENT, State.FAILED, State.UNKNOWN}:
            yield f"{entry.recipient}: still {entry.state.value}"


def judge_kills(folder: Path, mutation: str) -> tuple[Counter[str], list[str]]:
    """Kill the sending process at random moments, again and again; then let it end."""
    random = Random(SEED)
    counts, found = Counter[str](), []
    for job in range(KILLS):
        if counts["kills"] >= KILLS:
            break
        judge = Judge()
        in_flight = set()
        path = folder / f"kills-{job}.sqlite"
        with Outbox(path) as outbox, Listener(judge) as listener:
            put(outbox, *drafts(RECIPIENTS))
            while outbox.queued() or any(entry.state is State.SENDING for entry in outbox.entries()):
                armed = counts["kills"] < KILLS
                fuse = (random.randint(1, LONGEST_FUSE), random.random() * 0.003) if armed else (10**9, 0.0)
                counts["kills"] += send_until(fuse, judge, [str(path), str(listener.port), mutation])
                in_flight.add(judge.recipient)
            entries = outbox.entries()
        found += discrepancies(entries, judge)
        for entry in entries:
            if entry.state is State.UNKNOWN and entry.recipient not in in_flight:
                found.append(
                    f"{entry.recipient}: unknown, but it was not being sent when the process was killed"
                )
        counts += Counter(entry.state.value for entry in entries)
    if counts["kills"] < KILLS:
        found.append(f"only {counts['kills']} kills")
    return counts, found


def send_until(fuse: tuple[int, float], judge: Judge, arguments: list[str]) -> bool:
    """Send in a process of its own until the server has heard so many lines; return whether it was killed."""
    lines, pause = fuse
    burnt = threading.Event()

    def on_line() -> None:
        nonlocal lines
        lines -= 1
        if lines == 0:
            burnt.set()

    judge.on_line = on_line
    child = subprocess.Popen([sys.executable, __file__, "--send", *arguments], stdin=subprocess.DEVNULL)
    while child.poll() is None:
        if burnt.wait(0.05):
            time.sleep(pause)
            child.kill()
            break
    code = child.wait()
    while judge.connections:  # what is still under way arrives
        time.sleep(0.001)
    if code not in {0, -signal.SIGKILL}:
        sys.exit(f"faults: the sender ended with {code}")
    return code == -signal.SIGKILL


def mark_late(self: Dialogue, message: bytes, before_dot: Callable[[], None]) -> tuple[int, bytes]:
    answers = UNTOUCHED(self, message, lambda: None)
    before_dot()
    return answers


def send_unknown_again(self: Outbox, id: int, state: State, *arguments: object, **words: object) -> State:
    return RECORD(self, id, State.QUEUED if state is State.UNKNOWN else state, *arguments, **words)


UNTOUCHED, RECORD = Dialogue.transmit, Outbox.record
MUTATIONS: dict[str, tuple[type, str, Callable, str]] = {
    "the dot is marked after the answer": (Dialogue, "transmit", mark_late, "kills"),
    "what is unknown is sent again": (Outbox, "record", send_unknown_again, "accepted, then closed"),
    "an answer that came too early counts": (Dialogue, "_listen", lambda _: False, "DATA answered twice"),
}
"""What is taken out, and the kind of fault that must show it."""


def mutate(name: str) -> None:
    if name:
        owner, attribute, replacement, _ = MUTATIONS[name]
        setattr(owner, attribute, replacement)


def judge(kinds: Iterable[str], mutation: str = "") -> list[str]:
    """Print what was counted for each kind and in all; return every fault found."""
    found, total = [], Counter[str]()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(4) as pool:
        for kind, (counts, faults) in zip(
            kinds,
            pool.map(
                lambda kind: (
                    judge_kills(Path(folder), mutation) if kind == "kills" else judge_kind(kind, Path(folder))
                ),
                kinds,
            ),
            strict=True,
        ):
            print(f"{kind:32}", *(f"{count} {what}" for what, count in sorted(counts.items())), flush=True)
            found += [f"{kind}: {fault}" for fault in faults]
            total += counts
    print("in all:", *(f"{count} {what}" for what, count in sorted(total.items())))
    return found


def prove() -> bool:
    """Whether each mutation is noticed."""
    unnoticed = []
    for name, (owner, attribute, _, kind) in MUTATIONS.items():
        untouched = getattr(owner, attribute)
        mutate(name)
        found = judge([kind], name)
        setattr(owner, attribute, untouched)
        print(f"mutation: {name}: {len(found)} faults found, such as: {found[0] if found else 'none'}")
        unnoticed += [] if found else [name]
    return not unnoticed


def main() -> None:
    start = time.monotonic()
    match sys.argv[1:]:
        case ["--send", path, port, mutation]:
            mutate(mutation)
            with Outbox(Path(path)) as outbox:
                run(outbox, settings(int(port), Path(), security="plain"))
            return
        case ["--prove"]:
            sys.exit(not prove())
    faults = judge([*KINDS, "kills"])
    for fault in faults[:50]:
        print(f"faults: {fault}", file=sys.stderr)
    print(
        f"faults: {len(KINDS)} kinds × {RECIPIENTS} recipients and {KILLS} kills: "
        f"{len(faults)} faults found, after {time.monotonic() - start:.0f} s"
    )
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
