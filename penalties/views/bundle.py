"""The file of a case (案卷): what it would hold, and the request to make it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request, verb
from notices.batch_views import case_file
from penalties import filing


@require_http_methods(["GET", "HEAD", "POST"])
@verb("cases.view")
def bundle(request: Request, pk: UUID) -> HttpResponse:
    case = get_object_or_404(filing.rows().visible_to(request.user), pk=pk)
    return case_file(
        request,
        case,
        name=_("行政处罚案卷"),
        crumbs=[
            {"url": reverse("cases:list"), "word": _("行政处罚")},
            {"url": case.get_absolute_url(), "word": str(case)},
        ],
    )
