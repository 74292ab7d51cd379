"""The regulator's own clocks: to look again, and to decide a request for more time.

`keep` brings the deadline for the re-inspection in line with the facts, and every verb that
changes one of them calls it. Order 151 gave a number of working days (art. 19); Order 176 gives
none, so for inspections since 2026-10-01 it is the house's own, and the derivation says so. Where
the calendar of a year that is needed is not known there is no deadline yet: the house's duty never
stands in the way of a service, and the next verb tries again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from deadlines import clock
from legal import calendars, limits, periods
from legal.periods import Period, Words
from rectification import course, house, reasons
from rectification.models import Extension, ExtensionState, Order, OrderState
from rectification.orders._row import DECIDE_KIND, REINSPECT_KIND

TERM_ENDED = Words("改正期限届满", "end of the time to correct")
REPORTED = Words("收到改正报告", "receipt of the report")
REFUSED = Words("不予延期", "refusal of more time")
ASKED = Words("提出延期申请", "request for more time")
HOUSE_REINSPECTION = Words(
    "176号令没有规定复查期限，属本单位规定。",
    "Order 176 sets no time for the re-inspection; this is a rule of the house.",
)
HOUSE_DECISION = Words("属本单位规定。", "This is a rule of the house.")


def keep(order: Order, *, by: User, at: datetime) -> None:
    """Start, move, meet or cancel the deadline for the re-inspection as the facts are now."""
    deadline = clock.running(order, REINSPECT_KIND)
    since = _since(order)
    if since is None:
        if deadline is not None:
            _end(order, deadline, by=by, at=at)
        return
    event, day = since
    if deadline is not None and deadline.trigger_on == day:
        return
    period = _reinspect_within(order, day, event)
    if period is None:
        if deadline is not None:
            clock.cancel(deadline, reason=_("新的起算日所在年份的日历未导入"), by=by, at=at)
    elif deadline is not None:
        clock.replace(deadline, period, reason=event.zh, by=by, at=at)
    else:
        clock.start(
            order,
            unit=order.unit,
            kind=REINSPECT_KIND,
            period=period,
            by=by,
            at=at,
            owner=order.drafted_by,
        )


def _end(order: Order, deadline: Any, *, by: User, at: datetime) -> None:
    """Met where every item has its last word; otherwise nothing is owed any more, or not now."""
    if order.reinspected_on is not None and order.state in (OrderState.SERVED, OrderState.JUDGED):
        clock.meet(deadline, on=order.reinspected_on, by=by, at=at)
    elif order.suspended:
        clock.cancel(deadline, reason=_("改正期限中止"), by=by, at=at)
    else:
        clock.cancel(deadline, reason=str(order.get_state_display()), by=by, at=at)


def _since(order: Order) -> tuple[Words, date] | None:
    """The day from which the house must look again; None when it owes nothing.

    It is the earliest over the items on which no last word stands: the end of the item's term; the
    report, when everything was reported before; the report also when it came after a look that had
    found the item not corrected; the refusal of more time that was decided after the term.
    """
    if order.state != OrderState.SERVED or order.suspended or order.due_on is None:
        return None
    happened = course.of(order)
    owed = happened.unreported()
    days = [
        _since_item(order, happened, item, item in owed)
        for item in happened.unsettled()
        if happened.due_on[item] is not None
    ]
    return min(days, key=lambda each: each[1], default=None)


def _since_item(order: Order, happened: course.Course, item: int, owed: bool) -> tuple[Words, date]:
    due_on = happened.due_on[item]
    assert due_on is not None
    report, seen = happened.last_report(item), happened.latest.get(item)
    if not owed and report is not None:
        if seen is not None and seen.stands(due_on):
            return REPORTED, report.received_on
        if order.reported_on is not None and report.received_on < due_on:
            return REPORTED, order.reported_on
    refused = [
        periods.local_date(request.decided_at)
        for request in happened.requests
        if request.state == ExtensionState.REFUSED
        and not request.late
        and request.decided_at is not None
        and request.old_due_on == due_on
        and item in request.items
    ]
    if refused and refused[-1] > due_on:
        return REFUSED, refused[-1]
    return TERM_ENDED, due_on


def _reinspect_within(order: Order, day: date, event: Words) -> Period | None:
    """The period of the order in force at the visit; None for a year without calendar."""
    calendar = calendars.load()
    try:
        if reasons.order_day(order) < reasons.ORDER_176_FROM:
            return limits.of("REINSPECT_151").due(day, calendar, words=event)
        own = limits.of("REINSPECT_176").due(
            day,
            calendar,
            length=house.rules(order).reinspect_within,
            unit=periods.WORKING_DAY,
            words=event,
        )
    except periods.PeriodRefused:
        return None
    return _of_the_house(own, HOUSE_REINSPECTION)


def _of_the_house(period: Period, label: Words) -> Period:
    def make() -> dict[str, Any]:
        told = period.derivation
        return told | {
            "house": True,
            "sentence_zh": f"{told['sentence_zh']}{label.zh}",
            "sentence_en": f"{told['sentence_en']} {label.en}",
        }

    return replace(period, make=make)


# ---- a request for more time -----------------------------------------------------------------


def start_deciding(order: Order, extension: Extension, *, by: User, at: datetime) -> None:
    """The request waits for a decision, within the house's own time."""
    try:
        period = periods.count(
            periods.local_date(extension.asked_at),
            house.rules(order).decide_extension_within,
            periods.WORKING_DAY,
            calendars.load(),
            event=ASKED,
        )
    except periods.PeriodRefused:
        return
    clock.start(
        extension,
        unit=order.unit,
        kind=DECIDE_KIND,
        period=_of_the_house(period, HOUSE_DECISION),
        by=by,
        at=at,
        owner=order.drafted_by,
    )


def decided(extension: Extension, *, by: User, at: datetime) -> None:
    deadline = clock.running(extension, DECIDE_KIND)
    if deadline is not None:
        clock.meet(deadline, on=periods.local_date(at), by=by, at=at)


def lapsed(extension: Extension, *, reason: str, by: User, at: datetime) -> None:
    deadline = clock.running(extension, DECIDE_KIND)
    if deadline is not None:
        clock.cancel(deadline, reason=reason, by=by, at=at)
