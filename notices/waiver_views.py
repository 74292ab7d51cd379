"""The door to print one paper without its unit's signature."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import verb
from audit.trail import Reason, Refused
from notices import waivers
from notices.models import Notice


class WaiverForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=waivers.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("例如“签名服务停机，今天须送达”。写入操作记录。"),
        error_messages={"required": gettext_lazy("请写明不签名的原因。")},
    )


@verb("notices.waive")
def waive(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET: what it means. POST: the paper is printed without a signature."""
    notice = get_object_or_404(
        Notice.objects.visible_to(request.user).select_related("unit").defer("words", "snapshot"),
        pk=pk,
    )
    locked: list[Reason] = waivers.can_waive(notice)
    form = WaiverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not locked and form.is_valid():
        try:
            waivers.waive(
                notice,
                reason=form.cleaned_data["reason"],
                by=request.user,  # type: ignore[arg-type]
                at=timezone.now(),
            )
        except Refused as refused:
            locked = refused.reasons
        else:
            messages.success(request, _("这份文书将不签名打印，一分钟内开始。"))
            return redirect("notices:detail", pk=notice.pk)
    return render(request, "notices/waive.html", {"notice": notice, "form": form, "locked": locked})
