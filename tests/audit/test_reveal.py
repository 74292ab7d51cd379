"""Seeing a sealed field in full: permission, scope, reason, record."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from accounts.models import User
from audit import downloads, reveal
from audit.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.vault import stored_file

pytestmark = pytest.mark.django_db
PHONE = "13877123456"


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reveal, "_fields", {})
    reveal.allow("accounts.User", "phone", "personal.reveal", "手机")


@pytest.fixture
def officer(client: Client) -> User:
    user = UserFactory(inspector=True)
    client.force_login(user)
    return user


@pytest.fixture
def person(officer: User) -> User:
    return UserFactory(unit=officer.unit, phone=PHONE, name="张三")


def ask(client: Client, person: User, reason: str = "核对送达电话", **extra: Any) -> Any:
    data = {"model": "accounts.user", "field": "phone", "pk": str(person.pk), "reason": reason}
    headers = extra.pop("headers", None)
    return client.post("/trail/reveal/", data | extra, headers=headers)


def test_for_a_reason_it_is_shown_once_and_recorded(
    client: Client, officer: User, person: User
) -> None:
    response = ask(client, person, next="/profile/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    text = response.content.decode()
    assert PHONE in text
    assert 'href="/profile/"' in text
    line = Event.objects.get(verb="personal.reveal")
    assert (line.actor, line.reason, line.subject_id) == (officer, "核对送达电话", str(person.pk))
    assert line.data == {"field": "phone"}
    assert PHONE not in line.payload


def test_as_a_fragment(client: Client, person: User) -> None:
    text = ask(client, person, headers={"HX-Request": "true"}).content.decode()
    assert PHONE in text
    assert "<html" not in text


@pytest.mark.parametrize("reason", ["", "   ", "查看"])
def test_without_a_reason_nothing_is_shown_or_recorded(
    client: Client, person: User, reason: str
) -> None:
    response = ask(client, person, reason)
    assert response.status_code == 422
    text = response.content.decode()
    assert PHONE not in text
    assert "理由" in text
    assert not Event.objects.filter(verb="personal.reveal").exists()


def test_out_of_scope_and_nonsense_are_404(client: Client, person: User) -> None:
    stranger = UserFactory(phone=PHONE)
    assert ask(client, stranger).status_code == 404
    assert ask(client, person, pk="nonsense").status_code == 404
    assert ask(client, person, field="password").status_code == 404
    assert ask(client, person, model="accounts.role").status_code == 404
    assert not Event.objects.filter(verb="personal.reveal").exists()


def test_by_post_only_and_with_the_permission(client: Client, person: User) -> None:
    assert client.get("/trail/reveal/").status_code == 405
    client.force_login(UserFactory(auditor=True, unit=person.unit))
    assert ask(client, person).status_code == 403


def test_when_the_record_fails_nothing_is_shown(
    client: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no record")

    monkeypatch.setattr(reveal.trail, "record", broken)
    with pytest.raises(RuntimeError, match="no record"):
        ask(client, person)


def test_a_download_is_recorded(officer: User, rf: RequestFactory) -> None:
    stored = stored_file(b"evidence", "日志.txt", "text/plain")
    request = rf.get("/x")
    request.user = officer
    response = downloads.send(request, stored, officer.unit)
    assert response.content == b"evidence"
    line = Event.objects.get(verb="file.download")
    assert line.data == {"file": str(stored.pk), "name": "日志.txt", "sha256": stored.sha256}
