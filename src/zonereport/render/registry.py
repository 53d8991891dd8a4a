"""The output formats, by name: to add one, write its file or folder and its line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from zonereport.briefing.blocks import Briefing
    from zonereport.charts.style import Style


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may ask of single formats."""

    word_template: Path | None = None
    """A corporate Word file whose styles, headers, footers and page set-up are kept."""


@dataclass(frozen=True, slots=True)
class Format:
    """An output format: the ending of its files, and what writes one."""

    suffix: str
    write: Callable[[Briefing, Style, Options], bytes]


def _write_pdf(briefing: Briefing, style: Style, _options: Options) -> bytes:
    from zonereport.render.pdf.document import write_pdf

    return write_pdf(briefing, style)


def _write_docx(briefing: Briefing, style: Style, options: Options) -> bytes:
    from zonereport.render.word.document import write_docx

    return write_docx(briefing, style, options.word_template)


def _write_html(briefing: Briefing, style: Style, _options: Options) -> bytes:
    from zonereport.render.html.document import write_html

    return write_html(briefing, style)


FORMATS: Mapping[str, Format] = {
    "pdf": Format(".pdf", _write_pdf),
    "docx": Format(".docx", _write_docx),
    "html": Format(".html", _write_html),
}
"""The renderers are imported when they are used: each loads a large library."""

DEFAULT_FORMATS = ("pdf", "docx")
"""What is written where no format is asked for: the two files that go out."""
