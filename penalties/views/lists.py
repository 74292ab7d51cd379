"""The list of cases."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import verb
from enterprises import paging
from penalties import page as pages
from penalties.forms import listing
from penalties.models import Case


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
    today = timezone.localdate()
    return render(
        request,
        "penalties/list.html",
        {
            "rows": [
                {"case": case, "badge": case.phase, "due": pages.due(case, today)} for case in page
            ],
            "page": page,
            "conditions": conditions,
            "chips": conditions.chips(request.GET),
            "summary": ngettext("本页 %(n)d 件", "本页 %(n)d 件", len(page)) % {"n": len(page)},
        },
    )
