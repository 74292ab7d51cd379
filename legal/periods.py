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

Keys of a derivation (dates are ISO strings): `kind` counted | counted_back | named | resumed;
`event` {zh, en}; `trigger` (null for a named date not served); `length` (null for a named date);
`unit` (one of UNITS, or "named"); `first_day`; `skipped` [{date, why: weekend | holiday |
suspended, name, name_en}]; `spans` [{from, to, days, why, name, name_en}], the same as runs;
`made_up` and `rolled`, entries like `skipped`; `last_day` before and `due` after rolling over;
`suspended` [{from, to}]; `calendar` [{year, status, checksum, edition}]; `basis` [references];
`warnings` [{code, zh, en}] ("calendar_provisional" among them); `sentence_zh`, `sentence_en`; for
hours `trigger_at` and `due_at`; after a suspension `former_due`; `rolls` false where a last day
that is a day of rest was left where it is.

Speed: each calendar holds running totals, so a count looks the answer up; the derivation is put
together when it is first asked for.

This is the front door: the calendar (`working_days`), named dates, suspensions and the time left
live in their own modules and are offered here too.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from legal.derivations import (
    CALENDAR_DAY,
    EVENT,
    FIRST_AND_LAST_DAY,
    FORMER_DUE,
    HOUR,
    MONTH,
    ONE_DAY,
    SERVED,
    UNITS,
    WORKING_DAY,
    YEAR,
    Period,
    Span,
    Words,
    build,
    en,
    length_words,
    walk_days,
    zh,
    zh_short,
)
from legal.named_dates import named
from legal.suspensions import resume
from legal.time_left import SOON, Left, left, working_days_left
from legal.working_days import (
    Calendar,
    CalendarMissing,
    CalendarOfYear,
    DayKind,
    PeriodRefused,
)

__all__ = [
    "CALENDAR_DAY",
    "EVENT",
    "FORMER_DUE",
    "HOUR",
    "MONTH",
    "SERVED",
    "SHANGHAI",
    "SOON",
    "UNITS",
    "WORKING_DAY",
    "YEAR",
    "Calendar",
    "CalendarMissing",
    "CalendarOfYear",
    "DayKind",
    "Left",
    "Period",
    "PeriodRefused",
    "Span",
    "Words",
    "count",
    "count_back",
    "is_working_day",
    "left",
    "local_date",
    "named",
    "resume",
    "working_days_between",
    "working_days_left",
]

SHANGHAI = ZoneInfo("Asia/Shanghai")


# --- Counting ----------------------------------------------------------------------------------


def _refuse_length(length: int, unit: str) -> None:
    if unit not in UNITS:
        raise PeriodRefused(
            "unknown_unit",
            f"没有“{unit}”这种期限单位。",
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
    for begin, last in sorted(spans):
        if last < begin:
            raise PeriodRefused(
                "span_backwards",
                "中止的结束日不能早于开始日。",
                "A suspension cannot end before it begins.",
            )
        first = max(begin, after + ONE_DAY)
        if last < first:
            continue
        if merged and first <= merged[-1].last + ONE_DAY:
            merged[-1] = Span(merged[-1].first, max(last, merged[-1].last))
        else:
            merged.append(Span(first, last))
    return merged


def _add_months(day: date, months: int) -> date:
    """The same date `months` later (or earlier), or the last day of a month that lacks it."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def _plus(day: date, length: int, unit: str) -> date:
    """The day `length` units later, earlier when negative; refuses what no calendar holds."""
    try:
        if unit == CALENDAR_DAY:
            return day + timedelta(days=length)
        return _add_months(day, length * (12 if unit == YEAR else 1))
    except (OverflowError, ValueError):
        raise PeriodRefused("too_long", "期限过长。", "The period is too long.") from None


def count(
    start: date,
    length: int,
    unit: str,
    calendar: Calendar,
    *,
    basis: Sequence[str] = (),
    event: Words = EVENT,
    suspended: Iterable[Span] = (),
    roll: bool = True,
) -> Period:
    """The last day of a period that `start` sets going; `start` itself is not counted.

    `unit` is one of UNITS. For HOUR, `start` must be an aware datetime; the period then runs from
    the instant (the law leaves the hour of the start out too; not taking that hour is safe under
    any reading) and neither rolls over nor can be suspended. `suspended` are days that do not
    count. `roll=False` leaves a last day that is a day of rest where it is, for limits on the
    authority's own action where the house wants no extra day. `basis` names the articles that set
    the length; the rule of counting is added to them.

    Raises PeriodRefused (unknown unit, zero or negative length, naive instant, suspended hours)
    and CalendarMissing.
    """
    _refuse_length(length, unit)
    if unit == HOUR:
        if any(True for _span in suspended):
            raise PeriodRefused(
                "hours_run_on",
                "按小时计算的期限不能中止。",
                "A period in hours cannot be suspended.",
            )
        return _count_hours(start, length, basis=basis, event=event)
    if isinstance(start, datetime):
        start = local_date(start)
    spans = _merged(suspended, start)
    if unit == WORKING_DAY:
        last_day = due = _nth_unsuspended(start, length, calendar, spans)
    else:
        last_day = _pushed(_plus(start, length, unit), spans)
        due = _rolled(last_day, calendar, spans) if roll else last_day

    def make() -> dict[str, Any]:
        # Said only where it is not the rule, so that old derivations read the same.
        more = {} if roll or unit == WORKING_DAY else {"rolls": False}
        return _told(start, length, unit, last_day, due, calendar, basis, event, spans, **more)

    return Period(trigger=start, due=due, make=make)


def _nth_unsuspended(start: date, length: int, calendar: Calendar, spans: Sequence[Span]) -> date:
    """Look up, add the working days that were suspended, and look up again until it holds."""
    due = calendar.nth_working_day(start, length)
    while spans:
        lost = sum(
            calendar.working_days_between(first - ONE_DAY, min(last, due))
            for first, last in spans
            if first <= due
        )
        later = calendar.nth_working_day(start, length + lost)
        if later == due:
            break
        due = later
    return due


def _pushed(plain: date, spans: Sequence[Span]) -> date:
    """The last day, later by as many days as were suspended before it."""
    last_day = plain
    while spans:
        lost = sum(
            (min(last, last_day) - first).days + 1 for first, last in spans if first <= last_day
        )
        later = _plus(plain, lost, CALENDAR_DAY)
        if later == last_day:
            break
        last_day = later
    return last_day


def _rolled(last_day: date, calendar: Calendar, spans: Sequence[Span]) -> date:
    """The working day on which the period ends: a suspension that begins on a day to which a day
    of rest moved the end is waited out as well."""
    due = calendar.next_working_day(last_day)
    while due > last_day and (over := [span for span in spans if span.first <= due <= span.last]):
        due = calendar.nth_working_day(over[0].last, 1)
    return due


def _told(
    start: date,
    length: int,
    unit: str,
    last_day: date,
    due: date,
    calendar: Calendar,
    basis: Sequence[str],
    event: Words,
    spans: Sequence[Span],
    **more: Any,
) -> dict[str, Any]:
    working = unit == WORKING_DAY
    first_day = start + ONE_DAY
    walk = walk_days(
        calendar,
        first_day,
        last_day,
        working=working,
        last_day=last_day,
        due=due,
        suspended=spans,
    )
    how_long = length_words(length, unit)
    sentence = Words(
        f"{zh(start)}{event.zh}，当日不计入，自{zh_short(first_day)}起算{how_long.zh}，"
        f"至{zh(last_day)}届满{walk.words.zh}。依据：{FIRST_AND_LAST_DAY.zh}。",
        f"{how_long.en} counted from the day after {event.en} ({en(start)}), "
        f"ending on {en(last_day)}{walk.words.en}. Basis: {FIRST_AND_LAST_DAY.en}.",
    )
    return build(
        kind="counted",
        event=event,
        trigger=start,
        length=length,
        unit=unit,
        first_day=first_day,
        last_day=last_day,
        due=due,
        # A period in calendar days looks at the calendar only for its last day.
        calendar=calendar.stamp(first_day if working else last_day, due),
        basis=(*basis, FIRST_AND_LAST_DAY.ref),
        sentence=sentence,
        suspended=spans,
        **walk.parts,
        **more,
    )


def _count_hours(start: date, length: int, *, basis: Sequence[str], event: Words) -> Period:
    if not isinstance(start, datetime):
        raise PeriodRefused(
            "no_instant",
            "按小时计算的期限须有起算时刻。",
            "A period in hours needs the time of day at which it starts.",
        )
    trigger = local_date(start)
    begin = start.astimezone(SHANGHAI)
    try:
        due_at = begin + timedelta(hours=length)
    except OverflowError:
        raise PeriodRefused("too_long", "期限过长。", "The period is too long.") from None
    due = due_at.date()

    def make() -> dict[str, Any]:
        how_long = length_words(length, HOUR)
        sentence = Words(
            f"{zh(trigger)}{begin:%H:%M}{event.zh}，{how_long.zh}后为{zh(due)}{due_at:%H:%M}，"
            "遇休息日不顺延。",
            f"{how_long.en} from {event.en} ({en(trigger)}, {begin:%H:%M}), ending on {en(due)}, "
            f"{due_at:%H:%M}; days of rest do not move it.",
        )
        return build(
            kind="counted",
            event=event,
            trigger=trigger,
            length=length,
            unit=HOUR,
            first_day=trigger,
            last_day=due,
            due=due,
            calendar=(),
            basis=basis,
            sentence=sentence,
            trigger_at=begin.isoformat(),
            due_at=due_at.isoformat(),
        )

    return Period(trigger=trigger, due=due, due_at=due_at, make=make)


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
    if isinstance(event_on, datetime):
        event_on = local_date(event_on)
    working = unit == WORKING_DAY
    if working:
        last_day = due = calendar.nth_working_day_before(event_on, length)
    else:
        last_day = due = _plus(event_on, -length, unit)
        if not calendar.is_working_day(due):
            due = calendar.nth_working_day_before(due, 1)

    def make() -> dict[str, Any]:
        day_before = event_on - ONE_DAY
        walk = walk_days(calendar, due, day_before, working=working, last_day=last_day, due=due)
        how_long = length_words(length, unit)
        sentence = Words(
            f"{zh(event_on)}{event.zh}，当日不计入，向前推{how_long.zh}为{zh(last_day)}"
            f"{walk.words.zh}。依据：{FIRST_AND_LAST_DAY.zh}。",
            f"{how_long.en} back from {event.en} ({en(event_on)}), that day not counted: "
            f"{en(last_day)}{walk.words.en}. Basis: {FIRST_AND_LAST_DAY.en}.",
        )
        return build(
            kind="counted_back",
            event=event,
            trigger=event_on,
            length=length,
            unit=unit,
            first_day=day_before,
            last_day=last_day,
            due=due,
            calendar=calendar.stamp(due, day_before if working else last_day),
            basis=(*basis, FIRST_AND_LAST_DAY.ref),
            sentence=sentence,
            **walk.parts,
        )

    return Period(trigger=event_on, due=due, make=make)


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
