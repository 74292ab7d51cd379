"""The door by which evidence is made confidential."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access
from accounts.access import Request
from audit.trail import Refused
from enterprises.wording import NamingForm, blame
from inspections import fieldwork
from inspections.models import Evidence, Withholding


class WithholdForm(NamingForm):
    """Who may not see it, and why."""

    why = forms.ChoiceField(
        label=gettext_lazy("保密"),
        required=False,
        choices=[("", gettext_lazy("不保密")), *Withholding.Why.choices],
    )
    reason = forms.CharField(label=gettext_lazy("说明"), max_length=300)


@access.verb("inspections.record")
def withhold(request: Request, pk: UUID) -> HttpResponse:
    """Keep a file out of case files, or open it again; also after the signature."""
    evidence = get_object_or_404(
        Evidence.objects.visible_to(request.user).select_related(
            "inspection__unit", "inspection__enterprise", "withholding"
        ),
        pk=pk,
    )
    kept = Withholding.objects.filter(evidence=evidence).first()
    initial: dict[str, Any] = {"why": kept.why, "reason": kept.reason} if kept else {}
    form = WithholdForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            fieldwork.withhold(
                evidence,
                why=form.cleaned_data["why"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("已保存"))
            return redirect(f"{evidence.inspection.get_absolute_url()}#evidence")
    return render(
        request,
        "inspections/reason.html",
        {
            "inspection": evidence.inspection,
            "form": form,
            "title": _("证据保密"),
            "intro": _(
                "%(title)s。涉及举报人身份的不编入任何案卷；含个人信息的只给有权限的人看。"
                "案卷里以密封页代替。"
            )
            % {"title": evidence.title},
            "submit": _("保存"),
        },
    )
