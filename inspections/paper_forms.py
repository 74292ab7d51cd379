"""Forms of the papers of a visit. They read what was typed; `inspections.papers` decides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from audit.trail import Reason, Refused
from enterprises.wording import NamingForm
from inspections import paper_facts
from inspections.forms import OfficersField
from inspections.mending import LATE
from inspections.models import Finding, Inspection, Matter, Particulars, RemoteTest
from inspections.paper_facts import ENTERPRISE, SECTOR, Risk


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class MattersField(forms.MultipleChoiceField):
    """The heads of Order 176 art. 7, as boxes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=Matter.choices, widget=forms.CheckboxSelectMultiple, **kwargs)


class ParticularsForm(NamingForm):
    """What notice and record say beyond the visit.

    Before the signature what the notice says; afterwards what the record says, too, and what the
    signed visit left open. What is known is filled in already.
    """

    NOTICE = ("basis", "scope", "matters", "support_organ", "support_people")
    RECORD = ("shown", "measures", "recording", "reading", *LATE)

    version = forms.IntegerField(widget=forms.HiddenInput)
    basis = forms.CharField(
        label=_("检查依据"),
        required=False,
        max_length=1000,
        widget=_area(2),
        help_text=_("已按检查日期填好，可以改"),
    )
    scope = forms.CharField(
        label=_("检查范围"),
        required=False,
        max_length=1000,
        widget=_area(2),
        help_text=_("检查哪些系统、场所和工作"),
    )
    matters = MattersField(
        label=_("检查事项"), required=False, help_text=_("检查了哪些就勾选哪些，印在通知书和记录上")
    )
    support_organ = forms.CharField(
        label=_("技术支持机构"),
        required=False,
        max_length=100,
        help_text=_("没有委托技术支持的不填"),
    )
    support_people = forms.CharField(
        label=_("技术支持人员"),
        required=False,
        max_length=300,
        widget=_area(2),
        help_text=_("每行一人，他们也在记录上签名"),
    )
    shown = forms.CharField(
        label=_("出示证件和告知情况"), required=False, max_length=1000, widget=_area(3)
    )
    measures = forms.CharField(
        label=_("现场处置"),
        required=False,
        max_length=2000,
        widget=_area(3),
        help_text=_("督促消除了什么，责令改正了什么"),
    )
    recording = forms.CharField(
        label=_("录音录像"),
        required=False,
        max_length=300,
        help_text=_("设备和起止时间；没有录制的不填，记录上印“无”"),
    )
    reading = forms.CharField(label=_("核对意见"), required=False, max_length=1000, widget=_area(2))
    place = forms.CharField(label=_("检查地点"), required=False, max_length=300)
    met_title = forms.CharField(label=_("陪同人员职务"), required=False, max_length=100)
    process = forms.CharField(
        label=_("检查经过"),
        required=False,
        max_length=5000,
        widget=_area(4),
        help_text=_("检查了什么，怎样检查的"),
    )
    objections = forms.CharField(
        label=_("说明或者异议"),
        required=False,
        max_length=5000,
        widget=_area(3),
        help_text=_("被检查单位怎样说就怎样写；没有异议写“无”"),
    )

    def __init__(
        self, *args: Any, inspection: Inspection, row: Particulars | None, **kwargs: Any
    ) -> None:
        usual = paper_facts.usual(inspection, has_findings=inspection.findings.exists())
        initial: dict[str, Any] = {"version": row.version if row else 0}
        for name in (*self.NOTICE, *self.RECORD):
            kept = getattr(row, name) if row else ""
            initial[name] = kept or usual.get(name, "")
        super().__init__(*args, initial=initial, **kwargs)
        refused = inspection.signature == Inspection.Signature.REFUSED
        remote = inspection.mode == Inspection.Mode.REMOTE
        hidden = [] if inspection.is_final else list(self.RECORD)
        hidden += [name for name, own in LATE.items() if getattr(inspection, own)]
        hidden += ["place", "met_title"] if remote else []
        hidden += ["reading", "objections"] if remote or refused else []
        hidden += [] if usual["measures"] else ["measures"]
        for name in dict.fromkeys(hidden):
            del self.fields[name]
        # What the papers cannot do without.
        for name in self.fields.keys() - {"support_organ", "support_people", "recording"}:
            self.fields[name].required = True

    @property
    def notice_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.NOTICE]

    @property
    def record_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.RECORD if name in self.fields]

    def facts(self) -> dict[str, Any]:
        """What to hand to the verb: what the form asked."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class AdvisoryForm(NamingForm):
    """To whom a letter of advice goes, about which findings, and what it recommends."""

    to = forms.ChoiceField(
        label=_("发给"),
        choices=[(ENTERPRISE, _("被检查单位")), (SECTOR, _("行业主管部门"))],
        widget=forms.RadioSelect,
        initial=ENTERPRISE,
    )
    sector = forms.CharField(
        label=_("行业主管部门"),
        required=False,
        max_length=100,
        help_text=_("发给行业主管部门的填写，例如 南宁市交通运输局"),
    )
    request = forms.CharField(
        label=_("其他建议"),
        required=False,
        max_length=1000,
        widget=_area(2),
        help_text=_("例如 请于一个月内将整改情况函告我局"),
    )

    def __init__(
        self, *args: Any, inspection: Inspection, findings: list[Finding], **kwargs: Any
    ) -> None:
        self.findings = findings
        super().__init__(*args, **kwargs)
        if inspection.unit.level == Unit.Level.COUNTY:
            self.fields["to"].help_text = _now("县级公安机关只发给被检查单位")
        for finding in findings:
            name = {"ordinal": finding.ordinal, "name": finding.violation_type.name}
            self.fields[f"take_{finding.ordinal}"] = forms.BooleanField(
                label=_now("第 %(ordinal)d 项：%(name)s") % name,
                required=False,
                help_text=f"{finding.seen[:120]}",
                initial=finding.disposition
                in (Finding.Disposition.NONE, Finding.Disposition.ADVICE),
            )
            self.fields[f"measure_{finding.ordinal}"] = forms.CharField(
                label=_now("第 %(ordinal)d 项的建议措施") % name,
                required=False,
                max_length=2000,
                widget=_area(2),
                initial=finding.required_correction,
            )

    @property
    def pairs(self) -> list[dict[str, forms.BoundField]]:
        """The box and the measure of each finding, for the page."""
        return [
            {"take": self[f"take_{row.ordinal}"], "measure": self[f"measure_{row.ordinal}"]}
            for row in self.findings
        ]

    def risks(self) -> list[Risk]:
        """The findings chosen."""
        return [
            Risk(finding, self.cleaned_data[f"measure_{finding.ordinal}"])
            for finding in self.findings
            if self.cleaned_data[f"take_{finding.ordinal}"]
        ]

    def blame(self, refused: Refused) -> list[Reason]:
        """Put what fits on its field; the rest comes back, for the head of the page."""
        rest = []
        chosen = [row for row in self.risks() if not row.measure.strip()]
        for reason in refused.reasons:
            if reason.field == "risks" and chosen:
                for risk in chosen:
                    name = f"measure_{risk.finding.ordinal}"
                    if name not in self.errors:
                        self.add_error(name, _now("写明建议采取的措施"))
            elif reason.field == "risks" and self.findings:
                self.add_error(f"take_{self.findings[0].ordinal}", _now("选择要提示的问题"))
            elif reason.field in self.fields:
                self.add_error(reason.field, reason.text)
            else:
                rest.append(reason)
        return rest


class RemoteNoticeForm(NamingForm):
    """What the notice of a planned test says beyond the plan."""

    officers = OfficersField(
        label=_("检查人员"), queryset=User.objects.none(), help_text=_("二名以上")
    )
    basis = forms.CharField(label=_("检查依据"), max_length=1000, widget=_area(2))
    matters = MattersField(label=_("检查事项"))

    def __init__(self, *args: Any, test: RemoteTest, user: User, **kwargs: Any) -> None:
        initial = {
            "officers": [user.pk],
            "basis": paper_facts.usual_basis(test.starts_on, remote=True),
            "matters": paper_facts.REMOTE_MATTERS,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["officers"].queryset = (
            User.objects.officers()
            .filter(unit__path__startswith=test.unit.path)
            .order_by("unit__path", "police_number")
        )

    def facts(self) -> dict[str, Any]:
        """What to hand to the verb."""
        return self.cleaned_data | {"officers": list(self.cleaned_data["officers"])}
