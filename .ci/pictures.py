"""Draw the first pages of the default zone's sample as small pictures for the documentation.

usage: pictures.py SAMPLES DOCS
"""

from __future__ import annotations

import sys
from pathlib import Path

import pypdfium2

from zonereport.zone.reading import DEFAULT_ZONE

PAGES = 3
WIDTH = 620
"""Pixels: two pages stand beside each other on a web page."""


def main() -> None:
    samples, docs = map(Path, sys.argv[1:])
    docs.mkdir(exist_ok=True)
    (source,) = (samples / "briefing" / DEFAULT_ZONE).glob("*.pdf")
    with pypdfium2.PdfDocument(source) as document:
        for number in range(min(PAGES, len(document))):
            page = document[number]
            # drawn twice as large and reduced, which keeps thin lines and small type legible
            picture = page.render(scale=2 * WIDTH / page.get_width()).to_pil()
            height = round(WIDTH * page.get_height() / page.get_width())
            path = docs / f"briefing-page-{number + 1}.png"
            picture.convert("RGB").resize((WIDTH, height)).quantize(48).save(path, optimize=True)
            print(path, f"{path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
