"""Sweeps: each rung once, whatever the scheduler, the clock and the officers do."""

import threading
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from deadlines import clock, policies, reminders, tasks
from deadlines.models import Policy, Reminder, Rung, Sweep
from jobs.models import Job
from legal.periods import SHANGHAI
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.deadlines import DeadlineFactory, period
from tests.factories.legal import calendar as known_years

pytestmark = pytest.mark.django_db

#: Served on 9 January 2025, due on Wednesday 12 February.
DUE = date(2025, 2, 12)
SEVEN, THREE, ONE = (DUE - timedelta(days=n) for n in (7, 3, 1))


def moment(day, minute=0):
    return datetime.combine(day, time(9, minute), tzinfo=SHANGHAI)


def sweep(day, minute=0):
    return reminders.sweep(today=day, at=moment(day, minute))


def said(deadline):
    return [
        (row.fires_on, row.rungs, row.audience)
        for row in Reminder.objects.filter(deadline=deadline).order_by("fires_on")
    ]


def days(deadline):
    return [day for day, _rungs, _who in said(deadline)]


def between(first, last):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.fixture
def row(unit):
    return DeadlineFactory(unit=unit)


def test_each_rung_once_on_its_day(row):
    for day in between(date(2025, 2, 1), DUE + timedelta(days=25)):
        for minute in (0, 5, 10):
            sweep(day, minute)
    after = [DUE + timedelta(days=n) for n in (1, 3, 10, 17, 24)]
    assert days(row) == [SEVEN, THREE, ONE, DUE, *after]
    assert all(rungs == [day] for day, rungs, _who in said(row))
    who = {day: audience for day, _rungs, audience in said(row)}
    assert who[SEVEN] == ["officer"]
    assert who[THREE] == ["enterprise", "officer"]
    assert who[DUE + timedelta(days=10)] == ["officer", "supervisor", "upper"]
    reminder = Reminder.objects.filter(deadline=row).first()
    assert (reminder.unit, reminder.owner) == (row.unit, row.owner)


def test_a_sweep_says_how_many_it_wrote_and_leaves_one_trace(row, unit):
    DeadlineFactory(unit=unit)
    assert sweep(SEVEN) == 2
    assert sweep(SEVEN, 5) == 0
    assert sweep(SEVEN, 10) == 0
    assert [(each.found, each.finished) for each in Sweep.objects.order_by("at")] == [
        (2, True),
        (0, True),
    ]


@pytest.mark.parametrize("outage", [1, 3, 8])
def test_after_an_outage_the_newest_rung_stands_for_those_missed(row, outage):
    last = THREE - timedelta(days=1)
    for day in between(date(2025, 2, 1), last):
        sweep(day)
    back = last + timedelta(days=outage + 1)
    for day in between(back, DUE + timedelta(days=12)):
        sweep(day)
        sweep(day, 5)
    covered = [day for _fires, rungs, _who in said(row) for day in rungs]
    assert covered == [SEVEN, THREE, ONE, DUE, *(DUE + timedelta(days=n) for n in (1, 3, 10))]
    after = [DUE + timedelta(days=n) for n in (1, 3)]
    caught_up = {1: [THREE], 3: [THREE, ONE, DUE], 8: [THREE, ONE, DUE, *after]}
    newest = said(row)[1]
    assert newest[1] == caught_up[outage]
    assert newest[0] == caught_up[outage][-1]
    # The enterprise was to be told three days before: it is told now.
    assert "enterprise" in newest[2]


def test_a_clock_set_back_says_nothing_old(row):
    sweep(DUE)
    assert days(row) == [DUE]
    for day in (date(2025, 1, 1), SEVEN, THREE, ONE):
        assert sweep(day) == 0
    sweep(DUE + timedelta(days=1))
    assert days(row) == [DUE, DUE + timedelta(days=1)]


def test_a_deadline_that_is_not_there_yet_is_not_reminded_of(unit):
    row = DeadlineFactory(
        unit=unit, of=period(date(2025, 2, 10), 3), started_at=moment(date(2025, 2, 10))
    )
    assert row.due_on == date(2025, 2, 13)
    # The rungs of seven and three days before the end fall on the day of service or earlier.
    sweep(date(2025, 2, 9))
    assert days(row) == []
    sweep(date(2025, 2, 10))
    assert days(row) == [date(2025, 2, 10)]
    assert said(row)[0][1] == [date(2025, 2, 10)]


def test_one_entered_late_is_reminded_of_once(unit):
    row = DeadlineFactory(unit=unit)
    later = DUE + timedelta(days=5)
    sweep(later)
    sweep(later, 5)
    assert days(row) == [DUE + timedelta(days=3)]
    # Also where the clock was started on the day of entry, weeks after the service.
    other = DeadlineFactory(unit=unit, started_at=moment(later))
    sweep(later, 10)
    assert days(other) == [DUE + timedelta(days=3)]


def test_an_extension_takes_what_is_pending_with_it(officer, unit, deadline, years):
    sweep(SEVEN)
    on = DUE - timedelta(days=5)
    longer = clock.replace(deadline, period(days=30), reason="延期", by=officer, at=moment(on))
    assert longer.due_on == date(2025, 2, 26)
    for day in between(on, longer.due_on):
        sweep(day)
    assert days(deadline) == [SEVEN]
    assert days(longer) == [longer.due_on - timedelta(days=n) for n in (7, 3, 1, 0)]


def test_a_suspended_clock_is_silent_until_it_goes_on(officer, deadline, years):
    stood = DUE - timedelta(days=9)
    clock.suspend(deadline, on=stood, reason="不可抗力", by=officer, at=moment(stood))
    for day in between(stood, DUE + timedelta(days=4)):
        assert sweep(day) == 0
    resumed_on = DUE + timedelta(days=5)
    again = clock.resume(
        deadline, on=resumed_on, calendar=known_years(), by=officer, at=moment(resumed_on)
    )
    for day in between(resumed_on, again.due_on):
        sweep(day)
    assert days(deadline) == []
    assert days(again)[-1] == again.due_on
    assert all(day >= resumed_on for day in days(again))


@pytest.mark.parametrize("end", ["meet", "cancel"])
def test_what_has_ended_is_not_reminded_of(officer, deadline, end):
    if end == "meet":
        clock.meet(deadline, on=SEVEN, by=officer, at=moment(SEVEN))
    else:
        clock.cancel(deadline, reason="撤回", by=officer, at=moment(SEVEN))
    assert sweep(DUE) == 0


def test_where_nothing_falls_due_nobody_is_reminded():
    """An order that has not been served has no deadline, and so no reminder."""
    assert sweep(DUE) == 0
    assert not Job.objects.exists()


# --- Which ladder ---------------------------------------------------------------------------------


def own_rules(unit, begins, *rungs):
    rules = Policy.objects.create(
        unit=unit, effective_from=date(2100, 1, 1), entered_on=date(2099, 1, 1)
    )
    for facts in rungs:
        Rung.objects.create(policy=rules, **{"audience": ["officer"], "offset": 0} | facts)
    # Its day comes.
    Policy.objects.filter(pk=rules.pk).update(
        effective_from=begins, entered_on=begins - timedelta(days=1)
    )
    return rules


def test_the_ladder_is_that_of_the_unit_on_the_day_of_the_start(unit):
    county, elsewhere = UnitFactory(parent=unit), UnitFactory()
    own_rules(unit, date(2025, 1, 1), {"offset": -5}, {"offset": -2, "kind": "ELSE"})
    own_rules(county, date(2025, 1, 20), {"offset": -4})
    early = DeadlineFactory(unit=county)  # began on the 9th, under the city's rules
    late = DeadlineFactory(
        unit=county, of=period(date(2025, 1, 20), 13), started_at=moment(date(2025, 1, 20))
    )
    other = DeadlineFactory(unit=elsewhere)
    kind = DeadlineFactory(unit=county, kind="ELSE")
    for day in between(date(2025, 2, 1), DUE):
        sweep(day)
    assert days(early) == [DUE - timedelta(days=5)]
    assert days(late) == [late.due_on - timedelta(days=4)]
    assert days(other) == [SEVEN, THREE, ONE, DUE]
    assert days(kind) == [DUE - timedelta(days=2)]


def test_regimes_are_the_answers_of_policies_one_by_one(unit):
    county = UnitFactory(parent=unit)
    own_rules(None, date(2025, 1, 5), {})
    own_rules(unit, date(2025, 1, 10), {})
    own_rules(county, date(2025, 1, 15), {})
    own_rules(county, date(2025, 1, 20), {})
    for each in (unit, county, UnitFactory()):
        found, ladders = policies.regimes()
        rows = [row for row in found if row.units is None or each.pk in row.units]
        for day in between(date(2025, 1, 1), date(2025, 1, 25)):
            (row,) = [row for row in rows if row.first <= day < row.end]
            assert row.policy == (policies.of(each, day).pk or 0)
            assert row.policy in ladders


def test_a_share_of_the_term_and_working_days(unit):
    own_rules(unit, date(2025, 1, 1), {"offset": 50, "measure": "share"})
    long, short = DeadlineFactory(unit=unit), DeadlineFactory(unit=unit, of=period(days=5))
    for day in between(date(2025, 1, 9), DUE):
        sweep(day)
    assert days(long) == [date(2025, 1, 26)]  # 17 of 34 days
    assert days(short) == [date(2025, 1, 12)]  # 3 of 7


def test_large_groups_are_written_in_parts(unit, monkeypatch):
    monkeypatch.setattr(reminders, "AT_ONCE", 3)
    many = [DeadlineFactory(unit=unit) for _n in range(10)]
    few = [DeadlineFactory(unit=unit, of=period(days=n)) for n in (18, 19)]
    assert sweep(DUE) == 12
    assert {day for row in many for day in days(row)} == {DUE}
    assert all(len(days(row)) == 1 for row in few)


# --- Twice at once, and killed half-way -----------------------------------------------------------


def test_the_database_refuses_the_same_reminder_twice(row):
    sweep(SEVEN)
    twin = {
        "deadline": row,
        "fires_on": SEVEN,
        "audience": ["officer"],
        "entered_at": moment(SEVEN),
    }
    with pytest.raises(IntegrityError, match="deadlines_reminded_once"), transaction.atomic():
        Reminder.objects.create(**twin)
    with pytest.raises(IntegrityError, match="for_somebody"), transaction.atomic():
        Reminder.objects.create(**twin | {"fires_on": DUE, "audience": []})
    with pytest.raises(IntegrityError, match="says_who_and_why"), transaction.atomic():
        Reminder.objects.create(**twin | {"by": row.owner})


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_write_each_reminder_once(unit):
    rows = [DeadlineFactory(unit=unit) for _n in range(30)]
    found, together = [], threading.Barrier(3)

    def work(minute):
        together.wait()
        try:
            found.append(sweep(SEVEN, minute))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found) == Reminder.objects.count() == len(rows)


def test_what_a_killed_sweep_left_is_finished_by_the_next(row, unit, monkeypatch):
    UserFactory(unit=unit, supervisor=True)
    row.owner.email = "owner@police.test"
    row.owner.unit = unit
    row.owner.save()

    def killed(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(reminders.mail, "owe", killed)
        with pytest.raises(KeyboardInterrupt):
            sweep(SEVEN)
    assert days(row) == [SEVEN]
    assert not Job.objects.exists()
    assert sweep(SEVEN, 5) == 0
    assert Job.objects.get().args["user"] == str(row.owner_id)
    assert Sweep.objects.filter(finished=False).count() == 0


def test_a_report_upward_needs_a_reason(row, officer):
    with pytest.raises(reminders.Refused):
        reminders.report(row, by=officer, at=moment(DUE), reason=" ")
    told = reminders.report(row, by=officer, at=moment(DUE), reason="企业拒不改正")
    assert (told.audience, told.by, told.note) == (["upper"], officer, "企业拒不改正")
    # It is no rung: the ladder goes on beside it.
    assert sweep(DUE) == 1


# --- Clockwork ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [("2025-02-12 07:59+08:00", date(2025, 2, 11)), ("2025-02-12 08:00+08:00", DUE)],
)
def test_the_day_of_reminders_begins_at_eight(row, now, expected):
    with time_machine.travel(now, tick=False):
        assert tasks.remind() == 1
        assert tasks.remind() == 0
    assert days(row) == [expected]


def test_beat_knows_the_task_and_a_late_message_is_dropped(settings):
    entry = settings.CELERY_BEAT_SCHEDULE["remind"]
    assert entry["task"] == tasks.remind.name
    assert entry["options"]["expires"] == entry["schedule"] == settings.ZHENGGAI_REMIND_SECONDS


def test_health_tells_when_it_was_last_asked(client):
    address = reverse("health")
    assert client.get(address).json()["reminders"] == "never"
    sweep(SEVEN)
    with time_machine.travel(moment(SEVEN, 14), tick=False):
        told = client.get(address).json()
        assert (told["reminders"], told["reminders_age"]) == ("up", 14 * 60)
    with time_machine.travel(moment(SEVEN, 16), tick=False):
        told = client.get(address)
        assert (told.status_code, told.json()["reminders"]) == (200, "late")
