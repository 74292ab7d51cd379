"""What the bell or a worker has lost is rung again; a dead broker is nobody's problem."""

import logging
from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from jobs import bell, ledger, tasks
from jobs.models import Job
from tests.factories.jobs import JobFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch):
    """What reaches the broker."""
    sent = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, args, **options: sent.append((name, args[0]))
    )
    return sent


@pytest.fixture
def broken(monkeypatch):
    def refuse(*args, **options):
        raise ConnectionRefusedError

    monkeypatch.setattr(current_app, "send_task", refuse)
    monkeypatch.setattr(bell, "_silent", False)


def ids(sent):
    return {job_id for _name, job_id in sent}


def test_the_bell_rings_when_the_business_commits(
    rung, effects, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        job = ledger.owe("test_work", "a")
        assert not rung

    assert rung == [("jobs.tasks.run", str(job.pk))]
    job.refresh_from_db()
    assert job.rung_at is not None


def test_a_broken_bell_is_swallowed_and_logged_once(
    broken, effects, caplog, django_capture_on_commit_callbacks
):
    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
        for key in "abc":
            ledger.owe("test_work", key)

    assert Job.objects.waiting().count() == 3
    assert len([r for r in caplog.records if "broker" in r.getMessage()]) == 1


def test_what_was_never_heard_is_rung_again_after_two_minutes(rung):
    now = timezone.now() + timedelta(seconds=5)
    never = JobFactory()
    JobFactory(rung_at=now - timedelta(seconds=60))
    long_ago = JobFactory(rung_at=now - timedelta(seconds=121))
    JobFactory(due_at=now + timedelta(hours=1))
    JobFactory(done=True)
    JobFactory(running=True)

    assert ledger.sweep(at=now) == 2
    assert ids(rung) == {str(never.pk), str(long_ago.pk)}
    assert ledger.sweep(at=now) == 0


def test_a_starting_worker_rings_for_everything_that_waits(rung):
    job = JobFactory(rung_at=timezone.now() - timedelta(seconds=1))

    tasks.ring_again_at_start()

    assert ids(rung) == {str(job.pk)}


def test_an_abandoned_job_is_given_to_another_worker(rung):
    job = JobFactory(abandoned=True)

    assert tasks.sweep() == 1
    assert ids(rung) == {str(job.pk)}


def test_a_job_abandoned_at_its_last_attempt_is_dead(rung):
    job = JobFactory(abandoned=True, attempts=5)

    assert tasks.sweep() == 0

    job.refresh_from_db()
    assert job.state == "dead"
    assert "中断" in job.last_error


def test_the_task_body_works_on_the_row(effects):
    job = ledger.owe("test_work", "a", what="打印")

    assert tasks.run(str(job.pk))
    assert effects
