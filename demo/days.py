"""Days for the demonstration: working days around a given one, within the calendars that exist.

Nothing may fall into a year whose calendar is not published: a term counted there would be
refused. So "in seven working days" ends at the last working day that is known, and where the day
of the start itself lies in an unknown year, that last day stands for "today".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from legal.periods import Calendar, CalendarMissing


@dataclass(frozen=True)
class Days:
    """Working days counted from `today`, the day on which the demonstration is loaded."""

    today: date
    calendar: Calendar

    @property
    def last_known(self) -> date:
        """The last working day of the years whose calendars follow one another without a gap."""
        year = self.today.year
        while year not in self.calendar:
            year -= 1
            if year < 2000:
                raise CalendarMissing(self.today.year)
        while year + 1 in self.calendar:
            year += 1
        end = date(year, 12, 31)
        if self.calendar.is_working_day(end):
            return end
        return self.calendar.nth_working_day_before(end, 1)

    @property
    def anchor(self) -> date:
        """Today, or the last day that can still be counted."""
        return min(self.today, self.last_known)

    @property
    def is_complete(self) -> bool:
        """Whether ten working days ahead are known, so that every situation can be shown."""
        try:
            self.calendar.nth_working_day(self.today, 10)
        except CalendarMissing:
            return False
        return True

    def ago(self, number: int) -> date:
        """The working day `number` working days before today (1: the last one that has passed)."""
        return self.calendar.nth_working_day_before(self.anchor, number)

    def ahead(self, number: int) -> date:
        """The working day in `number` working days, or the last one that is known."""
        try:
            return min(self.calendar.nth_working_day(self.anchor, number), self.last_known)
        except CalendarMissing:
            return self.last_known

    def before(self, day: date, number: int) -> date:
        """The working day `number` working days before another day."""
        return self.calendar.nth_working_day_before(day, number)


def at(day: date, clock: str) -> datetime:
    """That time of that day in the portal's time zone: `at(day, "09:30")`."""
    moment = datetime.combine(day, time.fromisoformat(clock))
    return timezone.make_aware(moment, timezone.get_default_timezone())
