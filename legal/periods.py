"""Counting days as the law does. Pure: no database, no clock, no Django.

The rules, with the article each rests on:

* The day on which a period is triggered is not counted (公安机关办理行政案件程序规定 art. 35,
  民事诉讼法 art. 85).
* A period in working days counts the days on which offices work: weekdays that are no holiday,
  and make-up working days at weekends (行政处罚法 art. 85).
* A period in calendar days, months or years counts every day. A month ends on the same date of
  the later month, or on its last day. A last day that is a day of rest moves to the next working
  day (程序规定 art. 35).
* A period in hours runs from the instant itself and never moves.
* Days on which a period is suspended are not counted.
* A year whose calendar is not known is refused (`CalendarMissing`), never guessed.

Every result carries its derivation: plain data that can be stored as JSON and says which days were
counted, skipped, made up or rolled over, on which calendar, on what basis, and one sentence in
Chinese and in English. A stored derivation is shown as it is and never computed again.

Speed: each calendar holds running totals, so a count looks the answer up; the derivation is put
together when it is first asked for.
"""

from __future__ import annotations

import calendar as gregorian
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

HOUR = "hour"
WORKING_DAY = "working_day"
CALENDAR_DAY = "calendar_day"
MONTH = "month"
YEAR = "year"
UNITS = (HOUR, WORKING_DAY, CALENDAR_DAY, MONTH, YEAR)

SHANGHAI = ZoneInfo("Asia/Shanghai")

# A term is "due soon" when this many working days or fewer are left.
SOON = 3


class Words(NamedTuple):
    """One thing said in both languages."""

    zh: str
    en: str


EVENT = Words("事由发生", "the event")
SERVED = Words("送达", "service")
FORMER_DUE = Words("原期限届满", "the former due date")


class Rule(NamedTuple):
    """An article that a count rests on: its reference in the register and its words."""

    ref: str
    zh: str
    en: str


FIRST_AND_LAST_DAY = Rule(
    "MPSP@2020:35",
    "《公安机关办理行政案件程序规定》第三十五条",
    "Provisions on Procedures for Handling Administrative Cases art. 35",
)


class PeriodRefused(ValueError):  # noqa: N818 - a refusal, in the words of the house
    """A period that cannot be counted; `zh` and `en` say why in one sentence."""

    def __init__(self, code: str, zh: str, en: str):
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


class CalendarMissing(PeriodRefused):
    """The count needs a day of a `year` whose calendar is not loaded."""

    def __init__(self, year: int):
        super().__init__(
            "calendar_missing",
            f"{year}年日历未导入，不能计算期限。请先导入国务院办公厅公布的{year}年节假日安排"
            f"（holiday-cn 格式的 {year}.json）。",
            f"The calendar of {year} is not loaded, so the period cannot be counted. Load the "
            f"State Council's days off for {year} (holiday-cn format, {year}.json).",
        )
        self.year = year


class Span(NamedTuple):
    """Days from `first` to `last`, both included."""

    first: date
    last: date


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
    """What a day is: "working", "made_up", "weekend" or "holiday", and its name in both tongues."""

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
}
_WORKING = DayKind("working", "", "")
_WEEKEND = DayKind("weekend", "周末", _NAMES_EN["周末"])


def _name_en(name: str) -> str:
    return _NAMES_EN.get(name, name)


def _entry(day: date, kind: DayKind) -> dict[str, str]:
    return {
        "date": day.isoformat(),
        "why": kind.kind,
        "name": kind.name,
        "name_en": kind.name_en,
    }


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
        self.made_up: list[int] = []
        self.made_up_entries: list[dict[str, str]] = []
        for year in years:
            self._add(year)
        self.before.append(len(self.working))

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
                self.rest_entries.append(_entry(day, kind))
            if kind.kind == "made_up":
                self.made_up.append(ordinal)
                self.made_up_entries.append(_entry(day, kind))


def _kind(day: date, year: CalendarOfYear) -> DayKind:
    if day in year.work:
        return DayKind("made_up", year.work[day], _name_en(year.work[day]))
    if day in year.off:
        return DayKind("holiday", year.off[day], _name_en(year.off[day]))
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
        first = date.fromordinal(after.toordinal() + 1)
        stretch = self._stretch(first.year)
        index = stretch.before[first.toordinal() - stretch.first] + number - 1
        if index >= len(stretch.working):
            raise CalendarMissing(stretch.years[-1].year + 1)
        return date.fromordinal(stretch.working[index])

    def nth_working_day_before(self, day: date, number: int) -> date:
        """The `number`th working day before this day (which is not counted), number >= 1."""
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


# --- Words -----------------------------------------------------------------------------------

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_UNIT_ZH = {
    HOUR: "小时",
    WORKING_DAY: "个工作日",
    CALENDAR_DAY: "日",
    MONTH: "个月",
    YEAR: "年",
}
_UNIT_EN = {
    HOUR: "hour",
    WORKING_DAY: "working day",
    CALENDAR_DAY: "calendar day",
    MONTH: "month",
    YEAR: "year",
}


def _zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日（周{_WEEKDAYS_ZH[day.weekday()]}）"


def _zh_short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _en(day: date) -> str:
    month = _MONTHS_EN[day.month - 1]
    return f"{_WEEKDAYS_EN[day.weekday()]} {day.day} {month} {day.year}"


def _en_short(day: date) -> str:
    return f"{day.day} {_MONTHS_EN[day.month - 1]}"


def _length_zh(length: int, unit: str) -> str:
    return f"{length}{_UNIT_ZH[unit]}"


def _length_en(length: int, unit: str) -> str:
    return f"{length} {_UNIT_EN[unit]}{'' if length == 1 else 's'}"


def _spans(skipped: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Runs of adjacent skipped days with the same reason."""
    spans: list[dict[str, Any]] = []
    previous = 0
    for entry in skipped:
        ordinal = date.fromisoformat(entry["date"]).toordinal()
        last = spans[-1] if spans else None
        if last and ordinal == previous + 1 and last["name"] == entry["name"]:
            last["to"] = entry["date"]
            last["days"] += 1
        else:
            spans.append(
                {
                    "from": entry["date"],
                    "to": entry["date"],
                    "days": 1,
                    "why": entry["why"],
                    "name": entry["name"],
                    "name_en": entry["name_en"],
                }
            )
        previous = ordinal
    return spans


def _skipped_words(skipped: Sequence[Mapping[str, str]]) -> Words:
    """，跳过14天（春节8天、周末6天）, longest reason first; nothing for nothing."""
    if not skipped:
        return Words("", "")
    totals: dict[str, int] = {}
    for entry in skipped:
        totals[entry["name"]] = totals.get(entry["name"], 0) + 1
    ranked = sorted(totals.items(), key=lambda each: -each[1])
    zh = "、".join(f"{name}{days}天" for name, days in ranked)
    en = ", ".join(f"{_name_en(name)} {days}" for name, days in ranked)
    noun = "day" if len(skipped) == 1 else "days"
    return Words(f"，其间跳过{len(skipped)}天（{zh}）", f"; {len(skipped)} {noun} skipped ({en})")


def _made_up_words(made_up: Sequence[Mapping[str, str]]) -> Words:
    if not made_up:
        return Words("", "")
    days = [date.fromisoformat(entry["date"]) for entry in made_up]
    zh = "、".join(_zh_short(day) for day in days)
    en = ", ".join(_en_short(day) for day in days)
    verb = (
        "is a make-up working day and counts"
        if len(days) == 1
        else ("are make-up working days and count")
    )
    return Words(f"，{zh}调休上班，计入", f"; {en} {verb}")


def _rolled_words(last_day: date, due: date, rolled: Sequence[Mapping[str, str]]) -> Words:
    if not rolled:
        return Words("", "")
    direction = (
        ("顺延至其后首个工作日", "moves on to")
        if due > last_day
        else (
            "提前至其前最后一个工作日",
            "moves back to",
        )
    )
    return Words(
        f"，该日休息（{rolled[0]['name']}），{direction[0]}{_zh(due)}",
        f", a day of rest ({rolled[0]['name_en']}), which {direction[1]} {_en(due)}",
    )


# --- Periods -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Period:
    """The result of a count: `due`, and `derivation` as data that can be stored (JSON).

    `trigger` is the day that set it going (None for a named date without service), `due_at` the
    instant for periods in hours (None otherwise). `warnings` is a list of {"code", "zh", "en"}.
    """

    trigger: date | None
    due: date
    due_at: datetime | None = None
    _make: Any = field(default=None, repr=False, compare=False)

    @cached_property
    def derivation(self) -> dict[str, Any]:
        return self._make(self)

    @property
    def warnings(self) -> list[dict[str, Any]]:
        return self.derivation["warnings"]


def _derivation(
    *,
    kind: str,
    event: Words,
    trigger: date | None,
    length: int | None,
    unit: str,
    first_day: date | None,
    last_day: date,
    due: date,
    calendar: list[dict[str, Any]],
    basis: Sequence[str],
    sentence: Words,
    skipped: Sequence[dict[str, str]] = (),
    made_up: Sequence[dict[str, str]] = (),
    rolled: Sequence[dict[str, str]] = (),
    suspended: Sequence[Span] = (),
    warnings: Sequence[dict[str, Any]] = (),
    **more: Any,
) -> dict[str, Any]:
    return {
        "kind": kind,
        "event": {"zh": event.zh, "en": event.en},
        "trigger": trigger.isoformat() if trigger else None,
        "length": length,
        "unit": unit,
        "first_day": first_day.isoformat() if first_day else None,
        "skipped": list(skipped),
        "spans": _spans(skipped),
        "made_up": list(made_up),
        "last_day": last_day.isoformat(),
        "rolled": list(rolled),
        "suspended": [
            {"from": span.first.isoformat(), "to": span.last.isoformat()} for span in suspended
        ],
        "due": due.isoformat(),
        "calendar": calendar,
        "basis": list(dict.fromkeys(basis)),
        "warnings": list(warnings),
        "sentence_zh": sentence.zh,
        "sentence_en": sentence.en,
        **more,
    }


def _refuse_length(length: int, unit: str) -> None:
    if unit not in UNITS:
        raise PeriodRefused(
            "unknown_unit",
            f"不认识的期限单位：{unit}。",
            f"There is no unit of time called {unit}.",
        )
    if isinstance(length, bool) or not isinstance(length, int) or length < 1:
        raise PeriodRefused(
            "not_positive",
            "期限须为正整数，至少为 1。",
            "A period must be a whole number of 1 or more.",
        )


def _merged(spans: Iterable[Span], after: date) -> list[Span]:
    """The spans in order, without overlap, cut to the days after the trigger."""
    merged: list[Span] = []
    for first, last in sorted(spans):
        if last < first:
            raise PeriodRefused(
                "span_backwards",
                "中止的结束日不能早于开始日。",
                "A suspension cannot end before it begins.",
            )
        first = max(first, after + timedelta(1))
        if last < first:
            continue
        if merged and first <= merged[-1].last + timedelta(1):
            merged[-1] = Span(merged[-1].first, max(last, merged[-1].last))
        else:
            merged.append(Span(first, last))
    return merged


def _suspended_entries(spans: Sequence[Span], until: date) -> dict[str, dict[str, str]]:
    """One entry for each suspended day up to `until`."""
    kind = DayKind("suspended", "中止", _NAMES_EN["中止"])
    entries = {}
    for first, last in spans:
        for ordinal in range(first.toordinal(), min(last, until).toordinal() + 1):
            day = date.fromordinal(ordinal)
            entries[day.isoformat()] = _entry(day, kind)
    return entries


def _add_months(day: date, months: int) -> date:
    """The same date `months` later (or earlier), or the last day of a month that lacks it."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def _plus(day: date, length: int, unit: str) -> date:
    if unit == CALENDAR_DAY:
        return day + timedelta(length)
    return _add_months(day, length * (12 if unit == YEAR else 1))


def count(
    start: date,
    length: int,
    unit: str,
    calendar: Calendar,
    *,
    basis: Sequence[str] = (),
    event: Words = EVENT,
    suspended: Iterable[Span] = (),
) -> Period:
    """The last day of a period that `start` sets going; `start` itself is not counted.

    `unit` is one of UNITS. For HOUR, `start` must be an aware datetime; the period then runs from
    the instant (the law leaves the hour of the start out too; not taking that hour is safe under
    any reading) and neither rolls over nor can be suspended. `suspended` are days that do not
    count. `basis` names the articles that set the length; the rule of counting is added to them.

    Raises PeriodRefused (unknown unit, zero or negative length, naive instant) and CalendarMissing.
    """
    _refuse_length(length, unit)
    if unit == HOUR:
        return _count_hours(start, length, calendar, basis=basis, event=event)
    if isinstance(start, datetime):
        start = local_date(start)
    spans = _merged(suspended, start) if suspended else []
    try:
        if unit == WORKING_DAY:
            last_day = due = _nth_unsuspended(start, length, calendar, spans)
        else:
            last_day = _plus(start, length, unit)
            if spans:
                last_day = _pushed(start, last_day, spans)
            due = calendar.next_working_day(last_day)
    except OverflowError:
        raise PeriodRefused("too_long", "期限过长。", "The period is too long.") from None
    basis = (*basis, FIRST_AND_LAST_DAY.ref)

    def make(period: Period) -> dict[str, Any]:
        return _derive_count(start, length, unit, last_day, due, calendar, basis, event, spans)

    return Period(trigger=start, due=due, _make=make)


def _nth_unsuspended(start: date, length: int, calendar: Calendar, spans: Sequence[Span]) -> date:
    """Look up, add the working days that were suspended, and look up again until it holds."""
    due = calendar.nth_working_day(start, length)
    while spans:
        lost = sum(
            calendar.working_days_between(first - timedelta(1), min(last, due))
            for first, last in spans
            if first <= due
        )
        later = calendar.nth_working_day(start, length + lost)
        if later == due:
            break
        due = later
    return due


def _pushed(start: date, last_day: date, spans: Sequence[Span]) -> date:
    """The last day, later by as many days as were suspended before it."""
    plain = last_day
    while True:
        lost = sum(
            (min(last, last_day) - first).days + 1 for first, last in spans if first <= last_day
        )
        later = plain + timedelta(lost)
        if later == last_day:
            return last_day
        last_day = later


def _derive_count(
    start: date,
    length: int,
    unit: str,
    last_day: date,
    due: date,
    calendar: Calendar,
    basis: Sequence[str],
    event: Words,
    spans: Sequence[Span],
) -> dict[str, Any]:
    first_day = start + timedelta(1)
    skipped: Sequence[dict[str, str]] = ()
    made_up: Sequence[dict[str, str]] = ()
    if unit == WORKING_DAY:
        skipped = calendar.rest_days(first_day, due)
        made_up = calendar.made_up_days(first_day, due)
    if spans:
        entries = {entry["date"]: entry for entry in skipped} | _suspended_entries(spans, last_day)
        skipped = [entries[key] for key in sorted(entries)]
        made_up = [entry for entry in made_up if entry["date"] not in entries]
    rolled = calendar.rest_days(last_day, due - timedelta(1)) if due != last_day else ()
    skip, made, roll = (
        _skipped_words(skipped),
        _made_up_words(made_up),
        _rolled_words(last_day, due, rolled),
    )
    sentence = Words(
        f"{_zh(start)}{event.zh}，当日不计入，自{_zh_short(first_day)}起算"
        f"{_length_zh(length, unit)}，至{_zh(last_day)}届满{skip.zh}{made.zh}{roll.zh}。"
        f"依据：{FIRST_AND_LAST_DAY.zh}。",
        f"{_length_en(length, unit).capitalize()} counted from the day after {event.en} "
        f"({_en(start)}), ending on {_en(last_day)}{skip.en}{made.en}{roll.en}. "
        f"Basis: {FIRST_AND_LAST_DAY.en}.",
    )
    return _derivation(
        kind="counted",
        event=event,
        trigger=start,
        length=length,
        unit=unit,
        first_day=first_day,
        last_day=last_day,
        due=due,
        # A period in calendar days looks at the calendar only for its last day.
        calendar=calendar.stamp(first_day if unit == WORKING_DAY else last_day, due),
        basis=basis,
        sentence=sentence,
        skipped=skipped,
        made_up=made_up,
        rolled=rolled,
        suspended=spans,
    )


def _count_hours(
    start: date, length: int, calendar: Calendar, *, basis: Sequence[str], event: Words
) -> Period:
    if not isinstance(start, datetime):
        raise PeriodRefused(
            "no_instant",
            "按小时计算的期限须有起算时刻。",
            "A period in hours needs the time of day at which it starts.",
        )
    trigger = local_date(start)
    due_at = start.astimezone(SHANGHAI) + timedelta(hours=length)
    due = due_at.date()
    begin = start.astimezone(SHANGHAI)
    sentence = Words(
        f"{_zh(trigger)}{begin:%H:%M}{event.zh}，{_length_zh(length, HOUR)}后为"
        f"{_zh(due)}{due_at:%H:%M}，遇休息日不顺延。",
        f"{_length_en(length, HOUR).capitalize()} from {event.en} ({_en(trigger)}, "
        f"{begin:%H:%M}), ending on {_en(due)}, {due_at:%H:%M}; days of rest do not move it.",
    )

    def make(period: Period) -> dict[str, Any]:
        return _derivation(
            kind="counted",
            event=event,
            trigger=trigger,
            length=length,
            unit=HOUR,
            first_day=trigger,
            last_day=due,
            due=due,
            calendar=[],
            basis=basis,
            sentence=sentence,
            trigger_at=begin.isoformat(),
            due_at=due_at.isoformat(),
        )

    return Period(trigger=trigger, due=due, due_at=due_at, _make=make)


def count_back(
    event_on: date,
    length: int,
    unit: str,
    calendar: Calendar,
    *,
    basis: Sequence[str] = (),
    event: Words = EVENT,
) -> Period:
    """The last day on which something must be done `length` units before an event.

    For 举行听证的七日前 (行政处罚法 art. 64) or advance notice (Order 176 arts 4, 10): the day of
    the event is not counted, and the day reached is the last one in time. In calendar days, months
    or years a day of rest moves back to the working day before it, never into the period.

    Raises PeriodRefused (also for HOUR) and CalendarMissing.
    """
    _refuse_length(length, unit)
    if unit == HOUR:
        raise PeriodRefused(
            "no_hours_back", "小时不能倒推。", "Hours cannot be counted back from an event."
        )
    if unit == WORKING_DAY:
        last_day = due = calendar.nth_working_day_before(event_on, length)
    else:
        last_day = due = _plus(event_on, -length, unit)
        if not calendar.is_working_day(due):
            due = calendar.nth_working_day_before(due, 1)
    basis = (*basis, FIRST_AND_LAST_DAY.ref)

    def make(period: Period) -> dict[str, Any]:
        day_before = event_on - timedelta(1)
        skipped: Sequence[dict[str, str]] = ()
        made_up: Sequence[dict[str, str]] = ()
        if unit == WORKING_DAY:
            skipped = calendar.rest_days(due, day_before)
            made_up = calendar.made_up_days(due, day_before)
        rolled = calendar.rest_days(due, last_day) if due != last_day else ()
        skip, made, roll = (
            _skipped_words(skipped),
            _made_up_words(made_up),
            _rolled_words(last_day, due, list(reversed(rolled))),
        )
        sentence = Words(
            f"{_zh(event_on)}{event.zh}，当日不计入，向前推{_length_zh(length, unit)}为"
            f"{_zh(last_day)}{skip.zh}{made.zh}{roll.zh}。",
            f"{_length_en(length, unit).capitalize()} back from {event.en} ({_en(event_on)}), that "
            f"day not counted: {_en(last_day)}{skip.en}{made.en}{roll.en}.",
        )
        return _derivation(
            kind="counted_back",
            event=event,
            trigger=event_on,
            length=length,
            unit=unit,
            first_day=day_before,
            last_day=last_day,
            due=due,
            calendar=calendar.stamp(due, day_before if unit == WORKING_DAY else last_day),
            basis=basis,
            sentence=sentence,
            skipped=skipped,
            made_up=made_up,
            rolled=rolled,
        )

    return Period(trigger=event_on, due=due, _make=make)


def named(
    day: date,
    served_on: date | None,
    calendar: Calendar,
    *,
    basis: Sequence[str] = (),
    event: Words = SERVED,
    enough: int = SOON,
) -> Period:
    """A date that the paper itself names. It stands as named and never moves.

    The derivation carries warnings: "not_working_day", "no_day_left" or "short_notice" (fewer than
    `enough` working days lie between service and the date), "calendar_missing" (it cannot be said
    whether the date is a working day). `served_on` None: not served yet, nothing to compare with.

    Raises PeriodRefused when the date lies before service: nobody could have met it.
    """
    if served_on is not None and day < served_on:
        raise PeriodRefused(
            "before_service",
            f"送达之日（{_zh(served_on)}）已晚于文书载明的期限（{_zh(day)}），期限无法履行，"
            "须撤回后另行签发。",
            f"Service ({_en(served_on)}) came after the date that the paper names ({_en(day)}), "
            "so it cannot be met: withdraw the notice and issue it anew.",
        )
    warnings = _named_warnings(day, served_on, calendar, enough)

    def make(period: Period) -> dict[str, Any]:
        notes_zh = "".join(warning["zh"] for warning in warnings)
        notes_en = "".join(" " + warning["en"] for warning in warnings)
        served_zh = f"，{_zh(served_on)}{event.zh}" if served_on else ""
        served_en = f"; {event.en} on {_en(served_on)}" if served_on else ""
        sentence = Words(
            f"文书载明期限为{_zh(day)}{served_zh}，期限按载明日期，不另计算。{notes_zh}",
            f"The paper names {_en(day)}{served_en}. The date stands as named.{notes_en}",
        )
        return _derivation(
            kind="named",
            event=event,
            trigger=served_on,
            length=None,
            unit="named",
            first_day=served_on + timedelta(1) if served_on else None,
            last_day=day,
            due=day,
            calendar=calendar.stamp(served_on or day, day),
            basis=basis,
            sentence=sentence,
            warnings=warnings,
        )

    return Period(trigger=served_on, due=day, _make=make)


def _named_warnings(
    day: date, served_on: date | None, calendar: Calendar, enough: int
) -> list[dict[str, Any]]:
    warnings: list[dict[str, Any]] = []
    try:
        kind = calendar.kind_of(day)
        if not kind.is_working:
            warnings.append(
                {
                    "code": "not_working_day",
                    "zh": f"{_zh(day)}不是工作日（{kind.name}）。",
                    "en": f"{_en(day)} is not a working day ({kind.name_en}).",
                }
            )
        if served_on is None:
            return warnings
        left_over = calendar.working_days_between(served_on, day)
    except CalendarMissing as missing:
        warnings.append(
            {
                "code": "calendar_missing",
                "zh": f"{missing.year}年日历未导入，无法判断是否为工作日。",
                "en": f"The calendar of {missing.year} is not loaded: working days are unknown.",
                "year": missing.year,
            }
        )
        return warnings
    if left_over == 0:
        warnings.append(
            {
                "code": "no_day_left",
                "zh": "送达后到期限届满没有一个完整的工作日。",
                "en": "Not one whole working day lies between service and the date.",
                "left": 0,
            }
        )
    elif left_over < enough:
        warnings.append(
            {
                "code": "short_notice",
                "zh": f"送达后只剩{left_over}个工作日。",
                "en": f"Only {_length_en(left_over, WORKING_DAY)} left after service.",
                "left": left_over,
            }
        )
    return warnings


def resume(former: Mapping[str, Any], span: Span, calendar: Calendar) -> Period:
    """The new last day after a suspension, from the derivation of the former period.

    `span.first` is the day of suspension and `span.last` the day of resumption; neither is counted.
    A period in working days goes on with the working days that were left on the day of suspension;
    any other period, and a named date, moves by the days of the span, and off a day of rest.

    Raises PeriodRefused (suspended after the due date, or backwards) and CalendarMissing.
    """
    due = date.fromisoformat(former["due"])
    if span.last < span.first:
        raise PeriodRefused(
            "span_backwards",
            "恢复之日不能早于中止之日。",
            "A period cannot resume before it was suspended.",
        )
    if span.first > due:
        raise PeriodRefused(
            "after_due",
            f"期限已于{_zh(due)}届满，不能中止。",
            f"The period ended on {_en(due)} and cannot be suspended.",
        )
    if former["unit"] == WORKING_DAY:
        rest = calendar.working_days_between(span.first - timedelta(1), due)
        last_day = new_due = calendar.nth_working_day(span.last, rest)
    else:
        rest = (span.last - span.first).days + 1
        last_day = date.fromisoformat(former["last_day"]) + timedelta(rest)
        new_due = calendar.next_working_day(last_day)
    event = Words("恢复计算", "resumption")
    basis = (*former["basis"], FIRST_AND_LAST_DAY.ref)

    def make(period: Period) -> dict[str, Any]:
        first_day = span.last + timedelta(1)
        working = former["unit"] == WORKING_DAY
        skipped = calendar.rest_days(first_day, new_due) if working else ()
        made_up = calendar.made_up_days(first_day, new_due) if working else ()
        rolled = calendar.rest_days(last_day, new_due - timedelta(1)) if new_due > last_day else ()
        skip, made, roll = (
            _skipped_words(skipped),
            _made_up_words(made_up),
            _rolled_words(last_day, new_due, rolled),
        )
        if working:
            rest_zh = f"中止时尚余{_length_zh(rest, WORKING_DAY)}，自{_zh_short(first_day)}起续算"
            rest_en = f"{_length_en(rest, WORKING_DAY)} were left and go on from {_en(first_day)}"
        else:
            rest_zh = f"原期限顺延{rest}日"
            rest_en = f"the due date moves by {_length_en(rest, CALENDAR_DAY)}"
        sentence = Words(
            f"原期限{_zh(due)}，自{_zh(span.first)}起中止，{_zh(span.last)}恢复，{rest_zh}，"
            f"至{_zh(last_day)}届满{skip.zh}{made.zh}{roll.zh}。",
            f"Formerly due on {_en(due)}; suspended on {_en(span.first)}, resumed on "
            f"{_en(span.last)}; {rest_en}, ending on {_en(last_day)}{skip.en}{made.en}{roll.en}.",
        )
        return _derivation(
            kind="resumed",
            event=event,
            trigger=span.last,
            length=rest,
            unit=former["unit"],
            first_day=first_day,
            last_day=last_day,
            due=new_due,
            calendar=calendar.stamp(first_day, new_due),
            basis=basis,
            sentence=sentence,
            skipped=skipped,
            made_up=made_up,
            rolled=rolled,
            suspended=[span],
            former_due=due.isoformat(),
        )

    return Period(trigger=span.last, due=new_due, _make=make)


# --- Questions ---------------------------------------------------------------------------------


def local_date(instant: datetime) -> date:
    """The date in Shanghai at this instant: 23:30Z is already the next day there.

    Raises PeriodRefused for an instant without a time zone.
    """
    if instant.tzinfo is None:
        raise PeriodRefused(
            "naive_instant", "时刻缺少时区。", "The instant does not say its time zone."
        )
    return instant.astimezone(SHANGHAI).date()


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Whether offices work on this day. Raises CalendarMissing."""
    return calendar.is_working_day(day)


def working_days_between(after: date, until: date, calendar: Calendar) -> int:
    """Working days after the one day up to and including the other; negative backwards."""
    return calendar.working_days_between(after, until)


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
