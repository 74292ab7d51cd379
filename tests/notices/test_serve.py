"""Serving a paper: what counts from when, what is refused, what a returned letter undoes."""

from datetime import date, datetime, time
from uuid import uuid4

import pytest

from audit import trail
from audit.trail import Refused
from legal import citations
from notices import methods, papers, service
from notices.models import Service
from tests.factories import notices as make
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

AT = datetime.fromisoformat("2025-03-01T10:00:00+08:00")
DAY = date(2025, 1, 10)


LEFT = {"method": "left", "outcome": "left", "recipient": "", "refusal": "称须请示总部"}
ELECTRONIC = {
    "method": "electronic",
    "recipient": "",
    "consented": True,
    "address": "office@example.cn",
    "attempted_time": time(9, 30),
}
PUBLISHED = {
    "method": "publication",
    "outcome": "published",
    "recipient": "",
    "cause": "untraceable",
    "grounds": "登记地址无人，电话停机。",
    "published_in": "《南宁日报》第3版",
}


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
        "place": "企业办公室",
        "servers": pair,
        "by": pair[0],
        "at": AT,
    }
    return service.record(notice, **{**facts, **changes})


@pytest.mark.parametrize(
    ("facts", "served_on"),
    [
        ({}, DAY),
        (LEFT | {"witness": "居委会 李某"}, DAY),
        (LEFT | {"filmed": True}, DAY),
        ({"method": "post", "servers": (None, None), "tracking_number": "XA12345"}, DAY),
        ({"method": "proxy", "servers": (None, None), "entrusted_to": "柳州市公安局"}, DAY),
        ({"method": "proxy", "outcome": "sent", "entrusted_to": "柳州市公安局"}, None),
        (ELECTRONIC, DAY),
        (PUBLISHED, date(2025, 2, 9)),
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
        ({"place": " "}, "送达地点", "place"),
        (LEFT, "见证人，或者录音录像", "witness"),
        (LEFT | {"witness": "李某", "refusal": ""}, "拒收事由", "refusal"),
        ({"method": "post"}, "邮件号", "tracking_number"),
        ({"method": "proxy"}, "受委托", "entrusted_to"),
        (ELECTRONIC | {"consented": False}, "书面同意", "consented"),
        (ELECTRONIC | {"address": " "}, "电子地址", "address"),
        (ELECTRONIC | {"attempted_time": None}, "时刻", "attempted_time"),
        (PUBLISHED | {"cause": ""}, "公告的原因", "cause"),
        (PUBLISHED | {"cause": "failed"}, "其他方式送达不成", "cause"),
        (PUBLISHED | {"grounds": ""}, "原因和经过", "grounds"),
        (PUBLISHED | {"published_in": ""}, "登在哪里", "published_in"),
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

    attempt = serve(notice, pair, **PUBLISHED)

    assert attempt.served_on == date(2025, 3, 11)


def test_publication_comes_after_another_way_was_tried_in_vain(notice, pair):
    serve(notice, pair, outcome="failed", recipient="", note="人去楼空")

    attempt = serve(notice, pair, **PUBLISHED | {"cause": "failed"})

    assert attempt.served_on == date(2025, 2, 9)


def test_what_belongs_to_another_method_is_not_kept(notice, pair):
    attempt = serve(
        notice,
        pair,
        witness="李某",
        entrusted_to="柳州市公安局",
        tracking_number="XA1",
        filmed=True,
    )

    assert (attempt.witness, attempt.entrusted_to, attempt.tracking_number) == ("", "", "")
    assert not attempt.filmed


def test_the_same_form_twice_records_one_attempt(notice, pair):
    token = uuid4()
    first = serve(notice, pair, form_token=token)

    assert serve(notice, pair, form_token=token) == first
    elsewhere = serve(make.issue(), pair, form_token=token)
    assert (elsewhere.form_token, Service.objects.count()) == (None, 2)


def test_every_method_says_its_rule_with_articles_of_the_register():
    books = citations.register()
    for method in Service.Method.values:
        rule = methods.RULES[method]
        assert rule.counts
        assert rule.people
        assert rule.outcomes
        assert set(rule.basis) <= set(books.by_ref), method
