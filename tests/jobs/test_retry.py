"""A person sends a dead job back. Through the page, on the record, only who may."""

import pytest
from django.urls import reverse
from django.utils import timezone

from audit import trail
from audit.trail import Decided, Refused
from jobs import ledger
from jobs.models import Job
from tests.factories.accounts import UserFactory
from tests.factories.jobs import JobFactory

pytestmark = pytest.mark.django_db


def test_the_administrator_tries_again(client):
    admin = UserFactory(system_admin=True)
    client.force_login(admin)
    job = JobFactory(dead=True)

    answer = client.post(reverse("jobs:retry", args=[job.pk]), follow=True)

    assert "已重新排队" in answer.content.decode()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.allowed) == ("queued", 5, 10)
    event = trail.timeline(job).get()
    assert event.verb == "jobs.retry"
    assert event.actor == admin


def test_an_inspector_does_not_see_the_ledger(client):
    client.force_login(UserFactory(inspector=True))
    job = JobFactory(dead=True)

    assert client.get(reverse("jobs:list")).status_code == 403
    assert client.post(reverse("jobs:retry", args=[job.pk])).status_code == 403
    job.refresh_from_db()
    assert job.state == "dead"


def test_an_auditor_looks_but_does_not_touch(client):
    client.force_login(UserFactory(auditor=True))
    job = JobFactory(dead=True)

    assert "再试一次" not in client.get(reverse("jobs:list")).content.decode()
    assert client.post(reverse("jobs:retry", args=[job.pk])).status_code == 403


def test_only_a_dead_job_is_sent_back():
    admin = UserFactory(system_admin=True)
    for job in (JobFactory(), JobFactory(done=True), JobFactory(running=True)):
        with pytest.raises(Refused):
            ledger.retry(job, by=admin, at=timezone.now())


def test_of_two_who_retry_one_is_told():
    admin = UserFactory(system_admin=True)
    first = JobFactory(dead=True)
    second = Job.objects.get(pk=first.pk)
    ledger.retry(first, by=admin, at=timezone.now())

    with pytest.raises(Decided):
        ledger.retry(second, by=admin, at=timezone.now())


def test_the_list_shows_state_attempts_error_and_age(client, django_assert_max_num_queries):
    client.force_login(UserFactory(system_admin=True))
    JobFactory.create_batch(30)
    JobFactory(dead=True)
    client.get(reverse("jobs:list"))  # the first page of a session also stamps the session

    with django_assert_max_num_queries(12):
        page = client.get(reverse("jobs:list")).content.decode()

    assert "打印机没有纸。" in page
    assert "5 / 5" in page
    assert "分钟" in page


def test_the_list_goes_on_and_has_an_empty_state(client):
    client.force_login(UserFactory(system_admin=True))
    assert "没有未完成的任务" in client.get(reverse("jobs:list")).content.decode()

    JobFactory.create_batch(60)
    first = client.get(reverse("jobs:list"))
    second = client.get(reverse("jobs:list"), {"after": first.context["next"]})
    assert len(first.context["rows"]) == 50
    assert len(second.context["rows"]) == 10
    assert client.get(reverse("jobs:list"), {"after": "x", "state": "no"}).status_code == 200


def test_health_answers_without_log_in_and_tells_nothing(client):
    JobFactory(dead=True)

    answer = client.get(reverse("health"))

    assert answer.status_code == 200
    assert answer.json()["well"] is True
    assert set(answer.json()) == {
        "well", "database", "disk", "jobs", "reminders", "certificates",
    }  # fmt: skip


def test_health_says_when_work_waits_too_long_and_stays_up(client):
    JobFactory(due_at=timezone.now() - timezone.timedelta(minutes=11))

    answer = client.get(reverse("health"))

    assert (answer.status_code, answer.json()["jobs"]) == (200, "late")
