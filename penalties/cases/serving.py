"""A decision reaches its party (送达, 行政处罚法 61), or the letter comes back.

Announced and handed over on the spot, or served within seven working days. From the day on which
it counts as served run the time to pay, the times to ask for a remedy, and the measures that have
a term of their own. For a publication that day lies ahead (民事诉讼法 95).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from legal import periods
from notices import methods, service
from notices.models import Notice, Service
from penalties import clocks
from penalties.casefile import File
from penalties.cases import _row, stopping
from penalties.models import CaseState, Decision
from vault import files
from vault.uploads import Checked

trail.words(
    {
        "cases.record_service": gettext_lazy("记录处罚决定送达"),
        "cases.record_returned_mail": gettext_lazy("登记邮件退回"),
    }
)

SERVE, PAY, RECONSIDER, SUE = "SERVE_DECISION", "FINE_PAYMENT", "RECONSIDER_60", "SUE_6M"
#: What service sets going on a decision.
STARTED = (PAY, RECONSIDER, SUE)


def owe(decision: Decision, *, by: User, at: datetime) -> None:
    """The decision must be served within the time from its day; for verbs that issue one. Does
    nothing where that is owed already."""
    if decision.service_due_on is not None:
        return
    period = clocks.due(SERVE, decision.decided_on)
    decision.service_due_on = period.due
    decision.save(update_fields=["service_due_on"])
    clocks.start(SERVE, decision, period, case=decision.case, by=by, at=at)


def paper_of(decision: Decision) -> Notice | None:
    """The paper of the decision with its unit; None where it was taken on paper alone."""
    if decision.notice_id is None:
        return None
    rows = Notice.objects.select_related("unit").defer("words", "snapshot", "fingerprint")
    return rows.get(pk=decision.notice_id)


def counting(decision: Decision) -> Service | None:
    """The attempt from which the decision counts as served."""
    paper = paper_of(decision)
    return paper.effective_service() if paper is not None else None


# --- Service ---------------------------------------------------------------------------------


def can_record_service(file: File, row: Decision, user: User, today: date) -> list[Reason]:
    """Why no attempt to serve can be entered."""
    if not row.is_valid:
        return [_ended(row)]
    if row.served_on is not None:
        return [Reason(_("这份决定已经送达，送达日期不再改变；邮件退回的，登记退回。"))]
    paper = paper_of(row)
    return service.can_serve(paper) if paper is not None else []


def _ended(row: Decision) -> Reason:
    words = {"standing": row.get_standing_display()}
    return Reason(_("这份决定已经不再有效（%(standing)s）。") % words)


@transaction.atomic
def record_service(
    decision: Decision, *, by: User, at: datetime, proof: Checked | None = None, **facts: Any
) -> Service | None:
    """Record one attempt to serve; `facts` are those of `notices.service.record`, and `proof` is
    the checked upload of the receipt. Gives the attempt; None where the decision has no paper here.

    An attempt that failed is kept, and the decision still waits. Raises Refused and Decided.
    """
    case = _row.lock(decision.case)
    file = File(case)
    row = _row_of(file, decision)
    _row.refuse(can_record_service(file, row, by, periods.local_date(at)))
    attempt: Service | None = None
    method, outcome, day = facts["method"], facts["outcome"], facts["attempted_on"]
    if row.notice_id is None:
        _row.refuse(_day_reasons(row, day, at))
        served_on = methods.counts_on(method, outcome, day)
    else:
        if proof is not None:
            facts["proof"] = files.store(proof.data, proof.name, proof.content_type, by)
        paper = paper_of(row)
        assert paper is not None
        attempt = service.record(paper, by=by, at=at, **facts)
        served_on = attempt.served_on
    if served_on is not None:
        _take_effect(file, row, served_on, done_on=day, by=by, at=at)
    _row.settle(case, at=at)
    data = {"method": method, "outcome": outcome, "on": day, "served_on": served_on}
    _row.record("cases.record_service", case, by=by, at=at, row=row, data=data)
    _keep(decision, row)
    return attempt


def _day_reasons(row: Decision, day: date, at: datetime) -> list[Reason]:
    if day > periods.local_date(at):
        return [Reason(_("送达日期不能晚于今天。"), field="attempted_on")]
    if day < row.decided_on:
        return [Reason(_("送达日期不能早于决定日期。"), field="attempted_on")]
    return []


def _take_effect(
    file: File, row: Decision, served_on: date, *, done_on: date, by: User, at: datetime
) -> None:
    """What runs from the day of service. `done_on` is the day on which the organ did its part."""
    row.served_on = served_on
    clocks.meet(SERVE, row, on=done_on, by=by, at=at)
    try:
        _start_paying(file, row, by=by, at=at)
        if not any(each.decision_id == row.pk for each in file.remedies):
            _start_remedies(row, by=by, at=at)
        stopping.begin_all(row, on=served_on, by=by, at=at)
    except Refused as refused:  # a year without calendar
        raise Refused([replace(each, field="attempted_on") for each in refused.reasons]) from None
    row.version += 1
    row.save()


def _start_paying(file: File, row: Decision, *, by: User, at: datetime) -> None:
    """Fifteen days for the fine (行政处罚法 67(3)), unless it was collected at once."""
    assert row.served_on is not None
    if file.fine_of(row) is None or row.collection == Decision.Collection.AT_ONCE:
        return
    period = clocks.due(PAY, row.served_on)
    row.payment_due_on, row.payment_derivation = period.due, period.derivation
    clocks.start(PAY, row, period, case=file.case, by=by, at=at)


def _start_remedies(row: Decision, *, by: User, at: datetime) -> None:
    """Sixty days and six months; on the spot reconsideration comes first (行政复议法 23(1)[1]), and
    the time to sue begins with its result."""
    assert row.served_on is not None
    clocks.start(
        RECONSIDER, row, clocks.due(RECONSIDER, row.served_on), case=row.case, by=by, at=at
    )
    if row.kind != Decision.Kind.SPOT:
        clocks.start(SUE, row, clocks.due(SUE, row.served_on), case=row.case, by=by, at=at)


# --- The letter came back ----------------------------------------------------------------------


def was_posted(file: File, row: Decision) -> bool:
    """Whether a letter that can come back counts as service."""
    if not row.is_valid or row.served_on is None:
        return False
    counted = counting(row)
    return counted is not None and counted.method == Service.Method.POST


def can_record_returned_mail(file: File, row: Decision, user: User, today: date) -> list[Reason]:
    """Why no letter can have come back."""
    if not row.is_valid:
        return [_ended(row)]
    if file.case.state == CaseState.CLOSED:
        return [Reason(_("案件已经结案，送达不再改变。"))]
    counted = counting(row)
    if counted is None or counted.method != Service.Method.POST:
        return [Reason(_("这份决定不是按邮寄送达计算的。"), basis="MPSP@2020:36")]
    if any(each.decision_id == row.pk for each in file.remedies):
        return [Reason(_("当事人已经申请复议或者起诉，说明收到了决定。"))]
    if any(each.decision_id == row.pk and each.void_on is None for each in file.payments):
        return [Reason(_("当事人已经缴款，说明收到了决定。"))]
    return []


@transaction.atomic
def record_returned_mail(
    decision: Decision, *, by: User, at: datetime, returned_on: date, note: str
) -> Decision:
    """The mail that counted as served came back: what ran from it stops, and service is owed
    again within the time that was set. Raises Refused and Decided."""
    case = _row.lock(decision.case)
    file = File(case)
    row = _row_of(file, decision)
    found = can_record_returned_mail(file, row, by, periods.local_date(at))
    found += _row.needs(note, "note", _("写明退回的原因，例如查无此人、地址不详。"))
    if returned_on > periods.local_date(at):
        found.append(Reason(_("退回日期不能晚于今天。"), field="returned_on"))
    if returned_on < row.decided_on:
        found.append(Reason(_("退回日期不能早于决定日期。"), field="returned_on"))
    _row.refuse(found)
    paper, counted = paper_of(row), counting(row)
    assert paper is not None
    assert counted is not None
    service.record(
        paper,
        method=counted.method,
        outcome=Service.Outcome.RETURNED,
        attempted_on=returned_on,
        tracking_number=counted.tracking_number,
        note=note,
        by=by,
        at=at,
    )
    for kind in STARTED:
        clocks.cancel(kind, row, reason=note, by=by, at=at)
    stopping.lift_all(file, row, on=returned_on, reason=_("送达的邮件退回"), by=by, at=at)
    row.served_on = row.payment_due_on = row.service_due_on = None
    row.payment_derivation = {}
    row.version += 1
    row.save()
    owe(row, by=by, at=at)
    _row.settle(case, at=at)
    data = {"returned_on": returned_on}
    _row.record("cases.record_returned_mail", case, by=by, at=at, reason=note, row=row, data=data)
    _keep(decision, row)
    return decision


def _row_of(file: File, decision: Decision) -> Decision:
    """The row as it is now, under the lock of its case."""
    return next(each for each in file.decisions if each.pk == decision.pk)


def _keep(decision: Decision, row: Decision) -> None:
    """The object in hand becomes the row as it is now."""
    if decision is not row:
        decision.__dict__.update(row.__dict__)
