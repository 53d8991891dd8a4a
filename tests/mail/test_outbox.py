"""The outbox: all or nothing, one message a mailbox and job, and after any crash it knows where it stands."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from posting import ANNA, BEN, NOW, draft, put, states

from zonereport.errors import MailError
from zonereport.mail.outbox import Attempt, Outbox, State
from zonereport.mail.wire import MAX_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "outbox.sqlite") as outbox:
        yield outbox


def sending(outbox: Outbox) -> int:
    """Return a message that is being sent."""
    (id,) = put(outbox, draft())
    assert outbox.take(id)
    return id


def test_a_draft_is_kept_with_all_that_is_known_of_it(outbox: Outbox) -> None:
    (id,) = outbox.add_drafts("may", [draft(zone="testonia", snapshot="2031", language="zh", content="ab")])
    entry = outbox.entry(id)
    assert (entry.job, entry.sender, entry.recipient) == ("may", "office@testonia.example", ANNA)
    assert (entry.zone, entry.snapshot, entry.language, entry.content) == ("testonia", "2031", "zh", "ab")
    assert (entry.state, entry.attempts, entry.size) == (State.DRAFT, (), len(draft().message))
    assert outbox.message(id) == draft().message


def test_the_outbox_is_not_for_everybody_to_read(outbox: Outbox) -> None:
    outbox.add_drafts("may", [draft()])
    assert {path.stat().st_mode & 0o077 for path in outbox.path.parent.glob("outbox*")} == {0}


@pytest.mark.parametrize(
    "again", [ANNA, "Anna@Testonia.Example", "ANNA@testonia.example"], ids=["same", "name", "capitals"]
)
def test_a_mailbox_gets_one_message_of_a_job_and_a_job_is_added_whole_or_not_at_all(
    outbox: Outbox, again: str
) -> None:
    with pytest.raises(MailError, match="already"):
        outbox.add_drafts("may", [draft(BEN), draft(ANNA), draft(again)])
    assert outbox.entries() == []
    outbox.add_drafts("may", [draft(ANNA)])
    outbox.add_drafts("june", [draft(again)])
    assert len(outbox.entries()) == 2


def test_a_domain_in_chinese_and_in_ascii_is_one_mailbox(outbox: Outbox) -> None:
    with pytest.raises(MailError, match="already"):
        outbox.add_drafts("may", [draft("anna@试验.example"), draft("anna@xn--ee3au30a.example")])


@pytest.mark.parametrize(
    "address",
    [
        *("", "anna", "anna@", "@b.example", "a b@c.example", "a@b.example\r\nRCPT TO:<eve@d.example>"),
        *("<a@b.example>", "a@b@c.example", "a\0@b.example", "a@straße.example", "a@b..example"),
        *("\ud800@b.example", "a@b.example\n", "a@b.example>", '"a b"@c.example', "@r:a@b.example"),
        *("安娜@testonia.example", "a\\b@c.example", "a,b@c.example", "a[b]@c.example"),
    ],
)
def test_what_is_no_plain_address_is_refused(outbox: Outbox, address: str) -> None:
    with pytest.raises(MailError):
        outbox.add_drafts("may", [draft(address)])
    assert outbox.entries() == []


def test_a_message_goes_its_way_from_draft_to_sent(outbox: Outbox) -> None:
    (id,) = outbox.add_drafts("may", [draft()])
    assert outbox.queued() == []
    assert outbox.queue("may") == 1
    assert outbox.queued() == outbox.queued("may") == [id]
    assert outbox.queued("june") == []
    assert outbox.take(id)
    assert not outbox.take(id)
    outbox.mark_dot(id)
    outbox.record(id, State.SENT, NOW, code=250, words="2.0.0 queued as 4bT")
    assert outbox.entry(id).attempts == (Attempt(1, NOW, State.SENT, 250, "2.0.0 queued as 4bT"),)
    assert (states(outbox), outbox.queued(), outbox.queue("may")) == (["sent"], [], 0)


def test_every_attempt_is_kept_and_a_servers_words_stand_on_one_bounded_line(outbox: Outbox) -> None:
    id = sending(outbox)
    outbox.record(id, State.QUEUED, NOW, code=451, words="later\r\n\x1b[31mplease\x00 \u202eok")
    outbox.take(id)
    outbox.record(id, State.FAILED, NOW + timedelta(hours=1), code=550, words="x" * 9999)
    first, second = outbox.entry(id).attempts
    assert first == Attempt(1, NOW, State.QUEUED, 451, "later [31mplease ok")
    assert (second.number, len(second.words)) == (2, MAX_WORDS)


@pytest.mark.parametrize("state", [state for state in State if state not in {State.DRAFT, State.SENDING}])
def test_what_is_not_being_sent_gets_no_dot_and_no_outcome(outbox: Outbox, state: State) -> None:
    id = sending(outbox)
    outbox.record(id, state, NOW)
    with pytest.raises(MailError, match="not being sent"):
        outbox.mark_dot(id)
    with pytest.raises(MailError, match="not being sent"):
        outbox.record(id, State.SENT, NOW)
    assert states(outbox) == [state.value]


MOVES = {
    "cancel": (Outbox.cancel, {"draft", "queued"}, "cancelled"),
    "retry": (Outbox.retry, {"failed"}, "queued"),
    "resend": (Outbox.resend_unknown, {"unknown"}, "queued"),
    "queue": (Outbox.queue, {"draft"}, "queued"),
}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", State)
def test_a_command_moves_only_what_it_is_for(outbox: Outbox, state: State, move: str) -> None:
    outbox.add_drafts("may", [draft(ANNA), draft(BEN)])
    outbox.add_drafts("june", [draft(ANNA)])
    with sqlite3.connect(outbox.path) as database:
        database.execute("UPDATE entry SET state = ?", (state,))
    database.close()
    act, of, to = MOVES[move]
    moved = to if state in of else state.value
    marked = (state, move) == (State.SENDING, "cancel")
    assert act(outbox, "may") == (2 if state in of or marked else 0)
    assert states(outbox) == [moved, moved, state.value]


def test_a_single_message_can_be_cancelled(outbox: Outbox) -> None:
    _, second = outbox.add_drafts("may", [draft(ANNA), draft(BEN)])
    assert outbox.cancel(second) == 1
    assert states(outbox) == ["draft", "cancelled"]


def test_what_a_dead_sender_left_is_queued_before_the_dot_and_unknown_after_it(outbox: Outbox) -> None:
    before, after = put(outbox, draft(ANNA), draft(BEN))
    for id in (before, after):
        outbox.take(id)
    outbox.mark_dot(after)
    assert outbox.recover(NOW) == [before, after]
    assert states(outbox) == ["queued", "unknown"]
    assert outbox.entry(after).attempts == (
        Attempt(1, NOW, State.UNKNOWN, None, "the sending process ended"),
    )
    assert outbox.recover(NOW) == []
    assert outbox.resend_unknown(after) == 1
    outbox.take(after)
    outbox.recover(NOW)
    assert states(outbox) == ["queued", "queued"], "the mark is of one attempt"


HOLDER = """
import sys
from pathlib import Path
from zonereport.mail.outbox import Outbox
with Outbox(Path(sys.argv[1])) as outbox, outbox.sole_sender() as alone:
    print(alone, flush=True)
    sys.stdin.read()
"""


def test_one_process_sends_at_a_time_and_a_killed_one_leaves_its_place(outbox: Outbox) -> None:
    command = [sys.executable, "-c", HOLDER, str(outbox.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"True\n"
        with outbox.sole_sender() as alone:
            assert not alone
        outbox.add_drafts("may", [draft()])  # only sending is for one
        holder.kill()
        holder.wait()
        with outbox.sole_sender() as alone:
            assert alone
        with outbox.sole_sender() as alone:
            assert alone


OPENER = """
import sys
from pathlib import Path
from zonereport.mail.outbox import Outbox
with Outbox(Path(sys.argv[1])) as outbox:
    print(outbox.queue("may"))
"""


def test_processes_that_open_a_new_outbox_at_once_all_can(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPENER, str(tmp_path / "new.sqlite")]
    openers = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(6)]
    assert [opener.communicate() for opener in openers] == [(b"0\n", b"")] * 6


ABOUT = {"zone": "testonia", "template": "briefing"}


def tell(outbox: Outbox, job: str, state: State, time: datetime = NOW, **fields: str) -> None:
    """Try to send Anna a message of a job, with this outcome."""
    (id,) = put(outbox, draft("Anna@testonia.example", **ABOUT | fields), job=job)
    assert outbox.take(id)
    outbox.record(id, state, time)


def last_told(outbox: Outbox) -> str:
    last = outbox.last_told(ANNA, "testonia", "briefing")
    return last.job if last else ""


def test_the_last_message_is_of_the_mailbox_the_zone_and_the_template(outbox: Outbox) -> None:
    for job, fields in {
        "april": {"content": "a"},
        "may": {"content": "b"},
        "other zone": {"zone": "nowhere"},
        "other template": {"template": "annual"},
    }.items():
        tell(outbox, job, State.SENT, **fields)
    last = outbox.last_told(ANNA, "testonia", "briefing")
    assert last
    assert (last.job, last.content, len(last.attempts)) == ("may", "b", 1)
    assert outbox.last_told(BEN, "testonia", "briefing") is None


def test_what_may_have_arrived_or_is_still_to_be_sent_is_the_last_message_too(outbox: Outbox) -> None:
    tell(outbox, "april", State.SENT)
    tell(outbox, "may", State.FAILED)
    assert last_told(outbox) == "april"
    tell(outbox, "june", State.UNKNOWN)
    assert last_told(outbox) == "june"
    tell(outbox, "july", State.QUEUED)
    outbox.add_drafts("august", [draft(**ABOUT)])
    assert last_told(outbox) == "august"
    outbox.cancel("august")
    assert last_told(outbox) == "july"


def test_the_last_message_is_the_one_that_was_sent_last_whatever_the_clock_said(outbox: Outbox) -> None:
    (later,) = put(outbox, draft(**ABOUT), job="april")
    tell(outbox, "may", State.SENT, NOW)
    outbox.take(later)
    outbox.record(later, State.SENT, NOW - timedelta(days=9))
    assert last_told(outbox) == "april"
    tell(outbox, "june", State.SENT, NOW - timedelta(days=99))
    assert last_told(outbox) == "june"


@pytest.mark.parametrize("gone", [False, True], ids=["draft", "cancelled"])
def test_a_draft_takes_the_place_of_a_draft_or_of_a_cancelled_message(outbox: Outbox, gone: bool) -> None:
    outbox.add_drafts("may", [draft(ANNA, content="old"), draft(BEN, content="old")])
    if gone:
        outbox.cancel("may")
    corrected = draft(ANNA, message=b"A: b\r\n\r\nright\r\n", content="new")
    ids = outbox.add_drafts("may", [corrected, draft(BEN, content="new")])
    assert [entry.id for entry in outbox.entries()] == ids
    assert [entry.content for entry in outbox.entries()] == ["new", "new"]
    assert (states(outbox), outbox.message(ids[0])) == (["draft", "draft"], corrected.message)
    assert outbox.queue("may") == 2


@pytest.mark.parametrize("state", [state for state in State if state not in {State.DRAFT, State.CANCELLED}])
def test_a_message_on_its_way_is_not_replaced(outbox: Outbox, state: State) -> None:
    outbox.add_drafts("may", [draft(ANNA)])
    with sqlite3.connect(outbox.path) as database:
        database.execute("UPDATE entry SET state = ?", (state,))
    database.close()
    with pytest.raises(MailError, match="already"):
        outbox.add_drafts("may", [draft(BEN), draft(ANNA, message=b"A: b\r\n\r\nother\r\n")])
    assert (states(outbox), outbox.message(1)) == ([state.value], draft(ANNA).message)


@pytest.mark.parametrize("other", [{"zone": "examplia"}, {"snapshot": "2032"}, {"content": "b"}])
def test_a_job_is_about_the_same_figures_for_all(outbox: Outbox, other: dict[str, str]) -> None:
    about = {"zone": "testonia", "snapshot": "2031", "content": "a"}
    outbox.add_drafts("weekly", [draft(ANNA, **about)])
    with pytest.raises(MailError, match="`weekly` holds messages with other figures, of `testonia` 2031"):
        outbox.add_drafts("weekly", [draft(BEN, **about | other)])
    assert len(outbox.entries()) == 1
    outbox.cancel("weekly")
    outbox.add_drafts("weekly", [draft(BEN, **about | other)])
    assert states(outbox) == ["cancelled", "draft"]


def test_a_message_that_is_cancelled_while_it_is_sent_is_not_queued_again(outbox: Outbox) -> None:
    id = sending(outbox)
    assert outbox.cancel(id) == 1
    assert states(outbox) == ["sending"]
    assert outbox.record(id, State.QUEUED, NOW, code=450, words="later") is State.CANCELLED
    assert (states(outbox), outbox.queued()) == (["cancelled"], [])
    assert outbox.entry(id).attempts == (Attempt(1, NOW, State.CANCELLED, 450, "later"),)


@pytest.mark.parametrize(("dotted", "state"), [(False, "cancelled"), (True, "unknown")])
def test_what_a_dead_sender_left_and_somebody_cancelled_is_not_queued(
    outbox: Outbox, dotted: bool, state: str
) -> None:
    id = sending(outbox)
    if dotted:
        outbox.mark_dot(id)
    outbox.cancel("may")
    outbox.recover(NOW)
    assert states(outbox) == [state]


def test_cancelling_is_of_one_attempt_and_does_not_change_what_the_server_said(outbox: Outbox) -> None:
    id = sending(outbox)
    outbox.cancel(id)
    assert outbox.record(id, State.FAILED, NOW) is State.FAILED
    outbox.retry(id)
    outbox.take(id)
    assert outbox.record(id, State.QUEUED, NOW) is State.QUEUED


def test_an_outbox_has_one_place_for_a_sender_whatever_it_is_called(outbox: Outbox, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.sqlite"
    link.parent.mkdir()
    link.symlink_to(outbox.path)
    with Outbox(link) as other, outbox.sole_sender() as alone, other.sole_sender() as alone_too:
        assert (alone, alone_too) == (True, False)
    assert list(link.parent.iterdir()) == [link]
    link.unlink()
    link.symlink_to(link)
    with pytest.raises(MailError, match="cannot be used"):
        Outbox(link)


def test_a_sender_whose_claim_another_took_over_can_neither_end_the_message_nor_say_how_it_ended(
    outbox: Outbox,
) -> None:
    id = sending(outbox)
    with Outbox(outbox.path) as other:
        other.recover(NOW)
        assert other.take(id)
        for act in (lambda: outbox.mark_dot(id), lambda: outbox.record(id, State.QUEUED, NOW)):
            with pytest.raises(MailError, match="not being sent from here"):
                act()
        outbox.abandon(id, NOW, "the run was interrupted")
        assert states(outbox) == ["sending"]
        other.mark_dot(id)
        other.record(id, State.SENT, NOW)


def test_jobs_are_listed_in_the_order_they_were_begun(outbox: Outbox) -> None:
    assert outbox.jobs() == []
    for job, recipient in (("may", ANNA), ("april", ANNA), ("may", BEN)):
        outbox.add_drafts(job, [draft(recipient)])
    assert outbox.jobs() == ["may", "april"]


def test_a_large_outbox_is_read_with_no_more_queries_than_a_small_one(outbox: Outbox) -> None:
    asked: list[list[str]] = []
    for number in (1, 20):
        for id in put(outbox, *(draft(f"p-{number}-{each}@testonia.example") for each in range(number))):
            outbox.take(id)
            outbox.record(id, State.SENT, NOW)
        asked.append([])
        outbox._database.set_trace_callback(asked[-1].append)
        assert [len(entry.attempts) for entry in outbox.entries()] == [1] * len(outbox.entries())
        outbox._database.set_trace_callback(None)
    assert len(asked[0]) == len(asked[1])


def test_a_message_is_kept_with_the_lines_that_smtp_wants(outbox: Outbox) -> None:
    (id,) = outbox.add_drafts("may", [draft(message=b"A: b\n\nc\rd\r\n\ne")])
    assert outbox.message(id) == b"A: b\r\n\r\nc\r\nd\r\n\r\ne\r\n"
    assert outbox.entry(id).size == len(outbox.message(id))


@pytest.mark.parametrize("act", [Outbox.entry, Outbox.message])
def test_a_message_that_is_not_there_is_an_error(outbox: Outbox, act: object) -> None:
    for number in (7, 10**30):
        with pytest.raises(MailError, match=f"no message {number}"):
            act(outbox, number)


def test_a_file_that_is_no_outbox_is_an_error_and_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "outbox.sqlite"
    file.write_bytes(b"these are the notes of Testonia " * 100)
    with pytest.raises(MailError, match="cannot be used"):
        Outbox(file)
    assert file.read_bytes() == b"these are the notes of Testonia " * 100
    with pytest.raises(MailError, match="cannot be used: is a directory"):
        Outbox(tmp_path)


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize(
    "made", ["CREATE TABLE note (words TEXT)", "PRAGMA user_version = 1", "PRAGMA application_id = 9"]
)
def test_another_programs_database_is_an_error_and_stays_as_it_is(
    tmp_path: Path, made: str, create: bool
) -> None:
    file = tmp_path / "notes.sqlite"
    with sqlite3.connect(file) as database:
        database.execute(made)
    database.close()
    before = file.read_bytes()
    with pytest.raises(MailError, match=r"notes.sqlite: is not an outbox"):
        Outbox(file, create=create)
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (before, [file])


def test_an_outbox_is_only_made_where_something_is_to_be_added(tmp_path: Path) -> None:
    file = tmp_path / "outbox.sqlite"
    with pytest.raises(MailError, match="cannot be used: no such file"):
        Outbox(file, create=False)
    assert list(tmp_path.iterdir()) == []
    file.touch()
    with pytest.raises(MailError, match="is not an outbox"):
        Outbox(file, create=False)
    assert file.read_bytes() == b""
    with Outbox(file) as outbox:
        outbox.add_drafts("may", [draft()])
    with Outbox(file, create=False) as outbox:
        assert states(outbox) == ["draft"]


def test_an_outbox_of_a_later_version_is_left_alone(outbox: Outbox) -> None:
    outbox.close()
    with sqlite3.connect(outbox.path) as database:
        database.execute("PRAGMA user_version = 9")
    database.close()
    with pytest.raises(MailError, match="version 9, expected 1"):
        Outbox(outbox.path)
