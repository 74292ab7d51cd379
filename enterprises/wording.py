"""Words of forms: faults that name their field, and refusals put where they belong."""

from typing import Any

from django import forms
from django.forms.fields import BaseTemporalField
from django.utils.translation import gettext as _

from audit.trail import Refused


class Day(forms.DateField):
    """A date by the browser's own picker; 2025-2-12 reads too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"],
            **kwargs,
        )


class NamingForm(forms.Form):
    """A form whose commonest faults name their field: the summary on top stands far from it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = forms.Field.default_error_messages["required"]
        for field in self.fields.values():
            label = {"label": field.label}
            chosen = isinstance(field, (forms.ChoiceField, forms.FileField))
            # A message that the form itself gave stays.
            if field.error_messages["required"] == usual:
                words = _("选择“%(label)s”") if chosen else _("填写“%(label)s”")
                field.error_messages["required"] = words % label
            if isinstance(field, forms.IntegerField):
                field.error_messages["invalid"] = _("“%(label)s”写整数") % label
            if isinstance(field, BaseTemporalField):
                field.error_messages["invalid"] = (
                    _("“%(label)s”不是日期或时间，写成 2025-2-12 或 2025-2-12 10:25") % label
                )


def blame(form: forms.Form, refused: Refused) -> None:
    """Put each reason of a refusal on the field it names, else on the form."""
    for reason in refused.reasons:
        form.add_error(reason.field if reason.field in form.fields else None, reason.text)
