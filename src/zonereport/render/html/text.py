"""Runs of text: marked up, linked, and their footnotes gathered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zonereport.briefing.blocks import plain as words_of
from zonereport.render.addresses import safe_address
from zonereport.render.html.elements import Markup, element, join, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zonereport.briefing.blocks import Run, Runs
    from zonereport.render.html.anchors import Anchors

_LANGUAGE = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def plain(runs: Iterable[Run]) -> str:
    """Return the runs' text alone, on one line and without marks of footnotes."""
    return " ".join(words_of(runs).split())


def language_code(language: str) -> str:
    """Return the code if it is one (BCP 47), or empty."""
    return language if _LANGUAGE.fullmatch(language) else ""


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote with the id of its own place and of the mark that leads to it."""

    run: Run
    anchor: str
    mark: str


@dataclass(slots=True)
class Writer:
    """Writes runs of one page; `notes` grows with each footnote met."""

    anchors: Anchors
    language: str
    notes: list[Note] = field(default_factory=list)
    _met: dict[Run, Note] = field(default_factory=dict)

    def runs(self, runs: Runs) -> Markup:
        """Return the runs as HTML."""
        return join([self._run(run) for run in runs])

    def _run(self, run: Run) -> Markup:
        if run.note:
            return self._mark(run)
        inner = text(run.text)
        if run.emphasis:
            inner = element("em", inner)
        if run.strong:
            inner = element("strong", inner)
        inner = self._link(run, inner)
        language = language_code(run.lang) if run.lang != self.language else ""
        figure = run.figure if run.text else ""
        return element("span", inner, lang=language, data_figure=figure) if language or figure else inner

    def _link(self, run: Run, inner: Markup) -> Markup:
        if href := safe_address(run.href):
            # where the text is the address, print need not repeat it
            kind = None if run.text.strip() == run.href.strip() else "named"
            return element("a", inner, class_=kind, href=href, rel="noopener noreferrer")
        if target := self.anchors.target(run.ref):
            return element("a", inner, href=f"#{target}")
        return inner

    def _mark(self, run: Run) -> Markup:
        """Return a footnote's mark; the same note met again leads to the same place."""
        seen = self._met.get(run)
        note = seen or Note(run, self.anchors.make("note"), self.anchors.make("note-mark"))
        if not seen:
            self._met[run] = note
            self.notes.append(note)
        own = None if seen else note.mark
        mark = element("a", run.text, id=own, href=f"#{note.anchor}", role="doc-noteref")
        return element("sup", mark, class_="mark")
