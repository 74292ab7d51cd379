"""What the cases of `demo.routes` and `demo.rungs` are told with: days, and turns that recur."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from bulletins import publications
from bulletins.models import Publication, PublicationState
from demo import casework
from demo.days import Days, at
from demo.ground import Ground, invented_person
from demo.story import Found, Story
from legal.models import PenaltyTier
from penalties import cases
from penalties.models import Decision, Respondent

UNIT = "南宁市公安局"
CAUSE = "不履行网络安全保护义务"
BOARD = "行政处罚公示栏（演示设定）"
PLAIN, LOGS, PORTS = "PII_UNENCRYPTED", "LOG_RETENTION_SHORT", "HIGH_RISK_PORTS"
NETWORK = "CSL@2025:61(1)"
CORRECT = "在收到本决定书之日起十五日内改正检查中发现的问题"


class Route:
    """One case with the days to tell it by: `ago` counts working days back from today."""

    def __init__(self, key: str, letter: str, ground: Ground, days: Days) -> None:
        self.story = Story(ground, key, ground.team(UNIT), letter)
        self.work, self.team, self.days = self.story.casework, self.story.team, days
        self.key, self.letter = key, letter
        self.reviewer = ground.people["reviewer"]

    def ago(self, number: int) -> date:
        return self.days.ago(number)

    def visit(self, ago: int, *found: Found) -> Iterator[date]:
        yield self.ago(ago)
        self.story.visit(
            self.ago(ago),
            found,
            trigger_text="日常监督检查",
            summary="演示设定：本次检查为编造。",
        )

    def filed(self, ago: int, *found: Found) -> Iterator[date]:
        """Visited, opened the day after, and approved."""
        yield from self.visit(ago, *found)
        yield self.ago(ago - 1)
        self.work.open(self.ago(ago - 1), self.story.visited, CAUSE)
        self.work.approve_filing(self.ago(ago - 1))

    def reported(self, ago: int, **more: str) -> None:
        """Asked, proven and reported on one day."""
        self.work.ask(self.ago(ago), "属实，正在改正。")
        self.work.prove(self.ago(ago))
        self.work.report(self.ago(ago), **more)

    def warned(self, ago: int) -> Iterator[date]:
        """Up to a notice that proposes a warning, every right waived."""
        yield from self.filed(ago, Found(PLAIN))
        self.reported(ago - 3)
        self.work.propose(self.ago(ago - 3), casework.rung(NETWORK))
        yield self.ago(ago - 4)
        self.work.tell(self.ago(ago - 4))

    def decided(self, ago: int, **typed: Any) -> Decision:
        """The chief agreed, and the decision on the unit is issued."""
        self.work.approve(self.ago(ago))
        return self.work.issue(self.ago(ago), **{"correction": CORRECT, **typed})

    def shown(self, ago: int) -> None:
        """The decision is made public within its seven working days."""
        publication = Publication.objects.get(case=self.work.case, state=PublicationState.DUE)
        publications.publish_elsewhere(
            publication,
            by=self.team.first,
            at=at(self.ago(ago), "16:00"),
            on=self.ago(ago),
            place=BOARD,
        )

    def person(self) -> Respondent:
        """Whoever answers for the unit: nobody real."""
        return cases.add_person(
            self.work.case,
            by=self.team.first,
            at=at(self.work.case.filed_on, "17:40"),
            role=Respondent.Role.IN_CHARGE,
            workplace=self.work.case.enterprise.name,
            facts="负责本单位的网络安全，没有组织采取保护措施",
            **invented_person(self.letter),
        )

    def fined(self, ago: int, tier: PenaltyTier, unit: int, person: int | None, why: str) -> None:
        """Proposed: a fine for the unit, and one for the person where the rung has one."""
        self.work.propose(self.ago(ago), tier, "fine", amount=unit, why=why)
        if person is not None:
            whom = self.work.persons[0]
            self.work.propose(self.ago(ago), tier, "fine", party=whom, amount=person, why=why)

    def discussed(self, ago: int) -> None:
        """A grave case: those in charge discussed it (行政处罚法 57(2))."""
        team, day = self.team, self.ago(ago)
        cases.mark_gravity(
            self.work.case,
            is_grave=True,
            is_of_public_interest=False,
            is_intricate=False,
            reason="罚款数额较大，造成严重后果",
            by=team.first,
            at=at(day, "09:10"),
        )
        cases.hold_discussion(
            self.work.case,
            held_at=at(day, "10:00"),
            presider=team.chief.name,
            attendees=[team.chief.name, "演示副支队长", "演示法制员"],
            minutes="听取办案民警汇报，逐项讨论事实、证据、条款和金额。",
            agreed=True,
            conclusion="同意拟处罚意见",
            by=team.first,
            at=at(day, "11:00"),
        )
