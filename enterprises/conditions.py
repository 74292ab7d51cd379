"""Forms whose answers are conditions of a list: GET, all of it in the address.

A condition that does not read is left out of the query and said beside its field; the others hold.
"""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from enterprises.wording import NamingForm


class Conditions(NamingForm):
    """Base of the filters above a list (components/filter.html)."""

    def answers(self) -> dict[str, Any]:
        """What was asked and understood: name to value, without the empty ones."""
        self.is_valid()
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value not in (None, "", []) and name not in self.quiet
        }

    # Fields that are no conditions (the order of the list).
    quiet: tuple[str, ...] = ("sort",)

    def chips(self, params: QueryDict) -> list[dict[str, str]]:
        """One chip for each condition in force: its words, and the address without it."""
        found = []
        for name, value in self.answers().items():
            rest = params.copy()
            for gone in (name, "after", "before"):
                rest.pop(gone, None)
            found.append({"word": self.words(name, value), "url": f"?{rest.urlencode()}"})
        return found

    def words(self, name: str, value: Any) -> str:
        """A condition in words: 状态：登记中."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            value = dict(_flat(field.choices)).get(str(value), value)
        return _("%(label)s：%(value)s") % {"label": field.label, "value": value}


def _flat(choices: Any) -> list[tuple[str, Any]]:
    flat: list[tuple[str, Any]] = []
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            flat += _flat(label)
        else:
            flat.append((str(value), label))
    return flat
