"""The month: counts by day, holidays and make-up days, the day chosen."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from deadlines.models import Deadline
from legal.models import CalendarYear
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.deadlines import DeadlineFactory, period
from tests.factories.legal import load_law

TODAY = "2025-02-08 10:00+08:00"


@pytest.fixture
def door(client, officer):
    load_law()
    client.force_login(officer)
    with time_machine.travel(TODAY, tick=False):
        yield client


def month(door, **conditions):
    return door.get(reverse("deadlines:month"), conditions)


def days(page):
    return {day.on: day for day in page.context["month"].days}


def test_days_are_counted_and_named(door, unit, officer):
    late = DeadlineFactory(unit=unit, of=period(date(2025, 1, 2)))
    for _number in range(5):
        DeadlineFactory(unit=unit)
    DeadlineFactory(unit=unit, of=period(date(2025, 1, 20)))
    DeadlineFactory()
    page = month(door)
    found = days(page)
    assert (min(found), max(found)) == (date(2025, 1, 27), date(2025, 3, 2))
    assert late.due_on == date(2025, 2, 6)
    assert (found[late.due_on].total, found[late.due_on].tone) == (1, "over")
    busy = found[date(2025, 2, 12)]
    assert (busy.total, len(busy.entries), busy.more, busy.tone) == (5, 3, 2, "soon")
    assert found[date(2025, 2, 21)].tone == ""
    assert sum(day.total for day in found.values()) == 7
    text = page.content.decode()
    assert "7 项到期" in text
    assert "1 项已逾期" in text
    assert "还有 2 项" in text


def test_holidays_and_make_up_days_are_marked(door):
    page = month(door)
    found = days(page)
    assert (found[date(2025, 2, 3)].kind, found[date(2025, 2, 3)].word) == ("holiday", "春节")
    assert found[date(2025, 2, 8)].kind == "made_up"
    assert found[date(2025, 2, 8)].is_today
    assert found[date(2025, 2, 9)].kind == "weekend"
    assert "未导入" not in page.content.decode()


def test_the_day_chosen(door, unit):
    row = DeadlineFactory(unit=unit)
    assert month(door).context["chosen"].on == date(2025, 2, 8)
    page = month(door, month="2025-02", day="2025-02-12")
    assert page.context["chosen"].on == date(2025, 2, 12)
    text = page.content.decode()
    assert row.get_absolute_url() in text.partition('id="day"')[2]
    agenda = page.context["agenda_url"]
    assert "day=2025-02-12" in agenda
    listed = door.get(agenda)
    assert [e["deadline"] for _day, rows in listed.context["days"] for e in rows] == [row]
    assert "month=2025-02" in listed.context["month_url"]
    # In another month the first day that has something, else the first.
    assert month(door, month="2025-03").context["chosen"].on == date(2025, 3, 1)
    assert month(door, day="2025-02-12").context["chosen"].on == date(2025, 2, 12)


def test_months_follow_each_other_under_the_same_conditions(door, unit, officer):
    DeadlineFactory(unit=unit, owner=officer)
    DeadlineFactory(unit=unit)
    DeadlineFactory(unit=unit, met=True)
    page = month(door, officer="me")
    assert page.context["month"].total == 1
    assert page.context["before"].endswith("officer=me&month=2025-01")
    assert page.context["after"].endswith("officer=me&month=2025-03")
    assert month(door, state="all").context["month"].total == 3
    assert month(door, state="met").context["month"].total == 1
    assert month(door, unit=unit.pk, kind="RECTIFY").context["month"].total == 2
    assert month(door, month="2024-12").context["after"].endswith("month=2025-01")


@pytest.mark.parametrize("text", ["", "x", "2025-13", "99999-01", "1000-01", "2025-02-30"])
def test_what_does_not_read_shows_this_month(door, text):
    page = month(door, month=text, day=text)
    assert page.status_code == 200
    assert page.context["month"].first == date(2025, 2, 1)


def test_the_ends_of_time(door):
    assert month(door, month="1900-01").context["before"] == ""
    last = month(door, month="2199-12")
    assert last.context["after"] == ""
    assert "2199年日历未导入" in last.content.decode()


def test_a_provisional_calendar_is_said(door):
    CalendarYear.objects.filter(year=2025).update(status="provisional", checksum="x")
    assert "2025年日历为暂定" in month(door).content.decode()


def test_queries(door, unit, django_assert_max_num_queries):
    for number in range(30):
        DeadlineFactory(unit=unit, of=period(date(2025, 1, 9) + timedelta(days=number % 20)))
    month(door)
    with django_assert_max_num_queries(12):
        page = month(door)
    assert page.context["month"].total > 20
    assert Deadline.objects.count() == 30


def test_scope_and_permission(client, door, unit):
    below = UnitFactory(parent=unit)
    DeadlineFactory(unit=below)
    DeadlineFactory()
    assert month(door).context["month"].total == 1
    client.force_login(UserFactory(system_admin=True))
    assert month(client).status_code == 403
