"""Trends: each indicator that several snapshots publish, at its own dates, joined only where comparable."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from string import ascii_lowercase
from typing import TYPE_CHECKING

from zonereport.charts.axis import in_years
from zonereport.charts.chart import Chart, Omitted
from zonereport.charts.multiples import Link, Mark, Multiples, Row, Shape
from zonereport.charts.sheet import cut
from zonereport.charts.words import NAME, quantity, sources_line
from zonereport.series import dated, find_series, is_joined, is_outcome
from zonereport.wording import change_in_a_sentence, reasons
from zonereport.years import revisions_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from zonereport.language import Language
    from zonereport.measures import Comparison, Facts
    from zonereport.series import Point, Series
    from zonereport.zone.model import Figure

ROOM = 170.0
"""The greatest height in millimetres: a page with title and notes holds no more."""
LABELLED = 6
"""Points of a series up to which each has a label."""
UNSURE = frozenset({"provisional", "estimated", "unreliable"})
"""Status of figures whose mark is open although they are one number."""


def plan(facts: Facts, language: Language, headline: Sequence[str]) -> Chart | Omitted:
    """Return a row an indicator; omitted where no indicator is published for two times."""
    found = [series for series in find_series(facts) if len({point.at for point in series.points}) > 1]
    if not found:
        return Omitted(language.text("charts.trends.none"))
    order = {id: place for place, id in enumerate(headline)}
    leading = sorted(found, key=lambda series: order.get(series.id, len(order)))
    fitting = {series.id: series for series in _fitting(leading, language)}
    if not fitting:
        return Omitted(language.text("charts.trends.too_tall"))
    shown = [series for series in found if series.id in fitting]
    signs = _signs()
    draw = Multiples(tuple(_row(series, language, signs) for series in shown))
    table = [cells for series in shown for cells in _cells(series, language)]
    figures = [figure for s in shown for p in s.points for figure in (p.figure, *p.earlier)]
    return Chart(
        id="trends",
        title=_title([*fitting.values()], language),
        subtitle=language.sentences(_legend(draw, len(found) - len(shown), language)),
        source=sources_line(figures, language),
        alt=language.text("charts.trends.alt", rows=language.sentences(_in_words(table, language))),
        header=tuple(language.text(f"tables.{name}") for name in ("indicator", "when", "value", "remarks")),
        rows=tuple(table),
        figures=tuple(series.id for series in shown),
        height=draw.height,
        draw=draw,
    )


def _fitting(series: Sequence[Series], language: Language) -> list[Series]:
    """Return as many series as the room holds, the first ones first."""
    fitting: list[Series] = []
    for one in series:
        rows = Multiples(tuple(_row(each, language, _signs()) for each in (*fitting, one)))
        if rows.height <= ROOM:
            fitting.append(one)
    return fitting


def _signs() -> Iterator[str]:
    """Yield the signs of notes: [a] to [z], then [aa] and so on."""
    return (f"[{letter * times}]" for times in count(1) for letter in ascii_lowercase)


def _row(series: Series, language: Language, signs: Iterator[str]) -> Row:
    """Return the row of a series; each reason for a break or a doubt is a note with a sign at its figure."""
    joints = {id(joint.now): joint for joint in series.joints}
    places = {id(point.figure): place for place, point in enumerate(series.points)}
    labelled = _labelled(series)
    marks: list[Mark] = []
    notes: dict[str, str] = {}
    for place, point in enumerate(series.points):
        joint = joints.get(id(point.figure))
        why = [*([reasons(joint, language)] if joint else []), *revisions_in_words(point, language)]
        said = language.text("lists.remark").join(filter(None, why))
        sign = notes.get(said) or next(signs) if said else ""
        if said:
            notes[said] = sign
        mark = _mark(point, language, sign, has_label=place in labelled or bool(sign))
        if joint:
            mark = replace(mark, link=_link(joint), after=places[id(joint.before)])
        marks.append(mark)
    last = series.points[-1].figure
    return Row(
        cut(language.name(last), NAME),
        tuple(marks),
        tuple(f"{sign} {said}" for said, sign in notes.items()),
        best_is_low=last.indicator.kind == "rank",
    )


def _labelled(series: Series) -> set[int]:
    """Return the places of points with a label: all, or of many the ends, extremes and qualified ones."""
    points = series.points
    places = range(len(points))
    if len(points) <= LABELLED:
        return set(places)
    values = [quantity(point.figure).number for point in points]
    ends = {0, len(points) - 1, values.index(min(values)), values.index(max(values))}
    return ends | {place for place in places if _shape(points[place].figure) != "exact"}


def _mark(point: Point, language: Language, sign: str, *, has_label: bool) -> Mark:
    figure = point.figure
    known = quantity(figure)
    is_range = known.qualifier == "range"
    undated = [] if dated(figure) else [language.period(figure.when)]
    revised = [language.text("status.revised")] if point.revised else []
    flags = dict.fromkeys([*language.flags(figure), *undated, *revised])
    return Mark(
        in_years(point.at.start),
        in_years(point.at.end),
        float(known.low.value if is_range else known.number),
        float(known.high.value if is_range else known.number),
        _shape(figure),
        f"{language.value(figure)} {sign}".rstrip() if has_label else "",
        language.text("lists.remark").join(flags) if has_label else "",
    )


def _shape(figure: Figure) -> Shape:
    if not is_outcome(figure):
        return "aim"
    match quantity(figure).qualifier:
        case "more_than" | "at_least":
            return "lower"
        case "less_than" | "up_to":
            return "upper"
        case "range":
            return "range"
    return "open" if figure.status & UNSURE or not quantity(figure).is_exact else "exact"


def _link(joint: Comparison) -> Link:
    if joint.standing != "comparable":
        return "break"
    if not is_joined(joint):
        return ""
    return "care" if joint.reasons else "line"


def _cells(series: Series, language: Language) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row of the table for each point: what, when, how much, and what must be known of it."""
    joints = {id(joint.now): joint for joint in series.joints}
    for point in series.points:
        figure = point.figure
        joint = joints.get(id(figure))
        why = [*revisions_in_words(point, language), *([reasons(joint, language)] if joint else [])]
        value = language.remarked(language.value(figure), language.flags(figure))
        remark = language.text("lists.remark").join(filter(None, why)) or language.text("tables.none")
        yield language.name(figure), language.period(figure.when), value, remark


def _in_words(table: Iterable[tuple[str, str, str, str]], language: Language) -> Iterator[str]:
    for name, when, value, remark in table:
        yield language.text("charts.trends.row", name=name, when=when, value=value, remark=remark)


def _title(series: Sequence[Series], language: Language) -> str:
    """Return the latest change of the first series that is joined, else of the first one."""
    joints = [one.joints[-1] for one in series if one.joints]
    joint = next(filter(is_joined, joints), joints[0] if joints else None)
    if joint is None:
        return language.text("charts.trends.title")
    return language.text(
        "charts.headline.title",
        now=language.titled(joint.now),
        change=change_in_a_sentence(joint, language),
    )


def _legend(draw: Multiples, left_out: int, language: Language) -> Iterator[str]:
    """Yield what is shown, then what each kind of mark and line that is drawn means."""
    yield language.text("charts.trends.subtitle")
    marks = [mark for row in draw.rows for mark in row.marks]
    drawn: set[str] = {mark.link for mark in marks} | {mark.shape for mark in marks}
    drawn |= {"rank" for row in draw.rows if row.best_is_low}
    for key, kinds in LEGEND.items():
        if drawn & kinds:
            yield language.text(f"charts.trends.{key}")
    if left_out:
        yield language.text("charts.trends.more", n=left_out)


LEGEND = {
    "care": {"care"},
    "break": {"break"},
    "bound": {"lower", "upper"},
    "open": {"open"},
    "aim": {"aim"},
    "rank": {"rank"},
}
"""Sentences of the legend, and what is drawn that they explain."""
