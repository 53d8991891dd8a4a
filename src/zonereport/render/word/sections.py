"""The page set-up of a template: which section's is taken, and how wide its text is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zonereport.render.word.opc import UnreadableError
from zonereport.render.word.wml import W

if TYPE_CHECKING:
    from lxml import etree

_UNITS = {"": 1, "pt": 20, "pc": 240, "pi": 240, "in": 1440, "mm": 1440 / 25.4, "cm": 1440 / 2.54}
"""Twips in a unit (ECMA-376, ST_UniversalMeasure); a bare number is in twips."""
_LENGTH = re.compile(r"(-?[0-9.]+)(mm|cm|in|pt|pc|pi)?")

_NARROWEST = 60 * 1440 / 25.4
"""Below 60 mm no table of the briefing can be read."""

_EDGES = ("headerReference", "footerReference")
_LEFT_OUT = ("footnotePr", "endnotePr", "sectPrChange")
"""Notes are numbered as the briefing numbers them."""


def keep_last_section(document: etree._Element, otherwise: etree._Element) -> None:
    """Empty the body of `w:document` but for the last section, with the headers and footers it shows.

    `otherwise` is the section of a body that has none. A section without a header of its own shows
    the one of the section before it (ECMA-376, 17.10.5).
    """
    body = document.find(_w("body"))
    if body is None:
        raise UnreadableError("a document without a body")
    changed = {was for change in body.iter(_w("sectPrChange")) for was in change}
    sections = [section for section in body.iter(_w("sectPr")) if section not in changed]
    last = sections[-1] if sections else otherwise
    shown = {_edge(reference) for reference in _references(last)}
    for earlier in reversed(sections[:-1]):
        for reference in _references(earlier):
            if _edge(reference) not in shown:
                shown.add(_edge(reference))
                last.insert(0, reference)
    for name in _LEFT_OUT:
        for child in last.findall(_w(name)):
            last.remove(child)
    body[:] = [last]


def text_width(document: etree._Element) -> int:
    """Return the width of a line of text, of one column if there are several, in twips."""
    page = _attribute(document, "pgSz", "w", 12240)
    margins = sum(_attribute(document, "pgMar", side, usual) for side, usual in _MARGINS)
    count = round(_attribute(document, "cols", "num", 1))
    gaps = max(0, count - 1) * _attribute(document, "cols", "space", 720)
    width = (page - margins - gaps) / max(1, count)
    if width < _NARROWEST:
        raise UnreadableError(f"a page whose text is {width / _UNITS['mm']:.0f} mm wide, less than 60 mm")
    return round(width)


_MARGINS = (("left", 1440), ("right", 1440), ("gutter", 0))


def _attribute(document: etree._Element, element: str, name: str, usual: float) -> float:
    found = document.find(f".//{_w(element)}")
    match = _LENGTH.fullmatch("" if found is None else found.get(_w(name), ""))
    return float(match[1]) * _UNITS[match[2] or ""] if match else usual


def _references(section: etree._Element) -> list[etree._Element]:
    return [child for child in section if child.tag in {_w(name) for name in _EDGES}]


def _edge(reference: etree._Element) -> tuple[str, str]:
    return str(reference.tag), reference.get(_w("type"), "default")


def _w(name: str) -> str:
    return f"{{{W}}}{name}"
