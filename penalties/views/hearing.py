"""Doors of a hearing, and its tab."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notices.models import Preview
from penalties import acts, clocks, rights, tabs
from penalties.acts import Act
from penalties.casefile import File
from penalties.cases import hearing, sitting
from penalties.cases.telling import not_open
from penalties.forms import hearing as forms
from penalties.models import Case, Hearing
from penalties.views.door import door
from penalties.views.telling import to_paper

TAB = "hearing"


def _open(file: File, row: Hearing) -> bool:
    """Asked for, neither over nor ended with its notice."""
    told = hearing.told_of(file, row)
    respondent = file.respondent(told.respondent_id)
    return told.void_on is None and not row.is_over and not not_open(file, respondent)


def _not_held(file: File, row: Hearing) -> bool:
    return _open(file, row) and not row.is_held


decide_request = door(
    Act(
        "decide_request",
        "cases.hear",
        gettext_lazy("决定是否受理听证"),
        TAB,
        hearing.can_decide_request,
        on="hearing",
        when=lambda file, row: _not_held(file, row) and row.accepted is None,
    ),
    forms.DecideForm,
    model=Hearing,
    do=lambda case, row, form, who: hearing.decide_request(row, **form.given(), **who),
    say=lambda case, row: _("已决定受理。") if row.accepted else _("已决定不予受理。"),
    basis=("APL@2021:63(1)", "MPSP@2020:135"),
)

appoint_hearing = door(
    Act(
        "appoint_hearing",
        "cases.hear",
        gettext_lazy("指定听证人员"),
        TAB,
        hearing.can_appoint_hearing,
        on="hearing",
        when=_not_held,
    ),
    forms.BenchForm,
    model=Hearing,
    do=lambda case, row, form, who: hearing.appoint_hearing(row, **form.given(), **who),
    say=lambda case, row: _("听证人员已指定。"),
    basis=("APL@2021:64(1)[4]", "MPSP@2020:124"),
    effect=lambda: _("已经签发通知书的，更换后通知书撤回，须重新通知。"),
)


def _notify(case: Case, row: Hearing, form: Any, who: dict[str, Any]) -> Hearing | Preview:
    if form.wants_preview:
        return hearing.preview_hearing(row, form.plan(), **who)
    return hearing.notify_hearing(row, form.plan(), **who)


def _postpone(case: Case, row: Hearing, form: Any, who: dict[str, Any]) -> Hearing | Preview:
    if form.wants_preview:
        return hearing.preview_hearing(row, form.plan(), **who)
    reason = form.cleaned_data["reason"]
    return hearing.postpone_hearing(row, form.plan(), reason=reason, **who)


def _notified(case: Case, made: Hearing | Preview) -> str:
    if isinstance(made, Preview):
        return _("这是预览，还没有签发。")
    return _("举行听证通知书已签发，请送达。")


notify_hearing = door(
    Act(
        "notify_hearing",
        "cases.hear",
        gettext_lazy("签发举行听证通知书"),
        TAB,
        hearing.can_notify_hearing,
        on="hearing",
        when=lambda file, row: _not_held(file, row) and row.notice_id is None,
    ),
    forms.PlanForm,
    model=Hearing,
    do=_notify,
    say=_notified,
    basis=("APL@2021:64", "APL@2021:85", "MPSP@2020:136"),
    template="penalties/act_paper.html",
    more=lambda file, row, form: {"party": _party(file, row)},
    to=lambda case, made: to_paper(case, made, TAB),
)

postpone_hearing = door(
    Act(
        "postpone_hearing",
        "cases.hear",
        gettext_lazy("改期举行听证"),
        TAB,
        hearing.can_postpone_hearing,
        on="hearing",
        when=lambda file, row: _not_held(file, row) and row.notice_id is not None,
    ),
    forms.PostponeForm,
    model=Hearing,
    do=_postpone,
    say=_notified,
    basis=("MPSP@2020:138", "APL@2021:64"),
    template="penalties/act_paper.html",
    more=lambda file, row, form: {"party": _party(file, row)},
    to=lambda case, made: to_paper(case, made, TAB),
)

hold_hearing = door(
    Act(
        "hold_hearing",
        "cases.hear",
        gettext_lazy("登记听证笔录"),
        TAB,
        sitting.can_hold_hearing,
        on="hearing",
        when=lambda file, row: _not_held(file, row) and row.notice_id is not None,
    ),
    forms.HoldForm,
    model=Hearing,
    do=lambda case, row, form, who: sitting.hold_hearing(row, **form.given(), **who),
    say=lambda case, row: _("听证笔录已登记，请主持人提交听证报告。"),
    basis=("APL@2021:64", "APL@2021:65"),
)

report_hearing = door(
    Act(
        "report_hearing",
        "cases.hear",
        gettext_lazy("提交听证报告"),
        TAB,
        sitting.can_report_hearing,
        on="hearing",
        when=lambda file, row: _open(file, row) and row.is_held,
    ),
    forms.ReportForm,
    model=Hearing,
    do=lambda case, row, form, who: sitting.report_hearing(row, **form.given(), **who),
    say=lambda case, row: _("听证报告已提交。经过听证的，须法制审核。"),
    basis=("APL@2021:58(1)", "APL@2021:65"),
)

withdraw_hearing = door(
    Act(
        "withdraw_hearing",
        "cases.hear",
        gettext_lazy("登记撤回或者放弃听证"),
        TAB,
        sitting.can_withdraw_hearing,
        on="hearing",
        when=_not_held,
        danger=True,
    ),
    forms.WithdrawForm,
    model=Hearing,
    do=lambda case, row, form, who: sitting.withdraw_hearing(row, **form.given(), **who),
    say=lambda case, row: _("听证已终结。"),
    basis=("APL@2021:64", "MPSP@2020:134"),
    effect=lambda: _("在要求听证的期限内，当事人可以再次提出。"),
)


# --- The tab ------------------------------------------------------------------------------------


def _party(file: File, row: Hearing) -> str:
    return file.respondent(hearing.told_of(file, row).respondent_id).name


@tabs.tab(
    TAB,
    gettext_lazy("听证"),
    order=60,
    template="penalties/tab_hearing.html",
    when=lambda file: bool(file.hearings) or any(row.hearing_ground for row in file.tolds),
)
def tab(file: File, request: HttpRequest, today: date) -> dict[str, Any]:
    """Each hearing from its request on; and who may still ask for one until when."""
    asked = {row.told_id for row in file.hearings}
    return {
        "hearings": [_shown(file, row, request, today) for row in reversed(file.hearings)],
        "offered": [
            {
                "name": file.respondent(row.respondent_id).name,
                "told": row,
                "over": row.hearing_until is not None and today > row.hearing_until,
            }
            for row in file.tolds
            if row.hearing_ground and row.void_on is None and row.pk not in asked
        ],
    }


def _shown(file: File, row: Hearing, request: HttpRequest, today: date) -> dict[str, Any]:
    told = hearing.told_of(file, row)
    return {
        "row": row,
        "party": _party(file, row),
        "void": told.void_on,
        "badge": _badge(row, told.void_on, today),
        "deemed": rights.is_deemed(row, today),
        "served_on": sitting.served_on(row),
        # Ten days hardly leave room for seven working days of notice: told, and no bar.
        "hold_by": clocks.due("HEARING_HOLD", row.requested_on).due,
        "acts": acts.offered(file, request.user, today, tab=TAB, row=row),
    }


def _badge(row: Hearing, void: date | None, today: date) -> tuple[str, str]:
    if void is not None:
        return "void", _("随告知失效")
    if row.withdrawn_on is not None:
        return "void", _("撤回或者放弃")
    if row.accepted is False:
        return "refused", _("不予受理")
    if row.reported_on is not None:
        return "met", _("已办结")
    if row.is_held:
        return "live", _("待提交报告")
    if row.notice_id is not None and row.planned_at is not None:
        return "live", _("已通知举行")
    if rights.is_deemed(row, today):
        return "live", _("视为受理")
    return ("live", _("已受理")) if row.accepted else ("wait", _("待决定受理"))
