"""Doors of more time to pay."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from penalties import owing
from penalties.acts import Act
from penalties.casefile import File
from penalties.cases import _money, plans
from penalties.forms.acts import ActForm
from penalties.forms.plans import AskPlanForm, DecidePlanForm
from penalties.models import Decision, Plan
from penalties.views.collecting import TAB
from penalties.views.door import door


def _open(file: File, row: Any) -> bool:
    return (
        owing.is_money(row)
        and row.payment_due_on is not None
        and not any(each.granted for each in file.plans if each.decision_id == row.pk)
    )


ask_plan = door(
    Act(
        "ask_plan",
        "cases.collect",
        gettext_lazy("登记暂缓、分期申请"),
        TAB,
        plans.can_ask_plan,
        on="decision",
        when=_open,
    ),
    AskPlanForm,
    model=Decision,
    do=lambda case, row, form, who: plans.ask_plan(row, **form.given(), **who),
    say=lambda case, row: _("申请已登记，等待审批。"),
    basis=("APL@2021:66(2)",),
)


def _owed_today(file: File, row: Any, form: ActForm) -> dict[str, Any]:
    decision = _money.decision_of(file, row.decision)
    sum_of_money = owing.owed_at_grant(owing.terms(file, decision), form.today)
    text = _("今天决定的，所欠为%(sum)s。") % {"sum": _money.money(sum_of_money)}
    return {"effect": text}


decide_plan = door(
    Act(
        "decide_plan",
        "cases.approve",
        gettext_lazy("决定暂缓、分期缴纳"),
        TAB,
        plans.can_decide_plan,
        on="plan",
        when=lambda file, row: row.granted is None,
    ),
    DecidePlanForm,
    model=Plan,
    do=lambda case, row, form, who: plans.decide_plan(row, **form.given(), **who),
    say=lambda case, row: _("已批准。") if row.granted else _("已登记不批准。"),
    basis=("APL@2021:66(2)", "APL@2021:72(1)"),
    more=_owed_today,
)
