"""Many briefings in one process, each of other figures: working.py FOLDER COUNT FORMATS LANGUAGES.

Prints the seconds of each and the mebibytes after each as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from zones import write_zones

from zonereport.api import compose, file_name, load_snapshots, preflight, render_all
from zonereport.files import write_file

if TYPE_CHECKING:
    from collections.abc import Sequence

TEMPLATE = str(Path(__file__).parent / "template")


def make(zones: Sequence[Path], formats: Sequence[str], languages: Sequence[str], folder: Path) -> None:
    """Read the zone files, the latest first, and write the briefing, looked through, into a folder."""
    zone, *previous = load_snapshots(zones)
    for language in languages:
        briefing = compose(zone, previous=previous, template=TEMPLATE, language=language)
        preflight(briefing)
        for format, data in render_all(briefing, formats).items():
            write_file(folder / file_name(briefing, format), data)


def resident() -> float:
    """Return the mebibytes that this process has now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    formats, languages = (argument.split(",") for argument in sys.argv[3:5])
    seconds, mebibytes = [], []
    for n in range(count):
        shutil.rmtree(folder)
        folder.mkdir()
        zones = write_zones(n, folder)
        start = time.perf_counter()
        make(zones, formats, languages, folder)
        seconds.append(time.perf_counter() - start)
        mebibytes.append(resident())
    print(json.dumps({"seconds": seconds, "mebibytes": mebibytes}))


if __name__ == "__main__":
    main()
