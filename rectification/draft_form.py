"""The form of a draft: which findings, what is demanded of each, and until when."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from audit.trail import Reason, Refused
from inspections.forms import Day
from inspections.models import Finding, Inspection
from rectification.models import Item, Order, TermKind

#: What the address and the paper offer; "immediate" is corrected in front of the officers.
USUAL_DAYS = 15


class DraftForm(forms.Form):
    """`findings` are those of the visit, with the live order that holds one already (`taken`)."""

    form_token = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    findings = forms.MultipleChoiceField(
        label=_("列入责令改正的发现"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("至少选择一项检查发现。"),
            "invalid_choice": _("所选的检查发现不属于这次检查。"),
        },
    )
    term_kind = forms.ChoiceField(
        label=_("期限写法"),
        choices=TermKind.choices,
        initial=TermKind.WORKING_DAYS,
        widget=forms.RadioSelect,
        error_messages={"required": _("选择期限的写法。")},
    )
    term_days = forms.IntegerField(
        label=_("天数"),
        help_text=_("按工作日或者按日计算的，填写天数。"),
        required=False,
        min_value=1,
        max_value=365,
        initial=USUAL_DAYS,
        error_messages={
            "min_value": _("填写 1 至 365 之间的天数。"),
            "max_value": _("填写 1 至 365 之间的天数。"),
            "invalid": _("填写 1 至 365 之间的天数。"),
        },
    )
    term_date = Day(label=_("写明的日期"), help_text=_("写明日期的，填写那一天。"), required=False)
    interim_measures = forms.CharField(
        label=_("期限届满前必须采取的措施"),
        help_text=_("一行一条；没有的不填。"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, inspection: Inspection, order: Order | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.inspection, self.order = inspection, order
        self.offered = list(inspection.findings.select_related("violation_type"))
        held = Item.objects.filter(finding__inspection=inspection, released=False)
        if order is not None:
            held = held.exclude(order=order)
        self.taken = {
            item.finding_id: item.order
            for item in held.select_related("order__notice", "order__enterprise")
        }
        own = {item.finding_id: item for item in order.items.all()} if order else {}
        self.fields["findings"].choices = [(str(f.pk), f.ordinal) for f in self.offered]
        self.fields["findings"].initial = [
            str(f.pk)
            for f in self.offered
            if (f.pk in own if order else f.pk not in self.taken and f.disposition == "none")
        ]
        for finding in self.offered:
            demanded = own[finding.pk].required_correction if finding.pk in own else ""
            self.fields[f"correction_{finding.pk}"] = forms.CharField(
                label=_("要求改正"),
                required=False,
                max_length=500,
                initial=demanded or finding.required_correction,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        if order is None:
            self.fields["form_token"].initial = uuid4
        else:
            self.fields["form_token"].initial = order.form_token
            for name in ("term_kind", "term_days", "term_date", "interim_measures", "version"):
                self.fields[name].initial = getattr(order, name)

    def rows(self) -> list[dict[str, Any]]:
        """One row per finding: its box, its wording, and the order that holds it."""
        ticked = {str(value) for value in self["findings"].value() or []}
        return [
            {
                "finding": finding,
                "ticked": str(finding.pk) in ticked,
                "taken": self.taken.get(finding.pk),
                "wording": self[f"correction_{finding.pk}"],
            }
            for finding in self.offered
        ]

    def chosen(self) -> list[Finding]:
        wanted = set(self.cleaned_data["findings"])
        return [finding for finding in self.offered if str(finding.pk) in wanted]

    def facts(self) -> dict[str, Any]:
        """The keyword arguments that `orders.draft` and `orders.amend` share."""
        given = self.cleaned_data
        wording: dict[UUID, str] = {
            finding.pk: given[f"correction_{finding.pk}"] for finding in self.offered
        }
        return {
            "term_kind": given["term_kind"],
            "term_days": given["term_days"],
            "term_date": given["term_date"],
            "interim_measures": given["interim_measures"],
            "corrections": wording,
        }

    def term(self) -> tuple[str, date | None, int | None]:
        """The term as far as it has been typed, for the preview."""
        given = getattr(self, "cleaned_data", {})
        return given.get("term_kind", ""), given.get("term_date"), given.get("term_days")

    def blame(self, refused: Refused) -> list[Reason]:
        """Each reason on the field it names; those with a link, or of no field, come back."""
        others = []
        for reason in refused.reasons:
            if reason.field in self.fields:
                self.add_error(reason.field, reason.text)
            if reason.field not in self.fields or reason.url:
                others.append(reason)
        return others
