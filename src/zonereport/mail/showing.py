"""A finished message as a page to look at before it is sent: its head, its pictures, its files."""

from __future__ import annotations

from base64 import b64encode
from email import message_from_bytes, policy
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import EmailMessage

HEADERS = ("From", "To", "Reply-To", "Subject", "Date")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def show_message(message: bytes) -> str:
    """Return an HTML page that shows a message as a mail program would; it loads nothing."""
    parsed = message_from_bytes(message, policy=policy.default)
    body = parsed.get_body(("html",))
    text = body.get_content() if body else f"<pre>{escape(_plain(parsed))}</pre>"
    for part in parsed.walk():
        if id := part.get("Content-ID"):
            source = f"data:{part.get_content_type()};base64,{b64encode(_data(part)).decode()}"
            text = text.replace(f"cid:{id.strip('<>')}", source)
    head = "".join(
        f"<tr><th>{name}</th><td>{escape(str(parsed[name]))}</td></tr>" for name in HEADERS if parsed[name]
    )
    files = ", ".join(
        escape(f"{part.get_filename()} ({-(-len(_data(part)) // 1000)} kB)")
        for part in parsed.iter_attachments()
    )
    head += f"<tr><th>Attached</th><td>{files or 'nothing'}</td></tr>"
    style = "background:#fff;color:#222;font:14px sans-serif;padding:8px;text-align:left"
    policy_tag = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    page = text.replace("<head>", f"<head>{policy_tag}", 1) if "<head>" in text else policy_tag + text
    start = page.find(">", page.find("<body")) + 1 if "<body" in page else len(policy_tag)
    return f'{page[:start]}<table style="{style}">{head}</table><hr>{page[start:]}'


def _data(part: EmailMessage) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _plain(parsed: EmailMessage) -> str:
    body = parsed.get_body(("plain",))
    return body.get_content() if body else ""
