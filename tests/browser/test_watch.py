"""The watch over the pages sees what it is there for; otherwise its silence says nothing."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("document.head.append(document.createElement('style'))", "Content Security Policy"),
        ("new Image().src = 'https://elsewhere.test/x.png'", "Content Security Policy"),
        ("new Image().src = '/static/no-such.png'", "404 from"),
        ("setTimeout(() => { throw new Error('broken') })", "broken"),
    ],
)
def test_a_fault_on_a_page_is_seen(person: Any, script: str, told: str) -> None:
    passer_by = person()
    passer_by.go("/login/")
    if "style" in script:
        script += "; document.head.lastChild.textContent = 'p { color: red }'"
    passer_by.page.evaluate(f"() => {{ {script} }}")
    for _ in range(50):
        if passer_by.faults:
            break
        passer_by.page.wait_for_timeout(100)
    assert told in passer_by.faults[0]
    passer_by.faults.clear()
