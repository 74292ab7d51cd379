"""The components page: every component of the look in every state, for all who build or test."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from look import samples


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Shows samples only; nothing on it is a record."""
    return render(request, "look/components.html", samples.page())


components.verb = "*"  # type: ignore[attr-defined]  # everyone who is logged in
