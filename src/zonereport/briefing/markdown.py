"""From Markdown to blocks; what a template puts in by function comes through as tokens, never as markup."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from zonereport.briefing.blocks import (
    Callout,
    ChartBlock,
    Columns,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Quote,
    Run,
    iter_blocks,
)
from zonereport.errors import TemplateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from zonereport.briefing.blocks import Block, Runs

OPEN, CLOSE, SOFT = "\ue000", "\ue001", "\ue002"
"""A token is a number between two private-use characters, which neither data nor templates may hold; the
third stands for the end of a source line until it is known what is beside it."""

_TOKEN = re.compile(f"{OPEN}(\\d+){CLOSE}")
_MARKER = re.compile(r"\[!(?P<kind>box|columns|note)\](?P<title>.*)")
MAX_COLUMNS = 3


@dataclass
class Tokens:
    """What stands behind the tokens of one composition: runs of text, or blocks."""

    held: list[Runs | tuple[Block, ...]] = field(default_factory=list)

    def keep(self, content: Runs | tuple[Block, ...]) -> str:
        """Return a token that stands for the content in Markdown."""
        self.held.append(content)
        return f"{OPEN}{len(self.held) - 1}{CLOSE}"


def to_blocks(source: str, tokens: Tokens, chart: Callable[[str], tuple[Block, ...]]) -> tuple[Block, ...]:
    """Return the blocks of a Markdown text; `chart` gives the block of an image `chart:NAME`."""
    root = SyntaxTreeNode(
        MarkdownIt("commonmark", {"html": False}).disable(["html_block", "html_inline"]).parse(source)
    )
    return _Reader(tokens, chart).blocks(root.children)


@dataclass
class _Reader:
    tokens: Tokens
    chart: Callable[[str], tuple[Block, ...]]
    headings: int = 0

    def blocks(self, nodes: Iterable[SyntaxTreeNode]) -> tuple[Block, ...]:
        return tuple(block for node in nodes for block in self._block(node))

    def _block(self, node: SyntaxTreeNode) -> tuple[Block, ...]:
        match node.type:
            case "heading":
                self.headings += 1
                return (Heading(int(node.tag[1:]) - 1, self._runs(node), f"heading-{self.headings}"),)
            case "paragraph":
                return self._paragraph(node)
            case "bullet_list" | "ordered_list":
                items = tuple(self.blocks(item.children) for item in node.children)
                return (Listing(items, ordered=node.type == "ordered_list"),)
            case "blockquote":
                return self._box(node)
            case "hr":
                return (PageBreak(),)
            case other:
                line = f" (near line {node.map[0] + 1} of the filled-in text)" if node.map else ""
                raise TemplateError(
                    f"a template cannot hold a Markdown `{other}`{line}",
                    hint="headings, paragraphs, lists, quotes, images `chart:NAME` and `---` are known",
                )

    def _paragraph(self, node: SyntaxTreeNode) -> tuple[Block, ...]:
        inline = node.children[0]
        alone = inline.children[0] if len(inline.children) == 1 else None
        if alone is not None and alone.type == "image":
            return self.chart(_chart_name(alone))
        blocks: list[Block] = []
        text: list[SyntaxTreeNode] = []
        for child in inline.children:
            if content := self._blocks_on_a_line(child):
                blocks += [*self._prose(text), *content]
                text = []
            else:
                text.append(child)
        return (*blocks, *self._prose(text))

    def _blocks_on_a_line(self, node: SyntaxTreeNode) -> tuple[Block, ...]:
        """Return the blocks that a line is the token of; nothing for text."""
        match = _TOKEN.fullmatch(node.content.strip()) if node.type == "text" else None
        content = self.tokens.held[int(match[1])] if match else ()
        return tuple(block for block in content if not isinstance(block, Run))

    def _prose(self, nodes: Iterable[SyntaxTreeNode]) -> tuple[Block, ...]:
        """Return the paragraph that lines of text make; none if nothing is to be read in it."""
        runs = _joined(merge(run for node in nodes for run in self._inline(node, Run(""))))
        said = any(run.text.strip() or run.ref or run.note for run in runs)
        return (Paragraph(_stripped(runs)),) if said else ()

    def _box(self, node: SyntaxTreeNode) -> tuple[Block, ...]:
        """Return what the first line of a quotation makes of it: `[!box] Title`, `[!columns]`, `[!note]`."""
        first = node.children[0] if node.children else None
        match = _MARKER.match(first.children[0].content) if first and first.type == "paragraph" else None
        if first is None or match is None:
            return (_quote(self.blocks(node.children)),)
        lines = iter(first.children[0].children)
        for line in lines:
            if line.type == "softbreak":
                break
        head = self._prose(lines)
        match match["kind"]:
            case "box":
                return (Callout(match["title"].strip(), (*head, *self.blocks(node.children[1:]))),)
            case "note":
                blocks = (*head, *self.blocks(node.children[1:]))
                return tuple(replace(b, role="note") if isinstance(b, Paragraph) else b for b in blocks)
            case _:
                return self._columns(head, node.children[1:])

    def _columns(self, head: tuple[Block, ...], nodes: Iterable[SyntaxTreeNode]) -> tuple[Block, ...]:
        """Return blocks side by side, parted by `---`."""
        columns: list[tuple[Block, ...]] = [head]
        for node in nodes:
            if node.type == "hr":
                columns.append(())
            else:
                columns[-1] = (*columns[-1], *self._block(node))
        filled = tuple(column for column in columns if column)
        if len(filled) > MAX_COLUMNS:
            raise TemplateError(f"expected at most {MAX_COLUMNS} columns, found {len(filled)}")
        if any(isinstance(block, ChartBlock) for column in filled for block in iter_blocks(column)):
            raise TemplateError(
                "a chart stands in a column, which is too narrow for it", hint="put it above or below"
            )
        return (Columns(filled),) if len(filled) > 1 else filled[0] if filled else ()

    def _runs(self, node: SyntaxTreeNode) -> Runs:
        return _joined(merge(run for child in node.children for run in self._inline(child, Run(""))))

    def _inline(self, node: SyntaxTreeNode, style: Run) -> Iterable[Run]:
        match node.type:
            case "text" | "code_inline":
                yield from self._text(node.content, style)
            case "softbreak":
                yield replace(style, text=SOFT)
            case "hardbreak":
                yield replace(style, text="\n")
            case "strong":
                style = replace(style, strong=True)
            case "em":
                style = replace(style, emphasis=True)
            case "link":
                style = self._link(str(node.attrs.get("href", "")), style)
            case "image":
                raise TemplateError(
                    f"the image `{str(node.attrs.get('src', ''))[:60]}` stands within a paragraph",
                    hint="a chart stands alone between two empty lines: `![](chart:NAME)`",
                )
            case "inline":
                pass
            case other:
                raise TemplateError(f"a template cannot hold a Markdown `{other}` within a line")
        for child in node.children:
            yield from self._inline(child, style)

    @staticmethod
    def _link(address: str, style: Run) -> Run:
        if not re.match(r"(https?://|mailto:)", address):
            raise TemplateError(
                f"the link `{address[:60]}` is neither https, http nor mailto",
                hint='to point to a chart, write `{{ see("NAME") }}`',
            )
        return replace(style, href=address)

    def _text(self, text: str, style: Run) -> Iterable[Run]:
        position = 0
        for match in _TOKEN.finditer(text):
            yield replace(style, text=text[position : match.start()])
            for run in self.tokens.held[int(match[1])]:
                if not isinstance(run, Run):
                    raise TemplateError(
                        "a table, chart or strip of tiles stands within a line",
                        hint="put it alone between two empty lines",
                    )
                yield replace(run, strong=run.strong or style.strong, emphasis=run.emphasis or style.emphasis)
            position = match.end()
        yield replace(style, text=text[position:])


def _quote(blocks: tuple[Block, ...]) -> Quote:
    """Return a quotation; a last paragraph that begins with a dash says whose words they are."""
    last = blocks[-1] if len(blocks) > 1 else None
    if isinstance(last, Paragraph) and last.runs[0].text.startswith("—"):
        return Quote(blocks[:-1], last.runs)
    return Quote(blocks)


def _chart_name(image: SyntaxTreeNode) -> str:
    source = str(image.attrs.get("src", ""))
    if not source.startswith("chart:"):
        raise TemplateError(
            f"the image `{source[:60]}` is no chart",
            hint="only `![](chart:NAME)` is drawn; nothing is read from elsewhere",
        )
    return source.removeprefix("chart:")


def _joined(runs: Runs) -> Runs:
    """Return the runs with each line end of the source as a space, beside a Chinese character as nothing."""
    text = "".join(run.text for run in runs)
    joined, position = [], 0
    for run in runs:
        words = "".join(
            _join(text, position + place) if character == SOFT else character
            for place, character in enumerate(run.text)
        )
        position += len(run.text)
        joined.append(replace(run, text=words))
    return tuple(run for run in joined if run.text or run.ref or run.note)


def _join(text: str, place: int) -> str:
    beside = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    return "" if any(unicodedata.east_asian_width(character) in "WF" for character in beside) else " "


def _stripped(runs: Runs) -> Runs:
    """Return the runs without the line ends that stood between them and a block."""
    first, last = runs[0], runs[-1]
    if len(runs) == 1:
        return (replace(first, text=first.text.strip()),) if not (first.note or first.ref) else runs
    return (
        replace(first, text=first.text.lstrip()),
        *runs[1:-1],
        replace(last, text=last.text.rstrip()),
    )


def merge(runs: Iterable[Run]) -> Runs:
    """Return the runs with neighbours of one style joined and empty ones dropped; a reference stays."""
    merged: list[Run] = []
    for run in runs:
        if not run.text and not run.ref and not run.note:
            continue
        if (
            merged
            and not (run.ref or run.figure or run.note)
            and replace(merged[-1], text="") == replace(run, text="")
        ):
            merged[-1] = replace(run, text=merged[-1].text + run.text)
        else:
            merged.append(run)
    return tuple(merged)
