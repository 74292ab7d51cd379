"""The working calendars: storing what is published, and keeping it at hand.

`load()` gives the calendar that `legal.periods` counts with. It stays in memory; one small query
finds out whether any year has changed since. Files are read by `legal.calendar_files`, and
`legal.published` says what no notice could say.

A change of a calendar never touches a deadline that was counted before: its derivation keeps the
edition and the checksum of the calendar that it was counted with. The rooms above, whose dates
rest on the calendars, say through `effect` how many would come out differently today.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Collection
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from legal import at_hand
from legal.calendar_files import read, read_json
from legal.models import CalendarDay, CalendarYear
from legal.periods import Calendar, CalendarOfYear
from legal.published import PROVISIONAL, BadCalendar, Published, check

__all__ = [
    "BadCalendar",
    "Effect",
    "Published",
    "check",
    "effect",
    "effects",
    "is_provisional",
    "load",
    "read",
    "read_json",
    "seal",
    "store",
    "years",
]


@transaction.atomic
def store(published: Published) -> list[int]:
    """Put a notice in the place of what the same notice said before; the years that changed.

    Safe to repeat: the same notice again changes nothing. Raises BadCalendar for what no notice
    says, for an official calendar that does not name its notice, for a provisional one in the
    place of an official one, and for days of a December whose own calendar is not loaded.
    """
    check(published)
    if published.status != PROVISIONAL and not published.source:
        raise BadCalendar(
            _("正式日历须写明来源（国务院办公厅通知的文号或网址）；没有通知的，按暂定日历导入。")
        )
    year, _created = CalendarYear.objects.select_for_update().get_or_create(
        year=published.year,
        defaults={"status": published.status, "source": published.source, "edition": 0},
    )
    if published.status == PROVISIONAL and year.status == CalendarYear.Status.OFFICIAL:
        raise BadCalendar(
            _("%(year)s年已有正式日历，不能用暂定的代替。") % {"year": published.year}
        )
    present = set(CalendarYear.objects.values_list("year", flat=True))
    for day in [*published.off, *published.work]:
        if day.year not in present:
            raise BadCalendar(
                _("%(day)s属于%(year)s年，请先导入该年的日历。")
                % {"day": day.isoformat(), "year": day.year}
            )
    touched = {published.year} | set(
        CalendarDay.objects.filter(notice_year=published.year).values_list("calendar_id", flat=True)
    )
    touched |= {day.year for day in [*published.off, *published.work]}
    CalendarDay.objects.filter(notice_year=published.year).delete()
    days = [(day, CalendarDay.Kind.OFF, name) for day, name in published.off.items()]
    days += [(day, CalendarDay.Kind.WORK, name) for day, name in published.work.items()]
    # The newer notice wins over what an older one said of the same day.
    CalendarDay.objects.filter(date__in=[day for day, _kind, _name in days]).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(
            calendar_id=day.year, date=day, kind=kind, name=name, notice_year=published.year
        )
        for day, kind, name in days
    )
    year.status, year.source = published.status, published.source
    year.save(update_fields=["status", "source"])
    return [number for number in sorted(touched) if seal(number)]


def seal(number: int) -> bool:
    """Write the checksum of a year from its days; a changed year becomes its next edition."""
    year = CalendarYear.objects.select_for_update().get(year=number)
    lines = [f"{day.date.isoformat()} {day.kind} {day.name}" for day in year.days.order_by("date")]
    text = "\n".join([str(number), year.status, *lines])
    checksum = hashlib.sha256(text.encode()).hexdigest()
    if checksum == year.checksum:
        return False
    year.checksum, year.edition = checksum, year.edition + 1
    year.save(update_fields=["checksum", "edition"])
    return True


def years() -> list[int]:
    """The years whose calendar is loaded."""
    return list(CalendarYear.objects.order_by("year").values_list("year", flat=True))


def is_provisional(year: int) -> bool:
    """Whether the calendar of this year is loaded and is not the published one yet."""
    return CalendarYear.objects.filter(year=year, status=CalendarYear.Status.PROVISIONAL).exists()


class Effect(NamedTuple):
    """Dates that were counted before and would come out differently on today's calendars."""

    number: int
    url: str


Effects = Callable[[Collection[int]], Effect]
_effects: list[Effects] = []


def effect(finder: Effects) -> None:
    """Register, at start-up, who can say what a change of some years would mean."""
    if finder not in _effects:
        _effects.append(finder)


def effects(changed: Collection[int]) -> list[Effect]:
    """What the registered rooms say of a change of these years; nothing is changed by asking."""
    return [finder(changed) for finder in _effects] if changed else []


_lock = threading.Lock()
_kept: tuple[tuple[tuple[int, str, int], ...], Calendar] | None = None


def load() -> Calendar:
    """The calendar of all loaded years. One small query while nothing has changed."""
    global _kept
    stamp = at_hand.kept("calendars", _editions)
    with _lock:
        if _kept is not None and _kept[0] == stamp:
            return _kept[1]
    calendar = Calendar(_read_years())
    with _lock:
        _kept = (stamp, calendar)
    return calendar


def _editions() -> tuple[tuple[int, str, int], ...]:
    rows = CalendarYear.objects.order_by("year").values_list("year", "checksum", "edition")
    return tuple(rows)


def _read_years() -> list[CalendarOfYear]:
    rows = CalendarYear.objects.prefetch_related("days").order_by("year")
    return [
        CalendarOfYear(
            year=row.year,
            off={day.date: day.name for day in row.days.all() if day.kind == "off"},
            work={day.date: day.name for day in row.days.all() if day.kind == "work"},
            status=row.status,
            checksum=row.checksum,
            edition=row.edition,
            source=row.source,
        )
        for row in rows
    ]
