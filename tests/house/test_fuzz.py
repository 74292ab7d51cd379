"""Whatever is typed: no form of any page breaks, and what comes back is shown, never run.

The forms are those that the pages really serve, found by walking through them as the supervisor
and the administrators. Each is posted some times with a fixed seed: fields keep a sound value or
get one that people and programs are known to trip over.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urljoin, urlsplit
from weakref import WeakKeyDictionary

import hypothesis.strategies as st
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings

from look import context as look_context
from tests.factories.enterprises import uscc
from tests.house.addresses import ADDRESSES, PUBLIC
from tests.house.test_access import PAGE, expected, text
from tests.house.test_headers import who
from tests.house.world import ANONYMOUS, World, untouched
from vault import files

#: A tag and an expression of our own: neither may ever come back as such.
TAG = "<zgx onmouseover=alert(1)>"
SUM = "{{ 31337|add:1 }}{% load nothing %}${31337+1}"
TEXTS = (
    "",
    "   ",
    "\x00",
    "甲\x00乙",
    "\x01\x07\x1b[31m\x7f",
    "\u202e乙甲\u202c\u200f\u2066",
    "\ufeff\u200b\u00ad",
    "𬭸䶮👮🏽‍♀️🇨🇳",
    "é" + "\u0301" * 60,
    "字" * 10_000,
    "a\r\nSet-Cookie: x=1\r\n\r\n" + TAG,
    TAG,
    f"\"'>{TAG}</textarea></script></title>",
    SUM,
    "'; DROP TABLE audit_event; --",
    "%s %(name)s %d {0} {name}",
    "../../../etc/passwd",
    "=HYPERLINK(1)",
)
NUMBERS = (
    "0",
    "-1",
    "²",
    "٣",
    "１２",
    "Ⅷ",
    "1e308",
    "NaN",
    "Infinity",
    "0.1",
    "2147483648",
    "9223372036854775808",
    "9" * 40,
    "9" * 5000,
    "1_000",
)
DAYS = ("0000-00-00", "9999-12-31", "0001-01-01", "2025-02-29", "2025-13-01", "10000-01-01", "-1")
KEYS = ("00000000-0000-0000-0000-000000000000", "{}", "None", "[object Object]", "1,2")
HOSTILE = (*TEXTS, *NUMBERS, *DAYS, *KEYS)
EXAMPLES = 9


# --- The forms that the pages serve ------------------------------------------------------------


@dataclass
class Served:
    """One form by POST: where it goes, and its fields with a sound value each."""

    actor: str
    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    method: str = "post"


class Forms(HTMLParser):
    """Reads the forms out of a page."""

    def __init__(self, actor: str, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self.actor, self.path = actor, path
        self.found: list[Served] = []
        self._form: Served | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.path, given.get("action", ""))
            self._form = Served(self.actor, action, method=given.get("method", "get").lower())
            self.found.append(self._form)
        name, form = given.get("name", ""), self._form
        if form is None:
            return
        if tag == "option" and self._select:
            self._option(form, given)
        if not name or name == "csrfmiddlewaretoken":
            return
        kind = given.get("type", "submit" if tag == "button" else "text")
        kind = kind if tag in ("input", "button") else tag
        if kind in ("submit", "button", "image"):
            form.buttons.append((name, given.get("value", "")))
            return
        values = form.fields.setdefault(name, [])
        form.kinds[name] = kind
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            values.append("")
        elif kind in ("radio", "checkbox"):
            form.offered.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given or (kind == "radio" and not values):
                values[:] = [given.get("value", "on")] if kind == "radio" else [
                    *values, given.get("value", "on")
                ]  # fmt: skip
        elif kind != "file" and (tag == "input" or not values):
            values.append(given.get("value", ""))

    def _option(self, form: Served, given: dict[str, str]) -> None:
        values, value = form.fields[self._select], given.get("value", "")
        if "selected" in given or (value and not any(values)):
            values[:] = [value]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.fields[self._area][-1] += data


#: Sound values of fields that ask for more than words.
OF_FIELD = {
    "uscc": uscc(777_777),
    "industry_code": "H6110",
    "url": "https://beispiel.cn/",
    "phone": "13800138001",
    "until": "2025-03-03",
    "measures": "warning",
    "fine": "",
    "icp_number": "",
    "mps_filing_number": "",
    "mlps_number": "",
    "act_from": "",
    "act_to": "",
}
OF_KIND = {"date": "2025-02-04", "datetime-local": "2025-01-06T12:00", "number": "3"}


def sound(name: str, kind: str, value: str) -> str:
    """A value that the field should take, where the page proposes none."""
    if value.strip():
        return value
    words = "核实情况说明" if kind in ("text", "textarea", "search") else value
    return OF_FIELD.get(name, OF_KIND.get(kind, words))


def filled(form: Served) -> dict[str, list[str]]:
    """The form as a careful person sends it; files are left out."""
    data = {
        name: [sound(name, form.kinds[name], value) for value in values or [""]]
        for name, values in form.fields.items()
        if form.kinds[name] != "file" and (values or name in OF_FIELD)
    }
    if "officers" in form.offered:
        data["officers"] = form.offered["officers"][:2]
    return data


_walked: WeakKeyDictionary[World, dict[tuple[str, tuple[str, ...]], Served]] = WeakKeyDictionary()


def walk(world: World) -> dict[tuple[str, tuple[str, ...]], Served]:
    """Every form on every page, once by address and fields; the world stands still, so the walk
    is taken once."""
    if world not in _walked:
        _walked[world] = _walk(world)
    return _walked[world]


def _walk(world: World) -> dict[tuple[str, tuple[str, ...]], Served]:
    found: dict[tuple[str, tuple[str, ...]], Served] = {}
    for address in ADDRESSES:
        if "GET" not in address.methods:
            continue
        actors = {who(address, "GET")}
        actors |= {ANONYMOUS} if address.verb == PUBLIC else {"system_admin", "auditor"}
        for actor in actors:
            if expected(address, actor, "own", "GET") != PAGE:
                continue
            path = address.path(world)
            with untouched():
                page = world.client(actor).get(path)
                if page.status_code != 200 or "text/html" not in page["Content-Type"]:
                    continue
                reader = Forms(actor, path)
                reader.feed(text(page))
            for form in reader.found:
                where = re.sub(r"[0-9a-f-]{36}|/\d+/", "•", urlsplit(form.action).path)
                found.setdefault((f"{form.method} {where}", tuple(sorted(form.fields))), form)
    return found


# --- What is typed ------------------------------------------------------------------------------

_random = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
_anything = st.one_of(st.sampled_from(HOSTILE), st.sampled_from(HOSTILE), _random)


@st.composite
def typed(draw: st.DrawFn, form: Served) -> dict[str, list[str]]:
    """The form filled in soundly, but for one field, some, or all."""
    names, data = sorted(form.fields), filled(form)
    spoiled = draw(st.lists(st.sampled_from(names), max_size=4)) if names else []
    if draw(st.integers(0, 3)) == 0:
        spoiled = names
    for name in spoiled:
        data[name] = [draw(_anything)]
    # One button is pressed, mostly the one without a name.
    for name, value in draw(st.sampled_from([[], [], *([each] for each in form.buttons)])):
        data[name] = [value]
    return data


def fault(response: Any) -> str:
    """What is wrong with the answer, or nothing."""
    if response.status_code >= 500:
        return f"{response.status_code} {getattr(response, 'exc_info', '')}"
    body = text(response)
    if response["Content-Type"].startswith("text/html") and TAG.lower() in body.lower():
        return "the tag came back as a tag"
    if "31338" in body:
        return "the expression was worked out"
    if "set-cookie: x=1" in str(response.headers).lower():
        return "a header was smuggled in"
    return ""


def send(world: World, form: Served, data: dict[str, Any]) -> str:
    """Post (or ask) it, follow where it leads, and say what went wrong."""
    client = world.client(form.actor)
    ask = client.post if form.method == "post" else client.get
    with untouched():
        response = ask(form.action, data)
        found = fault(response)
        if not found and response.status_code == 302:
            found = fault(client.get(response["Location"]))
        again = response.status_code in (200, 409, 422) and "text/html" in response["Content-Type"]
        if not found and again:
            found = not_kept(form, data, text(response))
    return found


def not_kept(form: Served, data: dict[str, Any], body: str) -> str:
    """The page that comes back shows what was typed into its own text fields, escaped."""
    reader = Forms(form.actor, form.action)
    reader.feed(body)
    for name, values in data.items():
        shown = [each for each in reader.found if form.kinds.get(name) in ("text", "textarea")]
        here = values[:1] == [TAG] and any(name in each.fields for each in shown)
        if here and html.escape(TAG) not in body:
            return f"{name}: the words typed are gone"
    return ""


# --- The tests ----------------------------------------------------------------------------------


def test_every_form_of_every_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """About four hundred posts, the same ones each time."""
    monkeypatch.setattr(look_context, "_fillers", [])
    forms = {key: form for key, form in walk(world).items() if form.method == "post"}
    assert len(forms) >= 40
    faults: dict[str, str] = {}
    posts = 0
    for (where, _names), form in forms.items():

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(data=typed(form))
        def post(data: dict[str, list[str]]) -> None:
            nonlocal posts
            posts += 1
            if where not in faults and (found := send(world, form, data)):  # noqa: B023
                spoiled = {k: [v[:40] for v in each] for k, each in data.items()}
                faults[where] = f"{found}\n      {spoiled}"  # noqa: B023

        post()
    assert not faults, "\n".join(f"{where}: {found}" for where, found in faults.items())
    assert posts >= 300


#: What a column cannot hold, by kind of field; alone, since the first fault hides the others.
BEYOND = {
    "date": ("0001-01-01", "9999-12-31"),
    "datetime-local": ("0001-01-01", "0001-01-01T00:00", "9999-12-31T23:59"),
    "number": ("2147483648", "9" * 40),
    "hidden": ("²", "9" * 40),
}


def test_one_value_beyond_its_column(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look_context, "_fillers", [])
    faults, tried = [], 0
    for (where, _names), form in walk(world).items():
        for name, kind in form.kinds.items() if form.method == "post" else ():
            for value in BEYOND.get(kind, ()):
                tried += 1
                if found := send(world, form, filled(form) | {name: [value]}):
                    faults.append(f"{where} {name}={value[:20]}: {found}")
    assert not faults, "\n".join(faults)
    assert tried >= 60


#: Values that get as far as the query when they come alone.
ALONE = ("甲\x00乙", "²", "9223372036854775808", "9999-12-31", "0001-01-01")
IN_ADDRESSES = (*ALONE, *TEXTS[5:9], TAG, SUM, TEXTS[15], "1e308", "9" * 5000, "{}", "1,2")


@pytest.mark.parametrize("payload", IN_ADDRESSES, ids=lambda payload: repr(payload[:12]))
def test_conditions_and_keys(world: World, payload: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same in what stands in an address: conditions of lists, cursors, keys of rows."""
    monkeypatch.setattr(look_context, "_fillers", [])
    client, faults = world.client("supervisor"), []
    given = quote(payload[:2000], safe="")
    paths = []
    asked = [(reverse(name), keys.split()) for name, keys in CONDITIONS.items()]
    asked += [
        (each.path(world), OF_RECORDS[each.name]) for each in ADDRESSES if each.name in OF_RECORDS
    ]
    for page, keys in asked:
        if payload in ALONE:  # one unreadable condition hides the others
            paths += [f"{page}?{key}={given}" for key in keys]
        else:
            paths.append(f"{page}?" + "&".join(f"{key}={given}" for key in keys))
    for path in paths:
        with untouched():
            if found := fault(client.get(path)):
                faults.append(f"{path[:120]}: {found}")
    for place in KEYED if payload.strip() and "/" not in payload else ():
        with untouched():
            response = client.get(place.format(given))
            if (found := fault(response)) or response.status_code != 404:
                faults.append(f"{place[:20]}{given[:60]}: {response.status_code} {found}")
    assert not faults, "\n".join(faults)


KEYED = (
    "/v/{}/",
    "/law/article/{}/",
    "/law/text/{}/",
    "/law/violations/{}/",
    "/deadlines/feed/{}.ics",
)
#: Names that the pages read out of their addresses.
CONDITIONS = {
    "search": "q",
    "board": "unit period by types",
    "inspections:list": "q state kind unit officer violation since until enterprise after before",
    "inspections:new": "q enterprise",
    "inspections:articles": "article_q day act_to",
    "orders:list": (
        "q unit state type officer verdict issued_from issued_to due_from due_to result sort view "
        "extended enterprise after before"
    ),
    "orders:new": "inspection",
    "orders:due_preview": "term_kind term_days term_date served_on order method",
    "cases:list": (
        "q unit unit_only state step due officer handler route origin outcome measure filed_from "
        "filed_to decided_from decided_to due_from due_to fine_min fine_max sort after before"
    ),
    "cases:board": "unit",
    "cases:open": "q order inspection enterprise",
    "cases:spot": "inspection",
    "cases:money": "q unit state due_from due_to sort after before",
    "cases:bank": "after before",
    "cases:bank_lines": "q fate statement booked_from booked_to after before",
    "enterprises:list": "q region unit industry mlps condition sort after before",
    "notices:list": "q kind state unit since until after before",
    "notices:batches": "view after before",
    "notices:batch_new": "paper all form q kind state unit since until",
    "deadlines:list": "kind state unit week after before",
    "law:list": "q level on",
    "law:violations": "q family on",
    "law:limits": "q responsible law on",
    "trail:list": "q person verb since until after before",
    "login": "next over",
}
#: The same for pages of one record.
OF_RECORDS = {
    "cases:detail": ["tab"],
    "cases:range": ["tier", "measure", "amount", "base_amount"],
}


def test_a_file_with_a_hostile_name(world: World) -> None:
    """Names of uploads are cleaned or refused; the page of the visit stands either way."""
    draft = world.key("inspection:draft")
    path = reverse("inspections:evidence_new", args=[draft])
    client = world.client("inspector")
    png = world.records["evidence"]["own"].file
    for name in ("甲\u202egnp.png", "../../x.png", f"{TAG}.png", "字" * 300 + ".png", "CON.png"):
        with untouched():
            upload = SimpleUploadedFile(name, files.read(png), "image/png")
            answer = client.post(path, {"kind": "photo", "files": [upload]})
            assert not fault(answer), name
            assert not fault(client.get(reverse("inspections:detail", args=[draft]))), name


def test_the_sound_values_are_sound(world: World) -> None:
    """Otherwise the fuzz would only scratch at the surface: most forms go through as filled."""
    through = set()
    for (where, _names), form in walk(world).items():
        if form.method == "post":
            with untouched():
                if world.client(form.actor).post(form.action, filled(form)).status_code == 302:
                    through.add(where)
    assert len(through) >= 30, sorted(through)
