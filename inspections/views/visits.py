"""Doors of the visit: list, export, opening, amending, signing, discarding, closing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.access import Request
from audit.trail import Refused
from enterprises import paging
from enterprises.models import Enterprise
from enterprises.register import Changed
from enterprises.views import differences, picker, renewed
from enterprises.wording import blame
from inspections import fieldwork, pages, paper_pages, papers, registry, remote
from inspections.forms import InspectionConditions, ReasonForm, SignForm, VisitForm
from inspections.models import Finding, Inspection, InspectionQuerySet, RemoteTest
from legal import citations
from vault import masks, sheets

EXPORT_AT_MOST = 50_000


def _rows(conditions: InspectionConditions, request: Request) -> InspectionQuerySet:
    """What the list and its export show, before the order."""
    visible = Inspection.objects.visible_to(request.user)
    return conditions.narrow(visible).select_related("enterprise", "unit", "system")


@require_safe
@access.verb("inspections.view")
def list_(request: Request) -> HttpResponse:
    """Inspections of the user's units, newest first, under conditions."""
    conditions = InspectionConditions(request.GET, user=request.user)
    page = paging.page(
        _rows(conditions, request).with_names().with_found(),
        order=["-started_at", "-id"],
        params=request.GET,
    )
    return render(
        request,
        "inspections/list.html",
        {
            "page": page,
            "conditions": conditions,
            "chips": conditions.chips(request.GET),
            "query": request.GET.urlencode(),
            "may_record": request.user.may("inspections.record"),
        },
    )


@require_safe
@access.verb("inspections.view")
def export(request: Request) -> HttpResponse:
    """The list under the same conditions as a CSV file; no personal data in it."""
    conditions = InspectionConditions(request.GET, user=request.user)
    rows = (
        _rows(conditions, request)
        .with_names()
        .with_found()
        .order_by("-started_at", "-id")[:EXPORT_AT_MOST]
    )
    header = [
        _("检查编号"),
        _("企业"),
        _("统一社会信用代码"),
        _("检查单位"),
        _("检查类型"),
        _("检查方式"),
        _("系统"),
        _("开始时间"),
        _("检查民警"),
        _("发现"),
        _("状态"),
    ]
    return sheets.download(
        f"{_('检查')}-{timezone.localdate():%Y%m%d}.csv",
        header,
        (
            [
                row.number,
                row.enterprise.name,
                row.enterprise.uscc,
                row.unit.name,
                row.get_kind_display(),
                row.get_mode_display(),
                row.system.name if row.system else "",
                f"{timezone.localtime(row.started_at):%Y-%m-%d %H:%M}",
                _("、").join(officer["name"] for officer in row.named),
                row.found,
                row.get_state_display(),
            ]
            for row in rows.iterator(chunk_size=1000)
        ),
    )


@require_safe
@access.verb("inspections.view")
def detail(request: Request, pk: UUID) -> HttpResponse:
    """The inspection: heads, findings with notes on their citations, evidence, what was done."""
    inspection = get_object_or_404(pages.inspections_for(request.user), pk=pk)
    books = citations.register()
    cards = pages.cards(inspection, books)
    ordinals = {card.finding.pk: card.finding.ordinal for card in cards}
    evidence = list(inspection.evidence.all())
    for item in evidence:
        item.ordinal = ordinals.get(item.finding_id) if item.finding_id else None
        item.late = inspection.recorded_at is not None and (
            item.received_at > inspection.recorded_at
        )
    may_record = request.user.may("inspections.record")
    notices = paper_pages.issued_with_test(inspection)
    return render(
        request,
        "inspections/detail.html",
        {
            "inspection": inspection,
            "facts": pages.facts(inspection),
            "met_phone": masks.phone(inspection.met_phone),
            "cards": cards,
            "evidence": evidence,
            "gates": (
                pages.gate_rows(inspection, timezone.now(), books) if inspection.is_draft else []
            ),
            "actions": [
                *pages.actions(inspection, request.user),
                *paper_pages.actions(inspection, request.user, notices),
            ],
            "papers": paper_pages.shown(notices, request.user),
            "withdrawable": paper_pages.withdrawable(notices, request.user),
            "follow_ups": (
                registry.follow_ups(inspection, request.user) if inspection.is_final else []
            ),
            "order_url": _order_url(inspection, cards, request),
            "events": pages.timeline(inspection),
            "may_record": may_record,
            "may_edit": may_record and inspection.is_draft,
            "may_dispose": may_record and inspection.state == Inspection.State.RECORDED,
        },
    )


def _order_url(inspection: Inspection, cards: list[pages.Card], request: Request) -> str:
    """Where an order is drafted from this inspection; empty when it cannot be, or when something
    was done about every finding already."""
    if not inspection.is_final or not request.user.may("orders.draft"):
        return ""
    if all(card.finding.disposition != Finding.Disposition.NONE for card in cards):
        return ""
    try:
        return f"{reverse('orders:new')}?inspection={inspection.pk}"
    except NoReverseMatch:
        return ""


@access.verb("inspections.record")
def new(request: Request) -> HttpResponse:
    """Open an inspection: first the enterprise (?enterprise=), then the heads of the visit."""
    chosen = request.GET.get("enterprise", "")
    if not chosen:
        return render(
            request,
            "inspections/pick.html",
            picker(request, url_name="inspections:new"),
        )
    enterprise = enterprise_of(request, chosen)
    test = _remote_test(request, enterprise)
    now = timezone.now()
    form = VisitForm(request.POST or None, user=request.user, enterprise=enterprise, now=now)
    form.initial = {**form.initial, **_prefilled(request, enterprise, test)}
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                inspection = fieldwork.open_inspection(
                    by=request.user,
                    at=now,
                    enterprise=enterprise,
                    officers=list(form.cleaned_data["officers"]),
                    form_token=form.cleaned_data["form_token"],
                    **form.heads(),
                )
                if test is not None and test.inspection_id != inspection.pk:
                    remote.hold(test, inspection, by=request.user, at=now)
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("已登记检查 %(number)s") % {"number": inspection.number})
            return redirect(inspection)
    return _visit_page(request, form, enterprise=enterprise)


@access.verb("inspections.record")
def edit(request: Request, pk: UUID) -> HttpResponse:
    """Amend the heads of a draft; who saves second keeps the words and is shown what changed."""
    inspection = _visible(request, pk)
    if not inspection.is_draft:
        return redirect(inspection)
    now = timezone.now()
    form = VisitForm(
        request.POST or None,
        user=request.user,
        enterprise=inspection.enterprise,
        inspection=inspection,
        now=now,
    )
    context: dict[str, Any] = {"inspection": inspection, "enterprise": inspection.enterprise}
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                row = fieldwork.amend(
                    inspection,
                    by=request.user,
                    at=now,
                    version=form.cleaned_data["version"] or 0,
                    **form.heads(),
                )
                fieldwork.set_officers(
                    row, list(form.cleaned_data["officers"]), by=request.user, at=now
                )
        except Changed as changed:
            context["conflict"] = changed
            context["differences"] = differences(form, changed.current, ("met_phone",))
            form = renewed(form, changed.current.version)
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("已保存"))
            return redirect(inspection)
    return _visit_page(request, form, **context)


def _visit_page(request: Request, form: VisitForm, **context: Any) -> HttpResponse:
    found = {"inspection": None, "conflict": None, "differences": [], "form": form, **context}
    return render(
        request, "inspections/visit_form.html", found, status=409 if found["conflict"] else 200
    )


@access.verb("inspections.record")
def sign(request: Request, pk: UUID) -> HttpResponse:
    """Check and sign: what was found, what the enterprise says, the gates. One form, two buttons:
    keep what was typed, or keep it and complete the inspection."""
    inspection = get_object_or_404(pages.inspections_for(request.user), pk=pk)
    if not inspection.is_draft:
        return redirect(inspection)
    now = timezone.now()
    form = SignForm(request.POST or None, inspection=inspection, now=now)
    conflict, refusal = None, []
    if request.method == "POST" and form.is_valid():
        heads = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            row = fieldwork.amend(
                inspection,
                by=request.user,
                at=now,
                version=form.cleaned_data["version"],
                **heads,
            )
            if request.POST.get("act") != "record":
                messages.success(request, _("已保存"))
                return redirect("inspections:sign", pk=inspection.pk)
            fieldwork.record_inspection(row, by=request.user, at=now)
        except Changed as changed:
            conflict = changed
            form = renewed(form, changed.current.version)
        except Refused as refused:
            refusal = refused.reasons
            blame(form, refused)
            inspection = get_object_or_404(pages.inspections_for(request.user), pk=pk)
            form = renewed(form, inspection.version)
        else:
            messages.success(request, _("检查 %(number)s 已完成") % {"number": inspection.number})
            return redirect(inspection)
    books = citations.register()
    return render(
        request,
        "inspections/sign.html",
        {
            "inspection": inspection,
            "cards": pages.cards(inspection, books),
            "form": form,
            "conflict": conflict,
            "refusal": refusal,
            "gates": pages.gate_rows(inspection, now, books),
        },
        status=409 if conflict else 200,
    )


@access.verb("inspections.record")
def discard(request: Request, pk: UUID) -> HttpResponse:
    """Give up a draft, with a reason."""
    inspection = _visible(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            fieldwork.discard(
                inspection,
                by=request.user,
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("检查登记已作废"))
            return redirect(inspection)
    return render(
        request,
        "inspections/reason.html",
        {
            "inspection": inspection,
            "form": form,
            "title": _("作废登记"),
            "intro": _("作废后仍可查看，不再计入检查次数。已登记的发现和证据一并保留。"),
            "submit": _("作废"),
        },
    )


@require_POST
@access.verb("inspections.record")
def close(request: Request, pk: UUID) -> HttpResponse:
    """Close a signed inspection whose findings all have a disposition."""
    inspection = _visible(request, pk)
    posted = request.POST.get("version", "")
    inspection.version = int(posted) if posted.isdecimal() and len(posted) < 10 else 0
    try:
        fieldwork.close(inspection, by=request.user, at=timezone.now())
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason))
    else:
        messages.success(request, _("检查已办结"))
    return redirect(inspection)


# --- Help ----------------------------------------------------------------------------------------


def _visible(request: Request, pk: UUID) -> Inspection:
    return get_object_or_404(
        Inspection.objects.visible_to(request.user).select_related("unit", "enterprise", "system"),
        pk=pk,
    )


def enterprise_of(request: Request, text: str) -> Enterprise:
    """The enterprise of the address; 404 for a stranger's and for what is no id at all."""
    return get_object_or_404(
        Enterprise.objects.visible_to(request.user).select_related("region", "unit"), pk=_id(text)
    )


def _remote_test(request: Request, enterprise: Enterprise) -> RemoteTest | None:
    """The planned test that the visit is to record (?remote=); 404 for a stranger's."""
    text = request.GET.get("remote", "")
    if not text:
        return None
    tests = RemoteTest.objects.visible_to(request.user).select_related("system", "unit")
    return get_object_or_404(tests, pk=_id(text), enterprise=enterprise)


def _prefilled(request: Request, enterprise: Enterprise, test: RemoteTest | None) -> dict[str, Any]:
    """What the address says already: the system (?system=), or all that the test fixed."""
    if test is not None:
        paper = papers.valid_paper(test, papers.INSPECTION_NOTICE)
        return {
            "mode": Inspection.Mode.REMOTE,
            "system": test.system_id,
            "place": "",
            "notice_number": paper.number if paper else "",
        }
    system = enterprise.systems.filter(pk=_id(request.GET.get("system", ""))).first()
    return {"system": system.pk} if system else {}


def _id(text: str) -> UUID:
    """The id, or one that nothing has."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
