"""One search over what people name things by: enterprises, papers, inspections.

Two characters suffice. Numbers are found by their digits ("12" in 责通字〔2025〕12号) or by any
part as it is written. Nothing outside the reader's scope is found or counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from enterprises.models import Enterprise
from inspections.models import Inspection
from notices.models import Notice
from rectification.models import Order

#: Rows shown of one kind.
ROWS = 10
SHORTEST = 2


@dataclass(frozen=True)
class Found:
    """Rows of one kind; `more` says that there are further ones."""

    rows: list[Any]
    more: bool


def search(text: str, user: User) -> dict[str, Found]:
    """Enterprises, orders (by the number of their notice) and inspections that match.

    Empty for fewer than SHORTEST characters. Three queries.
    """
    asked = text.strip()
    if len(asked) < SHORTEST:
        return {}
    found: dict[str, Found] = {}
    if user.may("enterprises.view"):
        found["enterprises"] = _first(
            Enterprise.objects.visible_to(user)
            .search(asked)
            .select_related("unit", "region")
            .order_by("name", "id")
        )
    if user.may("orders.view"):
        found["orders"] = _first(
            Order.objects.visible_to(user)
            .filter(_of_notice(asked) | Q(enterprise__in=_named(asked, user)))
            .for_list()
            .order_by("-drafted_at", "-id")
        )
    if user.may("inspections.view"):
        found["inspections"] = _first(
            Inspection.objects.visible_to(user)
            .filter(
                Q(number__icontains=asked)
                | Q(notice_number__icontains=asked)
                | Q(enterprise__in=_named(asked, user))
            )
            .select_related("enterprise", "unit")
            .order_by("-started_at", "-id")
        )
    return found


def _of_notice(asked: str) -> Q:
    return Q(notice__in=Notice.objects.filter(number__icontains=asked).values("pk"))


def _named(asked: str, user: User) -> QuerySet[Any]:
    return Enterprise.objects.visible_to(user).search(asked).order_by().values("pk")


def _first(rows: QuerySet[Any]) -> Found:
    shown = list(rows[: ROWS + 1])
    return Found(shown[:ROWS], len(shown) > ROWS)
