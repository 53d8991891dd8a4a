"""The one style of all charts: colours and sizes of a theme, and the fonts made for the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zonereport.fonts import FontSet
    from zonereport.theme import Theme


@dataclass(frozen=True, slots=True)
class Style:
    """What is drawn with: the theme, and the fonts made for the briefing's text."""

    theme: Theme
    fonts: FontSet

    @property
    def width(self) -> float:
        """Width of a chart in millimetres."""
        return self.theme.page.text_width
