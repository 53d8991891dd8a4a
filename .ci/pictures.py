"""Draw sample pages of the default zone, and a page in each theme, as small pictures for the documentation.

usage: pictures.py SAMPLES DOCS
"""

from __future__ import annotations

import sys
from pathlib import Path

import pypdfium2

from zonereport.api import compose, load, render
from zonereport.theme import theme_names
from zonereport.zone.reading import DEFAULT_ZONE

PAGES = 3
WIDTH = 620
"""Pixels: two pages stand beside each other on a web page."""
THEME_WIDTH = 420
"""Four of these do."""
CHINESE = ("gbt-9704",)
"""Themes for Chinese documents."""


def main() -> None:
    samples, docs = map(Path, sys.argv[1:])
    docs.mkdir(exist_ok=True)
    (source,) = (samples / "briefing" / DEFAULT_ZONE).glob("*-en.pdf")
    with pypdfium2.PdfDocument(source) as document:
        for number in range(min(PAGES, len(document))):
            draw(document[number], docs / f"briefing-page-{number + 1}.png", WIDTH)
    for theme in theme_names():
        language = "zh" if theme in CHINESE else "en"
        briefing = compose(load(DEFAULT_ZONE), theme=theme, language=language)
        with pypdfium2.PdfDocument(render(briefing, "pdf")) as document:
            draw(document[1], docs / f"theme-{theme}.png", THEME_WIDTH)


def draw(page: pypdfium2.PdfPage, path: Path, width: int) -> None:
    """Write a picture of a page, drawn twice as large and reduced: thin lines and small type stay legible."""
    picture = page.render(scale=2 * width / page.get_width()).to_pil()
    height = round(width * page.get_height() / page.get_width())
    picture.convert("RGB").resize((width, height)).quantize(48).save(path, optimize=True)
    print(path, f"{path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
