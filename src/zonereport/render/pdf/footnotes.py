"""Footnotes: at the foot of the page on which their marks land, settled while the page is filled."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import Frame, KeepTogether, Table

from zonereport.render.pdf.paragraphs import TaggedParagraph
from zonereport.render.pdf.tables import Rows
from zonereport.render.pdf.tags import Shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportlab.pdfgen.canvas import Canvas

    from zonereport.render.pdf.canvas import TaggedCanvas

RULE_ROOM = 12.0
"""Height in points of the room above the first note; the rule stands in its middle."""
RULE_WIDTH = 85.0
SEARCH = 5
"""How often the room for notes is halved to fill a page, after a first try that always fits."""


@dataclass(frozen=True, eq=False, slots=True)
class Footnote(Shared):
    """A note, set; its paragraph is painted by the frame it falls into."""

    paragraph: TaggedParagraph


def notes_of(content: Any) -> Iterator[Footnote]:
    """Yield the footnotes whose marks stand in a flowable, in reading order."""
    if isinstance(content, TaggedParagraph | Rows):
        yield from content.notes()
    elif isinstance(content, Table):
        yield from notes_of(content._cellvalues)
    elif isinstance(content, KeepTogether):
        yield from notes_of(content._content)
    elif isinstance(content, (list, tuple)):
        for part in content:
            yield from notes_of(part)


class NotedFrame(Frame):  # type: ignore[misc]
    """A frame that keeps room at its foot for the notes of what it holds."""

    notes: list[Footnote]

    def __init__(self, *args: Any, rule: str, **settings: Any) -> None:
        self.rule = HexColor(rule)
        super().__init__(*args, **settings)

    def _reset(self) -> None:
        super()._reset()
        self._geom()
        self.notes = []

    def add(self, flowable: Any, canv: Canvas, trySplit: int = 0) -> int:  # noqa: N803
        fresh = self._fresh(flowable)
        room = self._room(fresh)
        with self._without(room):
            added = super().add(flowable, canv, trySplit=trySplit)
        if added:
            self._y1p += room
            self.notes += fresh
        return int(added)

    def split(self, flowable: Any, canv: Canvas) -> list[Any]:
        """Return parts of which the first fits together with its notes, filling the page if it can.

        The notes of the first part of a split without room for notes are more than it will hold, so
        room for those is always enough; then less is tried.
        """
        if isinstance(flowable, KeepTogether):
            with self._without(self._room(self._fresh(flowable))):
                return list(super().split(flowable, canv))
        parts = list(super().split(flowable, canv))
        enough = self._room(self._fresh(parts[:1]))
        if not enough:
            return parts
        parts, too_little = self._split_with(enough, flowable, canv), 0.0
        for _ in range(SEARCH):
            room = (too_little + enough) / 2
            tried = self._split_with(room, flowable, canv)
            if tried and self._room(self._fresh(tried[:1])) <= room:
                parts, enough = tried, room
            else:
                too_little = room
        return parts

    def _split_with(self, room: float, flowable: Any, canv: Canvas) -> list[Any]:
        with self._without(room):
            return list(super().split(flowable, canv))

    @contextmanager
    def _without(self, room: float) -> Iterator[None]:
        """Take room from the frame's foot."""
        self._y1p += room
        try:
            yield
        finally:
            self._y1p -= room

    def _fresh(self, flowable: Any) -> list[Footnote]:
        return [note for note in notes_of(flowable) if note not in self.notes]

    def _room(self, notes: Sequence[Footnote]) -> float:
        """Return the room that more notes take, the rule's with the first."""
        if not notes:
            return 0.0
        heights = [note.paragraph.wrap(self._aW, self._aH)[1] for note in notes]
        spaces = [note.paragraph.getSpaceAfter() for note in notes]
        return float(sum(heights) + sum(spaces) + (0 if self.notes else RULE_ROOM))

    def draw_notes(self, canv: TaggedCanvas) -> None:
        """Draw the rule and the notes, at the foot of a page that is full."""
        if not self.notes:
            return
        x, y = self._x1 + self._leftPadding, self._y1p
        canv.saveState()
        canv.setStrokeColor(self.rule)
        canv.setLineWidth(0.5)
        canv.line(x, y - RULE_ROOM / 2, x + RULE_WIDTH, y - RULE_ROOM / 2)
        canv.restoreState()
        y -= RULE_ROOM
        for note in self.notes:
            y -= note.paragraph.wrap(self._aW, self._aH)[1]
            note.paragraph.drawOn(canv, x, y)
            y -= note.paragraph.getSpaceAfter()
