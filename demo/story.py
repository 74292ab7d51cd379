"""How one matter is told: a visit, its findings, the order, and what became of it.

A `Story` only calls the verbs that officers use, each with the moment at which it happened. It is
told in one transaction, so that a run that is broken off leaves whole stories only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import User
from demo import evidence
from demo.casework import Casework
from demo.days import at
from demo.ground import Ground, Team, read, token
from inspections import fieldwork, paper_facts
from inspections import papers as visit_papers
from inspections.models import Finding, Inspection
from legal import citations
from legal.models import Article, ViolationType
from notices import receipts
from rectification import opinion_words, opinions, orders
from rectification.models import Order, Outcome

MARK = (
    "演示设定：检查时间、地点、民警、陪同人员、要求改正的内容、文书、期限、送达、改正、复查和结论"
    "均为演示选定，公开通报未载明。"
)


@dataclass(frozen=True)
class Found:
    """A finding to log. Without `duty` the articles that fit on that day are cited."""

    type: str
    seen: str = ""
    duty: Sequence[str] = ()
    penalty: Sequence[str] = ()
    published: bool = False
    pii_kinds: Sequence[str] = ()
    records_affected: int | None = None
    records_text: str = ""
    severity: str = "moderate"


class Story:
    """One matter from the visit on. `key` names it for good."""

    def __init__(self, ground: Ground, key: str, team: Team, enterprise: str = "") -> None:
        self.key, self.team = key, team
        self.enterprise = ground.enterprises[enterprise or key]
        self.system = ground.systems.get(enterprise or key)
        self.inspection: Inspection | None = None
        self.order: Order | None = None
        #: The penalty case of the same key, if the story comes to one.
        self.casework = Casework(key, team)
        self._wording: dict[str, dict[str, str]] = read("wording.json")["types"]

    @property
    def is_told(self) -> bool:
        """Whether an earlier run has told this story."""
        return Inspection.objects.filter(form_token=token(f"{self.key}/visit")).exists()

    # --- The visit ---

    def visit(
        self,
        day: date,
        findings: Iterable[Found],
        *,
        hours: tuple[str, str] = ("09:30", "11:20"),
        pictures: int = 1,
        finish: bool = True,
        met: tuple[str, str] = ("", ""),
        papers: bool = False,
        **heads: Any,
    ) -> Inspection:
        """Two officers went there, logged what they found, and had it signed; with `papers` they
        showed a notice made here, and made the record here."""
        first = self.team.first
        begun, ended = at(day, hours[0]), at(day, hours[1])
        met_name, met_title = met
        inspection = fieldwork.open_inspection(
            by=first,
            at=begun,
            enterprise=self.enterprise,
            system=self.system,
            started_at=begun,
            officers=self.team.officers,
            unit=self.team.unit,
            form_token=token(f"{self.key}/visit"),
            place=heads.pop("place", self.enterprise.address),
            met_name=met_name or self.enterprise.contact_name,
            met_title=met_title or "联系人",
            signature="signed" if finish else "none",
            ended_at=None,
            **({"objections": "无"} if papers else {}),
            **heads,
        )
        if papers:
            self._particulars(inspection, at=begun)
            visit_papers.issue_notice(inspection, by=first, at=begun)
        logged = [
            self._log(inspection, number, found, at=begun)
            for number, found in enumerate(findings, start=1)
        ]
        for number, finding in enumerate(logged[:pictures], start=1):
            fieldwork.add_evidence(
                inspection,
                evidence.picture(self.key, number),
                by=first,
                at=begun,
                finding=finding,
                kind="screenshot",
                title=f"演示截图 {number}",
                captured_at=begun,
            )
        if finish:
            inspection.refresh_from_db()
            inspection = fieldwork.amend(
                inspection, by=first, at=ended, version=inspection.version, ended_at=ended
            )
            inspection = fieldwork.record_inspection(inspection, by=first, at=ended)
        if finish and papers:
            self._particulars(inspection, at=ended)
            visit_papers.issue_record(inspection, by=first, at=ended)
        self.inspection = inspection
        return inspection

    def _particulars(self, inspection: Inspection, *, at: datetime) -> None:
        """What the form of the particulars proposes, saved as it stands."""
        inspection.refresh_from_db()
        row = paper_facts.particulars_of(inspection)
        visit_papers.write_particulars(
            inspection,
            by=self.team.first,
            at=at,
            version=row.version if row else 0,
            **paper_facts.usual(inspection, has_findings=inspection.findings.exists()),
        )

    def advise(self, day: date, sector: str, clock: str = "10:40") -> None:
        """A letter of advice to the authority of the sector, about the first finding; none where
        the day lies before Order 176."""
        assert self.inspection is not None
        finding = self.inspection.findings.order_by("ordinal")[0]
        if not visit_papers.can_advise(self.inspection, at(day, clock)):
            visit_papers.issue_advisory(
                self.inspection,
                [paper_facts.Risk(finding, finding.required_correction)],
                to=paper_facts.SECTOR,
                sector=sector,
                by=self.team.first,
                at=at(day, clock),
            )

    def _log(self, inspection: Inspection, number: int, found: Found, *, at: datetime) -> Finding:
        wording = self._wording[found.type]
        kind = ViolationType.objects.get(pk=found.type)
        duty = [Article.objects.by_ref(ref) for ref in found.duty]
        penalty = [Article.objects.by_ref(ref) for ref in found.penalty]
        if not duty:
            fitting = citations.suggest(kind, inspection.day)
            duty, penalty = fitting["duty"][:1], fitting["penalty"][:1]
        return fieldwork.log_finding(
            inspection,
            by=self.team.first,
            at=at,
            duty=duty,
            penalty=penalty,
            published=found.published,
            form_token=token(f"{self.key}/finding/{number}"),
            violation_type=kind,
            seen=found.seen or wording["seen"],
            required_correction=wording["correction"],
            severity=found.severity,
            pii_kinds=list(found.pii_kinds),
            records_affected=found.records_affected,
            records_text=found.records_text,
        )

    # --- The order ---

    def draft(
        self,
        day: date,
        *,
        clock: str = "15:00",
        working_days: int | None = None,
        until: date | None = None,
        by: User | None = None,
        interim_measures: str = "",
    ) -> Order:
        """Draw up the order; without days and date the correction is demanded at once."""
        assert self.inspection is not None
        kind = "date" if until else "working_day" if working_days else "immediate"
        self.order = orders.draft(
            self.inspection,
            list(self.inspection.findings.order_by("ordinal")),
            by=by or self.team.first,
            at=at(day, clock),
            term_kind=kind,
            term_date=until,
            term_days=working_days,
            interim_measures=interim_measures,
            form_token=token(f"{self.key}/order"),
        )
        return self.order

    def submit(self, day: date, clock: str = "16:00") -> None:
        order = self._order
        orders.submit(order, by=order.drafted_by, at=at(day, clock))

    def send_back(self, day: date, reason: str, clock: str = "09:40") -> None:
        orders.send_back(self._order, by=self.team.chief, at=at(day, clock), reason=reason)

    def approve(self, day: date, clock: str = "10:10") -> None:
        orders.approve(self._order, by=self.team.chief, at=at(day, clock))

    def issue(self, day: date, clock: str = "11:00") -> None:
        orders.issue(self._order, by=self.team.chief, at=at(day, clock))

    def serve(self, day: date, *, clock: str = "15:30", recipient: str = "") -> None:
        """Two officers handed the paper over."""
        orders.record_service(
            self._order,
            by=self.team.first,
            at=at(day, clock),
            method="direct",
            outcome="served",
            attempted_on=day,
            place=self.enterprise.address,
            recipient=recipient or self.enterprise.legal_representative,
            relation="representative",
            servers=self.team.officers,
        )

    def prove(self, day: date) -> None:
        """A receipt that states the service (送达回执), made that evening."""
        notice = self._order.notice
        assert notice is not None
        receipts.issue(notice, notice.effective_service(), by=self.team.first, at=at(day, "17:20"))

    def send_out(
        self,
        days: tuple[date, date, date, date],
        *,
        working_days: int | None = None,
        until: date | None = None,
        **more: Any,
    ) -> None:
        """From the draft to the service: drafted, approved, issued, served on these days."""
        drafted, approved, issued, served = days
        self.draft(drafted, working_days=working_days, until=until, **more)
        self.submit(drafted)
        self.approve(approved)
        self.issue(issued)
        self.serve(served)

    # --- While the term runs, and after ---

    def ask_for_more(
        self, day: date, until: date, reason: str, ordinals: Sequence[int] = ()
    ) -> None:
        """The enterprise asks more time for all items, or for those of the given numbers."""
        orders.request_extension(
            self._order,
            by=self.team.first,
            at=at(day, "10:30"),
            until=until,
            reason=reason,
            items=[i for i in self._items if i.ordinal in ordinals] if ordinals else None,
            evidence=[evidence.text(f"{self.key}-{day:%m%d}-more", reason)],
        )

    def decide_more(self, day: date, *, granted: bool, note: str) -> None:
        orders.decide_extension(
            self._order, by=self.team.chief, at=at(day, "16:20"), granted=granted, note=note
        )

    def suspend(self, day: date, reason: str, *, ground: str, document_number: str = "") -> None:
        orders.suspend(
            self._order,
            by=self.team.chief,
            at=at(day, "10:00"),
            from_on=day,
            reason=reason,
            ground=ground,
            document_number=document_number,
        )

    def report(
        self, day: date, completed_on: date, note: str, ordinals: Sequence[int] = ()
    ) -> None:
        """The enterprise says that it has corrected all items, or those of the given numbers."""
        items = [i for i in self._items if not ordinals or i.ordinal in ordinals]
        orders.record_correction(
            self._order,
            items,
            by=self.team.first,
            at=at(day, "14:30"),
            completed_on=completed_on,
            received_on=day,
            note=note,
            evidence=[evidence.text(f"{self.key}-{day:%m%d}", note)],
        )

    def reinspect(
        self,
        day: date,
        completed_on: date | None,
        *,
        unmet: Sequence[int] = (),
        note: str = "",
        outcome: str = Outcome.UNCHANGED,
        only: Sequence[int] = (),
        earlier: Mapping[int, date] | None = None,
    ) -> None:
        """Two officers looked again. Items in `unmet` got `outcome`, the others were corrected on
        that day; those of the numbers in `earlier` on theirs."""
        results = {
            item.pk: (outcome, None, "")
            if item.ordinal in unmet
            else (Outcome.CORRECTED, (earlier or {}).get(item.ordinal, completed_on), "")
            for item in self._items
            if not only or item.ordinal in only
        }
        orders.record_reinspection(
            self._order,
            results,
            by=self.team.first,
            at=at(day, "16:30"),
            held_on=day,
            officers=self.team.officers,
            note=note,
        )

    def tell_opinion(self, day: date, clock: str = "16:50") -> None:
        """The opinion on the last round goes out (复查意见书), worded as its results suggest."""
        last = opinions.owed(self._order)[0]
        orders.issue_opinion(
            self._order,
            by=self.team.chief,
            at=at(day, clock),
            opinion=opinion_words.proposed(self._order, last),
        )

    def correct_on_the_spot(self, day: date, note: str) -> None:
        orders.correct_on_the_spot(
            self._order,
            by=self.team.first,
            at=at(day, "15:00"),
            officers=self.team.officers,
            note=note,
            evidence=[evidence.text(f"{self.key}-spot", note)],
        )

    def judge(self, day: date, clock: str = "17:10") -> None:
        orders.judge(self._order, by=self.team.chief, at=at(day, clock))

    @property
    def visited(self) -> Inspection:
        assert self.inspection is not None, "visit first"
        return self.inspection

    @property
    def _order(self) -> Order:
        assert self.order is not None, "draft first"
        return self.order

    @property
    def _items(self) -> list[Any]:
        return list(self._order.items.order_by("ordinal"))
