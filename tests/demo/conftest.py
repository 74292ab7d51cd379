from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.loading import Loaded
from tests.factories import demo


@pytest.fixture(scope="package")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo-media")


@pytest.fixture(scope="package")
def world(django_db_setup: Any, django_db_blocker: Any, media: Path) -> Iterator[Loaded]:
    """The demonstration, loaded once for all tests of this folder."""
    with django_db_blocker.unblock(), demo.loaded(media) as loaded:
        yield loaded


@pytest.fixture(autouse=True)
def _in_the_world(world: Loaded, db: Any, settings: Any, media: Path) -> None:
    settings.MEDIA_ROOT = media
