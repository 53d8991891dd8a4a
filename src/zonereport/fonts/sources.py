"""Where the characters come from, best first: what each face is cut from, and at which weight.

The theme's text family; the theme's East Asian fonts that are there; the extra `zonereport[zh]`; a
system font that has Chinese; DejaVu Sans. The theme comes before the extra: the layout standard
GB/T 9704 asks for 仿宋 "where the font is there", and a brand's choice would else never win.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from zonereport.errors import RenderError
from zonereport.fonts.characters import BASE, SHARED_PUNCTUATION, has_east_asian
from zonereport.fonts.faces import STYLES
from zonereport.fonts.installed import choices, faces_in, installed_faces, named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from zonereport.fonts.installed import Installed

WEIGHTS = (400, 600, 400, 600)
"""Semibold stands for bold: 700 looks black beside text of this size. The font says 700 of itself, so
that whoever asks for bold finds it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What a face is cut from: a face of a font file and, if that is variable, the weight to take."""

    file: Path
    number: int
    """The place of the face in a collection, from 0."""
    weight: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """A family to cut faces from; four cuts, in the order of STYLES."""

    name: str
    """Part of the new name; the licence reserves the old one for unchanged fonts."""
    cuts: tuple[Cut, ...]
    always: frozenset[int] = frozenset()
    """Characters to take along whether the text has them or not."""


def sources(
    theme_family: str, east_asian: Sequence[str], lacking: AbstractSet[int], folder: Path
) -> Iterator[Source]:
    """Yield the sources, best first; `lacking` is the caller's, who takes out what a source gave.

    The system is searched only while Chinese characters are lacking. Raises RenderError for a font
    of the theme that cannot be used.
    """
    yield _theme_source(theme_family)
    if east_asian and has_east_asian(lacking):
        yield from _own_sources(east_asian, lacking, folder)
    if extra := _extra_source():
        yield extra
    if has_east_asian(lacking):
        installed = installed_faces(folder)
        for family in choices(installed, lacking, folder):
            yield _chinese_source(family, installed)
            if not has_east_asian(lacking):
                break
    yield _last_source()


def _theme_source(family: str) -> Source:
    package = "fontpkg-" + "-".join(family.lower().split())
    folder = _package_folder(package.replace("-", "_"))
    if folder is None:
        raise RenderError(
            f"the theme's font `{family}` is not installed", hint=f"try `pip install {package}`"
        )
    files = json.loads((folder / "metadata.json").read_text("utf-8"))["files"]
    cuts = []
    for weight, (_, italic) in zip(WEIGHTS, STYLES, strict=True):
        style = "italic" if italic else "normal"
        entry = min(files, key=lambda f: (f["style"] != style, abs((f["weight"] or weight) - weight)))
        cuts.append(Cut(folder / entry["path"], 0, weight if entry["variable"] else None))
    return Source("Text", tuple(cuts), BASE)


def _own_sources(entries: Sequence[str], lacking: AbstractSet[int], folder: Path) -> Iterator[Source]:
    """Yield the theme's East Asian fonts that are there; a file may be given as the bold of another."""
    given = {entry: _faces_of_file(Path(entry), folder) for entry in entries if Path(entry).is_absolute()}
    known = [*chain.from_iterable(given.values()), *installed_faces(folder)]
    for entry in entries:
        faces = given[entry] if entry in given else named(known, entry)
        if family := next(choices(faces, lacking, folder), None):
            yield _chinese_source(family, known)


def _faces_of_file(file: Path, folder: Path) -> Sequence[Installed]:
    if not file.is_file():
        raise RenderError(f"the theme's font file `{file}` does not exist")
    faces = faces_in([file], folder)
    if not faces:
        raise RenderError(
            f"the theme's font file `{file}` cannot be used",
            hint="expected is a TrueType or OpenType font with Chinese characters that may be embedded",
        )
    return faces


def _chinese_source(family: Sequence[Installed], known: Sequence[Installed]) -> Source:
    """Return the source of a family whose bold face may be in another file."""
    regular = min(family, key=lambda face: (not face.variable, abs(face.weight - 400), face.weight))
    heavier = [
        face
        for face in named(known, regular.names[0])
        if not regular.variable and not face.variable and face.weight > regular.weight
    ]
    bold = min(heavier, key=lambda face: (abs(face.weight - 600), -face.weight), default=regular)
    cuts = [
        Cut(face.file, face.number, weight if face.variable else None)
        for weight, face in zip(WEIGHTS, (regular, bold) * 2, strict=True)
    ]
    return Source("Han", tuple(cuts), SHARED_PUNCTUATION)


def _extra_source() -> Source | None:
    folder = extra_folder()
    if folder is None:
        return None
    file = folder / "fonts" / "ofl" / "notosanssc" / "NotoSansSC[wght].ttf"
    return Source("Han", tuple(Cut(file, 0, weight) for weight in WEIGHTS), SHARED_PUNCTUATION)


def _last_source() -> Source:
    folder = _package_folder("matplotlib")
    if folder is None:
        raise RenderError("matplotlib is not installed, and with it the last fallback font")
    fonts = folder / "mpl-data" / "fonts" / "ttf"
    names = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique")
    return Source("Signs", tuple(Cut(fonts / f"{name}.ttf", 0, None) for name in names))


def font_files(theme_family: str, east_asian: Sequence[str], folder: Path) -> Iterator[Path]:
    """Yield the files that a text may be drawn with here; last those that only Chinese is looked up in.

    Raises RenderError for a font of the theme that cannot be used.
    """
    for lacking in (frozenset[int](), frozenset({0x4E00})):
        for source in sources(theme_family, east_asian, lacking, folder):
            yield from (cut.file for cut in source.cuts)


def hint_for(codes: AbstractSet[int]) -> str:
    """Return what to do about characters that no source has."""
    if has_east_asian(codes) and extra_folder() is None:
        return 'Chinese needs a font of its own: `pip install "zonereport[zh]"`'
    return "write them in another way"


def extra_folder() -> Path | None:
    """Return the folder of the extra's fonts if that is installed."""
    return _package_folder("justmytype_intl_cjk")


def _package_folder(name: str) -> Path | None:
    """Return a package's folder without importing it."""
    spec = find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None
