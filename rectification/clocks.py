"""The deadlines of an order as its page shows them: they come with the row, in one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse

from deadlines.models import Deadline
from rectification.models import Extension, Order, OrderQuerySet
from rectification.orders import DEADLINE_KIND, REINSPECT_KIND


@dataclass(frozen=True)
class Clock:
    """A deadline of an order, or of what was given more time, as its page needs it."""

    id: UUID
    kind: str
    due_on: date
    is_open: bool
    derivation: dict[str, Any]

    def get_absolute_url(self) -> str:
        return reverse("deadlines:detail", args=[self.id])


def _rows(deadlines: QuerySet) -> ArraySubquery:
    return ArraySubquery(
        deadlines.filter(kind__in=[DEADLINE_KIND, REINSPECT_KIND])
        .order_by("started_at", "entered_at")
        .annotate(
            row=JSONObject(
                id="pk",
                kind="kind",
                due_on="due_on",
                state="state",
                entered_at="entered_at",
                derivation="derivation",
            )
        )
        .values_list("row", flat=True)
    )


def beside(orders: OrderQuerySet) -> OrderQuerySet:
    """Each order with its deadlines; by subject in two parts, so that the index answers both."""
    asked = Extension.objects.filter(order=OuterRef(OuterRef("pk"))).order_by().values("pk")
    return orders.annotate(
        own_clocks=_rows(
            Deadline.objects.filter(subject_type=Order._meta.label_lower, subject_id=OuterRef("pk"))
        ),
        moved_clocks=_rows(
            Deadline.objects.filter(subject_type=Extension._meta.label_lower, subject_id__in=asked)
        ),
    )


def of(order: Any) -> list[Clock]:
    """The deadlines of an order that `beside` gave, oldest first."""
    rows = sorted([*order.own_clocks, *order.moved_clocks], key=lambda row: row["entered_at"])
    return [
        Clock(
            id=UUID(row["id"]),
            kind=row["kind"],
            due_on=date.fromisoformat(row["due_on"]),
            is_open=row["state"] in Deadline.OPEN,
            derivation=row["derivation"],
        )
        for row in rows
    ]


def derivation(order: Order, clocks: Sequence[Clock]) -> dict[str, Any] | None:
    """Why the due day is that day: of the deadline that stands for it."""
    standing = [
        each for each in clocks if each.kind == DEADLINE_KIND and each.due_on == order.due_on
    ]
    return standing[-1].derivation if standing else None
