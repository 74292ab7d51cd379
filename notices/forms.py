"""The conditions of the list of papers."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from enterprises.conditions import Conditions
from enterprises.wording import Day
from notices import kinds
from notices.models import Notice, NoticeQuerySet

PRINTING = [("", _("不限")), ("printed", _("已打印")), ("unprinted", _("未打印"))]
SERVING = [
    ("", _("不限")),
    ("served", _("已送达")),
    ("waiting", _("公告期内")),
    ("unserved", _("待送达")),
]
SORTS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "": (_("最近签发在前"), ("-issued_at", "-id")),
    "old": (_("最早签发在前"), ("issued_at", "id")),
    "number": (_("按种类和序号"), ("kind", "-year", "-serial", "-id")),
    "addressee": (_("按受送达人"), ("addressee", "-issued_at", "-id")),
}


class NoticeFilter(Conditions):
    """Number or addressee, kind, state, unit, service, print, days of issue. All optional."""

    q = forms.CharField(
        label=_("文号或受送达人"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(label=_("文书种类"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    serving = forms.ChoiceField(label=_("送达"), required=False, choices=SERVING)
    printing = forms.ChoiceField(label=_("打印"), required=False, choices=PRINTING)
    unit = forms.ModelChoiceField(
        label=_("签发单位"), required=False, queryset=Unit.objects.none(), empty_label=_("不限")
    )
    since = Day(label=_("签发日期自"), required=False)
    until = Day(label=_("签发日期至"), required=False)
    sort = forms.ChoiceField(
        label=_("排序"), required=False, choices=[(key, word) for key, (word, _by) in SORTS.items()]
    )

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["kind"].choices = [("", _("不限")), *kinds.choices()]
        self.fields["state"].choices = [("", _("不限")), *Notice.State.choices]
        self.fields["unit"].queryset = Unit.objects.visible_to(user)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("不能早于起始日期。"))
        return cleaned

    def order(self) -> tuple[str, ...]:
        """The columns by which the rows are sorted, the last one unique."""
        self.is_valid()
        return SORTS[self.cleaned_data.get("sort") or ""][1]

    def narrow(self, notices: NoticeQuerySet) -> NoticeQuerySet:
        """The notices that meet every condition; none while a condition is wrong."""
        if not self.is_valid():
            return notices.none() if self.is_bound else notices
        wanted = self.cleaned_data
        if wanted["q"]:
            text = wanted["q"].strip()
            notices = notices.filter(Q(number__contains=text) | Q(addressee__contains=text))
        if wanted["printing"]:
            notices = notices.printed() if wanted["printing"] == "printed" else notices.unprinted()
        if wanted["serving"] == "served":
            notices = notices.served(self.today)
        elif wanted["serving"] == "waiting":
            notices = notices.awaiting_day(self.today)
        elif wanted["serving"] == "unserved":
            notices = notices.to_serve()
        exact = {
            "kind": wanted["kind"],
            "state": wanted["state"],
            "unit": wanted["unit"],
            "issued_on__gte": wanted["since"],
            "issued_on__lte": wanted["until"],
        }
        return notices.filter(**{name: value for name, value in exact.items() if value})
