"""The paper reaches the enterprise, or comes back, or is taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from rectification import forms, orders, preview
from rectification.models import Order
from rectification.views.door import door, due_words


def _after_service(order: Order, form: forms.ActForm) -> dict[str, Any]:
    """The due day that this service would set, shown before it is frozen."""
    today = timezone.localdate()
    served_on: date | None = today
    if form.is_bound and isinstance(form, forms.ServiceForm):
        served_on = form.counts_on() if hasattr(form, "cleaned_data") else None
    if served_on is None:
        return {"preview": None, "heading": ""}
    return {
        "preview": preview.of_service(order, served_on),
        "heading": preview.heading(served_on, today),
    }


def _served(order: Order, attempt: Any) -> str:
    if attempt.served_on is None:
        return _("已记录这次送达。还没有送达，期限没有起算。")
    return _("已送达，改正期限确定为 %(due)s。") % {"due": due_words(order)}


record_service = door(
    "record_service",
    forms.ServiceForm,
    do=lambda order, form, who: orders.record_service(order, **form.facts(), **who),
    say=_served,
    effect=lambda: _(
        "算出的改正期限在保存时冻结，之后只能由延期、恢复计时、邮件退回三种记录改变。"
    ),
    basis=("MPSP@2020:36", "MPSP@2020:35", "APL@2021:61"),
    more=_after_service,
    own_template=True,
)

record_returned_mail = door(
    "record_returned_mail",
    forms.ReturnedMailForm,
    do=lambda order, form, who: orders.record_returned_mail(
        order,
        returned_on=form.cleaned_data["returned_on"],
        note=form.cleaned_data["note"],
        **who,
    ),
    say=lambda order, result: _("已记录退回，期限停止。请重新送达。"),
    effect=lambda: _("退回后期限停止，送达重新开始；两次送达都留在记录里。"),
    basis=("MPSP@2020:36",),
)

withdraw = door(
    "withdraw",
    forms.NeededReason,
    do=lambda order, form, who: orders.withdraw(order, reason=form.cleaned_data["reason"], **who),
    say=lambda order, result: _("通知书已撤回，文号不再使用；其中的发现可以重新列入。"),
    effect=lambda: _("撤回后文书仍可查看，核验页显示已撤回；文号不再使用。"),
    basis=("MPSP@2020:155",),
)
