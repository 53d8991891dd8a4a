"""Real list numbering: one definition for bullets, one for numbers, an instance for each numbered list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from zonereport.render.word.styles import INDENT, LIST_STYLES
from zonereport.render.word.wml import Element, W, colour, w

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zonereport.render.word.references import Job
    from zonereport.theme import Theme

LEVELS = 9
"""Word's numbering has nine levels."""

BULLETS, NUMBERS = 1, 2
"""The definitions, and the instances of them that the list styles name."""

_MARKS = ("•", "–", "·")


@dataclass(frozen=True, slots=True)
class Lists:
    """Where the list definitions of a document are: those of `write_numbering`, or moved in a template."""

    bullets: int = BULLETS
    """The instance of the bullets."""
    numbers: int = NUMBERS
    """The definition of the numbers."""
    first: int = NUMBERS + 1
    """The first instance that is free."""
    own: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """The definition and level of list styles (by our ids) that a template numbers itself."""


def write_numbering(theme: Theme) -> str:
    """Return `word/numbering.xml`."""
    bullets = "".join(_level(n, "bullet", "ListBullet", _MARKS[n % 3], theme) for n in range(LEVELS))
    numbers = "".join(_level(n, "decimal", "ListNumber", f"%{n + 1}.", theme) for n in range(LEVELS))
    kinds = ((BULLETS, bullets), (NUMBERS, numbers))
    return (
        f'<w:numbering xmlns:w="{W}">'
        + "".join(
            f'<w:abstractNum w:abstractNumId="{key}"><w:multiLevelType w:val="multilevel"/>'
            f"{levels}</w:abstractNum>"
            for key, levels in kinds
        )
        + "".join(f'<w:num w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>' for key, _ in kinds)
        + "</w:numbering>"
    )


def _level(number: int, form: str, style: str, mark: str, theme: Theme) -> str:
    suffix = str(number + 1) if number else ""
    named = f'<w:pStyle w:val="{style}{suffix}"/>' if number < LIST_STYLES else ""
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{named}'
        f'<w:lvlText w:val="{mark}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{INDENT * (number + 1)}" w:hanging="{INDENT}"/></w:pPr>'
        f'<w:rPr><w:color w:val="{colour(theme.colours.accent)}"/></w:rPr></w:lvl>'
    )


def number_item(style: str, level: int, instance: int | None) -> Element | None:
    """Return the numbering of an item; None for what its style says already."""
    if instance is None:
        return None
    return w("numPr", w("ilvl", val=level), w("numId", val=instance))


def start_list(style: str, level: int, *, ordered: bool, job: Job) -> tuple[int, int | None]:
    """Return level and instance for the items of a new list; a numbered one starts at 1.

    A template's own list style keeps its own bullet or number.
    """
    lists = job.base.lists
    own = lists.own.get(style) if level < LIST_STYLES else None  # deeper lists share the last style
    if not ordered:
        return level, lists.bullets if own is None else None
    definition, place = own or (lists.numbers, level)
    key = next(job.lists)
    first = w("lvlOverride", w("startOverride", val=1), ilvl=place)
    instance = w("num", w("abstractNumId", val=definition), first, numId=key)
    numbering = job.document.part.numbering_part.element
    end = numbering.find(qn("w:numIdMacAtCleanup"))
    if end is None:
        numbering.append(instance)
    else:
        end.addprevious(instance)
    return place, key
