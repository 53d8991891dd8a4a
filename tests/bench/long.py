"""One long document: long.py FILE pages|rows COUNT; prints its seconds, without imports, and pages as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "render"))
import long as documents

from zonereport.api import render
from zonereport.files import write_file


def main() -> None:
    path, kind, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    make = {"pages": documents.pages, "rows": documents.rows}[kind]
    render(make(1), path.suffix[1:])
    document = make(count)
    start = time.perf_counter()
    write_file(path, render(document, path.suffix[1:]))
    print(json.dumps({"seconds": time.perf_counter() - start, "pages": pages(path)}))


def pages(path: Path) -> int:
    """Return how many pages a PDF has; none of a Word file, which has those that Word gives it."""
    import pikepdf

    if path.suffix != ".pdf":
        return 0
    with pikepdf.open(path) as document:
        return len(document.pages)


if __name__ == "__main__":
    main()
