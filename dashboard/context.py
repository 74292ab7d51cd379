"""What the dashboard tells the layout of every page: how much waits, in one query."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from dashboard import desk
from legal import calendars
from penalties.models import Case
from rectification.models import Order

#: A calendar that is loaded meanwhile shows in the numbers after this time at the latest.
HORIZON_SECONDS = 300


def counts(request: HttpRequest) -> dict[str, Any]:
    """Numbers beside the entries of the navigation, and whether the data in sight are made up."""
    user = request.user
    mine = desk.groups(user, _horizon(timezone.localdate()))
    found = [*mine]
    if user.may("orders.view"):
        found.append(desk.Group("orders", "", Order.objects.visible_to(user).open(), ("pk",)))
    if user.may("cases.view"):
        found.append(desk.Group("cases", "", Case.objects.visible_to(user).open(), ("pk",)))
    numbers = desk.counted(found)
    return {
        "counts": {
            "desk": sum(numbers.get(group.key, 0) for group in mine),
            "orders": numbers.get("orders", 0),
            "cases": numbers.get("cases", 0),
        },
        "demonstration": bool(user.unit_id and user.unit.is_demonstration),
    }


def _horizon(today: date) -> desk.Horizon:
    """The days that the groups need, kept for a while: every page asks for them."""
    kept: desk.Horizon = cache.get_or_set(
        f"dashboard.horizon.{today}",
        lambda: desk.Horizon.of(today, calendars.load()),
        HORIZON_SECONDS,
    )
    return kept
