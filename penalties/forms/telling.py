"""Forms of the notice before a penalty, of the answers to it, and of the defence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.wording import Day
from inspections.forms import OfficersField
from notices.serve_form import ScanField, officers_of
from penalties.cases import telling
from penalties.forms.acts import ActForm
from penalties.forms.fields import moment, words
from penalties.models import Defence, Told

PREVIEW = "preview"


class PaperForm(ActForm):
    """An act that issues a paper: it may be looked at first, with the same words typed."""

    @property
    def wants_preview(self) -> bool:
        """Whether the button 预览 was pressed."""
        return self.is_bound and self.data.get("act") == PREVIEW


class NoticeForm(PaperForm):
    """Telling one respondent (`row`)."""

    way = forms.ChoiceField(
        label=_("告知方式"),
        choices=Told.Way.choices,
        initial=Told.Way.RECORD,
        widget=forms.RadioSelect,
        help_text=_("无法当面告知的，可以公告告知，公告期七日；公告没有当场的回答。"),
    )
    given_at = moment(label=_("告知时间"))
    officers = OfficersField(
        queryset=None, label=_("告知人"), help_text=_("两名，告知当日执法证有效。")
    )
    informed = forms.CharField(
        label=_("被告知人"),
        max_length=200,
        help_text=_("法定代表人、负责人、本人或者受委托人；公告告知的，写刊登的媒体。"),
    )
    defence = forms.ChoiceField(
        label=_("是否提出陈述和申辩"),
        choices=Told.Answer.choices,
        initial=Told.Answer.LATER,
        widget=forms.RadioSelect,
    )
    defence_text = words(
        label=_("陈述和申辩的内容"),
        required=False,
        max_length=4000,
        help_text=_("当场提出的，按原话记录。"),
    )
    finding = forms.ChoiceField(
        label=_("当场复核的结论"),
        choices=[("", _("以后复核")), *Defence.Finding.choices],
        required=False,
    )
    answer = words(
        label=_("当场复核的理由"),
        required=False,
        max_length=4000,
        help_text=_("不得因陈述、申辩给予更重的处罚。"),
    )
    hearing = forms.ChoiceField(
        label=_("是否要求听证"),
        choices=Told.Answer.choices,
        initial=Told.Answer.LATER,
        widget=forms.RadioSelect,
    )
    reason = words(
        label=_("重新告知的原因"),
        max_length=300,
        help_text=_("原来的告知随之失效，陈述申辩和听证的权利重新起算。"),
    )

    def arrange(self) -> None:
        respondent, fields = self.row, self.fields
        officers = officers_of(self.case.unit)
        fields["officers"].queryset = officers  # type: ignore[attr-defined]
        mine = {row.officer_id for row in self.file.officers}
        fields["officers"].initial = [each.pk for each in officers if each.pk in mine][:2]
        fields["given_at"].initial = timezone.localtime().replace(second=0, microsecond=0)
        if respondent.is_person:
            fields["informed"].initial = respondent.name
        elif respondent.representative:
            name = gettext("%(name)s（法定代表人）") % {"name": respondent.representative}
            fields["informed"].initial = name
        if not telling.hearing_ground(self.file, respondent):
            del fields["hearing"]
        if self.file.told(respondent) is None:
            del fields["reason"]

    def given(self) -> Any:
        """What was told, for `telling.give_notice`."""
        data = super().given()
        if not data["finding"]:
            data["finding"] = ""
        return telling.Given(**data | {"officers": list(data["officers"])})


class AnswerForm(ActForm):
    """A right is waived later on, or the waiver is taken back."""

    right = forms.ChoiceField(label=_("权利"), widget=forms.RadioSelect)
    answer = forms.ChoiceField(
        label=_("当事人的表示"),
        choices=[
            (Told.Answer.WAIVED, _("放弃")),
            (Told.Answer.LATER, _("收回放弃，保留到期限届满")),
        ],
        widget=forms.RadioSelect,
    )
    on = Day(label=_("表示的日期"))
    reason = words(
        label=_("怎样表示的"), max_length=300, help_text=_("例如：当事人来电并书面确认。")
    )

    def arrange(self) -> None:
        self.fields["on"].initial = self.today
        choices = [(telling.DEFENCE, _("陈述和申辩"))]
        if self.row.hearing_ground:
            choices.append((telling.HEARING, _("听证")))
        self.fields["right"].choices = choices  # type: ignore[attr-defined]
        self.fields["right"].initial = choices[-1][0]


class DefenceForm(ActForm):
    """What the party states."""

    received_on = Day(label=_("收到日期"))
    oral = forms.TypedChoiceField(
        label=_("提出方式"),
        choices=[("written", _("书面")), ("oral", _("口头"))],
        coerce=lambda value: value == "oral",
        initial="written",
        widget=forms.RadioSelect,
    )
    text = words(
        label=_("陈述和申辩的内容"),
        rows=6,
        max_length=4000,
        help_text=_("口头提出的，按原话记录；书面提出的，写明要点。"),
    )
    upload = ScanField(label=_("书面材料"), required=False, help_text=_("图片或者 PDF。"))

    def arrange(self) -> None:
        self.fields["received_on"].initial = self.today


class ReviewForm(ActForm):
    """The organ's answer to a defence."""

    finding = forms.ChoiceField(
        label=_("复核结论"), choices=Defence.Finding.choices, widget=forms.RadioSelect
    )
    answer = words(
        label=_("复核理由"),
        rows=6,
        max_length=4000,
        help_text=_("逐项说明事实、理由和证据是否成立；不得因陈述、申辩给予更重的处罚。"),
    )
    on = Day(label=_("复核日期"))

    def arrange(self) -> None:
        self.fields["on"].initial = self.today
