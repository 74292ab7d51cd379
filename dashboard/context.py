"""What the dashboard tells the layout of every page: how much waits, in one query."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import CharField, Count, Value
from django.http import HttpRequest
from django.utils import timezone

from bulletins.models import Bulletin
from dashboard import desk
from deadlines import inbox
from inspections.models import Inspection
from legal import calendars
from penalties.models import Case
from rectification.models import Order

#: A calendar that is loaded meanwhile shows in the numbers after this time at the latest.
HORIZON_SECONDS = 300


def counts(request: HttpRequest) -> dict[str, Any]:
    """Numbers beside the entries of the navigation, and whether the data in sight are made up."""
    user = request.user
    orders, cases = Order.objects.visible_to(user), Case.objects.visible_to(user)
    parts: list[tuple[str, Any]] = []
    counted = getattr(request, "desk_total", None)  # by the desk itself
    if counted is None:
        mine = desk.groups(user, _horizon(timezone.localdate()))
        parts.append(("desk", orders.filter(desk.CANDIDATES).filter(desk.any_of(mine))))
        visits = [group.where for group in mine if group.key == "visits"]
        parts += [("desk", Inspection.objects.visible_to(user).filter(where)) for where in visits]
    if user.may("orders.view"):
        parts.append(("orders", orders.open()))
    if user.may("cases.view"):
        parts.append(("cases", cases.open()))
    if user.may("bulletins.approve"):
        parts.append(("bulletins", Bulletin.objects.visible_to(user).to_approve(user)))
    numbers = Counter({"desk": counted} if counted else {})
    unread = inbox.unread_query(user, timezone.now())
    for key, number in _counted(parts, [] if unread is None else [unread]):
        numbers[key] += number
    return {
        "counts": {"reminders": 0} | dict(numbers),
        "demonstration": user.unit is not None and user.unit.is_demonstration,
    }


def _counted(parts: list[tuple[str, Any]], ready: list[Any]) -> Any:
    """(key, number) of each part that has rows, and of those counted already, in one query."""
    found = [
        rows.order_by()
        .annotate(desk_key=Value(key, CharField()))
        .values("desk_key")
        .annotate(desk_number=Count("pk"))
        .values_list("desk_key", "desk_number")
        for key, rows in parts
    ]
    if not found and not ready:
        return []
    first, *rest = found + ready
    return first.union(*rest, all=True) if rest else first


def _horizon(today: date) -> desk.Horizon:
    """The days that the groups need, kept for a while: every page asks for them."""
    key = f"dashboard.horizon.{today}"
    kept: desk.Horizon | None = cache.get(key)
    if kept is None:
        kept = desk.Horizon.of(today, calendars.load())
        cache.set(key, kept, HORIZON_SECONDS)
    return kept
