"""The blocks of a composed briefing: worded text and structure, independent of any output format.

A renderer receives these and decides only where things stand on the page. Every number in them is
already rounded and worded, so that two formats cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Literal

from zonereport.resources import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from zonereport.charts.chart import Chart
    from zonereport.theme import Logo


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style, the only kind of inline content."""

    text: str
    strong: bool = False
    emphasis: bool = False
    figure: str = ""
    """The id of the indicator whose worded figure this text is, or empty."""
    href: str = ""
    """An address outside the document (http, https, mailto, or `./` and a file beside it), or empty."""
    ref: str = ""
    """The id of a block in this briefing that the text points to, or empty."""
    lang: str = ""
    """The language of the text (BCP 47) where it differs from the briefing's."""
    note: tuple[Run, ...] = ()
    """A footnote: `text` is its mark ("1"), these runs its words."""


Runs = tuple[Run, ...]


def plain(runs: Iterable[Run]) -> str:
    """Return the words of runs alone, without the marks of footnotes."""
    return "".join(run.text for run in runs if not run.note)


@dataclass(frozen=True, slots=True)
class Caption:
    """A numbered caption: prefix, number and suffix as the language writes them ("Figure ", 2, ". ")."""

    kind: Literal["figure", "table"]
    prefix: str
    number: int
    suffix: str
    runs: Runs

    @property
    def label(self) -> str:
        """The label alone, as text refers to it: "Figure 2"."""
        return f"{self.prefix}{self.number}"


@dataclass(frozen=True, slots=True)
class TitleBlock:
    """The head of the briefing: who, what, when, by whom."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, Runs], ...]
    """Label and value, in reading order: place, as of, edition, issued by, status."""


@dataclass(frozen=True, slots=True)
class Contents:
    """A table of contents over the sections (headings of level 1); the renderer fills it in."""

    title: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A section heading; level 1 is a section of the briefing, its title stands above as TitleBlock."""

    level: int
    runs: Runs
    id: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose; a note is set smaller and quieter."""

    runs: Runs
    role: Literal["body", "lead", "note"] = "body"


@dataclass(frozen=True, slots=True)
class Listing:
    """A bulleted or numbered list; an item holds blocks, so lists nest."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody, with who said them."""

    blocks: tuple[Block, ...]
    attribution: Runs = ()


@dataclass(frozen=True, slots=True)
class Tile:
    """One headline figure: the worded value large, what it counts, and what must be said with it."""

    value: Run
    label: str
    notes: tuple[str, ...] = ()
    """Second printed value, period, qualifiers and change, one line each."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """A strip of at most five headline figures."""

    tiles: tuple[Tile, ...]
    description: str
    """What the strip is, for readers who cannot see it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: its heading, how its cells are set, and its share of the width."""

    heading: str
    align: Literal["left", "right"] = "left"
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row; `title` columns are row headings."""

    id: str
    caption: Caption
    columns: tuple[Column, ...]
    rows: tuple[tuple[Runs, ...], ...]
    description: str
    """Alternative text: what the table shows and how it is arranged."""
    note: Runs = ()


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """A chart with its caption (the finding), subtitle (what is shown, unit, date) and source."""

    id: str
    caption: Caption
    chart: Chart


@dataclass(frozen=True, slots=True)
class Callout:
    """A boxed remark with a title, such as how to read the figures."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks side by side where there is room, read one column after the other; no charts."""

    columns: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


Block = (
    TitleBlock
    | Contents
    | Heading
    | Paragraph
    | Listing
    | Quote
    | Tiles
    | Table
    | ChartBlock
    | Callout
    | Columns
    | PageBreak
)


@dataclass(frozen=True, slots=True)
class Omission:
    """Something the template asked for that was left out, and why; goes to the log, not the page."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a briefing carries, so that its figures can be had back from it."""

    name: str
    media_type: str
    relationship: Literal["source", "data"]
    """`source`: what the briefing was made from; `data`: the values behind one chart."""
    description: str
    data: bytes
    block: str = ""
    """The id of the chart that the data belong to, or empty."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """A composed briefing, ready for any renderer."""

    zone: str
    """The id of the zone, used in file names."""
    snapshot: str
    """The snapshot's year or period, used in file names."""
    title: str
    subject: str
    author: str
    keywords: tuple[str, ...]
    language: str
    """BCP 47 code of the text."""
    date: date
    """The date of the document; never the clock's."""
    running_head: tuple[str, str]
    """Header, left and right."""
    footer: str
    page_pattern: str
    """How a page is numbered, with `{page}` and `{pages}`."""
    blocks: tuple[Block, ...]
    omissions: tuple[Omission, ...] = ()
    template: str = "briefing"
    theme: str = "neutral"
    templates: Path = TEMPLATES
    """The folder of templates, languages and themes that it was made with."""
    classification: str = ""
    """What stands at the head of every page, such as "Internal"; empty for nothing."""
    logo: Logo | None = None
    page: Mapping[str, float] = field(default_factory=dict)
    """Page size and margins in millimetres that come before the theme's."""
    sizes: Mapping[str, float] = field(default_factory=dict)
    """Type sizes in points that come before the theme's."""
    borrowed: tuple[tuple[str, str], ...] = ()
    """Words that are not given in the briefing's language, and the language they stand in."""
    notes_title: str = "Notes"
    """The heading of the footnotes, for formats that gather them at the end."""
    stamp: datetime | None = None
    """When the files say they were made, where that is not midnight UTC of `date`."""
    data_title: str = "Data"
    """What unfolds a chart's table, for formats that can fold."""
    attachments: tuple[Attachment, ...] = ()
    """The zone file as it was given, earlier snapshots' files, and each chart's table."""

    @property
    def created(self) -> datetime:
        """When the files say they were made, in UTC; never the clock's time."""
        return self.stamp or datetime.combine(self.date, time(), UTC)


def iter_blocks(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield every block in reading order, those inside lists, quotes, call-outs and columns too."""
    for block in blocks:
        yield block
        if isinstance(block, Listing):
            for item in block.items:
                yield from iter_blocks(item)
        elif isinstance(block, Columns):
            for column in block.columns:
                yield from iter_blocks(column)
        elif isinstance(block, (Quote, Callout)):
            yield from iter_blocks(block.blocks)
