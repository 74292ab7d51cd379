"""What the rooms above say of their papers, handed down at start-up (`AppConfig.ready`).

A paper whose owner counts from its service, or lives by its validity, is served and withdrawn
through the owner's own door; the generic page sends the officer there. What is not registered has
the doors of this room.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from notices.models import Notice

Address = Callable[[Any], str]


@dataclass(frozen=True)
class _Withdrawal:
    door: str = ""
    why_not: str | Promise = ""


_serving: dict[str, str] = {}
_withdrawing: dict[str, _Withdrawal] = {}
_subjects: dict[str, Address] = {}


def served(kind: str, *, door: str) -> None:
    """Papers of this kind are served at `door`: the name of an address that takes the id of the
    paper's subject."""
    _serving[kind] = door


def withdrawn(kind: str, *, door: str = "", why_not: str | Promise = "") -> None:
    """Papers of this kind are withdrawn at `door`; or not by themselves, and `why_not` says why."""
    _withdrawing[kind] = _Withdrawal(door, why_not)


def subject(label: str, address: Address) -> None:
    """Where a record of this model ("rectification.order") is shown."""
    _subjects[label] = address


def serving_door(notice: Notice) -> str:
    """The owner's address for serving this paper; empty when it is served here."""
    return _address(_serving.get(notice.kind, ""), notice)


def withdrawing_door(notice: Notice) -> str:
    """The owner's address for withdrawing this paper; empty when it has none."""
    found = _withdrawing.get(notice.kind)
    return _address(found.door, notice) if found else ""


def why_not_withdrawn(notice: Notice) -> str:
    """Why this paper is not withdrawn by itself; empty when it may be."""
    found = _withdrawing.get(notice.kind)
    return str(found.why_not) if found else ""


def subject_address(notice: Notice) -> str:
    """The page of the record that the paper belongs to; empty where nobody shows one."""
    content_type = notice.subject_type
    address = _subjects.get(f"{content_type.app_label}.{content_type.model}")
    return address(notice.subject) if address and notice.subject is not None else ""


def _address(name: str, notice: Notice) -> str:
    return reverse(name, args=[notice.subject_id]) if name else ""
