"""The frame of every page: who sees which way, what day it is, what just happened."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.roles import VERBS
from look import context
from tests.factories.accounts import UserFactory


@pytest.fixture(autouse=True)
def _own_fillers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a test registers itself adds to its layout."""
    monkeypatch.setattr(context, "_fillers", [])


@pytest.fixture
def components(client: Client, db: None) -> Iterator[Any]:
    def page(**traits: Any) -> str:
        client.force_login(UserFactory(**traits))
        return client.get(reverse("components")).content.decode()

    return page


def side(html: str) -> list[str]:
    nav = html.split('<nav class="zg-side"')[1].split("</nav>")[0]
    return re.findall(r"</svg>([^<]+)", nav)


def test_every_way_of_the_navigation_leads_somewhere() -> None:
    for _word, entries in context.NAVIGATION:
        for entry in entries:
            assert reverse(entry.url_name).startswith("/"), entry.key
    assert reverse("search")
    assert reverse("desk") == "/"


def test_every_verb_of_the_navigation_exists() -> None:
    asked = {
        verb for _word, entries in context.NAVIGATION for entry in entries for verb in entry.verbs
    }
    assert asked <= set(VERBS)


def test_each_role_sees_its_own_ways(components: Any) -> None:
    inspector = side(components(inspector=True))
    assert inspector[:4] == ["我的待办", "检查", "责令改正", "行政处罚"]
    assert "监督看板" not in inspector
    assert "管理后台" not in inspector
    assert "监督看板" in side(components(supervisor=True))
    administrator = side(components(system_admin=True))
    assert administrator == ["我的待办", "法条与违法类型", "任务", "管理后台", "组件样例"]
    assert side(components(security_admin=True)) == ["我的待办", "管理后台"]


def test_the_current_place_is_marked_once_in_each_navigation(components: Any) -> None:
    html = components(system_admin=True)
    nav = html.split('<nav class="zg-side"')[1].split("</nav>")[0]
    assert nav.count('aria-current="page"') == 1
    assert re.search(r'aria-current="page"><svg.*</svg>组件样例', nav)


@pytest.mark.parametrize(
    ("kind", "name", "word"),
    [
        ("work", "", "工作日"),
        ("rest", "", "休息日"),
        ("rest", "春节", "春节"),
        ("makeup", "", "调休上班"),
        ("unknown", "", "日历未导入"),
    ],
)
def test_the_bar_says_what_day_it_is(components: Any, kind: str, name: str, word: str) -> None:
    context.register(lambda request: {"day": {"kind": kind, "name": name}})
    with time_machine.travel("2025-02-08 02:00"):
        html = components(inspector=True)
    assert re.search(rf"2025年2月8日（周六） · <b>{word}\s*</b>", html)


def test_counts_stand_where_work_waits(components: Any) -> None:
    context.register(lambda request: {"counts": {"orders": 46}})
    context.register(lambda request: {"counts": {"desk": 11, "cases": 0}})
    html = components(inspector=True)
    nav = html.split('<nav class="zg-side"')[1].split("</nav>")[0]
    assert re.findall(r'([^>]+)<span class="zg-n">(\d+)<', nav) == [
        ("我的待办", "11"),
        ("责令改正", "46"),
    ]


def test_registering_twice_changes_nothing() -> None:
    def filler(request: HttpRequest) -> dict[str, Any]:
        return {}

    context.register(filler)
    context.register(filler)
    assert context._fillers == [filler]


def test_made_up_data_are_called_so(components: Any) -> None:
    assert components(inspector=True).count("zg-demo") == 1  # the page's own sample
    context.register(lambda request: {"demonstration": True})
    assert components(inspector=True).count("zg-demo") == 2


def test_the_layout_itself_asks_the_database_nothing(
    client: Client, db: None, django_assert_max_num_queries: Any
) -> None:
    client.force_login(UserFactory(inspector=True))
    client.get(reverse("components"))
    with django_assert_max_num_queries(5):  # session, person, unit, roles
        client.get(reverse("components"))


def test_a_request_without_a_person_still_gets_its_page(rf: RequestFactory) -> None:
    html = render_to_string("404.html", request=rf.get("/nowhere/"))
    assert "没有这一页" in html
    assert "zg-side" not in html


def test_what_happened_is_said_with_its_tone(rf: RequestFactory) -> None:
    messages = [
        Message(constants.SUCCESS, "已签发。"),
        Message(constants.ERROR, "<b>没有签发。</b>"),
        Message(constants.WARNING, "送达后只剩 2 个工作日。"),
        Message(constants.INFO, "只读。"),
    ]
    html = render_to_string("layout/messages.html", {"messages": messages})
    assert re.findall(r'class="zg-note mb-3([^"]*)" role="(\w+)"', html) == [
        (" zg-note--green", "status"),
        (" zg-note--red", "alert"),
        (" zg-note--amber", "status"),
        ("", "status"),
    ]
    assert "&lt;b&gt;" in html


def test_the_language_is_changed_by_a_post(components: Any) -> None:
    html = components(inspector=True)
    form = html.split(f'action="{reverse("language")}"')[1].split("</form>")[0]
    assert 'name="language" value="en" lang="en">English' in form
    assert 'name="next" value="/components/"' in form
    assert "csrfmiddlewaretoken" in form


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "409", "413", "429", "500"])
def test_every_failure_has_its_page(rf: RequestFactory, name: str) -> None:
    bare = name in ("400", "500")
    html = render_to_string(f"{name}.html", request=None if bare else rf.get("/"))
    assert html.count("<h1") == 1
    assert "！" not in html


def test_a_denial_says_which_permission(client: Client, db: None) -> None:
    client.force_login(UserFactory(inspector=True))
    answer = client.get(reverse("board"))
    assert answer.status_code == 403
    assert "查看监督看板" in answer.content.decode()


def test_a_conflict_tells_its_reasons(rf: RequestFactory) -> None:
    reasons = [
        {"text": "覃海波已于 10:31 签发。", "url": "/orders/1/", "basis": "", "house": False}
    ]
    html = render_to_string("409.html", {"reasons": reasons, "back": "/o/"}, rf.get("/"))
    assert "覃海波已于 10:31 签发。" in html
    assert 'href="/o/"' in html


def test_the_admin_wears_the_look(client: Client, db: None) -> None:
    client.force_login(UserFactory(system_admin=True))
    html = client.get(reverse("admin:index")).content.decode()
    assert "css/admin.css" in html
    assert "<title>" in html
    assert "整改" in html


def test_paper_has_its_own_sheet() -> None:
    sheet = (Path(settings.BASE_DIR) / "static" / "css" / "print.css").read_text(encoding="utf-8")
    assert "size: A4" in sheet
    hidden = next(line for line in sheet.splitlines() if ".zg-side" in line and "none" in line)
    for part in (".zg-top", ".zg-tabs", ".zg-foot", ".zg-filter", ".zg-pager"):
        assert part in hidden
