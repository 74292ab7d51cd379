import pytest
from django.utils import timezone

from jobs import ledger
from tests.factories.legal import load_law


@pytest.fixture(autouse=True)
def register(request):
    """Papers state periods of the register: each test with a database has it."""
    if request.node.get_closest_marker("django_db"):
        load_law()


@pytest.fixture
def print_now():
    """Do what the worker would do for this notice."""

    def print_notice(notice):
        assert ledger.work(str(notice.print_job().pk), clock=timezone.now)
        notice.refresh_from_db()
        return notice

    return print_notice
