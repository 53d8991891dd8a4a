"""What follows from the figures: ratios, shares, changes, each with its formula and inherited qualifiers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from zonereport.zone.formula import Written, evaluate, formula_inputs
from zonereport.zone.model import Figure
from zonereport.zone.quantity import Bound, Quantity, significant_step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from zonereport.zone.model import Edition, Indicator, Source, Text, Zone
    from zonereport.zone.period import Period

Standing = Literal["comparable", "break", "not_comparable"]
ReasonCode = Literal[
    "label",
    "scope",
    "flag",
    "definition",
    "redefined",
    "unit",
    "kind",
    "forecast",
    "length",
    "season",
    "order",
    "bound",
    "bounds",
    "date",
    "period",
    "fallen",
    "absent",
    "not_published",
    "not_applicable",
    "confidential",
    "family",
]

INHERITED = frozenset({"provisional", "estimated", "forecast", "definition_differs", "unreliable"})
"""Status flags that a derived figure takes over from its inputs; Eurostat combines flags the same way."""

HUNDRED = Decimal(100)

PLATFORMS = "platforms"
"""The family whose figures are shown over all snapshots."""

BOUNDS = frozenset({"more_than", "at_least", "less_than", "up_to", "unknown"})
"""Qualifiers of figures that say too little for a difference: "up to 50" may be any number below."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two figures are set apart, to be worded by the language."""

    code: ReasonCode
    now: Text | str = ""
    before: Text | str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure beside an earlier one: whether they may be joined, why not, and by how much they differ."""

    now: Figure
    before: Figure
    standing: Standing
    reasons: tuple[Reason, ...]
    difference: Quantity | None = None
    """now − before, in the figures' unit; None across a break, of bounds and over unlike times."""
    percent: Quantity | None = None
    """100 × difference ÷ before, to one decimal; None for figures that are percentages themselves."""
    editions: tuple[Edition, Edition] | None = None
    """Whose the figures are, the later first: what tells them apart where their dates do not."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """Related indicators of several snapshots that count different things and are never compared."""

    family: str
    groups: tuple[tuple[Zone, tuple[Figure, ...]], ...]
    """Each snapshot with its figures that not all the others have, oldest first."""


@dataclass(frozen=True)
class Facts:
    """A zone's published and derived figures, beside those of earlier snapshots (latest first)."""

    zone: Zone
    previous: tuple[Zone, ...] = ()
    peers: tuple[Zone, ...] = ()
    """Other zones at the same snapshot."""

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """All figures of the zone by indicator id in the catalogue's order; a published one wins."""
        derived = derive(self.zone)
        known = {**derived, **self.zone.figures}
        return {id: known[id] for id in self.zone.indicators if id in known}

    @property
    def derived(self) -> tuple[Figure, ...]:
        """The derived figures in the catalogue's order."""
        return tuple(figure for figure in self.figures.values() if figure.inputs)

    def known(self, id: str) -> Figure | None:
        """Return the figure of an id if it has a value, else None."""
        figure = self.figures.get(id)
        return figure if figure is not None and isinstance(figure.value, Quantity) else None

    def section(self, section: str) -> tuple[Figure, ...]:
        """Return the figures of a section, missing ones too, in the catalogue's order."""
        return tuple(figure for figure in self.figures.values() if figure.indicator.section == section)

    @cached_property
    def before(self) -> Facts | None:
        """The facts of the latest earlier snapshot."""
        return Facts(self.previous[0], self.previous[1:]) if self.previous else None

    def comparison(self, id: str) -> Comparison | None:
        """Return a published figure beside the latest earlier snapshot's; None if either is unknown.

        A derived figure is not compared: the earlier one was never published.
        """
        now = self.published(id)
        before = self.before.published(id) if self.before else None
        if self.before is None or now is None or before is None:
            return None
        return replace(compare(now, before), editions=(self.zone.edition, self.before.zone.edition))

    def published(self, id: str) -> Figure | None:
        """Return the published figure of an id if it has a value, else None."""
        figure = self.known(id)
        return figure if figure is not None and not figure.inputs else None

    @cached_property
    def snapshots(self) -> tuple[Facts, ...]:
        """The facts of every snapshot, oldest first, this one last."""
        return (*(self.before.snapshots if self.before else ()), self)

    def unlike(self, *, over_all: bool = False) -> tuple[Unlike, ...]:
        """Return, by family, related figures of this and the earlier snapshot that have no counterpart.

        `over_all` looks at all snapshots instead of the latest two.
        """
        shown = self.snapshots if over_all else self.snapshots[-2:]
        families = dict.fromkeys(
            figure.indicator.family for facts in shown for figure in facts._published_in("")
        )
        found = (Unlike(family, tuple(_unlike_groups(family, shown))) for family in families)
        return tuple(unlike for unlike in found if len(unlike.groups) > 1)

    def _published_in(self, family: str) -> list[Figure]:
        """Return the published figures of a family, or of every family."""
        return [
            figure
            for figure in self.zone.figures.values()
            if figure.indicator.family
            and family in ("", figure.indicator.family)
            and isinstance(figure.value, Quantity)
        ]

    def earlier(self) -> tuple[Figure, ...]:
        """Return the published figures of earlier snapshots that are set beside this one's, latest first."""
        if self.before is None:
            return ()
        compared = [found.before for id in self.figures if (found := self.comparison(id))]
        unlike = [figure for found in self.unlike() for _, figures in found.groups[:-1] for figure in figures]
        series = [figure for zone, figure in reversed(self.series(PLATFORMS)) if zone is not self.zone]
        shown = {id(figure): figure for figure in (*compared, *unlike, *series) if not figure.inputs}
        return tuple(shown.values())

    def series(self, family: str) -> tuple[tuple[Zone, Figure], ...]:
        """Return the published figures of a family over all snapshots, oldest first."""
        zones = (*reversed(self.previous), self.zone)
        return tuple(
            (zone, figure)
            for zone in zones
            for figure in zone.figures.values()
            if figure.indicator.family == family and isinstance(figure.value, Quantity)
        )


def _unlike_groups(family: str, shown: Sequence[Facts]) -> Iterator[tuple[Zone, tuple[Figure, ...]]]:
    """Yield each snapshot's figures of a family that some other snapshot with the family does not know."""
    having = [facts for facts in shown if facts._published_in(family)]
    for facts in having:
        others = [other for other in having if other is not facts]
        figures = tuple(
            figure
            for figure in facts._published_in(family)
            if any(other.known(figure.id) is None for other in others)
        )
        if figures:
            yield facts.zone, figures


def order_snapshots(zones: Iterable[Zone]) -> tuple[Zone, ...]:
    """Return zones latest snapshot first."""
    return tuple(sorted(zones, key=lambda zone: (zone.edition.snapshot.end, zone.edition.date), reverse=True))


def tell_sources_apart(zone: Zone, previous: Iterable[Zone]) -> tuple[Zone, ...]:
    """Return the earlier snapshots with new ids for sources whose id means another source already.

    Two files may both call their yearbook `YB`; in one briefing the earlier one becomes `YB-2021`.
    """
    known = dict(zone.sources)
    told = []
    for earlier in previous:
        renamed = {
            id: replace(source, id=f"{id}-{earlier.edition.name}")
            for id, source in earlier.sources.items()
            if known.get(id, source) != source
        }
        told.append(_with_sources(earlier, renamed) if renamed else earlier)
        known |= {source.id: source for source in told[-1].sources.values()}
    return tuple(told)


def _with_sources(zone: Zone, renamed: Mapping[str, Source]) -> Zone:
    figures = {
        id: replace(figure, sources=tuple(renamed.get(source.id, source) for source in figure.sources))
        for id, figure in zone.figures.items()
    }
    sources = {source.id: source for source in (renamed.get(id, known) for id, known in zone.sources.items())}

    def told(entry: Any) -> Any:
        return replace(entry, source=renamed.get(entry.source.id, entry.source))

    return replace(
        zone,
        figures=figures,
        sources=sources,
        lists={id: told(entry) for id, entry in zone.lists.items()},
        milestones=tuple(map(told, zone.milestones)),
        voices=tuple(map(told, zone.voices)),
    )


# Derived figures


def derive(zone: Zone) -> dict[str, Figure]:
    """Return every derived figure whose inputs are known, by id; what is published is not derived."""
    derived: dict[str, Figure] = {}
    pending: set[str] = set()

    def lookup(id: str) -> Figure | None:
        if id in zone.figures:
            return zone.figures[id]
        if id not in derived and id in zone.indicators and zone.indicators[id].formula and id not in pending:
            pending.add(id)  # a formula that needs itself finds nothing
            if figure := _derive_one(zone.indicators[id], lookup):
                derived[id] = figure
        return derived.get(id)

    for id in zone.indicators:
        lookup(id)
    return {id: derived[id] for id in zone.indicators if id in derived}


def _derive_one(indicator: Indicator, lookup: Callable[[str], Figure | None]) -> Figure | None:
    inputs = [figure for id in formula_inputs(indicator.formula) if (figure := lookup(id)) is not None]
    if len(inputs) < len(formula_inputs(indicator.formula)) or not inputs:
        return None
    values = {figure.id: value for figure in inputs if (value := _possible(figure)) is not None}
    currencies = {figure.unit for figure in inputs if figure.indicator.unit.startswith("money")}
    if len(values) < len(inputs) or len(currencies) > 1 or not _belong_together(inputs):
        return None
    try:
        exact = evaluate(indicator.formula, values.__getitem__, Quantity.exact)
    except ZeroDivisionError:
        return None
    if exact.qualifier == "unknown" or (indicator.kind == "share" and exact.low.value > HUNDRED):
        return None  # a part is never more than its whole: the inputs have other scopes than they say
    value = round_derived(exact, indicator)
    if indicator.about:
        value = Quantity(value.low, value.high, about=True)
    unstated = next((f.period for f in inputs if f.period is not None and not f.period.is_stated), None)
    return Figure(
        indicator=indicator,
        value=value,
        unit=next(iter(currencies)) if indicator.unit.startswith("money") and currencies else indicator.unit,
        sources=tuple({source.id: source for figure in inputs for source in figure.sources}.values()),
        as_of=next((figure.as_of for figure in inputs if figure.as_of), None),
        period=unstated or next((figure.period for figure in inputs if figure.period), None),
        status=frozenset(flag for figure in inputs for flag in figure.status) & INHERITED,
        note=indicator.caveat,
        inputs=tuple(inputs),
    )


def _possible(figure: Figure) -> Quantity | None:
    """Return what a figure's value can be: a share of "more than 60" is no more than 100."""
    value = figure.value
    if not isinstance(value, Quantity):
        return None
    if figure.indicator.kind == "share" and figure.unit == "percent" and value.high.value > HUNDRED:
        return replace(value, high=Bound(HUNDRED))
    return value


def _belong_together(figures: list[Figure]) -> bool:
    """Whether the inputs are of one time and one scope, and are what the catalogue calls them."""
    scopes = [figure.scope for figure in figures if figure.scope]
    return (
        of_one_time(figures)
        and all(say_the_same(scope, scopes[0]) for scope in scopes)
        and all(say_the_same(figure.name, figure.indicator.label) for figure in figures)
    )


def of_one_time(figures: Iterable[Figure]) -> bool:
    """Whether flows are counted over the very same period and stocks stand within it.

    Turnover of a year is not divided by the contracts of a quarter; what is not stated is let pass,
    and says so wherever it is shown.
    """
    stated = [figure for figure in figures if figure.when is not None and figure.when.is_stated]
    flows = [figure.when for figure in stated if figure.when == figure.period and figure.when]
    others = [figure.when for figure in stated if figure.when != figure.period and figure.when]
    return len(set(flows)) < 2 and all(
        a.start <= b.end and b.start <= a.end for a in (*flows, *others) for b in (*flows, *others)
    )


def round_derived(quantity: Quantity, indicator: Indicator) -> Quantity:
    """Return a derived quantity as its indicator asks: to decimals, else to significant digits (three)."""
    if indicator.decimals is not None:
        return quantity.rounded(Decimal(1).scaleb(-indicator.decimals))
    known = quantity.high.value if quantity.low.value <= 0 else quantity.low.value
    return quantity.rounded(significant_step(known, indicator.significant or 3))


def write_formula(figure: Figure, name: Callable[[Figure], str], number: Callable[[Decimal], str]) -> str:
    """Return the formula of a derived figure in words, each input called by `name`."""
    inputs = {input.id: input for input in figure.inputs}
    return evaluate(
        figure.indicator.formula, lambda id: Written(name(inputs[id])), lambda value: Written(number(value))
    ).text


def sensitivity(figure: Figure) -> Quantity | None:
    """Return the range, to three digits, of a derived figure within the rounding of printed percentages.

    Only where that matters: the indicator is marked `about`, because a rounded percentage is inverted.
    """
    values = [input.value for input in figure.inputs]
    if not figure.indicator.about or not all(isinstance(v, Quantity) and v.is_exact for v in values):
        return None

    def widened(id: str) -> Quantity:
        input = next(input for input in figure.inputs if input.id == id)
        assert isinstance(input.value, Quantity)
        if input.unit != "percent":
            return input.value
        unit = Decimal(1).scaleb(min(0, int(input.value.number.as_tuple().exponent)))
        return input.value.widened(unit / 2)

    try:
        result = evaluate(figure.indicator.formula, widened, Quantity.exact)
    except ZeroDivisionError:
        return None
    if result.qualifier != "range":
        return None
    return result.rounded(significant_step(result.low.value, 3))


# Changes


def compare(now: Figure, before: Figure) -> Comparison:
    """Return how a figure stands to an earlier one of the same indicator.

    What flowed in a period that is not stated gives no difference: it may be half a year's.
    """
    apart = (*_obstacles(now, before), *_other_times(now, before))
    cautions = (*_unstated(now, before), *_fallen(now, before))
    withheld = _unstated(now, before) if now.indicator.kind == "flow" else ()
    return _set_beside(now, before, apart, _breaks(now, before), withheld, cautions)


def compare_statements(now: Figure, before: Figure) -> Comparison:
    """Return how a figure stands to an earlier statement about the same time.

    What either is flagged with parts it from other times, not from the other statement. Where the date
    itself was corrected there is no difference.
    """
    unstated = _unstated(now, before)
    withheld = () if state_one_time(now, before) else unstated or (Reason("date"),)
    return _set_beside(now, before, _obstacles(now, before), _renamed(now, before), withheld, unstated)


def state_one_time(now: Figure, before: Figure) -> bool:
    """Whether two figures state the same time: one period, or stocks of one day however precisely named.

    Two that state none are alike, one that does is not like one that does not.
    """
    a, b = now.when, before.when
    if _is_unstated(now.period) != _is_unstated(before.period):
        return False
    if a is None or b is None or not (a.is_stated and b.is_stated):
        return a == b
    are_stocks = a != now.period and b != before.period
    return a == b or (are_stocks and a.end == b.end)


def _set_beside(
    now: Figure,
    before: Figure,
    apart: tuple[Reason, ...],
    breaks: tuple[Reason, ...],
    withheld: tuple[Reason, ...],
    cautions: tuple[Reason, ...],
) -> Comparison:
    """Return two figures as apart, as a broken series, or joined; `withheld` is why without a difference."""
    if apart:
        return Comparison(now, before, "not_comparable", apart)
    if breaks:
        return Comparison(now, before, "break", breaks)
    assert isinstance(now.value, Quantity)
    assert isinstance(before.value, Quantity)
    withheld = (*_bounds(now.value, before.value), *withheld)
    reasons = tuple(dict.fromkeys((*withheld, *cautions)))
    if withheld or now.indicator.kind == "rank":  # 2 after 3 is no loss of 1
        return Comparison(now, before, "comparable", reasons)
    difference = now.value - before.value
    return Comparison(now, before, "comparable", reasons, difference, _percent(now, before))


def _bounds(now: Quantity, before: Quantity) -> tuple[Reason, ...]:
    number = sum(value.qualifier in BOUNDS for value in (now, before))
    return ((), (Reason("bound"),), (Reason("bounds"),))[number]


def _percent(now: Figure, before: Figure) -> Quantity | None:
    if now.unit in ("percent", "percentage-points") or now.indicator.kind == "share" or now.indicator.signed:
        return None
    assert isinstance(now.value, Quantity)
    assert isinstance(before.value, Quantity)
    try:
        # Not difference ÷ before, which would take the two ends of a range for two figures.
        grown = Quantity.exact(HUNDRED) * now.value / before.value - Quantity.exact(HUNDRED)
        return grown.rounded(Decimal("0.1"))
    except ZeroDivisionError:
        return None


def _obstacles(now: Figure, before: Figure) -> tuple[Reason, ...]:
    """Return what forbids a comparison: other units, other kinds, periods targets and forecasts."""
    reasons = []
    if now.unit != before.unit:
        reasons.append(Reason("unit", now.unit, before.unit))
    if now.indicator.kind != before.indicator.kind:
        reasons.append(Reason("kind", now.indicator.kind, before.indicator.kind))
    if ("forecast" in now.status) != ("forecast" in before.status):
        reasons.append(Reason("forecast"))
    return tuple(reasons)


def _other_times(now: Figure, before: Figure) -> tuple[Reason, ...]:
    """Return what is wrong with the times of two figures for one to be a change from the other."""
    a, b = now.when, before.when
    if a is None or b is None or not (a.is_stated and b.is_stated):
        return ()
    if b.end >= a.end:
        return (Reason("order", str(a), str(b)),)
    if a != now.period or b != before.period:
        return ()
    if a.granularity != b.granularity:
        return (Reason("length", str(a), str(b)),)
    return (Reason("season", str(a), str(b)),) if (a.part, a.day) != (b.part, b.day) else ()


def _breaks(now: Figure, before: Figure) -> tuple[Reason, ...]:
    """Return what makes two figures a broken series: other names, other scopes, flagged breaks."""
    reasons = list(_renamed(now, before))
    if "break" in now.status:
        reasons.append(Reason("flag"))
    if "definition_differs" in now.status | before.status:
        reasons.append(Reason("definition"))
    return tuple(reasons)


def _renamed(now: Figure, before: Figure) -> tuple[Reason, ...]:
    """Return in what two figures are said to count different things: names, scopes, definitions."""
    reasons = []
    if not say_the_same(now.name, before.name):
        reasons.append(Reason("label", now.name, before.name))
    if not say_the_same(now.scope or {}, before.scope or {}):
        reasons.append(Reason("scope", now.scope or {}, before.scope or {}))
    if not say_the_same(now.indicator.definition, before.indicator.definition):
        reasons.append(Reason("redefined"))
    return tuple(reasons)


def say_the_same(a: Text, b: Text) -> bool:
    """Whether two texts agree in the languages that both have; a file may give one language only."""
    shared = a.keys() & b.keys()
    return all(a[code] == b[code] for code in shared) if shared else a == b


def _unstated(now: Figure, before: Figure) -> tuple[Reason, ...]:
    return (Reason("period"),) if any(_is_unstated(figure.period) for figure in (now, before)) else ()


def _fallen(now: Figure, before: Figure) -> tuple[Reason, ...]:
    """Return the caution that a cumulative count is lower than before, which it cannot be by itself."""
    if now.indicator.kind != "cumulative":
        return ()
    assert isinstance(now.value, Quantity)
    assert isinstance(before.value, Quantity)
    return (Reason("fallen"),) if (now.value - before.value).high.value < 0 else ()


def _is_unstated(period: Period | None) -> bool:
    return period is not None and not period.is_stated
