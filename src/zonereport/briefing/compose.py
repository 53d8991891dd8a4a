"""Composing a briefing: a template is filled in from the facts, its Markdown becomes numbered blocks."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO
from itertools import count
from typing import TYPE_CHECKING

from zonereport.briefing.blocks import (
    Attachment,
    Briefing,
    Callout,
    ChartBlock,
    Columns,
    Contents,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Run,
    Table,
    TitleBlock,
    iter_blocks,
    plain,
)
from zonereport.briefing.borrowed import mark_borrowed
from zonereport.briefing.enclosure import NOTHING
from zonereport.briefing.markdown import to_blocks
from zonereport.briefing.sandbox import fill_template
from zonereport.briefing.vocabulary import Vocabulary
from zonereport.charts.chart import Chart
from zonereport.errors import TemplateError
from zonereport.language import sentence_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from zonereport.briefing.blocks import Block, Runs
    from zonereport.briefing.enclosure import Enclosure
    from zonereport.briefing.redline import Wording
    from zonereport.briefing.template import Template
    from zonereport.language import Language
    from zonereport.measures import Facts


MOST_ROOM = 4
"""What `room` is where nothing need be left out: a template for few pages has less."""


def compose(
    facts: Facts,
    template: Template,
    language: Language,
    day: date | None = None,
    room: int = MOST_ROOM,
    wording: Wording | None = None,
    enclosure: Enclosure = NOTHING,
) -> Briefing:
    """Return the briefing that a template makes of the facts, dated `day` or as the edition is.

    `room` is what the template asks before it says things that can be left out: 0 for the least.
    A template that compares sets the snapshot beside the latest earlier one, and says what of `wording`
    is to be said.
    `enclosure` is what the text of a message says about its attachments.

    Raises TemplateError with file, line and hint where the template does not hold, or compares and
    has nothing to compare with.
    """
    if template.compares:
        if not facts.previous:
            raise TemplateError(
                f"the template `{template.name}` sets two snapshots beside each other, found one",
                hint="name the earlier one by `--previous`",
            )
        facts = replace(facts, previous=facts.previous[:1])
    vocabulary = Vocabulary(facts, template, language, room, wording, enclosure)
    source = fill_template(template, language.code, vocabulary.names(), vocabulary.tokens)
    blocks = to_blocks(source, vocabulary.tokens, vocabulary.chart_blocks)
    return _finish(vocabulary, blocks, day or facts.zone.edition.date)


def _finish(vocabulary: Vocabulary, blocks: tuple[Block, ...], day: date) -> Briefing:
    """Return the finished briefing: title block, contents, captions numbered, references resolved."""
    zone, words = vocabulary.facts.zone, vocabulary.language
    title, body = split_title(blocks)
    sections = [block for block in body if isinstance(block, Heading) and block.level == 1]
    if len(sections) >= vocabulary.template.contents_from:
        body = _with_contents(vocabulary, body)
    resolved = settle(body)
    issuer = words.pick(zone.edition.issued_by) if zone.edition.issued_by else ""
    return Briefing(
        zone=zone.id,
        snapshot="-".join(facts.zone.edition.name for facts in _compared(vocabulary)),
        title=title.title,
        subject=title.subtitle,
        author=issuer,
        keywords=tuple(
            words.section(id, label) for id, label in zone.sections.items() if vocabulary.known(id)
        ),
        language=words.text("region"),
        date=day,
        running_head=(words.pick(zone.short_name), title.subtitle),
        footer=words.pick(zone.edition.status) if zone.edition.status else issuer,
        page_pattern=words.text("page.number", page="{page}", pages="{pages}"),
        blocks=mark_borrowed((replace(title, facts=_identity(vocabulary, day)), *resolved), words.borrowed),
        omissions=tuple(vocabulary.omissions.values()),
        template=vocabulary.template.name,
        theme=vocabulary.template.theme,
        page=vocabulary.template.page,
        sizes=vocabulary.template.sizes,
        borrowed=tuple(words.borrowed.items()),
        notes_title=words.text("page.notes"),
        data_title=words.text("page.data"),
        attachments=tuple(_attachments(vocabulary)),
    )


def settle(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks with figures, tables and footnotes numbered, and references resolved.

    Raises TemplateError for a reference to a chart that is not placed.
    """
    numbered = _number(blocks)
    labels = {
        block.id: block.caption.label
        for block in iter_blocks(numbered)
        if isinstance(block, (ChartBlock, Table))
    }
    labels |= {block.id: plain(block.runs) for block in numbered if isinstance(block, Heading)}
    marks = count(1)
    return _map_runs(numbered, lambda runs: tuple(_resolve(run, labels, marks) for run in runs))


def _compared(vocabulary: Vocabulary) -> tuple[Facts, ...]:
    """Return the snapshots that the briefing is of: in a comparison two, oldest first."""
    return vocabulary.facts.snapshots if vocabulary.template.compares else (vocabulary.facts,)


def _attachments(vocabulary: Vocabulary) -> Iterator[Attachment]:
    """Yield the files the briefing was made from, then each drawn chart's table."""
    words = vocabulary.language
    for zone in (vocabulary.facts.zone, *vocabulary.facts.previous):
        if zone.origin:
            snapshot = words.snapshot(zone.edition)
            yield Attachment(
                f"{zone.id}-{zone.edition.name}.{zone.origin.format}",
                "application/toml" if zone.origin.format == "toml" else "application/json",
                "source",
                words.text("attachments.zone", name=words.pick(zone.short_name), snapshot=snapshot),
                zone.origin.text.encode(),
            )
    for id, chart in vocabulary.charts.items():
        if isinstance(chart, Chart) and id in vocabulary.placed:
            described = words.text("attachments.chart", title=sentence_case(chart.title))
            data = table_as_csv(chart.header, chart.rows)
            yield Attachment(f"{id}.csv", "text/csv", "data", described, data, f"chart-{id}")
    if vocabulary.ranker.was_asked:
        described = words.text("peers.attachment")
        header, rows = vocabulary.ranker.figures()
        yield Attachment("peer-figures.csv", "text/csv", "data", described, table_as_csv(header, rows))


def split_title(blocks: tuple[Block, ...]) -> tuple[TitleBlock, tuple[Block, ...]]:
    """Return the title block (the template's `#` heading and the paragraph below it) and the rest."""
    match blocks:
        case [Heading(level=0, runs=title), Paragraph(runs=subtitle), *rest]:
            return TitleBlock(plain(title), plain(subtitle), ()), tuple(rest)
        case [Heading(level=0, runs=title), *rest]:
            return TitleBlock(plain(title), "", ()), tuple(rest)
        case _:
            raise TemplateError("expected a title, such as `# {{ zone.name }}`, at the head of the template")


def _identity(vocabulary: Vocabulary, day: date) -> tuple[tuple[str, Runs], ...]:
    """Return the facts of the title block: place, snapshot, as of, edition, issued by, status."""
    zone, words = vocabulary.facts.zone, vocabulary.language
    edition, is_comparison = zone.edition, vocabulary.template.compares
    pairs = (
        ("place", words.pick(zone.place)),
        ("snapshot", words.snapshot(edition)),
        ("compared", words.snapshot(_compared(vocabulary)[0].zone.edition) if is_comparison else ""),
        ("as_of", words.period(edition.as_of) if edition.as_of else ""),
        ("edition", words.day(day)),
        ("issued_by", words.pick(edition.issued_by) if edition.issued_by else ""),
        ("status", words.pick(edition.status) if edition.status else ""),
    )
    return tuple((words.text(f"title.{key}"), (Run(text),)) for key, text in pairs if text)


def _with_contents(vocabulary: Vocabulary, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks with a table of contents before the second section: the first is the summary."""
    starts = [place for place, block in enumerate(blocks) if isinstance(block, Heading) and block.level == 1]
    place = starts[1]
    return (*blocks[:place], Contents(vocabulary.language.text("page.contents")), *blocks[place:])


def _number(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks with figures and tables numbered, each from 1 in reading order."""
    counts = {"figure": 0, "table": 0}

    def number(block: Block) -> Block:
        if not isinstance(block, (ChartBlock, Table)):
            return block
        counts[block.caption.kind] += 1
        return replace(block, caption=replace(block.caption, number=counts[block.caption.kind]))

    return _map_blocks(blocks, number)


def _map_blocks(blocks: tuple[Block, ...], change: Callable[[Block], Block]) -> tuple[Block, ...]:
    """Return the blocks with `change` applied to each, inside lists, quotes, call-outs and columns too."""
    changed: list[Block] = []
    for block in blocks:
        match block:
            case Listing():
                changed.append(replace(block, items=tuple(_map_blocks(item, change) for item in block.items)))
            case Quote() | Callout():
                changed.append(replace(block, blocks=_map_blocks(block.blocks, change)))
            case Columns():
                columns = tuple(_map_blocks(column, change) for column in block.columns)
                changed.append(replace(block, columns=columns))
            case _:
                changed.append(change(block))
    return tuple(changed)


def _map_runs(blocks: tuple[Block, ...], change: Callable[[Runs], Runs]) -> tuple[Block, ...]:
    def apply(block: Block) -> Block:
        return replace(block, runs=change(block.runs)) if isinstance(block, (Paragraph, Heading)) else block

    return _map_blocks(blocks, apply)


def table_as_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as CSV (RFC 4180) in UTF-8; a cell that a spreadsheet would compute is quoted text."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (header, *rows):
        writer.writerow([f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell for cell in row])
    return out.getvalue().encode()


def _resolve(run: Run, labels: dict[str, str], marks: Iterator[int]) -> Run:
    """Return a reference with the label of what it points to, a footnote with its mark."""
    if run.note:
        return replace(run, text=str(next(marks)))
    if not run.ref or run.text:
        return run
    if run.ref not in labels:
        name = run.ref.removeprefix("chart-")
        raise TemplateError(f"the text refers to the chart `{name}`, which the template does not place",
                            hint=f"add `![](chart:{name})`")  # fmt: skip
    return replace(run, text=labels[run.ref])
