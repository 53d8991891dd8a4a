"""What the text of two briefings says in other words: passages side by side, their figures set aside."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

from zonereport.briefing.blocks import (
    Callout,
    Columns,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Run,
    TitleBlock,
    plain,
)
from zonereport.briefing.markdown import merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from zonereport.briefing.blocks import Block, Briefing, Runs

MOST_PASSAGES = 2000
"""Passages of a text that are looked at: more would take minutes."""
MOST_REWORDINGS = 60
MOST_CHARACTERS = 600
"""Characters of a passage that are shown."""
MOST_PAIRS = 4000
"""Passages times passages between two that stayed, up to which each is tried with each."""
ALIKE = 0.5
"""From which part of common words on two passages are one that was changed."""

_EAST_ASIAN = "\u3400-\u9fff\uf900-\ufaff"
_WORDS = re.compile(rf"⟨[^⟩]*⟩|[{_EAST_ASIAN}]|[^\W{_EAST_ASIAN}]+|\s+|[^\w\s]")
_REFERENCE = "\ue003"
"""Stands where a text refers to a chart; neither data nor templates can hold it."""
_REFERRED = re.compile(rf"\s*[(（][^()（）]*{_REFERENCE}[^()（）]*[)）]")
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Rewording:
    """A passage that only one text has, or that both have in other words."""

    standing: Literal["changed", "added", "removed"]
    section: str
    """The heading that it stands under."""
    before: Runs
    now: Runs
    """The passage in each text, what differs between the two in bold; empty where it is not."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What two texts say in other words, in reading order."""

    rewordings: tuple[Rewording, ...]
    left_out: int
    """How many more there are."""
    borrowed: tuple[tuple[str, str], ...] = ()
    """Words of the two texts that stand in another language, and which."""


@dataclass(frozen=True, slots=True)
class _Passage:
    section: str
    text: str
    masked: str
    """The text with each figure as its id and the snapshot's year as a sign."""
    kind: str
    figures: frozenset[str]
    """The ids of the figures that it says."""


def find_rewordings(now: Briefing, before: Briefing) -> Wording:
    """Return what a briefing says in other words than an earlier one: headings, paragraphs, list items.

    A passage whose only difference is a figure, the number of a chart or table or the snapshot's own
    year is not reworded; nor is one that stands elsewhere. Tables, charts and footnotes are not looked at.
    """
    earlier, later = list(_passages(before))[:MOST_PASSAGES], list(_passages(now))[:MOST_PASSAGES]
    matcher = SequenceMatcher(None, [p.masked for p in earlier], [p.masked for p in later], autojunk=False)
    apart = [(earlier[a:b], later[c:d]) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal"]
    gone, come = (Counter(p.masked for pair in apart for p in pair[side]) for side in (0, 1))
    moved = gone & come
    here, there = Counter(moved), Counter(moved)
    found = [
        rewording
        for old, new in apart
        for rewording in _reworded(list(_without(old, here)), list(_without(new, there)))
    ]
    found = list(_without_bare_headings(found))
    left_out = max(0, len(found) - MOST_REWORDINGS)
    return Wording(tuple(found[:MOST_REWORDINGS]), left_out, (*before.borrowed, *now.borrowed))


def _without(passages: Iterable[_Passage], moved: Counter[str]) -> Iterator[_Passage]:
    """Yield the passages that do not merely stand elsewhere in the other text."""
    for passage in passages:
        if moved[passage.masked]:
            moved[passage.masked] -= 1
        else:
            yield passage


def _without_bare_headings(found: Sequence[Rewording]) -> Iterator[Rewording]:
    """Yield the passages without new or removed headings under which others stand that name them."""
    named = Counter((rewording.standing, rewording.section) for rewording in found)
    for rewording in found:
        key = (rewording.standing, rewording.section)
        is_heading = plain(rewording.now or rewording.before) == rewording.section
        if rewording.standing == "changed" or not is_heading or named[key] == 1:
            yield rewording


def _reworded(old: Sequence[_Passage], new: Sequence[_Passage]) -> Iterator[Rewording]:
    """Yield what became of passages that stand between two that stayed, in reading order."""
    first = 0
    for passage in old:
        candidates = new[first:] if len(old) * len(new) <= MOST_PAIRS else new[first : first + 1]
        likeness = [_likeness(passage, other) for other in candidates]
        if likeness and max(likeness) >= ALIKE:
            place = first + likeness.index(max(likeness))
            yield from map(_added, new[first:place])
            yield _changed(passage, new[place])
            first = place + 1
        else:
            yield Rewording("removed", passage.section, (Run(_cut(passage.text)),), ())
    yield from map(_added, new[first:])


def _added(passage: _Passage) -> Rewording:
    return Rewording("added", passage.section, (), (Run(_cut(passage.text)),))


def _likeness(a: _Passage, b: _Passage) -> float:
    """Return which part of the words of two passages is common, from 0 to 1.

    Passages about other figures have nothing in common: 2,410 patents granted did not become 1,057 held.
    """
    if a.kind != b.kind or ((a.figures or b.figures) and not a.figures & b.figures):
        return 0.0
    if a.figures and a.figures == b.figures:
        return 1.0
    matcher = SequenceMatcher(None, _said(a), _said(b), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def _said(passage: _Passage) -> list[str]:
    """Return the words of a passage without figures, signs and spaces."""
    return [word for word in _words(passage.masked.removeprefix(f"{passage.kind}: ")) if word[0].isalnum()]


def _changed(before: _Passage, now: _Passage) -> Rewording:
    """Return a passage in its two wordings, what differs in bold."""
    old, new = _words(before.text), _words(now.text)
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    stretches = [
        ("".join(old[a:b]), "".join(new[c:d]), kind != "equal" or len("".join(old[a:b]).strip()) < 2)
        for kind, a, b, c, d in opcodes
    ]
    gone = [Run(text, strong=differs) for text, _, differs in stretches]
    come = [Run(text, strong=differs) for _, text, differs in stretches]
    return Rewording("changed", now.section, merge(gone), merge(come))


def _words(text: str) -> list[str]:
    """Return words, signs and spaces, as much of them as is shown; each Chinese character is a word."""
    return _WORDS.findall(_cut(text))


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1].rstrip()}…"


# Passages


def _passages(briefing: Briefing) -> Iterator[_Passage]:
    """Yield the passages of a briefing in reading order, each with the heading above it."""
    match = _YEAR.search(briefing.snapshot)
    year = re.compile(rf"(?<!\d){match[0]}(?!\d)") if match else re.compile(r"(?!)")
    section = briefing.title
    for kind, given in _texts(briefing.blocks):
        runs = [run for run in given if not run.note and not (run.href and run.href == run.text)]
        text = _without_references("".join(_REFERENCE if run.ref else run.text for run in runs))
        masked = _without_references("".join(_masked(run, year) for run in runs))
        if kind == "heading":
            section = text
        if text:
            figures = frozenset(run.figure for run in runs if run.figure)
            yield _Passage(section, text, f"{kind}: {masked}", kind, figures)


def _masked(run: Run, year: re.Pattern[str]) -> str:
    if run.ref:
        return _REFERENCE
    return f"⟨{run.figure}⟩" if run.figure else year.sub("⟨⟩", run.text)


def _without_references(text: str) -> str:
    """Return a text without "(Figure 1)": another text numbers its figures otherwise."""
    return _REFERRED.sub("", text).replace(_REFERENCE, "…").strip()


def _texts(blocks: Iterable[Block]) -> Iterator[tuple[str, Runs]]:
    """Yield kind and runs of each text; of the head the title, the subtitle and what bears no date."""
    for block in blocks:
        match block:
            case TitleBlock():
                yield "title", (Run(block.title),)
                yield "title", (Run(block.subtitle),)
                for label, runs in block.facts:
                    if not any(character.isdigit() for character in plain(runs)):
                        yield "title", (Run(f"{label}: "), *runs)
            case Heading():
                yield "heading", block.runs
            case Paragraph():
                yield "text", block.runs
            case Listing():
                for item in block.items:
                    yield from _texts(item)
            case Quote():
                yield from _texts(block.blocks)
                yield "text", block.attribution
            case Callout():
                yield "heading", (Run(block.title),)
                yield from _texts(block.blocks)
            case Columns():
                for column in block.columns:
                    yield from _texts(column)
