"""What goes over the wire: lines ended as SMTP wants them, dots doubled, a server's words on one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_WORDS = 500
"""Characters that are kept of what a server said."""
_PIECE = 2**16


def canonical(message: bytes) -> bytes:
    """Return a message whose lines all end in CRLF, the last one too.

    No bare CR or LF is left, which some server would take for the end of the message (SMTP smuggling).
    """
    if not message.count(b"\r\n") == message.count(b"\n") == message.count(b"\r"):
        message = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    return message if message.endswith(b"\r\n") else message + b"\r\n"


def stuffed(message: bytes) -> Iterator[bytes]:
    """Yield a canonical message in pieces, a dot at the start of a line doubled (RFC 5321, 4.5.2)."""
    start, at_line_start = 0, True
    while start < len(message):
        end = message.rfind(b"\n", start, start + _PIECE) + 1 or min(start + _PIECE, len(message))
        piece = message[start:end].replace(b"\n.", b"\n..")
        yield b"." + piece if at_line_start and piece.startswith(b".") else piece
        start, at_line_start = end, piece.endswith(b"\n")


def one_line(words: str) -> str:
    """Return what somebody else said on one line, without control characters, cut to MAX_WORDS."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in words[:10_000]).split())
    return line if len(line) <= MAX_WORDS else line[: MAX_WORDS - 1] + "…"
