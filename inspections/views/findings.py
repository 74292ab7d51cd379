"""Doors of a finding: log, amend, cite, drop, dispose; articles to choose from."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from accounts.access import Request
from audit.trail import Refused
from enterprises.register import Changed
from enterprises.views import differences, renewed
from enterprises.wording import blame
from inspections import fieldwork, pages, usual
from inspections.forms import DisposeForm, FindingForm, ReasonForm
from inspections.models import Citation, Evidence, Finding, Inspection
from legal import citations
from legal.citations import Register
from legal.models import ViolationType

DUTY, PENALTY = Citation.Role.DUTY.value, Citation.Role.PENALTY.value


@access.verb("inspections.record")
def new(request: Request, pk: UUID) -> HttpResponse:
    """Log a finding: first what kind (?type=), then its form with the articles of that kind."""
    inspection = _draft(request, pk)
    if not inspection.is_draft:
        return redirect(inspection)
    books = citations.register()
    kind = books.types.get(request.GET.get("type", ""))
    if kind is None and request.method != "POST":
        return render(
            request,
            "inspections/finding_type.html",
            {"inspection": inspection, "families": _families(books)},
        )
    form = FindingForm(request.POST or None, request.FILES or None, kind=kind)
    context: dict[str, Any] = {"inspection": inspection, "finding": None}
    if _saves(request) and form.is_valid():
        found = form.cleaned_data
        try:
            with transaction.atomic():
                again = inspection.findings.filter(form_token=found["form_token"]).exists()
                finding = fieldwork.log_finding(
                    inspection,
                    by=request.user,
                    at=timezone.now(),
                    duty=found["duty"],
                    penalty=found["penalty"],
                    override_reason=found["override_reason"],
                    form_token=found["form_token"],
                    **form.facts(),
                )
                if not again:
                    _keep_files(request, finding, form)
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("已登记发现 %(ordinal)d") % {"ordinal": finding.ordinal})
            return redirect(f"{inspection.get_absolute_url()}#finding-{finding.ordinal}")
    return _form_page(request, form, books, **context)


@access.verb("inspections.record")
def edit(request: Request, pk: UUID) -> HttpResponse:
    """Amend a finding of a draft and its citations."""
    finding = _finding(request, pk)
    inspection = finding.inspection
    if not inspection.is_draft:
        return redirect(inspection)
    form = FindingForm(request.POST or None, request.FILES or None, finding=finding)
    context: dict[str, Any] = {"inspection": inspection, "finding": finding}
    if _saves(request) and form.is_valid():
        found = form.cleaned_data
        try:
            with transaction.atomic():
                row = fieldwork.amend_finding(
                    finding,
                    by=request.user,
                    at=timezone.now(),
                    version=found["version"] or 0,
                    **form.facts(),
                )
                fieldwork.cite(
                    row,
                    by=request.user,
                    at=timezone.now(),
                    duty=found["duty"],
                    penalty=found["penalty"],
                    override_reason=found["override_reason"],
                )
                _keep_files(request, row, form)
        except Changed as changed:
            context["conflict"] = changed
            context["differences"] = differences(
                form, changed.current, ("duty", "penalty", "uploads")
            )
            form = renewed(form, changed.current.version)
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("已保存"))
            return redirect(f"{inspection.get_absolute_url()}#finding-{row.ordinal}")
    return _form_page(request, form, citations.register(), **context)


@access.verb("inspections.record")
def drop(request: Request, pk: UUID) -> HttpResponse:
    """Take a finding out of a draft, with a reason."""
    finding = _finding(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            fieldwork.drop_finding(
                finding, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"]
            )
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("发现已删除，其证据留在检查中"))
            return redirect(finding.inspection)
    return render(
        request,
        "inspections/reason.html",
        {
            "inspection": finding.inspection,
            "form": form,
            "title": _("删除发现"),
            "intro": _("第 %(ordinal)d 项：%(name)s。其证据留在检查中，其后各项的序号前移。")
            % {"ordinal": finding.ordinal, "name": finding.violation_type.name},
            "submit": _("删除"),
        },
    )


@access.verb("inspections.record")
def dispose(request: Request, pk: UUID) -> HttpResponse:
    """Say what became of a finding that needs no order and no case."""
    finding = _finding(request, pk)
    form = DisposeForm(
        request.POST or None,
        initial={"disposition": finding.disposition, "note": finding.disposition_note},
    )
    formal = finding.disposition in (Finding.Disposition.ORDER, Finding.Disposition.PENALTY)
    if finding.inspection.state != Inspection.State.RECORDED or formal:
        messages.error(request, _("第 %(ordinal)d 项不能在这里处置") % {"ordinal": finding.ordinal})
        return redirect(finding.inspection)
    if request.method == "POST" and form.is_valid():
        try:
            fieldwork.dispose(
                finding,
                form.cleaned_data["disposition"],
                by=request.user,
                at=timezone.now(),
                note=form.cleaned_data["note"],
            )
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("已处置第 %(ordinal)d 项") % {"ordinal": finding.ordinal})
            return redirect(f"{finding.inspection.get_absolute_url()}#findings")
    return render(
        request,
        "inspections/dispose.html",
        {"inspection": finding.inspection, "finding": finding, "form": form},
    )


@require_safe
@access.verb("inspections.record")
def articles(request: Request) -> HttpResponse:
    """Boxes of articles that a search found, for the form of a finding (asked by the page)."""
    day = _day(request.GET.get("act_to", "")) or _day(request.GET.get("day", ""))
    day = day or timezone.localdate()
    books = citations.register()
    found = pages.find_articles(books, request.GET.get("article_q", ""), day)
    return render(
        request,
        "inspections/_found_articles.html",
        {"found": found, "asked": request.GET.get("article_q", ""), "day": day},
    )


# --- Help ----------------------------------------------------------------------------------------


def _draft(request: Request, pk: UUID) -> Inspection:
    return get_object_or_404(
        Inspection.objects.visible_to(request.user).select_related("unit", "enterprise"), pk=pk
    )


def _finding(request: Request, pk: UUID) -> Finding:
    return get_object_or_404(
        Finding.objects.visible_to(request.user)
        .select_related("inspection__unit", "inspection__enterprise", "violation_type")
        .prefetch_related("citations"),
        pk=pk,
    )


def _saves(request: Request) -> bool:
    """Whether the button pressed was the one that saves, not a search within the form."""
    return request.method == "POST" and request.POST.get("act", "save") == "save"


def _keep_files(request: Request, finding: Finding, form: FindingForm) -> None:
    for upload in form.cleaned_data["uploads"]:
        image = upload.content_type.startswith("image/")
        fieldwork.add_evidence(
            finding.inspection,
            upload,
            by=request.user,
            at=timezone.now(),
            finding=finding,
            kind=Evidence.Kind.PHOTO if image else Evidence.Kind.DOCUMENT,
        )


def _families(books: Register) -> list[dict[str, Any]]:
    """The kinds of violation by family, in the order of the register."""
    labels = dict(ViolationType.Family.choices)
    families: dict[str, list[ViolationType]] = {}
    for kind in sorted(books.types.values(), key=lambda each: (each.position, each.code)):
        if kind.is_active:
            families.setdefault(kind.family, []).append(kind)
    return [{"name": labels[family], "types": types} for family, types in families.items()]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _form_page(
    request: Request, form: FindingForm, books: Register, **context: Any
) -> HttpResponse:
    """The form with the articles for what is typed so far; nothing typed is lost on the way.

    The button `check` shows what is said about the boxes ticked; a page with script presses it at
    every tick, and takes only the part with the boxes.
    """
    inspection, finding = context["inspection"], context["finding"]
    kind = str(form["violation_type"].value() or "")
    day = _day(str(form["act_to"].value() or "")) or inspection.day
    act = request.POST.get("act", "")
    live = request.headers.get("HX-Request") == "true"
    ticked: dict[str, list[int]] | None = None
    if form.is_bound and act != "suggest":
        ticked = {role: _ids(request.POST.getlist(role)) for role in (DUTY, PENALTY)}
    elif finding is not None and act != "suggest":
        ticked = {
            role: [row.article_id for row in finding.citations.all() if row.role == role]
            for role in (DUTY, PENALTY)
        }
    asked = request.POST.get("article_q", "") if act in ("search", "check") else ""
    if live:
        asked = request.POST.get("searched", "")
    found = pages.find_articles(books, asked, day)
    if form.is_bound and not _saves(request):
        # A search or a new suggestion is no attempt to save: nothing is wrong yet.
        form.errors.clear()
    habits = usual.usual(inspection.unit, kind, day, books, user=request.user) if kind else {}
    kept = {role: _ids(request.POST.getlist(f"beside_{role}")) for role in (DUTY, PENALTY)}
    offers = pages.offers(books, kind, day, ticked, [] if live else found, habits, kept)
    offers = pages.beside(offers, _notes(books, kind, form, inspection, day, offers))
    page = {
        "form": form,
        "conflict": None,
        "differences": [],
        "kind": books.types.get(kind),
        "day": day,
        "offers": offers,
        "asked": asked,
        "found": found,
        "live": live,
        "stale": any(o.ticked and not o.in_force for role in offers.values() for o in role),
        **context,
    }
    return render(
        request,
        "inspections/finding_form.html",
        page,
        status=409 if page["conflict"] else 200,
    )


def _notes(
    books: Register,
    kind: str,
    form: FindingForm,
    inspection: Inspection,
    day: date,
    offers: dict[str, list[pages.Offer]],
) -> list[citations.Note]:
    """What is said about the boxes ticked, on the days typed."""
    ticked = [
        citations.Cited(role, offer.article, str(form["override_reason"].value() or ""))
        for role, found in offers.items()
        for offer in found
        if offer.ticked
    ]
    began = _day(str(form["act_from"].value() or "")) or day
    return citations.notes(
        kind or None,
        ticked,
        min(began, day),
        day,
        visited_on=inspection.day,
        authority=inspection.unit.level,
        register=books,
    )


def _ids(values: list[str]) -> list[int]:
    return [int(value) for value in values if value.isdecimal() and len(value) < 10]
