"""DKIM: what a receiver checks holds, and what was changed on the way does not."""

from __future__ import annotations

import base64
import sys
from functools import cache
from typing import TYPE_CHECKING

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from zonereport.errors import InputError, MailError
from zonereport.mail.signing import Signer, read_signer, sign

if TYPE_CHECKING:
    from pathlib import Path

MESSAGE = (
    b"From: office@testonia.example\nTo: anna@testonia.example\nSubject: =?utf-8?B?6K+V6aqM?=\n"
    b"List-Unsubscribe: <mailto:office@testonia.example>\n\n.The figures\nof Testonia.\n\n"
)


@cache
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem() -> bytes:
    return private_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def look_up(name: bytes, timeout: int = 5) -> bytes:
    """Return what DNS would have."""
    assert name == b"may._domainkey.testonia.example."
    public = (
        private_key()
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def signer() -> Signer:
    return Signer("testonia.example", "may", pem())


def test_a_signature_holds_and_covers_what_a_reader_relies_on() -> None:
    signed = sign(MESSAGE, signer())
    assert dkim.verify(signed, dnsfunc=look_up)
    head = b"".join(signed.partition(b"bh=")[0].split())
    assert b"h=from:to:subject:list-unsubscribe:from;" in head
    assert signed.endswith(MESSAGE.replace(b"\n", b"\r\n"))
    assert signed.count(b"\n") == signed.count(b"\r\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"figures", b"Figures"),
        (b"Subject:", b"Subject: Re:"),
        (b"From: ", b"From: eve@d.example\r\nFrom: "),
        (b"List-Unsubscribe: <mailto:office", b"List-Unsubscribe: <mailto:eve"),
    ],
    ids=["text", "subject", "a second sender", "unsubscribing"],
)
def test_what_was_changed_does_not_hold(before: bytes, after: bytes) -> None:
    signed = sign(MESSAGE, signer())
    assert before in signed
    assert not dkim.verify(signed.replace(before, after), dnsfunc=look_up)


def test_the_signer_is_read_from_the_table_and_does_not_show_its_key(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(pem())
    table = {"dkim-domain": "testonia.example", "dkim-selector": "may", "dkim-key": str(tmp_path / "key.pem")}
    found = read_signer(table | {"host": "mail.testonia.example"})
    assert found == signer()
    assert "PRIVATE" not in repr(found)
    assert read_signer({"host": "mail.testonia.example"}) is None
    for key in table:
        with pytest.raises(MailError, match=f"`mail.{key}`: expected a text"):
            read_signer({name: value for name, value in table.items() if name != key})
    with pytest.raises(InputError, match="no such file"):
        read_signer(table | {"dkim-key": str(tmp_path / "other.pem")})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("dkim-selector", value) for value in ("sélect", "a b", "a\r\nb", "-", "a;b")),
        *(("dkim-domain", value) for value in ("a b", "a..b", "straße.example", "a;b")),
    ],
)
def test_a_name_that_dns_cannot_have_is_said_by_its_key(tmp_path: Path, key: str, value: str) -> None:
    (tmp_path / "key.pem").write_bytes(pem())
    table = {"dkim-domain": "testonia.example", "dkim-selector": "may", "dkim-key": str(tmp_path / "key.pem")}
    with pytest.raises(MailError, match=f"`mail.{key}`") as error:
        read_signer(table | {key: value})
    assert "\r" not in error.value.describe()


def test_a_chinese_domain_signs_in_ascii(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(pem())
    found = read_signer(
        {"dkim-domain": "试验.example", "dkim-selector": "may", "dkim-key": str(tmp_path / "key.pem")}
    )
    assert found
    assert found.domain == "xn--ee3au30a.example"


@pytest.mark.parametrize("key", [b"", b"correct-horse-9", b"-----BEGIN PRIVATE KEY-----\ncorrect\n"])
def test_a_key_that_is_none_is_refused_and_not_repeated(key: bytes) -> None:
    with pytest.raises(MailError, match="cannot be signed") as error:
        sign(MESSAGE, Signer("testonia.example", "may", key))
    assert "correct" not in error.value.describe()


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dkim", None)
    with pytest.raises(MailError, match="not installed") as error:
        sign(MESSAGE, signer())
    assert "zonereport[dkim]" in error.value.hint
