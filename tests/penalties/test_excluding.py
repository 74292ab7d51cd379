"""Days that do not count in the ninety: filed on 10 January 2025, due on 10 April without any."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.trail import Refused
from deadlines import clock
from deadlines.models import Deadline
from penalties import cases
from penalties.cases import _ninety
from penalties.models import Case, Exclusion
from tests.factories.penalties import FILED_ON, case_alone
from tests.factories.rectification import Desk, at

AFTER = date(2025, 3, 3)


def exclude(desk: Desk, case: Case, first: date, last: date | None, **more: Any) -> Exclusion:
    given = {"ground": "appraisal", "from_on": first, "to_on": last} | more
    return cases.exclude_days(case, by=desk.supervisor, at=at(AFTER), **given)


def running(case: Case) -> Deadline | None:
    return clock.running(case, _ninety.KIND)


def test_days_of_an_appraisal_move_the_date_by_as_many(desk: Desk) -> None:
    case = case_alone(desk)
    exclude(desk, case, date(2025, 1, 20), date(2025, 1, 29))
    case.refresh_from_db()
    deadline = running(case)
    assert case.decision_due_on == date(2025, 4, 21)  # ten days later is a Sunday
    assert deadline is not None
    assert deadline.due_on == case.decision_due_on
    assert case.decision_derivation["suspended"] == [{"from": "2025-01-20", "to": "2025-01-29"}]
    assert deadline.state == Deadline.RUNNING


def test_the_clock_stands_still_while_days_are_open(desk: Desk) -> None:
    case = case_alone(desk)
    row = exclude(desk, case, date(2025, 1, 20), None)
    deadline = running(case)
    assert deadline is not None
    assert deadline.state == Deadline.SUSPENDED
    with pytest.raises(Refused, match="已经在计算"):
        exclude(desk, case, date(2025, 1, 25), None)
    cases.end_exclusion(row, by=desk.supervisor, at=at(AFTER), to_on=date(2025, 1, 21))
    case.refresh_from_db()
    assert case.decision_due_on == date(2025, 4, 14)  # the 12th is a Saturday
    with pytest.raises(Refused, match="已经结束"):
        cases.end_exclusion(row, by=desk.supervisor, at=at(AFTER), to_on=AFTER)


def test_overlapping_days_count_once_and_a_gap_counts(desk: Desk) -> None:
    case = case_alone(desk)
    first = exclude(desk, case, date(2025, 1, 20), None)
    second = exclude(desk, case, date(2025, 1, 28), None, ground="publication", note="公告")
    cases.end_exclusion(first, by=desk.supervisor, at=at(AFTER), to_on=date(2025, 1, 22))
    deadline = running(case)
    assert deadline is not None
    assert deadline.state == Deadline.SUSPENDED
    second.refresh_from_db()
    cases.end_exclusion(second, by=desk.supervisor, at=at(AFTER), to_on=date(2025, 2, 2))
    case.refresh_from_db()
    deadline = running(case)
    assert case.decision_due_on == date(2025, 4, 21)  # 3 + 6 days: Saturday 19 April
    assert deadline is not None
    assert deadline.due_on == case.decision_due_on


def test_a_ground_that_the_house_does_not_count_moves_nothing(desk: Desk) -> None:
    case = case_alone(desk)
    exclude(desk, case, date(2025, 1, 20), date(2025, 2, 20), ground="hearing")
    case.refresh_from_db()
    assert case.decision_due_on == date(2025, 4, 10)
    assert Exclusion.objects.count() == 1


def test_after_the_last_day_nothing_stands_still(desk: Desk) -> None:
    case = case_alone(desk)
    late = at(date(2025, 5, 12))
    row = cases.exclude_days(
        case, by=desk.supervisor, at=late, ground="appraisal", from_on=date(2025, 5, 6)
    )
    cases.end_exclusion(row, by=desk.supervisor, at=late, to_on=date(2025, 5, 9))
    case.refresh_from_db()
    assert case.decision_due_on == date(2025, 4, 10)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"from_on": date(2025, 1, 9)}, "不能早于立案日期"),
        ({"from_on": date(2025, 3, 4)}, "不能晚于今天"),
        ({"to_on": date(2025, 1, 19)}, "不能早于开始日期"),
        ({"to_on": date(2025, 3, 4)}, "不能晚于今天"),
        ({"ground": "other"}, "写明依据哪一条"),
    ],
)
def test_wrong_days_are_refused(desk: Desk, changes: dict[str, Any], sentence: str) -> None:
    case = case_alone(desk)
    with pytest.raises(Refused, match=sentence):
        exclude(desk, case, date(2025, 1, 20), None, **changes)
    assert not Exclusion.objects.exists()
    assert case.filed_on == FILED_ON


def test_the_database_refuses_an_exclusion_backwards(desk: Desk) -> None:
    row = exclude(desk, case_alone(desk), date(2025, 1, 20), date(2025, 1, 29))
    with (
        pytest.raises(IntegrityError, match="case_exclusion_days_in_order"),
        transaction.atomic(),
    ):
        Exclusion.objects.filter(pk=row.pk).update(to_on=date(2025, 1, 19))
