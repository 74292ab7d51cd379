"""Bulletins in the browser: list, draft, preview, the second person, files, publication."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Request, background, verb
from accounts.models import User
from audit import downloads
from audit.trail import Reason, Refused
from bulletins import bulletins, forms, reasons, wording
from bulletins.models import Bulletin, BulletinState, Export
from bulletins.views import acting
from bulletins.views.acting import Act
from enterprises import paging
from jobs import ledger
from jobs.models import Job
from rectification.reasons import day_words
from vault import sheets

EXPORT_AT_MOST = 20_000
ORDER = ("-drafted_at", "-id")
S = BulletinState


def visible(request: HttpRequest, pk: UUID) -> Bulletin:
    """The bulletin, in scope; 404 otherwise."""
    rows = Bulletin.objects.visible_to(request.user).select_related(
        "unit__region", "drafted_by", "edited_by", "submitted_by", "approved_by"
    )
    return get_object_or_404(rows, pk=pk)


# --- Lists -----------------------------------------------------------------------------------


@require_safe
@verb("bulletins.view")
def list_(request: HttpRequest) -> HttpResponse:
    """Bulletins of the user's units, under conditions, newest first."""
    conditions = forms.BulletinConditions(request.GET, user=request.user)
    rows = conditions.narrow(Bulletin.objects.visible_to(request.user).for_list())
    try:
        page = paging.page(rows, order=ORDER, params=request.GET)
    except ValidationError:  # a cursor that somebody cut or made up
        return redirect("bulletins:list")
    return render(
        request,
        "bulletins/list.html",
        {
            "rows": [{"bulletin": each, "badge": each.phase} for each in page],
            "page": page,
            "conditions": conditions,
            "chips": conditions.chips(request.GET),
            "query": request.GET.urlencode(),
            "may_edit": request.user.may("bulletins.edit"),
            "summary": ngettext("本页 %(n)d 份", "本页 %(n)d 份", len(page)) % {"n": len(page)},
        },
    )


@require_safe
@verb("bulletins.view")
def export(request: HttpRequest) -> HttpResponse:
    """The list under the same conditions as a CSV file."""
    conditions = forms.BulletinConditions(request.GET, user=request.user)
    rows = conditions.narrow(Bulletin.objects.visible_to(request.user).for_list()).order_by(*ORDER)
    header = [_("标题"), _("单位"), _("状态"), _("起草时间"), _("发布日期"), _("发布位置")]
    return sheets.download(
        f"{_('案例通报')}-{timezone.localdate():%Y%m%d}.csv",
        header,
        (
            [
                row.title,
                row.unit.name,
                row.get_state_display(),
                f"{timezone.localtime(row.drafted_at):%Y-%m-%d %H:%M}",
                row.published_on or "",
                row.place,
            ]
            for row in rows[:EXPORT_AT_MOST]
        ),
    )


# --- The page of one -------------------------------------------------------------------------


@require_safe
@verb("bulletins.view")
def detail(request: Request, pk: UUID) -> HttpResponse:
    """The text as it stands, what may be done, the files, and what happened."""
    bulletin = visible(request, pk)
    order = list(Export.Form.values)
    files = sorted(bulletin.exports.all(), key=lambda each: order.index(each.form))
    return render(
        request,
        "bulletins/detail.html",
        {
            "bulletin": bulletin,
            "badge": bulletin.phase,
            "facts": _facts(bulletin),
            "text": _text(bulletin),
            "entries": bulletin.entries.select_related("case__enterprise").order_by("ordinal"),
            "may_cases": request.user.may("cases.view"),
            "files": [
                {
                    "export": each,
                    "word": each.get_form_display(),
                    "url": reverse(f"bulletins:{each.form}", args=[bulletin.pk]),
                }
                for each in files
            ],
            "waiting": [] if files else _waiting(bulletin, request.user),
            "acts": _offered(bulletin, request),
            "events": acting.story(bulletin),
        },
    )


def _text(bulletin: Bulletin) -> list[dict[str, str]]:
    """The paragraphs: those approved, or as they stand in the draft."""
    return paragraphs(bulletin.words or bulletins.preview(bulletin))


def paragraphs(words: wording.Paragraphs) -> list[dict[str, str]]:
    """For bulletins/_text.html."""
    return [{"kind": kind, "text": text} for kind, text in words]


def _facts(bulletin: Bulletin) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": _("单位"), "value": bulletin.unit.short_name or bulletin.unit.name},
        {"label": _("起草"), "value": _who(bulletin.drafted_by, bulletin.drafted_at)},
    ]
    if bulletin.submitted_by is not None and bulletin.state != S.DRAFT:
        facts.append(
            {"label": _("送审"), "value": _who(bulletin.submitted_by, bulletin.submitted_at)}
        )
    if bulletin.approved_by is not None:
        facts.append(
            {"label": _("审核"), "value": _who(bulletin.approved_by, bulletin.approved_at)}
        )
    if bulletin.published_on is not None:
        words = {"day": day_words(bulletin.published_on), "place": bulletin.place}
        facts.append({"label": _("发布"), "value": _("%(day)s，%(place)s") % words, "full": True})
    if bulletin.withdrawn_reason:
        facts.append({"label": _("撤回理由"), "value": bulletin.withdrawn_reason, "full": True})
    return facts


def _who(person: User, at: Any) -> str:
    return _("%(who)s，%(day)s") % {
        "who": person.name,
        "day": day_words(timezone.localtime(at).date()),
    }


def _waiting(bulletin: Bulletin, user: User) -> list[dict[str, Any]]:
    """The files on their way, for components/papers.html; nothing before the approval."""
    job = bulletin.export_job()
    if job is None:
        return []
    entry: dict[str, Any] = {
        "title": _("通报文件（PDF、Word、HTML）"),
        "state": _state_of(job),
        "poll_url": reverse("bulletins:state", args=[bulletin.pk]),
        "since": job.created_at,
        "ahead": max(job.place_in_line() - 1, 0) if job.state == Job.State.QUEUED else 0,
        "hint": job.last_error if job.state == Job.State.QUEUED else "",
    }
    if job.state == Job.State.DEAD:
        entry |= {"reason": job.last_error, "job": str(job.pk)[:8]}
        if not ledger.can_retry(job, user):
            entry["retry_url"] = reverse("bulletins:retry", args=[bulletin.pk])
    return [entry]


def _state_of(job: Job) -> str:
    names = {Job.State.QUEUED: "queued", Job.State.RUNNING: "printing", Job.State.DEAD: "failed"}
    return names.get(Job.State(job.state), "ready")


def _offered(bulletin: Bulletin, request: Request) -> list[dict[str, Any]]:
    """The acts that belong to the state that the bulletin is in."""
    base, user = bulletin.get_absolute_url(), request.user
    asked: dict[str, list[tuple[str, str, str, list[Reason], bool]]] = {
        S.DRAFT: [
            ("bulletins.edit", f"{base}submit/", _("送审"), reasons.can_submit(bulletin), False),
            ("bulletins.edit", f"{base}amend/", _("修改文字和次序"), [], False),
            ("bulletins.edit", f"{base}add/", _("加入案例"), [], False),
            ("bulletins.edit", f"{base}discard/", _("作废草稿"), [], True),
        ]
        if bulletin.state == S.DRAFT
        else [],
        S.SUBMITTED: [
            (
                "bulletins.approve",
                f"{base}approve/",
                _("审核通过"),
                reasons.can_approve(bulletin, user),
                False,
            ),
            ("bulletins.approve", f"{base}send_back/", _("退回修改"), [], False),
        ]
        if bulletin.state == S.SUBMITTED
        else [],
        S.APPROVED: [
            (
                "bulletins.edit",
                f"{base}publish/",
                _("登记发布"),
                reasons.can_publish(bulletin),
                False,
            ),
            ("bulletins.approve", f"{base}withdraw/", _("撤回通报"), [], True),
        ]
        if bulletin.state == S.APPROVED
        else [],
        S.PUBLISHED: [("bulletins.approve", f"{base}withdraw/", _("撤回通报"), [], True)],
    }
    return acting.offered(bulletin, request, asked.get(bulletin.state, []))


@require_safe
@background
@verb("bulletins.view")
def state(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Asked by the page every two seconds while the files are being made."""
    bulletin = visible(request, pk)
    if bulletin.exports.exists():
        return JsonResponse({"state": "ready"})
    job = bulletin.export_job()
    return JsonResponse({"state": _state_of(job) if job else "none"})


@require_POST
@verb("bulletins.approve")
def retry(request: Request, pk: UUID) -> HttpResponse:
    """Send the making of the files back to the queue."""
    bulletin = visible(request, pk)
    job = bulletin.export_job()
    try:
        if job is not None:
            ledger.retry(job, by=request.user, at=timezone.now())
            messages.success(request, _("已重新排队生成。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(bulletin)


def _file(request: Request, pk: UUID, form: str) -> HttpResponse:
    bulletin = visible(request, pk)
    made = bulletin.exports.select_related("file").filter(form=form).first()
    if made is None:
        messages.warning(request, _("通报文件还没有生成。"))
        return redirect(bulletin)
    return downloads.send(request, made.file, bulletin)


@require_safe
@verb("bulletins.view")
def pdf(request: Request, pk: UUID) -> HttpResponse:
    return _file(request, pk, Export.Form.PDF)


@require_safe
@verb("bulletins.view")
def docx(request: Request, pk: UUID) -> HttpResponse:
    return _file(request, pk, Export.Form.DOCX)


@require_safe
@verb("bulletins.view")
def html(request: Request, pk: UUID) -> HttpResponse:
    return _file(request, pk, Export.Form.HTML)


# --- Acts ------------------------------------------------------------------------------------

TEMPLATE = "bulletins/act.html"


def _beside(bulletin: Bulletin) -> dict[str, Any]:
    return {"text": _text(bulletin)}


@verb("bulletins.edit")
def submit(request: Request, pk: UUID) -> HttpResponse:
    act = Act(
        _("送审"),
        visible,
        lambda row, _user: reasons.can_submit(row),
        bulletins.submit,
        _("已送审，等另一人审核。"),
        intro=_("送审后文字不能再改，退回后才能修改。"),
        more=_beside,
    )
    return acting.run(request, pk, act, TEMPLATE)


@verb("bulletins.approve")
def approve(request: Request, pk: UUID) -> HttpResponse:
    act = Act(
        _("审核通过"),
        visible,
        reasons.can_approve,
        bulletins.approve,
        _("已审核通过，正在生成 PDF、Word 和 HTML 文件。"),
        intro=_("审核通过后文字定稿，并开始计算发布期限。"),
        more=_beside,
    )
    return acting.run(request, pk, act, TEMPLATE)


@verb("bulletins.approve")
def send_back(request: Request, pk: UUID) -> HttpResponse:
    act = Act(
        _("退回修改"),
        visible,
        lambda row, _user: reasons.can_send_back(row),
        bulletins.send_back,
        _("已退回起草人。"),
        form=forms.ReasonForm,
        more=_beside,
    )
    return acting.run(request, pk, act, TEMPLATE)


@verb("bulletins.edit")
def publish(request: Request, pk: UUID) -> HttpResponse:
    act = Act(
        _("登记发布"),
        visible,
        lambda row, _user: reasons.can_publish(row),
        bulletins.publish,
        _("已登记发布。"),
        form=forms.PlaceForm,
        intro=_("登记通报在哪里、哪一天对外发布。"),
        more=_beside,
    )
    return acting.run(request, pk, act, TEMPLATE)


@verb("bulletins.approve")
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    act = Act(
        _("撤回通报"),
        visible,
        lambda row, _user: reasons.can_withdraw(row),
        bulletins.withdraw,
        _("通报已撤回。"),
        form=forms.WithdrawForm,
        intro=_("先从发布的位置撤下并公开说明理由，再在这里登记。"),
        danger=True,
        more=_beside,
    )
    return acting.run(request, pk, act, TEMPLATE)


@verb("bulletins.edit")
def discard(request: Request, pk: UUID) -> HttpResponse:
    act = Act(
        _("作废草稿"),
        visible,
        lambda row, _user: reasons.can_discard(row),
        bulletins.discard,
        _("草稿已作废。"),
        form=forms.ReasonForm,
        danger=True,
        more=_beside,
    )
    return acting.run(request, pk, act, TEMPLATE)
