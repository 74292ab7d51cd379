"""Conditions of the list of what falls due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from deadlines import registry
from deadlines.models import Deadline, DeadlineQuerySet

OPEN = "open"


class DeadlineConditions(forms.Form):
    """Kind, state, unit and week; all of it stands in the address."""

    kind = forms.ChoiceField(label=_("种类"), required=False)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            (OPEN, _("未结束")),
            ("overdue", _("已逾期")),
            *Deadline.State.choices,
            ("all", _("全部")),
        ],
    )
    unit = forms.ModelChoiceField(
        label=_("单位"), queryset=Unit.objects.none(), required=False, empty_label=_("全部")
    )
    week = forms.DateField(
        label=_("某日所在的一周"),
        required=False,
        # The pages before and after it must have a date.
        validators=[MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2199, 12, 31))],
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部")), *registry.kinds().items()]
        self.fields["unit"].queryset = Unit.objects.visible_to(user)
        self.is_valid()

    def narrow(self, rows: DeadlineQuerySet, today: date) -> DeadlineQuerySet:
        """The rows under these conditions; a condition that does not read is left out."""
        data = self.cleaned_data
        state = data.get("state") or OPEN
        if state == OPEN:
            rows = rows.open()
        elif state == "overdue":
            rows = rows.overdue(today)
        elif state != "all":
            rows = rows.filter(state=state)
        if data.get("kind"):
            rows = rows.filter(kind=data["kind"])
        if data.get("unit"):
            rows = rows.filter(unit__path__startswith=data["unit"].path)
        if week := data.get("week"):
            monday = week - timedelta(days=week.weekday())
            rows = rows.due_between(monday, monday + timedelta(days=6))
        return rows
