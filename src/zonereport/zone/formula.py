"""A derived indicator's formula: an expression such as `100 * {rd-projects} / {rd-professionals}`.

The same expression is evaluated twice, over quantities for the value and over words for the text in
*Sources and methods*, so that the formula shown is the formula used.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable


class Operand(Protocol):
    """What a formula can be evaluated over."""

    def __add__(self, other: Self, /) -> Self: ...
    def __sub__(self, other: Self, /) -> Self: ...
    def __mul__(self, other: Self, /) -> Self: ...
    def __truediv__(self, other: Self, /) -> Self: ...


T = TypeVar("T", bound=Operand)


def formula_inputs(formula: str) -> tuple[str, ...]:
    """Return the ids that a formula names, each once, in order."""
    return tuple(dict.fromkeys(re.findall(r"\{([^{}]*)\}", formula)))


def evaluate(formula: str, operand: Callable[[str], T], number: Callable[[Decimal], T]) -> T:
    """Return the formula's value over what `operand` gives for an id and `number` for a constant.

    Raises ValueError if it is more than ids, numbers, + - * / and parentheses.
    """
    ids = formula_inputs(formula)
    names = {f"_{index}": id for index, id in enumerate(ids)}
    if not re.fullmatch(r"(\{[^{}]*\}|[0-9.eE+*/() -])*", formula):
        raise ValueError(formula)
    # The spaces keep `{a}0` from becoming the name of another id.
    source = re.sub(r"\{([^{}]*)\}", lambda match: f" _{ids.index(match[1])} ", formula)

    def visit(node: ast.expr) -> T:
        match node:
            case ast.BinOp(left, ast.Add(), right):
                return visit(left) + visit(right)
            case ast.BinOp(left, ast.Sub(), right):
                return visit(left) - visit(right)
            case ast.BinOp(left, ast.Mult(), right):
                return visit(left) * visit(right)
            case ast.BinOp(left, ast.Div(), right):
                return visit(left) / visit(right)
            case ast.Name(name) if name in names:
                return operand(names[name])
            case ast.Constant(int() | float() as value) if not isinstance(value, bool) and isfinite(value):
                return number(Decimal(str(value)))
            case _:
                raise ValueError(formula)

    try:
        return visit(ast.parse(source.strip(), mode="eval").body)
    except (SyntaxError, MemoryError, RecursionError):
        raise ValueError(formula) from None


@dataclass(frozen=True, slots=True)
class Written:
    """An expression in words, with parentheses only where the reader needs them."""

    text: str
    strength: int = 3
    """How tightly it binds: 1 for a sum, 2 for a product, 3 for a single term."""

    def __add__(self, other: Written) -> Written:
        return Written(f"{self.text} + {other.text}", 1)

    def __sub__(self, other: Written) -> Written:
        return Written(f"{self.text} − {other.within(2)}", 1)

    def __mul__(self, other: Written) -> Written:
        return Written(f"{self.within(2)} × {other.within(2)}", 2)

    def __truediv__(self, other: Written) -> Written:
        return Written(f"{self.within(2)} ÷ {other.within(3)}", 2)

    def within(self, strength: int) -> str:
        """Return the text, in parentheses if it binds less than `strength`."""
        return self.text if self.strength >= strength else f"({self.text})"
