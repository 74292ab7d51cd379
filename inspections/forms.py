"""Forms of fieldwork. They read what was typed; `inspections.fieldwork` decides."""

from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MinValueValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from enterprises.conditions import Conditions
from enterprises.forms import NOTHING, SealedField, UnitChoice
from enterprises.models import Enterprise, PiiKind, System
from enterprises.wording import Day, NamingForm
from inspections.cited import cited_with
from inspections.gates import OFFICERS_AT_LEAST
from inspections.models import Evidence, Finding, Inspection, InspectionQuerySet
from legal.models import Article, ViolationType
from legal.periods import SHANGHAI
from vault import masks
from vault import uploads as incoming

EARLIEST = datetime(1990, 1, 1, tzinfo=SHANGHAI)
OFFICERS_BASIS = _("《行政处罚法》第四十二条第一款")


class Moment(forms.DateTimeField):
    """A point in time by the browser's own picker; what is typed by hand reads too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
            # A slip of the keyboard; the first years of our era do not even fit the database.
            validators=[MinValueValidator(EARLIEST)],
            **kwargs,
        )


class OfficersField(forms.ModelMultipleChoiceField):
    """Who took part; each with the certificate that the law asks for."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: User) -> str:
        if obj.certificate_expires_on is None:
            return _now("%(name)s（%(number)s），没有登记执法证") % {
                "name": obj.name,
                "number": obj.police_number,
            }
        return _now("%(name)s（%(number)s），执法证有效期至 %(day)s") % {
            "name": obj.name,
            "number": obj.police_number,
            "day": date_format(obj.certificate_expires_on),
        }


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once. Each is checked; each fault names its file."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=FilesInput(
                attrs={
                    "multiple": True,
                    "accept": ".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx,.txt,.zip",
                }
            ),
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> list[incoming.Checked]:
        given: list[UploadedFile] = [each for each in data or [] if each]
        if not given and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        checked, faults = [], []
        for upload in given:
            try:
                checked.append(incoming.check(upload))
            except incoming.BadUpload as bad:
                faults.append(
                    ValidationError(
                        _now("%(name)s：%(fault)s"),
                        code="bad_upload",
                        params={"name": upload.name, "fault": str(bad)},
                    )
                )
        if faults:
            raise ValidationError(faults)
        return checked


class VisitForm(NamingForm):
    """The heads of an inspection, for opening and for amending a draft."""

    form_token = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=_("检查类型"), choices=Inspection.Kind.choices, widget=forms.RadioSelect
    )
    mode = forms.ChoiceField(
        label=_("检查方式"), choices=Inspection.Mode.choices, widget=forms.RadioSelect
    )
    system = forms.ModelChoiceField(
        label=_("被检查系统"),
        queryset=System.objects.none(),
        required=False,
        empty_label=_("不针对某一系统"),
    )
    trigger_text = forms.CharField(
        label=_("检查缘由"),
        max_length=300,
        required=False,
        help_text=_("例如年度计划、群众反映、专项行动名称"),
    )
    notice_number = forms.CharField(label=_("监督检查通知书文号"), max_length=60, required=False)
    place = forms.CharField(label=_("检查地点"), max_length=300, required=False)
    started_at = Moment(label=_("开始时间"))
    ended_at = Moment(
        label=_("结束时间"), required=False, help_text=_("还在检查的不填，签名前补填")
    )
    officers = OfficersField(
        label=_("检查民警"),
        queryset=User.objects.none(),
        help_text=_("二名以上，执法证在检查当日有效"),
        error_messages={"required": _("选择检查民警：检查须由二名以上民警实施")},
    )
    met_name = forms.CharField(
        label=_("陪同人员"),
        max_length=100,
        required=False,
        help_text=_("被检查单位负责人或者网络安全管理人员"),
    )
    met_title = forms.CharField(label=_("陪同人员职务"), max_length=100, required=False)
    met_phone = SealedField(label=_("陪同人员电话"), mask=masks.phone, max_length=30)
    summary = forms.CharField(
        label=_("检查情况"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("检查了什么，怎样检查的；问题在下一步逐项登记"),
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        enterprise: Enterprise,
        inspection: Inspection | None = None,
        now: datetime,
        **kwargs: Any,
    ) -> None:
        self.user, self.enterprise, self.inspection = user, enterprise, inspection
        super().__init__(*args, initial=self._initial(now), **kwargs)
        self.fields["system"].queryset = enterprise.systems.all()
        chosen = Q(pk=user.pk)
        if inspection is not None:
            chosen |= Q(pk__in=inspection.officers.values("officer"))
            self.fields["met_phone"].hide(inspection.met_phone)
        path = user.unit.path if user.unit else "-"
        self.fields["officers"].queryset = (
            User.objects.officers()
            .filter(chosen | Q(unit__path__startswith=path))
            .order_by("unit__path", "police_number")
        )

    def _initial(self, now: datetime) -> dict[str, Any]:
        if self.inspection is None:
            return {
                "form_token": uuid4(),
                "kind": Inspection.Kind.ROUTINE,
                "mode": Inspection.Mode.ON_SITE,
                "started_at": timezone.localtime(now).replace(second=0, microsecond=0),
                "place": self.enterprise.address,
                "officers": [self.user.pk],
            }
        row = self.inspection
        initial = {name: getattr(row, name) for name in self.base_fields if hasattr(row, name)}
        initial |= {
            "form_token": uuid4(),
            "met_phone": "",
            "system": row.system_id,
            "officers": list(row.officers.values_list("officer_id", flat=True)),
        }
        return initial

    def clean(self) -> dict[str, Any]:
        """Two officers with certificates valid that day (APL 42(1)); asked here to save a way."""
        found = super().clean() or self.cleaned_data
        officers, started = found.get("officers"), found.get("started_at")
        if officers is None:
            return found
        if len(officers) < OFFICERS_AT_LEAST:
            self.add_error(
                "officers",
                _now("再选一名检查民警：检查须由二名以上民警实施（%(basis)s）")
                % {"basis": OFFICERS_BASIS},
            )
        if started is None:
            return found
        day = timezone.localdate(started)
        for officer in officers:
            if not officer.certificate_valid_on(day):
                self.add_error("officers", _certificate_fault(officer, day))
        return found

    def heads(self) -> dict[str, Any]:
        """What to hand to the verb. The phone left empty on a draft is left out."""
        heads = dict(self.cleaned_data)
        for name in ("form_token", "version", "officers"):
            heads.pop(name, None)
        if heads["met_phone"] in NOTHING:
            heads["met_phone"] = ""
        elif self.inspection is not None and not heads["met_phone"]:
            del heads["met_phone"]
        return heads


def _certificate_fault(officer: User, day: Any) -> str:
    if officer.certificate_expires_on is None:
        return _now("%(name)s 没有登记执法证，换一名民警") % {"name": officer.name}
    return _now("%(name)s 的执法证有效期至 %(expiry)s，检查日 %(day)s 已过期，换一名民警") % {
        "name": officer.name,
        "expiry": date_format(officer.certificate_expires_on),
        "day": date_format(day),
    }


class SignForm(NamingForm):
    """The end of a visit: time, what the enterprise says, its signature or refusal."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    ended_at = Moment(label=_("结束时间"), required=False)
    objections = forms.CharField(
        label=_("说明或者异议"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("被检查单位怎样说就怎样写；没有异议写“无”"),
    )
    signature = forms.ChoiceField(
        label=_("被检查单位签名"),
        choices=Inspection.Signature.choices,
        widget=forms.RadioSelect,
        help_text=_("负责人或者网络安全管理人员在打印的检查记录上签名"),
    )
    refusal_note = forms.CharField(
        label=_("拒绝签名的情况"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    witness = forms.CharField(
        label=_("见证人"), max_length=100, required=False, help_text=_("姓名和职务")
    )

    def __init__(self, *args: Any, inspection: Inspection, now: datetime, **kwargs: Any) -> None:
        initial = {name: getattr(inspection, name) for name in self.base_fields}
        local = timezone.localtime(now).replace(second=0, microsecond=0)
        initial["ended_at"] = inspection.ended_at or max(local, inspection.started_at)
        super().__init__(*args, initial=initial, **kwargs)


class FindingForm(NamingForm):
    """One finding. Articles are boxes that the page draws (inspections/_articles.html)."""

    form_token = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    violation_type = forms.ModelChoiceField(
        label=_("违法类型"), queryset=ViolationType.objects.filter(is_active=True)
    )
    seen = forms.CharField(
        label=_("检查所见"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("看到什么写什么：哪个系统、哪个页面、怎样操作、结果如何"),
    )
    required_correction = forms.CharField(
        label=_("要求改正"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    severity = forms.ChoiceField(
        label=_("严重程度"),
        choices=Finding.Severity.choices,
        initial=Finding.Severity.MODERATE,
        widget=forms.RadioSelect,
    )
    act_from = Day(label=_("行为开始日期"), required=False, help_text=_("不知道的不填，按检查当日"))
    act_to = Day(label=_("行为终了日期"), required=False, help_text=_("检查时仍在继续的不填"))
    pii_kinds = forms.MultipleChoiceField(
        label=_("涉及的个人信息"),
        choices=PiiKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    records_affected = forms.IntegerField(label=_("涉及数量（条）"), required=False, min_value=0)
    records_text = forms.CharField(
        label=_("数量的说法"),
        max_length=60,
        required=False,
        help_text=_("数不清的写约数，例如 400余条"),
    )
    duty = forms.ModelMultipleChoiceField(
        label=_("违反（义务）"), queryset=Article.objects.none(), required=False
    )
    penalty = forms.ModelMultipleChoiceField(
        label=_("罚则"), queryset=Article.objects.none(), required=False
    )
    override_reason = forms.CharField(
        label=_("引用当日未施行条款的理由"),
        max_length=300,
        required=False,
        help_text=_("只在引用了行为当日没有施行的条款时填写"),
    )
    uploads = FilesField(
        label=_("照片、截图、文件"),
        required=False,
        help_text=_("可以一次选几个；jpg、png、webp、pdf、docx、xlsx、txt、zip，每个不超过 20 MB"),
    )

    def __init__(
        self,
        *args: Any,
        finding: Finding | None = None,
        kind: ViolationType | None = None,
        **kwargs: Any,
    ) -> None:
        initial: dict[str, Any] = {"form_token": uuid4()}
        if kind is not None:
            initial["violation_type"] = kind.pk
        if finding is not None:
            initial |= {
                name: getattr(finding, name)
                for name in self.base_fields
                if name not in ("form_token", "duty", "penalty", "uploads", "violation_type")
                and hasattr(finding, name)
            }
            initial["violation_type"] = finding.violation_type_id
        super().__init__(*args, initial=initial, **kwargs)
        articles = Article.objects.select_related("version__law")
        self.fields["duty"].queryset = self.fields["penalty"].queryset = articles
        if finding is not None:
            # A type that went out of use stays with the findings that have it.
            self.fields["violation_type"].queryset = ViolationType.objects.filter(
                Q(is_active=True) | Q(pk=finding.violation_type_id)
            )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if "duty" in found and not found["duty"]:
            self.add_error("duty", _now("至少引用一条违反的（义务）条款"))
        return found

    def facts(self) -> dict[str, Any]:
        """What to hand to the verbs, without citations and files."""
        kept = ("form_token", "version", "duty", "penalty", "override_reason", "uploads")
        return {name: value for name, value in self.cleaned_data.items() if name not in kept}


class EvidenceForm(NamingForm):
    """Files for an inspection or for one of its findings."""

    finding = forms.ModelChoiceField(
        label=_("证明哪一项发现"),
        queryset=Finding.objects.none(),
        required=False,
        empty_label=_("整次检查"),
    )
    kind = forms.ChoiceField(label=_("种类"), choices=Evidence.Kind.choices)
    title = forms.CharField(
        label=_("名称"), max_length=200, required=False, help_text=_("不填的用文件名")
    )
    captured_at = Moment(label=_("拍摄、取得时间"), required=False)
    uploads = FilesField(
        label=_("文件"),
        help_text=_("可以一次选几个；jpg、png、webp、pdf、docx、xlsx、txt、zip，每个不超过 20 MB"),
    )

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["finding"].queryset = inspection.findings.select_related("violation_type")


class DisposeForm(NamingForm):
    """What an officer decides about a finding without an order or a case."""

    MILD = (
        Finding.Disposition.ON_THE_SPOT,
        Finding.Disposition.ADVICE,
        Finding.Disposition.TRANSFERRED,
        Finding.Disposition.NONE,
    )
    disposition = forms.ChoiceField(
        label=_("处置"),
        choices=[(each.value, each.label) for each in MILD],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("处置说明"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReasonForm(NamingForm):
    """The reason for taking something back."""

    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 3}))


class InspectionConditions(Conditions):
    """Conditions of the list of inspections."""

    q = forms.CharField(
        label=_("企业名称、信用代码、检查编号"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("两个字就能找到")}),
    )
    state = forms.ChoiceField(label=_("状态"), required=False)
    kind = forms.ChoiceField(label=_("检查类型"), required=False)
    unit = UnitChoice(
        label=_("检查单位"), queryset=Unit.objects.none(), required=False, empty_label=_("全部")
    )
    officer = forms.ModelChoiceField(
        label=_("检查民警"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("全部"),
    )
    violation = forms.ModelChoiceField(
        label=_("违法类型"),
        queryset=ViolationType.objects.all(),
        required=False,
        empty_label=_("全部"),
    )
    since = Day(label=_("检查日期从"), required=False)
    until = Day(label=_("到"), required=False)
    enterprise = forms.ModelChoiceField(
        label=_("企业"),
        queryset=Enterprise.objects.none(),
        required=False,
        widget=forms.HiddenInput,
    )
    article = forms.ModelChoiceField(
        label=_("引用条款"),
        queryset=Article.objects.with_law(),
        to_field_name="ref",
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("全部"))]
        self.fields["state"].choices = [*everything, *Inspection.State.choices]
        self.fields["kind"].choices = [*everything, *Inspection.Kind.choices]
        self.fields["unit"].queryset = Unit.objects.visible_to(user)
        self.fields["officer"].queryset = (
            User.objects.visible_to(user).officers().order_by("unit__path", "police_number")
        )
        self.fields["enterprise"].queryset = Enterprise.objects.visible_to(user)

    def narrow(self, queryset: InspectionQuerySet) -> InspectionQuerySet:
        """The queryset under all conditions that were understood."""
        asked = self.answers()
        if "q" in asked:
            text = asked["q"].strip()
            named = Enterprise.objects.search(text).values("pk")
            queryset = queryset.filter(Q(enterprise__in=named) | Q(number__contains=text))
        if "state" in asked:
            queryset = queryset.filter(state=asked["state"])
        if "kind" in asked:
            queryset = queryset.filter(kind=asked["kind"])
        if "unit" in asked:
            queryset = queryset.filter(unit__path__startswith=asked["unit"].path)
        if "officer" in asked:
            queryset = queryset.filter(officers__officer=asked["officer"])
        if "violation" in asked:
            with_it = Finding.objects.filter(violation_type=asked["violation"])
            queryset = queryset.filter(pk__in=with_it.order_by().values("inspection"))
        if "since" in asked:
            queryset = queryset.filter(started_at__gte=_midnight(asked["since"]))
        if "until" in asked:
            queryset = queryset.filter(started_at__lte=_midnight(asked["until"], time.max))
        if "enterprise" in asked:
            queryset = queryset.filter(enterprise=asked["enterprise"])
        if "article" in asked:
            citing = Finding.objects.filter(citations__article__in=cited_with(asked["article"]))
            queryset = queryset.filter(pk__in=citing.order_by().values("inspection"))
        return queryset


def _midnight(day: date, end: time = time.min) -> datetime:
    return datetime.combine(day, end, timezone.get_default_timezone())
