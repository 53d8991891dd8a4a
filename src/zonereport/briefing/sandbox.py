"""Filling in a template's text, sandboxed: data never becomes markup, output is bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.meta import find_referenced_templates
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from zonereport.briefing.blocks import Run
from zonereport.briefing.compiled import compiled
from zonereport.briefing.template import read_text
from zonereport.errors import TemplateError, did_you_mean
from zonereport.language import sentence_case

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jinja2 import Environment

    from zonereport.briefing.blocks import Runs
    from zonereport.briefing.markdown import Tokens
    from zonereport.briefing.template import Template

MAX_OUTPUT = 2_000_000
"""Characters a filled-in template may have: some 500 pages."""
MAX_RANGE = 1000
MAX_NESTING = 2
MAIN = ""
"""The name of the template's own text, which no part has."""

_FILTERS = ("default", "first", "last", "length", "list", "lower", "upper", "sort", "reverse")


@dataclass(frozen=True, slots=True)
class Inline:
    """Text that a template function gives: runs, kept out of the Markdown as one token."""

    runs: Runs


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks that a template function gives, to stand on a line of their own."""

    blocks: tuple[Any, ...]

    def __bool__(self) -> bool:
        return bool(self.blocks)


class SandboxedEnvironment(ImmutableSandboxedEnvironment):
    """Jinja's immutable sandbox, with the few filters a briefing needs and no operators that grow text."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(
        self, finalize: Callable[[Any], Any] | None = None, loader: BaseLoader | None = None
    ) -> None:
        super().__init__(
            autoescape=True,
            undefined=StrictUndefined,
            finalize=finalize,
            loader=loader,
            bytecode_cache=compiled() if loader else None,
        )
        self.filters = {name: self.filters[name] for name in _FILTERS} | {"sentence": sentence}
        self.globals = {"range": _bounded_range}

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Allow arithmetic on small numbers only; texts are put side by side in the template."""
        numbers = [value for value in (left, right) if isinstance(value, int) and abs(value) < 10**9]
        if len(numbers) < 2 or operator == "**":
            raise SecurityError(f"`{operator}` works on small numbers only")
        return super().call_binop(context, operator, left, right)


def _finalize(tokens: Tokens) -> Callable[[Any], Markup]:
    def keep(value: Any) -> Markup:
        """Turn all that a template prints into tokens; only macros' own Markdown passes."""
        if isinstance(value, Markup):
            return value
        if isinstance(value, Inline):
            return Markup(tokens.keep(value.runs))
        if isinstance(value, Blocks):
            return Markup(tokens.keep(value.blocks))
        if isinstance(value, StrictUndefined):
            str(value)  # raises UndefinedError with the name
        return Markup(tokens.keep((Run(str(value)),)))

    return keep


class _CheckedEnvironment(SandboxedEnvironment):
    """The sandbox for texts that are going to be filled in: what it refuses is never compiled."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        check_tree(tree)
        return tree


class _Loader(BaseLoader):
    """Finds a template's text and parts in one language, and nothing else."""

    def __init__(self, template: Template, language: str) -> None:
        self.template, self.language = template, language
        self.files: dict[str, Path] = {}
        """The files read, by the names that their compiled code has: these are the same in every folder."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        if template == MAIN:
            path = self.template.file(self.language)
            text = read_text(path) + "".join(
                f'\n\n{{% include "{name}" %}}\n' for name in self.template.sections
            )
        else:
            path = self._part(template)
            text = read_text(path)
        name = f"{self.template.folder.name}:{path.parent.name}/{path.name}"
        self.files[name] = path
        return without_tag_lines(text), name, lambda: True

    def _part(self, name: str) -> Any:
        try:
            return self.template.part(self.language, name)
        except TemplateError as error:
            if name in self.template.sections:
                error.message = f"{self.template.place('sections')}: {error.message}"
            raise


def sentence(value: Any) -> Any:
    """Return the text with its first letter in upper case, to begin a sentence."""
    if isinstance(value, Inline) and value.runs:
        first, *rest = value.runs
        return Inline((replace(first, text=sentence_case(first.text)), *rest))
    return sentence_case(value) if isinstance(value, str) else value


def _bounded_range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > MAX_RANGE:
        raise SecurityError(f"a range has at most {MAX_RANGE} numbers")
    return numbers


def fill_template(template: Template, language: str, names: Mapping[str, Any], tokens: Tokens) -> str:
    """Return the Markdown of a template, filled in; raise TemplateError with file, line and hint."""
    loader = _Loader(template, language)
    file = str(template.file(language))
    environment = _CheckedEnvironment(_finalize(tokens), loader)

    def place(error: BaseException) -> str:
        return _place(error, loader.files) or file

    try:
        return _bounded(environment.get_template(MAIN).render, names)
    except TemplateSyntaxError as error:
        place_of_error = loader.files.get(error.filename or "", file)
        raise TemplateError(f"{place_of_error}:{error.lineno}: {_message(error)}") from error
    except TemplateError as error:
        if str(template.settings) in error.message:
            raise
        raise TemplateError(f"{place(error)}: {error.message}", hint=error.hint) from error
    except UndefinedError as error:
        name = re.search(r"'([^']+)' is undefined", str(error))
        hint = did_you_mean(name[1], names) if name else ""
        raise TemplateError(f"{place(error)}: {_message(error)}", hint=hint) from error
    except (JinjaError, TypeError, ValueError, KeyError, ArithmeticError, RecursionError) as error:
        raise TemplateError(f"{place(error)}: {_message(error)}") from error


def find_parts(template: Template, language: str) -> tuple[Path, ...]:
    """Return the file of each part that the text may include, whatever the figures are, by name.

    A part that is not there, or does not hold, is passed over: it may stand where nothing ever comes.
    """
    environment = _CheckedEnvironment()
    found: set[str] = set()
    wanted = {MAIN}
    while wanted:
        name = wanted.pop()
        found.add(name)
        try:
            text, _, _ = _Loader(template, language).get_source(environment, name)
        except (TemplateError, TemplateSyntaxError):
            continue
        wanted |= {part for part in find_referenced_templates(environment.parse(text)) if part} - found
    known = template.parts(language)
    return tuple(template.part(language, name) for name in sorted(found - {MAIN}) if name in known)


def without_tag_lines(text: str) -> str:
    """Return the template with each line that holds nothing but a `{% tag %}` taken out of the text.

    The line end moves into the tag, so that an error still names the right line. (Jinja's own
    `trim_blocks` also eats the line end behind a tag that closes a sentence, joining two paragraphs.)
    """
    return re.sub(r"^[ \t>]*(\{%[^%\n]*)%\}[ \t]*\n", r"\1\n%}", text, flags=re.MULTILINE)


def _bounded(render: Callable[..., str], names: Mapping[str, Any]) -> str:
    text = render(names)
    if len(text) > MAX_OUTPUT:
        raise SecurityError(f"expected at most {MAX_OUTPUT} characters, found {len(text)}")
    return text


def check_tree(tree: nodes.Template) -> None:
    """Refuse what would let data become markup, or a small template take for ever."""
    for node in tree.find_all((nodes.Concat, nodes.For, nodes.Include)):
        if isinstance(node, nodes.Concat):
            raise TemplateSyntaxError("`~` joins texts as markup; write `{{ a }}{{ b }}`", node.lineno)
        if isinstance(node, nodes.Include) and not isinstance(node.template, nodes.Const):
            raise TemplateSyntaxError("expected the name of a part between quotes", node.lineno)
        if isinstance(node, nodes.For):
            if next(node.find_all(nodes.Include), None):
                raise TemplateSyntaxError("a part is not included within a loop", node.lineno)
            if _nesting(node) > MAX_NESTING:
                raise TemplateSyntaxError(f"loops nest at most {MAX_NESTING} deep", node.lineno)
    for other in tree.find_all((nodes.Import, nodes.FromImport, nodes.Extends)):
        raise TemplateSyntaxError("a part is put in by `include` only", other.lineno)


def _nesting(loop: nodes.Node) -> int:
    return 1 + max((_nesting(inner) for inner in loop.find_all(nodes.For)), default=0)


def _place(error: BaseException, files: Mapping[str, Path]) -> str:
    """Return `file:line` of the template that was being filled in when the error was raised."""
    place, trace = "", error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in files:
            place = f"{files[trace.tb_frame.f_code.co_filename]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _message(error: BaseException) -> str:
    if isinstance(error, TemplateNotFound):
        return f"no part `{error.name}`"
    text = (getattr(error, "message", None) or str(error) or type(error).__name__).strip()
    return text[:1].lower() + text[1:].rstrip(".")
