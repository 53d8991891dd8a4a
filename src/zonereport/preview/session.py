"""What is previewed: its files, the last good version, and the error that keeps the next one away."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zonereport.api import compose, file_name, load, preflight, render
from zonereport.briefing.template import SETTINGS, load_template, template_names
from zonereport.errors import InputError, Problem, ZonereportError
from zonereport.language import language_codes, load_language
from zonereport.preview.pages import Pages
from zonereport.resources import TEMPLATES
from zonereport.theme import load_theme
from zonereport.zone.reading import find_zone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from zonereport.briefing.blocks import Briefing

GRACE = 0.2
"""Seconds that an error must last to be shown: editors remove or empty a file for a moment to save it."""
QUIET = 0.5
"""Seconds without another save before the PDF is drawn, which the next HTML would have to wait for."""
SUFFIXES = {".toml", ".md", ".svg", ".png", ".jpg", ".jpeg", ".ttf", ".otf"}
"""What templates and themes are made of; an editor's backup and swap files are not among them."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a briefing is made from, and how."""

    zone: Path
    previous: tuple[Path, ...] = ()
    template: str = "briefing"
    language: str = "en"
    theme: str | None = None
    date: date | None = None
    stamp: datetime | None = None

    def compose(self) -> Briefing:
        """Return the briefing as its files say it now; errors as in `api.compose`."""
        return compose(
            load(self.zone),
            previous=[load(path) for path in self.previous],
            template=self.template,
            language=self.language,
            theme=self.theme,
            date=self.date,
            stamp=self.stamp,
        )

    def files(self, theme: str) -> frozenset[Path]:
        """Return the files that the briefing in a theme depends on, whether they are there or not."""
        found = [*TEMPLATES.rglob("*")]
        if self.template not in template_names():
            # two levels hold a template; it may stand in a folder with much more below
            folder = Path(self.template)
            found += [folder / SETTINGS, *folder.glob("*"), *folder.glob("*/*")]
        if theme.endswith(".toml"):
            found += [Path(theme), *Path(theme).parent.glob("*")]
        parts = (path for path in found if path.suffix.lower() in SUFFIXES and path.name[0] != ".")
        return frozenset((self.zone, *self.previous, *parts))


def find_recipe(
    zone: str,
    *,
    previous: Sequence[str] = (),
    template: str = "briefing",
    language: str = "en",
    theme: str | None = None,
    date: date | None = None,
    stamp: datetime | None = None,
) -> Recipe:
    """Return the recipe of what is given by name or path.

    A name that nothing has is an error at once, as in `api.load` and `api.compose`, for no edit mends it;
    a file that does not hold is not.
    """
    paths = [find_zone(name) for name in (zone, *previous)]
    for path in (*paths, *([Path(theme)] if theme and theme.endswith(".toml") else [])):
        if not path.is_file():
            raise InputError(str(path), [Problem("no such file")])
    if template not in template_names() and not Path(template, SETTINGS).is_file():
        load_template(template)
    if language not in language_codes():
        load_language(language)
    if theme and not theme.endswith(".toml"):
        load_theme(theme)
    return Recipe(paths[0], tuple(paths[1:]), template, language, theme, date, stamp)


@dataclass(frozen=True, slots=True)
class State:
    """What is shown: the last good HTML and PDF pages, and what is wrong since."""

    file: str
    build: int = 0
    """Counts the versions of the HTML; 0 if there is none yet."""
    html: bytes = b""
    seconds: float = 0
    """How long the HTML took."""
    pages_build: int = 0
    """The build that the PDF pages are of: the HTML's, or an earlier one while they are drawn."""
    pages: Pages | None = None
    warnings: tuple[str, ...] = ()
    error: str = ""
    busy: bool = True

    def report(self) -> dict[str, Any]:
        """Return what the shell page needs to know, as JSON has it."""
        return {
            "file": self.file,
            "build": self.build,
            "seconds": round(self.seconds, 2),
            "pagesBuild": self.pages_build,
            "pages": self.pages.sizes if self.pages else [],
            "warnings": self.warnings,
            "error": self.error,
            "busy": self.busy,
        }


class Session:
    """One preview: builds when it is touched, one build at a time, and keeps the last good version."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.state = State(recipe.zone.name)
        """Replaced as a whole, by the thread that builds; to be read from any thread."""
        self.ended = threading.Event()
        self._wanted = threading.Event()
        self._theme = recipe.theme or ""
        """The last good version's theme: its template names one if nobody else does."""
        self.touch()

    def files(self) -> frozenset[Path]:
        """Return the files that the next version will depend on."""
        return self.recipe.files(self._theme)

    def touch(self) -> None:
        """Ask for a build; one that is under way is followed by another."""
        self._wanted.set()

    def end(self) -> None:
        """End the building after the step that is under way."""
        self.ended.set()
        self._wanted.set()

    def run(self) -> None:
        """Build whenever it is asked for, until the end."""
        while True:
            self._wanted.wait()
            if self.ended.is_set():
                return
            self._wanted.clear()
            self._publish(busy=True)
            try:
                self._build()
            except Exception as error:
                if not self._wanted.wait(GRACE):
                    self._publish(error=explain(error), busy=False)

    def _build(self) -> None:
        """Publish the HTML as soon as it is there, then the pages, unless something was saved since."""
        started = time.monotonic()
        briefing = self.recipe.compose()
        self._theme = briefing.theme
        html = render(briefing, "html")
        build = self.state.build + 1
        self._publish(build=build, html=html, seconds=time.monotonic() - started, error="")
        if self._wanted.wait(QUIET):
            return
        warnings = tuple(finding.describe() for finding in preflight(briefing))
        self._publish(warnings=warnings)
        if self._wanted.is_set():
            return
        pages = Pages(render(briefing, "pdf"), file_name(briefing, "pdf"))
        self._publish(pages=pages, pages_build=build, busy=False)

    def _publish(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)


def explain(error: Exception) -> str:
    """Return what the command line would say of an error."""
    if isinstance(error, ZonereportError):
        return error.describe()
    return (
        f"internal error: {type(error).__name__}: {error}\n"
        "  hint: this is a fault of zonereport; `ZONEREPORT_TRACEBACK=1 zonereport generate` shows where, "
        "please report it"
    )
