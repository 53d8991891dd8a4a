"""Formulas: one expression gives the value and the text, and none can do anything but arithmetic."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonereport.zone.formula import Written, evaluate, formula_inputs

NAMES = {"a": "patents", "b": "persons", "c": "contracts"}


def written(formula: str) -> str:
    return evaluate(formula, lambda id: Written(NAMES[id]), lambda number: Written(str(number))).text


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("{a}", "patents"),
        ("100 * {a} / {b}", "100 × patents ÷ persons"),
        ("{a} / {b} * 100", "patents ÷ persons × 100"),
        ("({a} + {b}) / {c}", "(patents + persons) ÷ contracts"),
        ("{a} + {b} / {c}", "patents + persons ÷ contracts"),
        ("{a} - ({b} - {c})", "patents − (persons − contracts)"),
        ("{a} - {b} - {c}", "patents − persons − contracts"),
        ("{a} - ({b} + {c})", "patents − (persons + contracts)"),
        ("{a} - {b} * {c}", "patents − persons × contracts"),
        ("{a} * ({b} - {c})", "patents × (persons − contracts)"),
        ("{a} / ({b} * {c})", "patents ÷ (persons × contracts)"),
        ("{a} / ({b} / {c})", "patents ÷ (persons ÷ contracts)"),
        ("({a} / {b}) / {c}", "patents ÷ persons ÷ contracts"),
        ("{a} * 100 / {b} - {a}", "patents × 100 ÷ persons − patents"),
        ("(({a}))", "patents"),
        ("0.5 * {a}", "0.5 × patents"),
    ],
)
def test_a_written_formula_has_parentheses_only_where_a_reader_needs_them(formula: str, text: str) -> None:
    assert written(formula) == text


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("100 * {a} / {b}", "50"),
        ("{a} - ({b} - {c})", "1"),
        ("{a} - {b} - {c}", "-7"),
        ("({a} + {b}) / {c}", "2.25"),
        ("  {a}+{a} ", "6"),
        ("0.1 * {a}", "0.3"),
        ("1e3 * {a}", "3000"),
    ],
)
def test_a_formula_is_computed_in_exact_decimals(formula: str, value: str) -> None:
    numbers = {"a": Decimal(3), "b": Decimal(6), "c": Decimal(4)}
    assert evaluate(formula, numbers.__getitem__, Decimal) == Decimal(value)


def test_inputs_are_named_once_and_in_order() -> None:
    assert formula_inputs("{b} * 100 / {a} - {b}") == ("b", "a")


@pytest.mark.parametrize(
    "formula",
    [
        "",
        " ",
        "__import__('os')",
        "__import__('os').system('true')",
        "{a}.__class__",
        "{a}.x",
        "{a}**9",
        "9**9**9**9",
        "{a} // {b}",
        "{a} % {b}",
        "{a} | {b}",
        "{a} << 2",
        "-{a}",
        "+{a}",
        "~{a}",
        "not {a}",
        "{a} if {b} else {c}",
        "{a} and {b}",
        "{a} < {b}",
        "{a}[0]",
        "[{a}]",
        "({a}, {b})",
        "{a}()",
        "print({a})",
        "lambda: {a}",
        "(x := {a})",
        "f'{a}'",
        "'{a}'",
        "{a} + 'x'",
        "{a} + True",
        "{a} + 1j",
        "{a} + x",
        "_0 + {a}",  # the name that stands in for an id
        "{a}0",
        "{a}{b}",
        "{a} {b}",
        "{a} # + {b}",
        "{a}\n+ {b}",
        "{a}; {b}",
        "{a} +",
        "({a}",
        "{a",
        "a}",
        "{{a}}",
        "1e400 * {a}",
        "{a}\0",
        "1_000 * {a}",
        "0x10 * {a}",
        "１ + {a}",
        "9" * 5000 + " + {a}",
        "(" * 5000 + "{a}" + ")" * 5000,
        "1 + " * 50_000 + "{a}",
        "-" * 50_000 + "{a}",
    ],
    ids=lambda formula: formula if len(formula) < 40 else f"{formula[:12]}… of {len(formula)} characters",
)
def test_what_is_more_than_arithmetic_is_refused(formula: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - it carries the formula alone
        evaluate(formula, lambda id: Written(NAMES[id]), lambda number: Written(str(number)))
    assert refused.value.args == (formula,)


@given(st.text(alphabet="{}abc0123456789.eE+*/-() _'\"\n[],:", max_size=40))
def test_any_text_is_either_arithmetic_or_refused(formula: str) -> None:
    try:
        result = evaluate(formula, Written, lambda number: Written(str(number)))
    except ValueError:
        return
    assert isinstance(result, Written)
