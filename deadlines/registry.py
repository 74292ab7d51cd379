"""What the rooms above say of themselves: the words of their deadlines, and how to reach a record.

A room registers at start-up, in its `AppConfig.ready`:

    registry.kind("RECTIFY", _("改正期限"))
    registry.subject("rectification.order", url_name="orders:detail", labels=order_labels,
                     addressees=order_addressees)

`labels` takes the ids that a page shows and gives a label for each, in one query. `addressees` says
to which address outside a reminder goes, for those records that have one.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Labels = Callable[[Collection[UUID]], Mapping[UUID, str]]


@dataclass(frozen=True)
class Addressee:
    """Who outside is reminded of a record, and what the letter says of it. No personal data."""

    email: str
    name: str
    number: str
    items: int = 0
    is_demonstration: bool = False


Addressees = Callable[[Collection[UUID]], Mapping[UUID, Addressee]]


@dataclass(frozen=True)
class Subject:
    """How the records of one type are called and reached."""

    type: str
    url_name: str
    labels: Labels
    addressees: Addressees | None = None

    def url(self, pk: UUID) -> str:
        return reverse(self.url_name, args=[pk])


_subjects: dict[str, Subject] = {}
_kinds: dict[str, str | Promise] = {}


def subject(
    type_: str, *, url_name: str, labels: Labels, addressees: Addressees | None = None
) -> None:
    """Register a type of record ("app.model", lower case) that deadlines stand on."""
    _subjects[type_] = Subject(type_, url_name, labels, addressees)


def types_with_addressees() -> list[str]:
    """The types of record of which somebody outside can be reminded."""
    return sorted(known.type for known in _subjects.values() if known.addressees)


def addressees(type_: str, ids: Collection[UUID]) -> Mapping[UUID, Addressee]:
    """Who outside is reminded of these records; those without an address are left out."""
    known = _subjects.get(type_)
    return known.addressees(ids) if known and known.addressees else {}


def kind(code: str, word: str | Promise) -> None:
    """Register the word for a kind of deadline."""
    _kinds[code] = word


def kind_word(code: str) -> str:
    """The word for a kind in the reader's language; the code where nobody registered one."""
    return str(_kinds.get(code, code))


def kinds() -> dict[str, str]:
    """All registered kinds with their words, for filters."""
    return {code: str(word) for code, word in _kinds.items()}


def describe(pairs: Collection[tuple[str, UUID]]) -> dict[tuple[str, UUID], tuple[str, str]]:
    """(type, id) → (label, address), one query a type; types nobody registered have no address."""
    found: dict[tuple[str, UUID], tuple[str, str]] = {}
    by_type: dict[str, set[UUID]] = {}
    for type_, pk in pairs:
        by_type.setdefault(type_, set()).add(pk)
    for type_, pks in by_type.items():
        known = _subjects.get(type_)
        labels = known.labels(pks) if known else {}
        for pk in pks:
            label = str(labels.get(pk) or _("记录"))
            found[type_, pk] = (label, known.url(pk) if known else "")
    return found
