"""Forms of referrals and talks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.wording import Day
from inspections.models import Finding
from penalties.forms.acts import ActForm
from penalties.forms.fields import Lines, moment, words
from penalties.forms.opening import FindingsField
from penalties.models import Interview, Referral


class ReferForm(ActForm):
    to = forms.ChoiceField(label=_("移送种类"), choices=Referral.To)
    organ = forms.CharField(label=_("接收单位"), max_length=100)
    reason = words(label=_("移送理由"), max_length=1000)
    found_at = moment(
        label=_("发现不属于本单位管辖的时间"),
        help_text=_("自此二十四小时内移送；涉嫌犯罪的可以不填。"),
        required=False,
    )
    sent_on = Day(label=_("移送日期"))
    document_number = forms.CharField(label=_("移送文书文号"), max_length=60, required=False)
    whole = forms.TypedChoiceField(
        label=_("范围"),
        choices=[("1", _("移送全案")), ("0", _("只移送下列发现"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        initial="1",
    )
    findings = FindingsField(label=_("移送的发现"), queryset=Finding.objects.none(), required=False)

    def arrange(self) -> None:
        self.fields["sent_on"].initial = self.today
        own = [row.pk for row in self.file.findings]
        self.fields["findings"].queryset = Finding.objects.filter(pk__in=own).select_related(
            "inspection", "violation_type"
        )
        if not own:
            del self.fields["findings"], self.fields["whole"]

    def given(self) -> dict[str, Any]:
        found = super().given()
        found["findings"] = [] if found.get("whole", True) else list(found["findings"])
        return found


class AnswerForm(ActForm):
    answer = forms.ChoiceField(label=_("答复"), choices=Referral.Answer)
    answered_on = Day(label=_("答复日期"))
    answer_number = forms.CharField(label=_("答复文号"), max_length=60, required=False)
    answer_note = words(label=_("答复内容"), required=False, max_length=1000)

    def arrange(self) -> None:
        self.fields["answered_on"].initial = self.today


class InterviewForm(ActForm):
    subject = forms.ChoiceField(label=_("约谈事项"), choices=Interview.Subject)
    held_at = moment(label=_("约谈时间"))
    place = forms.CharField(label=_("约谈地点"), max_length=200)
    attendees = Lines(
        label=_("被约谈人"), help_text=_("每行一人，写明职务，例如：陈某某（法定代表人）。")
    )
    officers = Lines(label=_("约谈人"), help_text=_("每行一人。"))
    demands = words(label=_("提出的要求"), max_length=2000)
    commitments = words(label=_("被约谈单位的承诺"), required=False, max_length=2000)
    follow_up_on = Day(label=_("跟进日期"), help_text=_("约定什么时候看落实情况。"), required=False)

    def arrange(self) -> None:
        self.fields["officers"].initial = [row.name for row in self.file.officers]


class FollowUpForm(ActForm):
    followed_up_on = Day(label=_("跟进日期"))
    follow_up = words(label=_("跟进情况"), max_length=1000)

    def arrange(self) -> None:
        self.fields["followed_up_on"].initial = self.today
