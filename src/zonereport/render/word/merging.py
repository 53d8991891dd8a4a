"""Our styles and list numbering beside those of a corporate template: its own come first, unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from zonereport.render.word.numbering import BULLETS, NUMBERS, Lists, write_numbering
from zonereport.render.word.styles import write_styles
from zonereport.render.word.wml import W

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zonereport.theme import Theme

_NAMES = {"w": W}

NEAREST = {
    "Body Text": ("Normal",),
    "Lead": ("Intro",),
    "Quote": ("Block Text", "Intense Quote"),
    "Source Note": ("Source",),
    "List Continue": ("List Paragraph",),
}
"""What stands in for a style of ours that a template lacks, if the template has it."""

_UNUSED = {"header", "footer", "page number"}
"""A template brings its own header and footer."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of merging: where each of our styles is found, and which had to be added."""

    ids: dict[str, str]
    """The template's style id by ours."""
    added: tuple[str, ...]
    """The names of the styles that the template has not, nor anything near."""


def merge_styles(styles: etree._Element, theme: Theme, language: str) -> Merged:
    """Add to a template's `w:styles` what it lacks of ours, and return where everything is.

    Styles are found by name: ids are translated (`berschrift1` is Word's `heading 1` in German).
    The template's own definitions and its defaults are not touched.
    """
    ours = etree.fromstring(write_styles(theme, language).encode())
    known = {(_kind(style), _name(style).lower()): _id(style) for style in _styles(styles)}
    defaults = {_kind(s): _id(s) for s in _styles(styles) if s.get(_w("default")) in ("1", "true", "on")}
    names = {name for _, name in known}
    taken = {_id(style).lower() for style in _styles(styles)}
    ids: dict[str, str] = {}
    missing: list[etree._Element] = []
    for style in _styles(ours):
        name = _name(style)
        if style.get(_w("default")):
            ids[_id(style)] = defaults.get(_kind(style), "")
        elif found := _find(_kind(style), name, known):
            ids[_id(style)] = found
        elif name not in _UNUSED:
            ids[_id(style)] = key = _free_id(_id(style), taken)
            taken.add(key.lower())
            missing.append(style)
    added = tuple(_name(style) for style in missing)
    for style in missing:
        _adopt(style, ids, names)
        styles.append(style)
    return Merged(ids, added)


def _find(kind: str, name: str, known: dict[tuple[str, str], str]) -> str:
    candidates = (name, *NEAREST.get(name, ()))
    return next((key for other in candidates if (key := known.get((kind, other.lower())))), "")


def _free_id(key: str, taken: set[str]) -> str:
    copy, free = 0, key
    while free.lower() in taken:
        copy += 1
        free = f"Zonereport{key}{copy if copy > 1 else ''}"
    return free


def _adopt(style: etree._Element, ids: dict[str, str], names: set[str]) -> None:
    """Let a style of ours point to the template's styles; a name of another kind of style is changed."""
    style.set(_w("styleId"), ids[_id(style)])
    if _name(style).lower() in names:
        _children(style, "name")[0].set(_w("val"), f"Zonereport {_name(style)}")
        style.set(_w("customStyle"), "1")
    for pointer in _children(style, "basedOn") + _children(style, "next"):
        if target := ids.get(pointer.get(_w("val"), "")):
            pointer.set(_w("val"), target)
        else:
            style.remove(pointer)


def merge_numbering(numbering: etree._Element, styles: etree._Element, merged: Merged, theme: Theme) -> Lists:
    """Add our list definitions to a template's `w:numbering` under fresh ids, and return them.

    A list style of the template that is numbered keeps its own numbering.
    """
    ours = etree.fromstring(write_numbering(theme).encode())
    step = 1 + max(_numbers(numbering, "abstractNum", "abstractNumId"), default=0)
    first = 1 + max(_numbers(numbering, "num", "numId"), default=0)
    added = {style for style in _styles(styles) if _name(style) in merged.added}
    added_ids = {_id(style) for style in added}
    own = dict(_own_lists(numbering, styles, merged, added_ids))
    for level in ours.iter(_w("lvl")):
        for pointer in _children(level, "pStyle"):
            pointer.set(_w("val"), merged.ids[pointer.get(_w("val"), "")])
            if pointer.get(_w("val")) not in added_ids:
                level.remove(pointer)  # a style is of one list
    for definition in _children(ours, "abstractNum"):
        _move(definition, "abstractNumId", step)
        place_before(numbering, definition, "num", "numIdMacAtCleanup")
    for instance in _children(ours, "num"):
        _move(instance, "numId", first - 1)
        _move(_children(instance, "abstractNumId")[0], "val", step)
        place_before(numbering, instance, "numIdMacAtCleanup")
    for style in added:
        for pointer in style.iter(_w("numId")):
            _move(pointer, "val", first - 1)
    return Lists(BULLETS + first - 1, NUMBERS + step, first + NUMBERS, own)


def _own_lists(
    numbering: etree._Element, styles: etree._Element, merged: Merged, added: set[str]
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield our ids of list styles that the template numbers, with its definition and level."""
    by_id = {_id(style): style for style in _styles(styles)}
    definitions = {
        instance.get(_w("numId")): _children(instance, "abstractNumId")[0].get(_w("val"), "0")
        for instance in _children(numbering, "num")
    }
    for key, target in merged.ids.items():
        style = by_id.get(target)
        if not key.startswith(("ListBullet", "ListNumber")) or style is None or target in added:
            continue
        number = style.find("w:pPr/w:numPr/w:numId", _NAMES)
        level = style.find("w:pPr/w:numPr/w:ilvl", _NAMES)
        if number is not None and (instance := number.get(_w("val"))) in definitions:
            yield key, (int(definitions[instance]), 0 if level is None else int(level.get(_w("val"), "0")))


def place_before(parent: etree._Element, child: etree._Element, *followers: str) -> None:
    """Put a child before the first of its siblings of these names, or last."""
    for sibling in parent:
        if sibling.tag in {_w(name) for name in followers}:
            sibling.addprevious(child)
            return
    parent.append(child)


def _move(element: etree._Element, attribute: str, by: int) -> None:
    element.set(_w(attribute), str(int(element.get(_w(attribute), "0")) + by))


def _numbers(element: etree._Element, name: str, attribute: str) -> list[int]:
    return [int(child.get(_w(attribute), "0")) for child in _children(element, name)]


def _styles(styles: etree._Element) -> list[etree._Element]:
    return _children(styles, "style")


def _children(element: etree._Element, name: str) -> list[etree._Element]:
    return element.findall(_w(name))


def _kind(style: etree._Element) -> str:
    return style.get(_w("type"), "paragraph")


def _id(style: etree._Element) -> str:
    return style.get(_w("styleId"), "")


def _name(style: etree._Element) -> str:
    name = style.find(_w("name"))
    return "" if name is None else name.get(_w("val"), "")


def _w(name: str) -> str:
    return f"{{{W}}}{name}"
