"""Doors of what falls due: the list by day, the life of one date, the private calendar feed."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from deadlines import feeds, registry, story, words
from deadlines.forms import DeadlineConditions
from deadlines.models import Deadline, DeadlineQuerySet, Feed
from legal import calendars

PAGE_SIZE = 30


@require_safe
@access.verb("orders.view")
def list_(request: HttpRequest) -> HttpResponse:
    """What falls due, the earliest first, grouped by day."""
    today = timezone.localdate()
    form = DeadlineConditions(request.GET, user=request.user)
    rows = form.narrow(Deadline.objects.visible_to(request.user).select_related("unit"), today)
    page, previous, following = _page(rows, request.GET)
    subjects = registry.describe({(row.subject_type, row.subject_id) for row in page})
    calendar = calendars.load()
    days: dict[date, list[dict]] = {}
    for row in page:
        left, tone = words.time_left(row, today, calendar)
        label, url = subjects[row.subject_type, row.subject_id]
        days.setdefault(row.due_on, []).append(
            {"deadline": row, "label": label, "url": url, "left": left, "tone": tone}
        )
    return render(
        request,
        "deadlines/list.html",
        {
            "form": form,
            "days": days.items(),
            "previous": previous,
            "next": following,
            "shown": len(page),
            "views": _views(request, today),
            "week": _weeks(form.cleaned_data.get("week"), today),
        },
    )


def _views(request: HttpRequest, today: date) -> list[dict]:
    """Ready conditions, for components/views.html."""
    here = request.GET.urlencode()
    ready = [
        (_("未结束"), ""),
        (_("已逾期"), "state=overdue"),
        (_("本周"), f"week={today.isoformat()}"),
        (_("已完成"), "state=met"),
    ]
    return [
        {
            "name": name,
            "url": reverse("deadlines:list") + (f"?{query}" if query else ""),
            "here": here == query,
        }
        for name, query in ready
    ]


def _weeks(week: date | None, today: date) -> dict[str, date]:
    """The Mondays before and after the week in sight, or this week."""
    day = week or today
    monday = day - timedelta(days=day.weekday())
    return {
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
    }


def _page(rows: DeadlineQuerySet, params: dict) -> tuple[list[Deadline], str, str]:
    """One page by key (due day, id): its rows, and the keys for the pages around it.

    A key that does not read is ignored: addresses get cut when they are pasted.
    """
    after, before = _key(params.get("after")), _key(params.get("before"))
    if before is not None:
        found = rows.filter(
            Q(due_on__lt=before[0]) | Q(due_on=before[0], id__lt=before[1])
        ).order_by("-due_on", "-id")
        page = list(found[: PAGE_SIZE + 1])
        more, page = len(page) > PAGE_SIZE, page[:PAGE_SIZE][::-1]
        return page, _token(page[0]) if more else "", _token(page[-1]) if page else ""
    if after is not None:
        rows = rows.filter(Q(due_on__gt=after[0]) | Q(due_on=after[0], id__gt=after[1]))
    page = list(rows.order_by("due_on", "id")[: PAGE_SIZE + 1])
    more, page = len(page) > PAGE_SIZE, page[:PAGE_SIZE]
    previous = _token(page[0]) if page and after is not None else ""
    return page, previous, _token(page[-1]) if more else ""


def _token(row: Deadline) -> str:
    return f"{row.due_on.isoformat()}.{row.pk}"


def _key(token: str | None) -> tuple[date, UUID] | None:
    day, dot, pk = (token or "").partition(".")
    try:
        return (date.fromisoformat(day), UUID(pk)) if dot else None
    except ValueError:
        return None


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
            "story": story.tell(rows),
            "successor": next((row for row in rows if row.replaces_id == deadline.pk), None),
        },
    )


# --- The private feed --------------------------------------------------------------------------


@require_safe
@access.verb("orders.view")
def feed(request: HttpRequest) -> HttpResponse:
    """Whether the person has a calendar address, and how to get a new one."""
    return _feed_page(request, "")


def _feed_page(request: HttpRequest, address: str) -> HttpResponse:
    existing = Feed.objects.filter(user=request.user).first()
    return render(request, "deadlines/feed.html", {"feed": existing, "address": address})


@require_POST
@access.verb("orders.view")
def open_feed(request: HttpRequest) -> HttpResponse:
    """Make a new address and show it this once."""
    token = feeds.open_feed(request.user, by=request.user, at=timezone.now())
    address = settings.ZHENGGAI_PUBLIC_URL + reverse("deadlines:ics", args=[token])
    response = _feed_page(request, address)
    patch_cache_control(response, no_store=True)
    return response


@require_POST
@access.verb("orders.view")
def close_feed(request: HttpRequest) -> HttpResponse:
    """Make the address void."""
    feeds.close_feed(request.user, by=request.user, at=timezone.now())
    messages.success(request, _("日历订阅已关闭，原地址失效。"))
    return redirect("deadlines:feed")


@access.public
@require_safe
def ics(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar itself; the address is the secret, and a wrong one is simply not there."""
    owner = feeds.owner(token)
    if owner is None:
        raise Http404
    response = HttpResponse(feeds.calendar(owner), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="zhenggai.ics"'
    patch_cache_control(response, private=True, no_store=True)
    return response
