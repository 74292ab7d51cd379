"""A decision reaches its party: what runs from that day, and the letter that comes back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from audit.trail import Decided, Refused
from deadlines import clock
from deadlines.models import Deadline
from notices import registry
from penalties import cases
from penalties.cases import serving
from penalties.models import Decision, Step
from tests.factories.penalties import DECIDED_ON, case_alone, decision, paper_of
from tests.factories.rectification import Desk, at

pytestmark = pytest.mark.django_db
SERVED_ON = date(2025, 2, 18)
STARTED = ("FINE_PAYMENT", "RECONSIDER_60", "SUE_6M")


def decided(desk: Desk, **facts: Any) -> Decision:
    """A decision on 14 February 2025 that is to be served: a warning and 20,000 yuan."""
    given = {"fine": Decimal(20_000), "measures": ["warning", "fine"]} | facts
    row = decision(case_alone(desk), **given)
    serving.owe(row, by=desk.supervisor, at=at(DECIDED_ON))
    return row


def handed_over(desk: Desk, row: Decision, on: date = SERVED_ON, **facts: Any) -> Any:
    given = {
        "method": "direct",
        "outcome": "served",
        "attempted_on": on,
        "recipient": "李某某",
        "relation": "representative",
        "place": "企业办公室",
        "servers": desk.pair,
    } | facts
    return cases.record_service(row, by=desk.inspector, at=at(max(on, SERVED_ON), 16), **given)


def due(row: Decision, kind: str) -> date | None:
    running = clock.running(row, kind)
    return running.due_on if running else None


def test_service_sets_every_period_of_the_party_going(desk: Desk) -> None:
    row = decided(desk)
    assert row.service_due_on == date(2025, 2, 25)
    handed_over(desk, row)
    row.refresh_from_db()
    assert (row.served_on, row.payment_due_on) == (SERVED_ON, date(2025, 3, 5))
    assert row.payment_derivation["trigger"] == "2025-02-18"
    assert due(row, "FINE_PAYMENT") == date(2025, 3, 5)
    assert due(row, "RECONSIDER_60") == date(2025, 4, 21)  # 19 April is a Saturday
    assert due(row, "SUE_6M") == date(2025, 8, 18)
    met = Deadline.objects.of(row).get(kind="SERVE_DECISION")
    assert (met.state, met.ended_on) == (Deadline.MET, SERVED_ON)
    assert row.case.step == Step.PERFORMING
    with pytest.raises(Refused, match="已经送达"):
        handed_over(desk, row)


def test_on_the_spot_no_suit_runs_before_the_reconsideration(desk: Desk) -> None:
    row = decided(desk, kind="spot", fine=Decimal(2000), collection="at_once")
    handed_over(desk, row, DECIDED_ON)
    row.refresh_from_db()
    assert due(row, "RECONSIDER_60") is not None
    assert due(row, "SUE_6M") is None
    assert row.payment_due_on is None
    assert due(row, "FINE_PAYMENT") is None


def test_a_published_decision_counts_from_its_deemed_day(desk: Desk) -> None:
    """民事诉讼法 95: thirty days after the publication."""
    row = paper_of(decided(desk), desk.supervisor)
    cases.record_service(
        row,
        by=desk.inspector,
        at=at(SERVED_ON),
        method="publication",
        outcome="published",
        attempted_on=SERVED_ON,
        cause="untraceable",
        grounds="注册地址已无人办公，电话停机",
        published_in="广西法治日报",
    )
    row.refresh_from_db()
    assert row.served_on == date(2025, 3, 20)
    assert row.payment_due_on == date(2025, 4, 7)  # the fourth is a holiday
    met = Deadline.objects.of(row).get(kind="SERVE_DECISION")
    assert met.ended_on == SERVED_ON


def test_returned_mail_stops_everything_and_service_is_owed_again(desk: Desk) -> None:
    row = paper_of(
        decided(
            desk,
            items=[
                {"measure": "suspension", "length": 1, "length_unit": "month", "detail": "停业"}
            ],
            measures=["fine", "suspension"],
        ),
        desk.supervisor,
    )
    posted = {"method": "post", "tracking_number": "XA1", "relation": "", "place": ""}
    cases.record_service(
        row,
        by=desk.inspector,
        at=at(date(2025, 2, 17)),
        attempted_on=date(2025, 2, 17),
        outcome="sent",
        **posted,
    )
    row.refresh_from_db()
    assert row.served_on is None
    handed_over(desk, row, **posted)
    assert row.stop_measures.get().ends_on == date(2025, 3, 18)
    back = date(2025, 2, 24)
    cases.record_returned_mail(
        row, by=desk.inspector, at=at(back), returned_on=back, note="查无此人"
    )
    row.refresh_from_db()
    assert (row.served_on, row.payment_due_on) == (None, None)
    assert [due(row, kind) for kind in STARTED] == [None, None, None]
    assert due(row, "SERVE_DECISION") == date(2025, 2, 25)
    assert row.stop_measures.get().lifted_on == back
    assert row.case.step == Step.SERVING
    handed_over(desk, row, date(2025, 2, 25))
    assert row.stop_measures.filter(lifted_on=None).get().starts_on == date(2025, 2, 25)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"attempted_on": date(2025, 2, 13)}, "不能早于决定日期"),
        ({"attempted_on": date(2025, 2, 19)}, "不能晚于今天"),
    ],
)
def test_a_day_that_cannot_be(desk: Desk, changes: dict[str, Any], sentence: str) -> None:
    row = decided(desk)
    with pytest.raises(Refused, match=sentence):
        cases.record_service(
            row,
            by=desk.inspector,
            at=at(SERVED_ON),
            **({"method": "direct", "outcome": "served"} | changes),
        )
    row.refresh_from_db()
    assert row.served_on is None
    assert due(row, "FINE_PAYMENT") is None


def test_the_door_keeps_what_was_typed_and_the_paper_leads_to_it(
    desk: Desk, door: Any, on: Any
) -> None:
    row = paper_of(decided(desk), desk.supervisor)
    page = reverse("cases:record_service", args=[row.case_id, row.pk])
    form = {
        "method": "direct",
        "outcome": "served",
        "attempted_on": "2025-02-18",
        "recipient": "李某某",
        "relation": "representative",
        "place": "企业办公室",
        "server_1": desk.inspector.pk,
        "seen": row.case.version,
    }
    with on(SERVED_ON):
        client = door(desk.inspector)
        shown = client.get(page).content.decode()
        alone = client.post(page, form).content.decode()
        assert registry.serving_door(row.notice).endswith("/serve/")
        assert client.get(registry.serving_door(row.notice)).url == page
        client.post(page, form | {"server_2": desk.colleague.pk})
        again = client.post(page, form | {"server_2": desk.colleague.pk})
    assert "2025年3月5日" in shown
    assert "须有两名送达人" in alone
    assert "李某某" in alone
    assert "没有重复登记" in again.content.decode() or again.status_code == 302
    row.refresh_from_db()
    assert row.served_on == SERVED_ON
    assert row.notice.services.count() == 1


def test_two_at_once(desk: Desk) -> None:
    row = decided(desk)
    other = Decision.objects.select_related("case").get(pk=row.pk)
    handed_over(desk, row)
    with pytest.raises(Decided):
        handed_over(desk, other)
