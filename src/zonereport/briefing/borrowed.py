"""Words that stand in another language than the briefing: found in its text, and marked as such."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from zonereport.briefing.blocks import Run
from zonereport.charts.chart import Chart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from zonereport.briefing.blocks import Block, Runs


def mark_borrowed(blocks: tuple[Block, ...], borrowed: Mapping[str, str]) -> tuple[Block, ...]:
    """Return the blocks with a language (BCP 47) on each run of words that were borrowed from it.

    Screen readers and proofing tools need it (WCAG 2.2, success criterion 3.1.2).
    """
    if not borrowed:
        return blocks
    longest_first = sorted(borrowed, key=len, reverse=True)
    words = re.compile("|".join(map(_as_words, longest_first)))
    marked: tuple[Block, ...] = _mark(blocks, words, borrowed)
    return marked


def _as_words(text: str) -> str:
    """Return a pattern of the text that does not begin or end within a Latin word."""
    before = "(?<![A-Za-z])" if text[0].isascii() and text[0].isalpha() else ""
    after = "(?![A-Za-z])" if text[-1].isascii() and text[-1].isalpha() else ""
    return before + re.escape(text) + after


def _mark(value: Any, words: re.Pattern[str], borrowed: Mapping[str, str]) -> Any:
    if isinstance(value, tuple):
        if value and all(isinstance(entry, Run) for entry in value):
            return tuple(part for run in value for part in _parts(run, words, borrowed))
        return tuple(_mark(entry, words, borrowed) for entry in value)
    if is_dataclass(value) and not isinstance(value, (type, Chart, Run)):
        changed = {f.name: _mark(getattr(value, f.name), words, borrowed) for f in fields(value)}
        return replace(value, **changed)
    return value


def _parts(run: Run, words: re.Pattern[str], borrowed: Mapping[str, str]) -> Iterator[Run]:
    """Yield the run in parts of one language each."""
    if run.note:
        note: Runs = _mark(run.note, words, borrowed)
        yield replace(run, note=note)
        return
    if run.lang:
        yield run
        return
    position = 0
    for match in words.finditer(run.text):
        if match.start() > position:
            yield replace(run, text=run.text[position : match.start()])
        yield replace(run, text=match[0], lang=borrowed[match[0]])
        position = match.end()
    if position < len(run.text) or not run.text:
        yield replace(run, text=run.text[position:])
