"""Facts about orders, and how they reach the portal: through the verbs that officers use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from accounts.models import User
from audit.trail import Refused
from rectification import orders
from rectification.models import Order

Args = dict[str, Any]


@dataclass(frozen=True)
class Fact:
    """Something that is entered about an order; items are named by their numbers on the paper."""

    at: datetime
    verb: str
    args: Args = field(default_factory=dict)
    loose: bool = False
    """Whether it may change places with a loose one beside it: parts of a report."""


@dataclass(frozen=True)
class Crew:
    """Who acts for a unit."""

    officer: User
    colleague: User
    chief: User


@dataclass(frozen=True)
class View:
    """What an officer sees of the order before the next act."""

    state: str
    due_on: date | None
    dues: dict[int, date | None]
    reported: bool
    refused: bool

    @property
    def last_due(self) -> date:
        """The latest of the days of its items."""
        return max(day for day in self.dues.values() if day is not None)


def look_at(pk: Any, *, refused: bool) -> View:
    """The order as it is now."""
    order = Order.objects.get(pk=pk)
    items = order.items.values_list("ordinal", "due_on")
    return View(
        state=order.state,
        due_on=order.due_on,
        dues=dict(items),
        reported=order.reported_on is not None,
        refused=refused,
    )


def enter(pk: Any, crew: Crew, fact: Fact) -> bool:
    """Enter the fact; False when the portal refuses it."""
    order = Order.objects.get(pk=pk)
    try:
        _ENTER[fact.verb](order, crew, fact.at, dict(fact.args))
    except Refused:
        return False
    return True


def _items(order: Order, numbers: list[int]) -> list[Any]:
    return list(order.items.filter(ordinal__in=numbers))


def _issue(order: Order, crew: Crew, at: datetime, args: Args) -> None:
    orders.issue(order, by=crew.chief, at=at)


def _serve(order: Order, crew: Crew, at: datetime, args: Args) -> None:
    if args["method"] in ("direct", "left"):
        args["servers"] = (crew.officer, crew.colleague)
    orders.record_service(order, by=crew.officer, at=at, **args)


def _return(order: Order, crew: Crew, at: datetime, args: Args) -> None:
    orders.record_returned_mail(order, by=crew.officer, at=at, note="查无此人", **args)


def _correct(order: Order, crew: Crew, at: datetime, args: Args) -> None:
    items = _items(order, args.pop("items"))
    orders.record_correction(order, items, by=crew.officer, at=at, note="已改正", **args)


def _on_the_spot(order: Order, crew: Crew, at: datetime, args: Args) -> None:
    officers = (crew.officer, crew.colleague)
    orders.correct_on_the_spot(order, by=crew.officer, at=at, officers=officers, note="当场改正")


def _look(order: Order, crew: Crew, at: datetime, args: Args) -> None:
    numbers = {item.ordinal: item.pk for item in order.items.all()}
    results = {numbers[n]: (outcome, day, "") for n, (outcome, day) in args["results"].items()}
    orders.record_reinspection(
        order,
        results,
        by=crew.officer,
        at=at,
        held_on=args["held_on"],
        officers=(crew.officer, crew.colleague),
    )


def _ask(order: Order, crew: Crew, at: datetime, args: Args) -> None:
    items = _items(order, args.pop("items"))
    orders.request_extension(
        order, by=crew.officer, at=at, items=items, reason="设备未到货", **args
    )


def _decide(order: Order, crew: Crew, at: datetime, args: Args) -> None:
    if args.get("items"):
        args["items"] = _items(order, args["items"])
    orders.decide_extension(order, by=crew.chief, at=at, note="依申请", **args)


def _suspend(order: Order, crew: Crew, at: datetime, args: Args) -> None:
    orders.suspend(order, by=crew.officer, at=at, reason="系统被查封", **args)


def _resume(order: Order, crew: Crew, at: datetime, args: Args) -> None:
    orders.resume(order, by=crew.officer, at=at, **args)


def _judge(order: Order, crew: Crew, at: datetime, args: Args) -> None:
    orders.judge(order, by=crew.chief, at=at)


def _escalate(order: Order, crew: Crew, at: datetime, args: Args) -> None:
    orders.escalate(order, by=crew.chief, at=at, to="立案处罚", reason="拒不改正")


def _report(order: Order, crew: Crew, at: datetime, args: Args) -> None:
    orders.report_upward(order, by=crew.officer, at=at, reason="逾期未改正")


def _withdraw(order: Order, crew: Crew, at: datetime, args: Args) -> None:
    orders.withdraw(order, by=crew.chief, at=at, reason="文书有误")


_ENTER = {
    "issue": _issue,
    "serve": _serve,
    "return": _return,
    "correct": _correct,
    "on_the_spot": _on_the_spot,
    "look": _look,
    "ask": _ask,
    "decide": _decide,
    "suspend": _suspend,
    "resume": _resume,
    "judge": _judge,
    "escalate": _escalate,
    "report": _report,
    "withdraw": _withdraw,
}
