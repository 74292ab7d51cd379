"""Counting days: dates derived by hand, refusals, and a second, naive way of counting."""

from datetime import UTC, date, datetime

import pytest

from legal.periods import (
    CALENDAR_DAY,
    HOUR,
    MONTH,
    SERVED,
    SHANGHAI,
    UNITS,
    WORKING_DAY,
    YEAR,
    Calendar,
    CalendarMissing,
    PeriodRefused,
    Span,
    count,
    count_back,
    local_date,
)
from tests.factories.legal import calendar

CALENDAR = calendar()

# start, length, unit, due, why; each derived by hand from the State Council's notices.
GOLDEN = [
    ("2025-01-09", 20, WORKING_DAY, "2025-02-12", "春节 off, 01-26 and 02-08 worked (MPSP 35)"),
    ("2025-01-24", 1, WORKING_DAY, "2025-01-26", "Sunday made up: the first working day"),
    ("2025-01-25", 1, WORKING_DAY, "2025-01-26", "triggered on a day of rest: the day after"),
    ("2025-01-27", 1, WORKING_DAY, "2025-02-05", "eve of 春节: first day after eight days off"),
    ("2025-01-27", 3, WORKING_DAY, "2025-02-07", "5, 6, 7 February"),
    ("2025-01-27", 4, WORKING_DAY, "2025-02-08", "Saturday 8 February is worked"),
    ("2025-02-08", 1, WORKING_DAY, "2025-02-10", "served on a make-up Saturday; Sunday rests"),
    ("2025-02-08", 3, WORKING_DAY, "2025-02-12", "10, 11, 12 February"),
    ("2025-04-30", 1, WORKING_DAY, "2025-05-06", "五一 1 to 5 May"),
    (
        "2025-09-30",
        5,
        WORKING_DAY,
        "2025-10-14",
        "off to 8 October; 9, 10, 11 (made up), 13, 14 October",
    ),
    ("2025-12-31", 1, WORKING_DAY, "2026-01-04", "over the new year; Sunday 4 January is worked"),
    ("2025-12-29", 5, WORKING_DAY, "2026-01-06", "30, 31 Dec, 4, 5, 6 Jan"),
    ("2024-02-09", 2, WORKING_DAY, "2024-02-19", "春节 10 to 17; Sunday 18 worked, 19"),
    ("2024-09-13", 2, WORKING_DAY, "2024-09-18", "Saturday 14 worked; 中秋 15 to 17"),
    ("2026-02-13", 2, WORKING_DAY, "2026-02-24", "Saturday 14 worked; 春节 15 to 23"),
    ("2026-12-30", 1, WORKING_DAY, "2026-12-31", "the last day that is known"),
    ("2025-01-13", 15, CALENDAR_DAY, "2025-02-05", "28 January is 春节: on to 5 February"),
    ("2025-01-09", 15, CALENDAR_DAY, "2025-01-24", "24 January is a Friday"),
    ("2025-01-10", 15, CALENDAR_DAY, "2025-01-26", "Saturday 25 rests, Sunday 26 is worked"),
    ("2025-01-24", 15, CALENDAR_DAY, "2025-02-08", "make-up Saturday: no rolling over"),
    ("2025-01-09", 60, CALENDAR_DAY, "2025-03-10", "60 days for reconsideration (ARL 20)"),
    ("2025-01-31", 1, MONTH, "2025-02-28", "no 31 February: its last day"),
    ("2024-01-31", 1, MONTH, "2024-02-29", "leap year"),
    ("2025-08-31", 6, MONTH, "2026-02-28", "28 February 2026, a Saturday that is worked"),
    ("2025-07-09", 6, MONTH, "2026-01-09", "six months to sue (ALL 46)"),
    ("2024-02-29", 1, YEAR, "2025-02-28", "no 29 February in 2025"),
    ("2024-06-30", 2, YEAR, "2026-06-30", "limitation of two years (APL 36)"),
]

# event, length, unit, last day for the act, why
GOLDEN_BACK = [
    ("2025-02-10", 7, WORKING_DAY, "2025-01-24", "8, 7, 6, 5 Feb, 27, 26, 24 Jan (APL 64)"),
    ("2025-02-13", 3, WORKING_DAY, "2025-02-10", "12, 11, 10 February (Order 176 art. 4)"),
    ("2025-05-06", 1, WORKING_DAY, "2025-04-30", "五一 lies between"),
    ("2025-02-14", 7, CALENDAR_DAY, "2025-02-07", "a Friday"),
    ("2025-02-08", 7, CALENDAR_DAY, "2025-01-27", "1 February is 春节: back to 27 January"),
]


@pytest.mark.parametrize(("start", "length", "unit", "due", "why"), GOLDEN)
def test_golden(start, length, unit, due, why):
    period = count(date.fromisoformat(start), length, unit, CALENDAR)
    assert period.due.isoformat() == due, why


@pytest.mark.parametrize(("event", "length", "unit", "due", "why"), GOLDEN_BACK)
def test_golden_back(event, length, unit, due, why):
    period = count_back(date.fromisoformat(event), length, unit, CALENDAR)
    assert period.due.isoformat() == due, why


def test_derivation_of_the_example():
    """Served on 9 January 2025, 20 working days: every day is accounted for."""
    period = count(
        date(2025, 1, 9), 20, WORKING_DAY, CALENDAR, event=SERVED, basis=["APL@2021:28(1)"]
    )
    why = period.derivation
    assert why["kind"] == "counted"
    assert why["trigger"] == "2025-01-09"
    assert why["first_day"] == "2025-01-10"
    assert why["due"] == why["last_day"] == "2025-02-12"
    assert len(why["skipped"]) == 14
    assert [each["date"] for each in why["made_up"]] == ["2025-01-26", "2025-02-08"]
    assert why["rolled"] == []
    assert [(each["name"], each["days"]) for each in why["spans"]] == [
        ("周末", 2),
        ("周末", 2),
        ("周末", 1),
        ("春节", 8),
        ("周末", 1),
    ]
    assert why["basis"] == ["APL@2021:28(1)", "MPSP@2020:35"]
    assert why["calendar"] == [
        {"year": 2025, "status": "official", "checksum": "of 2025", "edition": 1}
    ]
    assert "2025年1月9日（周四）送达" in why["sentence_zh"]
    assert "跳过14天（春节8天、周末6天）" in why["sentence_zh"]
    assert "1月26日、2月8日调休上班" in why["sentence_zh"]
    assert "Spring Festival 8, weekend 6" in why["sentence_en"]


def test_rolled_day_is_said():
    why = count(date(2025, 1, 13), 15, CALENDAR_DAY, CALENDAR).derivation
    assert why["last_day"] == "2025-01-28"
    assert why["rolled"][0]["date"] == "2025-01-28"
    assert len(why["rolled"]) == 8
    assert why["skipped"] == []
    assert "顺延" in why["sentence_zh"]


def test_no_rolling_when_the_house_wants_none():
    period = count(date(2025, 1, 13), 15, CALENDAR_DAY, CALENDAR, roll=False)
    assert period.due == date(2025, 1, 28)
    assert period.derivation["rolled"] == []


@pytest.mark.parametrize("length", [0, -1, True, 1.5])
@pytest.mark.parametrize("unit", UNITS)
def test_zero_and_less_are_refused(length, unit):
    with pytest.raises(PeriodRefused) as refused:
        count(date(2025, 1, 9), length, unit, CALENDAR)
    assert refused.value.code == "not_positive"


def test_unknown_unit_is_refused():
    with pytest.raises(PeriodRefused) as refused:
        count(date(2025, 1, 9), 1, "fortnight", CALENDAR)
    assert refused.value.code == "unknown_unit"


@pytest.mark.parametrize(
    ("start", "length", "unit"),
    [
        (date(2026, 12, 20), 20, WORKING_DAY),
        (date(2026, 12, 31), 1, WORKING_DAY),
        (date(2026, 12, 25), 15, CALENDAR_DAY),
        (date(2026, 12, 25), 1, MONTH),
        (date(2026, 1, 9), 1, YEAR),
    ],
)
def test_year_without_calendar_is_refused(start, length, unit):
    with pytest.raises(CalendarMissing) as refused:
        count(start, length, unit, CALENDAR)
    assert refused.value.year == 2027
    assert "2027年日历未导入" in refused.value.zh
    assert "2027.json" in refused.value.zh


def test_roll_into_a_year_without_calendar_is_refused():
    """The last day rests and the next working day lies beyond what is known."""
    short = Calendar([CALENDAR.years[2025]])
    with pytest.raises(CalendarMissing) as refused:
        count(date(2025, 12, 20), 20, WORKING_DAY, short)
    assert refused.value.year == 2026


def test_gap_between_years_is_refused():
    gap = Calendar([CALENDAR.years[2024], CALENDAR.years[2026]])
    with pytest.raises(CalendarMissing) as refused:
        count(date(2024, 12, 30), 5, WORKING_DAY, gap)
    assert refused.value.year == 2025
    with pytest.raises(CalendarMissing):
        gap.is_working_day(date(2025, 6, 3))


def test_counting_back_before_the_first_year_is_refused():
    with pytest.raises(CalendarMissing) as refused:
        count_back(date(2004, 1, 3), 5, WORKING_DAY, CALENDAR)
    assert refused.value.year == 2003


def test_far_too_long_is_refused():
    with pytest.raises(PeriodRefused):
        count(date(2025, 1, 9), 10**9, YEAR, CALENDAR)
    with pytest.raises(PeriodRefused):
        count(date(2025, 1, 9), 10**12, CALENDAR_DAY, CALENDAR)
    with pytest.raises(CalendarMissing):
        count(date(2025, 1, 9), 10**9, WORKING_DAY, CALENDAR)


class TestHours:
    def test_runs_from_the_instant_over_days_of_rest(self):
        found = datetime(2025, 1, 27, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai
        period = count(found, 24, HOUR, CALENDAR)
        assert period.due == date(2025, 1, 28)
        assert period.due_at == datetime(2025, 1, 28, 23, 30, tzinfo=SHANGHAI)
        assert period.trigger == date(2025, 1, 27)
        assert period.derivation["due_at"] == "2025-01-28T23:30:00+08:00"

    def test_a_day_has_no_hour(self):
        with pytest.raises(PeriodRefused):
            count(date(2025, 1, 27), 24, HOUR, CALENDAR)

    def test_not_backwards(self):
        with pytest.raises(PeriodRefused):
            count_back(date(2025, 1, 27), 24, HOUR, CALENDAR)


class TestShanghai:
    def test_half_past_eleven_utc_is_the_next_day(self):
        assert local_date(datetime(2025, 1, 9, 23, 30, tzinfo=UTC)) == date(2025, 1, 10)

    def test_naive_is_refused(self):
        with pytest.raises(PeriodRefused):
            local_date(datetime(2025, 1, 9, 23, 30))

    def test_an_instant_counts_by_its_day_there(self):
        late = datetime(2025, 1, 8, 23, 30, tzinfo=UTC)
        assert count(late, 20, WORKING_DAY, CALENDAR).due == date(2025, 2, 12)


def test_overlapping_and_backward_spans():
    spans = [Span(date(2025, 1, 13), date(2025, 1, 15)), Span(date(2025, 1, 14), date(2025, 1, 16))]
    period = count(date(2025, 1, 9), 3, WORKING_DAY, CALENDAR, suspended=spans)
    assert period.due == date(2025, 1, 20)
    assert period.derivation["suspended"] == [{"from": "2025-01-13", "to": "2025-01-16"}]
    with pytest.raises(PeriodRefused):
        count(
            date(2025, 1, 9),
            3,
            WORKING_DAY,
            CALENDAR,
            suspended=[Span(date(2025, 1, 15), date(2025, 1, 13))],
        )
