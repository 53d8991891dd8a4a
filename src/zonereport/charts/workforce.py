"""R&D workforce and projects: counts on one scale, with their ratio as the finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.charts.bars import Bars, height
from zonereport.charts.chart import Chart, Omitted
from zonereport.charts.words import dates, named, outcome_bars, rows_in_words, sources_line
from zonereport.series import is_outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.language import Language
    from zonereport.measures import Facts

SHOWN = ("staff", "rd-personnel", "rd-professionals", "overseas-returnees", "rd-projects")


def plan(facts: Facts, language: Language, headline: Sequence[str]) -> Chart | Omitted:
    """Return bars of the workforce and its projects; omitted with fewer than two known."""
    figures = [figure for id in SHOWN if (figure := facts.known(id)) and is_outcome(figure)]
    if len(figures) < 2:
        return Omitted("fewer than two counts of workforce and projects are published")
    ratio = facts.known("rd-projects-per-100-rd-professionals")
    title = (
        language.remarked(
            language.text("charts.workforce.title_ratio", ratio=language.value(ratio)), language.flags(ratio)
        )
        if ratio
        else language.text("charts.workforce.title")
    )
    bars = outcome_bars(figures, language)
    return Chart(
        id="workforce",
        title=title,
        subtitle=language.text("charts.workforce.subtitle", when=dates(figures, language)),
        source=sources_line(figures, language),
        alt=language.text(
            "charts.workforce.alt", rows=rows_in_words(figures, language, "charts.workforce.row")
        ),
        header=(language.text("tables.indicator"), language.text("tables.value")),
        rows=tuple((named(figure, language), language.value(figure)) for figure in figures),
        figures=tuple(figure.id for figure in figures),
        height=height(bars),
        draw=Bars(bars),
    )
