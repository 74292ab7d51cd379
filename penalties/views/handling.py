"""Doors of the case itself, and its first tab: where it comes from, what it is about, who handles
it, which days do not count."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from penalties import acts, cases, cautions, chain, tabs
from penalties.acts import Act
from penalties.casefile import File
from penalties.cases import _ninety, opening
from penalties.forms import handling as forms
from penalties.forms.acts import Confirm, NeededReason
from penalties.models import CaseFinding, CaseOfficer, CaseState, Exclusion, Origin
from penalties.papers import filing_form
from penalties.views.door import door
from rectification import page as order_page
from rectification.reasons import day_words


def _waits(file: File, row: Any) -> bool:
    return file.case.state == CaseState.OPENED


def _runs(file: File, row: Any) -> bool:
    return file.case.state in (CaseState.OPENED, CaseState.FILED)


def _filed(file: File, row: Any) -> bool:
    return file.case.state == CaseState.FILED


# --- Approval ------------------------------------------------------------------------------------

approve_filing = door(
    Act(
        "approve_filing",
        "cases.approve",
        _("批准立案"),
        "case",
        cases.can_approve_filing,
        when=_waits,
        main=True,
    ),
    forms.ApproveForm,
    do=lambda case, row, form, who: cases.approve_filing(case, **form.given(), **who),
    say=lambda case, result: (
        _now("已立案，应在 %(day)s 前作出决定。") % {"day": day_words(result.decision_due_on)}
    ),
    basis=("APL@2021:54(2)", "APL@2021:60", "MPSP@2020:61"),
    effect=lambda: _now("签发立案登记表，自今天起计算 90 日的办案期限。"),
)

decline_filing = door(
    Act(
        "decline_filing",
        "cases.approve",
        _("不予立案"),
        "case",
        cases.can_decline_filing,
        when=_waits,
        main=True,
        danger=True,
    ),
    NeededReason,
    do=lambda case, row, form, who: cases.decline_filing(case, **form.given(), **who),
    say=lambda case, result: _now("已决定不予立案，所涉发现可以另行处理。"),
    basis=("APL@2021:54(2)", "MPSP@2020:61"),
)

preview_filing = door(
    Act(
        "preview_filing",
        "cases.file",
        _("预览立案登记表"),
        "case",
        opening.can_preview_filing,
        when=_waits,
    ),
    Confirm,
    do=lambda case, row, form, who: filing_form.preview(case, mend=opening.amend_page(case), **who),
    say=lambda case, result: _now("正在排版，完成后显示在这里。"),
    to=lambda case, result: reverse("notices:preview", args=[result.pk]),
)


# --- What it is about, and who handles it --------------------------------------------------------

amend_case = door(
    Act("amend_case", "cases.file", _("修改案件情况"), "case", cases.can_amend_case, when=_runs),
    forms.AmendForm,
    do=lambda case, row, form, who: cases.amend_case(case, **form.given(), **who),
    say=lambda case, result: _now("案件情况已保存。"),
)

add_findings = door(
    Act("add_findings", "cases.file", _("并入发现"), "case", cases.can_add_findings, when=_runs),
    forms.AddFindingsForm,
    do=lambda case, row, form, who: cases.add_findings(case, **form.given(), **who),
    say=lambda case, result: _now("发现已并入本案。"),
    basis=("APL@2021:29",),
)

drop_finding = door(
    Act(
        "drop_finding",
        "cases.file",
        _("移出"),
        "case",
        cases.can_drop_finding,
        on="casefinding",
        when=_runs,
        danger=True,
    ),
    NeededReason,
    model=CaseFinding,
    do=lambda case, row, form, who: cases.drop_finding(row, **form.given(), **who),
    say=lambda case, result: _now("这项发现已移出本案。"),
)

add_officer = door(
    Act("add_officer", "cases.file", _("增加办案民警"), "case", cases.can_add_officer),
    forms.AddOfficerForm,
    do=lambda case, row, form, who: cases.add_officer(case, **form.given(), **who),
    say=lambda case, result: _now("%(name)s 已参与办理。") % {"name": result.name},
    basis=("APL@2021:42(1)",),
)

let_go_officer = door(
    Act(
        "let_go_officer",
        "cases.file",
        _("退出"),
        "case",
        cases.can_let_go_officer,
        on="caseofficer",
        when=lambda file, row: row.until_on is None,
        danger=True,
    ),
    forms.LetGoForm,
    model=CaseOfficer,
    do=lambda case, row, form, who: cases.let_go_officer(row, **form.given(), **who),
    say=lambda case, result: _now("%(name)s 已退出办理。") % {"name": result.name},
    basis=("APL@2021:42(1)",),
)


# --- Days that do not count ----------------------------------------------------------------------

exclude_days = door(
    Act(
        "exclude_days",
        "cases.approve",
        _("登记不计入的期间"),
        "case",
        cases.can_exclude_days,
        when=_filed,
    ),
    forms.ExcludeForm,
    do=lambda case, row, form, who: cases.exclude_days(case, **form.given(), **who),
    say=lambda case, result: (
        _now("期间已登记，办案期限重新计算。")
        if _ninety.moves(result.ground)
        else _now("期间已登记。按本单位的设置，它不顺延办案期限。")
    ),
    basis=("APL@2021:60", "MPSP@2020:165"),
)

end_exclusion = door(
    Act(
        "end_exclusion",
        "cases.approve",
        _("结束"),
        "case",
        cases.can_end_exclusion,
        on="exclusion",
        when=lambda file, row: row.to_on is None,
    ),
    forms.EndExclusionForm,
    model=Exclusion,
    do=lambda case, row, form, who: cases.end_exclusion(row, **form.given(), **who),
    say=lambda case, result: _now("期间已结束，办案期限重新计算。"),
    basis=("MPSP@2020:165",),
)


# --- The tab -------------------------------------------------------------------------------------


@tabs.tab("case", _("案情"), order=10, template="penalties/tab_case.html")
def case_tab(file: File, request: HttpRequest, today: date) -> dict[str, Any]:
    """Source, warnings, findings with their chain, officers, excluded days."""
    user = request.user

    def offered(row: Any) -> list[dict[str, Any]]:
        return acts.offered(file, user, today, tab="case", row=row)

    linked = {row.finding_id: row for row in CaseFinding.objects.filter(case=file.case)}
    for row in linked.values():
        row.case = file.case
    chains = chain.of(file)
    return {
        "warned": order_page.shown(cautions.warnings(file, today)),
        "source": _source(file),
        "findings": [
            {
                "finding": row,
                "links": chains[row.pk],
                "acts": offered(linked[row.pk]),
                "id": linked[row.pk].pk,
            }
            for row in file.findings
        ],
        "officers": [
            {"row": row, "valid": _valid(row, today), "acts": offered(row)}
            for row in file.all_officers
        ],
        "exclusions": [
            {"row": row, "moves": _ninety.moves(row.ground), "acts": offered(row)}
            for row in file.exclusions
        ],
    }


def _valid(row: CaseOfficer, today: date) -> bool:
    return row.until_on is not None or row.officer.certificate_valid_on(today)


def _source(file: File) -> list[dict[str, Any]]:
    """components/desc.html; the informant is shown apart, masked."""
    case = file.case
    found: list[dict[str, Any]] = [
        {"label": _now("案件来源"), "value": case.get_origin_display()},
        {"label": _now("发现日期"), "value": day_words(case.found_on) if case.found_on else ""},
    ]
    if case.origin_note:
        unmet = case.origin == Origin.UNMET_ORDER
        label = _now("认定拒不改正的理由") if unmet else _now("来源情况")
        found.append({"label": label, "value": case.origin_note, "full": True})
    if case.jurisdiction:
        found.append({"label": _now("管辖依据"), "value": case.jurisdiction, "full": True})
    found.append({"label": _now("简要案情"), "value": case.summary, "full": True})
    if case.approved_by is not None:
        found.append(
            {
                "label": _now("立案审批"),
                "value": case.approved_by.name,
                "note": day_words(case.filed_on),
            }
        )
    if case.approval_note:
        found.append({"label": _now("审批意见"), "value": case.approval_note, "full": True})
    marks = [
        getattr(case._meta.get_field(name), "verbose_name", name)
        for name in ("is_grave", "is_of_public_interest", "is_intricate", "is_long_limitation")
        if getattr(case, name)
    ]
    if marks:
        found.append(
            {"label": _now("情形"), "value": _now("；").join(map(str, marks)), "full": True}
        )
    return found
