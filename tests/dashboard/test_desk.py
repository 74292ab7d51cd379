"""我的待办: every group, only what the person may do, each number the number of its list."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import User
from dashboard import desk
from legal import calendars
from rectification import orders
from rectification.models import Extension, Order
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.demo import NOW

TODAY = NOW.date()
Enter = Callable[[str], Client]
Person = Callable[[str], User]


def horizon() -> desk.Horizon:
    return desk.Horizon.of(TODAY, calendars.load())


def waiting(user: User) -> dict[str, desk.Waiting]:
    return {w.group.key: w for w in desk.waiting(desk.groups(user, horizon()), user)}


def keys(found: desk.Waiting) -> set[Any]:
    return {row.pk for row in found.rows}


def page(client: Client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_the_supervisor_sees_every_group_most_urgent_first(person: Person) -> None:
    found = waiting(person("supervisor"))
    assert list(found) == [
        "over", "today", "soon", "later", "reinspect", "judge", "unmet", "extension", "sign",
        "returned", "serve", "visits",
    ]  # fmt: skip
    assert {key for key, each in found.items() if each.total} == {
        "over", "soon", "later", "reinspect", "judge", "unmet", "extension", "sign", "serve",
    }  # fmt: skip


def test_an_inspector_is_offered_what_an_inspector_may_do(person: Person) -> None:
    found = waiting(person("inspector"))
    assert not {"sign", "judge", "extension"} & set(found)
    assert found["returned"].total == 1
    assert found["visits"].total == 1
    assert found["serve"].total == 2


def test_nobody_signs_the_own_draft(person: Person) -> None:
    """A supervisor who drafted something does not find it among what is to be approved."""
    supervisor = person("supervisor")
    order = next(o for o in waiting(supervisor)["sign"].rows if o.state == "submitted")
    Order.objects.filter(pk=order.pk).update(drafted_by=supervisor)
    assert order.pk not in keys(waiting(supervisor)["sign"])


def test_nobody_decides_the_own_request(person: Person) -> None:
    supervisor = person("supervisor")
    assert waiting(supervisor)["extension"].total == 1
    Extension.objects.filter(state="requested").update(requested_by=supervisor)
    assert waiting(supervisor)["extension"].total == 0


@pytest.mark.parametrize(
    "key", ["over", "soon", "later", "judge", "unmet", "sign", "returned", "serve"]
)
@pytest.mark.parametrize("who", ["supervisor", "inspector", "county", "province"])
def test_each_number_is_that_of_its_list(who: str, key: str, person: Person, enter: Enter) -> None:
    group = next((g for g in desk.groups(person(who), horizon()) if g.key == key), None)
    if group is None:
        return
    assert group.exact
    listed = enter(who).get("/orders/", group.params)
    assert listed.status_code == 200
    shown = set(re.findall(r'href="/orders/([0-9a-f-]{36})/"', listed.content.decode()))
    assert shown == {str(order.pk) for order in group.rows(person(who))}


def test_each_row_leads_to_the_page_of_the_next_step(enter: Enter) -> None:
    client = enter("supervisor")
    links = re.findall(r'<a class="btn btn-(?:outline-)?primary" href="([^"]+)"', page(client))
    assert len(links) > 10
    for link in links:
        assert client.get(link).status_code == 200, link


def test_lateness_is_told_in_working_days(enter: Enter) -> None:
    html = strip_tags(page(enter("county")))
    assert "逾期 3 个工作日" in html or "逾期 4 个工作日" in html
    assert "逾期 45 个工作日" in html or "逾期 44 个工作日" in html


def test_an_empty_desk_says_what_comes_next() -> None:
    client, unit = Client(), UnitFactory(name="空单位")
    user = UserFactory(unit=unit, inspector=True)
    client.force_login(user)
    html = page(client)
    assert "没有等您办理的事项" in html
    assert "未来 10 个工作日没有到期的责令改正" in html


@pytest.mark.parametrize("who", ["system", "security"])
def test_administrators_have_no_orders_on_the_desk(who: str, enter: Enter) -> None:
    html = page(enter(who))
    assert "您的角色没有业务待办" in html
    assert "演示" not in strip_tags(html.split("<main", 1)[1].split("zg-demo", 1)[0])


@pytest.mark.parametrize("who", ["auditor", "reviewer"])
def test_who_only_looks_is_offered_a_look(who: str, enter: Enter) -> None:
    html = page(enter(who))
    assert "查看" in html
    assert not re.search(r"/orders/[0-9a-f-]{36}/\w+/", html)


def test_other_units_do_not_show(enter: Enter) -> None:
    assert "演示卯住宿服务" not in page(enter("supervisor"))
    assert "演示卯住宿服务" in page(enter("province"))


def test_without_a_calendar_days_are_called_days(enter: Enter, time_machine: Any) -> None:
    time_machine.move_to(NOW.replace(year=2028, month=3))
    html = page(enter("supervisor"))
    assert "3 天内到期" in html
    assert "2028年日历未导入" in html


def test_at_most_twelve_queries_however_much_waits(
    enter: Enter, django_assert_max_num_queries: Any
) -> None:
    for who in ("supervisor", "province", "inspector"):
        client = enter(who)
        client.get("/")
        with django_assert_max_num_queries(12):
            client.get("/")


def test_a_long_group_shows_its_first_rows_and_the_way_to_all(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "ROWS", 1)
    html = page(enter("county"))
    assert "全部 2 项" in html


def test_a_report_moves_the_order_from_one_group_to_the_next(person: Person) -> None:
    inspector = person("inspector")
    order = Order.objects.get(pk=waiting(inspector)["later"].rows[0].pk)
    day = timezone.localdate() - timedelta(1)
    orders.record_correction(
        order,
        order.items.all(),
        by=inspector,
        at=NOW,
        completed_on=day,
        received_on=day,
        note="已改正",
    )
    found = waiting(inspector)
    assert order.pk not in keys(found["later"])
    assert order.pk in keys(found["reinspect"])
