"""Forms of measures that have a term of their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from enterprises.wording import Day
from notices.serve_form import OfficerField, officers_of
from penalties.forms.acts import ActForm
from penalties.forms.fields import words
from penalties.models import StopCheck


class CheckForm(ActForm):
    """Two officers saw whether the measure is kept."""

    held_on = Day(label=_("检查日期"))
    officer_1 = OfficerField(label=_("检查民警一"), queryset=User.objects.none())
    officer_2 = OfficerField(label=_("检查民警二"), queryset=User.objects.none())
    result = forms.ChoiceField(
        label=_("结果"), choices=StopCheck.Result.choices, widget=forms.RadioSelect
    )
    note = words(label=_("看到的情况"), max_length=500)

    def arrange(self) -> None:
        officers = officers_of(self.case.unit)
        for name in ("officer_1", "officer_2"):
            self.fields[name].queryset = officers
        self.fields["held_on"].initial = self.today
        self.fields["officer_1"].initial = self.user.pk

    def given(self) -> dict[str, Any]:
        facts = super().given()
        facts["officers"] = (facts.pop("officer_1"), facts.pop("officer_2"))
        return facts


class LiftForm(ActForm):
    on = Day(label=_("解除日期"))
    reason = words(
        label=_("提前解除的理由"),
        help_text=_("例如整改已经完成，经复核不再需要限制。"),
        max_length=300,
    )

    def arrange(self) -> None:
        self.fields["on"].initial = self.today


class EndForm(ActForm):
    note = words(
        label=_("执行情况"),
        help_text=_("期限内是否执行，可以不填。"),
        max_length=250,
        required=False,
    )
