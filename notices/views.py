"""Papers in the browser: list, file page, download, where the print is, print again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import background, verb
from audit import trail
from audit.models import Event
from audit.trail import Refused
from enterprises import paging
from jobs import ledger
from notices import sheets
from notices.forms import NoticeFilter
from notices.models import Notice, Service
from vault import files

TIMELINE = 50


@require_safe
@verb("notices.view")
def notice_list(request: HttpRequest) -> HttpResponse:
    form = NoticeFilter(request.GET, user=request.user)
    found = form.narrow(Notice.objects.visible_to(request.user)).select_related("unit")
    page = paging.page(
        found.defer("words", "snapshot"), order=["-issued_at", "-id"], params=request.GET
    )
    return render(
        request,
        "notices/list.html",
        {
            "form": form,
            "page": page,
            "summary": _("本页 %(number)s 份") % {"number": len(page)},
            "narrowed": any(request.GET.get(name) for name in form.fields),
        },
    )


@require_safe
@verb("notices.view")
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    notice = _visible(request, pk)
    services = list(notice.services.select_related("server_1", "server_2", "recorded_by"))
    return render(
        request,
        "notices/detail.html",
        {
            "notice": notice,
            "waiver": getattr(notice, "waiver", None),
            "papers": [sheets.entry(notice, user=request.user)],
            "services": services,
            "served": next((service for service in services if service.effective), None),
            "events": [_line(event) for event in trail.timeline(notice)[:TIMELINE]],
        },
    )


@require_safe
@verb("notices.view")
def pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The stored bytes, the same for everyone for ever; each download is on the record."""
    notice = _visible(request, pk)
    if notice.pdf is None:
        messages.warning(request, _("这份文书还没有打印好。"))
        return redirect("notices:detail", pk=notice.pk)
    answer = files.response(notice.pdf)
    trail.record("notices.download", notice, by=request.user, at=timezone.now())
    answer["Content-Type"] = "application/pdf"
    return answer


@require_safe
@background
@verb("notices.view")
def state(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Asked by the page every two seconds while a paper is on its way."""
    notice = get_object_or_404(
        Notice.objects.visible_to(request.user).defer("words", "snapshot"), pk=pk
    )
    now = notice.print_state()
    return JsonResponse(
        {"state": now.code, "word": str(now.word), "reason": now.reason, "place": now.place}
    )


@require_POST
@verb("notices.retry")
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    notice = _visible(request, pk)
    job = notice.print_job()
    try:
        if job is not None:
            ledger.retry(job, by=request.user, at=timezone.now())
            messages.success(request, _("已重新排队打印。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("notices:detail", pk=notice.pk)


def _line(event: Event) -> dict[str, Any]:
    """One entry of the timeline; an attempt of service says by which method and what came of it."""
    text = event.reason
    if event.verb == "notices.serve":
        methods, outcomes = dict(Service.Method.choices), dict(Service.Outcome.choices)
        text = _("%(method)s：%(outcome)s") % {
            "method": methods.get(event.data["method"], ""),
            "outcome": outcomes.get(event.data["outcome"], ""),
        }
    return {"at": event.happened_at, "title": trail.describe(event), "text": text}


def _visible(request: HttpRequest, pk: UUID) -> Notice:
    notices = Notice.objects.visible_to(request.user).select_related(
        "unit", "issued_by", "pdf", "superseded_by", "subject_type", "certificate", "waiver__by"
    )
    return get_object_or_404(notices.defer("words", "snapshot", "certificate__key"), pk=pk)
