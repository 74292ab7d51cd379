"""Forms of review, discussion, approval and decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.forms import Day
from notices.serve_form import ScanField
from penalties import gate
from penalties.cases import deciding
from penalties.forms.acts import ActForm
from penalties.forms.fields import Lines, asked, moment, words
from penalties.grounds import GROUNDS
from penalties.models import LegalReview, Measure
from penalties.papers import decisions
from penalties.papers.typed import Typed

YES_NO = (("yes", _("同意")), ("no", _("不同意")))
WARNED = "警告自本决定书送达之日起执行"
_GOODS = ("name", "model", "quantity", "note")


class GravityForm(ActForm):
    is_grave = forms.BooleanField(
        label=_("情节复杂或者重大违法行为"),
        help_text=_("应当由负责人集体讨论决定。"),
        required=False,
    )
    is_of_public_interest = forms.BooleanField(
        label=_("涉及重大公共利益"), help_text=_("应当法制审核。"), required=False
    )
    is_intricate = forms.BooleanField(
        label=_("案情疑难复杂、涉及多个法律关系"),
        help_text=_("应当法制审核。"),
        required=False,
    )
    reason = words(label=_("认定理由"), max_length=500, required=False)

    def arrange(self) -> None:
        for name in ("is_grave", "is_of_public_interest", "is_intricate"):
            self.fields[name].initial = getattr(self.case, name)


class ReviewForm(ActForm):
    asked_on = Day(label=_("送审日期"))
    on = Day(label=_("审核日期"))
    opinion = forms.ChoiceField(
        label=_("审核意见"), choices=LegalReview.Opinion.choices, widget=forms.RadioSelect
    )
    text = asked(
        words(
            label=_("审核理由"),
            help_text=_("管辖、当事人、事实和证据、定性和依据、处理意见、程序。"),
            rows=6,
            max_length=4000,
        )
    )

    def arrange(self) -> None:
        self.fields["asked_on"].initial = self.fields["on"].initial = self.today


class FollowUpForm(ActForm):
    on = Day(label=_("日期"))
    text = asked(
        words(
            label=_("采纳情况"),
            help_text=_("采纳的怎样改，不采纳的为什么。"),
            max_length=2000,
        )
    )

    def arrange(self) -> None:
        self.fields["on"].initial = self.today


class DiscussionForm(ActForm):
    held_at = moment(label=_("讨论时间"))
    presider = asked(forms.CharField(label=_("主持人"), max_length=100))
    attendees = Lines(label=_("参加人员"), help_text=_("每行一人：姓名、职务。"), required=False)
    minutes = asked(
        words(
            label=_("讨论记录"),
            help_text=_("每人的意见和理由。"),
            rows=6,
            max_length=8000,
        )
    )
    agreed = forms.ChoiceField(label=_("对拟作出的决定"), choices=YES_NO, widget=forms.RadioSelect)
    conclusion = asked(words(label=_("结论"), max_length=2000))
    scan = ScanField(label=_("签名的讨论记录扫描件"), required=False)

    def given(self) -> dict[str, Any]:
        return super().given() | {"agreed": self.cleaned_data["agreed"] == "yes"}


class ApproveForm(ActForm):
    agreed = forms.ChoiceField(label=_("审批"), choices=YES_NO, widget=forms.RadioSelect)
    opinion = asked(words(label=_("审批意见"), max_length=1000))

    def given(self) -> dict[str, Any]:
        return super().given() | {"agreed": self.cleaned_data["agreed"] == "yes"}


class IssueForm(ActForm):
    """What the paper says that stands nowhere in the file; only what this decision needs is asked.
    What may not be empty is said by the gate."""

    ground = asked(forms.ChoiceField(label=_("不予处罚的情形")))
    ground_proof = words(
        label=_("由什么证明"),
        help_text=_("及时改正、没有主观过错等由哪些证据证明。"),
        max_length=1000,
        required=False,
    )
    education = words(
        label=_("教育情况"),
        help_text=_("何时、对谁、讲了什么。"),
        max_length=2000,
        required=False,
    )
    past = words(
        label=_("违法经历"), help_text=_("有的写明，没有的不填。"), max_length=2000, required=False
    )
    performance = asked(
        words(
            label=_("执行方式和期限"),
            help_text=_("罚款以外的处罚怎样执行、到什么时候。"),
            max_length=2000,
        )
    )
    pay_to = asked(forms.CharField(label=_("缴款的银行或者方式"), max_length=2000))
    correction = words(
        label=_("责令改正"),
        help_text=_("接在“责令”和单位名称后面：在某日前改正什么。"),
        max_length=2000,
        required=False,
    )
    no_correction = words(
        label=_("不责令改正的理由"),
        help_text=_("不印在决定书上，记入案卷。例如：违法行为已经终了，没有需要改正的。"),
        max_length=500,
        required=False,
    )
    property = words(label=_("涉案财物处理"), max_length=2000, required=False)
    inventory = asked(
        Lines(
            label=_("财物清单"),
            help_text=_("每行一件：名称，规格型号，数量，备注。"),
            longest=300,
        )
    )

    def arrange(self) -> None:
        self.kind = deciding.outcome_of(self.file, self.row)
        kept = self._asked()
        for name in [each for each in self.fields if each not in kept and each != "seen"]:
            del self.fields[name]
        if "ground" in self.fields:
            self.fields["ground"].choices = [  # type: ignore[attr-defined]
                ("", "—"),
                *((code, ground.word) for code, ground in GROUNDS.items()),
            ]
            self.fields["ground"].initial = self.file.report.ground if self.file.report else ""
        kinds = {row.measure for row in self.file.items_of(self.row)}
        if "performance" in self.fields and kinds <= {Measure.WARNING, Measure.FINE}:
            self.fields["performance"].initial = WARNED

    def _asked(self) -> set[str]:
        kinds = {row.measure for row in self.file.items_of(self.row)}
        found = set()
        if self.kind == gate.NO_PENALTY:
            found |= {"ground", "ground_proof", "education", "property", "inventory"}
        else:
            found.add("past")
            if kinds - {Measure.FINE}:
                found.add("performance")
            if Measure.FINE in kinds:
                found.add("pay_to")
            if kinds & {Measure.CONFISCATION, Measure.GOODS}:
                found.add("property")
            if Measure.GOODS in kinds:
                found.add("inventory")
        if not self.row.is_person and not decisions.correction(self.file, self.row, Typed()):
            found |= {"correction", "no_correction"}
        return found

    def typed(self) -> Typed:
        """The words, as the verb takes them."""
        given = self.given()
        goods = tuple(goods_of(line) for line in given.pop("inventory", []))
        return Typed(goods=goods, **given)


def goods_of(line: str) -> dict[str, str]:
    """名称，规格型号，数量，备注 → a row of the list."""
    parts = [part.strip() for part in line.replace("，", ",").split(",", 3)]
    return dict(zip(_GOODS, [*parts, "", "", ""], strict=False))
