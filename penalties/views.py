"""Doors of penalty cases: list, file page, filing, decision, closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from accounts.access import verb
from audit import trail
from audit.trail import Decided, Reason, Refused
from deadlines.words import left_text, tone
from enterprises import paging
from inspections.models import Inspection
from legal import calendars, citations, periods
from penalties import cases, forms, review
from penalties.models import Case, CaseState
from rectification import page as order_page
from rectification import review as reviews
from rectification.models import UNMET, Order, OrderState
from rectification.reasons import day_words
from rectification.telling import listed, short_day


def _visible(request: HttpRequest, pk: UUID) -> Case:
    return get_object_or_404(
        Case.objects.visible_to(request.user).for_list().select_related("decision_entered_by"),
        pk=pk,
    )


def _now(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "at": timezone.now()}


@require_safe
@verb("cases.view")
def list_(request: HttpRequest) -> HttpResponse:
    """Cases of the user's units, under conditions, newest first."""
    conditions = forms.CaseConditions(request.GET, user=request.user)
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
    if case.state != CaseState.FILED:
        word = _("已决定") if case.decided_on else _("已结案")
        in_time = case.decided_on is not None and case.decided_on <= case.decision_due_on
        return {"left": word, "tone": "met" if in_time else "", "day": case.decision_due_on}
    days = (case.decision_due_on - today).days
    kind = "today" if days == 0 else "left" if days > 0 else "over"
    left = periods.Left(kind, abs(days), "day")
    return {"left": left_text(left), "tone": tone(left), "day": case.decision_due_on}


@require_safe
@verb("cases.view")
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page of one case: where it comes from, what was decided, what may be done next."""
    case = _visible(request, pk)
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
    case = _visible(request, pk)
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
    visit = _("%(kind)s，%(day)s") % {
        "kind": case.inspection.get_kind_display(),
        "day": day_words(case.inspection.day),
    }
    facts: list[dict[str, Any]] = [
        {"label": _("案由"), "value": case.cause, "full": True},
        {"label": _("案件来源"), "value": case.get_origin_display()},
        {
            "label": pgettext("表头", "检查"),
            "value": visit,
            "url": case.inspection.get_absolute_url(),
        },
    ]
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


@verb("cases.file")
def file(request: HttpRequest) -> HttpResponse:
    """File a case upon `?order=` or `?inspection=`."""
    inspection, order = _origin(request)
    unmet = order is not None and order.state == OrderState.JUDGED and order.verdict in UNMET
    form = forms.FileForm(request.POST or None, unmet=unmet)
    why = cases.can_file(inspection, order)
    refused: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            case = cases.file(
                inspection,
                order=order,
                cause=given["cause"],
                reason=given.get("reason", ""),
                form_token=given["form_token"],
                **_now(request),
            )
        except Refused as no:
            refused = form.blame(no)
        else:
            messages.success(
                request,
                _("已立案，应在 %(day)s 前作出决定。") % {"day": day_words(case.decision_due_on)},
            )
            return redirect(case)
    return render(
        request,
        "penalties/file.html",
        {
            "form": form,
            "inspection": inspection,
            "order": order,
            "unmet": unmet,
            "locked": order_page.shown(why),
            "refused": order_page.shown([r for r in refused if r not in why]),
            "due_basis": order_page.basis_words("APL@2021:60"),
        },
    )


def _origin(request: HttpRequest) -> tuple[Inspection, Order | None]:
    """The order or the visit that the address names, in scope; 404 otherwise."""
    try:
        if "order" in request.GET:
            orders = Order.objects.visible_to(request.user).select_related(
                "inspection__unit", "inspection__enterprise", "enterprise", "unit", "notice"
            )
            order = get_object_or_404(orders, pk=UUID(request.GET["order"]))
            return order.inspection, order
        visits = Inspection.objects.visible_to(request.user).select_related("enterprise", "unit")
        return get_object_or_404(visits, pk=UUID(request.GET.get("inspection", ""))), None
    except ValueError:
        raise Http404 from None


def _act(
    request: HttpRequest,
    pk: UUID,
    form_class: type[forms.ActForm],
    word: str,
    ask: Callable[[Case], list[Reason]],
    do: Callable[[Case, dict[str, Any]], Any],
    said: str,
    more: Callable[[Case, forms.ActForm], dict[str, Any]] | None = None,
) -> HttpResponse:
    """Fetch, ask, act, say; or show again with what was typed. `more` is what the page shows
    beside the form."""
    case = _visible(request, pk)
    why = ask(case)
    form = form_class(request.POST or None, case=case)
    told: Decided | None = None
    refused: list[Reason] = []
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            if seen.isdecimal() and len(seen) < 10 and int(seen) != case.version:
                raise cases.overtaken(case)
            if why:
                raise Refused(why)
            if form.is_valid():
                given = {k: v for k, v in form.cleaned_data.items() if k != "seen"}
                do(case, given | _now(request))
                messages.success(request, said)
                return redirect(case)
        except Decided as decided:
            if decided.event is not None and decided.event.actor_id == request.user.pk:
                messages.info(request, _("已经办过了，没有重复登记。"))
                return redirect(case)
            told = decided
        except Refused as no:
            refused = form.blame(no)
        case = _visible(request, pk)
        why = ask(case)
        form.show_again(case)
    return render(
        request,
        "penalties/act.html",
        {
            "case": case,
            "name": str(case),
            "badge": case.phase,
            "form": form,
            "word": word,
            "told": told,
            "locked": order_page.shown(why),
            "refused": order_page.shown([r for r in refused if r not in why]),
            **(more(case, form) if more and not why else {}),
        },
    )


@verb("cases.file")
def record_decision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter a decision; beside the form stands what its clauses have to mind on its day, which
    `?decided_on=` asks for another day."""
    return _act(
        request,
        pk,
        forms.DecisionForm,
        _("登记处罚决定"),
        cases.can_record_decision,
        lambda case, given: cases.record_decision(case, **given),
        _("处罚决定已登记。"),
        more=lambda case, form: _clauses(case, form, request),
    )


def _clauses(case: Case, form: forms.ActForm, request: HttpRequest) -> dict[str, Any]:
    """The findings of the case with the notes for a decision on the day typed, else today."""
    day = parsed(request.GET.get("decided_on")) or timezone.localdate()
    if form.is_bound:
        day = parsed(str(form["decided_on"].value() or "")) or day
    elif "decided_on" in request.GET:
        form.fields["decided_on"].initial = day
    books = citations.register()
    found = review.looked(review.findings_of(case), books, day)
    return {
        "decided_on": day,
        "clauses": [reviews.looked_page(each) for each in found],
        "noted": sum(not note["calm"] for each in found for note in each.notes),
    }


def parsed(text: str | None) -> date | None:
    """A day as an address or a form writes it; None for anything else."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


@verb("cases.file")
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        forms.CloseForm,
        _("结案"),
        cases.can_close,
        lambda case, given: cases.close(case, **given),
        _("案件已结案。"),
    )
