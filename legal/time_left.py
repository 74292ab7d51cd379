"""How far a due date is: 还剩 3 个工作日, 今天截止, 逾期 6 个工作日. Pure: data, no words."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from legal.derivations import WORKING_DAY
from legal.working_days import Calendar, CalendarMissing

# A term is "due soon" when this many working days or fewer are left.
SOON = 3


class Left(NamedTuple):
    """How far a due date is: ("left", 3, "working_day"), ("today", 0, …), ("over", 6, …).

    `unit` is "working_day", or "day" for calendar days where no working day lies between or the
    calendar of a year is missing: calendar days are then called days, never working days.
    """

    kind: str
    number: int
    unit: str

    @property
    def is_soon(self) -> bool:
        """Due today or within `SOON` days of the kind shown."""
        return self.kind == "today" or (self.kind == "left" and self.number <= SOON)


def working_days_left(today: date, due: date, calendar: Calendar) -> int:
    """Working days that are left after today; 0 today, negative when overdue by so many.

    Raises CalendarMissing.
    """
    return calendar.working_days_between(today, due)


def left(today: date, due: date, calendar: Calendar) -> Left:
    """还剩 3 个工作日 / 今天截止 / 逾期 6 个工作日, as data; see `Left`. Never raises."""
    if today == due:
        return Left("today", 0, WORKING_DAY)
    kind = "left" if today < due else "over"
    try:
        number = abs(calendar.working_days_between(today, due))
    except CalendarMissing:
        number = 0
    if number:
        return Left(kind, number, WORKING_DAY)
    return Left(kind, abs((due - today).days), "day")
