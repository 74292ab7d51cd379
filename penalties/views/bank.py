"""Doors of the bank: statements, their lines, and what each line paid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import verb
from accounts.models import Unit
from audit import trail
from audit.trail import Decided, Reason, Refused
from enterprises import paging
from enterprises.wording import blame
from notices.shown import shown
from penalties import debts
from penalties.cases import bank
from penalties.forms.bank import (
    AsideForm,
    ImportForm,
    LineConditions,
    LineForm,
    MatchForm,
    UnmatchForm,
)
from penalties.models import BankLine, BankStatement, Decision
from penalties.papers.money import number
from penalties.views.common import now
from vault import sheets

EXPORT_AT_MOST = 20_000
STATEMENT_ORDER = ("-entered_at", "-id")
LINE_ORDER = ("-booked_on", "-id")


def _lines(request: HttpRequest) -> Any:
    return BankLine.objects.visible_to(request.user).select_related(
        "statement", "unit", "payment__case", "payment__decision__respondent"
    )


@require_safe
@verb("cases.collect")
def list_(request: HttpRequest) -> HttpResponse:
    """Files that were imported, newest first, with how many lines still wait."""
    rows = (
        BankStatement.objects.visible_to(request.user)
        .select_related("unit", "entered_by")
        .annotate(
            all_lines=Count("lines"),
            open_lines=Count("lines", filter=Q(lines__payment=None, lines__set_aside="")),
        )
    )
    try:
        page = paging.page(rows, order=STATEMENT_ORDER, params=request.GET)
    except ValidationError:  # a cursor that somebody cut or made up
        return redirect("cases:bank")
    return render(
        request,
        "penalties/bank_list.html",
        {
            "rows": list(page),
            "page": page,
            "open": BankLine.objects.visible_to(request.user)
            .filter(payment=None, set_aside="")
            .count(),
            "summary": ngettext("本页 %(n)d 份", "本页 %(n)d 份", len(page)) % {"n": len(page)},
        },
    )


@verb("cases.collect")
def import_(request: HttpRequest) -> HttpResponse:
    """Bring a file from the bank."""
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportForm(*given)
    if request.method == "POST" and form.is_valid():
        name, data = form.cleaned_data["file"]
        try:
            found = bank.import_statement(_own_unit(request), data, name, **now(request))
        except Refused as refused:
            blame(form, refused)
        else:
            text = _(
                "导入 %(new)d 行，自动匹配 %(matched)d 行；%(known)d 行早已导入，%(wrong)d 行有错。"
            )
            sums = {
                "new": found.new,
                "matched": found.matched,
                "known": found.known,
                "wrong": len(found.faults),
            }
            (messages.warning if found.faults else messages.success)(request, text % sums)
            return redirect(found.statement)
    return render(request, "penalties/bank_import.html", {"form": form})


def _own_unit(request: HttpRequest) -> Unit:
    if request.user.unit is None:
        raise Refused([Reason(_("您没有所属单位，不能导入银行流水。"))])
    return request.user.unit


@require_safe
@verb("cases.collect")
def lines(request: HttpRequest) -> HttpResponse:
    """The lines of all files in reach, under conditions."""
    conditions = LineConditions(request.GET, user=request.user)
    try:
        page = paging.page(conditions.narrow(_lines(request)), order=LINE_ORDER, params=request.GET)
    except ValidationError:  # a cursor that somebody cut or made up
        return redirect("cases:bank_lines")
    statement = conditions.answers().get("statement")
    return render(
        request,
        "penalties/bank_lines.html",
        {
            "rows": [{"row": row, "badge": _badge(row), "paid": _paid(row)} for row in page],
            "page": page,
            "conditions": conditions,
            "chips": conditions.chips(request.GET),
            "query": request.GET.urlencode(),
            "statement": statement,
            "report": _report(statement),
            "summary": ngettext("本页 %(n)d 行", "本页 %(n)d 行", len(page)) % {"n": len(page)},
        },
    )


def _badge(line: BankLine) -> tuple[str, str]:
    words = {"open": _("待匹配"), "matched": _("已匹配"), "aside": _("不作缴款")}
    groups = {"open": "wait", "matched": "met", "aside": "void"}
    return groups[line.fate], words[line.fate]


def _paid(line: BankLine) -> dict[str, str] | None:
    if line.payment is None:
        return None
    decision = line.payment.decision
    return {"name": decision.respondent.name, "url": line.payment.get_absolute_url()}


def _report(statement: BankStatement | None) -> dict[str, Any] | None:
    """What the import said, from the record."""
    if statement is None:
        return None
    event = trail.timeline(statement).filter(verb="cases.import_statement").first()
    if event is None:
        return None
    wrong = [{"no": no, "why": why} for no, why in event.data.get("wrong", [])]
    return {**event.data, "wrong": wrong}


@require_safe
@verb("cases.collect")
def export(request: HttpRequest) -> HttpResponse:
    """The same lines as a CSV file; cells that look like formulas are made harmless."""
    conditions = LineConditions(request.GET, user=request.user)
    rows = conditions.narrow(_lines(request)).order_by(*LINE_ORDER)[:EXPORT_AT_MOST]
    header = [
        _("流水号"),
        _("入账日期"),
        _("金额（元）"),
        _("付款人"),
        _("摘要"),
        _("状态"),
        _("当事人"),
        _("不作缴款的理由"),
    ]
    return sheets.download(
        f"{_('银行流水')}-{timezone.localdate():%Y%m%d}.csv",
        header,
        (
            [
                row.reference,
                row.booked_on,
                row.amount,
                row.payer,
                row.text,
                _badge(row)[1],
                (_paid(row) or {}).get("name", ""),
                row.set_aside,
            ]
            for row in rows
        ),
    )


# --- One line ----------------------------------------------------------------------------------


def _line(request: HttpRequest, pk: UUID) -> BankLine:
    return get_object_or_404(_lines(request), pk=pk)  # type: ignore[no-any-return]


@require_safe
@verb("cases.collect")
def line(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One line: what it paid, or what it may have paid."""
    row = _line(request, pk)
    near = bank.Candidates(row.unit).near(row) if row.fate == "open" and row.amount > 0 else []
    return render(
        request,
        "penalties/bank_line.html",
        {
            "line": row,
            "badge": _badge(row),
            "paid": _paid(row),
            "near": [
                {
                    "row": decision,
                    "number": number(decision),
                    "account": account,
                    "too_much": account.balance is not None and row.amount > account.balance,
                }
                for decision, account in near
            ],
            "acts": _offered(row),
            "events": trail.story(trail.timeline(row)),
        },
    )


def _offered(row: BankLine) -> list[dict[str, Any]]:
    base = row.get_absolute_url()
    asked = {
        "open": [
            (_("匹配到决定"), "match/", bank.can_match_line(row), False),
            (_("不作缴款"), "aside/", bank.can_set_line_aside(row), False),
        ],
    }.get(row.fate, [(_("取消"), "unmatch/", bank.can_unmatch(row), True)])
    return [
        {"name": word, "url": f"{base}{place}", "reasons": shown(why), "danger": danger}
        for word, place, why, danger in asked
    ]


@dataclass(frozen=True)
class _Act:
    """An act on a line: its word, form, reasons, verb, and what is said after it."""

    word: str
    form: Callable[..., LineForm]
    ask: Callable[[BankLine], list[Reason]]
    do: Callable[[BankLine, dict[str, Any]], Any]
    said: str
    danger: bool = False


def _run(request: HttpRequest, pk: UUID, act: _Act) -> HttpResponse:
    row = _line(request, pk)
    why = act.ask(row)
    form = act.form(request.POST if request.method == "POST" else None, line=row)
    if request.method == "POST" and form.is_valid() and not why:
        try:
            act.do(row, {**form.cleaned_data, **now(request)})
        except Decided as told:
            messages.warning(request, str(told))
            return redirect(row)
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, act.said)
            return redirect(row)
    return render(
        request,
        "penalties/bank_act.html",
        {"line": row, "form": form, "word": act.word, "danger": act.danger, "locked": shown(why)},
    )


@verb("cases.collect")
def match_line(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say which decision the line paid; `?number=` fills in one that was suggested."""
    mine = Decision.objects.visible_to(request.user).values("pk")
    decisions = debts.with_money().filter(pk__in=mine)
    first = {"number": request.GET.get("number", "")}

    def form(data: Any, line: BankLine) -> LineForm:
        return MatchForm(data, line=line, decisions=decisions, initial=first)

    def do(row: BankLine, given: dict[str, Any]) -> Any:
        return bank.match_line(row, given.pop("number"), **given)

    act = _Act(_("匹配到决定"), form, bank.can_match_line, do, _("已匹配，缴款已登记。"))
    return _run(request, pk, act)


@verb("cases.collect")
def set_line_aside(request: HttpRequest, pk: UUID) -> HttpResponse:
    act = _Act(
        _("不作缴款"),
        AsideForm,
        bank.can_set_line_aside,
        lambda row, given: bank.set_line_aside(row, **given),
        _("已标为不作缴款。"),
    )
    return _run(request, pk, act)


@verb("cases.collect")
def unmatch(request: HttpRequest, pk: UUID) -> HttpResponse:
    act = _Act(
        _("取消匹配"),
        UnmatchForm,
        bank.can_unmatch,
        lambda row, given: bank.unmatch(row, **given),
        _("已取消。匹配登记的缴款已作废，留在案卷里。"),
        danger=True,
    )
    return _run(request, pk, act)
