"""The list of what falls due, and the life of one date."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from deadlines.models import Deadline
from legal.periods import SHANGHAI, Span, count, count_back, named, resume
from tests.factories.accounts import UserFactory
from tests.factories.deadlines import DeadlineFactory, period
from tests.factories.legal import load_law

TODAY = "2025-02-08 10:00+08:00"


@pytest.fixture
def door(client, officer):
    load_law()
    client.force_login(officer)
    with time_machine.travel(TODAY, tick=False):
        yield client


def test_list(door, unit, django_assert_max_num_queries):
    for _number in range(5):
        DeadlineFactory(unit=unit)
    door.get(reverse("deadlines:list"))
    with django_assert_max_num_queries(12):
        page = door.get(reverse("deadlines:list"))
    text = page.content.decode()
    assert text.count("还剩 3 个工作日") == 5
    assert "改正期限" in text
    assert "2025年2月12日（周三）" in text


def test_more_rows_cost_no_more_queries(door, unit, django_assert_max_num_queries):
    for _number in range(40):
        DeadlineFactory(unit=unit)
    with django_assert_max_num_queries(12):
        page = door.get(reverse("deadlines:list"))
    assert page.content.decode().count("还剩 3 个工作日") == 30


def test_a_day_from_a_provisional_calendar_is_marked(door, unit):
    row = DeadlineFactory(unit=unit)
    assert "暂定" not in door.get(reverse("deadlines:list")).content.decode()
    derivation = row.derivation
    derivation["calendar"][0]["status"] = "provisional"
    DeadlineFactory(unit=unit, derivation=derivation)
    assert door.get(reverse("deadlines:list")).content.decode().count(">暂定<") == 1


def test_empty(door):
    assert "没有符合条件的期限" in door.get(reverse("deadlines:list")).content.decode()


def test_stranger_sees_nothing(door):
    row = DeadlineFactory()
    assert "还剩" not in door.get(reverse("deadlines:list")).content.decode()
    assert door.get(reverse("deadlines:detail", args=[row.pk])).status_code == 404


@pytest.mark.django_db
def test_needs_the_permission(client):
    for name in ("deadlines:list", "deadlines:feed"):
        assert client.get(reverse(name)).status_code == 302
    client.force_login(UserFactory(system_admin=True))
    for name in ("deadlines:list", "deadlines:feed"):
        assert client.get(reverse(name)).status_code == 403


def test_conditions(door, unit):
    late = DeadlineFactory(unit=unit, of=period(date(2025, 1, 2)))
    soon = DeadlineFactory(unit=unit)
    met = DeadlineFactory(unit=unit, met=True)

    def rows(**conditions):
        page = door.get(reverse("deadlines:list"), conditions)
        return {entry["deadline"] for _day, day in page.context["days"] for entry in day}

    assert rows() == {late, soon}
    assert rows(state="overdue") == {late}
    assert rows(state="met") == {met}
    assert rows(state="all") == {late, soon, met}
    assert rows(week="2025-02-10", state="open") == {soon}
    assert rows(week="2025-02-20") == set()
    assert rows(kind="RECTIFY") == {late, soon}
    assert rows(unit=unit.pk) == {late, soon}
    # What does not read is left out; the page says which field.
    assert rows(week="gestern") == {late, soon}
    assert rows(kind="NONE", unit="x") == {late, soon}


def test_pages_by_key(door, unit):
    for number in range(70):
        DeadlineFactory(unit=unit, of=period(date(2025, 2, 10) + timedelta(days=number % 7)))
    expected = list(Deadline.objects.order_by("due_on", "id").values_list("pk", flat=True))
    url, seen, after = reverse("deadlines:list"), [], ""
    while True:
        page = door.get(url, {"after": after} if after else {})
        seen += [entry["deadline"].pk for _day, day in page.context["days"] for entry in day]
        after = page.context["next"]
        if not after:
            break
        last = page
    assert seen == expected
    back = door.get(url, {"before": page.context["previous"]})
    assert [e["deadline"].pk for _d, day in back.context["days"] for e in day] == [
        e["deadline"].pk for _d, day in last.context["days"] for e in day
    ]
    assert back.context["previous"]
    assert door.get(url, {"after": "cut"}).status_code == 200


def test_detail_tells_why(door, deadline, django_assert_max_num_queries):
    door.get(deadline.get_absolute_url())
    with django_assert_max_num_queries(12):
        page = door.get(deadline.get_absolute_url())
    text = page.content.decode()
    assert "还剩 3 个工作日" in text
    assert "为什么是这一天" in text
    assert "跳过 14 天" in text
    assert "改正期限确定为 2025年2月12日（周三）" in text


@pytest.mark.parametrize("trait", ["met", "suspended", "cancelled"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_detail_of_every_state(door, unit, trait, language):
    door.cookies["django_language"] = language
    row = DeadlineFactory(unit=unit, **{trait: True})
    assert door.get(row.get_absolute_url()).status_code == 200


def test_detail_of_every_kind_of_derivation(door, unit, years):
    first = period()
    kinds = [
        named(date(2025, 2, 9), date(2025, 2, 7), years),
        count(date(2025, 1, 13), 15, "calendar_day", years),
        count(date(2025, 1, 13), 3, "month", years),
        count(datetime(2025, 1, 13, 9, tzinfo=SHANGHAI), 24, "hour", years),
        count_back(date(2025, 2, 20), 3, "working_day", years),
        resume(first.derivation, Span(date(2025, 1, 13), date(2025, 1, 15)), years),
    ]
    for each in kinds:
        row = DeadlineFactory(unit=unit, of=each, due_at=each.due_at)
        assert door.get(row.get_absolute_url()).status_code == 200, each
    assert door.get(reverse("deadlines:list"), {"state": "all"}).status_code == 200


def test_admin_is_read_only(client, deadline, unit):
    client.force_login(UserFactory(unit=unit, system_admin=True))
    assert client.get(reverse("admin:deadlines_deadline_changelist")).status_code == 200
    url = reverse("admin:deadlines_deadline_change", args=[deadline.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"due_on": "2030-01-01"}).status_code == 403
    assert client.post(url.replace("change", "delete"), {"post": "yes"}).status_code == 403
