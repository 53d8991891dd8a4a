"""Blocks to ReportLab flowables and structure elements: text, lists, quotes and call-outs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import CondPageBreak, Flowable, PageBreak, Spacer, Table, TableStyle

from zonereport.briefing import blocks as b
from zonereport.render.pdf import figures, head, tables
from zonereport.render.pdf.footnotes import Footnote
from zonereport.render.pdf.frags import Inline, frags_of, inline_of
from zonereport.render.pdf.paragraphs import Headline, TaggedParagraph
from zonereport.theme import MM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportlab.lib.styles import ParagraphStyle

    from zonereport.charts.style import Style
    from zonereport.render.pdf.tags import Element

BULLET_INDENT = 13 / 10.5
"""Room for a list's mark, in ems of the text."""
NOTES_FOLLOW = ("P", "H1", "H2", "H3", "H4", "H5", "H6")
"""Elements whose notes stand after them; those of others stand inside."""
BOX_PADDING = 10.0
"""Points left and right of what stands in a box."""
COLUMN_GAP = 18.0
"""Points between columns."""
SHORT = 250
"""A paragraph of fewer characters stays with the heading above it and the table below it."""
AHEAD = 8
"""So many blocks are looked at for the room that a heading needs with what follows."""
CELL_LIKE = ("TD", "TH", "LBody")
"""Elements that hold paragraphs, so that notes can stand after these."""


@dataclass(frozen=True, slots=True)
class Setter:
    """Sets blocks in one style."""

    style: Style
    sheets: dict[str, ParagraphStyle]
    headings: Sequence[b.Heading]
    levels: dict[str, int]
    """The level of each heading in the structure, by its id."""
    top: int
    """The least of these levels."""
    notes: list[b.Run] = field(default_factory=list)
    """The marks of the footnotes set so far."""
    room: float = 0.0
    """The width of a column in points, where blocks stand in one."""

    @property
    def width(self) -> float:
        """The width that blocks are set to, in points."""
        return self.room or self.style.width * MM

    def set(self, blocks: Sequence[b.Block], into: Element) -> list[Flowable]:
        """Return the flowables of the blocks in reading order; their elements become kids of `into`."""
        flowables: list[Flowable] = []
        for place, block in enumerate(blocks):
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            if isinstance(block, b.Heading):
                flowables.append(CondPageBreak(self._start(blocks[place : place + AHEAD])))
            if isinstance(block, b.Paragraph) and isinstance(following, b.Listing):
                # The line that announces a list stays with it.
                flowables.append(self.paragraph(block.runs, block.role, into.add("P"), keepWithNext=1))
            else:
                flowables += self.one(block, into)
        return flowables

    def _start(self, blocks: Sequence[b.Block]) -> float:
        """Return the room in points that the first block needs on a page for its beginning.

        ReportLab's own `keepWithNext` would move a whole table to the next page with its heading.
        """
        lines = self.style.theme.sizes.leading
        match blocks:
            case [b.Heading() as heading, *rest]:
                sheet = self._heading_sheet(heading)
                return float(sheet.spaceBefore + sheet.leading + sheet.spaceAfter) + self._start(rest)
            case [b.ChartBlock() as block, *_]:
                return block.chart.height * MM + 5 * lines
            case [b.Table(), *_]:
                return figures.TABLE_START
            case [b.Callout() | b.Tiles() | b.Columns(), *_]:
                return 7 * lines
            case [b.Paragraph(runs=runs), b.Table(), *_] if len(b.plain(runs)) < SHORT:
                return 2 * lines + figures.TABLE_START
            case _:
                return 3 * lines

    def one(self, block: b.Block, into: Element) -> list[Flowable]:
        """Return the flowables of one block."""
        match block:
            case b.TitleBlock():
                return head.set_title(self, block, into)
            case b.Contents():
                return head.set_contents(self, block, into)
            case b.Heading():
                return [self._heading(block, into)]
            case b.Paragraph():
                return [self.paragraph(block.runs, block.role, into.add("P"))]
            case b.Listing():
                return self._listing(block, into)
            case b.Quote():
                return self._quote(block, into.add("BlockQuote"))
            case b.Tiles():
                return figures.set_tiles(self, block, into)
            case b.Table():
                return tables.set_table(self, block, into)
            case b.ChartBlock():
                return figures.set_chart(self, block, into)
            case b.Callout():
                return self._callout(block, into.add("Sect"))
            case b.Columns():
                return self._columns(block, into)
            case b.PageBreak():
                return [PageBreak()]

    # Text

    def paragraph(
        self,
        runs: b.Runs,
        name: str,
        element: Element,
        *,
        kind: type[TaggedParagraph] = TaggedParagraph,
        anchor: str = "",
        bullet: tuple[str, Element] | None = None,
        **changes: Any,
    ) -> Any:
        """Return a paragraph of runs as an element, in the style of a name with some settings changed."""
        if element.kind in CELL_LIKE and any(run.note for run in runs):
            element = element.add("P")
        inlines = {}
        for number, run in enumerate(runs):
            if inline := self._noted(run, element) if run.note else inline_of(run):
                inlines[number] = inline
        mark, label = bullet or (None, None)
        paragraph = self._set(runs, name, element, inlines, kind=kind, bullet=mark, **changes)
        return paragraph.tag(element, label=label, anchor=anchor)

    def _set(
        self,
        runs: b.Runs,
        name: str,
        element: Element,
        inlines: dict[int, Inline],
        *,
        kind: type[TaggedParagraph] = TaggedParagraph,
        bullet: str | None = None,
        **changes: Any,
    ) -> Any:
        sheet = self.sheets[name].clone(name, **changes) if changes else self.sheets[name]
        return kind(None, sheet, bulletText=bullet, frags=frags_of(runs, self.style, sheet, element, inlines))

    def text(self, text: str, name: str, element: Element, **settings: Any) -> Any:
        """Return a paragraph of plain text."""
        return self.paragraph((b.Run(text),), name, element, **settings)

    def _noted(self, run: b.Run, element: Element) -> Inline:
        """Return a footnote's mark, which carries the note to the page on which it lands."""
        self.notes.append(run)
        id = f"footnote-{len(self.notes)}"
        if element.kind in NOTES_FOLLOW and element.parent:
            note = element.parent.add("Note", id=id)
        else:
            note = element.hang("Note", id=id)
        words = (replace(run, note=()), b.Run("\xa0"), *run.note)
        inlines = {number: inline for number, word in enumerate(words) if (inline := inline_of(word))}
        inlines[0] = Inline(("Lbl",), raised=True)
        paragraph = self._set(words, "footnote", note, inlines).tag(note, anchor=id)
        target = Footnote(paragraph)
        return Inline(("Reference", "Link"), f"#{id}", run.text, run.lang, raised=True, note=target)

    def _heading(self, block: b.Heading, into: Element) -> Headline:
        element = into.add(f"H{self.levels[block.id]}")
        name = self._heading_sheet(block).name
        headline: Headline = self.paragraph(block.runs, name, element, kind=Headline)
        # The outline has no gaps either: ReportLab refuses them.
        level = self.levels[block.id] - self.top + 1
        headline.id, headline.level, headline.title = block.id, level, b.plain(block.runs)
        return headline

    def _heading_sheet(self, block: b.Heading) -> ParagraphStyle:
        return self.sheets[f"heading-{min(block.level, 3)}"]

    # Blocks that hold blocks

    def _listing(self, block: b.Listing, into: Element, depth: int = 1) -> list[Flowable]:
        flowables: list[Flowable] = []
        numbering = "/Decimal" if block.ordered else "/Disc"
        listing = into.add("L", attributes={"List": {"ListNumbering": numbering}})
        for number, item in enumerate(block.items, start=1):
            entry = listing.add("LI")
            mark = (f"{number}." if block.ordered else "•", entry.add("Lbl"))
            flowables += self._item(item, mark, entry.add("LBody"), depth)
        return [*flowables, Spacer(0, 3)] if depth == 1 else flowables

    def _item(
        self, item: Sequence[b.Block], mark: tuple[str, Element], body: Element, depth: int
    ) -> list[Flowable]:
        """Return the blocks of a list's item; the mark stands before its first paragraph."""
        flowables: list[Flowable] = []
        step = BULLET_INDENT * self.style.theme.sizes.body
        indent = step * depth
        place: dict[str, Any] = {"leftIndent": indent, "bulletIndent": indent - step + 2}
        bullet: tuple[str, Element] | None = mark
        for inner in item:
            if isinstance(inner, b.Paragraph):
                paragraph = self.paragraph(inner.runs, "item", body.add("P"), bullet=bullet, **place)
                flowables.append(paragraph)
                bullet = None
            elif isinstance(inner, b.Listing):
                flowables += self._listing(inner, body, depth + 1)
            else:
                flowables += self.one(inner, body)
        return flowables

    def _quote(self, block: b.Quote, quote: Element) -> list[Flowable]:
        flowables = self._in_style(block.blocks, "quote", quote)
        if block.attribution:
            flowables.append(self.paragraph(block.attribution, "note", quote.add("P")))
        return flowables

    def _in_style(self, blocks: Sequence[b.Block], name: str, into: Element) -> list[Flowable]:
        """Return the blocks with their paragraphs set in the style of a name."""
        flowables: list[Flowable] = []
        for block in blocks:
            if isinstance(block, b.Paragraph):
                flowables.append(self.paragraph(block.runs, name, into.add("P")))
            else:
                flowables += self.one(block, into)
        return flowables

    def _callout(self, block: b.Callout, box: Element) -> list[Flowable]:
        colours = self.style.theme.colours
        title = self.text(block.title, "callout-title", box.add("P"))
        inside = replace(self, room=self.width - 2 * BOX_PADDING)
        grid = self.grid(
            [[[title, *inside._in_style(block.blocks, "callout", box)]]],
            [self.width],
            [
                ("BACKGROUND", (0, 0), (-1, -1), HexColor(colours.tint)),
                ("LINEBEFORE", (0, 0), (0, -1), 2.5, HexColor(colours.accent)),
            ],
            padding=(BOX_PADDING, BOX_PADDING, 7, 5),
        )
        return [Spacer(0, 4), grid, Spacer(0, 9)]

    def _columns(self, block: b.Columns, into: Element) -> list[Flowable]:
        """Return columns of one width; tables in them are as wide as their column."""
        count = len(block.columns)
        width = (self.width - COLUMN_GAP * (count - 1)) / count
        cells: list[Any] = []
        for column in block.columns:
            inside = replace(self, room=width)
            cells += [without_end(inside.set(column, into.add("Div"))), ""]
        widths = [width, COLUMN_GAP] * count
        grid = self.grid([cells[:-1]], widths[:-1], [], padding=(0, 0, 0, 0), splitInRow=1)
        return [grid, Spacer(0, 6)]

    def grid(
        self,
        rows: list[Any],
        widths: list[float],
        commands: list[tuple[Any, ...]],
        padding: tuple[float, float, float, float],
        **settings: Any,
    ) -> Table:
        """Return a table with the given padding (left, right, top, bottom) and the text's font throughout."""
        left, right, top, bottom = padding
        base = [
            ("FONTNAME", (0, 0), (-1, -1), self.style.fonts.face().name),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), left),
            ("RIGHTPADDING", (0, 0), (-1, -1), right),
            ("TOPPADDING", (0, 0), (-1, -1), top),
            ("BOTTOMPADDING", (0, 0), (-1, -1), bottom),
        ]
        return Table(rows, widths, style=TableStyle([*base, *commands]), hAlign="LEFT", **settings)


def without_end(flowables: list[Flowable]) -> list[Flowable]:
    """Return the flowables without the space behind the last: it would begin an empty page."""
    while flowables and isinstance(flowables[-1], Spacer):
        flowables.pop()
    return flowables


def heading_levels(blocks: Sequence[b.Block]) -> dict[str, int]:
    """Return each heading's level in the structure by its id: below the title, and none is skipped.

    PDF/UA-1, 7.4.2, wants H1 first and no gap on the way down.
    """
    found = list(b.iter_blocks(tuple(blocks)))
    above = last = int(any(isinstance(block, b.TitleBlock) for block in found))
    levels = {}
    for block in found:
        if isinstance(block, b.Heading):
            last = levels[block.id] = min(block.level + above, last + 1, 6)
    return levels
