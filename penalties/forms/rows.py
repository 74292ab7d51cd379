"""Rows of a form, as many as are needed: questions and answers, things on a list.

Empty rows are left out. Without script more rows come by a button of the form, which shows it again
with everything that was typed and saves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.template import loader
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MORE = "more_rows"


@dataclass(frozen=True)
class Column:
    """One part of a row. `long` is a text of several lines."""

    name: str
    word: str | Promise
    longest: int = 200
    long: bool = False


class RowsWidget(forms.Widget):
    """All rows, some empty ones after them, and the button for more."""

    template_name = "penalties/widgets/rows.html"
    use_fieldset = True

    def __init__(self, columns: tuple[Column, ...], *, spare: int) -> None:
        super().__init__()
        self.columns, self.spare = columns, spare

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        lists = [self._list(data, f"{name}-{column.name}") for column in self.columns]
        most = max((len(each) for each in lists), default=0)
        return [
            {
                column.name: (each[place] if place < len(each) else "").strip()
                for column, each in zip(self.columns, lists, strict=True)
            }
            for place in range(most)
        ]

    def _list(self, data: Any, key: str) -> list[str]:
        return data.getlist(key) if hasattr(data, "getlist") else list(data.get(key, []))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(f"{name}-{column.name}" in data for column in self.columns)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        filled = [row for row in value or [] if any(row.values())]
        rows = [*filled, *({} for _n in range(self.spare))]
        own = context["widget"]["attrs"]
        context["widget"] |= {
            "more": MORE,
            "id": own.get("id", name),
            "described": own.get("aria-describedby", ""),
            "rows": [
                {
                    "number": number,
                    "cells": [
                        {
                            "column": column,
                            "name": f"{name}-{column.name}",
                            "id": f"{own.get('id', name)}_{number - 1}"
                            + ("" if place == 0 else f"_{column.name}"),
                            "value": row.get(column.name, ""),
                        }
                        for place, column in enumerate(self.columns)
                    ],
                }
                for number, row in enumerate(rows, start=1)
            ],
        }
        return context

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0"

    def _render(self, template_name: str, context: Mapping[str, Any], renderer: Any = None) -> Any:
        """By the project's own templates: the look belongs to them."""
        return loader.get_template(template_name).render(dict(context))


class Rows(forms.Field):
    """A list of dicts, one for each row that is not empty."""

    default_error_messages = {
        "required": _("至少填写一行。"),
        "longest": _("第 %(row)s 行太长，每格最多 %(n)s 字。"),
        "most": _("最多 %(n)s 行。"),
    }

    def __init__(
        self,
        *columns: Column,
        spare: int = 5,
        most: int = 200,
        **kwargs: Any,
    ) -> None:
        self.columns, self.most = columns, most
        super().__init__(widget=RowsWidget(columns, spare=spare), **kwargs)

    def clean(self, value: Any) -> list[dict[str, str]]:
        rows = [row for row in value or [] if any(row.values())]
        if not rows and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(rows) > self.most:
            text = self.error_messages["most"] % {"n": self.most}
            raise forms.ValidationError(text, code="most")
        for number, row in enumerate(rows, start=1):
            for column in self.columns:
                if len(row[column.name]) > column.longest:
                    words = {"row": number, "n": column.longest}
                    fault = self.error_messages["longest"] % words
                    raise forms.ValidationError(fault, code="longest")
        return rows


class GrowingForm(forms.Form):
    """A form with `Rows`: pressed for more rows it is shown again, and finds no fault."""

    @property
    def wants_more(self) -> bool:
        return self.is_bound and MORE in self.data

    def full_clean(self) -> None:
        if self.wants_more:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def is_valid(self) -> bool:
        return super().is_valid() and not self.wants_more
