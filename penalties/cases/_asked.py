"""A hearing that is asked for: the row, its clocks, and the days that do not count.

No verbs: `telling.give_notice` asks where the party claims the right on the record,
`hearing.request_hearing` where it does so later.
"""

from __future__ import annotations

from datetime import date, datetime

from accounts.models import User
from penalties import clocks
from penalties.cases import _ninety
from penalties.models import Case, Exclusion, Hearing, Told

#: What a hearing loses when it is asked for anew after it was withdrawn or refused.
_AFRESH = {
    "accepted": None,
    "accepted_on": None,
    "refusal": "",
    "notice": None,
    "noticed_on": None,
    "planned_at": None,
    "place": "",
    "is_public": True,
    "closed_reason": "",
    "withdrawn_on": None,
    "withdrawn_how": "",
    "exclusion": None,
}
_CLOCKS = ("HEARING_ACCEPT", "HEARING_HOLD")


def ask(
    case: Case, told: Told, hearing: Hearing | None, *, on: date, by: User, at: datetime
) -> Hearing:
    """The party asks on this day. A hearing that was withdrawn or refused becomes the new one: the
    record (audit) keeps what it was.

    Raises Refused for a year without calendar.
    """
    accept, hold = clocks.due("HEARING_ACCEPT", on), clocks.due("HEARING_HOLD", on)
    if hearing is None:
        hearing = Hearing(case=case, told=told)
    for name, value in _AFRESH.items():
        setattr(hearing, name, value)
    hearing.entered_at, hearing.entered_by = at, by
    hearing.requested_on, hearing.accept_due_on = on, accept.due
    if _ninety.moves(Exclusion.Ground.HEARING) and not _is_excluding(case):
        hearing.exclusion = _ninety.exclude(case, Exclusion.Ground.HEARING, on, by=by, at=at)
    hearing.save()
    told.hearing = Told.Answer.CLAIMED
    told.save(update_fields=["hearing"])
    clocks.meet("HEARING_REQUEST", told, on=on, by=by, at=at)
    clocks.start("HEARING_ACCEPT", hearing, accept, case=case, by=by, at=at)
    clocks.start("HEARING_HOLD", hearing, hold, case=case, by=by, at=at)
    return hearing


def _is_excluding(case: Case) -> bool:
    """Another hearing of the case stops the ninety days already: they stop once."""
    return Exclusion.objects.filter(
        case=case, ground=Exclusion.Ground.HEARING, to_on__isnull=True
    ).exists()


def over(hearing: Hearing, *, on: date, reason: str, by: User, at: datetime) -> None:
    """Nothing more is due on it: refused or withdrawn."""
    for kind in _CLOCKS:
        clocks.cancel(kind, hearing, reason=reason, by=by, at=at)
    count_again(hearing, on=on, by=by, at=at)


def count_again(hearing: Hearing, *, on: date, by: User, at: datetime) -> None:
    """The hearing is held, refused or withdrawn: from the day after it the ninety days count."""
    exclusion = hearing.exclusion
    if exclusion is not None and exclusion.to_on is None:
        exclusion.case = hearing.case
        _ninety.include(exclusion, max(on, exclusion.from_on), by=by, at=at)
