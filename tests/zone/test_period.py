"""Dates as precise as they were given, and nothing that only looks like one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonereport.zone.period import NOT_STATED, Period


@pytest.mark.parametrize(
    ("text", "period", "start", "end"),
    [
        ("2022", Period("year", 2022), "2022-01-01", "2022-12-31"),
        ("2022-12", Period("month", 2022, 12), "2022-12-01", "2022-12-31"),
        ("2023-02", Period("month", 2023, 2), "2023-02-01", "2023-02-28"),
        ("2024-02", Period("month", 2024, 2), "2024-02-01", "2024-02-29"),
        ("2024-02-29", Period("day", 2024, 2, 29), "2024-02-29", "2024-02-29"),
        ("2022-H1", Period("half", 2022, 1), "2022-01-01", "2022-06-30"),
        ("2022-H2", Period("half", 2022, 2), "2022-07-01", "2022-12-31"),
        ("2022-Q1", Period("quarter", 2022, 1), "2022-01-01", "2022-03-31"),
        ("2022-Q4", Period("quarter", 2022, 4), "2022-10-01", "2022-12-31"),
        ("FY2022", Period("fiscal", 2022), "2022-01-01", "2022-12-31"),
        ("0990", Period("year", 990), "0990-01-01", "0990-12-31"),
    ],
)
def test_a_date_has_the_span_it_was_given_with(text: str, period: Period, start: str, end: str) -> None:
    parsed = Period.parse(text)
    assert parsed == period
    assert str(parsed) == text
    assert (parsed.start, parsed.end) == (date.fromisoformat(start), date.fromisoformat(end))
    assert parsed.is_stated


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 2022",
        "2022 ",
        "2022\n",
        "22",
        "20222",
        "0000",
        "2022-13",
        "2022-00",
        "2022-1",
        "2022-02-30",
        "2023-02-29",
        "2022-04-31",
        "2022-12-1",
        "2022-H0",
        "2022-H3",
        "2022-h1",
        "2022-Q0",
        "2022-Q5",
        "FY22",
        "fy2022",
        "2022/12/31",
        "31.12.2022",
        "12-2022",
        "Not stated",
        "not  stated",
        "unknown",
        "２０２２",
        "-2022",
        "2022-12-31T00:00",
    ],
)
def test_what_only_looks_like_a_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the reader of a zone file words it
        Period.parse(text)


def test_a_period_that_is_not_stated_has_neither_start_nor_end() -> None:
    period = Period.parse("not stated")
    assert period == NOT_STATED
    assert not period.is_stated
    assert str(period) == "not stated"
    with pytest.raises(ValueError, match="no start"):
        _ = period.start
    with pytest.raises(ValueError, match="no end"):
        _ = period.end


@given(st.dates(), st.sampled_from(["day", "month", "quarter", "half", "year", "fiscal"]))
def test_every_period_is_read_back_as_it_was_written(day: date, granularity: str) -> None:
    part = {"quarter": (day.month + 2) // 3, "half": (day.month + 5) // 6}.get(granularity, day.month)
    period = Period(
        granularity,  # type: ignore[arg-type]
        day.year,
        0 if granularity in ("year", "fiscal") else part,
        day.day if granularity == "day" else 0,
    )
    assert Period.parse(str(period)) == period
    assert period.start <= day <= period.end
