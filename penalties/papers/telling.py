"""行政处罚告知笔录: the notice before a penalty, with the party's answers to both rights.

What is told comes from the proposal as it is frozen (`penalties.proposal.of`); the record stays in
the file, signed by hand on each page (MPSP 167).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from audit.trail import Reason
from legal.models import Article
from legal.numerals import chinese
from notices import completeness, elements, kinds, papers, writing
from notices.completeness import Mend
from notices.kinds.penalties import PENALTY_NOTICE
from penalties import identity as numbers
from penalties.casefile import File
from penalties.models import Defence, Effect, Measure, Respondent, Told

_UNITS = {"day": "日", "month": "个月", "year": "年"}


@dataclass(frozen=True, kw_only=True)
class Way:
    """How it was told, beside what: who, to whom, and the answers."""

    officers: Sequence[User]
    informed: str
    published: bool = False
    defence: str = Told.Answer.LATER
    defence_text: str = ""
    defence_until: date | None = None
    finding: str = ""
    review: str = ""
    hearing_ground: str = ""
    hearing: str = Told.Answer.LATER
    hearing_until: date | None = None


def penalties(proposed: Mapping[str, Any]) -> tuple[list[str], Decimal | None, Decimal | None]:
    """The kinds as papers name them, each once; the sum of the fines, the sum of the gains."""
    words: dict[str, None] = {}
    sums: dict[str, Decimal] = {}
    for row in proposed.get("items", ()):
        measure = row["measure"]
        if measure in (Measure.FINE, Measure.CONFISCATION):
            words[_kind(measure)] = None
            sums[measure] = sums.get(measure, Decimal(0)) + Decimal(row["amount"])
        else:
            words[_kind(measure) + _more(row)] = None
    return list(words), sums.get(Measure.FINE), sums.get(Measure.CONFISCATION)


def _kind(measure: str) -> str:
    with translation.override("zh-hans"):
        return str(Measure(measure).label)


def _more(row: Mapping[str, Any]) -> str:
    term = f"{chinese(row['length'])}{_UNITS[row['length_unit']]}" if row["length"] else ""
    return f"{term}（{row['detail']}）" if row["detail"] else term


def reasons(proposed: Mapping[str, Any]) -> str:
    """The reasons of the report, and each circumstance with its article."""
    said = [writing.open_end(str(proposed["reasons"]))]
    for row in proposed["circumstances"]:
        with translation.override("zh-hans"):
            effect = str(Effect(row["effect"]).label)
        cited = Article.objects.by_ref(row["article"]).cite_zh()
        said.append(f"{writing.open_end(row['text'])}，根据{cited}，依法{effect}处罚")
    return "。".join(each for each in said if each)


def facts(
    file: File, respondent: Respondent, proposed: Mapping[str, Any], told: Way
) -> dict[str, Any]:
    """The elements of the paper."""
    kinds_, fine, gains = penalties(proposed)
    unit: Unit = file.case.unit
    identity = numbers.on_paper(respondent)
    return {
        "notifying_unit": unit.name,
        "officers": [{"name": each.name, "number": each.police_number} for each in told.officers],
        "informed": told.informed,
        "representative": "" if respondent.is_person else respondent.representative,
        "identity": identity if respondent.is_person else "",
        "penalties": kinds_,
        "fine": fine,
        "gains": gains,
        "facts": proposed["facts"],
        "reasons": reasons(proposed),
        "breaches": "、".join(proposed["breaches"]),
        "basis": "、".join(proposed["basis"]),
        "defence": _defence(told),
        "review": _review(told),
        "hearing_ground": told.hearing_ground,
        "hearing_office": hearing_office(unit) if told.hearing_ground else "",
        "hearing_answer": _hearing(told) if told.hearing_ground else "",
    }


def hearing_office(unit: Unit) -> str:
    """Who takes requests for a hearing."""
    return f"{unit.name}法制部门"


def _defence(told: Way) -> str:
    if told.published:
        return f"公告告知。{_until(told.defence_until)}未提出的，视为放弃陈述和申辩"
    if told.defence == Told.Answer.WAIVED:
        return "不提出陈述和申辩"
    if told.defence == Told.Answer.CLAIMED:
        return f"提出陈述和申辩：{told.defence_text}"
    return f"暂不表态，已知晓可以{_until(told.defence_until)}提出"


def _review(told: Way) -> str:
    if not told.finding:
        return ""
    with translation.override("zh-hans"):
        word = str(Defence.Finding(told.finding).label)
    return f"经复核，{word}。{told.review}"


def _hearing(told: Way) -> str:
    if told.published:
        return f"公告告知。{_until(told.hearing_until)}未提出的，视为放弃听证"
    if told.hearing == Told.Answer.WAIVED:
        return "不要求听证"
    if told.hearing == Told.Answer.CLAIMED:
        return "要求听证"
    return f"暂不表态，已知晓可以{_until(told.hearing_until)}提出"


def _until(day: date | None) -> str:
    return f"在{writing.date(day)}前（含当日）" if day else ""


def context(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as the template gets them."""
    return elements.context(kinds.get(PENALTY_NOTICE).elements, facts)


def lacking(file: File, respondent: Respondent, facts: Mapping[str, Any], on: date) -> list[Reason]:
    """What the paper lacks, each with the tab that mends it."""
    case = file.case
    page = case.get_absolute_url()
    party = Mend(f"{page}?tab=parties#respondent-{respondent.pk}", _("去补填当事人"))
    report = Mend(f"{page}?tab=inquiry", _("去补填调查报告"))
    items = Mend(f"{page}?tab=proposal#respondent-{respondent.pk}", _("去补填处罚建议"))
    mends = {
        "representative": party,
        "identity": party,
        "facts": report,
        "reasons": report,
        "breaches": Mend(f"{page}?tab=case", _("去核对所涉问题的条款")),
        "penalties": items,
        "basis": items,
    }
    found = papers.can_issue(PENALTY_NOTICE, case.unit, respondent.name, context(facts), on)
    if respondent.is_person and not facts["identity"]:
        # The form tells persons from units by their particulars.
        found = [each for each in found if each.field != "representative"]
        text = _("没有登记%(name)s的身份证件号码。") % {"name": respondent.name}
        found.append(Reason(text, basis="MPSP@2020:167", field="identity"))
    return completeness.linked(found, mends, unit=case.unit)
