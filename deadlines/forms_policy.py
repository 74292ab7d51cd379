"""What the system administrator types when the house sets itself new rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from deadlines import registry
from deadlines.models import Audience, Policy, Rung

#: What a new policy takes over from the one in effect.
TAKEN_OVER = (
    "max_extensions",
    "max_extension_days",
    "accept_late_requests",
    "reinspect_within",
    "decide_extension_within",
    "report_up_after",
    "verdict_basis",
)
RUNG_FACTS = ("kind", "offset", "measure", "repeat_every", "audience")


class PolicyForm(forms.ModelForm):
    """Rules from a day on, tomorrow at the earliest: what was issued is not touched."""

    by: User

    class Meta:
        model = Policy
        fields = ["unit", "effective_from", *TAKEN_OVER, "note"]

    def clean_unit(self) -> Any:
        """Rules for all units are set at the top of the tree."""
        unit = self.cleaned_data["unit"]
        if unit is None and (self.by.unit is None or self.by.unit.parent_id is not None):
            raise ValidationError(_("请选择单位：所有单位的规定由最上级单位的系统管理员录入。"))
        return unit

    def clean_effective_from(self) -> date:
        day: date = self.cleaned_data["effective_from"]
        if day <= timezone.localdate():
            raise ValidationError(_("施行日期最早为明天：已经签发的不受影响。"))
        return day


class RungForm(forms.ModelForm):
    """One rung of the ladder."""

    kind = forms.ChoiceField(label=_("期限种类"), required=False)
    audience = forms.MultipleChoiceField(
        label=_("提醒谁"), choices=Audience.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Rung
        fields = list(RUNG_FACTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = registry.kinds()
        if self.instance.kind and self.instance.kind not in kinds:
            kinds[self.instance.kind] = self.instance.kind
        self.fields["kind"].choices = [("", _("没有另行规定的各种期限")), *kinds.items()]
