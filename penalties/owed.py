"""What is owed in a case now, and until when: the deadlines that run on it and on its records."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import CharField, Value
from django.urls import reverse

from accounts.models import User
from deadlines import duties, words
from deadlines.models import Deadline
from legal import periods
from legal.periods import Calendar
from notices.shown import Articles
from penalties import clocks
from penalties.models import Case, OfCase


def _models() -> list[type[OfCase]]:
    """The kinds of record that a clock can stand on."""
    named = sorted({each.on for each in clocks.CLOCKS.values() if each.on})
    return [apps.get_model("penalties", name) for name in named]


def deadlines(case: Case) -> list[Deadline]:
    """Every open deadline of the case, the nearest first; two queries."""
    first, *rest = (
        model._default_manager.filter(case=case)
        .order_by()
        .annotate(of=Value(model._meta.label_lower, CharField()))
        .values_list("of", "pk")
        for model in _models()
    )
    subjects: dict[str, list[UUID]] = {}
    for label, pk in [(Case._meta.label_lower, case.pk), *first.union(*rest, all=True)]:
        subjects.setdefault(label, []).append(pk)
    found = Deadline.objects.open().filter(
        subject_type__in=list(subjects),
        subject_id__in=[pk for pks in subjects.values() for pk in pks],
    )
    return list(found.order_by("due_on", "id"))


def shown(
    found: list[Deadline], user: User, today: date, calendar: Calendar, articles: Articles
) -> list[dict[str, Any]]:
    """Each as the page has it: what, until when, under which article, and where it is done.

    `ours` is False for a period that the party has: nothing is owed by it, but nothing may go on
    as if it had passed.
    """
    told = []
    for row in found:
        duty = duties.find(row.kind)
        left, tone = _time_left(row, today, calendar)
        told.append(
            {
                "word": row.kind_word,
                "what": str(duty.what) if duty else "",
                "ours": duty is not None,
                "day": row.due_on,
                "left": left,
                "tone": tone if duty is not None else "",
                "basis": articles.links(list(duty.basis)) if duty else [],
                "url": _url(row),
                "why_url": row.get_absolute_url() if user.may("orders.view") else "",
            }
        )
    return told


def _time_left(row: Deadline, today: date, calendar: Calendar) -> tuple[str, str]:
    """As everywhere, but a period that is counted in days or months is told in days, as in the head
    of the case: one page may not give two numbers for the ninety days."""
    told = row.state == Deadline.RUNNING and not row.held
    if not told or row.derivation.get("unit") == periods.WORKING_DAY:
        return words.time_left(row, today, calendar)
    days = (row.due_on - today).days
    kind = "today" if days == 0 else "left" if days > 0 else "over"
    left = periods.Left(kind, abs(days), "day")
    return words.left_text(left), words.tone(left)


def _url(row: Deadline) -> str:
    """The tab on which the record stands; the case itself needs no link."""
    if row.subject_type == Case._meta.label_lower:
        return ""
    return reverse(f"cases:{row.subject_type.partition('.')[2]}", args=[row.subject_id])
