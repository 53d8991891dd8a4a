"""What a printed number says, or why that is not certain."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zonereport.zone.model import Missing, Status
    from zonereport.zone.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Reading:
    """What a printed number says."""

    value: Quantity | Missing
    """In whole units: 2.06亿 is 206,000,000."""
    unit: str = ""
    """A unit of the catalogue, an ISO 4217 code, or nothing where none is printed."""
    scale: Decimal = field(default=Decimal(1), compare=False)
    """What the last printed number is multiplied by: 100,000,000 for 亿."""
    status: frozenset[Status] = frozenset()
    """What Eurostat's letters behind a number say: `p`, `e`, `b`, …."""
    also: Reading | None = None
    """A second amount, in brackets."""
    marks: str = field(default="", compare=False)
    """Footnote marks behind the number; what they refer to is not known here."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a printed number cannot be read for certain, and what would settle it."""

    reason: str
    """Continues the printed text: `36.300` "can be 36.3 or 36,300"."""
    needed: str


class RefusedError(Exception):
    """A reading in one language has come to an end."""

    def __init__(
        self, reason: str, needed: str = "write the value", *, unknown_at: int | None = None
    ) -> None:
        super().__init__(reason)
        self.refusal = Refusal(reason, needed)
        self.unknown_at = unknown_at
        """Where the words are none of the language's; None where they are, and say nothing certain."""
