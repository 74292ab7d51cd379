"""What the doors of cases share: the case in sight, who acts and when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from penalties.models import Case


def visible(request: HttpRequest, pk: UUID) -> Case:
    """The case, or 404."""
    rows = Case.objects.visible_to(request.user).for_list()
    return get_object_or_404(rows.select_related("decision_entered_by", "filing_notice"), pk=pk)


def now(request: HttpRequest) -> dict[str, Any]:
    """Who acts, and when: the door is where the clock is read."""
    return {"by": request.user, "at": timezone.now()}
