"""Doors of papers that are out: serve, make a receipt, file a scan, withdraw."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Request, verb
from audit import downloads
from audit.trail import Reason, Refused
from enterprises.wording import blame
from notices import kinds, papers, receipts, registry, scans, service, writing
from notices.models import Notice, Scan, Service
from notices.serving_forms import ProofForm, ScanForm, ServeForm, WithdrawForm
from notices.shown import basis_links, shown
from vault import files


@verb("notices.serve")
def serve(request: Request, pk: UUID) -> HttpResponse:
    """Record one attempt; a paper whose owner counts from its service is served there."""
    notice = _visible(request, pk)
    own = registry.serving_door(notice)
    if own:
        return redirect(own)
    why, today = service.can_serve(notice), timezone.localdate()
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ServeForm(*given, notice=notice, user=request.user, today=today)
    if request.method == "POST" and not why and form.is_valid():
        try:
            attempt = _serve(request, notice, form)
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _served(attempt))
            return redirect("notices:detail", pk=notice.pk)
    return render(
        request,
        "notices/serve.html",
        {
            "notice": notice,
            "form": form,
            "locked": shown(why),
            "word": _("记录送达"),
            "served": notice.effective_service(),
            "states_remedies": kinds.get(notice.kind).remedies,
            "basis": basis_links(["MPSP@2020:36", "APL@2021:61", "CPL@2023:87"]),
        },
    )


@transaction.atomic
def _serve(request: Request, notice: Notice, form: ServeForm) -> Service:
    facts = form.facts()
    scan = facts.pop("proof")
    stored = files.store(scan.data, scan.name, scan.content_type, request.user) if scan else None
    return service.record(notice, by=request.user, at=timezone.now(), proof=stored, **facts)


def _served(attempt: Service) -> str:
    if attempt.served_on is None:
        return _("已记录这次送达。还没有送达。")
    words = {"day": writing.date(attempt.served_on)}
    if not attempt.effective:
        return _("已记录。这份文书此前已经送达，送达日期不变。")
    return _("已记录，%(day)s视为送达。") % words


@verb("notices.serve")
def add_proof(request: Request, pk: UUID) -> HttpResponse:
    """The receipt of an attempt that was recorded without one; once, and never changed."""
    attempt = _attempt(request, pk)
    why = service.can_add_proof(attempt)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ProofForm(*given)
    if request.method == "POST" and not why and form.is_valid():
        scan = form.cleaned_data["proof"]
        try:
            with transaction.atomic():
                stored = files.store(scan.data, scan.name, scan.content_type, request.user)
                service.add_proof(attempt, stored, by=request.user, at=timezone.now())
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("送达回证已上传"))
            return redirect("notices:detail", pk=attempt.notice_id)
    return _form(
        request,
        attempt.notice,
        form,
        why,
        word=_("补传送达回证"),
        intro=_("上传后不能更换；送达记录的其他内容不变。"),
    )


@require_POST
@verb("notices.view")
def proof(request: Request, pk: UUID) -> HttpResponse:
    """The receipt of one attempt, shown by the browser; the record says who looked."""
    attempt = _attempt(request, pk)
    if attempt.proof is None:
        messages.warning(request, _("这次送达还没有上传送达回证。"))
        return redirect("notices:detail", pk=attempt.notice_id)
    return downloads.send(request, attempt.proof, attempt.notice, inline=True)


@require_POST
@verb("notices.serve")
def receipt(request: Request, pk: UUID) -> HttpResponse:
    """Make the receipt of one attempt (`service`), or a blank one to take along."""
    notice = _visible(request, pk)
    attempt = None
    try:
        if request.POST.get("service"):
            attempt = get_object_or_404(
                notice.services.select_related("server_1", "server_2", "proof"),
                pk=_uuid(request.POST["service"]),
            )
        made = receipts.issue(notice, attempt, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        words = {"number": made.number}
        messages.success(request, _("送达回执 %(number)s 正在排队打印。") % words)
    return redirect("notices:detail", pk=notice.pk)


@verb("notices.serve")
def file_scan(request: Request, pk: UUID) -> HttpResponse:
    """File a scan of what came back signed."""
    notice = _visible(request, pk)
    why = scans.can_file(notice)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ScanForm(*given)
    if request.method == "POST" and not why and form.is_valid():
        found = form.cleaned_data
        try:
            scan = scans.file_scan(
                notice,
                found["file"],
                kind=found["kind"],
                note=found["note"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            blame(form, refused)
        else:
            words = {"sum": scan.file.sha256[:12]}
            messages.success(request, _("扫描件已归档，SHA-256 %(sum)s…") % words)
            return redirect("notices:detail", pk=notice.pk)
    return _form(
        request,
        notice,
        form,
        why,
        word=_("归档扫描件"),
        intro=_("签收的附卷联、送达回证、存根扫描后归在文书旁边，带自己的校验值。"),
    )


@require_POST
@verb("notices.view")
def scan(request: Request, pk: UUID) -> HttpResponse:
    """One scan, shown by the browser; the record says who looked."""
    notices = Notice.objects.visible_to(request.user)
    found = get_object_or_404(
        Scan.objects.filter(notice__in=notices).select_related("file", "notice__unit"), pk=pk
    )
    return downloads.send(request, found.file, found.notice, inline=True)


@verb("notices.withdraw")
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    """Take the paper back; one that lives with its owner is withdrawn there, or not at all."""
    notice = _visible(request, pk)
    own = registry.withdrawing_door(notice)
    if own:
        return redirect(own)
    why = papers.can_withdraw(notice)
    kept = registry.why_not_withdrawn(notice)
    if kept and not why:
        why = [Reason(kept, house=True)]
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not why and form.is_valid():
        try:
            papers.withdraw(
                notice,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("文书已撤回，文号不再使用。"))
            return redirect("notices:detail", pk=notice.pk)
    return render(
        request,
        "notices/withdraw.html",
        {
            "notice": notice,
            "form": form,
            "locked": shown(why),
            "word": _("撤回文书"),
            "danger": True,
            "served": notice.effective_service(),
        },
    )


def _form(
    request: Request, notice: Notice, form: Any, why: list[Reason], *, word: str, intro: str
) -> HttpResponse:
    context = {"notice": notice, "form": form, "locked": shown(why), "word": word, "intro": intro}
    return render(request, "notices/act.html", context)


def _visible(request: Request, pk: UUID) -> Notice:
    notices = Notice.objects.visible_to(request.user).select_related("unit", "subject_type")
    return get_object_or_404(notices.defer("words", "snapshot", "fingerprint"), pk=pk)


def _attempt(request: Request, pk: UUID) -> Service:
    notices = Notice.objects.visible_to(request.user)
    return get_object_or_404(
        Service.objects.filter(notice__in=notices).select_related("proof", "notice__unit"), pk=pk
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
