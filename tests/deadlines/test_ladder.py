"""The ladder: a table of rungs and the days on which they fall, worked out by hand."""

from datetime import date

import pytest

from deadlines import ladder
from deadlines.ladder import Fall, falls, first_day
from deadlines.models import Rung
from legal.periods import Calendar, CalendarOfYear

#: 2026 without holidays but Friday 1 May; Saturday 9 May is worked. 2027 is not known.
YEAR = CalendarOfYear(2026, {date(2026, 5, 1): "劳动节"}, {date(2026, 5, 9): "劳动节"})
CALENDAR = Calendar([YEAR])
TRIGGER, DUE = date(2026, 4, 13), date(2026, 5, 8)  # a Monday and a Friday, 25 days later


def rung(offset, measure="calendar_day", every=None, who=("officer",)):
    return Rung(offset=offset, measure=measure, repeat_every=every, audience=list(who))


@pytest.mark.parametrize(
    ("offset", "measure", "expected"),
    [
        (-7, "calendar_day", date(2026, 5, 1)),
        (0, "calendar_day", DUE),
        (3, "calendar_day", date(2026, 5, 11)),
        (-1, "working_day", date(2026, 5, 7)),
        (-5, "working_day", date(2026, 4, 30)),  # over the holiday and a weekend
        (0, "working_day", DUE),
        (1, "working_day", date(2026, 5, 9)),  # the Saturday that is worked
        (2, "working_day", date(2026, 5, 11)),
        (50, "share", date(2026, 4, 25)),  # 12 of 25 days
        (1, "share", date(2026, 4, 14)),  # never on the trigger day itself
        (100, "share", DUE),
    ],
)
def test_where_a_rung_stands(offset, measure, expected):
    asked = rung(offset, measure)
    assert first_day(asked, trigger=TRIGGER, due=DUE, calendar=CALENDAR) == expected


@pytest.mark.parametrize(
    ("due", "offset", "expected"),
    [
        (date(2026, 12, 31), 2, date(2027, 1, 2)),  # working days that nobody knows yet
        (date(2027, 3, 3), -4, date(2027, 2, 27)),
        (date(2026, 1, 2), -3, date(2025, 12, 30)),
    ],
)
def test_without_a_calendar_working_days_are_calendar_days(due, offset, expected):
    asked = rung(offset, "working_day")
    assert first_day(asked, trigger=due, due=due, calendar=CALENDAR) == expected


def test_a_share_of_a_term_that_was_counted_back_falls_on_its_day():
    notice = date(2026, 4, 10)
    asked = rung(50, "share")
    assert first_day(asked, trigger=TRIGGER, due=notice, calendar=CALENDAR) == notice


def test_the_days_so_far_with_repeats_and_two_rungs_on_one_day():
    rungs = [
        rung(-7),
        rung(-3, who=["officer", "enterprise"]),
        rung(-3, "working_day", who=["supervisor"]),
        rung(3, every=7, who=["officer", "upper"]),
    ]
    told = {"trigger": TRIGGER, "due": DUE, "calendar": CALENDAR}
    assert falls(rungs, until=date(2026, 4, 30), **told) == []
    assert falls(rungs, until=date(2026, 5, 25), **told) == [
        Fall(date(2026, 5, 1), ("officer",)),
        Fall(date(2026, 5, 5), ("enterprise", "officer", "supervisor")),
        Fall(date(2026, 5, 11), ("officer", "upper")),
        Fall(date(2026, 5, 18), ("officer", "upper")),
        Fall(date(2026, 5, 25), ("officer", "upper")),
    ]
    assert len(falls([rung(0, every=1)], until=date(2026, 5, 17), **told)) == 10


def test_beyond_the_end_of_time_there_is_nobody_to_remind():
    asked = rung(400)
    assert first_day(asked, trigger=DUE, due=date.max, calendar=CALENDAR) is None
    told = falls([asked], trigger=DUE, due=date.max, calendar=CALENDAR, until=date.max)
    assert told == []


def test_only_a_share_needs_the_term():
    assert ladder.uses_term([rung(1), rung(50, "share")])
    assert not ladder.uses_term([rung(1), rung(2, "working_day")])
