"""Forms of opening a case."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.trail import Reason, Refused
from enterprises.models import Enterprise
from enterprises.wording import NamingForm
from inspections.forms import Day, OfficersField
from inspections.models import Finding, Inspection
from penalties import cases
from penalties import jurisdiction as competence
from penalties.forms.fields import words
from penalties.models import Origin
from rectification.models import Order


class FindingsField(forms.ModelMultipleChoiceField):
    """Findings of final visits, each with its visit and kind."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Finding) -> str:
        return _now("%(day)s 检查，%(number)d．%(type)s") % {
            "day": date_format(obj.inspection.day),
            "number": obj.ordinal,
            "type": obj.violation_type,
        }


class OpenForm(NamingForm):
    """Opening a case (行政处罚法 54): where it comes from, what it is about, who handles it."""

    form_token = forms.UUIDField(widget=forms.HiddenInput)
    origin = forms.ChoiceField(label=_("案件来源"), choices=Origin)
    found_on = Day(label=_("发现日期"), required=False)
    informant = forms.CharField(
        label=_("报案人或者移送单位"),
        help_text=_("加密保存，不在页面和文书上显示报案人；匿名举报的，写“匿名”。"),
        required=False,
        max_length=200,
    )
    origin_note = words(
        label=_("来源情况"),
        help_text=_("来件的文号、交办的要求、事件的经过等。"),
        required=False,
        max_length=1000,
    )
    findings = FindingsField(
        label=_("涉及的发现"),
        help_text=_("只列已经签字确认、没有在别的案件中办理的发现；可以跨几次检查。"),
        queryset=Finding.objects.none(),
        required=False,
    )
    cause = forms.CharField(
        label=_("案由"),
        help_text=_("例如：不履行网络安全保护义务。"),
        max_length=200,
        error_messages={"required": _("案由必须填写。")},
    )
    summary = words(
        label=_("简要案情"),
        help_text=_("不填的，按所选发现的“检查所见”写。"),
        rows=5,
        required=False,
        max_length=2000,
    )
    officers = OfficersField(
        label=_("办案民警"),
        help_text=_("至少二人，执法证当日有效。"),
        queryset=User.objects.none(),
    )
    jurisdiction = words(
        label=_("管辖依据"),
        help_text=_("企业属地不在本单位辖区：写明违法行为地、服务器所在地、网络接入地等。"),
        rows=2,
        required=False,
        max_length=300,
    )
    is_long_limitation = forms.BooleanField(
        label=_("涉及公民生命健康安全、金融安全且有危害后果"),
        help_text=_("追究时效为五年，不是二年（行政处罚法第三十六条）。"),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        enterprise: Enterprise,
        findings: QuerySet[Finding],
        order: Order | None,
        inspection: Inspection | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.order, self.inspection = order, inspection
        unit = order.unit if order else inspection.unit if inspection else user.unit
        self.fields["form_token"].initial = uuid4
        self.fields["findings"].queryset = findings
        self.fields["officers"].queryset = (
            User.objects.officers()
            .filter(unit__path__startswith=unit.path if unit else "-")
            .order_by("unit__path", "police_number")
        )
        if unit is None or competence.contains(unit, enterprise.region):
            del self.fields["jurisdiction"]
        self._arrange(user, findings)

    def _arrange(self, user: User, findings: QuerySet[Finding]) -> None:
        origin = self.fields["origin"]
        if self.order is not None:
            unmet = cases.is_unmet(self.order)
            only = Origin.UNMET_ORDER if unmet else Origin.INSPECTION
            origin.choices = [(only.value, only.label)]
            del self.fields["informant"], self.fields["found_on"]
            if unmet:
                note = self.fields["origin_note"]
                note.label, note.required, note.help_text = _("认定拒不改正的理由"), True, ""
                note.error_messages["required"] = _("写明认定拒不改正的理由。")
            else:
                del self.fields["origin_note"]
        else:
            without = [each for each in Origin.choices if each[0] != Origin.UNMET_ORDER]
            origin.choices = without
        visit = self.inspection or (self.order.inspection if self.order else None)
        if visit is None:
            self.fields["officers"].initial = [user.pk]
            return
        self.fields["officers"].initial = list(visit.officers.values_list("officer", flat=True))
        chosen = findings.filter(inspection=visit)
        if self.order is not None:
            chosen = chosen.filter(order_items__order=self.order)
        self.fields["findings"].initial = list(chosen.values_list("pk", flat=True))

    def given(self) -> dict[str, Any]:
        """What the verb takes."""
        return {
            **self.cleaned_data,
            "findings": list(self.cleaned_data["findings"]),
            "officers": list(self.cleaned_data["officers"]),
            "order": self.order,
        }

    def blame(self, refused: Refused) -> list[Reason]:
        """Each reason on the field it names; those of none, and those with a link, come back."""
        others = []
        for reason in refused.reasons:
            if reason.field in self.fields:
                self.add_error(reason.field, reason.text)
            if reason.field not in self.fields or reason.url:
                others.append(reason)
        return others
