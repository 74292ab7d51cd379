"""Forms of the acts on an order. They read what was typed; `rectification.orders` decides."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.trail import Reason, Refused
from enterprises.wording import Day
from inspections.forms import FilesField
from notices.serve_form import OfficerField, ServiceFields, officers_of
from rectification import course, opinion_words, opinions
from rectification.models import Order, Outcome
from rectification.reasons import day_words


class ActForm(forms.Form):
    """One act on one order. `seen` is the version that the page showed: whoever presses the
    button acts on that, or is told what happened since."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        order: Order,
        user: User,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.order, self.user, self.today = order, user, today
        self.fields["seen"].initial = order.version
        self.arrange()

    def arrange(self) -> None:
        """What depends on the order: choices, first values."""

    def show_again(self, order: Order) -> None:
        """The same words above what is there now."""
        given = cast(QueryDict, self.data).copy()
        given["seen"] = str(order.version)
        self.data = given

    def blame(self, refused: Refused) -> list[Reason]:
        """Each reason on the field it names; those that belong to none come back."""
        others = []
        for reason in refused.reasons:
            if reason.field in self.fields:
                self.add_error(reason.field, reason.text)
            if reason.field not in self.fields or reason.url:
                others.append(reason)
        return others


class Confirm(ActForm):
    """Nothing to fill in: the page shows what will happen."""


class OptionalReason(ActForm):
    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NeededReason(ActForm):
    reason = forms.CharField(
        label=_("理由"),
        help_text=_("写给看记录的人：为什么，怎么改。"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("写明理由。")},
    )


class ServiceForm(ServiceFields, ActForm):
    """One attempt to serve the order (行政案件程序规定 36)."""

    def arrange(self) -> None:
        self.serve_by(self.order.unit, self.user, self.today)


class ReturnedMailForm(ActForm):
    returned_on = Day(label=_("退回日期"), error_messages={"required": _("填写退回日期。")})
    note = forms.CharField(
        label=_("退回原因"),
        help_text=_("例如查无此人、地址不详、逾期未领。"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("写明退回原因。")},
    )

    def arrange(self) -> None:
        self.fields["returned_on"].initial = self.today


class CorrectionForm(ActForm):
    items = forms.TypedMultipleChoiceField(
        label=_("企业报告已改正的事项"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("至少选择一项已改正的问题。")},
    )
    completed_on = Day(
        label=_("企业完成改正的日期"), error_messages={"required": _("填写完成日期。")}
    )
    received_on = Day(
        label=_("收到报告的日期"), error_messages={"required": _("填写收到报告的日期。")}
    )
    note = forms.CharField(
        label=_("改正情况"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("写明改正情况。")},
    )
    evidence = FilesField(
        label=_("附件"),
        required=False,
        help_text=_("改正报告、截图等，可多选，每个不超过 20 MB。"),
    )

    def arrange(self) -> None:
        owed = course.of(self.order).unreported()
        self.fields["items"].choices = [
            (item.pk, f"{item.ordinal}. {item.required_correction}")
            for item in self.order.items.all()
        ]
        self.fields["items"].initial = sorted(owed)
        self.fields["received_on"].initial = self.today


class OfficersForm(ActForm):
    """Two officers who looked (行政处罚法 42)."""

    officer_1 = OfficerField(
        label=_("复查民警一"),
        queryset=User.objects.none(),
        error_messages={"required": _("选择复查民警。")},
    )
    officer_2 = OfficerField(
        label=_("复查民警二"),
        queryset=User.objects.none(),
        error_messages={"required": _("再选一名复查民警：复查须有二人。")},
    )

    def arrange(self) -> None:
        officers = officers_of(self.order.unit)
        for name in ("officer_1", "officer_2"):
            self.fields[name].queryset = officers
        self.fields["officer_1"].initial = self.user.pk

    @property
    def officers(self) -> tuple[User, User]:
        return self.cleaned_data["officer_1"], self.cleaned_data["officer_2"]


class OnTheSpotForm(OfficersForm):
    note = forms.CharField(
        label=_("当场改正的情况"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("写明改正情况。")},
    )
    evidence = FilesField(label=_("附件"), required=False)


class ReinspectionForm(OfficersForm):
    """A round: a result for each item, the day of completion where it is corrected."""

    held_on = Day(label=_("复查日期"), error_messages={"required": _("填写复查日期。")})
    note = forms.CharField(
        label=_("复查情况"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    evidence = FilesField(label=_("附件"), required=False)

    field_order = ("seen", "held_on", "officer_1", "officer_2", "note", "evidence")

    def arrange(self) -> None:
        super().arrange()
        self.fields["held_on"].initial = self.today
        happened = course.of(self.order)
        self.item_ids = []
        for item in self.order.items.all():
            seen, report = happened.latest.get(item.pk), happened.last_report(item.pk)
            if seen is not None and seen.is_done:
                continue
            self.item_ids.append(item.pk)
            self.fields[f"outcome_{item.pk}"] = forms.ChoiceField(
                label=_("复查结果"),
                choices=Outcome.choices,
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"completed_{item.pk}"] = Day(
                label=_("认定完成日期"),
                required=False,
                initial=report.completed_on if report else None,
            )
            self.fields[f"note_{item.pk}"] = forms.CharField(
                label=_("说明"), max_length=300, required=False
            )
        # A reason that speaks of no single item belongs to the first one.
        self.first = f"outcome_{self.item_ids[0]}" if self.item_ids else None

    def rows(self) -> list[dict[str, Any]]:
        """One row per item that is still open: the item and its three fields."""
        happened = course.of(self.order)
        return [
            {
                "item": item,
                "report": happened.last_report(item.pk),
                "seen": happened.latest.get(item.pk),
                "outcome": self[f"outcome_{item.pk}"],
                "completed": self[f"completed_{item.pk}"],
                "note": self[f"note_{item.pk}"],
            }
            for item in self.order.items.all()
            if item.pk in self.item_ids
        ]

    def results(self) -> dict[int, tuple[str, date | None, str]]:
        """The answers, without the items that were left open."""
        given = self.cleaned_data
        return {
            pk: (given[f"outcome_{pk}"], given[f"completed_{pk}"], given[f"note_{pk}"])
            for pk in self.item_ids
            if given[f"outcome_{pk}"]
        }

    def blame(self, refused: Refused) -> list[Reason]:
        moved = [
            Reason(r.text, r.basis, r.house, r.url, r.url_text, self.first)
            if r.field == "results" and self.first
            else r
            for r in refused.reasons
        ]
        return super().blame(Refused(moved))


class OpinionForm(ActForm):
    """The opinion on a round; the words are proposed from its results."""

    round_number = forms.TypedChoiceField(label=_("复查轮次"), coerce=int)
    opinion = forms.CharField(
        label=_("复查意见"),
        help_text=_("按复查结果拟好，可以修改。换了轮次的，请核对文字。"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("写明复查意见。")},
    )

    def arrange(self) -> None:
        rounds = opinions.owed(self.order)
        self.fields["round_number"].choices = [
            (
                each.number,
                _("第 %(n)d 轮（%(day)s）") % {"n": each.number, "day": day_words(each.held_on)},
            )
            for each in rounds
        ]
        if rounds:
            self.fields["opinion"].initial = opinion_words.proposed(self.order, rounds[0])


class EscalateForm(ActForm):
    to = forms.CharField(
        label=_("转到哪里"),
        help_text=_("例如上级公安机关、行业主管部门、属地街道。行政处罚请从“立案”办理。"),
        max_length=200,
        error_messages={"required": _("写明转到哪里。")},
    )
    reason = forms.CharField(
        label=_("认定拒不改正的理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("写明认定拒不改正的理由。")},
    )


class ReportUpwardForm(ActForm):
    reason = forms.CharField(
        label=_("上报理由"),
        help_text=_("写给上级单位：逾期的情况，已经做了什么，请求什么。"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("写明上报的理由。")},
    )
