"""Doors to what days are counted by: the calendars, year by year, and the periods of the law."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import access
from accounts.access import Request
from legal import limits
from legal.limits import Rule
from legal.models import CalendarYear, TimeLimit
from legal.tabs import tabs

# Years before that are told in one line each.
SHOWN_IN_FULL = 3


@require_safe
@access.verb("law.view")
def calendars_(request: Request) -> HttpResponse:
    """The calendars that days are counted by, year by year."""
    years = list(CalendarYear.objects.prefetch_related("days"))
    newest = timezone.localdate().year - SHOWN_IN_FULL + 1
    return render(
        request,
        "legal/calendars.html",
        {
            "years": [year for year in years if year.year >= newest],
            "older": [_in_short(year) for year in years if year.year < newest],
            "next_year": _missing_next(years, timezone.localdate()),
            "may_import": request.user.may("admin.system"),
            "tabs": tabs("calendars"),
        },
    )


def _in_short(year: CalendarYear) -> dict[str, object]:
    days = list(year.days.all())
    return {
        "year": year,
        "off": sum(1 for day in days if day.kind == "off"),
        "work": sum(1 for day in days if day.kind == "work"),
    }


def _missing_next(years: list[CalendarYear], today: date) -> int | None:
    """The year that terms will soon reach into and nobody has loaded."""
    return None if any(year.year == today.year + 1 for year in years) else today.year + 1


def _laws() -> list[tuple[str, object]]:
    """The laws that some period rests on."""
    named = {
        each.version.law_id: each.version.law
        for rule in limits.book().values()
        for each in rule.basis_articles
    }
    laws = sorted(named.values(), key=lambda law: law.position)
    return [("", gettext_lazy("全部")), *((law.code, law.name) for law in laws)]


class LimitConditions(forms.Form):
    """What the list of periods is narrowed by; all of it stands in the address."""

    q = forms.CharField(
        label=gettext_lazy("查找名称、起算事由、后果"), required=False, max_length=60
    )
    responsible = forms.ChoiceField(
        label=gettext_lazy("责任方"),
        required=False,
        choices=[("", gettext_lazy("全部")), *TimeLimit.Responsible.choices],
    )
    law = forms.ChoiceField(label=gettext_lazy("依据"), required=False, choices=_laws)
    on = forms.DateField(label=gettext_lazy("某日适用"), required=False)


@require_safe
@access.verb("law.view")
def limits_(request: Request) -> HttpResponse:
    """The periods that statutes set: from what, how long, for whom, and what follows."""
    form = LimitConditions(request.GET)
    form.is_valid()
    conditions = form.cleaned_data
    rules = [rule for rule in limits.book().values() if _holds(rule, conditions)]
    return render(
        request,
        "legal/limits.html",
        {
            "form": form,
            "rules": rules,
            "today": timezone.localdate(),
            "tabs": tabs("limits"),
        },
    )


def _holds(rule: Rule, conditions: dict) -> bool:
    word = (conditions.get("q") or "").strip().lower()
    texts = (
        rule.code,
        rule.name_zh,
        rule.name_en,
        rule.trigger_zh,
        rule.trigger_en,
        rule.consequence_zh,
        rule.consequence_en,
        rule.note_zh,
    )
    law = conditions.get("law")
    return (
        (not word or any(word in text.lower() for text in texts))
        and conditions.get("responsible") in ("", None, rule.responsible)
        and (not law or any(each.version.law_id == law for each in rule.basis_articles))
        and (conditions.get("on") is None or rule.holds_on(conditions["on"]))
    )
