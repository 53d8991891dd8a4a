"""Elements of HTML written as text: everything that is not markup is escaped here, and only here."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What an HTML document must not hold (HTML Standard, 13.1 and 13.2.3.5), not even escaped."""


class Markup(str):
    """Finished HTML; any other string is text, and escaped before it gets into an element."""

    __slots__ = ()


def text(words: str) -> Markup:
    """Return words as HTML: escaped, line ends as `<br>`, and U+FFFD for what HTML forbids."""
    return Markup(escape(_clean(words), quote=False).replace("\n", "<br>"))


def element(tag: str, *children: str, **attributes: str | None) -> Markup:
    """Return an element with its children; `class_` is `class`, `aria_label` is `aria-label`.

    An attribute that is None or empty is left out, but for an empty `alt`: it says that a picture
    says nothing.
    """
    return Markup(f"<{tag}{_attributes(attributes)}>{join(children)}</{tag}>")


def void(tag: str, **attributes: str | None) -> Markup:
    """Return an element that has neither content nor an end tag, such as `meta`."""
    return Markup(f"<{tag}{_attributes(attributes)}>")


def join(children: Iterable[str], separator: str = "") -> Markup:
    """Return the children one after the other."""
    return Markup(separator.join(child if isinstance(child, Markup) else text(child) for child in children))


def _attributes(attributes: dict[str, str | None]) -> str:
    written = []
    for name, value in attributes.items():
        attribute = name.rstrip("_").replace("_", "-")
        if value or (attribute == "alt" and value is not None):
            written.append(f' {attribute}="{escape(_clean(value))}"')
    return "".join(written)


def _clean(words: str) -> str:
    return FORBIDDEN.sub("\ufffd", words.replace("\r\n", "\n").replace("\r", "\n"))
