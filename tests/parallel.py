"""How tests are handed out where several processes run them (pytest-xdist, `-n 2`).

What stands together in the order of collection and belongs together, by file or by a folder's
world, goes to one process. The order is pytest-django's (tests that take their writes back, then
those that empty the database, then those without one), with what takes long at the front of each
part: no process is left alone with it at the end.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

#: Folders whose tests share a world that is slow to build (see their `conftest.py`).
WORLDS = ("tests/house", "tests/demo", "tests/dashboard")
#: What takes long, the longest first.
FIRST = (*WORLDS, "tests/browser", "tests/notices")


def _folder(nodeid: str) -> str:
    return nodeid.partition("::")[0].rpartition("/")[0]


def together(nodeid: str) -> str:
    """What a test shares its process with: the folder of its world, or its file."""
    folder = _folder(nodeid)
    return folder if folder in WORLDS else nodeid.partition("::")[0]


def long_ones_first(items: list[pytest.Item]) -> None:
    """Before pytest-django puts its own order above this one."""
    place = {folder: n for n, folder in enumerate(FIRST)}
    items.sort(key=lambda item: place.get(_folder(item.nodeid), len(place)))


def runs(nodeids: list[str]) -> dict[str, str]:
    """The name of the uninterrupted run that each test is in."""
    names: dict[str, str] = {}
    number, last = 0, ""
    for nodeid in nodeids:
        if together(nodeid) != last:
            number, last = number + 1, together(nodeid)
        names[nodeid] = f"{number} {last}"
    return names


class Runs(LoadScopeScheduling):
    """Hands out one run after the other, in the order collected."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False
        self._runs: dict[str, str] = {}

    def schedule(self) -> None:
        if self.collection is None:
            self._runs = runs(next(iter(self.registered_collections.values())))
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        return self._runs[nodeid]
