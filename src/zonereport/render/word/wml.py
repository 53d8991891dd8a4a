"""WordprocessingML elements, written the way they nest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, TypeAlias, cast

from docx.oxml.ns import nsmap
from docx.oxml.parser import oxml_parser
from docx.oxml.xmlchemy import BaseOxmlElement

if TYPE_CHECKING:
    from collections.abc import Iterable

Element: TypeAlias = BaseOxmlElement

W = nsmap["w"]
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NAMESPACES = {"w": W}


@dataclass(frozen=True, slots=True)
class Frame:
    """Where blocks are laid, and what their paragraphs take over from it."""

    width: int
    """Width of the text, in twips."""
    indent: int = 0
    """How far the text stands in from the left edge of the page's text or of the cell, in twips."""
    body: str = "BodyText"
    """Style of a paragraph of prose."""
    depth: int = 0
    """How many lists the blocks stand in."""

    def further_in(self, distance: int) -> Frame:
        """Return the frame with its left edge moved to the right."""
        return replace(self, indent=self.indent + distance, width=self.width - distance)


def quoted(text: str) -> str:
    """Return a text as an attribute's value, with its quotes."""
    return f'"{escape(text)}"'


def w(tag: str, /, *children: Element | None, **attributes: str | int) -> Element:
    """Return the element `w:tag`, its attributes in the same namespace; a child that is None is left out."""
    named = {f"{{{W}}}{name}": str(value) for name, value in attributes.items()}
    element = cast("Element", oxml_parser.makeelement(f"{{{W}}}{tag}", named, _NAMESPACES))
    element.extend(child for child in children if child is not None)
    return element


def words(tag: str, text: str) -> Element:
    """Return an element that holds text (`t`, `instrText`), its outer spaces kept."""
    element = w(tag)
    element.set(_SPACE, "preserve")
    element.text = text
    return element


def paragraph(style: str, content: Iterable[Element], *settings: Element | None) -> Element:
    """Return a paragraph in a style (by id), with further paragraph properties in the order of the schema."""
    result = w("p", w("pPr", w("pStyle", val=style), *settings))
    result.extend(content)
    return result


def cell(width: int, content: Iterable[Element]) -> Element:
    """Return a table cell, which must end in a paragraph."""
    return w("tc", w("tcPr", w("tcW", w=width, type="dxa")), *content)


def keep_next(wanted: bool = True) -> Element | None:
    """Return the property that holds a paragraph on the page of the next one."""
    return w("keepNext") if wanted else None


def stand_in(frame: Frame) -> Element | None:
    """Return the indent of a paragraph whose style has none of its own; None at the left edge."""
    return w("ind", left=frame.indent) if frame.indent else None


def hold_on(element: Element) -> None:
    """Keep a paragraph on the page of the next one."""
    _settings(element).insert(1, w("keepNext"))


def start_on_new_page(element: Element) -> None:
    """Let the paragraph, or the first one in the table, begin a page, without the space before it."""
    first = cast("Element", next(element.iter(f"{{{W}}}p")))
    settings = _settings(first)
    settings.insert(2 if settings.find(f"{{{W}}}keepNext") is not None else 1, w("pageBreakBefore"))
    if first is element:
        set_space(first, before=0)


def set_space(element: Element, **twentieths: int) -> None:
    """Set the space `before` or `after` a paragraph, against its style."""
    settings = _settings(element)
    spacing = settings.find(f"{{{W}}}spacing")
    if spacing is None:
        spacing = w("spacing")
        # the schema wants it before the indent, which is last where there is one
        has_indent = settings.find(f"{{{W}}}ind") is not None
        settings.insert(len(settings) - has_indent, spacing)
    for side, value in twentieths.items():
        spacing.set(f"{{{W}}}{side}", str(value))


def is_paragraph(element: Element) -> bool:
    """Return whether an element is a paragraph, not a table."""
    return bool(element.tag == f"{{{W}}}p")


def _settings(element: Element) -> Element:
    settings = element.find(f"{{{W}}}pPr")
    assert settings is not None  # `paragraph` gives every paragraph its style
    return cast("Element", settings)


def twips(points: float) -> int:
    """Return points as twentieths of a point."""
    return round(points * 20)


def colour(value: str) -> str:
    """Return `#0b5a7d` as Word writes it."""
    return value.removeprefix("#").upper()
