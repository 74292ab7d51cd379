"""Forms of remote tests and of results used again. They read; the verbs decide."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from enterprises.conditions import Conditions
from enterprises.forms import UnitChoice
from enterprises.models import Enterprise, System
from enterprises.wording import NamingForm
from inspections.forms import Day
from inspections.models import Inspection, RemoteTest, RemoteTestQuerySet


class PlanForm(NamingForm):
    """A test to plan: which system, when, how far."""

    form_token = forms.UUIDField(widget=forms.HiddenInput)
    system = forms.ModelChoiceField(
        label=_("被检测系统"),
        queryset=System.objects.none(),
        empty_label=_("选择系统"),
        help_text=_("只列在用、不是关键信息基础设施的系统"),
    )
    starts_on = Day(label=_("检测日期"))
    scope = forms.CharField(
        label=_("检测范围和方式"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("域名、地址段、漏洞探测或者渗透测试，以及时间段"),
    )

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, initial={"form_token": uuid4()}, **kwargs)
        self.fields["system"].queryset = enterprise.systems.filter(in_use=True, critical=False)


class _Act(NamingForm):
    """An act on a test, against the version that its page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, test: RemoteTest, **kwargs: Any) -> None:
        initial = {"version": test.version, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)

    def facts(self) -> dict[str, Any]:
        """What to hand to the verb."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class MoveForm(_Act):
    """Another day for the test."""

    starts_on = Day(label=_("新的检测日期"))
    reason = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class NoticeForm(_Act):
    """That the operator was told, and the authorities beside it."""

    on = Day(label=_("告知日期"))
    how = forms.ChoiceField(
        label=_("告知方式"), choices=RemoteTest.How.choices, widget=forms.RadioSelect
    )
    cac_told_on = Day(label=_("通报网信部门日期"))
    regulator = forms.CharField(
        label=_("行业主管部门"),
        max_length=100,
        required=False,
        help_text=_("没有行业主管部门的不填"),
    )
    regulator_told_on = Day(label=_("通报行业主管部门日期"), required=False)


class HoldForm(_Act):
    """The inspection that records the test."""

    inspection = forms.ModelChoiceField(
        label=_("检查"),
        queryset=Inspection.objects.none(),
        empty_label=_("选择检查"),
        help_text=_("只列这个系统的远程检测，告知的检测日期以后的"),
    )

    def __init__(self, *args: Any, test: RemoteTest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, test=test, **kwargs)
        self.fields["inspection"].queryset = candidates(test, user)


def candidates(test: RemoteTest, user: User) -> Any:
    """Inspections that may record this test, the newest first."""
    return (
        Inspection.objects.visible_to(user)
        .filter(
            system=test.system_id,
            mode=Inspection.Mode.REMOTE,
            started_at__date__gte=test.starts_on,
            remote_test__isnull=True,
        )
        .exclude(state=Inspection.State.DISCARDED)
        .order_by("-started_at")
    )


class CancelForm(_Act):
    """Why the test is given up."""

    reason = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReuseForm(NamingForm):
    """What another department found in the same year."""

    authority = forms.CharField(label=_("检查部门"), max_length=100)
    checked_on = Day(label=_("检查日期"))
    note = forms.CharField(
        label=_("结果"), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )


class RemoteConditions(Conditions):
    """Conditions of the list of remote tests."""

    state = forms.ChoiceField(label=_("状态"), required=False)
    unit = UnitChoice(
        label=_("检测单位"), queryset=Unit.objects.none(), required=False, empty_label=_("全部")
    )
    since = Day(label=_("检测日期从"), required=False)
    until = Day(label=_("到"), required=False)
    enterprise = forms.ModelChoiceField(
        label=_("企业"),
        queryset=Enterprise.objects.none(),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("全部")), *RemoteTest.State.choices]
        self.fields["unit"].queryset = Unit.objects.visible_to(user)
        self.fields["enterprise"].queryset = Enterprise.objects.visible_to(user)

    def narrow(self, rows: RemoteTestQuerySet) -> RemoteTestQuerySet:
        """The rows under all conditions that were understood."""
        asked = self.answers()
        if "state" in asked:
            rows = rows.filter(state=asked["state"])
        if "unit" in asked:
            rows = rows.filter(unit__path__startswith=asked["unit"].path)
        if "since" in asked:
            rows = rows.filter(starts_on__gte=asked["since"])
        if "until" in asked:
            rows = rows.filter(starts_on__lte=asked["until"])
        if "enterprise" in asked:
            rows = rows.filter(enterprise=asked["enterprise"])
        return rows
