"""Loading a template folder and filling it in, sandboxed: data never becomes markup, output is bounded."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from zonereport.briefing.blocks import Run
from zonereport.briefing.markdown import CLOSE, OPEN
from zonereport.errors import TemplateError, did_you_mean
from zonereport.language import sentence_case
from zonereport.resources import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from zonereport.briefing.blocks import Runs
    from zonereport.briefing.markdown import Tokens

MAX_OUTPUT = 2_000_000
"""Characters a filled-in template may have: some 500 pages."""
MAX_RANGE = 1000
MAX_NESTING = 2

_FILTERS = ("default", "first", "last", "length", "list", "lower", "upper", "sort", "reverse")
_SETTINGS = ("name", "theme", "headline", "contents-from")


@dataclass(frozen=True, slots=True)
class Template:
    """A template folder: its settings, and its text in each language it has."""

    name: str
    folder: Path
    theme: str
    headline: tuple[str, ...]
    """Indicators to lead with, in order of preference; the first five that are known are shown."""
    contents_from: int
    """Number of sections from which on a table of contents is set."""

    def text(self, language: str) -> str:
        """Return the Markdown of a language; raise TemplateError if the template has none."""
        path = self.folder / f"{language}.md"
        if not path.is_file():
            known = ", ".join(sorted(p.stem for p in self.folder.glob("*.md")))
            raise TemplateError(f"template `{self.name}` has no text in `{language}`", hint=f"it has {known}")
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise TemplateError(f"{path}: {error}") from error
        if re.search(f"[{OPEN}{CLOSE}]", text):
            raise TemplateError(f"{path}: expected no private-use characters")
        return text


def template_names(folder: Path = TEMPLATES) -> list[str]:
    """Return the names of the templates that come with the package."""
    return sorted(path.parent.name for path in folder.glob("*/template.toml"))


def load_template(name: str, folder: Path = TEMPLATES) -> Template:
    """Return the template of a name, or of a folder's path; raise TemplateError if it does not hold."""
    path = folder / name if name in template_names(folder) else Path(name)
    settings = path / "template.toml"
    if not settings.is_file():
        known = template_names(folder)
        raise TemplateError(
            f"no template `{name}`", hint=did_you_mean(name, known) or f"there are {', '.join(known)}"
        )
    try:
        data = tomllib.loads(settings.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(f"{settings}: {error}") from error
    if unknown := set(data) - set(_SETTINGS):
        key = min(unknown)
        raise TemplateError(f"{settings}: {key}: unknown key", hint=did_you_mean(key, _SETTINGS))
    headline, contents = data.get("headline", []), data.get("contents-from", 5)
    if not isinstance(headline, list) or not all(isinstance(id, str) for id in headline):
        raise TemplateError(f"{settings}: headline: expected a list of indicator ids")
    if not isinstance(contents, int):
        raise TemplateError(f"{settings}: contents-from: expected a number of sections, found `{contents}`")
    return Template(path.name, path, str(data.get("theme", "neutral")), tuple(headline), contents)


@dataclass(frozen=True, slots=True)
class Inline:
    """Text that a template function gives: runs, kept out of the Markdown as one token."""

    runs: Runs


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks that a template function gives, to stand alone between two empty lines."""

    blocks: tuple[Any, ...]


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja's immutable sandbox, with the few filters a briefing needs and no operators that grow text."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self, tokens: Tokens) -> None:
        def keep(value: Any) -> Markup:
            """Turn all that a template prints into tokens; only macros' own Markdown passes."""
            if isinstance(value, Markup):
                return value
            if isinstance(value, Inline):
                return Markup(tokens.keep(value.runs))
            if isinstance(value, Blocks):
                return Markup(f"\n\n{tokens.keep(value.blocks)}\n\n")
            if isinstance(value, StrictUndefined):
                str(value)  # raises UndefinedError with the name
            return Markup(tokens.keep((Run(str(value)),)))

        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=keep)
        self.filters = {name: self.filters[name] for name in _FILTERS} | {"sentence": sentence}
        self.globals = {"range": _bounded_range}

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Allow arithmetic on small numbers only; texts are put side by side in the template."""
        numbers = [value for value in (left, right) if isinstance(value, int) and abs(value) < 10**9]
        if len(numbers) < 2 or operator == "**":
            raise SecurityError(f"`{operator}` works on small numbers only")
        return super().call_binop(context, operator, left, right)


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


def fill_template(text: str, file: str, names: Mapping[str, Any], tokens: Tokens) -> str:
    """Return the Markdown of a template, filled in; raise TemplateError with file, line and hint."""
    environment = _Environment(tokens)
    try:
        text = _without_tag_lines(text)
        _check_tree(environment.parse(text))
        template = environment.from_string(text)
        return _bounded(template.render, names)
    except TemplateSyntaxError as error:
        raise TemplateError(f"{file}:{error.lineno}: {_message(error)}") from error
    except TemplateError as error:
        raise TemplateError(f"{file}{_line_of(error)}: {error.message}", hint=error.hint) from error
    except UndefinedError as error:
        name = re.search(r"'([^']+)' is undefined", str(error))
        hint = did_you_mean(name[1], names) if name else ""
        raise TemplateError(f"{file}{_line_of(error)}: {_message(error)}", hint=hint) from error
    except (JinjaError, TypeError, ValueError, KeyError, ArithmeticError, RecursionError) as error:
        raise TemplateError(f"{file}{_line_of(error)}: {_message(error)}") from error


def _without_tag_lines(text: str) -> str:
    """Return the template with each line that holds nothing but a `{% tag %}` taken out of the text.

    The line end moves into the tag, so that an error still names the right line. (Jinja's own
    `trim_blocks` also eats the line end behind a tag that closes a sentence, joining two paragraphs.)
    """
    return re.sub(r"^[ \t]*(\{%[^%\n]*)%\}[ \t]*\n", r"\1\n%}", text, flags=re.MULTILINE)


def _bounded(render: Callable[..., str], names: Mapping[str, Any]) -> str:
    text = render(names)
    if len(text) > MAX_OUTPUT:
        raise SecurityError(f"expected at most {MAX_OUTPUT} characters, found {len(text)}")
    return text


def _check_tree(tree: nodes.Template) -> None:
    """Refuse what would let data become markup, or a small template take for ever."""
    for node in tree.find_all((nodes.Concat, nodes.For)):
        if isinstance(node, nodes.Concat):
            raise TemplateSyntaxError("`~` joins texts as markup; write `{{ a }}{{ b }}`", node.lineno)
        if _nesting(node) > MAX_NESTING:
            raise TemplateSyntaxError(f"loops nest at most {MAX_NESTING} deep", node.lineno)


def _nesting(loop: nodes.Node) -> int:
    return 1 + max((_nesting(inner) for inner in loop.find_all(nodes.For)), default=0)


def _line_of(error: BaseException) -> str:
    """Return `:line` of the template that was being filled in when the error was raised."""
    line, trace = "", error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = f":{trace.tb_lineno}"
        trace = trace.tb_next
    return line


def _message(error: BaseException) -> str:
    text = (getattr(error, "message", None) or str(error) or type(error).__name__).strip()
    return text[:1].lower() + text[1:].rstrip(".")
