"""What was corrected, what the officers saw, the verdict, and what comes after it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from rectification import answered, findings, forms, orders
from rectification.models import Order
from rectification.views.door import door


def _correct(order: Order, form: Any, who: dict[str, Any]) -> Any:
    given = {k: v for k, v in form.cleaned_data.items() if k not in ("seen", "items")}
    chosen = set(form.cleaned_data["items"])
    items = [item for item in order.items.all() if item.pk in chosen]
    return orders.record_correction(order, items, **given, **who)


record_correction = door(
    "record_correction",
    forms.CorrectionForm,
    do=_correct,
    say=lambda order, result: (
        _("已登记，全部事项已报告改正，等待复查。") if order.reported_on else _("已登记改正报告。")
    ),
    effect=lambda: _("全部事项都报告改正后，本责令改正转为待复查。"),
    basis=("APL@2021:28(1)",),
)

correct_on_the_spot = door(
    "correct_on_the_spot",
    forms.OnTheSpotForm,
    do=lambda order, form, who: orders.correct_on_the_spot(
        order,
        officers=form.officers,
        note=form.cleaned_data["note"],
        evidence=form.cleaned_data["evidence"],
        **who,
    ),
    say=lambda order, result: _("已登记现场整改，可以作出结论。"),
    effect=lambda: _("当场改正并核实的，一次登记改正报告和复查。"),
    basis=("APL@2021:28(1)", "APL@2021:42(1)"),
)

record_reinspection = door(
    "record_reinspection",
    forms.ReinspectionForm,
    do=lambda order, form, who: orders.record_reinspection(
        order,
        form.results(),
        held_on=form.cleaned_data["held_on"],
        officers=form.officers,
        note=form.cleaned_data["note"],
        evidence=form.cleaned_data["evidence"],
        **who,
    ),
    say=lambda order, result: (
        _("复查已登记，可以作出结论。")
        if order.reinspected_on
        else _("复查已登记。没有改正的事项，企业须继续改正。")
    ),
    effect=lambda: _("没有填写结果的事项，保留上一轮的结果。"),
    basis=("APL@2021:42(1)",),
    more=lambda order, form: {"rows": form.rows()},
    own_template=True,
)


def _what_facts_say(order: Order, form: forms.ActForm) -> dict[str, Any]:
    """The verdict that the facts give, before anybody presses the button."""
    answer = orders.judgement(order)
    return {
        "answer": answered.said(answer.verdict, answer.basis),
        "findings": findings.table(order),
    }


judge = door(
    "judge",
    forms.Confirm,
    do=lambda order, form, who: orders.judge(order, **who),
    say=lambda order, result: _("已作出结论：%(word)s。") % {"word": order.get_verdict_display()},
    effect=lambda: _("结论由复查事实得出，作出后不再改变。"),
    more=_what_facts_say,
    own_template=True,
)

escalate = door(
    "escalate",
    forms.EscalateForm,
    do=lambda order, form, who: orders.escalate(
        order, to=form.cleaned_data["to"], reason=form.cleaned_data["reason"], **who
    ),
    say=lambda order, result: _("已转入：%(to)s。") % {"to": order.escalated_to},
    effect=lambda: _("转入后续处理后，本责令改正办结。"),
    basis=("MPSP@2020:155",),
)

report_upward = door(
    "report_upward",
    forms.ReportUpwardForm,
    do=lambda order, form, who: orders.report_upward(
        order, reason=form.cleaned_data["reason"], **who
    ),
    say=lambda order, result: _("已上报 %(unit)s。") % {"unit": order.unit.parent or ""},
    effect=lambda: _("上报后在上级单位的提醒里显示，本责令改正照常办理。"),
)
