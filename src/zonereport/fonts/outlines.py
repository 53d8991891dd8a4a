"""What a face looks like: how far each character advances, and its outline, kept beside the font.

Reading them from the font takes a tenth of a second at each start; this file takes a thousandth.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from zonereport.fonts.store import store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zonereport.fonts.faces import Face, FontSet


@dataclass(frozen=True, slots=True)
class Outlines:
    """The characters of a face by code point, in units of which `units` make an em."""

    units: int
    advances: Mapping[int, int]
    paths: Mapping[int, str]
    """As SVG's path data of absolute M, L, Q and Z, y upwards; "" for a character without ink."""


@lru_cache(maxsize=64)
def outlines(face: Face) -> Outlines:
    """Return the outlines of a face's characters, made now or read from beside its font."""
    kept = face.path.with_suffix(".json")
    try:
        known = _parse(json.loads(kept.read_bytes()))
        if known.units > 0 and face.covers <= known.paths.keys():
            return known
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        pass
    made = _read(face)
    store(kept, json.dumps(made, separators=(",", ":")).encode("ascii"))
    return _parse(made)


def _parse(kept: Any) -> Outlines:
    glyphs = {int(code): glyph for code, glyph in kept["glyphs"].items()}
    advances = {code: int(advance) for code, (advance, _) in glyphs.items()}
    return Outlines(int(kept["units"]), advances, {code: str(path) for code, (_, path) in glyphs.items()})


def _read(face: Face) -> dict[str, Any]:
    """Return the outlines of a font file as plain data."""
    from fontTools.pens.basePen import BasePen
    from fontTools.ttLib import TTFont

    class Pen(BasePen):  # type: ignore[misc]
        def __init__(self, glyphs: Any) -> None:
            super().__init__(glyphs)
            self.steps: list[str] = []

        def _moveTo(self, point: Any) -> None:  # noqa: N802 - fontTools' names
            self._add("M", point)

        def _lineTo(self, point: Any) -> None:  # noqa: N802
            self._add("L", point)

        def _qCurveToOne(self, handle: Any, point: Any) -> None:  # noqa: N802
            self._add("Q", handle, point)

        def _closePath(self) -> None:  # noqa: N802
            self.steps.append("Z")

        def _add(self, step: str, *points: Any) -> None:
            self.steps += [step, *(f"{value:g}" for point in points for value in point)]

    glyphs = {}
    with TTFont(face.path, lazy=True) as font:
        outlined = font.getGlyphSet()
        for code, name in font.getBestCmap().items():
            pen = Pen(outlined)
            outlined[name].draw(pen)
            glyphs[str(code)] = (font["hmtx"][name][0], " ".join(pen.steps))
        return {"units": font["head"].unitsPerEm, "glyphs": glyphs}


def text_width(fonts: FontSet, text: str, size: float, *, bold: bool = False, italic: bool = False) -> float:
    """Return the width of a line of text in the unit of `size`, as every format sets it."""
    width = 0.0
    for face, part in fonts.split(text, bold=bold, italic=italic):
        known = outlines(face)
        width += sum(known.advances[ord(character)] for character in part) / known.units
    return width * size
