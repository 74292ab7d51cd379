"""The working calendars: reading what is published, storing it, and keeping it at hand.

`load()` gives the calendar that `legal.periods` counts with. It stays in memory; one small query
finds out whether any year has changed since.

The published shape is that of the open holiday-cn collection:
{"year": 2025, "papers": ["https://…"], "days": [{"name", "date", "isOffDay"}, …]}.
A change of a calendar never touches a deadline that was counted before: its derivation keeps the
edition and the checksum of the calendar that it was counted with.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from legal.models import CalendarDay, CalendarYear
from legal.periods import Calendar, CalendarOfYear

# What a State Council notice of one year plausibly holds; outside it somebody mistyped.
OFF_DAYS = range(8, 46)
WORK_DAYS = range(16)


class BadCalendar(ValueError):
    """A calendar that cannot be right; the message says what to mend."""


@dataclass(frozen=True)
class Published:
    """The days off and make-up days of one notice, as published."""

    year: int
    source: str
    off: dict[date, str]
    work: dict[date, str]
    status: str = CalendarYear.Status.OFFICIAL


def read(text: str) -> Published:
    """Read the holiday-cn shape. Raises BadCalendar with what is wrong, never half-reads."""
    try:
        data = json.loads(text.removeprefix("\ufeff"))
        year, days = int(data["year"]), list(data["days"])
        source = " ".join(str(paper) for paper in data.get("papers", []))
        entries = [
            (date.fromisoformat(day["date"]), bool(day["isOffDay"]), str(day["name"]).strip())
            for day in days
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadCalendar(
            _("不是 holiday-cn 格式的日历文件：%(why)s。") % {"why": str(error)[:120]}
        ) from error
    if not entries:
        raise BadCalendar(_("%(year)s年的文件里没有日期，通知可能还没有公布。") % {"year": year})
    off = {day: name for day, is_off, name in entries if is_off}
    work = {day: name for day, is_off, name in entries if not is_off}
    if len(off) + len(work) != len(entries):
        raise BadCalendar(_("同一日期出现了两次。"))
    published = Published(year=year, source=source[:300], off=off, work=work)
    check(published)
    return published


def check(published: Published) -> None:
    """Refuse what no notice could say. Raises BadCalendar."""
    problems = list(_problems(published))
    if problems:
        raise BadCalendar("".join(problems))


def _problems(published: Published) -> Iterable[str]:
    both = sorted(set(published.off) & set(published.work))
    if both:
        yield _("%(day)s既是放假又是上班。") % {"day": both[0].isoformat()}
    if len(published.off) not in OFF_DAYS:
        yield _("放假 %(count)d 天，不合常理（应在 %(low)d 至 %(high)d 天之间）。") % {
            "count": len(published.off),
            "low": OFF_DAYS.start,
            "high": OFF_DAYS.stop - 1,
        }
    if len(published.work) not in WORK_DAYS:
        yield _("调休上班 %(count)d 天，不合常理（至多 %(high)d 天）。") % {
            "count": len(published.work),
            "high": WORK_DAYS.stop - 1,
        }
    for day in sorted(published.work):
        if day.weekday() < 5:
            yield _("%(day)s是平日，不能是调休上班。") % {"day": day.isoformat()}
    for day in sorted([*published.off, *published.work]):
        # A notice may move days of the December before; nothing further away.
        if day.year != published.year and not (day.year == published.year - 1 and day.month == 12):
            yield _("%(day)s不属于%(year)s年。") % {
                "day": day.isoformat(),
                "year": published.year,
            }


@transaction.atomic
def store(published: Published) -> list[int]:
    """Put a notice in the place of what the same notice said before; the years that changed.

    Raises BadCalendar for days of a December whose own calendar is not loaded.
    """
    check(published)
    year, _created = CalendarYear.objects.select_for_update().get_or_create(
        year=published.year,
        defaults={"status": published.status, "source": published.source, "edition": 0},
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


_lock = threading.Lock()
_kept: tuple[tuple[tuple[int, str, int], ...], Calendar] | None = None


def load() -> Calendar:
    """The calendar of all loaded years. One small query while nothing has changed."""
    global _kept
    stamp = tuple(CalendarYear.objects.order_by("year").values_list("year", "checksum", "edition"))
    with _lock:
        if _kept is not None and _kept[0] == stamp:
            return _kept[1]
    calendar = Calendar(_read_years())
    with _lock:
        _kept = (stamp, calendar)
    return calendar


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
