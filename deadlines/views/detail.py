"""The door of one date: its whole life, and why it is that day."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from deadlines import registry, story, words
from deadlines.models import Deadline
from legal import calendars


@require_safe
@access.verb("orders.view")
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole life of one date: every row of its chain, and why each is that day."""
    visible = Deadline.objects.visible_to(request.user).select_related("unit")
    deadline = get_object_or_404(visible, pk=pk)
    rows = list(
        Deadline.objects.visible_to(request.user)
        .filter(
            subject_type=deadline.subject_type,
            subject_id=deadline.subject_id,
            kind=deadline.kind,
        )
        .order_by("started_at", "entered_at")
    )
    today = timezone.localdate()
    label, url = registry.describe({(deadline.subject_type, deadline.subject_id)})[
        deadline.subject_type, deadline.subject_id
    ]
    left, tone = words.time_left(deadline, today, calendars.load())
    return render(
        request,
        "deadlines/detail.html",
        {
            "deadline": deadline,
            "label": label,
            "url": url,
            "left": left,
            "tone": tone,
            "today": today if deadline.is_open else None,
            "story": story.of(rows),
            "successor": next((row for row in rows if row.replaces_id == deadline.pk), None),
        },
    )
