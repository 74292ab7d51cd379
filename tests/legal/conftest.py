import pytest

from legal import loading
from legal.periods import Calendar
from tests.factories import legal as factories


@pytest.fixture(scope="session")
def years() -> Calendar:
    """The published calendars of 2004 to 2026."""
    return factories.calendar()


@pytest.fixture
def law(db: None) -> loading.Report:
    """The whole register and its calendars."""
    return factories.load_law()
