"""Forms of the case itself: approval, what it is about, who handles it, days that do not count."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from enterprises.wording import Day
from inspections.forms import OfficersField
from inspections.models import Finding
from penalties import cases
from penalties.cases.handling import FACTS
from penalties.forms.acts import ActForm, NeededReason
from penalties.forms.fields import words
from penalties.forms.opening import FindingsField
from penalties.models import Exclusion


class ApproveForm(ActForm):
    note = words(
        label=_("审批意见"),
        help_text=_("印在立案登记表上；不填的，印“同意立案”。"),
        required=False,
        max_length=500,
    )


class AmendForm(ActForm):
    """What the case is about."""

    cause = forms.CharField(label=_("案由"), max_length=200)
    summary = words(label=_("简要案情"), rows=6, max_length=2000)
    origin_note = words(label=_("来源情况"), required=False, max_length=1000)
    jurisdiction = words(
        label=_("管辖依据"),
        help_text=_("企业属地不在本单位辖区的填写：违法行为地、服务器所在地、网络接入地等。"),
        rows=2,
        required=False,
        max_length=300,
    )
    is_long_limitation = forms.BooleanField(
        label=_("涉及公民生命健康安全、金融安全且有危害后果"),
        help_text=_("追究时效为五年，不是二年（行政处罚法第三十六条）。"),
        required=False,
    )

    def arrange(self) -> None:
        for name in FACTS:
            self.fields[name].initial = getattr(self.case, name)


class AddFindingsForm(ActForm):
    findings = FindingsField(label=_("要并入的发现"), queryset=Finding.objects.none())
    reason = words(label=_("理由"), max_length=500)

    def arrange(self) -> None:
        self.fields["findings"].queryset = cases.open_findings(self.case.enterprise, self.user)

    def given(self) -> dict[str, Any]:
        found = super().given()
        return found | {"findings": list(found["findings"])}


class AddOfficerForm(ActForm):
    officer = forms.ModelChoiceField(label=_("民警"), queryset=User.objects.none())
    from_on = Day(label=_("参与日期"))

    def arrange(self) -> None:
        self.fields["officer"].queryset = cases.possible_officers(self.case)
        self.fields["officer"].label_from_instance = OfficersField.label_from_instance.__get__(
            self.fields["officer"]
        )
        self.fields["from_on"].initial = self.today


class LetGoForm(NeededReason):
    until_on = Day(label=_("退出日期"))

    def arrange(self) -> None:
        self.fields["until_on"].initial = self.today


class ExcludeForm(ActForm):
    ground = forms.ChoiceField(label=_("事由"), choices=Exclusion.Ground)
    from_on = Day(label=_("开始日期"))
    to_on = Day(label=_("结束日期"), help_text=_("还没有结束的不填。"), required=False)
    note = words(label=_("说明"), required=False, rows=2, max_length=300)

    def arrange(self) -> None:
        self.fields["from_on"].initial = self.today


class EndExclusionForm(ActForm):
    to_on = Day(label=_("结束日期"))

    def arrange(self) -> None:
        self.fields["to_on"].initial = self.today
