"""What falls due, the earliest first: the list under its conditions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from deadlines import paging, registry, words
from deadlines.forms import DeadlineConditions
from deadlines.models import Deadline
from legal import calendars
from legal.periods import Calendar

PAGE_SIZE = 30


@require_safe
@access.verb("orders.view")
def list_(request: HttpRequest) -> HttpResponse:
    """What falls due, the earliest first, grouped by day."""
    today = timezone.localdate()
    form = DeadlineConditions(request.GET, user=request.user)
    rows = form.narrow(Deadline.objects.visible_to(request.user), today)
    page = paging.page(rows, request.GET, PAGE_SIZE)
    return render(
        request,
        "deadlines/list.html",
        {
            "form": form,
            "chips": form.chips(request.GET),
            "days": by_day(entries(page.rows, today, calendars.load())),
            "previous": page.previous,
            "next": page.next,
            "shown": len(page.rows),
            "views": ready_views(request, "deadlines:list", today),
            "week": _weeks(form.cleaned_data.get("week"), today),
            "month_url": _month_url(form, request, today),
        },
    )


def entries(rows: list[Deadline], today: date, calendar: Calendar) -> list[dict[str, Any]]:
    """What templates/deadlines/_rows.html shows of each; one query for each kind of record."""
    subjects = registry.describe({(row.subject_type, row.subject_id) for row in rows})
    told = []
    for row in rows:
        left, tone = words.time_left(row, today, calendar)
        label, url = subjects[row.subject_type, row.subject_id]
        told.append({"deadline": row, "label": label, "url": url, "left": left, "tone": tone})
    return told


def by_day(told: list[dict[str, Any]]) -> Any:
    """(day, entries of it) in the order given."""
    days: dict[date, list[dict[str, Any]]] = {}
    for entry in told:
        days.setdefault(entry["deadline"].due_on, []).append(entry)
    return days.items()


def ready_views(request: HttpRequest, name: str, today: date) -> list[dict[str, Any]]:
    """Month and agenda, and ready conditions, for components/views.html."""
    here = request.GET.urlencode()
    month = name == "deadlines:month"
    ready = [
        (_("未结束"), ""),
        (_("我承办的"), "officer=me"),
        (_("已逾期"), "state=overdue"),
        (_("本周"), f"week={today.isoformat()}"),
        (_("已完成"), "state=met"),
    ]
    views = [{"name": _("月历"), "url": reverse("deadlines:month"), "here": month}]
    for word, query in ready:
        address = reverse("deadlines:list") + (f"?{query}" if query else "")
        views.append({"name": word, "url": address, "here": not month and here == query})
    return views


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


def _month_url(form: DeadlineConditions, request: HttpRequest, today: date) -> str:
    """The month of the day or week in sight, under the same conditions."""
    day = form.cleaned_data.get("day") or form.cleaned_data.get("week") or today
    query = kept(request.GET)
    query["month"] = f"{day:%Y-%m}"
    return f"{reverse('deadlines:month')}?{query.urlencode()}"


def kept(params: QueryDict) -> QueryDict:
    """The conditions that agenda and month share, from an address."""
    query = QueryDict(mutable=True)
    for name in ("kind", "state", "unit", "officer"):
        if params.get(name):
            query[name] = str(params[name])
    return query
