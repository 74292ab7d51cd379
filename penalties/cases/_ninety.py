"""The ninety days of a case (行政处罚法 60), and the days that do not count in them.

The date is always counted anew from filing, with every closed exclusion left out, so that it does
not matter in which order exclusions were entered. While one is open the clock stands still.

No verbs: called inside the transaction of a verb that holds the case (`_row.lock`) and settles it.
Only grounds of `settings.CASE_EXCLUSIONS` move the date; others stand in the file and move nothing.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.trail import Reason, Refused
from deadlines import clock
from deadlines.models import Deadline
from legal import calendars, periods
from legal.periods import Span
from penalties import clocks
from penalties.models import Case, Exclusion

KIND = "CASE_90"
BASIS = "MPSP@2020:165"


def moves(ground: str) -> bool:
    """Whether days of this ground are left out of the ninety."""
    return ground in settings.CASE_EXCLUSIONS


def period(case: Case, filed_on: date, **more: Any) -> periods.Period:
    """The ninety days from this day, without the days of closed exclusions; `more` is for
    `clocks.due` (another length, where a decision is taken anew).

    Raises Refused for a year without calendar.
    """
    spans = [
        Span(row.from_on, row.to_on)
        for row in Exclusion.objects.filter(case=case, to_on__isnull=False)
        if moves(row.ground) and row.to_on is not None
    ]
    return clocks.due(KIND, filed_on, suspended=spans, **more)


def begun(case: Case) -> tuple[date, int | None]:
    """From which day the ninety count, and how many they are: those of filing, or of the result
    upon which the decision is taken anew."""
    told = case.decision_derivation
    if not told.get("trigger"):
        return case.filed_on, None
    return date.fromisoformat(told["trigger"]), told.get("length")


def start(case: Case, *, on: date, by: User, at: datetime, **more: Any) -> periods.Period:
    """The case is filed: the ninety days run. Sets date and derivation on the row in hand; the
    verb saves them."""
    counted = period(case, on, **more)
    case.decision_due_on, case.decision_derivation = counted.due, counted.derivation
    clocks.start(KIND, case, counted, case=case, by=by, at=at)
    return counted


def exclude(
    case: Case, ground: str, from_on: date, note: str = "", *, by: User, at: datetime
) -> Exclusion:
    """From this day on, days do not count. The clock stands still if the ground moves the date.

    Raises Refused when an exclusion of this ground is open already.
    """
    try:
        with transaction.atomic():
            row = Exclusion.objects.create(
                case=case, ground=ground, from_on=from_on, note=note, entered_at=at, entered_by=by
            )
    except IntegrityError as fault:
        if "case_exclusion_one_open" not in str(fault):
            raise
        text = _("“%(ground)s”已经在计算，先登记结束日期。")
        label = Exclusion.Ground(ground).label
        raise Refused([Reason(text % {"ground": label}, basis=BASIS, field="ground")]) from fault
    if moves(ground):
        _stand_still(case, from_on, label=str(row.get_ground_display()), by=by, at=at)
    return row


def include(exclusion: Exclusion, to_on: date, *, by: User, at: datetime) -> Exclusion:
    """The last day that does not count; the ninety days go on after it, with a new date.

    Raises Refused for a day before the exclusion began, or one that is over already.
    """
    if exclusion.to_on is not None:
        raise Refused([Reason(_("这段期间已经结束。"))])
    if to_on < exclusion.from_on:
        raise Refused([Reason(_("结束日期不能早于开始日期。"), field="to_on")])
    exclusion.to_on = to_on
    exclusion.save(update_fields=["to_on"])
    if moves(exclusion.ground):
        _recount(exclusion.case, until=to_on, by=by, at=at)
    return exclusion


def wake(case: Case, *, on: date, by: User, at: datetime) -> None:
    """What was due is done on `on` while the clock stands still: open exclusions end with it, so
    that the clock can be met. For verbs that decide or end a case."""
    for row in _open(case):
        row.case = case
        include(row, max(on, row.from_on), by=by, at=at)


def _open(case: Case) -> list[Exclusion]:
    """Exclusions that hold the clock, the earliest first."""
    rows = Exclusion.objects.filter(case=case, to_on__isnull=True).order_by("from_on")
    return [row for row in rows if moves(row.ground)]


def _stand_still(case: Case, on: date, *, label: str, by: User, at: datetime) -> None:
    """Suspend the running clock; not before filing, nor after the last day: no day is lost then."""
    running = clock.running(case, KIND)
    if running is None or running.state == Deadline.SUSPENDED or on > running.due_on:
        return
    clock.suspend(running, on=max(on, running.trigger_on), reason=label, by=by, at=at)


def _recount(case: Case, *, until: date, by: User, at: datetime) -> None:
    """Put the date that follows from filing in the place of the one that stands."""
    if case.approved_at is None:
        return
    first, length = begun(case)
    counted = period(case, first, length=length)
    case.decision_due_on, case.decision_derivation = counted.due, counted.derivation
    case.save(update_fields=["decision_due_on", "decision_derivation"])
    running = clock.running(case, KIND)
    if running is None:
        return
    if running.state == Deadline.SUSPENDED:
        assert running.suspended_on is not None
        last = max(until, running.suspended_on)
        running = clock.resume(running, on=last, calendar=calendars.load(), by=by, at=at)
    if running.due_on != counted.due:
        running = clock.replace(running, counted, reason=_("按不计入的期间重新计算"), by=by, at=at)
    for row in _open(case):
        _stand_still(case, row.from_on, label=str(row.get_ground_display()), by=by, at=at)
        break
