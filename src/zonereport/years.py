"""The years in words: what a figure was revised from, and how a series grew, by which formula."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from zonereport.wording import change_in_a_cell, reasons
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from zonereport.language import Language
    from zonereport.series import Growth, Point
    from zonereport.zone.model import Figure


def revisions_in_words(point: Point, words: Language) -> list[str]:
    """Return what a point was revised from, each with its source: "2021 revised from 119 (YB-2021)"."""
    return [
        words.text(
            "series.revised_from",
            when=words.period(before.when),
            before=words.remarked(words.value(before), [*words.remarks(before), _sources(before, words)]),
        )
        for before in point.revised
    ]


def _sources(figure: Figure, words: Language) -> str:
    return words.enumerate(source.id for source in figure.sources)


def growth_in_cells(growth: Growth, words: Language) -> tuple[str, ...]:
    """Return a growth's two ends, the change, simple and compound annual growth, and what to know of them."""
    ends = (growth.found.before, growth.found.now)
    before, now = (
        words.remarked(words.value(figure), [*words.flags(figure), words.period(figure.when)])
        for figure in ends
    )
    return (
        words.text("changes.became", before=before, now=now),
        change_in_a_cell(replace(growth.found, percent=None), words),
        _simple(growth, words),
        _annual(growth, words),
        words.text("lists.remark").join(_remarks(growth, words)),
    )


def _remarks(growth: Growth, words: Language) -> list[str]:
    """Return the cautions about the two ends, and why there is simple growth but no compound one."""
    is_short = growth.simple is not None and growth.annual is None
    return [
        text
        for text in (reasons(growth.found, words), words.text("growth.short") if is_short else "")
        if text
    ]


def _simple(growth: Growth, words: Language) -> str:
    return _signed(growth.simple, words) if growth.simple else words.text("change.not_computed")


def _annual(growth: Growth, words: Language) -> str:
    if growth.annual is None:
        return words.text("change.not_computed")
    years = words.amount(Decimal(growth.years), "years")
    return words.text("growth.yearly", growth=_signed(growth.annual, words), years=years)


def _signed(percent: Quantity, words: Language) -> str:
    return ("+" if percent.number > 0 else "") + words.amount(percent.number, "percent")


def growth_formulas(growth: Growth, words: Language) -> list[tuple[str, str, str]]:
    """Return what is computed of a growth: what it is called, the result, the formula with its inputs."""
    first, last = (
        words.number(figure.value.number)
        for figure in (growth.found.before, growth.found.now)
        if isinstance(figure.value, Quantity)
    )
    computed = {
        "simple": _simple(growth, words) if growth.simple else "",
        "annual": _annual(growth, words) if growth.annual else "",
    }
    name = words.name(growth.found.now)
    return [
        (
            words.text("tables.part", name=name, part=words.text(f"growth.{key}")),
            result,
            words.text(f"growth.{key}_formula", first=first, last=last, years=growth.years),
        )
        for key, result in computed.items()
        if result
    ]
