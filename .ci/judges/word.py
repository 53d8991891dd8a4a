"""Judge Word samples: valid to the Open XML SDK, and LibreOffice shows their tiles.

usage: word.py FOLDER
"""

from __future__ import annotations

import json
import sys
import tempfile
import unicodedata
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from common import TOOLS, expected, install_tools, lacking, need, run, samples, verdict

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VERSIONS = ("Office2010", "Office2013", "Office2016", "Office2019", "Office2021", "Microsoft365")
"""Not Office 2007: it knows no alternative text for tables."""
VALIDATOR = TOOLS / "node_modules/.bin/ooxml-validator"


def main() -> None:
    need("npm", "npm")
    need("soffice", "libreoffice-writer-nogui")
    need("pdftotext", "poppler-utils")
    install_tools()
    found = samples(Path(sys.argv[1]), ".docx")
    with tempfile.TemporaryDirectory() as folder:
        faults = blind_spots(found[0], Path(folder))
        for docx in found:
            faults += validator_faults(docx) + libreoffice_faults(docx, Path(folder))
    verdict("word", len(found), faults)


def validator_faults(docx: Path) -> list[str]:
    """Return what is wrong in the eyes of each version of Office, asked side by side."""
    with ThreadPoolExecutor() as pool:
        return [fault for faults in pool.map(partial(version_faults, docx), VERSIONS) for fault in faults]


def version_faults(docx: Path, version: str) -> list[str]:
    code, said = run([VALIDATOR, docx, "--officeVersion", version])
    docx = docx / version
    try:
        report = json.loads(said)
    except ValueError:
        return [f"{docx}: the validator does not run, exit code {code}: {said}"]
    if code == 0 and report["ok"] is True and report["errors"] == []:
        return []
    return [f"{docx}: {json.dumps(error, ensure_ascii=False)}" for error in report["errors"]] or [
        f"{docx}: {said}"
    ]


def has_han(word: str) -> bool:
    """Return whether a word has Chinese in it, which lines and cells part at any character."""
    return any(unicodedata.east_asian_width(character) in "WF" for character in word)


def libreoffice_faults(docx: Path, folder: Path) -> list[str]:
    """Return what is missing once LibreOffice has made a PDF of it, in a profile of its own."""
    pdf = folder / docx.with_suffix(".pdf").name
    pdf.unlink(missing_ok=True)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    code, said = run(["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, docx])
    if code or not pdf.exists():
        return [f"{docx}: LibreOffice cannot convert it, exit code {code}: {said}"]
    tiles = [
        f"{docx}: LibreOffice does not show the tile `{tile}`"
        for tile in lacking(pdf, expected(docx, "tiles"))
    ]
    shown = "".join(text_of_pdf(pdf).split())  # narrow cells break long words, Chinese breaks anywhere
    missing = [
        word for word, count in words_of_docx(docx).items() if not has_han(word) and shown.count(word) < count
    ]
    missing += [word for word in words_of_docx(docx) if has_han(word) and not set(word) <= set(shown)]
    return [*tiles, *(f"{docx}: LibreOffice loses the word `{word}`" for word in missing)]


def words_of_docx(docx: Path) -> Counter[str]:
    """Return the words of the body and its footnotes, and how often each stands there."""
    words: Counter[str] = Counter()
    with zipfile.ZipFile(docx) as package:
        for part in {"word/document.xml", "word/footnotes.xml"} & set(package.namelist()):
            for paragraph in ElementTree.fromstring(package.read(part)).iter(f"{WORD}p"):
                text = "".join(_piece(node) for node in paragraph.iter())
                words.update(text.split())
    return words


def _piece(node: ElementTree.Element) -> str:
    if node.tag == f"{WORD}t":
        return node.text or ""
    return " " if node.tag in {f"{WORD}tab", f"{WORD}br", f"{WORD}footnoteReference"} else ""


def text_of_pdf(pdf: Path) -> str:
    """Return the text of a PDF, words that were broken at a hyphen joined again."""
    code, text = run(["pdftotext", "-raw", "-enc", "UTF-8", pdf, "-"])
    if code:
        sys.exit(f"judges: {text}")
    return text.replace("-\n", "-")


def blind_spots(sample: Path, folder: Path) -> list[str]:
    """Return what the judges overlook in a broken file, so that a judge that cannot fail is found."""
    broken = folder / "broken.docx"
    with zipfile.ZipFile(sample) as whole, zipfile.ZipFile(broken, "w") as copy:
        for name in whole.namelist():
            part = whole.read(name)
            if name == "word/document.xml":
                part = part.replace(b"</w:body>", b"<w:nonsense/></w:body>")
            copy.writestr(name, part)
    faults = validator_faults(broken)
    seen = any("nonsense" in fault and "Sch_" in fault for fault in faults)
    return [] if seen else [f"the validator overlooks an element that does not exist: {faults}"]


if __name__ == "__main__":
    main()
