"""From Markdown to blocks; what a template puts in by function comes through as tokens, never as markup."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from zonereport.briefing.blocks import (
    Callout,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Quote,
    Run,
)
from zonereport.errors import TemplateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from zonereport.briefing.blocks import Block, Runs

OPEN, CLOSE = "\ue000", "\ue001"
"""A token is a number between two private-use characters, which neither data nor templates may hold."""

_TOKEN = re.compile(f"{OPEN}(\\d+){CLOSE}")
_CALLOUT = re.compile(r"\[!box\]\s*(.*)")


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
                return (self._quote(self.blocks(node.children)),)
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
        if alone is not None and (match := _TOKEN.fullmatch(alone.content.strip())):
            content = self.tokens.held[int(match[1])]
            if not content:
                return ()
            if not isinstance(content[0], Run):
                return tuple(block for block in content if not isinstance(block, Run))
        runs = self._runs(node)
        return (Paragraph(runs),) if any(run.text.strip() or run.ref or run.note for run in runs) else ()

    @staticmethod
    def _quote(blocks: tuple[Block, ...]) -> Block:
        """Return a quotation, or a call-out if its first line is `[!box] Title`."""
        first = blocks[0] if blocks else None
        if isinstance(first, Paragraph) and (match := _CALLOUT.match(first.runs[0].text)):
            rest = tuple(run for run in first.runs[1:] if run.text.strip())
            title = match[1].strip()
            return Callout(title, (*((Paragraph(rest),) if rest else ()), *blocks[1:]))
        return Quote(blocks)

    def _runs(self, node: SyntaxTreeNode) -> Runs:
        return merge(run for child in node.children for run in self._inline(child, Run("")))

    def _inline(self, node: SyntaxTreeNode, style: Run) -> Iterable[Run]:
        match node.type:
            case "text" | "code_inline":
                yield from self._text(node.content, style)
            case "softbreak":
                yield replace(style, text=" ")
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


def _chart_name(image: SyntaxTreeNode) -> str:
    source = str(image.attrs.get("src", ""))
    if not source.startswith("chart:"):
        raise TemplateError(
            f"the image `{source[:60]}` is no chart",
            hint="only `![](chart:NAME)` is drawn; nothing is read from elsewhere",
        )
    return source.removeprefix("chart:")


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
