"""The two runs: the straight one tells what happens, the disturbed one enters the same facts late,
in another order, under a beat and a worker that stop, start twice and live with a wrong clock."""

from __future__ import annotations

import heapq
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import time_machine
from celery import current_app
from django.db import connections
from django.db.models import Q
from django.utils import timezone

from bench.year import oracle
from bench.year.facts import Crew, Fact, enter, look_at
from bench.year.plots import Plot, awkward_days
from bench.year.world import FIRST, House, Killed, Post
from deadlines.models import Deadline, Reminder
from jobs import ledger
from jobs.models import Job
from legal import calendars
from legal.periods import SHANGHAI
from rectification.models import Extension, Order

MORNING = time(8, 5)
#: Days of reminders begin at this hour (`ZHENGGAI_REMIND_HOUR`).
HOUR = 8
Script = dict[int, list[Fact]]


@dataclass
class Book:
    """What a run leaves behind."""

    orders: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    """Number → state, verdict, days late, due day, and the days of its items."""
    deadlines: dict[int, list[tuple[Any, ...]]] = field(default_factory=dict)
    said: dict[Any, oracle.Said] = field(default_factory=dict)
    rows: dict[Any, oracle.Row] = field(default_factory=dict)
    sweeps: list[oracle.Sweep] = field(default_factory=list)
    refused: dict[int, list[bool]] = field(default_factory=dict)
    letters: list[str] = field(default_factory=list)
    unsent: int = 0
    kills: int = 0
    facts: int = 0


class Run:
    """One run over the orders of the house; `together` starts two beats in two threads."""

    def __init__(self, house: House, *, together: bool) -> None:
        self.house, self.together, self.book = house, together, Book()
        self._place = 0
        self._open: dict[int, dict[Any, str]] = {}
        current_app.loader.import_default_modules()

    @contextmanager
    def _clock(self, moment: datetime) -> Iterator[Any]:
        with time_machine.travel(moment, tick=False) as traveller:
            yield traveller

    # --- facts -----------------------------------------------------------------------------------

    def _enter(self, number: int, fact: Fact) -> bool:
        crew: Crew = self.house.crew_of[number]
        done = enter(self.house.keys[number], crew, fact)
        self.book.facts += 1
        self.book.refused.setdefault(number, []).append(not done)
        self._follow(number)
        return done

    def _follow(self, number: int) -> None:
        """Note which deadlines of the order began or ended to run with this entry."""
        self._place += 1
        order = self.house.keys[number]
        parts = Extension.objects.filter(order=order).values("pk")
        known = self._open.setdefault(number, {})
        for row in Deadline.objects.filter(Q(subject_id=order) | Q(subject_id__in=parts)):
            if row.pk not in known and row.state == Deadline.RUNNING:
                self.book.rows[row.pk] = oracle.Row(
                    key=_name(number, row),
                    order=number,
                    kind=row.kind,
                    trigger_on=row.trigger_on,
                    due_on=row.due_on,
                    started_on=timezone.localdate(row.started_at),
                    is_successor=row.replaces_id is not None,
                    begins=self._place,
                )
            elif row.state != known.get(row.pk) and known.get(row.pk) == Deadline.RUNNING:
                self.book.rows[row.pk].ends = self._place
            known[row.pk] = row.state
            self._note_hold(self.book.rows.get(row.pk), row)

    def _note_hold(self, seen: oracle.Row | None, row: Deadline) -> None:
        """Open a span when the deadline is held now, close the open one when it is not."""
        if seen is None:
            return
        if seen.held and seen.held[-1][1] is None:
            if not row.held:
                seen.held[-1][1] = self._place
        elif row.held:
            seen.held.append([self._place, None])

    # --- beat and worker -------------------------------------------------------------------------

    def _beat(self, traveller: Any, moment: datetime, *, twice: bool) -> None:
        """Everything on beat's schedule, once or by two beats at once, and what it wrote."""
        traveller.move_to(moment)
        self._place += 1
        today = (moment - timedelta(hours=HOUR)).astimezone(SHANGHAI).date()
        self.book.sweeps.append(oracle.Sweep(self._place, today))
        tasks = [
            current_app.tasks[each["task"]] for each in current_app.conf.beat_schedule.values()
        ]
        if twice and self.together:
            beats = [threading.Thread(target=_all, args=(tasks,)) for _n in range(2)]
            for beat in beats:
                beat.start()
            for beat in beats:
                beat.join()
        else:
            for _n in range(2 if twice else 1):
                for task in tasks:
                    task.apply(throw=True)

    def _work(self, dice: random.Random | None = None) -> None:
        """A worker does what is to be had; with dice it is sometimes killed over a letter."""
        now = timezone.now()
        ripe = Q(state=Job.State.QUEUED, due_at__lte=now)
        ripe |= Q(state=Job.State.RUNNING, lease_until__lt=now)
        for key in Job.objects.filter(ripe).values_list("pk", flat=True):
            if dice and dice.random() < 0.02:
                Post.kill = dice.choice(["before", "after"])
            try:
                ledger.work(str(key), clock=timezone.now)
            except Killed:
                self.book.kills += 1
                return

    def _finish(self, end: date) -> Book:
        """The worker is back for good, and what was left is done."""
        with self._clock(_morning(end + timedelta(days=2))):
            self._work()
        book = self.book
        book.letters = list(Post.sent)
        book.unsent = Job.objects.unfinished().count()
        for number, key in self.house.keys.items():
            order = Order.objects.get(pk=key)
            items = tuple(order.items.order_by("ordinal").values_list("due_on", flat=True))
            facts = (order.state, order.verdict, order.days_late, order.due_on)
            book.orders[number] = (*facts, order.reported_on, order.reinspected_on, items)
            rows = Deadline.objects.filter(pk__in=self._open[number])
            book.deadlines[number] = sorted(
                (*_name(number, row), row.trigger_on, row.state, str(row.ended_on)) for row in rows
            )
        for row in Reminder.objects.filter(by__isnull=True).order_by("fires_on"):
            told = (row.fires_on, row.rungs, row.audience)
            book.said.setdefault(row.deadline_id, []).append(told)
        return book


class Straight(Run):
    """Every fact on its day, beat every morning."""

    def __init__(self, house: House, *, seed: int) -> None:
        super().__init__(house, together=False)
        self.seed, self.script = seed, {}

    script: Script

    def run(self, end: date) -> Book:
        awkward = awkward_days(calendars.load(), FIRST, date(2026, 12, 20))
        plots = {}
        waiting: list[tuple[datetime, int, Fact]] = []
        for number, day in self.house.issued_on.items():
            dice = random.Random(f"{self.seed}:{number}")  # noqa: S311 - invented
            plots[number] = Plot(dice, day, awkward).told()
            fact = next(plots[number])
            heapq.heappush(waiting, (fact.at, number, fact))
            self.script[number] = []
        with self._clock(_morning(FIRST)) as traveller:
            day = FIRST
            while day <= end:
                self._beat(traveller, _morning(day), twice=False)
                self._work()
                day += timedelta(days=1)
                while waiting and waiting[0][0] < _morning(day):
                    at, number, fact = heapq.heappop(waiting)
                    traveller.move_to(at)
                    done = self._enter(number, fact)
                    self.script[number].append(fact)
                    view = look_at(self.house.keys[number], refused=not done)
                    try:
                        following = plots[number].send(view)
                    except StopIteration:
                        continue
                    heapq.heappush(waiting, (following.at, number, following))
        return self._finish(end)


class Disturbed(Run):
    """The same facts as told, entered late and in another order."""

    def __init__(self, house: House, script: Script, *, seed: int, together: bool) -> None:
        super().__init__(house, together=together)
        self.script, self.dice = script, random.Random(seed)  # noqa: S311 - invented

    def run(self, end: date) -> Book:
        entries = sorted(self._arrivals(), key=lambda entry: entry[0])
        place = 0
        stopped, dead, after_pause = FIRST, FIRST, False
        with self._clock(_morning(FIRST)) as traveller:
            day = FIRST
            while day <= end:
                if day >= stopped:
                    self._beats(traveller, day, after_pause)
                    after_pause = self.dice.random() < 0.08
                    if after_pause:
                        stopped = day + timedelta(days=1 + self.dice.choice([1, 3, 8]))
                if day >= dead:
                    self._work(self.dice)
                    if self.dice.random() < 0.05:
                        dead = day + timedelta(days=1 + self.dice.choice([1, 3, 8]))
                day += timedelta(days=1)
                while place < len(entries) and entries[place][0] < _morning(day):
                    moment, _lot, number, fact = entries[place]
                    traveller.move_to(moment)
                    self._enter(number, fact)
                    place += 1
            self._beats(traveller, end + timedelta(days=1), after_pause)
        return self._finish(end + timedelta(days=1))

    def _beats(self, traveller: Any, day: date, after_pause: bool) -> None:
        """One beat or, after a pause, two at once; now and then with a clock that was set back."""
        moment = _morning(day)
        self._beat(traveller, moment, twice=after_pause or self.dice.random() < 0.1)
        if self.dice.random() < 0.1:
            back = self.dice.choice([timedelta(hours=1), timedelta(days=1), timedelta(days=5)])
            self._beat(traveller, moment - back, twice=False)
            traveller.move_to(moment)

    def _arrivals(self) -> Iterator[tuple[datetime, float, int, Fact]]:
        """When each fact is entered: never before it happened, within an order one after the
        other, but for parts of a report, which may change places."""
        for number, facts in self.script.items():
            told, moment = self._shuffled(facts), _morning(FIRST)
            for fact in told:
                lag = self.dice.choice([0, 0, 0, 0, 0, 0, 3, 30, 80, 200])
                wanted = fact.at + timedelta(hours=lag, minutes=self.dice.randint(0, 59))
                moment = max(moment + timedelta(seconds=1), wanted)
                yield moment, self.dice.random(), number, fact

    def _shuffled(self, facts: list[Fact]) -> list[Fact]:
        told = list(facts)
        for n in range(len(told) - 1):
            if told[n].loose and told[n + 1].loose and self.dice.random() < 0.5:
                told[n], told[n + 1] = told[n + 1], told[n]
        return told


def _all(tasks: list[Any]) -> None:
    try:
        for task in tasks:
            task.apply(throw=True)
    finally:
        connections.close_all()


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, tzinfo=SHANGHAI)


def _name(number: int, row: Deadline) -> tuple[Any, ...]:
    """What tells a deadline from the others in both runs, whatever its key."""
    own = row.subject_type == "rectification.order"
    return number, row.kind, own, row.started_at.isoformat(), row.due_on.isoformat()
