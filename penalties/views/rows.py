"""From a record in the file of a case to the tab it stands on: deadlines, papers and inboxes link
to records by their id."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from accounts.access import View, verb
from penalties.models import OfCase
from penalties.places import TABS


def _door(model: type[OfCase], tab: str) -> View:
    @require_safe
    @verb("cases.view")
    def view(request: HttpRequest, pk: UUID) -> HttpResponse:
        rows = model._default_manager.visible_to(request.user).select_related("case")
        row = get_object_or_404(rows, pk=pk)
        return redirect(f"{row.case.get_absolute_url()}?tab={tab}#{model._meta.model_name}-{pk}")

    view.__name__ = str(model._meta.model_name)
    return view


def paths() -> list[URLPattern]:
    """cases:told, cases:decision, …: one address for each kind of record."""
    return [
        path(
            f"of/{model._meta.model_name}/<uuid:pk>/",
            _door(model, tab),
            name=model._meta.model_name,
        )
        for model, tab in TABS.items()
    ]
