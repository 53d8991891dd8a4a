"""A small static TrueType font, cut from a face of any font file.

The layout tables (kerning, ligatures) are left out: ReportLab reads none, so keeping them would set
the same label wider in the Word chart than in the PDF, and would make a cold start five times slower.
Source Sans 3 has tabular figures by default, so columns of numbers align without its `pnum` feature.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from zonereport.fonts.characters import UNDRAWN
from zonereport.fonts.faces import STYLE_NAMES, STYLES
from zonereport.fonts.store import stamp

if TYPE_CHECKING:
    from pathlib import Path

    from zonereport.fonts.faces import Face
    from zonereport.fonts.sources import Cut

LAYOUT_TABLES = ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "VORG", "VVAR", "kern", "vhea", "vmtx"]
OTHER_TABLES = ["DSIG", "FFTM", "gasp"]
NOTHING = bytes([0xB0, 0x00, 0x21] * 4)
"""PUSHB[0] 0, POP[]: FreeType takes a shorter program for none."""
KEPT_NAMES = [0, 13, 14]
"""Copyright and licence, which the licence wants kept; all other names are replaced."""

POINT_LIMITS = ("maxPoints", "maxContours", "maxCompositePoints", "maxCompositeContours")
MOST_POINTS = 1024
"""What a character may have of each, for all that a reader of the font is told."""

CURVE_ERROR = 0.001
"""How far, in em, a quadratic curve may stray from the cubic one it stands for: a unit of most CFF fonts."""


@lru_cache(maxsize=16)
def make_font(face: Face, cut: Cut) -> bytes:
    """Return the bytes of a static TrueType font, the same for the same input."""
    from fontTools.ttLib import TTFont

    font = TTFont(
        BytesIO(_subset(cut.file, cut.number, face.covers, *stamp(cut.file))), recalcTimestamp=False
    )
    if "fvar" in font:
        _fix_weight(font, cut.weight)
    if "glyf" not in font:
        _draw_as_truetype(font)
    _rename(font, face)
    _add_blank(font)
    _leave_unhinted(font)
    made = BytesIO()
    font.save(made)
    return _settled(made, cut)


def _settled(made: BytesIO, cut: Cut) -> bytes:
    """Return the font with the extremes of the font it is cut from, whatever characters it has.

    So what is embedded depends on the characters used and on nothing else, and a font made for many
    texts gives the same document as one made for one of them.
    """
    from fontTools.ttLib import TTFont

    extremes = {
        "head": ("xMin", "yMin", "xMax", "yMax"),
        "hhea": ("advanceWidthMax", "minLeftSideBearing", "minRightSideBearing", "xMaxExtent"),
        "OS/2": ("usFirstCharIndex", "usLastCharIndex", "xAvgCharWidth"),
    }
    font = TTFont(made, recalcBBoxes=False, recalcTimestamp=False)
    font["OS/2"].updateFirstAndLastCharIndex = lambda _: None
    with TTFont(cut.file, fontNumber=cut.number, lazy=True) as original:
        for table, names in extremes.items():
            for name in names:
                setattr(font[table], name, getattr(original[table], name))
    for name in POINT_LIMITS:
        setattr(font["maxp"], name, max(getattr(font["maxp"], name), MOST_POINTS))
    settled = BytesIO()
    font.save(settled)
    return settled.getvalue()


@lru_cache(maxsize=2)
def _subset(file: Path, number: int, codes: frozenset[int], _size: int, _changed: int) -> bytes:
    """Return the font cut down to these characters, still variable; regular and bold share it.

    Subsetting comes before instantiating: the other way round, a Chinese font takes 20 seconds.
    """
    from fontTools import subset

    options = subset.Options(
        layout_features=[],
        hinting=False,
        glyph_names=False,
        notdef_outline=True,
        prune_unicode_ranges=False,
        prune_codepage_ranges=False,
        name_IDs=KEPT_NAMES,
        font_number=number,
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


def _fix_weight(font: Any, weight: int | None) -> None:
    """Make a variable font a static one of this weight, and of the default on every other axis."""
    from fontTools.varLib import instancer

    place = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
    for axis in font["fvar"].axes:
        if axis.axisTag == "wght" and weight is not None:
            place["wght"] = min(max(weight, axis.minValue), axis.maxValue)
    instancer.instantiateVariableFont(font, place, inplace=True)


def _draw_as_truetype(font: Any) -> None:
    """Draw the cubic outlines of a CFF font as quadratic ones: ReportLab embeds no others."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import newTable

    order = font.getGlyphOrder()
    cubic = font.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        cubic[name].draw(Cu2QuPen(pen, CURVE_ERROR * font["head"].unitsPerEm, reverse_direction=True))
        glyphs[name] = pen.glyph()
    for tag in {"CFF ", "CFF2"}.intersection(font.keys()):
        del font[tag]
    font.sfntVersion = "\x00\x01\x00\x00"
    font["loca"] = newTable("loca")
    font["glyf"] = newTable("glyf")
    font["glyf"].glyphOrder = order
    font["glyf"].glyphs = glyphs
    font["post"].formatType = 3
    _set_left_edges(font)
    _set_truetype_limits(font["maxp"])


def _set_left_edges(font: Any) -> None:
    """Set each left side bearing to the outline's edge, where TrueType places the glyph by it."""
    for name, (advance, _) in font["hmtx"].metrics.items():
        glyph = font["glyf"][name]
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (advance, getattr(glyph, "xMin", 0))


def _set_truetype_limits(limits: Any) -> None:
    """Add what `maxp` says of TrueType outlines only; the counts of points are computed when saving."""
    limits.tableVersion = 0x00010000
    limits.maxZones = 1
    for name in (
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
    ):
        setattr(limits, name, 0)


def _leave_unhinted(font: Any) -> None:
    """Add a program that does nothing: FreeType hints a font without one by itself, by all its characters.

    Then a letter in a bitmap would depend on which others the font has.
    """
    from fontTools.ttLib import newTable
    from fontTools.ttLib.tables.ttProgram import Program

    font["prep"] = newTable("prep")
    font["prep"].program = Program()
    font["prep"].program.fromBytecode(NOTHING)
    font["maxp"].maxStackElements = max(font["maxp"].maxStackElements, 1)


def _rename(font: Any, face: Face) -> None:
    """Name the font after the face, in every place where programs look."""
    style = STYLE_NAMES[STYLES.index((face.bold, face.italic))]
    unique = f"{face.family}-{style}".replace(" ", "")
    names = ((1, face.family), (2, style), (3, unique), (4, f"{face.family} {style}"), (6, unique))
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
