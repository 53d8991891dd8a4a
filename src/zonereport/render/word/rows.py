"""The rows of tables as text, which takes its place when the file is packed: as elements they fill memory."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from docx.oxml.ns import nsmap
from lxml import etree

from zonereport.briefing.blocks import Run
from zonereport.render.word.references import set_runs
from zonereport.render.word.template import adapt
from zonereport.render.word.text import clean
from zonereport.render.word.wml import Element, cell, keep_next, paragraph, w

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from zonereport.briefing.blocks import Column, Runs
    from zonereport.render.word.references import Job

_TARGET = "zonereport-rows"
_PLACE = re.compile(rf"<\?{_TARGET} (\d+)\?>".encode())
_MARK = "\ue000"
"""Stands for the text of a cell in the pattern of a column."""
_BREAKS = re.compile("[\n\r\t]")


def hold_rows(rows: Iterable[tuple[Sequence[Runs], bool]], writer: RowWriter, job: Job) -> etree._Element:
    """Return what stands for rows, each with whether it holds on to the next, until `fill` is called."""
    text = bytearray()
    for cells, hold in rows:
        text += writer.row(cells, hold).encode()
    job.rows.append(bytes(text))
    return etree.ProcessingInstruction(_TARGET, str(len(job.rows) - 1))


def fill(part: bytes, rows: Sequence[bytes]) -> bytes:
    """Return a saved part with the rows where they belong."""
    pieces = _PLACE.split(part)
    pieces[1::2] = [rows[int(number)] for number in pieces[1::2]]
    return b"".join(pieces)


class RowWriter:
    """Writes the rows of one table; what is the same in all cells of a column is made once."""

    def __init__(self, columns: Sequence[Column], widths: Sequence[int], job: Job) -> None:
        self._styles = ["TableNumber" if column.align == "right" else "TableText" for column in columns]
        self._widths, self._job = widths, job
        self._pattern = cache(self._make_pattern)
        declared = job.document.element.nsmap
        self._declarations = [
            f' xmlns:{prefix}="{nsmap[prefix]}"' for prefix in "wr" if declared.get(prefix) == nsmap[prefix]
        ]
        self._start = self._write(w("tr", w("trPr", w("cantSplit")))).removesuffix("</w:tr>")

    def row(self, cells: Sequence[Runs], hold: bool) -> str:
        """Return a row."""
        if len(cells) != len(self._widths):
            raise ValueError(f"expected {len(self._widths)} cells, found {len(cells)}")
        written = [self._cell(runs, place, hold) for place, runs in enumerate(cells)]
        return f"{self._start}{''.join(written)}</w:tr>"

    def _cell(self, runs: Runs, place: int, hold: bool) -> str:
        if len(runs) == 1 and _is_plain(runs[0]):
            before, after = self._pattern(place, hold)
            return f"{before}{escape(clean(runs[0].text))}{after}"
        return self._set(runs, place, hold)

    def _make_pattern(self, place: int, hold: bool) -> tuple[str, str]:
        before, _, after = self._set((Run(_MARK),), place, hold).partition(_MARK)
        return before, after

    def _set(self, runs: Runs, place: int, hold: bool) -> str:
        content = paragraph(self._styles[place], set_runs(runs, self._job), keep_next(hold))
        element = cell(self._widths[place], [content])
        if self._job.base.styles:
            adapt([element], self._job.base, self._job.language)
        return self._write(element)

    def _write(self, element: Element) -> str:
        text = etree.tostring(element, encoding="unicode")
        for declaration in self._declarations:
            text = text.replace(declaration, "")
        return text


def _is_plain(run: Run) -> bool:
    looks = run.strong or run.emphasis or run.href or run.ref or run.lang or run.note
    return bool(run.text) and not looks and not _BREAKS.search(run.text)
