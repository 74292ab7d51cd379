"""A file in which every condition of the gate is met, and for each condition the one change after
which it alone is not.

A scenario changes rows behind the verbs' back: what the verbs would refuse is what the gate is for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from inspections.models import Citation, Finding
from legal.models import Article
from penalties import gate, proposal
from penalties.casefile import File
from penalties.cases import spot
from penalties.models import (
    Approval,
    Case,
    CaseFinding,
    Decision,
    Defence,
    Discussion,
    Exhibit,
    Hearing,
    Item,
    LegalReview,
    Preservation,
    Recusal,
    Report,
    Respondent,
    Told,
)
from penalties.papers.typed import Typed
from tests.factories import penalties as made
from tests.factories.rectification import Desk, at

DAY = made.DECIDED_ON
FINE = 20_000

#: What is typed when a decision is issued.
TYPED = Typed(
    pay_to="中国农业银行南宁分行，账号20-000001",
    performance="警告自本决定书送达之日起执行",
    correction="在2025年3月14日前对存储的个人信息采取加密措施",
    ground_proof="复查照片证明已经改正",
    education="已向负责人讲明法律规定和危害",
)


@dataclass
class Question:
    """What the gate is asked; a scenario changes it or the rows behind it."""

    desk: Desk
    case: Case
    kind: str = gate.PENALTY
    today: date = DAY
    typed: Typed = TYPED
    file: File | None = None

    def conditions(self) -> list[gate.Condition]:
        self.case.refresh_from_db()
        file = self.file or File(self.case)
        whom = next(row for row in file.respondents if not row.is_person)
        return gate.of(file, whom, self.kind, self.today, self.typed)

    def unmet(self) -> set[str]:
        return {each.code for each in gate.unmet(self.conditions())}

    @property
    def party(self) -> Respondent:
        return made.party(self.case)

    @property
    def finding(self) -> Finding:
        return Finding.objects.get(casefindings__case=self.case)

    @property
    def told(self) -> Told:
        return Told.objects.get(case=self.case, respondent=self.party)


def exhibit(case: Case, number: int = 1, **facts: Any) -> Exhibit:
    given = {
        "number": number,
        "kind": Exhibit.Kind.SCENE,
        "title": "监督检查记录",
        "proves": "以明文存储个人信息",
        "source": "检查",
        "collected_on": date(2025, 1, 6),
        "verified": True,
    } | facts
    return Exhibit.objects.create(
        case=case, entered_at=at(made.FILED_ON), entered_by=case.filed_by, **given
    )


def to_punish(desk: Desk, case: Case | None = None) -> Case:
    """A unit to be warned and fined: told with its right to a hearing, both rights waived, and
    approved. Nothing is missing."""
    case = case or made.case_alone(desk)
    exhibit(case)
    made.report(case)
    tier = made.tier("CSL@2016:59(1)", 1)
    made.item(case, measure="warning", tier=tier)
    made.item(case, measure="fine", amount=FINE, tier=tier, position=2)
    tell(desk, case)
    made.approved(desk, case)
    return case


def to_spare(desk: Desk) -> Case:
    """A unit that is not to be punished, approved. Nothing is missing."""
    case = made.case_alone(desk)
    exhibit(case)
    made.report(case, proposal=Report.Proposal.NO_PENALTY, ground="minor")
    made.approved(desk, case)
    return case


def tell(desk: Desk, case: Case, respondent: Respondent | None = None, **facts: Any) -> Told:
    until = made.TOLD_ON + timedelta(days=7)
    given = {"hearing_ground": "对单位处以罚款20000元", "hearing_until": until} | facts
    return made.told(desk, case, respondent, **given)


def renew(case: Case) -> None:
    """Told, reviewed and approved as it stands now, whatever a scenario changed."""
    file = File(case)
    for row in Told.objects.filter(case=case, void_on=None):
        said = proposal.of(file, file.respondent(row.respondent_id))
        Told.objects.filter(pk=row.pk).update(proposal=said, digest=proposal.digest(said))
    whole = proposal.whole_digest(file)
    for model in (LegalReview, Discussion, Approval):
        model.objects.filter(case=case).update(digest=whole)


# --- On the spot ------------------------------------------------------------------------------


def spoken(desk: Desk, **facts: Any) -> spot.Given:
    """A warning on the spot; nothing is missing."""
    visit = desk.visit(1)
    words = {
        "correction": "立即加密",
        "decided_at": at(visit.day, 12),
        "place": "企业办公室",
        "evidence": ("监督检查记录",),
        "is_clear": True,
        "showed_certificates": True,
        "told_orally": True,
        "defence": "无",
    } | facts.pop("words", {})
    given = {
        "finding": spot.open_findings(visit)[0],
        "tier": made.tier(),
        "measures": ["warning"],
        "officers": list(desk.pair),
        "facts": "以明文存储个人信息",
        "cause": "不履行网络安全保护义务",
        "recipient": "李某某",
        "relation": "representative",
        "typed": Typed(**words),
    } | facts
    return spot.Given(**given)


def sketched(question: Question, given: spot.Given) -> None:
    visit = given.finding.inspection
    question.kind, question.today, question.typed = gate.SPOT, visit.day, given.typed
    question.file = spot.sketch(visit, given, by=question.desk.inspector, at=at(visit.day, 12))


# --- The scenarios ----------------------------------------------------------------------------

Scenario = Callable[[Question], Any]
SCENARIOS: dict[str, Scenario] = {}
SPARED, ON_THE_SPOT = set[str](), set[str]()


def alone(code: str, *, spared: bool = False, spot: bool = False) -> Callable[[Scenario], Scenario]:
    """After this change the condition is unmet, and no other."""

    def keep(scenario: Scenario) -> Scenario:
        SCENARIOS[code] = scenario
        if spared:
            SPARED.add(code)
        if spot:
            ON_THE_SPOT.add(code)
        return scenario

    return keep


def _case(q: Question, **facts: Any) -> None:
    Case.objects.filter(pk=q.case.pk).update(**facts)


def _told(q: Question, **facts: Any) -> None:
    Told.objects.filter(pk=q.told.pk).update(**facts)


def _in(q: Question, **more: Any) -> dict[str, Any]:
    return {
        "case": q.case,
        "entered_at": at(made.TOLD_ON),
        "entered_by": q.desk.inspector,
        **more,
    }


@alone("filed")
def filed(q: Question) -> None:
    _case(q, approved_at=None, approved_by=None)


@alone("limitation")
def limitation(q: Question) -> None:
    """In memory: a finding of a signed visit cannot be changed."""
    q.file = File(q.case)
    q.file.findings[0].act_from = q.file.findings[0].act_to = date(2022, 12, 1)


@alone("once")
def once(q: Question) -> None:
    visit = q.desk.visit(1, enterprise=q.case.enterprise)
    other = made.case_alone(q.desk, inspection=visit)
    CaseFinding.objects.create(case=other, finding=q.finding, live=False)
    made.decision(other, fine=5_000)


@alone("party")
def party(q: Question) -> None:
    gone = {"status": Respondent.Status.DEREGISTERED, "status_on": made.TOLD_ON}
    Respondent.objects.filter(pk=q.party.pk).update(**gone)


@alone("undecided")
def undecided(q: Question) -> None:
    facts = {"kind": "penalty", "measures": ["warning"], "number": "1号", "decided_on": DAY}
    Decision.objects.create(**_in(q, respondent=q.party, decided_by=q.desk.supervisor, **facts))


@alone("particulars")
def particulars(q: Question) -> None:
    Respondent.objects.filter(pk=q.party.pk).update(address="")


@alone("officers")
def officers(q: Question) -> None:
    q.desk.colleague.certificate_expires_on = DAY - timedelta(days=1)
    type(q.desk.colleague).objects.filter(pk=q.desk.colleague.pk).update(
        certificate_expires_on=DAY - timedelta(days=1)
    )


@alone("recusal")
def recusal(q: Question) -> None:
    facts = {"motion": "requested", "ground": "近亲属", "requested_on": made.TOLD_ON}
    Recusal.objects.create(
        **_in(q, person=q.desk.colleague, due_on=made.TOLD_ON + timedelta(days=2), **facts)
    )


@alone("ninety")
def ninety(q: Question) -> None:
    _case(q, decision_due_on=DAY - timedelta(days=1))


@alone("preservation")
def preservation(q: Question) -> None:
    pair = dict(zip(("officer_1", "officer_2"), q.desk.pair, strict=True))
    Preservation.objects.create(
        **_in(
            q,
            taken_at=at(date(2025, 1, 13)),
            approved_by=q.desk.supervisor,
            holder="韦志远",
            place="证物室",
            due_on=date(2025, 1, 22),
            **pair,
        )
    )


@alone("evidence")
def evidence(q: Question) -> None:
    Exhibit.objects.filter(case=q.case).update(verified=False)


@alone("report")
def report(q: Question) -> None:
    Report.objects.filter(case=q.case).update(proposal=Report.Proposal.REFERRAL)


@alone("proposal")
def proposal_(q: Question) -> None:
    Item.objects.filter(case=q.case, measure="fine").update(condition_met=False)


@alone("range")
def range_(q: Question) -> None:
    """One fen above the range."""
    Item.objects.filter(case=q.case, measure="fine").update(amount=Decimal("100000.01"))
    renew(q.case)


@alone("no_items", spared=True)
def no_items(q: Question) -> None:
    made.item(q.case)
    renew(q.case)


@alone("citations")
def citations(q: Question) -> None:
    later = Article.objects.by_ref("CSL@2025:23")
    Citation.objects.create(finding=q.finding, article=later, role="duty", position=2)
    renew(q.case)


@alone("ground", spared=True)
def ground(q: Question) -> None:
    q.typed = replace(TYPED, ground_proof="")


@alone("education", spared=True)
def education(q: Question) -> None:
    q.typed = replace(TYPED, education=" ")


@alone("correction")
def correction(q: Question) -> None:
    q.typed = replace(TYPED, correction="")


@alone("told")
def told(q: Question) -> None:
    """The proposal changed after it was told; review and approval are of what stands now."""
    Item.objects.filter(case=q.case, measure="fine").update(amount=FINE - 1)
    Approval.objects.filter(case=q.case).update(digest=proposal.whole_digest(File(q.case)))


@alone("defence_over")
def defence_over(q: Question) -> None:
    """On the last day of the window it is still open."""
    _told(q, defence=Told.Answer.LATER, defence_until=DAY)


@alone("defence_answered")
def defence_answered(q: Question) -> None:
    Defence.objects.create(**_in(q, told=q.told, received_on=made.TOLD_ON, text="不知情"))


@alone("not_heavier")
def not_heavier(q: Question) -> None:
    """One yuan more than what was told before the party spoke."""
    row = q.told
    for item in row.proposal["items"]:
        if item["measure"] == "fine":
            item["amount"] = str(FINE - 1)
    _told(q, proposal=row.proposal)
    answered = {"finding": "rejected", "answer": "不影响认定", "answered_on": made.TOLD_ON}
    said = {"told": row, "received_on": made.TOLD_ON, "text": "不知情"}
    Defence.objects.create(**_in(q, answered_by=q.desk.inspector, **answered, **said))


@alone("hearing_offered")
def hearing_offered(q: Question) -> None:
    _told(q, hearing_ground="", hearing_until=None)


@alone("hearing_over")
def hearing_over(q: Question) -> None:
    """On the last day to ask for it."""
    _told(q, hearing=Told.Answer.LATER, hearing_until=DAY)


def _asked(q: Question, told: Told, **facts: Any) -> Hearing:
    due = made.TOLD_ON + timedelta(days=2)
    return Hearing.objects.create(
        **_in(q, told=told, requested_on=made.TOLD_ON, accept_due_on=due, **facts)
    )


@alone("hearing_held")
def hearing_held(q: Question) -> None:
    """Held, and not reported on; reviewed meanwhile, as a held hearing demands."""
    begun = at(date(2025, 2, 5), 9)
    _asked(
        q,
        q.told,
        accepted=True,
        accepted_on=made.TOLD_ON,
        presider=made.reviewer(q.desk),
        begun_at=begun,
        ended_at=begun + timedelta(hours=2),
        record="听证笔录",
    )
    made.reviewed(q.desk, q.case, given_on=date(2025, 2, 6))


@alone("together")
def together(q: Question) -> None:
    """Another party asked for a hearing."""
    other = made.person(q.case)
    renew(q.case)
    _asked(q, tell(q.desk, q.case, other))


@alone("reviewed")
def reviewed(q: Question) -> None:
    _case(q, is_intricate=True)


@alone("discussed")
def discussed(q: Question) -> None:
    _case(q, is_grave=True)


@alone("approved")
def approved(q: Question) -> None:
    Approval.objects.filter(case=q.case).update(void_on=DAY)


@alone("paper")
def paper(q: Question) -> None:
    q.typed = replace(TYPED, pay_to="")


@alone("spot_visit", spot=True)
def spot_visit(q: Question) -> None:
    given = spoken(q.desk)
    given.finding.inspection.state = "draft"
    sketched(q, given)


@alone("spot_clear", spot=True)
def spot_clear(q: Question) -> None:
    sketched(q, spoken(q.desk, words={"is_clear": False}))


def _small(desk: Desk, amount: int, **words: Any) -> spot.Given:
    """A fine under a clause that allows small ones."""
    tier = made.tier("MPS33@2011:21", 1)
    typed = {"collection": "bank", "pay_to": "农业银行"} | words
    return spoken(desk, tier=tier, measures=["fine"], amount=Decimal(amount), words=typed)


@alone("spot_sum", spot=True)
def spot_sum(q: Question) -> None:
    sketched(q, _small(q.desk, 3_001))


@alone("spot_heard", spot=True)
def spot_heard(q: Question) -> None:
    sketched(q, spoken(q.desk, words={"told_orally": False}))


@alone("spot_cash", spot=True)
def spot_cash(q: Question) -> None:
    sketched(q, _small(q.desk, 101, collection="at_once"))
