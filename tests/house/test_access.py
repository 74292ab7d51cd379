"""Who may open what: every address × everybody × records of every unit × GET and POST.

What must come out follows from two tables (`ROLES` here, `addresses.TABLE`) and one rule: without
log-in to the log-in page, without the verb 403, out of scope 404, else the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.db import models
from django.http import HttpResponse
from django.test import Client

from accounts import roles
from accounts.models import Role
from accounts.scope import ScopedQuerySet
from audit.models import EventQuerySet
from look import context as look_context
from tests.house.addresses import ADDRESSES, ANYBODY, OF_ONE_PERSON, PUBLIC, Address, patterns
from tests.house.world import (
    ACTORS,
    ANONYMOUS,
    BARRED,
    IN_SCOPE,
    NOBODY,
    PLACES,
    World,
    changed,
    untouched,
    written,
)

METHODS = ("GET", "POST")
PAGE = {200, 302, 400, 409, 422}

_SEES = (
    "inspections.view orders.view enterprises.view notices.view cases.view bulletins.view law.view "
    "personal.reveal "
)
_INSPECTS = _SEES + (
    "inspections.record inspections.issue orders.draft orders.serve orders.correct orders.extend "
    "orders.suspend orders.reinspect enterprises.edit notices.retry notices.serve cases.file "
    "cases.collect bulletins.edit "
)
#: Written out once more on purpose: a verb that slips into another role is noticed here.
ROLES = {
    "inspector": _INSPECTS,
    "legal_reviewer": _SEES + "cases.hear cases.review",
    "supervisor": _INSPECTS
    + (
        "orders.approve orders.issue orders.decide_extension orders.judge orders.withdraw "
        "orders.escalate notices.withdraw notices.waive cases.approve cases.decide "
        "bulletins.approve board.view trail.view"
    ),
    "system_admin": "admin.system jobs.view jobs.retry law.view",
    "security_admin": "admin.security",
    "auditor": _SEES.replace("personal.reveal ", "") + "board.view jobs.view trail.view",
    NOBODY: "",
}


def stopped(address: Address, actor: str) -> bool:
    """Whether the person does not get past the door, whatever the record."""
    if address.verb == PUBLIC:
        return False
    if actor in (ANONYMOUS, BARRED):
        return True
    return address.verb != ANYBODY and address.verb not in ROLES[actor].split()


def places(address: Address, actor: str) -> tuple[str, ...]:
    """All four; who is stopped at the door is tried with an own and a foreign record."""
    if not address.has_places:
        return ("own",)
    return ("own", "sibling") if stopped(address, actor) else PLACES


def cells(address: Address) -> Iterator[tuple[str, str, str]]:
    for actor in ACTORS:
        for place in places(address, actor):
            for method in METHODS:
                yield actor, place, method


def expected(address: Address, actor: str, place: str, method: str) -> set[int]:
    """The statuses that may come out; 302 to the log-in page is written as 401."""
    if address.verb == PUBLIC:
        return PAGE if method in address.methods else {405}
    if actor in (ANONYMOUS, BARRED):
        return {401}
    if stopped(address, actor):
        return {403} if method in address.methods else {403, 405}
    if method not in address.methods:
        return {405}
    if OF_ONE_PERSON.get(address.kind, actor) != actor:
        return {404}
    return PAGE if place in IN_SCOPE else {404}


def ask(client: Client, method: str, address: Address, world: World, place: str) -> Any:
    path = address.path(world, place)
    if method == "GET":
        return client.get(path)
    return client.post(path, address.body(world, place))


def status(response: HttpResponse) -> int:
    to_login = response.status_code == 302 and response["Location"].startswith("/login/?next=")
    return 401 if to_login else response.status_code


def text(response: Any) -> str:
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode("utf-8", "replace")


def test_the_roles_are_those_of_the_table(world: World) -> None:
    assert {role.code: set(role.verbs) for role in Role.objects.all()} == {
        code: set(verbs.split()) for code, verbs in ROLES.items() if code != NOBODY
    }
    assert set(roles.VERBS) == {verb for verbs in ROLES.values() for verb in verbs.split()}


def test_every_address_is_in_the_table_with_its_verb() -> None:
    found = {}
    for name, pattern in patterns():
        verb = getattr(pattern.callback, "verb", None)
        assert verb is not None, f"{name}: the view has no verb (accounts.access)"
        found[name] = verb or PUBLIC
    assert found == {address.name: address.verb for address in ADDRESSES}


def test_there_are_enough_cells() -> None:
    assert sum(1 for address in ADDRESSES for _cell in cells(address)) >= 3000


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_matrix(world: World, address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = [world.record("enterprise", place).name for place in ("parent", "sibling")]
    foreign += [world.record("notice", place).number for place in ("parent", "sibling")]
    monkeypatch.setattr(look_context, "_fillers", [])  # counts of the layout: half the time
    faults, before = [], written()
    for actor, place, method in cells(address):
        with untouched():
            response = ask(world.client(actor), method, address, world, place)
            got, allowed = status(response), expected(address, actor, place, method)
            if got not in allowed:
                fault = getattr(response, "exc_info", None)
                faults.append(f"{actor} {method} {place}: {got}, not {allowed} {fault or ''}")
            elif address.verb != PUBLIC and (
                leaks := [word for word in foreign if word in text(response)]
            ):
                faults.append(f"{actor} {method} {place}: shows {leaks}")
        if got in PAGE:
            before = written()
        elif wrote := changed(before):
            faults.append(f"{actor} {method} {place}: refused, yet wrote {wrote}")
            before = written()
    assert not faults, "\n".join(faults)


def test_the_matrix_would_notice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the scope taken away foreign records open, so the 404s above are the scope's doing."""
    monkeypatch.setattr(look_context, "_fillers", [])
    monkeypatch.setattr(ScopedQuerySet, "visible_to", lambda rows, user: rows.all())
    monkeypatch.setattr(EventQuerySet, "visible_to", lambda rows, user: rows.all())
    closed = []
    for address in ADDRESSES:
        method = address.methods[0]
        if not address.has_places or expected(address, "supervisor", "sibling", method) != {404}:
            continue
        with untouched():
            got = status(ask(world.client("supervisor"), method, address, world, "sibling"))
        if got == 404:
            closed.append(str(address))
    assert not closed, f"404 for another reason than the scope: {closed}"


def test_every_post_asks_for_the_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look_context, "_fillers", [])
    for address in ADDRESSES:
        if "POST" not in address.methods:
            continue
        for actor in ("supervisor", "system_admin"):
            client = world.client(actor)
            client.handler.enforce_csrf_checks = True
            with untouched():
                before = written()
                response = ask(client, "POST", address, world, "own")
                assert response.status_code == 403, f"{address} takes a POST without its token"
                assert not changed(before)


# --- Records chosen in forms ------------------------------------------------------------------

#: Models whose rows everybody may choose.
SHARED = {
    "legal.article": "the law is everybody's",
    "legal.law": "the law is everybody's",
    "legal.violationtype": "the law is everybody's",
    "accounts.region": "divisions of the country are public",
    "legal.penaltytier": "the law is everybody's",
}


def forms_of(response: Any) -> list[forms.BaseForm]:
    """The forms that the page was made from."""
    found: list[forms.BaseForm] = []
    for context in response.context or []:
        for layer in getattr(context, "dicts", [context]):
            found += [value for value in layer.values() if isinstance(value, forms.BaseForm)]
    return list({id(form): form for form in found}.values())


def foreign_to(user: Any, model: type[models.Model]) -> set[Any]:
    """Keys of rows that the person may not know of."""
    every: Any = model._base_manager
    shown: Any = model._default_manager
    return set(every.values_list("pk", flat=True)) - set(
        shown.visible_to(user).order_by().values_list("pk", flat=True)
    )


def test_no_form_offers_or_takes_a_record_of_another_unit(world: World) -> None:
    """Each field that takes a record, of every form that any page shows, filters included."""
    tried, posted, faults = set(), 0, []
    for address in ADDRESSES:
        for actor in ("supervisor", "auditor"):
            client, user = world.client(actor), world.people["own"][actor]
            if "GET" not in address.methods or 200 not in expected(address, actor, "own", "GET"):
                continue
            with untouched():
                page = client.get(address.path(world))
            for form in forms_of(page):
                for name, field in form.fields.items():
                    if not isinstance(field, forms.ModelChoiceField):
                        continue
                    model = field.queryset.model
                    if model._meta.label_lower in SHARED:
                        continue
                    foreign = foreign_to(user, model)
                    assert foreign, f"the world has no foreign {model._meta.label}"
                    tried.add((str(address), name))
                    if set(field.queryset.values_list("pk", flat=True)) & foreign:
                        faults.append(f"{address} as {actor}: {name} offers foreign rows")
                    if "POST" not in address.methods:
                        continue
                    posted += 1
                    with untouched():
                        answer = client.post(address.path(world), {name: str(min(foreign))})
                        errors = [each.errors for each in forms_of(answer) if name in each.fields]
                        if answer.status_code != 200 or not any(name in each for each in errors):
                            faults.append(f"{address} as {actor}: {name} takes a foreign row")
    assert not faults, "\n".join(faults)
    assert len(tried) >= 15
    assert posted >= 12
