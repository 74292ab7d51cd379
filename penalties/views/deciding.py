"""Doors of review, discussion, approval and decision, and the tab of the decision."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import verb
from accounts.models import User
from audit.trail import Refused
from notices import sheets
from penalties import acts, gate, history, proposal, tabs
from penalties.acts import Act
from penalties.casefile import File
from penalties.cases import deciding
from penalties.forms import deciding as forms
from penalties.gate.words import needs_review
from penalties.models import (
    Case,
    CaseState,
    Decision,
    LegalReview,
    OfCase,
    Report,
    Respondent,
    Route,
    Voidable,
)
from penalties.papers import decisions as wording
from penalties.views.common import now, visible
from penalties.views.door import door
from rectification.reasons import day_words

TAB = "decision"
_PENDING = (Report.Proposal.PENALTY, Report.Proposal.NO_PENALTY)


def _is_at_work(file: File, row: Any) -> bool:
    return file.case.state == CaseState.FILED and file.case.route == Route.ORDINARY


def _is_reported(file: File, row: Any) -> bool:
    """The investigation has ended with something to decide."""
    report = file.report
    return _is_at_work(file, row) and report is not None and report.proposal in _PENDING


mark_gravity = door(
    Act(
        "mark_gravity",
        "cases.file",
        gettext_lazy("认定案件情节"),
        TAB,
        deciding.can_mark_gravity,
        when=_is_at_work,
        hint=gettext_lazy("决定要不要法制审核、集体讨论。"),
    ),
    forms.GravityForm,
    do=lambda case, row, form, who: deciding.mark_gravity(case, **form.given(), **who),
    say=lambda case, result: _("案件情节已登记。"),
    basis=("APL@2021:57(2)", "APL@2021:58(1)"),
)

give_review = door(
    Act(
        "give_review",
        "cases.review",
        gettext_lazy("法制审核"),
        TAB,
        deciding.can_give_review,
        when=_is_reported,
        main=True,
    ),
    forms.ReviewForm,
    do=lambda case, row, form, who: deciding.give_review(case, **form.given(), **who),
    say=lambda case, result: (
        _("法制审核意见已登记：%(opinion)s。") % {"opinion": result.get_opinion_display()}
    ),
    basis=("APL@2021:58(1)", "APL@2021:58(2)", "MPSP@2020:170"),
)

follow_up_review = door(
    Act(
        "follow_up_review",
        "cases.file",
        gettext_lazy("写明采纳情况"),
        TAB,
        deciding.can_follow_up_review,
        on="legalreview",
        when=lambda file, row: row.opinion != LegalReview.Opinion.AGREE and not row.follow_up,
    ),
    forms.FollowUpForm,
    do=lambda case, row, form, who: deciding.follow_up_review(case, row, **form.given(), **who),
    say=lambda case, result: _("采纳情况已登记。"),
    model=LegalReview,
)

hold_discussion = door(
    Act(
        "hold_discussion",
        "cases.decide",
        gettext_lazy("登记集体讨论"),
        TAB,
        deciding.can_hold_discussion,
        when=lambda file, row: _is_reported(file, row) and file.case.is_grave,
        main=True,
    ),
    forms.DiscussionForm,
    do=lambda case, row, form, who: deciding.hold_discussion(case, **form.given(), **who),
    say=lambda case, result: _("集体讨论已登记。"),
    basis=("APL@2021:57(2)",),
)

approve_decision = door(
    Act(
        "approve_decision",
        "cases.decide",
        gettext_lazy("审批决定"),
        TAB,
        deciding.can_approve_decision,
        when=_is_reported,
        main=True,
    ),
    forms.ApproveForm,
    do=lambda case, row, form, who: deciding.approve_decision(case, **form.given(), **who),
    say=lambda case, result: _("审批意见已登记。"),
    basis=("APL@2021:57(1)",),
    template="penalties/act_approve_decision.html",
    more=lambda file, row, form: {"parties": parties(file, form.user, form.today, late=False)},
)


def _issuing(file: File, row: Respondent, form: Any) -> dict[str, Any]:
    """Beside the form of a decision: what is decided, and the gate as it stands."""
    kind = deciding.outcome_of(file, row)
    return {
        "kind": kind,
        "items": [item_words(each) for each in file.items_of(row)],
        "gates": gates(file, gate.of(file, row, kind, form.today)),
    }


def _issue(case: Case, row: Respondent, form: Any, who: dict[str, Any]) -> Decision:
    return deciding.issue_decision(case, row, typed=form.typed(), **who)


issue_decision = door(
    Act(
        "issue_decision",
        "cases.decide",
        gettext_lazy("作出决定"),
        TAB,
        deciding.can_issue_decision,
        on="respondent",
        when=lambda file, row: (
            _is_reported(file, row)
            and row.status == Respondent.Status.STANDING
            and file.decision(row) is None
            and bool(file.approvals)  # until then the list of conditions says it all
        ),
        main=True,
    ),
    forms.IssueForm,
    do=_issue,
    say=lambda case, result: _("已作出决定：%(number)s。") % {"number": result.number},
    model=Respondent,
    template="penalties/act_issue_decision.html",
    more=_issuing,
)


@require_POST
@verb("cases.decide")
def preview_decision(request: HttpRequest, pk: UUID, row: UUID) -> HttpResponse:
    """The paper that the form would issue, with a watermark; its faults are told on the form."""
    case = visible(request, pk)
    file, today = File(case), timezone.localdate()
    try:
        respondent = file.respondent(row)
    except KeyError:
        raise Http404 from None
    form = forms.IssueForm(request.POST, file=file, row=respondent, user=request.user, today=today)
    if form.is_valid() and file.decision(respondent) is None:
        try:
            made = deciding.preview(case, respondent, typed=form.typed(), **now(request))
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            return redirect("notices:preview", pk=made.pk)
    return redirect("cases:issue_decision", case.pk, respondent.pk)


# --- The tab ----------------------------------------------------------------------------------


@tabs.tab(TAB, gettext_lazy("审核决定"), order=70, template="penalties/tab_decision.html")
def decision(file: File, request: HttpRequest, today: date) -> dict[str, Any]:
    """What the gate says of everybody, the words before the decision, and the decisions."""
    user = request.user
    return {
        "parties": parties(file, user, today) if _is_at_work(file, None) else [],
        "history": history.of(file, today) if _is_at_work(file, None) else None,
        "gravity": _gravity(file.case),
        "review_owed": needs_review(file),
        "reviews": [_word(file, user, today, row) for row in file.reviews],
        "discussions": [_word(file, user, today, row) for row in file.discussions],
        "approvals": [_word(file, user, today, row) for row in file.approvals],
        "decisions": [_decided(file, user, today, row) for row in file.decisions],
    }


def _offered(file: File, user: User, today: date, row: OfCase) -> list[dict[str, Any]]:
    return acts.offered(file, user, today, tab=TAB, row=row)


def parties(file: File, user: User, today: date, *, late: bool = True) -> list[dict[str, Any]]:
    """Whoever is still to be decided on, with the gate."""
    found = []
    for respondent in file.standing_respondents:
        if file.decision(respondent) is not None:
            continue
        kind = deciding.outcome_of(file, respondent)
        conditions = gate.of(file, respondent, kind, today, late=late)
        found.append(
            {
                "row": respondent,
                "kind": Decision.Kind(kind).label,
                "items": [item_words(each) for each in file.items_of(respondent)],
                "unmet": len(gate.unmet(conditions)),
                "warned": gate.warnings(conditions),
                "gates": gates(file, conditions),
                "acts": _offered(file, user, today, respondent),
            }
        )
    return found


def gates(file: File, conditions: list[gate.Condition]) -> list[dict[str, Any]]:
    """components/gates.html: unmet first, then what is met, then what is not asked."""
    states = {True: "ok", False: "no", None: "na"}
    order = {"no": 0, "ok": 1, "na": 2}
    found = [
        {
            "state": states[each.met],
            "title": each.word,
            "text": _told(each),
            "law": file.articles.words(each.basis),
            "url": each.url if each.met is False else "",
            "url_text": each.url_text,
        }
        for each in conditions
    ]
    return sorted(found, key=lambda entry: order[str(entry["state"])])


def _told(condition: gate.Condition) -> str:
    """The text with day and person, as far as there are any."""
    day = day_words(condition.on) if condition.on else ""
    day = "" if day in condition.text else day
    parts = [condition.text, " ".join(part for part in (day, condition.whom) if part)]
    told = " ".join(part for part in parts if part)
    return _("%(told)s。") % {"told": told} if told and not told.endswith(("。", ".")) else told


def item_words(item: Any) -> str:
    """罚款 20,000.00 元."""
    words = wording.measure_words(item)
    if item.amount is None:
        return words
    return _("%(what)s %(sum)s 元") % {"what": words, "sum": f"{item.amount:,.2f}"}


def _gravity(case: Case) -> list[dict[str, Any]]:
    """components/desc.html."""
    marks = (
        (_("情节复杂或者重大违法行为"), case.is_grave),
        (_("涉及重大公共利益"), case.is_of_public_interest),
        (_("案情疑难复杂、涉及多个法律关系"), case.is_intricate),
    )
    return [
        {"label": label, "value": _("是") if marked else _("没有认定")} for label, marked in marks
    ]


def _word(file: File, user: User, today: date, row: Voidable) -> dict[str, Any]:
    is_current = row.void_on is None and row.digest == proposal.whole_digest(file)
    return {"row": row, "stale": not is_current, "acts": _offered(file, user, today, row)}


def _decided(file: File, user: User, today: date, row: Decision) -> dict[str, Any]:
    return {
        "row": row,
        "measures": [_frozen(each) for each in row.items] or [row.get_kind_display()],
        "overrides": [each["override"] for each in row.items if each.get("override")],
        "papers": sheets.entries([row.notice], user=user) if row.notice else [],
        "acts": _offered(file, user, today, row),
    }


def _frozen(item: dict[str, Any]) -> str:
    """A penalty as it was decided."""
    from_row = wording.frozen_words(item)
    if not item.get("amount"):
        return from_row
    return _("%(what)s %(sum)s 元") % {"what": from_row, "sum": f"{Decimal(item['amount']):,.2f}"}
