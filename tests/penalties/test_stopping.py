"""Measures with a term of their own are watched like orders."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.trail import Refused
from penalties import cases
from penalties.models import Decision, Step, StopMeasure
from tests.factories.penalties import case_alone, decision
from tests.factories.rectification import Desk, at
from tests.penalties.test_serving import SERVED_ON, due, handed_over

pytestmark = pytest.mark.django_db
WITHIN, LAST, OVER = date(2025, 3, 4), date(2025, 3, 18), date(2025, 3, 19)


def served(desk: Desk, **item: Any) -> StopMeasure:
    """A month of suspension from 18 February 2025."""
    given = {"measure": "suspension", "length": 1, "length_unit": "month", "detail": "停业整顿"}
    row = decision(case_alone(desk), measures=["suspension"], items=[given | item])
    handed_over(desk, row)
    return StopMeasure.objects.select_related("case").get(decision=row)


def check(desk: Desk, row: StopMeasure, result: str = "kept", **facts: Any) -> Any:
    given = {"held_on": WITHIN, "officers": desk.pair, "note": "现场已停止营业"} | facts
    row = StopMeasure.objects.select_related("case").get(pk=row.pk)
    return cases.record_check(row, by=desk.inspector, at=at(WITHIN), result=result, **given)


@pytest.mark.parametrize(
    ("length", "unit", "last"),
    [
        (10, "day", date(2025, 2, 28)),
        (1, "month", LAST),
        (6, "month", date(2025, 8, 18)),
        (1, "year", date(2026, 2, 18)),
        (11, "day", date(2025, 3, 1)),  # a Saturday: nobody is held for longer
    ],
)
def test_the_term_runs_from_service(desk: Desk, length: int, unit: str, last: date) -> None:
    row = served(desk, length=length, length_unit=unit)
    assert (row.starts_on, row.ends_on) == (SERVED_ON, last)
    assert due(row, "STOP_MEASURE") == last


def test_checked_by_two_and_ended_with_its_term(desk: Desk) -> None:
    row = served(desk)
    with pytest.raises(Refused, match="两名民警"):
        check(desk, row, officers=(desk.inspector, desk.inspector))
    with pytest.raises(Refused, match="不能早于措施开始"):
        check(desk, row, held_on=date(2025, 2, 17))
    assert check(desk, row).officers == ["韦志远", "黄莉"]
    with pytest.raises(Refused, match="2025年3月18日 才届满"):
        cases.end_measure(row_of(row), by=desk.inspector, at=at(LAST))
    assert row_of(row).case.step == Step.PERFORMING
    cases.end_measure(row_of(row), by=desk.inspector, at=at(OVER), note="期限内停业")
    ended = row_of(row)
    assert (ended.lifted_on, ended.case.step) == (LAST, Step.CLOSING)
    assert due(row, "STOP_MEASURE") is None
    with pytest.raises(Refused, match="已经解除"):
        check(desk, row)


def row_of(row: StopMeasure) -> StopMeasure:
    return StopMeasure.objects.select_related("case").get(pk=row.pk)


def test_lifted_early_by_whoever_approves(desk: Desk, door: Any, on: Any) -> None:
    row = served(desk)
    check(desk, row, "broken", note="仍在营业")
    page = reverse("cases:lift_measure", args=[row.case_id, row.pk])
    with on(WITHIN):
        tab = door(desk.inspector).get(row.case.get_absolute_url() + "?tab=remedies")
        assert door(desk.inspector).get(page).status_code == 403
        client = door(desk.supervisor)
        silent = client.post(page, {"on": "2025-03-04", "reason": " "}).content.decode()
        client.post(page, {"on": "2025-03-04", "reason": "整改完成，经复核通过"})
    words = tab.content.decode()
    assert "没有执行" in words
    assert "申请人民法院强制执行" in words
    assert "还剩 14 天" in words
    assert "填写“提前解除的理由”" in silent
    assert row_of(row).lifted_on == WITHIN


def test_one_without_a_term_is_watched_too(desk: Desk) -> None:
    row = served(desk, measure="closure", length=None, length_unit="", detail="关闭网站")
    assert (row.ends_on, due(row, "STOP_MEASURE")) == (None, None)
    with pytest.raises(Refused, match="没有期限"):
        cases.end_measure(row, by=desk.inspector, at=at(OVER))
    assert check(desk, row).result == "kept"


def test_the_database_refuses(desk: Desk) -> None:
    row = served(desk)
    for name, facts in (
        ("stop_measure_days_in_order", {"ends_on": date(2025, 2, 17)}),
        ("stop_measure_lifted_pair", {"lifted_on": LAST}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            StopMeasure.objects.filter(pk=row.pk).update(**facts)
    assert Decision.objects.get().stop_measures.count() == 1
