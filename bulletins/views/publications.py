"""Decisions and the public: what must be public, where it is, what must be taken back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Request, verb
from audit.trail import Reason, Refused
from bulletins import forms, publications
from bulletins.models import Bulletin, Publication, PublicationState
from bulletins.views import acting
from bulletins.views.acting import Act
from deadlines import words
from deadlines.models import Deadline
from enterprises import paging
from legal import calendars
from legal.periods import Calendar
from penalties.models import Case
from rectification.reasons import day_words
from vault import sheets

EXPORT_AT_MOST = 20_000
UNASKED_AT_MOST = 20
ORDER = ("-decided_on", "-id")
TEMPLATE = "bulletins/publication_act.html"
S = PublicationState


def _visible(request: HttpRequest, pk: UUID) -> Publication:
    rows = Publication.objects.visible_to(request.user).for_list().select_related("case__unit")
    return get_object_or_404(rows, pk=pk)


@require_safe
@verb("bulletins.view")
def list_(request: Request) -> HttpResponse:
    """Decisions of the user's units and whether they are public, newest decision first."""
    conditions = forms.PublicationConditions(request.GET, user=request.user)
    rows = conditions.narrow(Publication.objects.visible_to(request.user).for_list())
    try:
        page = paging.page(rows, order=ORDER, params=request.GET)
    except ValidationError:  # a cursor that somebody cut or made up
        return redirect("bulletins:publications")
    today, calendar = timezone.localdate(), calendars.load()
    due = _deadlines([each.pk for each in page])
    return render(
        request,
        "bulletins/publications.html",
        {
            "rows": [
                {
                    "publication": each,
                    "badge": each.phase,
                    "due": _due(due.get(each.pk), today, calendar),
                }
                for each in page
            ],
            "page": page,
            "conditions": conditions,
            "chips": conditions.chips(request.GET),
            "query": request.GET.urlencode(),
            "unasked": list(publications.unasked(request.user)[:UNASKED_AT_MOST])
            if request.user.may("bulletins.edit")
            else [],
            "summary": ngettext("本页 %(n)d 件", "本页 %(n)d 件", len(page)) % {"n": len(page)},
        },
    )


def _deadlines(ids: list[UUID]) -> dict[UUID, Deadline]:
    """The open deadline of each; one query."""
    rows = Deadline.objects.open().filter(
        subject_type=Publication._meta.label_lower, subject_id__in=ids
    )
    return {row.subject_id: row for row in rows}


def _due(deadline: Deadline | None, today: date, calendar: Calendar) -> dict[str, Any] | None:
    if deadline is None:
        return None
    left, tone = words.time_left(deadline, today, calendar)
    return {"day": deadline.due_on, "left": left, "tone": tone}


@require_safe
@verb("bulletins.view")
def export(request: HttpRequest) -> HttpResponse:
    """The list under the same conditions as a CSV file."""
    conditions = forms.PublicationConditions(request.GET, user=request.user)
    rows = conditions.narrow(Publication.objects.visible_to(request.user).for_list())
    header = [
        _("企业"),
        _("决定书文号"),
        _("承办单位"),
        _("决定日期"),
        _("状态"),
        _("公开日期"),
        _("公开位置"),
        _("撤回日期"),
    ]
    return sheets.download(
        f"{_('处罚决定公开')}-{timezone.localdate():%Y%m%d}.csv",
        header,
        (
            [
                row.case.enterprise.name,
                row.case.document_number,
                row.unit.name,
                row.decided_on,
                row.get_state_display(),
                row.published_on or "",
                row.place,
                row.withdrawn_on or "",
            ]
            for row in rows.order_by(*ORDER)[:EXPORT_AT_MOST]
        ),
    )


@require_safe
@verb("bulletins.view")
def detail(request: Request, pk: UUID) -> HttpResponse:
    """One decision: its period, where it is public, what may be done."""
    publication = _visible(request, pk)
    today, calendar = timezone.localdate(), calendars.load()
    deadline = _deadlines([publication.pk]).get(publication.pk)
    return render(
        request,
        "bulletins/publication.html",
        {
            "publication": publication,
            "badge": publication.phase,
            "facts": _facts(publication, request),
            "deadline": deadline,
            "due": _due(deadline, today, calendar),
            "bulletins": Bulletin.objects.visible_to(request.user)
            .filter(entries__case=publication.case_id)
            .exclude(state=Bulletin.State.WITHDRAWN)
            .order_by("-drafted_at", "-id"),
            "acts": _offered(publication, request),
            "events": acting.story(publication),
        },
    )


def _facts(publication: Publication, request: Request) -> list[dict[str, Any]]:
    case = publication.case
    facts: list[dict[str, Any]] = [
        {
            "label": _("案件"),
            "value": str(case),
            "url": case.get_absolute_url() if request.user.may("cases.view") else "",
        },
        {"label": _("决定日期"), "value": day_words(publication.decided_on)},
        {"label": _("承办单位"), "value": publication.unit.short_name or publication.unit.name},
    ]
    if publication.published_on is not None:
        facts += [
            {"label": _("公开日期"), "value": day_words(publication.published_on)},
            {
                "label": _("公开位置"),
                "value": publication.place,
                "url": publication.bulletin.get_absolute_url() if publication.bulletin else "",
                "full": True,
            },
        ]
    if publication.exempt_reason:
        facts.append({"label": _("不公开的理由"), "value": publication.exempt_reason, "full": True})
    if publication.fallen_on is not None:
        said = _("%(what)s，%(day)s，%(note)s") % {
            "what": publication.get_fall_display(),
            "day": day_words(publication.fallen_on),
            "note": publication.fall_note,
        }
        facts.append({"label": _("决定的变动"), "value": said, "full": True})
    if publication.withdrawn_on is not None:
        facts += [
            {"label": _("撤回日期"), "value": day_words(publication.withdrawn_on)},
            {"label": _("公开说明的理由"), "value": publication.explanation, "full": True},
        ]
    return facts


def _offered(publication: Publication, request: Request) -> list[dict[str, Any]]:
    base = publication.get_absolute_url()
    fall = ("bulletins.edit", f"{base}fall/", _("登记决定变动"), list[Reason](), True)
    asked: dict[str, list[tuple[str, str, str, list[Reason], bool]]] = {
        S.DUE: [
            ("bulletins.edit", f"{base}publish/", _("登记公开"), [], False),
            ("bulletins.edit", f"{base}exempt/", _("登记不公开"), [], False),
            fall,
        ],
        S.EXEMPT: [("bulletins.edit", f"{base}reopen/", _("改为须公开"), [], False)],
        S.PUBLISHED: [fall],
        S.RECALLED: [
            (
                "bulletins.approve",
                f"{base}withdraw/",
                _("登记撤回"),
                publications.can_withdraw(publication),
                False,
            )
        ],
    }
    return acting.offered(publication, request, asked.get(publication.state, []))


@require_POST
@verb("bulletins.edit")
def demand(request: Request, pk: UUID) -> HttpResponse:
    """A decision must be public, says somebody: `pk` is that of the case."""
    case = get_object_or_404(Case.objects.visible_to(request.user).select_related("unit"), pk=pk)
    try:
        made = publications.demand(case, **acting.now(request))
    except Refused as no:
        messages.error(request, str(no))
        return redirect("bulletins:publications")
    return redirect(made)


@verb("bulletins.edit")
def publish_elsewhere(request: Request, pk: UUID) -> HttpResponse:
    act = Act(
        _("登记公开"),
        _visible,
        lambda row, _user: publications.can_publish_elsewhere(row),
        publications.publish_elsewhere,
        _("已登记公开。"),
        form=forms.PlaceForm,
        intro=_("登记处罚决定在哪里、哪一天向社会公开。"),
    )
    return acting.run(request, pk, act, TEMPLATE)


@verb("bulletins.edit")
def exempt(request: Request, pk: UUID) -> HttpResponse:
    act = Act(
        _("登记不公开"),
        _visible,
        lambda row, _user: publications.can_exempt(row),
        publications.exempt,
        _("已登记不公开，公开期限取消。"),
        form=forms.ReasonForm,
        intro=_("法律要求公开的是具有一定社会影响的处罚决定；不公开的写明理由。"),
    )
    return acting.run(request, pk, act, TEMPLATE)


@verb("bulletins.edit")
def reopen(request: Request, pk: UUID) -> HttpResponse:
    act = Act(
        _("改为须公开"),
        _visible,
        lambda row, _user: publications.can_reopen(row),
        publications.reopen,
        _("已改为须公开。"),
        intro=_("公开期限仍从作出决定之日起算。"),
    )
    return acting.run(request, pk, act, TEMPLATE)


@verb("bulletins.edit")
def record_fall(request: Request, pk: UUID) -> HttpResponse:
    act = Act(
        _("登记决定变动"),
        _visible,
        lambda row, _user: publications.can_record_fall(row),
        publications.record_fall,
        _("已登记决定变动。"),
        form=forms.FallForm,
        intro=_("已经公开的，自变动之日起三个工作日内撤回并公开说明理由；通报过的，通报一并撤回。"),
        danger=True,
    )
    return acting.run(request, pk, act, TEMPLATE)


@verb("bulletins.approve")
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    act = Act(
        _("登记撤回"),
        _visible,
        lambda row, _user: publications.can_withdraw(row),
        publications.withdraw,
        _("已登记撤回公开。"),
        form=forms.ExplainForm,
        intro=_("先从公开的位置撤下并公开说明理由，再在这里登记。"),
    )
    return acting.run(request, pk, act, TEMPLATE)
