"""From a text to fonts: collect the characters, take them from the sources, make what the cache lacks."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import replace
from typing import TYPE_CHECKING

from zonereport.errors import RenderError
from zonereport.fonts.characters import UNDRAWN, missing
from zonereport.fonts.faces import STYLE_NAMES, STYLES, Face, Family, FontSet
from zonereport.fonts.making import make_font
from zonereport.fonts.sources import hint_for, sources
from zonereport.fonts.store import coverage, default_cache, file_digest, store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from zonereport.fonts.sources import Cut, Source

PIPELINE = 2
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
    folder = cache or default_cache()
    families: list[Family] = []
    for source in sources(theme_family, east_asian, lacking, folder):
        useful = lacking & _covered(source.cuts[0], folder)
        if useful or not families:
            families.append(_family(source, lacking | source.always, folder))
            lacking -= useful
        if not lacking:
            return FontSet(tuple(families))
    raise missing(lacking, hint_for(lacking))


def _covered(cut: Cut, folder: Path) -> frozenset[int]:
    return coverage(cut.file, cut.number, folder)


def _family(source: Source, wanted: set[int], folder: Path) -> Family:
    """Return the four faces of a source with these characters, making those the cache lacks."""
    wanted = (wanted & _covered(source.cuts[0], folder)) | {0x20}
    family = f"Zonereport {source.name} {_key(source, wanted)}"
    faces: dict[Cut, Face] = {}
    for cut, style, (bold, italic) in zip(source.cuts, STYLE_NAMES, STYLES, strict=True):
        if cut not in faces:
            name = f"{family}-{style}".replace(" ", "")
            covers = wanted & _covered(cut, folder)
            face = Face(name, family, folder / f"{name}.ttf", bold, italic, frozenset(covers))
            faces[cut] = _on_disk(face, cut)
    files = tuple(dict.fromkeys(cut.file for cut in source.cuts))
    return Family(*(faces[cut] for cut in source.cuts), cut_from=files)


def _key(source: Source, wanted: set[int]) -> str:
    cuts = [(file_digest(cut.file), cut.number, cut.weight) for cut in source.cuts]
    content = json.dumps([PIPELINE, cuts, sorted(wanted)])
    return hashlib.sha256(content.encode()).hexdigest()[:12]


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
        data = path.read_bytes()
    except OSError:
        return False
    words = len(data) // 4
    return len(data) == 4 * words > 0 and sum(struct.unpack(f">{words}I", data)) & 0xFFFFFFFF == 0xB1B0AFBA
