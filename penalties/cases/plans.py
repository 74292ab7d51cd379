"""More time to pay (暂缓、分期缴纳, 行政处罚法 66(2)): the party asks, the organ decides.

1.  `ask_plan`      what the party asks for and why
2.  `decide_plan`   granted with its parts, which sum up to what is owed that day, or refused

From the day of the grant each part has its own due day, and only what is late of them bears a
surcharge. One plan is granted for a decision, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason
from legal import periods
from penalties import clocks, owing
from penalties.casefile import File
from penalties.cases import _money, _row
from penalties.cases._days import day_reasons
from penalties.models import Decision, Instalment, Plan

trail.words(
    {
        "cases.ask_plan": gettext_lazy("登记暂缓、分期申请"),
        "cases.decide_plan": gettext_lazy("决定暂缓、分期缴纳"),
    }
)

MOST_PARTS = 60
BASIS = "APL@2021:66(2)"
Part = tuple[date, Decimal]


def can_ask_plan(file: File, decision: Decision, user: User, today: date) -> list[Reason]:
    """Why no request can be entered."""
    found = _money.no_money(file, decision) or _money.fallen(decision)
    if found:
        return found
    mine = [row for row in file.plans if row.decision_id == decision.pk]
    if any(row.granted for row in mine):
        return [Reason(_("已经批准过暂缓或者分期缴纳，不再重复批准。"), basis=BASIS)]
    if any(row.granted is None for row in mine):
        return [Reason(_("还有一份申请没有决定。"), basis=BASIS)]
    if any(
        row.decision_id == decision.pk and row.result != row.Result.REFUSED
        for row in file.court_applications
    ):
        return [Reason(_("已经申请人民法院强制执行。"), basis="AEL@2011:53")]
    if owing.of(file, decision, today).is_settled:
        return [Reason(_("罚款和加处罚款已经缴清。"))]
    if decision.payment_due_on is None:
        return [Reason(_("决定书还没有送达，缴款期限没有起算。"), basis="APL@2021:67(3)")]
    return []


@transaction.atomic
def ask_plan(
    decision: Decision, *, by: User, at: datetime, kind: str, asked_on: date, reason: str
) -> Plan:
    """Enter what the party asks for."""
    case = _row.lock(decision.case)
    file, today = File(case), periods.local_date(at)
    decision = _money.decision_of(file, decision)
    found = can_ask_plan(file, decision, by, today)
    if not found:
        found = _row.needs(reason, "reason", basis=BASIS)
        found += day_reasons(asked_on, decision.decided_on, today, "asked_on")
    _row.refuse(found)
    plan = Plan.objects.create(
        case=case,
        decision=decision,
        kind=kind,
        asked_on=asked_on,
        reason=reason.strip(),
        entered_at=at,
        entered_by=by,
    )
    _row.settle(case, at=at)
    _row.record("cases.ask_plan", case, by=by, at=at, row=plan, data={"kind": kind})
    return plan


def can_decide_plan(file: File, plan: Plan, user: User, today: date) -> list[Reason]:
    """Why the request cannot be decided (by this person)."""
    if plan.granted is not None:
        return [Reason(_("这份申请已经决定。"))]
    if plan.entered_by_id == user.pk:
        return [Reason(_("登记申请的人不能自己批准。"), house=True)]
    return _money.fallen(_money.decision_of(file, plan.decision))


def against_parts(
    file: File, plan: Plan, *, decided_on: date, parts: Sequence[Part]
) -> list[Reason]:
    """Why these parts cannot be granted: their days, their sums, their total."""
    if not parts:
        return [Reason(_("写明每一期的期限和金额。"), basis=BASIS, field="parts")]
    if plan.kind == Plan.Kind.DEFERRAL and len(parts) != 1:
        return [Reason(_("暂缓缴纳只有一个期限；要分几次缴的，是分期缴纳。"), field="parts")]
    if len(parts) > MOST_PARTS:
        return [Reason(_("最多分 %(n)d 期。") % {"n": MOST_PARTS}, field="parts")]
    days = [day for day, _amount in parts]
    if days != sorted(set(days)) or days[0] < decided_on:
        text = _("各期期限应当依次往后，第一期不能早于决定之日。")
        return [Reason(text, field="parts")]
    decision = _money.decision_of(file, plan.decision)
    owed = owing.owed_at_grant(owing.terms(file, decision), decided_on)
    total = sum((amount for _day, amount in parts), owing.ZERO)
    if owed is None or total != owed:
        text = _("各期合计%(total)s，应当正好等于决定之日所欠的%(owed)s。")
        sums = {"total": _money.money(total), "owed": _money.money(owed)}
        return [Reason(text % sums, basis=BASIS, field="parts")]
    return []


@transaction.atomic
def decide_plan(
    plan: Plan,
    *,
    by: User,
    at: datetime,
    granted: bool,
    decided_on: date,
    parts: Sequence[Part] = (),
    note: str = "",
) -> Plan:
    """Grant the parts, or refuse with the reason. Granted, their days take the place of the one of
    the decision."""
    case = _row.lock(plan.case)
    plan = Plan.objects.select_related("decision").get(pk=plan.pk)
    file, today = File(case), periods.local_date(at)
    found = can_decide_plan(file, plan, by, today)
    if not found:
        found = day_reasons(decided_on, plan.asked_on, today, "decided_on")
        if granted:
            found += against_parts(file, plan, decided_on=decided_on, parts=parts)
        else:
            found += _row.needs(note, "note", _("不批准的，写明理由。"))
    _row.refuse(found)
    plan.granted, plan.decided_on, plan.decided_by = granted, decided_on, by
    plan.decision_note = note.strip()
    plan.save(update_fields=["granted", "decided_on", "decided_by", "decision_note"])
    if granted:
        Instalment.objects.bulk_create(
            Instalment(plan=plan, position=n, due_on=day, amount=amount)
            for n, (day, amount) in enumerate(parts, 1)
        )
        clocks.cancel(
            "FINE_PAYMENT", plan.decision, reason=_("已批准暂缓或者分期缴纳。"), by=by, at=at
        )
    file = _row.settle(case, at=at)
    if granted:
        _money.follow(file, _money.decision_of(file, plan.decision), by=by, at=at)
    _row.record(
        "cases.decide_plan",
        case,
        by=by,
        at=at,
        row=plan,
        reason=note.strip(),
        data={"granted": granted, "parts": [[day, str(amount)] for day, amount in parts]},
    )
    return plan
