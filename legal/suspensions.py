"""How a period goes on after it was suspended (中止、恢复). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from legal.derivations import (
    CALENDAR_DAY,
    FIRST_AND_LAST_DAY,
    HOUR,
    ONE_DAY,
    WORKING_DAY,
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
from legal.working_days import Calendar, PeriodRefused


def resume(former: Mapping[str, Any], span: Span, calendar: Calendar) -> Period:
    """The new last day after a suspension, from the derivation of the former period.

    `span.first` is the day of suspension and `span.last` the day of resumption; neither is counted.
    A period in working days goes on with the working days that were left on the day of suspension;
    any other period, and a named date, moves by the days of the span, and off a day of rest. Days
    on which the period did not run yet (its trigger) are not given back. A period whose last day
    was already reached, and only moved by days of rest, ends on the first working day after
    resumption.

    Raises PeriodRefused (hours, counted back, suspended after the due date, or backwards) and
    CalendarMissing.
    """
    due = date.fromisoformat(former["due"])
    if former["unit"] == HOUR:
        raise PeriodRefused(
            "hours_run_on",
            "按小时计算的期限不能中止。",
            "A period in hours cannot be suspended.",
        )
    if former["kind"] == "counted_back":
        raise PeriodRefused(
            "counted_back",
            "从某日倒推的期限不能中止。",
            "A period counted back from an event cannot be suspended.",
        )
    if span.last < span.first:
        raise PeriodRefused(
            "span_backwards",
            "恢复之日不能早于中止之日。",
            "A period cannot resume before it was suspended.",
        )
    if span.first > due:
        raise PeriodRefused(
            "after_due",
            f"期限已于{zh(due)}届满，不能中止。",
            f"The period ended on {en(due)} and cannot be suspended.",
        )
    working = former["unit"] == WORKING_DAY
    former_last = date.fromisoformat(former["last_day"])
    # The day before the first one that can be lost: the trigger itself is never counted.
    begun = date.fromisoformat(former["first_day"]) - ONE_DAY if former["first_day"] else date.min
    if working:
        # Never none: the date stood, even if its day has become a holiday since.
        rest = max(1, calendar.working_days_between(max(span.first - ONE_DAY, begun), due))
        last_day = new_due = calendar.nth_working_day(max(span.last, begun), rest)
    else:
        ran_out = span.first > former_last
        rest = max(0, (span.last - max(span.first - ONE_DAY, begun)).days)
        last_day = span.last + ONE_DAY if ran_out else former_last + timedelta(days=rest)
        rolls = former.get("rolls", True)
        new_due = calendar.next_working_day(last_day) if rolls else last_day

    def make() -> dict[str, Any]:
        first_day = span.last + ONE_DAY
        walk = walk_days(
            calendar, first_day, last_day, working=working, last_day=last_day, due=new_due
        )
        if working:
            how_long = length_words(rest, WORKING_DAY)
            rest_zh = f"中止时尚余{how_long.zh}，自{zh_short(first_day)}起续算"
            rest_en = f"the {how_long.en} left go on from {en(first_day)}"
        elif ran_out:
            rest_zh = "原期限的最后一日已因休息日顺延，恢复后的首个工作日届满"
            rest_en = (
                "its last day had only been moved by days of rest, so it ends after resumption"
            )
        else:
            rest_zh = f"原期限顺延{rest}日"
            rest_en = f"the due date moves by {length_words(rest, CALENDAR_DAY).en}"
        sentence = Words(
            f"原期限为{zh(due)}，自{zh(span.first)}起中止，{zh(span.last)}恢复，{rest_zh}，"
            f"至{zh(last_day)}届满{walk.words.zh}。",
            f"Formerly due on {en(due)}; suspended on {en(span.first)}, resumed on "
            f"{en(span.last)}; {rest_en}, ending on {en(last_day)}{walk.words.en}.",
        )
        return build(
            kind="resumed",
            event=Words("恢复计算", "resumption"),
            trigger=span.last,
            length=rest,
            unit=former["unit"],
            first_day=first_day,
            last_day=last_day,
            due=new_due,
            calendar=calendar.stamp(first_day, new_due),
            basis=(*former["basis"], FIRST_AND_LAST_DAY.ref),
            sentence=sentence,
            suspended=[span],
            former_due=due.isoformat(),
            **walk.parts,
        )

    return Period(trigger=span.last, due=new_due, make=make)
