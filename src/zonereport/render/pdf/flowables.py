"""Blocks to ReportLab flowables: what each block looks like on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    PageBreak,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from zonereport.briefing import blocks as b
from zonereport.charts.style import draw_chart
from zonereport.render.pdf.chart_canvas import draw_figure
from zonereport.render.pdf.markup import to_markup
from zonereport.theme import MM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from reportlab.lib.styles import ParagraphStyle

    from zonereport.charts.chart import Chart
    from zonereport.charts.style import Style

TABLE_START = 42 * MM
"""Room that must be left on a page for a table to begin there: caption, head and some rows."""
TALL = 0.5
"""Part of the page's height from which on a row may break over pages."""
BULLET_INDENT = 13.0


class ChartFlowable(Flowable):  # type: ignore[misc]
    """A chart as wide as the text, drawn as vectors; on a pass that only measures, nothing is drawn."""

    def __init__(self, chart: Chart, style: Style, *, draws: bool) -> None:
        super().__init__()
        self.chart, self.style, self.draws = chart, style, draws
        self.width, self.height = style.width * MM, chart.height * MM

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        if self.draws:
            draw_figure(draw_chart(self.chart, self.style), self.canv, self.style.fonts, 0, 0)


class Headline(Paragraph):  # type: ignore[misc]
    """A heading that puts itself into the outline and notes its page for the contents."""

    def __init__(self, text: str, style: ParagraphStyle, *, id: str, level: int, title: str) -> None:
        super().__init__(text, style)
        self.id, self.level, self.title = id, level, title

    def split(self, width: float, height: float) -> list[Self]:
        """Return nothing: a heading never breaks over pages."""
        return []

    def draw(self) -> None:
        self.canv.bookmarkHorizontal(self.id, 0, self.height + self.style.spaceBefore)
        self.canv.note_heading(self.id, self.title, self.level)
        super().draw()


@dataclass(frozen=True, slots=True)
class Setter:
    """Sets blocks in one style; `pages` is what an earlier pass learnt about headings."""

    style: Style
    sheets: dict[str, ParagraphStyle]
    pages: dict[str, int]
    headings: Sequence[b.Heading]
    draws: bool

    def set(self, blocks: Sequence[b.Block]) -> list[Flowable]:
        """Return the flowables of the blocks in reading order."""
        flowables: list[Flowable] = []
        for place, block in enumerate(blocks):
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            if isinstance(block, b.Heading):
                flowables.append(CondPageBreak(self._start(blocks[place:])))
            if isinstance(block, b.Paragraph) and isinstance(following, b.Listing):
                # The line that announces a list stays with it.
                flowables.append(self.paragraph(block.runs, block.role, keepWithNext=1))
            else:
                flowables += self.one(block)
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
                return TABLE_START
            case [b.Callout() | b.Tiles(), *_]:
                return 7 * lines
            case _:
                return 3 * lines

    def one(self, block: b.Block) -> list[Flowable]:
        """Return the flowables of one block."""
        match block:
            case b.TitleBlock():
                return self._title(block)
            case b.Contents():
                return self._contents(block)
            case b.Heading():
                return [self._heading(block)]
            case b.Paragraph():
                return [self.paragraph(block.runs, block.role)]
            case b.Listing():
                return self._listing(block)
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
            case b.PageBreak():
                return [PageBreak()]

    def paragraph(self, runs: b.Runs, name: str, *, bullet: str | None = None, **changes: Any) -> Paragraph:
        """Return a paragraph of runs in the style of a name, with some settings of it changed."""
        fonts = self.style.fonts
        sheet = self.sheets[name].clone(name, **changes) if changes else self.sheets[name]
        bold = sheet.fontName == fonts.face(bold=True).name
        italic = sheet.fontName == fonts.face(italic=True).name
        return Paragraph(to_markup(runs, self.style, bold=bold, italic=italic), sheet, bulletText=bullet)

    def text(self, text: str, name: str) -> Paragraph:
        """Return a paragraph of plain text."""
        return self.paragraph((b.Run(text),), name)

    # The head

    def _title(self, block: b.TitleBlock) -> list[Flowable]:
        head = [self.text(block.subtitle, "kicker")] if block.subtitle else []
        return [*head, self.text(block.title, "title"), *self._facts(block.facts)]

    def _facts(self, facts: Sequence[tuple[str, b.Runs]]) -> list[Flowable]:
        """Return the facts in two columns between two rules."""
        if not facts:
            return []
        cells = [[self.text(label, "fact-label"), self.paragraph(runs, "fact")] for label, runs in facts]
        half = (len(cells) + 1) // 2
        rows = [cells[i] + (cells[i + half] if i + half < len(cells) else ["", ""]) for i in range(half)]
        width = self.style.width * MM
        rule = HexColor(self.style.theme.colours.rule)
        table = self._grid(
            rows,
            [width * share for share in (0.14, 0.28, 0.12, 0.46)],
            [
                ("LINEABOVE", (0, 0), (-1, 0), 0.8, rule),
                ("LINEBELOW", (0, -1), (-1, -1), 0.8, rule),
                ("TOPPADDING", (0, 0), (-1, 0), 5),
                ("BOTTOMPADDING", (0, -1), (-1, -1), 6),
            ],
            padding=(0, 6, 2, 1),
        )
        return [table, Spacer(0, 11)]

    def _contents(self, block: b.Contents) -> list[Flowable]:
        """Return the contents in two columns, read down the first and then down the second."""
        entries = [heading for heading in self.headings if heading.level == 1]
        half = (len(entries) + 1) // 2
        gap = 18.0
        width = (self.style.width * MM - gap) / 2
        columns = [
            self._contents_column(entries[:half], width),
            "",
            self._contents_column(entries[half:], width),
        ]
        table = self._grid([columns], [width, gap, width], [], padding=(0, 0, 0, 0))
        return [KeepTogether([self.text(block.title, "contents-title"), table, Spacer(0, 6)])]

    def _contents_column(self, entries: Sequence[b.Heading], width: float) -> Flowable:
        if not entries:
            return Spacer(0, 0)
        rows = [
            [
                self.paragraph((b.Run(_plain(heading.runs), ref=heading.id),), "contents"),
                self.paragraph((b.Run(str(self.pages.get(heading.id, ""))),), "contents", alignment=TA_RIGHT),
            ]
            for heading in entries
        ]
        rule = HexColor(self.style.theme.colours.rule)
        return self._grid(
            rows, [width - 28, 28], [("LINEBELOW", (0, 0), (-1, -1), 0.4, rule)], padding=(0, 0, 1.5, 1.5)
        )

    def _heading(self, block: b.Heading) -> Headline:
        return Headline(
            to_markup(block.runs, self.style, bold=True),
            self._heading_sheet(block),
            id=block.id,
            level=block.level,
            title=_plain(block.runs),
        )

    def _heading_sheet(self, block: b.Heading) -> ParagraphStyle:
        return self.sheets[f"heading-{min(block.level, 3)}"]

    # Text

    def _listing(self, block: b.Listing, depth: int = 1) -> list[Flowable]:
        flowables: list[Flowable] = []
        indent = BULLET_INDENT * depth
        for number, item in enumerate(block.items, start=1):
            mark: str | None = f"{number}." if block.ordered else "•"
            for inner in item:
                if isinstance(inner, b.Paragraph):
                    place = {"leftIndent": indent, "bulletIndent": indent - BULLET_INDENT + 2}
                    flowables.append(self.paragraph(inner.runs, "item", bullet=mark, **place))
                    mark = None
                elif isinstance(inner, b.Listing):
                    flowables += self._listing(inner, depth + 1)
                else:
                    flowables += self.one(inner)
        return [*flowables, Spacer(0, 3)] if depth == 1 else flowables

    def _quote(self, block: b.Quote) -> list[Flowable]:
        attribution = [self.paragraph(block.attribution, "note")] if block.attribution else []
        return [*self._in_style(block.blocks, "quote"), *attribution]

    def _in_style(self, blocks: Sequence[b.Block], name: str) -> list[Flowable]:
        """Return the blocks with their paragraphs set in the style of a name."""
        return [
            flowable
            for block in blocks
            for flowable in (
                [self.paragraph(block.runs, name)] if isinstance(block, b.Paragraph) else self.one(block)
            )
        ]

    def _callout(self, block: b.Callout) -> list[Flowable]:
        colours = self.style.theme.colours
        inner = [self.text(block.title, "callout-title"), *self._in_style(block.blocks, "callout")]
        box = self._grid(
            [[inner]],
            [self.style.width * MM],
            [
                ("BACKGROUND", (0, 0), (-1, -1), HexColor(colours.tint)),
                ("LINEBEFORE", (0, 0), (0, -1), 2.5, HexColor(colours.accent)),
            ],
            padding=(10, 10, 7, 5),
        )
        return [Spacer(0, 4), box, Spacer(0, 9)]

    # Figures

    def _tiles(self, block: b.Tiles) -> list[Flowable]:
        """Return the strip: a row of values that stand on one line, a row of what they count."""
        colours = self.style.theme.colours
        gap, count = 6.0, max(len(block.tiles), 3)
        width = (self.style.width * MM - gap * (count - 1)) / count
        rows: list[list[Any]] = [[], []]
        commands: list[tuple[Any, ...]] = [
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("BOTTOMPADDING", (0, 0), (-1, 0), 1),
        ]
        for index, tile in enumerate(block.tiles):
            column = index * 2
            rows[0] += [self._tile_value(tile.value, width - 14), ""]
            rows[1] += [
                [self.text(tile.label, "tile-label"), *(self.text(note, "tile-note") for note in tile.notes)],
                "",
            ]
            commands += [
                ("BACKGROUND", (column, 0), (column, 1), HexColor(colours.tint)),
                ("LINEABOVE", (column, 0), (column, 0), 2.2, HexColor(colours.accent)),
            ]
        widths = [width, gap] * len(block.tiles)
        table = self._grid([row[:-1] for row in rows], widths[:-1], commands, padding=(7, 7, 6, 7))
        return [table, Spacer(0, 10)]

    def _tile_value(self, value: b.Run, width: float) -> Paragraph:
        """Return the value as large as its longest word allows, on at most two lines."""
        sheet = self.sheets["tile-value"]
        for size in (sheet.fontSize, 17, 15, 13.5, 12, 11):
            lines = simpleSplit(value.text, sheet.fontName, size, width)
            fits = all(stringWidth(line, sheet.fontName, size) <= width for line in lines)
            if fits and len(lines) <= (1 if size > 15 else 2):
                break
        return self.paragraph((value,), "tile-value", fontSize=size, leading=size * 1.1)

    def _caption(self, caption: b.Caption, id: str) -> Paragraph:
        """Return a caption that its references lead to."""
        runs = (b.Run(f"{caption.label}{caption.suffix}"), *caption.runs)
        return Paragraph(f'<a name="{id}"/>{to_markup(runs, self.style, bold=True)}', self.sheets["caption"])

    def _chart(self, block: b.ChartBlock) -> list[Flowable]:
        parts: list[Flowable] = [self._caption(block.caption, block.id)]
        if block.chart.subtitle:
            parts.append(self.text(block.chart.subtitle, "subtitle"))
        parts.append(ChartFlowable(block.chart, self.style, draws=self.draws))
        parts.append(self.text(block.chart.source, "source"))
        return [KeepTogether(parts)]

    def _table(self, block: b.Table) -> list[Flowable]:
        colours = self.style.theme.colours
        total = sum(column.weight for column in block.columns)
        widths = [self.style.width * MM * column.weight / total for column in block.columns]
        rows = [[self.text(column.heading, "cell-head") for column in block.columns]]
        rows += [[self.paragraph(cell, "cell") for cell in row] for row in block.rows]
        rule = HexColor(colours.rule)
        table = self._grid(
            rows,
            widths,
            [
                ("BACKGROUND", (0, 0), (-1, 0), HexColor(colours.tint)),
                ("LINEABOVE", (0, 0), (-1, 0), 1, HexColor(colours.accent)),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, rule),
                ("LINEBELOW", (0, -1), (-1, -1), 0.8, rule),
            ],
            padding=(4, 6, 3, 3),
            repeatRows=1,
        )
        page = self.style.theme.page
        table.wrap(sum(widths), 0)
        if max(table._rowHeights) > (page.height - page.top - page.bottom) * MM * TALL:
            # Only then: ReportLab repeats the head within the page where it could split in a row.
            table.splitInRow = 1
        note = [self.paragraph(block.note, "source")] if block.note else [Spacer(0, 11)]
        return [CondPageBreak(TABLE_START), self._caption(block.caption, block.id), table, *note]

    def _grid(
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


def _plain(runs: b.Runs) -> str:
    return "".join(run.text for run in runs)
