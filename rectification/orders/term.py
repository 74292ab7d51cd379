"""While the term runs: more time, and days that do not count."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.trail import Reason
from deadlines import clock
from legal import calendars, periods
from rectification import course, reasons
from rectification.models import Extension, ExtensionState, Order, Suspension
from rectification.orders._row import (
    TERM_BASIS,
    lock,
    needs,
    open_deadline,
    refuse,
    stamp,
)


@transaction.atomic
def request_extension(
    order: Order, *, by: User, at: datetime, until: date, reason: str, by_enterprise: bool = True
) -> Extension:
    """Ask for more time, on the last day of the term at the latest (24:00 of that day)."""
    order = lock(order)
    found = reasons.can_request_extension(order, by, periods.local_date(at))
    found += needs(reason, "reason", _("写明需要延期的理由。"))
    if order.due_on is not None and until <= order.due_on:
        sentence = _("延长后的期限必须晚于现在的期限（%(date)s）。")
        found.append(Reason(sentence % {"date": reasons.day_words(order.due_on)}, field="until"))
    else:
        found += _calendar_reasons(until)
    refuse(found)
    assert order.due_on is not None, "a served order has a due day"
    extension = Extension.objects.create(
        order=order,
        by_enterprise=by_enterprise,
        reason=reason.strip(),
        until=until,
        old_due_on=order.due_on,
        requested_at=at,
        requested_by=by,
    )
    stamp(order, extension_pending=True)
    trail.record(
        "orders.request_extension",
        order,
        by=by,
        at=at,
        reason=reason,
        data={"due_on": order.due_on, "until": until, "by_enterprise": by_enterprise},
    )
    return extension


def _calendar_reasons(day: date) -> list[Reason]:
    try:
        periods.is_working_day(day, calendars.load())
    except periods.PeriodRefused as refused:
        return [clock.refusal(refused, field="until")]
    return []


@transaction.atomic
def decide_extension(
    order: Order, *, by: User, at: datetime, granted: bool, note: str = ""
) -> Extension:
    """Grant or refuse more time; never by the person who entered the request.

    A grant replaces the deadline by one that names the new day; the old one stays readable.
    """
    order = lock(order)
    found = reasons.can_decide_extension(order, by, periods.local_date(at))
    if not granted:
        found += needs(note, "note", _("不予延期的，写明理由。"))
    refuse(found)
    extension = order.extensions.select_related("order").get(state=ExtensionState.REQUESTED)
    due_on = order.due_on
    if granted:
        old = open_deadline(order)
        period = periods.named(extension.until, order.served_on, calendars.load(), basis=TERM_BASIS)
        due_on = clock.replace(old, period, reason=extension.reason, by=by, at=at).due_on
    stamp(
        order,
        due_on=due_on,
        extension_pending=False,
        reinspected_on=course.of(order).conclusive_on(due_on),
    )
    course.forget(order)
    trail.move(
        extension,
        ExtensionState.GRANTED if granted else ExtensionState.REFUSED,
        by=by,
        at=at,
        verb="orders.grant_extension" if granted else "orders.refuse_extension",
        reason=note,
        data={"due_on": extension.old_due_on, "until": extension.until},
        decided_at=at,
        decided_by=by,
        decision_note=note.strip(),
    )
    return extension


@transaction.atomic
def suspend(order: Order, *, by: User, at: datetime, from_on: date, reason: str) -> Suspension:
    """Let the clock stand from that day on (for instance while a system is sealed by others)."""
    order = lock(order)
    today = periods.local_date(at)
    found = reasons.can_suspend(order, by, today)
    found += needs(reason, "reason", _("写明中止的理由。"))
    if order.served_on and not order.served_on <= from_on <= today:
        found.append(Reason(_("中止日期须在送达之后、今天或以前。"), field="from_on"))
    refuse(found)
    clock.suspend(open_deadline(order), on=from_on, reason=reason, by=by, at=at)
    suspension = Suspension.objects.create(
        order=order, reason=reason.strip(), from_on=from_on, suspended_by=by
    )
    stamp(order, suspended=True)
    trail.record("orders.suspend", order, by=by, at=at, reason=reason, data={"from_on": from_on})
    return suspension


@transaction.atomic
def resume(order: Order, *, by: User, at: datetime, on: date) -> Order:
    """Let the clock run again; the due day moves by the span that stood still."""
    order = lock(order)
    today = periods.local_date(at)
    found = reasons.can_resume(order, by, today)
    suspension = order.suspensions.filter(resumed_on__isnull=True).first()
    if suspension is not None and not suspension.from_on <= on <= today:
        found.append(Reason(_("恢复日期须在中止日期之后、今天或以前。"), field="on"))
    refuse(found)
    assert suspension is not None
    new = clock.resume(open_deadline(order), on=on, calendar=calendars.load(), by=by, at=at)
    suspension.resumed_on, suspension.resumed_by = on, by
    suspension.save(update_fields=["resumed_on", "resumed_by"])
    stamp(
        order,
        suspended=False,
        due_on=new.due_on,
        reinspected_on=course.of(order).conclusive_on(new.due_on),
    )
    trail.record("orders.resume", order, by=by, at=at, data={"on": on, "due_on": new.due_on})
    return order
