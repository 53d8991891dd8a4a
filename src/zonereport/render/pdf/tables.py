"""Tables of figures: rows that are set once, of which each page takes a piece."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import CondPageBreak, Flowable, Spacer

from zonereport.fonts.characters import is_east_asian
from zonereport.render.columns import longest_words, share_room
from zonereport.render.pdf.canvas import LAYOUT, TaggedText
from zonereport.render.pdf.figures import TABLE_START, bold_length, set_caption
from zonereport.render.pdf.paragraphs import HeadCell, TaggedParagraph
from zonereport.theme import MM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportlab.lib.colors import Color
    from reportlab.lib.styles import ParagraphStyle

    from zonereport.briefing import blocks as b
    from zonereport.render.pdf.flowables import Setter
    from zonereport.render.pdf.footnotes import Footnote
    from zonereport.render.pdf.tags import Element

LEFT, RIGHT, AIR = 4.0, 6.0, 3.0
"""Points left and right of a cell's text, and above and below it."""
SPARE = 0.1
"""Points more than a word needs: a line that is full to the last digit is broken."""
TALL = 0.5
"""Part of the page's height from which on a row may break over pages."""
FUZZ = 1e-6
"""Points by which sums of heights may be wrong."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is set; a cell that is one line of plain text is that text."""

    element: Element
    cells: tuple[str | TaggedParagraph, ...]
    height: float

    def notes(self) -> Iterator[Footnote]:
        """Yield the footnotes whose marks stand in the row."""
        for cell in self.cells:
            if not isinstance(cell, str):
                yield from cell.notes()


@dataclass(frozen=True, slots=True)
class Looks:
    """What all pieces of a table share."""

    widths: Sequence[float]
    sheet: ParagraphStyle
    """The style of a cell."""
    tint: Color
    accent: Color
    rule: Color
    page: float
    """The height of a page's text in points."""

    def row(self, element: Element, cells: Sequence[str | TaggedParagraph]) -> Row:
        """Return a row as high as its highest cell."""
        heights = [self._height(cell, width) for cell, width in zip(cells, self.widths, strict=True)]
        return Row(element, tuple(cells), max(heights) + 2 * AIR)

    def _height(self, cell: str | TaggedParagraph, width: float) -> float:
        if isinstance(cell, str):
            return float(self.sheet.leading) if cell else 0.0
        return cell.wrap(width - LEFT - RIGHT, 0)[1]

    def cut(self, row: Row, room: float) -> tuple[Row, Row] | None:
        """Return the part of a row that fits into some height, and the rest; None if nothing fits."""
        upper: list[str | TaggedParagraph] = []
        lower: list[str | TaggedParagraph] = []
        for cell, width in zip(row.cells, self.widths, strict=True):
            if self._height(cell, width) <= room - 2 * AIR:
                parts: list[Any] = [cell]
            elif isinstance(cell, str) or not (parts := cell.split(width - LEFT - RIGHT, room - 2 * AIR)):
                return None
            upper.append(parts[0])
            lower.append(parts[1] if len(parts) > 1 else "")
        return self.row(row.element, upper), self.row(row.element, lower)


class Rows(Flowable):  # type: ignore[misc]
    """A piece of a table: the head, maybe the rest of a row from the page before, then some rows.

    Pieces share the rows, so that a long table costs no more for each of its pages than what is on it.
    """

    def __init__(self, looks: Looks, head: Row, rows: Sequence[Row], tops: Sequence[float] = ()) -> None:
        super().__init__()
        self.looks, self.head, self.rows = looks, head, rows
        self.tops = tops or [0.0, *accumulate(row.height for row in rows)]
        self.start, self.stop = 0, len(rows)
        self.first: Row | None = None
        self.is_last = True
        self.width = sum(looks.widths)

    def _piece(self, start: int, stop: int, first: Row | None) -> Rows:
        """Return a piece of the same rows."""
        piece = Rows(self.looks, self.head, self.rows, self.tops)
        piece.start, piece.stop, piece.first = start, stop, first
        piece.is_last = self.is_last and stop == self.stop
        return piece

    def _shown(self, stop: int) -> list[Row]:
        shown = self.rows[self.start : stop]
        return [self.first, *shown] if self.first else [*shown]

    def notes(self) -> Iterator[Footnote]:
        """Yield the footnotes whose marks stand in as much of the piece as a page could hold."""
        stop = min(bisect_right(self.tops, self.tops[self.start] + self.looks.page), self.stop)
        for row in self._shown(stop):
            yield from row.notes()

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        self.height = self.head.height + self._rest() + self.tops[self.stop] - self.tops[self.start]
        return self.width, self.height

    def _rest(self) -> float:
        return self.first.height if self.first else 0.0

    def split(self, _width: float, height: float) -> list[Flowable]:
        """Return the piece that fits into some height and the rest; a piece has a row at least."""
        room = height - self.head.height + FUZZ
        if self.first and self.first.height > room:
            return self._split_in(self.first, room, self.start, [])
        edge = self.tops[self.start] + room - self._rest()
        stop = min(max(bisect_right(self.tops, edge) - 1, self.start), self.stop)
        if stop == self.stop:
            return [self]
        row, before = self.rows[stop], self._shown(stop)
        if row.height > TALL * self.looks.page and (
            parts := self._split_in(row, edge - self.tops[stop], stop + 1, before)
        ):
            return parts
        if not before:
            return []
        return [self._piece(self.start, stop, self.first), self._piece(stop, self.stop, None)]

    def _split_in(self, row: Row, room: float, after: int, before: Sequence[Row]) -> list[Flowable]:
        """Return two pieces that share a row; nothing if none of the row fits."""
        parts = self.looks.cut(row, room)
        if not parts:
            return []
        upper = Rows(self.looks, self.head, [*before, parts[0]])
        upper.is_last = False
        return [upper, self._piece(after, self.stop, parts[1])]

    def draw(self) -> None:
        rows = [self.head, *self._shown(self.stop)]
        self._rule(list(accumulate((-row.height for row in rows), initial=self.height)))
        text = _PlainText(self.canv, self.looks.sheet)
        top = self.height
        for row in rows:
            self._write(row, top, text)
            top -= row.height
        text.write()

    def _rule(self, edges: Sequence[float]) -> None:
        """Draw the head's ground and the lines above and below the rows."""
        looks, canvas = self.looks, self.canv
        with canvas.artifact(LAYOUT):
            canvas.setFillColor(looks.tint)
            canvas.rect(0, edges[1], self.width, edges[0] - edges[1], stroke=0, fill=1)
            canvas.setLineCap(1)
            canvas.setStrokeColor(looks.accent)
            canvas.setLineWidth(1)
            canvas.line(0, edges[0], self.width, edges[0])
            canvas.setStrokeColor(looks.rule)
            canvas.setLineWidth(0.4)
            canvas.lines([(0, edge, self.width, edge) for edge in edges[1:]])
            if self.is_last:
                canvas.setLineWidth(0.8)
                canvas.line(0, edges[-1], self.width, edges[-1])

    def _write(self, row: Row, top: float, text: _PlainText) -> None:
        x = LEFT
        for place, (cell, width) in enumerate(zip(row.cells, self.looks.widths, strict=True)):
            if not isinstance(cell, str):
                text.write()
                cell.drawOn(self.canv, x, top - AIR - cell.height)
            elif cell:
                text.add(cell, x, top - AIR - self.looks.sheet.fontSize, row.element.kids[place])
            x += width


class _PlainText:
    """Lines of plain text, gathered into one text object until something else is drawn."""

    def __init__(self, canvas: Any, sheet: ParagraphStyle) -> None:
        self._canvas, self._sheet = canvas, sheet
        self._text: TaggedText | None = None

    def add(self, words: str, x: float, y: float, element: Any) -> None:
        """Add a line of an element at a place."""
        if self._text is None:
            self._text = TaggedText(self._canvas, element=element)
            self._text.setFillColor(self._sheet.textColor)
            self._text.setFont(self._sheet.fontName, self._sheet.fontSize, self._sheet.leading)
        self._text.line_of(element, x, y, words)

    def write(self) -> None:
        """Paint what was gathered."""
        if self._text is not None:
            self._canvas.drawText(self._text)
        self._text = None


def set_table(setter: Setter, block: b.Table, into: Element) -> list[Flowable]:
    """Return a table with its caption and note; its head is repeated on every page."""
    page, colours = setter.style.theme.page, setter.style.theme.colours
    element = into.add("Table", attributes={"Table": {"Summary": block.description}})
    caption = set_caption(setter, block.caption, block.id, element.add("Caption"))
    looks = Looks(
        _column_widths(setter, block),
        setter.sheets["cell"],
        HexColor(colours.tint),
        HexColor(colours.accent),
        HexColor(colours.rule),
        page=(page.height - page.top - page.bottom) * MM,
    )
    head = _set_head(setter, block, element.add("THead").add("TR"), looks)
    body = element.add("TBody")
    rows = [_set_row(setter, cells, body.add("TR"), looks) for cells in block.rows]
    note = [setter.paragraph(block.note, "source", into.add("P"))] if block.note else [Spacer(0, 11)]
    # Where blocks stand in a cell, it is the cell that breaks.
    start = [] if setter.room else [CondPageBreak(TABLE_START)]
    return [*start, caption, Rows(looks, head, rows), *note]


def _column_widths(setter: Setter, block: b.Table) -> list[float]:
    size = setter.sheets["cell-head"].fontSize
    least = [bold_length(setter, word, size) + LEFT + RIGHT + SPARE for word in longest_words(block)]
    return share_room(setter.width, [column.weight for column in block.columns], least)


def _set_head(setter: Setter, block: b.Table, row: Element, looks: Looks) -> Row:
    cells = [
        setter.text(column.heading, "cell-head", _heading_cell(row, "/Column"), kind=HeadCell)
        for column in block.columns
    ]
    return looks.row(row, cells)


def _set_row(setter: Setter, cells: Sequence[b.Runs], row: Element, looks: Looks) -> Row:
    """Return a row; its first cell is its heading."""
    contents: list[str | TaggedParagraph] = []
    for place, (cell, width) in enumerate(zip(cells, looks.widths, strict=True)):
        element = row.add("TD") if place else _heading_cell(row, "/Row")
        plain = _plain(cell, width - LEFT - RIGHT, looks.sheet, setter)
        contents.append(setter.paragraph(cell, "cell", element) if plain is None else plain)
    return looks.row(row, contents)


def _heading_cell(row: Element, scope: str) -> Element:
    return row.add("TH", attributes={"Table": {"Scope": scope}})


def _plain(runs: b.Runs, width: float, sheet: ParagraphStyle, setter: Setter) -> str | None:
    """Return the text of a cell that is one line in the style's own font; None for any other."""
    if len(runs) != 1:
        return None if runs else ""
    (run,) = runs
    if run.strong or run.emphasis or run.href or run.ref or run.lang or run.note:
        return None
    text = run.text
    if not text.isascii() and any(map(is_east_asian, text)):
        return None
    if not text.isprintable() or not setter.style.fonts.face().covers.issuperset(map(ord, text)):
        return None
    words = " ".join(text.split())
    return words if stringWidth(words, sheet.fontName, sheet.fontSize) < width - FUZZ else None
