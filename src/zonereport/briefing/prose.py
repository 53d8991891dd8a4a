"""The prose of a template's text, read without filling it in: what Markdown it holds, and what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from zonereport.briefing.markdown import MAX_COLUMNS, OPEN
from zonereport.briefing.sandbox import SandboxedEnvironment
from zonereport.errors import Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

VALUE = OPEN
"""Stands where something is put in; a template's text cannot hold it."""

_QUOTES = ("box", "columns", "note")
_TAG_LINE = re.compile(r"[ \t>]*\{%[^%]*%\}[ \t]*")
_DIGITS = re.compile(r"[0-9０-９]+(?:[.,:/．，：–-]?[0-9０-９]+)*\s?[%％‰万亿]*")
_NO_PROSE = re.compile(r"\]\([^)\n]*\)|<(?:https?|mailto):[^>\n]*>|&#\w+;")
_LIST_NUMBER = re.compile(r"^[ \t>]*\d+[.)]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A heading, or a chart that is placed."""

    line: int
    level: int = 0
    """1 for the title, 0 for a chart."""
    chart: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """What the prose of one text holds, in the order of its lines."""

    problems: tuple[Problem, ...]
    marks: tuple[Mark, ...]


def read_prose(text: str) -> Prose:
    """Return headings, charts and problems of a text; raise TemplateSyntaxError for a broken tag."""
    lines = [
        (number, blanked)
        for number, (line, blanked) in enumerate(
            zip(text.split("\n"), _blank_tags(text), strict=False), start=1
        )
        if not _TAG_LINE.fullmatch(line)
    ]
    root = SyntaxTreeNode(MarkdownIt("commonmark").parse("\n".join(blanked for _, blanked in lines)))
    reader = _Reader([number for number, _ in lines])
    for node in root.walk():
        reader.look(node)
    reader.digits(lines)
    problems = {(problem.line, problem.message): problem for problem in reader.problems}
    return Prose(tuple(problems.values()), tuple(reader.marks))


def _blank_tags(text: str) -> list[str]:
    """Return the lines of a text with tags taken out and each value as one character."""
    parts: list[str] = []
    line = 1
    for number, kind, value in SandboxedEnvironment().lex(text):
        parts.append("\n" * (number - line))
        line = max(line, number)
        if kind == "data":
            parts.append(value)
            line += value.count("\n")
        elif kind == "variable_begin":
            parts.append(VALUE)
    return "".join(parts).split("\n")


@dataclass
class _Reader:
    """Goes over the tree of the Markdown and notes what it meets."""

    lines: list[int]
    """The line of the file that each line of the Markdown is."""
    problems: list[Problem] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    numbered: set[int] = field(default_factory=set)
    """The lines that begin an entry of a numbered list."""

    def look(self, node: SyntaxTreeNode) -> None:
        match node.type:
            case "heading":
                self._heading(node)
            case "blockquote":
                self._quote(node)
            case "inline":
                self._inline(node)
            case "html_block":
                self._html(node.content, self._line(node))
            case "list_item" if node.info:
                self.numbered.add(self._line(node))
            case "fence" | "code_block":
                self._say(
                    self._line(node),
                    "code has no place in a template",
                    "take away the backticks or the four spaces",
                )

    def _say(self, line: int, message: str, hint: str) -> None:
        self.problems.append(Problem(message, line=line, hint=hint))

    def digits(self, lines: Iterable[tuple[int, str]]) -> None:
        """Note the digits that are typed by hand: no figure of the zone, so wrong for the next one."""
        for number, line in lines:
            prose = _NO_PROSE.sub("", _LIST_NUMBER.sub("", line) if number in self.numbered else line)
            for found in _DIGITS.finditer(prose):
                self._say(
                    number,
                    f"the digits `{found[0].strip()}` are typed by hand",
                    'put a figure in by `{{ value("…") }}`; digits of a name as a text: `{{ "GB/T 9704" }}`',
                )

    def _line(self, node: SyntaxTreeNode) -> int:
        return self.lines[node.map[0]] if node.map else 1

    def _heading(self, node: SyntaxTreeNode) -> None:
        self.marks.append(Mark(self._line(node), level=int(node.tag[1:])))
        if node.markup in ("-", "="):
            self._say(
                self._line(node),
                f"the line below, of `{node.markup}`, makes this a heading",
                "a heading begins with `#`; `---` for a new page or column stands below an empty line",
            )

    def _inline(self, node: SyntaxTreeNode) -> None:
        above = node.map[0] if node.map else 0
        for child in node.walk():
            line = self.lines[above]
            match child.type:
                case "softbreak" | "hardbreak":
                    above += 1
                case "image":
                    self._image(str(child.attrs.get("src", "")), line)
                case "link":
                    self._link(str(child.attrs.get("href", "")), line)
                case "html_inline":
                    self._html(child.content, line)

    def _html(self, content: str, line: int) -> None:
        tag = re.match(r"</?[\w!-]*", content.strip())
        if tag and not tag[0].startswith("</"):
            hint = (
                "a comment stands between `{#` and `#}`"
                if tag[0].startswith("<!")
                else "write Markdown, such as `**bold**`, or `&lt;` for the sign"
            )
            shown = tag[0] if tag[0].startswith("<!") else f"{tag[0]}>"
            self._say(line, f"HTML, `{shown}`, is shown as text", hint)

    def _image(self, source: str, line: int) -> None:
        if source.startswith("chart:") and not _is_put_in(source):
            self.marks.append(Mark(line, chart=source.removeprefix("chart:")))
        elif _is_put_in(source):
            self._say(line, "the name of a chart cannot be put in", "write it out: `![](chart:patents)`")
        else:
            self._say(
                line,
                f"the image `{source[:60]}` is no chart",
                "only `![](chart:NAME)` is drawn, nothing is read from elsewhere",
            )

    def _link(self, address: str, line: int) -> None:
        if _is_put_in(address):
            self._say(
                line,
                "the address of a link cannot be put in",
                "a source's is a link already: `{{ source.address }}`",
            )
        elif not re.match(r"(https?://|mailto:)", address):
            self._say(
                line,
                f"the link `{address[:60]}` is neither https, http nor mailto",
                'to point to a chart, write `{{ see("NAME") }}`',
            )

    def _quote(self, node: SyntaxTreeNode) -> None:
        first = node.children[0] if node.children else None
        content = first.children[0].content if first and first.type == "paragraph" else ""
        match = re.match(r"\[!([^\]\n]*)\]?(.*)", content)
        if match is None:
            return
        kind, title = match[1], match[2].strip()
        if kind not in _QUOTES:
            hint = did_you_mean(kind.lower(), _QUOTES) or "there are `[!box] Title`, `[!columns]`, `[!note]`"
            self._say(self._line(node), f"unknown kind of quote `[!{kind}]`", hint)
        elif title and kind != "box":
            self._say(self._line(node), f"`[!{kind}]` has no title", "let the text begin on the next line")
        if kind == "columns":
            self._columns(node)

    def _columns(self, node: SyntaxTreeNode) -> None:
        breaks = [child for child in node.children if child.type == "hr"]
        if len(breaks) >= MAX_COLUMNS:
            self._say(
                self._line(breaks[MAX_COLUMNS - 1]),
                f"expected at most {MAX_COLUMNS} columns, found {len(breaks) + 1}",
                "take out a `> ---`, or begin other columns below",
            )
        for inline in (child for child in node.walk() if child.type == "inline"):
            for child in inline.children:
                if child.type == "image":
                    self._say(
                        self._line(inline),
                        "a chart stands in a column, which is too narrow for it",
                        "put it above or below",
                    )


def _is_put_in(address: str) -> bool:
    return VALUE in address or "%EE%80%80" in address
