"""The text of a briefing: every string it holds, for finding fonts and for comparing formats."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zonereport.briefing.blocks import Briefing


def every_text(briefing: Briefing) -> str:
    """Return all strings of a briefing, its charts' labels too, one a line."""
    return "\n".join(_strings(briefing))


def _strings(value: Any) -> Iterator[str]:
    """Yield the strings within dataclasses, tuples and lists; a chart's `draw` is such a dataclass."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _strings(item)
