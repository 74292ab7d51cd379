"""Pages of a long list by key, not by count: as quick on the last page as on the first.

The address carries the sort values of the row next to the page (`after=` or `before=`). A token
that does not read is ignored and the first page shown: addresses get cut when they are pasted.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.http import QueryDict

PAGE_SIZE = 25


@dataclass(frozen=True)
class Page:
    """Rows of one page; `previous` and `next` are cursors for the address, empty at an end."""

    rows: list
    previous: str
    next: str

    def __iter__(self):
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page(
    queryset: QuerySet, *, order: Sequence[str], params: QueryDict, size: int = PAGE_SIZE
) -> Page:
    """One page of the queryset in the order given.

    `order` names concrete non-null columns with an optional minus sign; the last must be unique.
    `params` is request.GET; components/pager.html keeps its other keys in the links.
    """
    back = bool(params.get("before"))
    values = _read(params.get("before") or params.get("after") or "", queryset.model, order)
    if values is None:
        back = False
    walk = [_flip(name) for name in order] if back else list(order)
    found = queryset.order_by(*walk)
    if values is not None:
        found = found.filter(_beyond(walk, values))
    rows = list(found[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if back:
        rows.reverse()
    has_next = bool(rows) and (more if not back else True)
    has_previous = bool(rows) and (more if back else values is not None)
    return Page(
        rows=rows,
        previous=_token(rows[0], order) if has_previous else "",
        next=_token(rows[-1], order) if has_next else "",
    )


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(walk: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after the key (a, b, c) in the walk: (a > …) or (a = … and b > …) or …"""
    condition = Q()
    equal: dict[str, Any] = {}
    for name, value in zip(walk, values, strict=True):
        column = name.lstrip("-")
        comparison = "lt" if name.startswith("-") else "gt"
        condition |= Q(**equal, **{f"{column}__{comparison}": value})
        equal[column] = value
    return condition


def _column(model: type[Model], name: str) -> Field:
    column = model._meta.get_field(name.lstrip("-"))
    assert isinstance(column, Field)
    return column


def _token(row: Model, order: Sequence[str]) -> str:
    values = [_column(type(row), name).value_to_string(row) for name in order]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _read(token: str, model: type[Model], order: Sequence[str]) -> list | None:
    if not token:
        return None
    try:
        texts = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return [
            _column(model, name).to_python(text) for name, text in zip(order, texts, strict=True)
        ]
    except (ValueError, TypeError, ValidationError):
        return None
