"""What was measured as Markdown: the lines with targets, then a table a group."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from programs import GROUPS, SIZES
from ratios import spread
from targets import beside, judge, quickest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from measuring import Job, Measured

PACKAGES = ("zonereport", "typst", "weasyprint", "docxtpl", "reportlab", "python-docx", "matplotlib", "numpy")

HEAD = """# Benchmarks

How long one briefing takes, beside what a user would pick instead. `make bench` measures it all anew, and
`make bench ARGS="--write docs"` writes this page; `--only cold,warm` and `--rounds 3` measure less, and
`--only memory` watches one worker for thousands of briefings. WeasyPrint needs packages of the system; on Debian and
Ubuntu: `apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core`.

"""

PICTURE = """![Bars of the median seconds, cold and warm, for a PDF, a Word file and both: zonereport above its peers. The \
table below has the same numbers.](benchmarks.png)

"""

HOW = """## How it is measured

All programs run in turn, round after round; each cold round and each warm briefing has other figures. A ratio is taken
in each round and its median shown, with the least and the most: other work on the machine moves all times by half.
Cold is a whole process, the first round not counted; zonereport's is the command `zonereport generate`. Warm is one
process that makes 10 briefings, of which the median of the 2nd to the 10th is taken; zonereport's reads the zone
files, composes, looks through the briefing (preflight), renders and writes. Memory is the peak that the system
reports for the process, of which each is one.

A page or row more: the seconds between the two larger sizes over the pages or rows between them, as times the same
between the two smaller sizes. A constant cost is in all three and so in no difference; 1 is a straight line. The
least time of each size is taken, without imports. A page has a heading, four paragraphs, a footnote and a table of 20 rows.

## What is not equal, and why

- The peers' briefing has 6 sections, 480 words, tables of 8 × 3, 6 × 4 and 12 × 3 cells and 6 charts on 5 pages.
  zonereport's has the same sections and text, tables of 8 × 3, 6 × 5 and 12 × 3, 6 charts of the kinds that it has and
  the list of sources, on 6 pages: it sets two years side by side where the peers list six, and shows those in a chart.
  Words that pdftotext finds: zonereport 1,277, Typst 1,307, WeasyPrint 838, ReportLab 704, whose charts are pictures.
- zonereport reads 6 zone files, one a year, and checks them; the peers are handed numbers and finished texts.
- Everything of zonereport is on: PDF/UA-1 and PDF/A-3a, tags, alternative texts, the zone file and each chart's
  table attached, sources, the look for what a reader would stumble over; each file is synchronised to the disk. Of the
  peers only Typst makes tags and alternative texts unasked; none attaches or looks through anything.
- Charts: zonereport draws vectors everywhere, and a picture for older Words; Typst and WeasyPrint take SVG, the
  others PNG of 200 dpi as their guides show.
- ReportLab's text is in Helvetica, which is not embedded; the others embed and subset fonts. zonereport keeps
  subset fonts on the disk, so only the first briefing of a new character makes them; the round to warm up is that one.
- Constrained layout, which finds room for labels, is how users write charts. The targets are against it; the rows
  “fixed” show the same programs with axes at fixed places, as zonereport has them.
- The contents in the peers' Word files are a field that Word fills in; in all PDFs they have page numbers.
- No peer makes {all}: it stands alone.
"""


def results(measured: Measured) -> str:
    """Return the lines with targets and the tables of everything that ran."""
    lines = [(line.what, line.target, line.measured, _verdict(line.holds)) for line in judge(measured)]
    parts = [_table(("line", "target", "measured", "holds"), lines)]
    for mode, title in (("cold", "Cold: a whole process"), ("warm", "Warm: one of many in a process")):
        rows = [_row(measured, job) for job in measured if job.mode == mode]
        if rows:
            parts += [f"### {title}", _table(TIMES, rows)]
    for kind in SIZES:
        rows = [_long_row(measured, job) for job in measured if job.mode == kind and measured[job]]
        if rows:
            parts += [f"### Long documents: {kind}", _table(LONG, rows)]
    return "\n\n".join(parts) + "\n"


def page(measured: Measured, today: date, rounds: int) -> str:
    """Return the whole page, with the date and what it was measured with."""
    group = next(name for name, group in GROUPS.items() if not group.peers)
    return (
        HEAD
        + "".join(_circumstances(today, rounds))
        + PICTURE
        + results(measured)
        + "\n"
        + HOW.format(all=group)
    )


TIMES = (
    "made",
    "by",
    "charts' layout",
    "ms",
    "least to most",
    "zonereport ÷ it",
    "MiB",
    "PDF kB",
    "Word kB",
    "HTML kB",
)
LONG = ("made", "size", "s", "pages", "MiB", "MB")


def _verdict(holds: bool | None) -> str:
    return {True: "yes", False: "**no**", None: "–"}[holds]


def _row(measured: Measured, job: Job) -> tuple[str, ...]:
    runs = measured[job]
    times = spread([1000 * run.seconds for run in runs])
    sizes = (median(run.sizes.get(suffix, 0) for run in runs) / 1000 for suffix in (".pdf", ".docx", ".html"))
    return (
        job.group,
        job.name,
        job.layout,
        f"{times.median:.0f}",
        f"{times.least:.0f} to {times.most:.0f}",
        beside(measured, job),
        f"{median(run.mebibytes for run in runs):.0f}",
        *(f"{size:.0f}" if size else "" for size in sizes),
    )


def _long_row(measured: Measured, job: Job) -> tuple[str, ...]:
    runs = measured[job]
    made = {"pdf": "PDF", "docx": "Word"}[job.group]
    return (
        made,
        job.name,
        f"{quickest(runs):.2f}",
        str(runs[0].said["pages"] or ""),
        f"{median(run.mebibytes for run in runs):.0f}",
        f"{runs[0].sizes[f'.{job.group}'] / 1e6:.1f}",
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown whose columns stand below one another in a terminal, too."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    cells = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        for row in cells
    )


def _circumstances(today: date, rounds: int) -> Iterator[str]:
    yield f"Measured on {today:%-d %B %Y} in {rounds} rounds, on {os.cpu_count()} CPUs ({_processor()}), "
    yield f"{platform.system()}, Python {platform.python_version()}: "
    yield ", ".join(f"{name} {version(name)}" for name in PACKAGES) + ".\n\n"


def _processor() -> str:
    """Return what the system calls its processor."""
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.machine()
    return next((line.partition(": ")[2] for line in text.splitlines() if line.startswith("model name")), "")
