"""Serving a paper: what counts from when, what is refused, what a returned letter undoes."""

from datetime import date, datetime

import pytest

from audit import trail
from audit.trail import Refused
from notices import papers, service
from notices.models import Service
from tests.factories import notices as make
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

AT = datetime.fromisoformat("2025-03-01T10:00:00+08:00")
DAY = date(2025, 1, 10)


@pytest.fixture
def notice():
    return make.issue()


@pytest.fixture
def pair(notice):
    return tuple(UserFactory(unit=notice.unit, inspector=True) for _ in range(2))


def serve(notice, pair, **changes):
    facts = {
        "method": "direct",
        "outcome": "served",
        "attempted_on": DAY,
        "recipient": "陈䶮",
        "servers": pair,
        "by": pair[0],
        "at": AT,
    }
    return service.record(notice, **{**facts, **changes})


@pytest.mark.parametrize(
    ("facts", "served_on"),
    [
        ({}, DAY),
        ({"method": "left", "outcome": "left", "recipient": "", "witness": "居委会 李某"}, DAY),
        ({"method": "post", "servers": (None, None), "tracking_number": "XA12345"}, DAY),
        ({"method": "proxy", "servers": (None, None)}, DAY),
        ({"method": "electronic", "recipient": "", "consented": True}, DAY),
        ({"method": "publication", "outcome": "published", "recipient": ""}, date(2025, 2, 9)),
        ({"outcome": "failed", "recipient": ""}, None),
        ({"method": "post", "outcome": "sent", "tracking_number": "XA12345"}, None),
    ],
)
def test_each_method_counts_by_its_own_rule(notice, pair, facts, served_on):
    attempt = serve(notice, pair, **facts)

    assert attempt.served_on == served_on
    assert attempt.effective is (served_on is not None)
    assert notice.served_on() == served_on


@pytest.mark.parametrize(
    ("facts", "words", "field"),
    [
        (
            {"attempted_on": date(2025, 1, 7)},
            "送达日期不能早于签发日期（2025年1月8日）。",
            "attempted_on",
        ),
        ({"attempted_on": date(2025, 3, 2)}, "不能晚于今天", "attempted_on"),
        ({"servers": (None, None)}, "须有两名送达人", "server_2"),
        ({"servers": "twice"}, "不能是同一人", "server_2"),
        ({"recipient": " "}, "签收人", "recipient"),
        ({"method": "left", "outcome": "left"}, "见证人", "witness"),
        ({"method": "post"}, "邮件号", "tracking_number"),
        ({"method": "electronic"}, "书面同意", "consented"),
        ({"method": "direct", "outcome": "published"}, "没有这样的结果", "outcome"),
    ],
)
def test_what_is_not_right_is_refused_in_words(notice, pair, facts, words, field):
    if facts.get("servers") == "twice":
        facts = {"servers": (pair[0], pair[0])}

    with pytest.raises(Refused, match=words) as refused:
        serve(notice, pair, **facts)

    assert [reason.field for reason in refused.value.reasons] == [field]
    assert not Service.objects.exists()


def test_failed_attempts_are_kept_beside_the_one_that_counts(notice, pair):
    serve(notice, pair, outcome="failed", recipient="", note="无人在场")
    serve(notice, pair, attempted_on=date(2025, 1, 13))

    assert Service.objects.count() == 2
    assert notice.served_on() == date(2025, 1, 13)


def test_a_returned_letter_voids_what_it_had_counted_for_and_service_starts_again(notice, pair):
    letter = {"method": "post", "tracking_number": "XA12345"}
    serve(notice, pair, **letter, outcome="sent", recipient="")
    receipt = serve(notice, pair, **letter, attempted_on=date(2025, 1, 14))
    other = serve(notice, pair, method="post", tracking_number="XB9", outcome="sent", recipient="")
    assert notice.served_on() == date(2025, 1, 14)

    back = serve(
        notice, pair, **letter, outcome="returned", recipient="", attempted_on=date(2025, 1, 20)
    )

    assert notice.served_on() is None
    receipt.refresh_from_db()
    other.refresh_from_db()
    assert (receipt.effective, receipt.voided_on, receipt.voided_by) == (
        False,
        date(2025, 1, 20),
        back,
    )
    assert other.voided_on is None
    serve(notice, pair, attempted_on=date(2025, 1, 22))
    assert notice.served_on() == date(2025, 1, 22)
    assert Service.objects.count() == 5


def test_a_second_success_does_not_move_the_day(notice, pair):
    serve(notice, pair)
    again = serve(notice, pair, attempted_on=date(2025, 1, 20))

    assert not again.effective
    assert notice.served_on() == DAY


def test_a_withdrawn_paper_is_not_served(notice, pair):
    papers.withdraw(notice, reason="错误", by=pair[0], at=make.later(days=1))

    with pytest.raises(Refused, match="已撤回"):
        serve(notice, pair)


def test_each_attempt_is_a_line_in_the_record(notice, pair):
    serve(notice, pair)

    event = trail.timeline(notice).get()
    assert event.verb == "notices.serve"
    assert event.data["served_on"] == "2025-01-10"
    assert "陈" not in str(event.data)


def test_the_days_of_publication_are_a_setting(notice, pair, settings):
    settings.SERVICE_BY_PUBLICATION_DAYS = 60

    attempt = serve(notice, pair, method="publication", outcome="published", recipient="")

    assert attempt.served_on == date(2025, 3, 11)
