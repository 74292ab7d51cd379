"""What a paper lacks, each with the address of the field that mends it.

Whoever owns a paper knows its fields: `linked` takes what `papers.can_issue` found and a map from
the codes of elements to addresses. `notices.shown.shown` makes the entries of
components/completeness.html of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.models import Unit, User
from audit.trail import Reason

OF_THE_UNIT = "unit."  # fields of a unit stand so in the reasons of papers and blocks
OTHER = ""  # in a map: where an element without an entry of its own is mended
MOST_NAMES = 3


class Mend(NamedTuple):
    """Where an element is mended; the address ends with the anchor of its field."""

    url: str
    text: str


def linked(found: Iterable[Reason], mends: Mapping[str, Mend], *, unit: Unit) -> list[Reason]:
    """The reasons with their addresses. What the unit lacks names those who can mend it: the
    system administrators of the unit and of those above it."""
    reasons, names = [], ""
    for reason in found:
        if reason.field.startswith(OF_THE_UNIT):
            names = names or administrators(unit)
            text = _("%(lack)s系统管理员：%(names)s。") % {"lack": reason.text, "names": names}
            reasons.append(replace(reason, text=text))
            continue
        mend = mends.get(reason.field) or mends.get(OTHER)
        if mend is not None and not reason.url:
            reason = replace(reason, url=mend.url, url_text=mend.text)
        reasons.append(reason)
    return reasons


def administrators(unit: Unit) -> str:
    """Who may change the unit's data, the nearest first; a sentence part."""
    places = {pk: place for place, pk in enumerate(reversed(unit.ancestor_ids()))}
    people = [
        person
        for person in User.objects.active().filter(unit__in=places).select_related("unit")
        if person.may("admin.system")
    ]
    people.sort(key=lambda person: (places[person.unit_id or 0], person.username))
    named = [person.name for person in people[:MOST_NAMES]]
    return _("、").join(named) if named else _("尚未指定")
