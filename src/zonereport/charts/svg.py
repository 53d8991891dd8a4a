"""A drawing as SVG that any reader shows: paths only, no style sheet, no pattern, no text, short numbers.

Office's own reader knows a part of SVG 1.1; letters are outlines, so that no font must come along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

from zonereport.charts.drawing import Shape, shortest
from zonereport.fonts import outlines

if TYPE_CHECKING:
    from zonereport.charts.drawing import Drawing, Label, Steps
    from zonereport.fonts import Face, FontSet

SVG = "http://www.w3.org/2000/svg"
LINK = "http://www.w3.org/1999/xlink"
DECIMALS = 2
"""A hundredth of a point is finer than any printer."""


def svg(drawing: Drawing, fonts: FontSet) -> bytes:
    """Return the drawing as an SVG document in UTF-8, its size in points; the same bytes for the same."""
    root = svg_tree(drawing, fonts)
    root.attrib |= {"xmlns": SVG, "xmlns:xlink": LINK, "version": "1.1"}
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + ElementTree.tostring(root, "unicode").encode()


def svg_tree(drawing: Drawing, fonts: FontSet) -> ElementTree.Element:
    """Return the drawing as elements without namespaces, each glyph defined once under an id."""
    width, height = number(drawing.width), number(drawing.height)
    root = ElementTree.Element(
        "svg",
        {
            "version": "1.1",
            "width": f"{width}pt",
            "height": f"{height}pt",
            "viewBox": f"0 0 {width} {height}",
        },
    )
    glyphs = ElementTree.SubElement(root, "defs")
    known: dict[tuple[Face, str], str] = {}
    for mark in drawing.marks:
        if isinstance(mark, Shape):
            root.append(_path(mark))
        else:
            _write(root, mark, fonts, glyphs, known)
    if not known:
        root.remove(glyphs)
    return root


def number(value: float) -> str:
    """Return a number as short as its precision allows."""
    return shortest(value, DECIMALS)


def path_data(steps: Steps) -> str:
    """Return a path as SVG writes it."""
    return " ".join(" ".join([step, *map(number, values)]) for step, values in steps)


def _path(shape: Shape) -> ElementTree.Element:
    given = {"d": path_data(shape.steps), "fill": shape.fill or "none"}
    if shape.alpha != 1:
        given["fill-opacity"] = number(shape.alpha)
    if shape.stroke:
        given |= {"stroke": shape.stroke, "stroke-width": number(shape.width)}
        if shape.dashes:
            given["stroke-dasharray"] = " ".join(map(number, shape.dashes))
    return ElementTree.Element("path", given)


def _write(
    root: ElementTree.Element,
    label: Label,
    fonts: FontSet,
    glyphs: ElementTree.Element,
    known: dict[tuple[Face, str], str],
) -> None:
    """Add a line of text: outlines in units of the font, turned and scaled once for the line."""
    x = label.x
    for face, text in fonts.split(label.text, bold=label.bold, italic=label.italic):
        shapes = outlines(face)
        scale = label.size / shapes.units
        place = f"translate({number(x)} {number(label.y)}) scale({scale:.6f} {-scale:.6f})"
        line = ElementTree.Element("g", {"fill": label.colour, "transform": place})
        advance = 0
        for character in text:
            code = ord(character)
            if shapes.paths[code]:
                if (face, character) not in known:
                    id = known[face, character] = f"g{len(known)}"
                    ElementTree.SubElement(glyphs, "path", {"id": id, "d": shapes.paths[code]})
                use = {"xlink:href": f"#{known[face, character]}"}
                if advance:
                    use["transform"] = f"translate({advance} 0)"
                ElementTree.SubElement(line, "use", use)
            advance += shapes.advances[code]
        if len(line):
            root.append(line)
        x += advance * scale
