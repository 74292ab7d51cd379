"""Conditions of the list of cases, as they stand in the address."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from enterprises.conditions import Conditions
from enterprises.models import Enterprise
from inspections.forms import Day
from penalties.forms.fields import Money
from penalties.models import (
    CaseOfficer,
    CaseQuerySet,
    CaseState,
    Measure,
    Origin,
    Outcome,
    Route,
    Step,
)

#: Days before the end of the ninety from which a case is shown as running out.
NEAR = 15
OPEN, MINE = "open", "me"
NEWEST = ("-filed_on", "-id")
#: Word, columns (the last one unique, none of them empty), and what a row must have for it.
SORTS: dict[str, tuple[Any, tuple[str, ...], Q]] = {
    "": (_("立案新的在前"), NEWEST, Q()),
    "filed": (_("立案早的在前"), ("filed_on", "id"), Q()),
    "due": (
        _("办案期限近的在前（只列在办的）"),
        ("decision_due_on", "id"),
        Q(state=CaseState.FILED),
    ),
    "decided": (
        _("决定新的在前（只列已决定的）"),
        ("-decided_on", "-id"),
        Q(decided_on__isnull=False),
    ),
    "fine": (_("罚款多的在前（只列有罚款的）"), ("-fine", "-id"), Q(fine__isnull=False)),
}


def overdue(today: date) -> Q:
    """Filed, not decided, and the ninety days are over."""
    return Q(state=CaseState.FILED, decision_due_on__lt=today)


def near(today: date) -> Q:
    """Filed, not decided, and the ninety days end within `NEAR` days."""
    last = today + timedelta(days=NEAR)
    return Q(state=CaseState.FILED, decision_due_on__gte=today, decision_due_on__lte=last)


class CaseConditions(Conditions):
    """The conditions above the list of cases; figures of the board link with the same ones."""

    q = forms.CharField(
        label=_("企业、决定书文号、案由"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("至少两个字")}),
    )
    unit = forms.ChoiceField(label=_("承办单位"), required=False)
    unit_only = forms.ChoiceField(
        label=_("只看本级"), choices=[("1", "1")], required=False, widget=forms.HiddenInput
    )
    state = forms.ChoiceField(label=_("状态"), required=False)
    step = forms.ChoiceField(label=_("阶段"), required=False)
    due = forms.ChoiceField(label=_("办案期限"), required=False)
    officer = forms.ChoiceField(label=_("办案民警"), required=False)
    route = forms.ChoiceField(label=_("办理程序"), required=False)
    origin = forms.ChoiceField(label=_("案件来源"), required=False)
    outcome = forms.ChoiceField(label=_("处理结果"), required=False)
    measure = forms.ChoiceField(label=_("处罚种类"), required=False)
    filed_from = Day(label=_("立案从"), required=False)
    filed_to = Day(label=_("立案到"), required=False)
    decided_from = Day(label=_("决定从"), required=False)
    decided_to = Day(label=_("决定到"), required=False)
    due_from = Day(label=_("办案期限从"), required=False)
    due_to = Day(label=_("办案期限到"), required=False)
    fine_min = Money(label=_("罚款不少于（元）"), required=False)
    fine_max = Money(label=_("罚款不多于（元）"), required=False)
    #: Who opened the case; the board counts by it.
    handler = forms.ModelChoiceField(
        label=_("承办人"), queryset=User.objects.all(), required=False, widget=forms.HiddenInput
    )
    sort = forms.ChoiceField(label=_("排序"), required=False)

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.today = user, today
        every = [("", _("全部"))]
        self.fields["handler"].queryset = User.objects.visible_to(user)
        self.units = {str(unit.pk): unit for unit in Unit.objects.visible_to(user)}
        choices: dict[str, list[Any]] = {
            "unit": [(pk, unit.short_name or unit.name) for pk, unit in self.units.items()],
            "state": [(OPEN, _("未办结")), *CaseState.choices],
            "step": Step.choices,
            "due": [("over", _("已超期")), ("near", _("15 天内到期"))],
            "officer": [(MINE, _("我办理的")), *_officers(user)],
            "route": Route.choices,
            "origin": Origin.choices,
            "outcome": Outcome.choices,
            "measure": Measure.choices,
        }
        for name in ("due_from", "due_to"):  # brought along by figures of the board
            self.fields[name].widget = forms.HiddenInput()
        for name, offered in choices.items():
            self.fields[name].choices = [*every, *offered]
        self.fields["sort"].choices = [(key, word) for key, (word, _o, _w) in SORTS.items()]

    def order(self) -> tuple[str, ...]:
        """The columns by which the rows are sorted, the last one unique."""
        return SORTS[self._sort][1]

    @property
    def _sort(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("sort") or ""

    def narrow(self, cases: CaseQuerySet) -> CaseQuerySet:
        """The rows under every condition that was understood."""
        given = self.answers()
        cases = cases.filter(SORTS[self._sort][2])
        if "q" in given:
            asked = given["q"].strip()
            named = Enterprise.objects.search(asked).order_by().values("pk")
            cases = cases.filter(
                Q(enterprise__in=named)
                | Q(document_number__contains=asked)
                | Q(cause__contains=asked)
            )
        if "unit" in given:
            unit = self.units[given["unit"]]
            cases = (
                cases.filter(unit=unit)
                if given.get("unit_only")
                else cases.filter(unit__path__startswith=unit.path)
            )
        if "handler" in given:
            cases = cases.filter(filed_by=given["handler"])
        for name in ("step", "route", "origin", "outcome"):
            if name in given:
                cases = cases.filter(**{name: given[name]})
        if "state" in given:
            cases = cases.open() if given["state"] == OPEN else cases.filter(state=given["state"])
        if "measure" in given:
            cases = cases.filter(measures__contains=[given["measure"]])
        if "due" in given:
            late = given["due"] == "over"
            cases = cases.filter(overdue(self.today) if late else near(self.today))
        if "officer" in given:
            cases = cases.filter(self._handled_by(given["officer"]))
        return self._within(cases, given)

    def _handled_by(self, who: UUID | str) -> Q:
        officer = self.user.pk if who == MINE else UUID(str(who))
        part = CaseOfficer.objects.filter(
            case=OuterRef("pk"), officer=officer, until_on__isnull=True
        )
        return Q(filed_by=officer) | Q(Exists(part))

    def _within(self, cases: CaseQuerySet, given: dict[str, Any]) -> CaseQuerySet:
        """Days and sums; both ends are included."""
        for name, column in (
            ("filed_from", "filed_on__gte"),
            ("filed_to", "filed_on__lte"),
            ("decided_from", "decided_on__gte"),
            ("decided_to", "decided_on__lte"),
            ("due_from", "decision_due_on__gte"),
            ("due_to", "decision_due_on__lte"),
            ("fine_min", "fine__gte"),
            ("fine_max", "fine__lte"),
        ):
            if name in given:
                cases = cases.filter(**{column: given[name]})
        if "due_from" in given or "due_to" in given:
            cases = cases.filter(state=CaseState.FILED)
        return cases

    def words(self, name: str, value: Any) -> str:
        if name == "unit_only":
            return gettext("只看本级")
        return super().words(name, value)


def _officers(user: User) -> list[tuple[str, str]]:
    """People of the user's units who hold a certificate."""
    if user.unit is None:
        return []
    people = (
        User.objects.filter(unit__path__startswith=user.unit.path)
        .exclude(certificate_number="")
        .order_by("name", "police_number")
        .values_list("pk", "name", "police_number")
    )
    return [
        (str(pk), gettext("%(name)s（%(number)s）") % {"name": name, "number": number})
        if number
        else (str(pk), name)
        for pk, name, number in people
    ]
