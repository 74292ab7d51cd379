"""The month: counts by day, the first few of each, and the agenda of the day chosen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from deadlines import month as months
from deadlines.forms import FIRST, LAST, MonthConditions
from deadlines.models import Deadline
from deadlines.month import Month
from deadlines.views.agenda import entries, kept, ready_views
from legal import calendars

#: How many of the day chosen are listed; all of them are one click away, in the agenda.
OF_A_DAY = 20


@require_safe
@access.verb("orders.view")
def month(request: HttpRequest) -> HttpResponse:
    """A month of what falls due; ?month=2026-11 and, for one day of it, ?day=2026-11-23."""
    today = timezone.localdate()
    form = MonthConditions(request.GET, user=request.user)
    first, chosen = form.chosen(today)
    form.show(first)
    rows = form.narrow(Deadline.objects.visible_to(request.user), today)
    calendar = calendars.load()
    shown = months.of(rows, first, today, calendar)
    chosen = chosen or _first_of_interest(shown, today)
    of_day = list(rows.filter(due_on=chosen).select_related("unit").order_by("id")[:OF_A_DAY])
    told = entries([*months.named(rows, shown), *of_day], today, calendar)
    split = len(told) - len(of_day)
    cells = {day.on: day for day in shown.days}
    for entry in told[:split]:
        cells[entry["deadline"].due_on].entries.append(entry)
    query = kept(request.GET)
    for day in shown.days:
        day.url = _address(query, first, day.on)
    return render(
        request,
        "deadlines/month.html",
        {
            "form": form,
            "chips": form.chips(request.GET),
            "month": shown,
            "chosen": cells[chosen],
            "of_day": [(chosen, told[split:])] if of_day else [],
            "before": _address(query, shown.before) if shown.before >= FIRST else "",
            "after": _address(query, shown.after) if shown.after <= LAST else "",
            "this_month": _address(query, today) if today not in cells else "",
            "agenda_url": _agenda(query, chosen),
            "views": ready_views(request, "deadlines:month", today),
        },
    )


def _first_of_interest(shown: Month, today: date) -> date:
    """Today where it lies in the month, else the first day with something, else the first."""
    days = [day for day in shown.days if day.in_month]
    if shown.first <= today <= days[-1].on:
        return today
    return next((day.on for day in days if day.total), shown.first)


def _address(query: Any, first: date, day: date | None = None) -> str:
    """The month's address under the same conditions; a day of another month leads there."""
    asked = query.copy()
    asked["month"] = f"{(day or first):%Y-%m}"
    if day is not None:
        asked["day"] = day.isoformat()
    return f"{reverse('deadlines:month')}?{asked.urlencode()}" + ("#day" if day else "")


def _agenda(query: Any, day: date) -> str:
    asked = query.copy()
    asked["day"] = day.isoformat()
    return f"{reverse('deadlines:list')}?{asked.urlencode()}"
