"""Forms of remedies, stays and the withdrawal of a decision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.wording import Day
from penalties.forms.acts import ActForm
from penalties.forms.fields import Money, words
from penalties.models import Remedy


class RemedyForm(ActForm):
    """A reconsideration, a suit or an appeal against this decision."""

    kind = forms.ChoiceField(label=_("途径"), choices=Remedy.Kind.choices, widget=forms.RadioSelect)
    body = forms.CharField(
        label=_("受理机关"),
        max_length=100,
        help_text=_("行政复议由本级人民政府管辖；诉讼写人民法院。"),
    )
    applicant = forms.CharField(
        label=_("申请人或者原告"),
        max_length=200,
        required=False,
        help_text=_("不填的为当事人；其他利害关系人写明是谁。"),
    )
    applied_on = Day(
        label=_("申请或者起诉日期"),
        help_text=_("按受理机关文书上的日期；超过期限的照实登记，是否受理由受理机关决定。"),
    )
    copy_received_on = Day(
        label=_("收到副本日期"),
        required=False,
        help_text=_("答复、答辩期限从这一天起算；还没有收到的可以以后填。"),
    )
    note = words(label=_("请求和理由"), max_length=1500, required=False)

    def arrange(self) -> None:
        self.fields["applied_on"].initial = self.today
        self.fields["applicant"].initial = self.row.respondent.name
        self.fields["body"].initial = self.case.unit.reconsideration_body


class AnswerForm(ActForm):
    copy_received_on = Day(label=_("收到副本日期"))
    answered_on = Day(label=_("答复、答辩日期"), help_text=_("连同证据和依据一并提交的日期。"))

    def arrange(self) -> None:
        self.fields["answered_on"].initial = self.today
        if self.row.copy_received_on is not None:
            del self.fields["copy_received_on"]


class ResultForm(ActForm):
    """How it ended. What the law makes of it stands beside each choice."""

    result = forms.ChoiceField(
        label=_("结果"),
        choices=Remedy.Result.choices,
        widget=forms.RadioSelect,
        help_text=_("写对处罚决定的最终处理：二审维持一审撤销判决的，选“撤销”。"),
    )
    result_on = Day(label=_("结果日期"), help_text=_("文书上的日期。"))
    result_received_on = Day(label=_("收到结果日期"))
    document_number = forms.CharField(label=_("结果文书文号"), max_length=60, required=False)
    new_fine = Money(
        label=_("变更后的罚款（元）"),
        required=False,
        help_text=_("变更、调解改变了罚款数额的才填写。"),
    )
    no_fine = forms.BooleanField(label=_("变更后不再罚款"), required=False)
    effective = forms.BooleanField(
        label=_("裁判已经生效"),
        required=False,
        help_text=_("上诉期已满没有上诉的才选；没有生效的，决定暂不变动。"),
    )
    note = words(label=_("说明"), max_length=500, required=False)

    def arrange(self) -> None:
        self.fields["result_on"].initial = self.today
        self.fields["result_received_on"].initial = self.today
        if self.row.kind != Remedy.Kind.SUIT:
            del self.fields["effective"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("no_fine") and given.get("new_fine") is not None:
            self.add_error("no_fine", _("填了金额，就不选“不再罚款”。"))
        return given

    def given(self) -> dict[str, Any]:
        facts = super().given()
        if facts.pop("no_fine"):
            facts["new_fine"] = Decimal(0)
        facts.setdefault("effective", True)
        return facts


class EffectForm(ActForm):
    on = Day(label=_("生效日期"), help_text=_("上诉期届满而没有上诉的次日。"))

    def arrange(self) -> None:
        self.fields["on"].initial = self.today


class StayForm(ActForm):
    by_whom = forms.CharField(
        label=_("决定机关"), max_length=100, help_text=_("复议机关、人民法院，或者本机关。")
    )
    ground = words(label=_("理由"), max_length=500)
    from_on = Day(label=_("开始日期"))

    def arrange(self) -> None:
        self.fields["from_on"].initial = self.today


class EndStayForm(ActForm):
    until_on = Day(label=_("停止执行的最后一天"))

    def arrange(self) -> None:
        self.fields["until_on"].initial = self.today


class WithdrawForm(ActForm):
    """The organ takes its own decision back."""

    reason = words(label=_("理由"), help_text=_("决定错在哪里，怎么发现的。"), max_length=300)
    redo = forms.TypedChoiceField(
        label=_("撤回以后"),
        choices=[("yes", _("重新作出决定")), ("no", _("不再处理，案件结案"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
