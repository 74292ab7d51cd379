"""Doors of opening a case."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import Request, verb
from audit.trail import Reason, Refused
from enterprises.models import Enterprise
from enterprises.views import picker
from inspections.models import Inspection
from inspections.views.visits import enterprise_of
from penalties import cases
from penalties.forms import opening
from penalties.models import Case
from penalties.views.common import now
from rectification import page as order_page
from rectification.models import Order


@verb("cases.file")
def open_(request: Request) -> HttpResponse:
    """Open a case upon `?order=`, `?inspection=` or `?enterprise=`; without one, choose first."""
    if not any(request.GET.get(name) for name in ("order", "inspection", "enterprise")):
        return render(request, "penalties/pick.html", picker(request, url_name="cases:open"))
    enterprise, inspection, order = _upon(request)
    made = _made(request)
    if made is not None:
        messages.info(request, _("已经办过了，没有重复登记。"))
        return redirect(made)
    form = opening.OpenForm(
        request.POST or None,
        user=request.user,
        enterprise=enterprise,
        findings=cases.open_findings(enterprise, request.user),
        order=order,
        inspection=inspection,
    )
    why = cases.can_open(enterprise, [], order)
    if inspection is not None and not inspection.is_final:
        why += cases.can_open(enterprise, list(inspection.findings.all()[:1]))
    refused: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        try:
            case = cases.open_case(enterprise, **form.given(), **now(request))
        except Refused as no:
            refused = form.blame(no)
        else:
            messages.success(request, _("已提请立案，等待审批。"))
            return redirect(case)
    return render(
        request,
        "penalties/open.html",
        {
            "form": form,
            "enterprise": enterprise,
            "inspection": inspection,
            "order": order,
            "unmet": cases.is_unmet(order),
            "back": (order or inspection or enterprise).get_absolute_url(),
            "locked": order_page.shown(why),
            "refused": order_page.shown([r for r in refused if r not in why]),
            "filing_basis": order_page.basis_words("APL@2021:54(2)"),
            "due_basis": order_page.basis_words("APL@2021:60"),
        },
    )


def _made(request: Request) -> Case | None:
    """The case that the same form opened when it was posted before."""
    try:
        token = UUID(request.POST.get("form_token", ""))
    except ValueError:
        return None
    return Case.objects.filter(form_token=token, filed_by=request.user).first()


def _upon(request: Request) -> tuple[Enterprise, Inspection | None, Order | None]:
    """What the address names, in scope; 404 otherwise."""
    try:
        if request.GET.get("order"):
            orders = Order.objects.visible_to(request.user).select_related(
                "inspection__unit", "enterprise__region", "unit", "notice"
            )
            order = get_object_or_404(orders, pk=UUID(request.GET["order"]))
            return order.enterprise, None, order
        if request.GET.get("inspection"):
            visits = Inspection.objects.visible_to(request.user).select_related(
                "enterprise__region", "unit"
            )
            visit = get_object_or_404(visits, pk=UUID(request.GET["inspection"]))
            return visit.enterprise, visit, None
    except ValueError:
        raise Http404 from None
    return enterprise_of(request, request.GET["enterprise"]), None, None
