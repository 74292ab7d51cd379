"""Somebody at a browser: finds things by the words on the page, as people do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Response

DESK, PHONE = (1440, 900), (390, 844)
PATIENCE = 60_000  # ms; a busy machine loads fonts slowly
#: Chromium tells on the console that a page was answered 4xx; refusals here are meant.
REFUSED = re.compile(r"Failed to load resource: .* status of 4\d\d")


class Person:
    """A window of its own. `faults` collects what no page may do."""

    def __init__(self, browser: Browser, url: str, size: tuple[int, int]) -> None:
        self.url = url
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            has_touch=size == PHONE,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda fault: self._fault(str(fault)))
        self.page.on("response", self._response)

    def _fault(self, text: str) -> None:
        self.faults.append(f"{self.page.url}: {text}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not REFUSED.match(message.text):
            self._fault(message.text)

    def _response(self, response: Response) -> None:
        needed = response.request.resource_type != "document"  # styles, scripts, fonts, answers
        if response.status >= (400 if needed else 500):
            self._fault(f"{response.status} from {response.url}")

    # --- going ------------------------------------------------------------------------------------

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.url + path)

    def log_in(self, username: str, password: str) -> None:
        self.go("/login/")
        self.page.locator("[name=username]").fill(username)
        self.page.locator("[name=password]").fill(password)
        self.press("登录")
        self.page.wait_for_url(lambda url: "/login/" not in url)

    def press(self, word: str, within: str = "main") -> None:
        """The button of exactly that word; waits for the page that follows."""
        self._click("button", word, within)

    def follow(self, word: str, within: str = "main") -> None:
        """The first link of exactly that word."""
        self._click("link", word, within)

    def _click(self, role: Any, word: str, within: str) -> None:
        found = self.page.locator(within).get_by_role(role, name=word, exact=True)
        assert found.count(), f"no {role} {word!r} on {self.page.url}:\n{self.reads()}"
        with self.page.expect_navigation():
            found.first.click()

    # --- filling in -------------------------------------------------------------------------------

    def type(self, **words: str) -> None:
        for name, value in words.items():
            self.field(name).fill(value)

    def field(self, name: str) -> Locator:
        return self.page.locator(f"main [name={name}]")

    def tick(self, word: str, within: str = "main") -> None:
        """The box or radio of that label; a press on the words, since the box itself may be
        drawn by its label."""
        found = self.page.locator(within).get_by_text(word, exact=True)
        assert found.count(), f"no {word!r} on {self.page.url}:\n{self.reads()}"
        found.first.click()

    def choose(self, name: str, word: str) -> None:
        """The option that begins with these words."""
        options = self.field(name).locator("option").all_inner_texts()
        self.field(name).select_option(label=next(o for o in options if o.startswith(word)))

    def attach(self, label: str, file: str, kind: str, data: bytes) -> None:
        given: Any = {"name": file, "mimeType": kind, "buffer": data}
        self.page.locator("main").get_by_label(label).set_input_files(given)

    # --- looking ----------------------------------------------------------------------------------

    def sees(self, *words: str, within: str = "main") -> None:
        """Every one of these words stands on the page, blanks aside."""
        there = _plain(self.reads(within))
        for word in words:
            assert _plain(word) in there, f"{word!r} is not on {self.page.url}:\n{there}"

    def reads(self, within: str = "main") -> str:
        return self.page.locator(within).first.inner_text()

    def told(self) -> dict[str, str]:
        """The summary of errors: words by the address of the field that each leads to."""
        links = self.page.locator(".zg-errors a")
        return {link.get_attribute("href") or "": link.inner_text() for link in links.all()}

    def download(self, word: str) -> bytes:
        with self.page.expect_download() as waiting:
            self.page.locator("main").get_by_role("link", name=word).first.click()
        return Path(waiting.value.path()).read_bytes()

    def sticks_out(self) -> str:
        """What makes the page scroll to the side, by tag and class; empty when nothing does."""
        found: str = self.page.evaluate(
            """async () => {
                // A window that has just changed its width is laid out by the second frame.
                for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
                const wide = document.documentElement.clientWidth;
                if (document.documentElement.scrollWidth <= wide) return "";
                const out = [...document.body.querySelectorAll("*")].filter(
                    (each) => each.getBoundingClientRect().right > wide);
                return `${document.documentElement.scrollWidth} px: ` + out.slice(0, 3).map(
                    (each) => `${each.tagName} ${each.className}`).join(", ");
            }"""
        )
        return found

    def fits(self) -> None:
        found = self.sticks_out()
        assert not found, f"{self.page.url} scrolls to the side, {found}"


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)
