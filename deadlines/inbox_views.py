"""Doors of the inbox: what a person is reminded of, and putting it aside."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.access import Request
from deadlines import inbox, registry, words
from deadlines.forms_inbox import InboxConditions
from deadlines.models import Reminder
from legal import calendars

PAGE_SIZE = 30


@require_safe
@access.signed_in
def inbox_(request: Request) -> HttpResponse:
    """Reminders that address the person now, the newest first; unread ones unless asked."""
    now, today = timezone.now(), timezone.localdate()
    form = InboxConditions(request.GET)
    after = _key(request.GET.get("after"))
    found = inbox.page(request.user, form.wanted(after), now=now, today=today, size=PAGE_SIZE + 1)
    more, shown = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    return render(
        request,
        "deadlines/inbox.html",
        {
            "form": form,
            "rows": _rows(shown, request, now),
            "views": _views(request),
            "show": form.which,
            "narrowed": form.is_narrowed,
            "next": _token(shown[-1]) if more else "",
            "first_page": after is None,
            "here": request.get_full_path(),
        },
    )


def _rows(found: list[Reminder], request: Request, now: datetime) -> list[dict[str, Any]]:
    """What the page says of each: two queries more, whatever their number."""
    today, calendar = timezone.localdate(now), calendars.load()
    subjects = registry.describe({(r.deadline.subject_type, r.deadline.subject_id) for r in found})
    new = inbox.not_put_aside(request.user, found)
    rows = []
    for reminder in found:
        deadline = reminder.deadline
        label, url = subjects[deadline.subject_type, deadline.subject_id]
        left, tone = words.time_left(deadline, today, calendar)
        rows.append(
            {
                "reminder": reminder,
                "deadline": deadline,
                "label": label,
                "url": url,
                "left": left if deadline.is_open else _("已办结"),
                "tone": tone,
                "is_new": reminder.pk in new and deadline.is_open,
            }
        )
    return rows


def _views(request: Request) -> list[dict[str, Any]]:
    here = request.GET.urlencode()
    address = reverse("deadlines:inbox")
    ready = [
        (_("未读"), ""),
        (_("全部"), "show=all"),
        (_("已逾期"), "show=all&overdue=on"),
        (_("下级上报"), "show=all&reports=on"),
    ]
    return [
        {"name": name, "url": f"{address}?{query}" if query else address, "here": here == query}
        for name, query in ready
    ]


def _token(row: Reminder) -> str:
    return f"{row.entered_at.isoformat()}_{row.pk}"


def _key(token: str | None) -> tuple[datetime, UUID] | None:
    """The key of a row; one that does not read is ignored: addresses get cut when pasted."""
    moment, line, pk = (token or "").partition("_")
    try:
        at = datetime.fromisoformat(moment) if line else None
        return (at, UUID(pk)) if at is not None and at.tzinfo is not None else None
    except ValueError:
        return None


@require_POST
@access.signed_in
def see(request: Request, pk: UUID) -> HttpResponse:
    """Put one reminder aside."""
    reminder = get_object_or_404(Reminder.objects.visible_to(request.user), pk=pk)
    inbox.see(request.user, reminder, at=timezone.now())
    return _back(request)


@require_POST
@access.signed_in
def see_all(request: Request) -> HttpResponse:
    """Put everything aside."""
    inbox.see_all(request.user, at=timezone.now())
    messages.success(request, _("全部提醒已设为已读。"))
    return _back(request)


def _back(request: Request) -> HttpResponse:
    """To the conditions under which the person was reading."""
    target = request.POST.get("next", "")
    address = reverse("deadlines:inbox")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return redirect(target if safe and target.startswith(address) else address)
