"""Blocks to HTML: which elements each block becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.briefing import blocks as b
from zonereport.render.html.anchors import Anchors
from zonereport.render.html.chart import draw_svg
from zonereport.render.html.elements import Markup, element, join, text, void
from zonereport.render.html.text import Writer, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.charts.chart import Chart
    from zonereport.charts.style import Style

LOWEST = 6
"""HTML has headings h1 to h6."""
LONG = 9
"""So many characters of a tile's value fit at its full size."""


class Setter:
    """Sets the blocks of one page in reading order."""

    def __init__(self, style: Style, briefing: b.Briefing) -> None:
        self.style = style
        self.anchors = Anchors(briefing.blocks)
        self.writer = Writer(self.anchors, briefing.language)
        self.data_title = briefing.data_title
        self.rank = 1
        """The rank of the last heading: the next is at most one lower."""

    def set(self, blocks: Sequence[b.Block]) -> Markup:
        """Return the blocks, one a line."""
        return join([self.one(block) for block in blocks], "\n")

    def one(self, block: b.Block) -> Markup:
        """Return one block."""
        match block:
            case b.TitleBlock():
                return self._title(block)
            case b.Contents():
                return self._contents(block)
            case b.Heading():
                return self._heading(block)
            case b.Paragraph():
                return self._paragraph(block)
            case b.Listing():
                items = [element("li", self._item(item)) for item in block.items]
                return element("ol" if block.ordered else "ul", join(items, "\n"))
            case b.Quote():
                return self._quote(block)
            case b.Tiles():
                return self._tiles(block)
            case b.Table():
                return self._table(block)
            case b.ChartBlock():
                return self._chart(block)
            case b.Callout():
                return self._callout(block)
            case b.Columns():
                columns = [element("div", self.set(column)) for column in block.columns]
                return element("div", *columns, class_="columns")
            case b.PageBreak():
                return element("div", class_="page-break")

    def notes(self, title: str) -> Markup:
        """Return the section of all footnotes met, each with a way back; nothing if there are none."""
        if not self.writer.notes:
            return Markup()
        anchor = self.anchors.make("notes")
        # a footnote may have footnotes: the list grows while it is written
        items = [self._note(note.anchor, note.mark, note.run) for note in self.writer.notes]
        return element(
            "section",
            element("h2", title, id=anchor),
            element("dl", join(items, "\n")),
            role="doc-endnotes",
            aria_labelledby=anchor,
            class_="notes",
        )

    def _note(self, anchor: str, mark: str, run: b.Run) -> Markup:
        back = element("a", run.text, href=f"#{mark}", role="doc-backlink")
        return element(
            "div", element("dt", back), element("dd", self.writer.runs(run.note)), id=anchor, tabindex="-1"
        )

    # The head

    def _title(self, block: b.TitleBlock) -> Markup:
        facts = [
            element("div", element("dt", label), element("dd", self.writer.runs(runs)))
            for label, runs in block.facts
        ]
        return join(
            [
                element("p", block.subtitle, class_="kicker") if block.subtitle else Markup(),
                element("h1", block.title),
                element("dl", *facts, class_="facts") if facts else Markup(),
            ],
            "\n",
        )

    def _contents(self, block: b.Contents) -> Markup:
        anchor = self.anchors.make("contents")
        links = [
            element("li", element("a", plain(heading.runs), href=f"#{target}"))
            for target, heading in self.anchors.sections
        ]
        self.rank = 2
        return element(
            "nav", element("h2", block.title, id=anchor), element("ol", *links), aria_labelledby=anchor
        )

    def _heading(self, block: b.Heading) -> Markup:
        self.rank = min(block.level + 1, self.rank + 1, LOWEST)
        return element(f"h{self.rank}", self.writer.runs(block.runs), id=self.anchors.take(block))

    # Text

    def _paragraph(self, block: b.Paragraph) -> Markup:
        role = None if block.role == "body" else block.role
        return element("p", self.writer.runs(block.runs), class_=role)

    def _item(self, blocks: Sequence[b.Block]) -> Markup:
        """Return the blocks of a list's item; a first paragraph needs no element of its own."""
        match blocks:
            case [b.Paragraph(role="body") as first, *rest]:
                return join([self.writer.runs(first.runs), self.set(rest)])
            case _:
                return self.set(blocks)

    def _quote(self, block: b.Quote) -> Markup:
        words = element("blockquote", self.set(block.blocks))
        if not block.attribution:
            return words
        return element(
            "figure", words, element("figcaption", self.writer.runs(block.attribution)), class_="quote"
        )

    def _callout(self, block: b.Callout) -> Markup:
        anchor = self.anchors.make("remark")
        title = element("p", block.title, id=anchor, class_="callout-title")
        return element("aside", title, self.set(block.blocks), aria_labelledby=anchor, class_="callout")

    # Figures

    def _tiles(self, block: b.Tiles) -> Markup:
        # the role: Safari does not tell of a list that has no bullets
        return element(
            "ul", *map(self._tile, block.tiles), class_="tiles", role="list", aria_label=block.description
        )

    def _tile(self, tile: b.Tile) -> Markup:
        size = "value long" if len(tile.value.text) > LONG else "value"
        return element(
            "li",
            element("p", self.writer.runs((tile.value,)), class_=size),
            element(
                "div",
                element("p", tile.label, class_="label"),
                *(element("p", note, class_="remark") for note in tile.notes),
            ),
        )

    def _caption(self, caption: b.Caption) -> Markup:
        label = element("span", f"{caption.label}{caption.suffix}", class_="number")
        return join([label, self.writer.runs(caption.runs)])

    def _chart(self, block: b.ChartBlock) -> Markup:
        anchor, chart = self.anchors.take(block), block.chart
        caption = self.anchors.make(f"{anchor}-caption")
        drawing = self.anchors.make(f"{anchor}-drawing")
        lines = [element("p", self._caption(block.caption), id=caption, class_="caption")]
        if chart.subtitle:
            lines.append(element("p", chart.subtitle, class_="subtitle"))
        parts = [
            element("figcaption", *lines),
            _scroll(draw_svg(chart, self.style, block.caption.label, drawing), "group", caption),
            element("p", chart.source, class_="source") if chart.source else Markup(),
            self._data(chart, block.caption, anchor) if chart.rows else Markup(),
        ]
        return element("figure", join(parts, "\n"), id=anchor, class_="chart", aria_labelledby=caption)

    def _data(self, chart: Chart, caption: b.Caption, anchor: str) -> Markup:
        """Return the chart's values as a table to unfold, named by the caption."""
        name = self.anchors.make(f"{anchor}-data")
        words = [element("b", caption.label), element("span", self.data_title)]
        head = [element("th", heading, scope="col") if heading else element("td") for heading in chart.header]
        rows = [[text(cell) for cell in row] for row in chart.rows]
        table = element(
            "table",
            element("thead", element("tr", *head)),
            element("tbody", *(_row(row, ()) for row in rows)),
            aria_labelledby=name,
        )
        summary = element("summary", join(words, " "), id=name)
        return element("details", summary, _scroll(table, "group", name), class_="data")

    def _table(self, block: b.Table) -> Markup:
        anchor = self.anchors.take(block)
        caption = self.anchors.make(f"{anchor}-caption")
        total = sum(column.weight for column in block.columns)
        widths = [void("col", style=f"width: {column.weight / total:.1%}") for column in block.columns]
        aligns = tuple(column.align for column in block.columns)
        head = [
            element("th", column.heading, scope="col", class_=_align(column.align))
            if column.heading
            else element("td")
            for column in block.columns
        ]
        rows = [[self.writer.runs(cell) for cell in row] for row in block.rows]
        parts = [
            element("caption", element("span", self._caption(block.caption)), id=caption),
            element("colgroup", *widths),
            element("thead", element("tr", *head)),
            element("tbody", join([_row(row, aligns) for row in rows], "\n")),
        ]
        table = element("table", join(parts, "\n"), class_=_width(len(block.columns)))
        note = element("p", self.writer.runs(block.note), class_="source") if block.note else Markup()
        return element("div", _scroll(table, "region", caption), note, id=anchor, class_="table")


def _scroll(content: Markup, role: str, name: str) -> Markup:
    """Return what may be wider than the screen, in a part that scrolls by the keyboard too."""
    return element("div", content, class_="scroll", role=role, tabindex="0", aria_labelledby=name)


def _row(cells: Sequence[Markup], aligns: Sequence[str]) -> Markup:
    """Return a table's row; the first cell is its heading unless it is empty."""
    written = []
    for place, cell in enumerate(cells):
        align = _align(aligns[place]) if place < len(aligns) else None
        if place == 0 and cell:
            written.append(element("th", cell, scope="row", class_=align))
        else:
            written.append(element("td", cell, class_=align))
    return element("tr", *written)


def _width(columns: int) -> str | None:
    """Return how much room a table needs, lest its cells get narrower than a word or two."""
    return None if columns < 3 else "middle" if columns == 3 else "wide"


def _align(align: str) -> str | None:
    return "right" if align == "right" else None
