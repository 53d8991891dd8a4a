"""Names that every system keeps, and none confuses with another."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def safe_name(name: str) -> str:
    """Return a name in ASCII letters, digits, `-` and `_`, as near to the given one as may be; or nothing."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_]+", "-", plain).strip("-_")[:80]


def faulty_paths(paths: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with each path that some system would lose, change or confuse with another."""
    kept: dict[str, tuple[str, bool]] = {}
    for path in paths:
        if fault := _fault(path):
            yield f"`{show(path)}`: {fault}"
            continue
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            piece, is_file = "/".join(parts[:depth]), depth == len(parts)
            other = kept.setdefault(piece.casefold(), (piece, is_file))
            if other != (piece, is_file):
                yield f"`{show(path)}`: the name differs from that of `{show(other[0])}` only in case or kind"
                break


def _fault(path: str) -> str:
    if not unicodedata.is_normalized("NFC", path):
        return "the name is not in Unicode's composed form (NFC)"
    if not path.isprintable() or set(path) & set('%\\<>:"|?*'):
        return 'the name has a control character or one of `% \\ < > : " | ? *`'
    for part in path.split("/"):
        if not part or part.startswith(".") or part != part.strip() or part.endswith("."):
            return "expected a relative path whose parts neither start nor end with a dot or space"
        if DEVICES.fullmatch(part):
            return f"`{part}` is a device's name on Windows"
    return ""


def show(name: str) -> str:
    """Return a name as a message can show it, whatever bytes a disk or a manifest has for it."""
    shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in name)
    return shown if len(shown) <= 200 else shown[:199] + "…"
