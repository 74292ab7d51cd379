"""结案审批表 (MPSP 258–260): what it says, from the file of the case."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import translation

from accounts.models import User
from audit.trail import Reason
from legal import periods
from notices import completeness, elements, kinds, papers, previews, writing
from notices.completeness import Mend
from notices.kinds import penalties as kinds_of_penalties
from notices.models import Notice, Preview
from penalties import owing
from penalties.casefile import File
from penalties.models import (
    Closing,
    ClosingGround,
    Decision,
    Measure,
    Respondent,
    StopMeasure,
)

KIND = kinds_of_penalties.CLOSING_APPROVAL
GROUNDS = {
    ClosingGround.UNPUNISHED: kinds_of_penalties.CLOSED_UNPUNISHED,
    ClosingGround.SETTLED: kinds_of_penalties.CLOSED_SETTLED,
    ClosingGround.PERFORMED: kinds_of_penalties.CLOSED_PERFORMED,
    ClosingGround.CRIME: kinds_of_penalties.CLOSED_CRIME,
    ClosingGround.IMPOSSIBLE: kinds_of_penalties.CLOSED_IMPOSSIBLE,
    ClosingGround.TERMINATED: kinds_of_penalties.CLOSED_TERMINATED,
}
AGREED = "同意结案"
_LONGEST = 500  # characters of the party and of the opinions, as the form has it


def facts(file: File, closing: Closing, today: date, approval: str = "") -> dict[str, Any]:
    """The elements; `approval` is the opinion of whoever approves, empty before."""
    with translation.override("zh-hans"):
        return _facts(file, closing, today, approval)


def _facts(file: File, closing: Closing, today: date, approval: str) -> dict[str, Any]:
    case = file.case
    served = [row.served_on for row in file.valid_decisions if row.served_on]
    review = next((row for row in reversed(file.reviews) if row.void_on is None), None)
    return {
        "case_name": f"{case.enterprise.name}{case.cause}案",
        "case_number": _case_number(file),
        "source": str(case.get_origin_display()),
        "party": _short("；".join(_party(row) for row in file.respondents)),
        "filed_on": case.filed_on,
        "term_use": _term_use(file, closing, today),
        "facts": case.summary or (file.report.facts if file.report else "") or case.cause,
        "result": _result(file, closing),
        "decision_number": "、".join(row.number for row in file.decisions if row.number)[:100],
        "served_on": max(served) if served else None,
        "performance": _performance(file, today),
        "review_state": _short(_review_state(file)),
        "ground": GROUNDS[ClosingGround(closing.ground)],
        "handler_opinion": _short(closing.note),
        "legal_opinion": _short(review.text) if review else "",
        "leader_opinion": _short(approval),
    }


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _case_number(file: File) -> str:
    """That of the filing form; of a case filed before it, the number of its decision, else one
    from its own id."""
    case = file.case
    if case.filing_notice is not None:
        return case.filing_notice.number
    return case.document_number or f"{case.filed_on:%Y%m%d}-{str(case.pk)[:8]}"


def _party(row: Respondent) -> str:
    parts = [row.name]
    if row.is_person:
        parts += [str(row.get_role_display()), row.sex, row.workplace]
    else:
        parts += [row.credit_code, row.address]
        parts += [f"法定代表人{row.representative}"] if row.representative else []
    if row.status != Respondent.Status.STANDING and row.status_on is not None:
        parts.append(f"{writing.date(row.status_on)}{row.get_status_display()}")
    return "，".join(part for part in parts if part)


def _term_use(file: File, closing: Closing, today: date) -> str:
    case = file.case
    last = case.decision_due_on
    if last is None:
        return "未起算"
    done = case.decided_on or today
    words = f"办案期限至{writing.date(last)}，"
    words += f"{writing.date(done)}" + ("作出决定" if case.decided_on else "终结")
    excluded = _excluded(file, done)
    if excluded:
        words += f"，不计入期限的期间{excluded}日"
    late = (done - last).days
    return words + (f"，超过期限{late}日" if late > 0 else "，没有超过期限")


def _excluded(file: File, until: date) -> int:
    """Days left out, each once."""
    days: set[date] = set()
    for row in file.exclusions:
        last = row.to_on or until
        days.update(row.from_on + timedelta(days=n) for n in range((last - row.from_on).days + 1))
    return len(days)


def _result(file: File, closing: Closing) -> str:
    if not file.decisions:
        referrals = [f"移送{row.organ}" for row in file.referrals if row.answer == "accepted"]
        return "；".join(referrals) or "终止调查，未作出处罚决定"
    return "；".join(_decided(file, row) for row in file.decisions)


def _decided(file: File, row: Decision) -> str:
    if not row.punishes:
        words = f"对{row.respondent.name}不予行政处罚"
    else:
        punished = "、".join(
            _measure(file, row, each, str(Measure(each).label)) for each in row.measures
        )
        words = f"对{row.respondent.name}处以{punished}"
    if row.standing != Decision.Standing.VALID and row.ended_on is not None:
        words += f"（{writing.date(row.ended_on)}{row.get_standing_display()}）"
    return words


def _measure(file: File, row: Decision, measure: str, word: str) -> str:
    if measure != Measure.FINE:
        return word
    fine = file.fine_of(row) if row.is_valid else row.fine
    return f"{word}{_yuan(fine)}" if fine is not None else word


def _yuan(amount: Decimal) -> str:
    written = f"{amount:.0f}" if amount == amount.to_integral() else f"{amount:.2f}"
    return f"{written}元"


def _performance(file: File, today: date) -> str:
    told = []
    for row in file.valid_decisions:
        if not row.punishes:
            continue
        name = row.respondent.name
        if owing.is_money(row):
            account = owing.of(file, row, today)
            words = f"{name}已缴{_yuan(account.paid)}"
            if account.balance:
                words += f"，尚欠{_yuan(account.balance)}"
            told.append(words)
        told += [
            f"{name}{_stopped(each)}" for each in file.stop_measures if each.decision_id == row.pk
        ]
    told += [
        f"{row.court}{row.get_result_display()}（{row.document_number}）"
        for row in file.court_applications
        if row.result
    ]
    order = file.case.order
    if order is not None:
        told.append(
            f"责令改正（{order}）：{order.get_verdict_display() or order.get_state_display()}"
        )
    return "；".join(told) or ("没有需要缴纳或者限期执行的内容" if file.decisions else "")


def _stopped(row: StopMeasure) -> str:
    if row.lifted_on is None:
        return f"{row.detail}，自{writing.date(row.starts_on)}起执行"
    return f"{row.detail}，{writing.date(row.lifted_on)}解除（{row.lifted_reason}）"


def _review_state(file: File) -> str:
    if not file.remedies:
        return "当事人没有申请行政复议，没有提起行政诉讼"
    return "；".join(
        f"{row.get_kind_display()}（{row.body}，{writing.date(row.applied_on)}）："
        f"{row.get_result_display() or '没有结果'}{row.document_number}"
        for row in file.remedies
    )


# --- The paper -------------------------------------------------------------------------------


def _context(file: File, closing: Closing, today: date, approval: str) -> dict[str, Any]:
    return elements.context(kinds.get(KIND).elements, facts(file, closing, today, approval))


def lacking(file: File, closing: Closing, today: date) -> list[Reason]:
    """What stands in the way of the paper, with the page of the case that mends it."""
    case = file.case
    stated = facts(file, closing, today, AGREED)
    found = papers.can_issue(KIND, case.unit, case.enterprise.name, stated, today)
    url = f"{case.get_absolute_url()}?tab=case"
    mend = Mend(url, translation.gettext("去补全案件"))
    return completeness.linked(found, {completeness.OTHER: mend}, unit=case.unit)


def preview(file: File, closing: Closing, *, by: User, at: datetime) -> Preview:
    """The form as it would be issued now. Raises Refused: a character is in no face."""
    case, today = file.case, periods.local_date(at)
    return previews.make(
        KIND,
        unit=case.unit,
        addressee=case.enterprise.name,
        context=_context(file, closing, today, AGREED),
        subject=closing,
        by=by,
        at=at,
        demonstration=case.is_demonstration,
        lacking=lacking(file, closing, today),
    )


def issue(file: File, closing: Closing, *, by: User, at: datetime) -> Notice:
    """Freeze the form with the opinion of whoever approved. Raises Refused for what it lacks."""
    case, today = file.case, periods.local_date(at)
    approval = closing.approval_note.strip() or AGREED
    return papers.issue_notice(
        KIND,
        unit=case.unit,
        addressee=case.enterprise.name,
        context=_context(file, closing, today, approval),
        snapshot={**facts(file, closing, today, approval), "case": str(case.pk)},
        subject=closing,
        by=by,
        at=at,
        demonstration=case.is_demonstration,
    )
