"""Where a mistake in a template is, and advice for the messages that come without."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zonereport.errors import Problem

if TYPE_CHECKING:
    from jinja2 import TemplateSyntaxError

    from zonereport.errors import TemplateError

Finding = tuple[str, Problem]
"""A file, and what is wrong in it."""

_HINTS = (
    (r"needs to be closed is '(\w+)'", r"write `{% end\1 %}` where it ends"),
    (r"unknown tag 'end(\w+)'", r"nothing is open that it would end; write `{% \1 … %}` before"),
    (r"unknown tag", "there are if, elif, else, for, set, macro and include"),
    (r"nest at most", "take the innermost loop out, or let a part say it"),
    (r"within a loop", "put the loop into the part"),
    (r"by `include` only", 'write `{% include "name-of-the-part" %}`'),
    (r"between quotes", 'write `{% include "name-of-the-part" %}`'),
    (r"small numbers only", "figures are put in and derived, not reckoned with"),
    (r"within a line", "let an empty line stand above and below it"),
    (r"unknown key", "docs/templates.md lists the settings"),
    (r"has no attribute '\w+'", "docs/templates.md lists what there is"),
    (r"expected a title", "begin the text by `# {{ zone.name }}`"),
    (r"expected|unexpected", "docs/templates.md shows how it is written"),
)


def hint_for(message: str) -> str:
    """Return advice for a message that comes without."""
    for pattern, hint in _HINTS:
        if match := re.search(pattern, message):
            return match.expand(hint)
    return "docs/templates.md explains what a template may say"


def located(error: TemplateError, file: str, line: int = 1) -> Finding:
    """Return an error as a finding: at the place that its message names, else at the one given."""
    match = re.match(r"(.+?\.(?:md|toml)):(?:(\d+):)? ?(.*)", error.message, re.DOTALL)
    if match:
        line = int(match[2] or (line if match[1] == file else 1))
        file = match[1]
    message = match[3] if match else error.message
    return file, Problem(message, line=line, hint=error.hint or hint_for(message))


def explain_syntax(text: str, error: TemplateSyntaxError) -> tuple[int, str, str]:
    """Return line, message and hint for a tag that is written wrongly; what is left open, where it opens."""
    message = str(error.message).strip()
    if match := re.search(r"innermost block that needs to be closed is '(\w+)'", message):
        return (
            _opening(text, match[1], error.lineno),
            f"`{{% {match[1]} %}}` is never closed",
            hint_for(message),
        )
    first = message.split(". ")[0].rstrip(".")
    return error.lineno, first[:1].lower() + first[1:], hint_for(message)


def _opening(text: str, tag: str, before: int) -> int:
    """Return the line of the last tag of a name that is not closed, up to a line."""
    lines: list[int] = []
    for match in re.finditer(rf"{{%[-+]?\s*(end)?{tag}\b", text):
        line = text.count("\n", 0, match.start()) + 1
        if line > before:
            break
        if not match[1]:
            lines.append(line)
        elif lines:
            lines.pop()
    return lines[-1] if lines else before
