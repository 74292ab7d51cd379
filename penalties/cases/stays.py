"""Execution of a decision stands still (停止执行, 行政复议法 42), and goes on.

A remedy alone stays nothing (行政处罚法 73(1)): a court, a reconsideration body or the organ itself
must say so. Terms of measures stand still with it; money reads the stays itself.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason
from legal import periods
from penalties.casefile import File
from penalties.cases import _row, stopping
from penalties.cases._days import day_reasons
from penalties.cases.remedies import can_record_remedy
from penalties.models import Decision, Stay

trail.words(
    {
        "cases.record_stay": gettext_lazy("登记停止执行"),
        "cases.end_stay": gettext_lazy("恢复执行"),
    }
)


def can_record_stay(file: File, row: Decision, user: User, today: date) -> list[Reason]:
    """Why execution cannot be stayed. It goes on during a remedy unless somebody stays it
    (行政处罚法 73(1))."""
    if not row.is_valid:
        return can_record_remedy(file, row, user, today)
    if any(each.decision_id == row.pk and each.until_on is None for each in file.stays):
        return [Reason(_("这份决定已经停止执行。"))]
    return []


@transaction.atomic
def record_stay(
    decision: Decision, *, by: User, at: datetime, by_whom: str, ground: str, from_on: date
) -> Stay:
    """Execution stands still from that day, by whose word and why. Raises Refused and Decided."""
    case = _row.lock(decision.case)
    file = File(case)
    row = _decision(file, decision)
    today = periods.local_date(at)
    found = can_record_stay(file, row, by, today)
    found += _row.needs(by_whom, "by_whom", _("写明决定停止执行的机关。"))
    found += _row.needs(ground, "ground", _("写明停止执行的理由。"), "ARL@2023:42")
    found += day_reasons(from_on, row.decided_on, today, "from_on")
    _row.refuse(found)
    stay = Stay.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        decision=row,
        by_whom=by_whom.strip(),
        ground=ground.strip(),
        from_on=from_on,
    )
    stopping.stand_still(file, row, on=from_on, by=by, at=at)
    _row.settle(case, at=at)
    data = {"on": from_on, "by_whom": by_whom}
    _row.record("cases.record_stay", case, by=by, at=at, reason=ground, row=stay, data=data)
    return stay


def can_end_stay(file: File, row: Stay, user: User, today: date) -> list[Reason]:
    """Why the stay is not to be ended."""
    return [Reason(_("已经恢复执行。"))] if row.until_on is not None else []


@transaction.atomic
def end_stay(stay: Stay, *, by: User, at: datetime, until_on: date) -> Stay:
    """Execution goes on; `until_on` is the last day of the stay. Raises Refused and Decided."""
    case = _row.lock(stay.case)
    file = File(case)
    row = next(each for each in file.stays if each.pk == stay.pk)
    today = periods.local_date(at)
    found = can_end_stay(file, row, by, today)
    found += day_reasons(until_on, row.from_on, today, "until_on")
    _row.refuse(found)
    row.until_on = until_on
    row.save(update_fields=["until_on"])
    decision = next(each for each in file.decisions if each.pk == row.decision_id)
    stopping.go_on(file, decision, on=until_on, by=by, at=at)
    _row.settle(case, at=at)
    _row.record("cases.end_stay", case, by=by, at=at, row=row, data={"on": until_on})
    stay.__dict__.update(row.__dict__)
    return stay


def _decision(file: File, decision: Decision) -> Decision:
    return next(each for each in file.decisions if each.pk == decision.pk)
