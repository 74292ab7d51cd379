"""`{% load zg %}`: every tag and filter of the look. Formatting only, no decisions, no queries."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from look import charts, dates, why
from look.icons import shapes

register = template.Library()

BADGES = frozenset({"", "wait", "live", "soon", "over", "refused", "met", "void"})


# Dates, numbers, hashes. An empty value stays empty: the page says 未填 where it matters.


@register.filter
def zdate(value: date | datetime | str | None) -> str:
    """2025年2月12日 / 12 Feb 2025."""
    return dates.full(dates.as_date(value)) if value else ""


@register.filter
def zday(value: date | datetime | str | None) -> str:
    """2025年2月12日（周三） / Wed 12 Feb 2025."""
    return dates.with_weekday(dates.as_date(value)) if value else ""


@register.filter
def zshort(value: date | datetime | str | None) -> str:
    """2月12日 / 12 Feb."""
    return dates.short(dates.as_date(value)) if value else ""


@register.filter
def zmonth(value: date | datetime | str | None) -> str:
    """2025年2月 / Feb 2025."""
    return dates.month(dates.as_date(value)) if value else ""


@register.filter
def zweekday(value: date | datetime | str | None) -> str:
    """周三 / Wed."""
    return dates.weekday(dates.as_date(value)) if value else ""


@register.filter
def zdatetime(value: date | datetime | None) -> str:
    """2月12日 10:25, with the year when it is another than this one; a bare date as `zdate`."""
    if not value:
        return ""
    if not isinstance(value, datetime):
        return dates.full(value)
    return dates.moment(value, this_year=timezone.localdate().year)


@register.filter
def zmoment(value: date | datetime | None) -> str:
    """2025年2月12日 10:25: always with the year, for a record that is read years later."""
    if not value:
        return ""
    if not isinstance(value, datetime):
        return dates.full(value)
    return dates.moment(value, this_year=0)


@register.filter
def iso(value: date | datetime | str | None) -> str:
    """2025-02-12, for `datetime="…"` and for addresses."""
    return dates.as_date(value).isoformat() if value else ""


@register.filter
def zhash(digest: str | None) -> SafeString:
    """9f2c 41d7 … 0be3 7a15, in the face for hashes."""
    return (
        format_html('<span class="zg-hash">{}</span>', dates.hash_short(digest))
        if digest
        else SafeString("")
    )


@register.filter
def zhash_full(digest: str | None) -> SafeString:
    """The whole hash in groups of eight."""
    return (
        format_html('<span class="zg-hash">{}</span>', dates.hash_full(digest))
        if digest
        else SafeString("")
    )


@register.filter
def znumber(number: str | None) -> SafeString:
    """A paper's number (南公（网安）责通字〔2025〕12号), never broken over two lines."""
    return format_html('<span class="zg-num">{}</span>', number) if number else SafeString("")


@register.filter
def zsize(count: int | None) -> str:
    """186 KB."""
    return dates.size(count) if count is not None else ""


@register.filter
def money(amount: int | float | Decimal | str | None) -> str:
    """30,000 元 / 30,000 yuan."""
    return dates.money(amount) if amount not in (None, "") else ""


@register.filter
def money_wan(amount: int | float | Decimal | str | None) -> str:
    """38.5 万元, for figures on the board."""
    return dates.money(amount, in_ten_thousands=True) if amount not in (None, "") else ""


@register.filter
def percent(part: float | None, whole: float | None) -> str:
    """A rate as a whole number without its sign ("84"); empty where nothing can be rated."""
    return str(round(part / whole * 100)) if part is not None and whole else ""


# Small marks


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """One icon in the line of text. `size="lg"` for a larger one; `label` when it stands alone.

    Raises KeyError for an icon that `look/icons/icons.svg` does not hold.
    """
    css = f"zg-i zg-i--{size}" if size else "zg-i"
    drawn = format_html(
        '<svg class="{}" viewBox="0 0 16 16" aria-hidden="true">{}</svg>',
        css,
        mark_safe(shapes()[name]),  # noqa: S308 - our own file, read at start-up
    )
    return (
        format_html('{}<span class="visually-hidden">{}</span>', drawn, label) if label else drawn
    )


@register.simple_tag
def badge(group: str, word: Any) -> SafeString:
    """The mark of a state. Groups: "" wait live soon over refused met void.

    Raises ValueError for another group, so that no state goes without its shape.
    """
    if group not in BADGES:
        raise ValueError(f"no badge group {group!r}; use one of {sorted(BADGES)}")
    css = f"zg-badge zg-badge--{group}" if group else "zg-badge"
    return format_html('<span class="{}">{}</span>', css, word)


# Charts


@register.simple_tag
def bar(value: float, maximum: float, tone: str = "blue") -> SafeString:
    """`{% bar 9 14 "red" %}`: tones blue, pale, red, green; the figure stands beside it."""
    return charts.bar(value, maximum, tone)


@register.simple_tag
def stackbar(parts: Sequence[tuple[float, str]], maximum: float) -> SafeString:
    """Several (value, tone) in one bar."""
    return charts.stacked(parts, maximum)


@register.simple_tag
def term(percent: float, label: str, tone: str = "") -> SafeString:
    """How much of a term has passed, in percent; tones "", soon, over, met."""
    return charts.term(percent, label, tone)


@register.simple_tag
def spark(values: Sequence[float | None], label: str) -> SafeString:
    """A line of the last periods; `label` says the figures."""
    return charts.spark(values, label)


@register.simple_tag
def lines(chart: dict[str, Any]) -> SafeString:
    """A line chart from a dictionary (see `look.charts.lines`); used by components/line.html."""
    return charts.lines(chart)


@register.simple_tag
def meter(
    low: float,
    high: float,
    label: str,
    low_text: str,
    high_text: str,
    pick: float | None = None,
    pick_text: str = "",
) -> SafeString:
    """The range that the law allows and what was chosen in it."""
    return charts.meter(
        low=low,
        high=high,
        pick=pick,
        label=label,
        low_text=low_text,
        high_text=high_text,
        pick_text=pick_text,
    )


@register.filter
def zipped(left: Iterable[Any], right: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Two lists of one length side by side, for a table."""
    return list(zip(left, right, strict=True))


@register.filter
def at(values: Sequence[Any], place: int) -> Any:
    """The value at a place, for a table with one column a series."""
    return values[place]


# Why this day, for component why


@register.simple_tag
def why_weeks(derivation: dict[str, Any], today: date | None = None) -> list[list[why.Cell]]:
    return why.weeks(derivation, today=today)


register.filter("why_summary", why.summary)
register.filter("why_steps", why.steps)
register.filter("why_warnings", why.warnings)
register.filter("why_calendars", why.calendars)


# Steps, for components steps


@register.filter
def step_now(steps: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Where a list of steps stands: {"number", "total", "name", "next"} for the phone."""
    current = next(
        (place for place, step in enumerate(steps) if step.get("state") in ("now", "soon", "bad")),
        len(steps) - 1,
    )
    following = steps[current + 1]["name"] if current + 1 < len(steps) else ""
    return {
        "number": current + 1,
        "total": len(steps),
        "name": steps[current]["name"],
        "next": following,
    }


# Forms, for components form, field and errors


def _control_id(field: BoundField) -> str:
    """The id that a link to the field can jump to: its first control."""
    if field.is_hidden:
        return ""
    if isinstance(field.field.widget, forms.RadioSelect | forms.MultiWidget):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


def _is_builtin(field: BoundField, error: ValidationError) -> bool:
    """Whether an error carries the framework's own words, which do not name the field."""
    return any(
        str(error.message) == str(base.__dict__["default_error_messages"].get(error.code))
        for base in type(field.field).__mro__
        if "default_error_messages" in base.__dict__
    )


@register.filter
def messages_of(field: BoundField) -> list[str]:
    """The errors of a field, each a sentence that says which field and what to do.

    The framework's 这个字段是必填项 becomes 填写送达人 or 选择送达方式, so that the summary on top
    can be read without looking at the form.
    """
    written = []
    for error in field.errors.as_data():
        text = str(next(iter(error)))
        if _is_builtin(field, error):
            words = {"label": field.label, "error": text}
            if error.code != "required":
                text = _("%(label)s：%(error)s") % words
            elif isinstance(field.field.widget, forms.CheckboxInput):
                text = _("勾选“%(label)s”") % words
            elif isinstance(field.field, forms.ChoiceField | forms.FileField):
                text = _("选择%(label)s") % words
            else:
                text = _("填写%(label)s") % words
        written.append(text)
    return written


@register.simple_tag
def field_errors(*bound: Any) -> list[dict[str, str]]:
    """Every error of some forms and formsets as {"id", "text"}, for the summary on top.

    `id` is empty where the error belongs to the form and not to one field.
    """
    found: list[dict[str, str]] = []
    for each in bound:
        if each is None or each == "":
            continue
        if hasattr(each, "non_form_errors"):
            found += [{"id": "", "text": str(text)} for text in each.non_form_errors()]
            found += field_errors(*each.forms)
            continue
        found += [{"id": "", "text": str(text)} for text in each.non_field_errors()]
        for field in each:
            found += [{"id": _control_id(field), "text": text} for text in messages_of(field)]
    return found


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input of a field in the classes of the look (aria attributes come from Django)."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        css = "form-check-input"
    elif isinstance(widget, forms.Select | forms.SelectDateWidget):
        css = "form-select"
    else:
        css = "form-control"
    own = widget.attrs.get("class", "")
    attrs = {"class": f"{own} {css}".strip() if css not in own.split() else own}
    if isinstance(widget, forms.DateInput) and widget.input_type == "text":
        attrs |= {"inputmode": "numeric", "autocomplete": "off"}
    return field.as_widget(attrs=attrs)


@register.filter
def kind(field: BoundField) -> str:
    """How a field is drawn: "check" (one box), "choices" (radios, boxes), "group", or "line"."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect):  # CheckboxSelectMultiple is one of them
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "group" if field.use_fieldset else "line"


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether the page calls the field optional. What the verb asks for with its article is left
    to it by the form, and carries `asked` instead of `required`."""
    return not (field.field.required or getattr(field.field, "asked", False))


@register.filter
def choices(field: BoundField) -> list[Any]:
    """The single boxes or radios of a field, in the classes of the look."""
    boxes = list(field.subwidgets)
    for box in boxes:
        box.data["attrs"]["class"] = "form-check-input"
    return boxes
