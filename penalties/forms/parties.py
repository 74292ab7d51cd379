"""Forms of respondents. Numbers and dates that identify a person are never shown again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.forms import NOTHING, SealedField
from enterprises.identifiers import clean_uscc
from enterprises.models import Enterprise
from enterprises.wording import Day
from penalties import identity
from penalties.forms.acts import ActForm
from penalties.forms.fields import words
from penalties.models import Respondent
from vault import masks

SEXES = (("", "—"), ("男", _("男")), ("女", _("女")))


def hidden(value: str) -> str:
    """What a page shows of a date of birth: nothing but that there is one."""
    return "****" if value else ""


class UnitForm(ActForm):
    enterprise = forms.CharField(
        label=_("企业名称或者统一社会信用代码"),
        help_text=_("写全称或者代码；没有登记的，先在企业名录中登记。"),
        max_length=200,
    )
    facts = words(
        label=_("本单位的违法事实"),
        help_text=_("与案件的事实相同的不填。"),
        required=False,
        max_length=4000,
    )

    def clean_enterprise(self) -> Enterprise:
        """The one enterprise in sight that is called so, or has this code."""
        text = self.cleaned_data["enterprise"].strip()
        rows = Enterprise.objects.visible_to(self.user)
        found = list(rows.filter(Q(name=text) | Q(uscc=clean_uscc(text)))[:2])
        if len(found) > 1:
            raise forms.ValidationError(_("有几家同名的企业，写统一社会信用代码。"))
        if not found:
            raise forms.ValidationError(_("名录中没有这家企业，核对全称或者代码。"))
        return found[0]


class PersonForm(ActForm):
    name = forms.CharField(label=_("姓名"), max_length=100)
    role = forms.ChoiceField(
        label=_("责任身份"), choices=Respondent.Role, initial=Respondent.Role.IN_CHARGE
    )
    workplace = forms.CharField(label=_("工作单位和职务"), max_length=200, required=False)
    identity_kind = forms.ChoiceField(
        label=_("证件种类"),
        choices=[("", "—"), *identity.KINDS.items()],
        required=False,
    )
    identity = SealedField(
        label=_("证件号码"),
        mask=masks.identity,
        max_length=40,
        help_text=_("加密保存；居民身份证核对校验码，出生日期和性别由号码得出。"),
    )
    born_on = Day(label=_("出生日期"), required=False)
    sex = forms.ChoiceField(label=_("性别"), choices=SEXES, required=False)
    residence = SealedField(label=_("户籍所在地"), mask=masks.address, max_length=200)
    address = forms.CharField(label=_("现住址"), max_length=300, required=False)
    phone = SealedField(label=_("电话"), mask=masks.phone, max_length=20)
    facts = words(
        label=_("本人的违法事实"),
        help_text=_("他应当负什么责任、做了或者没做什么。"),
        required=False,
        max_length=4000,
    )


class AmendForm(PersonForm):
    """A person or a unit. What is sealed and was left empty stays as it is; 无 removes it."""

    SEALED = ("identity", "residence", "phone")
    OF_UNITS = ("name", "credit_code", "representative", "address", "facts")
    OF_PERSONS = ("name", "role", "workplace", "identity_kind", "sex", "address", "facts")

    credit_code = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)
    representative = forms.CharField(label=_("法定代表人"), max_length=100, required=False)

    def arrange(self) -> None:
        row = self.row
        shown = self.OF_PERSONS if row.is_person else self.OF_UNITS
        kept = {*shown, "seen"} | ({*self.SEALED, "born_on"} if row.is_person else set())
        for name in [each for each in self.fields if each not in kept]:
            del self.fields[name]
        for name in shown:
            self.fields[name].initial = getattr(row, name)
        if not row.is_person:
            self.fields["name"].label, self.fields["address"].label = _("名称"), _("地址")
            self.fields["facts"].label = _("本单位的违法事实")
            self.order_fields(self.OF_UNITS)
            return
        for name in self.SEALED:
            self.fields[name].hide(getattr(row, name))
        if row.born_on:
            self.fields["born_on"].help_text = _("已登记。不改的留空。")

    def given(self) -> dict[str, Any]:
        found = super().given()
        if not self.row.is_person:
            return found
        for name in self.SEALED:
            if found[name] in NOTHING:
                found[name] = ""
            elif not found[name]:
                del found[name]
        if found["born_on"] is None:
            del found["born_on"]
        return found


class StatusForm(ActForm):
    status = forms.ChoiceField(label=_("主体状况"), choices=Respondent.Status)
    on = Day(label=_("变动日期"), required=False)
    successor = forms.ModelChoiceField(
        label=_("承受其权利义务的单位"),
        help_text=_("合并、分立的选择；先把它加为本案当事人。"),
        queryset=Respondent.objects.none(),
        required=False,
    )
    note = words(
        label=_("变动情况"), help_text=_("死亡证明、登记机关的公告等依据。"), max_length=500
    )

    def arrange(self) -> None:
        gone = (
            (Respondent.Status.DEAD,)
            if self.row.is_person
            else (Respondent.Status.MERGED, Respondent.Status.DEREGISTERED)
        )
        self.fields["status"].choices = [
            (each.value, each.label) for each in (*gone, Respondent.Status.STANDING)
        ]
        if self.row.is_person:
            del self.fields["successor"]
            return
        units = [row.pk for row in self.file.standing_respondents if not row.is_person]
        self.fields["successor"].queryset = Respondent.objects.filter(pk__in=units).exclude(
            pk=self.row.pk
        )
