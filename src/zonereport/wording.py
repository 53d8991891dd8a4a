"""Comparisons and derivations in words: how a figure changed, why two are set apart, by which formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.changes import LACKING
from zonereport.measures import sensitivity, write_formula
from zonereport.zone.model import Figure, Item, ItemList, Milestone, Missing, Part
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from zonereport.changes import Change, Changes, Entries, EntryChange, EntryStanding, Trait
    from zonereport.language import Language
    from zonereport.measures import Comparison, Reason, Unlike
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
    difference = found.difference
    if found.standing == "not_comparable" or difference is None or difference.qualifier == "range":
        direction = "open"  # a rank has no difference: 2 after 3 is better, not less
    else:
        direction = "same" if difference.number == 0 else "up" if difference.number > 0 else "down"
    return words.text(f"change.{direction}", before=before, when=when)


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

    return words.qualified(quantity, write)


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

    return words.text(
        f"reasons.{reason.code}",
        now=word(reason.now, found.now),
        before=word(reason.before, found.before),
        now_when=words.period(found.now.when),
        before_when=words.period(found.before.when),
    )


def revision_in_a_sentence(change: Change, words: Language) -> str:
    """Return how a figure stands to an earlier statement on the same time: "revised from 158 …"."""
    assert change.comparison is not None
    if not {"value", "qualifier"} & set(change.traits):
        return words.text("lists.remark").join(traits_in_words(change, words))
    before = change.comparison.before
    return words.text(
        "changes.revised_from", before=words.remarked(words.phrase(before), words.remarks(before))
    )


def traits_in_words(change: Change, words: Language) -> list[str]:
    """Return in what two statements about one time differ, but for the values, which stand beside them."""
    now, before = change.now, change.before
    if now is None or before is None:
        return []

    def said(figure: Figure, trait: Trait) -> str:
        match trait:
            case "status":
                return words.enumerate(words.text(f"status.{status}") for status in sorted(figure.status))
            case "date":
                return words.period(figure.when)
            case "source":
                return words.enumerate(source.id for source in figure.sources)
            case _:
                return ""

    nothing = words.text("traits.nothing")
    return [
        words.text(f"traits.{trait}", now=said(now, trait) or nothing, before=said(before, trait) or nothing)
        for trait in change.traits
        if trait != "value"
    ]


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
    """Return what a list is called, what a figure is broken down by, or the word for milestones."""
    match entries.owner:
        case ItemList(label=label):
            return words.pick(label)
        case Figure() as figure:
            by = words.pick(figure.breakdown.by) if figure.breakdown else words.text("changes.kinds")
            return words.text("tables.part", name=words.name(figure), part=by)
        case None:
            return words.text("changes.milestones")


def entries_said(entries: Entries, standing: EntryStanding, words: Language) -> list[str]:
    """Return the entries of a standing, without those that differ in another language only."""
    return [
        entry_in_words(change, entries, words)
        for change in entries.of(standing)
        if not (change.now and change.before)
        or _entry(change.now, entries, words, whole=True) != _entry(change.before, entries, words, whole=True)
    ]


def entry_in_words(change: EntryChange, owner: Entries, words: Language) -> str:
    """Return an entry, or both states of one that was renamed or says something else."""
    given = [state for state in (change.before, change.now) if state is not None]
    states = [_entry(state, owner, words) for state in given]
    if len(set(states)) < len(given):
        states = [_entry(state, owner, words, whole=True) for state in given]
    return states[0] if len(states) < 2 else words.text("changes.became", before=states[0], now=states[1])


def _entry(entry: Item | Part | Milestone, owner: Entries, words: Language, *, whole: bool = False) -> str:
    """Return an entry in words, as a whole with its note too."""
    match entry:
        case Item():
            relation = words.text(f"relations.{entry.relation}") if entry.relation else ""
            return words.remarked(words.pick(entry.name), [relation])
        case Part():
            assert isinstance(owner.owner, Figure)
            return part_in_words(entry, owner.owner, words)
        case Milestone():
            more = [words.pick(text) for text in (entry.detail, entry.note) if text and whole]
            return words.remarked(words.pick(entry.title), [words.period(entry.date), *more])


def remarks_on(change: Change, changes: Changes, words: Language) -> list[str]:
    """Return what is to be said of a change beside its values, or beside the word for why there is none.

    Of what is unchanged nothing need be said.
    """
    if change.standing == "unchanged":
        return []
    said = [text for code, text in why(change, changes, words) if code not in LACKING]
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
