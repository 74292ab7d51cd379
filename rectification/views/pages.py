"""One order: its page, the preview of a due day, its files."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import background, verb
from audit import trail
from deadlines import clock
from legal import calendars
from legal.periods import Calendar
from notices import service
from notices.models import Service
from rectification import (
    answered,
    beside,
    clocks,
    completeness,
    course,
    extensions,
    findings,
    preview,
    telling,
)
from rectification import page as pages
from rectification.models import Attachment, Extension, Order, OrderState, TermKind
from rectification.views.common import visible
from vault import files

EVENTS_AT_MOST = 200


@require_safe
@verb("orders.view")
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page of one order: its date, why that date, what was found, what may be done next."""
    order = visible(request, pk)
    return render(request, "rectification/detail.html", context(request, order))


def context(request: HttpRequest, order: Any) -> dict[str, Any]:
    """Everything that the page shows."""
    today, articles = timezone.localdate(), pages.Articles()
    # Only a clock that runs is compared with the calendar.
    calendar = calendars.load() if order.state == OrderState.SERVED else Calendar([])
    happened = course.of(order) if order.served_on is not None else course.Course()
    running = clocks.of(order)
    why = clocks.derivation(order, running) if order.due_on is not None else None
    group, word = pages.badge(order, today, calendar)
    requests = [Extension(pk=each.id) for each in happened.requests]
    events = trail.timeline(order, also=requests)[:EVENTS_AT_MOST]
    return {
        "order": order,
        "name": str(order),
        "enterprise_name": _name(order),
        "badge": (group, word),
        "facts": pages.facts(order, beside.of(order, request.user), running),
        "due": pages.due(order, why, today, calendar),
        "derivation": why,
        "why_basis": articles.links(why["basis"]) if why else [],
        "why_today": None if order.verdict else today,
        "warnings": _warnings(order, why),
        "verdict": answered.verdict(order),
        "steps": pages.steps(order, group),
        "findings": findings.table(order),
        "services": pages.services(order),
        "course": answered.rows(happened),
        "banner": extensions.banner(
            order, happened, may_decide=request.user.may("orders.decide_extension")
        ),
        "extensions": extensions.story(order, happened),
        "events": telling.timeline(events),
        "acts": pages.offered(order, request.user, today, articles),
        "papers": pages.papers(order, happened, request.user),
        "lacking": pages.shown(completeness.of_paper(order, today), articles)
        if order.state in completeness.BEFORE_ISSUE
        else None,
        "today": today,
    }


@require_safe
@verb("orders.view")
def extension(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A request for more time has its place on the page of its order."""
    found = get_object_or_404(Extension.objects.visible_to(request.user).only("order"), pk=pk)
    return redirect(f"{reverse('orders:detail', args=[found.order_id])}#extension")


def _name(order: Order) -> str:
    """The party as the paper names it; the register may call it otherwise by now."""
    if order.notice is None:
        return order.enterprise.name
    return str(order.notice.snapshot["enterprise"]["name"])


def _warnings(order: Order, derivation: dict[str, Any] | None) -> list[str]:
    """What service said about a named day, as long as it still matters."""
    if not derivation or order.state != OrderState.SERVED or order.term_kind == TermKind.IMMEDIATE:
        return []
    return [clock.said(warning) for warning in derivation["warnings"]]


@require_safe
@background
@verb("orders.view")
def due_preview(request: HttpRequest) -> HttpResponse:
    """A fragment: the due day of a term (`kind`, `date`, `days`) or of an issued `order`, if it is
    served on `served_on`. Anything that does not read is said, never guessed."""
    today = timezone.localdate()
    served_on = _day(request.GET.get("served_on")) or today
    if "order" in request.GET:
        found = get_object_or_404(
            Order.objects.visible_to(request.user), pk=_uuid(request.GET["order"])
        )
        method = request.GET.get("method", "")
        if method == Service.Method.PUBLICATION:
            served_on += timedelta(days=service.publication_days())
        answer = preview.of_service(found, served_on)
    else:
        days = request.GET.get("term_days", "")
        answer = preview.of_term(
            request.GET.get("term_kind", ""),
            _day(request.GET.get("term_date")),
            int(days) if days.isdecimal() and len(days) < 5 else None,
            served_on,
            today,
        )
    return render(
        request,
        "rectification/_preview.html",
        {"preview": answer, "heading": preview.heading(served_on, today)},
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_safe
@verb("orders.view")
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A file that came with a report or a round; each download is on the record."""
    found = get_object_or_404(
        Attachment.objects.visible_to(request.user).select_related("file", "order__notice"), pk=pk
    )
    return _download(request, found.order, found.file)


@require_safe
@verb("orders.view")
def proof(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipt of one service."""
    seen = Order.objects.visible_to(request.user)
    found = get_object_or_404(
        Service.objects.filter(notice__order__in=seen, proof__isnull=False).select_related(
            "proof", "notice__order"
        ),
        pk=pk,
    )
    return _download(request, found.notice.order, found.proof)


def _download(request: HttpRequest, order: Order, stored: Any) -> HttpResponse:
    answer = files.response(stored, inline=True)
    trail.record(
        "orders.download_file",
        order,
        by=request.user,
        at=timezone.now(),
        data={"file": stored.pk, "sha256": stored.sha256},
    )
    return answer
