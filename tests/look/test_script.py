"""What the small script adds, in a real browser; every page works without it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
JS = Path(settings.BASE_DIR) / "static" / "js"
SCRIPT = (JS / "portal.js").read_text(encoding="utf-8")
WORDING = (JS / "wording.js").read_text(encoding="utf-8")
HOST = "http://portal.test"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


class Portal:
    """A page whose server is this object: nothing leaves the browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.bodies: dict[str, str] = {}
        self.posted: list[str] = []
        self.state = "queued"
        page.route("**/*", self.answer)

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        if path == "/portal.js":
            route.fulfill(body=SCRIPT, content_type="text/javascript")
        elif path == "/wording.js":
            route.fulfill(body=WORDING, content_type="text/javascript")
        elif path == "/state":
            route.fulfill(body=json.dumps({"state": self.state}), content_type="application/json")
        else:
            if route.request.method == "POST":
                self.posted.append(route.request.post_data or "")
            body = f'<meta charset="utf-8">{self.bodies[path]}<script src="/portal.js"></script>'
            route.fulfill(body=body, content_type="text/html")

    def open(self, body: str, path: str = "/") -> Page:
        self.bodies[path] = body
        self.page.goto(HOST + path)
        return self.page


@pytest.fixture
def portal(browser: Any) -> Iterator[Portal]:
    page = browser.new_page()
    yield Portal(page)
    page.close()


def test_the_summary_of_errors_takes_the_focus(portal: Portal) -> None:
    page = portal.open('<input autofocus><section tabindex="-1" data-focus id="e">x</section>')
    assert page.evaluate("document.activeElement.id") == "e"


def test_a_form_is_sent_once_with_the_button_s_value(portal: Portal) -> None:
    portal.bodies["/slow"] = "done"
    page = portal.open(
        '<form method="post" action="/slow"><input name="a" value="1">'
        '<button name="act" value="issue">签发</button></form>'
    )
    page.evaluate("""() => {
        const form = document.forms[0], button = form.querySelector("button");
        button.click();
        button.click();
        form.requestSubmit();
    }""")
    page.wait_for_url(f"{HOST}/slow")
    assert portal.posted == ["a=1&act=issue"]


def test_what_opens_in_another_tab_leaves_the_form_ready(portal: Portal) -> None:
    portal.bodies["/look"] = "<p>预览</p>"
    page = portal.open(
        '<form method="post" action="/act"><button formaction="/look" formtarget="_blank">看'
        "</button><button>签发</button></form>"
    )
    with page.expect_popup() as tab:
        page.click("text=看")
    tab.value.close()
    assert page.evaluate("[...document.querySelectorAll('button')].every(each => !each.disabled)")


def test_a_wording_is_shown_as_printed_while_it_is_typed(portal: Portal) -> None:
    portal.bodies["/trial"] = "<p>印成六十日</p>"
    page = portal.open(
        '<script src="/wording.js"></script><form method="post">'
        '<input name="csrfmiddlewaretoken" value="t"><input name="code" value="remedies">'
        '<select name="unit"><option value="">全部</option><option value="7">市局</option></select>'
        '<select name="trial_unit"><option value="3">省厅</option></select>'
        '<textarea name="text" data-wording></textarea><button name="_trial">试看</button>'
        '<div data-trial="/trial">旧</div></form>'
    )
    page.fill("textarea", "自收到之日起{within}内")
    page.wait_for_selector("text=印成六十日")
    assert "自收到之日起{within}内" in portal.posted[-1]
    assert not page.is_disabled("[name=trial_unit]")
    page.select_option("[name=unit]", "7")
    assert page.is_disabled("[name=trial_unit]")
    assert page.get_attribute("[name=_trial]", "type") == "button"


def test_a_slash_goes_to_the_search_but_not_out_of_a_field(portal: Portal) -> None:
    page = portal.open('<input type="search" data-slash id="s"><input id="other">')
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "s"
    assert page.input_value("#s") == ""
    page.focus("#other")
    page.keyboard.press("/")
    assert page.input_value("#other") == "/"


def test_filters_fold_on_the_phone_and_stay_open_on_the_desk(portal: Portal) -> None:
    body = "<details open data-fold><summary>筛选</summary>x</details>"
    assert portal.open(body).evaluate("document.querySelector('details').open")
    portal.page.set_viewport_size({"width": 390, "height": 844})
    assert not portal.open(body).evaluate("document.querySelector('details').open")


def test_a_waiting_paper_reloads_when_its_state_changes(portal: Portal) -> None:
    page = portal.open('<li data-poll="/state" data-state="queued">排队</li>')
    page.clock.install()
    page.reload()
    page.clock.run_for(2100)
    assert page.inner_text("li") == "排队"
    portal.bodies["/"] = "<p>已生成</p>"
    portal.state = "ready"
    with page.expect_navigation():
        page.clock.run_for(2100)
    assert page.inner_text("p") == "已生成"


def test_typed_text_survives_until_it_is_accepted(portal: Portal) -> None:
    form = (
        '<form method="post" action="/saved" data-draft="order:1">'
        '<p id="zg-draft-note" hidden>恢复</p>'
        '<input name="place"><textarea name="seen"></textarea>'
        '<input type="checkbox" name="k" value="1"><input name="secret" data-private></form>'
    )
    page = portal.open(form)
    page.fill("[name=place]", "江南区")
    page.fill("[name=seen]", "默认勾选")
    page.check("[name=k]")
    page.fill("[name=secret]", "13800000000")
    page.reload()
    assert page.input_value("[name=place]") == "江南区"
    assert page.input_value("[name=seen]") == "默认勾选"
    assert page.is_checked("[name=k]")
    assert page.is_visible("#zg-draft-note")
    assert page.input_value("[name=secret]") == ""
    assert "13800000000" not in page.evaluate("JSON.stringify(sessionStorage)")
    portal.bodies["/saved"] = "保存了"
    page.evaluate("document.forms[0].requestSubmit()")
    page.wait_for_url(f"{HOST}/saved")
    page.goto(HOST + "/")
    assert page.input_value("[name=place]") == ""
    assert not page.is_visible("#zg-draft-note")


def test_a_refused_form_keeps_what_the_server_wrote(portal: Portal) -> None:
    form = '<form method="post" action="/refused" data-draft="order:2"><input name="place"></form>'
    page = portal.open(form)
    page.fill("[name=place]", "江南区")
    portal.bodies["/refused"] = '<section class="zg-errors">错</section>' + form.replace(
        'name="place"', 'name="place" value="江南区二号"'
    )
    page.evaluate("document.forms[0].requestSubmit()")
    page.wait_for_url(f"{HOST}/refused")
    assert page.input_value("[name=place]") == "江南区二号"


def test_a_lost_connection_is_said_and_unsaid(portal: Portal) -> None:
    page = portal.open('<div id="zg-offline" hidden>网络断开</div>')
    page.context.set_offline(True)
    page.wait_for_selector("#zg-offline:not([hidden])")
    page.context.set_offline(False)
    page.wait_for_selector("#zg-offline", state="hidden")


def test_menus_close_by_escape_and_elsewhere(portal: Portal) -> None:
    page = portal.open(
        '<details class="zg-menu" open><summary id="s">我</summary>x</details><p id="p">正文</p>'
    )
    page.keyboard.press("Escape")
    assert not page.evaluate("document.querySelector('details').open")
    assert page.evaluate("document.activeElement.id") == "s"
    page.click("#s")
    page.click("#p")
    assert not page.evaluate("document.querySelector('details').open")
