"""Every act on a case, once: who may, why not now, its word, and on which tab it stands.

A door (`penalties.views.door`) registers its act when it is made; the pages of a case ask here
what to offer. `ask` gives the list of reasons that the verb enforces.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from accounts.models import User
from audit.trail import Reason
from notices.shown import shown
from penalties.casefile import File
from penalties.models import OfCase

#: (file, row, user, today); `row` is the record that the act is on, None for the case itself.
Ask = Callable[[File, Any, User, date], list[Reason]]
When = Callable[[File, Any], bool]


def _always(file: File, row: Any) -> bool:
    return True


@dataclass(frozen=True)
class Act:
    """One verb: `name` is its address, its view, its verb and the line in the record.

    Args:
        tab: code of the tab of the case that offers it.
        on: model name of the record that it is done on ("respondent"); "" for the case.
        when: whether it belongs on the page at all now; what belongs but cannot be done yet is
            shown with its reasons.
        main: it is what moves the procedure on, and stands under 下一步 on the first tab too.
    """

    name: str
    permission: str
    word: str | Promise
    tab: str
    ask: Ask
    on: str = ""
    when: When = _always
    main: bool = False
    danger: bool = False
    hint: str | Promise = ""

    def url(self, file: File, row: OfCase | None = None) -> str:
        ids = [file.case.pk] if row is None else [file.case.pk, row.pk]
        return reverse(f"cases:{self.name}", args=ids)


_acts: dict[str, Act] = {}


def register(act: Act) -> Act:
    """Called by the door of the act. Raises ValueError for a name taken twice."""
    if act.name in _acts:
        raise ValueError(f"{act.name!r} is registered twice")
    _acts[act.name] = act
    return act


def every() -> list[Act]:
    """All acts, in the order of the procedure."""
    return list(_acts.values())


def get(name: str) -> Act:
    """Raises KeyError."""
    return _acts[name]


def offered(
    file: File, user: User, today: date, *, tab: str = "", row: OfCase | None = None
) -> list[dict[str, Any]]:
    """components/acts.html: the acts on this row (or on the case) that the user may do; of one tab,
    or, without `tab`, the main ones."""
    on = "" if row is None else str(row._meta.model_name)
    found = []
    for act in _acts.values():
        if act.on != on or (act.tab != tab if tab else not act.main):
            continue
        if not user.may(act.permission) or not act.when(file, row):
            continue
        found.append(
            {
                "name": act.word,
                "tab": act.tab,
                "url": act.url(file, row),
                "reasons": shown(act.ask(file, row, user, today), file.articles),
                "danger": act.danger,
                "hint": act.hint,
                "primary": False,
            }
        )
    free = [entry for entry in found if not entry["reasons"] and not entry["danger"]]
    if free and row is None:
        free[0]["primary"] = True
    return sorted(found, key=lambda entry: bool(entry["reasons"]))
