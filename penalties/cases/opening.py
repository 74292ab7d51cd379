"""Opening a case: beside an order, upon an unmet one, or upon a visit alone."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from deadlines import clock
from inspections import fieldwork
from inspections.models import Inspection
from legal import calendars, limits, periods
from penalties import registry
from penalties.cases import _row
from penalties.models import (
    Case,
    CaseFinding,
    CaseOfficer,
    CaseState,
    Measure,
    Origin,
    Outcome,
    Respondent,
)
from rectification import orders
from rectification.models import UNMET, Order, OrderState

trail.words(
    {
        "cases.file": gettext_lazy("立案"),
        "cases.record_decision": gettext_lazy("登记处罚决定"),
        "cases.close": gettext_lazy("结案"),
    }
)

FILED = periods.Words("立案", "filing")
DEADLINE_KIND = "CASE_90"


def can_file(inspection: Inspection, order: Order | None) -> list[Reason]:
    """Why no case can be filed upon this visit, or upon this order."""
    found: list[Reason] = []
    if not inspection.is_final:
        found.append(
            Reason(
                _("检查记录还没有签字确认，不能立案。"),
                basis="APL@2021:54(2)",
                url=inspection.get_absolute_url(),
                url_text=_("去完成检查记录"),
            )
        )
    if order is None:
        return found
    if order.inspection_id != inspection.pk:
        found.append(Reason(_("责令改正不属于这次检查。")))
    taken = Case.objects.filter(order=order).first()
    if taken is not None:
        found.append(
            Reason(
                _("这份责令改正已经立案。"),
                url=taken.get_absolute_url(),
                url_text=_("查看案件"),
            )
        )
    if order.state in (OrderState.WITHDRAWN, OrderState.DISCARDED):
        found.append(Reason(_("责令改正已撤回或作废，不能据以立案。")))
    elif order.issued_at is None:
        found.append(Reason(_("责令改正还没有签发，不能据以立案。")))
    elif order.state == OrderState.ESCALATED:
        found.append(Reason(_("责令改正已经转入：%(to)s。") % {"to": order.escalated_to}))
    return found


def can_record_decision(case: Case) -> list[Reason]:
    """Why no decision can be entered."""
    if case.state == CaseState.FILED:
        return []
    return [Reason(_("这个案件已经有决定或已结案。"))]


def can_close(case: Case) -> list[Reason]:
    """Why the case cannot be closed."""
    return [Reason(_("这个案件已经结案。"))] if case.state == CaseState.CLOSED else []


@transaction.atomic
def file(
    inspection: Inspection,
    *,
    by: User,
    at: datetime,
    cause: str,
    order: Order | None = None,
    reason: str = "",
    form_token: uuid.UUID | None = None,
) -> Case:
    """File a case (立案). Upon an order judged unmet, the case takes the order over."""
    # Cases from one visit queue here: the second of two equal forms finds the first one's case.
    Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
    if form_token is not None:
        made = Case.objects.filter(form_token=form_token, filed_by=by).first()
        if made is not None:
            return made
    found = can_file(inspection, order)
    if not cause.strip():
        found.append(Reason(_("案由必须填写。"), field="cause"))
    unmet = order is not None and order.state == OrderState.JUDGED and order.verdict in UNMET
    if unmet and not reason.strip():
        found.append(Reason(_("写明认定拒不改正的理由。"), field="reason"))
    if found:
        raise Refused(found)
    day = periods.local_date(at)
    try:
        period = limits.of("CASE_DECISION").due(day, calendars.load(), words=FILED)
    except periods.PeriodRefused as refused:
        raise Refused([clock.refusal(refused)]) from None
    case = Case.objects.create(
        unit=inspection.unit,
        enterprise=inspection.enterprise,
        inspection=inspection,
        order=order,
        origin=Origin.UNMET_ORDER if unmet else Origin.INSPECTION,
        cause=cause,
        filed_on=day,
        filed_by=by,
        decision_due_on=period.due,
        decision_derivation=period.derivation,
        form_token=form_token or uuid.uuid4(),
        state=CaseState.FILED,
        approved_at=at,
        approved_by=by,
    )
    findings = inspection.findings.all()
    if order is not None:
        findings = findings.filter(order_items__order=order)
    CaseFinding.objects.bulk_create(
        CaseFinding(case=case, finding=finding)
        for finding in findings.exclude(casefindings__live=True)
    )
    enterprise = inspection.enterprise
    Respondent.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        kind=Respondent.Kind.UNIT,
        enterprise=enterprise,
        name=enterprise.name,
        credit_code=enterprise.uscc or "",
        representative=enterprise.legal_representative,
        address=enterprise.address,
    )
    CaseOfficer.objects.bulk_create(
        CaseOfficer(
            case=case,
            entered_at=at,
            entered_by=by,
            officer_id=row.officer_id,
            name=row.name,
            police_number=row.police_number,
            certificate_number=row.certificate_number,
            certificate_expires_on=row.certificate_expires_on,
            from_on=day,
        )
        for row in inspection.officers.all()
    )
    clock.start(case, unit=case.unit, kind=DEADLINE_KIND, period=period, by=by, at=at)
    if unmet and order is not None:
        orders.escalate(order, by=by, at=at, to=_("行政处罚立案"), reason=reason)
    _row.settle(case, at=at)
    trail.record("cases.file", case, by=by, at=at, reason=reason, data={"cause": cause})
    return case


@transaction.atomic
def record_decision(
    case: Case,
    *,
    by: User,
    at: datetime,
    decided_on: date,
    measures: Iterable[str],
    document_number: str = "",
    fine: Decimal | None = None,
    note: str = "",
) -> Case:
    """Enter what was decided, with its date and number."""
    case = _row.lock(case)
    chosen = [Measure(m).value for m in measures]
    found = can_record_decision(case)
    if not chosen:
        found.append(Reason(_("至少选择一种处罚。"), basis="APL@2021:9", field="measures"))
    if decided_on < case.filed_on:
        found.append(Reason(_("决定日期不能早于立案日期。"), field="decided_on"))
    if decided_on > periods.local_date(at):
        found.append(Reason(_("决定日期不能晚于今天。"), field="decided_on"))
    if Measure.FINE in chosen and (fine is None or fine <= 0):
        found.append(Reason(_("处以罚款的，须写明金额。"), field="fine"))
    if fine is not None and Measure.FINE not in chosen:
        found.append(Reason(_("填写了金额，但没有选择罚款。"), field="measures"))
    if document_number and Case.objects.filter(document_number=document_number).exists():
        found.append(Reason(_("这个决定书文号已经登记过。"), field="document_number"))
    if found:
        raise Refused(found)
    try:
        with transaction.atomic():
            trail.move(
                case,
                CaseState.DECIDED,
                by=by,
                at=at,
                verb="cases.record_decision",
                data={"measures": chosen, "fine": str(fine) if fine is not None else None},
                decided_on=decided_on,
                outcome=Outcome.PENALTY,
                measures=chosen,
                document_number=document_number,
                fine=fine,
                decision_note=note,
                decision_entered_by=by,
            )
    except IntegrityError as fault:
        if "case_document_number_once" not in str(fault):
            raise
        text = _("这个决定书文号已经登记过。")
        raise Refused([Reason(text, field="document_number")]) from fault
    deadline = clock.running(case, DEADLINE_KIND)
    if deadline is not None:
        clock.meet(deadline, on=decided_on, by=by, at=at)
    assert case.inspection is not None
    open_findings = list(case.inspection.findings.filter(disposition="none"))
    fieldwork.dispose_all(open_findings, "penalty", by=by, at=at, note=document_number)
    registry.tell_decided(case, by=by, at=at)
    return case


@transaction.atomic
def close(case: Case, *, by: User, at: datetime, reason: str) -> Case:
    """Close the file (结案), with the reason that 公安机关办理行政案件程序规定 258 asks for."""
    case = _row.lock(case)
    found = can_close(case)
    if not reason.strip():
        found.append(Reason(_("结案理由必须填写。"), basis="MPSP@2020:258", field="reason"))
    if found:
        raise Refused(found)
    deadline = clock.running(case, DEADLINE_KIND)
    if deadline is not None:
        clock.cancel(deadline, reason=reason, by=by, at=at)
    trail.move(
        case,
        CaseState.CLOSED,
        by=by,
        at=at,
        verb="cases.close",
        reason=reason,
        closed_on=periods.local_date(at),
        closing_reason=reason,
    )
    return case
