"""An officer with a colleague, a door, and the words an officer types."""

from typing import Any

import pytest

from tests.factories.accounts import UserFactory
from tests.factories.inspections import MiniLaw, mini_law


@pytest.fixture
def officer() -> Any:
    return UserFactory(inspector=True, name="韦志远")


@pytest.fixture
def colleague(officer: Any) -> Any:
    return UserFactory(inspector=True, unit=officer.unit, name="黄莉")


@pytest.fixture
def door(client: Any, officer: Any) -> Any:
    client.force_login(officer)
    return client


@pytest.fixture
def law() -> MiniLaw:
    return mini_law()
