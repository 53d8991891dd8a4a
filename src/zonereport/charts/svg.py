"""A figure as SVG that any reader draws: no style sheet, no pattern, no metadata, short numbers.

Office's own reader knows a part of SVG 1.1. What matplotlib writes beyond that part is written in
simpler terms here: hatches as clipped lines, the style sheet as attributes.
"""

from __future__ import annotations

import re
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml import etree
    from matplotlib.backend_bases import GraphicsContextBase
    from matplotlib.figure import Figure
    from matplotlib.path import Path
    from matplotlib.transforms import Affine2D, Transform
    from matplotlib.typing import ColorType

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_TILE = 72.0
"""Side in points of the square that matplotlib repeats a hatch pattern in."""
_FILLED_HATCHES = frozenset("oO.*")

_DECIMALS = 2
"""A hundredth of a point is finer than any printer; letters are drawn a hundred times larger, then scaled."""
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_ROUNDED = ("d", "x", "y", "width", "height")
_MOVE = re.compile(r"translate\([^)]*\)")
_NO_TURN = re.compile(r"rotate\(-?0( [^)]*)?\) *")


def write_svg(figure: Figure, *, as_text: bool) -> bytes:
    """Return the figure as an SVG document of its size in points; the figure is left as it was."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import RendererSVG

    settings: Any = {
        "svg.fonttype": "none" if as_text else "path",
        "svg.hashsalt": "zonereport",
        "text.parse_math": False,  # ticks are made while drawing
    }
    width, height = figure.get_size_inches() * 72
    written = StringIO()
    before, canvas_before = figure.dpi, figure.canvas
    try:
        figure.dpi = 72
        with mpl.rc_context(settings):
            renderer: Any = RendererSVG(width, height, written)  # type: ignore[no-untyped-call]
            renderer.draw_path = partial(_draw_path, renderer.draw_path, float(height))
            figure.draw(renderer)
            renderer.finalize()
    finally:
        figure.dpi = before
        figure.set_canvas(canvas_before)
    return _simplify(written.getvalue())


def _draw_path(
    draw: Callable[..., None],
    height: float,
    gc: GraphicsContextBase,
    path: Path,
    transform: Transform,
    rgbFace: ColorType | None = None,  # noqa: N803 (matplotlib's name)
) -> None:
    """Draw a path by `draw`, its hatch as lines: readers of SVG in Office and in mail know no pattern."""
    from matplotlib.path import Path
    from matplotlib.transforms import IdentityTransform, TransformedPath

    tile = gc.get_hatch_path()
    bounds = path.get_extents(transform)
    plain = _copy(gc)
    plain.set_hatch(None)
    if tile is None or not bounds.width * bounds.height:
        draw(plain, path, transform, rgbFace)
        return
    plain.set_linewidth(0)
    draw(plain, path, transform, rgbFace)
    lines = _copy(plain)
    lines.set_clip_path(TransformedPath(path, transform))
    lines.set_foreground(gc.get_hatch_color())
    lines.set_linewidth(gc.get_hatch_linewidth())
    lines.set_dashes(0, None)
    filled = bool(_FILLED_HATCHES & set(gc.get_hatch() or ""))
    left, bottom, right, top = bounds.extents
    places = _tiles((left, bottom, right, top), height)
    pattern = Path.make_compound_path(*(place.transform_path(tile) for place in places))
    if not filled:
        pattern = pattern.cleaned(clip=(left, bottom, right, top))
    draw(lines, pattern, IdentityTransform(), gc.get_hatch_color() if filled else None)
    plain.set_linewidth(gc.get_linewidth())
    if gc.get_linewidth():
        draw(plain, path, transform, None)


def _copy(gc: GraphicsContextBase) -> GraphicsContextBase:
    from matplotlib.backend_bases import GraphicsContextBase

    copy = GraphicsContextBase()
    copy.copy_properties(gc)
    return copy


def _tiles(extents: tuple[float, float, float, float], height: float) -> Iterator[Affine2D]:
    """Yield the place of each tile that touches the extents; tiles are laid from the upper left corner."""
    from matplotlib.transforms import Affine2D

    left, bottom, right, top = extents
    for column in range(int(left // _TILE), int(right // _TILE) + 1):
        for row in range(int((height - top) // _TILE), int((height - bottom) // _TILE) + 1):
            yield Affine2D().scale(_TILE).translate(column * _TILE, height - (row + 1) * _TILE)


def _simplify(document: str) -> bytes:
    """Return the document without what draws nothing, its style sheet as attributes."""
    from lxml import etree

    parser = etree.XMLParser(
        remove_blank_text=True, remove_comments=True, resolve_entities=False, no_network=True
    )
    root = etree.fromstring(document.encode(), parser)
    for element in [*root.iter(f"{_SVG}metadata"), *root.iter(f"{_SVG}style")]:
        parent = element.getparent()
        assert parent is not None  # both stand inside the document
        parent.remove(element)
    # what the style sheet says of all elements
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    used = _used(root)
    for element in root.iter():
        _use_attributes(element)
        if element.get("id") not in used:
            _set(element, "id", "")
        _round(element)
    for group in list(root.iter(f"{_SVG}g", f"{_SVG}defs")):
        _unwrap(group)
    etree.cleanup_namespaces(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="utf-8")


def _used(root: etree._Element) -> set[str]:
    """Return the ids that something points to."""
    linked = {element.get(_LINK, "").removeprefix("#") for element in root.iter(f"{_SVG}use")}
    clips = (element.get("clip-path", "") for element in root.iter())
    return linked | {clip.removeprefix("url(#").removesuffix(")") for clip in clips}


def _use_attributes(element: etree._Element) -> None:
    """Write a style as attributes; the short form of a font has none and stays."""
    pairs = [pair.partition(":") for pair in element.get("style", "").split(";") if pair.strip()]
    for name, _, value in pairs:
        if name.strip() != "font":
            element.set(name.strip(), value.strip())
    fonts = [value.strip() for name, _, value in pairs if name.strip() == "font"]
    _set(element, "style", f"font: {fonts[-1]}" if fonts else "")


def _round(element: etree._Element) -> None:
    for name in _ROUNDED:
        if value := element.get(name):
            element.set(name, " ".join(_NUMBER.sub(_shorten, value).split()))
    moved = _MOVE.sub(lambda move: _NUMBER.sub(_shorten, move[0]), element.get("transform", ""))
    _set(element, "transform", _NO_TURN.sub("", moved))


def _set(element: etree._Element, name: str, value: str) -> None:
    """Set an attribute, or remove it if the value is empty."""
    if value:
        element.set(name, value)
    elif name in element.attrib:
        del element.attrib[name]


def _shorten(found: re.Match[str]) -> str:
    short = f"{float(found[0]):.{_DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def _unwrap(group: etree._Element) -> None:
    """Put the children of a group that says nothing in its place; remove an empty one."""
    parent = group.getparent()
    if parent is None or (len(group) and (group.attrib or group.tag != f"{_SVG}g")):
        return
    for child in list(group):
        group.addprevious(child)
    parent.remove(group)
