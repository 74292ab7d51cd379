"""Forms of the acts on a running term: more time, its decision, and a clock that stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from inspections.forms import Day, FilesField, Moment
from rectification import course, house
from rectification.forms import ActForm
from rectification.models import Ground, Item
from rectification.reasons import day_words


class ItemsField(forms.TypedMultipleChoiceField):
    """Items of the order, by their ids."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, widget=forms.CheckboxSelectMultiple, **kwargs)


def _item_words(item: Item, day: date | None = None) -> str:
    words = {"n": item.ordinal, "what": item.required_correction}
    if day is None:
        return gettext("%(n)d. %(what)s") % words
    return gettext("%(n)d. %(what)s（期限 %(day)s）") % (words | {"day": day_words(day)})


class ExtensionForm(ActForm):
    items = ItemsField(
        label=_("申请延期的事项"),
        error_messages={"required": _("至少选择一项需要延期的问题。")},
    )
    until = Day(label=_("申请延至"), error_messages={"required": _("填写延长后的期限。")})
    by_enterprise = forms.TypedChoiceField(
        label=_("由谁提出"),
        choices=[("1", _("企业申请")), ("0", _("办案单位依职权"))],
        coerce=lambda value: value == "1",
        initial="1",
        widget=forms.RadioSelect,
    )
    asked_at = Moment(
        label=_("提出时间"),
        help_text=_("现在提出的，不填；以前提出、现在补录的，写当时的时间。按它认定是否逾期提出。"),
        required=False,
    )
    reason = forms.CharField(
        label=_("延期理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("写明需要延期的理由。")},
    )
    evidence = FilesField(
        label=_("附件"),
        required=False,
        help_text=_("延期申请书、采购合同等，可多选，每个不超过 20 MB。"),
    )

    def arrange(self) -> None:
        happened = course.of(self.order)
        owed = happened.unreported()
        differ = len({happened.due_on[item] for item in owed}) > 1
        self.fields["items"].choices = [
            (item.pk, _item_words(item, happened.due_on[item.pk] if differ else None))
            for item in self.order.items.all()
            if item.pk in owed
        ]
        next_due = [item for item in owed if happened.due_on[item] == self.order.due_on]
        self.fields["items"].initial = sorted(next_due)
        if differ:
            self.fields["items"].help_text = _("一次申请的各项须是同一个期限，不同的分别申请。")
        self.fields["until"].help_text = self._until_words(happened, next_due)

    def _until_words(self, happened: course.Course, items: list[int]) -> str:
        """The present day, and how far the house lets it go."""
        said = []
        if self.order.due_on is not None:
            said.append(gettext("现在的期限是 %(date)s。") % {"date": day_words(self.order.due_on)})
        rules = house.rules(self.order)
        given = max((len(happened.grants(item)) for item in items), default=0)
        said.append(
            ngettext(
                "本单位规定最多延期 %(most)d 次，已延 %(given)d 次。",
                "本单位规定最多延期 %(most)d 次，已延 %(given)d 次。",
                rules.max_extensions,
            )
            % {"most": rules.max_extensions, "given": given}
        )
        if rules.max_extension_days is not None:
            said.append(
                ngettext(
                    "合计不超过 %(most)d 天。", "合计不超过 %(most)d 天。", rules.max_extension_days
                )
                % {"most": rules.max_extension_days}
            )
        return " ".join(said)

    def facts(self) -> dict[str, Any]:
        """The keyword arguments of `orders.request_extension`."""
        given = {k: v for k, v in self.cleaned_data.items() if k != "seen"}
        chosen = set(given["items"])
        return given | {"items": [i for i in self.order.items.all() if i.pk in chosen]}


class DecisionForm(ActForm):
    granted = forms.TypedChoiceField(
        label=_("审批结果"),
        choices=[("1", _("准予延期")), ("0", _("不予延期"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        error_messages={"required": _("选择准予或者不予延期。")},
    )
    items = ItemsField(
        label=_("准予的事项"),
        help_text=_("只准一部分的，去掉其余各项；不予延期的，不看这一栏。"),
        required=False,
    )
    until = Day(
        label=_("准予延至"),
        help_text=_("可以早于申请的日期，不能晚于它；不予延期的，不看这一栏。"),
        required=False,
    )
    note = forms.CharField(
        label=_("审批意见"),
        help_text=_("写进延期决定书。不予延期的，写明理由。"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def arrange(self) -> None:
        pending = course.of(self.order).pending
        asked = pending.items if pending is not None else ()
        self.fields["items"].choices = [
            (item.pk, _item_words(item)) for item in self.order.items.all() if item.pk in asked
        ]
        self.fields["items"].initial = list(asked)
        if pending is not None:
            self.fields["until"].initial = pending.until

    def facts(self) -> dict[str, Any]:
        """The keyword arguments of `orders.decide_extension`."""
        given = {k: v for k, v in self.cleaned_data.items() if k != "seen"}
        chosen = set(given["items"])
        return given | {"items": [i for i in self.order.items.all() if i.pk in chosen]}


class SuspendForm(ActForm):
    ground = forms.ChoiceField(
        label=_("中止事由"),
        choices=Ground.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("选择中止的事由。")},
    )
    document_number = forms.CharField(
        label=_("依据文书文号"),
        help_text=_("例如行政复议受理通知书、法院裁定书、查封决定书的文号。"),
        max_length=100,
        required=False,
    )
    from_on = Day(
        label=_("中止日期"),
        help_text=_("从这一天起不计入期限。"),
        error_messages={"required": _("填写中止日期。")},
    )
    reason = forms.CharField(
        label=_("中止理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("写明中止的理由。")},
    )
    evidence = FilesField(label=_("附件"), required=False)

    def arrange(self) -> None:
        self.fields["from_on"].initial = self.today

    def facts(self) -> dict[str, Any]:
        """The keyword arguments of `orders.suspend`."""
        return {k: v for k, v in self.cleaned_data.items() if k != "seen"}


class ResumeForm(ActForm):
    on = Day(
        label=_("恢复日期"),
        help_text=_("次日起继续计算，期限相应顺延。"),
        error_messages={"required": _("填写恢复日期。")},
    )

    def arrange(self) -> None:
        self.fields["on"].initial = self.today
