import pytest
from django.utils import timezone

from jobs import ledger


@pytest.fixture
def print_now():
    """Do what the worker would do for this notice."""

    def print_notice(notice):
        assert ledger.work(str(notice.print_job().pk), clock=timezone.now)
        notice.refresh_from_db()
        return notice

    return print_notice
