"""The kinds of paper, as data: one entry each. A new paper is an entry and a template.

The entries stand by subject (`orders`, and so on); this module joins them. The titles and the
words in the number are those that are printed; they are not translated (papers are Chinese only).
`word` is what pages call the kind, and is.
"""

from django.utils.functional import Promise

from notices.kinds import inspections, orders, penalties, service
from notices.kinds.kind import Kind
from notices.kinds.orders import CORRECTION_ORDER, EXTENSION_DECISION

__all__ = ["CORRECTION_ORDER", "EXTENSION_DECISION", "Kind", "choices", "codes", "get"]

_KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        *inspections.KINDS,
        *orders.KINDS,
        *penalties.KINDS,
        *service.KINDS,
    )
}


def get(code: str) -> Kind:
    """The kind of that code. Raises KeyError for an unknown one."""
    return _KINDS[code]


def internal_codes() -> list[str]:
    """Papers that stay in the file and are never served."""
    return [kind.code for kind in _KINDS.values() if kind.internal]


def codes() -> list[str]:
    return list(_KINDS)


def choices() -> list[tuple[str, str | Promise]]:
    """For model fields and filters. A function: a new kind needs no migration."""
    return [(kind.code, kind.word) for kind in _KINDS.values()]
