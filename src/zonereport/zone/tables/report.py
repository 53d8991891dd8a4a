"""The report of an import: which rows were not taken, and why, as a table that spreadsheets open."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

REPORT = "import-report.csv"
MAX_CELL = 300


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not taken: the line of the table, from 1, and the column where one is to blame."""

    line: int
    reason: str
    hint: str = ""
    column: str = ""
    row: str = ""


def write_report(refusals: Iterable[Refusal]) -> bytes:
    """Return the report as CSV in UTF-8, with a byte order mark, without which Excel takes it for another."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["line", "column", "reason", "hint", "row"])
    for refusal in sorted(refusals, key=lambda refusal: refusal.line):
        cells = (refusal.column, refusal.reason, refusal.hint, refusal.row)
        writer.writerow([refusal.line, *map(_harmless, cells)])
    return text.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    text = "".join(char if char.isprintable() else " " for char in text)[:MAX_CELL]
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
