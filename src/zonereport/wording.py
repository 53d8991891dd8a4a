"""Comparisons and derivations in words: how a figure changed, why two are set apart, by which formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zonereport.measures import sensitivity, write_formula

if TYPE_CHECKING:
    from decimal import Decimal

    from zonereport.language import Language
    from zonereport.measures import Comparison, Reason
    from zonereport.zone.model import Figure, Text
    from zonereport.zone.quantity import Quantity


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


def _signed(quantity: Quantity, unit: str, words: Language) -> str:
    """Return a difference with its sign before the number, "about" before both."""

    def write(value: Decimal) -> str:
        return ("+" if value > 0 else "") + words.amount(value, unit)

    return words.qualified(quantity, write)


def reasons(found: Comparison, words: Language) -> str:
    """Return why two figures are set apart or must be joined with care; empty if nothing is to be said."""
    return words.text("lists.remark").join(_reason(found, reason, words) for reason in found.reasons)


def _reason(found: Comparison, reason: Reason, words: Language) -> str:
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
