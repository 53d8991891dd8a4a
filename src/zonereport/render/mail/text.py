"""A message as plain text that reads alone: figures as lines, tables in columns, nothing left of markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.briefing import blocks as b
from zonereport.render.addresses import safe_address
from zonereport.render.html.elements import FORBIDDEN
from zonereport.render.mail.html import BETWEEN
from zonereport.render.mail.wrapping import WIDTH, pad, width_of, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from zonereport.charts.chart import Chart

GAP = "  "
NARROWEST = 12
"""Columns below which a column of a table is not made narrower."""


def write_mail_text(briefing: b.Briefing) -> str:
    """Return the briefing as text in lines of 72 columns, parts by an empty line, ending in a line end."""
    writer = _Writer()
    parts = [wrap(briefing.classification)] if briefing.classification else []
    parts += writer.parts(briefing.blocks)
    facts = next((block.facts for block in briefing.blocks if isinstance(block, b.TitleBlock)), ())
    said = [(label, writer.words(runs)) for label, runs in facts]
    if writer.notes:
        parts.append(_underlined(briefing.notes_title, "-"))
        # a footnote may have footnotes: the list grows while it is written
        parts += [_hanging(f"[{note.text}] ", writer.words(note.note)) for note in writer.notes]
    parts += [["-" * WIDTH], _pairs(said)]
    if briefing.footer not in {words for _, words in said}:
        parts.append(wrap(briefing.footer))
    text = "\n\n".join("\n".join(line.rstrip() for line in part) for part in parts if part)
    return FORBIDDEN.sub("\ufffd", text) + "\n"


class _Writer:
    """Writes blocks as lines; `notes` grows with each footnote met."""

    def __init__(self) -> None:
        self.notes: list[b.Run] = []

    def parts(self, blocks: Sequence[b.Block], width: int = WIDTH) -> list[list[str]]:
        """Return the lines of each block that has any."""
        return [lines for block in blocks if (lines := self._block(block, width))]

    def words(self, runs: b.Runs) -> str:
        """Return the words of runs, with marks of footnotes and with the addresses of links."""
        return "".join(map(self._run, runs))

    def _run(self, run: b.Run) -> str:
        if run.note:
            if run not in self.notes:
                self.notes.append(run)
            return f"[{run.text}]"
        href = safe_address(run.href)
        if not href or href == run.text.strip():
            return run.text
        return f"{run.text} <{href}>" if run.text.strip() != run.href.strip() else href

    def _block(self, block: b.Block, width: int) -> list[str]:
        match block:
            case b.TitleBlock():
                return [*_underlined(block.title, "="), *wrap(block.subtitle, width)]
            case b.Heading():
                return _underlined(self.words(block.runs), "-")
            case b.Paragraph():
                return wrap(self.words(block.runs), width)
            case b.Listing():
                marks = [f"{place}. " if block.ordered else "- " for place in range(1, len(block.items) + 1)]
                items = zip(marks, block.items, strict=True)
                return [line for mark, item in items for line in self._item(mark, item, width)]
            case b.Quote():
                lines = self._indented(block.blocks, "    ", width)
                said = f"— {self.words(block.attribution)}" if block.attribution else ""
                return [*lines, *(f"    {line}" for line in wrap(said, width - 4))]
            case b.Callout():
                return [*wrap(block.title, width), "", *self._indented(block.blocks, "    ", width)]
            case b.Columns():
                return _spaced([part for column in block.columns for part in self.parts(column, width)])
            case b.Tiles():
                return _tiles(block)
            case b.Table():
                return self._table(block, width)
            case b.ChartBlock():
                return self._chart(block, width)
            case b.Contents() | b.PageBreak():
                return []

    def _item(self, mark: str, blocks: Sequence[b.Block], width: int) -> list[str]:
        lines = self._indented(blocks, " " * len(mark), width)
        return [mark + lines[0][len(mark) :], *lines[1:]] if lines else []

    def _indented(self, blocks: Sequence[b.Block], indent: str, width: int) -> list[str]:
        lines = _spaced(self.parts(blocks, width - len(indent)))
        return [f"{indent}{line}" if line else "" for line in lines]

    def _caption(self, caption: b.Caption) -> list[str]:
        return wrap(f"{caption.label}{caption.suffix}{self.words(caption.runs)}")

    def _table(self, block: b.Table, width: int) -> list[str]:
        rights = [column.align == "right" for column in block.columns]
        rows = [[self.words(cell) for cell in row] for row in block.rows]
        head = [column.heading for column in block.columns]
        note = ["", *wrap(self.words(block.note))] if block.note else []
        return [*self._caption(block.caption), "", *_columns(head, rows, rights, width), *note]

    def _chart(self, block: b.ChartBlock, width: int) -> list[str]:
        """Return a chart as its words and values; one without values as its alternative text."""
        chart = block.chart
        values = _values(chart, width) if chart.rows else wrap(chart.alt, width)
        source = ["", *wrap(chart.source, width)] if chart.source else []
        return [*self._caption(block.caption), *wrap(chart.subtitle, width), "", *values, *source]


def _values(chart: Chart, width: int) -> list[str]:
    return _columns(chart.header, chart.rows, [False] * len(chart.header), width)


def _underlined(words: str, mark: str) -> list[str]:
    lines = wrap(words)
    return [*lines, mark * min(WIDTH, max(map(width_of, lines), default=0))]


def _hanging(mark: str, words: str, width: int = WIDTH) -> list[str]:
    """Return words behind a mark, their further lines as far in."""
    room = width_of(mark)
    lines = wrap(words, width - room) or [""]
    return [mark + lines[0], *(" " * room + line for line in lines[1:])]


def _pairs(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Return labels in one column and what they stand for in another."""
    room = max((width_of(label) for label, _ in pairs), default=0)
    return [line for label, words in pairs for line in _hanging(pad(label, room) + GAP, words)]


def _tiles(block: b.Tiles) -> list[str]:
    """Return each headline figure as its value, what it counts, and below what must be said with it."""
    room = min(max(width_of(tile.value.text) for tile in block.tiles), WIDTH // 3)
    lines = []
    for tile in block.tiles:
        first, *more = wrap(tile.value.text, room) or [""]
        said = [*wrap(tile.label, WIDTH - room - 4)]
        said += wrap(BETWEEN.join(tile.notes), WIDTH - room - 4)
        values = [first, *more, *[""] * len(said)]
        said += [""] * len(values)
        pairs = ((value, words) for value, words in zip(values, said, strict=False) if value or words)
        lines += [f"{GAP}{pad(value, room)}{GAP}{words}" for value, words in pairs]
    return lines


def _spaced(parts: Iterable[list[str]]) -> list[str]:
    """Return the lines of parts with an empty one between two of them."""
    lines = [line for part in parts for line in ("", *part)]
    return lines[1:]


def _columns(
    head: Sequence[str], rows: Sequence[Sequence[str]], rights: Sequence[bool], width: int
) -> list[str]:
    """Return a table in columns, cells in several lines where they must; else each row as a list."""
    widths = _widths([head, *rows], width)
    if not widths:
        return _records(head, rows, width)
    lines = []
    for row in (head, ["-" * room for room in widths], *rows):
        cells = [wrap(cell, room) or [""] for cell, room in zip(row, widths, strict=True)]
        for place in range(max(map(len, cells))):
            shown = [
                pad(cell[place] if place < len(cell) else "", room, right=right)
                for cell, room, right in zip(cells, widths, rights, strict=True)
            ]
            lines.append(GAP.join(shown))
    return lines


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the columns' widths, the widest made narrower until they fit; nothing if they cannot."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(width_of, column)) for column in columns]
    least = [
        max(NARROWEST, *(width_of(word) for cell in column for word in wrap(cell, 1))) for column in columns
    ]
    room = width - len(GAP) * (len(widths) - 1)
    while sum(widths) > room:
        spare = [max(0, has - needs) for has, needs in zip(widths, least, strict=True)]
        if not any(spare):
            return []
        widest = max(range(len(widths)), key=lambda place: (spare[place] > 0, widths[place]))
        widths[widest] -= 1
    return widths


def _records(head: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return each row as its first cell and, below it, what else it holds under its heading."""
    parts = []
    for first, *cells in rows:
        lines = wrap(first, width)
        for heading, cell in zip(head[1:], cells, strict=True):
            if cell:
                lines += _hanging(f"{GAP}{heading}{GAP}" if heading else GAP, cell, width)
        parts.append(lines)
    return _spaced(parts)
