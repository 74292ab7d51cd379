"""Fields that several forms of the procedure share."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

EARLIEST = 1900
MOST = Decimal("999999999999.99")
_SUM = re.compile(r"\d{1,3}(,\d{3})*(\.\d{1,2})?|\d+(\.\d{1,2})?")


class Money(forms.CharField):
    """A sum in yuan and fen, as a `Decimal`; None where it was left empty.

    Full-width digits and thousands in groups are read, 元 behind the sum too. A sign, an exponent,
    more than two decimals and 0 are refused, and nothing is rounded.
    """

    default_error_messages = {
        "money": _("金额写成 10000 或者 10000.50，最多到分，不带正负号。"),
        "zero": _("金额必须大于零。"),
        "much": _("金额太大，请核对。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = super().clean(value)
        text = unicodedata.normalize("NFKC", text).replace("，", ",").replace("。", ".").strip()
        text = text.removesuffix("元").strip()
        if not text:
            return None
        if not _SUM.fullmatch(text):
            raise forms.ValidationError(self.error_messages["money"], code="money")
        amount = Decimal(text.replace(",", ""))
        if amount == 0:
            raise forms.ValidationError(self.error_messages["zero"], code="zero")
        if amount > MOST:
            raise forms.ValidationError(self.error_messages["much"], code="much")
        return amount.quantize(Decimal("0.01"))

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}" if isinstance(value, Decimal) else value


class Lines(forms.CharField):
    """One entry a line, as a list; empty lines are left out."""

    def __init__(self, *, rows: int = 3, longest: int = 100, most: int = 50, **kwargs: Any) -> None:
        self.longest, self.most = longest, most
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > self.most:
            raise forms.ValidationError(_("最多 %(n)s 行。") % {"n": self.most}, code="most")
        if any(len(line) > self.longest for line in lines):
            text = _("每行最多 %(n)s 字。") % {"n": self.longest}
            raise forms.ValidationError(text, code="longest")
        return lines

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


def _not_long_ago(value: datetime) -> None:
    """The first years of the era are typing errors; next to them a time zone leaves the era."""
    if value.year < EARLIEST:
        raise forms.ValidationError(
            _("年份早于 %(year)s，请核对。") % {"year": EARLIEST}, code="early"
        )


def moment(**kwargs: Any) -> forms.DateTimeField:
    """A date and a time of day in Shanghai, by the browser's own picker."""
    return forms.DateTimeField(
        validators=[_not_long_ago],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"],
        **kwargs,
    )


def words(*, rows: int = 3, **kwargs: Any) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


def asked(field: forms.Field) -> forms.Field:
    """May be empty for the form, since the verb asks for it and says by which article; the page
    does not call it optional."""
    field.required = field.widget.is_required = False
    field.asked = True  # type: ignore[attr-defined]
    return field
