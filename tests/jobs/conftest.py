from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from jobs import registry


@pytest.fixture
def handler() -> Iterator[Callable[..., None]]:
    """Register a handler for the kind "test_work"; it is gone after the test."""

    def put(function: Callable[..., Any]) -> None:
        registry._KINDS.pop("test_work", None)
        registry.kind("test_work", word="试验")(function)

    yield put
    registry._KINDS.pop("test_work", None)


@pytest.fixture
def effects(handler: Callable[..., None]) -> list[tuple[str, datetime]]:
    """A handler whose effect notes that it happened."""
    happened: list[tuple[str, datetime]] = []

    def work(what: str = "") -> Callable[[datetime], None]:
        return lambda at: happened.append((what, at))

    handler(work)
    return happened
