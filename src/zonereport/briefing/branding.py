"""A briefing under a theme: the institution's words, logo and way to number pages become part of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from zonereport.theme import words_in

if TYPE_CHECKING:
    from zonereport.briefing.blocks import Briefing
    from zonereport.theme import Theme


def put_under(theme: Theme, briefing: Briefing) -> Briefing:
    """Return the briefing with what a theme says on every page, in the briefing's language.

    It stands in the briefing, not in the style, because fonts are made for all text of a briefing.
    """
    brand, layout = theme.brand, theme.layout
    return replace(
        briefing,
        theme=theme.name,
        classification=words_in(brand.classification, briefing.language),
        footer=words_in(brand.footer, briefing.language) if brand.footer else briefing.footer,
        logo=brand.logo,
        page_pattern=layout.page_number or briefing.page_pattern,
        running_head=briefing.running_head if layout.running_head else ("", ""),
    )
