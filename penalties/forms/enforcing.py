"""Forms of demand and enforcement."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.wording import Day
from notices.serve_form import ServiceFields
from penalties.cases import enforcing
from penalties.forms.acts import ActForm
from penalties.forms.fields import Lines, words
from penalties.models import CourtApplication
from penalties.papers import money as on_paper


class DemandForm(ActForm):
    """What the 催告书 says beyond the file."""

    pay_to = words(
        label=_("缴款的银行或者方式"),
        rows=2,
        max_length=500,
        help_text=_("银行、户名、账号，或者电子缴款的办法。"),
    )
    performance = words(
        label=_("还应当履行的其他义务"),
        required=False,
        max_length=500,
        help_text=_("只有罚款的，不填。"),
    )

    def arrange(self) -> None:
        self.fields["pay_to"].initial = on_paper.pay_to(self.file, self.row)


class ServeDemandForm(ServiceFields, ActForm):
    """One attempt to serve the demand; the token makes a second click the same attempt."""

    form_token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def arrange(self) -> None:
        self.fields["form_token"].initial = uuid4()
        self.serve_by(self.case.unit, self.user, self.today)

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"form_token": self.cleaned_data["form_token"]}


class ApplyForm(ActForm):
    """The words of the 强制执行申请书; what the file knows is filled in, to be read over."""

    court = forms.CharField(
        label=_("人民法院"),
        max_length=100,
        help_text=_("本机关所在地有管辖权的基层人民法院。"),
    )
    leader = forms.CharField(label=_("本机关负责人"), max_length=100)
    facts = words(label=_("决定的事实和理由"), rows=6, max_length=8000)
    basis = words(label=_("决定的依据"), max_length=4000)
    result = words(label=_("决定的内容"), max_length=2000)
    party_views = words(label=_("当事人的意见"), max_length=2000)
    review_state = words(label=_("行政复议和行政诉讼情况"), max_length=2000)
    demand_result = words(label=_("催告后的履行情况"), max_length=2000)
    attachments = Lines(
        label=_("材料清单"), rows=5, longest=200, help_text=_("一行一项，至少三项。")
    )

    def arrange(self) -> None:
        demand = enforcing.served_demand(self.file, self.row)
        first = on_paper.first_words(self.file, self.row, demand)
        for name, value in first.items():
            self.fields[name].initial = value
        self.fields["court"].initial = self.case.unit.court

    def worded(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in on_paper.WORDED}


class CourtResultForm(ActForm):
    """What the court decided."""

    result = forms.ChoiceField(
        label=_("结果"), choices=CourtApplication.Result.choices, widget=forms.RadioSelect
    )
    result_on = Day(label=_("结果日期"))
    document_number = forms.CharField(label=_("裁定文号"), max_length=60, required=False)

    def arrange(self) -> None:
        self.fields["result_on"].initial = self.today
