"""Doors of evidence: add, hand out, remove."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import access
from accounts.access import Request
from audit import downloads
from audit.trail import Refused
from enterprises.wording import blame
from inspections import fieldwork
from inspections.forms import EvidenceForm, ReasonForm
from inspections.models import Evidence, Inspection, Withholding


@access.verb("inspections.record")
def new(request: Request, pk: UUID) -> HttpResponse:
    """Add files to an inspection; all of them or, when one is bad, none."""
    inspection = get_object_or_404(
        Inspection.objects.visible_to(request.user).select_related("unit", "enterprise"), pk=pk
    )
    if inspection.state == Inspection.State.DISCARDED:
        return redirect(inspection)
    form = EvidenceForm(
        request.POST or None,
        request.FILES or None,
        inspection=inspection,
        initial={"finding": request.GET.get("finding", "")},
    )
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        added: list[Evidence] = []
        try:
            with transaction.atomic():
                for upload in found["uploads"]:
                    added.append(
                        fieldwork.add_evidence(
                            inspection,
                            upload,
                            by=request.user,
                            at=timezone.now(),
                            finding=found["finding"],
                            kind=found["kind"],
                            title=found["title"],
                            captured_at=found["captured_at"],
                        )
                    )
        except Refused as refused:
            blame(form, refused)
        else:
            _tell(request, added)
            return redirect(f"{inspection.get_absolute_url()}#evidence")
    return render(
        request, "inspections/evidence_form.html", {"inspection": inspection, "form": form}
    )


def _tell(request: Request, added: list[Evidence]) -> None:
    """Say how many were kept, and which bytes are there twice."""
    messages.success(
        request,
        ngettext("已保存 %(count)d 个文件", "已保存 %(count)d 个文件", len(added))
        % {"count": len(added)},
    )
    for item in added:
        for twin in fieldwork.twins_of(item):
            messages.warning(
                request,
                _("%(title)s 与已有的证据“%(twin)s”是同一个文件（SHA-256 相同）")
                % {"title": item.title, "twin": twin.title},
            )


@require_POST
@access.verb("inspections.view")
def download(request: Request, pk: UUID) -> HttpResponse:
    """The file itself, as an attachment; the record says who took it. A POST, since it writes."""
    evidence = get_object_or_404(
        Evidence.objects.visible_to(request.user).select_related("file", "inspection__unit"), pk=pk
    )
    closed = Withholding.objects.filter(evidence=evidence).exists()
    if closed and not request.user.may("personal.reveal"):
        raise PermissionDenied(access.denial("personal.reveal"))
    return downloads.send(request, evidence.file, evidence.inspection)


@access.verb("inspections.record")
def remove(request: Request, pk: UUID) -> HttpResponse:
    """Take a file out of a draft, with a reason."""
    evidence = get_object_or_404(
        Evidence.objects.visible_to(request.user).select_related(
            "file", "inspection__unit", "inspection__enterprise"
        ),
        pk=pk,
    )
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            fieldwork.remove_evidence(
                evidence, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"]
            )
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("证据已移除，记录中留有文件名和 SHA-256"))
            return redirect(f"{evidence.inspection.get_absolute_url()}#evidence")
    return render(
        request,
        "inspections/reason.html",
        {
            "inspection": evidence.inspection,
            "form": form,
            "title": _("移除证据"),
            "intro": _("%(title)s。签名后证据不能移除。") % {"title": evidence.title},
            "submit": _("移除"),
        },
    )
