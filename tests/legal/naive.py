"""A second way of counting, as slow and as plain as a finger on a wall calendar.

It shares nothing with `legal.periods`: it reads the published days off itself and walks from day to
day. What the two say of 20,000 random periods and of the golden dates must be the same.
"""

import calendar as gregorian
import json
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import legal

HOLIDAYS = Path(legal.__file__).parent / "data" / "holidays"
ONE = timedelta(days=1)


class Unknown(Exception):
    """The walk came to a day of a year that nobody has published."""


@cache
def work_of_days() -> dict[date, bool]:
    """Every day that is known, and whether offices work on it."""
    days: dict[date, bool] = {}
    years = []
    for file in sorted(HOLIDAYS.glob("*.json")):
        years.append(json.loads(file.read_text(encoding="utf-8")))
    for year in years:
        day = date(year["year"], 1, 1)
        while day.year == year["year"]:
            days[day] = day.isoweekday() not in (6, 7)
            day += ONE
    for year in years:
        for entry in year["days"]:
            days[date.fromisoformat(entry["date"])] = not entry["isOffDay"]
    return days


def works(day: date) -> bool:
    try:
        return work_of_days()[day]
    except KeyError:
        raise Unknown(day) from None


def walk(day: date, step: int) -> Iterator[date]:
    while True:
        day += ONE * step
        yield day


def same_day_months_later(day: date, months: int) -> date:
    """Leaf over month by month; the last day where the month is too short."""
    year, month = day.year, day.month
    for _leaf in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    return date(year, month, min(day.day, gregorian.monthrange(year, month)[1]))


def last_day_of(start: date, length: int, unit: str, suspended: Collection[date]) -> date:
    """The last day, before any day of rest moves it."""
    if unit in ("month", "year"):
        plain = same_day_months_later(start, length * (12 if unit == "year" else 1))
        wait = sum(1 for day in suspended if start < day <= plain)
        day = plain
        while wait:
            day += ONE
            wait -= 1
            wait += day in suspended
        return day
    left = length
    for day in walk(start, 1):
        if day not in suspended and (unit == "calendar_day" or works(day)):
            left -= 1
        if not left:
            return day
    raise AssertionError


def due(start: date, length: int, unit: str, suspended: Collection[date] = ()) -> date:
    """Forward: the last day, moved off days of rest (and, while it moves, off suspended ones)."""
    day = last_day_of(start, length, unit, suspended)
    if works(day):
        return day
    while not works(day) or day in suspended:
        day += ONE
    return day


def due_back(event: date, length: int, unit: str) -> date:
    """Backward: the last day in time, moved back off days of rest."""
    if unit in ("month", "year"):
        day = same_day_months_later(event, -length * (12 if unit == "year" else 1))
    else:
        left = length
        for day in walk(event, -1):
            if unit == "calendar_day" or works(day):
                left -= 1
            if not left:
                break
    while not works(day):
        day -= ONE
    return day


def due_hours(start: datetime, hours: int) -> datetime:
    """Hour by hour on the clock, which knows no days of rest."""
    minutes = start.astimezone(UTC)
    for _hour in range(hours):
        minutes += timedelta(minutes=60)
    return minutes
