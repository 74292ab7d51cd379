"""Where the procedure of a case stands, from the facts in its file alone.

The step says whose turn it is, not whether it is late: that is asked of the calendar on the page.
"""

from __future__ import annotations

from penalties import owing
from penalties.casefile import File
from penalties.models import CaseState, Decision, Report, Route, Step

#: The steps of the ordinary procedure, in their order; the hearing is shown where there is one.
ORDINARY = (
    Step.FILING,
    Step.INQUIRY,
    Step.TELLING,
    Step.HEARING,
    Step.DECIDING,
    Step.SERVING,
    Step.PERFORMING,
    Step.CLOSING,
)
SPOT = (Step.DECIDING, Step.SERVING, Step.PERFORMING, Step.CLOSING)


def of(file: File) -> Step:
    """The step that the file stands at."""
    case = file.case
    if case.state == CaseState.OPENED:
        return Step.FILING
    if case.state in (CaseState.CLOSED, CaseState.DECLINED):
        return Step.DONE
    if case.state == CaseState.DECIDED:
        return _after_decision(file)
    if case.route == Route.SPOT:
        return Step.DECIDING
    report = file.report
    if report is None:
        return Step.INQUIRY
    if report.proposal in (Report.Proposal.REFERRAL, Report.Proposal.TERMINATION):
        return Step.CLOSING
    if report.proposal == Report.Proposal.PENALTY:
        return _before_penalty(file)
    return Step.DECIDING


def _before_penalty(file: File) -> Step:
    open_to_it = [row for row in file.standing_respondents if file.decision(row) is None]
    if not open_to_it or any(file.told(row) is None for row in open_to_it):
        return Step.TELLING
    if any(not row.is_over for row in file.hearings if _in_force(file, row.told_id)):
        return Step.HEARING
    return Step.DECIDING


def _in_force(file: File, told_id: object) -> bool:
    return any(row.pk == told_id and row.void_on is None for row in file.tolds)


def _after_decision(file: File) -> Step:
    if any(decision.served_on is None for decision in file.valid_decisions):
        return Step.SERVING
    if any(not is_performed(file, decision) for decision in file.valid_decisions):
        return Step.PERFORMING
    return Step.CLOSING


def is_performed(file: File, decision: Decision) -> bool:
    """Whether nothing of the decision is left to be done: the fine paid, every measure over."""
    if not owing.fine_is_paid(file, decision):
        return False
    return all(
        row.lifted_on is not None or row.ends_on is None
        for row in file.stop_measures
        if row.decision_id == decision.pk
    )
