"""Conditions on figures, such as `patents-granted > 100 and changed(exports)`: true, false or unknown.

A condition is on what is published. "More than 500" is above 400 for sure; whether it is above 600 is not
known, and then nothing is sent. "About 1,000" may be off by half a unit of its last digit that is not zero.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from zonereport.errors import UsageError, did_you_mean
from zonereport.language import load_language
from zonereport.zone.quantity import Quantity

if TYPE_CHECKING:
    from zonereport.measures import Facts
    from zonereport.zone.model import Figure

SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "万": 10**4, "亿": 10**8}
_LONGEST = 200
_WORD = r"(?=[a-z0-9-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*"
_NUMBER = r"-?\d+(?:\.\d+)?"
_TOKEN = re.compile(rf"\s*(?:{_WORD}|{_NUMBER}|[万亿]|[<>]=?|!?=|[()])")
_EXAMPLE = "write it as in `patents-granted > 100 and changed(rd-professionals)`"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a condition holds, and why."""

    holds: bool | None
    """None where what is published does not tell."""
    reasons: tuple[str, ...]
    """What each part of the condition found, in English."""


def judge(condition: str, facts: Facts) -> Verdict:
    """Return whether a condition holds for a zone's figures beside the earlier snapshot's.

    Raises UsageError for what is no condition, and for an indicator that does not exist.
    """
    parser = _Parser(_tokens(condition), facts)
    holds = parser.either()
    if parser.tokens:
        raise UsageError(
            f"the condition `{condition}`: expected `and`, `or` or its end, found `{parser.tokens[0]}`",
            hint=_EXAMPLE,
        )
    return Verdict(holds, tuple(parser.reasons))


def _tokens(condition: str) -> list[str]:
    if not condition.strip() or len(condition) > _LONGEST:
        raise UsageError(f"expected a condition of at most {_LONGEST} characters", hint=_EXAMPLE)
    tokens, place = [], 0
    while place < len(condition.rstrip()):
        match = _TOKEN.match(condition, place)
        if match is None:
            raise UsageError(
                f"the condition `{condition}`: `{condition[place:].strip()[:20]}` cannot be read",
                hint=_EXAMPLE,
            )
        tokens.append(match[0].strip())
        place = match.end()
    return tokens


@dataclass
class _Parser:
    """Reads a condition from left to right and finds what each of its parts comes to."""

    tokens: list[str]
    facts: Facts
    reasons: list[str] = field(default_factory=list)

    def either(self) -> bool | None:
        """Return what conditions joined by `or` come to: one that is true decides."""
        found = [self._all()]
        while self._next("or"):
            found.append(self._all())
        return True if True in found else None if None in found else False

    def _all(self) -> bool | None:
        found = [self._one()]
        while self._next("and"):
            found.append(self._one())
        return False if False in found else None if None in found else True

    def _one(self) -> bool | None:
        if self._next("not"):
            holds = self._one()
            return None if holds is None else not holds
        if self._next("("):
            holds = self.either()
            self._expect(")")
            return holds
        if self.tokens[:2] == ["changed", "("]:
            del self.tokens[:2]
            id = self._take("an indicator")
            self._expect(")")
            return self._changed(id)
        return self._compared(self._take("an indicator"))

    def _compared(self, id: str) -> bool | None:
        figure = self._figure(id)
        sign = self._take("one of `<`, `<=`, `>`, `>=`, `=`, `!=`", r"[<>]=?|!?=")
        bound = Decimal(self._take("a number", _NUMBER))
        if self.tokens and self.tokens[0] in SCALES:
            bound *= SCALES[self.tokens.pop(0)]
        holds = _compare(figure.value, sign, bound) if figure and isinstance(figure.value, Quantity) else None
        self._note(id, figure, f"`{sign} {bound:,}`", holds)
        return holds

    def _changed(self, id: str) -> bool | None:
        figure = self._figure(id)
        found = self.facts.comparison(id)
        holds = None
        if found and found.standing == "comparable":
            assert isinstance(found.now.value, Quantity)
            assert isinstance(found.before.value, Quantity)
            holds = _differ(found.now.value, found.before.value)
        before = load_language("en").value(found.before) if found else "not published or not given"
        self._note(id, figure, f"`changed`, beside {before}", holds)
        return holds

    def _figure(self, id: str) -> Figure | None:
        known = self.facts.zone.indicators
        if id not in known:
            raise UsageError(
                f"the condition asks for an unknown indicator `{id}`",
                hint=did_you_mean(id, known) or "`zonereport indicators` lists them",
            )
        return self.facts.figures.get(id)

    def _note(self, id: str, figure: Figure | None, asked: str, holds: bool | None) -> None:
        value = load_language("en").value(figure) if figure else "not published"
        verdict = {True: "true", False: "false", None: "unknown"}[holds]
        self.reasons.append(f"`{id}` is {value}: {asked} is {verdict}")

    # Tokens

    def _next(self, token: str) -> bool:
        """Whether the next token is this one, which is taken then."""
        is_next = self.tokens[:1] == [token]
        del self.tokens[: int(is_next)]
        return is_next

    def _expect(self, token: str) -> None:
        if not self._next(token):
            raise UsageError(f"the condition: expected `{token}`, found {self._found()}", hint=_EXAMPLE)

    def _take(self, what: str, shape: str = _WORD) -> str:
        if not self.tokens or not re.fullmatch(shape, self.tokens[0]):
            raise UsageError(f"the condition: expected {what}, found {self._found()}", hint=_EXAMPLE)
        return self.tokens.pop(0)

    def _found(self) -> str:
        return f"`{self.tokens[0]}`" if self.tokens else "its end"


def _compare(quantity: Quantity, sign: str, bound: Decimal) -> bool | None:
    """Return whether every number that a quantity may be stands so to a bound; None if only some do."""
    possible = _possible(quantity)
    low, high = possible.low, possible.high
    above = low.value > bound or (low.value == bound and low.is_open)
    below = high.value < bound or (high.value == bound and high.is_open)
    match sign:
        case ">":
            return True if above else False if high.value <= bound else None
        case ">=":
            return True if low.value >= bound else False if below else None
        case "<":
            return True if below else False if low.value >= bound else None
        case "<=":
            return True if high.value <= bound else False if above else None
    is_it = False if above or below else True if low.value == high.value else None
    return is_it if sign == "=" or is_it is None else not is_it


def _differ(now: Quantity, before: Quantity) -> bool | None:
    """Return whether two quantities differ for sure, or are the same number; None if they may."""
    a, b = _possible(now), _possible(before)
    if a.low.value == a.high.value == b.low.value == b.high.value:
        return False
    return True if _compare(a - b, "!=", Decimal(0)) else None


def _possible(quantity: Quantity) -> Quantity:
    """Return the numbers that a quantity may be, "about" taken for a number that was rounded."""
    if not quantity.about:
        return quantity
    half = Decimal(1).scaleb(int(quantity.number.normalize().as_tuple().exponent)) / 2
    return quantity.widened(half)
