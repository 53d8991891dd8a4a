"""A chart as inline SVG: in the page's own colours, and with ids that no other chart has."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from zonereport.charts.svg import svg_tree
from zonereport.render.html.elements import Markup
from zonereport.render.html.palette import by_name

if TYPE_CHECKING:
    from zonereport.charts.chart import Chart
    from zonereport.charts.style import Style

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PAINTED = ("fill", "stroke")


def draw_svg(chart: Chart, style: Style, name: str, anchor: str) -> Markup:
    """Return the chart with a short name and its alternative text; `anchor` begins all its ids.

    The picture has no paper of its own: the page's shows through.
    """
    drawing = chart.draw(style)
    root = svg_tree(replace(drawing, marks=drawing.marks[1:]), style.fonts)
    names = {colour.lower(): role for role, colour in reversed(by_name(style.theme.colours).items())}
    for node in root.iter():
        _adopt(node, anchor, names)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    root.attrib |= {
        "role": "img",
        "aria-labelledby": f"{anchor}-name",
        "aria-describedby": f"{anchor}-description",
    }
    for place, (tag, key, words) in enumerate((("title", "name", name), ("desc", "description", chart.alt))):
        node = ElementTree.Element(tag, {"id": f"{anchor}-{key}"})
        node.text = " ".join(words.split())
        root.insert(place, node)
    return Markup(ElementTree.tostring(root, "unicode"))


def _adopt(node: ElementTree.Element, anchor: str, names: dict[str, str]) -> None:
    """Give a node ids and colours of the page; in HTML, a link needs no namespace."""
    if id := node.attrib.pop("id", ""):
        node.set("id", f"{anchor}-{id}")
    if link := node.attrib.pop("xlink:href", ""):
        node.set("href", f"#{anchor}-{link[1:]}")
    # A variable is sure to be known in a style only.
    painted = {name: node.attrib.pop(name) for name in _PAINTED if _COLOUR.fullmatch(node.get(name, ""))}
    if painted:
        node.set("style", ";".join(f"{name}:{_named(value, names)}" for name, value in painted.items()))


def _named(colour: str, names: dict[str, str]) -> str:
    """Return the theme's colours as variables, so that they follow light and dark."""
    role = names.get(colour.lower())
    return f"var(--{role})" if role else colour
