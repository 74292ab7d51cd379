"""Conditions of the list of money owed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from enterprises.conditions import Conditions
from enterprises.forms import UnitChoice
from inspections.forms import Day
from penalties import debts

#: Word of each state of a debt; the first is what the list shows by itself.
STATES = [
    ("", _("未缴清")),
    ("due", _("缴款期内")),
    ("overdue", _("逾期未缴")),
    ("plan", _("暂缓、分期中")),
    ("demanded", _("已催告")),
    ("court", _("已申请强制执行")),
    ("late", _("罚款已缴清，曾逾期")),
    ("all", _("全部罚款")),
]
SORTS: dict[str, tuple[Any, tuple[str, ...], Q]] = {
    "": (_("决定新的在前"), ("-decided_on", "-id"), Q()),
    "decided": (_("决定早的在前"), ("decided_on", "id"), Q()),
    "due": (
        _("缴纳期限早的在前（只列已送达的）"),
        ("payment_due_on", "id"),
        Q(payment_due_on__isnull=False),
    ),
    "fine": (_("罚款多的在前（只列数额已登记的）"), ("-fine", "-id"), Q(fine__isnull=False)),
}


class MoneyConditions(Conditions):
    """The conditions above the list of money owed."""

    q = forms.CharField(
        label=_("当事人、决定书文号"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    unit = UnitChoice(label=_("承办单位"), queryset=Unit.objects.none(), required=False)
    state = forms.ChoiceField(label=_("状态"), choices=STATES, required=False)
    due_from = Day(label=_("缴纳期限从"), required=False)
    due_to = Day(label=_("缴纳期限到"), required=False)
    sort = forms.ChoiceField(
        label=_("排序"), choices=[(key, each[0]) for key, each in SORTS.items()], required=False
    )

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["unit"].queryset = Unit.objects.visible_to(user)
        self.fields["unit"].empty_label = _("全部")

    def _sort(self) -> tuple[Any, tuple[str, ...], Q]:
        self.is_valid()
        return SORTS[self.cleaned_data.get("sort") or ""]

    def order(self) -> tuple[str, ...]:
        """The columns of the order that was chosen."""
        return self._sort()[1]

    def narrow(self, decisions: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of `debts.with_money` under every condition that was understood."""
        given, today = self.answers(), self.today
        chosen = {
            "": lambda: debts.unpaid(decisions),
            "due": lambda: debts.running(decisions, today),
            "overdue": lambda: debts.overdue(decisions, today),
            "plan": lambda: debts.in_plan(decisions),
            "demanded": lambda: debts.demanded(decisions),
            "court": lambda: debts.at_court(decisions),
            "late": lambda: debts.paid_late(decisions),
            "all": lambda: decisions,
        }
        rows = chosen[given.get("state", "")]()
        if "q" in given:
            text = given["q"].strip()
            rows = rows.filter(
                Q(respondent__name__icontains=text)
                | Q(number__contains=text)
                | Q(notice__number__contains=text)
            )
        if "unit" in given:
            rows = rows.filter(case__unit__path__startswith=given["unit"].path)
        if "due_from" in given:
            rows = rows.filter(payment_due_on__gte=given["due_from"])
        if "due_to" in given:
            rows = rows.filter(payment_due_on__lte=given["due_to"])
        return rows.filter(self._sort()[2])
