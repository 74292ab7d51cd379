"""What changes after it was told, reviewed or approved is void, and nothing else is."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from deadlines import clock
from deadlines.models import Deadline
from penalties import clocks
from penalties.casefile import File
from penalties.cases import _ninety
from penalties.cases._void import void_changed
from penalties.models import Case, Hearing, Told
from tests.factories.penalties import (
    TOLD_ON,
    approved,
    case_alone,
    decision,
    item,
    party,
    person,
    report,
    reviewed,
    told,
)
from tests.factories.rectification import Desk, at

pytestmark = pytest.mark.django_db
LATER = date(2025, 2, 17)
WHY = "罚款金额变更"


def void(case: Case, desk: Desk, day: date = LATER) -> list[Any]:
    return void_changed(File(case), by=desk.inspector, at=at(day), reason=WHY)


def test_a_changed_amount_voids_notice_review_and_approval_and_their_clocks(desk: Desk) -> None:
    case = case_alone(desk)
    report(case)
    fine = item(case, measure="fine", amount=20_000)
    notice = told(
        desk, case, hearing=Told.Answer.CLAIMED, hearing_ground="罚款", hearing_until=LATER
    )
    asked = Hearing.objects.create(
        case=case,
        told=notice,
        requested_on=TOLD_ON,
        accept_due_on=LATER,
        entered_at=at(TOLD_ON),
        entered_by=desk.inspector,
        exclusion=_ninety.exclude(case, "hearing", TOLD_ON, by=desk.inspector, at=at(TOLD_ON)),
    )
    for kind, row in (
        ("HEARING_REQUEST", notice),
        ("HEARING_ACCEPT", asked),
        ("HEARING_HOLD", asked),
    ):
        period = clocks.due(kind, TOLD_ON)
        clocks.start(kind, row, period, case=case, by=desk.inspector, at=at(TOLD_ON))
    review, word = reviewed(desk, case), approved(desk, case)

    assert void(case, desk) == []
    fine.amount = Decimal("20000.01")
    fine.save()
    assert void(case, desk) == [notice, review, word]
    for row in (notice, review, word):
        row.refresh_from_db()
        assert (row.void_on, row.void_reason) == (LATER, WHY)
    assert clock.running(notice, "HEARING_REQUEST") is None
    ended = Deadline.objects.of(asked).values_list("state", flat=True)
    assert set(ended) == {Deadline.CANCELLED}
    assert case.exclusions.get().to_on == LATER
    assert void(case, desk) == []


def test_each_party_has_its_own_notice(desk: Desk) -> None:
    """What changes for a person leaves the notice of the unit; review speaks of both."""
    case = case_alone(desk)
    report(case)
    someone = person(case)
    item(case)
    item(case, someone)
    of_unit, of_person, review = told(desk, case), told(desk, case, someone), reviewed(desk, case)
    someone.facts = "陈某某系直接负责的主管人员"
    someone.save()
    assert void(case, desk) == [of_person, review]
    of_unit.refresh_from_db()
    assert of_unit.void_on is None


def test_what_a_decision_rests_on_stays(desk: Desk) -> None:
    case = case_alone(desk)
    report(case)
    warning = item(case)
    told(desk, case), reviewed(desk, case), approved(desk, case)
    decision(case, party(case))
    warning.detail = "补写"
    warning.save()
    assert void(case, desk, date(2025, 3, 3)) == []


def test_a_day_before_the_record_is_its_own_day(desk: Desk) -> None:
    case = case_alone(desk)
    report(case)
    item(case)
    notice = told(desk, case)
    report(case, TOLD_ON + timedelta(days=1), facts="重新查明的事实")
    void(case, desk, TOLD_ON - timedelta(days=3))
    notice.refresh_from_db()
    assert notice.void_on == TOLD_ON
