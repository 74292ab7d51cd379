"""Fifty officers issue at once; some change their mind. No gap, no number twice."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from notices import series
from notices.models import Notice, Series, validate_pattern
from tests.factories import notices as make
from tests.factories.accounts import UserFactory


def in_threads(count, work):
    """Run `work(i)` in that many threads at once; what they raised."""
    faults = []
    barrier = threading.Barrier(count)

    def run(i):
        try:
            barrier.wait()
            work(i)
        except Exception as fault:  # noqa: BLE001 - whatever a thread meets
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_get_fifty_numbers_without_a_gap():
    unit = make.nanning()
    by = UserFactory(unit=unit, supervisor=True)

    assert in_threads(50, lambda i: make.issue(unit=unit, by=by)) == []

    serials = sorted(Notice.objects.values_list("serial", flat=True))
    assert serials == list(range(1, 51))
    assert Series.objects.get().last == 50


@pytest.mark.django_db(transaction=True)
def test_who_rolls_back_leaves_no_gap():
    unit = make.nanning()
    by = UserFactory(unit=unit, supervisor=True)

    def issue_or_not(i):
        with transaction.atomic():
            make.issue(unit=unit, by=by)
            if i % 3 == 0:
                transaction.set_rollback(True)

    assert in_threads(20, issue_or_not) == []

    serials = sorted(Notice.objects.values_list("serial", flat=True))
    assert serials == list(range(1, len(serials) + 1))
    assert len(serials) == 13


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="transaction"):
        series.take(make.nanning(), "correction_order", 2025)


@pytest.mark.parametrize(
    "pattern",
    [
        "{abbreviation}责通字{serial}号",
        "{abbreviation}责通字〔{year}〕",
        "{year}{serial}{serial}",
        "{year}{serial}{unit}",
        "{year}{serial}{",
        "{year!r}{serial}",
    ],
)
def test_a_pattern_that_would_repeat_or_break_is_refused(pattern):
    with pytest.raises(ValidationError):
        validate_pattern(pattern)


def test_a_good_pattern_passes():
    validate_pattern("{abbreviation}责通字〔{year}〕{serial}号")
