"""The tab of the investigation, and the doors of preservation, appraisal, recusal and report."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legal import citations
from notices.shown import shown
from penalties import acts, grounds, tabs
from penalties.acts import Act
from penalties.casefile import File
from penalties.cases import appraising, exhibits, preserving, recusing, reporting
from penalties.forms.acts import ActForm
from penalties.forms.inquiry import (
    CopyForm,
    DecideRecusalForm,
    DisposeForm,
    PreserveForm,
    ReceiveForm,
    RecusalForm,
    ReportForm,
    SendForm,
)
from penalties.models import Appraisal, CaseState, OfCase, Preservation, Recusal, Route
from penalties.views.door import door
from rectification.reasons import day_words

TAB = "inquiry"


def _going_on(file: File, row: Any) -> bool:
    return not exhibits.is_over(file)


# --- Report ------------------------------------------------------------------------------------


def _may_report(file: File) -> bool:
    return file.case.state == CaseState.FILED and file.case.route == Route.ORDINARY


def _reminders(file: File, row: Any, form: ActForm) -> dict[str, Any]:
    return {"reminders": shown(reporting.reminders(file))}


def _report_door(name: str, word: Any, *, again: bool) -> Any:
    return door(
        Act(
            name,
            "cases.file",
            word,
            TAB,
            reporting.can_report_findings,
            when=lambda file, row: _may_report(file) and (file.report is not None) == again,
            main=not again,
            hint=gettext_lazy("事实、理由和处理建议；之后的告知、审核和决定以它为据。"),
        ),
        ReportForm,
        do=lambda case, row, form, who: reporting.report_findings(case, **form.given(), **who),
        say=lambda case, row: _("调查终结报告已提交。"),
        basis=("APL@2021:42(1)", "APL@2021:54(1)", "APL@2021:46(2)", "APL@2021:57(1)"),
        more=_reminders,
        template="penalties/act_report.html",
    )


report_findings = _report_door("report_findings", gettext_lazy("提交调查终结报告"), again=False)
report_again = _report_door("report_again", gettext_lazy("重新提交调查终结报告"), again=True)


# --- Preservation in advance -------------------------------------------------------------------

preserve = door(
    Act(
        "preserve",
        "cases.approve",
        gettext_lazy("批准先行登记保存"),
        TAB,
        preserving.can_preserve,
        when=_going_on,
        hint=gettext_lazy("证据可能灭失或者以后难以取得时；七个工作日内须作出处理。"),
    ),
    PreserveForm,
    do=lambda case, row, form, who: preserving.preserve(case, **form.given(), **who),
    say=lambda case, row: (
        _("已登记保存，须在 %(day)s 前作出处理。") % {"day": day_words(row.due_on)}
    ),
    basis=("APL@2021:56", "MPSP@2020:110"),
)

dispose_preservation = door(
    Act(
        "dispose_preservation",
        "cases.file",
        gettext_lazy("处理登记保存的证据"),
        TAB,
        preserving.can_dispose_preservation,
        on="preservation",
        when=lambda file, row: not row.disposal,
    ),
    DisposeForm,
    model=Preservation,
    do=lambda case, row, form, who: preserving.dispose_preservation(
        case, row, **form.given(), **who
    ),
    say=lambda case, row: _("处理已登记。"),
    basis=("APL@2021:56", "MPSP@2020:110"),
)


# --- Appraisal ---------------------------------------------------------------------------------

send_appraisal = door(
    Act(
        "send_appraisal",
        "cases.file",
        gettext_lazy("送交鉴定"),
        TAB,
        appraising.can_send_appraisal,
        when=_going_on,
        hint=gettext_lazy("鉴定期间不计入办案期限。"),
    ),
    SendForm,
    do=lambda case, row, form, who: appraising.send_appraisal(case, **form.given(), **who),
    say=lambda case, row: _("送检已登记。"),
    basis=("MPSP@2020:165",),
)

receive_appraisal = door(
    Act(
        "receive_appraisal",
        "cases.file",
        gettext_lazy("收到鉴定意见"),
        TAB,
        appraising.can_receive_appraisal,
        on="appraisal",
        when=lambda file, row: row.received_on is None,
    ),
    ReceiveForm,
    model=Appraisal,
    do=lambda case, row, form, who: appraising.receive_appraisal(case, row, **form.given(), **who),
    say=lambda case, row: (
        _("鉴定意见已登记，复印件须在 %(day)s 前送达当事人。") % {"day": day_words(row.copy_due_on)}
    ),
    basis=("MPSP@2020:97", "MPSP@2020:165"),
)

serve_appraisal_copy = door(
    Act(
        "serve_appraisal_copy",
        "cases.file",
        gettext_lazy("送达鉴定意见复印件"),
        TAB,
        appraising.can_serve_appraisal_copy,
        on="appraisal",
        when=lambda file, row: row.received_on is not None and row.copy_served_on is None,
    ),
    CopyForm,
    model=Appraisal,
    do=lambda case, row, form, who: appraising.serve_appraisal_copy(
        case, row, **form.given(), **who
    ),
    say=lambda case, row: _("复印件送达已登记。"),
    basis=("MPSP@2020:97",),
)


# --- Recusal -----------------------------------------------------------------------------------

request_recusal = door(
    Act(
        "request_recusal",
        "cases.file",
        gettext_lazy("提出回避"),
        TAB,
        recusing.can_request_recusal,
        when=lambda file, row: file.case.state not in (CaseState.DECLINED, CaseState.CLOSED),
    ),
    RecusalForm,
    do=lambda case, row, form, who: recusing.request_recusal(case, **form.given(), **who),
    say=lambda case, row: (
        _("回避已提出，须在 %(day)s 前作出决定。") % {"day": day_words(row.due_on)}
    ),
    basis=("APL@2021:43", "MPSP@2020:21"),
)

decide_recusal = door(
    Act(
        "decide_recusal",
        "cases.approve",
        gettext_lazy("决定回避"),
        TAB,
        recusing.can_decide_recusal,
        on="recusal",
        when=lambda file, row: row.granted is None,
    ),
    DecideRecusalForm,
    model=Recusal,
    do=lambda case, row, form, who: recusing.decide_recusal(case, row, **form.given(), **who),
    say=lambda case, row: _("回避决定已登记。"),
    basis=("APL@2021:43", "MPSP@2020:21"),
)


# --- The tab -----------------------------------------------------------------------------------

#: More exhibits than this stand on the page of the list alone.
AT_MOST = 50


@tabs.tab("inquiry", gettext_lazy("调查取证"), order=30, template="penalties/tab_inquiry.html")
def inquiry(file: File, request: HttpRequest, today: date) -> dict[str, Any]:
    """What was gathered, each with what can be done with it."""

    def rows(found: list[Any]) -> list[dict[str, Any]]:
        return [{"it": row, "acts": _acts(file, request, today, row)} for row in found]

    shown_exhibits = file.exhibits[:AT_MOST]
    return {
        "statements": rows(file.statements),
        "exhibits": rows(shown_exhibits),
        "exhibits_more": len(file.exhibits) - len(shown_exhibits),
        "exhibits_total": len(file.exhibits),
        "exhibits_usable": len(exhibits.usable(file)),
        "preservations": [
            {**row, "lapsed": preserving.has_lapsed(row["it"], today)}
            for row in rows(file.preservations)
        ],
        "appraisals": rows(file.appraisals),
        "recusals": rows(file.recusals),
        "reports": [
            {
                "it": row,
                "last": row is file.report,
                "ground": grounds.GROUNDS[row.ground].word if row.ground else "",
            }
            for row in reversed(file.reports)
        ],
        "too_few": shown(recusing.too_few(file)),
        "lapse_law": citations.register().by_ref["MPSP@2020:110"].cite_short,
        "today": today,
    }


def _acts(file: File, request: HttpRequest, today: date, row: OfCase) -> list[dict[str, Any]]:
    return acts.offered(file, request.user, today, tab=TAB, row=row)  # type: ignore[arg-type]
