"""Every verb on a case as the walk calls it: whom, on which record, with which input.

An act is a function of the `Scene` that gives the call, or raises `Nothing` where there is no
record to do it on. Input is plausible as a rule; `scene.odd()` now and then says that this one
should be wrong: a day in the future, an empty text, the wrong person, a sum outside.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from accounts.models import User
from legal import citations
from legal.models import Article, PenaltyTier
from legal.periods import SHANGHAI
from notices.service import record as serve_paper
from penalties import cases, owing, ranges
from penalties.casefile import File
from penalties.cases import enforcing, exhibits, hearing, opening, spot
from penalties.forms.closing import ClosingGround
from penalties.grounds import GROUNDS
from penalties.models import (
    BankLine,
    Case,
    CaseFinding,
    CaseState,
    Decision,
    Exclusion,
    Referral,
    Remedy,
    Report,
)
from penalties.papers import money as on_paper
from penalties.papers.hearing import Plan
from penalties.papers.typed import Typed
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.inspections import photo

T = TypeVar("T")
Call = Callable[[], Any]


class Nothing(Exception):
    """There is no record that this act could be done on."""


@dataclass
class People:
    """Who may meet in a case of one unit; `all` is drawn from where the wrong person is wanted."""

    inspector: User
    colleague: User
    third: User
    supervisor: User
    deputy: User
    reviewer: User

    @property
    def all(self) -> list[User]:
        return [*self.officers, self.supervisor, self.deputy, self.reviewer]

    @property
    def officers(self) -> list[User]:
        return [self.inspector, self.colleague, self.third]


@dataclass
class Scene:
    """One case at one moment, and the dice."""

    people: People
    case: Case
    file: File
    at: datetime
    dice: random.Random
    oddness: float = 0.15
    #: Input that a directed step wants, by name.
    wants: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.at.astimezone(SHANGHAI).date()

    def odd(self) -> bool:
        return self.dice.random() < self.oddness

    def pick(self, rows: Iterable[T]) -> T:
        found = list(rows)
        if not found:
            raise Nothing
        return self.dice.choice(found)

    def best(self, rows: Iterable[T], when: Callable[[T], bool]) -> T:
        """One that it can be done on, mostly; any other now and then."""
        found = list(rows)
        fit = [row for row in found if when(row)]
        return self.pick(fit if fit and not self.odd() else found)

    def want(self, name: str, usual: Any) -> Any:
        return self.wants.get(name, usual)

    def text(self, words: str) -> str:
        return self.dice.choice(["", "  "]) if self.odd() else words

    def day(self, first: date | None = None) -> date:
        """Today or since `first`; odd: tomorrow, or long ago."""
        if self.odd():
            return self.today + timedelta(days=self.dice.choice([1, 30, -40, -400]))
        if first is None or first >= self.today or self.dice.random() < 0.7:
            return self.today
        return first + timedelta(days=self.dice.randrange((self.today - first).days + 1))

    def moment(self, first: date | None = None, hour: int = 8) -> datetime:
        return datetime.combine(self.day(first), time(hour), SHANGHAI)

    def by(self, usual: User) -> dict[str, Any]:
        who = self.dice.choice(self.people.all) if self.odd() else usual
        return {"by": self.want("by", who), "at": self.at}

    @property
    def pair(self) -> list[User]:
        acting = [row.officer for row in self.file.officers]
        if self.odd():
            return [self.dice.choice(self.people.all) for _n in range(self.dice.choice([1, 2]))]
        return acting[:2] if len(acting) >= 2 else self.people.officers[:2]

    def sum(self, usual: Any) -> Decimal:
        if self.odd():
            return Decimal(self.dice.choice(["0", "-1", "0.01", "10000.005", "1000000000"]))
        return Decimal(usual)

    def typed(self) -> Typed:
        words = {
            "pay_to": self.text("中国农业银行南宁分行"),
            "performance": self.text("警告自本决定书送达之日起执行"),
            "correction": self.text("加密存储个人信息"),
            "education": self.text("已向负责人讲明"),
            "ground_proof": self.text("复查照片证明已经改正"),
        }
        return Typed(**words)


Act = Callable[[Scene], Call]
ACTS: dict[str, Act] = {}


def act(make: Act) -> Act:
    """Register under the name of the verb."""
    ACTS[make.__name__] = make
    return make


# --- Opening, parties, handling -------------------------------------------------------------------


@act
def approve_filing(s: Scene) -> Call:
    return lambda: cases.approve_filing(s.case, **s.by(s.people.supervisor))


@act
def decline_filing(s: Scene) -> Call:
    why = s.text("不属于本单位管辖")
    return lambda: cases.decline_filing(s.case, reason=why, **s.by(s.people.supervisor))


@act
def amend_case(s: Scene) -> Call:
    facts = {"cause": s.text(f"不履行义务{s.dice.randrange(9)}")}
    return lambda: cases.amend_case(s.case, **facts, **s.by(s.people.inspector))


@act
def add_findings(s: Scene) -> Call:
    rows = list(cases.open_findings(s.case.enterprise, s.people.inspector)[:1])
    why = s.text("同一次检查")
    return lambda: cases.add_findings(s.case, findings=rows, reason=why, **s.by(s.people.inspector))


@act
def drop_finding(s: Scene) -> Call:
    row = s.pick(CaseFinding.objects.filter(case=s.case).select_related("finding"))
    row.case = s.case
    why = s.text("另案处理")
    return lambda: cases.drop_finding(row, reason=why, **s.by(s.people.inspector))


@act
def add_officer(s: Scene) -> Call:
    acting = {row.officer_id for row in s.file.officers}
    officer = s.best(s.people.all, lambda who: who.pk not in acting and who in s.people.officers)
    officer = s.want("officer", officer)
    day = s.want("on", s.day())
    return lambda: cases.add_officer(
        s.case, officer=officer, from_on=day, **s.by(s.people.inspector)
    )


@act
def let_go_officer(s: Scene) -> Call:
    row = s.pick(s.file.officers)
    day, why = s.day(row.from_on), s.text("调离")
    return lambda: cases.let_go_officer(row, until_on=day, reason=why, **s.by(s.people.inspector))


def _few(s: Scene) -> None:
    """Three parties are enough to walk with."""
    if len(s.file.respondents) >= 3:
        raise Nothing


@act
def add_unit(s: Scene) -> Call:
    _few(s)
    other = EnterpriseFactory(unit=s.case.unit)
    chosen = s.case.enterprise if s.odd() else other
    return lambda: cases.add_unit(s.case, enterprise=chosen, **s.by(s.people.inspector))


def identity(dice: random.Random) -> str:
    """A citizen number whose last character is right."""
    digits = f"450100198{dice.randrange(10)}0{dice.randrange(1, 10)}1{dice.randrange(10)}"
    digits += f"{dice.randrange(1000):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    return digits + "10X98765432"[rest]


def _particulars(s: Scene) -> dict[str, Any]:
    number = identity(s.dice)
    return {
        "name": s.text(f"陈某{number[-4:]}"),
        "role": s.dice.choice(["in_charge", "direct"]),
        "identity_kind": "居民身份证",
        "identity": number[:-1] + "Z" if s.odd() else number,
        "residence": "南宁市兴宁区",
        "address": "南宁市青秀区演示路22号",
        "workplace": "经理",
    }


@act
def add_person(s: Scene) -> Call:
    _few(s)
    facts = _particulars(s)
    return lambda: cases.add_person(s.case, **facts, **s.by(s.people.inspector))


@act
def amend_party(s: Scene) -> Call:
    row = s.pick(s.file.respondents)
    facts = {"address": s.dice.choice(["南宁市青秀区民族大道1号", "南宁市良庆区2号"])}
    return lambda: cases.amend_party(row, **facts, **s.by(s.people.inspector))


@act
def remove_party(s: Scene) -> Call:
    row = s.pick(s.file.respondents)
    why = s.text("登记有误")
    return lambda: cases.remove_party(row, reason=why, **s.by(s.people.inspector))


@act
def record_status(s: Scene) -> Call:
    row = s.want("row", s.pick(s.file.respondents))
    usual = "dead" if row.is_person else s.dice.choice(["merged", "deregistered"])
    back = row.status != "standing" or s.dice.random() < 0.2
    status = s.want("status", "standing" if back else usual)
    others = [each for each in s.file.respondents if not each.is_person]
    successor = s.dice.choice(others) if others and status == "merged" and s.odd() else None
    note, day = s.text("登记机关的通知"), s.day()
    return lambda: cases.record_status(
        row, status=status, on=day, note=note, successor=successor, **s.by(s.people.inspector)
    )


# --- Inquiry --------------------------------------------------------------------------------------


@act
def record_statement(s: Scene) -> Call:
    begun = s.moment(s.case.filed_on, s.dice.randrange(6, 13))
    respondent = s.pick(s.file.respondents)
    facts = {
        "person": s.text(respondent.name),
        "begun_at": begun,
        "ended_at": begun + timedelta(minutes=-5 if s.odd() else 10),
        "place": s.text("南宁市公安局"),
        "officers": s.pair,
        "answers": [{"q": "为什么没有加密？", "a": s.text("没有预算。")}],
        "rights_told": not s.odd(),
        "signature": s.dice.choice(["signed", "signed", "refused", "none"]),
        "refusal_note": s.text("拒绝签名"),
        "respondent": None if s.odd() else respondent,
    }
    return lambda: cases.record_statement(s.case, **facts, **s.by(s.people.inspector))


@act
def scan_statement(s: Scene) -> Call:
    row = s.best(s.file.statements, lambda each: each.file_id is None)
    return lambda: cases.scan_statement(s.case, row, upload=photo(), **s.by(s.people.inspector))


@act
def adopt_exhibits(s: Scene) -> Call:
    return lambda: cases.adopt_exhibits(s.case, **s.by(s.people.inspector))


@act
def add_exhibit(s: Scene) -> Call:
    facts = {
        "kind": s.dice.choice(["scene", "document", "electronic"]),
        "title": s.text("监督检查记录"),
        "proves": s.text("以明文存储个人信息"),
        "source": s.text("检查"),
        "collected_on": s.day(),
        "officers": s.pair if s.dice.random() < 0.3 else (),
    }
    return lambda: cases.add_exhibit(s.case, **facts, **s.by(s.people.inspector))


@act
def amend_exhibit(s: Scene) -> Call:
    row = s.best(s.file.exhibits, lambda each: not each.verified)
    facts = {
        "kind": "document",
        "title": s.text("书证"),
        "proves": s.text("事实"),
        "source": "检查",
    }
    return lambda: cases.amend_exhibit(s.case, row, **facts, **s.by(s.people.inspector))


@act
def verify_exhibits(s: Scene) -> Call:
    waiting = s.file.exhibits if s.odd() else exhibits.unverified(s.file)
    return lambda: cases.verify_exhibits(s.case, exhibits=waiting, **s.by(s.people.inspector))


@act
def exclude_exhibit(s: Scene) -> Call:
    row, why = s.pick(s.file.exhibits), s.text("来源不明")
    return lambda: cases.exclude_exhibit(s.case, row, reason=why, **s.by(s.people.inspector))


@act
def restore_exhibit(s: Scene) -> Call:
    row = s.best(s.file.exhibits, lambda each: bool(each.excluded_reason))
    why = s.text("来源已经查明")
    return lambda: cases.restore_exhibit(s.case, row, reason=why, **s.by(s.people.inspector))


@act
def preserve(s: Scene) -> Call:
    facts = {
        "taken_at": s.moment(s.case.filed_on),
        "officers": s.pair,
        "holder": s.text("韦志远"),
        "place": s.text("证物室"),
        "items": [{"name": s.text("服务器")}],
    }
    return lambda: cases.preserve(s.case, **facts, **s.by(s.people.supervisor))


@act
def dispose_preservation(s: Scene) -> Call:
    row = s.best(s.file.preservations, lambda each: not each.disposal)
    day = s.day()
    fit = "lapsed" if day > row.due_on else "returned"
    disposal = s.dice.choice(["kept", "appraised", "lapsed", "returned"]) if s.odd() else fit
    return lambda: cases.dispose_preservation(
        s.case, row, disposal=disposal, on=day, note=s.text("已处理"), **s.by(s.people.inspector)
    )


@act
def send_appraisal(s: Scene) -> Call:
    facts = {"subject": s.text("日志"), "appraiser": s.text("鉴定中心"), "on": s.day()}
    return lambda: cases.send_appraisal(s.case, **facts, **s.by(s.people.inspector))


@act
def receive_appraisal(s: Scene) -> Call:
    row = s.best(s.file.appraisals, lambda each: each.received_on is None)
    day, said = s.day(row.sent_on), s.text("属实")
    return lambda: cases.receive_appraisal(
        s.case, row, on=day, opinion=said, **s.by(s.people.inspector)
    )


@act
def serve_appraisal_copy(s: Scene) -> Call:
    row = s.best(s.file.appraisals, lambda each: each.received_on is not None)
    day = s.day(row.received_on)
    return lambda: cases.serve_appraisal_copy(s.case, row, on=day, **s.by(s.people.inspector))


@act
def request_recusal(s: Scene) -> Call:
    person = s.dice.choice(s.people.all)
    motion = s.dice.choice(["requested", "ordered", "own"])
    facts = {"person": person, "motion": motion, "ground": s.text("近亲属"), "on": s.day()}
    who = person if motion == "own" else s.people.inspector
    return lambda: cases.request_recusal(s.case, **facts, **s.by(who))


@act
def decide_recusal(s: Scene) -> Call:
    row = s.best(s.file.recusals, lambda each: each.granted is None)
    granted = s.want("granted", s.dice.random() < 0.4)
    day, note = s.day(row.requested_on), s.text("理由不成立")
    who = s.people.deputy if row.person_id == s.people.supervisor.pk else s.people.supervisor
    return lambda: cases.decide_recusal(
        s.case, row, granted=granted, on=day, note=note, **s.by(who)
    )


@act
def exclude_days(s: Scene) -> Call:
    first = s.day(s.case.filed_on)
    last = s.want("until", s.day(first) if s.dice.random() < 0.5 else None)
    ground = s.want("ground", s.dice.choice(Exclusion.Ground.values))
    facts = {"ground": ground, "from_on": first, "to_on": last}
    note = s.text("依法")
    return lambda: cases.exclude_days(s.case, **facts, note=note, **s.by(s.people.supervisor))


@act
def end_exclusion(s: Scene) -> Call:
    row = s.best(s.file.exclusions, lambda each: each.to_on is None)
    day = s.day(row.from_on)
    return lambda: cases.end_exclusion(row, to_on=day, **s.by(s.people.supervisor))


@act
def report_findings(s: Scene) -> Call:
    weights = (12, 3, 1, 1)
    proposal = s.want("proposal", s.dice.choices(Report.Proposal.values, weights)[0])
    ground = ""
    if proposal == "no_penalty" or s.odd():
        ground = s.want("ground", s.dice.choice([*GROUNDS, "unknown"]))
    facts = {
        "facts": s.text(f"以明文存储个人信息{s.dice.randrange(3)}"),
        "reasons": s.text("违法事实清楚，证据确凿"),
        "proposal": proposal,
        "on": s.day(),
        "ground": ground,
    }
    return lambda: cases.report_findings(s.case, **facts, **s.by(s.people.inspector))


# --- Proposal -------------------------------------------------------------------------------------


def _tiers(s: Scene) -> list[PenaltyTier]:
    books = citations.register()
    cited = [
        row.article for each in s.file.findings for row in each.cited() if row.role == "penalty"
    ]
    articles = [books.article(row.pk) for row in cited]
    articles.append(books.article(Article.objects.by_ref("MPS33@2011:21").pk))
    return [
        tier for row in articles for clause in books.clauses(row) for tier in books.tiers(clause)
    ]


def _item(s: Scene, respondent: Any) -> dict[str, Any]:
    books = citations.register()
    who = ranges.whom(respondent)
    wanted = s.want("measure", "")
    tiers = _tiers(s)
    if wanted:
        tiers = [
            each
            for each in tiers
            if wanted in ranges.measures(each, who, ranges.rungs(books, each))
        ]
    tier = s.pick(tiers)
    rungs = ranges.rungs(books, tier)
    allowed = list(ranges.measures(tier, who, rungs)) or ["warning"]
    measure = s.dice.choice(["fine", "suspension", "ban"]) if s.odd() else s.pick(allowed)
    measure = wanted or measure
    amount = None
    if measure in ("fine", "confiscation"):
        found = ranges.fine(tier, who, rungs)
        ends = (found.ends(Decimal(20_000)) if found else None) or (Decimal(1), Decimal(5_000))
        sums = [ends[1]] if wanted else [ends[0] or Decimal(1), ends[1], (ends[0] + ends[1]) / 2]
        amount = s.sum(s.dice.choice(sums))
    lasting = measure in ("suspension", "restriction", "ban")
    over = not wanted and s.dice.random() < 0.05
    return {
        "measure": measure,
        "tier": tier,
        "findings": [] if s.odd() else s.file.findings,
        "condition_met": not s.odd(),
        "condition_reason": s.text("导致个人信息泄露的后果"),
        "amount": amount,
        "base_amount": Decimal(20_000) if amount is not None and s.dice.random() < 0.3 else None,
        "detail": s.text("停止相关业务") if measure not in ("fine", "warning") else "",
        "length": 1 if lasting else None,
        "length_unit": "month" if lasting else "",
        "deviation_reason": s.text("情节特殊"),
        "override_organ": "广西壮族自治区公安厅" if over else "",
        "override_number": s.text("桂公复〔2025〕1号") if over else "",
        "override_on": s.day() if over else None,
        "override_reason": s.text("情节特别恶劣") if over else "",
    }


@act
def set_item(s: Scene) -> Call:
    row = s.best(s.file.respondents, lambda each: not s.file.items_of(each))
    facts = _item(s, row)
    return lambda: cases.set_item(s.case, row, **facts, **s.by(s.people.inspector))


@act
def edit_item(s: Scene) -> Call:
    row = s.pick(s.file.items)
    facts = _item(s, row.respondent)
    return lambda: cases.edit_item(s.case, row, **facts, **s.by(s.people.inspector))


@act
def remove_item(s: Scene) -> Call:
    row = s.want("row", s.pick(s.file.items))
    return lambda: cases.remove_item(s.case, row, **s.by(s.people.inspector))


@act
def add_circumstance(s: Scene) -> Call:
    row = s.pick(s.file.respondents)
    effect = s.dice.choice(["lighter", "reduced", "heavier"])
    ref = "MPSP@2020:160" if (effect == "heavier") != s.odd() else "APL@2021:32"
    article, text = Article.objects.by_ref(ref), s.text(f"主动消除危害后果{s.dice.randrange(3)}")
    return lambda: cases.add_circumstance(
        s.case, row, effect=effect, text=text, article=article, **s.by(s.people.inspector)
    )


@act
def drop_circumstance(s: Scene) -> Call:
    row = s.pick(s.file.circumstances)
    return lambda: cases.drop_circumstance(s.case, row, **s.by(s.people.inspector))


# --- Telling and hearing --------------------------------------------------------------------------

ANSWERS = ("later", "waived", "waived", "claimed")


@act
def give_notice(s: Scene) -> Call:
    left = [row for row in s.file.standing_respondents if s.file.told(row) is None]
    row = s.best(s.file.respondents, lambda each: each in left)
    published = s.dice.random() < 0.1
    defence = s.want("defence", "later" if published else s.dice.choice(ANSWERS))
    asked = bool(ranges.hearing_ground(s.file.items_of(row), row.is_person))
    heard = s.want("hearing", "later" if published else s.dice.choice(ANSWERS))
    answered = defence == "claimed" and s.dice.random() < 0.4
    first = s.file.report.reported_on if s.file.report else None
    given = cases.Given(
        given_at=min(s.moment(first), s.at) if not s.odd() else s.moment(first, 23),
        officers=s.pair,
        informed=s.text("覃某某（法定代表人）"),
        way="publication" if published else "record",
        defence=defence,
        defence_text=s.text("不知情") if defence == "claimed" else "",
        finding="rejected" if answered else "",
        answer=s.text("不影响认定") if answered else "",
        hearing=heard if asked or s.odd() else "later",
        reason=s.text("拟处罚的内容有变化"),
    )
    return lambda: cases.give_notice(row, given, **s.by(s.people.inspector))


@act
def change_answer(s: Scene) -> Call:
    row = s.best(s.file.tolds, lambda each: each.void_on is None)
    right = s.dice.choice(["defence", "hearing"])
    answer = "later" if getattr(row, right) == "waived" else "waived"
    return lambda: cases.change_answer(
        row,
        right=s.want("right", right),
        answer=s.want("answer", answer),
        on=s.day(row.given_at.astimezone(SHANGHAI).date()),
        reason=s.text("来电表示"),
        **s.by(s.people.inspector),
    )


@act
def record_defence(s: Scene) -> Call:
    row = s.best(s.file.tolds, lambda each: each.void_on is None)
    day, said = s.day(row.given_at.astimezone(SHANGHAI).date()), s.text("不知情")
    return lambda: cases.record_defence(
        row, received_on=day, text=said, oral=s.odd(), **s.by(s.people.inspector)
    )


@act
def answer_defence(s: Scene) -> Call:
    row = s.best(s.file.defences, lambda each: not each.finding)
    finding = s.dice.choice(["accepted", "partly", "rejected", "perhaps"])
    day, said = s.day(row.received_on), s.text("不影响认定")
    return lambda: cases.answer_defence(
        row, finding=finding, answer=said, on=day, **s.by(s.people.inspector)
    )


@act
def request_hearing(s: Scene) -> Call:
    row = s.best(s.file.tolds, lambda each: each.void_on is None)
    day = s.day(row.given_at.astimezone(SHANGHAI).date())
    return lambda: cases.request_hearing(row, on=day, **s.by(s.people.inspector))


def _open_hearing(s: Scene) -> Any:
    return s.best(s.file.hearings, lambda each: not each.is_over)


@act
def decide_request(s: Scene) -> Call:
    row = _open_hearing(s)
    accepted = s.want("accepted", s.dice.random() < 0.75)
    day, why = s.day(row.requested_on), s.text("不属于听证范围")
    return lambda: cases.decide_request(
        row, accepted=accepted, on=day, refusal=why, **s.by(s.people.reviewer)
    )


@act
def appoint_hearing(s: Scene) -> Call:
    row = _open_hearing(s)
    presider = s.dice.choice(s.people.all) if s.odd() else s.people.reviewer
    recorder = s.text("记录员甲")
    return lambda: cases.appoint_hearing(
        row, presider=presider, members=["听证员乙"], recorder=recorder, **s.by(s.people.reviewer)
    )


def _plan(s: Scene) -> Plan:
    first = hearing.earliest_day(s.today)
    day = first - timedelta(days=4) if s.odd() else first
    return Plan(
        planned_at=datetime.combine(day, time(9), SHANGHAI),
        place=s.text("听证室"),
        is_public=not s.odd(),
        closed_reason=s.text("涉及商业秘密"),
        contact="陆文静 0771-1234567",
    )


@act
def notify_hearing(s: Scene) -> Call:
    row, plan = _open_hearing(s), _plan(s)
    return lambda: cases.notify_hearing(row, plan, **s.by(s.people.reviewer))


@act
def postpone_hearing(s: Scene) -> Call:
    row, plan, why = _open_hearing(s), _plan(s), s.text("当事人申请改期")
    return lambda: cases.postpone_hearing(row, plan, reason=why, **s.by(s.people.reviewer))


def _handed_over(s: Scene) -> dict[str, Any]:
    return {
        "method": "direct",
        "outcome": "failed" if s.odd() else "served",
        "attempted_on": s.day(),
        "recipient": s.text("李某某"),
        "relation": "representative",
        "place": "南宁市江南区，企业办公室",
        "servers": tuple(s.people.officers[:2]),
        "note": "无人",
    }


@act
def serve_hearing_notice(s: Scene) -> Call:
    """Through the door of papers: no verb of a case."""
    row = s.best(s.file.hearings, lambda each: each.notice_id is not None and not each.is_over)
    if row.notice is None:
        raise Nothing
    facts = _handed_over(s)
    return lambda: serve_paper(row.notice, **facts, **s.by(s.people.inspector))


@act
def hold_hearing(s: Scene) -> Call:
    row = _open_hearing(s)
    usual = row.planned_at or s.at
    begun = s.moment() if s.odd() else usual
    facts = {
        "begun_at": begun,
        "ended_at": begun + timedelta(hours=-1 if s.odd() else 2),
        "attendees": s.text("当事人、调查人员"),
        "record": s.text("听证笔录"),
        "signed": not s.odd(),
    }
    return lambda: cases.hold_hearing(row, **facts, **s.by(s.people.reviewer))


@act
def report_hearing(s: Scene) -> Call:
    row = s.best(s.file.hearings, lambda each: each.is_held)
    facts = {"report": s.text("听证报告"), "opinion": s.text("维持"), "on": s.day()}
    who = row.presider or s.people.reviewer
    return lambda: cases.report_hearing(row, **facts, **s.by(who))


@act
def withdraw_hearing(s: Scene) -> Call:
    row = _open_hearing(s)
    how, day, note = (
        s.dice.choice(["party", "absent", "x"]),
        s.day(row.requested_on),
        s.text("书面"),
    )
    return lambda: cases.withdraw_hearing(
        row, how=s.want("how", how), on=day, note=note, **s.by(s.people.reviewer)
    )


# --- Deciding -------------------------------------------------------------------------------------


@act
def mark_gravity(s: Scene) -> Call:
    flags = {
        name: s.want(name, s.dice.random() < 0.3)
        for name in ("is_grave", "is_of_public_interest", "is_intricate")
    }
    why = s.text("经研判")
    return lambda: cases.mark_gravity(s.case, **flags, reason=why, **s.by(s.people.inspector))


@act
def give_review(s: Scene) -> Call:
    asked = s.day(s.file.report.reported_on if s.file.report else None)
    opinion = s.want("opinion", s.dice.choices(["agree", "amend", "return", "?"], (8, 2, 1, 1))[0])
    facts = {"asked_on": asked, "on": s.day(asked), "opinion": opinion, "text": s.text("合法")}
    return lambda: cases.give_review(s.case, **facts, **s.by(s.people.reviewer))


@act
def follow_up_review(s: Scene) -> Call:
    row = s.best(s.file.reviews, lambda each: each.followed_up_on is None)
    day, said = s.day(row.given_on), s.text("已采纳")
    return lambda: cases.follow_up_review(
        s.case, row, text=said, on=day, **s.by(s.people.inspector)
    )


@act
def hold_discussion(s: Scene) -> Call:
    facts = {
        "held_at": s.at - timedelta(hours=-2 if s.odd() else 1),
        "presider": s.text("覃海波"),
        "attendees": ["覃海波"] if s.odd() else ["覃海波", "韦某"],
        "minutes": s.text("讨论记录"),
        "agreed": s.want("agreed", s.dice.random() < 0.85),
        "conclusion": s.text("同意"),
    }
    return lambda: cases.hold_discussion(s.case, **facts, **s.by(s.people.supervisor))


@act
def approve_decision(s: Scene) -> Call:
    agreed, said = s.want("agreed", s.dice.random() < 0.9), s.text("同意")
    return lambda: cases.approve_decision(
        s.case, agreed=agreed, opinion=said, **s.by(s.people.supervisor)
    )


@act
def issue_decision(s: Scene) -> Call:
    row = s.want("row", s.best(s.file.respondents, lambda each: s.file.decision(each) is None))
    typed = s.typed()
    return lambda: cases.issue_decision(s.case, row, typed=typed, **s.by(s.people.supervisor))


# --- After the decision ---------------------------------------------------------------------------


def _decision(s: Scene) -> Decision:
    return s.best(s.file.decisions, lambda each: each.is_valid)


def _fined(s: Scene) -> Decision:
    return s.best(s.file.decisions, lambda each: each.is_valid and each.fine is not None)


@act
def record_service(s: Scene) -> Call:
    row = s.best(s.file.decisions, lambda each: each.served_on is None)
    facts = _handed_over(s)
    if s.want("method", "post" if s.dice.random() < 0.15 else "") == "post":
        facts |= {"method": "post", "tracking_number": "XA123456789CN"}
    return lambda: cases.record_service(row, **facts, **s.by(s.people.inspector))


@act
def record_returned_mail(s: Scene) -> Call:
    row = _decision(s)
    day, note = s.day(row.decided_on), s.text("查无此人")
    return lambda: cases.record_returned_mail(
        row, returned_on=day, note=note, **s.by(s.people.inspector)
    )


@act
def file_with_unit(s: Scene) -> Call:
    row = s.best(s.file.decisions, lambda each: each.kind == "spot")
    when = s.at + timedelta(days=1) if s.odd() else s.at
    return lambda: cases.file_with_unit(row, filed_at=when, **s.by(s.people.inspector))


@act
def record_check(s: Scene) -> Call:
    row = s.pick(s.file.stop_measures)
    facts = {
        "held_on": s.day(),
        "officers": s.pair,
        "result": s.dice.choice(["kept", "broken", "?"]),
    }
    return lambda: cases.record_check(
        row, **facts, note=s.text("已停业"), **s.by(s.people.inspector)
    )


@act
def lift_measure(s: Scene) -> Call:
    row = s.best(s.file.stop_measures, lambda each: each.lifted_on is None)
    day, why = s.day(row.starts_on), s.text("已经整改")
    return lambda: cases.lift_measure(row, on=day, reason=why, **s.by(s.people.supervisor))


@act
def end_measure(s: Scene) -> Call:
    row = s.best(s.file.stop_measures, lambda each: each.lifted_on is None)
    return lambda: cases.end_measure(row, note="按期", **s.by(s.people.inspector))


@act
def record_payment(s: Scene) -> Call:
    row = s.want("row", _fined(s))
    owed = owing.of(s.file, row, s.today).balance
    usual = owed or Decimal(100)
    if s.want("excess", False):
        usual += 5
    elif "row" not in s.wants and s.dice.random() < 0.4:
        usual = max(Decimal(1), (usual / 3).quantize(Decimal(1)))
    facts = {
        "paid_on": s.day(row.served_on),
        "amount": s.sum(usual),
        "receipt_number": s.dice.choice(["", str(s.dice.randrange(10**6))]),
        "way": "cash" if s.odd() else "bank",
        "keep_excess": s.want("excess", s.dice.random() < 0.2),
    }
    return lambda: cases.record_payment(row, **facts, **s.by(s.people.inspector))


@act
def void_payment(s: Scene) -> Call:
    row, why = s.best(s.file.payments, lambda each: each.void_on is None), s.text("登记有误")
    return lambda: cases.void_payment(row, reason=why, **s.by(s.people.inspector))


@act
def refund(s: Scene) -> Call:
    row = s.pick(s.file.decisions)
    over = owing.of(s.file, row, s.today).refund if owing.is_money(row) else Decimal(0)
    amount, day = s.sum(over or 1), s.day()
    return lambda: cases.refund(row, paid_on=day, amount=amount, **s.by(s.people.inspector))


@act
def hand_in(s: Scene) -> Call:
    row = s.best(s.file.cashes, lambda each: each.handed_in_on is None)
    return lambda: cases.hand_in(row, on=s.day(), **s.by(s.people.inspector))


@act
def bank_in(s: Scene) -> Call:
    row = s.best(s.file.cashes, lambda each: each.handed_in_on is not None)
    return lambda: cases.bank_in(row, on=s.day(), **s.by(s.people.inspector))


@act
def ask_plan(s: Scene) -> Call:
    row = _fined(s)
    kind, day, why = s.dice.choice(["deferral", "instalments"]), s.day(), s.text("经济困难")
    return lambda: cases.ask_plan(
        row, kind=kind, asked_on=day, reason=why, **s.by(s.people.inspector)
    )


@act
def decide_plan(s: Scene) -> Call:
    row = s.best(s.file.plans, lambda each: each.granted is None)
    day = s.day(row.asked_on)
    decision = next(each for each in s.file.decisions if each.pk == row.decision_id)
    owed = owing.owed_at_grant(owing.terms(s.file, decision), day) or Decimal(100)
    first = (owed / 2).quantize(Decimal("0.01"))
    parts = [(day + timedelta(days=10), first), (day + timedelta(days=20), owed - first)]
    if row.kind == "deferral":
        parts = [(day + timedelta(days=15), s.sum(owed))]
    granted = s.want("granted", s.dice.random() < 0.7)
    facts = {"granted": granted, "decided_on": day, "note": s.text("属实")}
    return lambda: cases.decide_plan(row, parts=parts, **facts, **s.by(s.people.supervisor))


@act
def make_demand(s: Scene) -> Call:
    row, pay_to = _fined(s), s.text("中国农业银行南宁分行")
    return lambda: cases.make_demand(
        row, pay_to=pay_to, performance=s.text("缴纳罚款"), **s.by(s.people.inspector)
    )


@act
def serve_demand(s: Scene) -> Call:
    row = s.best(s.file.demands, lambda each: each.served_on is None)
    facts = _handed_over(s)
    return lambda: cases.serve_demand(row, **facts, **s.by(s.people.inspector))


@act
def apply_to_court(s: Scene) -> Call:
    row, court = _fined(s), s.text("南宁市青秀区人民法院")
    words = on_paper.first_words(s.file, row, enforcing.served_demand(s.file, row))
    facts = words | {"leader": "覃海波", "facts": "明文存储个人信息", "basis": "第五十九条第一款"}
    return lambda: cases.apply_to_court(row, court=court, facts=facts, **s.by(s.people.inspector))


@act
def record_court_result(s: Scene) -> Call:
    row = s.pick(s.file.court_applications)
    result = s.dice.choice(["accepted", "refused", "finished", "terminated"])
    day = s.day(row.applied_on)
    result = s.want("result", result)
    return lambda: cases.record_court_result(
        row, result=result, result_on=day, **s.by(s.people.inspector)
    )


@act
def record_remedy(s: Scene) -> Call:
    row = _decision(s)
    facts = {
        "kind": s.want("kind", s.dice.choice([*Remedy.Kind.values, "?"])),
        "body": s.text("南宁市人民政府"),
        "applied_on": s.day(row.decided_on),
        "copy_received_on": s.dice.choice([None, s.today]),
    }
    return lambda: cases.record_remedy(row, **facts, **s.by(s.people.inspector))


@act
def answer_remedy(s: Scene) -> Call:
    row = s.best(s.file.remedies, lambda each: each.answered_on is None)
    day = s.day(row.copy_received_on or row.applied_on)
    copied = s.dice.choice([None, row.applied_on])
    return lambda: cases.answer_remedy(
        row, answered_on=day, copy_received_on=copied, **s.by(s.people.inspector)
    )


@act
def record_result(s: Scene) -> Call:
    row = s.best(s.file.remedies, lambda each: not each.result)
    result = s.want("result", s.dice.choice([*Remedy.Result.values, "?"]))
    day = s.day(row.applied_on)
    new = s.dice.choice([None, Decimal(0), Decimal(500), s.sum(5_000)])
    facts = {
        "result": result,
        "result_on": day,
        "result_received_on": s.day(day),
        "new_fine": new if result in ("changed", "settled") or s.odd() else None,
        "effective": s.want("effective", s.dice.random() < 0.6),
        "note": s.text("见裁判文书"),
    }
    return lambda: cases.record_result(row, **facts, **s.by(s.people.inspector))


@act
def take_effect(s: Scene) -> Call:
    row = s.best(s.file.remedies, lambda each: bool(each.result) and each.effective_on is None)
    day = s.day(row.result_received_on)
    return lambda: cases.take_effect(row, on=day, **s.by(s.people.inspector))


@act
def withdraw_decision(s: Scene) -> Call:
    row, why = _decision(s), s.text("适用法律错误")
    redo = s.want("redo", s.dice.random() < 0.6)
    return lambda: cases.withdraw_decision(row, reason=why, redo=redo, **s.by(s.people.supervisor))


@act
def record_stay(s: Scene) -> Call:
    row = _decision(s)
    facts = {"by_whom": s.text("人民法院"), "ground": s.text("难以弥补"), "from_on": s.day()}
    return lambda: cases.record_stay(row, **facts, **s.by(s.people.inspector))


@act
def end_stay(s: Scene) -> Call:
    row = s.best(s.file.stays, lambda each: each.until_on is None)
    day = s.day(row.from_on)
    return lambda: cases.end_stay(row, until_on=day, **s.by(s.people.inspector))


# --- Elsewhere, and the end -----------------------------------------------------------------------


@act
def refer(s: Scene) -> Call:
    whole = s.want("whole", s.dice.random() < 0.6)
    facts = {
        "to": s.want("to", s.dice.choice(Referral.To.values)),
        "organ": s.text("通信管理局"),
        "reason": s.text("属于其管辖"),
        "sent_on": s.today if not s.odd() else s.day(),
        "found_at": s.at - timedelta(hours=2),
        "whole": whole,
        "findings": s.file.findings[:1],
    }
    return lambda: cases.refer(s.case, **facts, **s.by(s.people.inspector))


@act
def record_answer(s: Scene) -> Call:
    row = s.best(s.file.referrals, lambda each: not each.answer)
    answer = s.want("answer", s.dice.choice(Referral.Answer.values))
    day, note = s.day(row.sent_on), s.text("不属于")
    return lambda: cases.record_answer(
        row, answer=answer, answered_on=day, answer_note=note, **s.by(s.people.inspector)
    )


@act
def record_interview(s: Scene) -> Call:
    facts = {
        "subject": s.dice.choice(["data", "data", "network"]),
        "held_at": s.at - timedelta(hours=-2 if s.odd() else 2),
        "place": s.text("本局"),
        "attendees": [s.text("覃某某")],
        "officers": ["韦志远"],
        "demands": s.text("立即加密"),
        "follow_up_on": s.dice.choice([None, s.today + timedelta(days=20)]),
    }
    return lambda: cases.record_interview(s.case, **facts, **s.by(s.people.inspector))


@act
def follow_up_interview(s: Scene) -> Call:
    row = s.best(s.file.interviews, lambda each: each.followed_up_on is None)
    day, said = s.day(row.held_at.astimezone(SHANGHAI).date()), s.text("已经加密")
    return lambda: cases.follow_up_interview(
        row, followed_up_on=day, follow_up=said, **s.by(s.people.inspector)
    )


@act
def ask_closing(s: Scene) -> Call:
    grounds = {
        CaseState.DECIDED: ["performed", "unpunished", "impossible", "crime"],
        CaseState.FILED: ["terminated", "crime"],
    }
    ground = s.dice.choice(grounds.get(CaseState(s.case.state), ClosingGround.values))
    facts = {
        "ground": s.want("ground", ground),
        "note": s.text("已经办结"),
        "order_note": s.text("责令改正另行跟踪"),
        "defects_note": s.text("逐条说明"),
    }
    return lambda: cases.ask_closing(s.case, **facts, **s.by(s.people.inspector))


@act
def approve_closing(s: Scene) -> Call:
    row = s.best(s.file.closings, lambda each: each.approved is None)
    return lambda: cases.approve_closing(row, note="同意", **s.by(s.people.supervisor))


@act
def return_closing(s: Scene) -> Call:
    row, note = s.best(s.file.closings, lambda each: each.approved is None), s.text("补充材料")
    return lambda: cases.return_closing(row, note=note, **s.by(s.people.supervisor))


@act
def terminate(s: Scene) -> Call:
    note = s.text("违法事实不能成立")
    return lambda: cases.terminate(s.case, note=note, **s.by(s.people.supervisor))


# --- Lines of the bank ----------------------------------------------------------------------------


@act
def import_statement(s: Scene) -> Call:
    row = _fined(s)
    balance = owing.of(s.file, row, s.today).balance or Decimal(5)
    lines = []
    for amount in (balance, Decimal(7)):
        number = s.dice.randrange(10**9)
        text = s.want("text", row.number if s.dice.random() < 0.5 else "货款")
        lines.append(f"{number},{s.day(row.served_on):%Y-%m-%d},{amount},某某,{text}")
    head = "坏" if s.odd() else "流水号,交易日期,金额,对方户名,摘要"
    data = "\r\n".join([head, *lines]).encode()
    return lambda: cases.import_statement(s.case.unit, data, "流水.csv", **s.by(s.people.inspector))


def _line(s: Scene, open_: bool) -> BankLine:
    rows = BankLine.objects.filter(unit=s.case.unit).select_related("unit", "payment")[:40]
    return s.best(rows, lambda row: (row.payment_id is None and not row.set_aside) == open_)


@act
def match_line(s: Scene) -> Call:
    line, row = _line(s, True), _fined(s)
    keep = s.dice.random() < 0.5
    return lambda: cases.match_line(line, row, keep_excess=keep, **s.by(s.people.inspector))


@act
def set_line_aside(s: Scene) -> Call:
    line, why = _line(s, True), s.text("不是缴款")
    return lambda: cases.set_line_aside(line, reason=why, **s.by(s.people.inspector))


@act
def unmatch(s: Scene) -> Call:
    line, why = _line(s, False), s.text("匹配有误")
    return lambda: cases.unmatch(line, reason=why, **s.by(s.people.inspector))


# --- New cases ------------------------------------------------------------------------------------


def spot_given(s: Scene, visit: Any) -> spot.Given:
    """A warning or a small fine on the spot, from the first finding of the visit."""
    findings = spot.open_findings(visit)
    tier = next(
        tier
        for tier in citations.register().tiers(
            citations.register().article(Article.objects.by_ref("MPS33@2011:21").pk)
        )
        if tier.tier != "base"
    )
    fined = s.want("fined", s.dice.random() < 0.6)
    at_once = s.want("fined", fined and s.dice.random() < 0.5)
    words = {
        "correction": s.text("立即加密"),
        "decided_at": s.at,
        "place": "企业办公室",
        "evidence": ("监督检查记录",),
        "is_clear": not s.odd(),
        "showed_certificates": not s.odd(),
        "told_orally": not s.odd(),
        "defence": s.text("无"),
        "collection": "at_once" if at_once else "bank",
        "collection_reason": s.text("事后难以执行"),
        "pay_to": "农业银行",
    }
    return spot.Given(
        finding=s.pick(findings),
        tier=tier,
        measures=["fine"] if fined else ["warning"],
        amount=s.want("amount", Decimal(s.dice.choice([100, 3_000, 3_001]))) if fined else None,
        receipt_number=str(s.dice.randrange(10**9)) if at_once else "",
        officers=s.people.officers[:2],
        facts="以明文存储个人信息",
        cause="不履行网络安全保护义务",
        recipient=s.text("李某某"),
        relation="representative",
        typed=Typed(**words),
    )


def opened(s: Scene, findings: Sequence[Any], enterprise: Any, **facts: Any) -> Case:
    given = {
        "cause": "不履行网络安全保护义务",
        "officers": s.people.officers[:2],
        "findings": findings,
    } | facts
    return opening.open_case(enterprise, by=s.people.inspector, at=s.at, **given)
