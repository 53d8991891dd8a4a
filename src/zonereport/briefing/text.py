"""The text of a briefing: every string it holds, for finding fonts and for comparing formats."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from zonereport.briefing.blocks import ChartBlock, Heading, Table, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zonereport.briefing.blocks import Briefing


def every_text(briefing: Briefing) -> str:
    """Return all strings of a briefing, its charts' labels too, one a line; not where its theme is."""
    return "\n".join(strings_of(replace(briefing, theme="")))


def find_characters(briefing: Briefing, codes: frozenset[int]) -> list[str]:
    """Return where any of the characters stands: the caption of a chart or table, or the section."""
    places: dict[str, None] = {}
    section = briefing.title
    for block in briefing.blocks:
        if isinstance(block, Heading) and block.level == 1:
            section = plain(block.runs)
        if any(codes.intersection(map(ord, text)) for text in strings_of(block)):
            places[block.caption.label if isinstance(block, (ChartBlock, Table)) else section] = None
    return list(places)


def strings_of(value: Any) -> Iterator[str]:
    """Yield the strings within dataclasses, tuples and lists; a chart's `draw` is such a dataclass."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, (tuple, list)):
            waiting += reversed(value)
        elif names := _fields(value.__class__):
            waiting += [getattr(value, name) for name in names]


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """Return the names of a dataclass's fields, the last first; none for another class."""
    return tuple(field.name for field in reversed(fields(kind))) if is_dataclass(kind) else ()
