"""What the dashboard tells the layout of every page: how much waits, in one query."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import CharField, Count, Value
from django.http import HttpRequest
from django.utils import timezone

from dashboard import desk
from inspections.models import Inspection
from legal import calendars
from penalties.models import Case
from rectification.models import Order

#: A calendar that is loaded meanwhile shows in the numbers after this time at the latest.
HORIZON_SECONDS = 300


def counts(request: HttpRequest) -> dict[str, Any]:
    """Numbers beside the entries of the navigation, and whether the data in sight are made up."""
    user = request.user
    mine = desk.groups(user, _horizon(timezone.localdate()))
    visits = [group.where for group in mine if group.key == "visits"]
    orders, cases = Order.objects.visible_to(user), Case.objects.visible_to(user)
    parts: list[tuple[str, Any]] = [("desk", orders.filter(desk.any_of(mine)))]
    parts += [("desk", Inspection.objects.visible_to(user).filter(where)) for where in visits]
    if user.may("orders.view"):
        parts.append(("orders", orders.open()))
    if user.may("cases.view"):
        parts.append(("cases", cases.open()))
    numbers: Counter[str] = Counter()
    for key, number in _counted(parts):
        numbers[key] += number
    return {
        "counts": dict(numbers),
        "demonstration": user.unit is not None and user.unit.is_demonstration,
    }


def _counted(parts: list[tuple[str, Any]]) -> Any:
    """(key, number) of each part that has rows, in one query."""
    first, *rest = [
        rows.order_by()
        .annotate(desk_key=Value(key, CharField()))
        .values("desk_key")
        .annotate(desk_number=Count("pk"))
        .values_list("desk_key", "desk_number")
        for key, rows in parts
    ]
    return first.union(*rest, all=True) if rest else first


def _horizon(today: date) -> desk.Horizon:
    """The days that the groups need, kept for a while: every page asks for them."""
    key = f"dashboard.horizon.{today}"
    kept: desk.Horizon | None = cache.get(key)
    if kept is None:
        kept = desk.Horizon.of(today, calendars.load())
        cache.set(key, kept, HORIZON_SECONDS)
    return kept
