"""The database keeps what was issued, printed and served. Each refusal provoked on purpose."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F

from notices import printing, service
from notices.models import Notice, NumberPattern, Series, Service
from tests.factories import notices as make
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def refused(match):
    return pytest.raises(DatabaseError, match=match)


@pytest.mark.parametrize(
    "change",
    [
        {"words": "别的"},
        {"number": "南公责通字〔2025〕9号"},
        {"serial": 9},
        {"addressee": "别人"},
        {"snapshot": {"term": "2026-01-01"}},
        {"verify_code": "x"},
        {"is_demonstration": False},
        {"issued_on": date(2020, 1, 1)},
        {"words_sha256": "0" * 64},
        {"template_version": "0" * 64},
    ],
)
def test_what_was_issued_never_changes(change):
    make.issue()

    with refused("never changes"), transaction.atomic():
        Notice.objects.update(**change)


def test_a_notice_is_never_deleted():
    notice = make.issue()

    with refused("never deleted"), transaction.atomic():
        notice.delete()


def test_a_notice_is_printed_once():
    notice = make.issue()
    printing.keep(notice, printing.Printed(b"%PDF-", "0" * 64, 1, "f"), make.ISSUED)

    for change in ({"pdf_sha256": "1" * 64}, {"pages": 2}, {"fingerprint": "g"}):
        with refused("printed once"), transaction.atomic():
            Notice.objects.update(**change)


def test_a_notice_ends_once():
    make.issue()
    Notice.objects.update(state="withdrawn", ended_on=date(2025, 1, 9))

    with refused("ends once"), transaction.atomic():
        Notice.objects.update(state="valid", ended_on=None)


def test_a_series_only_counts_on_by_one():
    make.issue()

    for last in (F("last") + 2, F("last") - 1, F("last")):
        with refused("counts on"), transaction.atomic():
            Series.objects.update(last=last)
    with refused("counts on"), transaction.atomic():
        Series.objects.all().delete()


def served(notice, **changes):
    first = UserFactory(unit=notice.unit, inspector=True)
    second = UserFactory(unit=notice.unit, inspector=True)
    facts = {
        "notice": notice,
        "method": "direct",
        "outcome": "served",
        "attempted_on": date(2025, 1, 9),
        "served_on": date(2025, 1, 9),
        "effective": True,
        "recipient": "陈䶮",
        "server_1": first,
        "server_2": second,
        "recorded_by": first,
        "recorded_at": make.later(days=1),
    }
    return Service.objects.create(**{**facts, **changes})


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("service_counts_from_a_day", {"served_on": None}),
        ("service_counts_after_attempt", {"served_on": date(2025, 1, 8)}),
        ("service_failed_never_counts", {"outcome": "failed"}),
        ("service_by_hand_has_two_servers", {"server_2": None}),
        ("service_two_servers_differ", {"method": "post", "server_1": None}),
        ("service_left_has_witness_or_film", {"method": "left", "outcome": "left"}),
        ("service_left_has_witness_or_film", {"outcome": "left", "witness": "陈"}),
        ("service_electronic_has_consent", {"method": "electronic"}),
        ("service_facts_of_its_method", {"entrusted_to": "柳州市公安局"}),
        ("service_facts_of_its_method", {"address": "a@b.cn"}),
        ("service_facts_of_its_method", {"published_in": "日报"}),
        ("service_voided_by_another", {"effective": False, "voided_on": date(2025, 2, 1)}),
        ("service_void_does_not_count", {"voided_on": date(2025, 2, 1)}),
        ("earlier than the issue", {"attempted_on": date(2025, 1, 7)}),
    ],
)
def test_the_database_refuses_a_service(constraint, changes):
    notice = make.issue()
    if constraint == "service_void_does_not_count":
        changes = {**changes, "voided_by": served(notice, effective=False)}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        served(notice, **changes)


def test_two_servers_are_two_people():
    notice = make.issue()
    one = UserFactory(unit=notice.unit)

    with pytest.raises(IntegrityError, match="servers_differ"), transaction.atomic():
        served(notice, server_1=one, server_2=one)


def test_one_service_counts():
    notice = make.issue()
    served(notice)

    with pytest.raises(IntegrityError, match="one_counts"), transaction.atomic():
        served(notice)


def test_an_attempt_is_kept_as_it_was():
    attempt = served(make.issue())

    with refused("kept as it was"), transaction.atomic():
        Service.objects.update(recipient="别人")
    with refused("never deleted"), transaction.atomic():
        attempt.delete()
    Service.objects.update(effective=False)
    with refused("kept as it was"), transaction.atomic():
        Service.objects.update(effective=True)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("notice_serial_once", {"serial": 1}),
        ("notice_serial_positive", {"serial": 0}),
        ("notice_state_known", {"state": "lost", "ended_on": date(2025, 2, 1)}),
        ("notice_end_has_date", {"state": "withdrawn"}),
        ("notice_pdf_whole_or_none", {"pages": 1}),
        ("notice_superseded_by_another", {"superseded_by": "first"}),
    ],
)
def test_the_database_refuses_a_notice(constraint, changes):
    first = make.issue()
    copy = Notice.objects.get(pk=first.pk)
    copy.pk, copy.serial, copy.number, copy.verify_code = None, 2, "二号", "another"
    copy.id = Notice._meta.get_field("id").get_default()
    for name, value in changes.items():
        setattr(copy, name, first if value == "first" else value)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        copy.save(force_insert=True)


def test_a_pattern_and_a_series_are_once_per_unit():
    unit = make.nanning()
    NumberPattern.objects.create(unit=unit, kind="correction_order", pattern="{year}{serial}")
    with pytest.raises(IntegrityError, match="numberpattern_once"), transaction.atomic():
        NumberPattern.objects.create(unit=unit, kind="correction_order", pattern="{year}{serial}")
    Series.objects.create(unit=unit, kind="correction_order", year=2025, last=1)
    with pytest.raises(IntegrityError, match="series_once"), transaction.atomic():
        Series.objects.create(unit=unit, kind="correction_order", year=2025, last=1)
    with pytest.raises(IntegrityError, match="starts_at_one"), transaction.atomic():
        Series.objects.create(unit=unit, kind="correction_order", year=2026, last=0)


def test_no_second_notice_is_superseded_by_itself():
    notice = make.issue()

    with (
        pytest.raises(IntegrityError, match="not_superseded_by_itself"),
        transaction.atomic(),
    ):
        Notice.objects.update(state="superseded", ended_on=date(2025, 2, 1), superseded_by=notice)
    assert service.publication_days() == 30
