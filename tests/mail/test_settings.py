"""The settings of the mail server: safe by default, from file and environment, and the password from neither."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from zonereport.errors import MailError
from zonereport.mail.settings import read_server

HOST = {"host": "mail.testonia.example"}


def test_a_host_is_enough_and_tls_is_required() -> None:
    server = read_server(HOST, {})
    assert (server.host, server.port, server.security, server.user) == (HOST["host"], 587, "starttls", "")
    assert (server.rate, server.deadline, server.timeout, server.ca_file) == (60, 3600, 600, None)


def test_every_key_is_read() -> None:
    table = HOST | {"port": 2525, "security": "implicit", "user": "office", "rate": 0, "deadline": 60}
    table |= {
        "timeout": 9,
        "ca-file": "own.pem",
        "local-hostname": "desk.example",
        "max-size": 7,
        "from": "x",
    }
    server = read_server(table, {})
    assert (server.port, server.security, server.user, server.rate) == (2525, "implicit", "office", 0)
    assert (server.deadline, server.timeout, server.max_size) == (60, 9, 7)
    assert (server.ca_file, server.local_hostname) == (Path("own.pem"), "desk.example")


@pytest.mark.parametrize(("security", "port"), [("implicit", 465), ("starttls", 587)])
def test_each_way_has_its_usual_port(security: str, port: int) -> None:
    assert read_server(HOST | {"security": security}, {}).port == port


def test_the_environment_comes_before_the_file() -> None:
    environment = {"ZONEREPORT_SMTP_HOST": "other.example", "ZONEREPORT_SMTP_PORT": "26"}
    environment |= {"ZONEREPORT_SMTP_MAX_SIZE": "8", "ZONEREPORT_SMTP_USER": ""}
    server = read_server(HOST | {"user": "office"}, environment)
    assert (server.host, server.port, server.max_size, server.user) == ("other.example", 26, 8, "office")


def test_a_chinese_host_is_asked_for_in_ascii() -> None:
    assert read_server({"host": "邮件.example"}, {}).host.startswith("xn--")


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no host": ({}, "no mail server is configured"),
    "port 0": (HOST | {"port": 0}, "`mail.port`: expected a whole number from 1 to 65535"),
    "port as a float": (HOST | {"port": 25.0}, "`mail.port`: expected a whole number"),
    "port as yes": (HOST | {"port": True}, "`mail.port`: expected a whole number"),
    "port in words": (HOST | {"port": "smtp"}, "`mail.port`: expected a whole number"),
    "endless": (HOST | {"deadline": 10**9}, "`mail.deadline`: expected a whole number from 1 to 86400"),
    "optional TLS": (HOST | {"security": "opportunistic"}, "expected one of `starttls`, `implicit`, `plain`"),
    "plain to elsewhere": (HOST | {"security": "plain"}, "`plain` is for this machine only"),
    "host with a line break": ({"host": "a.example\nb"}, "`mail.host`: expected a text on one line"),
    "host as an address": ({"host": "smtp://a.example"}, "`mail.host`: expected the name"),
    "name with a line break": (HOST | {"user": "a\r\nb"}, "`mail.user`: expected a text on one line"),
    "host with its port": ({"host": "a.example:587"}, "hint: the port stands apart, as `port`"),
    "address with its port": ({"host": "[::1]:25"}, "`mail.host`: expected the name"),
    "host with an empty label": ({"host": "a..example"}, "`mail.host`: `a..example` is not a domain"),
    "EHLO with a space": (HOST | {"local-hostname": "a b"}, "`mail.local-hostname`: expected the name"),
}


@pytest.mark.parametrize(("table", "message"), WRONG.values(), ids=WRONG)
def test_what_does_not_hold_is_said_with_its_key(table: dict[str, Any], message: str) -> None:
    with pytest.raises(MailError) as error:
        read_server(table, {})
    assert message in error.value.describe()


@pytest.mark.parametrize("key", ["password", "Passwd", "smtp-password", "client-secret", "token"])
def test_a_password_in_the_file_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(MailError) as error:
        read_server(HOST | {key: "correct-horse-9"}, {})
    assert f"`mail.{key}`: no password stands in a file" in error.value.describe()
    assert "ZONEREPORT_SMTP_PASSWORD" in error.value.describe()
    assert "correct-horse" not in error.value.describe()


def test_an_address_with_colons_is_a_host() -> None:
    assert read_server({"host": "2001:db8::1"}, {}).host == "2001:db8::1"


def test_a_chinese_name_of_this_machine_is_said_in_ascii() -> None:
    assert read_server(HOST | {"local-hostname": "邮件.example"}, {}).local_hostname.startswith("xn--")


def test_a_password_that_is_not_utf_8_is_refused_and_not_repeated() -> None:
    server = read_server(HOST | {"user": "office"}, {"ZONEREPORT_SMTP_PASSWORD": "horse\udce9"})
    with pytest.raises(MailError, match="the password is not UTF-8") as error:
        server.password.reveal()
    assert "horse" not in error.value.describe()
    assert error.value.__suppress_context__


def keyring(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    monkeypatch.setitem(sys.modules, "keyring", answer and SimpleNamespace(get_password=answer))


def test_the_keyring_is_asked_when_the_password_is_used_and_not_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, str]] = []
    keyring(monkeypatch, lambda *names: asked.append(names) or "correct-horse-9")
    server = read_server(HOST | {"user": "office"}, {})
    assert asked == []
    assert server.password.reveal() == "correct-horse-9"
    assert asked == [("zonereport", "office@mail.testonia.example")]
    assert read_server(HOST, {"ZONEREPORT_SMTP_PASSWORD": "other"}).password.reveal() == "other"
    assert len(asked) == 1


def failing(*_: str) -> str:
    raise RuntimeError("the password is correct-horse-9")


@pytest.mark.parametrize(
    "answer", [None, lambda *_: None, failing], ids=["not installed", "empty", "failing"]
)
def test_without_a_password_it_is_said_where_to_put_one(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    keyring(monkeypatch, answer)
    with pytest.raises(MailError) as error:
        read_server(HOST | {"user": "office"}, {}).password.reveal()
    assert "set `ZONEREPORT_SMTP_PASSWORD`" in error.value.describe()
    assert "correct-horse" not in error.value.describe()
