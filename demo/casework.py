"""How a penalty case is told: opened, approved, investigated, told, decided, served, closed.

A `Casework` only calls the verbs that officers use, each with the moment at which it happened.
Those of the first team investigate; its chief approves and decides; the reviewer is neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.models import User
from demo import evidence
from demo.days import at
from demo.ground import Team, token
from inspections.models import Finding, Inspection
from legal.models import Article, PenaltyTier
from penalties import cases
from penalties.casefile import File
from penalties.models import (
    Case,
    ClosingGround,
    Decision,
    LegalReview,
    Report,
    Respondent,
    Statement,
    Told,
)
from penalties.papers.typed import Typed
from rectification.models import Order

WARNED = "警告自本决定书送达之日起执行"
CERTAIN = "违法事实清楚，证据确凿，当事人陈述与检查记录相互印证"
BANK = "演示银行南宁分行罚没款专户（演示设定）"
ASKED = "检查中发现的问题是否属实？"
WAIVED, CLAIMED, LATER = Told.Answer.WAIVED, Told.Answer.CLAIMED, Told.Answer.LATER


def rung(ref: str, position: int = 0) -> PenaltyTier:
    """A rung of a penalty clause, the mildest first."""
    return list(Article.objects.by_ref(ref).tiers.order_by("position"))[position]


class Casework:
    """One case from its opening on. `key` names it for good."""

    def __init__(self, key: str, team: Team) -> None:
        self.key, self.team = key, team

    @property
    def case(self) -> Case:
        """The case as it is now: each act sees what the one before it left."""
        rows = Case.objects.select_related("unit", "enterprise", "order", "inspection")
        return rows.get(form_token=self.token)

    @property
    def token(self) -> UUID:
        """Of the form with which it was opened."""
        return token(f"{self.key}/case")

    @property
    def file(self) -> File:
        """The file as it stands now."""
        return File(self.case)

    @property
    def unit(self) -> Respondent:
        """The enterprise, as a party."""
        return next(row for row in self.file.respondents if not row.is_person)

    @property
    def persons(self) -> list[Respondent]:
        return [row for row in self.file.respondents if row.is_person]

    # --- Opened and filed ---

    def open(
        self,
        day: date,
        inspection: Inspection,
        cause: str,
        *,
        order: Order | None = None,
        clock: str = "17:20",
        **facts: Any,
    ) -> Case:
        """Upon every finding of the visit."""
        rows = inspection.findings.select_related("inspection__unit", "violation_type")
        return cases.open_case(
            inspection.enterprise,
            by=self.team.first,
            at=at(day, clock),
            cause=cause,
            officers=self.team.officers,
            findings=list(rows.order_by("ordinal")),
            order=order,
            form_token=self.token,
            **facts,
        )

    def approve_filing(self, day: date, clock: str = "17:30", note: str = "") -> None:
        cases.approve_filing(self.case, by=self.team.chief, at=at(day, clock), note=note)

    # --- Looked into ---

    def ask(self, day: date, said: str, *, hours: tuple[str, str] = ("09:10", "09:50")) -> None:
        """Whoever represents the enterprise was asked, and signed."""
        party = self.unit
        cases.record_statement(
            self.case,
            by=self.team.first,
            at=at(day, hours[1]),
            person=party.representative,
            standing="法定代表人",
            respondent=party,
            begun_at=at(day, hours[0]),
            ended_at=at(day, hours[1]),
            place=f"{self.team.unit.name}办案区",
            officers=self.team.officers,
            answers=[{"q": ASKED, "a": said}],
            rights_told=True,
            signature=Statement.Signature.SIGNED,
        )

    def prove(self, day: date, clock: str = "10:10") -> None:
        """What the visit brought is taken over, and all of it verified."""
        first, moment = self.team.first, at(day, clock)
        cases.adopt_exhibits(self.case, by=first, at=moment)
        cases.verify_exhibits(self.case, by=first, at=moment, exhibits=self.file.exhibits)

    def report(
        self,
        day: date,
        facts: str = "",
        *,
        reasons: str = CERTAIN,
        proposal: str = Report.Proposal.PENALTY,
        ground: str = "",
        clock: str = "10:30",
    ) -> None:
        """The investigation ends; without `facts` with what was found."""
        cases.report_findings(
            self.case,
            by=self.team.first,
            at=at(day, clock),
            facts=facts or "；".join(row.seen.rstrip("。") for row in self.file.findings),
            reasons=reasons,
            proposal=proposal,
            ground=ground,
            on=day,
        )

    def propose(
        self,
        day: date,
        tier: PenaltyTier,
        measure: str = "warning",
        *,
        party: Respondent | None = None,
        amount: int | None = None,
        findings: Sequence[Finding] = (),
        why: str = "违法事实符合该档次",
        clock: str = "11:00",
        **more: Any,
    ) -> None:
        cases.set_item(
            self.case,
            party or self.unit,
            by=self.team.first,
            at=at(day, clock),
            measure=measure,
            tier=tier,
            findings=findings or self.file.findings,
            condition_met=True,
            condition_reason=why,
            amount=None if amount is None else Decimal(amount),
            **more,
        )

    # --- Told, and decided ---

    def tell(
        self,
        day: date,
        *,
        party: Respondent | None = None,
        defence: str = WAIVED,
        hearing: str = LATER,
        clock: str = "15:00",
        **more: Any,
    ) -> Told:
        """Told on a record; the answers as they were given there."""
        whom = party or self.unit
        return cases.give_notice(
            Respondent.objects.select_related("case__unit").get(pk=whom.pk),
            cases.Given(
                given_at=at(day, clock),
                officers=self.team.officers,
                informed=whom.name if whom.is_person else f"{whom.representative}（法定代表人）",
                defence=defence,
                hearing=hearing,
                **more,
            ),
            by=self.team.first,
            at=at(day, clock),
        )

    def review(self, day: date, reviewer: User, clock: str = "10:00") -> None:
        """Somebody qualified agrees."""
        cases.give_review(
            self.case,
            asked_on=day,
            on=day,
            opinion=LegalReview.Opinion.AGREE,
            text="事实清楚，证据确凿，适用法律正确，程序合法",
            by=reviewer,
            at=at(day, clock),
        )

    def approve(self, day: date, clock: str = "16:00") -> None:
        cases.approve_decision(
            self.case, agreed=True, opinion="同意", by=self.team.chief, at=at(day, clock)
        )

    def issue(
        self,
        day: date,
        *,
        party: Respondent | None = None,
        clock: str = "16:30",
        **typed: Any,
    ) -> Decision:
        words = {"performance": WARNED} | typed
        return cases.issue_decision(
            self.case,
            party or self.unit,
            typed=Typed(**words),
            by=self.team.chief,
            at=at(day, clock),
        )

    # --- After it ---

    def now(self, decision: Decision) -> Decision:
        """The decision as it is now, with its case."""
        return Decision.objects.select_related("case", "respondent").get(pk=decision.pk)

    def serve(self, day: date, decision: Decision, clock: str = "17:00") -> None:
        """Two officers handed the paper over."""
        whom = decision.respondent
        cases.record_service(
            self.now(decision),
            proof=evidence.picture(f"{self.key}-receipt", whom.position),
            by=self.team.first,
            at=at(day, clock),
            method="direct",
            outcome="served",
            attempted_on=day,
            place=whom.address or self.case.enterprise.address,
            recipient=whom.name if whom.is_person else whom.representative,
            relation="self" if whom.is_person else "representative",
            servers=self.team.officers,
        )

    def close(
        self,
        asked: date,
        closed: date,
        note: str,
        *,
        ground: str = ClosingGround.PERFORMED,
        clock: str = "15:00",
        **more: Any,
    ) -> None:
        """Asked for by the officers, agreed to by the chief."""
        request = cases.ask_closing(
            self.case, by=self.team.first, at=at(asked, clock), ground=ground, note=note, **more
        )
        cases.approve_closing(request, by=self.team.chief, at=at(closed, "16:40"), note="同意结案")
