"""The back room: every registered page × everybody × list, add, change, delete, history, actions.

Its rule in one table: who edits, whether rows may be deleted; the auditor reads everything, nobody
else comes in. Records of procedure are changed by nobody, whatever is posted.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.urls import NoReverseMatch, reverse

from accounts.models import Role
from look import context as look_context
from tests.house.test_access import ROLES, status
from tests.house.world import ACTORS, ANONYMOUS, BARRED, World, changed, untouched, written

ADMINISTRATORS = ("system_admin", "security_admin", "auditor")
READ, EDIT, DELETE = "read", "edit", "edit and delete"

#: model: what its page allows, and the verb that allows it
PAGES: dict[str, tuple[str, str]] = {
    "accounts.region": (DELETE, "admin.system"),
    "accounts.role": (EDIT, "admin.security"),
    "accounts.unit": (DELETE, "admin.system"),
    "accounts.user": (EDIT, "admin.security"),
    "audit.event": (READ, ""),
    "bulletins.bulletin": (READ, ""),
    "bulletins.publication": (READ, ""),
    "deadlines.deadline": (READ, "admin.system"),
    "deadlines.letter": (READ, "admin.system"),
    "deadlines.policy": (DELETE, "admin.system"),
    "enterprises.enterprise": (READ, ""),
    "enterprises.system": (READ, ""),
    "inspections.inspection": (READ, ""),
    "jobs.job": (READ, "jobs.view"),
    "legal.article": (DELETE, "admin.system"),
    "legal.calendaryear": (EDIT, "admin.system"),
    "legal.law": (DELETE, "admin.system"),
    "legal.lawversion": (DELETE, "admin.system"),
    "legal.match": (READ, "admin.system"),
    "legal.paperform": (EDIT, "admin.system"),
    "legal.provision": (READ, "admin.system"),
    "legal.threshold": (EDIT, "admin.system"),
    "legal.timelimit": (EDIT, "admin.system"),
    "legal.violationtype": (EDIT, "admin.system"),
    "notices.certificate": (EDIT, "admin.system"),
    "notices.notice": (READ, ""),
    "notices.numberpattern": (DELETE, "admin.system"),
    "notices.series": (READ, "admin.system"),
    "notices.textblock": (DELETE, "admin.system"),
    "penalties.case": (READ, ""),
    "penalties.discretiontable": (EDIT, "admin.system"),
    "penalties.reviewer": (DELETE, "admin.system"),
    "rectification.order": (READ, ""),
}
RECORDS = {
    "accounts.unit": "unit",
    "accounts.user": "user",
    "bulletins.bulletin": "bulletin",
    "bulletins.publication": "publication",
    "deadlines.deadline": "deadline",
    "enterprises.enterprise": "enterprise",
    "enterprises.system": "system",
    "inspections.inspection": "inspection:recorded",
    "notices.certificate": "certificate",
    "notices.notice": "notice",
    "notices.numberpattern": "pattern",
    "notices.series": "series",
    "notices.textblock": "wording",
    "penalties.case": "case",
    "penalties.discretiontable": "discretion",
    "penalties.reviewer": "reviewer",
    "rectification.order": "order",
}


def may(actor: str, label: str, act: str) -> bool:
    """Whether that person may `read`, `edit` or `delete` on that page."""
    allowed, verb = PAGES[label]
    holds = bool(verb) and verb in ROLES[actor].split()
    if act == "read":
        return holds or actor == "auditor"
    return holds and act in allowed


def row_of(world: World, model: type[models.Model], place: str) -> Any:
    label = model._meta.label_lower
    if label in RECORDS:
        return world.record(RECORDS[label], place)
    if place != "own":
        return None
    rows = model._base_manager.order_by("pk")
    return rows.exclude(kind="administrator").first() if model is Role else rows.first()


def test_every_page_is_in_the_table() -> None:
    assert {model._meta.label_lower for model in admin.site._registry} == set(PAGES)


def asked(world: World, model: type[models.Model]) -> list[tuple[str, str, str, Any, str]]:
    """(act, method, path, body, place) of every page of that model."""
    base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    found: list[tuple[str, str, str, Any, str]] = []

    def add(act: str, method: str, name: str, place: str = "own", body: Any = None) -> None:
        row = row_of(world, model, place)
        keyed = name in ("change", "delete", "history")
        if keyed and row is None:
            return
        try:
            path = reverse(f"{base}_{name}", args=[row.pk] if keyed else [])
        except NoReverseMatch:  # the record's page has a list alone, which leads elsewhere
            return
        found.append((act, method, path, body or {}, place))

    add("read", "GET", "changelist")
    add("edit", "GET", "add")
    add("edit", "POST", "add")
    for place in ("own", "sibling"):
        add("read", "GET", "change", place)
        add("edit", "POST", "change", place)
        add("delete", "GET", "delete", place)
        add("delete", "POST", "delete", place, {"post": "yes"})
        add("read", "GET", "history", place)
    return found


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_matrix(world: World, model: type[models.Model], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look_context, "_fillers", [])
    label, faults = model._meta.label_lower, []
    for act, method, path, body, place in asked(world, model):
        for actor in ACTORS:
            if actor not in ADMINISTRATORS and (place != "own" or path.endswith("/history/")):
                continue  # who never gets in is tried with the own rows
            if actor in (ANONYMOUS, BARRED):
                allowed = {401}
            elif label == "audit.event" and actor in ADMINISTRATORS:
                allowed = {302}  # a signpost to the record's own page
            elif actor not in ADMINISTRATORS or not may(actor, label, act):
                # A foreign row is not there even for who may not act on rows at all.
                allowed = {403} if place == "own" else {302, 403}
            else:
                allowed = {200, 302} if place == "own" else {302}
            before = written()
            with untouched():
                client = world.client(actor)
                response = client.get(path) if method == "GET" else client.post(path, body)
                got = status(response)
                if got not in allowed:
                    fault = getattr(response, "exc_info", None)
                    faults.append(f"{actor} {method} {path} {place}: {got} {fault or ''}")
            if (method == "GET" or 200 not in allowed) and (wrote := changed(before)):
                faults.append(f"{actor} {method} {path} {place}: wrote {wrote}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("actor", ADMINISTRATORS)
def test_no_action_on_many_rows(world: World, actor: str) -> None:
    """The list's own "delete the chosen ones" is switched off everywhere."""
    client = world.client(actor)
    for model in admin.site._registry:
        row = row_of(world, model, "own")
        if row is None:
            continue
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        before = written()
        with untouched():
            client.post(
                reverse(base),
                {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"},
            )
        assert not changed(before), f"{model._meta.label} as {actor}"


@pytest.mark.parametrize("name", ["calendaryear", "lawversion"])
def test_imports_are_the_system_administrators(world: World, name: str) -> None:
    path = reverse(f"admin:legal_{name}_import")
    for actor in ACTORS:
        for method in ("GET", "POST"):
            with untouched():
                client = world.client(actor)
                got = status(client.get(path) if method == "GET" else client.post(path, {}))
            if actor in (ANONYMOUS, BARRED):
                assert got == 401
            else:
                assert got == (200 if actor == "system_admin" else 403), actor


def test_choices_are_rows_of_the_own_units(world: World) -> None:
    """Fields of the back room that take a record offer those that the administrator may know."""
    tried = 0
    for actor in ("system_admin", "security_admin"):
        client, user = world.client(actor), world.people["own"][actor]
        for model in admin.site._registry:
            if not may(actor, model._meta.label_lower, "edit"):
                continue
            base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            page = client.get(reverse(f"{base}_add"))
            assert page.status_code == 200
            for name, field in page.context["adminform"].form.fields.items():
                rows: Any = getattr(field, "queryset", None)
                if rows is None or not hasattr(rows.model._default_manager.all(), "visible_to"):
                    continue
                shown = rows.model._default_manager.visible_to(user)
                strangers = set(rows.values_list("pk", flat=True)) - set(
                    shown.values_list("pk", flat=True)
                )
                assert not strangers, f"{model._meta.label}.{name} offers foreign rows"
                tried += 1
    assert tried >= 3
