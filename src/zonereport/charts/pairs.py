"""Charts of two snapshots: the same chart of each, on one scale where it has one, or one chart over both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from zonereport.charts.bars import Bars
from zonereport.charts.chart import Chart, Omitted
from zonereport.charts.milestones import Timeline
from zonereport.charts.registry import CHARTS
from zonereport.measures import Facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.language import Language
    from zonereport.zone.model import Zone

OVER_YEARS = "trends"
"""The chart that is no pair: of two snapshots, bars on one scale and the headline say the same."""


def plan_pairs(facts: Facts, language: Language, ids: Sequence[str]) -> dict[str, Chart | Omitted]:
    """Return, by name, each chart of both snapshots, the earlier one's first; one where both are the same.

    A chart that neither can draw alone is drawn over both, if that can be; what one alone can draw is
    omitted. `ids` are the figures to set beside each other; the headline shows those that no other
    chart over both has.
    """
    assert facts.before is not None
    zones = (facts.before.zone, facts.zone)
    planned: dict[str, Chart | Omitted] = {}
    over_both: set[str] = set()
    for id in sorted((id for id in CHARTS if id != OVER_YEARS), key="headline".__eq__):
        match [CHARTS[id](Facts(zone), language, ids) for zone in zones]:
            case Chart() as before, Chart() as now if _show_the_same(before, now):
                both = language.enumerate(language.snapshot(zone.edition) for zone in zones)
                planned[id] = _titled(now, both, "", language)
            case Chart() as before, Chart() as now:
                pair = zip(zones, _labelled((before, now), zones, language), strict=True)
                planned |= {f"{id}-{zone.edition.name}": chart for zone, chart in pair}
            case Omitted(), Omitted():
                left = [figure for figure in ids if figure not in over_both]
                planned[id] = chart = CHARTS[id](facts, language, left)
                over_both |= set(chart.figures) if isinstance(chart, Chart) else set()
            case before, _:
                alone = language.snapshot(zones[isinstance(before, Omitted)].edition)
                planned[id] = Omitted(f"only {alone} has the figures for it")
    return planned


def _labelled(pair: tuple[Chart, Chart], zones: tuple[Zone, Zone], language: Language) -> list[Chart]:
    """Return two charts that say in their titles whose they are, and below what scale they have."""
    before, now = _on_one_scale(*pair)
    scale = ""
    if isinstance(now.draw, Bars):
        scale = language.text("charts.beside.one_scale")
    elif isinstance(now.draw, Timeline):
        scale = language.text("charts.beside.own_axis")
    return [
        _titled(chart, language.snapshot(zone.edition), scale, language)
        for chart, zone in zip((before, now), zones, strict=True)
    ]


def _titled(chart: Chart, snapshot: str, remark: str, language: Language) -> Chart:
    title, alt = (
        language.text("charts.beside.title", snapshot=snapshot, title=text)
        for text in (chart.title, chart.alt)
    )
    subtitle = language.text("lists.remark").join(filter(None, (chart.subtitle, remark)))
    return replace(chart, title=title, alt=alt, subtitle=subtitle)


def _show_the_same(before: Chart, now: Chart) -> bool:
    """Whether two charts differ in nothing that a reader sees."""
    return replace(before, draw=now.draw) == now


def _on_one_scale(before: Chart, now: Chart) -> tuple[Chart, Chart]:
    """Return two charts of bars with room for the longest bar of both; others as they are."""
    match before.draw, now.draw:
        case Bars() as a, Bars() as b:
            return (
                replace(before, draw=replace(a, beside=b.bars)),
                replace(now, draw=replace(b, beside=a.bars)),
            )
    return before, now
