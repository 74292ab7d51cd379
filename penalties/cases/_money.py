"""What the verbs on money share: the decision in its locked file, and the clocks that follow it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from audit.trail import Reason
from deadlines import clock
from legal import calendars, periods
from legal.periods import Words
from penalties import clocks, owing
from penalties.casefile import File
from penalties.models import Case, CaseState, Decision, Plan

PART = Words("批准分期或者暂缓", "the grant of more time")


def decision_of(file: File, decision: Decision) -> Decision:
    """The row as the file has it. Raises KeyError for one of another case."""
    return {row.pk: row for row in file.decisions}[decision.pk]


def no_money(file: File, decision: Decision) -> list[Reason]:
    """Why nothing is collected upon this decision at all."""
    if not owing.is_money(decision):
        return [Reason(_("这份决定没有罚款。"))]
    if file.case.state not in (CaseState.DECIDED, CaseState.CLOSED):
        return [Reason(_("案件还没有作出决定，不能登记缴款。"))]
    if owing.terms(file, decision).fine is None:
        return [
            Reason(
                _("罚款数额没有登记，算不出应缴多少。先登记数额或者变更后的数额。"),
                url=f"{file.case.get_absolute_url()}?tab=remedies",
                url_text=_("去登记"),
            )
        ]
    return []


def fallen(decision: Decision) -> list[Reason]:
    """Why a decision that fell is not enforced."""
    if decision.standing in (
        Decision.Standing.REVOKED,
        Decision.Standing.VOID,
        Decision.Standing.WITHDRAWN,
    ):
        words = {"standing": decision.get_standing_display()}
        return [Reason(_("这份决定已经“%(standing)s”，不再缴款，已缴的应当退还。") % words)]
    return []


def money(amount: Decimal | None) -> str:
    """1,234.50 元; a dash for what is not known."""
    return _("—") if amount is None else _("%(sum)s 元") % {"sum": f"{amount:,.2f}"}


def follow(file: File, decision: Decision, *, by: User, at: datetime) -> None:
    """Let the clocks on paying follow the account: of the fine, or of the parts of a plan.

    They are reminders; what is owed is reckoned from the facts alone.
    """
    today = periods.local_date(at)
    account = owing.of(file, decision, today)
    plan = owing.granted_plan(file, decision)
    if plan is not None:
        _follow_plan(file.case, plan, account, by=by, at=at)
        return
    running = clock.running(decision, "FINE_PAYMENT")
    paid = account.known and account.fine_left == 0
    if running is not None and paid:
        clock.meet(running, on=_last_paid(file, decision) or today, by=by, at=at)
    elif running is None and not paid and decision.served_on and not fallen(decision):
        period = clocks.due("FINE_PAYMENT", decision.served_on)
        clocks.start("FINE_PAYMENT", decision, period, case=file.case, by=by, at=at)


def _follow_plan(case: Case, plan: Plan, account: owing.Account, *, by: User, at: datetime) -> None:
    """The clock stands at the first part that is not paid up."""
    assert plan.decided_on is not None
    running = clock.running(plan, "INSTALMENT")
    ahead = account.next_due_on
    if running is not None and running.due_on != ahead:
        clock.meet(running, on=periods.local_date(at), by=by, at=at)
        running = None
    if running is None and ahead is not None:
        period = periods.named(ahead, plan.decided_on, calendars.load(), event=PART)
        clocks.start("INSTALMENT", plan, period, case=case, by=by, at=at)


def _last_paid(file: File, decision: Decision) -> date | None:
    days = [
        row.paid_on
        for row in file.payments
        if row.decision_id == decision.pk and row.void_on is None and row.amount > 0
    ]
    return max(days, default=None)
