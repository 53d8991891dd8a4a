"""A chart as inline SVG: in the page's own colours, and with ids that no other chart has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from zonereport.charts import picture
from zonereport.charts.style import draw_chart
from zonereport.render.html.elements import Markup
from zonereport.render.html.palette import by_name

if TYPE_CHECKING:
    from zonereport.charts.chart import Chart
    from zonereport.charts.style import Style

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
_ADDRESS = re.compile(r"url\(#([^)]+)\)")
BLACK = "#000000"
"""What matplotlib draws in where no colour is asked for; it leaves out a fill of it (see style.css)."""
_PAINTED = ("fill", "stroke")


def draw_svg(chart: Chart, style: Style, name: str, anchor: str) -> Markup:
    """Return the chart with a short name and its alternative text; `anchor` begins all its ids.

    The picture has no paper of its own: the page's shows through.
    """
    figure = draw_chart(chart, style)
    figure.patch.set_visible(False)
    root = ElementTree.fromstring(picture.svg(figure))
    names = {colour.lower(): role for role, colour in reversed(by_name(style.theme.colours).items())}
    names.setdefault(BLACK, "ink")
    for node in root.iter():
        _adopt(node, anchor, names)
    for size in ("width", "height", "version"):
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
    """Give a node ids and colours of the page, and take away the namespaces, of no use in HTML."""
    node.tag = _local(node.tag)
    given = {_local(name): value for name, value in node.attrib.items()}
    node.attrib = {name: _adopted(name, value, anchor) for name, value in given.items()}
    # A variable is sure to be known in a style only.
    painted = [f"{name}:{_named(node.attrib.pop(name), names)}" for name in _PAINTED if name in given]
    kept = _named(node.attrib.pop("style", ""), names)
    if style := ";".join(part for part in (*painted, kept) if part):
        node.set("style", style)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _adopted(name: str, value: str, anchor: str) -> str:
    """Return an attribute's value with its ids prefixed."""
    if name == "id":
        return f"{anchor}-{value}"
    if name == "href" and value.startswith("#"):
        return f"#{anchor}-{value[1:]}"
    return _ADDRESS.sub(rf"url(#{anchor}-\1)", value)


def _named(value: str, names: dict[str, str]) -> str:
    """Return a style in which the theme's colours are variables, so that they follow light and dark."""

    def name(match: re.Match[str]) -> str:
        role = names.get(match[0].lower())
        return f"var(--{role})" if role else match[0]

    return _COLOUR.sub(name, value)
