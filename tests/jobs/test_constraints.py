"""Each constraint of the ledger, broken on purpose."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories.jobs import JobFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("job_state_known", {"state": "lost"}),
        ("job_lease_while_running", {"state": "running"}),
        ("job_lease_while_running", {"lease_until": timezone.now()}),
        ("job_done_has_time", {"state": "done"}),
        ("job_done_has_time", {"done_at": timezone.now()}),
        ("job_attempts_within_allowed", {"attempts": 6}),
    ],
)
def test_the_database_refuses(constraint, values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        JobFactory(**values)


def test_a_piece_of_work_is_owed_once():
    JobFactory(key="one")
    with pytest.raises(IntegrityError, match="job_once_per_key"), transaction.atomic():
        JobFactory(key="one")
