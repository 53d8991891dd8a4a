"""What became of entries between two snapshots: of lists and breakdowns, milestones, voices, sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from zonereport.measures import say_the_same
from zonereport.zone.model import Item, Milestone, Part, Source, Voice
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from zonereport.zone.model import Figure, ItemList, Zone

    Rule = Callable[[Any, Any], bool]
    """Whether two entries are one."""

Entry = Item | Part | Milestone | Voice | Source
EntriesKind = Literal["list", "parts", "milestones", "voices", "sources"]
EntryStanding = Literal["new", "dropped", "renamed", "changed", "unchanged"]
Trait = Literal[
    "value",
    "qualifier",
    "also",
    "status",
    "date",
    "source",
    "parts",
    "note",
    "name",
    "order",
    "complete",
    "origin",
]
"""In what two statements about one time differ, or two states of a list or an entry."""

ENTRY_STANDINGS: tuple[EntryStanding, ...] = get_args(EntryStanding)


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry of a list, a kind of a breakdown, a milestone, voice or source, in both snapshots."""

    standing: EntryStanding
    now: Entry | None
    before: Entry | None
    traits: tuple[Trait, ...] = ()
    """In what the two differ beside what they say."""


@dataclass(frozen=True, slots=True)
class Entries:
    """A list, the breakdown of a figure, or entries of the zone itself: what became of each."""

    kind: EntriesKind
    now: ItemList | Figure | None
    before: ItemList | Figure | None
    """The list or figure of either, None where it has none; both None for entries of the zone."""
    changes: tuple[EntryChange, ...]
    traits: tuple[Trait, ...] = ()
    """In what the two lists or breakdowns differ beside their entries."""

    @property
    def owner(self) -> ItemList | Figure | None:
        """The later list or figure, the earlier one where there is no later one."""
        return self.now or self.before

    def of(self, standing: EntryStanding) -> tuple[EntryChange, ...]:
        """Return the entries of a standing."""
        return tuple(change for change in self.changes if change.standing == standing)


def find_entries(now: Zone, before: Zone, both: Sequence[tuple[Figure, Figure]]) -> Iterator[Entries]:
    """Yield each list, the breakdowns of figures that both have, milestones, voices, sources of editions."""
    edition = before if now.edition.snapshot == before.edition.snapshot else None

    def paired(kind: EntriesKind, a: Sequence[Any], b: Sequence[Any], *rules: Rule) -> Iterator[Entries]:
        if a or b:
            yield Entries(kind, None, None, _changed(_pairs(a, b, *rules), edition))

    for id in dict.fromkeys((*now.lists, *before.lists)):
        yield _list(now.lists.get(id), before.lists.get(id), edition)
    for pair in both:
        yield from breakdowns_of(*pair)
    yield from paired("milestones", now.milestones, before.milestones, _are_of_one_day, _share_a_name)
    yield from paired("voices", now.voices, before.voices, _say_one_thing, _share_a_name)
    if edition:
        earlier = [replace(source, id=own_id(source, edition)) for source in before.sources.values()]
        yield from paired("sources", tuple(now.sources.values()), earlier, _are_of_one_id)


def _list(now: ItemList | None, before: ItemList | None, edition: Zone | None) -> Entries:
    """Return what became of a list; where and when it was published is told apart in editions only."""
    items = before.items if before else ()
    pairs = _pairs(now.items if now else (), items, _are_of_one_id, _share_a_name)
    traits: dict[Trait, bool] = {}
    if now and before:
        traits = {
            "name": not say_the_same(now.label, before.label),
            "order": _is_reordered(pairs, items),
            "note": not say_the_same(now.note or {}, before.note or {}),
            "date": edition is not None and now.as_of != before.as_of,
            "source": edition is not None and now.source.id != own_id(before.source, edition),
        }
    return Entries("list", now, before, _changed(pairs, edition), _those(traits))


def breakdowns_of(now: Figure, before: Figure) -> Iterator[Entries]:
    """Yield what became of the kinds of a figure; by another criterion they are other kinds."""
    a, b = now.breakdown, before.breakdown
    if a and b and say_the_same(a.by, b.by):
        pairs = _pairs(a.parts, b.parts, _share_a_name)
        traits: dict[Trait, bool] = {
            "complete": a.complete != b.complete,
            "order": _is_reordered(pairs, b.parts),
            "note": not say_the_same(a.note or {}, b.note or {}),
        }
        yield Entries("parts", now, before, _changed(pairs, units=(now.unit, before.unit)), _those(traits))
        return
    if a:
        yield Entries("parts", now, None, _changed([(part, None) for part in a.parts]))
    if b:
        yield Entries("parts", None, before, _changed([(None, part) for part in b.parts]))


def _those(traits: Mapping[Trait, bool]) -> tuple[Trait, ...]:
    return tuple(trait for trait, differs in traits.items() if differs)


def _is_reordered(pairs: Sequence[tuple[Any, Any]], before: Sequence[Any]) -> bool:
    """Whether entries that both have stand in another order than before."""
    places = {id(entry): place for place, entry in enumerate(before)}
    kept = [places[id(earlier)] for entry, earlier in pairs if entry is not None and earlier is not None]
    return kept != sorted(kept)


def _pairs(now: Sequence[Any], before: Sequence[Any], *rules: Rule) -> list[tuple[Any, Any]]:
    """Return each entry with its counterpart by the first rule that finds one, then those without one."""
    counterpart: dict[int, Any] = {}
    left = list(before)
    for rule in rules:
        for place, entry in enumerate(now):
            found = next((at for at, o in enumerate(left) if rule(entry, o)), None)
            if place not in counterpart and found is not None:
                counterpart[place] = left.pop(found)
    return [
        *((entry, counterpart.get(place)) for place, entry in enumerate(now)),
        *((None, other) for other in left),
    ]


def _are_of_one_id(a: Item | Source, b: Item | Source) -> bool:
    return a.id == b.id


def _are_of_one_day(a: Milestone, b: Milestone) -> bool:
    return a.date == b.date and _share_a_name(a, b)


def _say_one_thing(a: Voice, b: Voice) -> bool:
    return a.text == b.text and _share_a_name(a, b)


def _share_a_name(a: Entry, b: Entry) -> bool:
    """Whether two entries are called the same in any language: a name may be mended in one alone."""
    return any(_name(b).get(code) == words for code, words in _name(a).items())


def _changed(
    pairs: Sequence[tuple[Any, Any]], edition: Zone | None = None, units: tuple[str, str] = ("", "")
) -> tuple[EntryChange, ...]:
    """Return what became of each pair; `units` are those of the two figures that the kinds are of."""
    changes = []
    for now, before in pairs:
        traits = _entry_traits(now, before, edition) if now and before else ()
        changes.append(EntryChange(_standing(now, before, traits, units), now, before, traits))
    return tuple(changes)


def _standing(now: Any, before: Any, traits: tuple[Trait, ...], units: tuple[str, str]) -> EntryStanding:
    if before is None or now is None:
        return "new" if before is None else "dropped"
    if not say_the_same(_name(now), _name(before)):
        return "renamed"
    a, b = (_particulars(entry, unit) for entry, unit in zip((now, before), units, strict=True))
    return "unchanged" if a == b and not traits else "changed"


def _entry_traits(now: Entry, before: Entry, edition: Zone | None) -> tuple[Trait, ...]:
    """Return in what two entries differ that their words do not say."""
    match now, before:
        case Item(), Item():
            return ("origin",) if now.origin != before.origin else ()
        case ((Milestone() | Voice()), (Milestone() | Voice())) if edition:
            return ("source",) if now.source.id != own_id(before.source, edition) else ()
    return ()


def _name(entry: Entry) -> Mapping[str, str]:
    match entry:
        case Milestone() | Source():
            return entry.title
        case Voice():
            return entry.speaker
        case Item() | Part():
            return entry.name


def _particulars(entry: Entry, unit: str) -> object:
    """Return what an entry says beside its name, as far as a briefing shows it."""
    match entry:
        case Item():
            return entry.relation
        case Part():
            return entry.value, unit if isinstance(entry.value, Quantity) else ""
        case Milestone():
            return entry.date, entry.detail or {}, entry.note or {}
        case Voice():
            return entry.role, entry.text, entry.is_quotation
        case Source():
            return entry.publisher, entry.date, entry.address, entry.note or {}


def own_id(source: Source, edition: Zone | None) -> str:
    """Return what an earlier edition calls a source itself: one whose record was mended is the same."""
    return source.id.removesuffix(f"-{edition.edition.name}") if edition else source.id
