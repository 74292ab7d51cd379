"""The door of the yearly inspection: a result of another department is used again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import access
from accounts.access import Request
from audit.trail import Refused
from enterprises.models import System
from enterprises.wording import blame
from inspections import yearly
from inspections.basis import order_176
from inspections.remote_forms import ReuseForm


@access.verb("inspections.record")
def reuse(request: Request, pk: UUID) -> HttpResponse:
    """Record that another department has inspected the system this year."""
    system = get_object_or_404(
        System.objects.visible_to(request.user).select_related("enterprise__unit"), pk=pk
    )
    form = ReuseForm(request.POST or None)
    back = f"{reverse('deadlines:duties')}?duty={yearly.DUTY}"
    if request.method == "POST" and form.is_valid():
        try:
            yearly.reuse_result(system, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(
                request, _("已采用其他部门的检查结果：%(system)s") % {"system": system.name}
            )
            return redirect(back)
    return render(
        request,
        "inspections/yearly_reuse.html",
        {"system": system, "form": form, "back": back, "law": order_176(9, 2)},
    )
