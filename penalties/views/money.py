"""The tab on money of a case, and the list of all money owed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from accounts.access import verb
from accounts.models import User
from enterprises import paging
from notices import sheets as paper_sheets
from penalties import acts, debts, owing, tabs
from penalties.casefile import File
from penalties.cases import enforcing
from penalties.forms.money import MoneyConditions
from penalties.models import Decision, Plan
from penalties.owing import Account
from penalties.papers.money import number
from vault import sheets

EXPORT_AT_MOST = 20_000
TAB = "money"


# --- The tab -----------------------------------------------------------------------------------


def _has_money(file: File) -> bool:
    return any(owing.is_money(row) for row in file.decisions)


@tabs.tab(TAB, gettext_lazy("缴款"), order=80, template="penalties/tab_money.html", when=_has_money)
def tab(file: File, request: HttpRequest, today: date) -> dict[str, Any]:
    """Each decision on a fine: what is owed and why, what came in, what is being done."""
    found = [_decision(file, row, request.user, today) for row in file.decisions]
    return {"debts": [each for each in found if each]}


def _decision(file: File, row: Decision, user: User, today: date) -> dict[str, Any]:
    if not owing.is_money(row):
        return {}

    def offered(record: Any) -> list[dict[str, Any]]:
        return acts.offered(file, user, today, tab=TAB, row=record)

    def mine(rows: list[Any]) -> list[Any]:
        return [each for each in rows if each.decision_id == row.pk]

    account = owing.of(file, row, today)
    papers = [*mine(file.demands), *mine(file.court_applications)]
    entries = dict(
        zip(
            [each.pk for each in papers if each.notice],
            paper_sheets.entries([each.notice for each in papers if each.notice], user=user),
            strict=True,
        )
    )
    cashes = {each.payment_id: each for each in file.cashes}
    demanded = enforcing.served_demand(file, row) is not None
    return {
        "row": row,
        "number": number(row),
        "account": account,
        "badge": badge(account, row),
        "basis": file.articles.links(["APL@2021:67(3)", "APL@2021:72(1)", "AEL@2011:45"]),
        "derivation": row.payment_derivation,
        "acts": offered(row),
        "payments": [
            {"row": each, "acts": offered(each), "cash": _cash(cashes.get(each.pk), offered)}
            for each in mine(file.payments)
        ],
        "plans": [
            {"row": each, "acts": offered(each), "parts": _parts(each, account, today)}
            for each in mine(file.plans)
        ],
        "demands": [
            {"row": each, "acts": offered(each), "paper": entries.get(each.pk)}
            for each in mine(file.demands)
        ],
        "applications": [
            {"row": each, "acts": offered(each), "paper": entries.get(each.pk)}
            for each in mine(file.court_applications)
        ],
        "gates": _gates(file, row, today) if account.is_overdue or demanded else [],
    }


def _cash(cash: Any, offered: Any) -> dict[str, Any] | None:
    return {"row": cash, "acts": offered(cash)} if cash is not None else None


def _parts(plan: Plan, account: Account, today: date) -> list[dict[str, Any]]:
    """Each part with whether it is paid up; what is ahead begins with the first that is not."""
    ahead = account.next_due_on
    return [
        {
            "row": part,
            "paid": account.is_settled or (ahead is not None and part.due_on < ahead),
            "late": ahead is not None and ahead <= part.due_on < today,
        }
        for part in plan.instalments.all()
    ]


def _gates(file: File, row: Decision, today: date) -> list[dict[str, Any]]:
    """components/gates.html: what must hold before the court is asked, unmet ones first."""
    found = enforcing.conditions(file, row, today)
    return [
        {
            "state": "ok" if each.met else "no",
            "title": each.word,
            "text": each.text,
            "law": file.articles.words(each.basis),
            "url": "" if each.met else each.url,
            "url_text": each.url_text,
        }
        for each in sorted(found, key=lambda each: each.met)
    ]


def badge(account: Account, decision: Decision) -> tuple[str, Any]:
    """(group, word)."""
    if not account.known:
        return "wait", _("数额待登记")
    if account.refund:
        return "refused", _("应退还")
    if not decision.is_valid:
        return "void", decision.get_standing_display()
    if account.is_settled:
        return "met", _("已缴清")
    if account.is_overdue:
        return "over", _("逾期未缴")
    if account.fine_left == 0:
        return "over", _("欠加处罚款")
    if account.next_due_on is None:
        return "wait", _("待送达")
    return "live", _("缴款期内")


# --- The list ----------------------------------------------------------------------------------


def _rows(conditions: MoneyConditions, request: HttpRequest) -> Any:
    cases = Decision.objects.visible_to(request.user)
    return conditions.narrow(debts.with_money().filter(pk__in=cases.values("pk")))


def _accounts(decisions: list[UUID], today: date) -> dict[UUID, Account]:
    found = Decision.objects.filter(pk__in=decisions)
    return dict(debts.accounts(found, today))


@require_safe
@verb("cases.view")
def list_(request: HttpRequest) -> HttpResponse:
    """Fines of the user's units that are owed, under conditions."""
    today = timezone.localdate()
    conditions = MoneyConditions(request.GET, user=request.user, today=today)
    rows = _rows(conditions, request).select_related(
        "respondent", "case__unit", "case__enterprise", "notice"
    )
    rows = rows.defer("notice__words", "notice__snapshot", "notice__fingerprint")
    try:
        page = paging.page(rows, order=conditions.order(), params=request.GET)
    except ValidationError:  # a cursor that somebody cut or made up
        return redirect("cases:money")
    accounts = _accounts([row.pk for row in page], today)
    return render(
        request,
        "penalties/money.html",
        {
            "rows": [
                {
                    "row": row,
                    "number": number(row),
                    "account": accounts[row.pk],
                    "badge": badge(accounts[row.pk], row),
                    "url": f"{row.case.get_absolute_url()}?tab={TAB}#money-{row.pk}",
                }
                for row in page
            ],
            "page": page,
            "conditions": conditions,
            "chips": conditions.chips(request.GET),
            "query": request.GET.urlencode(),
            "may_collect": request.user.may("cases.collect"),
            "summary": ngettext("本页 %(n)d 件", "本页 %(n)d 件", len(page)) % {"n": len(page)},
        },
    )


@require_safe
@verb("cases.view")
def export(request: HttpRequest) -> HttpResponse:
    """The same rows as a CSV file; a sum that is not known stays empty."""
    today = timezone.localdate()
    conditions = MoneyConditions(request.GET, user=request.user, today=today)
    ids = list(
        _rows(conditions, request)
        .order_by(*conditions.order())
        .values_list("pk", flat=True)[:EXPORT_AT_MOST]
    )
    accounts, rows = _accounts(ids, today), debts.labels(ids)
    header = [
        _("当事人"),
        _("决定书文号"),
        _("承办单位"),
        _("送达日期"),
        _("缴纳期限"),
        _("罚款（元）"),
        _("已缴（元）"),
        _("未缴罚款（元）"),
        _("未缴加处罚款（元）"),
        _("合计应缴（元）"),
        _("应退还（元）"),
        _("状态"),
    ]
    return sheets.download(
        f"{_('应缴罚款')}-{today:%Y%m%d}.csv",
        header,
        (_cells(rows[pk], accounts[pk]) for pk in ids),
    )


def _cells(row: Decision, account: Account) -> list[Any]:
    sums = (account.fine, account.paid, account.fine_left, account.surcharge_left, account.balance)
    return [
        row.respondent.name,
        number(row),
        row.case.unit.name,
        row.served_on or "",
        account.next_due_on or row.payment_due_on or "",
        *("" if each is None else each for each in sums),
        account.refund or "",
        badge(account, row)[1],
    ]
