"""When a figure holds: a day, month, quarter, half-year, year or fiscal year, or "not stated"."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

Granularity = Literal["day", "month", "quarter", "half", "year", "fiscal", "not_stated"]

NOT_STATED_TEXT = "not stated"

FORMS = "`2022`, `2022-12`, `2022-12-31`, `2022-H1`, `2022-Q3`, `FY2022` or `not stated`"

_PATTERNS: tuple[tuple[Granularity, str], ...] = (
    ("year", r"(\d{4})"),
    ("month", r"(\d{4})-(\d{2})"),
    ("day", r"(\d{4})-(\d{2})-(\d{2})"),
    ("half", r"(\d{4})-H([12])"),
    ("quarter", r"(\d{4})-Q([1-4])"),
    ("fiscal", r"FY(\d{4})"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """A date as precise as it was given; `part` is the month, quarter or half where there is one."""

    granularity: Granularity
    year: int = 0
    part: int = 0
    day: int = 0

    @classmethod
    def parse(cls, text: str) -> Period:
        """Return the period of one of FORMS; raise ValueError for anything else."""
        if text == NOT_STATED_TEXT:
            return NOT_STATED
        for granularity, pattern in _PATTERNS:
            if match := re.fullmatch(pattern, text, re.ASCII):
                numbers = [int(group) for group in match.groups()]
                period = cls(granularity, *numbers)
                _ = period.start, period.end  # raises ValueError for a month 13 or a 30 February
                return period
        raise ValueError(text)

    def __str__(self) -> str:
        match self.granularity:
            case "not_stated":
                return NOT_STATED_TEXT
            case "year":
                return f"{self.year:04}"
            case "fiscal":
                return f"FY{self.year:04}"
            case "month":
                return f"{self.year:04}-{self.part:02}"
            case "day":
                return f"{self.year:04}-{self.part:02}-{self.day:02}"
            case "half":
                return f"{self.year:04}-H{self.part}"
            case "quarter":
                return f"{self.year:04}-Q{self.part}"

    @property
    def is_stated(self) -> bool:
        """Whether the source says when."""
        return self.granularity != "not_stated"

    @property
    def start(self) -> date:
        """The first day; ValueError if not stated. A fiscal year is ordered by the year it is named after."""
        match self.granularity:
            case "day":
                return date(self.year, self.part, self.day)
            case "month":
                return date(self.year, self.part, 1)
            case "quarter":
                return date(self.year, self.part * 3 - 2, 1)
            case "half":
                return date(self.year, self.part * 6 - 5, 1)
            case "year" | "fiscal":
                return date(self.year, 1, 1)
            case "not_stated":
                raise ValueError("a period that is not stated has no start")

    @property
    def end(self) -> date:
        """The last day; ValueError if not stated."""
        match self.granularity:
            case "day":
                return self.start
            case "year" | "fiscal":
                return date(self.year, 12, 31)
            case "not_stated":
                raise ValueError("a period that is not stated has no end")
            case _:
                months = {"month": 1, "quarter": 3, "half": 6}[self.granularity]
                month = self.start.month + months - 1
                return date(self.year, month, monthrange(self.year, month)[1])


NOT_STATED = Period("not_stated")
