"""A month of what falls due, as a grid of whole weeks: counted by day, the first few named.

Counting is one query over the days of the grid; the few that are named are found day by day on the
index of due days, so that a busy day costs no more than a quiet one.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from deadlines.clock import said
from deadlines.models import Deadline, DeadlineQuerySet
from legal.periods import SOON, Calendar, CalendarMissing

#: How many of a day are named in its cell.
NAMED = 3
WEEK = timedelta(days=7)


@dataclass
class Day:
    """One day of the grid. `kind` is that of `legal.working_days`, empty where no calendar is."""

    on: date
    in_month: bool
    is_today: bool
    kind: str = ""
    name: str = ""
    name_en: str = ""
    total: int = 0
    over: int = 0
    tone: str = ""
    entries: list[dict[str, Any]] = field(default_factory=list)
    #: Where its agenda is, set by the door.
    url: str = ""

    @property
    def word(self) -> str:
        """The name of the holiday, in the language of the page."""
        return said({"zh": self.name, "en": self.name_en})

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.total - len(self.entries)

    @property
    def is_rest(self) -> bool:
        return self.kind in ("holiday", "weekend")


@dataclass
class Month:
    """The weeks of a month, and what the calendars leave open."""

    first: date
    weeks: list[list[Day]]
    missing: list[int]
    provisional: list[int]

    @property
    def days(self) -> Iterable[Day]:
        return (day for week in self.weeks for day in week)

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def total(self) -> int:
        """How many fall due in the month itself."""
        return sum(day.total for day in self.days if day.in_month)

    @property
    def over(self) -> int:
        return sum(day.over for day in self.days if day.in_month)


def of(rows: DeadlineQuerySet, first: date, today: date, calendar: Calendar) -> Month:
    """The month with its counts: one query. `entries` of the days are filled by the door."""
    begin = first - timedelta(days=first.weekday())
    last = first.replace(day=gregorian.monthrange(first.year, first.month)[1])
    end = last + timedelta(days=6 - last.weekday())
    days = {}
    for place in range((end - begin).days + 1):
        day = begin + timedelta(days=place)
        days[day] = Day(day, day.month == first.month, day == today)
        if day.year in calendar:
            found = calendar.kind_of(day)
            days[day].kind, days[day].name = found.kind, found.name
            days[day].name_en = found.name_en
    running = Q(state=Deadline.RUNNING, held=False)
    counted = (
        rows.due_between(begin, end)
        .order_by()
        .values("due_on")
        .annotate(total=Count("pk"), running=Count("pk", filter=running))
    )
    soon_until = _soon_until(today, calendar)
    for row in counted:
        cell = days[row["due_on"]]
        cell.total = row["total"]
        if row["running"] and cell.on < today:
            cell.over, cell.tone = row["running"], "over"
        elif row["running"] and cell.on <= soon_until:
            cell.tone = "soon"
    ordered = list(days.values())
    years = sorted({begin.year, end.year})
    return Month(
        first,
        [ordered[place : place + 7] for place in range(0, len(ordered), 7)],
        [year for year in years if year not in calendar],
        [year for year in years if year in calendar and calendar.years[year].status != "official"],
    )


def named(rows: DeadlineQuerySet, shown: Month) -> list[Deadline]:
    """The first few of every day that has any: two queries, each with its unit."""
    slices = [
        rows.filter(due_on=day.on).order_by("due_on", "id").values_list("pk")[:NAMED]
        for day in shown.days
        if day.total
    ]
    if not slices:
        return []
    ids = slices[0].union(*slices[1:], all=True) if len(slices) > 1 else slices[0]
    found = Deadline.objects.filter(pk__in=[pk for (pk,) in ids]).select_related("unit")
    return list(found.order_by("due_on", "id"))


def _soon_until(today: date, calendar: Calendar) -> date:
    try:
        return calendar.nth_working_day(today, SOON)
    except CalendarMissing:
        return today + timedelta(days=SOON)
