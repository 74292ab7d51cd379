"""Forms of preservation in advance, appraisals, recusals and the report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from enterprises.wording import Day
from notices.serve_form import OfficerField
from penalties import grounds
from penalties.cases import preserving, recusing
from penalties.forms.acts import ActForm
from penalties.forms.fields import moment, words
from penalties.forms.rows import Column, GrowingForm, Rows
from penalties.forms.statements import Pair
from penalties.models import Preservation, Recusal, Report


class OnDay(ActForm):
    """The day on which it happened, today at first."""

    on = Day(label=_("日期"))

    def arrange(self) -> None:
        super().arrange()
        self.fields["on"].initial = self.today


# --- Preservation in advance -------------------------------------------------------------------


class PreserveForm(GrowingForm, Pair):
    taken_at = moment(label=_("登记保存时间"))
    holder = forms.CharField(
        label=_("保管人"), max_length=100, help_text=_("保存期间不得销毁或者转移证据。")
    )
    place = forms.CharField(label=_("保存地点"), max_length=200)
    officer_1 = OfficerField(label=_("登记保存民警"), queryset=User.objects.none())
    officer_2 = OfficerField(label=_("登记保存民警（二）"), queryset=User.objects.none())
    items = Rows(
        Column("name", _("名称"), 100),
        Column("model", _("规格、特征"), 200),
        Column("quantity", _("数量"), 40),
        Column("note", _("备注"), 200),
        spare=3,
        label=_("物品清单"),
        error_messages={"required": _("至少写一件物品。")},
    )

    field_order = ("seen", "taken_at", "holder", "place", "officer_1", "officer_2", "items")


class DisposeForm(OnDay):
    disposal = forms.ChoiceField(
        label=_("处理"), choices=Preservation.Disposal.choices, widget=forms.RadioSelect
    )
    note = words(
        label=_("处理说明"),
        rows=2,
        max_length=500,
        required=False,
        help_text=_("解除、返还以外的，须写明情况。"),
    )

    field_order = ("seen", "disposal", "on", "note")

    def arrange(self) -> None:
        super().arrange()
        if preserving.has_lapsed(self.row, self.today):
            self.fields["disposal"].initial = Preservation.Disposal.LAPSED


# --- Appraisal ---------------------------------------------------------------------------------


class SendForm(OnDay):
    subject = forms.CharField(label=_("鉴定事项"), max_length=300)
    appraiser = forms.CharField(label=_("鉴定机构"), max_length=200)
    on = Day(label=_("送检日期"))

    field_order = ("seen", "subject", "appraiser", "on")


class ReceiveForm(OnDay):
    on = Day(label=_("收到意见日期"))
    opinion = words(label=_("鉴定意见"), rows=4, max_length=2000)


class CopyForm(OnDay):
    on = Day(label=_("复印件送达日期"))


# --- Recusal -----------------------------------------------------------------------------------


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class RecusalForm(OnDay):
    person = PersonField(label=_("谁回避"), queryset=User.objects.none())
    motion = forms.ChoiceField(
        label=_("方式"), choices=Recusal.Motion.choices, widget=forms.RadioSelect
    )
    ground = words(
        label=_("理由"),
        max_length=500,
        help_text=_("与案件有直接利害关系，或者有其他关系可能影响公正执法。"),
    )
    on = Day(label=_("提出日期"))

    field_order = ("seen", "person", "motion", "ground", "on")

    def arrange(self) -> None:
        super().arrange()
        field = self.fields["person"]
        assert isinstance(field, PersonField)
        ids = [each.pk for each in recusing.people(self.file)]
        field.queryset = User.objects.filter(pk__in=ids).order_by("name", "pk")


class DecideRecusalForm(OnDay):
    granted = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("yes", _("回避")), ("no", _("驳回，不回避"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    on = Day(label=_("决定日期"))
    note = words(
        label=_("决定理由"),
        rows=2,
        max_length=500,
        required=False,
        help_text=_("驳回的，须写明理由。"),
    )

    field_order = ("seen", "granted", "on", "note")


# --- Report ------------------------------------------------------------------------------------


class ReportForm(OnDay):
    """Starts with the words of the last report: a later one takes its place."""

    facts = words(label=_("查明的事实"), rows=8, max_length=8000)
    reasons = words(label=_("理由"), rows=4, max_length=2000)
    proposal = forms.ChoiceField(
        label=_("处理建议"), choices=Report.Proposal.choices, widget=forms.RadioSelect
    )
    ground = forms.ChoiceField(
        label=_("不予处罚的情形"),
        required=False,
        help_text=_("建议不予行政处罚的选择。"),
    )
    on = Day(label=_("报告日期"))

    field_order = ("seen", "facts", "reasons", "proposal", "ground", "on")

    def arrange(self) -> None:
        super().arrange()
        field = self.fields["ground"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("不适用")),
            *((each.code, each.word) for each in grounds.GROUNDS.values()),
        ]
        last: Any = self.file.report
        if last is not None:
            for name in ("facts", "reasons", "proposal", "ground"):
                self.fields[name].initial = getattr(last, name)
