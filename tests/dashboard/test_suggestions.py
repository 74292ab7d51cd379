"""What the desk suggests: to whom, in which words, resting on what, where it leads; then gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.html import strip_tags

from accounts.models import Unit, User
from dashboard import desk as waiting
from dashboard.rows import Reader, tasks
from deadlines import policies
from inspections.models import Inspection
from legal import calendars
from rectification import orders
from rectification.models import Order, Outcome
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.enterprises import EnterpriseFactory, SystemFactory
from tests.factories.penalties import filed
from tests.factories.rectification import Desk, at, house

#: Under Order 176: visited on a Friday, served on Monday, due a week later.
VISITED, SERVED, DUE = date(2026, 10, 16), date(2026, 10, 19), date(2026, 10, 26)
#: Under Order 151, with the same term.
THEN = date(2025, 3, 7), date(2025, 3, 10), date(2025, 3, 17)
Told = Callable[..., dict[str, list[dict[str, Any]]]]


@pytest.fixture
def people() -> Desk:
    """A unit of its own under another, beside those of the demonstration."""
    upper = UnitFactory(name="试点市公安局", short_name="试点支队")
    unit = UnitFactory(
        name="试点县公安局", short_name="试点大队", abbreviation="试公", parent=upper
    )
    return Desk(unit=unit)


@pytest.fixture
def moment() -> Iterator[Callable[[date], None]]:
    """`moment(day)`: from now on it is that day."""
    standing: list[Any] = []

    def stand(day: date) -> None:
        while standing:
            standing.pop().stop()
        traveller = time_machine.travel(at(day, 9), tick=False)
        traveller.start()
        standing.append(traveller)

    yield stand
    while standing:
        standing.pop().stop()


def told(user: User, today: date) -> dict[str, list[dict[str, Any]]]:
    """The rows of each group on that person's desk, that day."""
    calendar = calendars.load()
    horizon = waiting.Horizon.of(today, calendar)
    reader = Reader(User.objects.get(pk=user.pk), today, calendar)
    found = waiting.waiting(waiting.groups(reader.user, horizon), reader.user)
    return {each.group.key: tasks(each, reader) for each in found}


def served(people: Desk, days: tuple[date, date, date] = (VISITED, SERVED, DUE)) -> Order:
    visited, given, due = days
    order = people.issued(day=visited, on=given, term_kind="date", term_date=due, term_days=None)
    return Order.objects.get(pk=people.serve(order, given).pk)


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    (row,) = rows
    return row


def words(row: dict[str, Any]) -> list[str]:
    return [f"{why['text']}|{why['law'] or '本单位规定'}" for why in row["why"]]


def acts(row: dict[str, Any]) -> list[str]:
    return [act["name"] for act in (row["act"], *row["also"]) if act]


def reviewer(people: Desk) -> User:
    return UserFactory(unit=people.unit, legal_reviewer=True)


# --- Overdue ------------------------------------------------------------------------------------


def test_an_overdue_order_is_to_be_looked_at_again(people: Desk) -> None:
    order, day = served(people), DUE + timedelta(1)

    row = only(told(people.inspector, day)["over"])
    assert words(row)[0].startswith("期限已过，应当复查|《")
    assert "第十六条第一款" in words(row)[0]
    assert row["act"] == {
        "name": "登记复查",
        "url": f"/orders/{order.pk}/record_reinspection/",
        "primary": True,
    }
    onlooker = only(told(reviewer(people), day)["over"])
    assert (words(onlooker), acts(onlooker)) == ([], ["查看"])

    people.look(fresh(order), day, Outcome.UNCHANGED)
    assert told(people.inspector, day)["over"] == []


def test_a_look_that_is_late_says_by_whose_rule(people: Desk) -> None:
    served(people)
    last = date(2026, 10, 29)  # three working days after the term

    assert words(only(told(people.inspector, last)["over"]))[0].startswith("期限已过，应当复查")
    row = only(told(people.inspector, last + timedelta(4))["over"])
    assert words(row) == ["复查已超本单位规定 2 个工作日|本单位规定"]


def test_under_order_151_the_time_to_look_is_the_articles(people: Desk) -> None:
    served(people, THEN)

    row = only(told(people.inspector, date(2025, 3, 21))["over"])
    assert words(row)[0].startswith("复查已超规定期限 1 个工作日|《")
    assert "第十九条" in words(row)[0]


def test_a_look_that_is_late_after_a_report(people: Desk) -> None:
    order = served(people)
    people.report(order, date(2026, 10, 20))

    row = only(told(people.inspector, date(2026, 10, 26))["reinspect"])
    assert words(row) == ["复查已超本单位规定 1 个工作日|本单位规定"]
    assert acts(row) == ["登记复查"]
    people.look(fresh(order), date(2026, 10, 26))
    assert told(people.inspector, date(2026, 10, 26))["reinspect"] == []


# --- Upwards ------------------------------------------------------------------------------------


def test_what_is_overdue_for_long_may_be_reported_upwards(people: Desk) -> None:
    order, tenth = served(people), DUE + timedelta(10)

    assert acts(only(told(people.inspector, DUE + timedelta(9))["over"])) == ["登记复查"]
    row = only(told(people.inspector, tenth)["over"])
    assert words(row)[-1] == "已逾期 10 天，满 10 天可以上报上级|本单位规定"
    assert row["also"][0]["name"] == "上报上级"
    assert row["also"][0]["url"] == f"/orders/{order.pk}/report_upward/"
    assert acts(only(told(reviewer(people), tenth)["over"])) == ["查看"]

    orders.report_upward(fresh(order), by=people.inspector, at=at(tenth), reason="多次催告未改")
    assert acts(only(told(people.inspector, tenth)["over"])) == ["登记复查"]


def test_who_has_nobody_above_is_not_asked_to_report(people: Desk) -> None:
    served(people)
    Unit.objects.filter(pk=people.unit.pk).update(parent=None)
    assert acts(only(told(people.inspector, DUE + timedelta(30))["over"])) == ["登记复查"]


@pytest.mark.parametrize("of_whom", ["own", "upper", "own after issue", "all"])
def test_the_number_of_days_is_that_of_the_policy_of_the_order(people: Desk, of_whom: str) -> None:
    upper = people.unit.parent
    assert upper is not None
    if of_whom != "own":
        house(upper, date(2026, 1, 1), report_up_after=15)
    if of_whom == "own":
        house(upper, date(2026, 1, 1), report_up_after=40)
        house(people.unit, date(2026, 1, 1), report_up_after=12)
    if of_whom == "own after issue":
        house(people.unit, date(2026, 10, 20), report_up_after=50)
    if of_whom == "all":
        policies.Policy.objects.create(
            unit=None,
            effective_from=date(2026, 1, 1),
            entered_on=date(2025, 12, 1),
            report_up_after=3,
        )
    order = served(people)
    days = policies.of(order.unit, SERVED).report_up_after
    assert days == {"own": 12}.get(of_whom, 15)

    assert acts(only(told(people.inspector, DUE + timedelta(days - 1))["over"])) == ["登记复查"]
    row = only(told(people.inspector, DUE + timedelta(days))["over"])
    assert acts(row) == ["登记复查", "上报上级"]


# --- Unmet --------------------------------------------------------------------------------------


def unmet(people: Desk, days: tuple[date, date, date] = (VISITED, SERVED, DUE)) -> Order:
    order, after = served(people, days), days[2] + timedelta(1)
    people.look(order, after, Outcome.UNCHANGED)
    return orders.judge(fresh(order), by=people.supervisor, at=at(after, 16))


def test_an_unmet_order_goes_on_to_a_case_or_to_others(people: Desk) -> None:
    order, day = unmet(people), DUE + timedelta(2)

    row = only(told(people.supervisor, day)["unmet"])
    assert words(row)[0].startswith("结论为“未改正”，可以立案或者转入后续处理|《网络安全法》")
    assert "第六十一条第一款" in words(row)[0]
    assert acts(row) == ["立案", "转入后续处理"]
    assert row["act"]["url"] == f"/cases/open/?order={order.pk}"
    assert row["also"][0]["url"] == f"/orders/{order.pk}/escalate/"
    assert acts(only(told(people.inspector, day)["unmet"])) == ["立案"]
    assert "unmet" not in told(reviewer(people), day)

    orders.escalate(fresh(order), by=people.supervisor, at=at(day), to="支队", reason="拒不改正")
    assert told(people.supervisor, day)["unmet"] == []


def test_a_case_that_is_filed_upon_it_ends_the_suggestion(people: Desk) -> None:
    order, day = unmet(people, THEN), THEN[2] + timedelta(2)
    assert "第五十九条第一款" in words(only(told(people.inspector, day)["unmet"]))[0]
    filed(
        order.inspection,
        by=people.inspector,
        approved_by=people.supervisor,
        at=at(day),
        cause="未履行网络安全保护义务",
        order=fresh(order),
        reason="拒不改正",
    )
    assert told(people.inspector, day)["unmet"] == []


def test_a_case_beside_it_leaves_the_handing_on(people: Desk) -> None:
    order, after = served(people, THEN), THEN[2] + timedelta(1)
    filed(
        order.inspection,
        by=people.inspector,
        approved_by=people.supervisor,
        at=at(THEN[1]),
        cause="未履行义务",
        order=order,
    )
    people.look(fresh(order), after, Outcome.UNCHANGED)
    orders.judge(fresh(order), by=people.supervisor, at=at(after, 16))

    row = only(told(people.supervisor, after)["unmet"])
    assert acts(row) == ["转入后续处理"]
    assert "已另行立案" in words(row)[0]


# --- Requests -----------------------------------------------------------------------------------


def test_a_request_that_waits_too_long_is_to_be_decided(people: Desk) -> None:
    order = served(people)
    people.ask(order, date(2026, 10, 20), date(2026, 11, 10))

    row = only(told(people.supervisor, date(2026, 10, 23))["extension"])
    assert (words(row), acts(row)) == ([], ["审批延期"])
    row = only(told(people.supervisor, date(2026, 10, 26))["extension"])
    assert words(row) == ["审批已超本单位规定 1 个工作日|本单位规定"]
    assert "extension" not in told(people.inspector, date(2026, 10, 26))

    people.decide(fresh(order), date(2026, 10, 26))
    assert told(people.supervisor, date(2026, 10, 26))["extension"] == []


def test_a_request_made_too_late_stands_beside_the_lateness(people: Desk) -> None:
    house(people.unit, date(2026, 1, 1), accept_late_requests=True)
    order, day = served(people), DUE + timedelta(1)
    people.ask(order, day, date(2026, 11, 20))

    row = only(told(people.supervisor, day)["over"])
    assert acts(row) == ["登记复查", "审批延期"]
    assert "申请延期至" in row["text"]


# --- Duties -------------------------------------------------------------------------------------


def test_a_system_that_the_year_asks_for_leads_to_the_duties(
    people: Desk, moment: Callable[[date], None]
) -> None:
    enterprise = EnterpriseFactory(unit=people.unit)
    SystemFactory(enterprise=enterprise, mlps_level=3)
    day = date(2026, 11, 17)
    moment(day)
    client = Client()
    client.force_login(people.inspector)

    page = client.get("/")
    owed = page.context["duties"]
    assert [(duty["name"], duty["number"]) for duty in owed] == [("年度检查", 1)]
    assert "第九条第二款" in owed[0]["laws"][0]
    assert client.get(owed[0]["url"]).status_code == 200
    onlooker = Client()
    onlooker.force_login(reviewer(people))
    assert onlooker.get("/").context["duties"] == []

    people.visit(1, day=date(2026, 11, 16), enterprise=enterprise, kind=Inspection.Kind.ROUTINE)
    assert client.get("/").context["duties"] == []


# --- The page -----------------------------------------------------------------------------------


def test_the_page_shows_them_and_costs_the_same(
    people: Desk, moment: Callable[[date], None], django_assert_max_num_queries: Any
) -> None:
    served(people)
    unmet(people)
    moment(DUE + timedelta(12))
    client = Client()
    client.force_login(people.supervisor)
    client.get("/")
    with django_assert_max_num_queries(12):
        html = client.get("/").content.decode()
    text = " ".join(strip_tags(html).split())
    for wanted in ("复查已超本单位规定", "满 10 天可以上报上级", "可以立案或者转入后续处理"):
        assert wanted in text
    for address in ("report_upward", "escalate", "cases/open/?order="):
        assert address in html
