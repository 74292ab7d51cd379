"""What may befall an order in a year, told fact by fact from a seed.

A plot is a generator: it yields the next fact and is sent what an officer then sees of the order.
It is told once, in the straight run; the facts that it chose are what the disturbed run enters.
"""

from __future__ import annotations

import random
from collections.abc import Generator
from datetime import date, datetime, time, timedelta

from bench.year.facts import Args, Fact, View
from legal.periods import SHANGHAI, Calendar, is_working_day
from rectification.models import Outcome

Told = Generator[Fact, View, View]
ONE = timedelta(days=1)
#: Weights of what the answer looks like.
ANSWERS = {"punctual": 34, "early": 12, "late": 16, "pieces": 16, "unchanged": 12, "silent": 10}
#: Weights of what comes between while the term runs.
BESIDES = {"": 40, "extension": 30, "suspension": 12, "withdrawal": 4, "spot": 6, "rash": 8}


def awkward_days(calendar: Calendar, first: date, last: date) -> list[date]:
    """Eves of three rest days and more, make-up working days, and the last day of a year."""
    found, day = [], first
    while day < last:
        ahead = [day + n * ONE for n in (1, 2, 3)]
        working = is_working_day(day, calendar)
        eve = working and not any(is_working_day(each, calendar) for each in ahead)
        if eve or (working and day.weekday() >= 5) or (day.month, day.day) == (12, 31):
            found.append(day)
        day += ONE
    return found


class Plot:
    """The life of one order from its issue on."""

    def __init__(self, dice: random.Random, issued_on: date, awkward: list[date]) -> None:
        self.dice, self.awkward = dice, awkward
        self.now = self._moment(issued_on)

    # --- time ------------------------------------------------------------------------------------

    def _moment(self, day: date) -> datetime:
        hour = self.dice.choice([time(23, 59), time(0, 1), *[None] * 10])
        if hour is None:
            hour = time(self.dice.randrange(9, 18), self.dice.randrange(60))
        return datetime.combine(day, hour, tzinfo=SHANGHAI)

    @property
    def today(self) -> date:
        return self.now.date()

    def _on(self, day: date) -> datetime:
        """A moment of that day after everything so far; later, if the day has passed."""
        moment = self._moment(max(day, self.today))
        self.now = moment if moment > self.now else self.now + timedelta(minutes=1)
        return self.now

    def _in(self, low: int, high: int) -> datetime:
        return self._on(self.today + self.dice.randint(low, high) * ONE)

    def _pick(self, weights: dict[str, int]) -> str:
        return self.dice.choices(list(weights), list(weights.values()))[0]

    # --- the life --------------------------------------------------------------------------------

    def told(self) -> Told:
        """All of it."""
        view = yield Fact(self.now, "issue")
        if self.dice.random() < 0.1:  # looked at before the service is recorded: refused
            view = yield self._looked(view, Outcome.UNCHANGED)
        view = yield from self._service()
        beside = self._pick(BESIDES)
        if beside == "spot":
            view = yield Fact(self._in(0, 1), "on_the_spot")
        elif beside == "rash":  # a verdict before the term has ended: refused
            view = yield Fact(self._in(0, 2), "judge")
        elif beside == "withdrawal":
            return (yield Fact(self._in(0, 40), "withdraw"))
        elif beside == "extension":
            for _time in range(self.dice.choice([1, 1, 1, 2, 3])):
                view = yield from self._extension(view)
        elif beside == "suspension":
            view = yield from self._standstill(view)
        view = yield from self._answer(view)
        return (yield from self._after(view))

    def _service(self) -> Told:
        way = self.dice.choice(["direct"] * 8 + ["late", "late", "post", "twice", "void", "public"])
        if way == "twice":
            yield Fact(self._in(1, 4), "serve", self._handed(method="direct", outcome="failed"))
        if way in ("post", "void"):
            letter = {"method": "post", "tracking_number": "EX1"}
            sent = self._handed(outcome="sent", recipient="", **letter)
            yield Fact(self._in(1, 3), "serve", sent)
            received = self._in(1, 5)
            view = yield Fact(received, "serve", self._handed(outcome="served", **letter))
            if way == "post":
                return view
            back = self._in(1, 12)
            yield Fact(back, "return", {"returned_on": back.date()})
        if way == "public":
            published = self._in(1, 5)
            facts = self._handed(
                method="publication",
                outcome="published",
                recipient="",
                cause="untraceable",
                grounds="登记地址无人",
                published_in="南宁日报",
            )
            return (yield Fact(published, "serve", facts))
        soon = [day for day in self.awkward if self.today < day < self.today + 15 * ONE]
        on = self.dice.choice(soon) if soon and self.dice.random() < 0.4 else None
        at = self._on(on) if on else self._in(0, 6)
        facts = self._handed(method="direct", outcome="served")
        if way == "twice":
            facts |= {"method": "left", "outcome": "left", "witness": "居委会赵某", "recipient": ""}
            facts |= {"refusal": "不肯签收"}
        if way == "late":  # recorded days after it was done
            at = self._in(2, 9)
        return (yield Fact(at, "serve", facts))

    def _handed(self, **facts: str) -> Args:
        return {"attempted_on": self.today, "recipient": "李某某", "place": "企业办公室"} | facts

    def _extension(self, view: View) -> Told:
        if view.due_on is None or view.state != "served":
            return view
        when = self.dice.choice(["midway", "last minute", "too late"])
        if when == "midway":
            at = self._on(view.due_on - self.dice.randint(1, 6) * ONE)
        else:
            minute = time(23, 59) if when == "last minute" else time(0, 0)
            day = view.due_on if when == "last minute" else view.due_on + ONE
            wanted = datetime.combine(day, minute, tzinfo=SHANGHAI)
            at = self.now = max(wanted, self.now + timedelta(minutes=1))
        ours = [n for n, day in view.dues.items() if day == view.due_on]
        asked = ours if self.dice.random() < 0.6 else self.dice.sample(ours, -(-len(ours) // 2))
        until = view.due_on + self.dice.randint(4, 40) * ONE
        view = yield Fact(at, "ask", {"items": asked, "until": until})
        if view.refused:
            return view
        decision: Args = {"granted": self.dice.random() < 0.75}
        if decision["granted"] and self.dice.random() < 0.4:
            decision["items"] = self.dice.sample(asked, self.dice.randint(1, len(asked)))
        if decision["granted"] and self.dice.random() < 0.3:
            decision["until"] = until - 2 * ONE
        return (yield Fact(self._in(0, 6), "decide", decision))

    def _standstill(self, view: View) -> Told:
        at = self._in(0, 10)
        ground = self.dice.choice(["force_majeure", "litigation", "authority", "other"])
        facts = {"from_on": at.date() - self.dice.randint(0, 1) * ONE, "ground": ground}
        view = yield Fact(at, "suspend", facts)
        if view.refused:
            return view
        again = self._in(2, 35)
        return (yield Fact(again, "resume", {"on": again.date()}))

    def _answer(self, view: View) -> Told:
        """Reports, rounds and the verdict, until there is one."""
        way = self._pick(ANSWERS)
        if way == "silent" and self.dice.random() < 0.4 and view.due_on:
            return (yield Fact(self._on(view.due_on + 12 * ONE), "report"))  # and nothing more
        for attempt in range(4):
            if view.state != "served" or view.due_on is None:
                return view
            if way not in ("unchanged", "silent") and not view.reported:
                view = yield from self._reports(view, way)
            elif attempt or not view.reported:
                self._on(view.last_due + self.dice.randint(1, 4) * ONE)
            bad = way in ("unchanged", "silent") or (not attempt and self.dice.random() < 0.15)
            outcome = self.dice.choice([Outcome.UNCHANGED, Outcome.PARTLY]) if bad else "corrected"
            self._in(0, 4)
            view = yield self._looked(view, outcome)
            view = yield Fact(self._in(0, 2), "judge")
            if view.refused:
                self._on(view.last_due + self.dice.randint(1, 3) * ONE)
        return view

    def _reports(self, view: View, way: str) -> Told:
        assert view.due_on is not None
        if way == "late":
            self._on(view.last_due + self.dice.randint(1, 9) * ONE)
        elif way == "early":
            self._in(1, 3)
        else:
            self._on(view.due_on - self.dice.randint(0, 3) * ONE)
        numbers = sorted(view.dues)
        if way == "pieces" and len(numbers) > 1:
            for n in numbers[:-1]:
                view = yield self._corrected([n], loose=True)
            self._in(0, 6)
            numbers = numbers[-1:]
        return (yield self._corrected(numbers))

    def _corrected(self, numbers: list[int], *, loose: bool = False) -> Fact:
        at = self._in(0, 1)
        facts = {"items": numbers, "completed_on": at.date(), "received_on": at.date()}
        return Fact(at, "correct", facts, loose=loose)

    def _looked(self, view: View, outcome: str) -> Fact:
        at = self._on(self.today)
        results: dict[int, tuple[str, date | None]] = {}
        for number in view.dues:
            done = outcome == Outcome.CORRECTED or self.dice.random() < 0.3
            word = Outcome.CORRECTED if done else Outcome(outcome)
            results[number] = (word, at.date() - self.dice.randint(0, 2) * ONE if done else None)
        return Fact(at, "look", {"results": results, "held_on": at.date()})

    def _after(self, view: View) -> Told:
        if view.state == "judged" and self.dice.random() < 0.3:
            view = yield Fact(self._in(0, 5), self.dice.choice(["report", "escalate", "withdraw"]))
        return view
