"""From a text to fonts: collect the characters, take them from the sources, make what the cache lacks."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from zonereport.errors import RenderError
from zonereport.fonts.characters import UNDRAWN, missing
from zonereport.fonts.faces import STYLE_NAMES, STYLES, Face, Family, FontSet
from zonereport.fonts.making import make_font
from zonereport.fonts.sources import hint_for, sources
from zonereport.fonts.store import coverage, default_cache, file_digest, stamp, store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from zonereport.fonts.sources import Cut, Source

PIPELINE = 4
"""Part of every cache key: raise it when the same input shall give other font files."""


def prepare_fonts(
    text: str, theme_family: str, east_asian: Sequence[str] = (), cache: Path | None = None
) -> FontSet:
    """Return the fonts that draw every character of `text`, made now or taken from the cache.

    `text` is all the text of a briefing, charts included. `east_asian` are the theme's fonts for
    Chinese, best first: names of families, passed over where they are not installed, or absolute
    paths of font files. The same text and fonts give the same bytes. Where `cache` (by default
    `zonereport/fonts` in the user's cache folder) cannot be written, the files live as long as the
    process. Raises RenderError for a font file of the theme that cannot be used, and, naming the
    characters, if some character is in no font.
    """
    lacking = set(map(ord, text)) - UNDRAWN
    families = tuple(_families(lacking, theme_family, east_asian, cache).values())
    if lacking:
        raise missing(lacking, hint_for(lacking))
    return FontSet(families)


_ready: dict[tuple[Cut, ...], Family] = {}
"""The families that many texts are drawn with, by what they are cut from."""


def keep_fonts_ready(
    text: str, theme_family: str, east_asian: Sequence[str] = (), cache: Path | None = None
) -> None:
    """Make fonts once for many texts: from now on, this process draws every text with them.

    `text` is what the texts are expected to hold; where one holds more, the fonts grow. What is drawn
    is the same, byte for byte, as with fonts made for each text; the other arguments are as in
    `prepare_fonts`.
    """
    _ready.update(_families(set(map(ord, text)) - UNDRAWN, theme_family, east_asian, cache))


def _families(
    lacking: set[int], theme_family: str, east_asian: Sequence[str], cache: Path | None
) -> dict[tuple[Cut, ...], Family]:
    """Return families that have these characters, by what they are cut from; `lacking` keeps the rest."""
    folder = cache or default_cache()
    families: dict[tuple[Cut, ...], Family] = {}
    for source in sources(theme_family, east_asian, lacking, folder):
        useful = lacking & _covered(source.cuts[0], folder)
        if useful or not families:
            families[source.cuts] = _family(source, lacking | source.always, folder)
            lacking -= useful
        if not lacking:
            break
    return families


def _covered(cut: Cut, folder: Path) -> frozenset[int]:
    return coverage(cut.file, cut.number, folder)


def _family(source: Source, wanted: set[int], folder: Path) -> Family:
    """Return the four faces of a source with these characters, making those the cache lacks."""
    wanted = (wanted & _covered(source.cuts[0], folder)) | {0x20}
    if ready := _ready.get(source.cuts):
        if wanted <= ready.regular.covers:
            return ready
        wanted |= ready.regular.covers
    name = f"Zonereport {source.name} {_digest(_origin(source))[:6]}"
    key = _digest([PIPELINE, _origin(source), sorted(wanted)])[:12]
    faces: dict[Cut, Face] = {}
    for cut, style, (bold, italic) in zip(source.cuts, STYLE_NAMES, STYLES, strict=True):
        if cut not in faces:
            unique = f"{name}-{style}-{key}".replace(" ", "")
            covers = wanted & _covered(cut, folder)
            face = Face(unique, name, folder / f"{unique}.ttf", bold, italic, frozenset(covers))
            faces[cut] = _on_disk(face, cut)
    files = tuple(dict.fromkeys(cut.file for cut in source.cuts))
    family = Family(*(faces[cut] for cut in source.cuts), cut_from=files)
    if ready:
        _ready[source.cuts] = family
    return family


def _origin(source: Source) -> list[tuple[str, int, int | None]]:
    """Return what a family is cut from, the same on every machine."""
    return [(file_digest(cut.file), cut.number, cut.weight) for cut in source.cuts]


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _on_disk(face: Face, cut: Cut) -> Face:
    """Return the face with the path of its file, which is made if it is missing or damaged."""
    if _is_sound(face.path):
        return face
    try:
        data = make_font(face, cut)
    except Exception as error:  # a damaged font can fail anywhere
        raise RenderError(f"the font file `{cut.file}` is damaged", hint="mend or remove it") from error
    return replace(face, path=store(face.path, data))


def _is_sound(path: Path) -> bool:
    """Return whether a font file is whole: its words add up to the sum OpenType prescribes."""
    try:
        return _adds_up(path, *stamp(path))
    except OSError:
        return False


@lru_cache(maxsize=256)
def _adds_up(path: Path, _size: int, _changed: int) -> bool:
    data = path.read_bytes()
    words = len(data) // 4
    return len(data) == 4 * words > 0 and sum(struct.unpack(f">{words}I", data)) & 0xFFFFFFFF == 0xB1B0AFBA
