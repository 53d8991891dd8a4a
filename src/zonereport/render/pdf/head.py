"""The head of a briefing: its title, the facts about it, and the table of contents."""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, KeepTogether, Spacer

from zonereport.briefing import blocks as b
from zonereport.render.columns import share_room
from zonereport.theme import MM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zonereport.render.pdf.canvas import TaggedCanvas
    from zonereport.render.pdf.flowables import Setter
    from zonereport.render.pdf.paragraphs import TaggedParagraph
    from zonereport.render.pdf.tags import Element

    Entry = tuple[TaggedParagraph, Flowable]

GAP = 18.0
"""Points between the columns of the contents."""
NUMBER = 28.0
"""Points for the number of a page."""
ENTRY_AIR = 1.5
"""Points above and below an entry of the contents."""


def set_title(setter: Setter, block: b.TitleBlock, into: Element) -> list[Flowable]:
    """Return what the briefing is, its title, and the facts."""
    kicker = [setter.text(block.subtitle, "kicker", into.add("P"))] if block.subtitle else []
    title = setter.text(block.title, "title", into.add("H1"))
    return [*kicker, title, *_set_facts(setter, block.facts, into)]


def _set_facts(setter: Setter, facts: Sequence[tuple[str, b.Runs]], into: Element) -> list[Flowable]:
    """Return the facts in two columns between two rules; in the structure, a list of label and value."""
    if not facts:
        return []
    listing = into.add("L", attributes={"List": {"ListNumbering": "/None"}})
    cells = []
    for label, runs in facts:
        item = listing.add("LI")
        text = setter.text(label, "fact-label", item.add("Lbl"))
        cells.append([text, setter.paragraph(runs, "fact", item.add("LBody"))])
    half = (len(cells) + 1) // 2
    rows = [cells[i] + (cells[i + half] if i + half < len(cells) else ["", ""]) for i in range(half)]
    rule = HexColor(setter.style.theme.colours.rule)
    table = setter.grid(
        rows,
        _fact_widths(setter, [label for label, _ in facts], half),
        [
            ("LINEABOVE", (0, 0), (-1, 0), 0.8, rule),
            ("LINEBELOW", (0, -1), (-1, -1), 0.8, rule),
            ("TOPPADDING", (0, 0), (-1, 0), 5),
            ("BOTTOMPADDING", (0, -1), (-1, -1), 6),
        ],
        padding=(0, 6, 2, 1),
    )
    return [table, Spacer(0, 11)]


def _fact_widths(setter: Setter, labels: Sequence[str], half: int) -> list[float]:
    """Return the widths of label, value, label, value; a label stands on one line."""
    sheet, fonts = setter.sheets["fact-label"], setter.style.fonts

    def needed(text: str) -> float:
        parts = fonts.split(text)
        return 8 + sum(float(stringWidth(part, face.name, sheet.fontSize)) for face, part in parts)

    first, second = (max(map(needed, part), default=0.0) for part in (labels[:half], labels[half:]))
    return share_room(setter.width, (0.14, 0.28, 0.12, 0.46), (first, 0, second, 0))


def set_contents(setter: Setter, block: b.Contents, into: Element) -> list[Flowable]:
    """Return the contents in two columns, read down the first and then down the second.

    What is longer than a page goes on below, in two columns again.
    """
    entries = [heading for heading in setter.headings if heading.level == 1]
    width = (setter.width - GAP) / 2
    contents = into.add("TOC")
    title = setter.text(block.title, "contents-title", contents.add("Caption"))
    rows = [_set_entry(setter, heading, contents) for heading in entries]
    page = setter.style.theme.page
    room = (page.height - page.top - page.bottom) * MM - 3 * setter.sheets["contents-title"].leading
    first, *more = (_set_columns(setter, part, width) for part in _parts(rows, width, room))
    return [KeepTogether([title, first, Spacer(0, 6)]), *more, *([Spacer(0, 6)] if more else [])]


def _parts(rows: list[Entry], width: float, room: float) -> Iterator[tuple[list[Entry], list[Entry]]]:
    """Yield the entries of two columns at a time, of equal length where both are less high than `room`."""
    heights = [title.wrap(width - NUMBER, 0)[1] + 2 * ENTRY_AIR for title, _ in rows]
    while True:
        half = (len(rows) + 1) // 2
        if max(sum(heights[:half]), sum(heights[half:])) <= room:
            yield rows[:half], rows[half:]
            return
        first = _fitting(heights, room)
        both = first + _fitting(heights[first:], room)
        yield rows[:first], rows[first:both]
        rows, heights = rows[both:], heights[both:]


def _fitting(heights: Sequence[float], room: float) -> int:
    """Return how many of the heights fit into a column, one at least."""
    return max(1, bisect_right(list(accumulate(heights)), room))


def _set_columns(setter: Setter, columns: tuple[list[Entry], list[Entry]], width: float) -> Flowable:
    left, right = (_set_column(setter, column, width) for column in columns)
    return setter.grid([[left, "", right]], [width, GAP, width], [], padding=(0, 0, 0, 0))


def _set_column(setter: Setter, entries: list[Entry], width: float) -> Flowable:
    if not entries:
        return Spacer(0, 0)
    rule = HexColor(setter.style.theme.colours.rule)
    return setter.grid(
        [list(entry) for entry in entries],
        [width - NUMBER, NUMBER],
        [("LINEBELOW", (0, 0), (-1, -1), 0.4, rule)],
        padding=(0, 0, ENTRY_AIR, ENTRY_AIR),
    )


def _set_entry(setter: Setter, heading: b.Heading, contents: Element) -> Entry:
    """Return a section's title, which leads to it, and its page."""
    reference = contents.add("TOCI").add("Reference")
    title = b.Run(b.plain(heading.runs), ref=heading.id)
    return setter.paragraph((title,), "contents", reference), _PageNumber(setter, heading.id, reference)


class _PageNumber(Flowable):  # type: ignore[misc]
    """The page of a heading, at the right edge of its cell; it is known when all pages are laid out."""

    def __init__(self, setter: Setter, heading: str, element: Element) -> None:
        super().__init__()
        self.sheet, self.face = setter.sheets["contents"], setter.style.fonts.face()
        self.heading, self.element = heading, element

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width, self.height = width, self.sheet.leading
        return self.width, self.height

    def draw(self) -> None:
        with self.canv.marked(self.element):
            self.canv.later(partial(self._write, self.canv))

    def _write(self, canvas: TaggedCanvas) -> None:
        canvas.setFillColor(self.sheet.textColor)
        canvas.setFont(self.face.name, self.sheet.fontSize)
        canvas.drawRightString(
            self.width, self.height - self.sheet.fontSize, str(canvas.pages_of[self.heading])
        )
