"""Issue: number, frozen words, owed print; two at once; the worker and the broker away."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection

from audit.trail import Decided, Refused
from inspections.models import Finding
from jobs.models import Job
from legal.models import Article
from notices.models import Notice, Series
from rectification import orders
from rectification.models import Order, OrderState
from tests.factories.rectification import ISSUED_ON, Desk, at
from tests.rectification.doors import lines, post, url


def test_issue_takes_a_number_and_freezes_the_words(desk: Desk, door: Any, on: Any) -> None:
    order = desk.approved()
    with on(ISSUED_ON):
        page = door(desk.supervisor).get(url(order, "issue")).content.decode()
        answer = post(door(desk.supervisor), order, "issue")
        order.refresh_from_db()
        shown = door(desk.supervisor).get(answer.url).content.decode()

    assert "南公（网安）责通字〔2025〕＿号" in page
    assert order.state == OrderState.ISSUED
    assert order.notice.number == "南公（网安）责通字〔2025〕1号"
    assert "自本通知书送达之日起20个工作日内" in order.notice.words
    assert order.notice.snapshot["findings"][0]["duty"][0]["ref"] == "CSL@2016:21"
    assert order.notice.snapshot["officers"][0]["name"] == "韦志远"
    assert Job.objects.get(kind="print_notice").key == str(order.notice.pk)
    assert set(Finding.objects.values_list("disposition", flat=True)) == {"order"}
    assert "排队" in shown
    assert lines(order)[-1] == "orders.issue"


def test_the_page_shows_what_was_frozen(desk: Desk, door: Any, on: Any) -> None:
    order = desk.issued()
    order.enterprise.name = "改名后的公司"
    order.enterprise.save()
    Article.objects.filter(ref="CSL@2016:21").update(gist_zh="改过的要义")
    with on(ISSUED_ON):
        page = door(desk.inspector).get(url(order)).content.decode()

    assert "南宁某客货服务有限责任公司" in page
    assert "改过的要义" not in page


@pytest.mark.parametrize("made", ["draft", "submitted"])
def test_only_what_was_approved_can_be_issued(desk: Desk, made: str) -> None:
    order = getattr(desk, made)()
    with pytest.raises(Refused, match="尚未审批同意"):
        orders.issue(order, by=desk.supervisor, at=at(ISSUED_ON))
    assert not Notice.objects.exists()


def test_issued_twice_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="已经签发过"):
        orders.issue(desk.issued(), by=desk.supervisor, at=at(ISSUED_ON))


def test_a_refusal_leaves_no_gap_in_the_numbers(desk: Desk) -> None:
    order = desk.approved()
    desk.unit.reconsideration_body = ""
    desk.unit.save()
    with pytest.raises(Refused, match="行政复议机关"):
        orders.issue(order, by=desk.supervisor, at=at(ISSUED_ON))
    order.refresh_from_db()

    assert order.state == OrderState.APPROVED
    assert not Series.objects.exists()


def test_a_date_that_has_passed_is_not_issued(desk: Desk) -> None:
    order = desk.approved(term_kind="date", term_days=None, term_date=date(2025, 1, 20))
    with pytest.raises(Refused, match="已经过去"):
        orders.issue(order, by=desk.supervisor, at=at(date(2025, 2, 1)))


def test_an_inspector_does_not_issue(desk: Desk, door: Any) -> None:
    order = desk.approved()
    assert post(door(desk.inspector), order, "issue").status_code == 403


def test_the_broker_is_away_and_the_officer_sees_only_queued(
    desk: Desk, door: Any, on: Any, monkeypatch: pytest.MonkeyPatch, transactional_commit: Any
) -> None:
    def silent(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr("jobs.bell.current_app.send_task", silent)
    order = desk.approved()
    with on(ISSUED_ON), transactional_commit():
        answer = post(door(desk.supervisor), order, "issue")
        page = door(desk.supervisor).get(answer.url).content.decode()

    assert "排队" in page
    assert "离开本页不影响生成" in page


@pytest.fixture
def transactional_commit(django_capture_on_commit_callbacks: Any) -> Any:
    """Runs what waits for the commit, as a real request does."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_two_hundred_findings_in_one_order(desk: Desk, door: Any, on: Any) -> None:
    order = desk.issued(200)
    with on(ISSUED_ON):
        page = door(desk.inspector).get(url(order)).content.decode()

    assert len(order.notice.snapshot["findings"]) == 200
    assert "200 项" in page


@pytest.mark.django_db(transaction=True)
def test_two_people_issue_the_same_draft_at_once() -> None:
    desk = Desk()
    order = desk.approved()
    start, outcomes = threading.Barrier(2), []

    def press() -> None:
        mine = Order.objects.get(pk=order.pk)
        start.wait()
        try:
            orders.issue(mine, by=desk.supervisor, at=at(ISSUED_ON))
            outcomes.append("issued")
        except Decided as told:
            outcomes.append(str(told))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count("issued") == 1
    assert [o for o in outcomes if "覃海波 已于" in o and "签发" in o]
    assert Notice.objects.count() == 1
    assert Series.objects.get().last == 1
