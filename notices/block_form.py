"""What the system administrator types when a standing paragraph gets another wording."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from notices import blocks
from notices.models import TextBlock


def is_for_all(user: User) -> bool:
    """Whether this administrator may word the paragraphs of all units: at the top of the tree."""
    return user.unit is not None and user.unit.parent_id is None


class TextBlockForm(forms.ModelForm):
    """A wording from a day on, tomorrow at the earliest: what was issued is not touched."""

    by: User

    code = forms.ChoiceField(label=_("段落"))
    # Its length is asked by `blocks.validate`, which says so in words.
    text = forms.CharField(
        label=_("文字"),
        required=False,
        help_text=_("一段话，不分行。占位符照样保留，印制时由单位资料和法规库填写。"),
        widget=forms.Textarea(attrs={"rows": 7, "cols": 60, "data-wording": ""}),
    )

    class Meta:
        model = TextBlock
        fields = ["code", "unit", "effective_from", "text", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [(code, block.word) for code, block in blocks.BLOCKS.items()]

    def clean_unit(self) -> Unit | None:
        unit: Unit | None = self.cleaned_data["unit"]
        if unit is None and not is_for_all(self.by):
            raise ValidationError(_("请选择单位：所有单位的文字由最上级单位的系统管理员录入。"))
        return unit

    def clean_effective_from(self) -> date:
        day: date = self.cleaned_data["effective_from"]
        if day <= timezone.localdate():
            raise ValidationError(_("生效日期最早为明天：已经签发的不受影响。"))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for reason in blocks.validate(given.get("code", ""), given.get("text", "")):
            if reason.field == "text":
                self.add_error("text", reason.text)
        return given
