"""Theme files: what they may say, and how they are told what is wrong."""

from __future__ import annotations

import tomllib
from dataclasses import asdict
from io import BytesIO
from itertools import product
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from zonereport.errors import TemplateError
from zonereport.theme import (
    AA,
    AAA,
    INKS,
    MAX_LOGO,
    THEMES,
    Layout,
    Theme,
    contrast,
    load_theme,
    theme_names,
    words_in,
)

if TYPE_CHECKING:
    from pathlib import Path

COMPLETE = (THEMES / "neutral.toml").read_text("utf-8")


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB") -> bytes:
    out = BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


def load(folder: Path, text: str) -> Theme:
    """Load a theme file that begins with the neutral one."""
    path = folder / "house.toml"
    path.write_text(f'base = "neutral"\n{text}', "utf-8")
    return load_theme(str(path))


def refused(folder: Path, text: str) -> str:
    """Return the message for a theme file, which must begin with the file's path."""
    path = folder / "house.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(TemplateError) as caught:
        load_theme(str(path))
    assert caught.value.message.startswith(f"{path}: ")
    return caught.value.describe().removeprefix(f"{path}: ")


# The themes that come with the package


def test_four_themes_come_with_the_package() -> None:
    assert theme_names() == ["gbt-9704", "high-contrast", "neutral", "warm"]


@pytest.mark.parametrize("name", theme_names())
def test_a_theme_of_the_package_is_complete_by_itself(name: str) -> None:
    data = tomllib.loads((THEMES / f"{name}.toml").read_text("utf-8"))
    assert "base" not in data
    theme = load_theme(name)
    assert theme.name == name
    assert theme.sizes.chart <= 9.5, "labels are laid out for type of this size"


@pytest.mark.parametrize("name", theme_names())
def test_text_can_be_read_on_paper_and_tint(name: str) -> None:
    colours = asdict(load_theme(name).colours)
    least = AAA if name == "high-contrast" else AA
    pale = {
        (ink, ground): ratio
        for ink, ground in product(INKS, ("paper", "tint"))
        if (ratio := contrast(colours[ink], colours[ground])) < least
    }
    assert not pale


def test_the_theme_of_official_documents_keeps_to_gb_t_9704() -> None:
    theme = load_theme("gbt-9704")
    page, sizes, layout = theme.page, theme.sizes, theme.layout
    assert (page.width, page.height, page.top, page.left) == (210, 297, 37, 28)
    assert (page.text_width, page.height - page.top - page.bottom) == (156, 225)
    assert (sizes.body, sizes.title, layout.page_number_size) == (16, 22, 14)
    assert 21.5 < 225 * 72 / 25.4 / sizes.leading < 22.5, "22 lines a page"
    assert 156 * 72 / 25.4 // sizes.body in (27, 28), "28 characters a line, with the standard's own tracking"
    assert (layout.page_number, layout.page_number_at) == ("— {page} —", "outer")
    assert theme.fonts.word_east_asian == "仿宋"
    assert theme.fonts.word_east_asian_title == "方正小标宋简体"


# Files of one's own


def test_a_file_says_only_what_differs_from_its_base(tmp_path: Path) -> None:
    neutral, house = load_theme("neutral"), load(tmp_path, '[colours]\naccent = "#6A1B4D"\n')
    assert house.colours.accent == "#6A1B4D"
    assert house.colours.ink == neutral.colours.ink
    assert (house.fonts, house.sizes, house.page) == (neutral.fonts, neutral.sizes, neutral.page)
    assert house.name == str(tmp_path / "house.toml")
    assert load_theme(house.name) == house


def test_a_complete_file_needs_no_base(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(COMPLETE, "utf-8")
    assert load_theme("own.toml", tmp_path).colours == load_theme("neutral").colours


def test_word_follows_the_family_of_the_text_unless_it_has_its_own(tmp_path: Path) -> None:
    assert load_theme("neutral").fonts.word == "Calibri"
    fonts = load(tmp_path, '[fonts]\ntext = "Inter"\n').fonts
    assert (fonts.text, fonts.word, fonts.word_heading) == ("Inter", "Inter", "Inter")
    assert load(tmp_path, '[fonts]\ntext = "Inter"\nword = "Arial"\n').fonts.word_heading == "Arial"


def test_headings_in_word_have_the_families_of_the_text_unless_told_otherwise(tmp_path: Path) -> None:
    fonts = load(tmp_path, '[fonts]\nword-east-asian = "仿宋"\nword-east-asian-heading-1 = "黑体"\n').fonts
    assert (fonts.word_east_asian_title, fonts.word_east_asian_heading_2) == ("黑体", "黑体")


def test_fonts_for_chinese_are_names_or_files_beside_the_theme(tmp_path: Path) -> None:
    (tmp_path / "House.ttf").write_bytes(b"")
    fonts = load(tmp_path, '[fonts]\neast-asian = ["FangSong", "House.ttf"]\n').fonts
    assert fonts.east_asian == ("FangSong", str((tmp_path / "House.ttf").resolve()))


def test_a_layout_that_is_not_given_is_the_usual_one(tmp_path: Path) -> None:
    assert load_theme("neutral").layout == Layout()
    layout = load(tmp_path, '[layout]\npage-number = "{page}/{pages}"\nrunning-head = false\n').layout
    assert (layout.page_number, layout.running_head, layout.title_align) == ("{page}/{pages}", False, "left")


@pytest.mark.parametrize(
    ("given", "language", "expected"),
    [
        ('"Internal"', "zh-CN", "Internal"),
        ('{ en = "Internal", zh = "内部资料" }', "zh-CN", "内部资料"),
        ('{ en = "Internal", zh = "内部资料" }', "en-GB", "Internal"),
        ('{ zh = "内部资料", en = "Internal" }', "fr", "内部资料"),
        ('{ en = "", zh = "内部资料" }', "en", ""),
    ],
)
def test_words_are_those_of_the_language_or_the_first_given(
    tmp_path: Path, given: str, language: str, expected: str
) -> None:
    words = load(tmp_path, f"[brand]\nclassification = {given}\n").brand.classification
    assert words_in(words, language) == expected


def test_no_words_are_no_words() -> None:
    assert words_in((), "en") == ""


# What is wrong


def test_an_unknown_name_brings_the_nearest_one() -> None:
    with pytest.raises(TemplateError, match="no theme `neutrl`") as caught:
        load_theme("neutrl")
    assert caught.value.hint == "did you mean `neutral`?"


def test_a_name_like_none_brings_the_list() -> None:
    with pytest.raises(TemplateError) as caught:
        load_theme("xyz")
    assert "gbt-9704, high-contrast, neutral, warm" in caught.value.hint


def test_a_path_to_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"none\.toml: expected a theme file: No such file"):
        load_theme(str(tmp_path / "none.toml"))


@pytest.mark.parametrize("content", [b"colours = [", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(TemplateError, match=r"bad\.toml: expected a theme file: "):
        load_theme(str(path))


WRONG = {
    'base = "neutrl"': "base: no theme `neutrl`\n  hint: did you mean `neutral`?",
    "base = 3": "base: expected the name of a theme, found `3`",
    'base = "house.toml"': "base: no theme `house.toml`",
    "colors = {}": "colors: unknown key\n  hint: did you mean `colours`?",
    "x = 1": "x: unknown key\n  hint: there are base, colours,",
    "colours = 3": "colours: expected a table `[colours]`, found `3`",
    '[colours]\nacent = "#000000"': "colours.acent: unknown key\n  hint: did you mean `accent`?",
    '[colours]\naccent = "red"': "colours.accent: expected `#rrggbb`, found `red`\n  hint: such as `#0b5a7d`",
    '[fonts]\ntext = " "': "fonts.text: expected a font family, found ` `",
    '[fonts]\nwordd = "Arial"': "fonts.wordd: unknown key\n  hint: did you mean `word`?",
    '[fonts]\neast-asian = "FangSong"': "fonts.east-asian: expected a list of font families or files",
    '[fonts]\neast-asian = ["none.ttf"]': "fonts.east-asian: expected a font family or the path of a font file, found no file",
    '[sizes]\nbody = "10"': "sizes.body: expected a size in points, from 1 to 200, found `10`",
    "[sizes]\nheading-1 = true": "sizes.heading-1: expected a size in points",
    "[sizes]\nbody = nan": "sizes.body: expected a size in points",
    "[page]\nleft = 0": "page.left: expected a length in millimetres, from 1 to 2000, found `0`",
    "[page]\nleft = 180": "page: expected room of 60 × 60 mm or more between the margins, found 6 × 250 mm",
    '[layout]\ntitle-align = "middle"': "layout.title-align: expected `left` or `center`, found `middle`",
    "[layout]\nbody-align = []": "layout.body-align: expected `left` or `justify`",
    "[layout]\nfirst-line-indent = -1": "layout.first-line-indent: expected a number of ems, from 0 to 10",
    '[layout]\npage-number = "- -"': "layout.page-number: expected a text with `{page}` and perhaps `{pages}`, found `- -`",
    '[layout]\npage-number = "{page} {x}"': "layout.page-number: expected a text with `{page}`",
    '[layout]\nrunning-head = "no"': "layout.running-head: expected `true` or `false`, found `no`",
    "[brand]\nfooter = { en = 3 }": "brand.footer: expected a text on one line, or a table of such texts by language",
    '[brand]\nclassification = "two\\nlines"': "brand.classification: expected a text on one line",
    "[brand]\nlogo-height = 500": "brand.logo-height: expected a height in millimetres, from 3 to 50, found `500`",
    '[brand]\nlogo = "none.png"': "brand.logo: expected a PNG or JPEG picture, found `",
}


@pytest.mark.parametrize(("text", "message"), WRONG.items(), ids=WRONG)
def test_a_wrong_key_is_named_with_what_was_found_and_expected(
    tmp_path: Path, text: str, message: str
) -> None:
    base = "" if text.startswith("base") else 'base = "neutral"\n'
    assert refused(tmp_path, base + text).startswith(message)


@pytest.mark.parametrize(
    ("line", "key"),
    [('ink = "#1b2733"', "colours.ink"), ('text = "Source Sans 3"', "fonts.text"), ("top = 25", "page.top")],
)
def test_a_file_without_a_base_must_be_complete(tmp_path: Path, line: str, key: str) -> None:
    assert line in COMPLETE
    message = refused(tmp_path, COMPLETE.replace(line, "", 1))
    assert message.startswith(f"{key}: expected ")
    assert message.endswith('found nothing\n  hint: give it, or begin the file with `base = "neutral"`')


def test_what_was_found_is_cut_short(tmp_path: Path) -> None:
    message = refused(tmp_path, f'[colours]\nink = "{"x" * 500}"')
    assert len(message) < 150


# Logos


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_logo_has_its_picture_s_proportions(tmp_path: Path, kind: str, media_type: str) -> None:
    (tmp_path / "logo").write_bytes(picture(kind, (60, 40)))
    logo = load(tmp_path, '[brand]\nlogo = "logo"\nlogo-alt = "House"\n').brand.logo
    assert logo
    assert (logo.media_type, logo.width, logo.height, logo.alt) == (media_type, 18, 12, "House")


def test_a_wide_logo_is_no_wider_than_a_third_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(picture(size=(1000, 10)))
    logo = load(tmp_path, '[brand]\nlogo = "logo.png"\nlogo-height = 20\n').brand.logo
    assert logo
    assert (logo.width, logo.height) == (54, 0.54)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"/>', id="SVG"),
        pytest.param(picture("GIF"), id="GIF"),
        pytest.param(picture("PNG", (400, 400))[:300], id="half a PNG"),
        pytest.param(picture("JPEG", (400, 400))[:900], id="half a JPEG"),
        pytest.param(b"", id="nothing"),
        pytest.param(picture("PNG", (30_000, 3000), "1"), id="huge when unpacked"),
    ],
)
def test_what_is_no_sound_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "logo.png").write_bytes(content)
    message = refused(tmp_path, 'base = "neutral"\n[brand]\nlogo = "logo.png"\n')
    assert message.startswith("brand.logo: expected a PNG or JPEG picture, found ")
    assert "hint: save it as PNG" in message


def test_a_large_file_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"\0" * (MAX_LOGO + 1))
    message = refused(tmp_path, 'base = "neutral"\n[brand]\nlogo = "logo.png"\n')
    assert message.startswith("brand.logo: expected a PNG or JPEG picture of at most 2 MB, found ")
