"""What is run: zonereport and what users would pick instead, for each kind of document."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import WORK, FailedError, Job, run_process

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from measuring import Mode

HERE = Path(__file__).parent
PEERS = HERE / "peers"
ZONEREPORT = str(Path(sys.executable).with_name("zonereport"))
BRIEFINGS = 10
"""How many a warm process makes."""
LASTING = 3000
"""How many a worker makes whose memory is watched."""
BATCH = 200
"""How many zones a batch has."""
SIZES = {"pages": (50, 200, 1_000), "rows": (1_000, 10_000, 100_000)}
LAYOUTS = ("constrained", "fixed")

OURS, BARE = "zonereport", "python -c pass"
TYPST, TUTORIALS = "Typst", "ReportLab + python-docx"
ALL = "three formats, two languages"


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of document: what zonereport is asked for, and the programs of the peers, by name."""

    formats: tuple[str, ...]
    languages: tuple[str, ...]
    peers: Mapping[str, tuple[str, ...]]


GROUPS = {
    "PDF": Group(
        ("pdf",),
        ("en",),
        {TYPST: ("by_typst",), "WeasyPrint": ("by_weasyprint",), "ReportLab": ("by_reportlab",)},
    ),
    "Word": Group(("docx",), ("en",), {"docxtpl": ("by_docxtpl",), "python-docx": ("by_python_docx",)}),
    "both": Group(
        ("pdf", "docx"),
        ("en",),
        {
            TUTORIALS: ("by_reportlab", "by_python_docx"),
            "Typst + python-docx": ("by_typst", "by_python_docx"),
            "WeasyPrint + docxtpl": ("by_weasyprint", "by_docxtpl"),
        },
    ),
    ALL: Group(("pdf", "docx", "html"), ("en", "zh"), {}),
}


def briefing_jobs(mode: Mode) -> list[Job]:
    """Return every program of every group, made for the mode `cold` or `warm`."""
    jobs = []
    for name, group in GROUPS.items():
        jobs.append(_ours(mode, name, group))
        jobs += [
            _peer(mode, name, peer, layout, programs)
            for peer, programs in group.peers.items()
            for layout in LAYOUTS
        ]
    return jobs


def _ours(mode: Mode, name: str, group: Group) -> Job:
    formats, languages = ",".join(group.formats), ",".join(group.languages)

    def cold(number: int) -> list[str]:
        return [ZONEREPORT, "generate", *zone_files(number), "--template", str(HERE / "template"), "--format",
                formats, "--lang", languages, "--output", str(job.folder), "--quiet"]  # fmt: skip

    def warm(_: int) -> list[str]:
        return [sys.executable, str(HERE / "working.py"), str(job.folder), str(BRIEFINGS), formats, languages]

    job = Job(mode, name, OURS, "", cold if mode == "cold" else warm)
    return job


def _peer(mode: Mode, group: str, name: str, layout: str, programs: Sequence[str]) -> Job:
    def out() -> str:
        ending = "" if len(programs) > 1 else ".pdf" if group == "PDF" else ".docx"
        return str(job.folder / f"briefing{ending}")

    def cold(number: int) -> list[str]:
        if len(programs) > 1:
            return [sys.executable, str(PEERS / "pair.py"), *programs, out(), str(number)]
        return [sys.executable, str(PEERS / f"{programs[0]}.py"), out(), str(number)]

    def warm(_: int) -> list[str]:
        return [sys.executable, str(PEERS / "warm.py"), out(), str(BRIEFINGS), *programs]

    job = Job(mode, group, name, layout, cold if mode == "cold" else warm)
    return job


def zone_files(number: int) -> list[str]:
    """Return the zone files of a round, written if they are not yet."""
    return [str(path) for path in sorted((WORK / "zones" / str(number)).glob("*.toml"))]


def start_jobs() -> list[Job]:
    """Return what it takes to start, beside Python itself."""
    return [
        Job("start", "help", OURS, "", lambda _: [ZONEREPORT, "--help"]),
        Job("start", "help", BARE, "", lambda _: [sys.executable, "-c", "pass"]),
    ]


def long_jobs(kind: Mode) -> list[Job]:
    """Return the documents of so many pages or rows, as PDF and as Word file."""

    def job(size: int, format: str) -> Job:
        made = Job(kind, format, f"{size:,} {kind}", "", lambda _: command)
        command = [
            sys.executable,
            str(HERE / "long.py"),
            str(made.folder / f"long.{format}"),
            kind,
            str(size),
        ]
        return made

    return [job(size, format) for format in ("pdf", "docx") for size in SIZES[kind]]


def batch_jobs() -> list[Job]:
    """Return a batch by one worker and by two."""

    def job(workers: int) -> Job:
        made = Job("batch", "both", f"{workers} jobs", "", lambda _: command)
        command = [ZONEREPORT, "batch", str(WORK / "batch"), "-o", str(made.folder), "--jobs", str(workers),
                   "--again", "--quiet"]  # fmt: skip
        return made

    return [job(1), job(2)]


def memory_jobs() -> list[Job]:
    """Return one worker that makes thousands of briefings."""

    def command(_: int) -> list[str]:
        return [sys.executable, str(HERE / "working.py"), str(job.folder), str(LASTING), "pdf,docx", "en"]

    job = Job("memory", "both", OURS, "", command)
    return [job]


def prepare(rounds: int) -> None:
    """Write the zone files of all rounds, those of the batch, and the template that docxtpl fills.

    Raises FailedError, with what to install, where WeasyPrint's libraries are missing.
    """
    from zones import LATEST, write_zones

    for number in range(rounds + 1):
        folder = WORK / "zones" / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        write_zones(number, folder)
    folder = WORK / "batch"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(BATCH):
        write_zones(number, folder, years=[LATEST])
    run_process([sys.executable, str(PEERS / "make_word_template.py"), str(WORK / "briefing.docx")])
    try:
        run_process([sys.executable, "-c", "import weasyprint"])
    except FailedError as error:
        raise FailedError(
            "WeasyPrint cannot be loaded; on Debian and Ubuntu: apt-get install libpango-1.0-0 "
            f"libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core\n{error}"
        ) from None
