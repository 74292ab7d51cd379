"""What demand (催告书) and application to the court (强制执行申请书) say. Chinese only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from notices import elements, kinds
from notices.kinds.penalties import DEMAND, ENFORCEMENT_APPLICATION
from penalties import identity as numbers
from penalties.casefile import File
from penalties.models import Decision, Demand, Remedy, Respondent
from penalties.owing import Account

#: What the person who applies words; the rest is in the file.
WORDED = (
    "leader",
    "facts",
    "basis",
    "result",
    "party_views",
    "review_state",
    "demand_result",
    "attachments",
)

_TITLES = {
    Decision.Kind.PENALTY: "行政处罚决定书",
    Decision.Kind.SPOT: "当场处罚决定书",
    Decision.Kind.NO_PENALTY: "不予行政处罚决定书",
}
_MEASURES = {
    "warning": "警告",
    "criticism": "通报批评",
    "confiscation": "没收违法所得",
    "goods": "没收非法财物",
    "suspension": "责令停产停业",
    "restriction": "限制开展生产经营活动",
    "closure": "责令关闭",
    "revocation": "吊销许可证件",
    "downgrade": "降低资质等级",
    "ban": "限制从业",
}
_VIEW_OF = {
    Remedy.Kind.RECONSIDERATION: "行政复议",
    Remedy.Kind.SUIT: "行政诉讼",
    Remedy.Kind.APPEAL: "上诉",
}


@dataclass(frozen=True)
class Paper:
    """A paper ready for `notices.papers.issue_notice`."""

    addressee: str
    context: dict[str, Any]
    snapshot: dict[str, Any]


def number(decision: Decision) -> str:
    """Of the decision, also of one that was taken on paper."""
    return decision.number or (decision.notice.number if decision.notice else "")


def _some(amount: Decimal | None) -> Decimal | None:
    """A sum that is worth a word."""
    return amount if amount else None


def demand(
    file: File, decision: Decision, account: Account, *, pay_to: str, performance: str = ""
) -> Paper:
    """The 催告书 on the account of the day. The whole fine, what was paid of it, the surcharge that
    is left, and what that comes to."""
    facts = {
        "decided_on": decision.decided_on,
        "decision_title": _TITLES[Decision.Kind(decision.kind)],
        "decision_number": number(decision),
        "served_on": decision.served_on,
        "performance": performance.strip(),
        "principal": account.fine,
        "paid": _some(account.paid_fine),
        "surcharge": _some(account.surcharge_left),
        "surcharge_until": account.day if account.surcharge_left else None,
        "total": account.balance,
        "pay_to": pay_to.strip(),
    }
    return Paper(
        decision.respondent.name,
        elements.context(kinds.get(DEMAND).elements, facts),
        {**_sums(account), "decision": str(decision.pk), "pay_to": pay_to.strip()},
    )


def application(
    file: File,
    decision: Decision,
    demanded: Demand,
    account: Account,
    *,
    court: str,
    worded: Mapping[str, Any],
) -> Paper:
    """The 强制执行申请书 to that court. `worded` holds the codes of WORDED."""
    facts = {
        **party(decision.respondent),
        "respondent": decision.respondent.name,
        "decided_on": decision.decided_on,
        "decision_title": _TITLES[Decision.Kind(decision.kind)],
        "decision_number": number(decision),
        "served_on": decision.served_on,
        "demanded_on": demanded.served_on,
        "demand_number": demanded.notice.number if demanded.notice else "",
        "principal": _some(account.fine_left) or account.fine,
        "surcharge": _some(account.surcharge_left),
        "total": account.balance,
        **{code: worded.get(code, "") for code in WORDED},
    }
    if not account.fine_left:
        # Only the surcharge is left: the paper then names no fine.
        facts |= {"principal": None, "subject": _only_surcharge(account), "surcharge": None}
    return Paper(
        court.strip(),
        elements.context(kinds.get(ENFORCEMENT_APPLICATION).elements, facts),
        {**_sums(account), "decision": str(decision.pk)},
    )


def _only_surcharge(account: Account) -> str:
    return f"加处罚款{account.surcharge_left}元（罚款已经缴清）"


def _sums(account: Account) -> dict[str, Any]:
    return {
        "day": account.day,
        "fine_left": str(account.fine_left),
        "surcharge_left": str(account.surcharge_left),
        "balance": str(account.balance),
    }


def party(respondent: Respondent) -> dict[str, Any]:
    """Who is to pay: what a unit has, or the particulars of a person."""
    common = {"address": respondent.address, "workplace": respondent.workplace}
    if not respondent.is_person:
        return common | {
            "representative": respondent.representative,
            "credit_code": respondent.credit_code,
        }
    return common | {
        "sex": respondent.sex,
        "born_on": _day(respondent.born_on),
        "identity": numbers.on_paper(respondent),
        "residence": respondent.residence,
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# --- First words of the form ---------------------------------------------------------------------


def pay_to(file: File, decision: Decision) -> str:
    """How the last paper on money said that it can be paid."""
    issued: list[Any] = [*reversed(file.demands), decision]
    for row in issued:
        said = row.notice.snapshot.get("pay_to", "") if row.notice is not None else ""
        if said:
            return str(said)
    return ""


def first_words(file: File, decision: Decision, demanded: Demand | None) -> dict[str, Any]:
    """What the file lets one say, to be read over by whoever applies."""
    report = file.report
    clauses = [str(row.get("clause", {}).get("cite", "")) for row in decision.items]
    return {
        "facts": decision.respondent.facts or (report.facts if report else ""),
        "basis": "、".join(dict.fromkeys(each for each in clauses if each)),
        "result": _result(decision),
        "party_views": _views(file, decision),
        "review_state": _review_state(file, decision),
        "demand_result": "催告期限届满后，被申请人仍未履行",
        "attachments": _attachments(decision, demanded),
    }


def _result(decision: Decision) -> str:
    words = [_MEASURES[each] for each in decision.measures if each in _MEASURES]
    if decision.fine is not None:
        words.append(f"罚款{decision.fine:.2f}元".replace(".00元", "元"))
    return "给予" + "、".join(words) + "的行政处罚"


def _views(file: File, decision: Decision) -> str:
    if file.defences_of(decision.respondent):
        return "当事人在告知后提出过陈述申辩，意见和复核情况见案卷"
    return "当事人没有提出陈述申辩"


def _review_state(file: File, decision: Decision) -> str:
    rows = [row for row in file.remedies if row.decision_id == decision.pk]
    if not rows:
        return "被申请人在法定期限内没有申请行政复议，也没有提起行政诉讼"
    return "；".join(
        f"{_VIEW_OF[Remedy.Kind(row.kind)]}结果：{row.get_result_display()}"
        + (f"（{row.document_number}）" if row.document_number else "")
        for row in rows
    )


def _attachments(decision: Decision, demanded: Demand | None) -> list[str]:
    found = [f"{_TITLES[Decision.Kind(decision.kind)]}（{number(decision)}）及送达回证"]
    if demanded is not None and demanded.notice is not None:
        found.append(f"催告书（{demanded.notice.number}）及送达回证")
    return [*found, "作出决定的事实、理由和依据的材料", "执行标的情况说明"]
