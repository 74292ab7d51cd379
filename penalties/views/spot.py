"""Doors of a penalty on the spot: one page on the phone, and filing it with the unit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import verb
from audit.trail import Reason, Refused
from inspections.models import Finding, Inspection
from legal import citations
from legal.models import PenaltyTier
from penalties.acts import Act
from penalties.cases import spot
from penalties.forms.spot import FileWithUnitForm, SpotForm
from penalties.models import Decision
from penalties.views.common import now
from penalties.views.deciding import TAB
from penalties.views.door import door
from rectification import page as order_page


@verb("cases.file")
def issue(request: HttpRequest) -> HttpResponse:
    """Open, decide and hand over in one page: `?inspection=`; the button 预览 shows the paper."""
    inspection = _visit(request)
    findings = spot.open_findings(inspection)
    form = SpotForm(
        request.POST or None,
        inspection=inspection,
        findings=findings,
        tiers=_tiers(findings),
        user=request.user,
    )
    why = spot.can_issue_spot_decision(inspection)
    made = _made(form, request)
    if made is not None:
        messages.info(request, _("已经办过了，没有重复登记。"))
        return redirect(f"{made.case.get_absolute_url()}?tab=decision")
    refused: list[Reason] = []
    if request.method == "POST" and not why and form.is_valid():
        who = now(request)
        spoken = form.spoken()
        given = replace(spoken, typed=replace(spoken.typed, decided_at=who["at"]))
        try:
            if "preview" in request.POST:
                return redirect("notices:preview", pk=spot.preview(inspection, given, **who).pk)
            token = form.cleaned_data["form_token"]
            decision = spot.issue_spot_decision(inspection, given, form_token=token, **who)
        except Refused as no:
            refused = form.blame(no)
        else:
            said = _("已当场处罚并送达：%(number)s。请在 24 小时内备案。")
            messages.success(request, said % {"number": decision.number})
            return redirect(f"{decision.case.get_absolute_url()}?tab=decision")
    return render(
        request,
        "penalties/spot.html",
        {
            "form": form,
            "inspection": inspection,
            "locked": order_page.shown(why),
            "refused": order_page.shown(refused),
            "basis": order_page.basis_links(["APL@2021:51", "APL@2021:52", "ARL@2023:23(1)"]),
        },
    )


def _visit(request: HttpRequest) -> Inspection:
    """The visit that the address names, in scope; 404 otherwise."""
    try:
        pk = UUID(request.GET.get("inspection", ""))
    except ValueError:
        raise Http404 from None
    rows = Inspection.objects.visible_to(request.user).select_related("enterprise", "unit")
    return get_object_or_404(rows, pk=pk)


def _tiers(findings: list[Finding]) -> list[PenaltyTier]:
    """The rungs of the clauses that the findings cite, from the register in memory."""
    books = citations.register()
    found: dict[Any, PenaltyTier] = {}
    for finding in findings:
        for article in finding.penalty_articles:
            for tier in books.tiers(books.article(article.pk)):
                found.setdefault(tier.pk, tier)
    return list(found.values())


def _made(form: SpotForm, request: HttpRequest) -> Decision | None:
    """The decision that this very form made, posted twice."""
    if request.method != "POST":
        return None
    try:
        token = UUID(request.POST.get("form_token", ""))
    except ValueError:
        return None
    rows = Decision.objects.filter(case__form_token=token, entered_by=request.user)
    return rows.select_related("case").first()


file_with_unit = door(
    Act(
        "file_with_unit",
        "cases.file",
        gettext_lazy("当场处罚备案"),
        TAB,
        spot.can_file_with_unit,
        on="decision",
        when=lambda file, row: row.kind == Decision.Kind.SPOT and row.filed_with_unit_at is None,
        main=True,
    ),
    FileWithUnitForm,
    do=lambda case, row, form, who: spot.file_with_unit(row, **form.given(), **who),
    say=lambda case, result: _("已备案。"),
    model=Decision,
    basis=("APL@2021:52", "MPSP@2020:39"),
)
