"""The doors: permission per view, and requests that do not count as work."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from accounts import access
from accounts.middleware import AccountMiddleware
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@access.verb("orders.issue")
def issue(request: HttpRequest, number: int = 0) -> HttpResponse:
    return HttpResponse(f"issued {number}")


def test_the_view_tells_its_verb_and_keeps_its_name() -> None:
    assert issue.verb == "orders.issue"
    assert issue.__name__ == "issue"
    assert access.signed_in(lambda request: HttpResponse()).verb == access.ANY_STAFF
    opened = access.public(lambda request: HttpResponse())
    assert opened.verb == access.PUBLIC
    assert opened.login_required is False


def test_a_verb_that_nobody_knows_is_a_mistake_at_start() -> None:
    with pytest.raises(ValueError, match=r"orders\.isue"):
        access.verb("orders.isue")


@pytest.mark.parametrize(
    ("role", "comes_in"),
    [
        ("supervisor", True),
        ("inspector", False),
        ("legal_reviewer", False),
        ("system_admin", False),
        ("security_admin", False),
        ("auditor", False),
    ],
)
def test_only_holders_come_in(rf: RequestFactory, role: str, comes_in: bool) -> None:
    request = rf.post("/")
    request.user = UserFactory(**{role: True})
    if comes_in:
        assert issue(request, number=7).content == b"issued 7"
    else:
        with pytest.raises(PermissionDenied, match="需要“签发责令改正”权限"):
            issue(request)


def test_the_page_of_a_refusal_says_why(client: Client) -> None:
    client.force_login(UserFactory(inspector=True))
    response = client.get("/trail/")
    assert response.status_code == 403
    assert "需要“查看操作记录”权限" in response.content.decode()


def test_a_page_that_asks_by_itself_keeps_no_session_alive(
    rf: RequestFactory, client: Client, settings: Any
) -> None:
    settings.SESSION_IDLE_SECONDS = 900

    @access.background
    def poll(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    middleware = AccountMiddleware(lambda request: HttpResponse())
    user = UserFactory()
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False) as clock:
        client.force_login(user)
        client.get("/profile/")
        request = rf.get("/")
        request.user, request.session, request.resolver_match = user, client.session, None
        for _ in range(3):
            clock.shift(timedelta(minutes=4))
            assert middleware.process_view(request, poll, [], {}) is None
        clock.shift(timedelta(minutes=4))
        response = middleware.process_view(request, poll, [], {})
        assert response is not None
        assert response["Location"].startswith("/login/?over=idle")


def test_a_stranger_is_led_to_the_log_in(client: Client) -> None:
    response = client.get("/trail/?verb=x")
    assert response["Location"] == "/login/?next=/trail/%3Fverb%3Dx"
