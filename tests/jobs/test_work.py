"""Owing work and doing it: once, fenced, with back-off, visible when it is given up."""

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone

from jobs import ledger, registry
from jobs.models import Job
from jobs.registry import Hopeless, NotYet

pytestmark = pytest.mark.django_db


def clock(seconds=0):
    return lambda: timezone.now() + timedelta(seconds=seconds)


def owe(key="a", **args):
    return ledger.owe("test_work", key, **args)


def test_the_work_is_done_and_its_effect_happens_once(effects):
    job = owe(what="打印")

    assert ledger.work(str(job.pk), clock=timezone.now)
    assert not ledger.work(str(job.pk), clock=timezone.now)

    job.refresh_from_db()
    assert job.state == "done"
    assert job.done_at is not None
    assert [what for what, _at in effects] == ["打印"]


def test_owing_the_same_twice_is_owing_it_once(effects):
    assert owe().pk == owe().pk


def test_work_of_an_unknown_kind_cannot_be_owed():
    with pytest.raises(KeyError):
        ledger.owe("nobody", "a")


def test_work_is_not_owed_when_the_business_rolls_back(effects):
    def business():
        with transaction.atomic():
            owe()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        business()

    assert not Job.objects.exists()


def test_a_failure_is_tried_again_later_and_later_and_then_given_up(handler):
    def fail():
        raise ValueError("韦志强 13800138000")

    handler(fail)
    job = owe()
    waits = []
    for _attempt in range(5):
        at = job.due_at + timedelta(seconds=1)
        assert not ledger.work(str(job.pk), clock=lambda at=at: at)
        job.refresh_from_db()
        if job.state == "queued":
            waits.append((job.due_at - at).total_seconds())
            assert job.rung_at is None

    assert waits == [10, 60, 300, 1500]
    assert job.state == "dead"
    assert "ValueError" in job.last_error
    assert "13800138000" not in job.last_error
    assert not ledger.work(str(job.pk), clock=clock(99_999))


def test_it_does_not_start_before_its_time(effects):
    job = owe()
    Job.objects.update(due_at=timezone.now() + timedelta(hours=1))

    assert not ledger.work(str(job.pk), clock=timezone.now)


def test_what_is_hopeless_stops_at_once_and_says_why(handler):
    def hopeless():
        raise Hopeless("字体中没有这个字。")

    handler(hopeless)
    job = owe()
    ledger.work(str(job.pk), clock=timezone.now)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == ("dead", 1, "字体中没有这个字。")


def test_what_lacks_a_part_waits_and_costs_no_attempt(handler):
    def not_yet():
        raise NotYet("组件未安装。")

    handler(not_yet)
    job = owe()
    for round_ in range(8):
        ledger.work(str(job.pk), clock=clock(100 * round_))

    job.refresh_from_db()
    assert job.state == "queued"
    assert job.last_error == "组件未安装。"
    assert job.allowed - job.attempts == 5


def test_an_interrupted_handler_says_how_long_it_took(handler):
    def slow():
        raise SoftTimeLimitExceeded

    handler(slow)
    job = owe()
    ledger.work(str(job.pk), clock=timezone.now)

    job.refresh_from_db()
    assert "90 秒" in job.last_error


def test_a_failing_effect_leaves_nothing_behind(handler):
    def work():
        def effect(at):
            owe("written by the effect")
            raise OSError

        return effect

    handler(work)
    job = owe()
    ledger.work(str(job.pk), clock=timezone.now)

    assert not Job.objects.filter(key="written by the effect").exists()
    job.refresh_from_db()
    assert job.state == "queued"


def test_a_worker_that_was_believed_dead_cannot_write_over_its_successor(handler, effects):
    """The fence: the second worker claims while the first still works."""
    happened = []

    def work():
        if not happened:
            happened.append("first at work")
            job = Job.objects.get(key="a")
            late = job.lease_until + timedelta(seconds=1)
            assert ledger.work(str(job.pk), clock=lambda: late)
        return lambda at: happened.append("effect")

    handler(work)
    job = owe()
    assert not ledger.work(str(job.pk), clock=timezone.now)

    assert happened == ["first at work", "effect"]
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


def test_a_job_whose_lease_runs_is_nobody_elses(effects):
    job = owe()
    Job.objects.update(
        state="running", attempts=1, lease_until=timezone.now() + timedelta(seconds=60)
    )

    assert not ledger.work(str(job.pk), clock=timezone.now)
    assert ledger.work(str(job.pk), clock=clock(61))


def test_the_lease_must_outlive_the_time_limit():
    with pytest.raises(ValueError, match="lease"):
        registry.kind("test_short", word="", lease=timedelta(seconds=60), soft_limit=60)


def test_place_in_line_counts_those_before(effects):
    jobs = [owe(key) for key in "abc"]

    assert [job.place_in_line() for job in jobs] == [1, 2, 3]
    ledger.work(str(jobs[0].pk), clock=timezone.now)
    jobs[0].refresh_from_db()
    assert [job.place_in_line() for job in jobs] == [0, 1, 2]
