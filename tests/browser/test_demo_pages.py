"""Every main page of the demonstration, as its inspector and its supervisor see it, on the desk
and on the phone: it answers, nothing sticks out to the side, no console tells of a fault."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from demo import ground, loading
from inspections.models import Inspection
from rectification.models import Order
from tests.browser.person import DESK, PHONE, Person
from tests.factories.demo import NOW
from tests.factories.legal import load_law

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LISTS = (
    "/",
    "/inspections/",
    "/inspections/new/",
    "/orders/",
    "/orders/new/",
    "/enterprises/",
    "/enterprises/new/",
    "/notices/",
    "/cases/",
    "/deadlines/",
    "/deadlines/feed/",
    "/law/",
    "/law/violations/",
    "/law/violations/NO_CONSENT/",
    "/law/calendars/",
    "/law/article/CSL@2016:41(1)/",
    "/search/?q=酒店",
    "/profile/",
    "/password/",
)
#: The pages that differ for who decides.
OVERSIGHT = ("/", "/board/", "/orders/", "/cases/", "/search/?q=韦")
#: Donglan's is out of Nanning's sight.
CASES = ("S1-1", "S1-3", "S1-4")


def test_every_main_page_at_both_widths(person: Any, clock: Any, transactional_db: Any) -> None:
    clock(NOW)
    load_law()
    call_command("load_regions", verbosity=0)
    loading.load(NOW)
    secret = {login["username"]: login["password"] for login in ground.logins()}
    faults = []
    for username, lists in (("inspector", LISTS), ("supervisor", OVERSIGHT)):
        somebody = person(username, secret[username])
        for path in [*lists, *rows()]:
            faults += look(somebody, path)
    assert not faults, "\n".join(faults)


def rows() -> list[str]:
    """The pages of the published cases, and of an order in each situation of the invented ones."""
    cases = [Order.objects.get(form_token=ground.token(f"{key}/order")) for key in CASES]
    situations: dict[str, Order] = {}
    for order in Order.objects.filter(unit__name="南宁市公安局").select_related("enterprise"):
        situations.setdefault(str(order.phase(NOW.date())[1]), order)
    found = [order.get_absolute_url() for order in [*cases, *situations.values()]]
    for order in cases[:2]:
        found += [
            order.enterprise.get_absolute_url(),
            order.inspection.get_absolute_url(),
            reverse("notices:detail", args=[order.notice.pk]),
            order.cases.get().get_absolute_url(),
        ]
    draft = Inspection.objects.filter(state="draft", created_by__username="inspector").first()
    assert draft is not None
    return [*found, draft.get_absolute_url(), f"{draft.get_absolute_url()}sign/"]


def look(somebody: Person, path: str) -> list[str]:
    """One answer, laid out for the desk and then for the phone."""
    answer = somebody.page.goto(somebody.url + path)
    if answer is None or answer.status != 200:
        return [f"{path} answers {answer and answer.status}"]
    faults = []
    for width, height in (PHONE, DESK):
        somebody.page.set_viewport_size({"width": width, "height": height})
        if too_wide := somebody.sticks_out():
            faults.append(f"{path} at {width} px: {too_wide}")
    return faults
