"""Doors of penalty cases: list, file page, filing, decision, closing."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from accounts.access import verb
from audit import trail
from deadlines.words import left_text, tone
from enterprises import paging
from legal import calendars, periods
from penalties import cases, review
from penalties.forms import listing
from penalties.models import Case, CaseState
from penalties.views.common import visible
from rectification import page as order_page
from rectification import review as reviews
from rectification.reasons import day_words
from rectification.telling import listed, short_day


@require_safe
@verb("cases.view")
def list_(request: HttpRequest) -> HttpResponse:
    """Cases of the user's units, under conditions, newest first."""
    conditions = listing.CaseConditions(request.GET, user=request.user)
    rows = conditions.narrow(Case.objects.visible_to(request.user).for_list())
    try:
        page = paging.page(rows, order=("-filed_on", "-id"), params=request.GET)
    except ValidationError:  # a cursor that somebody cut or made up
        return redirect("cases:list")
    today, calendar = timezone.localdate(), calendars.load()
    return render(
        request,
        "penalties/list.html",
        {
            "rows": [
                {"case": case, "badge": case.phase, "due": _due(case, today, calendar)}
                for case in page
            ],
            "page": page,
            "conditions": conditions,
            "chips": conditions.chips(request.GET),
            "summary": ngettext("本页 %(n)d 件", "本页 %(n)d 件", len(page)) % {"n": len(page)},
        },
    )


def _due(case: Case, today: date, calendar: periods.Calendar) -> dict[str, Any]:
    """components/due.html for the time limit of the decision; calendar days, called days."""
    if case.state != CaseState.FILED or case.decision_due_on is None:
        word = _("已决定") if case.decided_on else _("已结案")
        due = case.decision_due_on
        in_time = case.decided_on is not None and due is not None and case.decided_on <= due
        return {"left": word, "tone": "met" if in_time else "", "day": case.decision_due_on}
    days = (case.decision_due_on - today).days
    kind = "today" if days == 0 else "left" if days > 0 else "over"
    left = periods.Left(kind, abs(days), "day")
    return {"left": left_text(left), "tone": tone(left), "day": case.decision_due_on}


@require_safe
@verb("cases.view")
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page of one case: where it comes from, what was decided, what may be done next."""
    case = visible(request, pk)
    today, calendar = timezone.localdate(), calendars.load()
    return render(
        request,
        "penalties/detail.html",
        {
            "case": case,
            "name": str(case),
            "badge": case.phase,
            "facts": _facts(case),
            "due": _due(case, today, calendar),
            "due_basis": order_page.basis_words("APL@2021:60"),
            "steps": _steps(case),
            "decision": _decision(case),
            "derivation": case.decision_derivation,
            "why_today": today if case.state == CaseState.FILED else None,
            "why_basis": order_page.basis_links(case.decision_derivation["basis"]),
            "acts": _offered(case, request),
            "events": [
                {
                    "at": event.happened_at,
                    "title": trail.word(event.verb),
                    "text": _("%(who)s · “%(why)s”")
                    % {"who": event.actor_name, "why": event.reason}
                    if event.reason
                    else event.actor_name,
                    "tone": "key" if event.verb == "cases.record_decision" else "",
                }
                for event in trail.timeline(case)[:100]
            ],
        },
    )


@require_safe
@verb("cases.view")
def review_(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The self-review of a case: its dates, and what its clauses have to mind."""
    case = visible(request, pk)
    found, books = review.of(case, timezone.localdate())
    return render(
        request,
        "penalties/review.html",
        {
            "case": case,
            "name": str(case),
            "badge": case.phase,
            "review": reviews.page(found, books),
        },
    )


def _facts(case: Case) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": _("案由"), "value": case.cause, "full": True},
        {"label": _("案件来源"), "value": case.get_origin_display()},
    ]
    if case.inspection is not None:
        visit = _("%(kind)s，%(day)s") % {
            "kind": case.inspection.get_kind_display(),
            "day": day_words(case.inspection.day),
        }
        url = case.inspection.get_absolute_url()
        facts.append({"label": pgettext("表头", "检查"), "value": visit, "url": url})
    if case.order is not None:
        facts.append(
            {
                "label": _("责令改正"),
                "value": str(case.order),
                "url": case.order.get_absolute_url(),
                "note": case.order.get_verdict_display() if case.order.verdict else "",
            }
        )
    facts += [
        {"label": _("承办"), "value": f"{case.filed_by.name} · {case.unit.short_name}"},
        {"label": pgettext("表头", "立案"), "value": day_words(case.filed_on)},
    ]
    if case.closed_on is not None:
        facts.append({"label": pgettext("表头", "结案"), "value": day_words(case.closed_on)})
        facts.append({"label": _("结案理由"), "value": case.closing_reason, "full": True})
    return facts


def _decision(case: Case) -> list[dict[str, Any]]:
    if case.decided_on is None:
        return []
    pairs: list[dict[str, Any]] = [
        {"label": _("决定日期"), "value": day_words(case.decided_on)},
        {
            "label": _("决定书文号"),
            "value": case.document_number or _("未登记"),
            "number": True,
        },
        {"label": _("处罚种类"), "value": listed(case.measure_words)},
    ]
    if case.fine is not None:
        pairs.append({"label": _("罚款"), "value": _("%(n)s 元") % {"n": f"{case.fine:,.0f}"}})
    if case.decision_entered_by is not None:
        pairs.append({"label": _("登记人"), "value": case.decision_entered_by.name})
    if case.decision_note:
        pairs.append({"label": _("说明"), "value": case.decision_note, "full": True})
    return pairs


def _steps(case: Case) -> list[dict[str, Any]]:
    at = {CaseState.FILED: 1, CaseState.DECIDED: 2, CaseState.CLOSED: 3}[CaseState(case.state)]
    days = (case.filed_on, case.decided_on, case.closed_on)
    found = []
    names = (pgettext("表头", "立案"), _("决定"), pgettext("表头", "结案"))
    for place, (name, day) in enumerate(zip(names, days, strict=True)):
        state = "done" if place < at else "now" if place == at else ""
        if state == "done" and day is None:
            state = ""  # closed without a decision
        found.append({"name": name, "state": state, "note": short_day(day) if day else ""})
    return found


def _offered(case: Case, request: HttpRequest) -> list[dict[str, Any]]:
    """components/acts.html."""
    if not request.user.may("cases.file"):
        return []
    asked = (
        ("record_decision", _("登记处罚决定"), cases.can_record_decision(case)),
        ("close", _("结案"), cases.can_close(case)),
    )
    found = [
        {
            "name": word,
            "url": f"{case.get_absolute_url()}{name}/",
            "reasons": order_page.shown(why),
            "primary": False,
        }
        for name, word, why in asked
        if not (why and case.state == CaseState.CLOSED)
    ]
    free = [entry for entry in found if not entry["reasons"]]
    if free:
        free[0]["primary"] = True
    return sorted(found, key=lambda entry: bool(entry["reasons"]))
