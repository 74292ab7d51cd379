"""Doors of payments and of cash taken on the spot."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from penalties import owing
from penalties.acts import Act
from penalties.casefile import File
from penalties.cases import collecting
from penalties.forms.acts import NeededReason
from penalties.forms.collecting import OnDayForm, PaymentForm, RefundForm
from penalties.models import Cash, Decision, Payment
from penalties.views.door import door

TAB = "money"


def _is_owed(file: File, row: Any) -> bool:
    return owing.is_money(row) and row.served_on is not None


record_payment = door(
    Act(
        "record_payment",
        "cases.collect",
        gettext_lazy("登记缴款"),
        TAB,
        collecting.can_record_payment,
        on="decision",
        when=_is_owed,
    ),
    PaymentForm,
    model=Decision,
    do=lambda case, row, form, who: collecting.record_payment(row, **form.given(), **who),
    say=lambda case, row: _("缴款已登记。"),
    basis=("APL@2021:67(3)", "APL@2021:72(1)"),
)

refund = door(
    Act(
        "refund",
        "cases.collect",
        gettext_lazy("登记退还"),
        TAB,
        collecting.can_refund,
        on="decision",
        when=lambda file, row: (
            _is_owed(file, row) and any(each.decision_id == row.pk for each in file.payments)
        ),
    ),
    RefundForm,
    model=Decision,
    do=lambda case, row, form, who: collecting.refund(row, **form.given(), **who),
    say=lambda case, row: _("退还已登记。"),
)

void_payment = door(
    Act(
        "void_payment",
        "cases.collect",
        gettext_lazy("作废"),
        TAB,
        collecting.can_void_payment,
        on="payment",
        when=lambda file, row: row.void_on is None,
        danger=True,
    ),
    NeededReason,
    model=Payment,
    do=lambda case, row, form, who: collecting.void_payment(row, **form.given(), **who),
    say=lambda case, row: _("这笔登记已作废。"),
    effect=lambda: _("登记留在案卷里，注明作废，不再计入已缴。"),
)

hand_in = door(
    Act(
        "hand_in",
        "cases.collect",
        gettext_lazy("登记上交现金"),
        TAB,
        collecting.can_hand_in,
        on="cash",
        when=lambda file, row: row.handed_in_on is None and row.payment.void_on is None,
    ),
    OnDayForm,
    model=Cash,
    do=lambda case, row, form, who: collecting.hand_in(row, **form.given(), **who),
    say=lambda case, row: _("已登记上交。自上交之日起二个工作日内缴付银行。"),
    basis=("APL@2021:71", "MPSP@2020:216"),
)

bank_in = door(
    Act(
        "bank_in",
        "cases.collect",
        gettext_lazy("登记缴付银行"),
        TAB,
        collecting.can_bank_in,
        on="cash",
        when=lambda file, row: row.handed_in_on is not None and row.banked_on is None,
    ),
    OnDayForm,
    model=Cash,
    do=lambda case, row, form, who: collecting.bank_in(row, **form.given(), **who),
    say=lambda case, row: _("已登记缴付银行。"),
    basis=("APL@2021:71", "MPSP@2020:216"),
)
