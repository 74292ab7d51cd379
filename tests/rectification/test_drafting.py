"""Beginning, changing and giving up a draft; through the doors."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from audit.trail import Decided, Refused
from enterprises.register import Changed
from rectification import orders
from rectification.models import Order, OrderState, TermKind
from tests.factories.accounts import UserFactory
from tests.factories.rectification import FOUND_ON, ISSUED_ON, Desk, at
from tests.rectification.doors import lines, post, url

NEW = "/orders/new/"


def _form(inspection: Any, **changes: Any) -> dict[str, Any]:
    found = list(inspection.findings.all())
    data = {
        "form_token": str(uuid4()),
        "findings": [str(f.pk) for f in found],
        "term_kind": "working_day",
        "term_days": "20",
        "term_date": "",
        "interim_measures": "",
    }
    data |= {f"correction_{f.pk}": f"加密第{f.ordinal}项" for f in found}
    return data | changes


def test_a_draft_is_made_from_a_visit(desk: Desk, door: Any, on: Any) -> None:
    inspection = desk.visit()
    client = door(desk.inspector)
    with on(FOUND_ON):
        shown = client.get(NEW, {"inspection": inspection.pk})
        answer = client.post(f"{NEW}?inspection={inspection.pk}", _form(inspection))
    order = Order.objects.get()

    assert "如果今天送达" in shown.content.decode()
    assert answer.url == order.get_absolute_url()
    assert [item.required_correction for item in order.items.all()] == ["加密第1项", "加密第2项"]
    assert (order.term_kind, order.term_days, order.term_date) == ("working_day", 20, None)
    assert lines(order) == ["orders.draft"]


def test_the_same_form_twice_makes_one_order(desk: Desk, door: Any, on: Any) -> None:
    inspection = desk.visit()
    client, form = door(desk.inspector), _form(inspection)
    with on(FOUND_ON):
        answers = [client.post(f"{NEW}?inspection={inspection.pk}", form) for _n in range(2)]

    assert len({answer.url for answer in answers}) == 1
    assert Order.objects.count() == 1


def test_the_preview_counts_and_saves_nothing(desk: Desk, door: Any, on: Any) -> None:
    inspection = desk.visit()
    with on(date(2025, 1, 9)):
        shown = door(desk.inspector).post(
            f"{NEW}?inspection={inspection.pk}", _form(inspection, preview="1", findings=[])
        )
    assert "2025年2月12日" in shown.content.decode()
    assert not Order.objects.exists()


def test_the_fragment_says_the_due_day_or_why_not(desk: Desk, door: Any, on: Any) -> None:
    client = door(desk.inspector)
    address = reverse("orders:due_preview")

    def ask(**query: Any) -> str:
        with on(date(2025, 1, 9)):
            return client.get(address, query).content.decode()

    assert "2025年2月12日" in ask(term_kind="working_day", term_days="20")
    assert "填写 1 至 365" in ask(term_kind="working_day", term_days="x")
    assert "已经过去或就是今天" in ask(term_kind="date", term_date="2025-01-09")
    assert "2029年日历未导入" in ask(term_kind="date", term_date="2029-01-09")
    assert "选择期限的写法" in ask(term_kind="")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"findings": []}, "至少选择一项检查发现。"),
        ({"findings": [str(uuid4())]}, "所选的检查发现不属于这次检查。"),
        ({"term_days": "0"}, "填写 1 至 365 之间的天数。"),
        ({"term_days": ""}, "填写 1 至 365 之间的天数。"),
        ({"term_kind": "date", "term_date": "2025-01-06"}, "已经过去或就是今天"),
        ({"term_kind": "date", "term_date": ""}, "写明改正期限的日期。"),
        ({"term_kind": "date", "term_date": "2029-03-01"}, "2029年日历未导入"),
    ],
)
def test_what_cannot_be_drafted_is_said_and_kept(
    desk: Desk, door: Any, on: Any, changes: dict[str, Any], sentence: str
) -> None:
    inspection = desk.visit()
    with on(FOUND_ON):
        answer = door(desk.inspector).post(
            f"{NEW}?inspection={inspection.pk}", _form(inspection, **changes)
        )
    page = answer.content.decode()

    assert sentence in page
    assert "加密第1项" in page
    assert not Order.objects.exists()


def test_an_unsigned_visit_and_a_taken_finding_are_refused(desk: Desk) -> None:
    order = desk.draft()
    findings = list(order.inspection.findings.all())
    with pytest.raises(Refused) as refused:
        orders.draft(
            order.inspection,
            findings,
            by=desk.inspector,
            at=at(FOUND_ON),
            term_kind=TermKind.IMMEDIATE,
        )
    assert [r.field for r in refused.value.reasons] == ["findings", "findings"]
    assert refused.value.reasons[0].url == order.get_absolute_url()


def test_a_stranger_finds_no_visit(desk: Desk, door: Any) -> None:
    inspection = desk.visit()
    stranger = UserFactory(supervisor=True)
    assert door(stranger).get(NEW, {"inspection": inspection.pk}).status_code == 404


def test_amending_keeps_the_other_words_and_records(desk: Desk, door: Any, on: Any) -> None:
    order = desk.draft()
    first = order.inspection.findings.first()
    form = _form(
        order.inspection,
        version=order.version,
        findings=[str(first.pk)],
        term_kind="date",
        term_date="2025-03-03",
    )
    with on(FOUND_ON):
        answer = door(desk.inspector).post(url(order, "amend"), form)
    order.refresh_from_db()

    assert answer.url == order.get_absolute_url()
    assert (order.term_kind, order.term_date, order.term_days) == ("date", date(2025, 3, 3), None)
    assert order.items.count() == 1
    assert lines(order) == ["orders.draft", "orders.amend"]


def test_who_saves_second_keeps_the_words_and_is_told(desk: Desk, door: Any, on: Any) -> None:
    order = desk.draft()
    seen = order.version
    findings = list(order.inspection.findings.all())
    orders.amend(
        order,
        findings,
        by=desk.colleague,
        at=at(FOUND_ON),
        version=seen,
        term_kind=TermKind.WORKING_DAYS,
        term_days=5,
    )
    form = _form(order.inspection, version=seen, term_days="9")
    with on(FOUND_ON):
        client = door(desk.inspector)
        told = client.post(url(order, "amend"), form)
        page = told.content.decode()
        order.refresh_from_db()
        kept = order.term_days
        form["version"] = order.version
        client.post(url(order, "amend"), form)
    order.refresh_from_db()

    assert "黄莉" in page
    assert "送达之日起 5 个工作日" in page
    assert "送达之日起 9 个工作日" in page
    assert (kept, order.term_days) == (5, 9)


def test_amend_refuses_what_was_submitted(desk: Desk) -> None:
    order = desk.submitted()
    with pytest.raises((Refused, Decided)):
        orders.amend(
            order,
            list(order.inspection.findings.all()),
            by=desk.inspector,
            at=at(FOUND_ON),
            version=order.version,
            term_kind=TermKind.IMMEDIATE,
        )


def test_changed_is_raised_for_an_old_version(desk: Desk) -> None:
    order = desk.draft()
    with pytest.raises(Changed):
        orders.amend(
            order,
            list(order.inspection.findings.all()),
            by=desk.inspector,
            at=at(FOUND_ON),
            version=order.version - 1,
            term_kind=TermKind.IMMEDIATE,
        )


def test_a_discarded_draft_frees_its_findings(desk: Desk, door: Any) -> None:
    order = desk.draft()
    answer = post(door(desk.inspector), order, "discard", reason="重复")
    order.refresh_from_db()

    assert answer.url == order.get_absolute_url()
    assert order.state == OrderState.DISCARDED
    assert not order.items.filter(released=False).exists()
    again = orders.draft(
        order.inspection,
        list(order.inspection.findings.all()),
        by=desk.inspector,
        at=at(ISSUED_ON),
        term_kind=TermKind.IMMEDIATE,
    )
    assert again.items.count() == 2


def test_an_issued_order_cannot_be_discarded(desk: Desk) -> None:
    with pytest.raises(Refused, match="只有未签发的草稿可以作废"):
        orders.discard(desk.issued(), by=desk.inspector, at=at(ISSUED_ON))


def test_the_list_of_visits_offers_only_open_ones(desk: Desk, door: Any) -> None:
    free = desk.visit()
    desk.issued()
    page = door(desk.inspector).get(NEW).content.decode()
    assert str(free.pk) in page
    assert page.count("?inspection=") == 1
