"""What the layout needs on every page: who looks, what day it is, where one can go.

`look` knows none of the other apps, and none of them knows `look`. Each fact comes from a function
that the settings name in `LAYOUT_FACTS` and `look.apps` registers at start-up.

Such a function takes the request and returns a dictionary with any of these keys; it costs at
most one query, and it is asked only when a page with the layout is really written:

* `day`: {"kind": "work" | "rest" | "makeup" | "unknown", "name": name of the holiday or ""}
* `counts`: {name of a navigation entry ("desk", "orders", ...): number of things that wait}
* `demonstration`: True when the data in sight are made up
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext

Filler = Callable[[HttpRequest], dict[str, Any]]

_fillers: list[Filler] = []


def register(filler: Filler) -> Filler:
    """Let `filler(request)` add facts to the layout; registering it twice changes nothing."""
    if filler not in _fillers:
        _fillers.append(filler)
    return filler


@dataclass(frozen=True)
class Entry:
    """One line of the navigation. `verbs`: any one of them suffices; none: everybody."""

    key: str
    word: Any
    icon: str
    url_name: str
    verbs: tuple[str, ...] = ()
    tab: Any = ""  # the shorter word at the foot of the phone


NAVIGATION: tuple[tuple[Any, tuple[Entry, ...]], ...] = (
    (
        _("工作"),
        (
            Entry("desk", _("我的待办"), "inbox", "desk", (), _("待办")),
            Entry(
                "inspections",
                _("检查"),
                "clipboard-check",
                "inspections:list",
                ("inspections.view",),
                _("检查"),
            ),
            Entry(
                "orders",
                pgettext("列表", "责令改正"),
                "file-earmark-text",
                "orders:list",
                ("orders.view",),
                pgettext("列表", "责令改正"),
            ),
            Entry("cases", _("行政处罚"), "bank", "cases:list", ("cases.view",)),
            Entry(
                "bulletins",
                _("案例通报"),
                "megaphone",
                "bulletins:list",
                ("bulletins.view",),
            ),
        ),
    ),
    (
        _("对象"),
        (
            Entry(
                "enterprises",
                _("企业与系统"),
                "building",
                "enterprises:list",
                ("enterprises.view",),
            ),
        ),
    ),
    (
        _("文书与期限"),
        (
            Entry("notices", _("文书"), "file-earmark-pdf", "notices:list", ("notices.view",)),
            Entry("deadlines", _("期限日历"), "calendar3", "deadlines:list", ("orders.view",)),
            Entry("reminders", _("提醒"), "bell", "deadlines:inbox", ("orders.view",)),
        ),
    ),
    (
        _("监督"),
        (
            Entry("board", _("监督看板"), "bar-chart-line", "board", ("board.view",)),
            Entry("trail", _("操作记录"), "shield-check", "trail:list", ("trail.view",)),
        ),
    ),
    (
        _("设置"),
        (
            Entry("law", _("法条与违法类型"), "journal-text", "law:list", ("law.view",)),
            Entry("jobs", _("任务"), "list-task", "jobs:list", ("jobs.view",)),
            Entry(
                "admin", _("管理后台"), "gear", "admin:index", ("admin.system", "admin.security")
            ),
            Entry("components", _("组件样例"), "grid", "components", ("admin.system",)),
        ),
    ),
)


def _address(name: str) -> str:
    """The address behind a URL name, or nothing where the page is not installed."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


class Layout:
    """The facts of one request's layout, each worked out when the template first asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def user(self) -> Any:
        """The person who asks; None where a request failed before anybody was looked up."""
        return getattr(self.request, "user", None)

    @property
    def logged_in(self) -> bool:
        return self.user is not None and self.user.is_authenticated

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What the registered functions say; nothing for a person who is not logged in."""
        facts: dict[str, Any] = {"day": {}, "counts": {"reminders": 0}, "demonstration": False}
        if self.logged_in:
            for filler in _fillers:
                for key, value in filler(self.request).items():
                    facts[key] = {**facts[key], **value} if isinstance(value, dict) else value
        return facts

    @property
    def day_kind(self) -> str:
        """ "work", "rest", "makeup", or "unknown" (no calendar for this year)."""
        return self.facts["day"].get("kind", "unknown")

    @property
    def holiday(self) -> str:
        return self.facts["day"].get("name", "")

    @property
    def demonstration(self) -> bool:
        return self.facts["demonstration"]

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        """The navigation that this person may see, with the place where they are marked."""
        shown = []
        for word, entries in NAVIGATION:
            links = [
                {
                    "key": entry.key,
                    "word": entry.word,
                    "tab": entry.tab,
                    "icon": entry.icon,
                    "url": address,
                    "count": self.facts["counts"].get(entry.key, 0),
                    "here": entry.key == self.here,
                }
                for entry in entries
                if self._may(entry) and (address := _address(entry.url_name))
            ]
            if links:
                shown.append({"word": word, "links": links})
        return shown

    @cached_property
    def tabs(self) -> list[dict[str, Any]]:
        """The entries at the foot of the phone; the fourth place belongs to 更多."""
        return [link for group in self.groups for link in group["links"] if link["tab"]][:3]

    @property
    def elsewhere(self) -> bool:
        """Whether the page in sight is none of the tabs, so that 更多 is the current one."""
        return not any(tab["here"] for tab in self.tabs)

    @cached_property
    def here(self) -> str:
        """The page's own entry, or else the one whose room it belongs to: by namespace, or by name
        outside one. Of two entries of a room the first is the one for the rest of its pages."""
        match = self.request.resolver_match
        if match is None:
            return ""
        place = match.namespace or match.url_name or ""
        found = ""
        for _word, entries in NAVIGATION:
            for entry in entries:
                room, _colon, _rest = entry.url_name.partition(":")
                if match.view_name == entry.url_name:
                    return entry.key
                if place == room and not found:
                    found = entry.key
        return found

    @cached_property
    def search_url(self) -> str:
        return _address("search") or _address("enterprises:list")

    def _may(self, entry: Entry) -> bool:
        if not self.logged_in:
            return False
        return not entry.verbs or any(self.user.may(verb) for verb in entry.verbs)


def layout(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `zg`, made only when a template uses it."""
    return {"zg": SimpleLazyObject(lambda: Layout(request))}
