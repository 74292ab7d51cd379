"""Conditions of the agenda and of the month."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from deadlines import duties, registry
from deadlines.models import Deadline, DeadlineQuerySet

OPEN, ME = "open", "me"
#: The pages before and after a day must have a date.
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)


class _Day(forms.DateField):
    """A date by the browser's own picker; what is typed by hand reads too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"],
            required=False,
            validators=[MinValueValidator(FIRST), MaxValueValidator(LAST)],
            **kwargs,
        )


class MonthField(forms.CharField):
    """2026-11, by the browser's own picker where it has one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-11"}),
            required=False,
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        """The first day of the month, or None."""
        text = str(super().clean(value) or "")
        if not text:
            return None
        found = re.fullmatch(r"(\d{4})-(\d{1,2})", text)
        month = int(found[2]) if found else 0
        if not found or not 1 <= month <= 12 or not FIRST.year <= int(found[1]) <= LAST.year:
            raise ValidationError(gettext("月份写成 2026-11"))
        return date(int(found[1]), month, 1)


class _Conditions(forms.Form):
    """Kind, state, unit and officer: what the agenda and the month share."""

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
    officer = forms.ChoiceField(
        label=_("承办人"), required=False, choices=[("", _("全部")), (ME, _("我承办的"))]
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
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
        if data.get("officer") == ME:
            rows = rows.filter(owner=self.user)
        return rows

    def chips(self, params: QueryDict) -> list[dict[str, str]]:
        """One chip for each condition in force: its words, and the address without it."""
        found = []
        for name, value in self.cleaned_data.items():
            field = self.fields[name]
            if value in (None, "") or field.widget.is_hidden or name == "month":
                continue
            rest = params.copy()
            for gone in (name, "after", "before"):
                rest.pop(gone, None)
            if isinstance(field, forms.ChoiceField) and not isinstance(
                field, forms.ModelChoiceField
            ):
                choices: Any = field.choices
                value = dict(choices).get(str(value), value)
            word = gettext("%(label)s：%(value)s") % {"label": field.label, "value": value}
            found.append({"word": word, "url": f"?{rest.urlencode()}"})
        return found


class DeadlineConditions(_Conditions):
    """Conditions of the agenda: also a day or a week; all of it stands in the address."""

    day = _Day(label=_("到期日"))
    week = _Day(label=_("某日所在的一周"))

    def narrow(self, rows: DeadlineQuerySet, today: date) -> DeadlineQuerySet:
        rows = super().narrow(rows, today)
        if day := self.cleaned_data.get("day"):
            rows = rows.due_between(day, day)
        if week := self.cleaned_data.get("week"):
            monday = week - timedelta(days=week.weekday())
            rows = rows.due_between(monday, monday + timedelta(days=6))
        return rows


class MonthConditions(_Conditions):
    """Conditions of the month, and the month and the day chosen in it."""

    month = MonthField(label=_("月份"))
    day = forms.DateField(required=False, widget=forms.HiddenInput)

    def chosen(self, today: date) -> tuple[date, date | None]:
        """(first day of the month in sight, the day chosen in it or None)."""
        day = self.cleaned_data.get("day")
        if day is not None and not FIRST <= day <= LAST:
            day = None
        first = self.cleaned_data.get("month") or (day or today).replace(day=1)
        return first, day if day and (day.year, day.month) == (first.year, first.month) else None

    def show(self, first: date) -> None:
        """Let the field say which month is in sight, also where the address does not."""
        if "month" not in self.errors:
            self.data = {**dict(self.data.items()), "month": f"{first:%Y-%m}"}


class DutyConditions(forms.Form):
    """Which duties are shown: of whom, in which state, of which year."""

    duty = forms.ChoiceField(label=_("职责"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    unit = forms.ModelChoiceField(
        label=_("单位"), queryset=Unit.objects.none(), required=False, empty_label=_("全部")
    )
    year = forms.TypedChoiceField(label=_("年度"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duty"].choices = [(duty.code, duty.word) for duty in duties.every()]
        self.fields["state"].choices = list(duties.state_words().items())
        self.fields["unit"].queryset = Unit.objects.visible_to(user)
        self.fields["year"].choices = [
            (year, str(year)) for year in range(today.year, today.year - YEARS_BACK, -1)
        ]
        self.is_valid()


YEARS_BACK = 5
