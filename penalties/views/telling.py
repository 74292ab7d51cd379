"""Doors of the notice before a penalty, its tab, and the view for reading it aloud."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Request, verb
from audit import downloads
from deadlines.words import left_text, tone
from legal import calendars, periods
from notices import blocks, kinds
from notices.kinds.penalties import PENALTY_NOTICE
from notices.models import Preview
from penalties import acts, proposal, rights, tabs
from penalties.acts import Act
from penalties.casefile import File
from penalties.cases import defending, hearing, telling
from penalties.forms import hearing as hearing_forms
from penalties.forms import telling as forms
from penalties.models import Case, CaseState, Defence, Report, Respondent, Route, Told
from penalties.papers import telling as paper
from penalties.views.common import visible
from penalties.views.door import door
from rectification.reasons import day_words

TAB = "telling"


# --- Doors --------------------------------------------------------------------------------------


def to_paper(case: Case, made: Any, tab: str) -> str:
    """The preview where one was asked for, else the tab."""
    if isinstance(made, Preview):
        return reverse("notices:preview", args=[made.pk])
    return f"{case.get_absolute_url()}?tab={tab}#file"


def _give(case: Case, respondent: Respondent, form: Any, who: dict[str, Any]) -> Told | Preview:
    if form.wants_preview:
        return telling.preview_notice(respondent, form.given(), **who)
    return telling.give_notice(respondent, form.given(), **who)


def _given(case: Case, made: Told | Preview) -> str:
    if isinstance(made, Preview):
        return _("这是预览，还没有告知。")
    if made.hearing_until is not None:
        days = {
            "defence": day_words(made.defence_until),
            "hearing": day_words(made.hearing_until),
        }
        return _("已告知。陈述申辩到 %(defence)s，要求听证到 %(hearing)s。") % days
    return _("已告知。陈述申辩到 %(day)s。") % {"day": day_words(made.defence_until)}


def _is_due(file: File, respondent: Respondent) -> bool:
    """Whether a notice to this respondent belongs on the page."""
    if file.case.route == Route.SPOT or file.case.state not in (
        CaseState.FILED,
        CaseState.DECIDED,
    ):
        return False
    if respondent.status != Respondent.Status.STANDING or file.decision(respondent) is not None:
        return False
    told = file.told(respondent)
    return told is None or not rights.covers(file, respondent, told)


give_notice = door(
    Act(
        "give_notice",
        "cases.file",
        gettext_lazy("处罚前告知"),
        TAB,
        telling.can_give_notice,
        on="respondent",
        when=_is_due,
        main=True,
    ),
    forms.NoticeForm,
    model=Respondent,
    do=_give,
    say=_given,
    basis=("APL@2021:44", "APL@2021:62", "APL@2021:63(1)", "MPSP@2020:167", "MPSP@2020:168"),
    template="penalties/act_paper.html",
    more=lambda file, row, form: {"party": row.name},
    to=lambda case, made: to_paper(case, made, TAB),
)


def _in_force(file: File, told: Told) -> bool:
    return told.void_on is None and not telling.not_open(file, file.respondent(told.respondent_id))


change_answer = door(
    Act(
        "change_answer",
        "cases.file",
        gettext_lazy("变更对权利的回答"),
        TAB,
        defending.can_change_answer,
        on="told",
        when=_in_force,
    ),
    forms.AnswerForm,
    model=Told,
    do=lambda case, row, form, who: defending.change_answer(row, **form.given(), **who),
    say=lambda case, row: _("回答已变更。"),
    basis=("APL@2021:44", "APL@2021:64", "MPSP@2020:134"),
)

record_defence = door(
    Act(
        "record_defence",
        "cases.file",
        gettext_lazy("登记陈述申辩"),
        TAB,
        defending.can_record_defence,
        on="told",
        when=_in_force,
    ),
    forms.DefenceForm,
    model=Told,
    do=lambda case, row, form, who: defending.record_defence(row, **form.given(), **who),
    say=lambda case, row: _("陈述申辩已登记，请复核。"),
    basis=("APL@2021:45",),
)

answer_defence = door(
    Act(
        "answer_defence",
        "cases.file",
        gettext_lazy("复核陈述申辩"),
        TAB,
        defending.can_answer_defence,
        on="defence",
        when=lambda file, row: not row.finding,
    ),
    forms.ReviewForm,
    model=Defence,
    do=lambda case, row, form, who: defending.answer_defence(row, **form.given(), **who),
    say=lambda case, row: _("复核已登记。"),
    basis=("APL@2021:45",),
    effect=lambda: _("当事人提出的事实、理由或者证据成立的，应当采纳；不得因申辩给予更重的处罚。"),
)

request_hearing = door(
    Act(
        "request_hearing",
        "cases.file",
        gettext_lazy("登记听证要求"),
        TAB,
        hearing.can_request_hearing,
        on="told",
        when=lambda file, row: (
            _in_force(file, row) and rights.may_ask(row, rights.hearing_on(file, row))
        ),
    ),
    hearing_forms.RequestForm,
    model=Told,
    do=lambda case, row, form, who: hearing.request_hearing(row, **form.given(), **who),
    say=lambda case, row: (
        _("听证要求已登记，%(day)s 前决定是否受理。") % {"day": day_words(row.accept_due_on)}
    ),
    basis=("APL@2021:63(1)", "APL@2021:64", "APL@2021:85", "MPSP@2020:134"),
    to=lambda case, row: row.get_absolute_url(),
)


# --- The tab ------------------------------------------------------------------------------------


def _belongs(file: File) -> bool:
    report = file.report
    if file.tolds:
        return True
    if file.case.route == Route.SPOT:
        return False
    return report is None or report.proposal == Report.Proposal.PENALTY


@tabs.tab(TAB, gettext_lazy("告知"), order=50, template="penalties/tab_telling.html", when=_belongs)
def tab(file: File, request: HttpRequest, today: date) -> dict[str, Any]:
    """For each respondent: what it was told, what it may still do until when, what it stated."""
    return {"parties": [_party(file, row, request, today) for row in file.respondents]}


def _party(file: File, respondent: Respondent, request: HttpRequest, today: date) -> dict[str, Any]:
    told = file.told(respondent)
    own = [row for row in file.tolds if row.respondent_id == respondent.pk]
    return {
        "row": respondent,
        "acts": acts.offered(file, request.user, today, tab=TAB, row=respondent),
        "told": _told(file, told, request, today) if told is not None else None,
        "turn": turn(file, respondent, today),
        "former": [row for row in own if row is not told],
        "defences": [
            {
                "row": row,
                "late": rights.is_late(next(t for t in own if t.pk == row.told_id), row),
                "acts": acts.offered(file, request.user, today, tab=TAB, row=row),
            }
            for row in file.defences_of(respondent)
        ],
        "read_url": reverse("cases:read_notice", args=[file.case.pk, respondent.pk])
        if file.items_of(respondent)
        else "",
    }


def _told(file: File, told: Told, request: HttpRequest, today: date) -> dict[str, Any]:
    windows = [
        _window(
            _("陈述和申辩"),
            told.get_defence_display(),
            told.defence_until,
            "defence",
            told,
            file,
            today,
        )
    ]
    if told.hearing_until is not None:
        answer = told.get_hearing_display()
        windows.append(_window(_("听证"), answer, told.hearing_until, "hearing", told, file, today))
    return {
        "row": told,
        "covers": rights.covers(file, file.respondent(told.respondent_id), told),
        "windows": windows,
        "acts": acts.offered(file, request.user, today, tab=TAB, row=told),
        "hearing": rights.hearing_on(file, told),
    }


def _window(
    word: str, answer: str, until: date, right: str, told: Told, file: File, today: date
) -> dict[str, Any]:
    """A right with its last day; how it was counted comes from the notice as it was given."""
    derivation = told.derivation.get(right)
    left = periods.left(today, until, calendars.load())
    over = today > until
    basis = list(derivation["basis"]) if derivation else []
    return {
        "word": word,
        "answer": answer,
        "day": until,
        "left": _("期限已过") if over else left_text(left),
        "tone": "met" if over else tone(left),
        "derivation": derivation,
        "basis": file.articles.links(basis),
        "house": right == "defence" and told.way == Told.Way.RECORD,
    }


def turn(file: File, respondent: Respondent, today: date) -> dict[str, str]:
    """components/note.html: whose turn it is, the party's or the organ's."""
    if file.decision(respondent) is not None:
        return _note("green", _("已经作出决定。"))
    told = file.told(respondent)
    if told is None:
        return _note("amber", _("轮到本单位："), _("还没有告知。"))
    found = rights.open_rights(file, respondent, today)
    if not found:
        return _note("green", _("权利已经行使、放弃或者期满，可以审核决定。"))
    waits = rights.unanswered(file, respondent)
    asked = rights.hearing_on(file, told)
    if not rights.covers(file, respondent, told):
        return _note("amber", _("轮到本单位："), str(found[0]))
    if waits:
        return _note("amber", _("轮到本单位："), str(waits[0]))
    if asked is not None and not asked.is_over:
        return _note("amber", _("轮到本单位："), str(found[-1]), asked.get_absolute_url())
    return _note("", _("等待当事人："), str(found[0]))


def _note(tone: str, strong: str, text: str = "", url: str = "") -> dict[str, str]:
    url_text = _("查看听证") if url else ""
    return {"tone": tone, "strong": strong, "text": text, "url": url, "url_text": url_text}


# --- Read aloud ---------------------------------------------------------------------------------


@require_safe
@verb("cases.view")
def read_notice(request: HttpRequest, pk: UUID, respondent: UUID) -> HttpResponse:
    """What is told, in large letters, for the officer who reads it to the party: the notice in
    force, or what would be told now. Chinese, as the paper is."""
    file = File(visible(request, pk))
    try:
        row = file.respondent(respondent)
    except KeyError:
        raise Http404 from None
    if not file.items_of(row) and file.told(row) is None:
        raise Http404
    told, today = file.told(row), timezone.localdate()
    covered = told is not None and rights.covers(file, row, told)
    proposed = told.proposal if told is not None and covered else proposal.of(file, row)
    words, fine, gains = paper.penalties(proposed)
    standing = blocks.standing(file.case.unit, kinds.get(PENALTY_NOTICE).blocks, today)
    return render(
        request,
        "penalties/read_notice.html",
        {
            "case": file.case,
            "name": str(file.case),
            "party": row,
            "told": told if covered else None,
            "penalties": words,
            "fine": fine,
            "gains": gains,
            "facts": proposed["facts"],
            "reasons": paper.reasons(proposed),
            "breaches": proposed["breaches"],
            "basis": proposed["basis"],
            "ground": told.hearing_ground
            if told is not None and covered
            else telling.hearing_ground(file, row),
            "defence_right": standing["defence_right"].text,
            "hearing_right": standing["hearing_right"].text,
            "office": paper.hearing_office(file.case.unit),
            "back": f"{file.case.get_absolute_url()}?tab={TAB}#file",
        },
    )


@require_POST
@verb("cases.view")
def defence_file(request: Request, pk: UUID, row: UUID) -> HttpResponse:
    """What the party brought in writing, as an attachment; the record says who took it."""
    case = visible(request, pk)
    found = Defence.objects.filter(case=case, file__isnull=False).select_related("file")
    defence = get_object_or_404(found, pk=row)
    assert defence.file is not None
    return downloads.send(request, defence.file, case)
