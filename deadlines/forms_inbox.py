"""Conditions of the inbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from deadlines import registry
from deadlines.inbox import Wanted

UNREAD, ALL = "", "all"


class InboxConditions(forms.Form):
    """Read or not, kind, overdue, reported from below; all of it stands in the address."""

    show = forms.ChoiceField(
        label=_("哪些"), required=False, choices=[(UNREAD, _("未读")), (ALL, _("全部"))]
    )
    kind = forms.ChoiceField(label=_("种类"), required=False)
    overdue = forms.BooleanField(label=_("已逾期"), required=False)
    reports = forms.BooleanField(label=_("下级上报"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部")), *registry.kinds().items()]
        self.is_valid()

    @property
    def which(self) -> str:
        return self.cleaned_data.get("show") or UNREAD

    @property
    def is_narrowed(self) -> bool:
        """Whether a condition beside read or unread holds."""
        return any(self.cleaned_data.get(name) for name in ("kind", "overdue", "reports"))

    def wanted(self, after: tuple[datetime, UUID] | None) -> Wanted:
        """The conditions that read; one that does not is left out."""
        data = self.cleaned_data
        return Wanted(
            unread=self.which == UNREAD,
            kind=data.get("kind") or "",
            overdue=bool(data.get("overdue")),
            reports=bool(data.get("reports")),
            after=after,
        )
