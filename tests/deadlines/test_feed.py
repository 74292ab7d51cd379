"""The private calendar address."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from django.urls import reverse

from audit.models import Event
from deadlines import clock, feeds, registry
from deadlines.models import Feed, UnitFeed
from legal.periods import SHANGHAI, count
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.deadlines import DeadlineFactory, period


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


def read(response) -> dict[str, icalendar.Event]:
    """The events of a feed by UID, as a calendar program reads them."""
    book = icalendar.Calendar.from_ical(response.content)
    events = list(book.walk("VEVENT"))
    found = {str(event["UID"]): event for event in events}
    assert len(found) == len(events), "two events under one UID"
    return found


def test_feed_reads_without_log_in(door, client, officer, unit, deadline):
    DeadlineFactory(unit=unit, suspended=True)
    DeadlineFactory()
    url = address(door.post(reverse("deadlines:open_feed")))
    client.logout()
    response = client.get(url)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    book = icalendar.Calendar.from_ical(response.content)
    assert (book["VERSION"], book["METHOD"]) == ("2.0", "PUBLISH")
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    events = read(response)
    assert len(events) == 2
    event = events[f"{officer.pk}-rectify@zhenggai"]
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (
        date(2025, 2, 12),
        date(2025, 2, 13),
    )
    assert "跳过14天（春节8天、周末6天）" in event["DESCRIPTION"]
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("CONFIRMED", "TRANSPARENT", 0)
    assert event.walk("VALARM")[0].decoded("TRIGGER") == timedelta(hours=-15)
    (stopped,) = (each for each in events.values() if each["STATUS"] == "TENTATIVE")
    assert stopped["SUMMARY"].startswith("（中止）")
    assert not stopped.walk("VALARM")


def test_an_extension_moves_the_event(officer, deadline, years):
    on, at = date(2025, 2, 10), datetime(2025, 2, 10, 9, tzinfo=SHANGHAI)

    def event():
        (found,) = icalendar.Calendar.from_ical(feeds.of_user(officer, on).text()).walk("VEVENT")
        return found

    first, before = event(), feeds.of_user(officer, on).etag
    assert feeds.of_user(officer, on).etag == before
    longer = count(date(2025, 2, 12), 10, "working_day", years)
    new = clock.replace(deadline, longer, reason="设备未到货", by=officer, at=at)
    second = event()
    assert second["UID"] == first["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]
    assert second.decoded("DTSTART") == date(2025, 2, 26)
    assert feeds.of_user(officer, on).etag != before
    clock.suspend(new, on=date(2025, 2, 20), reason="查封", by=officer, at=at)
    third = event()
    assert (third["STATUS"], third["SEQUENCE"] > second["SEQUENCE"]) == ("TENTATIVE", True)
    clock.cancel(new, reason="撤回", by=officer, at=at)
    last = event()
    assert (last["STATUS"], last["SEQUENCE"] > third["SEQUENCE"]) == ("CANCELLED", True)
    assert last["SUMMARY"].startswith("（已取消）")
    # Served anew: the same event again; long after its end it is gone.
    clock.start(officer, unit=officer.unit, kind="RECTIFY", period=period(), by=officer, at=at)
    assert (event()["STATUS"], event()["SEQUENCE"] > last["SEQUENCE"]) == ("CONFIRMED", True)
    clock.meet(clock.running(officer, "RECTIFY"), on=on, by=officer, at=at)
    assert event()["SUMMARY"].startswith("（已完成）")
    assert not feeds.of_user(officer, date(2025, 6, 1)).rows


def test_asked_again_it_says_unchanged(door, client, deadline):
    url = address(door.post(reverse("deadlines:open_feed")))
    etag = client.get(url)["ETag"]
    again = client.get(url, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == etag
    assert client.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


def test_many_rows_cost_few_queries(officer, unit, django_assert_max_num_queries):
    for _number in range(12):
        DeadlineFactory(unit=unit)
    with django_assert_max_num_queries(4):
        text = feeds.of_user(officer, date(2025, 2, 8)).text()
    assert text.count(b"BEGIN:VEVENT") == 12


def test_a_unit_has_a_calendar_of_its_own(client, unit, deadline):
    below = UnitFactory(parent=unit)
    DeadlineFactory(unit=below)
    stranger = UnitFactory()
    DeadlineFactory(unit=stranger)
    chief = UserFactory(unit=unit, supervisor=True, name="覃局长")
    client.force_login(chief)
    page = client.get(reverse("deadlines:feed")).content.decode()
    assert unit.name in page
    assert below.name in page
    assert stranger.name not in page
    opened = client.post(reverse("deadlines:open_unit_feed", args=[unit.pk]))
    assert "no-store" in opened["Cache-Control"]
    url = address(opened)
    assert url.split("/")[-1].removesuffix(".ics") not in UnitFeed.objects.get().token_hash
    assert client.post(reverse("deadlines:open_unit_feed", args=[stranger.pk])).status_code == 404
    client.logout()
    response = client.get(url)
    assert len(read(response)) == 2
    assert b"VALARM" not in response.content
    assert chief.name not in response.content.decode()
    client.force_login(chief)
    renewed = address(client.post(reverse("deadlines:open_unit_feed", args=[unit.pk])))
    assert (client.get(url).status_code, client.get(renewed).status_code) == (404, 200)
    client.post(reverse("deadlines:close_unit_feed", args=[unit.pk]))
    assert client.get(renewed).status_code == 404
    verbs = list(Event.objects.about(unit).order_by("id").values_list("verb", flat=True))
    assert verbs == ["deadlines.open_unit_feed"] * 2 + ["deadlines.close_unit_feed"]


def test_units_are_for_supervisors(door, unit):
    assert unit.name not in door.get(reverse("deadlines:feed")).content.decode().split("<main")[1]
    assert door.post(reverse("deadlines:open_unit_feed", args=[unit.pk])).status_code == 403


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


def test_hours_have_an_instant(unit, officer, years):
    hours = count(datetime(2025, 1, 13, 9, tzinfo=SHANGHAI), 24, "hour", years)
    DeadlineFactory(unit=unit, of=hours, due_at=hours.due_at, due_on=date(2025, 1, 14))
    text = feeds.of_user(officer, date(2025, 1, 13)).text()
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert event.decoded("DTSTART") == datetime(2025, 1, 14, 1, tzinfo=UTC)
    assert "DTEND" not in event


def test_any_label_survives(officer, deadline, monkeypatch):
    label = "甲,乙;丙\\丁" + "𬭸" * 40
    monkeypatch.setattr(
        registry, "describe", lambda pairs: dict.fromkeys(pairs, (label, "/orders/1/"))
    )
    text = feeds.of_user(officer, date(2025, 2, 8)).text()
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert event["SUMMARY"] == f"改正期限：{label}"
    assert event["URL"] == "https://portal.test/orders/1/"
