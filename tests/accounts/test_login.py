"""Coming in and going out: log-in, lock, session limits, revoked rights, forced passwords."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import check_password
from django.test import Client

from accounts import people, urls
from accounts.models import User
from audit.models import Event
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.audit import AT

pytestmark = pytest.mark.django_db
NEW = "Beiliu-2026-qing"
PROFILE = "/profile/"


@pytest.fixture(autouse=True)
def _home(settings: Any) -> None:
    """Rooms above are not asked for: the profile is this room's home."""
    settings.LOGIN_REDIRECT_URL = PROFILE


def log_in(client: Client, user: User, password: str = PASSWORD, **extra: Any) -> Any:
    data = {"username": user.username, "password": password, "next": PROFILE}
    return client.post("/login/", data, **extra)


def is_out(client: Client) -> bool:
    response = client.get(PROFILE)
    return response.status_code == 302 and response["Location"].startswith("/login/")


def test_the_page_is_chinese_and_asks_for_the_police_number(client: Client) -> None:
    page = client.get("/login/", headers={"accept-language": "en"}).content.decode()
    assert "警号或用户名" in page
    assert 'autocomplete="current-password"' in page


def test_log_in_by_name_or_police_number_goes_on_to_the_page_asked_for(client: Client) -> None:
    user = UserFactory(username="wei", police_number="045127")
    for name in ("wei", "045127"):
        response = client.post("/login/", {"username": name, "password": PASSWORD, "next": PROFILE})
        assert (response.status_code, response["Location"]) == (302, PROFILE)
        client.post("/logout/")
    verbs = list(Event.objects.filter(actor=user).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["account.login", "account.logout"] * 2


@pytest.mark.parametrize(
    "target", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", "\\\\evil.test"]
)
def test_it_never_leads_to_another_site(client: Client, target: str) -> None:
    user = UserFactory()
    response = client.post(
        "/login/", {"username": user.username, "password": PASSWORD, "next": target}
    )
    assert response["Location"] == PROFILE


def test_wrong_name_wrong_password_and_barred_look_the_same(client: Client) -> None:
    barred = UserFactory(is_active=False)
    answers = {
        re.sub(
            rf'value="(\w{{64}}|{name})"',
            "",
            client.post("/login/", {"username": name, "password": password}).content.decode(),
        )
        for name, password in [
            ("nobody", PASSWORD),
            (UserFactory().username, "wrong"),
            (barred.username, PASSWORD),
        ]
    }
    assert len(answers) == 1
    assert "用户名或密码不对" in answers.pop()


def test_a_failure_is_recorded_without_an_actor(client: Client) -> None:
    client.post("/login/", {"username": "nobody", "password": "secret-word"})
    line = Event.objects.get()
    assert (line.verb, line.actor, line.data) == (
        "account.login_failed",
        None,
        {"username": "nobody"},
    )
    assert line.ip == "127.0.0.1"
    assert "secret-word" not in line.payload


def test_five_failures_lock_for_a_quarter_of_an_hour(client: Client) -> None:
    user = UserFactory()
    with time_machine.travel(datetime(2026, 11, 22, 2, 0, tzinfo=UTC), tick=False) as clock:
        answers = [log_in(client, user, "wrong") for _ in range(5)]
        assert answers[-1].status_code == 429
        page = answers[-1].content.decode()
        assert "连续 5 次登录失败，账号已锁定" in page
        assert "10:15" in page
        clock.shift(timedelta(minutes=14))
        assert log_in(client, user).status_code == 429, "even the right password"
        assert log_in(Client(), user, REMOTE_ADDR="10.0.0.9").status_code == 302
        clock.shift(timedelta(minutes=2))
        assert log_in(client, user).status_code == 302
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert {"account.login_failed", "account.locked", "account.login"} <= verbs


def test_idle_sessions_end_and_say_so(client: Client, settings: Any) -> None:
    settings.SESSION_IDLE_SECONDS = 900
    user = UserFactory()
    with time_machine.travel(datetime(2026, 11, 22, 2, tzinfo=UTC), tick=False) as clock:
        log_in(client, user)
        assert client.get(PROFILE).status_code == 200
        for _ in range(3):
            clock.shift(timedelta(minutes=14))
            assert client.get(PROFILE).status_code == 200, "work keeps it alive"
        clock.shift(timedelta(minutes=16))
        response = client.get(f"{PROFILE}?a=1")
        assert response["Location"] == "/login/?over=idle&next=%2Fprofile%2F%3Fa%3D1"
        assert "长时间没有操作" in client.get(response["Location"]).content.decode()
    assert Event.objects.get(verb="account.logout").data == {"over": "idle"}


def test_sessions_end_after_eight_hours_of_work(client: Client, settings: Any) -> None:
    settings.SESSION_IDLE_SECONDS = 4 * 3600
    user = UserFactory()
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False) as clock:
        log_in(client, user)
        for _ in range(4):
            assert client.get(PROFILE).status_code == 200
            clock.shift(timedelta(hours=2, minutes=1))
        assert is_out(client)


def test_a_fragment_is_told_to_move_the_page(client: Client, settings: Any) -> None:
    user = UserFactory()
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False) as clock:
        log_in(client, user)
        client.get(PROFILE)
        clock.shift(timedelta(hours=7, minutes=59))
        response = client.get(PROFILE, headers={"HX-Request": "true"})
        assert response["HX-Redirect"] == "/login/?over=idle"


def test_a_barred_person_is_out_at_the_next_request(client: Client) -> None:
    user, admin = UserFactory(), UserFactory(security_admin=True)
    log_in(client, user)
    assert not is_out(client)
    people.deactivate(user, by=admin, at=AT)
    assert is_out(client)


def test_a_revoked_role_is_refused_at_the_next_request(client: Client) -> None:
    user, admin = UserFactory(supervisor=True), UserFactory(security_admin=True)
    log_in(client, user)
    assert client.get("/trail/").status_code == 200
    people.revoke(user, "supervisor", by=admin, at=AT)
    response = client.get("/trail/")
    assert response.status_code == 403
    people.grant(user, "supervisor", by=admin, at=AT)
    assert client.get("/trail/").status_code == 200


def test_a_first_password_must_be_changed_before_anything_else(client: Client) -> None:
    user = UserFactory(must_change_password=True, supervisor=True)
    log_in(client, user)
    assert client.get("/trail/")["Location"] == "/password/"
    assert "请先更改密码" in client.get("/password/").content.decode()
    client.post("/language/", {"language": "zh-hans", "next": "/password/"})
    change(client, PASSWORD, NEW)
    assert client.get("/trail/").status_code == 200


def test_a_password_of_ninety_one_days_must_be_changed(client: Client) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    user = UserFactory(password_changed_at=now - timedelta(days=91))
    with time_machine.travel(now, tick=False):
        log_in(client, user)
        assert client.get(PROFILE)["Location"] == "/password/"


def change(client: Client, old: str, new: str, again: str | None = None) -> Any:
    data = {"old": old, "new": new, "again": new if again is None else again}
    return client.post("/password/", data)


def test_changing_the_password_ends_the_other_sessions(client: Client) -> None:
    user, elsewhere = UserFactory(), Client()
    log_in(client, user)
    log_in(elsewhere, user)
    assert change(client, PASSWORD, NEW)["Location"] == PROFILE
    assert not is_out(client)
    assert is_out(elsewhere)
    assert Event.objects.filter(verb="account.password", actor=user).count() == 1
    user.refresh_from_db()
    assert check_password(NEW, user.password)


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("Kurz-1a", "至少 12 个字符"),
        ("lauterkleinbuchstaben", "至少 3 类"),
        ("A1" * 70, "最多 128 个字符"),
        (PASSWORD, "最近用过"),
        ("Password1234", "太"),
        ("Wei-Zhiqiang-77", "相似"),
    ],
)
def test_the_policy_says_what_is_missing(client: Client, new: str, says: str) -> None:
    user = UserFactory(username="weizhiqiang-77")
    log_in(client, user)
    page = change(client, PASSWORD, new).content.decode()
    user.refresh_from_db()
    assert check_password(PASSWORD, user.password), page
    assert says in page


def test_wrong_old_password_and_two_different_new_ones(client: Client) -> None:
    log_in(client, UserFactory())
    page = change(client, "wrong", NEW, "other").content.decode()
    assert "现在的密码不对。" in page
    assert "两次输入的新密码不一样。" in page


def test_the_last_five_passwords_are_refused_the_sixth_is_not(client: Client) -> None:
    user = UserFactory()
    passwords = [PASSWORD] + [f"Mima-nummer-{n}" for n in range(6)]
    for new in passwords[1:]:
        people.set_password(user, new, by=user, at=AT)
    log_in(client, user, passwords[-1])
    assert "最近用过" in change(client, passwords[-1], passwords[1]).content.decode()
    assert change(client, passwords[-1], PASSWORD).status_code == 302


def test_the_profile_changes_phone_and_language_and_nothing_else(client: Client) -> None:
    user = UserFactory(name="韦志强")
    log_in(client, user)
    data = {
        "phone": "13877123456",
        "language": "en",
        "name": "x",
        "is_active": "",
        "unit": "",
        "username": "x",
        "must_change_password": "on",
    }
    assert client.post(PROFILE, data).status_code == 302
    after = User.objects.get(pk=user.pk)
    assert (after.phone, after.language) == ("13877123456", "en")
    assert (after.name, after.username, after.unit_id) == ("韦志强", user.username, user.unit_id)
    assert after.is_active
    assert not after.must_change_password
    line = Event.objects.get(verb="account.profile")
    assert line.data == {"changed": ["phone", "language"]}
    assert "13877123456" not in line.payload


def test_a_bad_phone_keeps_what_was_typed(client: Client) -> None:
    log_in(client, UserFactory())
    page = client.post(PROFILE, {"phone": "电话", "language": "zh-hans"}).content.decode()
    assert "电话号码只写数字。" in page
    assert 'value="电话"' in page


def test_the_language_stays_with_person_and_browser(client: Client) -> None:
    user = UserFactory()
    client.post("/language/", {"language": "en"})
    assert client.cookies["django_language"].value == "en"
    log_in(client, user)
    assert client.cookies["django_language"].value == "zh-hans"
    response = client.post("/language/", {"language": "en", "next": "//evil.test/"})
    assert response["Location"] != "//evil.test/"
    assert User.objects.get(pk=user.pk).language == "en"
    assert client.get(PROFILE).headers["Content-Language"] == "en"
    client.post("/language/", {"language": "xx"})
    assert User.objects.get(pk=user.pk).language == "en"


@pytest.mark.parametrize("path", ["/logout/", "/language/"])
def test_what_changes_something_is_a_post(client: Client, path: str) -> None:
    log_in(client, UserFactory())
    assert client.get(path).status_code == 405


def test_forms_need_their_token() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/login/", {"username": "a", "password": "b"}).status_code == 403


def test_every_view_tells_its_permission() -> None:
    for pattern in urls.urlpatterns:
        assert hasattr(pattern.callback, "verb"), pattern
