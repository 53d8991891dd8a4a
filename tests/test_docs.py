"""The pages for readers say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from zonereport.api import compose
from zonereport.briefing.template import load_template
from zonereport.briefing.vocabulary import Vocabulary
from zonereport.charts.registry import CHARTS
from zonereport.language import load_language
from zonereport.measures import Facts
from zonereport.theme import KEYS, load_theme, theme_names
from zonereport.zone.catalogue import UNITS, load_catalogue
from zonereport.zone.reading import find_zone, parse_zone, read_zone
from zonereport.zone.schema import QUALIFIERS, SCALES, FigureForm
from zonereport.zone.tables.mapping import EUROSTAT, ColumnsForm, TableMap, read_map
from zonereport.zone.workbook.cells import UNPUBLISHED
from zonereport.zone.workbook.layout import SHEETS

ROOT = Path(__file__).parents[1]


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def examples(name: str) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", page(name), re.DOTALL)


def test_the_zone_file_of_the_readme_makes_a_briefing() -> None:
    (example,) = examples("README.md")
    briefing = compose(parse_zone(example, "readme.toml"))
    assert briefing.title == "Testonia Sample Zone"


def test_the_zone_file_of_its_page_holds() -> None:
    head, lists, own = examples("docs/zone-file.md")
    items = "[lists.present-industries]\nlabel = 'Now'\nitems = [{ id = 'old-energy', name = 'energy' }]\n"
    zone = parse_zone(
        head + "[figures]\nstaff = 7\n" + items + lists + own.replace("{robots}", "{staff}"), "page.toml"
    )
    assert "robots-per-100-staff" in zone.indicators
    assert zone.lists["focus-sectors"].items[1].origin == "old-energy"


def test_the_page_of_the_zone_file_names_every_form_scale_unit_and_key() -> None:
    text = page("docs/zone-file.md")
    words = [*QUALIFIERS[1:-1], *SCALES, *UNITS, *FigureForm.model_fields]
    hidden = {"missing"}  # written as "not published" and so on
    assert [word for word in words if word not in text and word not in hidden] == []


def test_the_page_of_templates_names_every_function_and_chart() -> None:
    text = page("docs/templates.md")
    composer = Vocabulary(
        Facts(read_zone(find_zone("baotou-2022"))), load_template("briefing"), load_language("en"), 4
    )
    for name in composer.names():
        assert re.search(rf"[`, ]{name}[`(.,]", text), name
    for chart in CHARTS:
        assert chart in text


def test_the_page_of_themes_names_every_theme_and_key_and_its_example_holds(tmp_path: Path) -> None:
    text = page("docs/themes.md")
    for words in (theme_names(), KEYS, *KEYS.values()):
        assert [word for word in words if not re.search(rf"[`[]{word}[`\]]", text)] == []
    (example,) = examples("docs/themes.md")
    Image.new("RGB", (30, 10)).save(tmp_path / "logo.png")
    (tmp_path / "house.toml").write_text(example, "utf-8")
    assert load_theme("house.toml", tmp_path).brand.logo


def test_the_number_of_indicators_that_the_changelog_tells_is_right() -> None:
    count = len(load_catalogue().indicators)
    assert f"{count} indicators in English and Chinese" in page("CHANGELOG.md")
    assert count >= 40


@pytest.mark.parametrize(
    "name", ["README.md", "CHANGELOG.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_links_between_pages_lead_somewhere(name: str) -> None:
    here = (ROOT / name).parent
    links = re.findall(r"\]\((?!https?:|chart:)([^)#]+)\)", page(name)) + re.findall(
        r'src="([^"]+)"', page(name)
    )
    assert [link for link in links if not (here / link).exists()] == []


def test_the_exit_codes_of_the_page_are_those_of_the_program() -> None:
    from zonereport import cli, errors

    text = page("docs/exit-codes.md")
    codes = {
        errors.ZonereportError.exit_code,
        errors.UsageError.exit_code,
        cli.INTERNAL_ERROR,
        0,
        130,
        143,
        141,
    }
    assert {code for code in codes if not re.search(rf"\b{code}\b", text)} == set()


def test_the_mapping_of_its_page_holds_and_its_words_are_all_there(tmp_path: Path) -> None:
    (example,) = examples("docs/tables.md")
    (tmp_path / "map.toml").write_text(example, "utf-8")
    mapping = read_map(tmp_path / "map.toml")
    text = page("docs/tables.md")
    words = [*TableMap.model_fields, *ColumnsForm.model_fields, *EUROSTAT]
    assert [word for word in words if not re.search(rf"[`\s\[.#]{re.escape(word)}\b|`{word}`", text)] == []
    assert mapping.decimal == ","


def test_the_page_of_the_workbook_names_every_sheet() -> None:
    text = page("docs/workbook.md")
    assert [sheet.name for sheet in SHEETS if sheet.name not in text] == []
    marks = [*UNPUBLISHED - {"...", "……"}, "n/a", "在建"]
    assert [mark for mark in marks if mark not in text] == []
