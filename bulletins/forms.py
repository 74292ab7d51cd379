"""Forms of bulletins and publications. They read what was typed; the verbs decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from audit.trail import Reason, Refused
from bulletins.models import (
    LONGEST_TEXT,
    Bulletin,
    BulletinState,
    Entry,
    Fall,
    Publication,
    PublicationState,
)
from bulletins.reasons import text_field
from enterprises.conditions import Conditions
from enterprises.forms import UnitChoice
from enterprises.models import Enterprise
from enterprises.wording import Day, NamingForm


class ActForm(NamingForm):
    """`seen` is the version that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, row: Bulletin | Publication, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = row.version

    def blame(self, refused: Refused) -> list[Reason]:
        """Each reason on the field it names; those that belong to none come back."""
        others = []
        for reason in refused.reasons:
            if reason.field in self.fields:
                self.add_error(reason.field, reason.text)
            else:
                others.append(reason)
        return others

    def show_again(self, row: Bulletin | Publication) -> None:
        """The same words above what is there now."""
        given = cast(QueryDict, self.data).copy()
        given["seen"] = str(row.version)
        self.data = given


class ReasonForm(ActForm):
    reason = forms.CharField(
        label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class PlaceForm(ActForm):
    on = Day(label=_("公开日期"))
    place = forms.CharField(
        label=_("网址或者媒体"),
        max_length=300,
        help_text=_("例如：公安机关门户网站行政处罚公示栏的网址。"),
    )


class WithdrawForm(ActForm):
    on = Day(label=_("撤回日期"))
    reason = forms.CharField(
        label=_("公开说明的理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class ExplainForm(ActForm):
    on = Day(label=_("撤回日期"))
    explanation = forms.CharField(
        label=_("公开说明的理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class FallForm(ActForm):
    fall = forms.ChoiceField(label=_("决定的变动"), choices=Fall.choices, widget=forms.RadioSelect)
    on = Day(label=_("变动日期"))
    note = forms.CharField(
        label=_("变动所依据的文书"),
        max_length=300,
        help_text=_("例如：行政复议决定书的文号。"),
    )


class DraftForm(NamingForm):
    """The words of a draft: every case has a field of its own, and a place in the order."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("标题"), max_length=100)
    intro = forms.CharField(
        label=_("开头"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": LONGEST_TEXT}),
    )
    reminder = forms.CharField(
        label=_("结尾提醒"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "data-count": LONGEST_TEXT}),
        help_text=_("印在“警方提醒”之下；不填就没有这一段。"),
    )

    def __init__(
        self, *args: Any, bulletin: Bulletin, entries: Sequence[Entry], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries
        for name in ("version", "title", "intro", "reminder"):
            self.fields[name].initial = getattr(bulletin, name)
        for entry in entries:
            words = {"n": entry.ordinal}
            self.fields[text_field(entry)] = forms.CharField(
                label=_now("案例 %(n)d 的正文") % words,
                max_length=LONGEST_TEXT,
                initial=entry.text,
                widget=forms.Textarea(attrs={"rows": 6, "data-count": LONGEST_TEXT}),
                error_messages={"required": _now("案例 %(n)d 的正文没有填写。") % words},
            )
            self.fields[place_field(entry)] = forms.IntegerField(
                label=_now("案例 %(n)d 的次序") % words,
                initial=entry.ordinal,
                min_value=1,
                max_value=999,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each entry with its two fields."""
        return [
            {
                "entry": entry,
                "text": self[text_field(entry)],
                "place": self[place_field(entry)],
            }
            for entry in self.entries
        ]

    def given(self) -> dict[str, Any]:
        """What `bulletins.amend` takes."""
        values = self.cleaned_data
        return {
            "version": values["version"],
            "title": values["title"],
            "intro": values["intro"],
            "reminder": values["reminder"],
            "texts": {entry.pk: values[text_field(entry)] for entry in self.entries},
            "order": {entry.pk: values[place_field(entry)] for entry in self.entries},
        }

    def show_again(self, version: int) -> None:
        """The same words, over the version that is there now."""
        given = cast(QueryDict, self.data).copy()
        given["version"] = str(version)
        self.data = given


def place_field(entry: Entry) -> str:
    return f"place-{entry.pk}"


class ChooseForm(NamingForm):
    """The cases of a new bulletin, or those to add; their order is that of the ticks' list."""

    form_token = forms.UUIDField(widget=forms.HiddenInput)
    cases = forms.MultipleChoiceField(
        label=_("案件"), error_messages={"required": _("至少选择一个案件。")}
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_token"].initial = uuid4
        cast(forms.MultipleChoiceField, self.fields["cases"]).choices = choices

    def chosen(self) -> list[UUID]:
        return [UUID(value) for value in self.cleaned_data["cases"]]

    def ticked(self) -> set[str]:
        value = self["cases"].value() or []
        return {str(each) for each in value}


class BulletinConditions(Conditions):
    """The conditions above the list of bulletins."""

    q = forms.CharField(
        label=_("标题"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    unit = UnitChoice(label=_("单位"), queryset=Unit.objects.none(), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    drafted_from = Day(label=_("起草从"), required=False)
    drafted_to = Day(label=_("起草到"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _units(self, user)
        self.fields["state"].choices = [("", _("全部")), *BulletinState.choices]

    def narrow(self, rows: QuerySet[Bulletin]) -> QuerySet[Bulletin]:
        given = self.answers()
        if "q" in given:
            rows = rows.filter(title__contains=given["q"].strip())
        if "unit" in given:
            rows = rows.filter(unit__path__startswith=given["unit"].path)
        if "state" in given:
            rows = rows.filter(state=given["state"])
        if "drafted_from" in given:
            rows = rows.filter(drafted_at__date__gte=given["drafted_from"])
        if "drafted_to" in given:
            rows = rows.filter(drafted_at__date__lte=given["drafted_to"])
        return rows


class PublicationConditions(Conditions):
    """The conditions above the list of decisions to be made public."""

    q = forms.CharField(
        label=_("企业、决定书文号"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("至少两个字")}),
    )
    unit = UnitChoice(label=_("单位"), queryset=Unit.objects.none(), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    decided_from = Day(label=_("决定从"), required=False)
    decided_to = Day(label=_("决定到"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _units(self, user)
        self.fields["state"].choices = [("", _("全部")), *PublicationState.choices]

    def narrow(self, rows: QuerySet[Publication]) -> QuerySet[Publication]:
        given = self.answers()
        if "q" in given:
            named = Enterprise.objects.search(given["q"]).order_by().values("pk")
            rows = rows.filter(case__enterprise__in=named) | rows.filter(
                case__document_number__contains=given["q"].strip()
            )
        if "unit" in given:
            rows = rows.filter(unit__path__startswith=given["unit"].path)
        if "state" in given:
            rows = rows.filter(state=given["state"])
        if "decided_from" in given:
            rows = rows.filter(decided_on__gte=given["decided_from"])
        if "decided_to" in given:
            rows = rows.filter(decided_on__lte=given["decided_to"])
        return rows


def _units(form: forms.Form, user: User) -> None:
    field = cast(UnitChoice, form.fields["unit"])
    field.queryset = Unit.objects.visible_to(user)
    field.empty_label = _("全部")
