from datetime import date

import pytest

from audit import trail
from audit.trail import Refused
from deadlines import clock
from deadlines.models import Deadline
from legal.periods import named
from tests.factories.deadlines import period


def test_start_keeps_the_derivation(deadline, officer):
    deadline.refresh_from_db()
    assert (deadline.trigger_on, deadline.due_on) == (date(2025, 1, 9), date(2025, 2, 12))
    assert deadline.state == Deadline.RUNNING
    assert deadline.derivation == period().derivation
    assert clock.running(officer, "RECTIFY") == deadline
    assert "送达" in deadline.sentence
    event = trail.timeline(deadline).get()
    assert event.verb == "deadlines.start"
    assert event.data["due_on"] == "2025-02-12"


def test_start_twice_is_refused(deadline, officer, unit, at):
    with pytest.raises(Refused, match="已经在计算"):
        clock.start(officer, unit=unit, kind="RECTIFY", period=period(), by=officer, at=at)
    assert Deadline.objects.count() == 1


def test_another_kind_may_run_beside_it(deadline, officer, unit, at):
    clock.start(officer, unit=unit, kind="REINSPECT", period=period(), by=officer, at=at)
    assert Deadline.objects.of(officer).running().count() == 2


def test_start_again_after_the_end(deadline, officer, unit, at):
    clock.cancel(deadline, reason="邮件退回", by=officer, at=at)
    again = clock.start(officer, unit=unit, kind="RECTIFY", period=period(), by=officer, at=at)
    assert clock.history(officer, "RECTIFY") == [deadline, again]


def test_nothing_starts_without_an_event(officer, unit, at, years):
    unserved = named(date(2025, 2, 14), None, years)
    with pytest.raises(Refused, match="起算事由"):
        clock.start(officer, unit=unit, kind="RECTIFY", period=unserved, by=officer, at=at)
