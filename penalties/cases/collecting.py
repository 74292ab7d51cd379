"""Money that comes in for a decision (缴款), and cash taken on the spot.

1.  `record_payment`   a sum, its day, its receipt; larger than what is owed only if said so
2.  `void_payment`     it was entered wrongly: kept, with the reason, and counted no more
3.  `refund`           what came in too much, or for a decision that fell, is given back
4.  `hand_in`          cash goes from the officer to the organ within two working days,
5.  `bank_in`          and from the organ to the bank within two more (行政处罚法 71)

What is owed is never stored: `penalties.owing` reckons it from these records.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from legal import periods
from penalties import clocks, owing
from penalties.casefile import File
from penalties.cases import _money, _row
from penalties.cases._days import day_reasons
from penalties.models import Cash, Decision, Payment

trail.words(
    {
        "cases.record_payment": gettext_lazy("登记缴款"),
        "cases.void_payment": gettext_lazy("作废缴款登记"),
        "cases.refund": gettext_lazy("登记退还"),
        "cases.hand_in": gettext_lazy("登记上交现金"),
        "cases.bank_in": gettext_lazy("登记缴付银行"),
    }
)

MOST = Decimal("999999999999.99")
_FEN = Decimal("0.01")


# --- Payments ----------------------------------------------------------------------------------


def can_record_payment(file: File, decision: Decision, user: User, today: date) -> list[Reason]:
    """Why no payment can be entered."""
    found = _money.no_money(file, decision)
    if found:
        return found
    found = _money.fallen(decision)
    if found:
        return found
    account = owing.of(file, decision, today)
    if account.is_settled:
        return [Reason(_("罚款和加处罚款已经缴清。"), basis="APL@2021:67(3)")]
    return []


def against_payment(
    file: File,
    decision: Decision,
    *,
    paid_on: date,
    amount: Decimal,
    way: str,
    receipt_number: str,
    keep_excess: bool,
    today: date,
) -> list[Reason]:
    """Why this sum cannot be entered as paid on that day."""
    found = _sum(amount)
    found += day_reasons(paid_on, decision.decided_on, today, "paid_on")
    if way == Payment.Way.REFUND:
        found.append(Reason(_("退还另行登记。"), field="way"))
    if way == Payment.Way.CASH and decision.collection != Decision.Collection.AT_ONCE:
        text = _("决定书没有写当场收缴，罚款应当缴到银行；执法人员不得自行收缴。")
        found.append(Reason(text, basis="APL@2021:67", field="way"))
    if (
        receipt_number
        and Payment.objects.filter(receipt_number=receipt_number, void_on=None).exists()
    ):
        found.append(Reason(_("这个票据号已经登记过。"), field="receipt_number"))
    if found or keep_excess:
        return found
    account = owing.of(file, decision, paid_on)
    if account.balance is not None and amount > account.balance:
        found.append(_too_much(amount, account))
    return found


def _too_much(amount: Decimal, account: owing.Account) -> Reason:
    assert account.balance is not None
    text = _(
        "%(paid)s多于应缴的%(owed)s（罚款%(fine)s，加处罚款%(surcharge)s），多 %(more)s。"
        "请核对金额和日期；确已多缴的，勾选“多缴部分待退还”再登记。"
    ) % {
        "paid": _money.money(amount),
        "owed": _money.money(account.balance),
        "fine": _money.money(account.fine_left),
        "surcharge": _money.money(account.surcharge_left),
        "more": _money.money(amount - account.balance),
    }
    return Reason(text, basis="APL@2021:72(1)", field="amount")


def _sum(amount: Decimal) -> list[Reason]:
    """Why this is no sum of money."""
    if not amount.is_finite() or amount <= 0:
        return [Reason(_("金额必须大于零。"), field="amount")]
    if amount > MOST or amount != amount.quantize(_FEN):
        return [Reason(_("金额太大或者超过两位小数，请核对。"), field="amount")]
    return []


@transaction.atomic
def record_payment(
    decision: Decision,
    *,
    by: User,
    at: datetime,
    paid_on: date,
    amount: Decimal,
    way: str = Payment.Way.BANK,
    receipt_number: str = "",
    note: str = "",
    keep_excess: bool = False,
) -> Payment:
    """Enter a sum that was paid on that day.

    `keep_excess`: it is known to be more than is owed, and the rest is to be given back. Cash
    starts the two working days of 行政处罚法 71. Raises Refused with the sums where it is more.
    """
    case = _row.lock(decision.case)
    file, today = File(case), periods.local_date(at)
    decision = _money.decision_of(file, decision)
    receipt_number = receipt_number.strip()
    found = can_record_payment(file, decision, by, today)
    _row.refuse(
        found
        or against_payment(
            file,
            decision,
            paid_on=paid_on,
            amount=amount,
            way=way,
            receipt_number=receipt_number,
            keep_excess=keep_excess,
            today=today,
        )
    )
    try:
        with transaction.atomic():
            payment = Payment.objects.create(
                case=case,
                decision=decision,
                entered_at=at,
                entered_by=by,
                paid_on=paid_on,
                amount=amount,
                way=way,
                receipt_number=receipt_number,
                note=note.strip(),
            )
    except IntegrityError as fault:
        if "payment_receipt_once" not in str(fault):
            raise
        text = _("这个票据号已经登记过。")
        raise Refused([Reason(text, field="receipt_number")]) from fault
    if way == Payment.Way.CASH:
        period = clocks.due("CASH_2", paid_on)
        cash = Cash.objects.create(
            case=case, payment=payment, officer=by, due_on=period.due, entered_at=at, entered_by=by
        )
        clocks.start("CASH_2", cash, period, case=case, by=by, at=at, owner=by)
    _after(case, decision, by=by, at=at)
    _row.record(
        "cases.record_payment",
        case,
        by=by,
        at=at,
        row=payment,
        data={"amount": str(amount), "paid_on": paid_on, "way": way},
    )
    return payment


def can_void_payment(file: File, payment: Payment, user: User, today: date) -> list[Reason]:
    """Why this entry cannot be taken back."""
    if payment.void_on is not None:
        return [Reason(_("这笔登记已经作废。"))]
    if hasattr(payment, "bank_line"):
        return [
            Reason(
                _("这笔缴款由银行流水登记，请在流水中取消匹配。"),
                url=payment.bank_line.get_absolute_url(),
                url_text=_("看银行流水"),
            )
        ]
    return _void_reasons(file, payment)


def _void_reasons(file: File, payment: Payment) -> list[Reason]:
    rest = sum(
        (
            row.amount
            for row in file.payments
            if row.decision_id == payment.decision_id
            and row.void_on is None
            and row.pk != payment.pk
        ),
        owing.ZERO,
    )
    if rest < 0:
        return [Reason(_("已经按这笔缴款退还过，先作废退还的登记。"))]
    return []


@transaction.atomic
def void_payment(payment: Payment, *, by: User, at: datetime, reason: str) -> Payment:
    """Take a wrong entry back; it stays in the file with the reason."""
    case = _row.lock(payment.case)
    payment = Payment.objects.select_related("decision").get(pk=payment.pk)
    file = File(case)
    found = can_void_payment(file, payment, by, periods.local_date(at))
    _row.refuse(found or _row.needs(reason, "reason"))
    take_back(file, payment, by=by, at=at, reason=reason)
    _row.record("cases.void_payment", case, by=by, at=at, row=payment, reason=reason.strip())
    return payment


def take_back(file: File, payment: Payment, *, by: User, at: datetime, reason: str) -> None:
    """Void the row and let the clocks follow; inside a verb that leaves its own line."""
    _row.refuse(_void_reasons(file, payment))
    payment.void_on, payment.void_reason = periods.local_date(at), reason.strip()
    payment.save(update_fields=["void_on", "void_reason"])
    for cash in file.cashes:
        if cash.payment_id == payment.pk:
            clocks.cancel("CASH_2", cash, reason=reason.strip(), by=by, at=at)
    _after(file.case, _money.decision_of(file, payment.decision), by=by, at=at)


def can_refund(file: File, decision: Decision, user: User, today: date) -> list[Reason]:
    """Why nothing is to be given back."""
    found = _money.no_money(file, decision)
    if found:
        return found
    if owing.of(file, decision, today).refund <= 0:
        return [Reason(_("没有多缴的款项，不需要退还。"))]
    return []


@transaction.atomic
def refund(
    decision: Decision,
    *,
    by: User,
    at: datetime,
    paid_on: date,
    amount: Decimal,
    receipt_number: str = "",
    note: str = "",
) -> Payment:
    """Give back what came in too much, at most that."""
    case = _row.lock(decision.case)
    file, today = File(case), periods.local_date(at)
    decision = _money.decision_of(file, decision)
    found = can_refund(file, decision, by, today)
    if not found:
        found = _sum(amount)
        found += day_reasons(paid_on, decision.decided_on, today, "paid_on")
        most = owing.of(file, decision, today).refund
        if not found and amount > most:
            text = _("最多退还%(most)s。") % {"most": _money.money(most)}
            found.append(Reason(text, field="amount"))
        number = receipt_number.strip()
        if number and Payment.objects.filter(receipt_number=number, void_on=None).exists():
            found.append(Reason(_("这个票据号已经登记过。"), field="receipt_number"))
    _row.refuse(found)
    row = Payment.objects.create(
        case=case,
        decision=decision,
        entered_at=at,
        entered_by=by,
        paid_on=paid_on,
        amount=-amount,
        way=Payment.Way.REFUND,
        receipt_number=receipt_number.strip(),
        note=note.strip(),
    )
    _after(case, decision, by=by, at=at)
    _row.record("cases.refund", case, by=by, at=at, row=row, data={"amount": str(amount)})
    return row


def _after(case: object, decision: Decision, *, by: User, at: datetime) -> None:
    file = _row.settle(case, at=at)  # type: ignore[arg-type]
    _money.follow(file, _money.decision_of(file, decision), by=by, at=at)


# --- Cash on the spot --------------------------------------------------------------------------


def can_hand_in(file: File, cash: Cash, user: User, today: date) -> list[Reason]:
    """Why the cash cannot be entered as handed in."""
    if cash.handed_in_on is not None:
        return [Reason(_("这笔现金已经上交。"))]
    if cash.payment.void_on is not None:
        return [Reason(_("这笔缴款登记已经作废。"))]
    return []


@transaction.atomic
def hand_in(cash: Cash, *, by: User, at: datetime, on: date) -> Cash:
    """The officer hands the cash to the organ; two working days to the bank begin."""
    case = _row.lock(cash.case)
    cash = Cash.objects.select_related("payment", "officer").get(pk=cash.pk)
    file, today = File(case), periods.local_date(at)
    found = can_hand_in(file, cash, by, today)
    found += day_reasons(on, cash.payment.paid_on, today, "on")
    _row.refuse(found)
    clocks.meet("CASH_2", cash, on=on, by=by, at=at)
    period = clocks.due("CASH_2", on)
    cash.handed_in_on = on
    cash.save(update_fields=["handed_in_on"])
    clocks.start("CASH_2", cash, period, case=case, by=by, at=at)
    _row.settle(case, at=at)
    _row.record("cases.hand_in", case, by=by, at=at, row=cash, data={"on": on})
    return cash


def can_bank_in(file: File, cash: Cash, user: User, today: date) -> list[Reason]:
    """Why the cash cannot be entered as brought to the bank."""
    if cash.payment.void_on is not None:
        return [Reason(_("这笔缴款登记已经作废。"))]
    if cash.handed_in_on is None:
        return [Reason(_("现金还没有上交到本机关。"), basis="APL@2021:71")]
    if cash.banked_on is not None:
        return [Reason(_("这笔现金已经缴付银行。"))]
    return []


@transaction.atomic
def bank_in(cash: Cash, *, by: User, at: datetime, on: date) -> Cash:
    """The organ brings the cash to the bank."""
    case = _row.lock(cash.case)
    cash = Cash.objects.select_related("payment", "officer").get(pk=cash.pk)
    file, today = File(case), periods.local_date(at)
    found = can_bank_in(file, cash, by, today)
    if not found:
        assert cash.handed_in_on is not None
        found = day_reasons(on, cash.handed_in_on, today, "on")
    _row.refuse(found)
    clocks.meet("CASH_2", cash, on=on, by=by, at=at)
    cash.banked_on = on
    cash.save(update_fields=["banked_on"])
    _row.settle(case, at=at)
    _row.record("cases.bank_in", case, by=by, at=at, row=cash, data={"on": on})
    return cash
