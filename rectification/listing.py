"""The list of orders: saved views, conditions, order of rows. All of it stands in the address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from enterprises.conditions import Conditions
from enterprises.models import Enterprise
from inspections.forms import Day
from inspections.models import InspectionOfficer
from legal import periods
from legal.models import ViolationType
from legal.periods import Calendar
from rectification.models import (
    Extension,
    ExtensionState,
    Item,
    OrderQuerySet,
    OrderState,
    Verdict,
    where,
)
from rectification.telling import listed

DUE = ("due_key", "id")
NEWEST = ("-drafted_at", "-id")
SORTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "due": (_("期限从早到晚"), DUE),
    "-due": (_("期限从晚到早"), ("-due_key", "-id")),
    "new": (_("最近拟稿在前"), NEWEST),
}


@dataclass(frozen=True)
class View:
    """A saved view: one of the words of `models.where`. `always`: offered on every list."""

    word: str | Promise
    rows: Callable[[User, date, date], Q]
    always: bool = True
    red: bool = False
    counted: bool = True
    sort: str = "due"


#: Each is asked with the reader, today, and the last day of "soon" (see `soon_until`).
VIEWS: dict[str, View] = {
    "": View(_("全部"), lambda user, today, soon: where.live(), counted=False, sort="new"),
    "sign": View(_("待签批"), lambda user, today, soon: where.to_sign(user), sort="new"),
    "serve": View(_("待送达"), lambda user, today, soon: where.to_serve(), sort="new"),
    "term": View(_("期限内"), lambda user, today, soon: where.in_term(today)),
    "soon": View(_("3 个工作日内到期"), lambda user, today, soon: where.due_between(today, soon)),
    "overdue": View(_("逾期"), lambda user, today, soon: where.overdue(today), red=True),
    "reinspect": View(_("待复查"), lambda user, today, soon: where.to_reinspect(today)),
    "judge": View(_("待结论"), lambda user, today, soon: where.to_judge()),
    "judged": View(
        _("已有结论"), lambda user, today, soon: where.judged(), counted=False, sort="-due"
    ),
    "unmet": View(_("未改正，待处理"), lambda user, today, soon: where.unmet(), always=False),
    "suspended": View(_("期限中止"), lambda user, today, soon: where.suspended(), always=False),
    "open": View(_("未办结"), lambda user, today, soon: where.open_(), always=False),
    "due": View(_("将到期"), lambda user, today, soon: where.running(), always=False),
    "returned": View(
        _("退回给我"), lambda user, today, soon: where.returned_to(user), always=False, sort="new"
    ),
    "extension": View(
        _("延期待审批"), lambda user, today, soon: where.extension_to_decide(), always=False
    ),
}


def soon_until(today: date, calendar: Calendar) -> date:
    """The third working day from today; calendar days where the calendar is missing."""
    try:
        return calendar.nth_working_day(today, periods.SOON)
    except periods.CalendarMissing:
        return today + timedelta(days=periods.SOON)


def counts(orders: OrderQuerySet, user: User, today: date, soon: date) -> dict[str, int]:
    """How many rows each counted view has; one query over what is still open."""
    working = orders.filter(
        state__in=[
            OrderState.SUBMITTED,
            OrderState.APPROVED,
            OrderState.ISSUED,
            OrderState.SERVED,
        ]
    ).order_by()
    asked = {
        f"n_{key}": Count("pk", filter=view.rows(user, today, soon))
        for key, view in VIEWS.items()
        if view.counted and view.always
    }
    found = working.aggregate(**asked)
    return {key.removeprefix("n_"): number for key, number in found.items()}


class OrderConditions(Conditions):
    """The conditions above the list, and those that a figure of the board brings along."""

    quiet = ("sort", "view")

    q = forms.CharField(
        label=_("企业、文号"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("至少两个字")}),
    )
    # Units, kinds and officers are read once for both the choices and the answer.
    unit = forms.ChoiceField(label=_("承办单位"), required=False)
    unit_only = forms.ChoiceField(
        label=_("只看本级"), choices=[("1", "1")], required=False, widget=forms.HiddenInput
    )
    state = forms.ChoiceField(label=_("状态"), required=False)
    type = forms.ChoiceField(label=_("违法类型"), required=False)
    officer = forms.ChoiceField(label=_("承办民警"), required=False)
    verdict = forms.MultipleChoiceField(
        label=_("结论"), choices=Verdict.choices, required=False, widget=forms.MultipleHiddenInput
    )
    issued_from = Day(label=_("签发从"), required=False)
    issued_to = Day(label=_("签发到"), required=False)
    due_from = Day(label=_("期限从"), required=False)
    due_to = Day(label=_("期限到"), required=False)
    result = forms.ChoiceField(label=_("结论"), required=False)
    sort = forms.ChoiceField(label=_("排序"), required=False)
    view = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    extended = forms.ChoiceField(
        label=_("准予延期"), choices=[("1", "1")], required=False, widget=forms.HiddenInput
    )
    enterprise = forms.ModelChoiceField(
        label=_("企业"),
        queryset=Enterprise.objects.none(),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, user: User, today: date, calendar: Calendar, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user, self.today = user, today
        self.soon = soon_until(today, calendar)
        every = [("", _("全部"))]
        self.units = {str(unit.pk): unit for unit in Unit.objects.visible_to(user)}
        self.fields["unit"].choices = [
            *every,
            *((pk, unit.short_name or unit.name) for pk, unit in self.units.items()),
        ]
        kinds = ViolationType.objects.all()
        self.fields["type"].choices = [*every, *((kind.pk, str(kind)) for kind in kinds)]
        self.fields["officer"].choices = [*every, *_officers(user)]
        self.fields["state"].choices = [*every, *OrderState.choices]
        self.fields["result"].choices = [*every, *Verdict.choices]
        sorts = [(key, word) for key, (word, _order) in SORTS.items()]
        self.fields["sort"].choices = [("", _("随视图")), *sorts]
        self.fields["view"].choices = [(key, key) for key in VIEWS]
        self.fields["enterprise"].queryset = Enterprise.objects.visible_to(user)

    def _asked(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)

    @property
    def view_key(self) -> str:
        return self._asked("view") or ""

    def order(self) -> tuple[str, ...]:
        """The columns by which the rows are sorted, the last one unique."""
        return SORTS[self._asked("sort") or VIEWS[self.view_key].sort][1]

    @property
    def sort_word(self) -> Any:
        return SORTS[self._asked("sort") or VIEWS[self.view_key].sort][0]

    def narrow(self, orders: OrderQuerySet) -> OrderQuerySet:
        """The rows under every condition that was understood."""
        given = self.answers()
        if given.get("state") not in (OrderState.WITHDRAWN, OrderState.DISCARDED) or self.view_key:
            rows = VIEWS[self.view_key].rows(self.user, self.today, self.soon)
            orders = orders.filter(rows)
        if "q" in given:
            orders = orders.filter(
                Q(enterprise__in=Enterprise.objects.search(given["q"]).order_by().values("pk"))
                | Q(notice__number__contains=given["q"].strip())
            )
        if "unit" in given:
            unit = self.units[given["unit"]]
            orders = (
                orders.filter(unit=unit)
                if given.get("unit_only")
                else orders.filter(unit__path__startswith=unit.path)
            )
        if "state" in given:
            orders = orders.filter(state=given["state"])
        if "type" in given:
            orders = orders.filter(
                Exists(
                    Item.objects.filter(order=OuterRef("pk"), finding__violation_type=given["type"])
                )
            )
        if "officer" in given:
            took_part = InspectionOfficer.objects.filter(
                inspection=OuterRef("inspection"), officer=given["officer"]
            )
            orders = orders.filter(Q(drafted_by_id=given["officer"]) | Exists(took_part))
        if "enterprise" in given:
            orders = orders.filter(enterprise=given["enterprise"])
        verdicts = [*given.get("verdict", []), *([given["result"]] if "result" in given else [])]
        if verdicts:
            orders = orders.filter(verdict__in=verdicts)
        if given.get("extended"):
            granted = Extension.objects.filter(order=OuterRef("pk"), state=ExtensionState.GRANTED)
            orders = orders.filter(Exists(granted))
        return self._within(orders, given)

    def _within(self, orders: OrderQuerySet, given: dict[str, Any]) -> OrderQuerySet:
        """The two periods; both ends are included, and the days are those of Shanghai."""
        if "due_from" in given:
            orders = orders.filter(due_on__gte=given["due_from"])
        if "due_to" in given:
            orders = orders.filter(due_on__lte=given["due_to"])
        if "issued_from" in given:
            orders = orders.filter(issued_at__gte=_midnight(given["issued_from"]))
        if "issued_to" in given:
            orders = orders.filter(issued_at__lte=_midnight(given["issued_to"], time.max))
        return orders

    def words(self, name: str, value: Any) -> str:
        if name == "verdict":
            named = listed([str(Verdict(each).label) for each in value])
            return gettext("%(label)s：%(value)s") % {
                "label": self.fields[name].label,
                "value": named,
            }
        if name in ("extended", "unit_only"):
            return str(self.fields[name].label)
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


def _midnight(day: date, end: time = time.min) -> datetime:
    return datetime.combine(day, end, timezone.get_default_timezone())


def with_items(orders: OrderQuerySet) -> OrderQuerySet:
    """Each row with the number of its items."""
    number = (
        Item.objects.filter(order=OuterRef("pk"))
        .order_by()
        .values("order")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return orders.annotate(n_items=Coalesce(Subquery(number), 0)).annotate(
        industry=F("enterprise__industry_name")
    )
