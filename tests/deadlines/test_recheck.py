"""Which dates today's calendars would set differently: listed with the reason, nothing changed."""

import csv
from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from deadlines import recheck
from deadlines.models import Deadline
from legal import calendars
from legal.models import CalendarDay, CalendarYear
from legal.periods import (
    CALENDAR_DAY,
    FORMER_DUE,
    HOUR,
    SHANGHAI,
    WORKING_DAY,
    Span,
    count,
    count_back,
    named,
    resume,
)
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.deadlines import DeadlineFactory
from tests.factories.legal import load_law


@pytest.fixture
def today(db):
    load_law()
    return calendars.load()


def change(day, kind=None, name="临时放假"):
    """A correction of the calendar of 2025 through the words of an administrator."""
    year = CalendarYear.objects.get(year=2025)
    year.days.filter(date=day).delete()
    if kind:
        CalendarDay.objects.create(calendar=year, date=day, kind=kind, name=name, notice_year=2025)
    calendars.seal(2025)
    return calendars.load()


def test_nothing_differs_while_the_calendars_are_the_same(today):
    DeadlineFactory(of=count(date(2025, 1, 9), 20, WORKING_DAY, today))
    found = recheck.differences()
    assert (found.checked, found.provisional, found.differences) == (1, 0, ())


def test_what_differs_and_why(today):
    served = date(2025, 1, 9)
    forward = count(served, 20, WORKING_DAY, today)
    rolled = count(date(2025, 1, 28), 15, CALENDAR_DAY, today)  # 12 February, a Wednesday
    back = count_back(date(2025, 2, 14), 3, WORKING_DAY, today)  # 11 February
    stopped = count(served, 3, WORKING_DAY, today)
    gone_on = resume(stopped.derivation, Span(date(2025, 1, 13), date(2025, 2, 10)), today)
    for each in (forward, rolled, back, gone_on):
        DeadlineFactory(of=each)
    DeadlineFactory(of=forward)
    untouched = [
        count(date(2025, 3, 3), 5, WORKING_DAY, today),
        named(date(2025, 2, 12), served, today),
        count(datetime(2025, 2, 11, 9, tzinfo=SHANGHAI), 24, HOUR, today),
        count(date(2025, 1, 13), 30, CALENDAR_DAY, today, roll=False),
    ]
    for each in untouched:
        DeadlineFactory(of=each)
    DeadlineFactory(of=forward, met=True)

    change(date(2025, 2, 12), "off")
    found = recheck.differences()
    assert found.checked == 9
    assert found.number == 5
    assert {(each.due_on, each.new_due, each.number) for each in found.differences} == {
        (date(2025, 2, 12), date(2025, 2, 13), 2),
        (date(2025, 2, 12), date(2025, 2, 13), 1),
        (date(2025, 2, 11), date(2025, 2, 10), 1),
        (date(2025, 2, 12), date(2025, 2, 13), 1),
    }
    for each in found.differences:
        assert each.why == ["2025-02-12：算定时是工作日，现在是休息日（临时放假）"]
        assert each.editions[0].startswith("2025年日历第 1 版")
        assert "→ 第 2 版" in each.editions[0]


def test_a_day_of_rest_that_is_worked_now(today):
    extended = count(date(2025, 1, 24), 3, WORKING_DAY, today, event=FORMER_DUE)  # 26, 27, 5 Feb
    DeadlineFactory(of=extended)
    change(date(2025, 1, 26))
    (found,) = recheck.differences().differences
    assert (found.due_on, found.new_due) == (date(2025, 2, 5), date(2025, 2, 6))
    assert found.why == ["2025-01-26：算定时是调休上班日，现在是休息日（周末）"]


def test_a_calendar_that_is_gone_is_said(today):
    DeadlineFactory(of=count(date(2026, 12, 1), 5, WORKING_DAY, today))
    CalendarYear.objects.filter(year=2026).delete()
    (found,) = recheck.differences().differences
    assert found.new_due is None
    assert "2026年日历未导入" in found.refused


def test_only_the_years_asked_for(today):
    DeadlineFactory(of=count(date(2024, 12, 30), 5, WORKING_DAY, today))
    DeadlineFactory(of=count_back(date(2026, 1, 5), 3, WORKING_DAY, today))
    DeadlineFactory(of=count(date(2024, 3, 1), 5, WORKING_DAY, today))
    assert recheck.differences(years=[2025]).checked == 2
    assert recheck.differences(years=[2026]).checked == 1


def test_many_of_one_kind_cost_no_more(today):
    period = count(date(2025, 1, 9), 20, WORKING_DAY, today)
    DeadlineFactory.create_batch(3, of=period, unit=UnitFactory(), started_by=UserFactory())
    change(date(2025, 2, 12), "off")
    recheck.differences()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = recheck.differences()
        list(recheck.deadlines_of(found.differences, Deadline.objects.all()))
    assert found.number == 3
    assert len(queries) == 5


def test_command_lists_and_writes_nothing(today, tmp_path):
    deadline = DeadlineFactory(of=count(date(2025, 1, 9), 20, WORKING_DAY, today))
    change(date(2025, 2, 12), "off")
    before = (deadline.derivation, Event.objects.count())
    out, file = StringIO(), tmp_path / "differences.csv"
    with CaptureQueriesContext(connection) as queries:
        call_command("recheck_deadlines", f"--csv={file}", "--year=2025", stdout=out)
    verbs = {each["sql"].split()[0] for each in queries}
    assert verbs <= {"SELECT", "DECLARE", "FETCH", "CLOSE"}
    deadline.refresh_from_db()
    assert (deadline.derivation, Event.objects.count()) == before
    assert deadline.due_on == date(2025, 2, 12)
    assert "1 would be due on another day. Nothing was changed." in out.getvalue()
    assert "2025-01-09  2025-02-12  2025-02-13" in out.getvalue()
    rows = list(csv.DictReader(StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [row["would be due"] for row in rows] == ["2025-02-13"]
    assert "临时放假" in rows[0]["why"]
    with pytest.raises(CommandError, match="No such file"):
        call_command("recheck_deadlines", f"--csv={tmp_path / 'no' / 'x.csv'}", stdout=out)


def test_page_shows_the_own_units_only(client, today):
    unit = UnitFactory()
    period = count(date(2025, 1, 9), 20, WORKING_DAY, today)
    mine, _foreign = DeadlineFactory(of=period, unit=unit), DeadlineFactory(of=period)
    url = reverse("deadlines:recheck")
    client.force_login(UserFactory(unit=unit, inspector=True))
    assert "没有期限会不同" in client.get(url).content.decode()
    change(date(2025, 2, 12), "off")
    page = client.get(url).content.decode()
    assert page.count("2025年2月13日") == 1
    assert mine.get_absolute_url() in page
    assert "现在是休息日（临时放假）" in page
    client.force_login(UserFactory(unit=unit, system_admin=True))
    page = client.get(url).content.decode()
    assert "2025年2月13日" in page
    assert mine.get_absolute_url() not in page


def test_a_date_on_a_provisional_calendar_says_so_on_its_page(client, today):
    CalendarYear.objects.filter(year=2025).update(status="provisional")
    calendars.seal(2025)
    unit = UnitFactory()
    period = count(date(2025, 1, 9), 20, WORKING_DAY, calendars.load())
    deadline = DeadlineFactory(of=period, unit=unit)
    client.force_login(UserFactory(unit=unit, inspector=True))
    page = client.get(deadline.get_absolute_url()).content.decode()
    assert "2025年日历是暂定的" in page
    assert '<span class="zg-tag">暂定</span>' in page
    assert recheck.differences().provisional == 1
