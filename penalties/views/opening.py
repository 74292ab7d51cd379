"""Doors of opening a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import verb
from audit.trail import Decided, Reason, Refused
from inspections.models import Inspection
from legal import citations
from penalties import cases, review
from penalties.forms import opening
from penalties.models import Case
from penalties.views.common import now, visible
from rectification import page as order_page
from rectification import review as reviews
from rectification.models import UNMET, Order, OrderState
from rectification.reasons import day_words


@verb("cases.file")
def file(request: HttpRequest) -> HttpResponse:
    """File a case upon `?order=` or `?inspection=`."""
    inspection, order = _origin(request)
    unmet = order is not None and order.state == OrderState.JUDGED and order.verdict in UNMET
    form = opening.FileForm(request.POST or None, unmet=unmet)
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
                **now(request),
            )
        except Refused as no:
            refused = form.blame(no)
        else:
            assert case.decision_due_on is not None
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
    form_class: type[opening.ActForm],
    word: str,
    ask: Callable[[Case], list[Reason]],
    do: Callable[[Case, dict[str, Any]], Any],
    said: str,
    more: Callable[[Case, opening.ActForm], dict[str, Any]] | None = None,
) -> HttpResponse:
    """Fetch, ask, act, say; or show again with what was typed. `more` is what the page shows
    beside the form."""
    case = visible(request, pk)
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
                do(case, given | now(request))
                messages.success(request, said)
                return redirect(case)
        except Decided as decided:
            if decided.event is not None and decided.event.actor_id == request.user.pk:
                messages.info(request, _("已经办过了，没有重复登记。"))
                return redirect(case)
            told = decided
        except Refused as no:
            refused = form.blame(no)
        case = visible(request, pk)
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
        opening.DecisionForm,
        _("登记处罚决定"),
        cases.can_record_decision,
        lambda case, given: cases.record_decision(case, **given),
        _("处罚决定已登记。"),
        more=lambda case, form: _clauses(case, form, request),
    )


def _clauses(case: Case, form: opening.ActForm, request: HttpRequest) -> dict[str, Any]:
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
        opening.CloseForm,
        _("结案"),
        cases.can_close,
        lambda case, given: cases.close(case, **given),
        _("案件已结案。"),
    )
