"""Who acted, and upon whom: officers, certificates, recusals, parties; and whether it may be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notices import elements
from penalties import gate
from penalties.gate import standing
from penalties.models import (
    CaseOfficer,
    CaseState,
    Exhibit,
    OfCase,
    Preservation,
    Route,
    Statement,
    Told,
)
from penalties.papers import decisions
from penalties.review.rules import MAJOR, MINOR, SERIOUS, Fault, Look, local, rule, said

TWO = 2


@rule("unfiled", gettext_lazy("立案没有审批"), SERIOUS, "APL@2021:54(2)")
def unfiled(look: Look) -> Iterator[Fault]:
    case = look.case
    waits = case.state in (CaseState.OPENED, CaseState.DECLINED)
    if case.route == Route.ORDINARY and not waits and case.approved_at is None:
        yield Fault(_("案件没有立案审批记录。"), tab="case")


@rule("limitation", gettext_lazy("超过追究时效"), SERIOUS, "APL@2021:36(1)")
def too_old(look: Look) -> Iterator[Fault]:
    """Only where somebody is (to be) punished: an act that lapsed may still be corrected."""
    file = look.file
    if look.decisions and not any(row.punishes for row in look.decisions):
        return
    if file.items:
        party = file.items[0].respondent
        asked = gate.Asked(file, party, gate.PENALTY, look.day)
        for reason in standing.limitation(asked).reasons:
            yield Fault(str(reason.text), tab="case")


@rule("fined_twice", gettext_lazy("同一违法行为重复罚款"), SERIOUS, "APL@2021:29")
def fined_twice(look: Look) -> Iterator[Fault]:
    """A fine stands in another case upon the same finding, on the same party (29)."""
    fined = {row.respondent_id: row for row in look.decisions if row.fine is not None}
    parties = [row for row in look.file.respondents if row.pk in fined]
    for other in look.file.decided_elsewhere:
        for party in parties:
            mine = fined[party.pk]
            earlier = other.decided_on <= mine.decided_on
            if earlier and _same(party, other.respondent):
                text = _("同一违法行为已由%(number)s罚款，又罚款一次。")
                yield Fault(said(text, number=other.number), row=mine)


def _same(one: Any, other: Any) -> bool:
    if one.is_person != other.is_person:
        return False
    if one.is_person:
        return bool(one.identity_index) and one.identity_index == other.identity_index
    return one.enterprise_id is not None and one.enterprise_id == other.enterprise_id


@rule("two_officers", gettext_lazy("办案民警不足二人"), SERIOUS, "APL@2021:42(1)")
def two_officers(look: Look) -> Iterator[Fault]:
    """On the day of each decision, and today while there is none."""
    days = sorted({row.decided_on for row in look.decisions})
    if not days and not look.is_over:
        days = [look.today]
    for day in days:
        if len({row.officer_id for row in look.file.all_officers if _on_case(row, day)}) < TWO:
            yield Fault(said(_("%(day)s办案的民警不足二人。"), day=day), tab="case")


def _on_case(row: CaseOfficer, day: date) -> bool:
    return row.from_on <= day and (row.until_on is None or day <= row.until_on)


def _acts(look: Look) -> Iterator[tuple[Any, date, OfCase]]:
    """(officer, day, record) of every act that officers have to sign."""
    file = look.file
    rows: list[tuple[Statement | Told | Preservation | Exhibit, date]] = [
        *((row, local(row.begun_at)) for row in file.statements),
        *((row, local(row.given_at)) for row in file.tolds),
        *((row, local(row.taken_at)) for row in file.preservations),
        *((row, row.collected_on) for row in file.exhibits if row.statement_id is None),
    ]
    for row, day in rows:
        for officer_id in (row.officer_1_id, row.officer_2_id):
            if officer_id is not None:
                yield officer_id, day, row


@rule("certificate", gettext_lazy("执法证在办理之日已过期"), MAJOR, "APL@2021:42(1)")
def certificate(look: Look) -> Iterator[Fault]:
    """By the certificate that the case keeps, not by that of today; each record once."""
    kept = {row.officer_id: row for row in look.file.all_officers}
    for officer_id, day, record in _acts(look):
        row = kept.get(officer_id)
        if row is None or row.certificate_expires_on is None:
            continue
        if day > row.certificate_expires_on:
            text = _("%(name)s的执法证%(end)s到期，%(day)s仍参与办理（%(what)s）。")
            yield Fault(
                said(
                    text,
                    name=row.name,
                    end=row.certificate_expires_on,
                    day=day,
                    what=record._meta.verbose_name,
                ),
                row=record,
            )


@rule("recused", gettext_lazy("决定回避后仍参与办理"), SERIOUS, "APL@2021:43")
def recused(look: Look) -> Iterator[Fault]:
    gone = {
        row.person_id: row
        for row in look.file.recusals
        if row.granted and row.decided_on is not None
    }
    for officer_id, day, record in _acts(look):
        row = gone.get(officer_id)
        if row is not None and row.decided_on is not None and day > row.decided_on:
            text = _("%(name)s已于%(on)s决定回避，%(day)s仍参与办理（%(what)s）。")
            yield Fault(
                said(
                    text,
                    name=row.person.name,
                    on=row.decided_on,
                    day=day,
                    what=record._meta.verbose_name,
                ),
                row=record,
            )


@rule("recusal_late", gettext_lazy("回避没有按时决定"), MINOR, "MPSP@2020:21")
def recusal_late(look: Look) -> Iterator[Fault]:
    for row in look.file.recusals:
        if (row.decided_on or look.today) > row.due_on:
            text = _("%(name)s的回避应在%(due)s前决定。")
            yield Fault(said(text, name=row.person.name, due=row.due_on), row=row)


@rule("particulars", gettext_lazy("当事人身份项目不全"), MAJOR, "MPSP@2020:175")
def particulars(look: Look) -> Iterator[Fault]:
    """As the paper of the decision has to name the party (MPSP 175; on the spot 38)."""
    for decision in look.decisions:
        party = decision.respondent
        lacking = elements.missing(
            decisions.party_elements(decision.kind), decisions.party_facts(party)
        )
        if lacking:
            words = _("、").join(str(each.text).rstrip("。") for each in lacking)
            text = said(_("%(name)s：%(what)s。"), name=party.name, what=words)
            yield Fault(text, row=party, basis=lacking[0].basis)


@rule("referral_late", gettext_lazy("移送超过二十四小时"), MINOR, "MPSP@2020:61")
def referral_late(look: Look) -> Iterator[Fault]:
    """Another police unit is competent: within a day of finding out; nights count."""
    for row in look.file.referrals:
        if row.found_at is None or row.to != row.To.POLICE:
            continue
        if (row.sent_on - local(row.found_at)).days > 1:
            text = _("%(found)s发现不属于本单位管辖，%(sent)s才移送%(organ)s。")
            yield Fault(said(text, found=row.found_at, sent=row.sent_on, organ=row.organ), row=row)
