"""The file of an order (案卷): what it would hold, and the request to make it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from accounts.access import Request, verb
from notices.batch_views import case_file
from rectification import filing


@require_http_methods(["GET", "HEAD", "POST"])
@verb("orders.view")
def bundle(request: Request, pk: UUID) -> HttpResponse:
    order = get_object_or_404(filing.rows().visible_to(request.user), pk=pk)
    return case_file(
        request,
        order,
        name=_("责令改正案卷"),
        crumbs=[
            {"url": reverse("orders:list"), "word": pgettext("列表", "责令改正")},
            {"url": order.get_absolute_url(), "word": str(order)},
        ],
    )
