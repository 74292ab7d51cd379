"""Orders in each situation, reached through the verbs that officers use.

`Desk()` is a unit with an inspector who drafts, a colleague, and a supervisor who decides, on the
project's own law and calendars. Each of its methods makes an order and brings it so far: `draft`,
`submitted`, `approved`, `issued`, `served`, `reported`, `reinspected`, `judged`. Days are those of
the example of the design: found on 6 January 2025, issued on the 8th, served on the 9th, twenty
working days, due on 12 February.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Unit, User
from deadlines.models import Policy
from inspections import fieldwork
from inspections.models import Inspection
from legal.models import Article, ViolationType
from legal.periods import SHANGHAI
from notices import printing
from notices.printing import Printed
from rectification import orders
from rectification.models import Extension, Order, Outcome, TermKind
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.inspections import finding, visit
from tests.factories.legal import load_law

FOUND_ON = date(2025, 1, 6)
ISSUED_ON = date(2025, 1, 8)
SERVED_ON = date(2025, 1, 9)
DUE_ON = date(2025, 2, 12)
PARTY = "南宁某客货服务有限责任公司"


def at(day: date, hour: int = 15, minute: int = 0) -> datetime:
    """A moment of that day in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def nanning() -> Unit:
    return UnitFactory(name="南宁市公安局", short_name="网安支队", abbreviation="南公（网安）")


def house(unit: Unit, effective_from: date, **rules: Any) -> Policy:
    """The house sets rules of its own, from that day on."""
    entered_on = effective_from - timedelta(days=1)
    return Policy.objects.create(
        unit=unit, effective_from=effective_from, entered_on=entered_on, **rules
    )


@dataclass
class Desk:
    """The people of one unit, and the orders that they bring forward."""

    unit: Unit = field(default_factory=nanning)
    inspector: User = field(init=False)
    colleague: User = field(init=False)
    supervisor: User = field(init=False)

    def __post_init__(self) -> None:
        load_law()
        self.inspector = UserFactory(unit=self.unit, inspector=True, name="韦志远")
        self.colleague = UserFactory(unit=self.unit, inspector=True, name="黄莉")
        self.supervisor = UserFactory(unit=self.unit, supervisor=True, name="覃海波")

    @property
    def pair(self) -> tuple[User, User]:
        return self.inspector, self.colleague

    def above(self) -> Unit:
        """A unit above comes in."""
        upper = UnitFactory(name="广西壮族自治区公安厅", short_name="网安总队")
        self.unit.parent = upper
        self.unit.save()
        return upper

    def visit(self, findings: int = 2, *, day: date = FOUND_ON, **heads: Any) -> Inspection:
        """A signed inspection with findings that cite the Cybersecurity Law of its day."""
        heads.setdefault("enterprise", EnterpriseFactory(unit=self.unit, name=PARTY))
        inspection = visit(
            self.inspector,
            started_at=at(day, 10),
            ended_at=at(day, 12),
            officers=list(self.pair),
            **heads,
        )
        old = day < date(2026, 1, 1)
        facts = {
            "violation_type": ViolationType.objects.get(pk="PII_UNENCRYPTED"),
            "duty": [Article.objects.by_ref("CSL@2016:21" if old else "CSL@2025:23")],
            "penalty": [Article.objects.by_ref("CSL@2016:59(1)" if old else "CSL@2025:61(1)")],
        }
        for _n in range(findings):
            finding(inspection, self.inspector, at=at(day, 12), **facts)
        return fieldwork.record_inspection(inspection, by=self.inspector, at=at(day, 13))

    def draft(self, findings: int = 2, *, day: date = FOUND_ON, **facts: Any) -> Order:
        inspection = facts.pop("inspection", None) or self.visit(findings, day=day)
        facts = {"term_kind": TermKind.WORKING_DAYS, "term_days": 20} | facts
        found = list(inspection.findings.all())
        return orders.draft(inspection, found, by=self.inspector, at=at(day, 16), **facts)

    def submitted(self, *args: Any, **facts: Any) -> Order:
        order = self.draft(*args, **facts)
        return orders.submit(order, by=self.inspector, at=order.drafted_at)

    def approved(self, *args: Any, **facts: Any) -> Order:
        order = self.submitted(*args, **facts)
        return orders.approve(order, by=self.supervisor, at=order.drafted_at)

    def issued(self, *args: Any, on: date = ISSUED_ON, **facts: Any) -> Order:
        return orders.issue(self.approved(*args, **facts), by=self.supervisor, at=at(on, 17))

    def serve(self, order: Order, on: date = SERVED_ON, **facts: Any) -> Order:
        """Hand the paper over on that day, to the legal representative."""
        given = {
            "method": "direct",
            "outcome": "served",
            "attempted_on": on,
            "recipient": "李某某",
            "relation": "representative",
            "place": "南宁市江南区，企业办公室",
            "servers": self.pair,
        }
        moment = facts.pop("at", at(on, 18))
        orders.record_service(order, by=self.inspector, at=moment, **(given | facts))
        return order

    def served(self, *args: Any, on: date = SERVED_ON, **facts: Any) -> Order:
        return self.serve(self.issued(*args, **facts), on)

    def ask(self, order: Order, on: date, until: date, *items: int, **more: Any) -> Extension:
        """The enterprise asks more time for these items (all that are owed, if none is named)."""
        chosen = [i for i in order.items.all() if i.ordinal in items] if items else None
        given = {"reason": "设备采购周期长", "at": at(on)} | more
        return orders.request_extension(
            order, by=self.inspector, until=until, items=chosen, **given
        )

    def decide(self, order: Order, on: date, *items: int, **more: Any) -> Extension:
        """Granted, for these items (all that were asked for, if none is named)."""
        chosen = [i for i in order.items.all() if i.ordinal in items] if items else None
        given = {"granted": True, "note": "理由属实", "at": at(on, 16)} | more
        return orders.decide_extension(order, by=self.supervisor, items=chosen, **given)

    def report(self, order: Order, on: date, completed: date | None = None, *items: int) -> Order:
        """The enterprise says that these items (all, if none is named) are corrected."""
        chosen = [i for i in order.items.all() if not items or i.ordinal in items]
        orders.record_correction(
            order,
            chosen,
            by=self.inspector,
            at=at(on),
            completed_on=completed or on,
            received_on=on,
            note="已加密并提交方案。",
        )
        return order

    def look(self, order: Order, on: date, outcome: str = Outcome.CORRECTED, **more: Any) -> Order:
        """A round by two officers with the same outcome for every item."""
        completed = more.pop("completed", None) or on
        results = {
            item.pk: (outcome, completed if outcome == Outcome.CORRECTED else None, "")
            for item in order.items.all()
        }
        orders.record_reinspection(
            order,
            more.pop("results", results),
            by=self.inspector,
            at=at(on),
            held_on=on,
            officers=self.pair,
            **more,
        )
        return order

    def judged(self, *, on: date = DUE_ON, outcome: str = Outcome.CORRECTED, **facts: Any) -> Order:
        """Reported and looked at on the day, then judged."""
        order = self.served(**facts)
        if outcome == Outcome.CORRECTED:
            self.report(order, on)
        self.look(order, on, outcome)
        return orders.judge(order, by=self.supervisor, at=at(on, 16))

    def printed(self, order: Order) -> Order:
        """The worker has filed a PDF (its bytes do not matter here)."""
        paper = Printed(b"%PDF-1.7 of a test", "0" * 64, 2, "test")
        printing.keep(order.notice, paper, at(ISSUED_ON, 18))
        return order
