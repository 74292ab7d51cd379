"""What must hold after every act of a walk, read from the rows alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection

from audit.models import Event
from deadlines.models import Deadline
from legal import citations
from legal.models import Threshold
from legal.periods import local_date
from notices.models import Notice
from penalties import owed, proposal, ranges, steps
from penalties.casefile import File
from penalties.clocks import CLOCKS
from penalties.models import (
    Case,
    CaseFinding,
    CaseState,
    Decision,
    Instalment,
    OfCase,
    Respondent,
    Reviewer,
    Told,
)

#: Acts that consist of others, each of which leaves its own line.
WITH = {
    "issue_spot_decision": ("cases.record_service", "cases.record_payment"),
    "import_statement": ("cases.record_payment",),
    "match_line": ("cases.record_payment",),
}
NOT_OF_A_CASE = {"serve_hearing_notice": ()}
ALIAS = {"cases.report_again": "cases.report_findings"}

# --- The record, and what is written --------------------------------------------------------------


def is_one_act(name: str, lines: Sequence[str], result: Any) -> bool:
    """Whether these lines are the trace of exactly one act."""
    if name in NOT_OF_A_CASE:
        return not lines
    own = [line for line in lines if ALIAS.get(line, line) == f"cases.{name}"]
    parts = [line for line in lines if line in WITH.get(name, ())]
    if len(own) != 1 or len(own) + len(parts) != len(lines):
        return False
    if name == "import_statement":
        return len(parts) == result.matched
    return len(set(parts)) == len(parts)


def _every_table() -> list[str]:
    found, stack = [], [OfCase]
    while stack:
        model = stack.pop()
        stack += model.__subclasses__()
        if not model._meta.abstract:
            found.append(model._meta.db_table)
    return sorted({*found, CaseFinding._meta.db_table})


NOBODY = "00000000-0000-0000-0000-000000000000"


def fingerprint(unit: int, case: Case | None) -> tuple[Any, ...]:
    """Of every row of the case, and of what stands beside it: it changes with any of them. The last
    entry is the number of the last line in the record."""
    with connection.cursor() as cursor:
        if getattr(connection.connection, "walk_prepared", None) is None:
            cursor.execute("SELECT name FROM pg_prepared_statements WHERE name = 'walk_print'")
            if cursor.fetchone() is None:
                cursor.execute(_statement())
            connection.connection.walk_prepared = True
        cursor.execute("EXECUTE walk_print(%s, %s)", [unit, case.pk if case else NOBODY])
        rows = cursor.fetchall()
    return (*rows, rows[-1][1] or 0)


def _statement() -> str:
    def hashed(table: str, where: str) -> str:
        return f"SELECT count(*), sum(hashtext(t::text)) FROM {table} t WHERE {where}"

    parts = [hashed(table, "case_id = $2") for table in _every_table()]
    parts.append(hashed(Case._meta.db_table, "id = $2"))
    plans = f"plan_id IN (SELECT id FROM {_plan_table()} WHERE case_id = $2)"
    parts.append(hashed(Instalment._meta.db_table, plans))
    for model in (Deadline, Notice):
        parts.append(f"SELECT count(*), 0 FROM {model._meta.db_table} WHERE unit_id = $1")
    parts.append(f"SELECT 0, max(id) FROM {Event._meta.db_table}")
    return f"PREPARE walk_print(bigint, uuid) AS {' UNION ALL '.join(parts)}"


def _plan_table() -> str:
    return str(Instalment._meta.get_field("plan").related_model._meta.db_table)  # type: ignore[union-attr]


# --- The case -------------------------------------------------------------------------------------


def open_deadlines(case: Case) -> list[Deadline]:
    return owed.deadlines(case)


def rows_on(file: File, on: str) -> list[Any]:
    """The records that an act on this kind can be done on."""
    if not on:
        return [None]
    names = {
        "respondent": file.respondents,
        "told": file.tolds,
        "defence": file.defences,
        "hearing": file.hearings,
        "legalreview": file.reviews,
        "decision": file.decisions,
        "payment": file.payments,
        "plan": file.plans,
        "demand": file.demands,
        "courtapplication": file.court_applications,
        "cash": file.cashes,
        "remedy": file.remedies,
        "stay": file.stays,
        "stopmeasure": file.stop_measures,
        "closing": file.closings,
        "referral": file.referrals,
        "recusal": file.recusals,
        "preservation": file.preservations,
        "caseofficer": file.officers,
    }
    return list(names[on])


def of_case(file: File, name: str) -> Iterator[str]:
    """What is wrong with the case as it stands now."""
    case = file.case
    if case.step != steps.of(file):
        yield f"step {case.step}, and the file stands at {steps.of(file)}"
    yield from _repeated(file)
    yield from _one_each(file)
    yield from _clocks(file, name)


def _repeated(file: File) -> Iterator[str]:
    """What the row repeats stands in the decisions."""
    case = file.case
    if case.state in (CaseState.OPENED, CaseState.FILED, CaseState.DECLINED):
        if case.decided_on or case.measures or case.fine or case.outcome or case.document_number:
            yield f"{case.state}, and it repeats a decision"
        return
    if case.decided_on is None:
        if file.valid_decisions:
            yield "not decided, with a valid decision"
        return
    said = [row for row in file.decisions if row.number == case.document_number]
    if len(said) != 1:
        yield f"{case.document_number!r} is the number of {len(said)} decisions"
        return
    row = said[0]
    if (case.decided_on, list(case.measures)) != (row.decided_on, list(row.measures)):
        yield f"repeats {case.decided_on} {case.measures}, not {row.decided_on} {row.measures}"
    fines = {file.fine_of(each) for each in file.valid_decisions} | {None}
    if case.fine not in fines:
        yield f"repeats a fine of {case.fine}; there are {fines}"
    if row.is_valid and case.fine != file.fine_of(row):
        yield f"repeats a fine of {case.fine}, not {file.fine_of(row)}"


def _one_each(file: File) -> Iterator[str]:
    """Never two of what there is one of."""
    for party in file.respondents:
        valid = [row for row in file.valid_decisions if row.respondent_id == party.pk]
        if len(valid) > 1:
            yield f"{len(valid)} decisions in force on one party"
        told = [row for row in file.tolds if row.respondent_id == party.pk and not row.void_on]
        if len(told) > 1:
            yield f"{len(told)} notices in force to one party"
    waiting = [row for row in file.closings if row.approved is None]
    if len(waiting) > 1:
        yield f"{len(waiting)} requests to close"
    if waiting and file.case.state in (CaseState.CLOSED, CaseState.DECLINED):
        yield "closed, with a request to close"


def _clocks(file: File, name: str) -> Iterator[str]:
    """At most one open clock of a kind on a record, and none of the organ's on a case that ends."""
    found = open_deadlines(file.case)
    seen = [(row.kind, row.subject_id) for row in found]
    if len(seen) != len(set(seen)):
        yield f"two open clocks of one kind: {seen}"
    state = file.case.state
    if state not in (CaseState.CLOSED, CaseState.DECLINED):
        if state == CaseState.DECIDED and any(kind == "CASE_90" for kind, _pk in seen):
            yield "decided, and the ninety days run"
        if state == CaseState.FILED and not any(kind == "CASE_90" for kind, _pk in seen):
            yield "at work, and the ninety days do not run"
        return
    ours = [row.kind for row in found if CLOCKS[row.kind].duty]
    if ours and name in ("approve_closing", "terminate", "decline_filing"):
        yield f"ended, and still owed: {ours}"
    if "CASE_90" in ours:
        yield "ended, and the ninety days run"


# --- The decision ---------------------------------------------------------------------------------


def of_decision(file: File, row: Decision) -> list[str]:
    """Every condition of the gate, found out anew from the rows on the day of the decision."""
    party = next(each for each in file.respondents if each.pk == row.respondent_id)
    found = [*_people(file, row), *_proof(file, row)]
    if row.punishes:
        found += _sums(file, row, party)
    if row.kind != Decision.Kind.SPOT:
        found += _words(file, row)
        if row.punishes:
            found += _rights(file, row, party)
    if party.status != Respondent.Status.STANDING:
        found.append(f"decided on a party that is {party.status}")
    return found


def _people(file: File, row: Decision) -> Iterator[str]:
    acting = [each for each in file.officers if each.officer.certificate_valid_on(row.decided_on)]
    if len(acting) < 2:
        yield "decided with fewer than two officers"
    if row.kind == Decision.Kind.SPOT:
        return
    case = file.case
    if case.approved_at is None or case.approved_by_id in {case.filed_by_id}:
        yield "decided without an approved filing"
    investigated = {each.officer_id for each in file.all_officers} | {case.filed_by_id}
    if row.decided_by_id in investigated:
        yield "decided by somebody who investigated"
    for each in file.recusals:
        if each.granted is None:
            yield "decided while a recusal was open"


def _proof(file: File, row: Decision) -> Iterator[str]:
    if row.kind == Decision.Kind.SPOT:
        return
    used = [each for each in file.exhibits if not each.excluded_reason]
    if not used or not all(each.verified for each in used):
        yield "decided without verified evidence"
    if any(not each.disposal and each.due_on < row.decided_on for each in file.preservations):
        yield "decided with evidence kept too long"
    last = max(file.reports, key=lambda each: each.round, default=None)
    allowed = ("penalty", "no_penalty") if not row.punishes else ("penalty",)
    if last is None or last.proposal not in allowed:
        yield "decided without a report that proposes it"
    live = {each.finding_id for each in CaseFinding.objects.filter(case=file.case)}
    if CaseFinding.objects.filter(finding__in=live, live=True).exclude(case=file.case).exists():
        yield "decided on what another case holds"


def _sums(file: File, row: Decision, party: Respondent) -> Iterator[str]:
    books = citations.register()
    items = [each for each in file.items if each.respondent_id == party.pk]
    if not items:
        yield "punished without an item"
    fines = [each for each in items if each.measure == "fine"]
    if sum((each.amount or 0 for each in fines), 0) != (row.fine or 0):
        yield "the fine of the decision is not what was proposed"
    reduced = any(each.effect == "reduced" for each in file.circumstances_of(party))
    for each in fines:
        rungs = ranges.rungs(books, each.tier)
        allowed = ranges.fine(each.tier, ranges.whom(party), rungs)
        inside = allowed is not None and allowed.holds(each.amount, each.base_amount)
        ends = allowed.ends(each.base_amount) if allowed else None
        below = reduced and ends is not None and each.amount < ends[1]
        if not (inside or below or each.override_organ):
            yield f"a fine of {each.amount} outside its range"


def _in_force(rows: Sequence[Any], digest: str) -> list[Any]:
    return [each for each in rows if each.void_on is None and each.digest == digest]


def _words(file: File, row: Decision) -> Iterator[str]:
    """Review, discussion and approval, each on what is decided, by people who may."""
    digest, case = proposal.whole_digest(file), file.case
    investigated = {each.officer_id for each in file.all_officers} | {case.filed_by_id}
    approvals = _in_force(file.approvals, digest)
    if not approvals or not approvals[-1].agreed:
        yield "decided without the leader's yes"
    elif approvals[-1].entered_by_id in investigated:
        yield "approved by somebody who investigated"
    elif local_date(approvals[-1].entered_at) > row.decided_on:
        yield "approved after it was decided"
    held = any(each.begun_at is not None for each in file.hearings)
    reviews = _in_force(file.reviews, digest)
    if (held or case.is_of_public_interest or case.is_intricate) and not reviews:
        yield "decided without legal review"
    if reviews:
        last = reviews[-1]
        if last.reviewer_id in investigated:
            yield "reviewed by somebody who investigated"
        if not Reviewer.objects.filter(user=last.reviewer_id).exists():
            yield "reviewed by somebody who is no reviewer"
        current = file.report is None or last.entered_at >= file.report.entered_at
        if current and (
            last.opinion == "return" or (last.opinion == "amend" and not last.follow_up)
        ):
            yield "decided against the review"
    if case.is_grave and not any(each.agreed for each in _in_force(file.discussions, digest)):
        yield "decided without a discussion that agreed"


def _rights(file: File, row: Decision, party: Respondent) -> Iterator[str]:
    told = [each for each in file.tolds if each.respondent_id == party.pk and not each.void_on]
    if len(told) != 1:
        yield "punished without having been told"
        return
    one = told[0]
    if one.digest != proposal.digest(proposal.of(file, party)):
        yield "told something else than is decided"
    if local_date(one.given_at) > row.decided_on:
        yield "told after the decision"
    if one.defence != Told.Answer.WAIVED and row.decided_on <= one.defence_until:
        yield "decided before the time to state a defence was over"
    own = {each.pk for each in file.tolds if each.respondent_id == party.pk}
    if any(each.told_id in own and not each.finding for each in file.defences):
        yield "decided with a defence that nobody answered"
    yield from _hearing(file, row, party, one)


def _hearing(file: File, row: Decision, party: Respondent, told: Told) -> Iterator[str]:
    code = "HEARING_PERSON" if party.is_person else "HEARING_UNIT"
    least = Threshold.objects.get(pk=code).number
    if row.fine is not None and least is not None and row.fine >= least and not told.hearing_ground:
        yield "a hearing was owed, and not offered"
    asked = [each for each in file.hearings if each.told_id == told.pk]
    for each in asked:
        refused = each.accepted is False
        if not (refused or each.withdrawn_on or (each.begun_at and each.reported_on)):
            yield "decided while a hearing was open"
        if each.begun_at and each.presider_id in file.investigator_ids:
            yield "a hearing was led by somebody who investigated"
    if not told.hearing_ground or asked or told.hearing == Told.Answer.WAIVED:
        return
    until: date | None = told.hearing_until
    if until is None or row.decided_on <= until:
        yield "decided before the time to ask for a hearing was over"
