"""What a case adds to the self-review of a file: its dates, and the notes on its clauses.

A case punishes what the findings of its order (of its visit, where there is none) cite. The rules
of the decision are asked with its day: until there is one, with today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from inspections import noted
from inspections.models import Finding
from legal import citations
from legal.citations import Note, Register
from penalties.models import Case
from rectification import review
from rectification.reasons import day_words
from rectification.review import DEFECT, OK, REMIND, Check, Facts, Looked, Moment, Review, Section

#: What only a decision has to mind; the rest is said at the finding itself.
OF_DECISIONS = frozenset(
    {"lighter_law", "same_act_two_laws", "not_competent", "referral", "persons"}
)
DECIDE_BY = "APL@2021:60"


def findings_of(case: Case) -> list[Finding]:
    """What the case is about, with citations."""
    rows = Finding.objects.with_citations().select_related("inspection__unit")
    about = rows.filter(casefindings__case=case)
    return list(about.order_by("inspection__started_at", "inspection_id", "ordinal"))


def decision_notes(finding: Finding, books: Register, decided_on: date) -> list[Note]:
    """The notes that a decision on that day has to mind."""
    found = noted.notes(finding, books, decided_on=decided_on)
    return [note for note in found if note.code in OF_DECISIONS]


def looked(
    findings: Sequence[Finding],
    books: Register,
    decided_on: date,
    numbers: Mapping[UUID, int] | None = None,
) -> tuple[Looked, ...]:
    """The penalty clauses with the notes on them; findings that cite the same and of which the same
    is said stand together. `numbers` are those of the order, if the page has one."""
    groups: dict[Any, tuple[Looked, list[int]]] = {}
    for finding in findings:
        entry = review.finding_entry(
            finding,
            books,
            decision_notes(finding, books, decided_on),
            number=(numbers or {}).get(finding.pk, finding.ordinal),
            url=f"{finding.inspection.get_absolute_url()}#finding-{finding.ordinal}",
        )
        same = (entry.cited, tuple(note["text"] for note in entry.notes))
        groups.setdefault(same, (entry, []))[1].append(entry.ordinal)
    return tuple(
        replace(entry, name=review.numbered(ordinals), together=True)
        if len(ordinals) > 1
        else entry
        for entry, ordinals in groups.values()
    )


def section(
    case: Case,
    findings: Sequence[Finding],
    books: Register,
    today: date,
    numbers: Mapping[UUID, int] | None = None,
) -> Section:
    """The part of a review that one case fills."""
    decided_on = case.decided_on or today
    words = {"day": day_words(decided_on)}
    return Section(
        title=_("行政处罚案件（%(cause)s）") % {"cause": case.cause},
        url=case.get_absolute_url(),
        text=_("按决定之日（%(day)s）核对") % words
        if case.decided_on
        else _("还没有决定，按今天（%(day)s）核对") % words,
        moments=moments(case, today),
        findings=looked(findings, books, decided_on, numbers),
    )


def moments(case: Case, today: date) -> tuple[Moment, ...]:
    """Filing, the last day of the decision, the decision, closing."""
    found = [
        Moment(
            name=pgettext("表头", "立案"),
            day=case.filed_on,
            who=case.filed_by.name,
            basis=("APL@2021:54(2)",),
            url=case.get_absolute_url(),
            checks=(_after_visit(case),),
        ),
        _last_day(case, today),
    ]
    if case.decided_on is not None:
        early = case.decided_on < case.filed_on
        late = case.decision_due_on is not None and case.decided_on > case.decision_due_on
        found.append(
            Moment(
                name=_("处罚决定"),
                day=case.decided_on,
                who=case.decision_entered_by.name if case.decision_entered_by else "",
                why=case.decision_note,
                number=case.document_number,
                url=f"{case.get_absolute_url()}#decision",
                checks=(
                    Check(DEFECT, _("决定早于立案")) if early else Check(OK, _("不早于立案之日")),
                    Check(DEFECT, _("决定超过办案期限"), basis=DECIDE_BY)
                    if late
                    else Check(OK, _("在办案期限内决定"), basis=DECIDE_BY),
                    Check(OK, _("登记了决定书文号"))
                    if case.document_number
                    else Check(
                        REMIND,
                        _("没有登记决定书文号"),
                        url=case.get_absolute_url(),
                        url_text=_("看案件"),
                    ),
                ),
            )
        )
    if case.closed_on is not None:
        found.append(
            Moment(name=pgettext("表头", "结案"), day=case.closed_on, why=case.closing_reason)
        )
    return tuple(sorted(found, key=lambda each: each.day or date.max))


def _after_visit(case: Case) -> Check:
    if case.inspection is not None and case.filed_on < case.inspection.day:
        return Check(DEFECT, _("立案早于检查"))
    return Check(OK, _("不早于检查之日"))


def _last_day(case: Case, today: date) -> Moment:
    derivation = case.decision_derivation
    language = "zh" if review.in_chinese() else "en"
    checks: tuple[Check, ...] = ()
    due = case.decision_due_on
    if case.decided_on is None and case.closed_on is None and due is not None and today > due:
        late = (today - due).days
        text = ngettext("办案期限已超过 %(n)d 天", "办案期限已超过 %(n)d 天", late) % {"n": late}
        checks = (Check(DEFECT, text, basis=DECIDE_BY, url=case.get_absolute_url()),)
    return Moment(
        name=_("办案期限到期"),
        day=case.decision_due_on,
        why=str(derivation.get(f"sentence_{language}", "")),
        basis=tuple(derivation.get("basis", ())),
        url=case.get_absolute_url(),
        checks=checks,
    )


@review.section
def beside_order(facts: Facts) -> list[Section]:
    """The cases from the visit of the order, for whoever may see cases; one query."""
    if not facts.user.may("cases.view") or facts.order.issued_at is None:
        return []
    cases = (
        Case.objects.visible_to(facts.user)
        .filter(inspection_id=facts.order.inspection_id)
        .select_related("filed_by", "decision_entered_by")
        .order_by("filed_on", "id")
    )
    found = []
    for case in cases:
        case.inspection = facts.order.inspection
        found.append(section(case, facts.findings, facts.books, facts.today, facts.numbers))
    return found


def cited(case: Case, today: date) -> tuple[Review, Register]:
    """What dates and clauses of a case have to mind, with the register that was looked at."""
    books = citations.register()
    return Review([section(case, findings_of(case), books, today)], today), books
