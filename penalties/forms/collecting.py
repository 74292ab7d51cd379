"""Forms of money that comes in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.wording import Day
from penalties.forms.acts import ActForm
from penalties.forms.fields import Money
from penalties.models import Decision, Payment


class PaymentForm(ActForm):
    """A sum that was paid."""

    paid_on = Day(label=_("缴款日期"), help_text=_("银行入账或者收到现金的日期。"))
    amount = Money(label=_("金额（元）"))
    way = forms.ChoiceField(
        label=_("方式"),
        choices=[each for each in Payment.Way.choices if each[0] != Payment.Way.REFUND],
        widget=forms.RadioSelect,
        initial=Payment.Way.BANK,
    )
    receipt_number = forms.CharField(
        label=_("票据号"),
        max_length=60,
        required=False,
        help_text=_("财政部门统一制发的专用票据的号码；一个号只能登记一次。"),
    )
    keep_excess = forms.BooleanField(
        label=_("多缴部分待退还"),
        required=False,
        help_text=_("只在确实多缴时勾选：多出的部分列为应退还。"),
    )
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def arrange(self) -> None:
        self.fields["paid_on"].initial = self.today
        if self.row.collection != Decision.Collection.AT_ONCE:
            self.fields["way"].choices = [
                each for each in self.fields["way"].choices if each[0] != Payment.Way.CASH
            ]


class RefundForm(ActForm):
    """A sum that is given back."""

    paid_on = Day(label=_("退还日期"))
    amount = Money(label=_("金额（元）"))
    receipt_number = forms.CharField(label=_("票据号"), max_length=60, required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def arrange(self) -> None:
        self.fields["paid_on"].initial = self.today


class OnDayForm(ActForm):
    """On which day it was done."""

    on = Day(label=_("日期"))

    def arrange(self) -> None:
        self.fields["on"].initial = self.today
