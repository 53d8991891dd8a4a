"""Arithmetic with figures of which only bounds are known: what is not known stays not known."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zonereport.zone.quantity import INFINITY, Bound, Quantity, significant_step

if TYPE_CHECKING:
    from collections.abc import Callable

D = Decimal


def exact(value: str) -> Quantity:
    return Quantity.exact(D(value))


def about(value: str) -> Quantity:
    return Quantity.approximate(D(value))


def more_than(value: str) -> Quantity:
    return Quantity.above(D(value))


def at_least(value: str) -> Quantity:
    return Quantity.above(D(value), or_equal=True)


def up_to(value: str) -> Quantity:
    return Quantity.below(D(value))


def less_than(value: str) -> Quantity:
    return Quantity.below(D(value), or_equal=False)


def between(low: str, high: str) -> Quantity:
    return Quantity.between(D(low), D(high))


@pytest.mark.parametrize(
    ("quantity", "qualifier", "number"),
    [
        (exact("3228"), "exact", "3228"),
        (exact("0"), "exact", "0"),
        (about("8"), "about", "8"),
        (more_than("500"), "more_than", "500"),
        (at_least("500"), "at_least", "500"),
        (more_than("0"), "more_than", "0"),
        (more_than("-5"), "more_than", "-5"),
        (at_least("-5"), "at_least", "-5"),
        (up_to("50"), "up_to", "50"),
        (less_than("50"), "less_than", "50"),
        (Quantity.below_signed(D(-5)), "up_to", "-5"),
        (Quantity.below_signed(D(-5), or_equal=False), "less_than", "-5"),
        (Quantity.below_signed(D(5)), "up_to", "5"),
        (between("2", "3"), "range", "2"),
        (between("-5", "-3"), "range", "-5"),
        (between("-5", "3"), "range", "-5"),
    ],
)
def test_a_quantity_knows_how_it_is_known(quantity: Quantity, qualifier: str, number: str) -> None:
    assert (quantity.qualifier, quantity.number) == (qualifier, D(number))


@pytest.mark.parametrize(
    ("quantity", "step", "expected"),
    [
        # divided by 3,228 persons, to two decimals
        (more_than("500") / exact("3228"), "0.01", (("0.15", "open"), ("Infinity", "open"), "more_than")),
        (at_least("500") / exact("3228"), "0.01", (("0.15", "open"), ("Infinity", "open"), "more_than")),
        (at_least("500") / exact("1000"), "0.01", (("0.50", ""), ("Infinity", "open"), "at_least")),
        (exact("500") / exact("3228"), "0.01", (("0.15", ""), ("0.15", ""), "exact")),
        (about("500") / exact("3228"), "0.01", (("0.15", ""), ("0.15", ""), "about")),
        (up_to("500") / exact("3228"), "0.01", (("0", ""), ("0.16", "open"), "less_than")),
        (up_to("500") / exact("1000"), "0.01", (("0", ""), ("0.50", ""), "up_to")),
        (less_than("500") / exact("1000"), "0.01", (("0", ""), ("0.50", "open"), "less_than")),
        (between("500", "600") / exact("3228"), "0.01", (("0.15", "open"), ("0.19", "open"), "range")),
        # divided by a bound
        (exact("1057") / more_than("320"), "0.01", (("0", "open"), ("3.31", "open"), "less_than")),
        (exact("1057") / at_least("320"), "0.01", (("0", "open"), ("3.31", "open"), "less_than")),
        (exact("100") / at_least("50"), "0.01", (("0", "open"), ("2", ""), "up_to")),
        (exact("100") / between("40", "50"), "0.01", (("2", ""), ("2.5", ""), "range")),
        (exact("100") / about("40"), "0.01", (("2.5", ""), ("2.5", ""), "about")),
        # products and sums
        (exact("100") * more_than("5"), "1", (("500", "open"), ("Infinity", "open"), "more_than")),
        (exact("2") * up_to("5"), "1", (("0", ""), ("10", ""), "up_to")),
        (more_than("5") + exact("3"), "1", (("8", "open"), ("Infinity", "open"), "more_than")),
        (at_least("5") + more_than("3"), "1", (("8", "open"), ("Infinity", "open"), "more_than")),
        (at_least("5") + at_least("3"), "1", (("8", ""), ("Infinity", "open"), "at_least")),
        (about("5") + exact("3"), "1", (("8", ""), ("8", ""), "about")),
        (up_to("5") + exact("3"), "1", (("3", ""), ("8", ""), "range")),
        # differences
        (exact("100") - up_to("30"), "1", (("70", ""), ("100", ""), "range")),
        (exact("100") - more_than("30"), "1", (("-Infinity", "open"), ("70", "open"), "less_than")),
        (more_than("100") - exact("30"), "1", (("70", "open"), ("Infinity", "open"), "more_than")),
        (between("5", "8") - between("1", "2"), "1", (("3", ""), ("7", ""), "range")),
        # a zero that is reached decides, even beside a bound that is not
        (up_to("5") * between("3", "10"), "1", (("0", ""), ("50", ""), "up_to")),
        (exact("0") / more_than("5"), "1", (("0", ""), ("0", ""), "exact")),
    ],
)
def test_a_result_inherits_the_qualifiers_of_its_inputs(
    quantity: Quantity, step: str, expected: tuple[tuple[str, str], tuple[str, str], str]
) -> None:
    (low, low_open), (high, high_open), qualifier = expected
    rounded = quantity.rounded(D(step))
    assert rounded.low == Bound(D(low), low_open == "open")
    assert rounded.high == Bound(D(high), high_open == "open")
    assert rounded.qualifier == qualifier


@pytest.mark.parametrize(
    "divisor",
    [
        exact("0"),
        about("0"),
        up_to("50"),
        less_than("50"),
        at_least("0"),
        between("-1", "1"),
        exact("-2"),
        more_than("-3"),
        Quantity.below_signed(D(5)),
    ],
)
def test_nothing_is_divided_by_what_may_be_zero_or_negative(divisor: Quantity) -> None:
    with pytest.raises(ZeroDivisionError):
        exact("100") / divisor


@pytest.mark.parametrize(
    "difference",
    [
        more_than("500") - more_than("320"),
        at_least("500") - at_least("500"),
        more_than("500") / more_than("320"),
        more_than("500") * exact("0"),
        exact("0") / more_than("0"),
    ],
)
def test_bounds_that_do_not_meet_leave_the_result_unknown(difference: Quantity) -> None:
    assert difference.qualifier == "unknown"


def test_a_divisor_that_only_tends_to_zero_leaves_a_lower_bound() -> None:
    quotient = exact("5") / Quantity(Bound(D(0), is_open=True), Bound(D(10)))
    assert (quotient.qualifier, quotient.number) == ("at_least", D("0.5"))


@pytest.mark.parametrize(
    ("quantity", "step", "low", "high"),
    [
        (exact("2.5"), "1", "3", "3"),  # half up, not half even
        (exact("-2.5"), "1", "-3", "-3"),
        (exact("38.259"), "0.1", "38.3", "38.3"),
        (exact("4478261"), "10000", "4480000", "4480000"),
        (exact("999.6"), "1", "1000", "1000"),
        (about("65.05"), "1", "65", "65"),
        (more_than("0.1549"), "0.01", "0.15", "Infinity"),
        (up_to("0.1501"), "0.01", "0", "0.16"),
        (between("63.28", "66.86"), "0.1", "63.2", "66.9"),
        (between("-1.25", "-1.15"), "0.1", "-1.3", "-1.1"),
    ],
)
def test_rounding_takes_values_to_the_nearest_and_bounds_outward(
    quantity: Quantity, step: str, low: str, high: str
) -> None:
    rounded = quantity.rounded(D(step))
    assert (rounded.low.value, rounded.high.value, rounded.about) == (D(low), D(high), quantity.about)


@pytest.mark.parametrize(
    ("value", "step", "written"),
    [
        ("50", "0.1", "50.0"),
        ("5", "0.01", "5.00"),
        ("0", "0.1", "0.0"),
        ("-0.01", "0.1", "0.0"),
        ("-0.06", "0.1", "-0.1"),
        ("38.27", "0.1", "38.3"),
        ("7", "1", "7"),
    ],
)
def test_rounding_gives_every_result_the_same_number_of_decimals(value: str, step: str, written: str) -> None:
    assert str(exact(value).rounded(D(step)).number) == written


@pytest.mark.parametrize(
    ("quantity", "qualifier"),
    [
        (at_least("0.155"), "more_than"),
        (at_least("0.15"), "at_least"),
        (up_to("0.155"), "less_than"),
        (up_to("0.16"), "up_to"),
    ],
)
def test_an_end_that_rounding_moved_is_no_longer_reached(quantity: Quantity, qualifier: str) -> None:
    assert quantity.rounded(D("0.01")).qualifier == qualifier


@pytest.mark.parametrize(
    ("value", "digits", "step"),
    [
        ("4478260.87", 3, "1E+4"),
        ("65052631", 2, "1E+6"),
        ("0.15489", 2, "0.01"),
        ("999", 3, "1"),
        ("1000", 3, "10"),
        ("-65052631", 2, "1E+6"),
        ("0", 3, "1"),
        ("Infinity", 3, "1"),
    ],
)
def test_a_step_leaves_so_many_significant_digits(value: str, digits: int, step: str) -> None:
    assert significant_step(D(value), digits) == D(step)


# Properties

numbers = st.decimals(min_value=-(10**6), max_value=10**6, allow_nan=False, allow_infinity=False, places=3)
positive = st.decimals(min_value=D("0.001"), max_value=10**6, places=3)


def holds(quantity: Quantity, value: Decimal) -> bool:
    """Whether the value is one that the quantity may stand for."""
    above = value > quantity.low.value if quantity.low.is_open else value >= quantity.low.value
    below = value < quantity.high.value if quantity.high.is_open else value <= quantity.high.value
    return above and below


@st.composite
def quantity_and_member(draw: st.DrawFn, numbers: st.SearchStrategy[Decimal]) -> tuple[Quantity, Decimal]:
    """Any quantity, and one of the numbers it may stand for."""
    low, high = sorted(draw(st.tuples(numbers, numbers)))
    bounds = [
        Bound(low, draw(st.booleans())),
        draw(st.sampled_from([Bound(high, draw(st.booleans())), Bound(INFINITY, is_open=True)])),
    ]
    if low == high:
        bounds = [Bound(low), Bound(low)]
    quantity = Quantity(bounds[0], bounds[1], draw(st.booleans()))
    member = draw(st.one_of(st.just(low), st.just(high), numbers.filter(lambda n: n >= low)))
    assume(holds(quantity, member))
    return quantity, member


def operate(
    operation: str,
) -> tuple[Callable[[Quantity, Quantity], Quantity], Callable[[Decimal, Decimal], Decimal]]:
    return {
        "+": (lambda a, b: a + b, lambda a, b: a + b),
        "-": (lambda a, b: a - b, lambda a, b: a - b),
        "*": (lambda a, b: a * b, lambda a, b: a * b),
        "/": (lambda a, b: a / b, lambda a, b: a / b),
    }[operation]


@given(
    data=st.data(),
    operation=st.sampled_from("+-*/"),
    step=st.sampled_from([D("0.01"), D("0.1"), D(1), D(1000), D("1E+6")]),
)
def test_the_true_result_lies_within_the_interval_before_and_after_rounding(
    data: st.DataObject, operation: str, step: Decimal
) -> None:
    a, x = data.draw(quantity_and_member(numbers), label="a")
    b, y = data.draw(quantity_and_member(positive if operation == "/" else numbers), label="b")
    of_quantities, of_numbers = operate(operation)
    result = of_quantities(a, b)
    with localcontext(prec=34):
        truth = of_numbers(x, y)
    assert holds(result, truth)
    rounded = result.rounded(step)
    if result.low.value == result.high.value:
        assert abs(rounded.low.value - truth) <= step / 2
    else:
        assert holds(rounded, truth)
    assert rounded.about == result.about
    assert result.about == (a.about or b.about) or result.qualifier == "unknown"


@given(quantity=quantity_and_member(numbers), step=st.sampled_from([D("0.01"), D(1), D(1000)]))
def test_rounding_twice_is_rounding_once(quantity: tuple[Quantity, Decimal], step: Decimal) -> None:
    once = quantity[0].rounded(step)
    assert once.rounded(step) == once
