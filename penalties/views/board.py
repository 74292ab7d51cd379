"""The board of cases (案件看板): where they stand, how old they are, what runs out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import verb
from accounts.models import Unit
from deadlines import duties, registry, words
from deadlines.models import Deadline
from legal import calendars
from penalties import board as counting
from penalties.board import Board, Span
from penalties.clocks import CLOCKS
from penalties.forms.listing import NEAR, OPEN
from penalties.models import Case, CaseState, Step

#: Deadlines shown; the rest is one link away.
RUNNING_OUT = 20


@require_safe
@verb("board.view")
def board(request: HttpRequest) -> HttpResponse:
    """Counts over the reader's units (or `?unit=`), each a link to exactly these rows."""
    today = timezone.localdate()
    root = _root(request)
    if root is None:
        return render(request, "penalties/board.html", {"root": None})
    cases = Case.objects.visible_to(request.user).filter(unit__path__startswith=root.path)
    found = counting.board(cases, root, today)
    address = _Address(root.pk)
    return render(
        request,
        "penalties/board.html",
        {
            "root": root,
            "above": root != request.user.unit,
            "now": timezone.localtime(),
            "total": found.total,
            "total_url": address.of(state=OPEN),
            "ages": [span.word for span in counting.AGES],
            "matrix": _matrix(found, address, today),
            "foot": [
                _cell(found.of_age(span.key), address.of(state=OPEN, **_filed(span, today)))
                for span in counting.AGES
            ],
            "left": [_left(span, found, address, today) for span in counting.LEFT],
            "units": [_unit(row, today) for row in found.units],
            "officers": [
                {
                    "name": row.name,
                    "open": _cell(row.open, address.of(state=OPEN, handler=row.officer)),
                    "near": _cell(row.near, address.of(due="near", handler=row.officer)),
                    "over": _cell(row.over, address.of(due="over", handler=row.officer)),
                }
                for row in found.officers
            ],
            "running": _running_out(request, root, today),
            "near_days": NEAR,
        },
    )


def _root(request: HttpRequest) -> Unit | None:
    """The unit that is asked for, within the reader's reach; else the reader's own."""
    asked = request.GET.get("unit", "")
    if asked.isdecimal() and len(asked) < 19:
        return get_object_or_404(Unit.objects.visible_to(request.user), pk=asked)
    own: Unit | None = request.user.unit
    return own


class _Address:
    """The list of cases under conditions, within one unit."""

    def __init__(self, unit: int) -> None:
        self.unit = unit

    def of(self, **conditions: Any) -> str:
        given = {"unit": self.unit} | {k: v for k, v in conditions.items() if v not in (None, "")}
        return f"{reverse('cases:list')}?{urlencode(given)}"


def _cell(number: int, url: str, tone: str = "") -> dict[str, Any]:
    return {"n": number, "url": url if number else "", "tone": tone if number else ""}


def _filed(span: Span, today: date) -> dict[str, str]:
    first, last = counting.filed_between(span, today)
    return {
        "filed_from": first.isoformat() if first else "",
        "filed_to": last.isoformat() if last else "",
    }


def _matrix(found: Board, address: _Address, today: date) -> list[dict[str, Any]]:
    """A row for each step, a cell for each age."""
    return [
        {
            "word": Step(step).label,
            "cells": [
                _cell(
                    found.cells[step, span.key],
                    address.of(state=OPEN, step=step, **_filed(span, today)),
                    "over" if span.key == "more" and step in _BEFORE_DECISION else "",
                )
                for span in counting.AGES
            ],
            "sum": _cell(found.of_step(step), address.of(state=OPEN, step=step)),
        }
        for step in counting.STEPS
    ]


_BEFORE_DECISION = (Step.FILING, Step.INQUIRY, Step.TELLING, Step.HEARING, Step.DECIDING)


def _left(span: Span, found: Board, address: _Address, today: date) -> dict[str, Any]:
    """components/counts.html: cases by what is left of the ninety days."""
    first, last = counting.due_between(span, today)
    count = {
        "name": span.word,
        "value": found.left[span.key],
        "url": address.of(
            state=CaseState.FILED,
            due_from=first.isoformat() if first else "",
            due_to=last.isoformat() if last else "",
        ),
    }
    tone = {"over": "over", "7": "soon"}.get(span.key)
    return count | {"tone": tone} if tone else count


def _unit(row: counting.Row, today: date) -> dict[str, Any]:
    address = _Address(row.unit.pk)
    only = {"unit_only": 1} if row.own else {}
    return {
        "unit": row.unit,
        "own": row.own,
        "url": f"?unit={row.unit.pk}" if row.has_children else "",
        "open": _cell(row.open, address.of(state=OPEN, **only)),
        "near": _cell(row.near, address.of(due="near", **only)),
        "over": _cell(row.over, address.of(due="over", **only)),
    }


def _running_out(request: HttpRequest, root: Unit, today: date) -> list[dict[str, Any]]:
    """What the organ owes in these cases and is late or due within `NEAR` days."""
    kinds = [each.kind for each in CLOCKS.values() if each.duty]
    rows = list(
        Deadline.objects.visible_to(request.user)
        .filter(
            unit__path__startswith=root.path,
            kind__in=kinds,
            state=Deadline.RUNNING,
            due_on__lte=today + timedelta(days=NEAR),
        )
        .select_related("unit", "owner")
        .order_by("due_on", "id")[:RUNNING_OUT]
    )
    subjects = registry.describe({(row.subject_type, row.subject_id) for row in rows})
    calendar = calendars.load()
    told = []
    for row in rows:
        label, url = subjects[row.subject_type, row.subject_id]
        left, tone = words.time_left(row, today, calendar)
        duty = duties.find(row.kind)
        told.append(
            {
                "word": row.kind_word,
                "label": label,
                "url": url,
                "unit": row.unit,
                "owner": row.owner,
                "day": row.due_on,
                "left": left,
                "tone": tone,
                "duties_url": f"{reverse('deadlines:duties')}?duty={row.kind}" if duty else "",
            }
        )
    return told
