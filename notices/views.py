"""Papers in the browser: list, export, file page, download, where the print is, print again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import background, verb
from audit import trail
from audit.models import Event
from audit.trail import Refused
from enterprises import paging
from jobs import ledger
from notices import kinds, receipts, registry
from notices import page as pages
from notices.forms import NoticeFilter
from notices.models import Notice, NoticeQuerySet, Service
from vault import files
from vault import sheets as csv_sheets

TIMELINE = 50
EXPORT_AT_MOST = 50_000


@require_safe
@verb("notices.view")
def notice_list(request: HttpRequest) -> HttpResponse:
    form = _conditions(request)
    page = paging.page(_rows(form, request), order=form.order(), params=request.GET)
    return render(
        request,
        "notices/list.html",
        {
            "form": form,
            "page": page,
            "internal": kinds.internal_codes(),
            "today": form.today,
            "chips": form.chips(request.GET),
            "conditions": [
                (name, request.GET[name]) for name in form.fields if name in request.GET
            ],
            "query": request.GET.urlencode(),
            "summary": ngettext("本页 %(number)s 份", "本页 %(number)s 份", len(page))
            % {"number": len(page)},
            "narrowed": any(request.GET.get(name) for name in form.fields if name != "sort"),
        },
    )


def _conditions(request: HttpRequest) -> NoticeFilter:
    return NoticeFilter(request.GET, user=request.user, today=timezone.localdate())


def _rows(form: NoticeFilter, request: HttpRequest) -> NoticeQuerySet:
    """What the list and its export show, before the order."""
    found = form.narrow(Notice.objects.visible_to(request.user)).with_service()
    return found.select_related("unit", "issued_by").defer("words", "snapshot", "fingerprint")


@require_safe
@verb("notices.view")
def export(request: HttpRequest) -> HttpResponse:
    """Exactly the rows of the list under the same conditions, as a CSV file."""
    form = _conditions(request)
    rows = _rows(form, request).order_by(*form.order())[:EXPORT_AT_MOST]
    header = [
        _("文号"),
        _("文书种类"),
        _("受送达人"),
        _("签发单位"),
        _("签发日期"),
        _("签发人"),
        _("状态"),
        _("失效日期"),
        _("送达方式"),
        _("视为送达日期"),
        _("打印时间"),
        _("演示数据"),
    ]
    return csv_sheets.download(
        f"{_('文书')}-{form.today:%Y%m%d}.csv",
        header,
        (_cells(notice) for notice in rows.iterator(chunk_size=2000)),
    )


def _cells(notice: Any) -> list[Any]:
    return [
        notice.number,
        notice.get_kind_display(),
        notice.addressee,
        notice.unit.name,
        notice.issued_on.isoformat(),
        notice.issued_by.name,
        notice.get_state_display(),
        notice.ended_on.isoformat() if notice.ended_on else "",
        dict(Service.Method.choices).get(notice.service_method, ""),
        notice.counted_on.isoformat() if notice.counted_on else "",
        timezone.localtime(notice.printed_at).isoformat(timespec="minutes")
        if notice.printed_at
        else "",
        _("是") if notice.is_demonstration else "",
    ]


@require_safe
@verb("notices.view")
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    notice = _visible(request, pk)
    attempts = notice.services.select_related("server_1", "server_2", "recorded_by", "proof")
    services, made = list(attempts), receipts.of(notice)
    served = next((service for service in services if service.effective), None)
    return render(
        request,
        "notices/detail.html",
        {
            "notice": notice,
            "waiver": getattr(notice, "waiver", None),
            "papers": pages.papers(notice, request.user, made),
            "acts": pages.acts(notice, request.user, made, served),
            "services": pages.services(request.user, services, made),
            "served": served,
            "void": next((service for service in services if service.voided_on), None),
            "remedies": pages.remedies(notice, served),
            "scans": pages.scans(notice),
            "stated": pages.stated(notice),
            "subject_url": registry.subject_address(notice),
            "kind": kinds.get(notice.kind),
            "today": timezone.localdate(),
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
