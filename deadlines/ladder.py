"""The ladder of reminders: on which days its rungs fall for one deadline, and who is reminded then.

Pure: no database, no clock. A rung stands at

* so many calendar days before (negative) or after the due day;
* so many working days before or after it, counted on the working calendar. A reminder is the
  house's own matter and no legal date, so where the calendar of a year is missing the same number
  of calendar days is taken instead of refusing;
* a share of the term, in hundredths from the trigger to the due day, rounded down to whole days
  and never on the trigger day itself. Where the trigger lies after the due day (an advance notice,
  counted back) there is no term to share, and the rung falls on the due day.

A rung after the due day may come back every so many calendar days. Two rungs on one day are one
reminder to both audiences.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from legal.periods import Calendar, CalendarMissing

CALENDAR_DAY, WORKING_DAY, SHARE = "calendar_day", "working_day", "share"


class Step(Protocol):
    """One rung as the house has set it (`deadlines.models.Rung` is one)."""

    offset: Any
    measure: Any
    repeat_every: Any
    audience: Any


@dataclass(frozen=True)
class Fall:
    """A day on which somebody is to be reminded; `audience` is sorted."""

    day: date
    audience: tuple[str, ...]


def falls(
    rungs: Iterable[Step], *, trigger: date, due: date, calendar: Calendar, until: date
) -> list[Fall]:
    """The days up to and with `until` on which rungs fall, the earliest first, each day once."""
    found: dict[date, set[str]] = {}
    for rung in rungs:
        for day in _days(rung, trigger, due, calendar, until):
            found.setdefault(day, set()).update(rung.audience)
    return [Fall(day, tuple(sorted(found[day]))) for day in sorted(found)]


def _days(rung: Step, trigger: date, due: date, calendar: Calendar, until: date) -> Iterable[date]:
    day = first_day(rung, trigger=trigger, due=due, calendar=calendar)
    if day is None:
        return
    while day <= until:
        yield day
        if not rung.repeat_every:
            return
        day += timedelta(days=rung.repeat_every)


def first_day(rung: Step, *, trigger: date, due: date, calendar: Calendar) -> date | None:
    """The day on which the rung falls for the first time; None beyond the calendar's ends."""
    try:
        if rung.measure == SHARE:
            return _share(rung.offset, trigger, due)
        if rung.measure == WORKING_DAY:
            return _working(rung.offset, due, calendar)
        return due + timedelta(days=rung.offset)
    except OverflowError:
        return None


def _share(percent: int, trigger: date, due: date) -> date:
    term = (due - trigger).days
    if term <= 0:
        return due
    return trigger + timedelta(days=max(1, term * percent // 100))


def _working(offset: int, due: date, calendar: Calendar) -> date:
    try:
        if offset < 0:
            return calendar.nth_working_day_before(due, -offset)
        return calendar.nth_working_day(due, offset) if offset else due
    except CalendarMissing:
        return due + timedelta(days=offset)


def uses_term(rungs: Collection[Step]) -> bool:
    """Whether the days depend on the trigger too, and not on the due day alone."""
    return any(rung.measure == SHARE for rung in rungs)
