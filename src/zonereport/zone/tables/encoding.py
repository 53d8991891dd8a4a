"""In what encoding a table's text is, where nobody says: told by its bytes, or not at all."""

from __future__ import annotations

import re

_NON_ASCII = re.compile(rb"[\x80-\xff]")
_PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_GB2312 = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xf7][\xa1-\xfe])*\Z")
"""The part of GB18030 that texts consist of; all of it takes almost any bytes."""

SAMPLE = 2**20


def find_encoding(data: bytes) -> str:
    """Return the encoding of a table: by its byte order mark, else UTF-8, else GB18030 if it reads so.

    What is neither is taken for UTF-8, so that only the rows that are not are refused. Western code pages
    cannot be told apart and must be declared; Korean in EUC-KR reads as GB18030 too, so the import tells.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if data[:200].count(0) > len(data[:200]) // 4:
        return "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    lines = [line for line in data[:SAMPLE].split(b"\n")[:-1] or [data] if _NON_ASCII.search(line)]
    if lines and not any(map(_is_utf8, lines)) and all(map(_GB2312.match, lines)) and _is_common(lines):
        return "gb18030"
    return "utf-8"


def _is_common(lines: list[bytes]) -> bool:
    """Whether most pairs are everyday Chinese characters, as those of Russian or Japanese texts are not."""
    firsts: list[int] = [pair[0] for line in lines for pair in _PAIR.findall(line)]
    return 2 * sum(0xB0 <= first <= 0xD7 for first in firsts) > len(firsts)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
