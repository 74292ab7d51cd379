"""The self-review of an order's file, and the receipt that it may find missing."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import verb
from audit.trail import Reason, Refused
from notices import service
from notices.serve_form import ScanField
from rectification import page as pages
from rectification import review as reviews
from rectification.reasons import SERVICE_BASIS, effective_service
from rectification.views.common import now, visible
from vault import files


@require_safe
@verb("orders.view")
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every date with its reason, every note on a citation, every paper, and what is missing."""
    facts = reviews.read(pk, request.user, timezone.localdate())
    order = facts.order
    return render(
        request,
        "rectification/review.html",
        {
            "order": order,
            "name": str(order),
            "badge": order.phase(facts.today),
            "review": reviews.page(reviews.of(facts), facts.books),
        },
    )


class ProofForm(forms.Form):
    """The receipt of a service that was recorded without one."""

    proof = ScanField(
        label=gettext_lazy("送达回证或回执"),
        help_text=gettext_lazy("扫描件或照片，jpg、png、webp、pdf，不超过 20 MB。"),
        error_messages={"required": gettext_lazy("选择送达回证的文件。")},
    )


@verb("orders.serve")
def add_proof(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add the receipt of the service that counts; once, and never changed."""
    order = visible(request, pk)
    counting = effective_service(order)
    why = [Reason(_("还没有计为送达的记录。"))]
    if counting is not None:
        why = service.can_add_proof(counting)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ProofForm(*given)
    refused: list[Reason] = []
    if request.method == "POST" and counting is not None and not why and form.is_valid():
        scan = form.cleaned_data["proof"]
        try:
            with transaction.atomic():
                stored = files.store(scan.data, scan.name, scan.content_type, request.user)
                service.add_proof(counting, stored, **now(request))
        except Refused as no:
            refused = no.reasons
        else:
            messages.success(request, _("送达回证已上传"))
            return redirect("orders:review", pk=order.pk)
    return render(
        request,
        "rectification/add_proof.html",
        {
            "order": order,
            "label": str(order),
            "form": form,
            "pairs": pages.service_pairs(counting) if counting is not None else [],
            "locked": pages.shown(why),
            "refused": pages.shown(refused),
            "basis": pages.basis_links([SERVICE_BASIS]),
        },
    )
