"""Forms of more time to pay."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.wording import Day
from penalties.cases.plans import MOST_PARTS
from penalties.forms.acts import ActForm
from penalties.forms.fields import Lines, Money, words
from penalties.models import Plan

_PART = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[\s,，:：]+(\S+)")


class Parts(Lines):
    """One part a line: its last day and its sum, as [(date, Decimal)]."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(rows=6, longest=60, most=MOST_PARTS, **kwargs)

    def clean(self, value: Any) -> Any:
        return [self._part(no, line) for no, line in enumerate(super().clean(value), 1)]

    def _part(self, no: int, line: str) -> tuple[date, Decimal]:
        found = _PART.fullmatch(unicodedata.normalize("NFKC", line).strip())
        wrong = gettext("第 %(no)d 行写成“2025-03-01 5000”：期限、空格、金额。") % {"no": no}
        if found is None:
            raise forms.ValidationError(wrong, code="part")
        try:
            day = date(int(found[1]), int(found[2]), int(found[3]))
            amount = Money().clean(found[4])
        except ValueError:
            raise forms.ValidationError(wrong, code="part") from None
        except forms.ValidationError as error:
            text = gettext("第 %(no)d 行：%(why)s") % {"no": no, "why": error.messages[0]}
            raise forms.ValidationError(text, code="part") from None
        assert amount is not None
        return day, amount

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(f"{day:%Y-%m-%d} {amount:.2f}" for day, amount in value)
        return value


class AskPlanForm(ActForm):
    """What the party asks for."""

    kind = forms.ChoiceField(label=_("方式"), choices=Plan.Kind.choices, widget=forms.RadioSelect)
    asked_on = Day(label=_("申请日期"))
    reason = words(
        label=_("申请理由"),
        help_text=_("当事人经济困难的情况和证明材料。"),
        max_length=500,
    )

    def arrange(self) -> None:
        self.fields["asked_on"].initial = self.today


class DecidePlanForm(ActForm):
    """Granted with its parts, or refused with the reason."""

    granted = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("1", _("批准")), ("0", _("不批准"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    decided_on = Day(label=_("决定日期"))
    parts = Parts(
        label=_("各期期限和金额"),
        required=False,
        help_text=_(
            "一行一期，例如“2025-03-01 5000”。暂缓缴纳只写一行。合计应当正好等于决定之日所欠。"
        ),
    )
    note = words(label=_("决定理由"), required=False, max_length=500)

    def arrange(self) -> None:
        self.fields["decided_on"].initial = self.today
