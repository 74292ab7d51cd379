"""What every form of an act on a case has."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.trail import Reason, Refused
from enterprises.wording import NamingForm
from penalties.casefile import File
from penalties.forms.fields import words


class ActForm(NamingForm):
    """One act on a case, or on one record (`row`) of its file.

    `seen` is the version of the case that the page showed: whoever presses the button acts on
    that, or is told what happened since. `arrange` fills what depends on the file.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        file: File,
        row: Any,
        user: User,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.file, self.case, self.row, self.user, self.today = file, file.case, row, user, today
        self.fields["seen"].initial = file.case.version
        self.arrange()

    def arrange(self) -> None:
        """What depends on the file: choices, first values."""

    def given(self) -> dict[str, Any]:
        """What the verb takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def show_again(self, file: File) -> None:
        """The same words above what is there now."""
        given = cast(QueryDict, self.data).copy()
        given["seen"] = str(file.case.version)
        self.data = given

    def blame(self, refused: Refused) -> list[Reason]:
        """Each reason on the field it names; those that belong to none come back, and those that
        have a link as well."""
        others = []
        for reason in refused.reasons:
            if reason.field in self.fields:
                self.add_error(reason.field, reason.text)
            if reason.field not in self.fields or reason.url:
                others.append(reason)
        return others


class Confirm(ActForm):
    """Nothing to fill in: the page shows what will happen."""


class NeededReason(ActForm):
    reason = words(
        label=_("理由"),
        help_text=_("写给看记录的人：为什么，怎么办。"),
        max_length=500,
    )
