"""The life of a penalty case, as far as it touches orders to correct.

    file (beside an order, or upon an unmet one) ──▶ record_decision ──▶ close

The decision itself is taken on paper under the ordinary procedure; what is entered here is its
date, number, kinds and amount, so that the order's file says what ran beside it. Raises
`Refused` with reasons.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from inspections import fieldwork
from legal import calendars, periods
from penalties.models import Case, CaseState, Measure, Origin
from rectification import orders
from rectification.models import UNMET, Order, OrderState

if TYPE_CHECKING:
    from inspections.models import Inspection

#: 行政处罚法 60: ninety days from filing, calendar days (85 lists 2, 3, 5 and 7 only).
DECISION_DAYS = 90


def can_file(inspection: Inspection, order: Order | None) -> list[Reason]:
    """Why no case can be filed upon this visit, or upon this order."""
    found: list[Reason] = []
    if inspection.state not in ("recorded", "closed"):
        found.append(
            Reason(
                _("检查记录还没有签字确认，不能立案。"),
                basis="APL@2021:54(2)",
                url=inspection.get_absolute_url(),
                url_text=_("去完成检查记录"),
            )
        )
    if order is not None and Case.objects.filter(order=order).exists():
        found.append(
            Reason(
                _("这份责令改正已经立案。"),
                url=order.case.get_absolute_url(),
                url_text=_("查看案件"),
            )
        )
    if order is not None and order.state == OrderState.WITHDRAWN:
        found.append(Reason(_("责令改正已撤回，不能据以立案。")))
    return found


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
    token = form_token or uuid.uuid4()
    existing = Case.objects.filter(form_token=token).first()
    if existing is not None:
        return existing
    found = can_file(inspection, order)
    if not cause.strip():
        found.append(Reason(_("案由必须填写。"), field="cause"))
    unmet = order is not None and order.state == OrderState.JUDGED and order.verdict in UNMET
    if unmet and not reason.strip():
        found.append(Reason(_("写明认定拒不改正的理由。"), field="reason"))
    if found:
        raise Refused(found)
    day = periods.local_date(at)
    period = periods.count(
        day, DECISION_DAYS, "calendar_day", calendars.load(), basis=("APL@2021:60",), roll=False
    )
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
        form_token=token,
    )
    if unmet and order is not None:
        orders.escalate(order, by=by, at=at, to=_("行政处罚立案"), reason=reason)
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
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("enterprise", "unit")
        .get(pk=case.pk)
    )
    chosen = [Measure(m).value for m in measures]
    found: list[Reason] = []
    if case.state != CaseState.FILED:
        found.append(Reason(_("这个案件已经有决定或已结案。")))
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
    trail.move(
        case,
        CaseState.DECIDED,
        by=by,
        at=at,
        verb="cases.decide",
        data={"measures": chosen, "fine": str(fine) if fine is not None else None},
        decided_on=decided_on,
        measures=chosen,
        document_number=document_number,
        fine=fine,
        decision_note=note,
        decision_entered_by=by,
    )
    for finding in case.inspection.findings.filter(disposition="none"):
        fieldwork.dispose(finding, "penalty", by=by, at=at, note=document_number)
    return case


@transaction.atomic
def close(case: Case, *, by: User, at: datetime, reason: str) -> Case:
    """Close the file (结案), with the reason that 公安机关办理行政案件程序规定 258 asks for."""
    if not reason.strip():
        raise Refused([Reason(_("结案理由必须填写。"), basis="MPSP@2020:258", field="reason")])
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if case.state == CaseState.CLOSED:
        raise Refused([Reason(_("这个案件已经结案。"))])
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
