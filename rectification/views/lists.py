"""The list of orders, and the same rows as a CSV file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import verb
from deadlines.words import left_text, tone
from enterprises import paging
from legal import calendars, periods
from legal.periods import Calendar
from rectification import page as pages
from rectification.listing import VIEWS, OrderConditions, counts, with_items
from rectification.models import Order, OrderQuerySet, OrderState, Verdict
from vault import sheets

EXPORT_AT_MOST = 50_000


def _conditions(request: HttpRequest, calendar: Calendar) -> OrderConditions:
    return OrderConditions(
        request.GET, user=request.user, today=timezone.localdate(), calendar=calendar
    )


def _rows(conditions: OrderConditions, request: HttpRequest) -> OrderQuerySet:
    """What the list and its export show, before the order."""
    return with_items(conditions.narrow(Order.objects.visible_to(request.user).for_list()))


@require_safe
@verb("orders.view")
def list_(request: HttpRequest) -> HttpResponse:
    """Orders of the user's units, under a view and conditions."""
    today, calendar = timezone.localdate(), calendars.load()
    conditions = _conditions(request, calendar)
    try:
        page = paging.page(_rows(conditions, request), order=conditions.order(), params=request.GET)
    except ValidationError:  # a cursor that somebody cut or made up
        return redirect("orders:list")
    tally = counts(Order.objects.visible_to(request.user), request.user, today, conditions.soon)
    return render(
        request,
        "rectification/list.html",
        {
            "rows": [_row(order, calendar) for order in page],
            "page": page,
            "conditions": conditions,
            "chips": conditions.chips(request.GET),
            "views": _views(conditions, tally),
            "summary": _summary(page.rows, conditions),
            "query": request.GET.urlencode(),
            "view_word": VIEWS[conditions.view_key].word,
            "reset_url": _address(conditions.view_key),
            "keep": _kept(request),
            "may_draft": request.user.may("orders.draft"),
            "empty": {} if page.rows else _empty(request, conditions),
        },
    )


def _address(view: str) -> str:
    """The bare list under a saved view."""
    return f"{reverse('orders:list')}?view={view}" if view else reverse("orders:list")


def _kept(request: HttpRequest) -> dict[str, str]:
    """What the filter form must carry along although it shows no field for it."""
    return {"sort": request.GET["sort"]} if request.GET.get("sort") else {}


def _empty(request: HttpRequest, conditions: OrderConditions) -> dict[str, Any]:
    """What is not there, and what comes next."""
    key = conditions.view_key
    if not key:
        link = reverse("orders:new") if request.user.may("orders.draft") else ""
        text = _("完成一次检查并签字确认后，可以从检查记录拟稿。")
        return {"title": _("还没有责令改正"), "text": text, "url": link, "url_text": _("拟稿")}
    upcoming = (
        Order.objects.visible_to(request.user)
        .due_between(conditions.today, date.max)
        .order_by("due_on")
        .values_list("due_on", flat=True)
        .first()
    )
    text = _("没有期限在走的责令改正。")
    if upcoming is not None:
        text = _("下一个到期日是 %(day)s。") % {"day": pages.day_words(upcoming)}
    return {
        "title": _("“%(view)s”里没有责令改正") % {"view": VIEWS[key].word},
        "text": text,
        "url": reverse("orders:list"),
        "url_text": _("看全部"),
    }


def _row(order: Order, calendar: Calendar) -> dict[str, Any]:
    today = timezone.localdate()
    group, word = pages.badge(order, today, calendar)
    left, colour = _due_words(order, calendar)
    return {
        "order": order,
        "number": order.notice.number if order.notice else "",
        "badge": (group, word),
        "left": left,
        "tone": colour,
        "row": {"over": "is-over", "soon": "is-soon"}.get(group, ""),
    }


def _due_words(order: Order, calendar: Calendar) -> tuple[str, str]:
    """The line below the due day, and its colour; red only for what is overdue."""
    today = timezone.localdate()
    if order.state == OrderState.ISSUED:
        return _("送达后起算"), ""
    if order.state != OrderState.SERVED or order.due_on is None:
        return (pages.term_words(order), "") if order.due_on is None else ("", "")
    if order.suspended:
        return _("期限中止"), ""
    if order.reported_on is not None:
        return _("企业 %(day)s报告改正") % {"day": pages.short_day(order.reported_on)}, ""
    left = periods.left(today, order.due_on, calendar)
    colour = tone(left)
    if colour == "over" and order.extension_pending:
        return _("延期待审批，不算逾期"), ""
    if colour == "over" and not order.is_overdue(today):
        colour = ""
    if order.late_request:
        return _("%(left)s，逾期提出延期") % {"left": left_text(left)}, colour
    return left_text(left), colour


def _views(conditions: OrderConditions, tally: dict[str, int]) -> list[dict[str, Any]]:
    """The saved views; those that only figures link to stand there while they are in sight."""
    here = conditions.view_key
    return [
        {
            "name": view.word,
            "url": _address(key),
            "count": tally.get(key),
            "red": view.red,
            "here": key == here,
        }
        for key, view in VIEWS.items()
        if view.always or key == here
    ]


def _summary(rows: list[Order], conditions: OrderConditions) -> str:
    count = ngettext("本页 %(n)d 条", "本页 %(n)d 条", len(rows)) % {"n": len(rows)}
    days = [order.due_on for order in rows if order.due_on is not None]
    if not days or conditions.order()[0].lstrip("-") != "due_key":
        return count
    return _("%(count)s：期限 %(first)s 至 %(last)s") % {
        "count": count,
        "first": pages.day_words(min(days)),
        "last": pages.day_words(max(days)),
    }


@require_safe
@verb("orders.view")
def export(request: HttpRequest) -> HttpResponse:
    """Exactly the rows of the list under the same conditions, as a CSV file."""
    conditions = _conditions(request, calendars.load())
    rows = _rows(conditions, request).order_by(*conditions.order())[:EXPORT_AT_MOST]
    today = timezone.localdate()
    header = [
        _("文号"),
        _("企业"),
        _("统一社会信用代码"),
        _("承办单位"),
        _("拟稿人"),
        _("问题数"),
        _("状态"),
        _("签发日期"),
        _("送达日期"),
        _("改正期限"),
        _("结论"),
        _("逾期天数"),
        _("演示数据"),
    ]
    return sheets.download(
        f"{_('责令改正')}-{today:%Y%m%d}.csv",
        header,
        (_cells(order, today) for order in rows.iterator(chunk_size=2000)),
    )


def _cells(order: Any, today: date) -> list[Any]:
    return [
        order.notice.number if order.notice else "",
        order.enterprise.name,
        order.enterprise.uscc,
        order.unit.name,
        order.drafted_by.name,
        order.n_items,
        order.phase(today)[1],
        timezone.localdate(order.issued_at).isoformat() if order.issued_at else "",
        order.served_on.isoformat() if order.served_on else "",
        order.due_on.isoformat() if order.due_on else "",
        Verdict(order.verdict).label if order.verdict else "",
        order.days_late if order.days_late is not None else "",
        _("是") if order.is_demonstration else "",
    ]
