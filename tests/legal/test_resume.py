"""Going on after a suspension."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legal.periods import (
    CALENDAR_DAY,
    HOUR,
    SHANGHAI,
    WORKING_DAY,
    CalendarMissing,
    PeriodRefused,
    Span,
    count,
    named,
    resume,
)
from tests.factories.legal import calendar

CALENDAR = calendar()


def test_working_days_left_go_on():
    former = count(date(2025, 1, 9), 20, WORKING_DAY, CALENDAR).derivation
    period = resume(former, Span(date(2025, 1, 13), date(2025, 1, 15)), CALENDAR)
    assert period.due == date(2025, 2, 17)
    why = period.derivation
    assert (why["kind"], why["length"], why["former_due"]) == ("resumed", 19, "2025-02-12")
    assert "中止时尚余19个工作日" in why["sentence_zh"]


def test_named_date_moves_by_the_days():
    former = named(date(2025, 1, 20), date(2025, 1, 8), CALENDAR).derivation
    period = resume(former, Span(date(2025, 1, 13), date(2025, 1, 15)), CALENDAR)
    assert period.due == date(2025, 1, 23)


def test_calendar_days_move_from_the_day_before_rolling():
    former = count(date(2025, 1, 13), 15, CALENDAR_DAY, CALENDAR).derivation
    assert former["due"] == "2025-02-05"
    period = resume(former, Span(date(2025, 1, 20), date(2025, 1, 20)), CALENDAR)
    assert period.derivation["last_day"] == "2025-01-29"
    assert period.due == date(2025, 2, 5)


def test_suspended_twice():
    former = count(date(2025, 1, 9), 20, WORKING_DAY, CALENDAR).derivation
    once = resume(former, Span(date(2025, 1, 13), date(2025, 1, 15)), CALENDAR)
    twice = resume(once.derivation, Span(date(2025, 2, 17), date(2025, 3, 3)), CALENDAR)
    assert twice.due == date(2025, 3, 4)


def test_refusals():
    former = count(date(2025, 1, 9), 20, WORKING_DAY, CALENDAR).derivation
    with pytest.raises(PeriodRefused):
        resume(former, Span(date(2025, 1, 15), date(2025, 1, 13)), CALENDAR)
    with pytest.raises(PeriodRefused):
        resume(former, Span(date(2025, 2, 13), date(2025, 2, 14)), CALENDAR)
    with pytest.raises(CalendarMissing):
        resume(former, Span(date(2025, 1, 15), date(2026, 12, 25)), CALENDAR)
    hours = count(datetime(2025, 1, 9, 10, tzinfo=SHANGHAI), 24, HOUR, CALENDAR).derivation
    with pytest.raises(PeriodRefused):
        resume(hours, Span(date(2025, 1, 9), date(2025, 1, 9)), CALENDAR)


@given(
    st.dates(date(2024, 3, 1), date(2026, 3, 1)),
    st.integers(2, 60),
    st.integers(1, 30),
    st.integers(0, 40),
)
@settings(max_examples=200, deadline=None)
def test_same_as_counting_with_the_span_left_out(start, length, after, days):
    """Whether a suspension is known beforehand or comes in between, the day is the same."""
    first = start + timedelta(days=after)
    former = count(start, length, WORKING_DAY, CALENDAR)
    if first > former.due:
        return
    span = Span(first, first + timedelta(days=days))
    known = count(start, length, WORKING_DAY, CALENDAR, suspended=[span])
    assert resume(former.derivation, span, CALENDAR).due == known.due
