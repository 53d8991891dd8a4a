"""Patents and achievements: counts on one scale, lower bounds with an open end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.charts.bars import Bars, height
from zonereport.charts.chart import Chart, Omitted
from zonereport.charts.words import (
    dates,
    named,
    outcome_bars,
    quantity,
    rows_in_words,
    sources_line,
)
from zonereport.series import is_outcome
from zonereport.zone.quantity import INFINITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.language import Language
    from zonereport.measures import Facts

MOST = 6


def plan(facts: Facts, language: Language, headline: Sequence[str]) -> Chart | Omitted:
    """Return bars of the published counts of the section; omitted with fewer than two known."""
    figures = [
        figure
        for figure in facts.section("patents")
        if facts.published(figure.id) and figure.indicator.unit == "number" and is_outcome(figure)
    ][:MOST]
    if len(figures) < 2:
        return Omitted("fewer than two counts of patents and achievements are published")
    bars = outcome_bars(figures, language)
    subtitle = language.text("charts.patents.subtitle", when=dates(figures, language))
    if any(quantity(figure).high.value == INFINITY for figure in figures):
        subtitle += ". " + language.text("charts.patents.open")
    return Chart(
        id="patents",
        title=language.text(
            "charts.patents.title", a=language.sentence(figures[0]), b=language.sentence(figures[1])
        ),
        subtitle=subtitle.removesuffix("."),
        source=sources_line(figures, language),
        alt=language.text("charts.patents.alt", rows=rows_in_words(figures, language, "charts.patents.row")),
        header=(language.text("tables.indicator"), language.text("tables.value")),
        rows=tuple((named(figure, language), language.value(figure)) for figure in figures),
        figures=tuple(figure.id for figure in figures),
        height=height(bars),
        draw=Bars(bars),
    )
