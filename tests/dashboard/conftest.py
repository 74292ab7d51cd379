from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from tests.factories import demo


@pytest.fixture(scope="package")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dashboard-media")


@pytest.fixture(scope="package")
def world(django_db_setup: Any, django_db_blocker: Any, media: Path) -> Iterator[None]:
    """The demonstration, loaded once: it has something in every group of the desk."""
    with django_db_blocker.unblock(), demo.loaded(media, every_route=False):
        yield


@pytest.fixture(autouse=True)
def _in_the_world(world: None, db: Any) -> Iterator[None]:
    """The day on which the demonstration was loaded goes on."""
    with time_machine.travel(demo.NOW, tick=False):
        yield


@pytest.fixture
def person() -> Callable[[str], User]:
    return lambda username: User.objects.select_related("unit").get(username=username)


@pytest.fixture
def enter(person: Callable[[str], User]) -> Callable[[str], Client]:
    """A browser in which that person of the demonstration is logged in."""

    def log_in(username: str) -> Client:
        client = Client()
        client.force_login(person(username))
        return client

    return log_in
