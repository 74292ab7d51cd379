"""Asking the record, and asking for a personal datum."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audit import trail


class TrailFilter(forms.Form):
    """All conditions stand in the address; an unknown value is an error, not "everything"."""

    q = forms.CharField(label=_("对象"), required=False, max_length=100)
    person = forms.CharField(label=_("经办人"), required=False, max_length=60)
    verb = forms.ChoiceField(label=_("事项"), required=False)
    since = forms.DateField(
        label=_("发生日期从"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = sorted(trail.known_words().items(), key=lambda pair: pair[0])
        verb: Any = self.fields["verb"]
        verb.choices = [("", _("全部")), *words]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("结束日期早于开始日期。"))
        return data


class ReasonForm(forms.Form):
    """Why somebody needs to see or take what is normally hidden."""

    reason = forms.CharField(
        label=_("理由"),
        min_length=4,
        max_length=200,
        error_messages={
            "required": _("请写明理由，它会记入操作记录。"),
            "min_length": _("理由至少 4 个字。"),
        },
    )
