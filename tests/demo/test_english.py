"""Every page in English, with the demonstration in it: no Chinese but the data's own."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils.translation import reloader

from accounts.models import User
from demo.loading import Loaded
from enterprises.industries import CLASSES, SECTIONS
from enterprises.models import Enterprise
from inspections.models import Inspection
from launch.translations import compile_all
from legal.models import CalendarDay, CalendarYear, ViolationType
from notices.models import Notice
from rectification.models import Order
from tests.factories import demo

CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
# What the layout says about the data; everything here must be English.
LAYOUT = {"title", "nav", "dt", "legend", "label", "button", "caption", "h2", "h3", "summary"}
PAGES = [
    "login",
    "desk",
    "board",
    "inspections:list",
    "inspections:new",
    "inspections:detail",
    "inspections:remotes",
    "inspections:remote_new",
    "orders:list",
    "orders:detail",
    "orders:review",
    "orders:new",
    "cases:list",
    "enterprises:list",
    "enterprises:detail",
    "enterprises:new",
    "notices:list",
    "notices:detail",
    "verify",
    "deadlines:list",
    "deadlines:month",
    "deadlines:duties",
    "deadlines:recheck",
    "deadlines:inbox",
    "deadlines:feed",
    "law:list",
    "law:violations",
    "law:calendars",
    "trail:list",
    "profile",
    "password",
]


class Reader(HTMLParser):
    """The text of a page: all of it, and what the layout says."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.all: list[str] = []
        self.layout: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.layout += [given[name] or "" for name in ("data-label", "alt") if name in given]
        if tag == "th" and given.get("scope") == "col":
            tag = "h3"
        if tag not in {"input", "meta", "link", "br", "img", "hr", "path", "use", "rect", "circle"}:
            self.open.append(given.get("lang") or tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open:
            self.open.pop()

    def handle_data(self, text: str) -> None:
        if not text.strip() or {"script", "style", "zh-Hans"} & set(self.open):
            return
        self.all.append(text.strip())
        if LAYOUT & set(self.open):
            self.layout.append(text.strip())


@pytest.fixture(scope="module", autouse=True)
def _catalogue() -> None:
    """The catalogue, compiled as the launcher does."""
    for path in compile_all(Path(settings.BASE_DIR) / "locale"):
        reloader.translation_file_changed(None, path)


@pytest.fixture
def _in_english(world: Loaded, db: None) -> None:
    User.objects.update(language="en")


def stored(*, names_only: bool) -> str:
    """What people have written into the portal, as one text; at least the names."""
    found: list[str] = []
    for model in apps.get_models():
        if model.__module__.split(".")[0] in {"django", "axes", "legal"}:
            continue
        for field in model._meta.concrete_fields:
            if names_only and field.name not in NAMES:
                continue
            if isinstance(field, WRITTEN):
                found += map(str, model._default_manager.values_list(field.name, flat=True))
    if not names_only:
        found += [*SECTIONS.values(), *CLASSES.values(), "中文"]
        for phrases in ViolationType.objects.values_list("phrases", flat=True):
            found += phrases
        found += CalendarDay.objects.values_list("name", flat=True)
        found += CalendarYear.objects.values_list("source", flat=True)
    return "\n".join(found)


WRITTEN = models.CharField | models.TextField | models.JSONField | ArrayField
NAMES = {"name", "short_name", "number", "trigger_text", "title", "cause"}

#: Pages that quote the register, which says some things in Chinese only; their layout is English.
QUOTING = ["law:limits", "law:version", "law:article"]


def address(page: str) -> tuple[str, str]:
    """The address of a page, and the user name of who may see it."""
    person = User.objects.filter(holdings__role__code="supervisor", is_active=True)
    by = person.order_by("unit__path").first()
    assert by is not None
    key: dict[str, Any] = {}
    if page.endswith((":detail", ":review")):
        model = {"orders": Order, "inspections": Inspection, "enterprises": Enterprise}.get(
            page.split(":")[0], Notice
        )
        rows = model.objects.visible_to(by)
        if model is Order:
            rows = rows.filter(notice__isnull=False)
        key = {"pk": rows.earliest("pk").pk}
    elif page in ("law:version", "law:article"):
        key = {"ref": "CSL@2016" if page == "law:version" else "CSL@2016:59(1)"}
    elif page == "verify":
        key = {"code": Notice.objects.earliest("pk").verify_code}
    return reverse(page, kwargs=key), by.username


def chinese_in(texts: list[str], data: str) -> list[str]:
    return [
        text
        for text in texts
        if any(run not in data for run in re.findall(rf"{CHINESE.pattern}+", text))
    ]


@pytest.mark.parametrize("page", [*PAGES, *QUOTING])
@pytest.mark.usefixtures("_in_english")
def test_a_page_in_english(page: str, settings: Any) -> None:
    url, username = address(page)
    client = Client(headers={"accept-language": "en"})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with time_machine.travel(demo.NOW, tick=False):
        if page != "login":
            user = User.objects.get(username=username)
            client.force_login(user, settings.AUTHENTICATION_BACKENDS[-1])
        answer = client.get(url)
    assert answer.status_code == 200
    reader = Reader()
    reader.feed(answer.content.decode())
    assert 'lang="en"' in answer.content.decode()[:200]
    assert chinese_in(reader.layout, stored(names_only=True)) == []
    if page not in QUOTING:
        assert chinese_in(reader.all, stored(names_only=False)) == []
