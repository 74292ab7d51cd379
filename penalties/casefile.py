"""The file of a case in memory: every record, each kind read once, on first use.

Gate, self-review, steps and pages read a `File` and ask no further query, so that what one of them
sees the others see too. A `File` is of one moment: make a new one after a verb.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, prefetch_related_objects

from accounts.models import User
from inspections.models import Finding
from legal.citations import register
from notices.models import Scan, Service
from notices.shown import Articles
from penalties.models import (
    Appraisal,
    Approval,
    Case,
    CaseFinding,
    CaseOfficer,
    Cash,
    Circumstance,
    Closing,
    CourtApplication,
    Decision,
    Defence,
    Demand,
    Discussion,
    Exclusion,
    Exhibit,
    Hearing,
    Interview,
    Item,
    LegalReview,
    Payment,
    Plan,
    Preservation,
    Recusal,
    Referral,
    Remedy,
    Report,
    Respondent,
    Reviewer,
    Statement,
    Stay,
    StopCheck,
    StopMeasure,
    Told,
)

#: Where the file keeps what other records of it rest on.
_HOMES: dict[Any, str] = {
    Respondent: "respondents",
    Told: "tolds",
    Decision: "decisions",
    StopMeasure: "stop_measures",
    Payment: "payments",
}
_PAPER = ("notice",)
_UNREAD = ("notice__words", "notice__snapshot", "notice__fingerprint")


@cache
def _keys(model: Any) -> tuple[Any, ...]:
    """The foreign keys of a kind of record, but for its case and its own kind."""
    return tuple(
        field
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model not in (Case, model)
    )


class File:
    """Everything in the file of one case."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @cached_property
    def articles(self) -> Articles:
        """The register's words for the articles behind reasons; it is asked once."""
        return Articles()

    def _rows(self, model: Any, *related: str, paper: bool = False) -> list[Any]:
        """The rows of one kind. Who and what of this file they name is the one object of it."""
        rows = model.objects.filter(case=self.case)
        related = (*related, *(_PAPER if paper else ()))
        if related:  # told nothing, select_related follows every foreign key
            rows = rows.select_related(*related)
        found = list(rows.defer(*_UNREAD) if paper else rows)
        for row in found:
            row.case = self.case
        if found:
            self._name(found, [each for each in _keys(model) if each.related_model is User])
            self._link(found, [each for each in _keys(model) if each.related_model in _HOMES])
        return found

    @cached_property
    def _people(self) -> dict[UUID, User]:
        """Those whom records of the file name, by id: the officers, those of the case itself, and
        whoever was met since."""
        case = self.case
        leaders = (case.filed_by_id, case.approved_by_id, case.decision_entered_by_id)
        officers = CaseOfficer.objects.filter(case=case).order_by().values("officer")
        found = User.objects.filter(Q(pk__in=leaders) | Q(pk__in=officers)).order_by()
        return {each.pk: each for each in found}

    def _name(self, rows: Iterable[Any], keys: Iterable[Any]) -> None:
        """Put the people into the rows."""
        named = [(row, key, getattr(row, key.attname)) for key in keys for row in rows]
        unknown = {pk for _row, _key, pk in named} - self._people.keys() - {None}
        if unknown:
            self._people.update(User.objects.in_bulk(unknown))
        for row, key, pk in named:
            if pk is not None:
                key.set_cached_value(row, self._people[pk])

    def _link(self, rows: Iterable[Any], keys: Iterable[Any]) -> None:
        """Put the records of this file that rows rest on into them."""
        for key in keys:
            named = [(row, pk) for row in rows if (pk := getattr(row, key.attname)) is not None]
            home = getattr(self, _HOMES[key.related_model]) if named else []
            by_id = {each.pk: each for each in home}
            for row, pk in named:
                if pk in by_id:
                    key.set_cached_value(row, by_id[pk])

    # --- Who and what ---

    @cached_property
    def findings(self) -> list[Finding]:
        """The findings that the case is about, with visit, type and citations."""
        linked = CaseFinding.objects.filter(case=self.case).order_by().values("finding")
        rows = (
            Finding.objects.filter(pk__in=linked)
            .select_related("inspection__unit", "violation_type")
            .prefetch_related("citations")
            .order_by("inspection__started_at", "inspection_id", "ordinal")
        )
        found, books = list(rows), register()
        for row in found:
            for cited in row.citations.all():
                cited.article = books.article(cited.article_id)
        return found

    @cached_property
    def all_officers(self) -> list[CaseOfficer]:
        return self._rows(CaseOfficer)

    @property
    def officers(self) -> list[CaseOfficer]:
        """Those who handle the case now."""
        return [row for row in self.all_officers if row.until_on is None]

    @property
    def investigator_ids(self) -> set[UUID]:
        """Everybody who ever investigated, and who opened the case: none of them reviews, hosts or
        decides it (行政处罚法 57, 58, 64)."""
        return {row.officer_id for row in self.all_officers} | {self.case.filed_by_id}

    @cached_property
    def respondents(self) -> list[Respondent]:
        return self._rows(Respondent, "enterprise")

    def respondent(self, pk: UUID) -> Respondent:
        """The respondent with this id. Raises KeyError."""
        return {row.pk: row for row in self.respondents}[pk]

    @property
    def standing_respondents(self) -> list[Respondent]:
        """Those who can still be punished."""
        return [row for row in self.respondents if row.status == Respondent.Status.STANDING]

    @cached_property
    def decided_elsewhere(self) -> list[Decision]:
        """Fines that stand in other cases upon the same findings (一事不二罚, 行政处罚法 29)."""
        cases = {row.case_id for row in self._same_findings}
        if not cases:
            return []
        rows = Decision.objects.filter(
            case__in=cases,
            standing__in=[Decision.Standing.VALID, Decision.Standing.CHANGED],
            fine__isnull=False,
        )
        return list(rows.select_related("respondent", "case"))

    @cached_property
    def punished_before(self) -> list[Decision]:
        """Penalties that stand on the same parties in other cases, the latest first."""
        units = {row.enterprise_id for row in self.respondents if row.enterprise_id}
        persons = {row.identity_index for row in self.respondents if row.identity_index}
        rows = Decision.objects.filter(
            Q(respondent__enterprise__in=units) | Q(respondent__identity_index__in=persons),
            standing__in=[Decision.Standing.VALID, Decision.Standing.CHANGED],
        )
        others = rows.exclude(case=self.case).exclude(kind=Decision.Kind.NO_PENALTY)
        return list(others.select_related("respondent", "case").order_by("-decided_on", "-id"))

    @cached_property
    def handled_elsewhere(self) -> list[CaseFinding]:
        """The same findings where they are live in another case."""
        return [row for row in self._same_findings if row.live]

    @cached_property
    def _same_findings(self) -> list[CaseFinding]:
        """The findings of this case where they stand in other cases, live or not."""
        own = CaseFinding.objects.filter(case=self.case).order_by().values("finding")
        rows = CaseFinding.objects.filter(finding__in=own).exclude(case=self.case)
        return list(rows.select_related("case", "finding").order_by("-case__filed_on", "id"))

    # --- Investigation ---

    @cached_property
    def statements(self) -> list[Statement]:
        return self._rows(Statement)

    @cached_property
    def exhibits(self) -> list[Exhibit]:
        return self._rows(Exhibit, "evidence")

    @cached_property
    def preservations(self) -> list[Preservation]:
        return self._rows(Preservation)

    @cached_property
    def appraisals(self) -> list[Appraisal]:
        return self._rows(Appraisal)

    @cached_property
    def recusals(self) -> list[Recusal]:
        return self._rows(Recusal)

    @cached_property
    def exclusions(self) -> list[Exclusion]:
        return self._rows(Exclusion)

    @cached_property
    def reports(self) -> list[Report]:
        return self._rows(Report)

    @property
    def report(self) -> Report | None:
        """The report that counts: the last one."""
        return self.reports[-1] if self.reports else None

    # --- Proposal ---

    @cached_property
    def items(self) -> list[Item]:
        rows, books = self._rows(Item, "tier"), register()
        for row in rows:
            row.tier.article = books.article(row.tier.article_id)
        prefetch_related_objects(rows, "findings")
        return rows

    def items_of(self, respondent: Respondent) -> list[Item]:
        return [row for row in self.items if row.respondent_id == respondent.pk]

    @property
    def overridden(self) -> list[Item]:
        """Sums outside the range of their clause by a superior's decision: every page says so."""
        return [row for row in self.items if row.is_overridden]

    @cached_property
    def circumstances(self) -> list[Circumstance]:
        rows = self._rows(Circumstance)
        if rows:
            books = register()
            for row in rows:
                row.article = books.article(row.article_id)
        return rows

    def circumstances_of(self, respondent: Respondent) -> list[Circumstance]:
        return [row for row in self.circumstances if row.respondent_id == respondent.pk]

    # --- Telling and hearing ---

    @cached_property
    def tolds(self) -> list[Told]:
        return self._rows(Told, paper=True)

    def told(self, respondent: Respondent) -> Told | None:
        """The notice in force for this respondent."""
        for row in self.tolds:
            if row.respondent_id == respondent.pk and row.void_on is None:
                return row
        return None

    @cached_property
    def defences(self) -> list[Defence]:
        return self._rows(Defence)

    def defences_of(self, respondent: Respondent) -> list[Defence]:
        ids = {row.pk for row in self.tolds if row.respondent_id == respondent.pk}
        return [row for row in self.defences if row.told_id in ids]

    @cached_property
    def hearings(self) -> list[Hearing]:
        return self._rows(Hearing, paper=True)

    def hearings_of(self, respondent: Respondent) -> list[Hearing]:
        ids = {row.pk for row in self.tolds if row.respondent_id == respondent.pk}
        return [row for row in self.hearings if row.told_id in ids]

    # --- Review and decision ---

    @cached_property
    def reviews(self) -> list[LegalReview]:
        return self._rows(LegalReview)

    @cached_property
    def qualified(self) -> dict[UUID, Reviewer]:
        """Those who reviewed this case and are on the list of reviewers, by their id."""
        ids = {row.reviewer_id for row in self.reviews}
        return {row.user_id: row for row in Reviewer.objects.filter(user__in=ids)}

    @cached_property
    def discussions(self) -> list[Discussion]:
        return self._rows(Discussion)

    @cached_property
    def approvals(self) -> list[Approval]:
        return self._rows(Approval)

    @cached_property
    def decisions(self) -> list[Decision]:
        return self._rows(Decision, paper=True)

    def decision(self, respondent: Respondent) -> Decision | None:
        """The decision in force on this respondent."""
        for row in self.decisions:
            if row.respondent_id == respondent.pk and row.is_valid:
                return row
        return None

    @property
    def valid_decisions(self) -> list[Decision]:
        return [row for row in self.decisions if row.is_valid]

    def fine_of(self, decision: Decision) -> Decimal | None:
        """The fine that the decision lays on its party now: what the last change left of it, None
        where there is none (any more)."""
        fine = decision.fine
        for row in self.remedies:
            if row.decision_id == decision.pk and row.effective_on and row.new_fine is not None:
                fine = row.new_fine or None
        return fine

    # --- After the decision ---

    @cached_property
    def remedies(self) -> list[Remedy]:
        return self._rows(Remedy)

    @cached_property
    def stays(self) -> list[Stay]:
        return self._rows(Stay)

    @cached_property
    def stop_measures(self) -> list[StopMeasure]:
        return self._rows(StopMeasure)

    @cached_property
    def stop_checks(self) -> list[StopCheck]:
        return self._rows(StopCheck)

    @cached_property
    def payments(self) -> list[Payment]:
        return self._rows(Payment, "bank_line")

    @cached_property
    def plans(self) -> list[Plan]:
        rows = (
            Plan.objects.filter(case=self.case)
            .select_related("decided_by")
            .prefetch_related("instalments")
        )
        return list(rows)

    @cached_property
    def demands(self) -> list[Demand]:
        return self._rows(Demand, paper=True)

    @cached_property
    def court_applications(self) -> list[CourtApplication]:
        return self._rows(CourtApplication, paper=True)

    @cached_property
    def cashes(self) -> list[Cash]:
        return self._rows(Cash)

    @cached_property
    def referrals(self) -> list[Referral]:
        return self._rows(Referral)

    @cached_property
    def interviews(self) -> list[Interview]:
        return self._rows(Interview)

    @cached_property
    def closings(self) -> list[Closing]:
        return self._rows(Closing, paper=True)

    # --- Papers ---

    @cached_property
    def proved_papers(self) -> set[UUID]:
        """The papers of decisions and demands of which a receipt, a signed copy or another proof
        of service is in the file."""
        rows: list[Decision | Demand] = [*self.decisions, *self.demands]
        ids = [row.notice_id for row in rows if row.notice_id]
        signed = (Scan.Kind.SIGNED_COPY, Scan.Kind.RECEIPT)
        scans = Scan.objects.filter(notice__in=ids, kind__in=signed).values_list("notice")
        proofs = Service.objects.filter(notice__in=ids, effective=True, proof__isnull=False)
        return {pk for (pk,) in scans.union(proofs.values_list("notice"))}

    def paper_subjects(self) -> Sequence[Model]:
        """The records that papers of this case are issued on."""
        return [
            self.case,
            *self.tolds,
            *self.hearings,
            *self.decisions,
            *self.demands,
            *self.court_applications,
            *self.closings,
        ]
