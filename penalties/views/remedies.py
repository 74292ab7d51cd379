"""Remedies, stays, and the measures that are watched: their doors and their tab."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from penalties import acts, registry, tabs
from penalties.acts import Act
from penalties.casefile import File
from penalties.cases import remedies, stays
from penalties.forms.remedies import (
    AnswerForm,
    EffectForm,
    EndStayForm,
    RemedyForm,
    ResultForm,
    StayForm,
    WithdrawForm,
)
from penalties.models import Case, Decision, Remedy, Stay
from penalties.page import yuan
from penalties.views import stopping
from penalties.views.door import door
from rectification.reasons import day_words

TAB = "remedies"
#: By `settings.CASE_REDO_COUNTS_ANEW`.
REDO = {
    True: gettext_lazy("决定已撤销，案件恢复办理；九十日从收到结果之日重新起算（本单位规定）。"),
    False: gettext_lazy(
        "决定已撤销，案件恢复办理；期限为原来剩下的天数，从收到结果之日起算（本单位规定）。"
    ),
}


def _binds(file: File, row: Decision) -> bool:
    return row.is_valid


def _unanswered(file: File, row: Remedy) -> bool:
    return not row.result and row.answered_on is None


def _no_result(file: File, row: Remedy) -> bool:
    return not row.result


def _not_effective(file: File, row: Remedy) -> bool:
    return bool(row.result) and row.effective_on is None


def _stayed(file: File, row: Stay) -> bool:
    return row.until_on is None


def _result_said(case: Case, row: Remedy) -> str:
    if row.effective_on is None:
        return _("结果已登记；裁判没有生效，决定暂不变动。")
    decision = Decision.objects.get(pk=row.decision_id)
    if row.result == Remedy.Result.REVOKED_REDO:
        return str(REDO[settings.CASE_REDO_COUNTS_ANEW])
    if not decision.is_valid:
        return _("决定已不再有效；公开的须撤回，已缴的罚款须退还。")
    if decision.standing == Decision.Standing.CHANGED:
        return _("决定已变更，按变更后的执行；公开的须撤回。")
    return _("结果已登记，决定继续有效。")


record_remedy = door(
    Act(
        "record_remedy",
        "cases.file",
        gettext_lazy("登记复议、诉讼"),
        TAB,
        remedies.can_record_remedy,
        on="decision",
        when=_binds,
    ),
    RemedyForm,
    model=Decision,
    do=lambda case, row, form, who: remedies.record_remedy(row, **form.given(), **who),
    say=lambda case, row: _("已登记。复议、诉讼期间决定不停止执行，加处罚款不计算。"),
    basis=("ARL@2023:20(1)", "ARL@2023:23(1)", "ALL@2017:46", "APL@2021:73(1)"),
    effect=lambda: _("当场处罚先复议后诉讼；答复、答辩期限从收到副本之日起算。"),
)

answer_remedy = door(
    Act(
        "answer_remedy",
        "cases.file",
        gettext_lazy("登记答复、答辩"),
        TAB,
        remedies.can_answer_remedy,
        on="remedy",
        when=_unanswered,
    ),
    AnswerForm,
    model=Remedy,
    do=lambda case, row, form, who: remedies.answer_remedy(row, **form.given(), **who),
    say=lambda case, row: _("答复、答辩已登记。"),
    basis=("ARL@2023:48", "ARL@2023:70", "ALL@2017:67"),
)

record_result = door(
    Act(
        "record_result",
        "cases.file",
        gettext_lazy("登记结果"),
        TAB,
        remedies.can_record_result,
        on="remedy",
        when=_no_result,
    ),
    ResultForm,
    model=Remedy,
    do=lambda case, row, form, who: remedies.record_result(row, **form.given(), **who),
    say=_result_said,
    basis=("ALL@2017:45", "ARL@2023:64", "APL@2021:48(2)"),
    effect=lambda: _(
        "撤销、变更、确认违法或者无效的，决定从此按结果处理；责令重新作出的，案件恢复办理，"
        "原来的告知、审核和审批失效。"
    ),
)

take_effect = door(
    Act(
        "take_effect",
        "cases.file",
        gettext_lazy("登记裁判生效"),
        TAB,
        remedies.can_take_effect,
        on="remedy",
        when=_not_effective,
    ),
    EffectForm,
    model=Remedy,
    do=lambda case, row, form, who: remedies.take_effect(row, **form.given(), **who),
    say=_result_said,
    effect=lambda: _("上诉期满没有上诉的，一审裁判生效，决定从此按裁判处理。"),
)

record_stay = door(
    Act(
        "record_stay",
        "cases.file",
        gettext_lazy("登记停止执行"),
        TAB,
        stays.can_record_stay,
        on="decision",
        when=_binds,
    ),
    StayForm,
    model=Decision,
    do=lambda case, row, form, who: stays.record_stay(row, **form.given(), **who),
    say=lambda case, row: _("已登记停止执行。"),
    basis=("APL@2021:73(1)", "ARL@2023:42"),
    effect=lambda: _("申请复议或者起诉本身不停止执行；停止执行的，限期措施的期限同时中止。"),
)

end_stay = door(
    Act(
        "end_stay",
        "cases.file",
        gettext_lazy("恢复执行"),
        TAB,
        stays.can_end_stay,
        on="stay",
        when=_stayed,
    ),
    EndStayForm,
    model=Stay,
    do=lambda case, row, form, who: stays.end_stay(row, **form.given(), **who),
    say=lambda case, row: _("已恢复执行。"),
    basis=("ARL@2023:42",),
)

withdraw_decision = door(
    Act(
        "withdraw_decision",
        "cases.decide",
        gettext_lazy("撤回决定"),
        TAB,
        remedies.can_withdraw_decision,
        on="decision",
        when=_binds,
        danger=True,
    ),
    WithdrawForm,
    model=Decision,
    do=lambda case, row, form, who: remedies.withdraw_decision(row, **form.given(), **who),
    say=lambda case, row: _("决定已撤回，文书同时撤回。"),
    basis=("APL@2021:75", "APL@2021:48(2)"),
    effect=lambda: _("发现决定有错误的，主动改正。撤回以后文书仍可查看，核验页显示已撤回。"),
)


# --- The tab -------------------------------------------------------------------------------------


@tabs.tab(
    TAB,
    gettext_lazy("救济与措施"),
    order=85,
    template="penalties/tab_remedies.html",
    when=lambda file: bool(file.decisions),
)
def tab(file: File, request: HttpRequest, today: date) -> dict[str, Any]:
    """Each decision with its remedies, stays and measures."""
    return {
        "decisions": [_decision(file, row, request.user, today) for row in file.decisions],
        "beside": registry.beside(file.case, request.user),
    }


def _decision(file: File, row: Decision, user: User, today: date) -> dict[str, Any]:
    return {
        "row": row,
        "badge": _badge(row),
        "facts": _facts(file, row, today),
        "remedies": [
            {
                "row": each,
                "late": remedies.is_late(file, each),
                "last_day": remedies.last_day(file, each),
                "badge": _remedy_badge(each),
                "new_fine": None if each.new_fine is None else yuan(each.new_fine),
                "acts": acts.offered(file, user, today, tab=TAB, row=each),
            }
            for each in remedies.of_decision(file, row)
        ],
        "stays": [
            {"row": each, "acts": acts.offered(file, user, today, tab=TAB, row=each)}
            for each in file.stays
            if each.decision_id == row.pk
        ],
        "measures": [
            stopping.shown(file, each, user, today)
            for each in file.stop_measures
            if each.decision_id == row.pk
        ],
        "acts": acts.offered(file, user, today, tab=TAB, row=row),
    }


def _badge(row: Decision) -> tuple[str, str]:
    if row.standing == Decision.Standing.VALID:
        return "met", str(row.get_standing_display())
    return ("soon" if row.is_valid else "void"), str(row.get_standing_display())


def _facts(file: File, row: Decision, today: date) -> list[dict[str, Any]]:
    """Until when the party may ask for a remedy, and what the decision is now."""
    found: list[dict[str, Any]] = []
    if row.served_on is None:
        if row.is_valid:
            found.append({"label": _("送达"), "value": _("还没有送达，期限没有起算")})
    else:
        note = _("公告期内") if row.served_on > today else ""
        found.append({"label": _("送达"), "value": day_words(row.served_on), "note": note})
        found += _until(file, row)
    fine = file.fine_of(row)
    if fine != row.fine:
        value = yuan(fine) if fine is not None else _("不再罚款")
        found.append({"label": _("变更后的罚款"), "value": value})
    if row.ended_on is not None:
        found.append({"label": _("变动日期"), "value": day_words(row.ended_on)})
        found.append({"label": _("变动原因"), "value": row.ended_reason, "full": True})
    return found


def _until(file: File, row: Decision) -> list[dict[str, Any]]:
    asked = Remedy(decision=row, case=file.case, kind=Remedy.Kind.RECONSIDERATION)
    days = []
    last = remedies.last_day(file, asked)
    if last is not None:
        body = file.case.unit.reconsideration_body
        days.append({"label": _("行政复议"), "value": day_words(last), "note": body})
    asked.kind = Remedy.Kind.SUIT
    last = remedies.last_day(file, asked)
    if last is not None:
        days.append({"label": _("行政诉讼"), "value": day_words(last)})
    elif row.kind == Decision.Kind.SPOT:
        days.append({"label": _("行政诉讼"), "value": _("须先申请行政复议")})
    return days


def _remedy_badge(row: Remedy) -> tuple[str, str]:
    if not row.result:
        return "wait", _("办理中")
    if row.effective_on is None:
        return "soon", _("结果没有生效")
    stands = row.result not in remedies.STANDINGS
    return ("met" if stands else "refused"), str(row.get_result_display())
