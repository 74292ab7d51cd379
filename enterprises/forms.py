"""Forms of the register. They read what was typed; `enterprises.register` decides."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, Unit, User
from enterprises import industries, registry
from enterprises.conditions import Conditions
from enterprises.identifiers import clean_uscc, validate_uscc
from enterprises.models import Enterprise, EnterpriseQuerySet, MlpsLevel, PiiKind, System
from enterprises.wording import NamingForm
from vault import masks

# What is written to remove a sealed fact, in either language.
NOTHING = {"无", "none"}
# The choice beside the grades in the list's condition: what was recognised as critical.
CRITICAL = "critical"


def regions_of(user: User) -> QuerySet[Region]:
    """The divisions in the user's own: 450100 covers 4501xx, 450000 covers 45xxxx."""
    if user.unit is None:
        return Region.objects.none()
    return Region.objects.filter(code__startswith=region_prefix(user.unit.region_id))


def region_prefix(code: str) -> str:
    """The digits that all divisions inside share: 450100 → 4501."""
    while code.endswith("00"):
        code = code[:-2]
    return code


class RegionChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Region) -> str:
        return f"{obj.code} {obj.name}"


class UnitChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Unit) -> str:
        return obj.short_name or obj.name


class SealedField(forms.CharField):
    """A personal value: never shown again. On a row that has one, empty means "as it is"."""

    def __init__(self, *, mask: Any, **kwargs: Any) -> None:
        self.mask = mask
        super().__init__(
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            **kwargs,
        )

    def hide(self, value: str) -> None:
        """Show only the masked form of the value that is kept, as help."""
        if value:
            self.help_text = _("已登记 %(masked)s。不改的留空，删去写“无”") % {
                "masked": self.mask(value)
            }


class UsccField(forms.CharField):
    """The code as people paste it, checked to the character."""

    default_validators = [validate_uscc]

    def to_python(self, value: Any) -> str:
        return clean_uscc(super().to_python(value) or "")


class EnterpriseForm(NamingForm):
    """Facts of an enterprise, for entering and for correcting."""

    form_token = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("名称"), max_length=200, help_text=_("按营业执照填写全称"))
    short_name = forms.CharField(
        label=_("简称、曾用名"), max_length=200, required=False, help_text=_("搜索时也能找到")
    )
    uscc = UsccField(
        label=_("统一社会信用代码"),
        required=False,
        help_text=_("18 位，以营业执照为准"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    unit = UnitChoice(label=_("管理单位"), queryset=Unit.objects.none())
    region = RegionChoice(label=_("属地"), queryset=Region.objects.none())
    industry_code = forms.CharField(
        label=_("行业代码"),
        max_length=5,
        required=False,
        help_text=_("国民经济行业分类，例如 H6110"),
        widget=forms.TextInput(attrs={"list": "industries", "autocomplete": "off"}),
    )
    industry_name = forms.CharField(
        label=_("行业"), max_length=100, required=False, help_text=_("不填的按行业代码写入")
    )
    address = forms.CharField(label=_("地址"), max_length=300, required=False)
    legal_representative = forms.CharField(label=_("法定代表人"), max_length=100, required=False)
    legal_representative_identity = SealedField(
        label=_("法定代表人身份证号码"), mask=masks.identity, max_length=18
    )
    security_lead = forms.CharField(label=_("网安负责人"), max_length=100, required=False)
    security_lead_phone = SealedField(label=_("网安负责人电话"), mask=masks.phone, max_length=30)
    contact_name = forms.CharField(label=_("联系人"), max_length=100, required=False)
    contact_phone = SealedField(label=_("联系人电话"), mask=masks.phone, max_length=30)
    contact_email = SealedField(
        label=_("联系人电子邮箱"),
        mask=masks.email,
        max_length=254,
        help_text=_("填了的，改正期限临近时向企业发提醒邮件"),
    )
    note = forms.CharField(
        label=_("备注"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    not_the_same = forms.BooleanField(label=_("不是同一家，继续登记"), required=False)

    SEALED = (
        "legal_representative_identity",
        "security_lead_phone",
        "contact_phone",
        "contact_email",
    )

    def __init__(
        self, *args: Any, user: User, enterprise: Enterprise | None = None, **kwargs: Any
    ) -> None:
        self.enterprise = enterprise
        initial = {"form_token": uuid4(), **_facts_of(enterprise, self.base_fields)}
        if enterprise is None and user.unit is not None:
            initial |= {"unit": user.unit, "region": user.unit.region_id}
        for name in self.SEALED:
            initial.pop(name, None)
        super().__init__(*args, initial=initial | (kwargs.pop("initial", None) or {}), **kwargs)
        self.fields["unit"].queryset = Unit.objects.visible_to(user)
        self.fields["region"].queryset = regions_of(user)
        if enterprise is None:
            return
        # The unit that manages an enterprise changes by a transfer, not by a correction.
        del self.fields["unit"]
        if enterprise.region_id not in self.fields["region"].queryset.values_list(
            "code", flat=True
        ):
            self.fields["region"].queryset = Region.objects.filter(
                Q(code=enterprise.region_id)
                | Q(code__in=self.fields["region"].queryset.values("code"))
            )
        for name in self.SEALED:
            self.fields[name].hide(getattr(enterprise, name))

    def facts(self) -> dict[str, Any]:
        """What to hand to the verb. Sealed fields left empty on a correction are left out."""
        facts = dict(self.cleaned_data)
        for name in ("form_token", "version", "not_the_same", "unit"):
            facts.pop(name, None)
        for name in self.SEALED:
            if facts[name] in NOTHING:
                facts[name] = ""
            elif self.enterprise is not None and not facts[name]:
                del facts[name]
        return facts


class SystemForm(NamingForm):
    """Facts of an information system."""

    form_token = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("系统名称"), max_length=200)
    url = forms.URLField(label=_("网址"), required=False, assume_scheme="https")
    icp_number = forms.CharField(
        label=_("ICP 备案号"),
        max_length=40,
        required=False,
        help_text=_("例如 桂ICP备20230012号-1"),
    )
    mps_filing_number = forms.CharField(
        label=_("公安备案号"),
        max_length=40,
        required=False,
        help_text=_("例如 桂公网安备 45010302000018号"),
    )
    mlps_level = forms.TypedChoiceField(
        label=_("等保级别"), choices=MlpsLevel.choices, coerce=int, initial=0
    )
    mlps_number = forms.CharField(
        label=_("等保备案编号"),
        max_length=20,
        required=False,
        help_text=_("例如 45010099001-00001"),
    )
    critical = forms.BooleanField(
        label=_("关键信息基础设施"),
        required=False,
        help_text=_("经保护工作部门认定的勾选"),
    )
    pii_kinds = forms.MultipleChoiceField(
        label=_("个人信息种类"),
        choices=PiiKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    pii_volume = forms.IntegerField(label=_("个人信息数量（条）"), required=False, min_value=0)
    in_use = forms.BooleanField(label=_("在用"), required=False, initial=True)

    def __init__(self, *args: Any, system: System | None = None, **kwargs: Any) -> None:
        initial = {"form_token": uuid4(), **_facts_of(system, self.base_fields)}
        super().__init__(*args, initial=initial, **kwargs)

    def facts(self) -> dict[str, Any]:
        """What to hand to the verb."""
        facts = dict(self.cleaned_data)
        for name in ("form_token", "version"):
            facts.pop(name, None)
        return facts


def _facts_of(row: Any, names: Any) -> dict[str, Any]:
    """Initial values from a row, for the fields of a form that the row has."""
    if row is None:
        return {}
    facts = {name: getattr(row, name) for name in names if hasattr(row, name)}
    facts.pop("form_token", None)
    return facts


class EnterpriseConditions(Conditions):
    """Conditions of the list of enterprises."""

    q = forms.CharField(
        label=_("名称、信用代码"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("两个字就能找到")}),
    )
    region = RegionChoice(
        label=_("属地"), queryset=Region.objects.none(), required=False, empty_label=_("全部")
    )
    unit = UnitChoice(
        label=_("管理单位"), queryset=Unit.objects.none(), required=False, empty_label=_("全部")
    )
    industry = forms.ChoiceField(label=_("行业"), required=False)
    mlps = forms.ChoiceField(label=_("等保级别"), required=False)
    condition = forms.ChoiceField(label=_("情况"), required=False)
    sort = forms.ChoiceField(
        label=_("排序"),
        required=False,
        choices=[("", _("最近登记在前")), ("name", _("按名称"))],
    )

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.today = user, today
        self.fields["region"].queryset = regions_of(user)
        self.fields["unit"].queryset = Unit.objects.visible_to(user)
        everything = [("", _("全部"))]
        self.fields["industry"].choices = everything + industries.choices()
        self.fields["mlps"].choices = [
            *everything,
            *((str(value), label) for value, label in MlpsLevel.choices),
            (CRITICAL, _("关键信息基础设施")),
        ]
        self.fields["condition"].choices = everything + [
            (each.code, each.label) for each in registry.conditions()
        ]

    def narrow(self, queryset: EnterpriseQuerySet) -> EnterpriseQuerySet:
        """The queryset under all conditions that were understood."""
        asked = self.answers()
        if "q" in asked:
            queryset = queryset.search(asked["q"])
        if "region" in asked:
            prefix = region_prefix(asked["region"].code)
            queryset = queryset.filter(region__code__startswith=prefix)
        if "unit" in asked:
            queryset = queryset.filter(unit__path__startswith=asked["unit"].path)
        if "industry" in asked:
            queryset = queryset.filter(industry_code__startswith=asked["industry"])
        if "mlps" in asked:
            if asked["mlps"] == CRITICAL:
                systems = System.objects.filter(critical=True, in_use=True)
            else:
                systems = System.objects.filter(mlps_level=int(asked["mlps"]))
            queryset = queryset.filter(pk__in=systems.values("enterprise"))
        if "condition" in asked:
            queryset = registry.narrow(asked["condition"], queryset, self.user, self.today)
        return queryset

    def order(self) -> list[str]:
        """Columns of the order chosen, for `paging.page`."""
        self.is_valid()
        if self.cleaned_data.get("sort") == "name":
            return ["name", "id"]
        return ["-created_at", "-id"]
