"""Which days offices work: weekdays, less the holidays, plus the make-up working days (调休).

Pure. A calendar knows the years it was given and nothing about any other: every question about a
day of another year raises CalendarMissing. It holds running totals, so that the nth working day
after a day is looked up and not walked to.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple


class PeriodRefused(ValueError):
    """A period that cannot be counted; `zh` and `en` say why in one sentence."""

    def __init__(self, code: str, zh: str, en: str):
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


class CalendarMissing(PeriodRefused):
    """The count needs a day of a `year` whose calendar is not loaded."""

    def __init__(self, year: int):
        super().__init__(
            "calendar_missing",
            f"{year}年日历未导入，不能计算期限。请系统管理员在“工作日历”导入国务院办公厅公布的"
            f"{year}年节假日安排（holiday-cn 的 {year}.json、CSV 或 .ics 文件）。",
            f"The calendar of {year} is not loaded, so the period cannot be counted. Ask the "
            f"system administrator to load the State Council's days off for {year} (holiday-cn's "
            f"{year}.json, a CSV or an .ics file).",
        )
        self.year = year


@dataclass(frozen=True)
class CalendarOfYear:
    """The days of one year that differ from the plain week, with their names."""

    year: int
    off: Mapping[date, str]
    work: Mapping[date, str]
    status: str = "official"
    checksum: str = ""
    edition: int = 1
    source: str = ""


class DayKind(NamedTuple):
    """What a day is, and its name in both languages.

    `kind` is "working", "made_up", "weekend", "holiday", or within a period "suspended".
    """

    kind: str
    name: str
    name_en: str

    @property
    def is_working(self) -> bool:
        return self.kind in ("working", "made_up")


_NAMES_EN = {
    "周末": "weekend",
    "中止": "suspended",
    "元旦": "New Year",
    "春节": "Spring Festival",
    "清明节": "Qingming Festival",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
    "国庆节、中秋节": "National Day and Mid-Autumn Festival",
    "中秋节、国庆节": "Mid-Autumn Festival and National Day",
    "抗日战争暨世界反法西斯战争胜利70周年纪念日": "70th Victory Day",
}


def name_in_english(name: str) -> str:
    """The English name of a holiday, or the Chinese one where none is known."""
    return _NAMES_EN.get(name, name)


SUSPENDED = DayKind("suspended", "中止", name_in_english("中止"))
_WORKING = DayKind("working", "", "")
_WEEKEND = DayKind("weekend", "周末", name_in_english("周末"))


def entry(day: date, kind: DayKind) -> dict[str, str]:
    """One day as it stands in a derivation."""
    return {
        "date": day.isoformat(),
        "why": kind.kind,
        "name": kind.name,
        "name_en": kind.name_en,
    }


def run(first: date, last: date, kind: DayKind) -> dict[str, Any]:
    """Days in a row with one name, as they stand in a derivation; both ends included."""
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "days": last.toordinal() - first.toordinal() + 1,
        "why": kind.kind,
        "name": kind.name,
        "name_en": kind.name_en,
    }


_FIRST_DAY = itemgetter(0)


class _Stretch:
    """Consecutive years with running totals: which day is the nth working day is a look-up."""

    def __init__(self, years: Sequence[CalendarOfYear]):
        self.years = years
        self.first = date(years[0].year, 1, 1).toordinal()
        self.last = date(years[-1].year, 12, 31).toordinal()
        self.kinds: list[DayKind] = []
        # Ordinals of working days, and how many of them lie before the day first + i.
        self.working: list[int] = []
        self.before: list[int] = []
        self.rest: list[int] = []
        self.rest_entries: list[dict[str, str]] = []
        # Runs of rest days with one name: first and last ordinal, and the kind.
        self.run_ends: list[int] = []
        self.runs: list[tuple[int, int, DayKind]] = []
        self.made_up: list[int] = []
        self.made_up_entries: list[dict[str, str]] = []
        for year in years:
            self._add(year)
        self.before.append(len(self.working))
        self.run_entries = [
            run(date.fromordinal(first), date.fromordinal(last), kind)
            for first, last, kind in self.runs
        ]

    def _add(self, year: CalendarOfYear) -> None:
        for ordinal in range(
            date(year.year, 1, 1).toordinal(), date(year.year, 12, 31).toordinal() + 1
        ):
            day = date.fromordinal(ordinal)
            kind = _kind(day, year)
            self.kinds.append(kind)
            self.before.append(len(self.working))
            if kind.is_working:
                self.working.append(ordinal)
            else:
                self.rest.append(ordinal)
                self.rest_entries.append(entry(day, kind))
                self._extend_runs(ordinal, kind)
            if kind.kind == "made_up":
                self.made_up.append(ordinal)
                self.made_up_entries.append(entry(day, kind))

    def _extend_runs(self, ordinal: int, kind: DayKind) -> None:
        if self.runs and self.runs[-1][1] == ordinal - 1 and self.runs[-1][2] == kind:
            self.runs[-1] = (self.runs[-1][0], ordinal, kind)
            self.run_ends[-1] = ordinal
        else:
            self.runs.append((ordinal, ordinal, kind))
            self.run_ends.append(ordinal)


def _kind(day: date, year: CalendarOfYear) -> DayKind:
    if day in year.work:
        return DayKind("made_up", year.work[day], name_in_english(year.work[day]))
    if day in year.off:
        return DayKind("holiday", year.off[day], name_in_english(year.off[day]))
    return _WEEKEND if day.weekday() >= 5 else _WORKING


class Calendar:
    """The working calendar: the years that are loaded, and nothing about any other year.

    Every question about a day of another year raises CalendarMissing.
    """

    def __init__(self, years: Iterable[CalendarOfYear]):
        self.years: dict[int, CalendarOfYear] = {
            year.year: year for year in sorted(years, key=lambda each: each.year)
        }
        self._stretch_of: dict[int, _Stretch] = {}
        together: list[CalendarOfYear] = []
        for number, year in self.years.items():
            together.append(year)
            if number + 1 not in self.years:
                stretch = _Stretch(together)
                self._stretch_of |= {each.year: stretch for each in together}
                together = []

    def __contains__(self, year: object) -> bool:
        return year in self.years

    def _stretch(self, year: int) -> _Stretch:
        try:
            return self._stretch_of[year]
        except KeyError:
            raise CalendarMissing(year) from None

    def kind_of(self, day: date) -> DayKind:
        """What this day is and is called. Raises CalendarMissing."""
        stretch = self._stretch(day.year)
        return stretch.kinds[day.toordinal() - stretch.first]

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on this day; make-up days at weekends count. CalendarMissing."""
        return self.kind_of(day).is_working

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie after the one day up to and including the other.

        Negative when `until` is earlier: then the days after `until` up to `after`, overdue by so
        many. Raises CalendarMissing for the first year that is needed and not loaded.
        """
        if until < after:
            return -self.working_days_between(until, after)
        if until == after:
            return 0
        first = date.fromordinal(after.toordinal() + 1)
        stretch = self._stretch(first.year)
        if until.toordinal() > stretch.last:
            raise CalendarMissing(stretch.years[-1].year + 1)
        before = stretch.before
        return (
            before[until.toordinal() - stretch.first + 1]
            - before[first.toordinal() - stretch.first]
        )

    def nth_working_day(self, after: date, number: int) -> date:
        """The `number`th working day after this day (which is not counted), number >= 1."""
        if after == date.max:
            raise CalendarMissing(after.year + 1)
        first = date.fromordinal(after.toordinal() + 1)
        stretch = self._stretch(first.year)
        index = stretch.before[first.toordinal() - stretch.first] + number - 1
        if index >= len(stretch.working):
            raise CalendarMissing(stretch.years[-1].year + 1)
        return date.fromordinal(stretch.working[index])

    def nth_working_day_before(self, day: date, number: int) -> date:
        """The `number`th working day before this day (which is not counted), number >= 1."""
        if day == date.min:
            raise CalendarMissing(day.year - 1)
        last = date.fromordinal(day.toordinal() - 1)
        stretch = self._stretch(last.year)
        index = stretch.before[last.toordinal() - stretch.first + 1] - number
        if index < 0:
            raise CalendarMissing(stretch.years[0].year - 1)
        return date.fromordinal(stretch.working[index])

    def next_working_day(self, day: date) -> date:
        """This day if it is a working day, else the first one after it."""
        return day if self.is_working_day(day) else self.nth_working_day(day, 1)

    def rest_days(self, first: date, last: date) -> list[dict[str, str]]:
        """The days of rest from `first` to `last`, both included, as entries of a derivation."""
        stretch = self._stretch(first.year)
        low = bisect_left(stretch.rest, first.toordinal())
        high = bisect_right(stretch.rest, last.toordinal())
        return stretch.rest_entries[low:high]

    def rest_spans(self, first: date, last: date) -> list[dict[str, Any]]:
        """The same days as runs with one name, see `run`."""
        stretch = self._stretch(first.year)
        low, high = first.toordinal(), last.toordinal()
        begin = bisect_left(stretch.run_ends, low)
        end = bisect_right(stretch.runs, high, key=_FIRST_DAY)
        spans = stretch.run_entries[begin:end]
        if spans and stretch.runs[begin][0] < low:
            spans[0] = run(first, date.fromordinal(stretch.runs[begin][1]), stretch.runs[begin][2])
        if spans and stretch.runs[end - 1][1] > high:
            begun = max(stretch.runs[end - 1][0], low)
            spans[-1] = run(date.fromordinal(begun), last, stretch.runs[end - 1][2])
        return spans

    def made_up_days(self, first: date, last: date) -> list[dict[str, str]]:
        """The make-up working days from `first` to `last`, both included."""
        stretch = self._stretch(first.year)
        low = bisect_left(stretch.made_up, first.toordinal())
        high = bisect_right(stretch.made_up, last.toordinal())
        return stretch.made_up_entries[low:high]

    def stamp(self, first: date, last: date) -> list[dict[str, Any]]:
        """Which calendars the days from `first` to `last` were read from (loaded years only)."""
        return [
            {
                "year": year.year,
                "status": year.status,
                "checksum": year.checksum,
                "edition": year.edition,
            }
            for number in range(first.year, last.year + 1)
            if (year := self.years.get(number)) is not None
        ]
