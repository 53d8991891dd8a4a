from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from zonereport import fonts
from zonereport.errors import RenderError
from zonereport.fonts import FontSet, prepare_fonts, register_in_matplotlib, register_in_reportlab

FAMILY = "Source Sans 3"
ANCHOR = "⚓"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fonts")


@pytest.fixture
def without_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_han_source", lambda: None)


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
    font_set = prepare_fonts("Zone", FAMILY, cache)
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
    assert prepare_fonts("More than 500", FAMILY, cache) == prepare_fonts("at least 7 %", FAMILY, cache)


def test_the_licence_goes_with_the_font_and_its_reserved_name_does_not(cache: Path) -> None:
    from fontTools.ttLib import TTFont

    names = TTFont(prepare_fonts("Zone", FAMILY, cache).face().path)["name"]
    assert "SIL Open Font License" in names.getDebugName(13)
    assert not any("Source" in str(names.getDebugName(number)) for number in (1, 3, 4, 6))


def test_figures_are_all_of_one_width_so_that_columns_align(cache: Path) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    font_set = prepare_fonts("1", FAMILY, cache)
    register_in_reportlab(font_set)
    for face in font_set.families[0].faces():
        widths = [stringWidth(digit, face.name, 1000) for digit in "0123456789"]
        assert max(widths) - min(widths) <= 1  # interpolated weights are rounded


def test_a_sign_the_text_font_lacks_comes_from_the_last_family(cache: Path) -> None:
    font_set = prepare_fonts(f"A {ANCHOR} B", FAMILY, cache)
    runs = font_set.split(f"A {ANCHOR} B", bold=True)
    assert [text for _, text in runs] == ["A ", f"{ANCHOR} ", "B"]
    assert runs[1][0] == font_set.families[1].bold
    assert runs[0][0] == font_set.families[0].bold


def test_a_combining_mark_stays_with_its_letter(cache: Path) -> None:
    text = "re\u0301sume\u0301"
    assert [run for _, run in prepare_fonts(text, FAMILY, cache).split(text)] == [text]


def test_an_empty_text_has_no_runs(cache: Path) -> None:
    assert prepare_fonts("", FAMILY, cache).split("") == []


def test_characters_without_a_shape_are_dropped_and_raise_nothing(cache: Path) -> None:
    text = "inno\u00advation\u200b zone\ufeff"
    font_set = prepare_fonts(text, FAMILY, cache)
    assert [run for _, run in font_set.split(text)] == ["innovation zone"]


def test_characters_without_a_shape_have_no_width_if_drawn_all_the_same(cache: Path) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    font_set = prepare_fonts("a", FAMILY, cache)
    register_in_reportlab(font_set)
    assert stringWidth("a\u00ad\u200bb", font_set.face().name, 10) == stringWidth(
        "ab", font_set.face().name, 10
    )


@pytest.mark.usefixtures("without_chinese")
def test_a_character_no_font_has_is_named(cache: Path) -> None:
    with pytest.raises(RenderError) as caught:
        prepare_fonts("ship \U0001f6a2", FAMILY, cache)
    assert caught.value.message == "no font has the character U+1F6A2 \U0001f6a2"


@pytest.mark.usefixtures("without_chinese")
def test_chinese_without_its_font_says_what_to_install(cache: Path) -> None:
    with pytest.raises(RenderError, match=r"U\+4E2D 中, U\+6587 文") as caught:
        prepare_fonts("中文", FAMILY, cache)
    assert 'pip install "zonereport[zh]"' in caught.value.hint


@pytest.mark.usefixtures("without_chinese")
def test_many_missing_characters_are_counted_not_listed(cache: Path) -> None:
    with pytest.raises(RenderError, match="and 10 more"):
        prepare_fonts("".join(chr(0x4E00 + place) for place in range(20)), FAMILY, cache)


def test_a_character_the_fonts_were_not_made_for_is_an_error_not_a_box(cache: Path) -> None:
    with pytest.raises(RenderError, match=r"U\+0416"):
        prepare_fonts("Zone", FAMILY, cache).split("Ж")


def test_a_theme_font_that_is_not_installed_is_named(cache: Path) -> None:
    with pytest.raises(RenderError, match="No Such Sans") as caught:
        prepare_fonts("Zone", "No Such Sans", cache)
    assert caught.value.hint == "try `pip install fontpkg-no-such-sans`"


def test_quotes_between_chinese_characters_are_chinese_ones(cache: Path) -> None:
    text = "称为“ABC”的…… it’s"
    font_set = prepare_fonts(text, FAMILY, cache)
    assert [run for _, run in font_set.split(text)] == ["称为“", "ABC", "”的…… ", "it’s"]


def test_the_same_text_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        code = (
            "from zonereport.fonts import prepare_fonts; from pathlib import Path\n"
            f"prepare_fonts('Ж{ANCHOR}', {FAMILY!r}, Path({str(folder)!r}))"
        )
        run_python(code, seed=seed)
        made.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert made[0] == made[1]
    assert sum(name.endswith(".ttf") for name in made[0]) == 8


def test_a_full_cache_needs_no_font_tools(cache: Path) -> None:
    prepare_fonts("Zone", FAMILY, cache)
    code = (
        "import sys; from zonereport.fonts import prepare_fonts; from pathlib import Path\n"
        f"prepare_fonts('Zone', {FAMILY!r}, Path({str(cache)!r}))\n"
        "print([name for name in ('fontTools', 'reportlab', 'matplotlib') if name in sys.modules])"
    )
    assert run_python(code).stdout.strip() == "[]"


@pytest.mark.parametrize("damage", [b"", b"no font at all", None])
def test_a_damaged_file_in_the_cache_is_made_again(tmp_path: Path, damage: bytes | None) -> None:
    before = prepare_fonts("Zone", FAMILY, tmp_path)
    expected = contents(before)
    data = before.face().path.read_bytes()
    before.face().path.write_bytes(
        data[: len(data) // 2] + data[len(data) // 2 + 4 :] if damage is None else damage
    )
    assert contents(prepare_fonts("Zone", FAMILY, tmp_path)) == expected


def test_a_damaged_list_of_characters_is_made_again(tmp_path: Path) -> None:
    prepare_fonts("Zone", FAMILY, tmp_path)
    for kept in tmp_path.glob("*.json"):
        kept.write_text("[[32,")
    fonts._known_coverage.cache_clear()
    assert prepare_fonts("Zone", FAMILY, tmp_path).face().covers >= set(map(ord, "Zone"))
    assert all(kept.read_text().endswith("]]") for kept in tmp_path.glob("*.json"))


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")
    font_set = prepare_fonts("Zone", FAMILY, blocked / "fonts")
    assert font_set.face().path.is_file()
    assert prepare_fonts("Zone", FAMILY, blocked / "fonts") == font_set
    register_in_reportlab(font_set)


def test_fonts_made_without_a_cache_go_with_the_process(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    code = (
        "from zonereport.fonts import prepare_fonts; from pathlib import Path\n"
        f"print(prepare_fonts('Zone', {FAMILY!r}, Path({str(blocked / 'fonts')!r})).face().path)"
    )
    assert not Path(run_python(code).stdout.strip()).exists()


def test_two_processes_at_once_do_not_clash(tmp_path: Path) -> None:
    code = (
        "from zonereport.fonts import prepare_fonts; from pathlib import Path\n"
        f"print(prepare_fonts('Zone', {FAMILY!r}, Path({str(tmp_path)!r})).face().path.stat().st_size)"
    )
    with ThreadPoolExecutor(3) as pool:
        sizes = {result.stdout for result in pool.map(lambda _: run_python(code), range(3))}
    assert len(sizes) == 1
    assert not list(tmp_path.glob("*.part"))


def test_the_default_cache_follows_the_user_s_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert fonts.default_cache() == tmp_path / "zonereport" / "fonts"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
    assert fonts.default_cache() == Path.home() / ".cache" / "zonereport" / "fonts"


@pytest.mark.parametrize(
    ("weight", "style", "bold", "italic"),
    [
        ("normal", "normal", False, False),
        ("bold", "normal", True, False),
        ("normal", "italic", False, True),
        ("bold", "italic", True, True),
    ],
)
def test_matplotlib_finds_the_face_by_weight_and_style(
    cache: Path, weight: str, style: str, bold: bool, italic: bool
) -> None:
    from matplotlib.font_manager import FontProperties, findfont

    font_set = prepare_fonts("Zone", FAMILY, cache)
    register_in_matplotlib(font_set)
    wanted = FontProperties(family=list(font_set.matplotlib_families()), weight=weight, style=style)  # type: ignore[arg-type]
    found = findfont(wanted, fallback_to_default=False)
    assert Path(found).name == font_set.face(bold=bold, italic=italic).path.name


def test_a_face_is_registered_once(cache: Path) -> None:
    from matplotlib.font_manager import fontManager
    from reportlab.pdfbase import pdfmetrics

    font_set = prepare_fonts("Zone", FAMILY, cache)
    register_in_matplotlib(font_set)
    register_in_reportlab(font_set)
    listed, known = len(fontManager.ttflist), pdfmetrics.getFont(font_set.face().name)
    again = prepare_fonts("Zone", FAMILY, cache)
    register_in_matplotlib(again)
    register_in_reportlab(again)
    assert len(fontManager.ttflist) == listed
    assert pdfmetrics.getFont(again.face().name) is known


def test_bold_and_italic_tags_find_their_faces_in_a_paragraph(cache: Path) -> None:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    font_set = prepare_fonts("Zone", FAMILY, cache)
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
