"""Real list numbering: one definition for bullets, one for numbers, an instance for each numbered list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.render.word.styles import INDENT, LIST_STYLES
from zonereport.render.word.wml import W, colour, w

if TYPE_CHECKING:
    from zonereport.render.word.references import Job
    from zonereport.theme import Theme

LEVELS = 9
"""Word's numbering has nine levels."""

BULLETS, NUMBERS = 1, 2
"""The definitions, and the instances of them that the list styles name."""

_MARKS = ("•", "–", "·")


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


def start_list(job: Job, level: int) -> int:
    """Return the id of a new instance of the numbers, which starts at 1 on its level."""
    key = next(job.lists)
    first = w("lvlOverride", w("startOverride", val=1), ilvl=level)
    job.document.part.numbering_part.element.append(
        w("num", w("abstractNumId", val=NUMBERS), first, numId=key)
    )
    return key
