"""One way from the text of a briefing to the small static fonts that PDF and charts draw it with.

Source Sans 3 (or the theme's family) comes first, then a Chinese family if one is installed, then
DejaVu Sans; each gives only what the ones before it lack. What no font has is an error, not a box.

The layout tables (kerning, ligatures) are left out: ReportLab reads none, so keeping them would set
the same label wider in the Word chart than in the PDF, and would make a cold start five times slower.
Source Sans 3 has tabular figures by default, so columns of numbers align without its `pnum` feature.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import shutil
import struct
import tempfile
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zonereport.errors import MissingCharacterError, RenderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PIPELINE = 1
"""Part of every cache key: raise it when the same input shall give other font files."""

_IGNORABLE = (
    (0x09, 0x0A),
    (0x0D, 0x0D),
    (0xAD, 0xAD),
    (0x61C, 0x61C),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
)
UNDRAWN = frozenset(code for first, last in _IGNORABLE for code in range(first, last + 1))
"""Characters without a shape of their own: tab and line ends, soft hyphen, zero-width space and joiners,
direction marks, variation selectors. `FontSet.split` drops them; should one be drawn all the same, every
font has it as an empty glyph of no width."""

_SIGNS = frozenset(map(ord, "–—‘’“”„…•‰€−≈≠≤≥→↑↓↗↘▲▼●"))
BASE = (frozenset(range(0x20, 0x7F)) | frozenset(range(0xA0, 0x100)) | _SIGNS) - UNDRAWN
"""In every first font, so that page numbers and axis ticks never lack a digit, and so that the
briefings of hundreds of zones share one cached font."""

SHARED_PUNCTUATION = frozenset(map(ord, "‘’“”…—·"))
"""Latin and Chinese text share these code points but not their shapes: Chinese ones fill a square."""

STYLES = ((False, False), (True, False), (False, True), (True, True))
"""Bold and italic of a family's four faces, in the order of its fields."""
STYLE_NAMES = ("Regular", "Bold", "Italic", "Bold Italic")
WEIGHTS = (400, 600, 400, 600)
"""Semibold stands for bold: 700 looks black beside text of this size. The font says 700 of itself, so
that whoever asks for bold finds it."""


@dataclass(frozen=True, slots=True)
class Face:
    """One static font file, made for one text."""

    name: str
    """PostScript name, the same for the same content: the font's name in ReportLab."""
    family: str
    """Family name, shared by the four faces of a family: the font's name in matplotlib."""
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
    """The families that together can draw a text, in order of preference."""

    families: tuple[Family, ...]

    def face(self, *, bold: bool = False, italic: bool = False) -> Face:
        """Return the first family's face of this style."""
        return self.families[0].face(bold=bold, italic=italic)

    def matplotlib_families(self) -> tuple[str, ...]:
        """Return the names to give matplotlib as `font.family`, in order of fallback.

        The weight and style of a text pick the face: `fontweight="bold"` finds the bold file.
        """
        return tuple(family.regular.family for family in self.families)

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
        drawn = [c for c in text if ord(c) not in UNDRAWN]
        runs: list[tuple[Face, str]] = []
        for place, character in enumerate(drawn):
            following = drawn[place + 1] if place + 1 < len(drawn) else ""
            before = runs[-1] if runs else None
            face = self._choose(character, before, following, bold=bold, italic=italic)
            if before and before[0] == face:
                runs[-1] = (face, before[1] + character)
            else:
                runs.append((face, character))
        return runs

    def _choose(
        self, character: str, before: tuple[Face, str] | None, following: str, *, bold: bool, italic: bool
    ) -> Face:
        code = ord(character)
        if before and code in before[0].covers and (character.isspace() or unicodedata.combining(character)):
            return before[0]
        families: Iterable[Family] = self.families
        after_chinese = before and before[0].family != self.families[0].regular.family
        if code in SHARED_PUNCTUATION and (after_chinese or is_east_asian(following)):
            families = (*self.families[1:], self.families[0])
        for family in families:
            for style in dict.fromkeys(((bold, italic), (bold, False), (False, False))):
                face = family.face(bold=style[0], italic=style[1])
                if code in face.covers:
                    return face
        raise _missing([code])


def is_east_asian(character: str) -> bool:
    """Return whether a character is a Chinese, Japanese or Korean one, or their punctuation."""
    return bool(character) and unicodedata.east_asian_width(character) in "WF"


def prepare_fonts(text: str, theme_family: str, cache: Path | None = None) -> FontSet:
    """Return the fonts that draw every character of `text`, made now or taken from the cache.

    `text` is all the text of a briefing, charts included. The same text and fonts give the same
    bytes. Where `cache` (by default `zonereport/fonts` in the user's cache folder) cannot be
    written, the files live as long as the process. Raises RenderError, naming the characters, if
    some character is in no font.
    """
    lacking = frozenset(map(ord, text)) - UNDRAWN
    folder = cache or default_cache()
    families: list[Family] = []
    for source in _sources(theme_family):
        if families and not lacking:
            break  # before a large font is read that nobody needs
        useful = lacking & _coverage(source.cuts[0].file, folder)
        if useful or not families:
            families.append(_family(source, lacking | source.always, folder))
            lacking -= useful
    if lacking:
        raise _missing(sorted(lacking))
    return FontSet(tuple(families))


def register_in_reportlab(fonts: FontSet) -> None:
    """Make the faces known to ReportLab under their names, once; `<b>` and `<i>` find their face."""
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    known = set(pdfmetrics.getRegisteredFontNames())
    for family in fonts.families:
        if family.regular.name in known:
            continue
        for face in family.faces():
            # Only what a page uses is embedded, instead of all of ASCII in every face.
            pdfmetrics.registerFont(TTFont(face.name, face.path, asciiReadable=False, shapable=False))
        # ReportLab finds a face's style by the last mapping of its name, hence the upright ones last.
        for bold, italic in reversed(STYLES):
            face = family.face(bold=bold, italic=italic)
            addMapping(family.regular.family, int(bold), int(italic), face.name)


_IN_MATPLOTLIB: set[str] = set()


def register_in_matplotlib(fonts: FontSet) -> None:
    """Make the faces known to matplotlib's font manager, once a process: it would list them twice."""
    from matplotlib import font_manager

    for family in fonts.families:
        for face in family.faces():
            if face.name not in _IN_MATPLOTLIB:
                font_manager.fontManager.addfont(face.path)
                _IN_MATPLOTLIB.add(face.name)


def default_cache() -> Path:
    """Return `zonereport/fonts` in $XDG_CACHE_HOME, or in `~/.cache`."""
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (given if given.is_absolute() else Path("~/.cache").expanduser()) / "zonereport" / "fonts"


# Where fonts come from


@dataclass(frozen=True, slots=True)
class _Cut:
    """What a face is cut from: a font file and, if that is variable, the weight to take."""

    file: Path
    weight: int | None


@dataclass(frozen=True, slots=True)
class _Source:
    """A family to cut faces from; four cuts, in the order of STYLES."""

    name: str
    """Part of the new name; the licence reserves the old one for unchanged fonts."""
    cuts: tuple[_Cut, ...]
    always: frozenset[int] = frozenset()
    """Characters to take along whether the text has them or not."""


def _sources(theme_family: str) -> Iterator[_Source]:
    yield _theme_source(theme_family)
    if han := _han_source():
        yield han
    yield _last_source()


def _theme_source(family: str) -> _Source:
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
        cuts.append(_Cut(folder / entry["path"], weight if entry["variable"] else None))
    return _Source("Text", tuple(cuts), BASE)


def _han_source() -> _Source | None:
    folder = _package_folder("justmytype_intl_cjk")
    if folder is None:
        return None
    file = folder / "fonts" / "ofl" / "notosanssc" / "NotoSansSC[wght].ttf"
    return _Source("Han", tuple(_Cut(file, weight) for weight in WEIGHTS), SHARED_PUNCTUATION)


def _last_source() -> _Source:
    folder = _package_folder("matplotlib")
    if folder is None:
        raise RenderError("matplotlib is not installed, and with it the last fallback font")
    fonts = folder / "mpl-data" / "fonts" / "ttf"
    names = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique")
    return _Source("Signs", tuple(_Cut(fonts / f"{name}.ttf", None) for name in names))


def _package_folder(name: str) -> Path | None:
    """Return a package's folder without importing it."""
    spec = find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _missing(codes: list[int]) -> MissingCharacterError:
    named = [f"U+{code:04X} {chr(code)}" if chr(code).isprintable() else f"U+{code:04X}" for code in codes]
    shown = ", ".join(named[:10]) + (f" and {len(named) - 10} more" if len(named) > 10 else "")
    hint = "write them in another way"
    if any(is_east_asian(chr(code)) for code in codes) and _han_source() is None:
        hint = 'Chinese needs a font of its own: `pip install "zonereport[zh]"`'
    message = f"no font has the character{'s' if len(codes) > 1 else ''} {shown}"
    return MissingCharacterError(codes, message, hint=hint)


# From a source to files in the cache


def _family(source: _Source, wanted: frozenset[int], folder: Path) -> Family:
    """Return the four faces of a source with these characters, making those the cache lacks."""
    wanted = (wanted & _coverage(source.cuts[0].file, folder)) | {0x20}
    family = f"Zonereport {source.name} {_key(source, wanted)}"
    faces: dict[_Cut, Face] = {}
    for cut, style, (bold, italic) in zip(source.cuts, STYLE_NAMES, STYLES, strict=True):
        if cut not in faces:
            name = f"{family}-{style}".replace(" ", "")
            covers = wanted & _coverage(cut.file, folder)
            face = Face(name, family, folder / f"{name}.ttf", bold, italic, covers)
            faces[cut] = _on_disk(face, cut)
    return Family(*(faces[cut] for cut in source.cuts))


def _key(source: _Source, wanted: frozenset[int]) -> str:
    cuts = [(_file_digest(cut.file), cut.weight) for cut in source.cuts]
    content = json.dumps([PIPELINE, cuts, sorted(wanted)])
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def _on_disk(face: Face, cut: _Cut) -> Face:
    """Return the face with the path of its file, which is made if it is missing or damaged."""
    if _is_sound(face.path):
        return face
    return replace(face, path=_store(face.path, _made(face, cut)))


def _is_sound(path: Path) -> bool:
    """Return whether a font file is whole: its words add up to the sum OpenType prescribes."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    words = len(data) // 4
    return len(data) == 4 * words > 0 and sum(struct.unpack(f">{words}I", data)) & 0xFFFFFFFF == 0xB1B0AFBA


def _store(path: Path, data: bytes) -> Path:
    """Write a file whole or not at all, in the process's own folder if it cannot be there."""
    try:
        return _write(path, data)
    except OSError:
        return _write(_process_folder() / path.name, data)


def _write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return path


@cache
def _process_folder() -> Path:
    """Return a folder that goes when the process ends."""
    folder = tempfile.mkdtemp(prefix="zonereport-fonts-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _file_digest(path: Path) -> str:
    status = path.stat()
    return _digest(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=32)
def _digest(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _coverage(file: Path, folder: Path) -> frozenset[int]:
    """Return the code points of a font, kept in the cache because reading a font is slow."""
    return _known_coverage(file, folder, _file_digest(file))


@lru_cache(maxsize=32)
def _known_coverage(file: Path, folder: Path, digest: str) -> frozenset[int]:
    kept = folder / f"coverage-{digest[:24]}.json"
    try:
        ranges = json.loads(kept.read_text("ascii"))
        return frozenset(code for first, last in ranges for code in range(first, last + 1))
    except (OSError, ValueError, TypeError):
        pass
    codes = _read_coverage(file)
    _store(kept, json.dumps(_ranges(codes)).encode("ascii"))
    return codes


def _read_coverage(file: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap()) - UNDRAWN


def _ranges(codes: Iterable[int]) -> list[list[int]]:
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return ranges


# Making a font file


LAYOUT_TABLES = ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "VORG", "VVAR", "kern", "vhea", "vmtx"]
OTHER_TABLES = ["DSIG", "FFTM", "gasp"]
KEPT_NAMES = [0, 13, 14]
"""Copyright and licence, which the licence wants kept; all other names are replaced."""


@lru_cache(maxsize=16)
def _made(face: Face, cut: _Cut) -> bytes:
    """Return the bytes of a static TrueType font, the same for the same input."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = TTFont(BytesIO(_subset(cut.file, face.covers)), recalcTimestamp=False)
    if cut.weight is not None:
        place = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes} | {"wght": cut.weight}
        instancer.instantiateVariableFont(font, place, inplace=True)
    _rename(font, face)
    _add_blank(font)
    made = BytesIO()
    font.save(made)
    return made.getvalue()


@lru_cache(maxsize=2)
def _subset(file: Path, codes: frozenset[int]) -> bytes:
    """Return the font cut down to these characters, still variable; regular and bold share it.

    Subsetting comes before instantiating: the other way round, a Chinese font takes 20 seconds.
    """
    from fontTools import subset

    options = subset.Options(
        layout_features=[], hinting=False, glyph_names=False, notdef_outline=True, name_IDs=KEPT_NAMES
    )
    options.drop_tables += LAYOUT_TABLES + OTHER_TABLES
    font = subset.load_font(file, options, lazy=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    small = BytesIO()
    font.save(small)
    font.close()
    return small.getvalue()


def _rename(font: Any, face: Face) -> None:
    """Name the font after the face, in every place where matplotlib and ReportLab look."""
    style = STYLE_NAMES[STYLES.index((face.bold, face.italic))]
    names = ((1, face.family), (2, style), (3, face.name), (4, f"{face.family} {style}"), (6, face.name))
    for number, text in names:
        font["name"].setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 700 if face.bold else 400
    regular = not face.bold and not face.italic
    others = font["OS/2"].fsSelection & ~0b1100001
    font["OS/2"].fsSelection = others | face.italic | face.bold << 5 | regular << 6
    font["head"].macStyle = face.bold | face.italic << 1


def _add_blank(font: Any) -> None:
    """Give the characters without a shape an empty glyph of no width, so that none shows as a box."""
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    font.setGlyphOrder([*font.getGlyphOrder(), "blank"])
    font["glyf"]["blank"] = Glyph()
    font["hmtx"]["blank"] = (0, 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap |= dict.fromkeys(UNDRAWN, "blank")
