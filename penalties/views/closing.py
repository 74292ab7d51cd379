"""Closing a case: its doors and its tab."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from notices.models import Preview
from notices.shown import shown
from penalties import acts, review, tabs
from penalties.acts import Act
from penalties.casefile import File
from penalties.cases import closing
from penalties.forms.acts import ActForm, Confirm
from penalties.forms.closing import ApproveForm, AskForm, ReturnForm, TerminateForm
from penalties.models import Case, CaseState, Closing, ClosingGround, Report
from penalties.papers import closing as paper
from penalties.views.door import door

TAB = "closing"


def _can_close(file: File, row: Any) -> bool:
    return bool(closing.grounds(file)) and closing.request(file) is None


def _proposed_to_end(file: File, row: Any) -> bool:
    report = file.report
    return (
        file.case.state == CaseState.FILED
        and report is not None
        and report.proposal == Report.Proposal.TERMINATION
    )


def _waits(file: File, row: Closing) -> bool:
    return row.approved is None


def _looked_over(file: File, row: Any, form: ActForm) -> dict[str, Any]:
    """What the self-review says now, beside the form."""
    found = review.of(file, timezone.localdate())
    return {"score": found.score, "defects": found.defects}


def _preview(case: Case, row: Closing, who: dict[str, Any]) -> Preview:
    return paper.preview(File(case), row, **who)


ask_closing = door(
    Act(
        "ask_closing",
        "cases.file",
        gettext_lazy("申请结案"),
        TAB,
        closing.can_ask_closing,
        when=_can_close,
        main=True,
    ),
    AskForm,
    do=lambda case, row, form, who: closing.ask_closing(case, **form.given(), **who),
    say=lambda case, row: _("已申请结案，等待审批。"),
    basis=("MPSP@2020:258", "MPSP@2020:259"),
    effect=lambda: _("提出申请时评查全案，结果随申请保存。"),
    more=_looked_over,
    template="penalties/act_closing.html",
)

approve_closing = door(
    Act(
        "approve_closing",
        "cases.approve",
        gettext_lazy("批准结案"),
        TAB,
        closing.can_approve_closing,
        on="closing",
        when=_waits,
    ),
    ApproveForm,
    model=Closing,
    do=lambda case, row, form, who: closing.approve_closing(row, **form.given(), **who),
    say=lambda case, row: _("案件已结案，结案审批表正在排队打印。"),
    basis=("MPSP@2020:258", "MPSP@2020:260"),
    effect=lambda: _("批准后签发结案审批表，案件转入存档；本机关尚在计算的期限停止。"),
)

return_closing = door(
    Act(
        "return_closing",
        "cases.approve",
        gettext_lazy("退回结案申请"),
        TAB,
        closing.can_return_closing,
        on="closing",
        when=_waits,
        danger=True,
    ),
    ReturnForm,
    model=Closing,
    do=lambda case, row, form, who: closing.return_closing(row, **form.given(), **who),
    say=lambda case, row: _("结案申请已退回。"),
)

preview_closing = door(
    Act(
        "preview_closing",
        "cases.view",
        gettext_lazy("预览结案审批表"),
        TAB,
        closing.can_preview_closing,
        on="closing",
        when=_waits,
    ),
    Confirm,
    model=Closing,
    do=lambda case, row, form, who: _preview(case, row, who),
    say=lambda case, made: _("预览正在生成。"),
    effect=lambda: _("预览带标记，不取号，一天后自动删除。"),
    to=lambda case, made: reverse("notices:preview", args=[made.pk]),
)

terminate = door(
    Act(
        "terminate",
        "cases.approve",
        gettext_lazy("终止案件调查"),
        TAB,
        closing.can_terminate,
        when=_proposed_to_end,
        main=True,
        danger=True,
    ),
    TerminateForm,
    do=lambda case, row, form, who: closing.terminate(case, **form.given(), **who),
    say=lambda case, row: _("调查已终止，案件结案；涉及的发现可以另案处理。"),
    basis=("MPSP@2020:259",),
    effect=lambda: _("同意调查报告的建议，不作出处罚决定，案件就此结案。"),
)


# --- The tab -------------------------------------------------------------------------------------


@tabs.tab(
    TAB,
    gettext_lazy("结案"),
    order=95,
    template="penalties/tab_closing.html",
    when=lambda file: file.case.state not in (CaseState.OPENED, CaseState.DECLINED),
)
def tab(file: File, request: HttpRequest, today: date) -> dict[str, Any]:
    """What each reason still lacks, and the requests that were made."""
    return {
        "grounds": [
            {
                "word": ClosingGround(each).label,
                "against": shown(closing.against(file, each, today), file.articles),
            }
            for each in closing.grounds(file)
        ],
        "closings": [_closing(file, row, request.user, today) for row in file.closings],
    }


def _closing(file: File, row: Closing, user: User, today: date) -> dict[str, Any]:
    return {
        "row": row,
        "ground": ClosingGround(row.ground).label,
        "badge": _badge(row),
        "acts": acts.offered(file, user, today, tab=TAB, row=row),
    }


def _badge(row: Closing) -> tuple[str, str]:
    if row.reopened_on is not None:
        return "void", _("已恢复办理")
    if row.approved is None:
        return "wait", _("待审批")
    return ("met", _("已批准")) if row.approved else ("refused", _("已退回"))
