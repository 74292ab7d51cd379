"""What the three decisions say: penalty, on the spot, none. From the file; what is typed at the
issue is `Typed`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from inspections.models import Citation
from legal import citations, periods
from notices import elements, kinds
from notices.correction_order import join_citations
from notices.elements import Element
from notices.kinds import penalties as codes
from notices.writing import date as day_zh
from penalties import identity as numbers
from penalties import proposal
from penalties.casefile import File
from penalties.grounds import GROUNDS
from penalties.models import Decision, Defence, Effect, Item, Measure, Respondent, Told
from penalties.papers.typed import Typed

KINDS: dict[str, str] = {
    Decision.Kind.PENALTY: codes.PENALTY_DECISION,
    Decision.Kind.NO_PENALTY: codes.NO_PENALTY_DECISION,
    Decision.Kind.SPOT: codes.SPOT_DECISION,
}
_PARTY = (
    "address",
    "representative",
    "credit_code",
    "sex",
    "born_on",
    "identity",
    "residence",
    "workplace",
)
_WORDS: dict[str, str] = {
    Measure.WARNING: "警告",
    Measure.CRITICISM: "通报批评",
    Measure.FINE: codes.FINE,
    Measure.CONFISCATION: codes.GAINS,
    Measure.GOODS: codes.GOODS,
    Measure.SUSPENSION: "责令停产停业",
    Measure.RESTRICTION: "限制开展生产经营活动",
    Measure.CLOSURE: "责令关闭",
    Measure.REVOCATION: "吊销许可证件",
    Measure.DOWNGRADE: "降低资质等级",
    Measure.BAN: "限制从业",
}
#: Their sum or their list stands beside them.
_BARE = (Measure.FINE, Measure.CONFISCATION, Measure.GOODS)
_UNITS = {"day": "日", "month": "个月", "year": "年"}
_EFFECTS: dict[str, str] = {Effect.LIGHTER: "从轻", Effect.REDUCED: "减轻", Effect.HEAVIER: "从重"}
_FINDINGS: dict[str, str] = {
    Defence.Finding.ACCEPTED: "予以采纳",
    Defence.Finding.PARTLY: "部分采纳",
    Defence.Finding.REJECTED: "不予采纳",
}


@dataclass(frozen=True)
class Worded:
    """A decision in words, not yet issued. `facts` are typed values, `context` what is printed."""

    kind: str
    addressee: str
    facts: dict[str, Any]
    context: dict[str, Any]
    snapshot: dict[str, Any]


def worded(
    file: File, respondent: Respondent, kind: str, typed: Typed | None, *, on: date
) -> Worded:
    """The paper as it would be issued on that day."""
    typed = typed or Typed()
    facts = party_facts(respondent) | _FACTS[kind](file, respondent, typed)
    paper = KINDS[kind]
    sort = kinds.get(paper)
    facts = {element.code: facts.get(element.code) for element in sort.elements}
    return Worded(
        kind=paper,
        addressee=respondent.name,
        facts=facts,
        context=elements.context(sort.elements, facts),
        snapshot={
            "case": str(file.case.pk),
            "respondent": str(respondent.pk),
            "decided_on": on,
            "proposal": proposal.of(file, respondent),
            "typed": {name: value for name, value in asdict(typed).items() if value},
        },
    )


def party_elements(kind: str) -> list[Element]:
    """The elements of the paper that say who the party is."""
    return [each for each in kinds.get(KINDS[kind]).elements if each.code in _PARTY]


def party_facts(respondent: Respondent) -> dict[str, Any]:
    """Who the party is, as the elements name it."""
    if not respondent.is_person:
        return {
            "address": respondent.address,
            "representative": respondent.representative,
            "credit_code": respondent.credit_code,
        }
    identity = numbers.on_paper(respondent)
    return {
        "address": respondent.address,
        "sex": respondent.sex or None,
        "born_on": _day(respondent.born_on),
        "identity": identity,
        "residence": respondent.residence,
        "workplace": respondent.workplace,
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


# --- Each kind --------------------------------------------------------------------------------


def _penalty(file: File, respondent: Respondent, typed: Typed) -> dict[str, Any]:
    said = proposal.of(file, respondent)
    return {
        "past": typed.past,
        "facts": said["facts"],
        "evidence": evidence(file),
        "defence": _defence(file, respondent),
        "circumstances": _circumstances(file, respondent),
        "breaches": join_citations(said["breaches"]),
        "basis": join_citations(said["basis"]),
        **_penalties(file.items_of(respondent)),
        "correction": correction(file, respondent, typed),
        "performance": typed.performance,
        "pay_to": typed.pay_to,
        "property": typed.property,
        "inventory": list(typed.goods),
    }


def _no_penalty(file: File, respondent: Respondent, typed: Typed) -> dict[str, Any]:
    report = file.report
    known = GROUNDS.get(typed.ground or (report.ground if report else ""))
    reasons = "。".join(
        text.strip().rstrip("。")
        for text in (report.reasons if report else "", typed.ground_proof)
        if text.strip()
    )
    return {
        "facts": respondent.facts or (report.facts if report else ""),
        "evidence": evidence(file),
        "reasons": reasons,
        "ground": known.paper if known else "",
        "basis": cite(known.basis) if known else "",
        "education": typed.education,
        "correction": correction(file, respondent, typed),
        "property": typed.property,
        "inventory": list(typed.goods),
    }


def _spot(file: File, respondent: Respondent, typed: Typed) -> dict[str, Any]:
    items = file.items_of(respondent)
    duties = proposal.cited(file, Citation.Role.DUTY)
    return {
        "facts": respondent.facts,
        "evidence": list(typed.evidence),
        "basis": join_citations([*duties, *(row.clause.get("cite", "") for row in items)]),
        **_penalties(items),
        "collection": COLLECTIONS.get(typed.collection, ""),
        "collection_reason": typed.collection_reason or SMALL,
        "pay_to": typed.pay_to,
        "decided_at": typed.decided_at,
        "place": typed.place,
        "defence": typed.defence,
        "officers": [{"name": row.name, "number": row.police_number} for row in file.officers],
    }


#: Why a small fine is collected at once (行政处罚法 68[1]); above it the officers say why.
SMALL = "依法给予一百元以下罚款"
COLLECTIONS: dict[str, str] = {
    Decision.Collection.AT_ONCE: codes.AT_ONCE,
    Decision.Collection.BANK: codes.AT_THE_BANK,
}
_FACTS: dict[str, Callable[[File, Respondent, Typed], dict[str, Any]]] = {
    Decision.Kind.PENALTY: _penalty,
    Decision.Kind.NO_PENALTY: _no_penalty,
    Decision.Kind.SPOT: _spot,
}


# --- Its parts --------------------------------------------------------------------------------


def evidence(file: File) -> list[str]:
    """The pieces of evidence that count, by their titles, in the order of the list."""
    return [row.title for row in file.exhibits if not row.excluded_reason]


def cite(ref: str) -> str:
    """《中华人民共和国行政处罚法》第三十三条第一款 for APL@2021:33(1)."""
    article = citations.register().by_ref.get(ref)
    return article.cite_zh() if article is not None else ""


def measure_words(item: Item) -> str:
    """责令停产停业（停业整顿），期限1个月: a penalty as the paper names it."""
    return _named(item.measure, item.detail, item.length, item.length_unit)


def frozen_words(item: dict[str, Any]) -> str:
    """The same of a penalty that was frozen in a decision (`proposal.item`)."""
    return _named(
        item["measure"], item.get("detail", ""), item.get("length"), item.get("length_unit", "")
    )


def _named(measure: str, detail: str, length: int | None, unit: str) -> str:
    words = _WORDS.get(measure) or str(Measure(measure).label)
    if measure in _BARE:
        return words
    if detail:
        words += f"（{detail}）"
    if length:
        words += f"，期限{length}{_UNITS[unit]}"
    return words


def _penalties(items: list[Item]) -> dict[str, Any]:
    return {
        "penalties": list(dict.fromkeys(measure_words(row) for row in items)),
        "fine": total(items, Measure.FINE),
        "gains": total(items, Measure.CONFISCATION),
    }


def total(items: list[Item], measure: str) -> Decimal | None:
    """The sum of the penalties of this kind in yuan; None where there is none of it."""
    sums = [row.amount for row in items if row.measure == measure and row.amount is not None]
    return sum(sums, Decimal(0)) if sums else None


def correction(file: File, respondent: Respondent, typed: Typed) -> str:
    """What stands behind 责令 and the name of the party; empty where nothing is ordered here."""
    if typed.correction.strip():
        return typed.correction
    order = file.case.order
    if respondent.is_person or order is None or order.notice is None:
        return ""
    return f"按照《{order.notice.title}》（{order.notice.number}）的要求改正"


def _defence(file: File, respondent: Respondent) -> str:
    """陈述申辩和听证情况: what was said and what became of it."""
    told = file.told(respondent)
    words = []
    if told is not None:
        day = day_zh(periods.local_date(told.given_at))
        words.append(f"{day}，本机关告知当事人拟作出处罚的内容及事实、理由、依据和依法享有的权利")
    for row in file.defences_of(respondent):
        answer = _FINDINGS.get(row.finding, "")
        text = f"当事人陈述申辩称：{_open(row.text)}"
        words.append(f"{text}。经复核，{answer}：{_open(row.answer)}" if answer else text)
    if told is not None and not file.defences_of(respondent):
        waived = told.defence == Told.Answer.WAIVED
        words.append("当事人放弃陈述和申辩" if waived else "当事人在期限内没有提出陈述和申辩")
    for hearing in file.hearings_of(respondent):
        if hearing.begun_at is not None:
            held = day_zh(periods.local_date(hearing.begun_at))
            words.append(f"本机关依当事人的申请于{held}举行听证")
    return "。".join(words)


def _circumstances(file: File, respondent: Respondent) -> str:
    """从重从轻减轻情节, and a superior's decision that explains a sum outside the range."""
    words = [
        f"当事人{_open(row.text)}，根据{row.article.cite_zh()}之规定，予以{_EFFECTS[row.effect]}处罚"
        for row in file.circumstances_of(respondent)
    ]
    words += [
        f"经{row.override_organ}{row.override_number}批准：{_open(row.override_reason)}"
        for row in file.items_of(respondent)
        if row.is_overridden
    ]
    return "。".join(words) or "当事人没有法定的从轻、减轻、从重处罚情节"


def _open(text: str) -> str:
    return text.strip().rstrip("。；")
