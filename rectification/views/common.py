"""What the doors of orders share: the order in sight, who acts and when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from notices.models import Service
from rectification import clocks, words
from rectification.models import Order


def now(request: HttpRequest) -> dict[str, Any]:
    """Who acts, and when: the door is where the clock is read."""
    return {"by": request.user, "at": timezone.now()}


def visible(request: HttpRequest, pk: UUID) -> Order:
    """The order with what its page shows, or 404. Findings come along for a draft only: an
    issued order shows what was frozen."""
    orders = Order.objects.visible_to(request.user).select_related(
        "unit",
        "enterprise",
        "inspection",
        "system",
        "notice",
        "drafted_by",
        "approved_by",
        "issued_by",
        "judged_by",
        "withdrawn_by",
    )
    order = get_object_or_404(
        clocks.beside(orders).defer("notice__words", "notice__fingerprint"), pk=pk
    )
    if order.notice is None:
        words.gather(order)
    else:
        attempts = Service.objects.select_related("server_1", "server_2", "proof")
        prefetch_related_objects([order], Prefetch("notice__services", attempts))
    return order
