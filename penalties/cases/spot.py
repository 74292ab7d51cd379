"""A penalty on the spot (当场处罚, 行政处罚法 51, 52, 68; MPSP 37–39).

    issue_spot_decision   opens the case, decides and hands the paper over, in one transaction
    file_with_unit        within twenty-four hours the paper is filed with the unit

What is typed on the phone becomes a `File` in memory (`sketch`) before anything is written: the
gate reads it like any other file, with conditions of its own (`penalties.gate.spot`).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason
from inspections.models import Finding, Inspection
from legal import periods
from legal.models import PenaltyTier
from notices import previews
from notices.models import Preview, Service
from penalties import clocks, gate
from penalties.casefile import File
from penalties.cases import _ninety, _row, collecting, deciding, opening, serving
from penalties.models import (
    Case,
    CaseFinding,
    CaseState,
    Decision,
    Item,
    Measure,
    Origin,
    Payment,
    Respondent,
    Route,
)
from penalties.papers import decisions as wording
from penalties.papers.typed import Typed

trail.words(
    {
        "cases.issue_spot_decision": gettext_lazy("当场处罚"),
        "cases.file_with_unit": gettext_lazy("当场处罚备案"),
    }
)
trail.tones({"cases.issue_spot_decision": "key"})

#: Everything else in a file that a penalty on the spot has none of.
_EMPTY = (
    "statements",
    "exhibits",
    "preservations",
    "appraisals",
    "recusals",
    "exclusions",
    "reports",
    "circumstances",
    "tolds",
    "defences",
    "hearings",
    "reviews",
    "discussions",
    "approvals",
    "decisions",
    "handled_elsewhere",
)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the officers say on the spot.

    Args:
        person: particulars of a person, by the names of `Respondent`; empty for the unit.
        amount: of the fine, yuan; None for a warning alone.
        recipient, relation: who signed for the paper; `refusal` and `filmed` or `witness` where
            it was refused and left.
    """

    finding: Finding
    tier: PenaltyTier
    measures: Sequence[str]
    officers: Sequence[User]
    facts: str
    cause: str
    person: dict[str, str] = field(default_factory=dict)
    amount: Decimal | None = None
    receipt_number: str = ""
    recipient: str = ""
    relation: str = ""
    refusal: str = ""
    witness: str = ""
    filmed: bool = False
    typed: Typed


def can_issue_spot_decision(inspection: Inspection) -> list[Reason]:
    """Why nothing can be punished on the spot from this visit at all."""
    if not inspection.is_final:
        text = _("检查记录还没有签字确认，不能据以处罚。")
        url = inspection.get_absolute_url()
        return [Reason(text, "APL@2021:55", url=url, url_text=_("去完成检查记录"))]
    if not open_findings(inspection):
        text = _("这次检查没有可以当场处罚的违法行为：没有发现，或者都已立案。")
        return [Reason(text, "APL@2021:51", url=inspection.get_absolute_url())]
    return []


def open_findings(inspection: Inspection) -> list[Finding]:
    """What was found at the visit and is in no live case."""
    rows = inspection.findings.select_related("inspection__unit", "violation_type")
    rows = rows.prefetch_related("citations__article__version__law", "citations__article__tiers")
    return list(rows.exclude(casefindings__live=True).order_by("ordinal"))


def sketch(inspection: Inspection, given: Given, *, by: User, at: datetime) -> File:
    """The file as it would be, nothing written."""
    day = periods.local_date(at)
    counted = _counted(day)
    case = Case(
        unit=inspection.unit,
        enterprise=inspection.enterprise,
        inspection=inspection,
        origin=Origin.INSPECTION,
        cause=given.cause,
        summary=given.facts[: opening.LONGEST_SUMMARY],
        found_on=inspection.day,
        route=Route.SPOT,
        state=CaseState.FILED,
        filed_on=day,
        filed_by=by,
        decision_due_on=counted.due,
        decision_derivation=counted.derivation,
    )
    respondent = _respondent(case, given, by=by, at=at)
    file = File(case)
    file.__dict__.update({name: [] for name in _EMPTY})
    file.__dict__.update(
        findings=[given.finding],
        respondents=[respondent],
        all_officers=[
            opening.handler(case, officer, on=day, by=by, at=at) for officer in given.officers
        ],
        items=_items(case, respondent, given, by=by, at=at),
        decided_elsewhere=_fined(given.finding),
    )
    return file


def _fined(finding: Finding) -> list[Decision]:
    """Fines that stand upon this finding."""
    rows = Decision.objects.filter(case__casefindings__finding=finding, fine__isnull=False)
    standing = [Decision.Standing.VALID, Decision.Standing.CHANGED]
    return list(rows.filter(standing__in=standing).select_related("respondent", "case"))


def _counted(day: date) -> periods.Period:
    return clocks.due(_ninety.KIND, day)


def _respondent(case: Case, given: Given, *, by: User, at: datetime) -> Respondent:
    enterprise = case.enterprise
    row = Respondent(case=case, entered_at=at, entered_by=by, facts=given.facts)
    if given.person:
        row.kind, row.role = Respondent.Kind.PERSON, Respondent.Role.PARTY
        for name, value in given.person.items():
            setattr(row, name, value)
        return row
    row.kind, row.enterprise, row.name = Respondent.Kind.UNIT, enterprise, enterprise.name
    row.credit_code = enterprise.uscc or ""
    row.representative, row.address = enterprise.legal_representative, enterprise.address
    return row


def _items(
    case: Case, respondent: Respondent, given: Given, *, by: User, at: datetime
) -> list[Item]:
    article = given.tier.article
    clause = {"ref": article.ref, "cite": article.cite_zh(), "tier": given.tier.tier}
    found = []
    for place, measure in enumerate(given.measures, 1):
        row = Item(
            case=case,
            entered_at=at,
            entered_by=by,
            respondent=respondent,
            position=place,
            measure=measure,
            tier=given.tier,
            clause=clause | {"condition": given.tier.condition_zh},
            condition_met=given.typed.is_clear,
            condition_reason=given.facts[:1000],
            amount=given.amount if measure == Measure.FINE else None,
        )
        row._prefetched_objects_cache = {"findings": [given.finding]}  # type: ignore[attr-defined]
        found.append(row)
    return found


def owed(file: File, given: Given, *, by: User, today: date) -> list[Reason]:
    """Everything that stands against it: the gate, and what the delivery lacks."""
    respondent = file.respondents[0]
    found = gate.reasons(gate.of(file, respondent, gate.SPOT, today, given.typed))
    if by not in given.officers:
        text = _("由在场的办案民警本人办理。")
        found.append(Reason(text, "APL@2021:52", field="officers"))
    fined = Measure.FINE in given.measures
    if given.amount is not None and not fined:
        found.append(Reason(_("填写了金额，但没有选择罚款。"), "APL@2021:9", field="measures"))
    at_once = given.typed.collection == Decision.Collection.AT_ONCE
    if fined and at_once and not given.receipt_number.strip():
        text = _("当场收缴的，写明出具的专用票据号。")
        found.append(Reason(text, "APL@2021:70", field="receipt_number"))
    return found


@transaction.atomic
def issue_spot_decision(
    inspection: Inspection,
    given: Given,
    *,
    by: User,
    at: datetime,
    form_token: uuid.UUID | None = None,
) -> Decision:
    """Open the case, decide, and hand the paper over at once. The same form twice gives the
    decision that it made.

    Raises Refused: the gate's unmet conditions, or the paper was not handed over properly.
    """
    Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
    if form_token is not None:
        made = Decision.objects.filter(case__form_token=form_token, entered_by=by).first()
        if made is not None:
            return made
    today = periods.local_date(at)
    file = sketch(inspection, given, by=by, at=at)
    _row.refuse(can_issue_spot_decision(inspection) + owed(file, given, by=by, today=today))
    case, respondent = file.case, file.respondents[0]
    _save(file, given, form_token)
    worded = wording.worded(file, respondent, gate.SPOT, given.typed, on=today)
    decision = deciding.keep(
        file,
        respondent,
        gate.SPOT,
        file.items,
        given.typed,
        by=by,
        at=at,
        place=given.typed.place,
        defence=given.typed.defence,
        collection=given.typed.collection or Decision.Collection.BANK,
    )
    clocks.start(
        "SPOT_FILE_24H",
        decision,
        clocks.due("SPOT_FILE_24H", at),
        case=case,
        by=by,
        at=at,
        owner=by,
    )
    deciding.issue_paper(case, decision, worded, by=by, at=at)
    said = {
        "row": f"{decision._meta.label_lower}:{decision.pk}",
        "number": decision.number,
        "measures": decision.measures,
        "fine": decision.fine,
    }
    deciding.close_deciding(
        case, File(case), verb="cases.issue_spot_decision", said=said, by=by, at=at
    )
    decision.case = case
    serving.record_service(decision, by=by, at=at, **_delivery(given, today))
    if decision.fine is not None and decision.collection == Decision.Collection.AT_ONCE:
        decision.case = case
        collecting.record_payment(
            decision,
            by=by,
            at=at,
            paid_on=today,
            amount=decision.fine,
            way=Payment.Way.CASH,
            receipt_number=given.receipt_number,
        )
    return decision


def _save(file: File, given: Given, form_token: uuid.UUID | None) -> None:
    """What was sketched becomes rows."""
    case = file.case
    case.form_token = form_token or uuid.uuid4()
    case.save(force_insert=True)
    CaseFinding.objects.create(case=case, finding=given.finding)
    for row in [*file.respondents, *file.all_officers, *file.items]:
        row.save(force_insert=True)
    for item in file.items:
        item._prefetched_objects_cache = {}  # type: ignore[attr-defined]
        item.findings.set([given.finding])


def _delivery(given: Given, today: date) -> dict[str, Any]:
    """The facts of `notices.service.record`: handed over, or refused and left."""
    first, second = [*given.officers, None, None][:2]
    facts: dict[str, Any] = {
        "attempted_on": today,
        "place": given.typed.place,
        "servers": (first, second),
        "recipient": given.recipient,
        "relation": given.relation,
        "method": Service.Method.DIRECT,
        "outcome": Service.Outcome.SERVED,
    }
    if not given.refusal.strip():
        return facts
    return facts | {
        "method": Service.Method.LEFT,
        "outcome": Service.Outcome.LEFT,
        "refusal": given.refusal,
        "witness": given.witness,
        "filmed": given.filmed,
    }


def preview(inspection: Inspection, given: Given, *, by: User, at: datetime) -> Preview:
    """The paper as it would be issued now, whole or not. Raises Refused as `previews.make`."""
    file, today = sketch(inspection, given, by=by, at=at), periods.local_date(at)
    worded = wording.worded(file, file.respondents[0], gate.SPOT, given.typed, on=today)
    return previews.make(
        worded.kind,
        unit=inspection.unit,
        addressee=worded.addressee,
        context=worded.context,
        subject=inspection,
        by=by,
        at=at,
        demonstration=inspection.is_demonstration,
        lacking=owed(file, given, by=by, today=today),
    )


# --- Filed with the unit ----------------------------------------------------------------------


def can_file_with_unit(file: File, row: Decision, user: User, today: date) -> list[Reason]:
    """Why a decision on the spot cannot be filed."""
    if row.kind != Decision.Kind.SPOT:
        return [Reason(_("只有当场处罚决定需要备案。"), basis="MPSP@2020:39")]
    if row.filed_with_unit_at is not None:
        return [Reason(_("已经备案。"), basis="MPSP@2020:39")]
    return []


@transaction.atomic
def file_with_unit(decision: Decision, *, by: User, at: datetime, filed_at: datetime) -> Decision:
    """The paper was filed with the unit (52(3), MPSP 39) at that moment. Late is late, and stays
    so. Raises Refused."""
    case = _row.lock(decision.case)
    file = File(case)
    row = next(each for each in file.decisions if each.pk == decision.pk)
    found = can_file_with_unit(file, row, by, periods.local_date(at))
    if filed_at > at:
        found.append(Reason(_("备案时间不能晚于现在。"), field="filed_at"))
    if filed_at < row.entered_at:
        found.append(Reason(_("备案时间不能早于决定。"), field="filed_at"))
    _row.refuse(found)
    row.filed_with_unit_at = filed_at
    row.version += 1
    row.save(update_fields=["filed_with_unit_at", "version"])
    clocks.meet("SPOT_FILE_24H", row, on=periods.local_date(filed_at), by=by, at=at)
    _row.settle(case, at=at)
    _row.record("cases.file_with_unit", case, by=by, at=at, row=row)
    return row
