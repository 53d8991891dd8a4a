from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.misc.psCharStrings import T2CharString
from fontTools.pens.areaPen import AreaPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.svgLib.path import parse_path
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.tables.TupleVariation import TupleVariation

from zonereport.api import compose, keep_fonts_ready, load, render
from zonereport.briefing.text import every_text
from zonereport.errors import MissingCharacterError, RenderError
from zonereport.fonts import (
    Face,
    FontSet,
    default_cache,
    installed,
    outlines,
    prepare,
    prepare_fonts,
    register_in_reportlab,
    sources,
    store,
    text_width,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

FAMILY = "Source Sans 3"
ANCHOR = "⚓"
SYSTEM_FOLDERS = installed._system_folders
ZH_HINT = 'Chinese needs a font of its own: `pip install "zonereport[zh]"`'


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fonts")


@pytest.fixture(autouse=True)
def system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of system fonts: nothing depends on those of this machine."""
    folder = tmp_path / "system"
    folder.mkdir()
    monkeypatch.setattr(installed, "_system_folders", lambda: [folder])
    return folder


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "extra_folder", lambda: None)


def contents(font_set: FontSet) -> dict[str, bytes]:
    return {face.name: face.path.read_bytes() for family in font_set.families for face in family.faces()}


def run_python(code: str, *, seed: str = "0") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONHASHSEED": seed}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )


def test_four_faces_of_one_family_draw_plain_text(cache: Path) -> None:
    font_set = prepare_fonts("Zone", FAMILY, cache=cache)
    faces = list(font_set.families[0].faces())
    assert len(font_set.families) == 1
    assert [(face.bold, face.italic) for face in faces] == [
        (False, False),
        (True, False),
        (False, True),
        (True, True),
    ]
    assert len({face.name for face in faces}) == 4
    assert len({face.family for face in faces}) == 1
    assert all(face.covers >= set(range(0x20, 0x7F)) for face in faces)


def test_texts_of_common_characters_share_one_font(cache: Path) -> None:
    assert prepare_fonts("More than 500", FAMILY, cache=cache) == prepare_fonts(
        "at least 7 %", FAMILY, cache=cache
    )


def test_the_licence_goes_with_the_font_and_its_reserved_name_does_not(cache: Path) -> None:
    names = TTFont(prepare_fonts("Zone", FAMILY, cache=cache).face().path)["name"]
    assert "SIL Open Font License" in names.getDebugName(13)
    assert not any("Source" in str(names.getDebugName(number)) for number in (1, 3, 4, 6))


def test_figures_are_all_of_one_width_so_that_columns_align(cache: Path) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    font_set = prepare_fonts("1", FAMILY, cache=cache)
    register_in_reportlab(font_set)
    for face in font_set.families[0].faces():
        widths = [stringWidth(digit, face.name, 1000) for digit in "0123456789"]
        assert max(widths) - min(widths) <= 1  # interpolated weights are rounded


def test_a_sign_the_text_font_lacks_comes_from_the_last_family(cache: Path) -> None:
    font_set = prepare_fonts(f"A {ANCHOR} B", FAMILY, cache=cache)
    runs = font_set.split(f"A {ANCHOR} B", bold=True)
    assert [text for _, text in runs] == ["A ", f"{ANCHOR} ", "B"]
    assert runs[1][0] == font_set.families[1].bold
    assert runs[0][0] == font_set.families[0].bold


def test_a_combining_mark_stays_with_its_letter(cache: Path) -> None:
    text = "re\u0301sume\u0301"
    assert [run for _, run in prepare_fonts(text, FAMILY, cache=cache).split(text)] == [text]


def test_an_empty_text_has_no_runs(cache: Path) -> None:
    assert prepare_fonts("", FAMILY, cache=cache).split("") == []


def test_characters_without_a_shape_are_dropped_and_raise_nothing(cache: Path) -> None:
    text = "inno\u00advation\u200b zone\ufeff"
    font_set = prepare_fonts(text, FAMILY, cache=cache)
    assert [run for _, run in font_set.split(text)] == ["innovation zone"]


def test_characters_without_a_shape_have_no_width_if_drawn_all_the_same(cache: Path) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    font_set = prepare_fonts("a", FAMILY, cache=cache)
    register_in_reportlab(font_set)
    assert stringWidth("a\u00ad\u200bb", font_set.face().name, 10) == stringWidth(
        "ab", font_set.face().name, 10
    )


@pytest.mark.usefixtures("without_extra")
def test_a_character_no_font_has_is_named(cache: Path) -> None:
    with pytest.raises(RenderError) as caught:
        prepare_fonts("ship \U0001f6a2", FAMILY, cache=cache)
    assert caught.value.message == "no font has the character U+1F6A2 \U0001f6a2"
    assert caught.value.hint == "write them in another way"


@pytest.mark.usefixtures("without_extra")
def test_chinese_without_its_font_says_what_to_install(cache: Path) -> None:
    with pytest.raises(RenderError, match=r"U\+4E2D 中, U\+6587 文") as caught:
        prepare_fonts("中文", FAMILY, cache=cache)
    assert caught.value.hint == ZH_HINT


@pytest.mark.usefixtures("without_extra")
def test_many_missing_characters_are_counted_not_listed(cache: Path) -> None:
    with pytest.raises(RenderError, match="and 10 more"):
        prepare_fonts("".join(chr(0x4E00 + place) for place in range(20)), FAMILY, cache=cache)


def test_a_character_the_fonts_were_not_made_for_is_an_error_not_a_box(cache: Path) -> None:
    with pytest.raises(RenderError, match=r"U\+0416"):
        prepare_fonts("Zone", FAMILY, cache=cache).split("Ж")


def test_a_theme_font_that_is_not_installed_is_named(cache: Path) -> None:
    with pytest.raises(RenderError, match="No Such Sans") as caught:
        prepare_fonts("Zone", "No Such Sans", cache=cache)
    assert caught.value.hint == "try `pip install fontpkg-no-such-sans`"


@pytest.mark.parametrize(
    "marked",
    [
        "[称为“]ABC[”的…… ]it’s",
        "[“‘包头’”]",
        "[——包头……]",
        "[阿·史]",
        "A[·史]",
        "[‘包头’]GDP",
        "[包头]’s zone",
        "[称为“]R&D[”的]",
        "[“]R&D[”的]",
        "the [“包头” ]zone",
        "the [“包头 ]Zone[” ]is",
        "the “zone” — of [‘包头’]",
        "a “big [‘包头’ ]zone” b",
        "“it’s” … · — [包头]",
        "the “zone” ’til “",
    ],
)
def test_shared_punctuation_goes_with_its_chinese_neighbour(cache: Path, marked: str) -> None:
    text = marked.replace("[", "").replace("]", "")
    font_set = prepare_fonts(f"{text}包头史阿的称为", FAMILY, cache=cache)
    chinese = font_set.families[1].bold
    runs = font_set.split(text, bold=True)
    assert "".join(f"[{run}]" if face == chinese else run for face, run in runs) == marked


def test_signs_from_another_font_do_not_make_a_quote_chinese(cache: Path) -> None:
    text = f"“{ANCHOR}” 包头"
    runs = prepare_fonts(text, FAMILY, cache=cache).split(text)
    assert [run for _, run in runs] == ["“", ANCHOR, "” ", "包头"]


def test_the_same_text_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        code = (
            "from zonereport.fonts import prepare_fonts; from pathlib import Path\n"
            f"prepare_fonts('Ж{ANCHOR}', {FAMILY!r}, cache=Path({str(folder)!r}))"
        )
        run_python(code, seed=seed)
        made.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert made[0] == made[1]
    assert sum(name.endswith(".ttf") for name in made[0]) == 8


def test_a_full_cache_needs_no_font_tools(cache: Path) -> None:
    prepare_fonts("Zone", FAMILY, cache=cache)
    code = (
        "import sys; from zonereport.fonts import prepare_fonts; from pathlib import Path\n"
        f"prepare_fonts('Zone', {FAMILY!r}, cache=Path({str(cache)!r}))\n"
        "print([name for name in ('fontTools', 'reportlab', 'matplotlib') if name in sys.modules])"
    )
    assert run_python(code).stdout.strip() == "[]"


@pytest.mark.parametrize("damage", [b"", b"no font at all", None])
def test_a_damaged_file_in_the_cache_is_made_again(tmp_path: Path, damage: bytes | None) -> None:
    before = prepare_fonts("Zone", FAMILY, cache=tmp_path)
    expected = contents(before)
    data = before.face().path.read_bytes()
    before.face().path.write_bytes(
        data[: len(data) // 2] + data[len(data) // 2 + 4 :] if damage is None else damage
    )
    assert contents(prepare_fonts("Zone", FAMILY, cache=tmp_path)) == expected


def test_a_damaged_list_of_characters_is_made_again(tmp_path: Path) -> None:
    prepare_fonts("Zone", FAMILY, cache=tmp_path)
    for kept in tmp_path.glob("*.json"):
        kept.write_text("[[32,")
    store._known_coverage.cache_clear()
    assert prepare_fonts("Zone", FAMILY, cache=tmp_path).face().covers >= set(map(ord, "Zone"))
    assert all(kept.read_text().endswith("]]") for kept in tmp_path.glob("*.json"))


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")
    font_set = prepare_fonts("Zone", FAMILY, cache=blocked / "fonts")
    assert font_set.face().path.is_file()
    assert prepare_fonts("Zone", FAMILY, cache=blocked / "fonts") == font_set
    register_in_reportlab(font_set)


def test_fonts_made_without_a_cache_go_with_the_process(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    code = (
        "from zonereport.fonts import prepare_fonts; from pathlib import Path\n"
        f"print(prepare_fonts('Zone', {FAMILY!r}, cache=Path({str(blocked / 'fonts')!r})).face().path)"
    )
    assert not Path(run_python(code).stdout.strip()).exists()


def test_two_processes_at_once_do_not_clash(tmp_path: Path) -> None:
    code = (
        "from zonereport.fonts import prepare_fonts; from pathlib import Path\n"
        f"print(prepare_fonts('Zone', {FAMILY!r}, cache=Path({str(tmp_path)!r})).face().path.stat().st_size)"
    )
    with ThreadPoolExecutor(3) as pool:
        sizes = {result.stdout for result in pool.map(lambda _: run_python(code), range(3))}
    assert len(sizes) == 1
    assert not list(tmp_path.glob("*.part"))


def test_the_default_cache_follows_the_user_s_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "zonereport" / "fonts"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
    assert default_cache() == Path.home() / ".cache" / "zonereport" / "fonts"


@pytest.mark.parametrize("home", ["", None])
def test_who_has_no_home_keeps_nothing(monkeypatch: pytest.MonkeyPatch, home: str | None) -> None:
    def no_home(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if home is None:
        monkeypatch.setattr(Path, "expanduser", no_home)
    else:
        monkeypatch.setenv("HOME", home)
    font_set = prepare_fonts("Zone", FAMILY)
    assert font_set.face().path.is_file()
    assert not default_cache().exists()
    assert font_set.face().path.parent.name.startswith("zonereport-fonts-")


# Chinese


def write_font(
    path: Path,
    text: str = "包头",
    *,
    family: str | dict[str, str] = "Test Hei",
    weight: int = 400,
    outlines: str = "glyf",
    fs_type: int = 0,
    typographic: str = "",
) -> Path:
    """A font of squares, or of discs for CFF; the heavier, the larger. gvar and CFF2 are variable."""
    names = [".notdef", "space", *(f"uni{ord(character):04X}" for character in text)]
    build = FontBuilder(1000, isTTF=outlines in ("glyf", "gvar"))
    build.setupGlyphOrder(names)
    build.setupCharacterMap({0x20: "space"} | {ord(c): f"uni{ord(c):04X}" for c in text})
    build.setupNameTable({"familyName": family, "styleName": "Regular", "psName": path.stem})
    if outlines in ("gvar", "CFF2"):
        build.setupFvar([("opsz", 6, 12, 72, "Size"), ("wght", 100, 400, 900, "Weight")], [])
    sizes = {name: weight / 2 if name.startswith("uni") else 0 for name in names}
    if outlines == "CFF":
        discs = {name: draw_disc(T2CharStringPen(1000, None), size) for name, size in sizes.items()}
        charstrings = {name: pen.getCharString() for name, pen in discs.items()}
        build.setupCFF(path.stem, {"FullName": path.stem}, charstrings, {})
    elif outlines == "CFF2":
        programs = {name: grown_square(size) if size else [] for name, size in sizes.items()}
        build.setupCFF2(
            {n: T2CharString(program=p) for n, p in programs.items()}, regions=[{"wght": (0, 1, 1)}]
        )
    else:
        build.setupGlyf({n: draw_square(TTGlyphPen(None), size).glyph() for n, size in sizes.items()})
    build.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    build.setupHorizontalHeader(ascent=880, descent=-120)
    if typographic:
        build.font["name"].setName(typographic, 16, 3, 1, 0x409)
    build.setupOS2(usWeightClass=weight, fsType=fs_type, sTypoAscender=880, sTypoDescender=-120)
    build.setupPost()
    if outlines == "gvar":
        wider = [(0, 0), (0, 100), (100, 100), (100, 0), *[(0, 0)] * 4]
        heavy = [TupleVariation({"wght": (0, 1, 1)}, wider)]
        build.setupGvar({name: heavy for name, size in sizes.items() if size})
    build.save(path)
    return path


def draw_square(pen: Any, size: float) -> Any:
    if size:
        pen.moveTo((0, 0))
        for point in ((0, size), (size, size), (size, 0)):
            pen.lineTo(point)
        pen.closePath()
    return pen


def grown_square(size: float) -> list[Any]:
    sides = [side for sign in (1, 1, -1) for side in (sign * size, sign * 100, 1, "blend")]
    return [0, 0, "rmoveto", *sides, "hlineto"]


def draw_disc(pen: Any, size: float) -> Any:
    if size:
        bow = size * 0.276
        pen.moveTo((size / 2, 0))
        pen.curveTo((size / 2 + bow, 0), (size, size / 2 - bow), (size, size / 2))
        pen.curveTo((size, size / 2 + bow), (size / 2 + bow, size), (size / 2, size))
        pen.curveTo((size / 2 - bow, size), (0, size / 2 + bow), (0, size / 2))
        pen.curveTo((0, size / 2 - bow), (size / 2 - bow, 0), (size / 2, 0))
        pen.closePath()
    return pen


def ink(face: Face, character: str = "包") -> float:
    """The area of a character, in thousandths of the square of an em."""
    with TTFont(face.path) as font:
        assert "glyf" in font
        glyphs = font.getGlyphSet()
        pen = AreaPen(glyphs)
        glyphs[font.getBestCmap()[ord(character)]].draw(pen)
    return abs(pen.value) / 1000


SQUARE = 200 * 200 / 1000
"""The ink of a character of `write_font`, regular."""


def chinese(text: str = "包头", east_asian: tuple[str, ...] = (), *, cache: Path) -> list[list[float]]:
    """The ink of the regular and bold character that each family but the first draws."""
    families = prepare_fonts(text, FAMILY, east_asian, cache=cache).families[1:]
    return [[ink(face, chr(max(face.covers))) for face in (f.regular, f.bold)] for f in families]


def test_the_extra_has_a_bold_that_is_bolder_and_no_italics(cache: Path) -> None:
    family = prepare_fonts("包头", FAMILY, cache=cache).families[1]
    assert len(list(family.faces())) == 2
    assert (family.italic, family.bold_italic) == (family.regular, family.bold)
    assert ink(family.bold) > 1.2 * ink(family.regular) > 0


@pytest.mark.parametrize("name", ["仿宋", "FangSong", "fangsong"])
def test_the_theme_s_font_comes_before_the_extra(cache: Path, system: Path, name: str) -> None:
    write_font(system / "simfang.ttf", family={"en": "FangSong", "zh-Hans": "仿宋"})
    assert chinese(east_asian=("No Such Font", name), cache=cache) == [[SQUARE, SQUARE]]


def test_what_the_theme_s_font_lacks_the_extra_gives(cache: Path, system: Path) -> None:
    write_font(system / "simfang.ttf", "包", family="FangSong")
    families = prepare_fonts("包头", FAMILY, ["FangSong"], cache=cache).families
    assert [family.regular.covers & {ord("包"), ord("头")} for family in families[1:]] == [
        {ord("包")},
        {ord("头")},
    ]


def test_the_theme_may_name_a_file(cache: Path, tmp_path: Path) -> None:
    file = write_font(tmp_path / "brand.ttf")
    assert chinese(east_asian=(str(file),), cache=cache) == [[SQUARE, SQUARE]]


def test_the_theme_may_name_the_file_of_the_bold_too(cache: Path, tmp_path: Path) -> None:
    files = [write_font(tmp_path / f"{weight}.ttf", weight=weight) for weight in (400, 700)]
    (found,) = chinese(east_asian=tuple(map(str, files)), cache=cache)
    assert found == [SQUARE, 350 * 350 / 1000]


def test_a_file_of_the_theme_that_does_not_exist_is_named(cache: Path, tmp_path: Path) -> None:
    with pytest.raises(RenderError) as caught:
        prepare_fonts("包头", FAMILY, [str(tmp_path / "no.ttf")], cache=cache)
    assert caught.value.message == f"the theme's font file `{tmp_path / 'no.ttf'}` does not exist"


@pytest.mark.parametrize("content", ["no font", "no Chinese", "may not be embedded"])
def test_a_file_of_the_theme_that_cannot_be_used_is_named(cache: Path, tmp_path: Path, content: str) -> None:
    file = tmp_path / "brand.ttf"
    if content == "no font":
        file.write_text(content)
    else:
        write_font(file, "AB" if content == "no Chinese" else "包", fs_type=2)
    with pytest.raises(RenderError, match=r"brand\.ttf` cannot be used") as caught:
        prepare_fonts("包", FAMILY, [str(file)], cache=cache)
    assert "may be embedded" in caught.value.hint


def test_the_extra_comes_before_the_system(cache: Path, system: Path) -> None:
    write_font(system / "noto.ttf", family="Noto Sans SC")
    assert chinese(cache=cache) != [[SQUARE, SQUARE]]


@pytest.mark.usefixtures("without_extra")
@pytest.mark.parametrize("fs_type", [0, 4, 8, 0xA])
@pytest.mark.parametrize("suffix", ["ttf", "TTF"])
def test_a_system_font_stands_in_for_the_extra(cache: Path, system: Path, fs_type: int, suffix: str) -> None:
    (system / "a" / "b").mkdir(parents=True)
    write_font(system / "a" / "b" / f"hei.{suffix}", fs_type=fs_type)
    assert chinese(cache=cache) == [[SQUARE, SQUARE]]


@pytest.mark.usefixtures("without_extra")
@pytest.mark.parametrize("fs_type", [2, 0x100, 0x200, 0x104])
def test_a_font_that_may_not_be_embedded_is_passed_over(cache: Path, system: Path, fs_type: int) -> None:
    write_font(system / "hei.ttf", fs_type=fs_type)
    with pytest.raises(RenderError) as caught:
        prepare_fonts("包头", FAMILY, ["Test Hei"], cache=cache)
    assert caught.value.hint == ZH_HINT


@pytest.mark.usefixtures("without_extra")
def test_an_italic_font_and_one_without_outlines_are_passed_over(
    cache: Path, tmp_path: Path, system: Path
) -> None:
    for name, change in (("italic", make_italic), ("bitmap", drop_outlines)):
        with TTFont(write_font(tmp_path / "font.ttf")) as font:
            change(font)
            font.save(system / f"{name}.ttf")
    with pytest.raises(RenderError, match="no font has"):
        prepare_fonts("包头", FAMILY, cache=cache)


def make_italic(font: TTFont) -> None:
    font["OS/2"].fsSelection = 1


def drop_outlines(font: TTFont) -> None:
    del font["glyf"], font["loca"]


@pytest.mark.usefixtures("without_extra")
def test_a_well_known_system_font_comes_before_one_with_more_characters(cache: Path, system: Path) -> None:
    write_font(system / "a.ttf", "包头史", family="Aardvark", weight=300)
    write_font(system / "b.ttf", "包头", family="SimSun", weight=500)
    write_font(system / "c.ttf", "包头", family="Microsoft YaHei", weight=400)
    families = prepare_fonts("包头史", FAMILY, cache=cache).families[1:]
    assert [ink(family.regular, c) for family, c in zip(families, "包史", strict=True)] == [SQUARE, 22.5]


@pytest.mark.usefixtures("without_extra")
def test_else_the_system_font_with_most_characters_is_taken_then_the_first_by_name(
    cache: Path, system: Path
) -> None:
    write_font(system / "1.ttf", "包", family="Aardvark", weight=300)
    write_font(system / "2.ttf", "包头", family="Zebra", weight=500)
    write_font(system / "3.ttf", "包头", family="Bear", weight=400)
    assert chinese(cache=cache) == [[SQUARE, SQUARE]]


@pytest.mark.usefixtures("without_extra")
def test_a_sign_that_no_chinese_font_has_comes_from_the_last_family(cache: Path, system: Path) -> None:
    write_font(system / "1.ttf", f"包头{ANCHOR}", family="Aardvark")
    write_font(system / "2.ttf", "包头", family="SimSun")
    fonts = prepare_fonts(f"包头{ANCHOR}", FAMILY, cache=cache)
    assert len(fonts.families) == 3
    assert fonts.split(ANCHOR)[0][0].family.startswith("Zonereport Signs")


@pytest.mark.usefixtures("without_extra")
def test_cubic_outlines_become_quadratic_ones(cache: Path, system: Path) -> None:
    write_font(system / "hei.otf", outlines="CFF")
    font_set = prepare_fonts("包头", FAMILY, cache=cache)
    assert pdf_of(font_set, "包头")
    face = font_set.families[1].regular
    assert set(re.findall("[A-Z]", outlines(face).paths[ord("包")])) == {"M", "Q", "Z"}
    assert ink(face) == pytest.approx(SQUARE * 3.14159 / 4, rel=0.01)
    with TTFont(face.path) as font:
        assert not {"CFF ", "VORG"} & set(font.keys())
        assert font["maxp"].tableVersion == 0x00010000
        assert font["hmtx"][font.getBestCmap()[ord("包")]] == (1000, 0)


@pytest.mark.usefixtures("without_extra")
def test_a_collection_gives_the_face_that_is_meant(cache: Path, tmp_path: Path, system: Path) -> None:
    with TTCollection() as collection:
        for family, weight in (("Aardvark", 300), ("Noto Sans CJK SC", 400), ("Noto Sans CJK SC", 700)):
            file = write_font(tmp_path / f"{weight}.ttf", family=family, weight=weight)
            collection.fonts.append(TTFont(file))
        collection.save(system / "noto.ttc")
    expected = [SQUARE, 350 * 350 / 1000]
    assert chinese(cache=cache) == [expected]
    assert chinese(east_asian=(str(system / "noto.ttc"),), cache=cache) == [expected]
    assert chinese(east_asian=("aardvark",), cache=cache) == [[22.5, 22.5]]


@pytest.mark.usefixtures("without_extra")
@pytest.mark.parametrize("outlines", ["gvar", "CFF2"])
def test_a_variable_system_font_gives_its_bold(cache: Path, system: Path, outlines: str) -> None:
    write_font(system / "hei.ttf", outlines=outlines)
    write_font(system / "hei-bold.ttf", weight=700)
    # At 600 the edge moves by 100 × (600 − 400) ÷ (900 − 400).
    assert chinese(cache=cache) == [[SQUARE, 240 * 240 / 1000]]


@pytest.mark.usefixtures("without_extra")
@pytest.mark.parametrize(
    ("weights", "regular", "bold"),
    [
        ((400,), 400, 400),
        ((300,), 300, 300),
        ((300, 400), 400, 400),
        ((100, 400, 700, 900), 400, 700),
        ((300, 500), 300, 500),
        ((400, 500, 600, 700), 400, 600),
        ((400, 500, 700), 400, 700),
    ],
)
def test_a_static_family_gives_its_real_bold_or_its_regular_twice(
    cache: Path, system: Path, weights: tuple[int, ...], regular: int, bold: int
) -> None:
    for weight in weights:
        file = system / f"{weight}.ttf"
        write_font(file, family=f"Hei {weight}", typographic="Hei", weight=weight)
    assert chinese(cache=cache) == [[regular**2 / 4000, bold**2 / 4000]]


@pytest.mark.usefixtures("without_extra")
def test_damaged_fonts_of_the_system_are_passed_over(cache: Path, tmp_path: Path, system: Path) -> None:
    whole = write_font(system / "hei.ttf").read_bytes()
    (system / "cut.ttf").write_bytes(whole[: len(whole) // 3])
    (system / "cut.ttc").write_bytes(b"ttcf")
    (system / "none.otf").touch()
    (system / "gone.ttf").symlink_to(tmp_path / "gone.ttf")
    assert chinese(cache=cache) == [[SQUARE, SQUARE]]


@pytest.mark.usefixtures("without_extra")
def test_a_font_that_proves_damaged_when_it_is_cut_is_named(
    cache: Path, tmp_path: Path, system: Path
) -> None:
    with TTFont(write_font(tmp_path / "font.ttf")) as font:
        del font["hmtx"]
        font.save(system / "hei.ttf")
    with pytest.raises(RenderError) as caught:
        prepare_fonts("包头", FAMILY, cache=cache)
    assert caught.value.message == f"the font file `{system / 'hei.ttf'}` is damaged"


@pytest.fixture
def unsearchable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "_system_folders", lambda: pytest.fail("the system is searched"))


@pytest.mark.usefixtures("unsearchable", "without_extra")
def test_an_english_text_needs_no_chinese_font_and_looks_for_none(cache: Path) -> None:
    missing = ["/no/such/font.ttf", "FangSong"]
    assert len(prepare_fonts(f"the “Zone” {ANCHOR}", FAMILY, missing, cache=cache).families) == 2


@pytest.mark.usefixtures("unsearchable")
def test_the_extra_is_enough_without_a_search(cache: Path) -> None:
    assert prepare_fonts("包头", FAMILY, cache=cache).families[1:]


@pytest.mark.usefixtures("without_extra")
def test_the_system_is_read_once_and_again_where_it_changed(
    tmp_path: Path, system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    really = installed._read_faces.__wrapped__
    monkeypatch.setattr(
        installed, "_read_faces", lambda file, *now: read.append(file.name) or really(file, *now)
    )
    write_font(system / "a.ttf", "A")
    write_font(system / "b.ttf")
    first = chinese(cache=tmp_path)
    assert chinese(cache=tmp_path) == first
    assert read == ["a.ttf", "b.ttf"]
    write_font(system / "b.ttf", "包头史", weight=300)
    assert chinese(cache=tmp_path) == [[22.5, 22.5]]
    assert read == ["a.ttf", "b.ttf", "b.ttf"]


@pytest.mark.usefixtures("without_extra")
@pytest.mark.parametrize("damage", ["{", "[]", '{"a": 1}', '{"a": [[1, 2], [3]]}', '{"a": [[1, 2]]}'])
def test_a_damaged_list_of_system_fonts_is_made_again(tmp_path: Path, system: Path, damage: str) -> None:
    write_font(system / "hei.ttf")
    index = tmp_path / "installed.json"
    index.write_text(damage)
    assert chinese(cache=tmp_path) == [[SQUARE, SQUARE]]
    assert "hei.ttf" in index.read_text()


@pytest.mark.usefixtures("without_extra")
def test_a_system_font_in_the_cache_needs_no_font_tools(tmp_path: Path, system: Path) -> None:
    write_font(system / "hei.ttf")
    prepare_fonts("包头", FAMILY, cache=tmp_path)
    code = (
        "import sys; from pathlib import Path; from zonereport.fonts import installed, prepare_fonts, sources\n"
        f"installed._system_folders = lambda: [Path({str(system)!r})]; sources.extra_folder = lambda: None\n"
        f"prepare_fonts('包头', {FAMILY!r}, cache=Path({str(tmp_path)!r}))\n"
        "print([name for name in ('fontTools', 'reportlab', 'matplotlib') if name in sys.modules])"
    )
    assert run_python(code).stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("platform", "usual"),
    [
        ("linux", {"/usr/share/fonts", "/home/ann/.local/share/fonts"}),
        ("darwin", {"/System/Library/Fonts", "/Library/Fonts", "/home/ann/Library/Fonts"}),
        ("win32", {"C:/Windows/Fonts", "/home/ann/AppData/Local/Microsoft/Windows/Fonts"}),
    ],
)
def test_fonts_are_looked_for_where_the_system_keeps_them(
    monkeypatch: pytest.MonkeyPatch, platform: str, usual: set[str]
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ann"))
    for name in ("WINDIR", "LOCALAPPDATA", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert usual <= {folder.as_posix() for folder in SYSTEM_FOLDERS()}


def test_a_rare_character_that_no_font_has_needs_no_extra_that_is_there(cache: Path) -> None:
    with pytest.raises(RenderError) as caught:
        prepare_fonts("\U000323af", FAMILY, cache=cache)
    assert caught.value.hint == "write them in another way"


COMMON = [bytes((0xB0 + place // 94, 0xA1 + place % 94)).decode("gb2312") for place in range(0, 3600, 4)]
"""900 of the 3,755 characters that the standard of 1980 lists as common."""


def pdf_of(font_set: FontSet, text: str) -> bytes:
    """The text in regular and in bold, saved in the way of our PDFs."""
    from reportlab.pdfgen.canvas import Canvas

    register_in_reportlab(font_set)
    drawn, saved = io.BytesIO(), io.BytesIO()
    canvas = Canvas(drawn, pageCompression=1)
    for bold in (False, True):
        for face, run in font_set.split(text, bold=bold):
            canvas.setFont(face.name, 1)
            canvas.drawString(0, 0, run)
    canvas.save()
    with pikepdf.open(drawn) as pdf:
        pdf.save(saved, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return saved.getvalue()


def test_a_pdf_holds_subsets_of_the_characters_it_shows_and_stays_small(cache: Path) -> None:
    font_set = prepare_fonts("".join(COMMON), FAMILY, cache=cache)
    assert len(pdf_of(font_set, "".join(COMMON[:9]))) < 20_000
    data = pdf_of(font_set, "".join(COMMON))
    assert len(data) < 400_000
    with pikepdf.open(io.BytesIO(data)) as pdf:
        fonts = [font for font in pdf.pages[0].Resources.Font.values() if "/FontDescriptor" in font]
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)
        names = [str(font.BaseFont).removeprefix("/") for font in fonts]
    assert all(name[6] == "+" for name in names)
    assert {name[7:] for name in names} == {
        face.name.rpartition("-")[0] for face in font_set.families[1].faces()
    }


# In ReportLab


def test_a_face_is_registered_once(cache: Path) -> None:
    from reportlab.pdfbase import pdfmetrics

    font_set = prepare_fonts("Zone", FAMILY, cache=cache)
    register_in_reportlab(font_set)
    known = pdfmetrics.getFont(font_set.face().name)
    again = prepare_fonts("Zone", FAMILY, cache=cache)
    register_in_reportlab(again)
    assert pdfmetrics.getFont(again.face().name) is known


def test_bold_and_italic_tags_find_their_faces_in_a_paragraph(cache: Path) -> None:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    font_set = prepare_fonts("Zone", FAMILY, cache=cache)
    register_in_reportlab(font_set)
    style = ParagraphStyle("body", fontName=font_set.face().name)
    paragraph = Paragraph("a <b>b</b> <i>c</i> <b><i>d</i></b>", style)
    used = {fragment.text.strip(): fragment.fontName for fragment in paragraph.frags if fragment.text.strip()}
    family = font_set.families[0]
    assert used == {
        "a": family.regular.name,
        "b": family.bold.name,
        "c": family.italic.name,
        "d": family.bold_italic.name,
    }


# Outlines


@pytest.fixture
def unknown() -> Iterator[None]:
    """Nothing of any outline is known to this process."""
    outlines.cache_clear()
    yield
    outlines.cache_clear()


def beside(face: Face) -> Path:
    return face.path.with_suffix(".json")


def area_of(path: str) -> float:
    pen = AreaPen()
    parse_path(path, pen)
    return abs(pen.value) / 1000


def test_outlines_are_those_of_the_font(cache: Path) -> None:
    for family in prepare_fonts(f"Zähe 包{ANCHOR}", FAMILY, cache=cache).families:
        for face in family.faces():
            known = outlines(face)
            with TTFont(face.path) as font:
                assert known.units == font["head"].unitsPerEm
                advances = {code: font["hmtx"][name][0] for code, name in font.getBestCmap().items()}
            assert known.advances == advances
            assert set(known.paths) == set(advances) >= face.covers
            for code in face.covers:
                assert area_of(known.paths[code]) == pytest.approx(ink(face, chr(code)), abs=1e-6)


@pytest.mark.usefixtures("unknown")
def test_outlines_are_kept_beside_the_font_and_need_no_font_tools(tmp_path: Path) -> None:
    face = prepare_fonts("Zone", FAMILY, cache=tmp_path).face()
    made = outlines(face)
    assert beside(face).parent == face.path.parent
    before = beside(face).read_bytes()
    code = (
        "import sys; from zonereport.fonts import prepare_fonts, text_width; from pathlib import Path\n"
        f"print(text_width(prepare_fonts('Zone', {FAMILY!r}, cache=Path({str(tmp_path)!r})), 'Zone', 1000))\n"
        "print([name for name in ('fontTools', 'reportlab', 'matplotlib') if name in sys.modules])"
    )
    width, loaded = run_python(code).stdout.splitlines()
    assert float(width) == pytest.approx(
        sum(made.advances[ord(letter)] for letter in "Zone") * 1000 / made.units
    )
    assert loaded == "[]"
    assert beside(face).read_bytes() == before


@pytest.mark.usefixtures("unknown")
@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'{"units":1000}',
        b'{"units":1000,"glyphs":{"x":[1,""]}}',
        b'{"units":1000,"glyphs":[]}',
        b'{"units":1000,"glyphs":{}}',
        b'{"units":0,"glyphs":{"90":[1,""]}}',
        b'{"units":Infinity,"glyphs":{}}',
        b"\xff\xfe",
        None,
    ],
)
def test_damaged_outlines_are_made_again(tmp_path: Path, damage: bytes | None) -> None:
    face = prepare_fonts("Zone", FAMILY, cache=tmp_path).face()
    made, data = outlines(face), beside(face).read_bytes()
    beside(face).write_bytes(data[: len(data) // 2] if damage is None else damage)
    outlines.cache_clear()
    assert outlines(face) == made
    assert beside(face).read_bytes() == data


@pytest.mark.usefixtures("unknown")
def test_outlines_that_cannot_be_kept_are_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = prepare_fonts("Zone", FAMILY, cache=tmp_path).face()
    made = outlines(face)
    beside(face).unlink()
    write = store._write

    def full(path: Path, data: bytes) -> Path:
        if path.parent == tmp_path:
            raise OSError("disk full")
        return write(path, data)

    monkeypatch.setattr(store, "_write", full)
    outlines.cache_clear()
    assert outlines(face) == made
    assert not beside(face).exists()


TEXTS = ["more than 500", "", "Zähe A\u0301V To", f"A {ANCHOR} B", "包头 Baotou：2022", "soft\u00adhyphen"]


@pytest.mark.parametrize(("bold", "italic"), [(False, False), (True, False), (False, True), (True, True)])
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("family", [FAMILY, "Inter"])
def test_a_text_is_as_wide_as_reportlab_sets_it(
    cache: Path, family: str, text: str, bold: bool, italic: bool
) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    font_set = prepare_fonts("".join(TEXTS), family, cache=cache)
    register_in_reportlab(font_set)
    runs = font_set.split(text, bold=bold, italic=italic)
    expected = sum(stringWidth(run, face.name, 9) for face, run in runs)
    # ReportLab and a PDF count in whole thousandths of an em
    assert text_width(font_set, text, 9, bold=bold, italic=italic) == pytest.approx(
        expected, abs=len(text) * 0.0005 * 9 + 1e-9
    )


def test_a_character_the_fonts_lack_has_no_width(cache: Path) -> None:
    with pytest.raises(RenderError, match=r"U\+0416"):
        text_width(prepare_fonts("Zone", FAMILY, cache=cache), "Ж", 9)


# Fonts for many texts


@pytest.fixture
def none_ready(monkeypatch: pytest.MonkeyPatch) -> dict[object, object]:
    """Return the fonts kept ready: none, and none after the test."""
    ready: dict[object, object] = {}
    monkeypatch.setattr(prepare, "_ready", ready)
    return ready


@pytest.mark.parametrize(
    ("language", "more"), [("en", "ŁąЖΩ"), ("zh", "龙飞凤舞的了在是我～￥"), ("de", "Ł高～￥")]
)
@pytest.mark.parametrize("format", ["pdf", "docx", "html"])
def test_fonts_kept_ready_for_many_texts_draw_each_as_fonts_of_its_own(
    none_ready: dict[object, object], language: str, more: str, format: str
) -> None:
    briefing = compose(load("baotou-2022"), language=language)
    expected = render(briefing, format)
    keep_fonts_ready(every_text(briefing) + more, "neutral")
    covered = {code for family in none_ready.values() for code in family.regular.covers}
    assert covered >= set(map(ord, more))
    assert render(briefing, format) == expected


def test_fonts_kept_ready_grow_with_what_they_lack_and_are_made_no_more(
    none_ready: dict[object, object], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare.keep_fonts_ready("Zone", FAMILY, cache=cache)
    first = prepare_fonts("Zone", FAMILY, cache=cache)
    grown = prepare_fonts("Zone Жук", FAMILY, cache=cache)
    assert grown.face().covers == first.face().covers | set(map(ord, "Жук"))
    monkeypatch.setattr(prepare, "make_font", lambda *_: pytest.fail("a font was made again"))
    assert prepare_fonts("Zone", FAMILY, cache=cache) == prepare_fonts("Жук", FAMILY, cache=cache) == grown


def test_fonts_are_kept_ready_as_far_as_there_are_any(none_ready: dict[object, object], cache: Path) -> None:
    prepare.keep_fonts_ready("Zone \U0001f6a2", FAMILY, cache=cache)
    assert none_ready
    with pytest.raises(MissingCharacterError):
        prepare_fonts("ship \U0001f6a2", FAMILY, cache=cache)
