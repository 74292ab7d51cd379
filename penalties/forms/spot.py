"""The form of a penalty on the spot: one page, filled in on a phone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.trail import Reason, Refused
from enterprises.wording import NamingForm
from inspections.models import Finding, Inspection
from legal.models import PenaltyTier
from notices.models import Service
from notices.serve_form import OfficerField, officers_of
from penalties import identity
from penalties.cases.spot import Given
from penalties.forms.acts import ActForm
from penalties.forms.fields import Lines, Money, moment, words
from penalties.forms.parties import SEXES
from penalties.models import Decision, Measure
from penalties.papers.typed import Typed

UNIT, PERSON = "unit", "person"
_PERSON = (
    "name",
    "sex",
    "identity_kind",
    "identity",
    "born_on",
    "residence",
    "address",
    "workplace",
    "phone",
)
_MEASURES = ((Measure.WARNING, Measure.WARNING.label), (Measure.FINE, Measure.FINE.label))


class FindingField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Finding) -> str:
        return f"{obj.ordinal}. {obj.violation_type}"


class TierField(forms.ModelChoiceField):
    def label_from_instance(self, obj: PenaltyTier) -> str:
        condition = obj.condition or obj.get_tier_display()
        return f"{obj.article.cite_short} · {condition}"


class SpotForm(NamingForm):
    """What the officers say on the spot. What may not be empty is said by the gate."""

    form_token = forms.UUIDField(widget=forms.HiddenInput)
    finding = FindingField(label=_("违法行为"), queryset=Finding.objects.none())
    tier = TierField(label=_("处罚依据和档次"), queryset=PenaltyTier.objects.none())
    whom = forms.ChoiceField(
        label=_("被处罚人"),
        choices=((UNIT, _("单位")), (PERSON, _("个人"))),
        widget=forms.RadioSelect,
        initial=UNIT,
    )
    name = forms.CharField(label=_("姓名（个人）"), max_length=100, required=False)
    sex = forms.ChoiceField(
        label=_("性别（个人）"),
        choices=SEXES,
        required=False,
    )
    identity_kind = forms.CharField(
        label=_("证件种类（个人）"), max_length=40, required=False, initial=identity.CITIZEN
    )
    identity = forms.CharField(label=_("证件号码（个人）"), max_length=40, required=False)
    born_on = forms.DateField(
        label=_("出生日期（个人）"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    residence = forms.CharField(label=_("户籍所在地（个人）"), max_length=200, required=False)
    address = forms.CharField(label=_("现住址（个人）"), max_length=200, required=False)
    workplace = forms.CharField(label=_("工作单位（个人）"), max_length=200, required=False)
    phone = forms.CharField(label=_("电话（个人）"), max_length=20, required=False)
    cause = forms.CharField(
        label=_("案由"), max_length=200, help_text=_("例如：不履行网络安全保护义务。")
    )
    facts = words(label=_("现查明的违法事实"), max_length=2000)
    evidence = Lines(label=_("证据"), help_text=_("每行一份。"), required=False, most=20)
    is_clear = forms.BooleanField(label=_("违法事实确凿并有法定依据"), required=False)
    measures = forms.MultipleChoiceField(
        label=_("处罚"), choices=_MEASURES, widget=forms.CheckboxSelectMultiple, required=False
    )
    amount = Money(label=_("罚款（元）"), required=False)
    collection = forms.ChoiceField(
        label=_("缴纳方式"),
        choices=Decision.Collection.choices,
        widget=forms.RadioSelect,
        initial=Decision.Collection.BANK,
    )
    pay_to = forms.CharField(
        label=_("缴款的银行或者方式"),
        max_length=200,
        required=False,
        help_text=_("限期缴纳的填写。"),
    )
    collection_reason = forms.CharField(
        label=_("当场收缴的理由"),
        max_length=300,
        required=False,
        help_text=_("一百元以下，或者不当场收缴事后难以执行的。"),
    )
    receipt_number = forms.CharField(label=_("专用票据号"), max_length=60, required=False)
    correction = words(
        label=_("当场责令改正的内容"),
        help_text=_("没有另行下达责令改正通知书的填写，记入案卷。"),
        rows=2,
        max_length=2000,
        required=False,
    )
    no_correction = forms.CharField(label=_("不责令改正的理由"), max_length=500, required=False)
    showed_certificates = forms.BooleanField(label=_("已出示执法证件"), required=False)
    told_orally = forms.BooleanField(
        label=_("已口头告知拟处罚的内容、事实、理由、依据和陈述申辩的权利"), required=False
    )
    defence = words(
        label=_("当事人的陈述申辩和答复"),
        help_text=_("没有的写“无”。"),
        rows=2,
        max_length=2000,
        required=False,
    )
    officer_1 = OfficerField(label=_("办案民警一"), queryset=User.objects.none())
    officer_2 = OfficerField(label=_("办案民警二"), queryset=User.objects.none(), required=False)
    place = forms.CharField(label=_("处罚地点"), max_length=200, required=False)
    recipient = forms.CharField(label=_("签收人"), max_length=60, required=False)
    relation = forms.ChoiceField(
        label=_("签收人身份"), choices=[("", "—"), *Service.Relation.choices], required=False
    )
    refusal = forms.CharField(
        label=_("拒收事由"), max_length=200, required=False, help_text=_("拒绝签收的填写。")
    )
    witness = forms.CharField(label=_("见证人（拒收）"), max_length=60, required=False)
    filmed = forms.BooleanField(label=_("已录音录像或者拍照（拒收）"), required=False)

    def __init__(
        self,
        *args: Any,
        inspection: Inspection,
        findings: list[Finding],
        tiers: list[PenaltyTier],
        user: User,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.findings = {row.pk: row for row in findings}
        self.tiers = {row.pk: row for row in tiers}
        fields = self.fields
        fields["form_token"].initial = uuid4
        fields["finding"].queryset = Finding.objects.filter(pk__in=self.findings).select_related(
            "violation_type"
        )
        fields["tier"].queryset = PenaltyTier.objects.filter(pk__in=self.tiers).select_related(
            "article__version__law"
        )
        first = findings[0] if findings else None
        if first is not None:
            fields["finding"].initial = first.pk
            fields["facts"].initial = first.seen
        fields["evidence"].initial = ["监督检查记录"]
        fields["place"].initial = inspection.place
        officers = [row.officer_id for row in inspection.officers.all()]
        officers.sort(key=lambda pk: pk != user.pk)
        for name, pk in zip(("officer_1", "officer_2"), [*officers, None, None], strict=False):
            fields[name].queryset = officers_of(inspection.unit)
            fields[name].initial = pk

    def spoken(self) -> Given:
        """What the verb takes, but for the moment."""
        given = self.cleaned_data
        officers = [given[name] for name in ("officer_1", "officer_2") if given[name] is not None]
        is_person = given["whom"] == PERSON
        person = {name: given[name] for name in _PERSON} if is_person else {}
        if is_person:
            person["born_on"] = given["born_on"].isoformat() if given["born_on"] else ""
        fined = Measure.FINE in given["measures"]
        return Given(
            finding=self.findings[given["finding"].pk],
            tier=self.tiers[given["tier"].pk],
            measures=given["measures"],
            officers=list(dict.fromkeys(officers)),
            facts=given["facts"],
            cause=given["cause"],
            person=person,
            amount=given["amount"],
            receipt_number=given["receipt_number"],
            recipient=given["recipient"],
            relation=given["relation"],
            refusal=given["refusal"],
            witness=given["witness"],
            filmed=given["filmed"],
            typed=Typed(
                pay_to=given["pay_to"],
                correction=given["correction"],
                no_correction=given["no_correction"],
                place=given["place"],
                evidence=tuple(given["evidence"]),
                is_clear=given["is_clear"],
                showed_certificates=given["showed_certificates"],
                told_orally=given["told_orally"],
                defence=given["defence"],
                collection=given["collection"] if fined else "",
                collection_reason=given["collection_reason"],
            ),
        )

    def blame(self, refused: Refused) -> list[Reason]:
        """Each reason on the field it names; those that belong to none come back."""
        others = []
        for reason in refused.reasons:
            field = _FIELDS.get(reason.field, reason.field)
            if field in self.fields:
                self.add_error(field, reason.text)
            else:
                others.append(reason)
        return others


#: Where what a verb below calls otherwise stands on this form.
_FIELDS = {
    "officers": "officer_2",
    "server_2": "officer_2",
    "penalties": "measures",
    "fine": "amount",
}


class FileWithUnitForm(ActForm):
    filed_at = moment(label=_("备案时间"))

    def given(self) -> dict[str, Any]:
        return {"filed_at": self.cleaned_data["filed_at"]}
