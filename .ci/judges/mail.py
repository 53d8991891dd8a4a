"""Judge the sending of mail by a real server: Exim on this machine, with TLS and a password, into a maildir.

usage: mail.py

It needs no samples: the messages are its own.
"""

from __future__ import annotations

import mailbox
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from grp import getgrgid
from pathlib import Path
from pwd import getpwuid
from typing import TYPE_CHECKING

import trustme
from common import need, verdict

from zonereport.mail.envelope import Envelope
from zonereport.mail.outbox import Draft, Outbox, State
from zonereport.mail.sending import send
from zonereport.mail.settings import Secret, Server
from zonereport.mail.transport import UnreachableError, check

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"
USER, PASSWORD = "testonia", "correct-horse-9"
SENDER = "office@testonia.example"
UNPRIVILEGED = "Debian-exim"
"""Whom Exim runs as if this runs as root; else it runs as who runs this."""
PATIENCE = 30

CONFIGURATION = """
primary_hostname = localhost
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/exim.pid
local_interfaces = {host}
daemon_smtp_ports = {port}
tls_advertise_hosts = *
tls_certificate = {folder}/certificate.pem
tls_privatekey = {folder}/certificate.pem
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
message_size_limit = 5M
deliver_drop_privilege = true
smtp_accept_max_per_connection = 5
acl_smtp_rcpt = recipients
keep_environment =
exim_user = {owner}
exim_group = {group}
admin_groups = {group}

begin acl
recipients:
  deny message = sign in first
       !authenticated = *
  accept domains = testonia.example
  deny message = relay not permitted

begin routers
here:
  driver = accept
  transport = maildir

begin transports
maildir:
  driver = appendfile
  directory = {folder}/mail
  maildir_format
  envelope_to_add

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{{user}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
"""


def main() -> None:
    os.environ["PATH"] += ":/usr/sbin"  # where Debian has it, and users do not look
    program = need("exim4", "exim4-daemon-light")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running(program, folder / "exim") as server, Outbox(folder / "outbox.sqlite") as outbox:
            drafts = messages()
            faults = [*refusals(server), *sending_faults(server, outbox, drafts)]
            faults += delivery_faults(drafts[:-1], arrived(folder / "exim/mail", len(drafts) - 1))
            if faults:
                print(log(folder / "exim"), file=sys.stderr)
    verdict("mail", len(drafts), faults)


@contextmanager
def running(program: str, folder: Path) -> Iterator[Server]:
    """Run Exim in the foreground from a configuration of its own; give its settings."""
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    authority, authority_file = trustme.CA(), folder.parent / "authority.pem"
    authority.cert_pem.write_to_path(str(authority_file))
    (folder / "spool").mkdir(parents=True)
    authority.issue_cert(HOST).private_key_and_cert_chain_pem.write_to_path(str(folder / "certificate.pem"))
    as_root = os.getuid() == 0
    owner = UNPRIVILEGED if as_root else getpwuid(os.getuid()).pw_name
    group = UNPRIVILEGED if as_root else getgrgid(os.getgid()).gr_name
    words = {"folder": folder, "host": HOST, "port": port, "user": USER, "password": PASSWORD}
    (folder / "exim.conf").write_text(CONFIGURATION.format(**words, owner=owner, group=group), "utf-8")
    if as_root:
        folder.parent.chmod(0o711)
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, owner, group)
    # started by whom it runs as, Exim gives up all privilege because the configuration is not the system's
    command = [program, "-C", str(folder / "exim.conf"), "-bdf"]
    as_whom = {"user": owner, "group": group, "extra_groups": [group]} if as_root else {}
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, **as_whom) as process:
        try:
            wait_for(port, process, folder)
            yield Server(
                HOST, port, user=USER, password=Secret(lambda: PASSWORD), ca_file=authority_file, rate=0
            )
        finally:
            process.terminate()


def wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    sys.exit(f"mail: exim does not start:\n{log(folder)}")


def log(folder: Path) -> str:
    return "".join(path.read_text("utf-8", "replace") for path in sorted(folder.glob("*log")))


def messages() -> list[Draft]:
    """Return messages that a server could spoil, and one that it must refuse."""
    large = random.Random(1).randbytes(2_000_000)
    return [
        drafted(
            "a",
            "试验国创新区简报：2031年",
            "试验国的数字。\n" * 20,
            "试验国创新区2031年简报（最终版）.pdf",
            large,
        ),
        drafted("b", "Lines of dots", ".\n..\n.a\n\n.\n", "points.csv", b".\r\n.\r\n"),
        drafted("c", "Ünïcode — für Müller", "Größe: 5 km²\n", "Übersicht für März.docx", b"\0\1\2"),
        *(drafted(f"person-{number}", f"Testonia {number}", "The figures.\n") for number in range(12)),
        drafted("d", "Elsewhere", "Not to be sent.\n", to="d@elsewhere.example"),
    ]


def drafted(name: str, subject: str, text: str, file: str = "", data: bytes = b"", to: str = "") -> Draft:
    message = EmailMessage(policy=SMTP)
    recipient = to or f"{name}@testonia.example"
    message_id = f"<{name}@office.testonia.example>"
    for header, value in (
        ("From", SENDER),
        ("To", recipient),
        ("Subject", subject),
        ("Message-ID", message_id),
    ):
        message[header] = value
    message["Date"] = datetime(2031, 5, 4, tzinfo=UTC)
    message.set_content(text)
    if file:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=file)
    return Draft(Envelope(SENDER, recipient), message.as_bytes(), message_id, subject)


def refusals(server: Server) -> Iterator[str]:
    """Yield what goes wrong with a server that takes us, and with one that does not."""
    welcome = check(server, clock=time.monotonic)
    print(f"mail: Exim speaks {welcome.tls}, takes {welcome.max_size:,} bytes")
    if not welcome.tls or not welcome.signed_in:
        yield f"expected TLS and a sign-in, found {welcome}"
    for what, wrong, words in (
        (
            "a wrong password",
            replace(server, password=Secret(lambda: "nobody-knows-7")),
            "signing in is refused: 535",
        ),
        ("an unknown authority", replace(server, ca_file=None), "certificate does not hold"),
    ):
        try:
            check(wrong, clock=time.monotonic)
            yield f"{what} is taken"
        except UnreachableError as error:
            if words not in str(error):
                yield f"{what}: expected `{words}`, found `{error}`"


def sending_faults(server: Server, outbox: Outbox, drafts: list[Draft]) -> Iterator[str]:
    """Yield what the outbox says otherwise than expected; a second run has nothing to do."""
    outbox.add_drafts("may", drafts)
    outbox.queue("may")
    options = {"clock": time.monotonic, "sleep": time.sleep, "jitter": random.random, "first_wait": 0.1}
    summary = send(outbox, server, now=lambda: datetime.now(UTC), **options)
    again = send(outbox, server, now=lambda: datetime.now(UTC), **options)
    if summary.stopped or summary.left or again.sent:
        yield f"expected one whole run, found {summary} and {again}"
    for entry in outbox.entries():
        expected = State.FAILED if entry.recipient.endswith("@elsewhere.example") else State.SENT
        last = entry.attempts[-1] if entry.attempts else None
        if entry.state is not expected or not last or last.code != (250 if expected is State.SENT else 550):
            yield f"{entry.recipient}: expected {expected}, found {entry.state}: {last}"
    print(f"mail: {len(summary.sent)} sent, {len(summary.failed)} refused: {last and last.words}")


def arrived(folder: Path, count: int) -> list[EmailMessage]:
    """Return what is in the maildir once that many have come, and what has come too much."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and len(list(folder.glob("new/*"))) < count:
        time.sleep(0.05)
    time.sleep(0.5)
    if not folder.is_dir():
        return []
    reader = mailbox.Maildir(folder, create=False)
    return [message_from_bytes(reader.get_bytes(key), policy=default) for key in reader.iterkeys()]


def delivery_faults(drafts: list[Draft], found: list[EmailMessage]) -> Iterator[str]:
    """Yield every message that did not arrive once and whole."""
    if len(found) != len(drafts):
        yield f"expected {len(drafts)} messages, found {len(found)}"
    by_id = {message["Message-ID"]: message for message in found}
    for draft in drafts:
        sent, got = message_from_bytes(draft.message, policy=default), by_id.get(draft.message_id)
        if got is None:
            yield f"{draft.envelope.recipient}: nothing arrived"
        elif readable(got) != readable(sent) or got["Envelope-To"] != draft.envelope.recipient:
            yield f"{draft.envelope.recipient}: arrived otherwise than sent"


def readable(message: EmailMessage) -> list[object]:
    """Return what a reader sees: subject, text, and each attachment with its name."""
    text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    files = [(part.get_filename(), part.get_content()) for part in message.iter_attachments()]
    return [message["Subject"], message["From"], message["To"], text, files]


if __name__ == "__main__":
    main()
