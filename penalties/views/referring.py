"""Doors of referrals and talks, and their tab."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from deadlines.models import Deadline
from penalties import acts, cases, tabs
from penalties.acts import Act
from penalties.casefile import File
from penalties.cases import referring
from penalties.forms import referring as forms
from penalties.models import Case, CaseState, Interview, Referral
from penalties.views.door import door


def _undecided(file: File, row: Any) -> bool:
    return file.case.state in (CaseState.OPENED, CaseState.FILED)


def _is_open(file: File, row: Any) -> bool:
    return file.case.state not in (CaseState.CLOSED, CaseState.DECLINED)


def _answered(case: Case, row: Referral) -> str:
    if row.answer != Referral.Answer.ACCEPTED:
        return _now("答复已登记，案件在本单位继续办理。")
    if row.whole:
        return _now("答复已登记。全案已移送，可以报请终止调查、结案。")
    return _now("答复已登记，这些发现不再由本案处罚。")


refer = door(
    Act("refer", "cases.file", _("移送"), "referral", cases.can_refer, when=_undecided),
    forms.ReferForm,
    do=lambda case, row, form, who: cases.refer(case, **form.given(), **who),
    say=lambda case, result: _now("移送已登记，等待答复。"),
    basis=(referring.CRIME, referring.COMPETENT),
)

record_answer = door(
    Act(
        "record_answer",
        "cases.file",
        _("登记答复"),
        "referral",
        cases.can_record_answer,
        on="referral",
        when=lambda file, row: not row.answer,
    ),
    forms.AnswerForm,
    model=Referral,
    do=lambda case, row, form, who: cases.record_answer(row, **form.given(), **who),
    say=_answered,
    basis=(referring.CRIME,),
)

record_interview = door(
    Act(
        "record_interview",
        "cases.file",
        _("登记约谈"),
        "referral",
        cases.can_record_interview,
        when=_is_open,
        hint=_("约谈不是处罚，也不代替处罚。"),
    ),
    forms.InterviewForm,
    do=lambda case, row, form, who: cases.record_interview(case, **form.given(), **who),
    say=lambda case, result: _now("约谈已登记。"),
    basis=(referring.NETWORK_TALKS, referring.DATA_TALKS),
)

follow_up_interview = door(
    Act(
        "follow_up_interview",
        "cases.file",
        _("登记跟进"),
        "referral",
        cases.can_follow_up_interview,
        on="interview",
        when=lambda file, row: row.followed_up_on is None,
    ),
    forms.FollowUpForm,
    model=Interview,
    do=lambda case, row, form, who: cases.follow_up_interview(row, **form.given(), **who),
    say=lambda case, result: _now("跟进已登记。"),
)


@tabs.tab("referral", _("移送和约谈"), order=90, template="penalties/tab_referral.html")
def referral(file: File, request: HttpRequest, today: date) -> dict[str, Any]:
    """What was handed over and what was answered; talks and what became of them."""

    def offered(row: Any) -> list[dict[str, Any]]:
        return acts.offered(file, request.user, today, tab="referral", row=row)

    late = _late(file)
    return {
        "referrals": [
            {"row": row, "late": row.pk in late, "acts": offered(row)} for row in file.referrals
        ],
        "interviews": [
            {
                "row": row,
                "due": row.followed_up_on is None
                and row.follow_up_on is not None
                and row.follow_up_on <= today,
                "acts": offered(row),
            }
            for row in file.interviews
        ],
    }


def _late(file: File) -> set[Any]:
    """Referrals that were sent after their twenty-four hours."""
    ids = [row.pk for row in file.referrals if row.found_at is not None]
    if not ids:
        return set()
    rows = Deadline.objects.filter(kind=referring.KIND, subject_id__in=ids)
    return {row.subject_id for row in rows if row.ended_on and row.ended_on > row.due_on}
