"""Forms of the bank pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from enterprises.conditions import Conditions
from enterprises.wording import NamingForm
from inspections.forms import Day
from penalties import bank_files
from penalties.forms.fields import words
from penalties.models import BankLine, BankStatement, Decision
from vault import uploads

FATES = [
    ("", _("全部")),
    ("open", _("待匹配")),
    ("matched", _("已匹配")),
    ("aside", _("不作缴款")),
]


class ImportForm(NamingForm):
    """A file from the bank."""

    file = forms.FileField(
        label=_("银行流水文件"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
        help_text=_("网银导出的 CSV，UTF-8 或 GBK，不超过 5 MB、20000 行。"),
    )

    def clean_file(self) -> tuple[str, bytes]:
        """(clean name, bytes)."""
        given = self.cleaned_data["file"]
        if given.size > bank_files.AT_MOST_BYTES:
            raise forms.ValidationError(gettext("文件超过 5 MB，请按月分开导入。"), code="big")
        try:
            name = uploads.clean_name(str(given.name or ""))
        except uploads.BadUpload as bad:
            raise forms.ValidationError(bad.message, code="name") from None
        if name.rsplit(".", 1)[1].lower() not in ("csv", "txt"):
            raise forms.ValidationError(gettext("请选择 CSV 文件。"), code="kind")
        return name, given.read(bank_files.AT_MOST_BYTES + 1)


class LineConditions(Conditions):
    """The conditions above the lines."""

    q = forms.CharField(
        label=_("付款人、摘要、流水号"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    fate = forms.ChoiceField(label=_("状态"), choices=FATES, required=False)
    statement = forms.ModelChoiceField(
        label=_("文件"), queryset=BankStatement.objects.none(), required=False
    )
    booked_from = Day(label=_("入账从"), required=False)
    booked_to = Day(label=_("入账到"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = BankStatement.objects.visible_to(user)
        self.fields["statement"].queryset = rows
        self.fields["statement"].empty_label = _("全部")

    def narrow(self, lines: QuerySet[BankLine]) -> QuerySet[BankLine]:
        """The rows under every condition that was understood."""
        given = self.answers()
        if "q" in given:
            text = given["q"].strip()
            lines = lines.filter(
                Q(payer__icontains=text) | Q(text__icontains=text) | Q(reference__contains=text)
            )
        fate = given.get("fate", "")
        if fate == "open":
            lines = lines.filter(payment=None, set_aside="")
        elif fate == "matched":
            lines = lines.filter(payment__isnull=False)
        elif fate == "aside":
            lines = lines.exclude(set_aside="")
        if "statement" in given:
            lines = lines.filter(statement=given["statement"])
        if "booked_from" in given:
            lines = lines.filter(booked_on__gte=given["booked_from"])
        if "booked_to" in given:
            lines = lines.filter(booked_on__lte=given["booked_to"])
        return lines


class LineForm(NamingForm):
    """An act on one line; `version` is that of the line shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, line: BankLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        self.fields["version"].initial = line.version


class MatchForm(LineForm):
    """Which decision it paid: by its number, or one of those that come near."""

    number = forms.CharField(
        label=_("决定书文号"), max_length=100, help_text=_("按文书上的写法，括号全角半角都可以。")
    )
    keep_excess = forms.BooleanField(label=_("多缴部分待退还"), required=False)

    def __init__(self, *args: Any, decisions: QuerySet[Decision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decisions = decisions

    def clean_number(self) -> Decision:
        """The decision in reach that has this number."""
        from_bank = self.cleaned_data["number"].strip()
        wanted = _spelled(from_bank)
        found = self.decisions.filter(Q(number__in=wanted) | Q(notice__number__in=wanted))
        decision = found.select_related("case", "respondent").first()
        if decision is None:
            text = gettext("没有这个文号的罚款决定，或者不在您的范围内。")
            raise forms.ValidationError(text, code="unknown")
        return decision


def _spelled(text: str) -> list[str]:
    """The ways in which a number may be stored: brackets half or full width."""
    bare = "".join(text.split())
    half = str.maketrans("（）", "()")
    full = str.maketrans("()[]", "（）〔〕")
    return [text, bare, bare.translate(full), bare.translate(half)]


class AsideForm(LineForm):
    reason = words(label=_("不作缴款的理由"), max_length=300)


class UnmatchForm(LineForm):
    reason = words(label=_("取消的理由"), max_length=300)
