"""Counting against the naive way of `tests.legal.naive`, and the calendar against a second one."""

import random
from datetime import UTC, date, datetime, timedelta
from datetime import timezone as offset

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legal.periods import (
    CALENDAR_DAY,
    HOUR,
    MONTH,
    SHANGHAI,
    WORKING_DAY,
    YEAR,
    CalendarMissing,
    Span,
    count,
    count_back,
    is_working_day,
    resume,
    working_days_between,
)
from tests.factories.legal import calendar
from tests.legal import naive

CALENDAR = calendar()
FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
DAYS = st.dates(date(2004, 1, 1), date(2026, 6, 30))
ROUNDS = 20_000

# Days on which the package contradicts the notice: "day": the words of the notice.
PACKAGE_IS_WRONG = {
    date(2005, 12, 31): "国办发明电〔2005〕35号：元旦……12月31日（星期六）上班",
}


def every_day():
    return map(date.fromordinal, range(FIRST.toordinal(), LAST.toordinal() + 1))


def test_every_day_of_2004_to_2026_like_the_package():
    differing = {
        day
        for day in every_day()
        if is_working_day(day, CALENDAR) != chinese_calendar.is_workday(day)
    }
    assert differing == set(PACKAGE_IS_WRONG)
    assert all(is_working_day(day, CALENDAR) for day in PACKAGE_IS_WRONG)


def test_every_day_like_the_naive_calendar():
    assert [day for day in every_day() if is_working_day(day, CALENDAR) != naive.works(day)] == []


# --- 20,000 at random ----------------------------------------------------------------------------

LONGEST = {WORKING_DAY: 110, CALENDAR_DAY: 200, MONTH: 14, YEAR: 2}


def some_spans(dice: random.Random, start: date, reach: int) -> list[Span]:
    spans = []
    for _span in range(dice.choice([0, 0, 1, 1, 2, 3])):
        first = start + timedelta(days=dice.randint(-5, reach))
        spans.append(Span(first, first + timedelta(days=dice.randint(0, 25))))
    return spans


def days_of(spans: list[Span]) -> set[date]:
    return {
        span.first + timedelta(days=n)
        for span in spans
        for n in range((span.last - span.first).days + 1)
    }


def told(answer):
    """What a way of counting says: a day, or that a calendar is missing."""
    try:
        return answer()
    except (CalendarMissing, naive.Unknown):
        return "no calendar"


def forward(dice: random.Random, start: date) -> tuple:
    unit = dice.choice([WORKING_DAY, CALENDAR_DAY, MONTH, YEAR])
    length = dice.randint(1, LONGEST[unit])
    spans = some_spans(dice, start, length * (1 if unit.endswith("day") else 30))
    return (
        (start, length, unit, spans),
        told(lambda: count(start, length, unit, CALENDAR, suspended=spans).due),
        told(lambda: naive.due(start, length, unit, days_of(spans))),
    )


def backward(dice: random.Random, start: date) -> tuple:
    unit = dice.choice([WORKING_DAY, CALENDAR_DAY, MONTH, YEAR])
    length = dice.randint(1, LONGEST[unit])
    return (
        (start, length, unit, "back"),
        told(lambda: count_back(start, length, unit, CALENDAR).due),
        told(lambda: naive.due_back(start, length, unit)),
    )


def hours(dice: random.Random, start: date) -> tuple:
    zone = offset(timedelta(hours=dice.randint(-11, 12)))
    at = datetime(
        start.year, start.month, start.day, dice.randint(0, 23), dice.randint(0, 59), tzinfo=zone
    )
    length = dice.randint(1, 100)
    period = count(at, length, HOUR, CALENDAR)
    again = naive.due_hours(at, length)
    # The date in Shanghai, eight hours before Greenwich, worked out without a time zone's help.
    return (at, length), (period.due_at, period.due), (again, (again + timedelta(hours=8)).date())


def test_twenty_thousand_random_periods():
    dice = random.Random(20260101)
    refused = 0
    span = (LAST - FIRST).days
    for _round in range(ROUNDS):
        start = FIRST + timedelta(days=dice.randint(0, span))
        way = dice.choice([forward, forward, forward, backward, backward, hours])
        asked, found, expected = way(dice, start)
        assert found == expected, asked
        refused += found == "no calendar"
    assert 0 < refused < ROUNDS / 8


# --- What must hold of any count -----------------------------------------------------------------


@given(DAYS, st.integers(1, 110))
@settings(max_examples=200, deadline=None)
def test_derivation_accounts_for_every_day(start, length):
    period = count(start, length, WORKING_DAY, CALENDAR)
    why = period.derivation
    assert (period.due - start).days == length + len(why["skipped"])
    assert sum(each["days"] for each in why["spans"]) == len(why["skipped"])
    assert working_days_between(start, period.due, CALENDAR) == length
    assert not any(naive.works(date.fromisoformat(each["date"])) for each in why["skipped"])
    for each in why["made_up"]:
        made_up = date.fromisoformat(each["date"])
        assert naive.works(made_up)
        assert made_up.weekday() >= 5


@given(DAYS, st.integers(1, 60), st.integers(0, 70), st.integers(0, 20))
@settings(max_examples=150, deadline=None)
def test_derivation_with_a_suspension_accounts_for_every_day(start, length, after, days):
    first = start + timedelta(days=after)
    span = Span(first, first + timedelta(days=days))
    why = count(start, length, WORKING_DAY, CALENDAR, suspended=[span]).derivation
    reached = (date.fromisoformat(why["last_day"]) - start).days
    assert reached - len(why["skipped"]) == length


@given(DAYS, st.integers(1, 100), st.sampled_from([WORKING_DAY, CALENDAR_DAY]))
@settings(max_examples=150, deadline=None)
def test_longer_is_never_earlier(start, length, unit):
    shorter = count(start, length, unit, CALENDAR).due
    assert shorter <= count(start, length + 1, unit, CALENDAR).due
    assert shorter <= count(start + timedelta(days=1), length, unit, CALENDAR).due
    assert is_working_day(shorter, CALENDAR)


@given(st.dates(date(2004, 7, 1), LAST), st.integers(1, 60))
@settings(max_examples=100, deadline=None)
def test_back_accounts_for_every_day(event, length):
    period = count_back(event, length, WORKING_DAY, CALENDAR)
    assert (event - period.due).days == length + len(period.derivation["skipped"])


@given(st.dates(FIRST, LAST), st.dates(FIRST, LAST))
@settings(max_examples=50, deadline=None)
def test_between_like_counting_on_fingers(one, other):
    first, last = sorted([one, other])
    days = range(first.toordinal() + 1, last.toordinal() + 1)
    expected = sum(naive.works(date.fromordinal(ordinal)) for ordinal in days)
    assert working_days_between(first, last, CALENDAR) == expected
    assert working_days_between(last, first, CALENDAR) == -expected


@given(
    DAYS,
    st.integers(1, 60),
    st.sampled_from([WORKING_DAY, CALENDAR_DAY]),
    st.integers(0, 90),
    st.integers(0, 40),
)
@settings(max_examples=300, deadline=None)
def test_suspended_in_between_is_the_same_as_known_beforehand(start, length, unit, after, days):
    """Also when the suspension begins on the trigger itself, or while rest days move the end."""
    first = start + timedelta(days=after)
    former = count(start, length, unit, CALENDAR)
    if first > former.due:
        return
    span = Span(first, first + timedelta(days=days))
    known = count(start, length, unit, CALENDAR, suspended=[span])
    assert resume(former.derivation, span, CALENDAR).due == known.due


@pytest.mark.parametrize("unit", [CALENDAR_DAY, MONTH, YEAR, WORKING_DAY])
def test_an_instant_is_its_day_in_shanghai(unit):
    late = datetime(2024, 1, 8, 23, 30, tzinfo=UTC)
    assert count(late, 2, unit, CALENDAR).due == count(date(2024, 1, 9), 2, unit, CALENDAR).due
    back = datetime(2025, 6, 8, 16, 30, tzinfo=UTC)
    assert (
        count_back(back, 2, unit, CALENDAR).due
        == count_back(date(2025, 6, 9), 2, unit, CALENDAR).due
    )
    assert late.astimezone(SHANGHAI).date() == date(2024, 1, 9)
