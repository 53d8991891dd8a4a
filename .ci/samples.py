"""Write each bundled zone, alone and beside its earlier snapshots, and what the files must say.

usage: samples.py FOLDER

The files are made by the command line. `expected.json` beside them tells a judge the words of their
tiles and chart labels, taken from the composed briefing, which knows nothing of PDF or Word.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from PIL import Image

from zonereport.api import compose, load, render_all
from zonereport.briefing.blocks import ChartBlock, Tiles, iter_blocks
from zonereport.briefing.template import template_names
from zonereport.briefing.text import strings_of
from zonereport.charts.multiples import Link, Shape
from zonereport.language import language_codes
from zonereport.render.registry import FORMATS
from zonereport.theme import theme_names
from zonereport.zone.model import Relation
from zonereport.zone.reading import DEFAULT_ZONE, bundled_zones

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Briefing


CODES = {*get_args(Relation), *get_args(Shape), *get_args(Link)}
"""What a chart's plan says in code, such as `continuing` or `care`, and draws as a word or a mark."""


def main() -> None:
    target = Path(sys.argv[1])
    shutil.rmtree(target, ignore_errors=True)
    for name in bundled_zones():
        write_sample(target / "briefing" / name, name, [])
        if earlier := earlier_snapshots(name):
            write_sample(target / "briefing" / f"{name}-compared", name, earlier)
    latest = "baotou-2023"
    for template, language in product(template_names(), language_codes()):
        if (template, language) != ("briefing", "en"):
            folder = target / template / f"{latest}-{language}"
            write_sample(folder, latest, earlier_snapshots(latest), template, language)
    write_sample(target / "briefing" / "baotou-2022-zh", "baotou-2022", ["baotou-2021"], language="zh")
    write_gallery(target / "gallery")
    write_themes(target / "themes")


def write_themes(target: Path) -> None:
    """Write the default zone in each theme, with a logo and a classification."""
    target.mkdir()
    Image.new("RGBA", (60, 20), (10, 90, 125, 128)).save(target / "logo.png")
    for name in theme_names():
        folder = target / name
        folder.mkdir()
        brand = folder / "brand.toml"
        marks = 'logo = "../logo.png"\nlogo-alt = "A logo"\nclassification = "Internal"'
        brand.write_text(f'base = "{name}"\n[brand]\n{marks}\n')
        briefing = compose(load(DEFAULT_ZONE), theme=str(brand))
        for format, data in render_all(briefing, list(FORMATS)).items():
            (folder / f"{name}{FORMATS[format].suffix}").write_bytes(data)
        (folder / "expected.json").write_text(json.dumps(expected(briefing), ensure_ascii=False), "utf-8")


def write_gallery(target: Path) -> None:
    """Write the documents that the tests of renderers use: every kind of block, and many pages."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from gallery import DOCUMENTS

    for name, make in DOCUMENTS.items():
        folder = target / name.replace(" ", "-")
        folder.mkdir(parents=True)
        briefing = make()
        for format, data in render_all(briefing, list(FORMATS)).items():
            (folder / f"{folder.name}{FORMATS[format].suffix}").write_bytes(data)
        (folder / "expected.json").write_text(json.dumps(expected(briefing), ensure_ascii=False), "utf-8")


def earlier_snapshots(name: str) -> list[str]:
    zone = load(name)
    others = ((other, load(other)) for other in bundled_zones() if other != name)
    return [
        other
        for other, found in others
        if found.id == zone.id and found.edition.snapshot.end < zone.edition.snapshot.end
    ]


def write_sample(
    folder: Path, name: str, earlier: list[str], template: str = "briefing", language: str = "en"
) -> None:
    command = [sys.executable, "-m", "zonereport", "generate", name, "-t", template, "-o", str(folder)]
    command += ["--lang", language]
    command += [f"--format={format}" for format in FORMATS]
    for other in earlier:
        command += ["--previous", other]
    subprocess.run(command, check=True)
    previous = [load(other) for other in earlier]
    briefing = compose(load(name), previous=previous, template=template, language=language)
    (folder / "expected.json").write_text(
        json.dumps(expected(briefing), ensure_ascii=False, indent=1), "utf-8"
    )


def expected(briefing: Briefing) -> dict[str, list[str]]:
    """Return the words of each tile (value, label, notes) and each label drawn in a chart."""
    blocks = list(iter_blocks(briefing.blocks))
    tiles = [tile for block in blocks if isinstance(block, Tiles) for tile in block.tiles]
    labels = ["\n".join(strings_of(block.chart.draw)) for block in blocks if isinstance(block, ChartBlock)]
    return {
        "tiles": [" ".join((tile.value.text, tile.label, *tile.notes)) for tile in tiles],
        "charts": [label for text in labels for label in text.splitlines() if label not in CODES],
    }


if __name__ == "__main__":
    main()
