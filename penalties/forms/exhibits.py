"""Forms of the list of exhibits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from enterprises.wording import Day
from notices.serve_form import OfficerField
from penalties.cases import exhibits
from penalties.forms.acts import ActForm
from penalties.forms.fields import words
from penalties.forms.statements import Pair
from penalties.models import Exhibit
from vault import uploads


class FileField(forms.FileField):
    """One file of any kind that the vault takes, checked by its content."""

    def clean(self, data: Any, initial: Any = None) -> uploads.Checked | None:
        given = super().clean(data, initial)
        if not given:
            return None
        try:
            return uploads.check(given)
        except uploads.BadUpload as bad:
            raise forms.ValidationError(str(bad), code="bad_upload") from None


class Described(ActForm):
    """What it is, and what it proves (行政处罚法 46(1))."""

    kind = forms.ChoiceField(
        label=_("证据种类"), choices=Exhibit.Kind.choices, help_text=_("行政处罚法规定的八种。")
    )
    title = forms.CharField(label=_("名称"), max_length=200)
    proves = words(label=_("证明内容"), rows=2, max_length=500)
    source = forms.CharField(
        label=_("来源"), max_length=200, help_text=_("例如：当事人提供、从服务器提取。")
    )


class AddExhibitForm(Pair, Described):
    """A piece of evidence that no visit brought."""

    collected_on = Day(label=_("取得日期"))
    officer_1 = OfficerField(label=_("取证人"), queryset=User.objects.none(), required=False)
    officer_2 = OfficerField(label=_("取证人（二）"), queryset=User.objects.none(), required=False)
    upload = FileField(
        label=_("文件"), required=False, help_text=_("图片、PDF、docx、xlsx、txt、zip。")
    )

    field_order = ("seen", "kind", "title", "proves", "source", "collected_on")

    def arrange(self) -> None:
        super().arrange()
        self.fields["collected_on"].initial = self.today


class AmendExhibitForm(Described):
    def arrange(self) -> None:
        for name in ("kind", "title", "proves", "source"):
            self.fields[name].initial = getattr(self.row, name)


class ExhibitsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Exhibit) -> str:
        return f"{obj.number}. {obj.title}"


class VerifyForm(ActForm):
    """Which of those that wait were examined and are true; each is ticked by whoever says so."""

    exhibits = ExhibitsField(
        label=_("查证属实的证据"),
        queryset=Exhibit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("至少选择一件证据。")},
    )

    def arrange(self) -> None:
        field = self.fields["exhibits"]
        assert isinstance(field, ExhibitsField)
        waiting = [row.pk for row in exhibits.unverified(self.file)]
        field.queryset = Exhibit.objects.filter(pk__in=waiting)
