"""Fields with ready-made results, and the bookmarks they point to.

A field carries the result it would compute, so that Word has nothing to ask when it opens the file
and a reader that computes none shows the same text. All are complex fields: their results are
ordinary runs of the paragraph, which other readers find.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zonereport.render.word.wml import Element, w, words

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_NAME = 40


def field_begin(instruction: str, style: str = "") -> list[Element]:
    """Return the runs that open a field and announce its result, in a character style where one is given."""
    return [
        _run(style, w("fldChar", fldCharType="begin")),
        _run(style, words("instrText", f" {instruction} ")),
        _run(style, w("fldChar", fldCharType="separate")),
    ]


def field_end(style: str = "") -> Element:
    """Return the run that closes a field."""
    return _run(style, w("fldChar", fldCharType="end"))


def field(instruction: str, *result: Element, style: str = "") -> list[Element]:
    """Return the runs of a field with its result."""
    return [*field_begin(instruction, style), *result, field_end(style)]


def _run(style: str, content: Element) -> Element:
    return w("r", w("rPr", w("rStyle", val=style)) if style else None, content)


def bookmark(name: str, number: int, content: Iterable[Element]) -> list[Element]:
    """Return the content between the marks of a bookmark."""
    return [w("bookmarkStart", id=number, name=name), *content, w("bookmarkEnd", id=number)]


def name_bookmarks(ids: Iterable[str]) -> dict[str, str]:
    """Return a bookmark name for each id: a letter first, letters, digits and `_`, at most 40, none twice.

    Word holds names that differ only in case for the same.
    """
    names: dict[str, str] = {}
    used: set[str] = set()
    for key in ids:
        if key in names:
            continue
        base = "z_" + re.sub("[^a-z0-9]+", "_", key.lower()).strip("_")
        name, copy = base[:_LONGEST_NAME], 1
        while name in used:
            copy += 1
            suffix = f"_{copy}"
            name = base[: _LONGEST_NAME - len(suffix)] + suffix
        used.add(name)
        names[key] = name
    return names
