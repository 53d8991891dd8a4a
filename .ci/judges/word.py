"""Judge Word samples: valid to the Open XML SDK, and LibreOffice shows their tiles.

usage: word.py FOLDER
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

from common import expected, lacking, need, run, samples, verdict

HERE = Path(__file__).parent
TOOLS = Path("build/judges")
VALIDATOR = TOOLS / "node_modules/.bin/ooxml-validator"


def main() -> None:
    need("npm", "npm")
    need("soffice", "libreoffice-writer-nogui")
    need("pdftotext", "poppler-utils")
    install_validator()
    found = samples(Path(sys.argv[1]), ".docx")
    with tempfile.TemporaryDirectory() as folder:
        faults = blind_spots(found[0], Path(folder))
        for docx in found:
            faults += validator_faults(docx) + libreoffice_faults(docx, Path(folder))
    verdict("word", len(found), faults)


def install_validator() -> None:
    """Install the pinned validator into build/, unless it is there."""
    lock = TOOLS / "package-lock.json"
    if VALIDATOR.exists() and lock.read_bytes() == (HERE / lock.name).read_bytes():
        return
    shutil.rmtree(TOOLS, ignore_errors=True)
    TOOLS.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, TOOLS)
    # not `npm ci`, which fails where the registry lacks the validator's packages for other systems
    code, said = run(["npm", "install", "--no-save", "--prefix", TOOLS])
    if code or not VALIDATOR.exists():
        sys.exit(f"judges: the Open XML SDK validator cannot be installed:\n{said}")


def validator_faults(docx: Path) -> list[str]:
    code, said = run([VALIDATOR, docx])
    try:
        report = json.loads(said)
    except ValueError:
        return [f"{docx}: the validator does not run, exit code {code}: {said}"]
    if code == 0 and report["ok"] is True and report["errors"] == []:
        return []
    return [f"{docx}: {json.dumps(error, ensure_ascii=False)}" for error in report["errors"]] or [
        f"{docx}: {said}"
    ]


def libreoffice_faults(docx: Path, folder: Path) -> list[str]:
    """Return what is missing once LibreOffice has made a PDF of it, in a profile of its own."""
    pdf = folder / docx.with_suffix(".pdf").name
    pdf.unlink(missing_ok=True)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    code, said = run(["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, docx])
    if code or not pdf.exists():
        return [f"{docx}: LibreOffice cannot convert it, exit code {code}: {said}"]
    return [
        f"{docx}: LibreOffice does not show the tile `{tile}`"
        for tile in lacking(pdf, expected(docx, "tiles"))
    ]


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
