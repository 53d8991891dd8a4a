"""What differs between two snapshots of a zone, or two editions of one: each figure, and all entries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from zonereport.entries import breakdowns_of, find_entries, own_id
from zonereport.measures import Facts, Reason, compare, compare_statements, say_the_same, state_one_time
from zonereport.zone.model import ItemList, Missing
from zonereport.zone.period import NOT_STATED
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from zonereport.entries import Entries, Trait
    from zonereport.measures import Comparison, ReasonCode, Unlike
    from zonereport.zone.model import Figure, Zone
    from zonereport.zone.period import Period

Standing = Literal[
    "revised", "changed", "break", "not_comparable", "new", "dropped", "valueless", "unchanged"
]
"""`revised` is another statement about the same time, `changed` one about a later time, `valueless`
another reason why neither has a value."""
STANDINGS: tuple[Standing, ...] = get_args(Standing)

_MISSING: Mapping[Missing, ReasonCode] = {
    Missing.NOT_PUBLISHED: "not_published",
    Missing.NOT_APPLICABLE: "not_applicable",
    Missing.CONFIDENTIAL: "confidential",
}
SAID_BESIDE: frozenset[ReasonCode] = frozenset({"absent", "date", *_MISSING.values()})
"""Reasons that the word in a value's place says too, or the two dates."""


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
    both = [(each.now, each.before) for each in figures if each.comparison and each.now and each.before]
    return Changes(now, before, figures, tuple(find_entries(now, before, both)), unlike)


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
    return None if len(said) < 2 or said == {"absent", "not_published"} else Change(id, "valueless", a, b)


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
    found = replace(found, editions=(now.edition, before.edition))
    return Change(a.id, standing, a, b, found.reasons, found, traits)


def _of_one_time(now: Figure, before: Figure, *, one_snapshot: bool) -> bool:
    """Whether two figures are statements about the same time.

    What is not dated is of one time within one snapshot only; what a later edition of it dates no later
    is no change since then but a corrected date.
    """
    a, b = now.when, before.when
    if a is None or b is None or not (a.is_stated and b.is_stated):
        return one_snapshot
    if one_snapshot:
        return NOT_STATED in (now.period, before.period) or a.end <= b.end
    return state_one_time(now, before)


def stated_time(owner: Figure | ItemList) -> Period | None:
    """Return the period or the date that a figure or list gives, "not stated" where that is what it says."""
    return owner.as_of if isinstance(owner, ItemList) else owner.period or owner.as_of


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
    if stated_time(now) != stated_time(before):
        yield "date"
    if [source.id for source in now.sources] != [own_id(source, edition) for source in before.sources]:
        yield "source"
    found = tuple(breakdowns_of(now, before))
    if any(each.traits or len(each.of("unchanged")) < len(each.changes) for each in found):
        yield "parts"
    if not say_the_same(now.note or {}, before.note or {}):
        yield "note"
