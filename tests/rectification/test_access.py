"""Who comes in: strangers find nothing, roles without the verb are told, GET writes nothing."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from rectification.acts import ACTS
from tests.factories.accounts import UserFactory
from tests.factories.rectification import SERVED_ON, Desk
from tests.rectification.doors import post, url

DOORS = [*ACTS, "detail"]


@pytest.mark.parametrize("door_name", DOORS)
def test_another_unit_finds_nothing(desk: Desk, door: Any, door_name: str) -> None:
    order = desk.served()
    stranger = door(UserFactory(supervisor=True))
    assert stranger.get(url(order, door_name)).status_code == 404
    assert stranger.post(url(order, door_name), {"reason": "x"}).status_code in (404, 405)
    order.refresh_from_db()
    assert order.state == "served"


def test_a_unit_above_sees_it(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    from_above = UserFactory(supervisor=True)
    desk.unit.parent = from_above.unit
    desk.unit.save()
    with on(SERVED_ON):
        assert door(from_above).get(url(order)).status_code == 200


@pytest.mark.parametrize("name", ACTS)
def test_a_role_without_the_verb_is_told(desk: Desk, door: Any, name: str) -> None:
    order = desk.served()
    reader = UserFactory(unit=desk.unit, legal_reviewer=True)
    assert door(reader).get(url(order, name)).status_code == 403
    assert post(door(reader), order, name).status_code == 403


@pytest.mark.parametrize("door_name", DOORS)
def test_looking_writes_nothing(desk: Desk, door: Any, on: Any, door_name: str) -> None:
    order = desk.served()
    with on(SERVED_ON):
        client = door(desk.supervisor)
        before = Event.objects.count()
        assert client.get(url(order, door_name)).status_code == 200
    version = order.version
    order.refresh_from_db()
    assert (Event.objects.count(), order.version) == (before, version)


@pytest.mark.parametrize("name", ["list", "export", "new", "due_preview"])
def test_nobody_comes_in_without_logging_in(db: None, name: str) -> None:
    assert Client().get(reverse(f"orders:{name}")).status_code == 302


def test_files_of_another_unit_are_not_there(desk: Desk, door: Any) -> None:
    stranger = door(UserFactory(inspector=True))
    assert stranger.get(reverse("orders:file", args=[uuid4()])).status_code == 404
    assert stranger.get(reverse("orders:proof", args=[uuid4()])).status_code == 404
    order = desk.issued()
    asked = {"order": order.pk, "served_on": "2025-01-09"}
    assert stranger.get(reverse("orders:due_preview"), asked).status_code == 404
    assert stranger.get(reverse("orders:due_preview"), {"order": "x"}).status_code == 404
