"""The working calendars: reading, storing, and the edit in the admin."""

from datetime import date
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from legal import calendars
from legal.calendars import BadCalendar
from legal.models import CalendarDay, CalendarYear
from legal.periods import CalendarMissing, count
from tests.factories.accounts import UserFactory
from tests.factories.deadlines import DeadlineFactory
from tests.legal.test_calendar_files import published, table


def test_store_opens_the_year_and_the_process_notices(law):
    with pytest.raises(CalendarMissing):
        count(date(2026, 12, 28), 10, "working_day", calendars.load())
    calendars.store(calendars.read(published()))
    assert count(date(2026, 12, 28), 10, "working_day", calendars.load()).due == date(2027, 1, 12)
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
    assert CalendarYear.objects.get(year=2027).status == "official"


def test_an_official_calendar_takes_the_place_of_a_provisional_one(admin):
    url = reverse("admin:legal_calendaryear_import")
    guess = published().replace("https://www.gov.cn/x", "")
    page = admin.post(url, {"text": guess}, follow=True).content.decode()
    assert "暂定日历已导入" in page
    why = count(date(2026, 12, 28), 10, "working_day", calendars.load()).derivation
    assert [each["code"] for each in why["warnings"]] == ["calendar_provisional"]
    waiting = DeadlineFactory(of=count(date(2026, 12, 28), 10, "working_day", calendars.load()))
    moved = {"name": "元旦", "date": "2027-01-04", "isOffDay": True}
    page = admin.post(url, {"text": published(extra=[moved])}, follow=True).content.decode()
    assert "取代了暂定日历" in page
    assert "有 1 个未结束的期限" in page
    before = waiting.derivation
    waiting.refresh_from_db()
    assert (waiting.due_on, waiting.derivation) == (date(2027, 1, 12), before)
    assert "已有正式日历" in admin.post(url, {"text": guess}).content.decode()


def test_a_spreadsheet_in_gbk_through_the_admin(admin):
    url = reverse("admin:legal_calendaryear_import")
    file = SimpleUploadedFile("2027.csv", table().encode("gbk"))
    assert "写明来源" in admin.post(url, {"file": file, "status": "official"}).content.decode()
    file = SimpleUploadedFile("2027.csv", table().encode("gbk"))
    response = admin.post(url, {"file": file, "source": "国办发明电〔2026〕99号"})
    assert response.status_code == 302
    assert CalendarYear.objects.get(year=2027).source == "国办发明电〔2026〕99号"


# --- The command -------------------------------------------------------------------------------


def run(*words):
    out = StringIO()
    call_command("load_calendar", *map(str, words), stdout=out)
    return out.getvalue()


def test_command_loads_and_says_what_it_did(law, tmp_path):
    file = tmp_path / "2027.json"
    file.write_text(published(), encoding="utf-8")
    assert "2027 official: 16 days off" in run(file)
    assert "nothing new" in run(file)
    assert CalendarYear.objects.get(year=2027).edition == 1


def test_command_takes_all_files_or_none(law, tmp_path):
    good, bad = tmp_path / "2027.json", tmp_path / "2028.csv"
    good.write_text(published(), encoding="utf-8")
    bad.write_text("日期,名称,类型\n2028-13-01,元旦,放假\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"2028.csv: .*第 2 行"):
        run(good, bad)
    with pytest.raises(CommandError, match=r"2029.json: No such file"):
        run(good, tmp_path / "2029.json")
    second = tmp_path / "2026.json"
    second.write_text(published(2026).replace("https://www.gov.cn/x", ""), encoding="utf-8")
    with pytest.raises(CommandError, match="已有正式日历"):
        run(good, second)
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_command_takes_one_year_out_of_a_collection(law, tmp_path):
    file = tmp_path / "all.csv"
    file.write_text(table() + table(2028).partition("\n")[2], encoding="utf-8-sig")
    with pytest.raises(CommandError, match="请指定"):
        run(file)
    assert "2028 provisional" in run(file, "--year", 2028)
    assert "2027 official" in run(file, "--year", 2027, "--source", "国办发明电〔2026〕99号")


def test_only_the_system_administrator(client, law):
    client.force_login(UserFactory(auditor=True))
    assert client.post(reverse("admin:legal_calendaryear_import")).status_code == 403
    assert not CalendarYear.objects.filter(year=2027).exists()
