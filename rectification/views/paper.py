"""Papers looked at before issue. Each is made by a POST and opens on a page of its own."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import verb
from audit.trail import Refused
from rectification import paper_preview, term_forms
from rectification.completeness import BEFORE_ISSUE
from rectification.views import term
from rectification.views.common import now, visible


@require_POST
@verb("orders.view")
def preview_paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The paper of the order as it stands, whole or not."""
    order = visible(request, pk)
    if order.state not in BEFORE_ISSUE:
        messages.info(request, _("已经签发或者作废，没有可以预览的文书。"))
        return redirect(order)
    try:
        made = paper_preview.of_order(order, **now(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(order)
    return redirect("notices:preview", pk=made.pk)


@require_POST
@verb("orders.decide_extension")
def preview_decision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The decision that the answers in the form would make; what is wrong with them is told on
    the form itself."""
    order, today = visible(request, pk), timezone.localdate()
    form = term_forms.DecisionForm(request.POST, order=order, user=request.user, today=today)
    if form.is_valid():
        try:
            made = paper_preview.of_decision(order, **form.facts(), **now(request))
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            return redirect("notices:preview", pk=made.pk)
    return term.decide_extension(request, pk)
