"""The faces made for a text, and which of them draws which character."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zonereport.fonts.characters import UNDRAWN, chinese_punctuation, missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STYLES = ((False, False), (True, False), (False, True), (True, True))
"""Bold and italic of a family's four faces, in the order of its fields."""
STYLE_NAMES = ("Regular", "Bold", "Italic", "Bold Italic")


@dataclass(frozen=True, slots=True)
class Face:
    """One static font file, made for one text."""

    name: str
    """The same for the same content: the file's name, and the font's in ReportLab."""
    family: str
    """Family name, shared by the four faces, and the same whatever characters they have."""
    path: Path
    bold: bool
    italic: bool
    covers: frozenset[int]
    """The code points it can draw."""


@dataclass(frozen=True, slots=True)
class Family:
    """Four faces of one design; a Chinese family has no italics and gives its upright faces twice."""

    regular: Face
    bold: Face
    italic: Face
    bold_italic: Face
    cut_from: tuple[Path, ...] = field(default=(), kw_only=True)
    """The font files that the faces were made of, each once."""

    def face(self, *, bold: bool = False, italic: bool = False) -> Face:
        """Return the face of this style."""
        if italic:
            return self.bold_italic if bold else self.italic
        return self.bold if bold else self.regular

    def faces(self) -> Iterator[Face]:
        """Yield each face once."""
        yield from dict.fromkeys((self.regular, self.bold, self.italic, self.bold_italic))


@dataclass(frozen=True, slots=True)
class FontSet:
    """The families that together can draw a text, in order of preference; the first is the Latin one."""

    families: tuple[Family, ...]

    def face(self, *, bold: bool = False, italic: bool = False) -> Face:
        """Return the first family's face of this style."""
        return self.families[0].face(bold=bold, italic=italic)

    def split(self, text: str, *, bold: bool = False, italic: bool = False) -> list[tuple[Face, str]]:
        """Return the text as runs of one face each; characters without a shape are dropped.

        The first family that has a character draws it. Spaces and combining marks stay with what
        stands before them, punctuation shared with Chinese goes with a Chinese neighbour. A face
        that lacks a character its family has upright gives way to the upright one. Raises
        RenderError for a character that was not in the text these fonts were made for.
        """
        first = self.face(bold=bold, italic=italic)
        if first.covers.issuperset(map(ord, text)):
            return [(first, text)] if text else []
        drawn = "".join(character for character in text if ord(character) not in UNDRAWN)
        chinese = chinese_punctuation(drawn)
        runs: list[tuple[Face, str]] = []
        for place, character in enumerate(drawn):
            before, words = runs[-1] if runs else (None, "")
            families = (*self.families[1:], self.families[0]) if place in chinese else self.families
            face = _choose(character, before, families, bold=bold, italic=italic)
            if face == before:
                runs[-1] = (face, words + character)
            else:
                runs.append((face, character))
        return runs


def _choose(
    character: str, before: Face | None, families: tuple[Family, ...], *, bold: bool, italic: bool
) -> Face:
    code = ord(character)
    if before and code in before.covers and (character.isspace() or unicodedata.combining(character)):
        return before
    for family in families:
        for style in dict.fromkeys(((bold, italic), (bold, False), (False, False))):
            face = family.face(bold=style[0], italic=style[1])
            if code in face.covers:
                return face
    raise missing([code])
