"""What goes into an edition: everything that was given, everything made of it, and how, nothing else."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from zonereport.api import compose, load, render
from zonereport.archive.bag import digest, make_bag
from zonereport.archive.contents import Request, make_contents
from zonereport.errors import InputError, RenderError, TemplateError, UsageError
from zonereport.fonts import default_cache
from zonereport.inputs.paths import faulty_paths
from zonereport.inputs.shelf import Shelf
from zonereport.resources import BUNDLED_ZONES, CATALOGUE, TEMPLATES
from zonereport.theme import load_theme
from zonereport.zone.reading import find_zone, parse_zone
from zonereport.zone.writing import write_zone

if TYPE_CHECKING:
    from zonereport.archive.store import Contents

ZONE = find_zone("baotou-2022")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301"
    "0100c9fe92ef0000000049454e44ae426082"
)
"""A PNG of one red pixel."""


def quick(**asked: Any) -> Contents:
    """Return the contents of a request that draws little."""
    return make_contents(Request(**{"zone": ZONE, "formats": ("html",), "template": "onepage", **asked}))


@pytest.fixture(scope="module")
def full() -> Contents:
    return make_contents(
        Request(ZONE, previous=(find_zone("baotou-2017"), find_zone("baotou-2021")), languages=("en", "de"))
    )


def test_an_edition_holds_what_was_given_what_was_made_and_each_chart_with_its_table(full: Contents) -> None:
    made = sorted(path for path in full.payload if not path.startswith("inputs/templates/"))
    charts = ["contracts", "headline", "milestones", "patents", "platforms", "sectors", "workforce"]
    assert made == sorted(
        [
            *(
                f"{code}/baotou-2022-briefing-{code}.{end}"
                for code in ("de", "en")
                for end in ("docx", "html", "pdf")
            ),
            *(
                f"{code}/charts/{id}.{end}"
                for code in ("de", "en")
                for id in charts
                for end in ("csv", "svg")
            ),
            "inputs/catalogue.toml",
            "inputs/previous/2017.toml",
            "inputs/previous/2021.toml",
            "inputs/zone.toml",
            "zone.json",
        ]
    )
    assert (full.zone, full.snapshot) == ("baotou", "2022")
    assert full.description == "Baotou Rare Earth High-tech Industrial Development Zone, 2022"
    assert full.organization == "compiled by the zonereport project from a published article"


def test_what_was_given_is_kept_byte_for_byte(full: Contents) -> None:
    assert full.payload["inputs/zone.toml"] == ZONE.read_bytes()
    assert full.payload["inputs/previous/2021.toml"] == find_zone("baotou-2021").read_bytes()
    assert full.payload["inputs/catalogue.toml"] == CATALOGUE.read_bytes()
    for path, data in full.payload.items():
        if path.startswith("inputs/templates/"):
            assert data == (TEMPLATES / path.removeprefix("inputs/templates/")).read_bytes()
    assert full.payload["zone.json"].decode() == write_zone(load("baotou-2022"))


def test_of_the_templates_only_what_the_briefing_needs_is_kept(full: Contents) -> None:
    kept = {path.removeprefix("inputs/templates/") for path in full.payload if "/templates/" in path}
    assert {path for path in kept if not path.startswith("languages/")} == {
        "briefing/template.toml", "briefing/en.md", "briefing/de.md", "themes/neutral.toml",
    }  # fmt: skip
    assert {"languages/de/words.toml", "languages/de/main-points.md", "languages/en/methods.md"} <= kept
    assert not {path for path in kept if path.startswith("languages/zh/") or path.endswith("annex.md")}


def test_the_files_are_those_that_generate_writes(full: Contents) -> None:
    briefing = compose(
        load("baotou-2022"), previous=[load("baotou-2017"), load("baotou-2021")], language="de"
    )
    for format in ("pdf", "docx", "html"):
        assert full.payload[f"de/baotou-2022-briefing-de.{format}"] == render(briefing, format)
    assert full.payload["de/charts/platforms.svg"].startswith(b"<?xml")
    (table,) = (found.data for found in briefing.attachments if found.name == "platforms.csv")
    assert full.payload["de/charts/platforms.csv"] == table


def test_the_record_says_how_it_was_made_in_types_of_json(full: Contents) -> None:
    run = json.loads(json.dumps(full.run))
    assert run == full.run
    assert run["parameters"] == {
        "zone": "inputs/zone.toml",
        "previous": ["inputs/previous/2017.toml", "inputs/previous/2021.toml"],
        "template": "briefing",
        "theme": "neutral",
        "languages": ["en", "de"],
        "formats": ["pdf", "docx", "html"],
        "date": "2022-12-19",
        "stamp": None,
        "word_template": None,
    }
    assert run["inputs"]["inputs/zone.toml"] == {
        "name": "baotou-2022.toml",
        "sha256": digest(ZONE.read_bytes()),
    }
    assert set(run["inputs"]) == {path for path in full.payload if path.startswith("inputs/")}
    assert {"python", "zonereport", "matplotlib", "reportlab", "python-docx"} <= run["versions"].keys()
    assert "SourceSans3[wght].ttf" in {font["file"] for font in run["fonts"]}
    nothing = {"findings": [], "omissions": [], "borrowed": []}
    assert run["remarks"]["en"] == nothing
    borrowed = {"subject": "R&D centers", "message": "en"}
    assert borrowed in run["remarks"]["de"]["borrowed"]


def test_what_was_found_and_left_out_is_recorded(tmp_path: Path) -> None:
    theme = house(tmp_path, 'base = "neutral"\n[colours]\nmuted = "#cccccc"\n')
    remarks = quick(zone=find_zone("baotou-2017"), template="briefing", theme=theme).run["remarks"]["en"]
    assert remarks["findings"][0] == {
        "subject": "theme `neutral-2`",
        "message": "`muted` on `paper` has a contrast of 1.6, expected 4.5 (WCAG AA)",
    }
    assert "chart `platforms`" in {omission["subject"] for omission in remarks["omissions"]}


def test_no_path_or_name_of_the_machine_is_in_an_edition(full: Contents) -> None:
    for secret in (str(TEMPLATES), str(Path.home()), str(default_cache()), "zonereport-fonts-", "/tmp/"):
        assert secret not in json.dumps(full.run)
        assert not [path for path, data in full.payload.items() if secret.encode() in data]


def test_the_same_request_gives_the_same_contents_however_it_is_put() -> None:
    by_path = quick(previous=(find_zone("baotou-2017"), find_zone("baotou-2021")), languages=("en",))
    as_read = quick(
        zone=load("baotou-2022"),
        previous=(load("baotou-2021"), load("baotou-2017")),
        languages=("en", "en"),
        formats=("html", "html"),
        theme="neutral",
        date=date(2022, 12, 19),
    )
    assert as_read == by_path


def test_the_stamp_the_date_and_the_word_template_are_recorded_and_used(tmp_path: Path) -> None:
    (tmp_path / "Vorlage für März.docx").write_bytes(render(compose(load("baotou-2017")), "docx"))
    made = quick(
        formats=("docx",),
        date=date(2023, 1, 2),
        stamp=datetime(2023, 1, 3, 4, 5, 6, tzinfo=UTC),
        word_template=tmp_path / "Vorlage für März.docx",
    )
    asked = made.run["parameters"]
    assert (asked["date"], asked["stamp"]) == ("2023-01-02", "2023-01-03T04:05:06Z")
    assert asked["word_template"] == "inputs/word-template.docx"
    assert made.run["inputs"]["inputs/word-template.docx"]["name"] == "Vorlage für März.docx"


def test_a_zone_without_a_file_or_changed_since_it_was_read_is_kept_in_canonical_form() -> None:
    from dataclasses import replace

    zone = load("baotou-2022")
    renamed = replace(zone, short_name={"en": "Testonia Sample Zone"})
    for given in (replace(zone, origin=None), renamed):
        made = quick(zone=given)
        assert "inputs/zone.toml" not in made.payload
        assert made.payload["inputs/zone.json"] == made.payload["zone.json"] == write_zone(given).encode()
    assert b"Testonia Sample Zone" in made.payload["en/baotou-2022-onepage-en.html"]


# Names


def test_files_of_any_name_are_kept_under_one_that_every_system_keeps(tmp_path: Path) -> None:
    names = [
        "简报.docx",
        "简历.docx",
        "Bericht für März.docx",
        "bericht fur marz.DOCX",
        ".hidden",
        "con.txt",
        "a\\b:c?.pdf",
    ]
    for name in names:
        (tmp_path / name).write_bytes(name.encode())
    made = quick(kept=tuple(tmp_path / name for name in names))
    kept = {path: data.decode() for path, data in made.payload.items() if path.startswith("kept/")}
    assert kept == {
        "kept/file.docx": "简报.docx",
        "kept/file-2.docx": "简历.docx",
        "kept/Bericht-fur-Marz.docx": "Bericht für März.docx",
        "kept/bericht-fur-marz-2.DOCX": "bericht fur marz.DOCX",
        "kept/hidden": ".hidden",
        "kept/con-2.txt": "con.txt",
        "kept/a-b-c.pdf": "a\\b:c?.pdf",
    }
    assert made.run["kept"]["kept/file-2.docx"]["name"] == "简历.docx"
    assert list(faulty_paths(made.payload)) == []
    assert all(re.fullmatch(r"[A-Za-z0-9._/-]+", path) for path in made.payload)
    make_bag(made.payload, made.run, ())


def test_a_hundred_files_of_one_name_are_a_hundred_files() -> None:
    shelf = Shelf()
    for number in range(100):
        shelf.put("kept", "x" * 300 + ".txt", bytes([number]))
    assert len(shelf.files) == 100
    assert max(map(len, shelf.files)) < 100


def test_a_template_in_a_folder_of_any_name_is_kept_with_parts_of_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "themes"
    (folder / "en").mkdir(parents=True)
    (folder / "en.md").write_text(
        '# {{ zone.name }}\n\n{% include "概要" %}\n\n{% include "methods" %}\n', "utf-8"
    )
    (folder / "en" / "概要.md").write_text("Sheds of Testonia.\n", "utf-8")
    (folder / "en" / "unused.md").write_text("Nobody asks for this.\n", "utf-8")
    (folder / "template.toml").write_text('theme = "warm"\n', "utf-8")
    (folder / "secret.txt").write_text("not a part", "utf-8")
    made = quick(template=str(folder))
    assert b"Sheds of Testonia" in made.payload["en/baotou-2022-themes-template-en.html"]
    assert {path for path in made.payload if "themes" in path} == {
        "en/baotou-2022-themes-template-en.html",
        "inputs/templates/themes-template/en.md",
        "inputs/templates/themes-template/en/file.md",
        "inputs/templates/themes-template/template.toml",
        "inputs/templates/themes/warm.toml",
    }


# Themes


def house(folder: Path, text: str) -> str:
    """Write a theme beside a logo; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "logo.png").write_bytes(PIXEL)
    (folder / "neutral.toml").write_text(text, "utf-8")
    return str(folder / "neutral.toml")


def test_a_theme_of_ones_own_is_kept_as_it_is_with_its_base_and_its_logo(tmp_path: Path) -> None:
    text = 'base = "neutral"  # ours\n[brand]\nlogo = "logo.png"\n[colours]\naccent = "#123456"\n'
    made = quick(theme=house(tmp_path, text))
    assert made.run["parameters"]["theme"] == "neutral-2"
    assert made.payload["inputs/templates/themes/neutral-2.toml"] == text.encode()
    assert (
        made.payload["inputs/templates/themes/neutral.toml"]
        == (TEMPLATES / "themes" / "neutral.toml").read_bytes()
    )
    assert made.payload["inputs/templates/themes/logo.png"] == PIXEL
    assert b"#123456" in made.payload["en/baotou-2022-onepage-en.html"]


def test_a_theme_that_names_files_elsewhere_is_written_anew_and_says_the_same(tmp_path: Path) -> None:
    shutil.copy(next(Path(load_font_folder()).glob("*.ttf")), tmp_path / "haus.ttf")
    (tmp_path / "品牌").mkdir()
    (tmp_path / "品牌" / "标志.png").write_bytes(PIXEL)
    text = f"""
base = "warm"
[brand]
logo = "../品牌/标志.png"
logo-alt = "Say \\"Testonia\\""
logo-height = 9.5
footer = {{ en = "Internal", zh = "内部资料" }}
[fonts]
east-asian = ["FangSong", "{tmp_path}/haus.ttf"]
[layout]
running-head = false
"""
    given = house(tmp_path / "brand", text)
    made = quick(theme=given)
    kept = tmp_path / "kept"
    for path, data in made.payload.items():
        if path.startswith("inputs/templates/themes/"):
            kept.mkdir(exist_ok=True)
            (kept / Path(path).name).write_bytes(data)
    assert str(tmp_path).encode() not in (kept / "neutral.toml").read_bytes()
    one, other = load_theme(given), load_theme("neutral", folder=kept)
    assert (other.brand, other.colours, other.layout, other.sizes) == (
        one.brand,
        one.colours,
        one.layout,
        one.sizes,
    )
    assert [Path(font).name for font in other.fonts.east_asian] == ["FangSong", "haus.ttf"]


def load_font_folder() -> str:
    import matplotlib

    return str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")


# Errors


def test_an_error_names_the_files_as_they_were_given(tmp_path: Path) -> None:
    zone, template, word = tmp_path / "mine.toml", tmp_path / "form", tmp_path / "Brief.docx"
    zone.write_text(ZONE.read_text("utf-8").replace("format = 1", "format = 2"), "utf-8")
    with pytest.raises(InputError, match=re.escape(f"{zone}:4: format")):
        quick(zone=zone)
    shutil.copytree(TEMPLATES / "briefing", template)
    (template / "en.md").write_text("# {{ zone.nam }}\n", "utf-8")
    with pytest.raises(TemplateError, match=re.escape(f"{template}/en.md:1")):
        quick(template=str(template))
    word.write_bytes(b"PK no Word file")
    with pytest.raises(RenderError, match=r"^Brief\.docx: expected a Word template"):
        quick(formats=("docx",), word_template=word)


def test_what_compose_refuses_is_refused_before_anything_is_drawn() -> None:
    with pytest.raises(UsageError, match="is given twice"):
        quick(previous=(find_zone("baotou-2021"), BUNDLED_ZONES / "baotou-2021.toml"))
    with pytest.raises(UsageError, match="is not earlier"):
        quick(previous=(find_zone("baotou-2023"),))
    with pytest.raises(UsageError, match="no format `p df`"):
        quick(formats=("p df",))
    with pytest.raises(InputError, match="no such file"):
        quick(kept=(Path("nowhere.docx"),))


def test_a_part_that_stands_where_nothing_ever_comes_need_not_be_there(tmp_path: Path) -> None:
    (tmp_path / "form").mkdir()
    (tmp_path / "form" / "template.toml").write_text("", "utf-8")
    (tmp_path / "form" / "en.md").write_text(
        '# {{ zone.name }}\n\n{% if false %}\n{% include "no-such-part" %}\n{% include "years" %}\n{% endif %}\n',
        "utf-8",
    )
    made = quick(template=str(tmp_path / "form"))
    assert "inputs/templates/languages/en/years.md" in made.payload


def test_a_zone_in_json_is_kept_as_json(tmp_path: Path) -> None:
    file = tmp_path / "zone.JSON"
    file.write_text("\ufeff" + write_zone(load("baotou-2022")), "utf-8")
    made = quick(zone=file)
    assert made.payload["inputs/zone.json"] == file.read_bytes()
    assert parse_zone(made.payload["zone.json"].decode(), "zone.json") == load("baotou-2022")
