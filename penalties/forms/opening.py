"""Forms of opening a case."""

from __future__ import annotations

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from audit.trail import Reason, Refused
from inspections.forms import Day
from penalties.models import Case, Measure


class Blamed(forms.Form):
    """A form that can say which field a refusal is about."""

    def blame(self, refused: Refused) -> list[Reason]:
        """Each reason on the field it names; those that belong to none come back."""
        others = []
        for reason in refused.reasons:
            if reason.field in self.fields:
                self.add_error(reason.field, reason.text)
            else:
                others.append(reason)
        return others


class FileForm(Blamed):
    """Filing a case upon a visit, beside an order or after an unmet one (行政处罚法 54)."""

    form_token = forms.UUIDField(widget=forms.HiddenInput)
    cause = forms.CharField(
        label=_("案由"),
        help_text=_("例如：不履行网络安全保护义务。"),
        max_length=200,
        error_messages={"required": _("案由必须填写。")},
    )
    reason = forms.CharField(
        label=_("认定拒不改正的理由"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, unmet: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_token"].initial = uuid4
        if unmet:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = _("写明认定拒不改正的理由。")
        else:
            del self.fields["reason"]


class ActForm(Blamed):
    """`seen` is the version that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = case.version

    def show_again(self, case: Case) -> None:
        """The same words above what is there now."""
        given = cast(QueryDict, self.data).copy()
        given["seen"] = str(case.version)
        self.data = given


class DecisionForm(ActForm):
    decided_on = Day(label=_("决定日期"), error_messages={"required": _("填写决定日期。")})
    document_number = forms.CharField(
        label=_("决定书文号"),
        required=False,
        max_length=60,
        help_text=_("例如：南公（网安）行罚决字〔2025〕8号。"),
    )
    measures = forms.MultipleChoiceField(
        label=_("处罚种类"),
        choices=Measure.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("至少选择一种处罚。")},
    )
    fine = forms.DecimalField(
        label=_("罚款（元）"),
        required=False,
        max_digits=12,
        decimal_places=2,
        min_value=0,
        help_text=_("处以罚款的填写。"),
    )
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CloseForm(ActForm):
    reason = forms.CharField(
        label=_("结案理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("结案理由必须填写。")},
    )
