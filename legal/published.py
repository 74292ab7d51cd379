"""The days off of one year as a notice publishes them, and what no notice could say. No database.

The festivals that must be there are those of 全国年节及纪念日放假办法 (清明, 端午 and 中秋 from
2008 on): a table that lacks one has usually lost a month on its way here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

OFFICIAL, PROVISIONAL = "official", "provisional"

# What a State Council notice of one year plausibly holds; outside it somebody mistyped.
OFF_DAYS = range(8, 46)
WORK_DAYS = range(16)
# The calendars of years before are not known to anybody here, those after not published yet.
YEARS = range(2000, 2101)
FIRST_OF_THREE_MORE = 2008  # 清明, 端午 and 中秋 became public holidays
NEXT_NOTICE = (12, 20)  # days from here on are arranged by the notice of the year after


class BadCalendar(ValueError):
    """A calendar that cannot be right; the message says where and what to mend."""


@dataclass(frozen=True)
class Published:
    """The days off and make-up days of one notice, as published."""

    year: int
    source: str
    off: Mapping[date, str]
    work: Mapping[date, str]
    status: str = OFFICIAL


class _Festival(NamedTuple):
    """A public holiday: the days among which `days` in a row must be off, from the year `since`.

    `month` names the part of a table that is probably missing.
    """

    name: str
    first: tuple[int, int]
    last: tuple[int, int]
    days: int
    month: str | Promise
    since: int = 0

    def is_in(self, off: Mapping[date, str], year: int) -> bool:
        day, last = date(year, *self.first), date(year, *self.last)
        run = 0
        while day <= last:
            run = run + 1 if day in off else 0
            if run >= self.days:
                return True
            day += timedelta(days=1)
        return False


_FESTIVALS = (
    _Festival("元旦", (1, 1), (1, 1), 1, gettext_lazy("1月")),
    _Festival("春节", (1, 20), (2, 25), 3, gettext_lazy("1月或2月")),
    _Festival("清明节", (4, 3), (4, 7), 1, gettext_lazy("4月"), FIRST_OF_THREE_MORE),
    _Festival("劳动节", (5, 1), (5, 1), 1, gettext_lazy("5月")),
    _Festival("端午节", (5, 27), (6, 27), 1, gettext_lazy("5月或6月"), FIRST_OF_THREE_MORE),
    _Festival("国庆节", (10, 1), (10, 3), 3, gettext_lazy("10月")),
)


def check(published: Published) -> None:
    """Refuse what no notice could say. Raises BadCalendar."""
    problems = list(_problems(published))
    if problems:
        raise BadCalendar("".join(problems))


def _problems(published: Published) -> Iterator[str]:
    if published.year not in YEARS:
        yield _("年份 %(year)s 不在 %(first)d 至 %(last)d 年之间。") % {
            "year": published.year,
            "first": YEARS.start,
            "last": YEARS.stop - 1,
        }
        return
    both = sorted(set(published.off) & set(published.work))
    if both:
        yield _("%(day)s既是放假又是上班。") % {"day": both[0].isoformat()}
    yield from _amounts(published)
    for day in sorted(published.work):
        if day.weekday() < 5:
            yield _("%(day)s是平日，不能是调休上班。") % {"day": day.isoformat()}
    for day in sorted([*published.off, *published.work]):
        if not belongs(day, published.year):
            yield _("%(day)s不属于%(year)s年。") % {
                "day": day.isoformat(),
                "year": published.year,
            }
    yield from _missing(published)


def belongs(day: date, year: int) -> bool:
    """Whether the notice of a year may speak of the day: its own, or late December before it."""
    return day.year == year or (day.year == year - 1 and (day.month, day.day) >= NEXT_NOTICE)


def _amounts(published: Published) -> Iterator[str]:
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


def _missing(published: Published) -> Iterator[str]:
    sentence = _("没有%(name)s的放假日，可能漏了%(month)s；请对照通知补全。")
    for festival in _FESTIVALS:
        if published.year >= festival.since and not festival.is_in(published.off, published.year):
            yield sentence % {"name": festival.name, "month": festival.month}
    autumn = any("中秋" in name or day.month == 9 for day, name in published.off.items())
    if published.year >= FIRST_OF_THREE_MORE and not autumn:
        yield sentence % {"name": "中秋节", "month": _("9月或10月")}
