"""The index of a batch: every zone with links to what was made, written again only when it would change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pypdfium2
from here import Here, request
from lxml import html
from many_zones import zone_text

from zonereport.batch.index import list_zones, write_index
from zonereport.batch.manifest import MANIFEST, opened
from zonereport.batch.planning import plan
from zonereport.batch.running import run
from zonereport.batch.task import Made

if TYPE_CHECKING:
    from pathlib import Path


def zones(folder: Path, *names: str) -> list[Path]:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / f"{name}.toml").write_text(zone_text(f"testonia-{name}"), "utf-8")
    return sorted(folder.glob("*.toml"))


def index(folder: Path, *files: Path, **more: object) -> list[str]:
    """Make what lacks and the index; return the names of the index's files that were written."""
    planned = plan(request(*files, **more))
    with opened(folder) as manifest:
        for job, made in run(planned.jobs, Here(planned.kits)):
            if isinstance(made, Made):
                manifest.record(job, planned.kits[job.task.kit], made)
        entries = list_zones(planned, planned.failures, manifest)
        paths = [path for each in ("en", "zh") for path in write_index(entries, manifest, each)]
    return [path.name for path in paths]


def test_the_index_links_every_file_and_says_what_could_not_be_read(tmp_path: Path) -> None:
    files = zones(tmp_path / "zones", "a", "b")
    (tmp_path / "zones" / "broken.toml").write_text("broken =", "utf-8")
    names = index(tmp_path / "out", *files, tmp_path / "zones" / "broken.toml")
    assert names == [f"index-{language}.{format}" for language in ("en", "zh") for format in ("html", "pdf")]
    page = html.parse(str(tmp_path / "out" / "index-en.html")).getroot()
    links = [link for link in page.xpath("//a/@href") if not link.startswith("#")]
    assert links == [f"./testonia-{name}-2002-briefing-en.html" for name in "ab"]
    assert all((tmp_path / "out" / link).is_file() for link in links)
    assert "broken.toml:1: not valid TOML" in page.text_content()
    assert str(tmp_path) not in page.text_content()
    text = pypdfium2.PdfDocument(tmp_path / "out" / "index-en.pdf")[0].get_textpage().get_text_range()
    assert "broken.toml" in text


def test_the_index_is_written_again_only_when_it_would_change(tmp_path: Path) -> None:
    files = zones(tmp_path / "zones", "a", "b")
    assert len(index(tmp_path / "out", *files)) == 4
    assert index(tmp_path / "out", *files) == []
    (tmp_path / "out" / "index-zh.pdf").unlink()
    assert index(tmp_path / "out", *files) == ["index-zh.html", "index-zh.pdf"]
    assert len(index(tmp_path / "out", *zones(tmp_path / "zones", "c"))) == 4


def test_the_manifest_tells_about_the_index(tmp_path: Path) -> None:
    index(tmp_path / "out", *zones(tmp_path / "zones", "a"))
    lines = [json.loads(line) for line in (tmp_path / "out" / MANIFEST).read_text("utf-8").splitlines()]
    told = [line for line in lines if line["template"] == "compendium"]
    assert [(line["zone"], line["language"], sorted(line["files"])) for line in told] == [
        ("", "en", ["index-en.html", "index-en.pdf"]),
        ("", "zh", ["index-zh.html", "index-zh.pdf"]),
    ]


def test_a_zone_whose_name_no_font_has_is_listed_by_its_file(tmp_path: Path) -> None:
    files = zones(tmp_path / "zones", "a")
    odd = tmp_path / "zones" / "odd.toml"
    text = zone_text("testonia-odd").replace("Testonia testonia-odd Zone", "\u0e40\u0e02\u0e15")
    odd.write_text(text, "utf-8")
    assert len(index(tmp_path / "out", *files, odd)) == 4
    text = html.parse(str(tmp_path / "out" / "index-en.html")).getroot().text_content()
    assert "odd.toml" in text
    assert "testonia-a" in text


def test_what_a_language_has_no_template_for_is_said_of_every_zone(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "en.md").write_text("# Title\n\nsub\n\nText.", "utf-8")
    (own / "template.toml").write_text("", "utf-8")
    index(tmp_path / "out", *zones(tmp_path / "zones", "a"), templates=(str(own),), languages=("en", "zh"))
    text = html.parse(str(tmp_path / "out" / "index-en.html")).getroot().text_content()
    assert "template `own` has no text in `zh`" in text


def test_links_say_their_template_where_there_are_several(tmp_path: Path) -> None:
    index(tmp_path / "out", *zones(tmp_path / "zones", "a"), templates=("briefing", "onepage"))
    page = html.parse(str(tmp_path / "out" / "index-en.html")).getroot()
    links = [link.text_content() for link in page.xpath("//a[starts-with(@href, './')]")]
    assert links == ["briefing HTML", "onepage HTML"]
