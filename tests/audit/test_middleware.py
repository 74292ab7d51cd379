"""Request id and the client's true address."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from audit.middleware import client_ip
from audit.models import Event


@pytest.mark.parametrize(
    ("count", "forwarded", "remote", "ip"),
    [
        (0, "6.6.6.6", "10.0.0.1", "10.0.0.1"),
        (1, "6.6.6.6, 10.0.0.2", "127.0.0.1", "10.0.0.2"),
        (2, "6.6.6.6, 10.0.0.2, 10.0.0.3", "127.0.0.1", "10.0.0.2"),
        (1, "", "127.0.0.1", "127.0.0.1"),
        (1, "nonsense", "127.0.0.1", None),
        (1, "10.0.0.2", "", "10.0.0.2"),
        (0, "", "", None),
        (0, "", "::ffff:10.0.0.9", "10.0.0.9"),
        (0, "", "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_the_address_cannot_be_invented(
    rf: RequestFactory, settings: Any, count: int, forwarded: str, remote: str, ip: str | None
) -> None:
    settings.ZHENGGAI_PROXY_COUNT = count
    request = rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_ip(request) == ip


@pytest.mark.django_db
def test_answer_and_record_carry_the_same_id(client: Client) -> None:
    response = client.post("/login/", {"username": "x", "password": "y"})
    assert Event.objects.get().request_id == response["X-Request-ID"]
    assert client.get("/login/")["X-Request-ID"] != response["X-Request-ID"]
