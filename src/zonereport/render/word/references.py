"""What points and what is pointed to: links, cross-references, captions and the bookmarks between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from zonereport.briefing.blocks import Caption, ChartBlock, Heading, Run, Table, iter_blocks
from zonereport.render.word import fields
from zonereport.render.word.footnotes import Notes, set_note
from zonereport.render.word.text import address, set_run
from zonereport.render.word.wml import Element, keep_next, paragraph, stand_in, w

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docx.document import Document
    from docx.opc.part import Part

    from zonereport.briefing.blocks import Briefing, Runs
    from zonereport.charts.style import Style
    from zonereport.render.word.package import Base
    from zonereport.render.word.wml import Frame

_SEQUENCES = {"figure": "Figure", "table": "Table"}
"""Word's own names for the two series of captions, whatever the language of the label."""


@dataclass(slots=True)
class Job:
    """One document while it is written: where it goes, and the names and numbers given out so far."""

    document: Document
    briefing: Briefing
    style: Style
    base: Base
    names: dict[str, str] = field(init=False)
    """The bookmark of each block that can be pointed to, by its id."""
    captions: dict[str, Caption] = field(init=False)
    marked: set[str] = field(default_factory=set)
    """The bookmarks already set: a second block of the same id gets none."""
    last: dict[str, int] = field(default_factory=dict)
    """The last caption number of each series."""
    bookmarks: Iterator[int] = field(default_factory=lambda: count(1))
    lists: Iterator[int] = field(init=False)
    drawings: Iterator[int] = field(default_factory=lambda: count(1))
    notes: Notes = field(init=False)
    rows: list[bytes] = field(default_factory=list)
    """The rows of each table so far, as text."""

    def __post_init__(self) -> None:
        self.lists = count(self.base.lists.first)
        self.notes = Notes(self.document)
        blocks = [b for b in iter_blocks(self.briefing.blocks) if isinstance(b, (Heading, Table, ChartBlock))]
        self.names = fields.name_bookmarks(block.id for block in blocks if block.id)
        self.captions = {block.id: block.caption for block in blocks if not isinstance(block, Heading)}

    @property
    def language(self) -> str:
        """Language of the text where a run does not say otherwise."""
        return self.briefing.language


def mark(key: str, content: Iterable[Element], job: Job) -> list[Element]:
    """Return the content, bookmarked as the block of the id `key` if it is the first of that id."""
    name = job.names.get(key)
    if name is None or name in job.marked:
        return list(content)
    job.marked.add(name)
    return fields.bookmark(name, next(job.bookmarks), content)


def set_runs(runs: Runs, job: Job, part: Part | None = None) -> list[Element]:
    """Return the runs as content of a paragraph in a part: text, links, cross-references and footnotes."""
    within = part or job.document.part
    return [element for run in runs for element in _set_linked(run, job, within)]


def set_text(text: str, job: Job, style: str = "") -> list[Element]:
    """Return words without markup as paragraph content, in a character style where one is given."""
    return [set_run(Run(text), job.language, style)]


def _set_linked(run: Run, job: Job, part: Part) -> list[Element]:
    if run.note:
        return [set_note(run, job.notes, lambda runs, notes: set_runs(runs, job, notes))]
    target = address(run.href) if run.href else ""
    if target:
        link = w("hyperlink", set_run(run, job.language, "Hyperlink"), history=1)
        link.set(qn("r:id"), part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        return [link]
    name = job.names.get(run.ref)
    if name is None:
        return [set_run(run, job.language)]
    shown = set_run(run, job.language, "CrossReference")
    caption = job.captions.get(run.ref)
    if caption is not None and caption.label == run.text:
        # merged format: else an update would bring the caption's look into the sentence
        return fields.field(f"REF {name} \\h \\* MERGEFORMAT", shown, style="CrossReference")
    return [w("hyperlink", shown, anchor=name, history=1)]


def set_caption(key: str, caption: Caption, frame: Frame, job: Job) -> Element:
    """Return the caption of the block `key`: its label bookmarked, its number a field."""
    label = "CaptionLabel"
    instruction = f"SEQ {_SEQUENCES[caption.kind]} \\* ARABIC"
    if caption.number != job.last.get(caption.kind, 0) + 1:
        instruction += f" \\r {caption.number}"
    job.last[caption.kind] = caption.number
    number = set_run(Run(str(caption.number)), job.language, label)
    content = [
        *mark(
            key,
            [
                set_run(Run(caption.prefix), job.language, label),
                *fields.field(instruction, number, style=label),
            ],
            job,
        ),
        set_run(Run(caption.suffix), job.language, label),
        *set_runs(caption.runs, job),
    ]
    return paragraph("Caption", content, keep_next(), stand_in(frame))
