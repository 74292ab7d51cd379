"""The working calendars: reading, storing, and the edit in the admin."""

import json
from datetime import date

import pytest
from django.urls import reverse

from legal import calendars
from legal.calendars import BadCalendar, Published
from legal.models import CalendarDay, CalendarYear
from legal.periods import CalendarMissing, count
from tests.factories.accounts import UserFactory
from tests.factories.deadlines import DeadlineFactory


def published(year=2027, *, off=11, extra=()):
    days = [
        {"name": "元旦", "date": f"{year}-01-{n:02d}", "isOffDay": True} for n in range(1, off + 1)
    ]
    return json.dumps({"year": year, "papers": ["https://www.gov.cn/x"], "days": [*days, *extra]})


def test_read():
    found = calendars.read("\ufeff" + published())
    assert (found.year, found.source, len(found.off)) == (2027, "https://www.gov.cn/x", 11)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "holiday-cn"),
        ("[]", "holiday-cn"),
        ('{"year": 2027}', "holiday-cn"),
        ('{"year": 2027, "papers": [], "days": []}', "没有日期"),
        (published(off=3), "不合常理"),
        (published(extra=[{"name": "x", "date": "2027-01-01", "isOffDay": False}]), "既是放假"),
        (published(extra=[{"name": "x", "date": "2027-01-01", "isOffDay": True}]), "出现了两次"),
        (published(extra=[{"name": "x", "date": "2027-02-03", "isOffDay": False}]), "平日"),
        (published(extra=[{"name": "x", "date": "2028-01-03", "isOffDay": True}]), "不属于"),
    ],
)
def test_read_refuses(text, why):
    with pytest.raises(BadCalendar, match=why):
        calendars.read(text)


def test_no_machine_can_be_told_seventy_days_off():
    off = {date(2027, 1, 1).replace(month=m, day=d): "x" for m in (1, 2) for d in range(1, 29)}
    with pytest.raises(BadCalendar):
        calendars.check(Published(2027, "", off, {}))


def test_store_opens_the_year_and_the_process_notices(law):
    with pytest.raises(CalendarMissing):
        count(date(2026, 12, 28), 10, "working_day", calendars.load())
    calendars.store(calendars.read(published()))
    assert count(date(2026, 12, 28), 10, "working_day", calendars.load()).due == date(2027, 1, 20)
    assert CalendarYear.objects.get(year=2027).edition == 1


def test_store_twice_changes_nothing(law):
    notice = calendars.read(published())
    assert calendars.store(notice) == [2027]
    assert calendars.store(notice) == []
    assert CalendarYear.objects.get(year=2027).edition == 1


def test_december_of_the_year_before(law):
    moved = {"name": "元旦", "date": "2026-12-31", "isOffDay": True}
    calendars.store(calendars.read(published(extra=[moved])))
    assert not calendars.load().is_working_day(date(2026, 12, 31))
    assert CalendarYear.objects.get(year=2026).edition == 2
    calendars.store(calendars.read(published()))
    assert calendars.load().is_working_day(date(2026, 12, 31))


@pytest.mark.django_db
def test_december_without_its_calendar_is_refused():
    moved = {"name": "元旦", "date": "2026-12-31", "isOffDay": True}
    with pytest.raises(BadCalendar, match="2026年"):
        calendars.store(calendars.read(published(extra=[moved])))
    assert not CalendarYear.objects.exists()


def test_load_is_one_query_while_nothing_changed(law, django_assert_num_queries):
    first = calendars.load()
    with django_assert_num_queries(1):
        assert calendars.load() is first


# --- The admin ---------------------------------------------------------------------------------


@pytest.fixture
def admin(client, law):
    client.force_login(UserFactory(system_admin=True))
    return client


def edit(year, days):
    data = {
        "year": year.year,
        "status": year.status,
        "source": year.source,
        "days-TOTAL_FORMS": len(days),
        "days-INITIAL_FORMS": sum(1 for day in days if day.pk),
        "days-MIN_NUM_FORMS": 0,
        "days-MAX_NUM_FORMS": 1000,
    }
    for n, day in enumerate(days):
        data |= {
            f"days-{n}-id": day.pk or "",
            f"days-{n}-calendar": year.pk,
            f"days-{n}-date": day.date.isoformat(),
            f"days-{n}-kind": day.kind,
            f"days-{n}-name": day.name,
        }
    return data


def test_edit_makes_an_edition_and_no_deadline_moves(admin):
    deadline = DeadlineFactory()
    year = CalendarYear.objects.get(year=2025)
    new = CalendarDay(calendar=year, date=date(2025, 2, 12), kind="off", name="临时放假")
    url = reverse("admin:legal_calendaryear_change", args=[2025])
    response = admin.post(url, edit(year, [*year.days.all(), new]))
    assert response.status_code == 302
    year.refresh_from_db()
    assert year.edition == 2
    assert not calendars.load().is_working_day(date(2025, 2, 12))
    before = deadline.derivation
    deadline.refresh_from_db()
    assert deadline.due_on == date(2025, 2, 12)
    assert deadline.derivation == before


def test_edit_that_cannot_be_is_refused(admin):
    year = CalendarYear.objects.get(year=2025)
    weekday = CalendarDay(calendar=year, date=date(2025, 3, 5), kind="work", name="x")
    url = reverse("admin:legal_calendaryear_change", args=[2025])
    response = admin.post(url, edit(year, [*year.days.all(), weekday]))
    assert response.status_code == 200
    assert "平日" in response.content.decode()
    assert CalendarYear.objects.get(year=2025).edition == 1


def test_import_in_the_admin(admin):
    url = reverse("admin:legal_calendaryear_import")
    assert admin.get(url).status_code == 200
    assert "holiday-cn" in admin.post(url, {"text": "{}"}).content.decode()
    assert admin.post(url, {"text": published()}).status_code == 302
    assert CalendarYear.objects.filter(year=2027).exists()


def test_only_the_system_administrator(client, law):
    client.force_login(UserFactory(auditor=True))
    assert client.post(reverse("admin:legal_calendaryear_import")).status_code == 403
    assert not CalendarYear.objects.filter(year=2027).exists()
