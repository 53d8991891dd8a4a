"""veraPDF's verdict on the PDF samples: PDF/UA-1 (accessible) and PDF/A-3a (archival), no failed check.

usage: archival.py SAMPLES
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
from common import HERE, need, run, samples, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

BUILD = Path("build/verapdf")
PROJECT = HERE / "verapdf"


def main() -> None:
    found = samples(Path(sys.argv[1]), ".pdf")
    install()
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        broken = break_copies(found[0], Path(folder))
        for report in judge([*broken, *found]):
            file, profile = Path(report["file"]), report["profile"]
            if file in broken:
                if report.get("compliant"):
                    faults.append(f"{file.name}: a broken copy passed {profile}: this judge cannot fail")
            elif report.get("error"):
                faults.append(f"{file}: {profile}: {report['error']}")
            else:
                faults += [describe(file, profile, rule) for rule in report["failed_rules"]]
    verdict("archival", len(found), faults)


def install() -> None:
    """Fetch veraPDF's libraries with Maven into build/, unless they are there."""
    need("java", "default-jre-headless")
    pinned, installed = PROJECT / "pom.xml", BUILD / "installed.xml"
    if installed.exists() and installed.read_bytes() == pinned.read_bytes():
        return
    maven = need("mvn", "maven")
    shutil.rmtree(BUILD, ignore_errors=True)
    code, said = run([maven, "-q", "-B", "-f", str(pinned), "dependency:copy-dependencies"])
    if code:
        sys.exit(f"judges: veraPDF cannot be installed:\n{said}")
    shutil.copy(pinned, installed)


def judge(files: Sequence[Path]) -> list[dict[str, Any]]:
    """Return a report for each file and profile; all are judged in one run of Java."""
    command = ["java", "-cp", f"{BUILD}/lib/*", str(PROJECT / "Judge.java"), *map(str, files)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    reports = [json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith("{")]
    if len(reports) != 2 * len(files):
        sys.exit(f"judges: veraPDF does not run:\n{done.stderr.decode('utf-8', 'replace')}")
    return reports


def break_copies(sample: Path, folder: Path) -> list[Path]:
    """Return copies of a sample that both profiles must refuse: untagged, and without its metadata."""
    untagged, bare = folder / "untagged.pdf", folder / "no-metadata.pdf"
    with pikepdf.open(sample) as pdf:
        del pdf.Root.StructTreeRoot, pdf.Root.MarkInfo
        pdf.save(untagged)
    with pikepdf.open(sample) as pdf:
        del pdf.Root.Metadata
        pdf.save(bare)
    return [untagged, bare]


def describe(file: Path, profile: str, rule: dict[str, Any]) -> str:
    where = "; ".join(context["object"] for context in rule["contexts"][:1])
    return (
        f"{file}: {profile} {rule['clause']}-{rule['test']}, {rule['failed_checks']} checks:"
        f" {rule['description']} ({where})"
    )


if __name__ == "__main__":
    main()
