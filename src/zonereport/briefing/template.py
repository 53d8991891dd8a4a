"""A template folder: its settings, its text in each language, and the parts it shares with others."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zonereport.briefing.markdown import CLOSE, OPEN, SOFT
from zonereport.errors import TemplateError, did_you_mean
from zonereport.language import LANGUAGES
from zonereport.resources import TEMPLATES
from zonereport.zone.parsing import find_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SETTINGS = "template.toml"


@dataclass(frozen=True, slots=True)
class Template:
    """A template folder: its settings, and its text in each language it has."""

    name: str
    folder: Path
    title: str = ""
    description: str = ""
    theme: str = "neutral"
    headline: tuple[str, ...] = ()
    """Indicators to lead with, in order of preference; the first five that are known are shown."""
    sections: tuple[str, ...] = ()
    """Parts that follow the text, in order."""
    contents_from: int = 5
    """Number of sections from which on a table of contents is set."""
    footnotes: bool = True
    compares: bool = False
    """Whether it sets two snapshots beside each other, so that it needs an earlier one."""
    pages: int = 0
    """The most pages there may be, for which the text leaves things out; 0 for any number."""
    page: Mapping[str, float] = field(default_factory=dict)
    """Page size and margins in millimetres that come before the theme's."""
    sizes: Mapping[str, float] = field(default_factory=dict)
    """Type sizes in points that come before the theme's."""
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    """The line of each setting."""
    shared: Path = field(default=LANGUAGES, compare=False)
    """Where the parts are that all templates share, a folder for each language."""

    @property
    def settings(self) -> Path:
        """The file of the settings."""
        return self.folder / SETTINGS

    def place(self, key: str) -> str:
        """Return `file:line: key` of a setting, for a message."""
        return f"{self.settings}:{self.lines.get(key, 1)}: {key}"

    def languages(self) -> list[str]:
        """Return the codes of the languages that it has a text in."""
        return sorted(path.stem for path in self.folder.glob("*.md") if re.fullmatch("[a-z]{2,3}", path.stem))

    def file(self, language: str) -> Path:
        """Return the file of its text in a language; raise TemplateError if there is none."""
        if language not in self.languages():
            hint = f"it has {', '.join(self.languages()) or 'none'}; write {self.folder / language}.md"
            raise TemplateError(f"template `{self.name}` has no text in `{language}`", hint=hint)
        return self.folder / f"{language}.md"

    def part(self, language: str, name: str) -> Path:
        """Return the file of a part: the template's own, else the one that all templates share."""
        for folder in (self.folder / language, self.shared / language):
            if name in _parts(folder):
                return folder / f"{name}.md"
        known = self.parts(language)
        hint = did_you_mean(name, known) or f"there are {', '.join(known)}"
        raise TemplateError(f"no part `{name}` in `{language}`", hint=hint)

    def parts(self, language: str) -> list[str]:
        """Return the names of the parts that it can include in a language."""
        return sorted({*_parts(self.folder / language), *_parts(self.shared / language)})


def _parts(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.md")}


def read_text(path: Path) -> str:
    """Return the Markdown of a file; raise TemplateError if it cannot be read or may hold tokens."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: {error}") from error
    if match := re.search(f"[{OPEN}{CLOSE}{SOFT}]", text):
        line = text[: match.start()].count("\n") + 1
        raise TemplateError(f"{path}:{line}: expected no private-use characters")
    return text


def template_names(folder: Path = TEMPLATES) -> list[str]:
    """Return the names of the templates of a folder, by default those that come with the package."""
    return sorted(path.parent.name for path in folder.glob(f"*/{SETTINGS}"))


def load_template(name: str, folder: Path = TEMPLATES) -> Template:
    """Return the template of a name in `folder`, or of a path; raise TemplateError if it does not hold."""
    known = template_names(folder)
    path = folder / name if name in known else Path(name)
    settings = path / SETTINGS
    if not settings.is_file():
        raise TemplateError(
            f"no template `{name}`", hint=did_you_mean(name, known) or f"there are {', '.join(known)}"
        )
    try:
        text = settings.read_text("utf-8")
        data = tomllib.loads(text)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(f"{settings}: {error}") from error
    lines = {key: find_line(text, settings.name, (key,)) or 1 for key in data}
    for key, value in data.items():
        check_setting(f"{settings}:{lines[key]}: {key}", key, value)
    values = {_FIELDS.get(key, key): _frozen(value) for key, value in data.items()}
    return Template(path.name, path, lines=lines, shared=folder / LANGUAGES.name, **values)


def check_setting(place: str, key: str, value: Any) -> None:
    """Raise TemplateError where a setting is not known or not what it must be."""
    if key not in _SETTINGS:
        raise TemplateError(f"{place}: unknown key", hint=did_you_mean(key, _SETTINGS))
    holds, expected = _SETTINGS[key]
    if not holds(value):
        raise TemplateError(f"{place}: expected {expected}, found `{str(value)[:60]}`")


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return {key.replace("-", "_"): size for key, size in value.items()} if isinstance(value, dict) else value


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def _is_switch(value: Any) -> bool:
    return isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10000


def _holds_sizes(*keys: str) -> Callable[[Any], bool]:
    def holds(value: Any) -> bool:
        return isinstance(value, dict) and all(
            key in keys and isinstance(size, (int, float)) and 0 < size < 2000 for key, size in value.items()
        )

    return holds


_PAGE = ("width", "height", "top", "bottom", "left", "right")
_SIZES = ("body", "leading", "small", "chart", "title", "heading-1", "heading-2")
_FIELDS = {"name": "title", "contents-from": "contents_from"}
_SETTINGS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "name": (_is_text, "a text"),
    "description": (_is_text, "a text"),
    "theme": (_is_text, "the name of a theme or the path of its file"),
    "headline": (_is_list, "a list of indicator ids"),
    "sections": (_is_list, "a list of parts"),
    "contents-from": (_is_count, "a number of sections"),
    "footnotes": (_is_switch, "true or false"),
    "compares": (_is_switch, "true or false"),
    "pages": (_is_count, "a number of pages"),
    "page": (_holds_sizes(*_PAGE), f"millimetres for {', '.join(_PAGE)}"),
    "sizes": (_holds_sizes(*_SIZES), f"points for {', '.join(_SIZES)}"),
}
"""What a setting must be, and how that is said; docs/templates.md explains each."""
