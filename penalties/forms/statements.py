"""Forms of statements, and the two officers that several forms of the investigation ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notices.serve_form import OfficerField, ScanField
from penalties.forms.acts import ActForm
from penalties.forms.fields import moment
from penalties.forms.rows import Column, GrowingForm, Rows
from penalties.models import Respondent, Statement


class Pair(ActForm):
    """Two officers of the case, those who handle it now first."""

    officer_1 = OfficerField(label=_("询问人"), queryset=User.objects.none())
    officer_2 = OfficerField(label=_("记录人"), queryset=User.objects.none())

    def arrange(self) -> None:
        names = [self.fields[name] for name in ("officer_1", "officer_2")]
        handling = [row.officer_id for row in self.file.officers]
        everybody = {row.officer_id for row in self.file.all_officers}
        rows = User.objects.filter(pk__in=everybody).order_by("name", "pk")
        for place, field in enumerate(names):
            assert isinstance(field, OfficerField)
            field.queryset = rows
            if place < len(handling):
                field.initial = handling[place]

    def given(self) -> dict[str, Any]:
        found = super().given()
        pair = (found.pop("officer_1", None), found.pop("officer_2", None))
        return found | {"officers": [each for each in pair if each is not None]}


class StatementForm(GrowingForm, Pair):
    """A statement as it was written down; empty rows are left out."""

    person = forms.CharField(label=_("被询问人"), max_length=100)
    respondent = forms.ModelChoiceField(
        label=_("代表哪个当事人"),
        queryset=Respondent.objects.none(),
        required=False,
        empty_label=_("不代表当事人（证人等）"),
    )
    standing = forms.CharField(
        label=_("身份"),
        max_length=100,
        required=False,
        help_text=_("例如：法定代表人、网络管理员。"),
    )
    begun_at = moment(label=_("开始时间"))
    ended_at = moment(label=_("结束时间"))
    place = forms.CharField(label=_("询问地点"), max_length=200)
    rights_told = forms.BooleanField(
        label=_("询问前已出示执法证件，告知权利义务"),
        error_messages={
            "required": _("询问前应当出示执法证件、告知权利义务；没有做到的，笔录不能登记。")
        },
    )
    answers = Rows(
        Column("q", _("问"), 1000, long=True),
        Column("a", _("答"), 4000, long=True),
        spare=6,
        label=_("问答"),
        help_text=_("每行一问一答，空行不保存。"),
        error_messages={"required": _("至少写一组问和答。")},
    )
    signature = forms.ChoiceField(
        label=_("签名"),
        choices=[
            (Statement.Signature.SIGNED.value, Statement.Signature.SIGNED.label),
            (Statement.Signature.REFUSED.value, Statement.Signature.REFUSED.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("选择是否签名：拒绝签名的，注明情况。")},
    )
    refusal_note = forms.CharField(
        label=_("拒绝签名的情况"), max_length=300, required=False, help_text=_("拒绝签名的填写。")
    )
    upload = ScanField(
        label=_("扫描件"), required=False, help_text=_("签名后的笔录，图片或者 PDF，可以以后上传。")
    )

    field_order = (
        "seen",
        "person",
        "respondent",
        "standing",
        "begun_at",
        "ended_at",
        "place",
        "officer_1",
        "officer_2",
        "rights_told",
    )

    def arrange(self) -> None:
        super().arrange()
        field = self.fields["respondent"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Respondent.objects.filter(case=self.case)


class ScanForm(ActForm):
    upload = ScanField(label=_("扫描件"), help_text=_("签名后的笔录，图片或者 PDF。"))
