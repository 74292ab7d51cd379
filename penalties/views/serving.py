"""A decision reaches its party, or the letter comes back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import verb
from audit.trail import Refused
from penalties import clocks
from penalties.acts import Act
from penalties.casefile import File
from penalties.cases import serving
from penalties.forms.acts import ActForm
from penalties.forms.serving import ReturnedMailForm, ServiceForm
from penalties.models import Case, Decision
from penalties.views.door import door
from rectification.reasons import day_words

TAB = "decision"


def _in_force(file: File, row: Decision) -> bool:
    return row.is_valid and row.served_on is None


def _said(case: Case, decision: Decision) -> str:
    if decision.served_on is None:
        return _("已记录这次送达。还没有送达，期限没有起算。")
    words = {"day": day_words(decision.served_on)}
    return _("已记录，%(day)s视为送达；缴款、复议和诉讼的期限自这一天起算。") % words


def _serve(case: Case, row: Decision, form: ActForm, who: dict[str, Any]) -> Decision:
    assert isinstance(form, ServiceForm)
    serving.record_service(row, **form.facts(), **who)
    return row


def _after(file: File, row: Decision, form: ActForm) -> dict[str, Any]:
    """What service on that day would set going, shown before it is saved."""
    day: date | None = timezone.localdate()
    if form.is_bound and isinstance(form, ServiceForm):
        day = form.counts_on() if hasattr(form, "cleaned_data") else None
    return {"counts_on": day, "follows": _follows(file, row, day) if day else []}


def _follows(file: File, row: Decision, day: date) -> list[dict[str, Any]]:
    kinds = list(serving.STARTED)
    if file.fine_of(row) is None or row.collection == Decision.Collection.AT_ONCE:
        kinds.remove(serving.PAY)
    if row.kind == Decision.Kind.SPOT:
        kinds.remove(serving.SUE)
    try:
        return [
            {"label": clocks.CLOCKS[kind].word, "value": day_words(clocks.due(kind, day).due)}
            for kind in kinds
        ]
    except Refused:  # a year without calendar: said when it is saved
        return []


record_service = door(
    Act(
        "record_service",
        "notices.serve",
        gettext_lazy("记录送达"),
        TAB,
        serving.can_record_service,
        on="decision",
        when=_in_force,
        main=True,
        hint=gettext_lazy("当场宣告并交付，或者七个工作日内送达。"),
    ),
    ServiceForm,
    model=Decision,
    do=_serve,
    say=_said,
    basis=("APL@2021:61", "MPSP@2020:36"),
    effect=lambda: _("缴款、复议和诉讼的期限以及限期措施都从送达之日起算，保存时冻结。"),
    more=_after,
    template="penalties/act_serve.html",
)

record_returned_mail = door(
    Act(
        "record_returned_mail",
        "notices.serve",
        gettext_lazy("登记邮件退回"),
        TAB,
        serving.can_record_returned_mail,
        on="decision",
        when=serving.was_posted,
        danger=True,
    ),
    ReturnedMailForm,
    model=Decision,
    do=lambda case, row, form, who: serving.record_returned_mail(row, **form.given(), **who),
    say=lambda case, row: _("已登记退回，期限停止。请重新送达。"),
    basis=("MPSP@2020:36",),
    effect=lambda: _("从送达起算的期限全部停止，送达重新开始；两次送达都留在记录里。"),
)


@require_safe
@verb("notices.serve")
def serve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From the paper of a decision to the door where its service is recorded."""
    rows = Decision.objects.visible_to(request.user)
    row = get_object_or_404(rows, pk=pk)
    return redirect("cases:record_service", pk=row.case_id, row=row.pk)
