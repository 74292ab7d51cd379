"""Forms of the proposal: one penalty, one circumstance."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.wording import Day
from inspections.models import Finding
from legal import citations
from legal.models import Article, PenaltyTier
from penalties import offered
from penalties.cases.proposing import WEIGHTS
from penalties.forms.acts import ActForm
from penalties.forms.fields import Money, words
from penalties.models import Effect, Item, Measure

KINDS = [(kind.value, kind.label) for kind in Measure if kind != Measure.UNSTATED]


class TierField(forms.ModelChoiceField):
    """Any rung of the register; the page offers those that may come into question, in groups."""

    def __init__(self, **kwargs: Any) -> None:
        rows = PenaltyTier.objects.select_related("article__version__law")
        super().__init__(queryset=rows, **kwargs)


class FindingsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Finding) -> str:
        return f"{obj.ordinal}. {obj.violation_type.name}"


class ItemForm(ActForm):
    """One penalty of one respondent; the row is the respondent, or the item that is changed."""

    tier = TierField(
        label=_("罚则和档次"),
        error_messages={"required": _("选择罚则和档次。")},
    )
    measure = forms.ChoiceField(
        label=_("处罚种类"),
        choices=KINDS,
        initial=Measure.FINE,
        error_messages={"required": _("选择处罚种类。")},
    )
    findings = FindingsField(
        label=_("罚的是哪些违法事实"),
        queryset=Finding.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("同一个违法行为只能罚款一次；不同的行为可以分别罚款，合并执行。"),
    )
    condition_met = forms.BooleanField(label=_("认定符合该档次的适用情形"), required=False)
    condition_reason = words(
        label=_("适用这一档的理由"),
        required=False,
        max_length=1000,
        help_text=_("写事实和证据，例如哪一份责令改正到期未改、造成什么后果。"),
    )
    amount = Money(
        label=_("金额（元）"),
        required=False,
        help_text=_("罚款和没收违法所得填写，最多到分。"),
    )
    base_amount = Money(
        label=_("计算基数（元）"),
        required=False,
        help_text=_("按违法所得的倍数或者营业额的比例罚款的填写：违法所得，或者上一年度营业额。"),
    )
    detail = forms.CharField(
        label=_("内容"),
        required=False,
        max_length=500,
        help_text=_("没收的财物、停止的业务、关闭的网站、吊销的许可证件。"),
    )
    length = forms.IntegerField(
        label=_("期限"), required=False, min_value=1, max_value=999, help_text=_("有期限的填写。")
    )
    length_unit = forms.ChoiceField(
        label=_("期限单位"),
        required=False,
        choices=[("", "—"), ("day", _("日")), ("month", _("个月")), ("year", _("年"))],
    )
    deviation_reason = words(
        label=_("偏离裁量基准的理由"),
        required=False,
        max_length=1000,
        rows=2,
        help_text=_("金额不在裁量基准建议的幅度内时必须写明。"),
    )
    override_organ = forms.CharField(
        label=_("批准突破法定幅度的上级机关"), required=False, max_length=100
    )
    override_number = forms.CharField(label=_("批准文书文号"), required=False, max_length=60)
    override_on = Day(label=_("批准日期"), required=False)
    override_reason = words(label=_("突破法定幅度的理由"), required=False, max_length=1000, rows=2)

    #: How the page groups them; what only few items need stands closed.
    MAIN = (
        "tier", "measure", "findings", "condition_met", "condition_reason", "amount",
        "base_amount", "detail", "length", "length_unit", "deviation_reason",
    )  # fmt: skip
    OVERRIDE = ("override_organ", "override_number", "override_on", "override_reason")

    def arrange(self) -> None:
        item = self.row if isinstance(self.row, Item) else None
        pk = item.respondent_id if item is not None else self.row.pk
        self.respondent = self.file.respondent(pk)
        self.books = citations.register()
        self.offers = offered.offers(self.file, self.respondent, self.today, self.books)
        self.fields["tier"].choices = offered.choices(self.offers)
        ids = [finding.pk for finding in self.file.findings]
        rows = Finding.objects.filter(pk__in=ids).select_related("violation_type")
        self.fields["findings"].queryset = rows.order_by("inspection__started_at", "ordinal")
        if not ids:
            del self.fields["findings"]
        else:
            self.fields["findings"].initial = ids
        if item is not None:
            for name in self.fields:
                if name not in ("seen", "findings"):
                    self.fields[name].initial = getattr(item, name)
            self.fields["tier"].initial = item.tier_id
            if ids:
                self.fields["findings"].initial = [each.pk for each in item.findings.all()]

    def given(self) -> dict[str, Any]:
        found = super().given()
        chosen = {each.pk for each in found.pop("findings", [])}
        return found | {"findings": [each for each in self.file.findings if each.pk in chosen]}

    @property
    def main_fields(self) -> list[Any]:
        return [self[name] for name in self.MAIN if name in self.fields]

    @property
    def override_fields(self) -> list[Any]:
        return [self[name] for name in self.OVERRIDE]

    @property
    def is_override_open(self) -> bool:
        """Filled in, or refused for want of it."""
        return any(each.value() or each.errors for each in self.override_fields)


class ArticleField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Article) -> str:
        return f"{obj.cite_short} {obj.gist}"


class CircumstanceForm(ActForm):
    effect = forms.ChoiceField(
        label=_("作用"),
        choices=Effect.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("选择作用：从轻、减轻还是从重。")},
    )
    text = forms.CharField(
        label=_("情节"),
        max_length=500,
        help_text=_("写具体事实，例如：检查次日即完成加密，并主动报告。"),
        error_messages={"required": _("写明具体情节。")},
    )
    article = ArticleField(
        label=_("依据"),
        queryset=Article.objects.none(),
        error_messages={"required": _("选择依据。")},
    )

    def arrange(self) -> None:
        books = citations.register()
        refs = dict.fromkeys(ref for refs in WEIGHTS.values() for ref in refs)
        ids = [books.by_ref[ref].pk for ref in refs if ref in books.by_ref]
        rows = Article.objects.filter(pk__in=ids).select_related("version__law")
        self.fields["article"].queryset = rows
