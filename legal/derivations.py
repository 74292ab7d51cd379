"""How a date came about, as data that can be stored and as one sentence in either language.

Pure. `legal.periods` counts; this module puts into words what was counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from legal.working_days import SUSPENDED, Calendar, DayKind, run

ONE_DAY = timedelta(days=1)

HOUR = "hour"
WORKING_DAY = "working_day"
CALENDAR_DAY = "calendar_day"
MONTH = "month"
YEAR = "year"
UNITS = (HOUR, WORKING_DAY, CALENDAR_DAY, MONTH, YEAR)


class Words(NamedTuple):
    """One thing said in both languages."""

    zh: str
    en: str


EVENT = Words("事由发生", "the event")
SERVED = Words("送达", "service")
FORMER_DUE = Words("原期限届满", "the former due date")


class Span(NamedTuple):
    """Days from `first` to `last`, both included."""

    first: date
    last: date


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


def zh(day: date) -> str:
    """2025年2月12日（周三）."""
    return f"{day.year}年{day.month}月{day.day}日（周{_WEEKDAYS_ZH[day.weekday()]}）"


def zh_short(day: date) -> str:
    """2月12日."""
    return f"{day.month}月{day.day}日"


def en(day: date) -> str:
    """Wed 12 Feb 2025."""
    month = _MONTHS_EN[day.month - 1]
    return f"{_WEEKDAYS_EN[day.weekday()]} {day.day} {month} {day.year}"


def en_short(day: date) -> str:
    """12 Feb."""
    return f"{day.day} {_MONTHS_EN[day.month - 1]}"


def length_words(length: int, unit: str) -> Words:
    """20个工作日, 20 working days."""
    return Words(
        f"{length}{_UNIT_ZH[unit]}", f"{length} {_UNIT_EN[unit]}{'' if length == 1 else 's'}"
    )


def _spans_around(
    runs: Sequence[dict[str, Any]], suspended: Sequence[Span], until: date
) -> list[dict[str, Any]]:
    """The runs of days of rest without the suspended days, and the suspended runs, in order."""
    spans: list[dict[str, Any]] = []
    for first, last in suspended:
        if first <= until:
            spans.append(run(first, min(last, until), SUSPENDED))
    stops = [(each["from"], each["to"]) for each in spans]
    for each in runs:
        begin, end = each["from"], each["to"]
        if not any(first <= end and begin <= last for first, last in stops):
            spans.append(each)
            continue
        # ISO dates sort as dates do.
        kind = DayKind(each["why"], each["name"], each["name_en"])
        for first, last in stops:
            if last < begin or end < first:
                continue
            if begin < first:
                day = date.fromisoformat(first) - ONE_DAY
                spans.append(run(date.fromisoformat(begin), day, kind))
            begin = (date.fromisoformat(last) + ONE_DAY).isoformat()
        if begin <= end:
            spans.append(run(date.fromisoformat(begin), date.fromisoformat(end), kind))
    spans.sort(key=_FROM)
    return spans


_DATE, _FROM = itemgetter("date"), itemgetter("from")


def skipped_words(spans: Sequence[Mapping[str, Any]]) -> Words:
    """，其间跳过14天（春节8天、周末6天）, most days first; nothing for nothing."""
    if not spans:
        return Words("", "")
    totals: dict[tuple[str, str], int] = {}
    for span in spans:
        key = (span["name"], span["name_en"])
        totals[key] = totals.get(key, 0) + span["days"]
    ranked = sorted(totals.items(), key=lambda each: -each[1])
    days = sum(totals.values())
    in_zh = "、".join(f"{name}{count}天" for (name, _name_en), count in ranked)
    in_en = ", ".join(f"{name_en} {count}" for (_name, name_en), count in ranked)
    return Words(
        f"，其间跳过{days}天（{in_zh}）", f"; {days} day{'s' * (days != 1)} skipped ({in_en})"
    )


def made_up_words(made_up: Sequence[Mapping[str, str]]) -> Words:
    """，1月26日、2月8日调休上班，计入."""
    if not made_up:
        return Words("", "")
    days = [date.fromisoformat(each["date"]) for each in made_up]
    in_zh = "、".join(zh_short(day) for day in days)
    in_en = ", ".join(en_short(day) for day in days)
    if len(days) == 1:
        return Words(f"，{in_zh}调休上班，计入", f"; {in_en} is a make-up working day and counts")
    return Words(f"，{in_zh}调休上班，计入", f"; {in_en} are make-up working days and count")


def rolled_words(last_day: date, due: date, rolled: Sequence[Mapping[str, str]]) -> Words:
    """，该日休息（周末），顺延至其后首个工作日…; `rolled` begins with the last day itself."""
    if not rolled:
        return Words("", "")
    if due > last_day:
        return Words(
            f"，该日休息（{rolled[0]['name']}），顺延至其后首个工作日{zh(due)}",
            f", a day of rest ({rolled[0]['name_en']}), which moves it on to {en(due)}",
        )
    return Words(
        f"，该日休息（{rolled[0]['name']}），提前至其前最后一个工作日{zh(due)}",
        f", a day of rest ({rolled[0]['name_en']}), which moves it back to {en(due)}",
    )


def _on_trust(year: int) -> dict[str, Any]:
    """The warning that a date rests on a calendar that is not the published one yet."""
    return {
        "code": "calendar_provisional",
        "zh": f"{year}年日历是暂定的，正式安排公布后须核对。",
        "en": f"The calendar of {year} is provisional: check the date against the official one.",
        "year": year,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def build(
    *,
    kind: str,
    event: Words,
    trigger: date | None,
    length: int | None,
    unit: str,
    first_day: date | None,
    last_day: date,
    due: date,
    calendar: Sequence[dict[str, Any]],
    basis: Sequence[str],
    sentence: Words,
    skipped: Sequence[dict[str, str]] = (),
    spans: Sequence[dict[str, Any]] = (),
    made_up: Sequence[dict[str, str]] = (),
    rolled: Sequence[dict[str, str]] = (),
    suspended: Sequence[Span] = (),
    warnings: Sequence[dict[str, Any]] = (),
    **more: Any,
) -> dict[str, Any]:
    """The derivation as it is stored. Dates are ISO strings; see docs in `legal.periods`."""
    provisional = [each["year"] for each in calendar if each["status"] == "provisional"]
    return {
        "kind": kind,
        "event": {"zh": event.zh, "en": event.en},
        "trigger": _iso(trigger),
        "length": length,
        "unit": unit,
        "first_day": _iso(first_day),
        "skipped": list(skipped),
        "spans": list(spans),
        "made_up": list(made_up),
        "last_day": _iso(last_day),
        "rolled": list(rolled),
        "suspended": [
            {"from": span.first.isoformat(), "to": span.last.isoformat()} for span in suspended
        ],
        "due": _iso(due),
        "calendar": list(calendar),
        "basis": list(dict.fromkeys(basis)),
        "warnings": [*warnings, *map(_on_trust, provisional)],
        "sentence_zh": sentence.zh,
        "sentence_en": sentence.en,
        **more,
    }


@dataclass(frozen=True)
class Period:
    """The result of a count: `due`, and `derivation` as data that can be stored (JSON).

    `trigger` is the day that set it going (None for a named date without service), `due_at` the
    instant for periods in hours (None otherwise).
    """

    trigger: date | None
    due: date
    due_at: datetime | None = None
    make: Callable[[], dict[str, Any]] = field(kw_only=True, repr=False, compare=False)

    @cached_property
    def derivation(self) -> dict[str, Any]:
        """Why this day; made when first asked for, see the head of this module."""
        return self.make()

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """What must be said loudly, each {"code", "zh", "en"}."""
        return self.derivation["warnings"]


class Walk(NamedTuple):
    """The days between two ends: what was skipped, made up and rolled over, and in words."""

    skipped: Sequence[dict[str, str]]
    spans: Sequence[dict[str, Any]]
    made_up: Sequence[dict[str, str]]
    rolled: Sequence[dict[str, str]]
    words: Words

    @property
    def parts(self) -> dict[str, Any]:
        return {
            "skipped": self.skipped,
            "spans": self.spans,
            "made_up": self.made_up,
            "rolled": self.rolled,
        }


def walk_days(
    calendar: Calendar,
    first: date,
    last: date,
    *,
    working: bool,
    last_day: date,
    due: date,
    suspended: Sequence[Span] = (),
) -> Walk:
    """Collect the days from `first` to `last`; `last_day` rolled to `due`, or was it."""
    skipped: Sequence[dict[str, str]] = ()
    spans: Sequence[dict[str, Any]] = ()
    made_up: Sequence[dict[str, str]] = ()
    rolled: Sequence[dict[str, str]] = ()
    if working:
        skipped = calendar.rest_days(first, last)
        spans = calendar.rest_spans(first, last)
        made_up = calendar.made_up_days(first, last)
    if suspended:
        stopped = _suspended(suspended, last)
        rest = [each for each in skipped if each["date"] not in stopped]
        skipped = sorted([*rest, *stopped.values()], key=_DATE)
        spans = _spans_around(spans, suspended, last)
        made_up = [each for each in made_up if each["date"] not in stopped]
    if due > last_day:
        rolled = calendar.rest_days(last_day, due - ONE_DAY)
        if suspended:
            stopped = _suspended(suspended, due - ONE_DAY)
            moved = {each["date"]: each for each in rolled} | stopped
            rolled = [moved[key] for key in sorted(moved) if key >= last_day.isoformat()]
    elif due < last_day:
        rolled = calendar.rest_days(due + ONE_DAY, last_day)[::-1]
    skip, made = skipped_words(spans), made_up_words(made_up)
    roll = rolled_words(last_day, due, rolled)
    words = Words(skip.zh + made.zh + roll.zh, skip.en + made.en + roll.en)
    return Walk(skipped, spans, made_up, rolled, words)


def _suspended(spans: Sequence[Span], until: date) -> dict[str, dict[str, str]]:
    """One entry for each suspended day up to `until`."""
    entries = {}
    for first, last in spans:
        for ordinal in range(first.toordinal(), min(last, until).toordinal() + 1):
            day = date.fromordinal(ordinal).isoformat()
            entries[day] = {"date": day, **_STOPPED}
    return entries


_STOPPED = {"why": SUSPENDED.kind, "name": SUSPENDED.name, "name_en": SUSPENDED.name_en}
