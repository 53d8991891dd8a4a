"""The faces of font files that have Chinese and may be embedded, and the order in which they are tried."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from zonereport.fonts.store import coverage, stamp, store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

WELL_KNOWN = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "SimHei",
    "Noto Serif SC",
    "Noto Serif CJK SC",
    "SimSun",
)
"""Families for simplified Chinese, best first: sans serif, as the charts are, and with a real bold."""

SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}


@dataclass(frozen=True, slots=True)
class Installed:
    """One upright face of a font file."""

    file: Path
    number: int
    """The place of the face in a collection, from 0."""
    names: tuple[str, ...]
    """Its family's names in every language, the one that all weights share in front."""
    weight: int
    """From 100 to 900; of a variable font, that of its default."""
    variable: bool
    """Whether its weight can be chosen."""


def named(faces: Iterable[Installed], name: str) -> list[Installed]:
    """Return the faces whose family has this name in some language, whatever its case."""
    wanted = name.strip().casefold()
    return [face for face in faces if wanted in map(str.casefold, face.names)]


def choices(faces: Sequence[Installed], lacking: AbstractSet[int], folder: Path) -> Iterator[list[Installed]]:
    """Yield the faces family by family: well-known ones, then those that have most of what is lacking."""
    for name in WELL_KNOWN:
        if family := named(faces, name):
            yield family
    families: dict[str, list[Installed]] = {}
    for face in faces:
        families.setdefault(face.names[0], []).append(face)

    def order(name: str) -> tuple[int, str]:
        had = (len(lacking & coverage(face.file, face.number, folder)) for face in families[name])
        return -max(had), name

    yield from (families[name] for name in sorted(families, key=order))


def installed_faces(folder: Path) -> list[Installed]:
    """Return the system's faces that have Chinese and may be embedded, in the order of their paths.

    Reading them takes seconds where hundreds of fonts are; what was found is kept in the cache `folder`.
    """
    return faces_in(sorted(set(_font_files())), folder)


def _font_files() -> Iterator[Path]:
    for top in _system_folders():
        for place, _, names in os.walk(top):
            yield from (Path(place, name) for name in names if Path(name).suffix.lower() in SUFFIXES)


def _system_folders() -> list[Path]:
    """Return where this kind of system keeps fonts; a folder need not be there."""
    home = Path.home()
    if sys.platform == "win32":
        own = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
        return [
            Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
            own / "Microsoft" / "Windows" / "Fonts",
        ]
    shared = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/opt/local/share/fonts")]
    own = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "fonts"
    if sys.platform == "darwin":
        library = [top / "Library" / "Fonts" for top in (Path("/System"), Path("/"), Path("/Network"), home)]
        return [*library, *shared, own]
    return [*shared, own, home / ".fonts"]


def faces_in(files: Iterable[Path], folder: Path) -> list[Installed]:
    """Return the faces of these files that have Chinese and may be embedded; a damaged file has none."""
    index = folder / "installed.json"
    known, fresh = _known(index), False
    found: list[Installed] = []
    for file in files:
        try:
            now = stamp(file)
        except OSError:
            continue  # a link to a font that is gone
        if str(file) not in known or known[str(file)][0] != now:
            known[str(file)], fresh = (now, _read_faces(file, *now)), True
        found += known[str(file)][1]
    if fresh:
        kept = {file: [now, [astuple(face)[1:] for face in faces]] for file, (now, faces) in known.items()}
        store(index, json.dumps(kept).encode("ascii"))
    return found


def _known(index: Path) -> dict[str, tuple[tuple[int, int], tuple[Installed, ...]]]:
    """Return what the cache says of each font file: its stamp and its faces."""
    try:
        return {
            file: (
                (size, changed),
                tuple(
                    Installed(Path(file), number, tuple(names), weight, variable)
                    for number, names, weight, variable in faces
                ),
            )
            for file, ((size, changed), faces) in json.loads(index.read_text("ascii")).items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


@cache
def _read_faces(file: Path, _size: int, _changed: int) -> tuple[Installed, ...]:
    from fontTools.ttLib import TTFont

    faces = []
    try:
        with file.open("rb") as data:
            for number in range(_number_of_faces(data)):
                font = TTFont(data, fontNumber=number, lazy=True)
                if _is_usable(font):
                    faces.append(_describe(font, file, number))
    except Exception:  # a damaged font can fail anywhere, and is one font less
        return ()
    return tuple(faces)


def _number_of_faces(data: BinaryIO) -> int:
    head = data.read(12)
    return int.from_bytes(head[8:12]) if head[:4] == b"ttcf" else 1


def _is_usable(font: Any) -> bool:
    """Return whether a face is upright, has outlines and Chinese, and may be embedded as a subset."""
    if not {"glyf", "CFF ", "CFF2"}.intersection(font.keys()):
        return False
    is_italic = font["OS/2"].fsSelection & 1
    has_chinese = any(0x4E00 <= code < 0xA000 for code in font.getBestCmap() or ())
    return not is_italic and has_chinese and _may_embed(font["OS/2"].fsType)


def _may_embed(permissions: int) -> bool:
    """Return whether OS/2 fsType allows embedding a subset of the outlines (OpenType, OS/2, fsType)."""
    is_restricted = permissions & 0xF == 2
    no_subset_or_bitmaps_only = permissions & 0x300
    return not is_restricted and not no_subset_or_bitmaps_only


def _describe(font: Any, file: Path, number: int) -> Installed:
    families = [record for record in font["name"].names if record.nameID in (1, 16)]
    families.sort(key=lambda record: (record.nameID != 16, record.langID not in (0, 0x409)))
    names = dict.fromkeys(record.toUnicode("replace").strip() for record in families)
    axes = {axis.axisTag for axis in font["fvar"].axes} if "fvar" in font else set()
    return Installed(file, number, tuple(names) or (file.stem,), font["OS/2"].usWeightClass, "wght" in axes)
