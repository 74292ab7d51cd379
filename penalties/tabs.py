"""The tabs of a case. Each noun of the procedure registers its own when its views are imported:

    @tabs.tab("inquiry", _("调查取证"), order=20, template="penalties/tab_inquiry.html")
    def inquiry(file, request, today) -> dict: ...

The function gives the context of the template, from the `File` alone; the page adds `case`, `file`
and `acts` (those of the tab on the case itself).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from penalties.casefile import File

Fill = Callable[[File, HttpRequest, date], dict[str, Any]]


@dataclass(frozen=True)
class Tab:
    code: str
    word: str | Promise
    order: int
    template: str
    fill: Fill
    #: Whether the tab belongs to this case at all.
    when: Callable[[File], bool]


_tabs: dict[str, Tab] = {}


def _always(file: File) -> bool:
    return True


def tab(
    code: str,
    word: str | Promise,
    *,
    order: int,
    template: str,
    when: Callable[[File], bool] = _always,
) -> Callable[[Fill], Fill]:
    """Register the function that fills a tab."""

    def keep(fill: Fill) -> Fill:
        _tabs[code] = Tab(code, word, order, template, fill, when)
        return fill

    return keep


def of(file: File) -> list[Tab]:
    """The tabs of this case, in order."""
    return sorted((each for each in _tabs.values() if each.when(file)), key=lambda t: t.order)
