"""Money: receipts, cash, surcharge, demand, the court."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legal import limits
from legal.periods import PeriodRefused
from penalties import owing
from penalties.models import ClosingGround, CourtApplication, Demand, Payment
from penalties.review.rules import MAJOR, MINOR, SERIOUS, Fault, Look, rule, said


@rule("receipt_number", gettext_lazy("缴款没有票据号"), MAJOR, "APL@2021:70")
def receipt_number(look: Look) -> Iterator[Fault]:
    """Who takes a fine gives a receipt of the treasury; without one the party may refuse."""
    for row in look.file.payments:
        if row.void_on is None and row.way != Payment.Way.REFUND and not row.receipt_number.strip():
            text = _("%(day)s缴款 %(sum)s 元，没有登记票据号。")
            yield Fault(said(text, day=row.paid_on, sum=f"{row.amount:,.2f}"), row=row)


@rule("cash_late", gettext_lazy("当场收缴的罚款没有按时上交"), MINOR, "APL@2021:71")
def cash_late(look: Look) -> Iterator[Fault]:
    """The officer within two working days, the organ within two more."""
    for row in look.file.cashes:
        if (row.handed_in_on or look.today) > row.due_on:
            yield Fault(said(_("当场收缴的罚款应在%(due)s前上交。"), due=row.due_on), row=row)
            continue
        last = _bank_by(look, row.handed_in_on)
        if last is not None and (row.banked_on or look.today) > last:
            yield Fault(said(_("上交的罚款应在%(due)s前缴付银行。"), due=last), row=row)


def _bank_by(look: Look, handed_in_on: date | None) -> date | None:
    if handed_in_on is None:
        return None
    try:
        return limits.of("CASH_2").due(handed_in_on, look.calendar).due
    except PeriodRefused:
        return None


@rule("surcharge", gettext_lazy("加处罚款计算有误"), MAJOR, "APL@2021:72(1)")
def surcharge(look: Look) -> Iterator[Fault]:
    """Of demands and applications, against the account of their day."""
    by_id = {row.pk: row for row in look.file.decisions}
    rows: list[tuple[Demand | CourtApplication, date]] = [
        *((row, row.made_on) for row in look.file.demands),
        *((row, row.applied_on) for row in look.file.court_applications),
    ]
    for row, day in rows:
        account = owing.of(look.file, by_id[row.decision_id], day)
        if not account.known or account.surcharge_left is None:
            continue
        if row.surcharge != account.surcharge_left:
            text = _("%(day)s写明加处罚款 %(said)s 元，应为 %(right)s 元。")
            yield Fault(
                said(
                    text,
                    day=day,
                    said=f"{row.surcharge:,.2f}",
                    right=f"{account.surcharge_left:,.2f}",
                ),
                row=row,
            )


@rule("demand_missing", gettext_lazy("申请强制执行前没有催告"), SERIOUS, "AEL@2011:54")
def demand_missing(look: Look) -> Iterator[Fault]:
    for row in look.file.court_applications:
        served = [
            each
            for each in look.file.demands
            if each.decision_id == row.decision_id and each.served_on is not None
        ]
        if not served:
            text = _("%(day)s申请人民法院强制执行，之前没有送达催告书。")
            yield Fault(said(text, day=row.applied_on), row=row)
        elif all(each.ready_on is None or row.applied_on <= each.ready_on for each in served):
            text = _("催告期没有满，%(day)s就申请人民法院强制执行。")
            yield Fault(said(text, day=row.applied_on), row=row)


@rule("closed_unpaid", gettext_lazy("没有执行完毕就结案"), MAJOR, "MPSP@2020:258")
def closed_unpaid(look: Look) -> Iterator[Fault]:
    """Closed as performed while the fine is not paid."""
    case = look.case
    if case.closed_on is None or case.closing_ground != ClosingGround.PERFORMED:
        return
    for row in look.decisions:
        if not owing.fine_is_paid(look.file, row):
            yield Fault(said(_("%(number)s的罚款没有缴清，以执行完毕结案。"), number=row), row=row)
