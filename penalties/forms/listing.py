"""Conditions of the list of cases, as they stand in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from enterprises.conditions import Conditions
from enterprises.forms import UnitChoice
from enterprises.models import Enterprise
from inspections.forms import Day
from penalties.models import Case, CaseState, Origin


class CaseConditions(Conditions):
    """The conditions above the list of cases."""

    q = forms.CharField(
        label=_("企业、决定书文号"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("至少两个字")}),
    )
    unit = UnitChoice(label=_("承办单位"), queryset=Unit.objects.none(), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    origin = forms.ChoiceField(label=_("案件来源"), required=False)
    filed_from = Day(label=_("立案从"), required=False)
    filed_to = Day(label=_("立案到"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("全部"))]
        self.fields["unit"].queryset = Unit.objects.visible_to(user)
        self.fields["unit"].empty_label = _("全部")
        self.fields["state"].choices = [*every, *CaseState.choices]
        self.fields["origin"].choices = [*every, *Origin.choices]

    def narrow(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """The rows under every condition that was understood."""
        given = self.answers()
        if "q" in given:
            named = Enterprise.objects.search(given["q"]).order_by().values("pk")
            cases = cases.filter(
                Q(enterprise__in=named) | Q(document_number__contains=given["q"].strip())
            )
        if "unit" in given:
            cases = cases.filter(unit__path__startswith=given["unit"].path)
        for name in ("state", "origin"):
            if name in given:
                cases = cases.filter(**{name: given[name]})
        if "filed_from" in given:
            cases = cases.filter(filed_on__gte=given["filed_from"])
        if "filed_to" in given:
            cases = cases.filter(filed_on__lte=given["filed_to"])
        return cases
