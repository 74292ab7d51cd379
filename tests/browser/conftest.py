"""A real Chromium on a real server. Where none is installed these tests are left out.

Each test gets its own server on a database that is emptied afterwards (the record allows that in
tests only), and every page is watched: an error on its console, which is also where a violation
of the content security policy is told, an exception in a script, or an answer of 500 fails the
test at its end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import CHROMIUM
from tests.browser.person import DESK, Person

#: Nothing of this may reach out: it runs in a house without the internet.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if CHROMIUM:
        return
    driven = [item for item in items if item.get_closest_marker("browser")]
    if driven:
        items[:] = [item for item in items if item not in driven]
        config.hook.pytest_deselected(items=driven)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser. Its driver keeps an event loop in this thread, so Django is told that its
    database calls from here are fine: they are, nothing else runs in that loop."""
    assert CHROMIUM
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def person(chromium: Browser, live_server: Any, settings: Any) -> Iterator[Callable[..., Person]]:
    """`person(username, password)`: somebody logged in at a window of their own;
    `person()`: a passer-by."""
    settings.ZHENGGAI_PUBLIC_URL = live_server.url
    people: list[Person] = []

    def enter(username: str = "", password: str = "", size: tuple[int, int] = DESK) -> Person:
        somebody = Person(chromium, live_server.url, size)
        people.append(somebody)
        if username:
            somebody.log_in(username, password)
        return somebody

    yield enter
    faults = [fault for somebody in people for fault in somebody.faults]
    for somebody in people:
        somebody.context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def clock() -> Iterator[Callable[[Any], None]]:
    """`clock(moment)`: the portal's clock stands there and goes on. The worker, a process of its
    own, and the browser keep the real time."""
    running: list[Any] = []

    def set_to(moment: Any) -> None:
        if running:
            running.pop().stop()
        traveller = time_machine.travel(moment, tick=True)
        traveller.start()
        running.append(traveller)

    yield set_to
    if running:
        running.pop().stop()
