"""Judge PDF samples: sound to qpdf, every font embedded and none twice, chart labels are text.

usage: pdf.py FOLDER
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

from common import expected, lacking, need, run, samples, verdict

FONT = re.compile(
    r"(?P<name>\S.*?) +(?:CID )?(?:Type|TrueType).*? +\S+ +(?P<flags>(?:(?:yes|no) +){3})\d+ +\d+"
)
"""A row of pdffonts: name, type, encoding; embedded, subset, mapped to Unicode. Long names shift it."""


def main() -> None:
    need("qpdf", "qpdf")
    need("pdffonts", "poppler-utils")
    need("pdftotext", "poppler-utils")
    found = samples(Path(sys.argv[1]), ".pdf")
    faults = blind_spots(found[0])
    for pdf in found:
        missing = [
            f"{pdf}: the chart label `{label}` is not in the text"
            for label in lacking(pdf, expected(pdf, "charts"))
        ]
        faults += structure_faults(pdf) + font_faults(pdf) + missing
    verdict("pdf", len(found), faults)


def structure_faults(pdf: Path) -> list[str]:
    code, said = run(["qpdf", "--check", pdf])
    return [f"{pdf}: {said}"] if code else []


def font_faults(pdf: Path) -> list[str]:
    code, said = run(["pdffonts", pdf])
    rows = said.splitlines()[2:]
    if code or not rows:
        return [f"{pdf}: pdffonts finds no font: {said}"]
    faults, names = [], Counter[str]()
    for row in rows:
        if not (match := FONT.fullmatch(row.strip())):
            faults.append(f"{pdf}: cannot read the row of pdffonts `{row}`")
            continue
        name = match[
            "name"
        ]  # with its tag: a font of over 256 characters is several in a PDF, each with its own
        names[name] += 1
        if match["flags"].split() != ["yes", "yes", "yes"]:
            faults.append(f"{pdf}: {name} is not embedded, not a subset or without Unicode: {row}")
        if "Helvetica" in name:
            faults.append(f"{pdf}: {name} is a standard font, which no theme asks for")
    return faults + [f"{pdf}: {name} is embedded {count} times" for name, count in names.items() if count > 1]


def blind_spots(sample: Path) -> list[str]:
    """Return what the judges overlook in a broken file, so that a judge that cannot fail is found."""
    from reportlab.pdfgen.canvas import Canvas

    with tempfile.TemporaryDirectory() as folder:
        broken = Path(folder, "broken.pdf")
        broken.write_bytes(sample.read_bytes()[:-2000])
        plain = Path(folder, "plain.pdf")
        canvas = Canvas(str(plain))
        canvas.drawString(72, 72, "Helvetica, not embedded")
        canvas.save()
        tests = {
            "a truncated file": structure_faults(broken),
            "a font that is not embedded": font_faults(plain),
            "a chart without text": lacking(plain, ["more than 500"]),
        }
    return [f"the judge overlooks {what}" for what, faults in tests.items() if not faults]


if __name__ == "__main__":
    main()
