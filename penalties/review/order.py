"""Days out of order: each pair of acts that the procedure puts one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from penalties.models import OfCase
from penalties.review.rules import MAJOR, SERIOUS, Fault, Look, local, rule, said

#: (earlier day, later day, the record on which the later one stands)
Pairs = Iterator[tuple[date | None, date | None, OfCase | None]]


def _pair(
    code: str, word: str | Promise, severity: str, basis: str
) -> Callable[[Callable[[Look], Pairs]], Callable[[Look], Iterator[Fault]]]:
    """A rule that two days stand in this order; the same day is in order."""

    def keep(days: Callable[[Look], Pairs]) -> Callable[[Look], Iterator[Fault]]:
        def check(look: Look) -> Iterator[Fault]:
            for first, then, row in days(look):
                if first is not None and then is not None and then < first:
                    text = _("%(what)s：%(then)s早于%(first)s。")
                    yield Fault(said(text, what=word, then=then, first=first), row=row)

        check.__doc__ = days.__doc__
        return rule(code, word, severity, basis)(check)  # type: ignore[return-value]

    return keep


def _told_of(look: Look) -> Iterator[tuple[Any, Any]]:
    """(decision, notice) where the party of a decision was told at all; the last notice."""
    for decision in look.punishing:
        rows = [row for row in look.file.tolds if row.respondent_id == decision.respondent_id]
        if rows:
            yield decision, rows[-1]


@_pair("order_visit", gettext_lazy("立案早于检查"), MAJOR, "APL@2021:54(2)")
def visit_filing(look: Look) -> Pairs:
    """A case beside a visit is filed on its day or later."""
    if look.case.inspection is not None and look.case.route == "ordinary":
        yield look.case.inspection.day, look.case.filed_on, None


@_pair("order_statement", gettext_lazy("询问早于立案"), MAJOR, "APL@2021:54(2)")
def filing_statement(look: Look) -> Pairs:
    """Questions to a party as such; those of the visit stand in its own record."""
    if look.case.route == "ordinary":
        for row in look.file.statements:
            yield look.case.filed_on, local(row.begun_at), row


@_pair("order_evidence", gettext_lazy("调查终结早于取得证据"), MAJOR, "APL@2021:57(1)")
def evidence_report(look: Look) -> Pairs:
    report = look.file.report
    if report is not None:
        for row in look.file.exhibits:
            if not row.excluded_reason:
                yield row.collected_on, report.reported_on, row


@_pair("order_report", gettext_lazy("调查终结早于立案"), MAJOR, "APL@2021:54(2)")
def filing_report(look: Look) -> Pairs:
    for row in look.file.reports:
        yield look.case.filed_on, row.reported_on, row


@_pair("order_told", gettext_lazy("告知早于调查终结"), MAJOR, "APL@2021:44")
def report_told(look: Look) -> Pairs:
    """The first report: what was told again rests on a later one, or on the same."""
    if look.file.reports:
        for row in look.file.tolds:
            yield look.file.reports[0].reported_on, local(row.given_at), row


@_pair("order_decided_told", gettext_lazy("决定早于告知"), SERIOUS, "APL@2021:44")
def told_decided(look: Look) -> Pairs:
    for decision, told in _told_of(look):
        if look.told(decision) is None:
            yield local(told.given_at), decision.decided_on, decision


@_pair("order_hearing", gettext_lazy("决定早于听证结束"), SERIOUS, "APL@2021:65")
def hearing_decided(look: Look) -> Pairs:
    by_party = {row.respondent_id: row for row in look.punishing}
    whose = {row.pk: row.respondent_id for row in look.file.tolds}
    for row in look.file.hearings:
        decision = by_party.get(whose[row.told_id])
        if decision is not None and row.ended_at is not None:
            yield local(row.ended_at), decision.decided_on, row


@_pair("order_hearing_report", gettext_lazy("听证报告早于听证"), MAJOR, "APL@2021:65")
def hearing_report(look: Look) -> Pairs:
    for row in look.file.hearings:
        if row.ended_at is not None:
            yield local(row.ended_at), row.reported_on, row


def _first_decided(look: Look) -> date | None:
    return min((row.decided_on for row in look.ordinary), default=None)


@_pair("order_review", gettext_lazy("决定早于法制审核"), SERIOUS, "APL@2021:58(1)")
def review_decided(look: Look) -> Pairs:
    """The first review; a later one belongs to a later decision."""
    if look.file.reviews:
        first = look.file.reviews[0]
        yield first.given_on, _first_decided(look), first


@_pair("order_review_hearing", gettext_lazy("法制审核早于听证"), MAJOR, "APL@2021:58(1)[2]")
def hearing_review(look: Look) -> Pairs:
    """What was heard is reviewed: the last review comes after the last hearing."""
    ended = [local(row.ended_at) for row in look.file.hearings if row.ended_at]
    if ended and look.file.reviews:
        last = look.file.reviews[-1]
        yield max(ended), last.given_on, last


@_pair("order_discussion", gettext_lazy("决定早于集体讨论"), SERIOUS, "APL@2021:57(2)")
def discussion_decided(look: Look) -> Pairs:
    if look.file.discussions:
        first = look.file.discussions[0]
        yield local(first.held_at), _first_decided(look), first


@_pair("order_approval", gettext_lazy("决定早于审批"), SERIOUS, "APL@2021:57(1)")
def approval_decided(look: Look) -> Pairs:
    agreed = [row for row in look.file.approvals if row.agreed]
    if agreed:
        yield local(agreed[0].entered_at), _first_decided(look), agreed[0]


@_pair("order_filed", gettext_lazy("决定早于立案"), SERIOUS, "APL@2021:54(2)")
def filing_decided(look: Look) -> Pairs:
    for row in look.ordinary:
        yield look.case.filed_on, row.decided_on, row


@_pair("order_payment", gettext_lazy("缴款早于决定"), MAJOR, "APL@2021:67")
def decided_payment(look: Look) -> Pairs:
    by_id = {row.pk: row for row in look.file.decisions}
    for row in look.file.payments:
        if row.void_on is None:
            yield by_id[row.decision_id].decided_on, row.paid_on, row


@_pair("order_demand", gettext_lazy("催告早于缴款期限届满"), MAJOR, "AEL@2011:54")
def payment_demand(look: Look) -> Pairs:
    by_id = {row.pk: row for row in look.file.decisions}
    for row in look.file.demands:
        yield by_id[row.decision_id].payment_due_on, row.made_on, row


@_pair("order_closing", gettext_lazy("结案早于决定"), MAJOR, "MPSP@2020:258")
def decided_closing(look: Look) -> Pairs:
    for row in look.decisions:
        yield row.decided_on, look.case.closed_on, row
