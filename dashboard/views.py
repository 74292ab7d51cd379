"""Doors of the desk, the board and the search. They read; nothing here writes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import signed_in, verb
from accounts.models import Unit
from audit import trail
from audit.models import Event
from dashboard import board as counting
from dashboard import desk as waiting
from dashboard import figures, links
from dashboard import search as finding
from dashboard.figures import Period
from dashboard.panels import Panels
from dashboard.rows import Reader, tasks
from dashboard.suggestions import duty_rows
from deadlines import duties
from legal import calendars
from legal.periods import Calendar
from rectification.models import Order

#: Acts shown under "最近" on the desk: those of procedure, not who looked at what.
RECENT_VERBS = ("orders.", "cases.", "inspections.record", "notices.print")
RECENT = 6
YEARS_BACK = 3


@require_safe
@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """我的待办: what waits for this person, most urgent first."""
    today, calendar = timezone.localdate(), calendars.load()
    horizon = waiting.Horizon.of(today, calendar)
    found = waiting.waiting(waiting.groups(request.user, horizon), request.user)
    reader = Reader(request.user, today, calendar)
    coming, owed = _coming(request, horizon, calendar)
    total = sum(each.total for each in found)
    # The layout counts the same for the navigation: not twice on one page.
    request.desk_total = total  # type: ignore[attr-defined]
    return render(
        request,
        "dashboard/desk.html",
        {
            "total": total,
            "groups": [_group(each, reader) for each in found if each.total],
            "counts": _counts(found, horizon),
            "rail": request.user.may("orders.view"),
            "coming": coming,
            "duties": duty_rows(owed, reader.articles),
            "horizon": horizon,
            "missing_words": _missing(horizon),
            "recent": _recent(request),
            "empty": _nothing(request, coming),
            **_ways(request),
        },
    )


def _group(each: waiting.Waiting, reader: Reader) -> dict[str, Any]:
    """One group of the desk, with its first rows."""
    return {
        "key": each.group.key,
        "title": each.group.title,
        "tone": each.group.tone,
        "hint": each.group.hint,
        "total": each.total,
        "tasks": tasks(each, reader),
        "more": each.total > waiting.ROWS,
        "exact": each.group.exact,
        "url": _all_of(each.group),
    }


def _missing(horizon: waiting.Horizon) -> str:
    """The sentence about the year whose calendar is missing, in the language of the page."""
    if horizon.missing is None:
        return ""
    return _("%(year)d年日历未导入，不能计算工作日，以下按日历天数。") % {"year": horizon.missing}


def _ways(request: HttpRequest) -> dict[str, str]:
    """Where else the desk leads, as far as this person may go there."""
    user = request.user
    ways = {
        "new_visit_url": ("inspections:new", "inspections.record"),
        "calendar_url": ("deadlines:list", "orders.view"),
        "feed_url": ("deadlines:feed", "orders.view"),
        "trail_url": ("trail:list", "trail.view"),
        "cases_url": ("cases:list", "cases.view"),
    }
    return {key: reverse(name) if user.may(code) else "" for key, (name, code) in ways.items()}


def _nothing(request: HttpRequest, coming: list[dict[str, Any]]) -> dict[str, str]:
    """What an empty desk says: the next day on which something falls due, or where to go."""
    user = request.user
    if coming:
        return {
            "title": _("没有等您办理的事项"),
            "text": _("下一个到期日是 %(day)s。") % {"day": date_format(coming[0]["day"])},
            "url": coming[0]["url"],
            "url_text": _("查看当天到期的"),
        }
    if user.may("orders.view"):
        return {
            "title": _("没有等您办理的事项"),
            "text": _("未来 10 个工作日没有到期的责令改正。"),
            "url": links.orders(),
            "url_text": _("查看责令改正"),
        }
    return {
        "title": _("您的角色没有业务待办"),
        "text": _("管理工作从左侧导航进入。"),
        "url": "",
        "url_text": "",
    }


def _all_of(group: waiting.Group) -> str:
    if group.key == "visits":
        return links.inspections(**group.params)
    return links.orders(**group.params)


def _counts(found: list[waiting.Waiting], horizon: waiting.Horizon) -> list[dict[str, Any]]:
    """The strip on top: related groups together, each a jump to the first of them."""
    totals = {each.group.key: each.total for each in found}
    soon = _("3 个工作日内到期") if horizon.working else _("3 天内到期")
    later = _("7 个工作日内到期") if horizon.working else _("7 天内到期")
    strips: list[tuple[str, tuple[str, ...], str]] = [
        (_("逾期"), ("over",), "over"),
        (soon, ("today", "soon"), "soon"),
        (later, ("later",), ""),
        (_("待复查、结论、处理"), ("reinspect", "judge", "unmet"), ""),
        (_("待送达"), ("serve",), ""),
        (_("待签批、退回"), ("extension", "sign", "returned"), ""),
    ]
    counts = []
    for name, keys, tone in strips:
        if not any(key in totals for key in keys):
            continue
        first = next((key for key in keys if totals.get(key)), keys[0])
        count = {"name": name, "value": sum(totals.get(key, 0) for key in keys), "url": f"#{first}"}
        counts.append(count | {"tone": tone} if tone else count)
    return counts


def _coming(
    request: HttpRequest, horizon: waiting.Horizon, calendar: Any
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The days from today on which something falls due, with what kind of day each is; and the
    unit's own duties that are owed."""
    if not request.user.may("orders.view"):
        return [], {}
    numbers, owed = waiting.coming(request.user, horizon)
    days = []
    for day, number in numbers:
        kind = calendar.kind_of(day) if day.year in calendar else None
        days.append(
            {
                "day": day,
                "number": number,
                "today": day == horizon.today,
                "soon": day <= horizon.soon,
                "made_up": bool(kind and kind.is_working and day.weekday() >= 5),
                "rest": bool(kind and not kind.is_working),
                "url": links.orders(view="due", due_from=day.isoformat(), due_to=day.isoformat()),
            }
        )
    return days, owed


def _recent(request: HttpRequest) -> list[dict[str, Any]]:
    if not request.user.may("orders.view"):
        return []
    of_procedure = Q()
    for prefix in RECENT_VERBS:
        of_procedure |= Q(verb__startswith=prefix)
    events = (
        Event.objects.visible_to(request.user)
        .filter(of_procedure)
        .order_by("-happened_at", "-id")[:RECENT]
    )
    return [{"at": event.happened_at, "title": trail.describe(event)} for event in events]


# --- The board ----------------------------------------------------------------------------------


@require_safe
@verb("board.view")
def board(request: HttpRequest) -> HttpResponse:
    """监督看板: counts over the reader's units, each a link to the rows behind it."""
    today, calendar = timezone.localdate(), calendars.load()
    root = _root(request)
    if root is None:
        return render(request, "dashboard/board.html", {"root": None})
    choices = spans_offered(today)
    panels = _panels(request, root, _period(request, choices), today, calendar)
    return render(
        request,
        "dashboard/board.html",
        {
            "root": root,
            "above": root != request.user.unit,
            "cases_url": f"{reverse('cases:board')}?unit={root.pk}"
            if request.user.may("cases.view")
            else "",
            "now": timezone.localtime(),
            "period": panels.period,
            "periods": choices,
            "enough": figures.ENOUGH,
            "sentence": panels.sentence(),
            "kpis": panels.kpis(),
            "trend": panels.trend(),
            "ageing": panels.ageing(),
            "units": panels.units(every="units" in request.GET),
            "types": panels.types(every="types" in request.GET),
            "verdicts": panels.verdicts(),
            "standing": panels.standing(),
            "duties": panels.duties(duties.counts(request.user, today, calendar, unit=root)),
        },
    )


def _root(request: HttpRequest) -> Unit | None:
    """The unit whose board is asked for, within the reader's reach; else the reader's own."""
    asked = request.GET.get("unit", "")
    if asked.isdecimal() and len(asked) < 19:
        return get_object_or_404(Unit.objects.visible_to(request.user), pk=asked)
    own: Unit | None = request.user.unit
    return own


def _panels(
    request: HttpRequest, root: Unit, period: Period, today: date, calendar: Calendar
) -> Panels:
    """The counts of the board, ready to be put into words."""
    horizon = waiting.Horizon.of(today, calendar)
    counted = [*figures.now(today, horizon.later), *figures.of_period(period)]
    ages = figures.ages(today, calendar)
    counts = counting.board(
        Order.objects.visible_to(request.user).filter(unit__path__startswith=root.path),
        root,
        period=period,
        counted=counted,
        ages=ages,
    )
    below = root if root != request.user.unit else None
    by_key = {figure.key: figure for figure in counted}
    return Panels(counts, by_key, ages, period, today, calendar, below)


def spans_offered(today: date) -> list[Period]:
    """The spans to choose from, the usual one first; they end where their calendar span ends."""
    months = counting.months_until(today, counting.MONTHS)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    spans = [
        ("12m", months[0], _month_end(today)),
        ("month", today.replace(day=1), _month_end(today)),
        ("quarter", quarter, _month_end(quarter.replace(month=quarter.month + 2))),
    ]
    spans += [
        (str(year), date(year, 1, 1), date(year, 12, 31))
        for year in range(today.year, today.year - YEARS_BACK - 1, -1)
    ]
    return [Period(key, first, last, "due") for key, first, last in spans]


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)


def _period(request: HttpRequest, offered: list[Period]) -> Period:
    """The span asked for in the address; an unknown one is the usual one."""
    by = "issued" if request.GET.get("by") == "issued" else "due"
    asked = request.GET.get("period", "")
    chosen = next((period for period in offered if period.key == asked), offered[0])
    return Period(chosen.key, chosen.first, chosen.last, by)


# --- The search ---------------------------------------------------------------------------------


@require_safe
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Enterprises, notices and inspections that match what was typed; scoped, three queries."""
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = finding.search(asked, request.user)
    today = timezone.localdate()
    orders = found.get("orders")
    return render(
        request,
        "dashboard/search.html",
        {
            "asked": asked,
            "short": bool(asked) and len(asked) < finding.SHORTEST,
            "found": found,
            "nothing_title": _("没有找到“%(asked)s”") % {"asked": asked},
            "enterprises_url": links.enterprises(q=asked),
            "orders_url": links.orders(q=asked),
            "inspections_url": links.inspections(q=asked),
            "nothing": bool(found) and not any(part.rows for part in found.values()),
            "orders": [
                {"order": order, "phase": order.phase(today)}
                for order in (orders.rows if orders else [])
            ],
        },
    )
