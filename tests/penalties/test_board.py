"""The list of cases with its conditions, and the board that links to it."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from deadlines import clock
from legal import calendars, limits
from penalties.forms.listing import CaseConditions
from penalties.models import Case, CaseState
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.penalties import case_alone
from tests.factories.rectification import Desk, at

TODAY = date(2025, 4, 20)
BOARD = "/cases/board/"


def put(desk: Desk, filed: date, **facts: Any) -> Case:
    """A case as a row, without its file."""
    given = {
        "unit": desk.unit,
        "enterprise": EnterpriseFactory(unit=desk.unit),
        "origin": "complaint",
        "cause": "不履行网络安全保护义务",
        "filed_on": filed,
        "filed_by": desk.inspector,
        "state": CaseState.FILED,
        "step": "inquiry",
        "decision_due_on": filed + timedelta(days=90),
    } | facts
    return Case.objects.create(**given)


def decided(desk: Desk, filed: date, **facts: Any) -> Case:
    given = {
        "state": CaseState.DECIDED,
        "step": "performing",
        "outcome": "penalty",
        "measures": ["warning"],
        "decided_on": filed + timedelta(days=20),
        "decision_entered_by": desk.supervisor,
    } | facts
    return put(desk, filed, **given)


def narrowed(desk: Desk, **asked: Any) -> set[Any]:
    conditions = CaseConditions(asked, user=desk.supervisor, today=TODAY)
    rows = conditions.narrow(Case.objects.visible_to(desk.supervisor))
    return {case.pk for case in rows}


def test_every_condition_of_the_list(desk: Desk) -> None:
    late = put(desk, date(2025, 1, 10), cause="拒不改正")
    near = put(desk, date(2025, 1, 30), step="telling", filed_by=desk.colleague)
    fined = decided(
        desk,
        date(2025, 2, 3),
        measures=["warning", "fine"],
        fine=Decimal("30000"),
        document_number="南公（网安）行罚决字〔2025〕8号",
        route="spot",
    )
    closed = put(
        desk,
        date(2024, 12, 2),
        state=CaseState.CLOSED,
        step="done",
        closed_on=date(2025, 1, 3),
        closing_reason="终止",
    )
    for asked, found in (
        ({}, {late, near, fined, closed}),
        ({"q": "拒不改正"}, {late}),
        ({"q": "行罚决字〔2025〕8号"}, {fined}),
        ({"state": "open"}, {late, near, fined}),
        ({"state": "closed"}, {closed}),
        ({"step": "telling"}, {near}),
        ({"due": "over"}, {late}),
        ({"due": "near"}, {near}),
        ({"due_from": "2025-04-11"}, {near}),
        ({"due_to": "2025-04-10"}, {late}),
        ({"officer": "me"}, set()),
        ({"officer": str(desk.colleague.pk)}, {near}),
        ({"handler": str(desk.colleague.pk)}, {near}),
        ({"route": "spot"}, {fined}),
        ({"origin": "complaint"}, {late, near, fined, closed}),
        ({"outcome": "penalty"}, {fined}),
        ({"measure": "fine"}, {fined}),
        ({"filed_from": "2025-01-30", "filed_to": "2025-01-30"}, {near}),
        ({"decided_from": "2025-02-23", "decided_to": "2025-02-23"}, {fined}),
        ({"fine_min": "３0,000"}, {fined}),
        ({"fine_min": "30000.01"}, set()),
        ({"fine_max": "30000"}, {fined}),
        ({"sort": "due"}, {late, near}),
        ({"sort": "fine"}, {fined}),
        ({"unit": str(desk.unit.pk), "unit_only": "1"}, {late, near, fined, closed}),
    ):
        assert narrowed(desk, **asked) == {case.pk for case in found}, asked


def test_a_condition_that_does_not_read_is_said(desk: Desk, door: Any, on: Any) -> None:
    put(desk, date(2025, 1, 10))
    with on(TODAY):
        page = door(desk.supervisor).get("/cases/", {"fine_min": "-1", "sort": "x"})
    assert "最多到分，不带正负号" in page.content.decode()
    assert page.status_code == 200


def test_list_and_file_show_the_same_rows(
    desk: Desk, door: Any, on: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        put(desk, date(2025, 1, 2) + timedelta(days=n), cause=f"案由{n:02}")
    client = door(desk.supervisor)
    with on(TODAY):
        client.get("/cases/")
        with django_assert_max_num_queries(10):
            page = client.get("/cases/", {"due": "over"}).content.decode()
        sheet = client.get("/cases/export/", {"due": "over"}).content.decode()
        second = re.search(
            r'href="(\?[^"]*after=[^"]+)" rel="next"', client.get("/cases/").content.decode()
        )
        assert second is not None
        rest = client.get("/cases/" + unescape(second[1])).content.decode()
    assert len(re.findall(r"案由\d\d", page)) == 18
    assert len(re.findall(r"案由\d\d", sheet)) == 18
    assert "案由04" in rest
    assert "案由29" not in rest


def test_the_figures_of_the_board_lead_to_their_rows(
    desk: Desk, door: Any, on: Any, django_assert_max_num_queries: Any
) -> None:
    """Every figure links to a list with exactly so many rows."""
    for days, step in (
        (1, "filing"),
        (7, "inquiry"),
        (8, "inquiry"),
        (45, "telling"),
        (60, "telling"),
        (85, "deciding"),
        (91, "deciding"),
        (95, "inquiry"),
    ):
        put(desk, TODAY - timedelta(days=days), step=step)
    decided(desk, TODAY - timedelta(days=70), step="serving")
    put(desk, TODAY, state=CaseState.CLOSED, step="done", closed_on=TODAY, closing_reason="终止")
    case = put(desk, TODAY - timedelta(days=85), filed_by=desk.colleague)
    period = limits.of("CASE_DECISION").due(case.filed_on, calendars.load())
    clock.start(
        case, unit=desk.unit, kind="CASE_90", period=period, by=desk.inspector, at=at(case.filed_on)
    )
    client = door(desk.supervisor)
    with on(TODAY):
        client.get(BOARD)
        with django_assert_max_num_queries(16):
            page = client.get(BOARD).content.decode()
        links = {
            (unescape(url), int(number))
            for url, number in re.findall(
                r'<a (?:class="\w*" )?href="(/cases/\?[^"]+)">(?:<b>)?(\d+)<', page
            )
        }
        assert len(links) > 20
        for address, number in links:
            conditions = dict(pair.split("=") for pair in address.partition("?")[2].split("&"))
            assert len(narrowed(desk, **conditions)) == number, address
    assert "未办结 10 件" in page
    assert case.get_absolute_url() in page
    assert "还剩" in page


@pytest.mark.django_db
def test_the_board_of_an_empty_unit_and_of_nobody(desk: Desk, door: Any, on: Any) -> None:
    client = door(desk.supervisor)
    with on(TODAY):
        assert "没有未办结的案件" in client.get(BOARD).content.decode()
        assert client.get(f"{BOARD}?unit=999999").status_code == 404
        desk.supervisor.unit = None
        desk.supervisor.save()
        assert "您不属于任何单位" in client.get(BOARD).content.decode()


def test_an_officer_finds_the_own_cases(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    with on(TODAY):
        mine = door(desk.colleague).get("/cases/", {"officer": "me"}).content.decode()
        none = door(desk.supervisor).get("/cases/", {"officer": "me"}).content.decode()
    assert case.get_absolute_url() in mine
    assert case.get_absolute_url() not in none
