"""What differs between two snapshots of a zone, or two editions of one: figures, lists, milestones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from zonereport.measures import Facts, Reason, compare, compare_statements, say_the_same
from zonereport.zone.model import Item, Milestone, Missing, Part
from zonereport.zone.period import NOT_STATED
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from zonereport.measures import Comparison, ReasonCode, Unlike
    from zonereport.zone.model import Figure, ItemList, Source, Zone

Standing = Literal["revised", "changed", "break", "not_comparable", "new", "dropped", "unchanged"]
"""`revised` is another statement about the same time, `changed` one about a later time."""
EntryStanding = Literal["new", "dropped", "renamed", "changed", "unchanged"]
Trait = Literal["value", "qualifier", "also", "status", "date", "source", "parts", "note"]
"""In what two statements about one time differ."""

STANDINGS: tuple[Standing, ...] = get_args(Standing)
ENTRY_STANDINGS: tuple[EntryStanding, ...] = get_args(EntryStanding)

_MISSING: Mapping[Missing, ReasonCode] = {
    Missing.NOT_PUBLISHED: "not_published",
    Missing.NOT_APPLICABLE: "not_applicable",
    Missing.CONFIDENTIAL: "confidential",
}
LACKING: frozenset[ReasonCode] = frozenset({"absent", *_MISSING.values()})
"""Reasons for want of a value; the word that stands in its place says the same."""


@dataclass(frozen=True, slots=True)
class Change:
    """An indicator in both snapshots: how the later one's figure stands to the earlier one's, and why."""

    id: str
    standing: Standing
    now: Figure | None
    before: Figure | None
    """The figures as their files have them, without a value too; None where the file has none."""
    reasons: tuple[Reason, ...] = ()
    comparison: Comparison | None = None
    """Where both have a value."""
    traits: tuple[Trait, ...] = ()
    """In what two statements about one time differ."""

    @property
    def figure(self) -> Figure:
        """The later figure that has a value, else the earlier one."""
        figures = [figure for figure in (self.now, self.before) if figure is not None]
        return next((figure for figure in figures if isinstance(figure.value, Quantity)), figures[0])


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry of a list, a kind of a breakdown or a milestone, in both snapshots."""

    standing: EntryStanding
    now: Item | Part | Milestone | None
    before: Item | Part | Milestone | None


@dataclass(frozen=True, slots=True)
class Entries:
    """A list, the breakdown of a figure, or the milestones: what became of each entry."""

    kind: Literal["list", "parts", "milestones"]
    owner: ItemList | Figure | None
    """The list or figure, the later one where there is one; None for the milestones."""
    changes: tuple[EntryChange, ...]

    def of(self, standing: EntryStanding) -> tuple[EntryChange, ...]:
        """Return the entries of a standing."""
        return tuple(change for change in self.changes if change.standing == standing)


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs between two snapshots of a zone, and what does not."""

    now: Zone
    before: Zone
    figures: tuple[Change, ...]
    """In the catalogue's order."""
    entries: tuple[Entries, ...]
    unlike: tuple[Unlike, ...]
    """Related figures that count different things and are not compared; each is new or dropped, too."""

    def of(self, standing: Standing) -> tuple[Change, ...]:
        """Return the figures of a standing."""
        return tuple(change for change in self.figures if change.standing == standing)

    @property
    def counts(self) -> Mapping[Standing, int]:
        """How many figures there are of each standing."""
        found = Counter(change.standing for change in self.figures)
        return {standing: found[standing] for standing in STANDINGS}


def find_changes(now: Zone, before: Zone) -> Changes:
    """Return what differs between a snapshot and an earlier one, or an earlier edition of the same."""
    unlike = Facts(now, (before,)).unlike()
    apart = {figure.id for found in unlike for _, figures in found.groups for figure in figures}
    ids = dict.fromkeys((*now.indicators, *before.indicators))
    figures = tuple(change for id in ids if (change := _change(id, now, before, apart)))
    return Changes(now, before, figures, tuple(_entries(now, before, figures)), unlike)


# Figures


def _change(id: str, now: Zone, before: Zone, apart: set[str]) -> Change | None:
    """Return the change of one indicator; None where neither has a value and both say so alike."""
    a, b = now.figures.get(id), before.figures.get(id)
    family = (Reason("family"),) if id in apart else ()
    match _is_known(a), _is_known(b):
        case True, True:
            assert a is not None
            assert b is not None
            return _both(a, b, now, before)
        case True, False:
            return Change(id, "new", a, b, (Reason(_lacking(b)), *family))
        case False, True:
            return Change(id, "dropped", a, b, (Reason(_lacking(a)), *family))
    said = {_lacking(a), _lacking(b)}
    return None if len(said) < 2 or said == {"absent", "not_published"} else Change(id, "changed", a, b)


def _is_known(figure: Figure | None) -> bool:
    return figure is not None and isinstance(figure.value, Quantity)


def _lacking(figure: Figure | None) -> ReasonCode:
    """Return why there is no value: what the file says, or that it does not have the indicator."""
    return _MISSING[figure.value] if figure and isinstance(figure.value, Missing) else "absent"


def _both(a: Figure, b: Figure, now: Zone, before: Zone) -> Change:
    one_snapshot = now.edition.snapshot == before.edition.snapshot
    if _of_one_time(a, b, one_snapshot=one_snapshot):
        found, traits = compare_statements(a, b), tuple(_traits(a, b, before if one_snapshot else None))
        standing: Standing = "revised" if traits else "unchanged"
    else:
        found, traits = compare(a, b), ()
        stays = (a.value, a.also, a.status) == (b.value, b.also, b.status)
        standing = "unchanged" if stays else "changed"
    if found.standing != "comparable":
        standing = found.standing
    return Change(a.id, standing, a, b, found.reasons, found, traits)


def _of_one_time(now: Figure, before: Figure, *, one_snapshot: bool) -> bool:
    """Whether two figures state the same time: one period, or stocks of one day however precisely named.

    What is not dated is of one time within one snapshot only.
    """
    a, b = now.when, before.when
    are_dated = a is not None and b is not None and a.is_stated and b.is_stated
    if not are_dated or (one_snapshot and NOT_STATED in (now.period, before.period)):
        return one_snapshot
    assert a is not None
    assert b is not None
    are_stocks = a != now.period and b != before.period
    return a == b or (are_stocks and a.end == b.end)


def _traits(now: Figure, before: Figure, edition: Zone | None) -> Iterator[Trait]:
    """Yield in what two statements about one time differ; `edition` is the zone of an earlier edition."""
    a, b = now.value, before.value
    assert isinstance(a, Quantity)
    assert isinstance(b, Quantity)
    if a.number != b.number or (a.qualifier == b.qualifier and a != b):
        yield "value"
    if a.qualifier != b.qualifier:
        yield "qualifier"
    if now.also != before.also:
        yield "also"
    if now.status != before.status:
        yield "status"
    if now.when != before.when:
        yield "date"
    if [source.id for source in now.sources] != [_own_id(source, edition) for source in before.sources]:
        yield "source"
    if any(_standing(*pair) != "unchanged" for pair in _pairs(_parts(now), _parts(before), _share_a_name)):
        yield "parts"
    if not say_the_same(now.note or {}, before.note or {}):
        yield "note"


def _own_id(source: Source, edition: Zone | None) -> str:
    """Return what an earlier edition calls a source itself: one whose record was mended is the same."""
    return source.id.removesuffix(f"-{edition.edition.name}") if edition else source.id


# Lists, breakdowns, milestones


def _entries(now: Zone, before: Zone, figures: Sequence[Change]) -> Iterator[Entries]:
    """Yield each list, breakdown and the milestones that either snapshot has."""
    for id in dict.fromkeys((*now.lists, *before.lists)):
        a, b = now.lists.get(id), before.lists.get(id)
        pairs = _pairs(a.items if a else (), b.items if b else (), _are_of_one_id, _share_a_name)
        yield Entries("list", a or b, _changed(pairs))
    for change in figures:
        if change.comparison is None or change.now is None or change.before is None:
            continue
        if pairs := _pairs(_parts(change.now), _parts(change.before), _share_a_name):
            yield Entries("parts", change.now, _changed(pairs))
    if now.milestones or before.milestones:
        pairs = _pairs(now.milestones, before.milestones, _are_of_one_day, _share_a_name)
        yield Entries("milestones", None, _changed(pairs))


def _parts(figure: Figure) -> tuple[Part, ...]:
    return figure.breakdown.parts if figure.breakdown else ()


def _pairs(
    now: Sequence[Any], before: Sequence[Any], *rules: Callable[[Any, Any], bool]
) -> list[tuple[Any, Any]]:
    """Return each entry with its counterpart by the first rule that finds one, then those without one."""
    counterpart: dict[int, Any] = {}
    left = list(before)
    for rule in rules:
        for place, entry in enumerate(now):
            found = next((o for o in left if rule(entry, o)), None) if place not in counterpart else None
            if found is not None:
                counterpart[place] = found
                left.remove(found)
    return [
        *((entry, counterpart.get(place)) for place, entry in enumerate(now)),
        *((None, other) for other in left),
    ]


def _are_of_one_id(a: Item, b: Item) -> bool:
    return a.id == b.id


def _are_of_one_day(a: Milestone, b: Milestone) -> bool:
    return a.date == b.date and _share_a_name(a, b)


def _share_a_name(a: Item | Part | Milestone, b: Item | Part | Milestone) -> bool:
    """Whether two entries are called the same in any language: a name may be mended in one alone."""
    return any(_name(b).get(code) == words for code, words in _name(a).items())


def _changed(pairs: Sequence[tuple[Any, Any]]) -> tuple[EntryChange, ...]:
    return tuple(EntryChange(_standing(now, before), now, before) for now, before in pairs)


def _standing(now: Any, before: Any) -> EntryStanding:
    if before is None or now is None:
        return "new" if before is None else "dropped"
    if not say_the_same(_name(now), _name(before)):
        return "renamed"
    return "unchanged" if _particulars(now) == _particulars(before) else "changed"


def _name(entry: Item | Part | Milestone) -> Mapping[str, str]:
    return entry.title if isinstance(entry, Milestone) else entry.name


def _particulars(entry: Item | Part | Milestone) -> object:
    """Return what an entry says beside its name, as far as a briefing shows it."""
    match entry:
        case Item():
            return entry.relation, entry.origin
        case Part():
            return entry.value
        case Milestone():
            return entry.date, entry.detail or {}, entry.note or {}
