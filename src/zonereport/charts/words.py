"""What the plans of several charts share: dates, sources and figures in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.charts.bars import Bar
from zonereport.charts.sheet import columns, cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from zonereport.language import Language
    from zonereport.zone.model import Figure, Source
    from zonereport.zone.quantity import Quantity

NAME = 96
"""The most columns of text that the name of a figure has in a chart."""


def sources_line(figures: Iterable[Figure], language: Language, extra: Iterable[Source] = ()) -> str:
    """Return "Source: CD22." for all sources of the figures."""
    ids = dict.fromkeys(source.id for figure in figures for source in figure.sources)
    ids |= dict.fromkeys(source.id for source in extra)
    return language.text("charts.source", sources=language.enumerate(ids))


def dates(figures: Iterable[Figure], language: Language) -> str:
    """Return the dates of the figures, each once: "December 2022"."""
    return language.enumerate(dict.fromkeys(language.period(figure.when) for figure in figures))


def named(figure: Figure, language: Language) -> str:
    """Return what a figure is called, with its flags: "R&D projects (period not stated)".

    A name too long for a chart is cut before its flags: no label may lose a qualifier.
    """
    flags = language.remarked("", language.flags(figure))
    return cut(language.name(figure), NAME - columns(flags)) + flags


def outcome_bars(figures: Sequence[Figure], language: Language) -> tuple[Bar, ...]:
    """Return a bar for each figure; where their dates differ, each label says its own."""
    differ = len({figure.when for figure in figures}) > 1
    return tuple(
        Bar(
            named(figure, language),
            quantity(figure),
            language.remarked(language.value(figure), [language.period(figure.when)] if differ else []),
        )
        for figure in figures
    )


def quantity(figure: Figure) -> Quantity:
    """Return the value of a figure that is known to have one."""
    from zonereport.zone.quantity import Quantity

    assert isinstance(figure.value, Quantity)
    return figure.value


def rows_in_words(figures: Sequence[Figure], language: Language, key: str) -> str:
    """Return a sentence a figure, for an alternative text."""
    return language.sentences(
        language.text(key, name=named(figure, language), value=language.value(figure)) for figure in figures
    )
