"""Comparisons and derivations in words: how a figure changed, why two are set apart, by which formula."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from zonereport.changes import SAID_BESIDE, stated_time
from zonereport.entries import ENTRY_STANDINGS, Entries, EntryChange
from zonereport.measures import sensitivity, write_formula
from zonereport.zone.model import Figure, Item, ItemList, Milestone, Missing, Part, Source, Voice
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zonereport.changes import Change, Changes
    from zonereport.entries import Entry, EntryStanding, Trait
    from zonereport.language import Language
    from zonereport.measures import Comparison, Reason, Unlike
    from zonereport.peers import Beside
    from zonereport.zone.model import Text


def value_in_full(figure: Figure, words: Language) -> str:
    """Return a figure's value with everything that must be said with it."""
    return words.remarked(words.value(figure), words.remarks(figure))


def change_in_a_sentence(found: Comparison, words: Language) -> str:
    """Return how a figure stands to an earlier one: "up from 119 …", "after 119 …; break in series: …"."""
    when = words.when(found.before.when)
    remarks = [remark for remark in words.remarks(found.before) if remark != when]
    before = words.remarked(words.phrase(found.before), remarks)
    if found.standing == "break":
        return words.text("change.break", before=before, when=when, reasons=reasons(found, words))
    return words.text(f"change.{_direction(found)}", before=before, when=when)


def _direction(found: Comparison) -> str:
    """Return whether a figure certainly rose or fell, or is the same; open where it may be otherwise."""
    difference = found.difference
    if difference is None:
        return "open"  # a rank has no difference: 2 after 3 is better, not less
    if difference.low.value > 0:
        return "up"
    if difference.high.value < 0:
        return "down"
    is_one = difference.low == difference.high and found.now.value == found.before.value
    return "same" if is_one else "open"


def change_in_a_cell(found: Comparison, words: Language) -> str:
    """Return the change as a number with its sign and percentage, or that it is not computed."""
    if found.difference is None:
        return words.text("change.not_computed")
    unit = "percentage-points" if found.now.unit == "percent" else found.now.unit
    amount = _signed(found.difference, unit, words)
    return words.remarked(amount, [_signed(found.percent, "percent", words)]) if found.percent else amount


def change_of(change: Change, words: Language) -> str:
    """Return the difference of a change in a cell; a dash where another statement has the same value."""
    if change.comparison is None:
        return words.text("change.not_computed")
    if change.standing == "revised" and not {"value", "qualifier"} & set(change.traits):
        return words.text("tables.none")
    return change_in_a_cell(change.comparison, words)


def _signed(quantity: Quantity, unit: str, words: Language) -> str:
    """Return a difference with its sign before the number, "about" before both."""

    def write(value: Decimal) -> str:
        return ("+" if value > 0 else "") + words.amount(value, unit)

    return words.qualified(quantity, write, signed=True)


def reasons(found: Comparison, words: Language) -> str:
    """Return why two figures are set apart or must be joined with care; empty if nothing is to be said."""
    return words.text("lists.remark").join(reason_in_words(found, reason, words) for reason in found.reasons)


def reason_in_words(found: Comparison, reason: Reason, words: Language) -> str:
    """Return one reason why two figures are set apart or must be joined with care."""

    def word(value: Text | str, figure: Figure) -> str:
        match reason.code:
            case "label":
                return words.name(figure)
            case "unit":
                return words.unit(figure.unit)
            case "kind":
                return words.text(f"kinds.{value}")
            case "length" | "season" | "order":
                return words.period(figure.when)
            case _:
                return (
                    words.pick(value) if value and not isinstance(value, str) else words.text("tables.none")
                )

    now, before = word(reason.now, found.now), word(reason.before, found.before)
    now_when, before_when = _told_apart(found, words)
    if reason.code == "scope" and not (reason.now and reason.before):
        whens = (now_when, before_when) if reason.now else (before_when, now_when)
        scope = now if reason.now else before
        return words.text("reasons.scope_of_one", scope=scope, when=whens[0], other=whens[1])
    return words.text(
        f"reasons.{reason.code}", now=now, before=before, now_when=now_when, before_when=before_when
    )


def _told_apart(found: Comparison, words: Language) -> tuple[str, str]:
    """Return the dates of two figures, or what their snapshots are called where these do not differ."""
    now, before = found.now.when, found.before.when
    are_dated = now is not None and before is not None and now.is_stated and before.is_stated
    if found.editions and (now == before or not are_dated):
        return words.snapshot(found.editions[0]), words.snapshot(found.editions[1])
    return words.period(now), words.period(before)


def revision_in_a_sentence(change: Change, words: Language) -> str:
    """Return how a figure stands to an earlier statement on the same time: "revised from 158 …"."""
    assert change.comparison is not None
    between = words.text("lists.remark")
    if not {"value", "qualifier"} & set(change.traits):
        return between.join(traits_in_words(change, words))
    before = change.comparison.before
    said = words.text(
        "changes.revised_from", before=words.remarked(words.phrase(before), words.remarks(before))
    )
    return between.join([said, *([_trait("date", change, words)] if "date" in change.traits else [])])


def traits_in_words(change: Change | Entries | EntryChange, words: Language) -> list[str]:
    """Return in what two statements or states differ, but for the values, which stand beside them."""
    said = (_trait(trait, change, words) for trait in change.traits if trait != "value")
    return [text for text in said if text]


def _trait(trait: Trait, change: Change | Entries | EntryChange, words: Language) -> str:
    """Return one thing in which two statements or states differ; nothing if not in this language."""

    def said(state: Figure | ItemList | Entry | None) -> str:
        match trait, state:
            case "status", Figure():
                return words.enumerate(words.text(f"status.{status}") for status in sorted(state.status))
            case "name", ItemList():
                return words.pick(state.label)
            case "date", Figure() | ItemList():
                return words.period(stated_time(state))
            case "source", Figure():
                return words.enumerate(source.id for source in state.sources)
            case "source", ItemList() | Milestone() | Voice():
                return state.source.id
            case "origin", Item():
                return state.origin
        return ""

    nothing, now, before = words.text("traits.nothing"), said(change.now), said(change.before)
    if now == before != "":
        return ""
    return words.text(f"traits.{trait}", now=now or nothing, before=before or nothing)


def why(change: Change, changes: Changes, words: Language) -> list[tuple[str, str]]:
    """Return the reasons of a change, each as its code and in words."""
    found = change.comparison
    if found is not None:
        return [(reason.code, reason_in_words(found, reason, words)) for reason in change.reasons]
    other = changes.before if change.standing == "new" else changes.now
    when = words.snapshot(other.edition)
    return [(reason.code, words.text(f"reasons.{reason.code}", when=when)) for reason in change.reasons]


def part_in_words(part: Part, figure: Figure, words: Language) -> str:
    """Return a kind of a figure's breakdown, with its count where there is one."""
    match part.value:
        case Missing.NOT_PUBLISHED:
            said = ""
        case Missing():
            said = words.missing(part.value)
        case Quantity():
            said = words.counted(part.value, figure)
    return words.remarked(words.pick(part.name), [said])


def entries_in_words(entries: Entries, words: Language) -> str:
    """Return what a list is called, what a figure is broken down by, or the word for other entries."""
    match entries.owner:
        case ItemList(label=label):
            return words.pick(label)
        case Figure() as figure:
            assert figure.breakdown is not None
            return words.text("tables.part", name=words.name(figure), part=words.pick(figure.breakdown.by))
        case None:
            return words.text(f"changes.{entries.kind}")


def entries_in_groups(changes: Changes, words: Language) -> Iterator[tuple[str, str, list[str]]]:
    """Yield of each list what it is called, what happened, and to which entries, or to the list itself."""
    for entries in changes.entries:
        for standing in ENTRY_STANDINGS:
            itself = traits_in_words(entries, words) if standing == "changed" else []
            said = [*itself, *entries_said(entries, standing, words)]
            if said and standing != "unchanged":
                yield entries_in_words(entries, words), words.text(f"changes.entries.{standing}"), said


def entries_said(entries: Entries, standing: EntryStanding, words: Language) -> list[str]:
    """Return the entries of a standing, without those that differ in another language only."""
    return [
        entry_in_words(change, entries, words)
        for change in entries.of(standing)
        if change.traits or not (change.now and change.before) or len(_states(change, entries, words)) > 1
    ]


def entry_in_words(change: EntryChange, entries: Entries, words: Language) -> str:
    """Return an entry, or both states of one that was renamed or says something else."""
    *earlier, (name, remarks) = _states(change, entries, words)
    now = words.remarked(name, (*remarks, *traits_in_words(change, words)))
    if not earlier or change.standing == "unchanged":
        return now
    return words.text("changes.became", before=words.remarked(*earlier[0]), now=now)


def _states(change: EntryChange, entries: Entries, words: Language) -> list[tuple[str, tuple[str, ...]]]:
    """Return an entry as it was and as it is, as a whole where it is called the same; once if it says so."""
    both = ((change.before, entries.before), (change.now, entries.now))
    given = [(state, owner) for state, owner in both if state is not None]
    short = [_entry(state, owner, words) for state, owner in given]
    if len(set(short)) == len(given):
        return short
    whole = [_entry(state, owner, words, whole=True) for state, owner in given]
    return whole if len(set(whole)) == len(given) else short[:1]


def _entry(
    entry: Entry, owner: Figure | ItemList | None, words: Language, *, whole: bool = False
) -> tuple[str, tuple[str, ...]]:
    """Return what an entry is called and the remarks on it, as a whole with its note too."""
    match entry:
        case Item():
            relation = words.text(f"relations.{entry.relation}") if entry.relation else ""
            return words.pick(entry.name), (relation,)
        case Part():
            assert isinstance(owner, Figure)
            return part_in_words(entry, owner, words), ()
        case Milestone():
            more = [words.pick(text) for text in (entry.detail, entry.note) if text and whole]
            return words.pick(entry.title), (words.period(entry.date), *more)
        case Voice():
            text = words.pick(entry.text)
            said = words.quoted(text) if entry.is_quotation else text
            return words.pick(entry.speaker), (words.pick(entry.role), said if whole else "")
        case Source():
            note = words.pick(entry.note) if entry.note else ""
            return words.source(entry), (entry.address, note) if whole else ()


def remarks_on(change: Change, changes: Changes, words: Language) -> list[str]:
    """Return what is to be said of a change beside its values, or beside the word for why there is none.

    Of what is unchanged nothing need be said.
    """
    if change.standing == "unchanged":
        return []
    said = [text for code, text in why(change, changes, words) if code not in SAID_BESIDE]
    return [*traits_in_words(change, words), *said]


def not_compared(unlike: Unlike, words: Language) -> str:
    """Return a sentence a snapshot on related figures that count different things."""

    def listed(figures: Sequence[Figure]) -> str:
        kinds = {figure.id: words.text(f"kinds.{figure.indicator.kind}") for figure in figures}
        return words.enumerate(
            words.remarked(words.phrase(figure), [kinds[figure.id], *words.remarks(figure)])
            for figure in figures
        )

    return words.sentences(
        words.text("reasons.snapshot", when=words.snapshot(zone.edition), figures=listed(figures))
        for zone, figures in unlike.groups
    )


def formula(figure: Figure, words: Language) -> str:
    """Return the formula of a derived figure, and its range where rounded inputs matter."""
    text = write_formula(figure, words.name, words.number)
    width = sensitivity(figure)
    if width is None:
        return text
    low, high = (words.amount(bound.value, figure.unit) for bound in (width.low, width.high))
    return words.sentences(
        (words.text("methods.formula", formula=text), words.text("methods.sensitivity", low=low, high=high))
    )


def rank_in_words(beside: Beside, words: Language) -> str:
    """Return the rank among all zones compared: "2 of 12", "about 2 of 12", "2 of 12 by size"."""
    assert beside.reference is not None
    key = "rank" if beside.figure.indicator.better else "rank_by_size"
    rank, n = (words.number(Decimal(number)) for number in (beside.reference.rank, beside.n))
    text = words.text(f"peers.{key}", rank=rank, n=n)
    return words.text("qualifiers.about", n=text) if beside.reference.about else text


def percentile_in_words(beside: Beside, words: Language) -> str:
    """Return the percentile as a whole number, rounded half up."""
    assert beside.reference is not None
    text = words.number(beside.reference.percentile.quantize(Decimal(1), ROUND_HALF_UP))
    return words.text("qualifiers.about", n=text) if beside.reference.about else text
