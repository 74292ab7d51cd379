"""Forms of closing a case."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from penalties.cases import closing
from penalties.forms.acts import ActForm
from penalties.forms.fields import words
from penalties.models import ClosingGround


class AskForm(ActForm):
    """A request to close: one of the reasons of 程序规定 258 and 259, and what goes with it."""

    ground = forms.ChoiceField(label=_("结案理由"), widget=forms.RadioSelect)
    note = words(
        label=_("结案说明"),
        help_text=_("案件怎样办结。"),
        max_length=250,
    )
    order_note = words(
        label=_("责令改正没有办结的原因"),
        help_text=_("与案件并行的责令改正还没有结论的才填写：为什么可以先结案。"),
        max_length=80,
        required=False,
        rows=2,
    )
    defects_note = words(
        label=_("对评查发现的严重问题的说明"),
        help_text=_("逐条写明怎么看、怎么办；问题列在旁边。"),
        max_length=150,
        required=False,
        rows=2,
    )

    def arrange(self) -> None:
        offered = closing.grounds(self.file)
        self.fields["ground"].choices = [(each, ClosingGround(each).label) for each in offered]
        met = [each for each in offered if not closing.against(self.file, each, self.today)]
        if met:
            self.fields["ground"].initial = met[0]
        if not closing.order_is_open(self.file):
            del self.fields["order_note"]
        if not closing.serious(self.file, self.today):
            del self.fields["defects_note"]


class ApproveForm(ActForm):
    note = words(label=_("审批意见"), max_length=500)

    def arrange(self) -> None:
        self.fields["note"].initial = _("同意结案。")


class ReturnForm(ActForm):
    note = words(label=_("退回的理由"), help_text=_("还缺什么，怎么补。"), max_length=500)


class TerminateForm(ActForm):
    note = words(
        label=_("终止调查的理由"),
        help_text=_("没有违法事实、已过追究时效、违法嫌疑人死亡，或者其他应当终止的情形。"),
        max_length=400,
    )
