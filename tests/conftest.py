"""The harness: it makes sloppiness fail.

Warnings are errors (pyproject.toml), an undefined variable in one of our templates fails, sockets
are closed except to this machine where a test asks for it by a marker, keys and folders are the
test's own. Factories belong to the rooms: `tests/factories/<app>.py`.
"""

import base64
import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.template.base import Origin
from django.utils import translation

from tests import parallel
from tests.browser.chromium import CHROMIUM

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ["127.0.0.1", "::1", "localhost"]


class UndefinedVariable(Exception):
    """A template of ours asked for a name that nobody gave it."""


class FailOnUndefined(str):
    """Django formats this string with the name of every variable that does not resolve.

    Templates that others wrote (the admin, form packs) rely on silence, so the frame that
    resolves the variable is asked which template it is in.
    """

    __slots__ = ()

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, variable: Any) -> str:
        frame = sys._getframe(1)
        context = frame.f_locals.get("context")
        template = getattr(getattr(context, "render_context", None), "template", None)
        origin: Origin | None = getattr(template, "origin", None)
        name = str(getattr(origin, "name", ""))
        if name.startswith(str(ROOT)) and "site-packages" not in name:
            relative = Path(name).relative_to(ROOT)
            raise UndefinedVariable(f"{variable} in {relative}")
        return ""


def pytest_configure() -> None:
    """Settings that differ in tests. Runs before Django is set up."""
    django_settings.SECRET_KEY = "of tests only " * 5
    first, index = bytes(range(32)), bytes(range(32, 64))
    django_settings.ZHENGGAI_KEYS = "test1:" + base64.b64encode(first).decode()
    django_settings.ZHENGGAI_INDEX_KEY = base64.b64encode(index).decode()
    django_settings.ZHENGGAI_PUBLIC_URL = "https://portal.test"
    django_settings.CELERY_BROKER_URL = "memory://"
    django_settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
    # Transactional tests empty their tables; everywhere else the record refuses that.
    options = django_settings.DATABASES["default"]["OPTIONS"]
    options["options"] = f"{options.get('options', '')} -c zhenggai.allow_truncate=on".strip()
    django_settings.WHITENOISE_AUTOREFRESH = True  # no collected folder to look through
    # Argon2 is slow on purpose, and tests log in a thousand times.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django_settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = FailOnUndefined("%s")


def pytest_report_header() -> str:
    """What will be missing, said at the start."""
    if CHROMIUM:
        return ""
    return "No Chromium on the path: the browser tests are left out (apt-get install chromium)."


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> parallel.Runs:
    """With `-n`: see `tests/parallel.py`."""
    return parallel.Runs(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that serve or drive a browser may talk to this machine; no test goes further."""
    if hasattr(config, "workerinput"):
        parallel.long_ones_first(items)
    for item in items:
        local = any(item.get_closest_marker(name) for name in ("sockets", "browser", "worker"))
        if local or "live_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.allow_hosts(LOOPBACK))


def pytest_collection_finish() -> None:
    """What is loaded now stays to the end: the collector need not look at it again and again,
    which took one second in seven."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)


@pytest.fixture(autouse=True)
def _own_world(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Each test has its own media folder, an empty cache, and starts in Chinese."""
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()
    with translation.override("zh-hans"):
        yield
