"""A due date that the paper itself names (文书载明的日期). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from legal.derivations import (
    ONE_DAY,
    SERVED,
    WORKING_DAY,
    Period,
    Words,
    build,
    en,
    length_words,
    zh,
)
from legal.time_left import SOON
from legal.working_days import Calendar, CalendarMissing, PeriodRefused


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
            f"送达之日（{zh(served_on)}）已晚于文书载明的期限（{zh(day)}），期限无法履行，"
            "须撤回后另行签发。",
            f"Service ({en(served_on)}) came after the date that the paper names ({en(day)}), "
            "so it cannot be met: withdraw the notice and issue it anew.",
        )
    warnings = _named_warnings(day, served_on, calendar, enough)

    def make() -> dict[str, Any]:
        served_zh = f"，{zh(served_on)}{event.zh}" if served_on else ""
        served_en = f"; {event.en} on {en(served_on)}" if served_on else ""
        sentence = Words(
            f"文书载明期限为{zh(day)}{served_zh}，期限按载明日期，不另计算。"
            + "".join(warning["zh"] for warning in warnings),
            f"The paper names {en(day)}{served_en}. The date stands as named."
            + "".join(" " + warning["en"] for warning in warnings),
        )
        return build(
            kind="named",
            event=event,
            trigger=served_on,
            length=None,
            unit="named",
            first_day=served_on + ONE_DAY if served_on else None,
            last_day=day,
            due=day,
            calendar=calendar.stamp(served_on or day, day),
            basis=basis,
            sentence=sentence,
            warnings=warnings,
        )

    return Period(trigger=served_on, due=day, make=make)


def _named_warnings(
    day: date, served_on: date | None, calendar: Calendar, enough: int
) -> list[dict[str, Any]]:
    warnings: list[dict[str, Any]] = []

    def warn(code: str, in_zh: str, in_en: str, **more: int) -> None:
        warnings.append({"code": code, "zh": in_zh, "en": in_en, **more})

    try:
        kind = calendar.kind_of(day)
        if not kind.is_working:
            warn(
                "not_working_day",
                f"{zh(day)}不是工作日（{kind.name}）。",
                f"{en(day)} is not a working day ({kind.name_en}).",
            )
        left_over = calendar.working_days_between(served_on, day) if served_on else enough
    except CalendarMissing as missing:
        warn(
            "calendar_missing",
            f"{missing.year}年日历未导入，无法判断是否为工作日。",
            f"The calendar of {missing.year} is not loaded: working days are unknown.",
            year=missing.year,
        )
        return warnings
    if left_over == 0:
        warn(
            "no_day_left",
            "送达次日起到期限届满没有一个工作日。",
            "Not one working day lies after service and up to the date.",
            left=0,
        )
    elif left_over < enough:
        warn(
            "short_notice",
            f"送达后只剩{left_over}个工作日。",
            f"Only {length_words(left_over, WORKING_DAY).en} left after service.",
            left=left_over,
        )
    return warnings
