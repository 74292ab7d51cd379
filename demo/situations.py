"""Matters of plainly invented enterprises, dated from the day of loading.

Whatever day that is, the desk has something in every group and the board something to count: a
table of situations, each told through the verbs. Days are counted by `Days`, which never leaves
the years whose calendars are known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from demo.days import Days, at
from demo.ground import Ground
from demo.story import Found, Story
from rectification import orders
from rectification.models import Outcome

NANNING, BINYANG = "南宁市公安局", "宾阳县公安局"
HECHI, DONGLAN = "河池市公安局", "东兰县公安局"


@dataclass(frozen=True)
class Situation:
    """`key` is the name of the story, `enterprise` the letter in data/enterprises.json.

    `due` and `term` (working days) fix every day up to the service; `issued` is given for what was
    issued and not served. What has neither was not issued.
    """

    key: str
    enterprise: str
    unit: str
    types: tuple[str, ...]
    tell: Callable[[Told], None]
    due: Callable[[Days], date] | None = None
    term: int = 15
    issued: Callable[[Days], date] | None = None

    def issued_on(self, days: Days) -> date:
        """When the paper was issued; the last day there is for what was not. Matters are told in
        this order, so that numbers and days of issue agree."""
        if self.issued is not None:
            return self.issued(days)
        if self.due is not None:
            return days.before(self.due(days), self.term + 1)
        return date.max


class Told:
    """A story with the days to tell it by."""

    def __init__(self, story: Story, days: Days, situation: Situation) -> None:
        self.story, self.days, self.situation = story, days, situation
        self.types = situation.types

    def visit(
        self, day: date, findings: list[Found] | None = None, *, papers: bool = False
    ) -> None:
        self.story.visit(
            day,
            findings or [Found(code) for code in self.types],
            papers=papers,
            trigger_text="日常监督检查",
            summary="演示设定：本次检查为编造。",
        )

    def served(self) -> date:
        """Visited, drafted, approved, issued and served; gives the day due."""
        assert self.situation.due is not None
        due, term = self.situation.due(self.days), self.situation.term
        served = self.days.before(due, term)
        issued, approved = self.days.before(served, 1), self.days.before(served, 2)
        drafted = self.days.before(served, 3)
        self.visit(self.days.before(served, 4))
        self.story.send_out((drafted, approved, issued, served), working_days=term)
        return due

    def issued(self, *, papers: bool = False) -> None:
        """Visited, drafted, approved, issued, and not served."""
        assert self.situation.issued is not None
        day = self.situation.issued(self.days)
        self.visit(self.days.before(day, 3), papers=papers)
        self.story.draft(self.days.before(day, 2), working_days=self.situation.term)
        self.story.submit(self.days.before(day, 2))
        self.story.approve(self.days.before(day, 1))
        self.story.issue(day)


# --- Before issue -------------------------------------------------------------------------------


def _drafting(told: Told) -> None:
    told.visit(told.days.ago(3))
    told.story.draft(told.days.ago(2), working_days=10)


def _returned(told: Told) -> None:
    told.visit(told.days.ago(7))
    told.story.draft(told.days.ago(6), working_days=15)
    told.story.submit(told.days.ago(5))
    told.story.send_back(told.days.ago(3), "第 2 项没有写清存放位置，补充后再报。")


def _to_approve(told: Told) -> None:
    told.visit(told.days.ago(4))
    told.story.draft(told.days.ago(3), working_days=15)
    told.story.submit(told.days.ago(2))


def _to_approve_loosely_cited(told: Told) -> None:
    """The fitting articles of the first type are cited for everything, as publications do."""
    day = told.days.ago(3)
    told.visit(day, _cited_like_the_first(told, day))
    told.story.draft(told.days.ago(2), working_days=10, by=told.story.team.second)
    told.story.submit(told.days.ago(1))


def _cited_like_the_first(told: Told, day: date) -> list[Found]:
    law = "CSL@2016" if day < date(2026, 1, 1) else "CSL@2025"
    duty, penalty = ("21(1)[4]", "59(1)") if law == "CSL@2016" else ("23(1)[4]", "61(1)")
    return [Found(code, "", (f"{law}:{duty}",), (f"{law}:{penalty}",)) for code in told.types]


def _to_issue(told: Told) -> None:
    told.visit(told.days.ago(6))
    told.story.draft(told.days.ago(5), working_days=20)
    told.story.submit(told.days.ago(4))
    told.story.approve(told.days.ago(2))


# --- Issued and served --------------------------------------------------------------------------


def _to_serve(told: Told) -> None:
    """With the papers of the visit, and a letter of advice beside the order."""
    told.issued(papers=True)
    told.story.advise(told.days.ago(1), "演示行业主管部门")


def _mail_came_back(told: Told) -> None:
    told.issued()
    assert told.story.order is not None
    for day, outcome, note in (
        (told.days.ago(11), "sent", ""),
        (told.days.ago(4), "returned", "演示：查无此人。"),
    ):
        orders.record_service(
            told.story.order,
            by=told.story.team.first,
            at=at(day, "15:00"),
            method="post",
            outcome=outcome,
            attempted_on=day,
            tracking_number="DEMO0000000001",
            note=note,
        )


def _waiting_for_the_day(told: Told) -> None:
    told.served()


def _reported_in_part(told: Told) -> None:
    due = told.served()
    done = told.days.before(due, told.situation.term - 6)
    told.story.report(done, done, "已关闭对外开放的端口。", (1,))


def _extended_in_part(told: Told) -> None:
    """Two of four findings were corrected in time; the others wait for a delivery."""
    due = told.served()
    told.story.ask_for_more(
        told.days.before(due, 3),
        told.days.ahead(9),
        "设备到货晚于计划，已提交采购合同。",
        (2, 4),
    )
    told.story.decide_more(
        told.days.before(due, 1), granted=True, note="采购合同属实，准予第2、4项延期。"
    )
    told.story.report(due, told.days.before(due, 1), "第1、3项已改正。", (1, 3))


def _refused_more(told: Told) -> None:
    told.served()
    told.story.ask_for_more(told.days.ago(4), told.days.ahead(12), "年底工作较多，申请延长期限。")
    told.story.decide_more(
        told.days.ago(2), granted=False, note="未说明需要延期的具体原因，也没有提交材料。"
    )


def _asks_for_more(told: Told) -> None:
    due = told.served()
    told.story.ask_for_more(
        min(told.days.ago(1), due), told.days.ahead(10), "系统改造须与上级公司同步，申请延长期限。"
    )


def _suspended(told: Told) -> None:
    told.served()
    told.story.suspend(
        told.days.ago(3),
        "服务器被另案查封，企业无法操作，期限中止。",
        ground="authority",
        document_number="演示查封决定1号",
    )


def _reported(told: Told) -> None:
    told.served()
    told.story.report(told.days.ago(1), told.days.ago(2), "各项均已改正，附整改报告。")


def _to_judge(told: Told) -> None:
    due = told.served()
    told.story.report(due, told.days.before(due, 1), "各项均已改正。")
    told.story.reinspect(told.days.ago(1), told.days.before(due, 1), note="现场核查，均已改正。")


# --- Judged -------------------------------------------------------------------------------------


def _met_on_time(told: Told) -> None:
    due = told.served()
    told.story.report(due, due, "各项均已改正。")
    told.story.reinspect(told.days.ago(2), due, note="现场核查，均已改正。")
    told.story.judge(told.days.ago(1))


def _met_early(told: Told) -> None:
    due = told.served()
    done = told.days.before(due, 8)
    told.story.report(told.days.before(due, 7), done, "各项均已改正。")
    told.story.reinspect(told.days.before(due, 5), done, note="现场核查，均已改正。")
    told.story.judge(told.days.before(due, 4))


def _met_late(told: Told) -> None:
    told.served()
    done = told.days.ago(15)
    told.story.report(told.days.ago(14), done, "各项均已改正，迟于期限。")
    told.story.reinspect(told.days.ago(12), done, note="现场核查，均已改正。")
    told.story.judge(told.days.ago(11))


def _met_in_part(told: Told) -> None:
    due = told.served()
    done = told.days.before(due, 1)
    told.story.report(due, done, "第 1 项已改正。", (1,))
    told.story.reinspect(
        told.days.ago(13), done, unmet=(2,), outcome=Outcome.UNCHANGED, note="第 2 项未改正。"
    )
    told.story.judge(told.days.ago(12))


def _unfinished(told: Told) -> None:
    """A visit of yesterday that nobody has completed yet."""
    told.story.visit(
        told.days.ago(1),
        [Found(told.types[0])],
        finish=False,
        trigger_text="举报投诉",
        kind="complaint",
        summary="演示设定：本次检查为编造。",
    )


def _ago(number: int) -> Callable[[Days], date]:
    return lambda days: days.ago(number)


def _ahead(number: int) -> Callable[[Days], date]:
    return lambda days: days.ahead(number)


def _before_what_is_asked(days: Days) -> date:
    """In two days, and in any case before the day up to which more time can be asked for."""
    return min(days.ahead(2), days.before(days.ahead(10), 4))


def _before_a_later_day(days: Days) -> date:
    """In seven days, and in any case before a later day that is known."""
    return min(days.ahead(7), days.before(days.ahead(12), 2))


PLAIN, ACCESS, CONSENT = "PII_UNENCRYPTED", "NO_ACCESS_LIMIT", "NO_CONSENT"
PORTS, PLAN, LOGS = "HIGH_RISK_PORTS", "NO_INCIDENT_PLAN", "LOG_RETENTION_SHORT"
INTRUSION, LEAD, POLICY = "NO_ANTI_INTRUSION", "NO_SECURITY_LEAD", "NO_SECURITY_POLICY"
CLASSES, SCAN, RULES = "NO_PII_CLASSIFICATION", "NO_VULN_SCAN", "NO_PUBLISHED_RULES"

SITUATIONS = (
    # before issue
    Situation("T01", "A", NANNING, (PLAIN, LOGS), _drafting),
    Situation("T02", "G", NANNING, (CONSENT, PLAIN), _returned),
    Situation("T03", "C", NANNING, (ACCESS, PORTS, LEAD), _to_approve),
    Situation("T04", "D", NANNING, (PLAIN, CONSENT), _to_approve_loosely_cited),
    Situation("T05", "E", NANNING, ("NO_MLPS_FILING", PLAN), _to_issue),
    # to serve
    Situation("T06", "F", NANNING, (CONSENT, POLICY), _to_serve, issued=_ago(2)),
    Situation("T07", "H", NANNING, ("OVER_COLLECTION", RULES), _mail_came_back, issued=_ago(12)),
    # in term
    Situation("T08", "J", NANNING, (INTRUSION, LOGS), _waiting_for_the_day, _ahead(12), 20),
    Situation("T09", "B", NANNING, (PLAIN, ACCESS), _waiting_for_the_day, _ahead(1)),
    Situation("T10", "K", NANNING, (PORTS, CONSENT, PLAN), _reported_in_part, _ahead(3)),
    Situation("T11", "L", NANNING, (CONSENT, CLASSES), _refused_more, _before_a_later_day, 20),
    # overdue
    Situation("T12", "I", BINYANG, (PLAIN, POLICY), _waiting_for_the_day, _ago(4)),
    Situation(
        "T13", "M", BINYANG, (LEAD, "NO_OPERATING_PROCEDURES"), _waiting_for_the_day, _ago(45)
    ),
    Situation("T14", "P", NANNING, (INTRUSION, PLAN), _waiting_for_the_day, _ago(14), 10),
    # the term was moved, or asks to be
    Situation("T15", "C", NANNING, (SCAN, INTRUSION, PORTS, LOGS), _extended_in_part, _ago(2)),
    Situation("T16", "E", NANNING, (PLAIN, CLASSES), _asks_for_more, _before_what_is_asked),
    Situation("T17", "A", NANNING, (PORTS, SCAN), _suspended, _ahead(5)),
    # to look at, to judge
    Situation("T18", "B", NANNING, (RULES, CONSENT), _reported, _ahead(1), 10),
    Situation("T19", "K", NANNING, (LOGS, LEAD), _to_judge, _ago(3)),
    # judged
    Situation("T20", "J", NANNING, (PLAIN, CONSENT), _met_on_time, _ago(4)),
    Situation("T21", "L", NANNING, (ACCESS, PLAN), _met_on_time, _ago(9)),
    Situation("T22", "G", NANNING, (CONSENT, RULES), _met_early, _ago(10), 20),
    Situation("T23", "P", NANNING, (PLAIN, POLICY), _met_late, _ago(20), 10),
    Situation("T24", "H", NANNING, (CONSENT, INTRUSION), _met_in_part, _ago(16), 10),
    # other units
    Situation("T25", "N", HECHI, (PLAIN, ACCESS), _waiting_for_the_day, _ago(4)),
    Situation("T26", "Q", HECHI, (CONSENT, PLAN), _met_on_time, _ago(4)),
    Situation(
        "T27",
        "O",
        DONGLAN,
        ("PRINTED_PII_UNATTENDED", "NO_DEDICATED_CUSTODY"),
        _waiting_for_the_day,
        _ahead(7),
        20,
    ),
    # a visit that is not finished
    Situation("T28", "F", NANNING, (PLAIN,), _unfinished),
)


def stories(ground: Ground, days: Days) -> list[tuple[Story, Callable[[], None]]]:
    """(story, how to tell it) of every situation, in the order in which papers were issued."""
    found = []
    for situation in sorted(SITUATIONS, key=lambda each: (each.issued_on(days), each.key)):
        story = Story(ground, situation.key, ground.team(situation.unit), situation.enterprise)
        found.append((story, _bound(situation, Told(story, days, situation))))
    return found


def _bound(situation: Situation, told: Told) -> Callable[[], None]:
    return lambda: situation.tell(told)
