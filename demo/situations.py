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
    """`key` is the name of the story, `enterprise` the letter in data/enterprises.json."""

    key: str
    enterprise: str
    unit: str
    types: tuple[str, ...]
    tell: Callable[[Told], None]


class Told:
    """A story with the days to tell it by."""

    def __init__(self, story: Story, days: Days, types: tuple[str, ...]) -> None:
        self.story, self.days, self.types = story, days, types

    def visit(self, day: date, findings: list[Found] | None = None) -> None:
        self.story.visit(
            day,
            findings or [Found(code) for code in self.types],
            trigger_text="日常监督检查",
            summary="演示设定：本次检查为编造。",
        )

    def served(self, due: date, working_days: int) -> date:
        """Visited, drafted, approved, issued and served so that the term ends on `due`."""
        served = self.days.before(due, working_days)
        issued, approved = self.days.before(served, 1), self.days.before(served, 2)
        drafted = self.days.before(served, 3)
        self.visit(self.days.before(served, 4))
        self.story.send_out((drafted, approved, issued, served), working_days=working_days)
        return served

    def issued(self, day: date, working_days: int) -> None:
        """Issued on that day, and not served."""
        self.visit(self.days.before(day, 3))
        self.story.draft(self.days.before(day, 2), working_days=working_days)
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
    told.issued(told.days.ago(2), 15)


def _mail_came_back(told: Told) -> None:
    told.issued(told.days.ago(12), 15)
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


def _in_term(told: Told) -> None:
    told.served(told.days.ahead(12), 20)


def _due_tomorrow(told: Told) -> None:
    told.served(told.days.ahead(1), 15)


def _due_in_three(told: Told) -> None:
    served = told.served(told.days.ahead(3), 15)
    done = told.days.calendar.nth_working_day(served, 6)
    told.story.report(done, done, "已关闭对外开放的端口。", (1,))


def _due_in_seven(told: Told) -> None:
    told.served(told.days.ahead(7), 20)


def _overdue(told: Told) -> None:
    told.served(told.days.ago(4), 15)


def _overdue_some_weeks(told: Told) -> None:
    told.served(told.days.ago(14), 10)


def _overdue_long(told: Told) -> None:
    told.served(told.days.ago(45), 15)


def _extended(told: Told) -> None:
    due = told.days.ago(2)
    told.served(due, 15)
    told.story.ask_for_more(
        told.days.before(due, 3), told.days.ahead(9), "设备到货晚于计划，已提交采购合同。"
    )
    told.story.decide_more(told.days.before(due, 1), granted=True, note="理由属实，准予延期。")


def _asks_for_more(told: Told) -> None:
    until = told.days.ahead(10)
    due = min(told.days.ahead(2), told.days.before(until, 4))
    told.served(due, 15)
    asked = min(told.days.ago(1), due)
    told.story.ask_for_more(asked, until, "系统改造须与上级公司同步，申请延长期限。")


def _suspended(told: Told) -> None:
    told.served(told.days.ahead(5), 15)
    told.story.suspend(told.days.ago(3), "服务器被另案查封，企业无法操作，期限中止。")


def _reported(told: Told) -> None:
    told.served(told.days.ahead(1), 10)
    told.story.report(told.days.ago(1), told.days.ago(2), "各项均已改正，附整改报告。")


def _to_judge(told: Told) -> None:
    due = told.days.ago(3)
    told.served(due, 15)
    told.story.report(due, told.days.before(due, 1), "各项均已改正。")
    told.story.reinspect(told.days.ago(1), told.days.before(due, 1), note="现场核查，均已改正。")


# --- Judged -------------------------------------------------------------------------------------


def _judged_on_time(told: Told) -> None:
    due = told.days.ago(4)
    told.served(due, 15)
    told.story.report(due, due, "各项均已改正。")
    told.story.reinspect(told.days.ago(2), due, note="现场核查，均已改正。")
    told.story.judge(told.days.ago(1))


def _judged_on_time_earlier(told: Told) -> None:
    due = told.days.ago(26)
    told.served(due, 15)
    told.story.report(due, told.days.before(due, 1), "各项均已改正。")
    told.story.reinspect(told.days.ago(24), told.days.before(due, 1), note="现场核查，均已改正。")
    told.story.judge(told.days.ago(24))


def _judged_early(told: Told) -> None:
    due = told.days.ago(10)
    told.served(due, 20)
    done = told.days.before(due, 8)
    told.story.report(told.days.before(due, 7), done, "各项均已改正。")
    told.story.reinspect(told.days.before(due, 5), done, note="现场核查，均已改正。")
    told.story.judge(told.days.before(due, 4))


def _judged_late(told: Told) -> None:
    due = told.days.ago(20)
    told.served(due, 10)
    done = told.days.ago(15)
    told.story.report(told.days.ago(14), done, "各项均已改正，迟于期限。")
    told.story.reinspect(told.days.ago(12), done, note="现场核查，均已改正。")
    told.story.judge(told.days.ago(11))


def _judged_partly(told: Told) -> None:
    due = told.days.ago(16)
    told.served(due, 10)
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


SITUATIONS = (
    Situation("T01", "A", NANNING, ("PII_UNENCRYPTED", "LOG_RETENTION_SHORT"), _drafting),
    Situation("T02", "G", NANNING, ("NO_CONSENT", "PII_UNENCRYPTED"), _returned),
    Situation(
        "T03", "C", NANNING, ("NO_ACCESS_LIMIT", "HIGH_RISK_PORTS", "NO_SECURITY_LEAD"), _to_approve
    ),
    Situation("T04", "D", NANNING, ("PII_UNENCRYPTED", "NO_CONSENT"), _to_approve_loosely_cited),
    Situation("T05", "E", NANNING, ("NO_MLPS_FILING", "NO_INCIDENT_PLAN"), _to_issue),
    Situation("T06", "F", NANNING, ("NO_CONSENT", "NO_SECURITY_POLICY"), _to_serve),
    Situation("T07", "H", NANNING, ("OVER_COLLECTION", "NO_PUBLISHED_RULES"), _mail_came_back),
    Situation("T08", "J", NANNING, ("NO_ANTI_INTRUSION", "LOG_RETENTION_SHORT"), _in_term),
    Situation("T09", "B", NANNING, ("PII_UNENCRYPTED", "NO_ACCESS_LIMIT"), _due_tomorrow),
    Situation(
        "T10", "K", NANNING, ("HIGH_RISK_PORTS", "NO_CONSENT", "NO_INCIDENT_PLAN"), _due_in_three
    ),
    Situation("T11", "L", NANNING, ("NO_CONSENT", "NO_PII_CLASSIFICATION"), _due_in_seven),
    Situation("T12", "I", BINYANG, ("PII_UNENCRYPTED", "NO_SECURITY_POLICY"), _overdue),
    Situation("T13", "M", BINYANG, ("NO_SECURITY_LEAD", "NO_OPERATING_PROCEDURES"), _overdue_long),
    Situation("T14", "P", NANNING, ("NO_ANTI_INTRUSION", "NO_INCIDENT_PLAN"), _overdue_some_weeks),
    Situation("T15", "C", NANNING, ("NO_VULN_SCAN", "NO_ANTI_INTRUSION"), _extended),
    Situation("T16", "E", NANNING, ("PII_UNENCRYPTED", "NO_PII_CLASSIFICATION"), _asks_for_more),
    Situation("T17", "A", NANNING, ("HIGH_RISK_PORTS", "NO_VULN_SCAN"), _suspended),
    Situation("T18", "B", NANNING, ("NO_PUBLISHED_RULES", "NO_CONSENT"), _reported),
    Situation("T19", "K", NANNING, ("LOG_RETENTION_SHORT", "NO_SECURITY_LEAD"), _to_judge),
    Situation("T20", "J", NANNING, ("PII_UNENCRYPTED", "NO_CONSENT"), _judged_on_time),
    Situation(
        "T21", "L", NANNING, ("NO_ACCESS_LIMIT", "NO_INCIDENT_PLAN"), _judged_on_time_earlier
    ),
    Situation("T22", "G", NANNING, ("NO_CONSENT", "NO_PUBLISHED_RULES"), _judged_early),
    Situation("T23", "P", NANNING, ("PII_UNENCRYPTED", "NO_SECURITY_POLICY"), _judged_late),
    Situation("T24", "H", NANNING, ("NO_CONSENT", "NO_ANTI_INTRUSION"), _judged_partly),
    Situation("T25", "N", HECHI, ("PII_UNENCRYPTED", "NO_ACCESS_LIMIT"), _overdue),
    Situation("T26", "Q", HECHI, ("NO_CONSENT", "NO_INCIDENT_PLAN"), _judged_on_time),
    Situation(
        "T27", "O", DONGLAN, ("PRINTED_PII_UNATTENDED", "NO_DEDICATED_CUSTODY"), _due_in_seven
    ),
    Situation("T28", "F", NANNING, ("PII_UNENCRYPTED",), _unfinished),
)


def stories(ground: Ground, days: Days) -> list[tuple[Story, Callable[[], None]]]:
    """(story, how to tell it) of every situation."""
    found = []
    for situation in SITUATIONS:
        story = Story(ground, situation.key, ground.team(situation.unit), situation.enterprise)
        told = Told(story, days, situation.types)
        found.append((story, _bound(situation, told)))
    return found


def _bound(situation: Situation, told: Told) -> Callable[[], None]:
    return lambda: situation.tell(told)
