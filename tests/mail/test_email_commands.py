"""Email from the command line: drafts, a look, sending over TCP, and what a hurried user gets wrong."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from listening import aiosmtpd
from posting import PASSWORD, USER, authority

from zonereport.api import compose, load, render
from zonereport.errors import MailError
from zonereport.mail.outbox import Outbox, State
from zonereport.zone.reading import find_zone

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

SETTINGS = """\
[mail]
sender = "样例园区科技局 <office@testonia.example>"
reply-to = "desk@testonia.example"
unsubscribe = "mailto:stop@testonia.example"
host = "127.0.0.1"
user = "{user}"
ca-file = "authority.pem"
deadline = {deadline}
rate = 0
port = {port}
"""


@pytest.fixture(autouse=True)
def _office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with an office's settings, of a server that is not there unless a test starts one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZONEREPORT_SMTP_PASSWORD", PASSWORD)
    authority().cert_pem.write_to_path("authority.pem")
    settle(1)


def settle(port: int, **others: str) -> None:
    lines = "".join(f'{key} = "{value}"\n' for key, value in others.items())
    Path("zonereport.toml").write_text(
        SETTINGS.format(user=USER, port=port, deadline=20 if port > 1 else 2) + lines, "utf-8"
    )


def lose(outbox: Outbox, id: int) -> None:
    """Make a queued message one of which nobody knows whether it arrived."""
    assert outbox.take(id)
    outbox.mark_dot(id)
    outbox.record(id, State.UNKNOWN, datetime(2002, 12, 31, tzinfo=UTC), words="the line was cut")


def draft(run: Run, *arguments: object) -> str:
    """Draft a message about the bundled zone and return the job's name."""
    code, out, err = run("email", "compose", "baotou-2022", "--to", "anna@testonia.example", *arguments)
    assert code == 0, err
    return out.strip()


def test_a_hundred_recipients_get_what_was_drafted_each_in_a_language_of_their_own(run: Run) -> None:
    languages = ("en", "zh", "de")
    with Path("people.csv").open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["姓名", "邮箱", "语言", "格式"])
        rows.writerows(
            [f"王小明{n}", f"wang{n}@testonia.example", languages[n % 3], "pdf,docx" if n % 2 else "pdf"]
            for n in range(100)
        )
    code, out, _ = run("email", "compose", "baotou-2022", "--recipients", "people.csv")
    assert code == 0
    with aiosmtpd() as (mailboxes, port):
        settle(port)
        code, said, err = run("email", "send", out.strip())
        assert (code, said, err) == (0, "100 sent, 0 failed, 0 unknown, 0 left\n", "")
        assert run("email", "send", out.strip())[1] == "0 sent, 0 failed, 0 unknown, 0 left\n"
    assert [to for to, _ in mailboxes.arrived] == [[f"wang{n}@testonia.example"] for n in range(100)]
    briefings = {code: compose(load("baotou-2022"), language=code) for code in languages}
    files = {code: render(briefing, "pdf") for code, briefing in briefings.items()}
    for n, (_, data) in enumerate(mailboxes.arrived):
        message = message_from_bytes(data, policy=policy.default)
        language = languages[n % 3]
        assert message["To"].addresses[0].display_name == f"王小明{n}"
        assert message["From"].addresses[0].display_name == "样例园区科技局"
        assert message["Content-Language"].startswith(language)
        assert message["Auto-Submitted"] == "auto-generated"
        attached = list(message.iter_attachments())
        names = [part.get_filename() for part in attached]
        assert len(names) == 1 + n % 2
        assert names[0] == (
            "包头稀土高新区-2022-简报.pdf" if language == "zh" else f"baotou-2022-briefing-{language}.pdf"
        )
        assert attached[0].get_payload(decode=True) == files[language]
        page, text = (message.get_body((kind,)).get_content() for kind in ("html", "plain"))
        for said in ("158", "1,057" if language == "en" else "1057" if language == "zh" else "1.057"):
            assert said in page
            assert said in text
        pictures = {part["Content-ID"].strip("<>") for part in message.walk() if part["Content-ID"]}
        assert set(re.findall(r"cid:([^\"']+)", page)) == pictures
        assert pictures


def test_a_draft_is_seen_before_it_is_sent(run: Run) -> None:
    job = draft(run, "--lang", "zh", "--attach", "pdf,docx")
    (path,) = run("email", "preview", job, "--no-browser", "-o", "look")[1].splitlines()
    page = Path(path).read_text("utf-8")
    for said in (
        "样例园区科技局",
        "anna@testonia.example",
        "包头稀土高新区-2022-简报.docx",
        "data:image/png;base64,",
    ):
        assert said in page
    assert "cid:" not in page
    (path,) = run("email", "preview", job, "--eml", "-o", "look")[1].splitlines()
    assert message_from_bytes(Path(path).read_bytes(), policy=policy.default)["To"] == "anna@testonia.example"


def test_composing_again_replaces_drafts_and_adds_who_is_new_and_nobody_is_written_to_twice(run: Run) -> None:
    job = draft(run, "--attach", "html")
    everybody = ("--to", "Anna@TESTONIA.example", "--to", "ben@testonia.example")
    code, out, err = run("email", "compose", "baotou-2022", *everybody, "--attach", "docx")
    assert (code, out.strip()) == (0, job)
    assert f"2 drafted; next: `zonereport email preview {job}`, then `zonereport email send {job}`" in err
    run("email", "preview", job, "--eml", "-o", "look")
    for path in Path("look").glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert [part.get_filename() for part in message.iter_attachments()] == [
            "baotou-2022-briefing-en.docx"
        ]
    with aiosmtpd() as (mailboxes, port):
        settle(port)
        assert run("email", "send", job)[0] == 0
        code, out, err = run("email", "compose", "baotou-2022", *everybody)
        assert (code, out.strip()) == (0, job)
        assert "Anna@testonia.example has a message of this job already: 1, sent" in err
        assert err.splitlines()[-1] == "zonereport: nothing is drafted"
        assert run("email", "send", job)[0] == 0
    assert len(mailboxes.arrived) == 2


def test_what_was_cancelled_can_be_drafted_again(run: Run) -> None:
    job = draft(run, "--attach", "html")
    assert run("email", "cancel", job)[1] == "1 cancelled\n"
    assert draft(run, "--attach", "html") == job
    (entry,) = json.loads(run("email", "status", job, "--json")[1])
    assert entry["state"] == "draft"


def test_a_job_that_was_sent_holds_no_other_figures(run: Run) -> None:
    draft(run, "--attach", "html", "--job", "weekly")
    with aiosmtpd() as (_, port):
        settle(port)
        assert run("email", "send", "weekly")[0] == 0
    code, out, err = run(
        "email", "compose", "baotou-2021", "--to", "anna@testonia.example", "--job", "weekly", "-q",
        "--keep", "--archive", "kept",
    )  # fmt: skip
    assert (code, out) == (1, "")
    assert "the job `weekly` has messages about `baotou` 2022" in err
    assert "hint: give another name by `--job`" in err
    assert not Path("kept").exists()


@pytest.mark.parametrize("job", ["12", "", " ", "a\nb", "-x", " weekly", "a\u202eb"])
def test_a_job_gets_no_name_that_no_command_could_be_given(run: Run, job: str) -> None:
    code, out, err = run("email", "compose", "--to", "a@testonia.example", f"--job={job}")
    assert (code, out) == (2, "")
    assert "is no name for a job" in err


def test_who_gets_other_zones_is_told_and_a_name_in_place_of_an_id_is_seen(run: Run) -> None:
    Path("people.csv").write_text(
        "address,zones\na@testonia.example,baotou-2022\nb@testonia.example,examplia\n"
        "c@testonia.example,baotou\n"
    )
    code, out, err = run("email", "compose", "baotou-2022", "--recipients", "people.csv", "--json")
    said = json.loads(out)
    assert (code, said["drafted"]) == (0, 1)
    assert said["skipped"] == [
        {
            "recipient": "a@testonia.example",
            "reason": "gets `baotou-2022` alone; did you mean `baotou`?",
        },
        {"recipient": "b@testonia.example", "reason": "gets `examplia` alone"},
    ]
    assert "a@testonia.example gets `baotou-2022` alone; did you mean `baotou`?" in err


def test_nothing_is_kept_that_could_not_be_drafted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise MailError("refused")

    monkeypatch.setattr(Outbox, "add_drafts", refuse)
    asked = ("--to", "a@testonia.example", "--attach", "html", "--keep", "--archive", "kept")
    assert run("email", "compose", "baotou-2022", *asked)[::2] == (1, "zonereport: refused\n")
    assert not Path("kept").exists()


def test_who_is_named_twice_gets_one_message(run: Run) -> None:
    twice = ("--to", "a@testonia.example", "--to", "A@testonia.example")
    code, out, err = run("email", "compose", "baotou-2022", *twice, "--attach", "html", "--json")
    assert (code, json.loads(out)["drafted"]) == (0, 1)
    assert "is named more than once, and gets one message" in err


def test_only_whom_the_figures_are_new_to_get_them_with_if_changed(run: Run, tmp_path: Path) -> None:
    job = draft(run, "--attach", "html")
    with aiosmtpd() as (_, port):
        settle(port)
        assert run("email", "send", job)[0] == 0
    _, out, err = run(
        "email", "compose", "baotou-2022", "--to", "anna@testonia.example", "--job", "again", "--if-changed", "--json"
    )  # fmt: skip
    assert json.loads(out)["drafted"] == 0
    assert "has these figures already" in err
    code, out, _ = run(
        "email", "compose", "baotou-2021", "--to", "anna@testonia.example", "--attach", "html", "--if-changed", "--json"
    )  # fmt: skip
    assert (code, json.loads(out)["drafted"]) == (0, 1)


def test_what_may_have_arrived_is_no_news_whatever_the_jobs_name(run: Run) -> None:
    job = draft(run, "--attach", "html")
    again = ("baotou-2022", "--to", "anna@testonia.example", "--if-changed", "--attach", "html", "--job", "b")
    assert "has a draft with these figures already: 1, draft" in run("email", "compose", *again)[2]
    with Outbox(Path("output/outbox.sqlite")) as outbox:
        outbox.queue(job)
        assert "gets these figures already: 1, queued" in run("email", "compose", *again)[2]
        lose(outbox, 1)
    _, out, _ = run("email", "compose", *again, "--json")
    assert json.loads(out)["skipped"] == [
        {"recipient": "anna@testonia.example", "reason": "may have these figures already: 1, unknown"}
    ]


def test_figures_that_come_back_are_news_again(run: Run) -> None:
    jobs = []
    with aiosmtpd() as (mailboxes, port):
        settle(port)
        for zone in ("baotou-2022", "baotou-2021", "baotou-2022", "baotou-2022", "baotou-2021"):
            source = Path(find_zone(zone)).read_text("utf-8").replace("snapshot = 2021", "snapshot = 2022")
            Path("zone.toml").write_text(source, "utf-8")
            asked = ("zone.toml", "--to", "anna@testonia.example", "--attach", "html", "--if-changed")
            code, out, _ = run("email", "compose", *asked)
            assert code == 0
            jobs.append(out.strip())
            assert run("email", "send", out.strip())[0] == 0
    first, second = jobs[:2]
    assert jobs == [first, second, f"{first}-2", f"{first}-2", f"{second}-2"]
    assert len(mailboxes.arrived) == 4


def test_a_draft_for_if_changed_is_replaced_like_any_other(run: Run) -> None:
    job = draft(run, "--attach", "html", "--if-changed")
    assert draft(run, "--attach", "docx", "--if-changed") == job
    assert json.loads(run("email", "status", "--json")[1])[0]["state"] == "draft"


def test_a_condition_that_does_not_hold_drafts_nothing_and_says_why(run: Run) -> None:
    code, out, err = run(
        "email", "compose", "baotou-2022", "--to", "anna@testonia.example", "--json",
        "--condition", "achievements-applied > 600",
    )  # fmt: skip
    assert (code, json.loads(out)["drafted"]) == (0, 0)
    assert "nothing is drafted: " in err
    assert "next:" not in err
    assert "more than 500" in json.loads(out)["reason"]
    job = json.loads(out)["job"]
    assert run("email", "send", job)[:2] == (0, "0 sent, 0 failed, 0 unknown, 0 left\n")
    assert run("email", "preview", job)[0] == 2


def test_what_is_sent_can_be_archived_with_the_very_bytes(run: Run) -> None:
    job = draft(run, "--keep", "--archive", "kept")
    run("email", "preview", job, "--eml", "-o", "look")
    message = message_from_bytes(Path("look/message-1.eml").read_bytes(), policy=policy.default)
    (attached,) = message.iter_attachments()
    kept = Path("kept/baotou/2022-e01/data/en/baotou-2022-briefing-en.pdf").read_bytes()
    assert attached.get_payload(decode=True) == kept


def test_what_was_not_sent_is_said_with_the_servers_words_and_can_be_tried_again(run: Run) -> None:
    job = draft(run, "--attach", "html")
    code, out, err = run("email", "send", job)
    assert code == 4
    assert "connection refused" in err
    assert out.splitlines()[-1] == "0 sent, 0 failed, 0 unknown, 1 left"
    with aiosmtpd(data_size_limit=1000) as (_, port):
        settle(port)
        code, out, _ = run("email", "send")
        assert (code, out.splitlines()[-1]) == (4, "0 sent, 1 failed, 0 unknown, 0 left")
    assert run("email", "retry", job)[1] == "1 queued again\n"
    assert run("email", "cancel", "1")[1] == "1 cancelled\n"
    assert json.loads(run("email", "status", job, "--json")[1])[0]["state"] == "cancelled"


def test_drafts_are_not_sent_before_their_job_is_named(run: Run) -> None:
    draft(run, "--attach", "html")
    code, out, err = run("email", "send")
    assert (code, out) == (0, "0 sent, 0 failed, 0 unknown, 0 left\n")
    assert "1 drafts wait to be looked at" in err
    assert json.loads(run("email", "send", "--json")[1])["drafts"] == 1
    code, out, err = run("email", "send", "")
    assert (code, out) == (2, "")
    assert "the name of the job is empty" in err


def test_as_long_as_a_message_of_the_job_is_not_sent_the_code_says_so(run: Run) -> None:
    job = draft(run, "--attach", "html")
    with aiosmtpd(data_size_limit=1000) as (_, port):
        settle(port)
        assert run("email", "send", job)[0] == 4
    with aiosmtpd() as (_, port):
        settle(port)
        code, out, _ = run("email", "send", job)
        assert (code, out.splitlines()[-1]) == (4, "0 sent, 1 failed, 0 unknown, 0 left")
        run("email", "retry", job)
        assert run("email", "send", job)[:2] == (0, "1 sent, 0 failed, 0 unknown, 0 left\n")


def test_what_may_have_arrived_goes_again_only_if_it_is_named_and_then_at_once(run: Run) -> None:
    first = draft(run, "--attach", "html", "--job", "first")
    second = draft(run, "--attach", "html", "--job", "second")
    with Outbox(Path("output/outbox.sqlite")) as outbox:
        outbox.queue(first)
        lose(outbox, 1)
        with aiosmtpd() as (mailboxes, port):
            settle(port)
            assert run("email", "send", first)[0] == 4
            assert run("email", "send", second, "--resend-unknown", "1")[:2] == (
                0, "2 sent, 0 failed, 0 unknown, 0 left\n"
            )  # fmt: skip
    assert len(mailboxes.arrived) == 2


def test_after_a_kill_one_run_sends_again_what_is_named(run: Run) -> None:
    job = draft(run, "--attach", "html")
    with Outbox(Path("output/outbox.sqlite")) as outbox:
        outbox.queue(job)
        assert outbox.take(1)
        outbox.mark_dot(1)
    with aiosmtpd() as (mailboxes, port):
        settle(port)
        code, out, _ = run("email", "send", "--resend-unknown", "1")
        assert (code, out) == (0, "1 sent, 0 failed, 0 unknown, 0 left\n")
    assert len(mailboxes.arrived) == 1


def test_who_interrupts_sending_hears_how_far_it_came(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    job = draft(run, "--attach", "html")
    monkeypatch.setattr("zonereport.mail.sending.Session", interrupt)
    code, out, err = run("email", "send", job)
    assert (code, out) == (130, "")
    assert "zonereport: 0 sent, 0 failed, 0 unknown, 1 left\n" in err


def test_what_is_being_sent_is_named_when_it_is_cancelled(run: Run) -> None:
    job = draft(run, "--attach", "html", "--to", "ben@testonia.example")
    with Outbox(Path("output/outbox.sqlite")) as outbox:
        outbox.queue(job)
        assert outbox.take(1)
        code, out, err = run("email", "cancel", job)
        assert (code, out) == (0, "1 cancelled\n")
        assert "1 to anna@testonia.example is being sent" in err
        assert outbox.record(1, State.QUEUED, datetime(2002, 12, 31, tzinfo=UTC)) is State.CANCELLED


def test_a_message_above_the_offices_own_size_goes_with_a_link(run: Run) -> None:
    (whole,) = json.loads(run("email", "status", draft(run), "--json")[1])
    with Path("zonereport.toml").open("a") as file:
        file.write(f'max-size = {whole["size"] - 1}\nlink = "https://testonia.example/briefing"\n')
    (smaller,) = json.loads(run("email", "status", draft(run), "--json")[1])
    assert smaller["size"] < whole["size"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sender", "Office"),
        ("reply-to", "desk@"),
        ("bounces", "a b@testonia.example"),
        ("unsubscribe", "stop"),
    ],
)
def test_an_address_that_does_not_hold_is_named_by_file_and_key(run: Run, key: str, value: str) -> None:
    text = re.sub(f"(?m)^{key} = .*\n", "", Path("zonereport.toml").read_text("utf-8"))
    Path("zonereport.toml").write_text(f'{text}{key} = "{value}"\n', "utf-8")
    code, out, err = run("email", "compose", "--to", "a@testonia.example")
    assert (code, out) == (1, "")
    assert f"zonereport.toml: mail.{key}: `{value}`" in err
    assert "hint: expected " in err


def by_the_clock(which: str, folder: Path) -> tuple[list[str], dict[str, str]]:
    """Return the shell commands of an example of the page, and the environment that its scheduler gives."""
    page = (Path(__file__).parents[2] / "docs/email.md").read_text("utf-8")
    environment = {"PATH": f"{folder}/bin:/usr/bin:/bin", "PYTHONPATH": os.pathsep.join(sys.path)}
    if which == "cron":
        lines = re.findall(r"^(?:[\d*-]+ ){2}\* \* 1-5  (.*)$", page, re.MULTILINE)
        return [line.replace("/srv/bureau", str(folder)) for line in lines], environment
    command = re.findall(r"^ExecStart=/bin/sh -c '(.*)'$", page, re.MULTILINE)
    return [one.replace("$$", "$") for one in command], {**environment, "CREDENTIALS_DIRECTORY": str(folder)}


@pytest.mark.parametrize(("which", "commands"), [("cron", 2), ("systemd", 1)])
def test_the_pages_lines_for_a_scheduler_send_what_is_new_and_nothing_else(
    tmp_path: Path, which: str, commands: int
) -> None:
    Path("bin").mkdir()
    Path("bin/zonereport").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m zonereport "$@"\n')
    Path("bin/zonereport").chmod(0o755)
    Path("smtp").write_text(PASSWORD)
    Path("smtp.env").write_text(f"export ZONEREPORT_SMTP_PASSWORD='{PASSWORD}'\n")
    Path("people.csv").write_text("address,formats\nanna@testonia.example,html\n")
    zone = Path(find_zone("baotou-2021")).read_text("utf-8")
    lines, environment = by_the_clock(which, tmp_path)
    assert len(lines) == commands

    def run_all() -> list[tuple[int, int]]:
        found = []
        for line in lines:
            ran = subprocess.run(["/bin/sh", "-c", line], env=environment, capture_output=True, check=False)
            found.append((ran.returncode, len(mailboxes.arrived)))
        return found

    with aiosmtpd() as (mailboxes, port):
        settle(port)
        Path("zone.toml").write_text(zone, "utf-8")
        assert run_all() == [(0, 1)] * commands
        assert run_all() == [(0, 1)] * commands
        Path("zone.toml").write_text("format = 1\n", "utf-8")
        assert run_all()[0] == (1, 1)


def test_check_tries_the_server_and_sends_nothing(run: Run) -> None:
    with aiosmtpd() as (mailboxes, port):
        settle(port)
        code, out, _ = run("email", "check", "--json")
    assert (code, json.loads(out)["signed_in"], mailboxes.arrived) == (0, True, [])


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["compose", "baotou-2022"], 2, 'name them by `--to "Name <a@b>"` or `--recipients FILE`'),
        (["compose", "baotou-2022", "--to", "anna"], 1, "anna"),
        (["compose", "baotou-2202", "--to", "a@testonia.example"], 2, "did you mean `baotou-2"),
        (["compose", "baotou-2022", "--to", "a@testonia.example", "--attach", "pfd"], 2, "did you mean `pdf`?"),
        (["compose", "baotou-2022", "--to", "a@testonia.example", "--condition", "patnts > 3"], 2, "`patnts`"),
        (["compose", "--recipients", "lost.csv"], 1, "lost.csv: no such file"),
        (["preview", "nowhere"], 2, "there is no outbox at `output/outbox.sqlite`"),
        (["status"], 2, "`email compose` makes one"),
        (["send", "weekly"], 2, "`email compose` makes one"),
        (["check"], 1, "connection refused"),
    ],
)  # fmt: skip
def test_a_hurried_user_gets_one_clear_message(
    run: Run, arguments: list[str], code: int, message: str
) -> None:
    found, out, err = run("email", *arguments)
    assert (found, out, message in err) == (code, "", True), err
    assert "Traceback" not in err
    assert not Path("output").exists()


@pytest.mark.parametrize("which", ["9" * 5000, "9" * 18, "7", "nowhere", "１"])
def test_what_is_not_in_the_outbox_is_said_with_what_is(run: Run, which: str) -> None:
    job = draft(run, "--attach", "html")
    code, out, err = run("email", "status", which)
    assert (code, out) == (2, "")
    assert "there is no job and no message" in err
    assert f"hint: there are {job}" in err


def test_without_a_sender_nothing_is_drafted(run: Run) -> None:
    Path("zonereport.toml").unlink()
    code, _, err = run("email", "compose", "--to", "a@testonia.example")
    assert code == 2
    assert "nobody is named as the sender" in err


def test_a_password_in_the_file_is_refused_and_not_repeated(run: Run) -> None:
    settle(1, password="let-me-in-7")
    code, _, err = run("email", "compose", "--to", "a@testonia.example")
    assert code == 1
    assert "mail.password: no password stands in a file" in err
    assert "let-me-in" not in err
