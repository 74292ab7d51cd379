"""The private calendar address."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from audit.models import Event
from deadlines import feeds
from deadlines.models import Feed
from legal.periods import SHANGHAI, count
from tests.factories.deadlines import DeadlineFactory


@pytest.fixture
def door(client, officer):
    client.force_login(officer)
    return client


def address(page) -> str:
    return page.context["address"].removeprefix("https://portal.test")


def test_open_shows_the_address_once(door, officer):
    assert "还没有开通" in door.get(reverse("deadlines:feed")).content.decode()
    page = door.post(reverse("deadlines:open_feed"))
    assert "no-store" in page["Cache-Control"]
    token = address(page).split("/")[-1].removesuffix(".ics")
    assert token not in Feed.objects.get().token_hash
    assert token not in door.get(reverse("deadlines:feed")).content.decode()
    assert Event.objects.filter(verb="deadlines.open_feed").count() == 1


def test_feed_reads_without_log_in(door, client, officer, unit, deadline):
    DeadlineFactory(unit=unit, suspended=True)
    DeadlineFactory()
    url = address(door.post(reverse("deadlines:open_feed")))
    client.logout()
    response = client.get(url)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    text = response.content.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert text.count("BEGIN:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20250212\r\n" in text
    assert "DTEND;VALUE=DATE:20250213\r\n" in text
    assert f"UID:{deadline.pk}@zhenggai" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert "（中止）" in unfolded
    assert "跳过14天（春节8天、周末6天）" in unfolded


def test_a_new_address_makes_the_old_one_void(door, client):
    old = address(door.post(reverse("deadlines:open_feed")))
    new = address(door.post(reverse("deadlines:open_feed")))
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_close(door, client):
    url = address(door.post(reverse("deadlines:open_feed")))
    assert door.post(reverse("deadlines:close_feed")).status_code == 302
    assert client.get(url).status_code == 404
    door.post(reverse("deadlines:close_feed"))
    assert Event.objects.filter(verb="deadlines.close_feed").count() == 1


def test_a_closed_account_shows_nothing(door, client, officer):
    url = address(door.post(reverse("deadlines:open_feed")))
    officer.is_active = False
    officer.save(update_fields=["is_active"])
    assert client.get(url).status_code == 404


def test_get_never_writes(door):
    assert door.get(reverse("deadlines:open_feed")).status_code == 405
    assert door.get(reverse("deadlines:close_feed")).status_code == 405
    assert not Feed.objects.exists()


def test_hours_have_an_instant(door, unit, officer, years):
    hours = count(datetime(2025, 1, 13, 9, tzinfo=SHANGHAI), 24, "hour", years)
    DeadlineFactory(unit=unit, of=hours, due_at=hours.due_at, due_on=date(2025, 1, 14))
    assert "DTSTART:20250114T010000Z" in feeds.calendar(officer)


def test_text_is_escaped():
    assert feeds._escaped("a,b;c\\d\ne") == "a\\,b\\;c\\\\d\\ne"
