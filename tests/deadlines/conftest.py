from datetime import datetime

import pytest

from accounts.models import Unit, User
from deadlines import clock, registry
from deadlines.models import Deadline
from legal.periods import SHANGHAI, Calendar
from tests.factories import legal as legal_factories
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.deadlines import period


@pytest.fixture(scope="session")
def years() -> Calendar:
    return legal_factories.calendar()


@pytest.fixture
def unit(db: None) -> Unit:
    return UnitFactory()


@pytest.fixture
def officer(unit: Unit) -> User:
    return UserFactory(unit=unit, inspector=True)


@pytest.fixture
def at() -> datetime:
    return datetime(2025, 1, 9, 10, 25, tzinfo=SHANGHAI)


@pytest.fixture
def deadline(officer: User, unit: Unit, at: datetime) -> Deadline:
    """Served on 9 January 2025, due on 12 February; the officer's own row stands for an order."""
    return clock.start(officer, unit=unit, kind="RECTIFY", period=period(), by=officer, at=at)


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """An order's room would register itself; here the test does."""
    monkeypatch.setattr(registry, "_subjects", {})
    monkeypatch.setattr(registry, "_kinds", {})
    registry.kind("RECTIFY", "改正期限")
    registry.subject(
        "rectification.order",
        url_name="deadlines:detail",
        labels=lambda ids: {pk: f"通知书{str(pk)[:4]}" for pk in ids},
    )
