"""The small world of `tests/house/world.py`, built once for all tests that ask for it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.house.world import World, here, standing


@pytest.fixture(scope="package")
def _world(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[World]:
    with standing(tmp_path_factory.mktemp("media"), django_db_blocker) as world:
        yield world


@pytest.fixture
def world(_world: World, db: None) -> Iterator[World]:
    """The world on its day, with its files."""
    with here(_world):
        yield _world
