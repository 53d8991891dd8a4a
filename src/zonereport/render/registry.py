"""The output formats, by name: to add one, write its file or folder and its line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from zonereport.briefing.blocks import Briefing
    from zonereport.charts.style import Style


@dataclass(frozen=True, slots=True)
class Format:
    """An output format: the ending of its files, and what writes one."""

    suffix: str
    write: Callable[[Briefing, Style], bytes]


def _write_pdf(briefing: Briefing, style: Style) -> bytes:
    from zonereport.render.pdf.document import write_pdf

    return write_pdf(briefing, style)


def _write_docx(briefing: Briefing, style: Style) -> bytes:
    from zonereport.render.word.document import write_docx

    return write_docx(briefing, style)


FORMATS: Mapping[str, Format] = {
    "pdf": Format(".pdf", _write_pdf),
    "docx": Format(".docx", _write_docx),
}
"""The renderers are imported when they are used: each loads a large library."""
