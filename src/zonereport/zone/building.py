"""From the shape of a zone file to a Zone: looks up indicators and sources, and checks what it all means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zonereport.errors import did_you_mean
from zonereport.zone.catalogue import UNITS, WHOLE_UNITS, load_catalogue, make_indicator
from zonereport.zone.formula import Written, evaluate, formula_inputs
from zonereport.zone.model import (
    Breakdown,
    Edition,
    Figure,
    Indicator,
    Item,
    ItemList,
    Milestone,
    Missing,
    Part,
    Printed,
    Source,
    Voice,
    Zone,
)
from zonereport.zone.period import NOT_STATED
from zonereport.zone.quantity import ZERO, Quantity
from zonereport.zone.schema import SCALES, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from zonereport.zone.parsing import KeyPath
    from zonereport.zone.schema import BreakdownForm, FigureForm, ListForm, ValueForm, ZoneForm

Finding = tuple["KeyPath", str, str]
"""Key path, message and hint."""

_USUAL_MISTAKES = {
    "RMB": "CNY",
    "YUAN": "CNY",
    "CNH": "CNY",
    "NTD": "TWD",
    "UKP": "GBP",
    "US$": "USD",
    "EURO": "EUR",
}


def build_zone(form: ZoneForm) -> tuple[Zone, list[Finding]]:
    """Return the zone and what does not hold; the zone is whole only if there are no findings."""
    builder = _Builder(form)
    return builder.zone(), builder.findings


@dataclass
class _Builder:
    """Collects every finding of one zone file while its parts are built."""

    form: ZoneForm
    findings: list[Finding] = field(default_factory=list)

    def find(self, path: KeyPath, message: str, hint: str = "") -> None:
        self.findings.append((path, message, hint))

    def zone(self) -> Zone:
        form = self.form
        self.sources = {
            id: Source(id, entry.title, entry.publisher, entry.date, entry.address or "", entry.note)
            for id, entry in form.sources.items()
        }
        self._check_defaults()
        self.indicators = self._indicators()
        names = form.zone
        zone = Zone(
            id=names.id,
            name=names.name,
            short_name=names.short_name or names.name,
            place=names.place,
            host=names.host,
            edition=Edition(
                form.edition.snapshot,
                form.edition.date,
                form.edition.as_of,
                form.edition.issued_by,
                form.edition.status,
                form.edition.note,
            ),
            sources=self.sources,
            indicators=self.indicators,
            sections=load_catalogue().sections,
            figures=self._figures(),
            lists={id: self._list(id, entry) for id, entry in form.lists.items()},
            milestones=self._milestones(),
            voices=self._voices(),
            headline=tuple(form.headline),
        )
        for index, id in enumerate(form.headline):
            if id not in self.indicators:
                self.find(("headline", index), f"unknown indicator `{id}`", did_you_mean(id, self.indicators))
        self._check_dates(zone)
        return zone

    # Indicators

    def _indicators(self) -> Mapping[str, Indicator]:
        catalogue = load_catalogue()
        declared = {}
        for id, entry in self.form.indicators.items():
            path: KeyPath = ("indicators", id)
            if id in catalogue.indicators:
                self.find(path, f"the catalogue has an indicator `{id}` already", "give yours another name")
                continue
            if entry.section not in catalogue.sections:
                self.find(
                    (*path, "section"),
                    f"unknown section `{entry.section}`",
                    did_you_mean(entry.section, catalogue.sections)
                    or f"sections are {', '.join(catalogue.sections)}",
                )
            if entry.unit not in UNITS:
                hint = did_you_mean(entry.unit, UNITS) or f"units are {', '.join(UNITS)}"
                self.find((*path, "unit"), f"unknown unit `{entry.unit}`", hint)
            declared[id] = make_indicator(id, entry)
        indicators = {**catalogue.indicators, **declared}
        for id, indicator in declared.items():
            self._check_indicator(id, indicator, indicators)
        return indicators

    def _check_indicator(self, id: str, indicator: Indicator, known: Mapping[str, Indicator]) -> None:
        path: KeyPath = ("indicators", id)
        if indicator.formula:
            for name in formula_inputs(indicator.formula):
                if name not in known:
                    self.find(
                        (*path, "formula"), f"unknown indicator `{shorten(name)}`", did_you_mean(name, known)
                    )
            try:
                evaluate(indicator.formula, Written, lambda number: Written(str(number)))
            except ValueError:
                self.find((*path, "formula"), "expected ids in braces, numbers, + - * / and parentheses")

    # Sources and dates

    def _check_defaults(self) -> None:
        for id in self.form.defaults.source or ():
            self._source(("defaults", "source"), id)

    def _source(self, path: KeyPath, id: str | None) -> Source:
        if id is not None and id in self.sources:
            return self.sources[id]
        if id is None:
            self.find(path, "no source", "add `source = …` here, or once for all under [defaults]")
        else:
            self.find(
                path,
                f"unknown source `{id}`",
                did_you_mean(id, self.sources) or "sources stand under [sources]",
            )
        return _NO_SOURCE

    def _one_source(self, path: KeyPath, id: str | None) -> Source:
        """Return the source of a list, milestone or voice, or the first default."""
        return self._source((*path, "source") if id else path, id or self._default_sources()[0])

    def _sources(self, path: KeyPath, ids: Sequence[str] | None) -> tuple[Source, ...]:
        if ids:
            return tuple(self._source((*path, "source"), id) for id in ids)
        return tuple(self._source(path, id) for id in self._default_sources())

    def _default_sources(self) -> Sequence[str | None]:
        return self.form.defaults.source or [None]

    def _check_dates(self, zone: Zone) -> None:
        """Report outcomes that lie after the edition: only a target or forecast may."""
        day = zone.edition.date
        for id, figure in zone.figures.items():
            if figure.indicator.kind == "target" or "forecast" in figure.status:
                continue
            for key, when in (("as_of", figure.as_of), ("period", figure.period)):
                if when is not None and when.is_stated and when.start > day:
                    self.find(
                        ("figures", id, key),
                        f"`{when}` lies after the edition's date {day}, so it cannot be an outcome yet",
                        'a figure to come has `status = ["forecast"]`, or an indicator of kind `target`',
                    )
        for index, milestone in enumerate(zone.milestones):
            if milestone.date.is_stated and milestone.date.start > day:
                self.find(
                    ("milestones", index, "date"), f"`{milestone.date}` lies after the edition's date {day}"
                )

    # Figures

    def _figures(self) -> Mapping[str, Figure]:
        figures = {}
        for id, entry in self.form.figures.items():
            indicator = self.indicators.get(id)
            if indicator is None:
                hint = did_you_mean(id, self.indicators) or f"declare it under [indicators.{shorten(id)}]"
                self.find(("figures", id), f"unknown indicator `{shorten(id)}`", hint)
            else:
                figures[id] = self._figure(indicator, entry)
        order = {id: place for place, id in enumerate(self.indicators)}
        return dict(sorted(figures.items(), key=lambda pair: order[pair[0]]))

    def _figure(self, indicator: Indicator, entry: FigureForm) -> Figure:
        path: KeyPath = ("figures", indicator.id)
        defaults = self.form.defaults
        value = self._value(path, entry, indicator)
        is_flow = indicator.kind in ("flow", "rate")
        figure = Figure(
            indicator=indicator,
            value=value,
            unit=self._unit(path, indicator, entry.unit),
            sources=self._sources(path, entry.source),
            as_of=entry.as_of
            or (defaults.as_of if not (is_flow and entry.period and entry.period.is_stated) else None),
            period=entry.period or (defaults.period if is_flow else None),
            status=frozenset(entry.status),
            label=entry.label,
            phrase=entry.phrase,
            scope=entry.scope,
            printed=entry.printed or "",
            growth=entry.growth,
            also=self._also(path, entry, indicator),
            note=entry.note,
            breakdown=self._breakdown(path, entry.breakdown, indicator, value) if entry.breakdown else None,
        )
        if isinstance(value, Quantity):
            self._check_time(path, figure, is_flow=is_flow)
        return figure

    def _check_time(self, path: KeyPath, figure: Figure, *, is_flow: bool) -> None:
        if is_flow and figure.period is None:
            self.find(
                path,
                f"no period; `{figure.id}` is a {figure.indicator.kind}, counted over a period",
                'add `period = "2022"`, or `period = "not stated"` where the source does not say',
            )
        elif figure.as_of is None and figure.period is None:
            self.find(path, "no date", 'add `as_of = "2022-12"` here, or once for all under [defaults]')

    def _unit(self, path: KeyPath, indicator: Indicator, given: str | None) -> str:
        if not indicator.unit.startswith("money"):
            if given not in (None, indicator.unit) and (given, indicator.unit) != ("number", "persons"):
                self.find(
                    (*path, "unit"), f"expected `{indicator.unit}`, found `{given}`", "leave the unit out"
                )
            return indicator.unit
        code = given or self.form.defaults.currency
        if code is None:
            self.find(path, "no currency", 'add `unit = "CNY"` here, or `currency = "CNY"` under [defaults]')
            return "XXX"
        self._check_currency((*path, "unit") if given else ("defaults", "currency"), code)
        return code

    def _check_currency(self, path: KeyPath, code: str) -> None:
        from babel.numbers import list_currencies

        if code not in list_currencies():
            near = _USUAL_MISTAKES.get(
                code.upper(), code.upper() if code.upper() in list_currencies() else ""
            )
            hint = f"did you mean `{near}`?" if near else did_you_mean(code.upper(), list_currencies())
            self.find(path, f"expected an ISO 4217 currency code such as `CNY`, found `{code[:20]}`", hint)

    def _also(self, path: KeyPath, entry: FigureForm, indicator: Indicator) -> Printed | None:
        if entry.also is None:
            return None
        self._check_currency((*path, "also", "unit"), entry.also.unit)
        value = self._value((*path, "also"), entry.also, indicator)
        if isinstance(value, Missing):
            self.find((*path, "also"), "expected a value", "leave `also` out where there is none")
            return None
        return Printed(value, entry.also.unit)

    def _breakdown(
        self, path: KeyPath, entry: BreakdownForm, indicator: Indicator, total: Quantity | Missing
    ) -> Breakdown:
        place: KeyPath = (*path, "breakdown", "parts")
        parts = tuple(
            Part(
                str(index),
                part.name,
                self._value((*place, index), part, indicator),
            )
            for index, part in enumerate(entry.parts)
        )
        seen: set[str] = set()
        for index, part in enumerate(parts):
            if _exceeds(part.value, total):
                self.find(
                    (*place, index),
                    "expected a part of the total, found more than the total",
                    "a kind is never more than the whole",
                )
            if (name := next(iter(part.name.values()))) in seen:
                self.find((*place, index), f"the kind `{name[:60]}` stands twice")
            seen.add(name)
        return Breakdown(entry.by, parts, entry.complete, entry.note, overlapping=entry.overlapping)

    def _value(self, path: KeyPath, form: ValueForm, indicator: Indicator) -> Quantity | Missing:
        if form.missing is not None:
            return Missing(form.missing)
        given, quantity = _quantity(form, signed=indicator.signed)
        place: KeyPath = (*path, given)
        numbers = [end.value for end in (quantity.low, quantity.high) if end.value.is_finite()]
        if not indicator.signed and indicator.kind != "rate" and min(numbers) < ZERO:
            self.find(place, f"expected no negative number, found `{min(numbers)}`")
        elif indicator.kind == "rank" and min(numbers) < 1:
            self.find(place, f"expected a rank from 1, found `{min(numbers)}`")
        elif indicator.unit in WHOLE_UNITS and any(
            number != number.to_integral_value() for number in numbers
        ):
            fraction = next(number for number in numbers if number != number.to_integral_value())
            self.find(place, f"expected a whole number, found `{fraction}`")
        elif indicator.kind == "share" and indicator.unit == "percent" and max(numbers) > 100:
            self.find(
                place,
                f"expected a share of 0 to 100 %, found `{max(numbers)}`",
                "a ratio that may exceed 100 % is of kind `ratio`",
            )
        return quantity

    # Lists, milestones, voices

    def _list(self, id: str, entry: ListForm) -> ItemList:
        path: KeyPath = ("lists", id)
        items = tuple(Item(item.id, item.name, item.relation, item.origin or "") for item in entry.items)
        known = {item.id for other in self.form.lists.values() for item in other.items}
        seen: set[str] = set()
        for index, item in enumerate(items):
            if item.id in seen:
                self.find((*path, "items", index, "id"), f"the id `{item.id}` stands twice")
            seen.add(item.id)
            if item.origin and item.origin not in known:
                message = f"unknown entry `{item.origin}`"
                self.find((*path, "items", index, "origin"), message, did_you_mean(item.origin, known))
        return ItemList(
            id,
            entry.label,
            items,
            self._one_source(path, entry.source),
            entry.as_of or self.form.defaults.as_of,
            entry.note,
        )

    def _milestones(self) -> tuple[Milestone, ...]:
        milestones = [
            Milestone(
                entry.date,
                entry.title,
                self._one_source(("milestones", index), entry.source),
                entry.detail,
                entry.note,
            )
            for index, entry in enumerate(self.form.milestones)
        ]
        return tuple(milestones)

    def _voices(self) -> tuple[Voice, ...]:
        return tuple(
            Voice(
                entry.speaker,
                entry.role,
                entry.quotation or entry.paraphrase or {},
                self._one_source(("voices", index), entry.source),
                entry.quotation is not None,
            )
            for index, entry in enumerate(self.form.voices)
        )


def _exceeds(part: Quantity | Missing, total: Quantity | Missing) -> bool:
    """Whether a part is more than the whole can be."""
    if isinstance(part, Missing) or isinstance(total, Missing):
        return False
    return part.low.value > total.high.value


_MAKE: Mapping[str, Callable[[Decimal], Quantity]] = {
    "value": Quantity.exact,
    "about": Quantity.approximate,
    "more_than": Quantity.above,
    "at_least": lambda number: Quantity.above(number, or_equal=True),
    "less_than": lambda number: Quantity.below(number, or_equal=False),
    "up_to": Quantity.below,
}
_MAKE_SIGNED: Mapping[str, Callable[[Decimal], Quantity]] = {
    **_MAKE,
    "less_than": lambda number: Quantity.below_signed(number, or_equal=False),
    "up_to": Quantity.below_signed,
}


def _quantity(form: ValueForm, *, signed: bool) -> tuple[str, Quantity]:
    """Return the key of the form given and its quantity in whole units: the scale is exact."""
    if form.range is not None:
        low, high = (_scaled(number, form.scale) for number in form.range)
        return "range", Quantity.between(low, high)
    make = _MAKE_SIGNED if signed else _MAKE
    given = next(key for key in make if getattr(form, key) is not None)
    return given, make[given](_scaled(getattr(form, given), form.scale))


def _scaled(number: Decimal, scale: str) -> Decimal:
    """Return the number in whole units; 1.5 thousand is 1500, not 1500.0 to be printed as "1,500.0"."""
    return number if SCALES[scale] == 1 else (number * SCALES[scale]).normalize() + ZERO


_NO_SOURCE = Source("", {"en": "no source"}, {"en": "no source"}, NOT_STATED)
"""Stands in for a source that is not there, after that has been reported."""
