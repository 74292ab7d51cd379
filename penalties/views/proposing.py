"""Doors of the proposal, its tab, and the range that stands beside the form while it is filled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import verb
from inspections import noted
from legal import citations
from legal.citations import Register
from legal.models import PenaltyTier
from notices import shown
from penalties import acts, discretion, history, lawful, offered, ranges, tabs
from penalties.acts import Act
from penalties.casefile import File
from penalties.cases import proposing
from penalties.forms import proposing as forms
from penalties.forms.acts import Confirm
from penalties.forms.fields import Money
from penalties.models import CaseState, Circumstance, Item, Measure, Respondent
from penalties.views.common import visible
from penalties.views.door import door
from rectification.models import UNMET

TAB = "proposal"


# --- Doors ---------------------------------------------------------------------------------------


def _is_open(file: File, row: Any) -> bool:
    """What was decided is not offered to be changed."""
    pk = row.pk if isinstance(row, Respondent) else row.respondent_id
    return file.case.state == CaseState.FILED and file.decision(file.respondent(pk)) is None


def _more(file: File, row: Any, form: Any) -> dict[str, Any]:
    shown_offers = [each for each in form.offers if each.group != offered.OTHER]
    values = {name: form[name].value() for name in ("tier", "measure", "amount", "base_amount")}
    return {
        "respondent": form.respondent,
        "beside": _beside(file, form.respondent, values, form.today, form.books),
        "rungs": [
            offered.row(file, form.respondent, each, form.today, form.books)
            for each in shown_offers
        ],
        "refusal": _refusal(file),
    }


set_item = door(
    Act(
        "set_item",
        "cases.file",
        gettext_lazy("拟处罚一项"),
        TAB,
        proposing.can_set_item,
        on="respondent",
        when=_is_open,
    ),
    forms.ItemForm,
    model=Respondent,
    do=lambda case, row, form, who: proposing.set_item(case, row, **form.given(), **who),
    say=lambda case, row: _("已列入拟处罚：%(kind)s。") % {"kind": row.get_measure_display()},
    basis=("APL@2021:9", "APL@2021:29", "APL@2021:32", "APL@2021:34", "APL@2021:37"),
    template="penalties/act_item.html",
    more=_more,
)

edit_item = door(
    Act(
        "edit_item",
        "cases.file",
        gettext_lazy("修改拟处罚"),
        TAB,
        proposing.can_edit_item,
        on="item",
        when=_is_open,
    ),
    forms.ItemForm,
    model=Item,
    do=lambda case, row, form, who: proposing.edit_item(case, row, **form.given(), **who),
    say=lambda case, row: _("拟处罚已修改：%(kind)s。") % {"kind": row.get_measure_display()},
    basis=("APL@2021:9", "APL@2021:29", "APL@2021:32", "APL@2021:34", "APL@2021:45"),
    template="penalties/act_item.html",
    more=_more,
)

remove_item = door(
    Act(
        "remove_item",
        "cases.file",
        gettext_lazy("删去拟处罚一项"),
        TAB,
        proposing.can_remove_item,
        on="item",
        when=_is_open,
        danger=True,
    ),
    Confirm,
    model=Item,
    do=lambda case, row, form, who: proposing.remove_item(case, row, **who),
    say=lambda case, result: _("已删去这一项。"),
    effect=lambda: _("告知、审核、审批依据的是原来的拟处罚，删去后要重新办理。"),
)

add_circumstance = door(
    Act(
        "add_circumstance",
        "cases.file",
        gettext_lazy("登记裁量情节"),
        TAB,
        proposing.can_add_circumstance,
        on="respondent",
        when=_is_open,
    ),
    forms.CircumstanceForm,
    model=Respondent,
    do=lambda case, row, form, who: proposing.add_circumstance(case, row, **form.given(), **who),
    say=lambda case, row: _("情节已登记：%(effect)s。") % {"effect": row.get_effect_display()},
    basis=("APL@2021:32", "MPSP@2020:159", "MPSP@2020:160"),
)

drop_circumstance = door(
    Act(
        "drop_circumstance",
        "cases.file",
        gettext_lazy("删去裁量情节"),
        TAB,
        proposing.can_drop_circumstance,
        on="circumstance",
        when=_is_open,
        danger=True,
    ),
    Confirm,
    model=Circumstance,
    do=lambda case, row, form, who: proposing.drop_circumstance(case, row, **who),
    say=lambda case, result: _("情节已删去。"),
)


# --- Beside the form -----------------------------------------------------------------------------


@require_safe
@verb("cases.file")
def range_(request: HttpRequest, pk: UUID, row: UUID) -> HttpResponse:
    """The part of the form page that follows what is typed: range, suggestion, notes."""
    file = File(visible(request, pk))
    try:
        respondent = file.respondent(row)
    except KeyError:
        raise Http404 from None
    books, today = citations.register(), timezone.localdate()
    beside = _beside(file, respondent, request.GET, today, books)
    return render(request, "penalties/_range.html", {"beside": beside})


def _beside(
    file: File,
    respondent: Respondent,
    values: Mapping[str, Any],
    today: date,
    books: Register,
) -> dict[str, Any] | None:
    """What the chosen rung allows; None while none is chosen. Odd input counts as not typed."""
    tier = _tier(values.get("tier"), books)
    if tier is None:
        return None
    who, rungs = ranges.whom(respondent), ranges.rungs(books, tier)
    fine = ranges.fine(tier, who, rungs)
    amount, base = _money(values.get("amount")), _money(values.get("base_amount"))
    clause = books.article(tier.article_id)
    suggestion = discretion.suggest(
        file.case.unit, tier, who, today, file.circumstances_of(respondent), fine, base
    )
    grades = discretion.grades(file.case.unit, tier, discretion.whom_of(who), today)
    ends = fine.ends(base) if fine is not None else None
    fined = values.get("measure") == Measure.FINE
    inside = None
    if fined and amount is not None and ends is not None and fine is not None:
        inside = fine.holds(amount, base)
    return {
        "clause": clause,
        "tier": tier,
        "conditional": ranges.is_conditional(tier),
        "lines": offered.range_lines(fine),
        "ends": [f"{end:,.2f}" for end in ends] if ends is not None and base is not None else [],
        "may": fine is not None and fine.may,
        "inherited": fine is not None and fine.inherited,
        "kinds": [
            {"label": kind.label, "months": ranges.longest(words)}
            for kind, words in ranges.measures(tier, who, rungs).items()
        ],
        "inside": inside,
        "amount": amount,
        "suggestion": _suggested(suggestion),
        "no_rung": suggestion is None and bool(grades),
        "off": fined and amount is not None and discretion.is_off(suggestion, amount),
        "reasons": shown.shown(
            lawful.of_tier(file, respondent, tier, file.findings, today, books), file.articles
        ),
        "notes": [
            noted.shown(note) for note in lawful.minded(file, tier, file.findings, today, books)
        ],
        "refusal": _refusal(file) if ranges.needs_refusal(tier) else None,
        "refuses_alone": ranges.refuses_alone(tier),
    }


def _tier(value: Any, books: Register) -> PenaltyTier | None:
    text = str(value or "")
    if not (text.isdecimal() and len(text) < 10):
        return None
    rows = PenaltyTier.objects.select_related("article__version__law")
    return rows.filter(pk=int(text)).first()


def _money(value: Any) -> Decimal | None:
    if value is None or isinstance(value, Decimal):
        return value
    try:
        return Money(required=False).clean(str(value))
    except ValidationError:
        return None


def _suggested(suggestion: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """With the reckoning in the language of the page."""
    if suggestion is None:
        return None
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return {
        **suggestion,
        "low": Decimal(suggestion["low"]),
        "high": Decimal(suggestion["high"]),
        "amount": Decimal(suggestion["amount"]),
        "text": suggestion[language],
    }


def _refusal(file: File) -> dict[str, Any]:
    """The unmet order that proves a refusal to correct, if there is one."""
    order = file.case.order
    if order is None or order.verdict not in UNMET:
        return {"order": None}
    return {"order": order, "verdict": order.get_verdict_display()}


# --- The tab -------------------------------------------------------------------------------------


@tabs.tab(TAB, gettext_lazy("拟处罚"), order=40, template="penalties/tab_proposal.html")
def proposal(file: File, request: HttpRequest, today: date) -> dict[str, Any]:
    """Each respondent with items and circumstances, what stands against them, and what to mind."""
    books = citations.register()
    return {
        "parties": [_party(file, row, request, today, books) for row in file.respondents],
        "history": history.of(file, today),
    }


def _party(
    file: File, respondent: Respondent, request: HttpRequest, today: date, books: Register
) -> dict[str, Any]:
    rows = file.items_of(respondent)
    is_open = file.case.state == CaseState.FILED and file.decision(respondent) is None
    found = lawful.of_respondent(file, respondent, today, books) if is_open and rows else []
    fined = [row.amount for row in rows if row.measure == Measure.FINE and row.amount is not None]
    return {
        "it": respondent,
        "acts": acts.offered(file, request.user, today, tab=TAB, row=respondent),
        "items": [_item(file, row, request, today, books) for row in rows],
        "fine": f"{sum(fined, Decimal(0)):,.2f}" if len(fined) > 1 else "",
        "notes": _notes(file, rows, today, books),
        "reasons": shown.shown(found, file.articles),
        "circumstances": [
            {"it": row, "acts": acts.offered(file, request.user, today, tab=TAB, row=row)}
            for row in file.circumstances_of(respondent)
        ],
        "hearing": ranges.hearing_ground(rows, respondent.is_person) if rows else "",
        "owed": _owed(respondent, rows, books) if is_open else [],
    }


def _item(
    file: File, row: Item, request: HttpRequest, today: date, books: Register
) -> dict[str, Any]:
    fine = ranges.fine(row.tier, ranges.whom(row.respondent), ranges.rungs(books, row.tier))
    chosen = {each.pk for each in row.findings.all()}
    findings = [each for each in file.findings if each.pk in chosen]
    return {
        "it": row,
        "findings": findings,
        "lines": offered.range_lines(fine) if row.measure == Measure.FINE else [],
        "outside": row.clause.get("outside", ""),
        "suggestion": _suggested(row.suggestion),
        "unproved": ranges.refuses_alone(row.tier) and _refusal(file)["order"] is None,
        "acts": acts.offered(file, request.user, today, tab=TAB, row=row),
    }


def _notes(file: File, rows: list[Item], today: date, books: Register) -> list[dict[str, Any]]:
    """What to mind of the clauses, each once."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        chosen = {each.pk for each in row.findings.all()}
        findings = [each for each in file.findings if each.pk in chosen]
        for note in lawful.minded(file, row.tier, findings, today, books):
            found.setdefault(note.text, noted.shown(note))
    return list(found.values())


def _owed(respondent: Respondent, rows: list[Item], books: Register) -> list[dict[str, str]]:
    """Rungs that owe a fine (not 可以) upon which none is proposed."""
    fined = {row.tier_id for row in rows if row.measure == Measure.FINE}
    found: dict[int, dict[str, str]] = {}
    for row in rows:
        fine = ranges.fine(row.tier, ranges.whom(respondent), ranges.rungs(books, row.tier))
        if fine is None or fine.may or fine.inherited or row.tier_id in fined:
            continue
        found[row.tier_id] = {"clause": row.tier.article.cite_short}
    return list(found.values())
