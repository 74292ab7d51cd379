"""The demonstration as a world for tests: loaded once for a package, thrown away after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from demo import loading
from legal.periods import SHANGHAI
from tests.factories.legal import load_law

#: A Wednesday morning with ten known working days ahead.
NOW = datetime(2026, 11, 18, 8, 30, tzinfo=SHANGHAI)


@contextmanager
def loaded(
    media: Path, now: datetime = NOW, *, every_route: bool = True
) -> Iterator[loading.Loaded]:
    """The demonstration as of `now`, in a transaction that is rolled back at the end."""
    with (
        override_settings(MEDIA_ROOT=media),
        translation.override("zh-hans"),
        transaction.atomic(),
    ):
        load_law()
        call_command("load_regions", verbosity=0)
        yield loading.load(now, every_route=every_route)
        transaction.set_rollback(True)
