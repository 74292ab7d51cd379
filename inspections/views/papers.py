"""Doors of the papers of a visit: what they say, whether it is all there, issue, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import access
from accounts.access import Request
from audit.trail import Reason, Refused
from enterprises.register import Changed
from enterprises.views import differences, renewed
from enterprises.wording import blame
from inspections import paper_facts, paper_pages, papers
from inspections.basis import order_176
from inspections.forms import ReasonForm
from inspections.models import Inspection, RemoteTest
from inspections.paper_facts import Worded
from inspections.paper_forms import AdvisoryForm, ParticularsForm, RemoteNoticeForm
from notices import kinds
from notices.models import Notice

Verb = Callable[..., Notice]


@access.verb("inspections.record")
def particulars(request: Request, pk: UUID) -> HttpResponse:
    """What notice and record say beyond the visit; what is known is filled in already."""
    inspection = _visible(request, pk)
    locked = papers.can_write_particulars(inspection)
    row = paper_facts.particulars_of(inspection)
    form = ParticularsForm(request.POST or None, inspection=inspection, row=row)
    context: dict[str, Any] = {"conflict": None, "differences": []}
    if request.method == "POST" and not locked and form.is_valid():
        try:
            papers.write_particulars(
                inspection,
                by=request.user,
                at=timezone.now(),
                version=form.cleaned_data["version"],
                **form.facts(),
            )
        except Changed as changed:
            context["conflict"] = changed
            context["differences"] = differences(form, changed.current)
            form = renewed(form, changed.current.version)
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("已保存"))
            after = "issue_record" if inspection.is_final else "issue_notice"
            return redirect(f"inspections:{after}", pk=inspection.pk)
    context |= {"inspection": inspection, "form": form, "locked": paper_pages.reasons(locked)}
    status = 409 if context["conflict"] else 200
    return render(request, "inspections/particulars.html", context, status=status)


@access.verb("inspections.issue")
def issue_notice(request: Request, pk: UUID) -> HttpResponse:
    """What the 监督检查通知书 would say, what it lacks, and the button."""
    return _confirm(
        request,
        _visible(request, pk),
        papers.issue_notice,
        words=paper_facts.notice,
        ask=papers.can_issue_notice,
        submit=_("签发监督检查通知书"),
        effect=_("签发时取号并冻结正文，文号填入检查登记。一份交被检查对象，一份由其签收后附卷。"),
    )


@access.verb("inspections.issue")
def issue_record(request: Request, pk: UUID) -> HttpResponse:
    """What the 监督检查记录 would say, what it lacks, and the button."""
    return _confirm(
        request,
        _visible(request, pk),
        papers.issue_record,
        words=paper_facts.record,
        ask=papers.can_issue_record,
        submit=_("制作监督检查记录"),
        effect=_("制作后打印，由双方逐页签名；身份证件号码和电话由本人在纸上填写。"),
    )


@access.verb("inspections.issue")
def advise(request: Request, pk: UUID) -> HttpResponse:
    """A 公安提示函: to whom, about which findings, with which advice."""
    inspection = _visible(request, pk)
    now = timezone.now()
    locked = papers.can_advise(inspection, now)
    findings = list(inspection.findings.select_related("violation_type").order_by("ordinal"))
    form = AdvisoryForm(request.POST or None, inspection=inspection, findings=findings)
    refused: list[Reason] = []
    if request.method == "POST" and not locked and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("to", "sector", "request")}
        try:
            if request.POST.get("act") == "preview":
                return _preview_advisory(request, inspection, form, given)
            notice = papers.issue_advisory(
                inspection, form.risks(), by=request.user, at=now, **given
            )
        except Refused as fault:
            refused = form.blame(fault)
        else:
            messages.success(request, _("已签发 %(number)s") % {"number": notice.number})
            return redirect(f"{inspection.get_absolute_url()}#papers")
    return render(
        request,
        "inspections/advise.html",
        {
            "inspection": inspection,
            "form": form,
            "locked": paper_pages.reasons(locked, inspection.day),
            "refused": paper_pages.reasons(refused),
            "law": order_176(17),
        },
    )


@access.verb("inspections.issue")
def issue_remote_notice(request: Request, pk: UUID) -> HttpResponse:
    """The 监督检查通知书 of a planned test over the network."""
    tests = RemoteTest.objects.visible_to(request.user)
    test = get_object_or_404(tests.select_related("unit", "enterprise", "system"), pk=pk)
    locked = papers.can_issue_remote_notice(test)
    form = RemoteNoticeForm(request.POST or None, test=test, user=request.user)
    if request.method == "POST" and not locked and form.is_valid():
        try:
            notice = papers.issue_remote_notice(
                test, by=request.user, at=timezone.now(), **form.facts()
            )
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("已签发 %(number)s") % {"number": notice.number})
            return redirect(test)
    return render(
        request,
        "inspections/remote_act.html",
        {
            "test": test,
            "form": form,
            "title": _("签发监督检查通知书"),
            "intro": _("检测日期和范围按计划印出。送交以后，再记录告知。"),
            "locked": paper_pages.reasons(locked),
            "law": order_176(4, 2),
        },
    )


@access.verb("notices.withdraw")
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    """Withdraw a paper of a visit or of a test, with the reason."""
    notice = get_object_or_404(
        Notice.objects.visible_to(request.user)
        .filter(kind__in=papers.OF_THE_VISIT)
        .select_related("subject_type")
        .defer("words", "snapshot"),
        pk=pk,
    )
    owner = _owner(request, notice)
    locked = papers.can_withdraw_paper(notice)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and not locked and form.is_valid():
        try:
            papers.withdraw_paper(
                owner,
                notice,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("已撤回 %(number)s") % {"number": notice.number})
            return redirect(owner)
    return render(
        request,
        "inspections/paper_withdraw.html",
        {
            "owner": owner,
            "notice": notice,
            "form": form,
            "title": _("撤回%(title)s") % {"title": notice.title},
            "locked": paper_pages.reasons(locked),
        },
    )


def _preview_advisory(
    request: Request, inspection: Inspection, form: AdvisoryForm, given: dict[str, str]
) -> HttpResponse:
    who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    worded = paper_facts.advisory(inspection, form.risks(), **given)
    lacking = papers.can_issue_advisory(inspection, form.risks(), at=who["at"], **given)
    return redirect("notices:preview", papers.preview(inspection, worded, lacking, **who).pk)


# --- Help ----------------------------------------------------------------------------------------


def _confirm(
    request: Request,
    inspection: Inspection,
    verb: Verb,
    *,
    words: Callable[[Inspection], Worded],
    ask: Callable[[Inspection, Worded], list[Reason]],
    submit: str,
    effect: str,
) -> HttpResponse:
    """One page for both: every element as it would be printed, or where it is to be written."""
    refused: list[Reason] = []
    if request.method == "POST":
        try:
            if request.POST.get("seen") != _seen(inspection):
                messages.warning(request, _("刚才有人改过内容，请看过以后再办。"))
                return redirect(request.path)
            who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
            if request.POST.get("act") == "preview":
                worded = words(inspection)
                made = papers.preview(inspection, worded, ask(inspection, worded), **who)
                return redirect("notices:preview", made.pk)
            notice = verb(inspection, **who)
        except Refused as fault:
            refused = fault.reasons
            inspection = _visible(request, inspection.pk)
        else:
            messages.success(request, _("已签发 %(number)s") % {"number": notice.number})
            return redirect(f"{inspection.get_absolute_url()}#papers")
    worded = words(inspection)
    reasons = ask(inspection, worded)
    named = {element.code for element in kinds.get(worded.kind).elements}
    own = [reason for reason in reasons if reason.field not in named]
    lacking, said = paper_pages.elements(worded, reasons, inspection.day)
    return render(
        request,
        "inspections/issue.html",
        {
            "inspection": inspection,
            "title": submit,
            "effect": effect,
            "addressee": worded.addressee,
            "seen": _seen(inspection),
            "locked": paper_pages.reasons(own, inspection.day),
            "refused": paper_pages.reasons(
                [each for each in refused if each not in reasons], inspection.day
            ),
            "complete": not reasons,
            "lacking": len(lacking),
            "gates": lacking,
            "said": said,
            "may_write": not papers.can_write_particulars(inspection),
        },
    )


def _seen(inspection: Inspection) -> str:
    """What the page showed: the version of the visit and of its particulars."""
    row = paper_facts.particulars_of(inspection)
    return f"{inspection.version}.{row.version if row else 0}"


def _visible(request: Request, pk: UUID) -> Inspection:
    visits = Inspection.objects.visible_to(request.user)
    return get_object_or_404(
        visits.select_related("unit", "enterprise", "system", "created_by"), pk=pk
    )


def _owner(request: Request, notice: Notice) -> Inspection | RemoteTest:
    """The visit or test that the paper is about; 404 out of scope."""
    for model in (Inspection, RemoteTest):
        if notice.subject_type.model_class() is model:
            rows: Any = model.objects.visible_to(request.user)
            return get_object_or_404(
                rows.select_related("unit", "enterprise"), pk=notice.subject_id
            )
    raise Http404
