"""Pages of deadlines by key (due day, id): as quick on the last page as on the first.

The address carries the key of the row next to the page (`after=` or `before=`). A key that does
not read is ignored: addresses get cut when they are pasted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from deadlines.models import Deadline, DeadlineQuerySet


@dataclass(frozen=True)
class Page:
    """Rows of one page; `previous` and `next` are cursors for the address, empty at an end."""

    rows: list[Deadline]
    previous: str
    next: str


def page(rows: DeadlineQuerySet, params: Mapping[str, str], size: int) -> Page:
    """One page of the rows, the earliest due first, each with its unit."""
    rows = rows.select_related("unit")
    after, before = _key(params.get("after")), _key(params.get("before"))
    if before is not None:
        found = rows.filter(
            Q(due_on__lt=before[0]) | Q(due_on=before[0], id__lt=before[1])
        ).order_by("-due_on", "-id")
        shown = list(found[: size + 1])
        more, shown = len(shown) > size, shown[:size][::-1]
        return Page(shown, _token(shown[0]) if more else "", _token(shown[-1]) if shown else "")
    if after is not None:
        rows = rows.filter(Q(due_on__gt=after[0]) | Q(due_on=after[0], id__gt=after[1]))
    shown = list(rows.order_by("due_on", "id")[: size + 1])
    more, shown = len(shown) > size, shown[:size]
    previous = _token(shown[0]) if shown and after is not None else ""
    return Page(shown, previous, _token(shown[-1]) if more else "")


def _token(row: Deadline) -> str:
    return f"{row.due_on.isoformat()}.{row.pk}"


def _key(token: str | None) -> tuple[date, UUID] | None:
    day, dot, pk = (token or "").partition(".")
    try:
        return (date.fromisoformat(day), UUID(pk)) if dot else None
    except ValueError:
        return None
