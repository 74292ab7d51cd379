"""kill -9 in the middle of a print, and a lost broker folder: each notice printed exactly once."""

import hashlib
import shutil
import time

import pytest
from django.utils import timezone

from jobs.models import Job
from notices import demo_authority, pades
from notices.models import Notice
from tests.factories import notices as make
from tests.factories.accounts import UserFactory
from tests.notices.worker import Worker, wait_for
from vault import files
from vault.models import StoredFile

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

NOTICES, KILLS, LEASE = 6, 2, 2


@pytest.fixture
def worker(tmp_path):
    worker = Worker(tmp_path / "var", lease=LEASE)
    yield worker
    worker.kill()


def test_killed_in_the_middle_of_a_print(worker):
    unit = make.nanning()
    by = UserFactory(unit=unit, supervisor=True)
    demo_authority.ensure(at=timezone.now())  # a signature differs each time; the first one stays
    for _ in range(NOTICES):
        make.issue(unit=unit, by=by)
    interrupted = set()
    for _ in range(KILLS):
        worker.start()
        running = wait_for(lambda: list(Job.objects.filter(state="running")))
        assert running, worker.said()
        worker.kill()
        interrupted |= set(Job.objects.filter(state="running").values_list("pk", flat=True))
        shutil.rmtree(worker.var / "broker")  # whatever the broker still held is gone
        (worker.var / "broker").mkdir()
    time.sleep(LEASE)

    worker.start()
    assert wait_for(lambda: not Job.objects.unfinished().exists()), worker.said()
    worker.kill()

    assert interrupted
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    for job in Job.objects.filter(pk__in=interrupted):
        assert job.attempts >= 2
    notices = list(Notice.objects.order_by("serial"))
    assert [notice.serial for notice in notices] == list(range(1, NOTICES + 1))
    for notice in notices:
        data = files.read(notice.pdf)
        assert hashlib.sha256(data).hexdigest() == notice.pdf_sha256
        assert pades.faults(data, notice.certificate.chain, at=notice.signed_at) == []
        assert pades.print_inside(data, notice.unsigned_sha256)
    assert StoredFile.objects.count() == NOTICES
