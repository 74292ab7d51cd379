"""Every page in both languages: its headers, its cookies, and what it is made of."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from tests.house import pages
from tests.house.addresses import ADDRESSES, PUBLIC, Address
from tests.house.test_access import PAGE, expected, text
from tests.house.test_backroom import may, row_of
from tests.house.world import ACTORS, ANONYMOUS, World, untouched

LANGUAGES = {"zh-hans": "zh-Hans", "en": "en"}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


def policy(response: Any) -> set[str]:
    return {part.strip() for part in response["Content-Security-Policy"].split(";")}


def header_faults(response: Any, *, signed_in: bool) -> list[str]:
    found = []
    kept = response.get("Cache-Control", "")
    is_page = response["Content-Type"].startswith("text/html")
    rules = {
        "Content-Security-Policy": policy(response) == POLICY
        if is_page
        else policy(response) == POLICY or "sandbox" in policy(response),
        "X-Content-Type-Options": response.get("X-Content-Type-Options") == "nosniff",
        "Referrer-Policy": response.get("Referrer-Policy") == "same-origin",
        "X-Frame-Options": response.get("X-Frame-Options") == "DENY",
        "Cross-Origin-Opener-Policy": response.get("Cross-Origin-Opener-Policy") == "same-origin",
        "Cache-Control": not signed_in or ("no-store" in kept and "private" in kept),
        "Content-Type": not is_page or response["Content-Type"] == "text/html; charset=utf-8",
        "Server": "Server" not in response and "X-Powered-By" not in response,
    }
    found += [f"{name}: {response.get(name)}" for name, holds in rules.items() if not holds]
    for name, cookie in response.cookies.items():
        if not cookie.value:
            continue  # taken back
        if not cookie["httponly"] or cookie["samesite"] not in ("Lax", "Strict"):
            found.append(f"cookie {name}: {cookie.OutputString()}")
    return found


def who(address: Address, method: str) -> str:
    """The one who sees most of it."""
    for actor in ("supervisor", "system_admin", "auditor", *ACTORS):
        if expected(address, actor, "own", method) == PAGE:
            return actor
    raise AssertionError(address)


def page_faults(response: Any, language: str, actor: str) -> list[str]:
    found = header_faults(response, signed_in=actor != ANONYMOUS)
    if response["Content-Type"].startswith("text/html") and response.status_code != 302:
        found += pages.faults(text(response), lang=LANGUAGES[language])
    return found


def speak(world: World, language: str) -> None:
    User.objects.filter(pk__in=[each.pk for each in world.people["own"].values()]).update(
        language=language
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_every_page(world: World, address: Address, language: str) -> None:
    """By GET, by a POST that says nothing, and as the one without log-in sees it."""
    found = []
    speak(world, language)
    for method in address.methods:
        actors = [who(address, method)]
        if address.verb == PUBLIC:
            actors.append(ANONYMOUS)
        for actor in actors:
            client = world.client(actor, language=language)
            path = address.path(world)
            with untouched():
                if method == "GET":
                    response = client.get(path)
                else:
                    response = client.post(path, address.body(world))
                assert response.status_code in PAGE, getattr(response, "exc_info", "")
                found += [f"{method}: {each}" for each in page_faults(response, language, actor)]
    if address.name == "components":  # it shows headings of pages as samples
        found = [each for each in found if "<h1>" not in each]
    assert not found, f"{address} in {language}\n" + "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_order_in_every_situation(world: World, language: str) -> None:
    speak(world, language)
    found = []
    kinds = [kind for kind in world.records if kind.split(":")[0] in ("order", "notice")]
    assert len(kinds) >= 12
    for kind in [*kinds, "inspection:draft"]:
        name = f"{kind.split(':')[0]}s:detail"
        for actor in ("inspector", "supervisor", "auditor"):
            response = world.client(actor).get(reverse(name, args=[world.key(kind)]))
            assert response.status_code == 200
            found += [f"{kind}: {each}" for each in page_faults(response, language, actor)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("actor", [ANONYMOUS, "inspector"])
def test_pages_that_say_no(world: World, actor: str, language: str) -> None:
    """404, 403, 405, a missing token, a locked name and a portal asked too often."""
    speak(world, language)
    client = world.client(actor, language=language)
    tokenless = world.client(actor, language=language)
    tokenless.handler.enforce_csrf_checks = True
    wrong = {"username": "wer", "password": "x"}
    answers = {
        404: [client.get("/nirgends/"), client.get("/v/unbekannt/")],
        403: [tokenless.post("/login/", wrong)],
        405: [client.get("/logout/")],
        429: [client.post("/login/", wrong) for _n in range(6)][-1:],
    }
    if actor != ANONYMOUS:
        answers[403] += [client.get("/jobs/"), client.get("/admin/")]
        answers[404] += [client.get(reverse("orders:detail", args=[world.key("order", "parent")]))]
    found = []
    for code, responses in answers.items():
        for response in responses:
            assert response.status_code == code, (response.request["PATH_INFO"], code)
            faults = page_faults(response, language, ANONYMOUS) if code != 405 else []
            found += [f"{code} {response.request['PATH_INFO']}: {each}" for each in faults]
    assert not found, "\n".join(found)


def test_a_page_that_broke_is_a_page_still(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> Any:
        raise RuntimeError("secret of the portal")

    monkeypatch.setattr("dashboard.views.waiting.groups", broken)
    for actor in ("inspector",):
        response = world.client(actor).get("/")
        assert response.status_code == 500
        assert "secret of the portal" not in text(response)
        assert not page_faults(response, "zh-hans", ANONYMOUS)


def test_the_back_room(world: World) -> None:
    """Django's own pages: headers and nothing inline; their structure is Django's."""
    found = []
    for model in admin.site._registry:
        label = model._meta.label_lower
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for actor in ("system_admin", "security_admin", "auditor"):
            if label == "audit.event" or not may(actor, label, "read"):
                continue
            client = world.client(actor)
            paths = [reverse(f"{base}_changelist")]
            if (row := row_of(world, model, "own")) is not None:
                paths.append(reverse(f"{base}_change", args=[row.pk]))
            for path in paths:
                response = client.get(path)
                assert response.status_code == 200, path
                faults = header_faults(response, signed_in=True)
                faults += [
                    each
                    for each in pages.faults(text(response))
                    if "inline" in each or "another host" in each
                ]
                found += [f"{path} as {actor}: {each}" for each in faults]
    assert not found, "\n".join(found)


def test_cookies_of_a_log_in(world: World) -> None:
    client = world.client(ANONYMOUS)
    user = world.people["own"]["inspector"]
    page = client.get("/login/")
    assert not header_faults(page, signed_in=False)
    entered = client.post("/login/", {"username": user.username, "password": "Chengshi-2025-an"})
    assert entered.status_code == 302
    assert settings.SESSION_COOKIE_NAME in entered.cookies
    assert not header_faults(entered, signed_in=False)


def test_files_open_in_a_room_of_their_own(world: World) -> None:
    """A stored file is served with a policy that lets nothing in it run."""
    client = world.client("inspector")
    for name, kind in (("orders:file", "attachment"), ("orders:proof", "service")):
        response = client.get(reverse(name, args=[world.key(kind)]))
        assert "sandbox" in policy(response)
    evidence = reverse("inspections:evidence_download", args=[world.key("evidence")])
    response = client.post(evidence)
    assert "sandbox" in policy(response)
    assert response["Content-Disposition"].startswith("attachment")


def test_the_rules_find_what_they_are_for() -> None:
    """Each rule, broken once."""
    sound = (
        '<!doctype html><html lang="en"><title>t</title><main><h1>h</h1>'
        '<label for="a">A</label><input id="a">{}</main></html>'
    )
    assert pages.faults(sound.format(""), lang="en") == []
    for broken in (
        '<p style="color:red">',
        "<style>p{}</style>",
        "<script>1</script>",
        '<p onclick="x()">',
        '<a href="javascript:x()">x</a>',
        '<img alt="" src="https://cdn.example/x.png">',
        '<link rel="stylesheet" href="//cdn.example/x.css">',
        '<p id="a">',
        "<input name=b>",
        '<label for="nowhere">x</label>',
        "<h1>two</h1>",
        "<button></button>",
        '<form method="post"></form>',
        "<iframe></iframe>",
        '<p aria-describedby="nowhere">',
    ):
        assert pages.faults(sound.format(broken), lang="en"), broken
    assert pages.faults(sound.format(""), lang="zh-Hans")
