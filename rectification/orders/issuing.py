"""The paper goes out: issue, service, mail that came back, withdrawal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from deadlines import clock
from inspections import fieldwork
from legal import calendars, periods
from notices import papers, service
from notices.models import Service
from rectification import course, reasons, words
from rectification.models import ExtensionState, Order, OrderState, TermKind
from rectification.orders import _clocks, _duty
from rectification.orders._row import (
    NOTICE_KIND,
    TERM_BASIS,
    Upload,
    lock,
    needs,
    paper_of,
    refuse,
    stamp,
)
from rectification.orders.opinion import withdraw_opinions
from rectification.orders.term import lapse
from vault import files


@transaction.atomic
def issue(order: Order, *, by: User, at: datetime) -> Order:
    """Freeze the words, take the number, and owe the print.

    The order's row is locked before the number's, so that of two people who issue the same
    draft one wins and no number is lost; nothing slow happens while the number is held.
    """
    order = words.gather(lock(order))
    refuse(reasons.can_issue(order, by, periods.local_date(at)))
    snapshot = words.snapshot(order, at=at)
    findings = [item.finding for item in order.items.select_related("finding__inspection")]
    notice = papers.issue_notice(
        NOTICE_KIND,
        unit=order.unit,
        addressee=order.enterprise.name,
        context={**words.context(order, snapshot), "approved_by": by.name},
        snapshot=snapshot,
        subject=order,
        by=by,
        at=at,
        demonstration=order.is_demonstration,
    )
    trail.move(
        order,
        OrderState.ISSUED,
        by=by,
        at=at,
        verb="orders.issue",
        data={"number": notice.number, "words_sha256": notice.words_sha256},
        issued_at=at,
        issued_by=by,
        notice=notice,
    )
    fieldwork.dispose_all(findings, "order", by=by, at=at, note=notice.number)
    return order


@transaction.atomic
def record_service(
    order: Order, *, by: User, at: datetime, proof: Upload | None = None, **facts: Any
) -> Service:
    """Record an attempt to serve the paper; `facts` are those of `notices.service.record`, and
    `proof` is the checked upload of the receipt.

    An attempt that counts as served starts the clock on the day from which it counts: for a
    publication that day lies ahead. One that failed is kept, and the order still waits.
    """
    order = lock(order)
    refuse(reasons.can_record_service(order, by, periods.local_date(at)))
    if proof is not None:
        facts["proof"] = files.store(proof.data, proof.name, proof.content_type, by)
    attempt = service.record(paper_of(order), by=by, at=at, **facts)
    if attempt.served_on is None:
        stamp(order)
        trail.record(
            "orders.attempt_service",
            order,
            by=by,
            at=at,
            data={"method": attempt.method, "outcome": attempt.outcome},
        )
        return attempt
    try:
        period = term_from(order, attempt.served_on)
    except periods.PeriodRefused as refused:
        reason = clock.refusal(refused, field="attempted_on")
        raise Refused([replace(reason, **_way_out(order, refused))]) from None
    deadline = _clocks.start(order, period, by=by, at=at)
    trail.move(
        order,
        OrderState.SERVED,
        by=by,
        at=at,
        verb="orders.record_service",
        data={
            "method": attempt.method,
            "served_on": attempt.served_on,
            "due_on": deadline.due_on,
        },
        served_on=attempt.served_on,
        due_on=deadline.due_on,
    )
    course.forget(order)
    _duty.keep(order, by=by, at=at)
    return attempt


def term_from(order: Order, served_on: date) -> periods.Period:
    """The due day of the order's term if it is served on that day, with its derivation.

    Raises `periods.PeriodRefused`: a named day that lies before the service which should start
    it, or (`CalendarMissing`) a year without calendar.
    """
    calendar = calendars.load()
    if order.term_kind in (TermKind.WORKING_DAYS, TermKind.CALENDAR_DAYS):
        assert order.term_days is not None
        return periods.count(
            served_on,
            order.term_days,
            order.term_kind,
            calendar,
            basis=TERM_BASIS,
            event=periods.SERVED,
        )
    day = served_on if order.term_kind == TermKind.IMMEDIATE else order.term_date
    assert day is not None
    return periods.named(day, served_on, calendar, basis=TERM_BASIS)


def _way_out(order: Order, refused: periods.PeriodRefused) -> dict[str, Any]:
    """A day that service overtook can only be mended by a new paper."""
    if refused.code != "before_service":
        return {}
    return {"url": reasons.url(order, "withdraw"), "url_text": _("去撤回")}


@transaction.atomic
def record_returned_mail(
    order: Order, *, by: User, at: datetime, returned_on: date, note: str
) -> Order:
    """The mail that counted as served came back: the clock stops, and service starts again."""
    order = lock(order)
    refuse(
        reasons.can_record_returned_mail(order, by, periods.local_date(at))
        + needs(note, "note", _("写明退回的原因，例如查无此人、地址不详。"))
        + _returned_reasons(order, returned_on, at)
    )
    counting = reasons.effective_service(order)
    assert counting is not None, "a served order has a service that counts"
    service.record(
        paper_of(order),
        method=counting.method,
        outcome=Service.Outcome.RETURNED,
        attempted_on=returned_on,
        tracking_number=counting.tracking_number,
        note=note,
        by=by,
        at=at,
    )
    for suspension in order.suspensions.filter(resumed_on__isnull=True):
        suspension.resumed_on, suspension.resumed_by = max(returned_on, suspension.from_on), by
        suspension.save(update_fields=["resumed_on", "resumed_by"])
    _clocks.cancel(order, reason=note, by=by, at=at)
    lapse(order, (ExtensionState.REQUESTED, ExtensionState.GRANTED), reason=note, by=by, at=at)
    order.items.update(due_on=None, extension=None)
    course.forget(order)
    trail.move(
        order,
        OrderState.ISSUED,
        by=by,
        at=at,
        verb="orders.record_returned_mail",
        reason=note,
        data={"returned_on": returned_on},
        served_on=None,
        due_on=None,
        suspended=False,
        late_request=False,
    )
    _duty.keep(order, by=by, at=at)
    return order


def _returned_reasons(order: Order, returned_on: date, at: datetime) -> list[Reason]:
    if returned_on > periods.local_date(at):
        return [Reason(_("退回日期不能晚于今天。"), field="returned_on")]
    if order.issued_at is not None and returned_on < periods.local_date(order.issued_at):
        return [Reason(_("退回日期不能早于签发日期。"), field="returned_on")]
    return []


@transaction.atomic
def withdraw(order: Order, *, by: User, at: datetime, reason: str) -> Order:
    """Take an issued order back. The paper stays what it was, marked withdrawn; the number is
    never used again; the findings are free for another order."""
    order = lock(order)
    refuse(
        reasons.can_withdraw(order, by, periods.local_date(at))
        + needs(reason, "reason", _("写明撤回的理由，它会留在记录里。"))
    )
    papers.withdraw(paper_of(order), reason=reason, by=by, at=at)
    withdraw_opinions(order, reason=reason, by=by, at=at)
    _clocks.cancel(order, reason=reason, by=by, at=at)
    lapse(order, (ExtensionState.REQUESTED,), reason=reason, by=by, at=at)
    items = list(order.items.select_related("finding__inspection"))
    fieldwork.dispose_all([item.finding for item in items], "none", by=by, at=at, note="")
    order.items.update(released=True)
    trail.move(
        order,
        OrderState.WITHDRAWN,
        by=by,
        at=at,
        verb="orders.withdraw",
        reason=reason,
        withdrawn_at=at,
        withdrawn_by=by,
        withdraw_reason=reason.strip(),
        suspended=False,
        extension_pending=False,
        late_request=False,
    )
    _duty.keep(order, by=by, at=at)
    return order
