"""Forms of a hearing."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.trail import Refused
from enterprises.wording import Day
from penalties.cases import hearing, sitting
from penalties.forms.acts import ActForm
from penalties.forms.fields import Lines, moment, words
from penalties.forms.telling import PaperForm
from penalties.papers.hearing import Plan
from rectification.reasons import day_words


class RequestForm(ActForm):
    """The party asks for a hearing."""

    on = Day(label=_("提出的日期"), help_text=_("当面、来电或者邮寄的日期，不是登记的日期。"))

    def arrange(self) -> None:
        self.fields["on"].initial = self.today


class DecideForm(ActForm):
    """Whether the request is accepted."""

    accepted = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("yes", _("受理")), ("no", _("不予受理"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    on = Day(label=_("决定日期"))
    refusal = words(label=_("不予受理的理由"), required=False, max_length=500)

    def arrange(self) -> None:
        self.fields["on"].initial = self.today


class _Person(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class BenchForm(ActForm):
    """Who presides, sits beside and takes the record."""

    presider = _Person(queryset=None, label=_("听证主持人"), help_text=_("没有参与本案调查的人。"))
    members = Lines(
        label=_("听证员"),
        required=False,
        most=hearing.MOST_MEMBERS,
        help_text=_("每行一人，可以不设。"),
    )
    recorder = forms.CharField(label=_("记录员"), max_length=100)

    def arrange(self) -> None:
        mine = self.case.unit
        rows = User.objects.active().filter(unit__path__startswith=mine.path).select_related("unit")
        apart = rows.exclude(pk__in=self.file.investigator_ids).order_by("name")
        able = [each.pk for each in apart if each.may("cases.hear")]
        self.fields["presider"].queryset = apart.filter(pk__in=able)  # type: ignore[attr-defined]
        self.fields["presider"].initial = self.row.presider_id or (
            self.user.pk if self.user.pk in able else None
        )
        self.fields["members"].initial = self.row.members
        self.fields["recorder"].initial = self.row.recorder


class PlanForm(PaperForm):
    """When and where the hearing is to be held."""

    planned_at = moment(label=_("听证时间"))
    place = forms.CharField(label=_("听证地点"), max_length=200)
    is_public = forms.TypedChoiceField(
        label=_("是否公开"),
        choices=[("yes", _("公开举行")), ("no", _("不公开举行"))],
        coerce=lambda value: value == "yes",
        initial="yes",
        widget=forms.RadioSelect,
    )
    closed_reason = forms.CharField(
        label=_("不公开的理由"),
        required=False,
        max_length=200,
        help_text=_("涉及国家秘密、商业秘密或者个人隐私依法予以保密。"),
    )
    contact = forms.CharField(label=_("联系人和电话"), required=False, max_length=100)

    def arrange(self) -> None:
        try:
            day: date | None = hearing.earliest_day(self.today)
        except Refused:  # no calendar of that year; said when the day is typed
            day = None
        if day is not None:
            text = _("今天送达的，最早 %(day)s。") % {"day": day_words(day)}
            self.fields["planned_at"].help_text = text
        self.fields["place"].initial = self.row.place

    def plan(self) -> Plan:
        """Time and place, for the notice."""
        names = ("planned_at", "place", "is_public", "closed_reason", "contact")
        return Plan(**{name: self.cleaned_data[name] for name in names})


class PostponeForm(PlanForm):
    """Another time or place."""

    reason = words(label=_("改期的原因"), max_length=300)


class HoldForm(ActForm):
    """The record of the hearing."""

    begun_at = moment(label=_("开始时间"))
    ended_at = moment(label=_("结束时间"))
    attendees = words(label=_("到场人员"), max_length=1000)
    record = words(
        label=_("听证笔录"),
        rows=12,
        max_length=20_000,
        help_text=_("拒绝签名的，在笔录中注明。"),
    )
    signed = forms.TypedChoiceField(
        label=_("笔录签名"),
        choices=[("yes", _("已核对签名")), ("no", _("拒绝签名，已注明"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )

    def arrange(self) -> None:
        self.fields["begun_at"].initial = self.row.planned_at


class ReportForm(ActForm):
    """What the presider reports."""

    report = words(label=_("听证报告"), rows=10, max_length=8000)
    opinion = words(label=_("处理意见和建议"), rows=4, max_length=2000)
    on = Day(label=_("报告日期"))

    def arrange(self) -> None:
        self.fields["on"].initial = self.today


class WithdrawForm(ActForm):
    """The party gives the hearing up."""

    how = forms.ChoiceField(
        label=_("情形"),
        choices=[
            (sitting.PARTY, _("当事人撤回听证要求")),
            (sitting.ABSENT, _("无正当理由拒不出席")),
        ],
        widget=forms.RadioSelect,
    )
    on = Day(label=_("日期"))
    note = words(label=_("情况"), max_length=250)

    def arrange(self) -> None:
        self.fields["on"].initial = self.today
