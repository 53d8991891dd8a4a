"""The charts a template may place, by name: to add one, write its file and its line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.charts import (
    contracts,
    headline,
    milestones,
    patents,
    peers,
    platforms,
    sectors,
    trends,
    workforce,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from zonereport.charts.chart import Chart, Omitted
    from zonereport.language import Language
    from zonereport.measures import Facts

CHARTS: Mapping[str, Callable[[Facts, Language, Sequence[str]], Chart | Omitted]] = {
    "headline": headline.plan,
    "platforms": platforms.plan,
    "workforce": workforce.plan,
    "patents": patents.plan,
    "contracts": contracts.plan,
    "sectors": sectors.plan,
    "milestones": milestones.plan,
    "trends": trends.plan,
    "peers": peers.plan,
}
"""Each plans its chart from the facts, in a language, knowing the ids of the headline figures."""
