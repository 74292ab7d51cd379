"""What is not paid: demanded in writing, then brought to court (催告、申请强制执行).

1.  `make_demand`           the 催告书, with the sums as they are that day (行政强制法 35, 54)
2.  `serve_demand`          ten working days run from its service (54, 69)
3.  `apply_to_court`        within three months of the end of the time to sue (53)
4.  `record_court_result`   what the court decided

`conditions` is the list before an application: each met or not, with article and day; the page
shows it, the verb refuses with what is unmet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from deadlines import clock
from legal import calendars, limits, periods
from legal.periods import Period, Words
from notices import papers, registry, service
from notices.kinds.penalties import DEMAND, ENFORCEMENT_APPLICATION
from notices.models import Notice, Service
from penalties import clocks, owing
from penalties.casefile import File
from penalties.cases import _money, _row
from penalties.cases._days import day_reasons
from penalties.models import CourtApplication, Decision, Demand, Remedy
from penalties.papers import money as on_paper
from vault.models import StoredFile

trail.words(
    {
        "cases.make_demand": gettext_lazy("制作催告书"),
        "cases.serve_demand": gettext_lazy("登记催告书送达"),
        "cases.apply_to_court": gettext_lazy("申请法院强制执行"),
        "cases.record_court_result": gettext_lazy("登记法院处理结果"),
    }
)

# The ten working days run from its service.
registry.served(DEMAND, door="cases:demand")

COURT = "COURT_3M"
_PLAN_END = Words("暂缓或者分期期限届满", "end of the time granted for paying")
_LAST_RESULT = Words("复议、诉讼的结果生效", "the end of reconsideration or suit")


# --- The demand --------------------------------------------------------------------------------


def can_make_demand(file: File, decision: Decision, user: User, today: date) -> list[Reason]:
    """Why nothing can be demanded: not due yet, paid, standing still, or demanded already."""
    found = _money.no_money(file, decision) or _money.fallen(decision)
    if found:
        return found
    account = owing.of(file, decision, today)
    if account.is_settled:
        return [Reason(_("罚款和加处罚款已经缴清。"))]
    if decision.payment_due_on is None:
        return [Reason(_("决定书还没有送达，缴款期限没有起算。"), basis="APL@2021:67(3)")]
    if not account.is_overdue and account.fine_left:
        assert account.next_due_on is not None
        text = _("缴款期限是 %(day)s，还没有逾期。") % {"day": f"{account.next_due_on:%Y-%m-%d}"}
        found.append(Reason(text, basis="AEL@2011:35"))
    found += _standing_still(file, decision, today)
    for demand in _of(file.demands, decision):
        if demand.notice is None or demand.notice.state != Notice.State.VALID:
            continue
        if demand.served_on is None:
            text = _("已有一份催告书（%(number)s）还没有送达。") % {"number": demand.notice.number}
            found.append(Reason(text, url=demand.get_absolute_url(), url_text=_("去送达")))
        elif demand.ready_on is not None and today <= demand.ready_on:
            day = {"day": f"{demand.ready_on:%Y-%m-%d}"}
            found.append(Reason(_("催告期限到 %(day)s 才届满。") % day, basis="AEL@2011:54"))
    return found


def _standing_still(file: File, decision: Decision, today: date) -> list[Reason]:
    for stay in _of(file.stays, decision):
        if stay.from_on <= today and (stay.until_on is None or today <= stay.until_on):
            return [Reason(_("正在停止执行，不能催告或者申请强制执行。"), basis="ARL@2023:42")]
    return []


@transaction.atomic
def make_demand(
    decision: Decision, *, by: User, at: datetime, pay_to: str, performance: str = ""
) -> Demand:
    """Freeze what is owed today and issue the 催告书 on it.

    `pay_to` is how it can be paid; `performance` what else is still to be done.
    """
    case = _row.lock(decision.case)
    file, today = File(case), periods.local_date(at)
    decision = _money.decision_of(file, decision)
    _row.refuse(can_make_demand(file, decision, by, today))
    account = owing.of(file, decision, today)
    demand = Demand.objects.create(
        case=case,
        decision=decision,
        made_on=today,
        principal=account.fine_left or owing.ZERO,
        surcharge=account.surcharge_left or owing.ZERO,
        entered_at=at,
        entered_by=by,
    )
    paper = on_paper.demand(file, decision, account, pay_to=pay_to, performance=performance)
    notice = papers.issue_notice(
        DEMAND,
        unit=case.unit,
        addressee=paper.addressee,
        context=paper.context,
        snapshot=paper.snapshot,
        subject=demand,
        by=by,
        at=at,
        demonstration=case.is_demonstration,
    )
    demand.notice = notice
    demand.save(update_fields=["notice"])
    _row.settle(case, at=at)
    _row.record(
        "cases.make_demand",
        case,
        by=by,
        at=at,
        row=demand,
        data={"number": notice.number, "sum": str(demand.principal + demand.surcharge)},
    )
    return demand


def can_serve_demand(file: File, demand: Demand, user: User, today: date) -> list[Reason]:
    """Why no service can be entered."""
    if demand.notice is None:
        return [Reason(_("催告书还没有制作。"))]
    return service.can_serve(demand.notice)


@transaction.atomic
def serve_demand(
    demand: Demand, *, by: User, at: datetime, proof: StoredFile | None = None, **facts: Any
) -> Service:
    """Enter one attempt to serve the demand; ten working days run from the day that counts.

    `facts` are those of `notices.methods.Attempt`. A letter that came back ends what it started.
    """
    case = _row.lock(demand.case)
    demand = Demand.objects.select_related("notice", "decision").get(pk=demand.pk)
    file, today = File(case), periods.local_date(at)
    _row.refuse(can_serve_demand(file, demand, by, today))
    assert demand.notice is not None
    attempt = service.record(demand.notice, by=by, at=at, proof=proof, **facts)
    counted = demand.notice.effective_service()
    served_on = counted.served_on if counted is not None else None
    if served_on != demand.served_on:
        clocks.cancel("DEMAND_10", demand, reason=_("送达日期有变动。"), by=by, at=at)
        demand.served_on, demand.ready_on = served_on, None
        if served_on is not None:
            period = clocks.due("DEMAND_10", served_on)
            demand.ready_on = period.due
            clocks.start("DEMAND_10", demand, period, case=case, by=by, at=at)
            _start_court(file, demand.decision, by=by, at=at)
        demand.save(update_fields=["served_on", "ready_on"])
    _row.settle(case, at=at)
    _row.record("cases.serve_demand", case, by=by, at=at, row=demand, data={"served_on": served_on})
    return attempt


def _start_court(file: File, decision: Decision, *, by: User, at: datetime) -> None:
    """The three months are on the desk from the demand on, if they can be counted yet."""
    decision = _money.decision_of(file, decision)
    try:
        window = court_window(file, decision)
    except Refused:
        return
    if window is None or clock.running(decision, COURT) is not None:
        return
    clocks.start(COURT, decision, window, case=file.case, by=by, at=at)


# --- The court ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Condition:
    """One condition of an application: met or not, on what article, since or until which day."""

    code: str
    word: str
    met: bool
    basis: str
    text: str = ""
    url: str = ""
    url_text: str = ""

    def reason(self) -> Reason:
        text = self.word
        if self.text:
            text = _("%(word)s：%(text)s") % {"word": self.word, "text": self.text}
        return Reason(text, basis=self.basis, url=self.url, url_text=self.url_text)


def remedies_over(file: File, decision: Decision) -> date | None:
    """The last day on which the party could still apply or sue; None before service, and while a
    remedy runs. Raises Refused where it cannot be counted.

    Of a decision on the spot only reconsideration is open at first (行政复议法 23(1)). After a
    reconsideration there are fifteen days to sue (行政诉讼法 45); a suit ends
    when its result holds.
    """
    if decision.served_on is None:
        return None
    done = _of(file.remedies, decision)
    if any(row.is_open for row in done):
        return None
    ends = [clocks.due("RECONSIDER_60", decision.served_on).due]
    if decision.kind != Decision.Kind.SPOT:
        ends.append(clocks.due("SUE_6M", decision.served_on).due)
    for row in done:
        received = row.result_received_on or row.result_on
        if row.kind == Remedy.Kind.RECONSIDERATION:
            ends.append(_counted("LITIGATION_AFTER_ARL", received, None).due)
        else:
            ends.append(max(received, row.effective_on))
    return max(ends)


def court_window(file: File, decision: Decision) -> Period | None:
    """The three months in which the court may be asked; None as long as they cannot begin.

    They count from the end of the time to sue, and with a plan from the end of its last part where
    that is later (行政处罚法 72(2)). Raises Refused where they cannot be counted.
    """
    over = remedies_over(file, decision)
    if over is None:
        return None
    plan = owing.granted_plan(file, decision)
    last = max((row.due_on for row in plan.instalments.all()), default=None) if plan else None
    if last is not None and last > over:
        return _counted("COURT_ENFORCE_3M", last, _PLAN_END)
    if _of(file.remedies, decision):
        return _counted("COURT_ENFORCE_3M", over, _LAST_RESULT)
    return clocks.due(COURT, over)


def _counted(limit: str, event: date, words: Words | None) -> Period:
    try:
        return limits.of(limit).due(event, calendars.load(), words=words)
    except periods.PeriodRefused as refused:
        raise Refused([Reason(clock.said({"zh": refused.zh, "en": refused.en}))]) from None


def conditions(file: File, decision: Decision, today: date) -> list[Condition]:
    """What must hold before the court is asked, each with its answer."""
    tab = f"{file.case.get_absolute_url()}?tab="
    account = owing.of(file, decision, today)
    found = [
        Condition(
            "unpaid",
            _("逾期没有缴清"),
            account.known
            and account.balance != 0
            and not _money.fallen(decision)
            and (account.is_overdue or account.fine_left == 0),
            "AEL@2011:53",
            _("所欠 %(sum)s。") % {"sum": _money.money(account.balance)},
        )
    ]
    open_ones = [row for row in _of(file.remedies, decision) if row.is_open]
    found.append(
        Condition(
            "no_remedy",
            _("没有正在进行的行政复议、行政诉讼"),
            not open_ones,
            "AEL@2011:53",
            _("%(kind)s还没有结果。") % {"kind": open_ones[0].get_kind_display()}
            if open_ones
            else "",
            f"{tab}remedies",
            _("看复议和诉讼"),
        )
    )
    still = _standing_still(file, decision, today)
    found.append(
        Condition(
            "not_stayed",
            _("没有停止执行"),
            not still,
            "ARL@2023:42",
            "",
            f"{tab}remedies",
            _("看停止执行"),
        )
    )
    return [*found, *_periods_of_court(file, decision, today), *_of_demand(file, decision, today)]


def _periods_of_court(file: File, decision: Decision, today: date) -> list[Condition]:
    over_word, in_time_word = _("申请复议、提起诉讼的期限已经届满"), _("在三个月的申请期限内")
    try:
        over, window = remedies_over(file, decision), court_window(file, decision)
    except Refused as refused:
        text = str(refused)
        return [
            Condition("over", over_word, False, "AEL@2011:53", text),
            Condition("in_time", in_time_word, False, "AEL@2011:53", text),
        ]
    waiting = _("从送达或者结果到达起算，现在还不能算出。")
    return [
        Condition(
            "over",
            over_word,
            over is not None and today > over,
            "ALL@2017:46",
            _("期限至 %(day)s。") % {"day": f"{over:%Y-%m-%d}"} if over else waiting,
        ),
        Condition(
            "in_time",
            in_time_word,
            window is not None and today <= window.due,
            "AEL@2011:53",
            _("申请期限至 %(day)s。") % {"day": f"{window.due:%Y-%m-%d}"} if window else waiting,
        ),
    ]


def _of_demand(file: File, decision: Decision, today: date) -> list[Condition]:
    demand = served_demand(file, decision)
    ready = demand.ready_on if demand else None
    return [
        Condition(
            "demanded",
            _("催告书已经送达"),
            demand is not None,
            "AEL@2011:54",
            _("%(day)s 送达。") % {"day": f"{demand.served_on:%Y-%m-%d}"} if demand else "",
            f"{file.case.get_absolute_url()}?tab=money",
            _("去催告"),
        ),
        Condition(
            "ten_days",
            _("送达催告书满十个工作日仍未履行"),
            ready is not None and today > ready,
            "AEL@2011:54",
            _("至 %(day)s 届满。") % {"day": f"{ready:%Y-%m-%d}"} if ready else "",
        ),
    ]


def served_demand(file: File, decision: Decision) -> Demand | None:
    """The last demand that was served and is valid."""
    for row in reversed(_of(file.demands, decision)):
        if row.served_on and row.notice and row.notice.state == Notice.State.VALID:
            return row  # type: ignore[no-any-return]
    return None


def can_apply_to_court(file: File, decision: Decision, user: User, today: date) -> list[Reason]:
    """Why the court cannot be asked now: every unmet condition."""
    found = _money.no_money(file, decision)
    if found:
        return found
    for row in _of(file.court_applications, decision):
        if row.result in ("", row.Result.ACCEPTED):
            return [Reason(_("已经申请过强制执行，还没有终结。"))]
    return [each.reason() for each in conditions(file, decision, today) if not each.met]


@transaction.atomic
def apply_to_court(
    decision: Decision, *, by: User, at: datetime, court: str, facts: Mapping[str, Any]
) -> CourtApplication:
    """Issue the 强制执行申请书 on what is owed today. `facts` are the words of the paper that the
    file does not know (`papers.money.WORDED`)."""
    case = _row.lock(decision.case)
    file, today = File(case), periods.local_date(at)
    decision = _money.decision_of(file, decision)
    found = can_apply_to_court(file, decision, by, today)
    _row.refuse(found or _row.needs(court, "court", _("写明向哪个人民法院申请。")))
    account, demand = owing.of(file, decision, today), served_demand(file, decision)
    assert demand is not None
    row = CourtApplication.objects.create(
        case=case,
        decision=decision,
        court=court.strip(),
        applied_on=today,
        principal=account.fine_left or owing.ZERO,
        surcharge=account.surcharge_left or owing.ZERO,
        entered_at=at,
        entered_by=by,
    )
    paper = on_paper.application(file, decision, demand, account, court=court, worded=facts)
    notice = papers.issue_notice(
        ENFORCEMENT_APPLICATION,
        unit=case.unit,
        addressee=paper.addressee,
        context=paper.context,
        snapshot=paper.snapshot,
        subject=row,
        by=by,
        at=at,
        demonstration=case.is_demonstration,
    )
    row.notice = notice
    row.save(update_fields=["notice"])
    clocks.meet(COURT, decision, on=today, by=by, at=at)
    _row.settle(case, at=at)
    _row.record("cases.apply_to_court", case, by=by, at=at, row=row, data={"number": notice.number})
    return row


def can_record_court_result(
    file: File, application: CourtApplication, user: User, today: date
) -> list[Reason]:
    """Why no result can be entered: the last one is final."""
    if application.result in ("", CourtApplication.Result.ACCEPTED):
        return []
    return [Reason(_("这份申请已经有最终结果。"))]


@transaction.atomic
def record_court_result(
    application: CourtApplication,
    *,
    by: User,
    at: datetime,
    result: str,
    result_on: date,
    document_number: str = "",
) -> CourtApplication:
    """What the court decided; after an acceptance its end can still be entered."""
    case = _row.lock(application.case)
    application = CourtApplication.objects.get(pk=application.pk)
    file, today = File(case), periods.local_date(at)
    found = can_record_court_result(file, application, by, today)
    if not found and result == application.result:
        found = [Reason(_("这个结果已经登记。"), field="result")]
    if not found:
        first = application.result_on or application.applied_on
        found = day_reasons(result_on, first, today, "result_on")
    _row.refuse(found)
    application.result, application.result_on = result, result_on
    application.document_number = document_number.strip()
    application.save(update_fields=["result", "result_on", "document_number"])
    _row.settle(case, at=at)
    _row.record(
        "cases.record_court_result",
        case,
        by=by,
        at=at,
        row=application,
        data={"result": result, "on": result_on},
    )
    return application


def _of(rows: Sequence[Any], decision: Decision) -> list[Any]:
    return [row for row in rows if row.decision_id == decision.pk]
