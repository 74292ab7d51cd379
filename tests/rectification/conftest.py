"""A desk, and a browser logged in for each of its people."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from tests.factories.rectification import Desk, at


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


@pytest.fixture
def door() -> Callable[..., Client]:
    """`door(user)`: a browser in which that person is logged in."""

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def on() -> Any:
    """`with on(date(2025, 1, 20)):` the clock that the doors read stands on that day."""

    def stand(day: date, hour: int = 15) -> Any:
        return time_machine.travel(at(day, hour), tick=False)

    return stand
