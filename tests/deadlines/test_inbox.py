"""Whose inbox a reminder lies in, and the doors of the inbox."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from dashboard import context as dashboard_context
from deadlines import inbox, reminders
from deadlines.inbox import Wanted
from deadlines.models import Deadline, InboxMark, Seen
from legal.periods import SHANGHAI
from look import context as look_context
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.deadlines import DeadlineFactory, period
from tests.factories.legal import load_law

pytestmark = pytest.mark.django_db

DUE = date(2025, 2, 12)
ALL = Wanted(unread=False)
PAGE = "/deadlines/inbox/"


def moment(day, hour=9):
    return datetime.combine(day, time(hour), tzinfo=SHANGHAI)


def sweep(day, hour=9):
    return reminders.sweep(today=day, at=moment(day, hour))


def lies_with(user, wanted=ALL, day=DUE + timedelta(days=60)):
    user = type(user).objects.get(pk=user.pk)
    return inbox.page(user, wanted, now=moment(day, 12), today=day, size=99)


@pytest.fixture
def chief(unit):
    return UserFactory(unit=unit, supervisor=True)


@pytest.fixture
def above(unit):
    unit.parent = UnitFactory()
    unit.save()
    return UserFactory(unit=unit.parent, supervisor=True)


@pytest.fixture
def row(unit, officer):
    return DeadlineFactory(unit=unit, owner=officer)


def test_each_rung_reaches_its_audience(row, officer, chief, above, unit):
    others = [
        UserFactory(unit=unit, inspector=True),
        UserFactory(unit=unit.parent, inspector=True),
        UserFactory(supervisor=True),
        UserFactory(unit=unit, system_admin=True),
    ]
    sweep(DUE - timedelta(days=7))
    assert len(lies_with(officer)) == 1
    assert lies_with(chief) == lies_with(above) == []
    sweep(DUE + timedelta(days=1))
    assert len(lies_with(officer)) == 2
    assert len(lies_with(chief)) == 1
    assert lies_with(above) == []
    sweep(DUE + timedelta(days=10))
    assert [len(lies_with(each)) for each in (officer, chief, above)] == [3, 2, 1]
    assert all(lies_with(each) == [] for each in others)


@pytest.mark.parametrize("gone", ["barred", "moved", "without a unit"])
def test_who_leads_the_unit_stands_in_for_an_owner_who_left(row, officer, chief, gone):
    sweep(DUE - timedelta(days=7))
    assert lies_with(chief) == []
    if gone == "barred":
        officer.is_active = False
    else:
        officer.unit = UnitFactory() if gone == "moved" else None
    officer.save()
    assert len(lies_with(chief)) == 1
    # Nobody reads what lies outside the own scope.
    assert lies_with(officer) == []


def test_a_promoted_owner_goes_on_being_reminded(row, officer, above):
    officer.unit = above.unit
    officer.save()
    sweep(DUE - timedelta(days=7))
    assert len(lies_with(officer)) == 1


def test_who_may_not_see_orders_has_an_empty_inbox(row, officer):
    sweep(DUE)
    officer.holdings.all().delete()
    assert lies_with(officer) == []
    assert inbox.unread(type(officer).objects.get(pk=officer.pk), now=moment(DUE, 12)) == 0


def test_a_supervisor_who_owns_it_has_it_once(unit, chief):
    DeadlineFactory(unit=unit, owner=chief)
    sweep(DUE + timedelta(days=1))
    assert len(lies_with(chief)) == 1


def test_unread_is_news_that_still_holds(row, officer, chief, unit):
    other = DeadlineFactory(unit=unit, owner=officer)

    def unread(user, day, hour=12):
        user = type(user).objects.get(pk=user.pk)
        found = inbox.page(user, Wanted(), now=moment(day, hour), today=day, size=99)
        assert len(found) == inbox.unread(user, now=moment(day, hour))
        return found

    sweep(DUE - timedelta(days=7))
    sweep(DUE - timedelta(days=3))
    # Of each deadline only what was said last.
    found = unread(officer, DUE)
    assert [each.fires_on for each in found] == [DUE - timedelta(days=3)] * 2
    inbox.see(officer, found[0], at=moment(DUE))
    inbox.see(officer, found[0], at=moment(DUE))
    assert unread(officer, DUE) == found[1:]
    assert Seen.objects.count() == 1
    # What has ended is no news any more.
    Deadline.objects.filter(pk=found[1].deadline_id).update(
        state=Deadline.CANCELLED, ended_on=DUE, ended_reason="撤回"
    )
    assert unread(officer, DUE) == []
    # A later rung is news again, until all is put aside at once.
    sweep(DUE, 14)
    sweep(DUE + timedelta(days=1))
    assert len(unread(officer, DUE + timedelta(days=1))) == 1
    assert len(unread(chief, DUE + timedelta(days=1))) == 1
    inbox.see_all(officer, at=moment(DUE + timedelta(days=1), 10))
    assert unread(officer, DUE + timedelta(days=1)) == []
    assert len(unread(chief, DUE + timedelta(days=1))) == 1
    # After a month nothing is news.
    assert unread(chief, DUE + timedelta(days=40)) == []
    assert len(lies_with(officer)) == 6
    assert other.unit == unit


def test_a_report_from_below(row, officer, chief, above):
    reminders.report(row, by=officer, at=moment(DUE), reason="企业拒不改正，建议督办")
    (told,) = lies_with(above)
    assert told.note == "企业拒不改正，建议督办"
    assert lies_with(chief) == []
    assert lies_with(above, Wanted(unread=False, reports=True)) == [told]
    sweep(DUE + timedelta(days=10))
    # The ladder puts no report out of the way.
    assert len(lies_with(above, Wanted(), DUE + timedelta(days=10))) == 2


def test_narrowed_and_paged(unit, officer):
    for number in range(5):
        DeadlineFactory(unit=unit, owner=officer, of=period(days=18 + number), kind="RECTIFY")
    DeadlineFactory(unit=unit, owner=officer, kind="ELSE")
    day = DUE + timedelta(days=1)
    sweep(day)
    assert len(lies_with(officer)) == 6
    assert len(lies_with(officer, Wanted(unread=False, kind="ELSE"))) == 1
    assert len(lies_with(officer, Wanted(unread=False, overdue=True), day)) == 4
    seen, after = [], None
    while True:
        wanted = Wanted(unread=False, after=after)
        page = inbox.page(officer, wanted, now=moment(day), today=day, size=4)
        seen += page
        if len(page) < 4:
            break
        after = (page[-1].entered_at, page[-1].pk)
    assert [each.pk for each in seen] == [each.pk for each in lies_with(officer)]


# --- Doors ----------------------------------------------------------------------------------------


@pytest.fixture
def door(client, officer):
    load_law()
    client.force_login(officer)
    with time_machine.travel("2025-02-13 10:00+08:00", tick=False):
        yield client


def test_the_page_says_what_until_when_and_why(door, row, officer, unit):
    sweep(DUE - timedelta(days=3))
    sweep(DUE + timedelta(days=1))
    text = door.get(PAGE).content.decode()
    assert text.count("<tr") == 2
    for words in ("改正期限", "逾期 1 个工作日", "2025年2月12日（周三）", "合并了 3 次提醒"):
        assert words in text
    assert row.get_absolute_url() in text
    everything = door.get(PAGE, {"show": "all"}).content.decode()
    assert everything.count("<tr") == 3
    assert "没有符合条件的提醒" in door.get(PAGE, {"reports": "on"}).content.decode()


def test_more_reminders_cost_no_more_queries(door, officer, unit, django_assert_max_num_queries):
    for _number in range(40):
        DeadlineFactory(unit=unit, owner=officer)
    sweep(DUE)
    door.get(PAGE)
    with django_assert_max_num_queries(12):
        page = door.get(PAGE)
    assert len(page.context["rows"]) == 30
    following = door.get(PAGE, {"after": page.context["next"]})
    assert len(following.context["rows"]) == 10
    assert not following.context["next"]
    assert door.get(PAGE, {"after": "cut", "kind": "NONE", "show": "x"}).status_code == 200


def test_empty(door):
    assert "没有未读的提醒" in door.get(PAGE).content.decode()
    assert "还没有提醒" in door.get(PAGE, {"show": "all"}).content.decode()


def test_putting_aside_by_the_door(door, officer, unit):
    for _number in range(3):
        DeadlineFactory(unit=unit, owner=officer)
    sweep(DUE)
    first = lies_with(officer)[0]
    here = f"{PAGE}?kind=RECTIFY"
    answer = door.post(reverse("deadlines:see", args=[first.pk]), {"next": here})
    assert answer["Location"] == here
    assert len(door.get(PAGE).context["rows"]) == 2
    answer = door.post(reverse("deadlines:see_all"), {"next": "https://elsewhere.test/"})
    assert answer["Location"] == PAGE
    assert door.get(PAGE).context["rows"] == []
    rows = door.get(PAGE, {"show": "all"}).context["rows"]
    assert [each["is_new"] for each in rows] == [False] * 3
    assert InboxMark.objects.get().user == officer


def test_a_stranger_puts_nothing_aside(door):
    foreign = DeadlineFactory()
    sweep(DUE)
    reminder = foreign.reminders.get()
    assert door.post(reverse("deadlines:see", args=[reminder.pk])).status_code == 404
    assert not Seen.objects.exists()
    assert door.get(reverse("deadlines:see_all")).status_code == 405


def test_what_has_ended_says_so(door, row, officer):
    sweep(DUE)
    Deadline.objects.filter(pk=row.pk).update(state=Deadline.MET, ended_on=DUE)
    assert "已办结" in door.get(PAGE, {"show": "all"}).content.decode()


def test_the_number_of_unread_ones_stands_beside_the_entry(door, row, officer, monkeypatch):
    monkeypatch.setattr(look_context, "_fillers", [dashboard_context.counts])
    assert door.get(PAGE).context["zg"].facts["counts"].get("reminders", 0) == 0
    sweep(DUE)
    assert door.get(PAGE).context["zg"].facts["counts"]["reminders"] == 1
